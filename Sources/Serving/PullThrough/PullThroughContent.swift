import Foundation
import HubMirror
import ModelPackage
import Storage

/// A content that is sent while it is fetched. Its end is kept back until all of it was found to be what upstream announced.
struct PullThroughContent: ServedContent {
    let blob: GrowingBlob
    let size: Int64
    let store: BlobStore

    /// Bytes that are kept back.
    private static let keptBack: Int64 = 1 << 16

    func send(_ range: Range<Int64>, to sink: ContentSink) async throws {
        // What has been stored meanwhile has another name; its bytes are the same file.
        if case .stored(let stored) = await blob.state(beyond: -1) {
            try await OpenedFile.with(store.file(of: stored.hash)) { try await sink.send(range, of: $0) }
            return
        }
        var position = range.lowerBound
        let sure = max(range.lowerBound, min(range.upperBound, size - Self.keptBack))
        while position < sure {
            guard case .growing(let length) = await blob.state(beyond: position) else { break }
            let end = min(length, sure)
            guard position < end else { break }
            let part = position..<end
            do {
                try await OpenedFile.with(blob.file) { try await sink.send(part, of: $0) }
            } catch let error as Refusal {
                // It was stored between the two: then it has its own name.
                guard case .stored = await blob.state(beyond: .max - 1) else { throw error }
                break
            }
            position = end
        }
        guard position < range.upperBound else { return }
        switch await blob.state(beyond: .max - 1) {
        case .stored(let stored):
            let rest = position..<range.upperBound
            try await OpenedFile.with(store.file(of: stored.hash)) { try await sink.send(rest, of: $0) }
        case .failed(let error): throw error
        case .growing: throw Refusal(500, "the content came to no end")
        }
    }
}
