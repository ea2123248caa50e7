import Foundation
import ModelPackage

/// What a client asks of the mirror, read from a request's path. Segments are split before they are decoded, so an encoded slash
/// stays inside its segment.
///
/// Models of the Hugging Face Hub are called as there, `OWNER/NAME`; those of other hubs `HUB/…` with as many segments as their names have.
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
        guard let segments = PathSegments.decoded(path) else { return nil }
        if segments.starts(with: ["api", "models"]) {
            self.init(api: Array(segments.dropFirst(2)))
            return
        }
        guard let verb = Self.verb(in: segments, ["resolve"]), segments.count >= verb + 3 else { return nil }
        self = .file(
            name: segments[..<verb].joined(separator: "/"), revision: segments[verb + 1],
            path: segments[(verb + 2)...].joined(separator: "/"))
    }

    private init?(api segments: [String]) {
        if segments.isEmpty {
            self = .list
            return
        }
        guard let verb = Self.verb(in: segments, ["revision", "refs", "commits", "tree", "paths-info"]) else {
            guard segments.count <= 2 || Self.isOfOtherHub(segments) else { return nil }
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

    /// Where the name ends: the first of `verbs` behind one or two segments, or more where the hub has longer names.
    private static func verb(in segments: [String], _ verbs: Set<String>) -> Int? {
        let last = isOfOtherHub(segments) ? segments.count - 1 : min(2, segments.count - 1)
        return last < 1 ? nil : (1...last).first { verbs.contains(segments[$0]) }
    }

    private static func isOfOtherHub(_ segments: [String]) -> Bool {
        segments.first.flatMap { HubID(rawValue: $0) }.map { $0 != .huggingface } ?? false
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

/// The segments of a request's path.
public enum PathSegments {
    /// A path longer than this is nobody's.
    public static let longestPath = 8192

    /// Splits, then decodes; empty segments are passed over. Nil where a segment is no valid encoding, or is `.`, `..`, or has a NUL.
    public static func decoded(_ path: String) -> [String]? {
        guard path.utf8.count <= longestPath else { return nil }
        var segments: [String] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: true) {
            guard let decoded = String(segment).removingPercentEncoding, !decoded.utf8.contains(0),
                !decoded.split(separator: "/", omittingEmptySubsequences: false).contains(where: { $0 == ".." || $0 == "." })
            else {
                return nil
            }
            segments.append(decoded)
        }
        return segments
    }
}
