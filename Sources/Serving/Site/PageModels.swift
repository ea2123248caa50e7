import Catalog
import HubMirror
import ModelPackage
import WebPages

extension SearchPage {
    /// A page without answers, and why.
    static func empty(_ parameters: SearchParameters, problem: String) -> SearchPage {
        SearchPage(
            parameters: parameters, facets: [], total: 0, isTotalExact: true, facetSample: nil, hits: [], pageSize: 1,
            hasNextPage: false, problem: problem)
    }
}

extension SearchHit {
    /// Nil where the catalog holds a name that this version takes for none.
    init?(_ hit: PackageSearchResult.Hit, _ badges: PackageBadges?) {
        do throws(InvalidPackageName) {
            self.init(
                id: try PackageID(parsing: hit.id), summary: hit.summary, task: hit.task, library: hit.library,
                license: hit.license, downloads: hit.downloads, likes: hit.likes,
                modifiedAt: hit.modifiedAt.flatMap { Instant(iso8601: $0) }, hasFiles: badges?.hasFiles ?? false,
                scan: badges?.scan.map { ScanOutcome(findings: $0.findings, worst: $0.worst, isComplete: $0.errors == 0) })
        } catch {
            return nil
        }
    }
}

extension PackageSearch.Order {
    init(_ order: SearchParameters.Order) {
        switch order {
        case .downloads: self = .downloads
        case .likes: self = .likes
        case .modified: self = .modified
        case .created: self = .created
        case .name: self = .name
        }
    }
}

extension CrawlSummary {
    init(_ crawl: CrawlRow) {
        let state: State =
            switch crawl.state {
            case .running: .running
            case .finished: .finished
            case .interrupted: .interrupted
            }
        self.init(
            id: crawl.id, hub: crawl.hub, source: crawl.source, startedAt: crawl.startedAt, finishedAt: crawl.finishedAt,
            state: state, listed: crawl.counts.listed, added: crawl.counts.added, updated: crawl.counts.updated,
            unchanged: crawl.counts.unchanged, removed: crawl.counts.removed, failed: crawl.counts.failed,
            bytes: crawl.counts.bytes)
    }
}

extension PackageFigures {
    init(_ figures: CatalogFigures) {
        func counts(_ counts: [CatalogStatistics.Count]) -> [Count] { counts.map { Count($0.value, count: $0.count) } }
        self.init(
            packages: figures.packages, tasks: counts(figures.tasks), licenses: counts(figures.licenses),
            libraries: counts(figures.libraries), sizes: counts(figures.sizes),
            months: figures.months.map { Month(year: $0.year, month: $0.month, created: $0.created) },
            missing: counts(figures.missing))
    }
}

extension ServedPackage {
    /// Which files of a revision can be had here; nil where none can.
    func held(of revision: ServedRevision) -> HeldFiles? {
        guard !revision.held.isEmpty, let commit = GitObjectID(revision.mirrored.commit) else { return nil }
        return HeldFiles(
            commit: commit, fetchedAt: snapshots.first { $0.revision == commit }?.at, paths: Set(revision.held.keys))
    }
}
