import Foundation

/// What a client asks of the mirror, read from a request's path. Segments are split before they are decoded, so an encoded slash
/// stays inside its segment.
enum MirrorRequest: Equatable {
    case list
    case model(name: String, revision: String?)
    case references(name: String)
    case commits(name: String, revision: String)
    case tree(name: String, revision: String, folder: String)
    case pathsInfo(name: String, revision: String)
    case file(name: String, revision: String, path: String)

    /// Nil for a path that the mirror does not know.
    init?(path: String) {
        let raw = path.split(separator: "/", omittingEmptySubsequences: true)
        var segments: [String] = []
        for segment in raw {
            guard let decoded = String(segment).removingPercentEncoding, !decoded.utf8.contains(0), decoded != "..",
                decoded != "."
            else {
                return nil
            }
            segments.append(decoded)
        }
        if segments.starts(with: ["api", "models"]) {
            self.init(api: Array(segments.dropFirst(2)))
            return
        }
        guard let verb = segments.firstIndex(of: "resolve"), (1...2).contains(verb), segments.count >= verb + 3 else {
            return nil
        }
        self = .file(
            name: segments[..<verb].joined(separator: "/"), revision: segments[verb + 1],
            path: segments[(verb + 2)...].joined(separator: "/"))
    }

    private init?(api segments: [String]) {
        if segments.isEmpty {
            self = .list
            return
        }
        let verbs: Set<String> = ["revision", "refs", "commits", "tree", "paths-info"]
        guard let verb = segments.indices.first(where: { (1...2).contains($0) && verbs.contains(segments[$0]) }) else {
            guard segments.count <= 2 else { return nil }
            self = .model(name: segments.joined(separator: "/"), revision: nil)
            return
        }
        let name = segments[..<verb].joined(separator: "/")
        let rest = Array(segments[(verb + 1)...])
        switch segments[verb] {
        case "revision" where rest.count == 1: self = .model(name: name, revision: rest[0])
        case "refs" where rest.isEmpty: self = .references(name: name)
        case "commits" where rest.count == 1: self = .commits(name: name, revision: rest[0])
        case "tree" where !rest.isEmpty:
            self = .tree(name: name, revision: rest[0], folder: rest.dropFirst().joined(separator: "/"))
        case "paths-info" where rest.count == 1: self = .pathsInfo(name: name, revision: rest[0])
        default: return nil
        }
    }

    /// The model's name, where the request is about one.
    var name: String? {
        switch self {
        case .list: nil
        case .model(let name, _), .references(let name), .commits(let name, _), .tree(let name, _, _), .pathsInfo(let name, _),
            .file(let name, _, _):
            name
        }
    }
}

/// One range of bytes (RFC 9110, section 14).
enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int64>)
    case unsatisfiable

    /// A header that is not understood, or asks for several ranges, is passed over, as the RFC allows.
    init(header: String?, size: Int64) {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let bounds = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else {
            self = .whole
            return
        }
        switch (Int64(bounds[0]), Int64(bounds[1])) {
        case (let start?, let end) where bounds[1].isEmpty || end != nil:
            let last = min(end ?? size - 1, size - 1)
            self = start <= last ? .part(start...last) : .unsatisfiable
        case (nil, let length?) where bounds[0].isEmpty:
            self = length > 0 && size > 0 ? .part(max(0, size - length)...(size - 1)) : .unsatisfiable
        default: self = .whole
        }
    }
}
