import ArgumentParser
import Catalog
import Documents
import ModelPackage

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find packages by words and facets, across all hubs.",
        discussion: """
            All words must stand in a package's name, title, owner, task, library, architecture, tags or summary; a word that ends
            in * stands for all that begin with it. The most used packages come first.

            EXAMPLES
              weir search "speech recognition"
              weir search bert --task fill-mask --license apache-2.0 --limit 5
              weir search "llama*" --hub huggingface --sort likes --facets
            """)

    enum Order: String, ExpressibleByArgument, CaseIterable {
        case downloads, likes, modified, created, name
    }

    @Argument(help: "The words to look for; none for all packages.")
    var text: [String] = []

    @Option(help: "Only packages of this hub.", transform: HubArgument.parse)
    var hub: HubID?

    @Option(help: "Only packages for this task.")
    var task: String?

    @Option(help: "Only packages of this library.")
    var library: String?

    @Option(help: "Only packages under this licence.")
    var license: String?

    @Option(help: "Only packages of this owner.")
    var author: String?

    @Option(help: "Only packages with this tag; repeat it for several, which must all hold.")
    var tag: [String] = []

    @Option(help: "The order of the answers.")
    var sort: Order = .downloads

    @Option(help: "At most so many answers.")
    var limit = 20

    @Flag(help: "Count the answers by hub, task, library and licence.")
    var facets = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if !(1...10_000).contains(limit) { throw ValidationError("--limit should be from 1 to 10000, not \(limit)") }
    }

    func run() throws {
        let catalog = try global.openCatalog()
        var search = PackageSearch(
            text: text.joined(separator: " "), facets: narrowing,
            order: PackageSearch.Order(rawValue: sort.rawValue) ?? .downloads, limit: limit, wantsFacetCounts: facets)
        var result = try catalog.search(search)
        if result.total == 0, let last = text.last, !last.hasSuffix("*") {
            // Nothing has these very words; perhaps something begins with the last of them.
            search.text += "*"
            result = try catalog.search(search)
        }
        if global.json { try Console.data(json(result) + [UInt8(ascii: "\n")]) } else { try show(result) }
    }

    private var narrowing: [SearchFacet] {
        var facets: [SearchFacet] = []
        if let hub { facets.append(.hub(hub)) }
        if let task { facets.append(.task(task)) }
        if let library { facets.append(.library(library)) }
        if let license { facets.append(.license(license)) }
        if let author { facets.append(.owner(author)) }
        return facets + tag.map { .tag($0) }
    }

    private func show(_ result: PackageSearchResult) throws {
        if result.hits.isEmpty {
            if !global.quiet { Console.talk("weir: nothing found") }
            return
        }
        var table = TextTable(["package", "task", "library", "license", "downloads", "likes"], rightAligned: [4, 5])
        for hit in result.hits {
            table.add([
                hit.id, hit.task ?? "", hit.library ?? "", hit.license ?? "", hit.downloads.map { Format.count($0) } ?? "",
                hit.likes.map { Format.count($0) } ?? "",
            ])
        }
        try Console.data(table.text(width: Console.width))
        if !global.quiet { Console.talk("weir: \(result.hits.count) of \(Format.count(result.total)) found") }
        for (name, counts) in result.facets where !counts.isEmpty {
            let values = counts.map { "\(TextTable.oneLine($0.value)) \(Format.count($0.count))" }.joined(separator: " · ")
            let sample = result.facetSample < result.total ? " (of the first \(Format.count(result.facetSample)))" : ""
            try Console.data("\(name)\(sample): \(values)\n")
        }
    }

    private func json(_ result: PackageSearchResult) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("total", result.total)
            object.key("hits")
            object.array { list in
                for hit in result.hits {
                    list.object { entry in
                        entry.member("id", hit.id)
                        entry.member("task", hit.task)
                        entry.member("library", hit.library)
                        entry.member("license", hit.license)
                        entry.member("downloads", hit.downloads)
                        entry.member("likes", hit.likes)
                        entry.member("modified_at", hit.modifiedAt)
                        entry.member("summary", hit.summary)
                    }
                }
            }
            if facets {
                object.member("facet_sample", result.facetSample)
                object.key("facets")
                object.object { object in
                    for (name, counts) in result.facets {
                        object.key(name)
                        object.array { list in
                            for count in counts {
                                list.object { entry in
                                    entry.member("value", count.value)
                                    entry.member("count", count.count)
                                }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}
