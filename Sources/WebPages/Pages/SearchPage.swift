public import ModelPackage

/// What the search page shows.
public struct SearchPage: Sendable {
    /// How many of the answers have each value of a facet.
    public struct FacetValues: Sendable {
        public struct Value: Sendable {
            public var value: String
            public var count: Int64

            public init(_ value: String, count: Int64) {
                self.value = value
                self.count = count
            }
        }

        public var facet: SearchParameters.Facet
        /// In the order in which they are shown.
        public var values: [Value]

        public init(_ facet: SearchParameters.Facet, values: [Value]) {
            self.facet = facet
            self.values = values
        }
    }

    /// What was asked for, as far as it was understood.
    public var parameters: SearchParameters
    public var facets: [FacetValues]
    /// Packages that match in all.
    public var total: Int64
    /// False where counting stopped at `total` (“10,000+”).
    public var isTotalExact: Bool
    /// The number of matches over which facets were counted; nil where that is all.
    public var facetSample: Int64?
    /// The answers on this page.
    public var hits: [SearchHit]
    /// How many answers a page has at most: the numbering goes on from page to page.
    public var pageSize: Int
    public var hasNextPage: Bool
    /// Why the search could not be done; then nothing else is shown of it.
    public var problem: String?

    public init(
        parameters: SearchParameters, facets: [FacetValues] = [], total: Int64 = 0, isTotalExact: Bool = true,
        facetSample: Int64? = nil, hits: [SearchHit] = [], pageSize: Int = 20, hasNextPage: Bool = false, problem: String? = nil
    ) {
        self.parameters = parameters
        self.facets = facets
        self.total = total
        self.isTotalExact = isTotalExact
        self.facetSample = facetSample
        self.hits = hits
        self.pageSize = pageSize
        self.hasNextPage = hasNextPage
        self.problem = problem
    }
}

/// One answer of a search.
public struct SearchHit: Sendable {
    public var id: PackageID
    public var summary: String?
    public var task: String?
    public var library: String?
    public var license: String?
    public var downloads: Int64?
    public var likes: Int64?
    public var modifiedAt: Instant?
    /// Whether files of the package lie in the dataset.
    public var hasFiles: Bool
    /// Nil for a package that was not scanned.
    public var scan: ScanOutcome?

    public init(
        id: PackageID, summary: String? = nil, task: String? = nil, library: String? = nil, license: String? = nil,
        downloads: Int64? = nil, likes: Int64? = nil, modifiedAt: Instant? = nil, hasFiles: Bool = false, scan: ScanOutcome? = nil
    ) {
        self.id = id
        self.summary = summary
        self.task = task
        self.library = library
        self.license = license
        self.downloads = downloads
        self.likes = likes
        self.modifiedAt = modifiedAt
        self.hasFiles = hasFiles
        self.scan = scan
    }
}

/// What a scan came to, in a line.
public struct ScanOutcome: Sendable {
    public var findings: Int64
    /// The gravest severity among the findings: critical, high, medium, low or info.
    public var worst: String?
    /// Whether all parts could be scanned: what was not understood is never clean.
    public var isComplete: Bool

    public init(findings: Int64, worst: String?, isComplete: Bool) {
        self.findings = findings
        self.worst = worst
        self.isComplete = isComplete
    }
}
