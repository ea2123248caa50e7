import Catalog
import Documents
import HTTPTypes
import HubMirror
import Hummingbird
import ModelPackage
import NIOCore
import Snapshots

/// Answers git's requests, which have the names of repositories in front and can be told by their ends alone.
struct GitMiddleware: RouterMiddleware {
    let git: GitRoutes

    func handle(
        _ request: Request, context: ServeContext, next: (Request, ServeContext) async throws -> Response
    ) async throws -> Response {
        if let answer = try await git.answer(request, context) { return answer }
        return try await next(request, context)
    }
}

/// Repositories with their history, for git and git-lfs, read only.
struct GitRoutes: Sendable {
    let hub: DatasetHub
    private let backend = GitBackend(processes: 8)
    private static let lfsType = "application/vnd.git-lfs+json"

    init(_ hub: DatasetHub) {
        self.hub = hub
    }

    /// The answer where a request is git's; nil where it is not.
    func answer(_ request: Request, _ context: ServeContext) async throws -> Response? {
        guard let (name, git) = GitRequest.read(request.uri.path) else { return nil }
        if git == .receivePack || request.uri.query?.contains("git-receive-pack") == true {
            throw Refusal(403, "This server gives repositories; it takes no pushes.")
        }
        guard let package = try await hub.package(named: name) else {
            throw Refusal(404, "Repository not found", code: "RepoNotFound")
        }
        if let refusal = try await hub.refusal(ofRepository: package) { throw refusal }
        switch git {
        case .references, .uploadPack: return try await repository(package, git, request)
        case .receivePack: return nil
        case .largeFileLocks:
            return json(.notFound) { $0.object { $0.member("message", "there are no locks here") } }
        case .largeFileBatch: return try await batch(package, request)
        case .largeFile(let name): return try await largeFile(name, of: package, request, context)
        }
    }

    private func repository(_ package: ServedPackage, _ git: GitRequest, _ request: Request) async throws -> Response {
        guard let repository = package.repository else {
            throw Refusal(404, "\(package.id) has no history in this dataset: run 'weir snapshot \(package.id) --history'")
        }
        guard git == .references ? request.method == .get : request.method == .post else {
            throw Refusal(405, "Method not allowed")
        }
        guard git != .references || QueryParameters(request).first("service") == "git-upload-pack" else {
            throw Refusal(403, "Only git's smart protocol is served.")
        }
        return try await backend.respond(to: request, git, mirror: repository.mirror.folder)
    }

    // MARK: Large files (git-lfs, docs/api/batch.md)

    private func batch(_ package: ServedPackage, _ request: Request) async throws -> Response {
        guard request.method == .post else { throw Refusal(405, "Method not allowed") }
        let body = try await request.body.collect(upTo: 4 << 20)
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(Array(body.readableBytesView)).root
        } catch {
            return json(.unprocessableContent) { $0.object { $0.member("message", "the body is not JSON: \(error)") } }
        }
        guard root["operation"]?.string == "download" else {
            return json(.forbidden) { $0.object { $0.member("message", "this server takes no uploads") } }
        }
        let held = try await largeFiles(of: package)
        let base = "\(PublicAddress.base(of: request))/\(package.name)/info/lfs/objects"
        return json(.ok) { writer in
            writer.object { answer in
                answer.member("transfer", "basic")
                answer.member("hash_algo", "sha256")
                answer.key("objects")
                answer.array { list in
                    for object in root["objects"]?.elements.prefix(Self.largestBatch).map({ $0 }) ?? [] {
                        Self.write(object, held: held, base: base, to: &list)
                    }
                }
            }
        }
    }

    private static let largestBatch = 1000

    private static func write(_ object: JSONValue, held: [SHA256Hash: Int64], base: String, to list: inout JSONWriter) {
        list.object { entry in
            let oid = object["oid"]?.string ?? ""
            entry.member("oid", oid)
            let size = SHA256Hash(oid).flatMap { held[$0] }
            entry.member("size", size ?? object["size"]?.int64 ?? 0)
            if size != nil {
                entry.key("actions")
                entry.object { actions in
                    actions.key("download")
                    actions.object { $0.member("href", "\(base)/\(oid)") }
                }
            } else {
                entry.key("error")
                entry.object { error in
                    error.member("code", 404)
                    error.member("message", "this dataset does not hold it")
                }
            }
        }
    }

    private func largeFile(
        _ name: String, of package: ServedPackage, _ request: Request, _ context: ServeContext
    ) async throws -> Response {
        guard let hash = SHA256Hash(name), let size = try await largeFiles(of: package)[hash] else {
            throw Refusal(404, "this dataset does not hold it")
        }
        let content = try await hub.content(hash, size: size, named: "\(hash) of \(package.id)")
        return try await FileAnswer(content, etag: hash.hex, name: hash.hex).response(to: request, context)
    }

    /// The large files of all commits of a package that a snapshot was taken of: no other package's are given under its name.
    private func largeFiles(of package: ServedPackage) async throws -> [SHA256Hash: Int64] {
        var files: [SHA256Hash: Int64] = [:]
        for snapshot in package.snapshots {
            guard let revision = try await hub.revision(snapshot.revision.hex, of: package) else { continue }
            for file in revision.mirrored.files where file.sha256 != nil {
                if case .blob(let hash, let size)? = revision.held[file.path] { files[hash] = size }
            }
        }
        return files
    }

    private func json(_ status: HTTPResponse.Status, _ body: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        body(&writer)
        return Response(
            status: status, headers: [.contentType: Self.lfsType], body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }
}
