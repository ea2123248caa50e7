import Foundation
import Synchronization

/// A large content that comes in ranges, several at once, and is gone on with after a restart.
///
/// Two files stand in `tmp/fetch` meanwhile: `NAME.part` with the bytes, and `NAME.ranges` with a line that says what they are
/// ranges of (the server's validator, the length, the size of a segment), then a line for each segment that is whole. A segment is
/// noted after its bytes are written, so a killed process has at most written more than it noted. A power cut may lose noted
/// bytes: then the hash of the whole tells, and it is fetched anew.
public final class RangedBlob: Sendable {
    /// A piece that is fetched with one request.
    public struct Segment: Sendable, Hashable {
        let number: Int
        /// Bytes of the whole content.
        public let range: Range<Int64>
    }

    private struct State {
        var finished: [Bool]
        /// Segments that nobody fetches yet, the first one last.
        var open: [Int]
        var journalLength: Int64
        var hasher: ContentHasher
        var hashedSegments = 0
        var isHashing = false
    }

    private let store: BlobStore
    private let claim: ContentClaim
    public let size: Int64
    private let segmentSize: Int64
    private let file: OpenFile
    private let journal: OpenFile
    private let state: Mutex<State>
    /// Bytes that an earlier run fetched.
    public let keptBytes: Int64

    public static let segmentSize: Int64 = 16 << 20

    /// Begins a content, or goes on with what an earlier run left of the very same one.
    ///
    /// - Parameters:
    ///   - validator: the server's strong `ETag`; what was left under another one is dropped.
    ///   - size: the length of the content, in bytes.
    public init(
        _ store: BlobStore, name: String, claim: ContentClaim, validator: String, size: Int64,
        segmentSize: Int64 = RangedBlob.segmentSize
    ) throws(StorageError) {
        self.store = store
        self.claim = claim
        self.size = size
        self.segmentSize = segmentSize
        let count = Int((size + segmentSize - 1) / segmentSize)
        try store.dataset.makeFolder(store.dataset.fetches)
        let base = store.dataset.fetches.appending(path: name).path
        file = try OpenFile(base + ".part", flags: O_RDWR | O_CREAT)
        journal = try OpenFile(base + ".ranges", flags: O_RDWR | O_CREAT)
        let header = "weir-ranges 1 \(size) \(segmentSize) \(validator)\n"
        let kept = try Self.finishedSegments(in: journal, header: header, count: count)
        var finished = [Bool](repeating: false, count: count)
        for number in kept ?? [] { finished[number] = true }
        var journalLength = try journal.size()
        if kept == nil {
            try journal.truncate(to: 0)
            try file.truncate(to: 0)
            try journal.write(Array(header.utf8), at: 0)
            journalLength = Int64(header.utf8.count)
        }
        try file.truncate(to: size)
        keptBytes = finished.indices.reduce(0) { sum, number in
            finished[number] ? sum + min(segmentSize, size - Int64(number) * segmentSize) : sum
        }
        state = Mutex(
            State(
                finished: finished, open: finished.indices.reversed().filter { !finished[$0] }, journalLength: journalLength,
                hasher: ContentHasher(git: claim.gitObjectID.map { ($0, size) })))
    }

    /// The segments that a journal notes as whole; nil where it is of another content, or none.
    private static func finishedSegments(
        in journal: borrowing OpenFile, header: String, count: Int
    ) throws(StorageError) -> [Int]? {
        let text = String(decoding: try journal.read(Int(min(try journal.size(), 1 << 24)), at: 0), as: UTF8.self)
        guard text.hasPrefix(header) else { return nil }
        // A line without its end was not written whole.
        return text.dropFirst(header.count).split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap {
            Int($0).flatMap { (0..<count).contains($0) ? $0 : nil }
        }
    }

    /// The next segment to fetch, in order; nil when all are taken.
    public func takeSegment() -> Segment? {
        state.withLock { state in
            state.open.popLast().map { number in
                let start = Int64(number) * segmentSize
                return Segment(number: number, range: start..<min(size, start + segmentSize))
            }
        }
    }

    /// Gives back a segment that could not be fetched.
    public func giveBack(_ segment: Segment) {
        state.withLock { $0.open.append(segment.number) }
    }

    /// Writes bytes of the content.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(StorageError) {
        try file.write(bytes, at: offset)
    }

    /// Notes that a segment is whole.
    public func finish(_ segment: Segment) throws(StorageError) {
        let line = Array("\(segment.number)\n".utf8)
        let place = state.withLock { state in
            state.finished[segment.number] = true
            defer { state.journalLength += Int64(line.count) }
            return state.journalLength
        }
        try journal.write(line, at: place)
    }

    /// Hashes the segments that are whole and come next, if nobody does so already. Costly: as fast as the hash is.
    public func hashWhatIsThere() throws(StorageError) {
        while let (number, hasher) = nextToHash() {
            var advanced = hasher
            let start = Int64(number) * segmentSize
            do throws(StorageError) {
                try file.forEachBlock(from: start, to: min(size, start + segmentSize)) { advanced.update($0) }
            } catch {
                state.withLock { $0.isHashing = false }
                throw error
            }
            state.withLock {
                $0.hasher = advanced
                $0.hashedSegments += 1
                $0.isHashing = false
            }
        }
    }

    private func nextToHash() -> (Int, ContentHasher)? {
        state.withLock { state in
            guard !state.isHashing, state.hashedSegments < state.finished.count, state.finished[state.hashedSegments] else {
                return nil
            }
            state.isHashing = true
            return (state.hashedSegments, state.hasher)
        }
    }

    /// Checks the whole content against what was claimed and stores it. Every segment must be whole, and nobody hashing.
    ///
    /// - Throws: ``StorageError/mismatch(what:announced:received:)`` where it differs; everything is dropped then.
    public func finish() throws(StorageError) -> StoredBlob {
        try hashWhatIsThere()
        let (hasher, isWhole) = state.withLock { ($0.hasher, $0.hashedSegments == $0.finished.count) }
        precondition(isWhole, "a content is stored when all its segments are there")
        let hashes = hasher.finish()
        do throws(StorageError) {
            try claim.check(hashes, length: hasher.length)
        } catch {
            discard()
            throw error
        }
        try file.synchronize()
        try store.place(file.path, as: hashes.sha256)
        unlink(journal.path)
        return StoredBlob(hash: hashes.sha256, size: hasher.length)
    }

    /// Drops all that was fetched.
    public func discard() {
        unlink(file.path)
        unlink(journal.path)
    }
}
