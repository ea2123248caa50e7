public import Catalog
public import ModelPackage
public import Scanning
public import Storage

/// Scans the snapshots of many packages, and keeps what it found: `weir pull --scan`.
///
/// The caller holds the dataset's lock.
public struct ScanRun: Sendable {
    private let dataset: DatasetDirectory
    private let catalog: CatalogDatabase
    private let scan: LocalScan
    private let version: String

    /// - Parameter version: of this Weir; a revision that it has scanned is not scanned again.
    public init(_ dataset: DatasetDirectory, _ catalog: CatalogDatabase, _ scan: LocalScan, version: String) {
        self.dataset = dataset
        self.catalog = catalog
        self.scan = scan
        self.version = version
    }

    /// What a run did.
    public struct Report: Sendable {
        public var packages = 0
        /// Packages whose revision this version has scanned before.
        public var unchanged = 0
        public var files = 0
        /// Findings by severity.
        public var findings: [Severity: Int] = [:]
        public var errors = 0
        /// Packages with a finding of high or critical.
        public var dangerous: [String] = []
    }

    /// Scans each package that has a snapshot; what was found until an error is kept.
    public func run(_ packages: () throws -> RevisionID?) async throws -> Report {
        var report = Report()
        let store = SnapshotStore(dataset)
        let records = PackageRecordStore.scans(dataset)
        while let id = try packages() {
            try Task.checkCancellation()
            guard let manifest = try store.manifest(naming: id) else { continue }
            if try catalog.hasScan(of: manifest.package, manifest.commit, version: version) {
                report.unchanged += 1
                continue
            }
            let found = await StoredScan(dataset, scan).scan(manifest)
            try Task.checkCancellation()
            let record = found.record(of: manifest.package, manifest.commit, at: .now, version: version)
            try records.write(record, of: manifest.package, manifest.commit)
            try catalog.record(record)
            report.packages += 1
            report.files += found.files.count
            for severity in Severity.allCases where found.count(severity) > 0 {
                report.findings[severity, default: 0] += found.count(severity)
            }
            report.errors += record.problems.count
            if let worst = found.worst, worst >= .high { report.dangerous.append(manifest.package.description) }
        }
        return report
    }
}
