import Documents
import Foundation
import HTTPTypes
public import Hummingbird
import ModelPackage
import NIOCore

/// The read side of the Hugging Face Hub's API over a ``MirroredHub``: lists with filters and pages, one model, its tree, its
/// branches and history, its files.
///
/// Answers and errors have the Hub's form, so that its own client works unchanged against it.
public struct HubMirrorRoutes<Context: RequestContext>: Sendable {
    private let hub: any MirroredHub
    private let token: String?
    private let files = FileIO()

    /// - Parameter token: a token that sees private and gated models; nobody does without one.
    public init(_ hub: any MirroredHub, token: String? = nil) {
        self.hub = hub
        self.token = token
    }

    /// Puts the mirror's addresses on a router.
    public func add(to router: Router<Context>) {
        router.get("/api/models") { request, context in try await answer(request, context) }
        router.get("/api/models/**") { request, context in try await answer(request, context) }
        router.post("/api/models/**") { request, context in try await answer(request, context) }
        router.get("/:owner/**") { request, context in try await answer(request, context) }
        router.head("/:owner/**") { request, context in try await answer(request, context).createHeadResponse() }
    }

    private func answer(_ request: Request, _ context: Context) async throws -> Response {
        guard let asked = MirrorRequest(path: request.uri.path) else { return .hubError(.notFound, "Not Found") }
        let caller = Caller(request, token: token)
        guard let name = asked.name else { return try await list(request, caller) }
        guard let model = try await find(name, caller) else {
            if let newName = try await hub.newName(of: name), try await find(newName, caller) != nil {
                return redirect(request, from: name, to: newName)
            }
            return caller.isKnown
                ? .hubError(.notFound, "Repository not found", code: "RepoNotFound")
                // The Hub gives no code here; its client tells a missing model from a bad token by it all the same, but only over HTTPS.
                : .hubError(.unauthorized, "Invalid username or password.", code: "RepoNotFound")
        }
        switch asked {
        case .list: return try await list(request, caller)
        case .model(_, let revision):
            guard let commit = model.commit(of: revision ?? "main") else { return .revisionNotFound(revision ?? "main") }
            return .json(record(of: model, commit: commit, request, isList: false))
        case .references: return .json(references(of: model))
        case .commits(_, let revision):
            if let refusal = refusal(model, caller) { return refusal }
            return commits(of: model, revision: revision, request)
        case .tree(_, let revision, let folder):
            if let refusal = refusal(model, caller, closesGated: false) { return refusal }
            return tree(of: model, revision: revision, folder: folder, request)
        case .pathsInfo(_, let revision):
            if let refusal = refusal(model, caller, closesGated: false) { return refusal }
            return try await pathsInfo(of: model, revision: revision, request)
        case .file(_, let revision, let path):
            if let refusal = refusal(model, caller) { return refusal }
            return try await file(of: model, revision: revision, path: path, request, context)
        }
    }

    /// Who asks, as far as it matters.
    private struct Caller {
        let isKnown: Bool

        init(_ request: Request, token: String?) {
            isKnown = token != nil && request.headers[.authorization] == token.map { "Bearer \($0)" }
        }
    }

    private func find(_ name: String, _ caller: Caller) async throws -> MirroredModel? {
        try await hub.models().first { $0.name == name && (!$0.isPrivate || caller.isKnown) }
    }

    /// Why the content of a model is closed to the caller. Records are open all the same.
    private func refusal(_ model: MirroredModel, _ caller: Caller, closesGated: Bool = true) -> Response? {
        if model.isDisabled { return .hubError(.forbidden, "Access to this resource is disabled.") }
        if closesGated, model.gated != .open, !caller.isKnown {
            return .hubError(
                .unauthorized,
                "Access to model \(model.name) is restricted. You must have access to it and be authenticated to access it.",
                code: "GatedRepo")
        }
        return nil
    }

    /// A renamed model answers with a relative redirect to the same question under its new name.
    private func redirect(_ request: Request, from name: String, to newName: String) -> Response {
        let path = request.uri.path
        let target =
            path.range(of: name).map { path.replacingCharacters(in: $0, with: newName) } ?? "/api/models/\(newName)"
        let location = target + (request.uri.query.map { "?\($0)" } ?? "")
        return Response(
            status: .temporaryRedirect, headers: [.location: location, .contentType: "text/plain"],
            body: .init(byteBuffer: ByteBuffer(string: "Temporary Redirect. Redirecting to \(location)")))
    }

    // MARK: Lists

    private func list(_ request: Request, _ caller: Caller) async throws -> Response {
        let query = ListQuery(request)
        if let unknown = query.unknownField { return .hubError(.badRequest, "Invalid option for expand: \(unknown)") }
        let models = try await hub.models().filter { (!$0.isPrivate || caller.isKnown) && query.matches($0) }
            .sorted { query.precedes($0, $1) }
        let end = min(query.offset + query.limit, models.count)
        let page = query.offset < end ? Array(models[query.offset..<end]) : []
        var writer = JSONWriter()
        writer.array { list in
            for model in page { list.raw(record(of: model, commit: model.revision, request, isList: true).bytes) }
        }
        var response = Response.json(writer)
        if end < models.count { response.headers[.link] = nextLink(request, offset: end) }
        return response
    }

    /// The address of the next page: absolute, with every parameter of this one.
    private func nextLink(_ request: Request, offset: Int) -> String {
        var parts = URLComponents()
        parts.scheme = "http"
        let authority = request.head.authority ?? "localhost"
        let host = authority.split(separator: ":")
        parts.host = host.first.map(String.init)
        parts.port = host.count > 1 ? Int(host[1]) : nil
        parts.percentEncodedPath = request.uri.path
        let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
        parts.percentEncodedQuery =
            (kept + ["cursor=\(Data("\(offset)".utf8).base64EncodedString().replacing("=", with: "%3D"))"])
            .joined(separator: "&")
        return "<\(parts.string ?? "")>; rel=\"next\""
    }

    /// A model's record with the fields that the request asks for.
    private func record(of model: MirroredModel, commit: String, _ request: Request, isList: Bool) -> JSONWriter {
        let wanted = FieldChoice(request, isList: isList)
        var writer = JSONWriter()
        writer.object { object in
            for key in model.fields.keys.sorted() where wanted.includes(key) {
                object.key(key)
                if key == "siblings", wanted.wantsBlobs {
                    siblings(of: model, to: &object)
                } else if key == "sha" {
                    object.string(commit)
                } else {
                    object.raw((model.fields[key] ?? "null").utf8)
                }
            }
        }
        return writer
    }

    private func siblings(of model: MirroredModel, to object: inout JSONWriter) {
        object.array { list in
            for file in model.files {
                list.object { entry in
                    entry.member("rfilename", file.path)
                    entry.member("blobId", file.gitObjectID)
                    entry.member("size", file.size)
                    if let sha256 = file.sha256 {
                        entry.key("lfs")
                        entry.object { lfs in
                            lfs.member("sha256", sha256)
                            lfs.member("size", file.size)
                            lfs.member("pointerSize", file.pointerSize)
                        }
                    }
                }
            }
        }
    }

    // MARK: Branches, history, files

    private func references(of model: MirroredModel) -> JSONWriter {
        var writer = JSONWriter()
        func list(_ key: String, _ entries: [String: String], _ prefix: String, _ object: inout JSONWriter) {
            object.key(key)
            object.array { array in
                for (name, target) in entries.sorted(by: { $0.key < $1.key }) {
                    array.object { entry in
                        entry.member("name", name)
                        entry.member("ref", prefix + name)
                        entry.member("targetCommit", target)
                    }
                }
            }
        }
        writer.object { object in
            list("tags", model.tags, "refs/tags/", &object)
            list("branches", model.branches, "refs/heads/", &object)
            list("converts", [:], "", &object)
        }
        return writer
    }

    private func commits(of model: MirroredModel, revision: String, _ request: Request) -> Response {
        guard let commit = model.commit(of: revision), let start = model.commits.firstIndex(where: { $0.id == commit }) else {
            return .revisionNotFound(revision)
        }
        let query = ListQuery(request)
        let page = request.uri.queryParameters.get("p").flatMap { Int($0) } ?? 0
        let history = Array(model.commits[start...])
        let first = max(query.offset, page * query.limit)
        let end = min(first + query.limit, history.count)
        var writer = JSONWriter()
        writer.array { list in
            for commit in first < end ? history[first..<end] : [] {
                list.object { entry in
                    entry.member("id", commit.id)
                    entry.member("title", commit.title)
                    entry.member("message", "")
                    entry.key("authors")
                    entry.array { authors in for author in commit.authors { authors.object { $0.member("user", author) } } }
                    entry.member("date", commit.date.description)
                }
            }
        }
        var response = Response.json(writer)
        response.headers[HTTPField.Name("X-Total-Count")!] = String(history.count)
        if end < history.count { response.headers[.link] = nextLink(request, offset: end) }
        return response
    }

    private func tree(of model: MirroredModel, revision: String, folder: String, _ request: Request) -> Response {
        guard model.commit(of: revision) != nil else { return .revisionNotFound(revision) }
        let isRecursive = ["true", "True", "1"].contains(request.uri.queryParameters.get("recursive") ?? "")
        let entries = TreeEntries(model.files, below: folder, isRecursive: isRecursive)
        if entries.list.isEmpty, !folder.isEmpty {
            return .hubError(.notFound, "\(folder) does not exist on \"\(revision)\"", code: "EntryNotFound")
        }
        let query = ListQuery(request)
        let end = min(query.offset + query.limit, entries.list.count)
        var writer = JSONWriter()
        writer.array { list in
            for entry in query.offset < end ? entries.list[query.offset..<end] : [] { entry.write(to: &list) }
        }
        var response = Response.json(writer)
        if end < entries.list.count { response.headers[.link] = nextLink(request, offset: end) }
        return response
    }

    private func pathsInfo(of model: MirroredModel, revision: String, _ request: Request) async throws -> Response {
        guard model.commit(of: revision) != nil else { return .revisionNotFound(revision) }
        let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
        let paths: [String]
        if let root = try? JSONDocument(Array(body.utf8)).root {
            paths = root["paths"]?.elements.compactMap { $0.string } ?? []
        } else {
            paths =
                URLComponents(string: "?" + body.replacing("+", with: "%20"))?.queryItems?.filter { $0.name == "paths" }
                .compactMap(\.value) ?? []
        }
        var writer = JSONWriter()
        writer.array { list in
            for path in paths {
                if let file = model.files.first(where: { $0.path == path }) {
                    TreeEntries.Entry.file(file).write(to: &list)
                } else if model.files.contains(where: { $0.path.hasPrefix(path + "/") }) {
                    TreeEntries.Entry.folder(path).write(to: &list)
                }
            }
        }
        return .json(writer)
    }

    private func file(
        of model: MirroredModel, revision: String, path: String, _ request: Request, _ context: Context
    ) async throws -> Response {
        guard let commit = model.commit(of: revision) else { return .revisionNotFound(revision) }
        guard let file = model.files.first(where: { $0.path == path }) else {
            var response = Response.hubError(.notFound, "Entry not found", code: "EntryNotFound")
            response.headers[.xRepoCommit] = commit
            return response
        }
        let etag = "\"\(file.sha256 ?? file.gitObjectID)\""
        var headers: HTTPFields = [
            .contentType: "application/octet-stream", .acceptRanges: "bytes", .eTag: etag, .xRepoCommit: commit,
            .contentDisposition: "inline; filename=\"\((path as NSString).lastPathComponent.replacing("\"", with: "_"))\"",
        ]
        if file.sha256 != nil {
            headers[.xLinkedETag] = etag
            headers[.xLinkedSize] = String(file.size)
        }
        if request.headers[.ifNoneMatch] == etag { return Response(status: .notModified, headers: headers) }
        switch ByteRange(header: request.headers[.range], size: file.size) {
        case .whole:
            return Response(
                status: .ok, headers: headers, body: try await files.loadFile(path: file.content.path, context: context))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(file.size)"
            let part = Int(range.lowerBound)...Int(range.upperBound)
            return Response(
                status: .partialContent, headers: headers,
                body: try await files.loadFile(path: file.content.path, range: part, context: context))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(file.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }
}
