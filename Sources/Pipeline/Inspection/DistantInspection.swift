public import Foundation
public import Hubs
public import Inspection
public import ModelFormats
public import ModelPackage
public import Transport

/// Inspects what is not here: a package on a hub, or a file behind an address, by the headers of its files alone.
public struct DistantInspection: Sendable {
    private let transport: PoliteTransport
    private let jobs: Int
    private let limits: ReadLimits

    /// - Parameter jobs: files that are looked at at once.
    public init(_ transport: PoliteTransport, jobs: Int = 8, limits: ReadLimits = ReadLimits()) {
        self.transport = transport
        self.jobs = jobs
        self.limits = limits
    }

    /// One file, named by its address.
    public func inspect(_ url: URL) async throws -> Inspection {
        let path = url.lastPathComponent
        let look = try await DistantFile(url: url, path: path, statedSize: nil, transport: transport).look(limits: limits)
        if let failure = look.file.failure, look.file.contents == nil { throw InspectionFailure(reason: failure) }
        return Inspection(
            target: url.absoluteString, name: nil, card: nil, files: [look.file],
            transfer: Inspection.Transfer(bytesRead: look.file.bytesRead, bytesTotal: look.file.size, requests: look.requests))
    }

    /// A revision of a package.
    ///
    /// - Parameters:
    ///   - listing: the files that the revision has.
    ///   - requests: what the listing took.
    ///   - selection: which files are looked at; sizes do not matter, for only headers come.
    public func inspect(
        _ listing: RevisionListing, from source: any RevisionSource, target: String, requests: Int, _ selection: FileSelection
    ) async throws -> Inspection {
        // A path that could lead elsewhere names nothing of this revision.
        let refused = listing.files.filter { !Self.isSafe($0.path) }
        let wanted = listing.files.filter {
            Self.isSafe($0.path) && Self.isWorthALook($0) && selection.includes($0.path, size: nil)
        }
        var looks: [DistantFile.Look] = []
        var waiting = wanted[...]
        try await runBounded(
            atOnce: jobs,
            next: {
                try waiting.popFirst().map { file in
                    DistantFile(
                        url: try source.location(of: file, in: listing), path: file.path, statedSize: Self.size(file),
                        transport: transport)
                }
            },
            work: { try await $0.look(limits: limits) }, take: { looks.append($0) })
        // A package whose every file is refused (gated, disabled) says nothing, and why once.
        if let refusal = looks.first?.file.failure, looks.allSatisfy({ $0.file.failure != nil && $0.file.contents == nil }) {
            throw InspectionFailure(reason: refusal)
        }
        let card = looks.first { $0.file.path == "README.md" }?.text
        let read = Set(looks.map(\.file.path) + refused.map(\.path))
        let others = listing.files.filter { !read.contains($0.path) }
            .map { InspectedFile(path: $0.path, size: Self.size($0) ?? 0, bytesRead: 0, contents: nil) }
        let failures = refused.map {
            InspectedFile(
                path: $0.path, size: 0, bytesRead: 0, contents: nil, failure: "the path could do harm: it was not asked for")
        }
        let files = looks.map(\.file) + others + failures
        let transfer = Inspection.Transfer(
            bytesRead: looks.reduce(0) { $0 + $1.file.bytesRead }, bytesTotal: files.totalSize,
            requests: looks.reduce(requests) { $0 + $1.requests })
        return Inspection(target: target, name: listing.package.name, card: card, files: files, transfer: transfer)
    }

    static func isSafe(_ path: String) -> Bool {
        do throws(InvalidFilePath) {
            _ = try FilePath(path)
            return true
        } catch {
            return false
        }
    }

    /// What the hub states, if any file can have it.
    static func size(_ file: PackageFile) -> Int? {
        file.size.flatMap { 0...InspectedFile.largestSize ~= $0 ? Int($0) : nil }
    }

    /// Weights, the configurations that speak of them, and the card. A tokenizer's words are megabytes and say little of the model.
    private static func isWorthALook(_ file: PackageFile) -> Bool {
        let name = Names.last(of: file.path)
        if name.hasSuffix(".json") {
            return ["config.json", "adapter_config.json", "model_index.json"].contains(name) || name.hasSuffix(".index.json")
        }
        if file.path == "README.md" { return true }
        // What is smaller than the smallest header is a placeholder.
        return Names.mayBeModel(file.path) && file.size ?? 1 > 0
    }
}

/// Why nothing can be said of a target.
public struct InspectionFailure: Error, CustomStringConvertible {
    public let reason: String
    public var description: String { reason }
}
