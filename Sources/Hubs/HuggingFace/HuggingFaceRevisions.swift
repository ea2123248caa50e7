import Documents
public import Foundation
public import ModelPackage
public import Transport

/// The files of models on the Hugging Face Hub, or on any server that speaks its API.
public struct HuggingFaceRevisions: RevisionSource {
    public let source: String
    private let client: HuggingFaceClient

    /// A model's own answer lists its files up to here; longer lists are asked for page by page. The Hub's own client draws the
    /// line at the same number.
    private static let longestSingleList = 50_000
    private static let maximumFiles = 2_000_000

    public init(endpoint: URL, transport: PoliteTransport) {
        source = withoutCredentials(endpoint.absoluteString)
        client = HuggingFaceClient(endpoint: endpoint, transport: transport)
    }

    public func listing(of package: PackageID, revision: String?) async throws -> RevisionListing {
        try await answer(about: package, revision: revision).listing
    }

    /// What the hub says of a revision: its record of the model, and the files.
    ///
    /// - Throws: as ``listing(of:revision:)``.
    public func answer(
        about package: PackageID, revision: String?
    ) async throws -> (record: RawRecord, listing: RevisionListing) {
        do {
            let answer = try await client.model(package.name, revision: revision)
            let root = try JSONDocument(answer.body, limits: JSONLimits(size: 256 << 20, values: 16_000_000)).root
            let fields = RecordFields(root, name: package.name)
            guard let name = try fields.string("id"), let commit = try fields.string("sha").flatMap({ GitObjectID($0) }) else {
                throw HubError(.huggingface, .unavailable, "\(source) says of \(package) neither its name nor its commit")
            }
            let present = try PackageID.checked(hub: .huggingface, name: name)
            var files = try HuggingFaceRecordReader().files(fields)
            if files.isEmpty || files.count >= Self.longestSingleList { files = try await tree(of: present, commit) }
            return (
                RawRecord(singleLineJSON(answer.body[...])), RevisionListing(package: present, commit: commit, files: files)
            )
        } catch let error as TransportError {
            throw refusal(error, package, revision)
        } catch let error as JSONError {
            throw HubError(
                .huggingface, .unavailable, "\(source) answers about \(package) with what is not JSON: \(error)", cause: error)
        } catch let error as RecordError {
            throw HubError(.huggingface, .unavailable, "\(source) \(error)", cause: error)
        }
    }

    public func location(of file: PackageFile, in listing: RevisionListing) throws -> URL {
        try client.fileURL(listing.package.name, revision: listing.commit.hex, path: file.path)
    }

    private func tree(of package: PackageID, _ commit: GitObjectID) async throws -> [PackageFile] {
        var files: [PackageFile] = []
        for try await page in client.treePages(package.name, revision: commit.hex) {
            for record in page {
                let entry = RecordFields(try JSONDocument(record).root, name: package.name, prefix: "tree.")
                guard try entry.string("type") == "file", let path = try entry.string("path") else { continue }
                var file = PackageFile(path: path, size: try entry.count("size"))
                file.gitObjectID = try entry.string("oid").flatMap { GitObjectID($0) }
                file.isLFS = false
                if let lfs = try entry.object("lfs") {
                    file.isLFS = true
                    file.sha256 = lfs["oid"]?.string.flatMap { SHA256Hash($0) }
                    file.size = lfs["size"]?.int64 ?? file.size
                }
                files.append(file)
            }
            guard files.count <= Self.maximumFiles else {
                throw HubError(.huggingface, .unavailable, "\(package) has more than \(Self.maximumFiles) files")
            }
        }
        return files
    }

    private func refusal(_ error: TransportError, _ package: PackageID, _ revision: String?) -> HubError {
        let what = revision.map { "\(package)@\($0)" } ?? package.description
        switch (error.kind, error.code) {
        case (_, "RevisionNotFound"?):
            return HubError(.huggingface, .badSource, "\(source) has no revision \(what)", cause: error)
        case (.status(404), _):
            return HubError(.huggingface, .badSource, "\(source) has no \(what)", cause: error)
        case (.status(401), _), (.status(403), _):
            return HubError(
                .huggingface, .refused,
                "\(source) refuses \(what) (\(error.reason)): it is private, gated or gone; set HF_TOKEN to a token that may read it",
                cause: error)
        default: return HubError(describing: error, source: source)
        }
    }
}
