import Catalog
import Foundation
import ModelPackage
import Testing
import WeirTestSupport

/// A catalog in memory, and crawls over it.
struct CatalogBench {
    let catalog: CatalogDatabase

    init() throws {
        catalog = try CatalogDatabase.inMemory()
    }

    func crawl(_ packages: [Package], hub: HubID = .huggingface, isComplete: Bool = true, failures: [CrawlFailure] = []) throws
        -> CrawlCounts
    {
        let row = try catalog.beginCrawl(
            hub: hub, source: "test", query: "", isComplete: isComplete, at: Instant(millisecondsSince1970: 1_700_000_000_000))
        let ingest = CatalogIngest(catalog, crawl: row)
        try ingest.apply(
            packages.map { .package(PackageRow($0)) } + failures.map { .failure($0) }, recordBytes: 1,
            at: CatalogIngest.RecordPlace(frame: 0, end: 1), resumePoint: nil)
        try ingest.finish(at: Instant(millisecondsSince1970: 1_700_000_001_000))
        return ingest.crawl.counts
    }

    func rows(_ sql: String) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try catalog.query(sql, columns: { _ in }) { rows.append($0) }
        return rows
    }
}

func sample(_ name: String, downloads: Int64 = 10, change: (inout Package) -> Void = { _ in }) throws -> Package {
    var package = Package(id: try PackageID(hub: .huggingface, name: name))
    package.owner = Sourced(String(name.prefix { $0 != "/" }), Evidence("author"))
    package.url = Sourced("https://huggingface.co/\(name)", Evidence("id", .derived))
    package.ownerURL = Sourced("https://huggingface.co/\(package.owner?.value ?? "")", Evidence("author", .derived))
    package.task = Sourced("fill-mask", Evidence("pipeline_tag"))
    package.downloads = Sourced(downloads, Evidence("downloads"))
    package.likes = Sourced(1, Evidence("likes"))
    package.revision = GitObjectID(String(repeating: "a", count: 40)).map { Sourced($0, Evidence("sha")) }
    package.licenses = [Sourced(License(id: "mit"), Evidence("tags"))]
    package.tags = [Sourced("bert", Evidence("tags")), Sourced("license:mit", Evidence("tags"))]
    change(&package)
    return package
}

@Suite struct CatalogTests {
    @Test func theViewsHaveTheColumnsThatAreDocumented() throws {
        let bench = try CatalogBench()
        let documented: [String: String] = [
            "packages":
                "id hub name owner url owner_url task library architecture license revision downloads likes gated private disabled created_at modified_at first_seen last_seen removed_at",
            "tags": "package tag", "descriptions": "package title summary", "datasets": "package dataset url",
            "papers": "package paper kind",
            "languages": "package language",
            "base_models": "package base relation source", "files": "package revision path size sha256 git_oid lfs",
            "crawls": "id hub source started_at finished_at state listed added updated unchanged removed failed",
            "observations": "package crawl at revision downloads likes", "licenses": "package license name link",
            "parameters": "package dtype count", "evaluations": "package task dataset metric value source",
            "entry_points": "package repository ref name variants source", "facts": "package fact value source",
            "refs": "package kind name ref target", "commits": "package id title authors date",
            "failures": "crawl package reason",
            "evidence": "package field source method",
            "snapshots": "package revision asked source at files bytes left_out failed",
            "snapshot_files": "package revision path size sha256 git_oid mode lfs",
            "snapshot_absences": "package revision path size cause reason",
        ]
        for (view, columns) in documented {
            var names: [String] = []
            try bench.catalog.query("SELECT * FROM \(view)", columns: { names = $0 }, row: { _ in })
            #expect(names.joined(separator: " ") == columns)
        }
    }

    @Test func aPackageComesBackAsItWentIn() throws {
        let bench = try CatalogBench()
        let package = try sample("estuary/tern") { package in
            package.title = Sourced("Tern", Evidence(file: "README.md", line: 3))
            package.licenses = [Sourced(License(id: "other", name: "T", link: "L"), Evidence("cardData.license"))]
            package.gated = Sourced(.manual, Evidence("gated"))
            package.isPrivate = Sourced(false, Evidence("private"))
            package.createdAt = Instant(iso8601: "2024-01-01").map { Sourced($0, Evidence("createdAt")) }
            package.languages = [Sourced("en", Evidence("cardData.language"))]
            package.datasets = [
                Sourced(DatasetReference(name: "squad", url: "https://huggingface.co/datasets/squad"), Evidence("tags"))
            ]
            package.papers = Paper(arxiv: "1810.04805").map { [Sourced($0, Evidence("tags"))] } ?? []
            package.baseModels = [
                Sourced(BaseModel(name: "a/b", relation: .merge), Evidence("tags")),
                Sourced(BaseModel(name: "c/d"), Evidence("cardData.base_model")),
            ]
            package.files = [
                PackageFile(path: "a.bin", size: 3, sha256: SHA256Hash(String(repeating: "b", count: 64)), isLFS: true),
                PackageFile(path: "é/b"),
            ]
            package.parameters = [Sourced(ParameterCount(dataType: "F32", count: 7), Evidence("safetensors.parameters"))]
            package.evaluations = [
                Sourced(
                    Evaluation(task: nil, dataset: "D", metric: "acc", value: "0.5"), Evidence(file: "README.md", line: 9, .found)
                )
            ]
            package.entryPoints = [Sourced(EntryPoint(repository: "o/r", ref: nil, name: "f", variants: ["v"]), Evidence("x"))]
            package.facts = [Fact("io", json: #"{"a":[1,null]}"#, Evidence("y"))]
            package.references =
                GitObjectID(String(repeating: "c", count: 40)).map {
                    [GitReference(kind: .branch, name: "main", ref: "refs/heads/main", target: $0)]
                } ?? []
        }
        _ = try bench.crawl([package])
        #expect(try bench.catalog.package(package.id)?.package == package)
        #expect(
            try bench.rows("SELECT base, relation, source FROM base_models") == [
                [.text("a/b"), .text("merge"), .text("tags")], [.text("c/d"), .null, .text("cardData.base_model")],
            ])
        #expect(try bench.rows("SELECT path, sha256, git_oid FROM files ORDER BY path").last == [.text("é/b"), .null, .null])
        #expect(try bench.rows("SELECT gated, disabled, modified_at FROM packages") == [[.text("manual"), .null, .null]])
    }

    @Test func aSecondCrawlCountsExactly() throws {
        let bench = try CatalogBench()
        let first = try bench.crawl(try (0..<10).map { try sample("o/m\($0)") })
        #expect([first.listed, first.added] == [10, 10])
        var changed = try (0..<8).map { try sample("o/m\($0)") }
        changed[0].downloads?.value = 99
        changed[1].tags.append(Sourced("new", Evidence("tags")))
        changed[2].likes = nil
        let second = try bench.crawl(changed + [try sample("o/new")])
        #expect([second.listed, second.added, second.updated, second.unchanged, second.removed] == [9, 1, 3, 5, 2])
        #expect(try bench.rows("SELECT count(*) FROM packages WHERE removed_at IS NOT NULL") == [[.integer(2)]])
        #expect(try bench.rows("SELECT count(*) FROM observations") == [[.integer(19)]])
        #expect(try bench.rows("SELECT tag FROM tags WHERE package = 'huggingface:o/m1' AND tag = 'new'").count == 1)
        let third = try bench.crawl(try (0..<10).map { try sample("o/m\($0)") } + [try sample("o/new")])
        #expect([third.updated, third.unchanged, third.removed] == [5, 6, 0])
        #expect(try bench.rows("SELECT count(*) FROM packages WHERE removed_at IS NOT NULL") == [[.integer(0)]])
        #expect(try bench.rows("SELECT count(DISTINCT id) FROM packages") == [[.integer(11)]])
    }

    @Test func aPartialCrawlRemovesNothingAndAFailedPackageStays() throws {
        let bench = try CatalogBench()
        _ = try bench.crawl(try (0..<3).map { try sample("o/m\($0)") })
        #expect(try bench.crawl([try sample("o/m0")], isComplete: false).removed == 0)
        let counts = try bench.crawl(
            [try sample("o/m0")],
            failures: [CrawlFailure(package: "huggingface:o/m1", reason: "bad"), CrawlFailure(package: nil, reason: "worse")])
        #expect([counts.listed, counts.failed, counts.removed] == [3, 2, 1])
        #expect(
            try bench.rows("SELECT package, reason FROM failures ORDER BY reason") == [
                [.text("huggingface:o/m1"), .text("bad")], [.null, .text("worse")],
            ])
    }

    @Test func aPackageListedTwiceCountsOnce() throws {
        let bench = try CatalogBench()
        let counts = try bench.crawl([try sample("o/a"), try sample("o/a", downloads: 11)])
        #expect([counts.listed, counts.added] == [1, 1])
        let again = try bench.crawl([try sample("o/a"), try sample("o/a", downloads: 11)])
        #expect([again.listed, again.unchanged] == [1, 1])
    }

    @Test func aLostRecordDoesNotHideAGoodOneOfTheSameName() throws {
        let bench = try CatalogBench()
        _ = try bench.crawl([try sample("o/a")])
        let row = try bench.catalog.beginCrawl(
            hub: .huggingface, source: "test", query: "", isComplete: true, at: Instant(millisecondsSince1970: 1_700_000_000_000))
        let ingest = CatalogIngest(bench.catalog, crawl: row)
        try ingest.apply(
            [
                .failure(CrawlFailure(package: "huggingface:o/a", reason: "x")),
                .package(PackageRow(try sample("o/a", downloads: 5))),
            ],
            recordBytes: 1, at: CatalogIngest.RecordPlace(frame: 0, end: 1), resumePoint: nil)
        try ingest.finish(at: row.startedAt)
        #expect([ingest.crawl.counts.listed, ingest.crawl.counts.updated, ingest.crawl.counts.failed] == [2, 1, 1])
    }

    @Test func authorsAndTagsKeepTheirOwnText() throws {
        let bench = try CatalogBench()
        let package = try sample("o/a") { package in
            package.tags = [Sourced("a", Evidence("x")), Sourced("b", Evidence("y", .derived)), Sourced("c", Evidence("x"))]
            package.commits =
                GitObjectID(String(repeating: "c", count: 40)).map { id in
                    [
                        Commit(id: id, title: "t", authors: ["Doe, J.", "\"q\""], date: Instant(millisecondsSince1970: 0)),
                        Commit(id: id, title: "", authors: [], date: Instant(millisecondsSince1970: 0)),
                    ]
                } ?? []
        }
        _ = try bench.crawl([package])
        #expect(try bench.catalog.package(package.id)?.package == package)
        #expect(
            try bench.rows("SELECT field, source, method FROM evidence WHERE field LIKE 'tag%' ORDER BY field")
                == [[.text("tag b"), .text("y"), .text("derived")], [.text("tags"), .text("x"), .text("stated")]])
    }

    @Test func searchFindsByWordsAndFacetsMostUsedFirst() throws {
        let bench = try CatalogBench()
        _ = try bench.crawl(
            try (0..<300).map { number in
                try sample("org\(number % 3)/bert-model-\(number)", downloads: Int64(number * number)) { package in
                    if number % 2 == 0 { package.task = Sourced("text-generation", Evidence("x")) }
                    if number % 5 == 0 { package.summary = Sourced("Größe für Übersetzung", Evidence("x")) }
                }
            })
        var search = PackageSearch(text: "BERT model", limit: 5)
        var result = try bench.catalog.search(search)
        #expect(result.total == 300)
        #expect(result.hits.map(\.id) == (295...299).reversed().map { "huggingface:org\($0 % 3)/bert-model-\($0)" })
        search.facets = [.task("text-generation"), .license("MIT"), .owner("org1")]
        search.wantsFacetCounts = true
        result = try bench.catalog.search(search)
        #expect(result.total == 50)
        #expect(result.hits.allSatisfy { $0.task == "text-generation" && $0.id.contains("org1/") })
        #expect(result.facets.first { $0.name == "task" }?.counts.map { "\($0.value) \($0.count)" } == ["text-generation 50"])
        #expect(
            try bench.catalog.search(PackageSearch(text: "grosse ubersetzung")).total == 60
                || bench.catalog.search(PackageSearch(text: "größe übersetzung")).total == 60)
        #expect(try bench.catalog.search(PackageSearch(text: "ber*")).total == 300)
        #expect(try bench.catalog.search(PackageSearch(text: "ber")).total == 0)
        #expect(
            try bench.catalog.search(PackageSearch(text: "", facets: [.tag("bert")], order: .name, limit: 1)).hits.first?.id
                == "huggingface:org0/bert-model-0")
    }

    /// What was changed, renamed in all but id, or removed is not found by its old words.
    @Test func whatIsBeingTypedIsFoundByTheBeginningsOfNames() throws {
        let catalog = try CatalogBench()
        _ = try catalog.crawl([
            try sample("org/Whisper-Large-v3", downloads: 50), try sample("org/whisk", downloads: 10),
            try sample("org/other", downloads: 5) { $0.tags = [Sourced("text-generation", Evidence("tags"))] },
        ])
        func found(_ text: String, completions: [String] = []) throws -> [String] {
            var search = PackageSearch(text: text)
            search.isBeingTyped = true
            search.completions = completions
            return try catalog.catalog.search(search).hits.map(\.id)
        }
        for text in ["w", "wh", "whis", "WHIS", "org whis"] {
            #expect(try found(text) == ["huggingface:org/Whisper-Large-v3", "huggingface:org/whisk"], "\(text)")
        }
        #expect(try found("whisp") == ["huggingface:org/Whisper-Large-v3"])
        #expect(try found("whispx").isEmpty)
        #expect(try found("whisper lar") == ["huggingface:org/Whisper-Large-v3"])
        #expect(try found("tex").isEmpty)
        #expect(try catalog.catalog.words(beginningWith: "tex") == ["text"])
        #expect(try found("tex", completions: ["text"]) == ["huggingface:org/other"])
        #expect(try catalog.catalog.words(beginningWith: "").isEmpty && catalog.catalog.words(beginningWith: "%").isEmpty)
    }

    @Test func pagesOfAListFollowEachOtherExactly() throws {
        let catalog = try CatalogBench()
        let packages = try (0..<300).map { try sample("org\($0 % 3)/m\($0)", downloads: Int64($0 * $0 % 97)) }
        _ = try catalog.crawl(packages)
        let all = try catalog.catalog.list(PackageListQuery(), limit: 1000)
        #expect(all.count == 300)
        for limit in [1, 7, 300] {
            var position: PackageListPosition?
            var keys: [Int64] = []
            repeat {
                let page = try catalog.catalog.listInIndexOrder(PackageListQuery(), after: position, limit: limit)
                keys += page.keys
                position = page.next
            } while position != nil
            #expect(keys == all, "\(limit)")
        }
        let narrowed = PackageListQuery(facets: [[.owner("org1")], [.hub(.huggingface), .hub(.onnx)]])
        #expect(try catalog.catalog.listInIndexOrder(narrowed, after: nil, limit: 1000).keys.count == 100)
        let named = packages.count { $0.id.name.contains("g1/m1") }
        #expect(named > 10)
        #expect(try catalog.catalog.list(PackageListQuery(nameContains: "G1/M1"), limit: 1000).count == named)
    }

    @Test func searchForgetsWhatChanged() throws {
        let bench = try CatalogBench()
        _ = try bench.crawl([try sample("o/a") { $0.summary = Sourced("kingfisher", Evidence("x")) }, try sample("o/b")])
        _ = try bench.crawl([try sample("o/a", downloads: 100_000) { $0.summary = Sourced("heron", Evidence("x")) }])
        #expect(try bench.catalog.search(PackageSearch(text: "kingfisher")).total == 0)
        #expect(try bench.catalog.search(PackageSearch(text: "heron")).total == 1)
        #expect(try bench.catalog.search(PackageSearch(text: "")).total == 1)
    }

    @Test(arguments: [
        "\"", "a\"b", "AND", "OR NOT", "*", "( )", "-", "a OR b", "NEAR(a b)", "zf*", "col:x", "\u{0}", "日本語",
        "'; DROP TABLE package; --",
    ])
    func anyTextCanBeSearched(text: String) throws {
        let bench = try CatalogBench()
        _ = try bench.crawl([try sample("o/a")])
        _ = try bench.catalog.search(PackageSearch(text: text, wantsFacetCounts: true))
    }

    @Test(arguments: [
        "DELETE FROM package", "DROP VIEW packages", "SELECT 1; SELECT 2", "", "   ", "PRAGMA journal_mode",
        "ATTACH '/tmp/x' AS y", "INSERT INTO term(text) VALUES('x')",
        "SELECT * FROM nothing", "SELEC 1", "WITH x AS (SELECT 1) DELETE FROM package",
    ])
    func onlyReadingQueriesAreRun(sql: String) throws {
        let bench = try CatalogBench()
        #expect(throws: SQLRefusal.self) { try bench.rows(sql) }
    }

    @Test func queriesOverTheViewsUseTheirIndexes() throws {
        let bench = try CatalogBench()
        for sql in [
            "SELECT * FROM packages WHERE id = 'huggingface:a/b'", "SELECT * FROM base_models WHERE base = 'a/b'",
            "SELECT * FROM tags WHERE package = 'huggingface:a/b'", "SELECT * FROM files WHERE package = 'huggingface:a/b'",
        ] {
            let plan = try bench.rows("EXPLAIN QUERY PLAN " + sql).map { "\($0)" }.joined()
            #expect(!plan.contains("SCAN p") && !plan.contains("SCAN x"), "\(sql): \(plan)")
        }
    }

    @Test func statisticsCountWhatIsMissing() throws {
        let bench = try CatalogBench()
        _ = try bench.crawl([
            try sample("o/a"),
            try sample("o/b") {
                $0.task = nil; $0.tags = []
            },
        ])
        let hub = try #require(try bench.catalog.statistics().hubs.first)
        #expect(hub.packages == 2)
        let missing = Dictionary(uniqueKeysWithValues: hub.missing.map { ($0.field, $0.count) })
        #expect(
            missing["task"] == 1 && missing["tags"] == 1 && missing["owner"] == 0 && missing["files"] == 2 && missing["url"] == 0)
    }
}
