import Documents
public import Foundation
public import ModelPackage

/// PyTorch Hub: the repository `pytorch/hub`, or a copy of it; one Markdown file at its root for each record.
public struct PyTorchHub: ModelHub {
    public let id = HubID.pytorch
    public let source: String
    private let repository: RepositorySource

    /// Where the hub is when nothing else is said.
    public static let address = "https://github.com/pytorch/hub"

    /// Texts at the root that are about the hub, not records.
    private static let otherTexts: Set<String> = ["README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md"]

    /// - Parameters:
    ///   - location: a git address, a checkout, a bare repository, or a folder with the hub's files.
    ///   - workFolder: where a clone of an address may be kept between runs.
    public init(location: String = address, workFolder: URL) {
        source = withoutCredentials(location)
        repository = RepositorySource(hub: .pytorch, location: location, workFolder: workFolder)
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        let tree = try await repository.open()
        let paths = try await tree.files().map(\.path).filter { path in
            path.hasSuffix(".md") && !path.contains("/") && !Self.otherTexts.contains(path)
        }
        guard !paths.isEmpty else {
            throw HubError(.pytorch, .badSource, "\(source) holds no record (no .md file at its root): is it the PyTorch Hub?")
        }
        let texts = try await tree.contents(of: paths, limit: 4 << 20)
        let commits = try await tree.lastCommits()
        let records = paths.map { path in
            var writer = JSONWriter()
            writer.object { record in
                record.member("path", path)
                record.member("text", texts[path].map { String(decoding: $0, as: UTF8.self) })
                if let commit = commits[path] {
                    record.key("commit")
                    record.object { entry in
                        entry.member("id", commit.id.hex)
                        entry.member("date", commit.date.description)
                    }
                }
            }
            return RawRecord(writer.bytes[...])
        }
        return try MemoryListing(query.select(from: records, PyTorchHubRecordReader()), of: id, after: resumePoint)
    }
}
