import Foundation
import HubMirror
import ModelPackage
import NIOCore
import Storage

/// A content of the store on its way to a client. One that has not been read since the server began is read while it is sent, and its
/// end is kept back until it is known to be whole.
struct StoredContent: ServedContent {
    let hash: SHA256Hash
    let size: Int64
    let place: URL
    let verifier: ContentVerifier

    /// Bytes that are kept back.
    private static let keptBack: Int64 = 1 << 16

    func send(_ range: Range<Int64>, to sink: ContentSink) async throws {
        try await OpenedFile.with(place) { file in
            if verifier.known(hash) == true {
                try await sink.send(range, of: file)
                return
            }
            async let isWhole = verifier.isWhole(hash)
            let middle = max(range.lowerBound, range.upperBound - Self.keptBack)
            try await sink.send(range.lowerBound..<middle, of: file)
            guard await isWhole else { throw DamagedContent(hash: hash) }
            try await sink.send(middle..<range.upperBound, of: file)
        }
    }
}

/// A content of the store that is not what its name says.
struct DamagedContent: Error, CustomStringConvertible {
    let hash: SHA256Hash

    var description: String { "the content \(hash) is damaged on the disk: 'weir verify --repair' fetches it again" }
}
