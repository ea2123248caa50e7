import Catalog
import Foundation
import HubMirror
import ModelPackage
import Storage
import WebPages

/// Fills the pages' models from a dataset.
struct SiteQueries: Sendable {
    let hub: DatasetHub
    private let figures: FigureKeeper

    private var dataset: ServedDataset { hub.dataset }

    static let pageSize = 20
    /// Facets are counted over so many of the best answers, and answers up to so many: more costs more than it tells.
    private static let facetSample = 500
    private static let exactness = 200
    private static let countLimit = 10_000
    private static let deepestPage = 500

    init(_ hub: DatasetHub) {
        self.hub = hub
        figures = FigureKeeper(hub.dataset)
    }

    // MARK: Search

    func search(_ parameters: SearchParameters) async throws -> SearchPage {
        var search = PackageSearch(text: parameters.text, limit: Self.pageSize + 1, wantsFacetCounts: true)
        for (facet, value) in parameters.facets {
            switch facet {
            case .hub:
                guard let hub = HubID(rawValue: value) else { return .empty(parameters, problem: "There is no hub '\(value)'.") }
                search.facets.append(.hub(hub))
            case .task: search.facets.append(.task(value))
            case .library: search.facets.append(.library(value))
            case .license: search.facets.append(.license(value))
            }
        }
        search.order = PackageSearch.Order(parameters.order)
        search.offset = (min(max(parameters.page, 1), Self.deepestPage) - 1) * Self.pageSize
        search.facetSample = Self.facetSample
        search.exactness = Self.exactness
        search.countLimit = Self.countLimit
        search.isBeingTyped = true
        let question = search
        do {
            return try await dataset.read { try Self.page(parameters, question, $0) }
        } catch let error as CatalogError where !error.isDamaged {
            return .empty(parameters, problem: error.description)
        }
    }

    private static func page(
        _ parameters: SearchParameters, _ search: PackageSearch, _ catalog: CatalogDatabase
    ) throws -> SearchPage {
        var result = try catalog.search(search)
        if result.total == 0, let last = search.text.split(separator: " ").last {
            // No name has a word that begins so; a task or a tag may.
            var completed = search
            completed.completions = try catalog.words(beginningWith: String(last))
            if !completed.completions.isEmpty { result = try catalog.search(completed) }
        }
        let hits = result.hits.prefix(pageSize)
        let badges = try catalog.badges(of: hits.map(\.id))
        return SearchPage(
            parameters: parameters,
            facets: result.facets.compactMap { name, counts in
                SearchParameters.Facet(rawValue: name).map { facet in
                    SearchPage.FacetValues(facet, values: counts.map { .init($0.value, count: $0.count) })
                }
            },
            total: result.total, isTotalExact: result.isTotalExact,
            facetSample: result.facetSample < result.total || !result.isTotalExact ? result.facetSample : nil,
            hits: hits.compactMap { hit in SearchHit(hit, badges[hit.id]) }, pageSize: pageSize,
            hasNextPage: result.hits.count > pageSize, problem: nil)
    }

    // MARK: A package

    /// The page of a package; nil where the dataset does not have it.
    func package(_ id: PackageID) async throws -> PackagePage? {
        guard let package = try await hub.package(id) else { return nil }
        var page = PackagePage(package: package.entry.package)
        page.firstSeen = package.entry.firstSeen
        page.lastSeen = package.entry.lastSeen
        page.removedAt = package.entry.removedAt
        if let revision = try await hub.revision("main", of: package) {
            // What may not be given is not offered.
            page.refusal = hub.refusal(of: package, revision)?.message
            page.held = page.refusal == nil ? package.held(of: revision) : nil
            page.package.files = revision.mirrored.files.map { file in
                PackageFile(
                    path: file.path, size: file.size, sha256: file.sha256.flatMap { SHA256Hash($0) },
                    gitObjectID: file.gitObjectID.flatMap { GitObjectID($0) }, isLFS: file.sha256 != nil)
            }
            page.repository = page.held == nil ? nil : package.name
            page.card = try await card(of: package, revision)
        }
        try await fillFromCatalog(&page, package)
        return page
    }

    private func fillFromCatalog(_ page: inout PackagePage, _ package: ServedPackage) async throws {
        let id = package.id
        let names = package.entry.package.baseModels.map(\.value.name)
        let dataset = dataset
        let found = try await dataset.read { catalog in
            let bases = names.compactMap { name in Self.package(id.hub, name).map { (name, $0) } }
            let known = try catalog.known(among: bases.map(\.1))
            return (
                bases: bases.filter { known.contains($0.1) }, derived: try catalog.packages(derivedFrom: id.name, limit: 50),
                observations: try catalog.observations(of: id), scans: try catalog.scans(of: id)
            )
        }
        page.knownBases = Dictionary(found.bases, uniquingKeysWith: { first, _ in first })
        page.derived = found.derived.first.map { WebPages.DerivedPackage(id: $0.id, relation: $0.relation) }
        page.derivedTotal = found.derived.all
        page.observations = found.observations.map {
            CounterObservation(at: $0.at, downloads: $0.downloads, likes: $0.likes)
        }
        guard let commit = GitObjectID(package.head) else { return }
        let (inspection, scan) = try await dataset.work.run {
            (
                try PackageRecordStore.inspections(dataset.directory).record(of: id, commit),
                try PackageRecordStore.scans(dataset.directory).record(of: id, commit)
            )
        }
        page.inspection = inspection
        page.scan = scan.map { PackageScan($0) }
    }

    private static func package(_ hub: HubID, _ name: String) -> PackageID? {
        do throws(InvalidPackageName) {
            return try PackageID(hub: hub, name: name)
        } catch {
            return nil
        }
    }

    /// A card that is longer is cut off.
    private static let longestCard: Int64 = 8 << 20

    private func card(of package: ServedPackage, _ revision: ServedRevision) async throws -> PackageCard? {
        guard let file = revision.mirrored.files.first(where: { $0.path.lowercased() == "readme.md" }),
            case .blob(let hash, let size)? = revision.held[file.path], size <= Self.longestCard,
            hub.refusal(of: file, in: revision, of: package) == nil, await dataset.verifier.isWhole(hash)
        else { return nil }
        let place = dataset.blobs.file(of: hash)
        let bytes = try await dataset.work.run { try Data(contentsOf: place) }
        return PackageCard(text: String(decoding: bytes, as: UTF8.self), path: try FilePath(file.path))
    }

    // MARK: Hubs and crawls

    func hubs() async throws -> HubsPage {
        let figures = try await figures.figures(of: nil)
        let statistics = try await self.figures.statistics()
        return HubsPage(
            hubs: statistics.hubs.map { HubTotals(hub: $0.hub, packages: $0.packages, removed: $0.removed) },
            figures: PackageFigures(figures))
    }

    func hub(_ id: HubID) async throws -> HubPage? {
        guard let totals = try await figures.statistics().hubs.first(where: { $0.hub == id }) else { return nil }
        return HubPage(
            totals: HubTotals(hub: id, packages: totals.packages, removed: totals.removed),
            figures: PackageFigures(try await figures.figures(of: id)))
    }

    func crawls() async throws -> [CrawlSummary] {
        try await dataset.read { try $0.crawls() }.reversed().prefix(Self.longestCrawlList).map { CrawlSummary($0) }
    }

    private static let longestCrawlList = 500

    func crawl(_ id: Int64) async throws -> CrawlPage? {
        try await dataset.read { catalog in
            guard let crawl = try catalog.crawls().first(where: { $0.id == id }) else { return nil }
            return CrawlPage(
                crawl: CrawlSummary(crawl),
                failures: try catalog.failures(of: id, limit: 1000).map { .init(package: $0.package, reason: $0.reason) })
        }
    }

    /// Names like one that was not found.
    func suggestions(for id: PackageID) async throws -> [PackageID] {
        try await dataset.read { try $0.namesLike(id.name, limit: 5) }.compactMap { text in
            do throws(InvalidPackageName) {
                return try PackageID(parsing: text)
            } catch {
                return nil
            }
        }
    }
}
