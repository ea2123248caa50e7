public import Foundation
import ModelPackage
import Synchronization

/// A content on its way into the store that others read meanwhile: each byte when it is on the disk, the last ones when all of them
/// were found to be what was announced.
public final class GrowingBlob: Sendable {
    /// How far a content has come.
    public enum State: Sendable {
        /// So many bytes from the start can be read from ``file``; nobody has vouched for them yet.
        case growing(Int64)
        case stored(StoredBlob)
        case failed(any Error)
    }

    private struct Progress {
        var state = State.growing(0)
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// Where the bytes are until the content is stored.
    public let file: URL
    public let claim: ContentClaim
    private let incoming: Mutex<IncomingBlob?>
    private let progress = Mutex(Progress())

    /// Begins a content.
    ///
    /// - Parameter name: what to call it meanwhile, in `tmp/fetch`.
    public init(_ store: BlobStore, name: String, claim: ContentClaim) throws(StorageError) {
        let blob = try IncomingBlob(store, name: name, claim: claim)
        file = URL(filePath: blob.partialPath)
        self.claim = claim
        incoming = Mutex(blob)
    }

    /// Bytes that have come, whether they are on the disk or not.
    public var length: Int64 { incoming.withLock { $0?.length ?? 0 } }

    /// Adds bytes.
    public func append(_ bytes: [UInt8]) throws {
        let written = try incoming.withLock { blob -> Int64 in
            try bytes.withUnsafeBytes { try blob?.append($0) }
            return blob?.writtenLength ?? 0
        }
        advance(.growing(written))
    }

    /// Checks the whole content and stores it.
    ///
    /// - Throws: ``StorageError/mismatch(what:announced:received:)`` where it is not what was announced.
    public func finish() throws -> StoredBlob {
        let stored = try incoming.withLock { blob in
            guard let whole = blob.take() else {
                throw StorageError.failed(operation: "store", path: file.path, reason: "it was given up")
            }
            return try whole.finish()
        }
        advance(.stored(stored))
        return stored
    }

    /// Gives the content up: what has come is dropped.
    public func fail(_ error: any Error) {
        incoming.withLock { $0 = nil }
        advance(.failed(error))
    }

    /// Waits until more than `offset` bytes can be read, or the content has come to its end.
    public func state(beyond offset: Int64) async -> State {
        while true {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isReady = progress.withLock { progress in
                    if case .growing(let length) = progress.state, length <= offset {
                        progress.waiting.append(continuation)
                        return false
                    }
                    return true
                }
                if isReady { continuation.resume() }
            }
            let state = progress.withLock { $0.state }
            if case .growing(let length) = state, length <= offset { continue }
            return state
        }
    }

    private func advance(_ state: State) {
        let waiting = progress.withLock { progress -> [CheckedContinuation<Void, Never>] in
            if case .growing(let new) = state, case .growing(let old) = progress.state, new == old { return [] }
            progress.state = state
            defer { progress.waiting = [] }
            return progress.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
