internal import ModelPackage

/// One answer.
struct HitView: Sendable {
    let hitAddress: String
    let ownerPart: String
    let namePart: String
    let hubTitle: String
    let chipsHTML: Markup
    let hasSummary: Bool
    let summary: String
    let countersHTML: Markup

    init(_ hit: SearchHit) {
        let name = PackageName(hit.id)
        hitAddress = SiteLinks.package(hit.id)
        ownerPart = name.before
        namePart = name.last
        hubTitle = hit.id.hub.title
        hasSummary = hit.summary != nil
        summary = hit.summary ?? ""
        chipsHTML = .build { page in
            for value in [hit.task, hit.library, hit.license] {
                if let value { page.element("span", ["class": "chip"], text: value) }
            }
            if hit.hasFiles { page.element("span", ["class": "chip good"], text: "Files here") }
            if let scan = hit.scan { page.append(scan.badge) }
        }
        countersHTML = .build { page in
            if let downloads = hit.downloads { page.counter("downloads", .number(downloads)) }
            if let likes = hit.likes { page.counter("likes", .number(likes)) }
            if let modified = hit.modifiedAt {
                page.element("span", ["class": "counter"]) {
                    $0.text("Changed "); $0.append(.date(modified))
                }
            }
        }
    }
}

/// A package's name with its last part, which tells packages apart, by itself.
struct PackageName {
    let before: String
    let last: String

    init(_ id: PackageID) {
        let slash = id.name.lastIndex(of: "/").map { id.name.index(after: $0) } ?? id.name.startIndex
        before = String(id.name[..<slash])
        last = String(id.name[slash...])
    }
}

extension ScanOutcome {
    var badge: Markup {
        .build { page in
            if findings > 0 {
                page.element(
                    "span", ["class": "chip severity \(Severity(worst).rawValue)"],
                    text: "Scanned: \(Figures.count(findings, "finding"))")
            } else if isComplete {
                page.element("span", ["class": "chip good"], text: "Scanned: clean")
            } else {
                page.element("span", ["class": "chip"], text: "Scanned in part")
            }
        }
    }
}

extension Markup {
    mutating func counter(_ noun: String, _ number: Markup) {
        element("span", ["class": "counter"]) { page in
            page.element("strong") { $0.append(number) }
            page.text(" \(noun)")
        }
    }
}
