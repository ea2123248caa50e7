public import Catalog
public import Hubs
import Inspection
public import ModelPackage
public import Storage
public import Transport

/// Looks at the headers of many packages' files, and keeps what it found: `weir pull --snapshot headers`.
///
/// The caller holds the dataset's lock.
public struct HeadersRun: Sendable {
    private let store: PackageRecordStore<InspectionRecord>
    private let catalog: CatalogDatabase
    private let source: any RevisionSource
    private let inspection: DistantInspection
    private let packagesAtOnce: Int

    /// - Parameter jobs: files that are looked at at once.
    public init(
        _ dataset: DatasetDirectory, _ catalog: CatalogDatabase, from source: any RevisionSource, transport: PoliteTransport,
        jobs: Int
    ) {
        store = .inspections(dataset)
        self.catalog = catalog
        self.source = source
        inspection = DistantInspection(transport, jobs: max(1, jobs / 2))
        packagesAtOnce = max(1, min(jobs, 4))
    }

    /// What a run did.
    public struct Report: Sendable {
        public var packages = 0
        /// Packages whose revision was looked at before.
        public var unchanged = 0
        public var files = 0
        public var bytesRead: Int64 = 0
        public var bytesTotal: Int64 = 0
        public var requests: Int64 = 0
        public var contradictions = 0
        public var failures: [PackageFailure] = []
    }

    /// Looks at each package, some at once. One that cannot be had is reported; the others go on.
    /// - Throws: ``StorageError`` or ``CatalogError`` where the dataset cannot be written, or `CancellationError`; what was found until then stays.
    public func run(_ packages: () throws -> RevisionID?, _ selection: FileSelection) async throws -> Report {
        var report = Report()
        try await runBounded(
            atOnce: packagesAtOnce,
            next: {
                while let id = try packages() {
                    guard let commit = id.revision.flatMap({ GitObjectID($0) }), try catalog.hasInspection(of: id.package, commit)
                    else { return id }
                    report.unchanged += 1
                }
                return nil
            },
            work: { id in (id, try await look(at: id, selection)) },
            take: { id, result in
                switch result {
                case .success(let found): try keep(found, in: &report)
                case .failure(let error):
                    report.failures.append(PackageFailure(package: id.description, path: nil, reason: error.message))
                }
            })
        return report
    }

    private struct Found: Sendable {
        let package: PackageID
        let commit: GitObjectID
        let record: InspectionRecord
    }

    private func look(at id: RevisionID, _ selection: FileSelection) async throws -> Result<Found, HubError> {
        do {
            let listing = try await source.listing(of: id.package, revision: id.revision)
            let inspection = try await inspection.inspect(listing, from: source, target: id.description, requests: 1, selection)
            return .success(
                Found(
                    package: listing.package, commit: listing.commit,
                    record: inspection.record(of: listing.package, listing.commit, at: .now)))
        } catch let error as HubError {
            return .failure(error)
        } catch let error as InspectionFailure {
            return .failure(HubError(id.package.hub, .unavailable, error.reason, cause: error))
        }
    }

    private func keep(_ found: Found, in report: inout Report) throws {
        try store.write(found.record, of: found.package, found.commit)
        try catalog.record(found.record)
        report.packages += 1
        report.files += found.record.files.count
        report.bytesRead += found.record.bytesRead
        report.bytesTotal = report.bytesTotal.addingSaturated(found.record.bytesTotal)
        report.requests += found.record.requests
        report.contradictions += found.record.contradictions.count
        for file in found.record.files {
            for problem in file.problems where problem.offset == nil {
                report.failures.append(PackageFailure(package: found.record.package, path: file.path, reason: problem.message))
            }
        }
    }
}
