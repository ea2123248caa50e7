import Foundation
import HTTPTypes
public import Hummingbird
import ModelPackage
import NIOCore

/// The read side of the Hugging Face Hub's API over a ``MirroredHub``: lists with filters and pages, one model, its tree, its
/// branches and history, its files.
///
/// Answers and errors have the Hub's form, so that its own client works unchanged against it.
public struct HubMirrorRoutes<Context: MirrorRequestContext>: Sendable {
    let hub: any MirroredHub

    public init(_ hub: any MirroredHub) {
        self.hub = hub
    }

    /// Puts the mirror's addresses on a router.
    public func add(to router: some RouterMethods<Context>) {
        for method in [HTTPRequest.Method.get, .head, .post] {
            router.on("/api/models", method: method) { request, context in try await answer(request, context) }
            router.on("/api/models/**", method: method) { request, context in try await answer(request, context) }
        }
        for method in [HTTPRequest.Method.get, .head] {
            router.on("/:owner/**", method: method) { request, context in try await answer(request, context) }
        }
    }

    /// The answer to any request; also used where the mirror is one of several that look at a path.
    public func answer(_ request: Request, _ context: Context) async throws -> Response {
        let response: Response
        do {
            guard let asked = MirrorRequest(path: request.uri.path) else { throw Refusal(404, "Not Found") }
            response = try await answer(asked, request, context)
        } catch let refusal as Refusal {
            response = .hubError(refusal)
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ asked: MirrorRequest, _ request: Request, _ context: Context) async throws -> Response {
        guard let name = asked.name else { return try await list(request, context.caller) }
        guard let model = try await hub.model(named: name, for: context.caller) else {
            if let newName = try await hub.newName(of: name), try await hub.model(named: newName, for: context.caller) != nil {
                return redirect(request, from: name, to: newName)
            }
            return context.caller.isKnown
                ? .hubError(.notFound, "Repository not found", code: "RepoNotFound")
                // The Hub gives no code here; its client tells a missing model from a bad token by it all the same, but only over HTTPS.
                : .hubError(.unauthorized, "Invalid username or password.", code: "RepoNotFound")
        }
        if let refusal = try await hub.refusal(of: model, asked.part, for: context.caller) { throw refusal }
        var response = try await answer(asked, about: model, request, context)
        for note in await hub.notes(on: model) {
            if let field = HTTPField.Name(note.name) { response.headers[field] = note.value }
        }
        return response
    }

    private func answer(
        _ asked: MirrorRequest, about model: MirroredModel, _ request: Request, _ context: Context
    ) async throws -> Response {
        switch asked {
        case .list: return try await list(request, context.caller)
        case .references: return .json(RecordAnswer.references(of: model))
        case .commits(_, let revision): return try await commits(of: model, revision: revision, request)
        case .model(_, let revision):
            let query = QueryParameters(request)
            let choice = try FieldChoice(query, isList: false)
            return .json(RecordAnswer.record(of: try await self.revision(revision ?? "main", of: model), choice))
        case .tree(_, let revision, let folder):
            return try tree(of: try await self.revision(revision, of: model), named: revision, folder: folder, request)
        case .pathsInfo(_, let revision):
            return try await pathsInfo(of: try await self.revision(revision, of: model), request)
        case .file(_, let revision, let path):
            return try await file(of: model, try await self.revision(revision, of: model), path: path, request, context)
        }
    }

    private func revision(_ name: String, of model: MirroredModel) async throws -> MirroredRevision {
        guard let revision = try await hub.revision(name, of: model) else { throw Refusal.revisionNotFound(name) }
        return revision
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
}

extension MirrorRequest {
    /// What of the model the request is about.
    fileprivate var part: ModelPart {
        switch self {
        case .list, .model, .references: .record
        case .tree, .pathsInfo: .listing
        case .commits, .file: .content
        }
    }
}
