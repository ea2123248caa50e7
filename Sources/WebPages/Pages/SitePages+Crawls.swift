internal import ModelPackage

extension SitePages {
    /// The page of all crawls, `/crawls`, in the order given.
    public func crawls(_ crawls: [CrawlSummary]) -> String {
        let isRunning = crawls.contains { $0.state == .running }
        let view = CrawlsView(
            isEmpty: crawls.isEmpty, isRunning: isRunning, crawlsAPI: SiteLinks.crawlsAPI,
            crawls: crawls.map { CrawlsView.Row($0) })
        return page("Crawls · Weir", at: .crawls, templates.render(.crawls, view), refreshes: isRunning)
    }

    /// The page of one crawl, `/crawls/ID`.
    public func crawl(_ page: CrawlPage) -> String {
        let crawl = page.crawl
        let view = CrawlView(
            id: String(crawl.id), hubTitle: crawl.hub.title, state: crawl.state.rawValue, source: crawl.source,
            countsHTML: counts(of: crawl), failuresHTML: failures(page))
        return self.page(
            "Crawl \(crawl.id) · Weir", at: .crawls, templates.render(.crawl, view), refreshes: crawl.state == .running)
    }

    private func counts(of crawl: CrawlSummary) -> Markup {
        var list = crawl.counters.map { ($0.field.capitalizedFirst, Markup.text($0.shown)) }
        list.insert(("Started", .dateAndTime(crawl.startedAt)), at: 0)
        if let finished = crawl.finishedAt { list.insert(("Finished", .dateAndTime(finished)), at: 1) }
        return .build { $0.definitions(list) }
    }

    private func failures(_ page: CrawlPage) -> Markup {
        .build { markup in
            guard !page.failures.isEmpty else {
                return markup.element(
                    "p", ["class": "quiet"], text: page.crawl.failed > 0 ? "They are not listed here." : "None.")
            }
            markup.table(
                label: "Failures", columns: ["Package", "Reason"],
                rows: page.failures.map { [$0.name, .text($0.reason)] })
            let rest = max(page.crawl.failed, 0) - Int64(page.failures.count)
            if rest > 0 { markup.element("p", ["class": "quiet"], text: "and \(Figures.grouped(rest)) more.") }
        }
    }
}

extension CrawlPage.Failure {
    /// A link, where a package can have this name.
    fileprivate var name: Markup {
        guard let package else { return .build { $0.element("span", ["class": "quiet"], text: "not named") } }
        do {
            let id = try PackageID(parsing: package)
            return .link(package, to: SiteLinks.package(id))
        } catch {
            return .text(package)
        }
    }
}

extension CrawlSummary {
    /// The numbers by the names that they have in the API.
    fileprivate var counters: [CrawlsView.Counter] {
        let numbers = [
            ("listed", listed), ("added", added), ("updated", updated), ("unchanged", unchanged), ("removed", removed),
            ("failed", failed),
        ]
        return numbers.map { CrawlsView.Counter(field: $0.0, shown: Figures.grouped($0.1)) }
            + [CrawlsView.Counter(field: "bytes", shown: Figures.bytes(bytes))]
    }
}

private struct CrawlsView: Sendable {
    struct Row: Sendable {
        let id: String
        let hubTitle: String
        let crawlAddress: String
        let source: String
        let state: String
        let isRunningCrawl: Bool
        let startedHTML: Markup
        let finishedHTML: Markup
        let counters: [Counter]

        init(_ crawl: CrawlSummary) {
            id = String(crawl.id)
            hubTitle = crawl.hub.title
            crawlAddress = SiteLinks.crawl(crawl.id)
            source = crawl.source
            state = crawl.state.rawValue
            isRunningCrawl = crawl.state == .running
            startedHTML = .dateAndTime(crawl.startedAt)
            finishedHTML = crawl.finishedAt.map { .dateAndTime($0) } ?? Markup()
            counters = crawl.counters
        }
    }

    struct Counter: Sendable {
        let field: String
        let shown: String
    }

    let isEmpty: Bool
    let isRunning: Bool
    let crawlsAPI: String
    let crawls: [Row]
}

private struct CrawlView: Sendable {
    let id: String
    let hubTitle: String
    let state: String
    let source: String
    let countsHTML: Markup
    let failuresHTML: Markup
}
