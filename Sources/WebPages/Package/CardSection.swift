internal import ModelPackage

/// The card, as HTML of our own.
struct CardSection {
    let page: PackagePage

    /// Nil where there is no card.
    var section: PageSection? {
        guard let card = page.card else { return nil }
        let addresses = CardAddresses(package: page.package.id, path: card.path, held: page.held)
        let (html, isCut) = CardRenderer.render(card.text, addresses: addresses)
        let body = Markup.build { page in
            if html.isEmpty {
                page.element("p", ["class": "quiet"], text: "The card has no text besides its front matter.")
            } else {
                page.element("div", ["class": "card-text", "dir": "auto", "data-card": ""]) { $0.append(html) }
            }
            if isCut {
                page.element(
                    "p", ["class": "notice plain"], text: "The card is larger than a page can hold; not all of it is shown.")
            }
        }
        return PageSection(sectionID: "card", sectionTitle: "Card", bodyHTML: body)
    }
}
