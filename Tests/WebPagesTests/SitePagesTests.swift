import ModelPackage
import Testing
import WebPages

@Suite struct SitePagesTests {
    private let site: SitePages

    init() throws {
        site = try SitePages(baseAddress: "http://127.0.0.1:8080")
    }

    /// What the policy forbids and what assistive technology needs, on every page.
    private func expectGood(_ html: String, _ comment: Comment) {
        let page = TagBalance(html)
        #expect(page.problem == nil, comment)
        #expect(Set(page.ids).count == page.ids.count, comment)
        #expect(html.hasPrefix("<!doctype html>"), comment)
        for (element, name, value) in page.attributes {
            #expect(name != "style" && !name.hasPrefix("on"), comment)
            if name == "src" { #expect(value.hasPrefix("/"), comment) }
            if name == "href" {
                #expect(["/", "#", "https://", "http://", "mailto:"].contains { value.hasPrefix($0) }, "\(value)")
            }
            if name == "for" || name == "aria-labelledby" || name == "aria-describedby" {
                for id in value.split(separator: " ") { #expect(page.ids.contains(String(id)), "\(element) \(name) \(id)") }
            }
        }
        #expect(!page.elements.contains("style"), comment)
        expectHeadingsInOrder(html, comment)
    }

    private func expectHeadingsInOrder(_ html: String, _ comment: Comment) {
        var level = 0
        var rest = html[...]
        while let start = rest.firstRange(of: "<h") {
            rest = rest[start.upperBound...]
            guard let next = rest.first?.wholeNumberValue else { continue }
            #expect(next <= level + 1, comment)
            level = next
        }
        #expect(html.components(of: "<h1") == 1, comment)
    }

    @Test func everyPageIsGoodWithLittle() throws {
        let id = try PackageID(hub: .onnx, name: "a")
        expectGood(site.search(SearchPage(parameters: SearchParameters())), "search")
        expectGood(site.package(PackagePage(package: Package(id: id))), "package")
        expectGood(site.hubs(HubsPage(hubs: [], figures: PackageFigures(packages: 0))), "hubs")
        expectGood(
            site.hub(HubPage(totals: HubTotals(hub: .onnx, packages: 0, removed: 0), figures: PackageFigures(packages: 0))), "hub"
        )
        expectGood(site.crawls([]), "crawls")
        expectGood(site.crawl(CrawlPage(crawl: try Samples.crawl(.finished), failures: [])), "crawl")
        expectGood(site.error(ErrorPage(status: 500, message: "x")), "error")
        expectGood(site.api(), "api")
    }

    @Test func everyPageIsGoodWithEverything() throws {
        expectGood(site.search(try Samples.search()), "search")
        expectGood(site.package(try Samples.package()), "package")
        let totals = HubTotals(hub: .huggingface, packages: 1_000_000, removed: 3)
        expectGood(site.hubs(HubsPage(hubs: [totals], figures: Samples.figures)), "hubs")
        expectGood(site.hub(HubPage(totals: totals, figures: Samples.figures)), "hub")
        expectGood(site.crawls([try Samples.crawl(.running), try Samples.crawl(.interrupted)]), "crawls")
        let failures = [("hf:a/b", "x"), ("onnx:../..", Samples.hostile), (nil, "y")].map {
            CrawlPage.Failure(package: $0.0, reason: $0.1)
        }
        expectGood(site.crawl(CrawlPage(crawl: try Samples.crawl(.running), failures: failures)), "crawl")
        let id = try PackageID(hub: .onnx, name: "a/b")
        expectGood(site.error(ErrorPage(status: 404, message: Samples.hostile, advice: "z", suggestions: [id])), "error")
    }

    @Test func nothingHostileBecomesMarkup() throws {
        let pages = [site.search(try Samples.search()), site.package(try Samples.package())]
        for html in pages {
            #expect(!html.contains("<script>"))
            #expect(!html.contains("\u{202e}"))
            #expect(!html.contains("javascript:"))
        }
    }

    @Test func theFragmentIsThatPartOfThePage() throws {
        for search in [try Samples.search(), SearchPage(parameters: SearchParameters(), problem: "no")] {
            let fragment = site.searchResults(search)
            #expect(site.search(search).contains("<div id=\"results\">\n" + fragment + "</div>"))
            #expect(TagBalance(fragment).problem == nil)
            #expect(!fragment.contains("<html"))
        }
    }

    @Test func valuesSayWhereTheyComeFrom() throws {
        let html = site.package(try Samples.package())
        #expect(html.contains("Stated in <code>cardData.license</code>"))
        #expect(html.contains("Found in <code>README.md:30</code>"))
    }

    @Test func onlyRunningCrawlsAreFollowed() throws {
        #expect(
            site.crawls([try Samples.crawl(.running)]).contains(
                "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"))
        #expect(!site.crawls([try Samples.crawl(.finished)]).contains("http-equiv=\"refresh\""))
    }

    @Test func aHundredThousandFilesAreCut() throws {
        var package = Package(id: try PackageID(hub: .onnx, name: "a"))
        package.files = (0..<100_000).map { PackageFile(path: "f/\($0)", size: .max) }
        let html = site.package(PackagePage(package: package))
        #expect(html.contains("99,000 more files"))
        #expect(html.utf8.count < 1 << 20)
    }
}

extension String {
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
