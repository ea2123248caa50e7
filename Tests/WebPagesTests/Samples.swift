import ModelPackage
import Testing
import WebPages

/// Pages with everything in them, whose texts would harm if they were not escaped.
enum Samples {
    static let hostile = "\"'><script>alert(1)</script>\u{202e}"

    static func instant() throws -> Instant { try #require(Instant(iso8601: "2024-02-09T11:06:12Z")) }

    static func crawl(_ state: CrawlSummary.State) throws -> CrawlSummary {
        CrawlSummary(
            id: state == .running ? 2 : 1, hub: .onnx, source: hostile, startedAt: try instant(),
            finishedAt: state == .finished ? try instant() : nil, state: state, listed: 1, added: 2, updated: 3, unchanged: 4,
            removed: 5,
            failed: 6, bytes: 7)
    }

    static func search() throws -> SearchPage {
        let hit = SearchHit(
            id: try PackageID(hub: .huggingface, name: "o/<b>'\""), summary: hostile, task: hostile, library: hostile,
            license: hostile,
            downloads: .max, likes: 0, modifiedAt: try instant(), hasFiles: true,
            scan: ScanOutcome(findings: 2, worst: hostile, isComplete: true))
        return SearchPage(
            parameters: SearchParameters(text: hostile, facets: [.task: hostile], page: 2),
            facets: [
                SearchPage.FacetValues(.hub, values: [.init("onnx", count: 2)]), .init(.task, values: [.init("x", count: .max)]),
            ],
            total: 10_000, isTotalExact: false, facetSample: 10_000, hits: [hit], hasNextPage: true)
    }

    static let figures = PackageFigures(
        packages: 100, tasks: [.init(nil, count: 3), .init(hostile, count: 2)], licenses: [.init("mit", count: 1)],
        libraries: [.init("x", count: 1)], sizes: [.init("< 1 MB", count: 4)], months: [.init(year: 2024, month: 13, created: 1)],
        missing: [.init("base_models", count: 7)])

    static func package() throws -> PackagePage {
        let evidence = Evidence("<place>")
        let commit = try #require(GitObjectID("86b5e0934494bd15c9632b12f734a8a67f723594"))
        var package = Package(id: try PackageID(hub: .huggingface, name: "o/n"))
        package.title = Sourced(hostile, evidence)
        package.summary = Sourced(hostile, evidence)
        package.owner = Sourced(hostile, evidence)
        package.ownerURL = Sourced("javascript:alert(1)".uppercased(), evidence)
        package.url = Sourced("https://e.org/\"'<>", evidence)
        package.task = Sourced(hostile, evidence)
        package.library = Sourced(hostile, evidence)
        package.architecture = Sourced(hostile, evidence)
        package.licenses = [Sourced(License(id: "mit", name: hostile, link: "LICENSE"), Evidence("cardData.license"))]
        package.revision = Sourced(commit, evidence)
        package.downloads = Sourced(.max, evidence)
        package.likes = Sourced(-1, evidence)
        package.gated = Sourced(.manual, evidence)
        package.isPrivate = Sourced(true, evidence)
        package.isDisabled = Sourced(true, evidence)
        package.createdAt = Sourced(try instant(), evidence)
        package.modifiedAt = Sourced(try instant(), evidence)
        package.tags = (0..<100).map { Sourced("\(hostile)\($0)", evidence) }
        package.languages = [Sourced("en", evidence)]
        package.datasets = [Sourced(DatasetReference(name: hostile, url: "data:,x"), evidence)]
        package.papers = [Sourced(try #require(Paper(arxiv: "1810.04805")), Evidence(file: "README.md", line: 30, .found))]
        package.baseModels = [
            Sourced(BaseModel(name: "o/base", relation: .merge), evidence), Sourced(BaseModel(name: hostile), evidence),
        ]
        package.files = [PackageFile(path: "img/a.png", size: 3, gitObjectID: commit, isLFS: true), PackageFile(path: hostile)]
        package.references = [GitReference(kind: .pullRequest, name: hostile, ref: "refs/pr/1", target: commit)]
        package.parameters = [Sourced(ParameterCount(dataType: "F32", count: .max), evidence)]
        package.evaluations = [Sourced(Evaluation(task: nil, dataset: hostile, metric: hostile, value: hostile), evidence)]
        package.entryPoints = [Sourced(EntryPoint(repository: hostile, ref: nil, name: nil, variants: [hostile]), evidence)]
        package.facts = [Fact(hostile, json: "\"\(hostile)\"", evidence)]
        package.commits = [Commit(id: commit, title: hostile, authors: [hostile], date: try instant())]
        var page = PackagePage(package: package)
        page.firstSeen = try instant()
        page.lastSeen = try instant()
        page.removedAt = try instant()
        page.card = PackageCard(text: "# Card\n\n" + hostile + "\n\n[x](javascript:x)", path: try FilePath("README.md"))
        page.held = HeldFiles(commit: commit, fetchedAt: nil, paths: ["img/a.png"])
        page.inspection = inspection(of: package.id, commit, try instant())
        page.scan = scan
        page.knownBases = ["o/base": try PackageID(hub: .huggingface, name: "o/base")]
        page.derived = try (0..<9).map {
            DerivedPackage(id: try PackageID(hub: .huggingface, name: "x/\($0)<"), relation: .quantized)
        }
        page.derivedTotal = 10
        page.observations = [
            CounterObservation(at: try instant(), downloads: 1, likes: nil),
            CounterObservation(at: try instant(), downloads: 2, likes: 3),
        ]
        return page
    }

    private static func inspection(of package: PackageID, _ commit: GitObjectID, _ at: Instant) -> InspectionRecord {
        InspectionRecord(
            package: package, commit: commit, inspectedAt: at,
            files: [
                .init(
                    path: hostile, format: "x", size: 1, bytesRead: 1,
                    types: (0..<9).map { .init(dtype: "F\($0)", tensors: 1, elements: .max, bytes: 1) },
                    problems: [.init(message: hostile, offset: 3)])
            ], parameters: .max, tensors: 1, family: hostile, measures: ["hidden_size": 3], evidence: ["hidden_size": hostile],
            contradictions: [.init(about: hostile, claims: [.init(value: hostile, source: hostile)])], bytesRead: 1,
            bytesTotal: .max,
            requests: 1)
    }

    private static let scan = PackageScan(
        commit: "86b5", scannedAt: "then", files: 1,
        findings: [
            .init(
                path: hostile, member: hostile, rule: hostile, severity: "critical", message: hostile, offset: 1, line: nil,
                snippet: hostile),
            .init(path: "a", member: nil, rule: "r", severity: "strange", message: "m", offset: nil, line: 3, snippet: nil),
        ], problems: [.init(path: hostile, member: nil, message: hostile)], problemCount: 1)
}
