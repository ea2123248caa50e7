public import ModelPackage

/// What a package's page shows: the package as the hub gave it, and what the dataset knows besides.
public struct PackagePage: Sendable {
    public var package: Package
    /// When crawls first and last listed it, and when it was found to be gone.
    public var firstSeen: Instant?
    public var lastSeen: Instant?
    public var removedAt: Instant?
    /// The card; nil where it is not to be had.
    public var card: PackageCard?
    /// The name that clients of the Hub call it by on this server; nil where they cannot have it.
    public var repository: String?
    /// Why its files are not given out; nil where they are.
    public var refusal: String?
    /// The files that lie here; nil for none.
    public var held: HeldFiles?
    /// What the headers of its files say; nil where nobody looked.
    public var inspection: InspectionRecord?
    /// Nil where nothing was scanned.
    public var scan: PackageScan?
    /// Which of the base models, by the name that the package gives them, are in the dataset.
    public var knownBases: [String: PackageID]
    /// Packages that name this one as their base, the most used first.
    public var derived: [DerivedPackage]
    /// How many there are in all.
    public var derivedTotal: Int64
    /// The counters that crawls saw, oldest first.
    public var observations: [CounterObservation]

    public init(package: Package) {
        self.package = package
        knownBases = [:]
        derived = []
        derivedTotal = 0
        observations = []
    }
}

/// A package's card as it lies in a file.
public struct PackageCard: Sendable {
    /// The whole text, with front matter where it has one.
    public var text: String
    /// Where it lies in the package: relative links begin there.
    public var path: FilePath

    public init(text: String, path: FilePath) {
        self.text = text
        self.path = path
    }
}

/// What a scan of one commit found.
public struct PackageScan: Sendable {
    public var commit: String
    /// ISO 8601.
    public var scannedAt: String
    public var files: Int64
    public var findings: [ScanRecord.Finding]
    /// Parts that could not be scanned.
    public var problems: [ScanRecord.Problem]
    /// How many such parts there are, where they are not all listed.
    public var problemCount: Int64

    public init(
        commit: String, scannedAt: String, files: Int64, findings: [ScanRecord.Finding], problems: [ScanRecord.Problem] = [],
        problemCount: Int64
    ) {
        self.commit = commit
        self.scannedAt = scannedAt
        self.files = files
        self.findings = findings
        self.problems = problems
        self.problemCount = problemCount
    }

    public init(_ record: ScanRecord) {
        self.init(
            commit: record.commit, scannedAt: record.scannedAt, files: record.files, findings: record.findings,
            problems: record.problems, problemCount: Int64(record.problems.count))
    }
}

/// A package that was made from another one.
public struct DerivedPackage: Sendable {
    public var id: PackageID
    public var relation: BaseModel.Relation?

    public init(id: PackageID, relation: BaseModel.Relation?) {
        self.id = id
        self.relation = relation
    }
}

/// What one crawl saw of a package's counters.
public struct CounterObservation: Sendable {
    public var at: Instant
    public var downloads: Int64?
    public var likes: Int64?

    public init(at: Instant, downloads: Int64?, likes: Int64?) {
        self.at = at
        self.downloads = downloads
        self.likes = likes
    }
}
