import Documents
import Foundation
public import ModelPackage
public import Transport

/// Modelhub.ai: an index in one file, then a GitHub repository a model, whose `config.json` describes it.
public struct ModelhubAI: ModelHub {
    public let id = HubID.modelhub
    public let source: String
    private let index: HubLocation
    private let indexName: String
    private let jobs: Int
    private let isTheHubItself: Bool

    /// Where the index is when nothing else is said.
    public static let address = "https://raw.githubusercontent.com/modelhub-ai/modelhub/master/models.json"

    /// - Parameter location: an address or a file of `models.json`. Beside a copy, the models' repositories are looked for as
    ///   `repos/OWNER/NAME/…`; for the hub's own index they are read from GitHub.
    public init(location: String = address, transport: PoliteTransport, jobs: Int = 8) throws(HubError) {
        source = withoutCredentials(location)
        self.jobs = jobs
        isTheHubItself = location == Self.address
        if let url = URL(string: location), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme) {
            index = HubLocation(hub: .modelhub, place: .web(url.deletingLastPathComponent()), transport: transport)
            indexName = url.lastPathComponent
            return
        }
        let path = (location as NSString).expandingTildeInPath
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw HubError(.modelhub, .badSource, "there is no file \(path): give an address or a file of models.json")
        }
        let file = URL(filePath: path)
        let folder = isFolder.boolValue ? file : file.deletingLastPathComponent()
        index = HubLocation(hub: .modelhub, place: .folder(folder), transport: transport)
        indexName = isFolder.boolValue ? "models.json" : file.lastPathComponent
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        guard let text = try await index.text(indexName) else {
            throw HubError(.modelhub, .badSource, "\(source) is not there: give an address or a file of models.json")
        }
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(text).root
        } catch {
            throw HubError(.modelhub, .badSource, "\(source) is not a JSON list of models: \(error)", cause: error)
        }
        guard root.kind == .array else { throw HubError(.modelhub, .badSource, "\(source) is not a JSON list of models") }
        let entries = Array(root.elements)
        let asksGit = isTheHubItself || query.wantsDetails
        let records = try await mapConcurrently(entries, jobs: jobs) { try await record(of: $0, asksGit: asksGit) }
        return try MemoryListing(query.select(from: records, ModelhubRecordReader()), of: id, after: resumePoint)
    }

    /// An index entry with what the model's repository says of it.
    private func record(of entry: JSONValue, asksGit: Bool) async throws -> RawRecord {
        let address = entry["github"]?.string ?? ""
        let branch = entry["github_branch"]?.string ?? "master"
        var texts: [(key: String, path: String, text: [UInt8])] = []
        var problem: String?
        var commit: GitObjectID?
        if let repository = RepositoryName(url: address) {
            for (key, path) in [
                ("config", "contrib_src/model/config.json"), ("init", "init/init.json"), ("license", "contrib_src/license/model"),
                ("sample_license", "contrib_src/license/sample_data"),
            ] {
                do {
                    if let text = try await text(path, repository, branch) { texts.append((key, path, text)) }
                } catch let error as HubError where error.concernsOneModel {
                    problem = error.message
                }
            }
            if asksGit { commit = await GitTree.head(of: address, branch: branch) }
        }
        var writer = JSONWriter()
        writer.object { record in
            record.key("index")
            record.raw(singleLineJSON(entry.source))
            for (key, path, text) in texts {
                record.key(key)
                record.object { file in
                    file.member("path", path)
                    file.member("text", String(decoding: text, as: UTF8.self))
                }
            }
            record.member("problem", problem)
            record.member("commit", commit?.hex)
        }
        return RawRecord(writer.bytes[...])
    }

    private func text(_ path: String, _ repository: RepositoryName, _ branch: String) async throws -> [UInt8]? {
        if isTheHubItself {
            return try await index.text(
                "https://raw.githubusercontent.com/\(repository.owner)/\(repository.name)/\(branch)/\(path)", limit: 1 << 20)
        }
        return try await index.text("repos/\(repository.owner)/\(repository.name)/\(path)", limit: 1 << 20)
    }
}
