import Catalog
import Foundation
import Hubs
import Logging
import ModelPackage
import Pipeline
import Storage
import Synchronization
import Testing
import WeirTestSupport

/// A hub whose pages the test gives, and which fails where the test says.
private struct PagedHub: ModelHub {
    let id = HubID.huggingface
    var source = "test"
    let pages: [[String]]
    var failsBefore: Int?

    func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        PagedListing(hub: self, page: resumePoint.flatMap { Int($0) } ?? 0)
    }
}

private actor PagedListing: HubListing {
    let hub: PagedHub
    var page: Int

    init(hub: PagedHub, page: Int) {
        self.hub = hub
        self.page = page
    }

    func nextPage() async throws -> ListingPage? {
        if let stop = hub.failsBefore, page >= stop { throw HubError(.huggingface, .unavailable, "the network is gone") }
        guard page < hub.pages.count else { return nil }
        page += 1
        return ListingPage(records: hub.pages[page - 1].map { RawRecord(Array($0.utf8)[...]) }, resumePoint: String(page))
    }
}

@Suite struct PullTests {
    private let folder: TemporaryFolder
    private let dataset: DatasetDirectory
    private let pages = (0..<20).map { page in (0..<25).map { #"{"id":"o/m\#(page * 25 + $0)","downloads":\#($0)}"# } }

    init() throws {
        folder = try TemporaryFolder()
        dataset = DatasetDirectory(folder.url.appending(path: "ds").path)
    }

    private func pull(_ hub: PagedHub, _ query: ListingQuery = ListingQuery()) async throws -> PullReport {
        try await Pull(dataset, from: hub, query, logger: Logger(label: "test")).run()
    }

    private func rows(_ sql: String) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try CatalogDatabase(readingFrom: dataset.catalog.path).query(sql, columns: { _ in }) { rows.append($0) }
        return rows
    }

    @Test func aCrawlThatWasCutOffGoesOnWithExactCounts() async throws {
        for stop in [3, 11, 19] {
            await #expect(throws: HubError.self) { try await pull(PagedHub(pages: pages, failsBefore: stop)) }
            #expect(
                try rows("SELECT count(*), (SELECT listed FROM crawls) FROM packages") == [
                    [.integer(Int64(stop) * 25), .integer(Int64(stop) * 25)]
                ])
        }
        let report = try await pull(PagedHub(pages: pages))
        #expect(report.wasResumed)
        #expect([report.crawl.counts.listed, report.crawl.counts.added, report.crawl.counts.failed] == [500, 500, 0])
        #expect(try rows("SELECT id, state FROM crawls") == [[.integer(1), .text("finished")]])
        #expect(try dataset.recordFiles().count == 1)
        #expect(try await pull(PagedHub(pages: pages)).crawl.counts.unchanged == 500)
    }

    @Test func anotherPullLeavesAnUnfinishedCrawlAsItIs() async throws {
        await #expect(throws: HubError.self) { try await pull(PagedHub(pages: pages, failsBefore: 4)) }
        var query = ListingQuery()
        query.limit = 500
        let report = try await pull(PagedHub(pages: pages), query)
        #expect([report.crawl.id, report.crawl.counts.unchanged, report.crawl.counts.added] == [2, 100, 400])
        #expect(
            try rows("SELECT id, state FROM crawls ORDER BY id") == [
                [.integer(1), .text("interrupted")], [.integer(2), .text("finished")],
            ])
        #expect(try dataset.recordFiles().map(\.crawl) == [1, 2])
    }

    /// A pull that reads nothing changes nothing: not even that another one can be gone on with.
    @Test func aPullWhoseSourceFailsLeavesAnUnfinishedCrawlToBeGoneOnWith() async throws {
        await #expect(throws: HubError.self) { try await pull(PagedHub(pages: pages, failsBefore: 5)) }
        await #expect(throws: HubError.self) { try await pull(PagedHub(source: "elsewhere", pages: pages, failsBefore: 0)) }
        let report = try await pull(PagedHub(pages: pages))
        #expect(report.wasResumed && report.crawl.id == 1 && report.crawl.counts.added == 500)
    }

    @Test func lostRecordsAreCountedNamedAndKept() async throws {
        let report = try await pull(
            PagedHub(pages: [[#"{"id":"o/a"}"#, "{broken", #"{"id":"../../x"}"#, #"{"id":"o/b","downloads":"many"}"#]]))
        #expect([report.crawl.counts.listed, report.crawl.counts.added, report.crawl.counts.failed] == [4, 1, 3])
        #expect(report.failures.map(\.package) == [nil, "huggingface:../../x", "huggingface:o/b"])
        let reader = try RecordFileReader(try #require(try dataset.recordFiles().first).file)
        var lines: [String] = []
        while let frame = try reader.next() {
            if case .records(let some, _) = frame { lines += some.map { String(decoding: $0, as: UTF8.self) } }
        }
        #expect(lines == [#"{"id":"o/a"}"#, "{broken", #"{"id":"../../x"}"#, #"{"id":"o/b","downloads":"many"}"#])
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "x").path))
    }

    /// Where most of a listing cannot be read, its records could be of any package; and a hub that lists nothing has more likely failed than lost all its models.
    @Test func nothingIsRemovedOnDoubt() async throws {
        _ = try await pull(PagedHub(pages: pages))
        for doubtful in [[], [[#"{"id":"o/m1"}"#, "{broken", "7"]]] {
            let report = try await pull(PagedHub(pages: doubtful))
            #expect(report.crawl.counts.removed == 0)
        }
        #expect(try rows("SELECT count(*) FROM packages WHERE removed_at IS NULL") == [[.integer(500)]])
        #expect(try await pull(PagedHub(pages: [[#"{"id":"o/m1"}"#, "{broken"]])).crawl.counts.removed == 499)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() async throws {
        try dataset.create()
        let path = dataset.catalog.path
        let made = try await runProgram(
            URL(filePath: "/usr/bin/env"),
            [
                "python3", "-c",
                "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE mine (x)'); c.commit()", path,
            ])
        #expect(made.status == 0, "\(made.errors)")
        let before = try Data(contentsOf: dataset.catalog)
        await #expect(throws: CatalogError.self) { try await pull(PagedHub(pages: pages)) }
        await #expect(throws: CatalogError.self) { try await Rebuild(dataset).run() }
        #expect(throws: CatalogError.self) { try CatalogDatabase(readingFrom: path) }
        #expect(try Data(contentsOf: dataset.catalog) == before)
    }

    @Test func rebuildMakesTheSameCatalog() async throws {
        _ = try await pull(PagedHub(pages: pages))
        _ = try await pull(
            PagedHub(pages: Array(pages.dropLast()) + [[#"{"id":"o/m0","downloads":77}"#, #"{"id":5}"#, #"{"id":"o/new"}"#]]))
        await #expect(throws: HubError.self) { try await pull(PagedHub(pages: pages, failsBefore: 2)) }
        let views = ["packages", "tags", "observations", "failures", "evidence", "facts"]
        let before = try views.map { try rows("SELECT * FROM \($0) ORDER BY 1, 2") }
        let crawls = try rows("SELECT id, listed, added, updated, unchanged, removed, failed FROM crawls")
        let report = try await Rebuild(dataset).run()
        #expect(report.crawls == 3 && report.packages == 501)
        #expect(try views.map { try rows("SELECT * FROM \($0) ORDER BY 1, 2") } == before)
        #expect(try rows("SELECT id, listed, added, updated, unchanged, removed, failed FROM crawls") == crawls)
        try FileManager.default.removeItem(at: dataset.catalog)
        _ = try await Rebuild(dataset).run()
        #expect(try rows("SELECT count(*) FROM packages") == [[.integer(501)]])
        try Data("this is no database, and long enough to be taken for one".utf8).write(to: dataset.catalog)
        _ = try await Rebuild(dataset).run()
        #expect(try rows("SELECT count(*) FROM packages") == [[.integer(501)]])
        #expect(try await pull(PagedHub(pages: pages)).crawl.id == 4)
    }

    @Test func aSecondWriterIsTurnedAway() async throws {
        try dataset.create()
        let lock = try DatasetLock(dataset)
        await #expect(throws: StorageError.self) { try await pull(PagedHub(pages: pages)) }
        _ = consume lock
    }

    @Test func aReaderSeesAWholeStateWhileAPullWrites() async throws {
        _ = try await pull(PagedHub(pages: pages))
        let many = PagedHub(pages: (0..<200).map { page in (0..<50).map { #"{"id":"o/n\#(page * 50 + $0)"}"# } })
        async let report = pull(many)
        for _ in 0..<20 {
            let counts = try rows("SELECT (SELECT count(*) FROM packages), (SELECT count(DISTINCT package) FROM observations)")[0]
            #expect(counts[0] == counts[1])
        }
        #expect(try await report.crawl.counts.added == 10_000)
    }
}
