import Foundation
public import Hubs
import ModelFormats
import ModelPackage
public import Scanning
public import Transport

/// Scans a package on a hub without fetching its weights: of each file come the ranges that the scanner looks at.
public struct DistantScan: Sendable {
    private let transport: PoliteTransport
    private let jobs: Int
    private let scan: LocalScan

    /// - Parameter jobs: files that are looked at at once.
    public init(_ transport: PoliteTransport, jobs: Int, _ scan: LocalScan) {
        self.transport = transport
        self.jobs = jobs
        self.scan = scan
    }

    /// A revision's files; a path that could lead elsewhere is told and not asked for.
    public func scan(_ listing: RevisionListing, from source: any RevisionSource) async throws -> ScanReport {
        let revision = "\(listing.package)@\(listing.commit)"
        func input(_ path: String) -> LocalScan.Input {
            LocalScan.Input(place: path, path: "\(revision)/\(path)", name: path, group: revision)
        }
        var scanned = listing.files.filter { !DistantInspection.isSafe($0.path) }.map {
            LocalScan.Scanned(input($0.path), failure: "the path could do harm: it was not asked for")
        }
        var waiting = listing.files.filter { DistantInspection.isSafe($0.path) }[...]
        try await runBounded(
            atOnce: jobs,
            next: { () -> (DistantFile, LocalScan.Input)? in
                try waiting.popFirst().map { file in
                    var distant = DistantFile(
                        url: try source.location(of: file, in: listing), path: file.path,
                        statedSize: DistantInspection.size(file), transport: transport)
                    distant.budget = DistantFile.Budget(requests: 1024, bytes: 1 << 30)
                    return (distant, input(file.path))
                }
            },
            work: { [scan] file, input in
                let reading = try await file.read { source in try scan.scanned(source, input) }
                switch reading.result {
                case .success(let scanned): return scanned
                case .failure(let failure): return LocalScan.Scanned(input, failure: "cannot be read: \(failure.reason)")
                }
            },
            take: { scanned.append($0) })
        return await scan.report(of: scanned)
    }
}
