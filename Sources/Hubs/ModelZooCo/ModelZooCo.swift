import Documents
import Foundation
public import ModelPackage
public import Transport

/// ModelZoo.co: a JSON API that lists models, then one answer a model; or a folder with `models.json` and
/// `models/SLUG.json`.
public struct ModelZooCo: ModelHub {
    public let id = HubID.modelzoo
    public let source: String
    private let location: HubLocation
    private let jobs: Int
    private let isTheHubItself: Bool

    /// Where the hub is when nothing else is said.
    public static let address = "https://modelzoo.co"
    /// The API lists so many models a page.
    private static let pageStep = 50
    private static let maximumPages = 2000

    /// - Parameter location: a base address, or a folder.
    public init(location: String = address, transport: PoliteTransport, jobs: Int = 8) throws(HubError) {
        source = withoutCredentials(location)
        self.jobs = jobs
        isTheHubItself = location == Self.address
        if let url = URL(string: location.hasSuffix("/") ? location : location + "/"), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme)
        {
            self.location = HubLocation(hub: .modelzoo, place: .web(url), transport: transport)
            return
        }
        let path = (location as NSString).expandingTildeInPath
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw HubError(
                .modelzoo, .badSource,
                "there is no folder \(path): give a base address, or a folder with models.json and models/SLUG.json")
        }
        self.location = HubLocation(
            hub: .modelzoo, place: .folder(URL(filePath: path, directoryHint: .isDirectory)), transport: transport)
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        let entries = try await self.entries()
        let asksGit = isTheHubItself || query.wantsDetails
        let records = try await mapConcurrently(entries, jobs: jobs) { try await record(of: $0, asksGit: asksGit) }
        return try MemoryListing(query.select(from: records, ModelZooRecordReader()), of: id, after: resumePoint)
    }

    /// All list entries. Whether the first page is complete is documented nowhere, so pages are asked for until one brings
    /// nothing new.
    private func entries() async throws -> [JSONValue] {
        if case .folder = location.place {
            guard let text = try await location.text("models.json") else {
                throw HubError(.modelzoo, .badSource, "\(source) has no models.json")
            }
            return try models(in: text, "models.json")
        }
        var entries: [JSONValue] = []
        var slugs: Set<String> = []
        for page in 0..<Self.maximumPages {
            let path = "api/models/\(page * Self.pageStep)/"
            guard let text = try await location.text(path) else {
                if page == 0 { throw HubError(.modelzoo, .badSource, "\(source)/\(path) is not there: is it ModelZoo.co's API?") }
                break
            }
            let fresh = try models(in: text, path).filter { entry in
                entry["slug"]?.string.map { slugs.insert($0).inserted } ?? (page == 0)
            }
            if fresh.isEmpty { break }
            entries += fresh
        }
        return entries
    }

    private func models(in text: [UInt8], _ path: String) throws -> [JSONValue] {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(text).root
        } catch {
            throw HubError(.modelzoo, .unavailable, "\(source) \(path) is not JSON: \(error)", cause: error)
        }
        let list = root.kind == .array ? root : root["models"]
        guard let list, list.kind == .array else {
            throw HubError(.modelzoo, .unavailable, "\(source) \(path) has no list of models")
        }
        return Array(list.elements)
    }

    private func record(of entry: JSONValue, asksGit: Bool) async throws -> RawRecord {
        var answer: [UInt8]?
        var problem: String?
        if let slug = entry["slug"]?.string, (try? PackageID(hub: .modelzoo, name: slug)) != nil,
            let escaped = slug.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        {
            let path = if case .folder = location.place { "models/\(escaped).json" } else { "api/models/\(escaped)/" }
            do {
                answer = try await location.text(path)
            } catch let error as HubError where error.concernsOneModel {
                problem = error.message
            }
            if let answer {
                do throws(JSONError) {
                    _ = try JSONDocument(answer)
                } catch {
                    problem = "\(path) is not JSON: \(error)"
                }
            }
        }
        var commit: GitObjectID?
        if asksGit, let link = entry["link"]?.string, let repository = RepositoryName(url: link) {
            commit = await GitTree.head(of: "https://github.com/\(repository.owner)/\(repository.name)", branch: nil)
        }
        var writer = JSONWriter()
        writer.object { record in
            record.key("entry")
            record.raw(singleLineJSON(entry.source))
            if let answer, problem == nil {
                record.key("model")
                record.raw(singleLineJSON(answer[...]))
            } else if let answer {
                record.member("text", String(decoding: answer, as: UTF8.self))
            }
            record.member("problem", problem)
            record.member("commit", commit?.hex)
        }
        return RawRecord(writer.bytes[...])
    }
}
