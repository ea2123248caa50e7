import HubMirror
import ModelPackage
import Snapshots

/// A content that is in a package's git mirror alone: of a commit that no snapshot was taken of. Git has its bytes under their own hash.
struct GitContent: ServedContent {
    let id: GitObjectID
    let size: Int64
    let mirror: GitMirror

    /// Git keeps large files elsewhere; one that it keeps itself is read whole.
    static let largest: Int64 = 64 << 20

    func send(_ range: Range<Int64>, to sink: ContentSink) async throws {
        let bytes = try await mirror.content(of: id)
        guard Int64(bytes.count) == size else { throw Refusal(500, "git gives another content than it listed") }
        try await sink.send(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    }
}
