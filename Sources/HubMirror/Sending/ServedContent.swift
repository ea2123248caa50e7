public import NIOCore

/// The bytes of a file, ready to be sent.
public protocol ServedContent: Sendable {
    /// Bytes of the whole.
    var size: Int64 { get }

    /// Called before an answer with this content is begun, and not where only its head is asked for: what fails here is told as an error.
    ///
    /// - Throws: ``Refusal`` where the content cannot be had.
    func prepare() async throws

    /// Sends a part.
    ///
    /// - Throws: when the bytes turn out not to be what they should be, or the client is gone. The connection is ended then, before the
    ///   part is whole: no client takes it for whole.
    func send(_ range: Range<Int64>, to sink: ContentSink) async throws
}

extension ServedContent {
    public func prepare() async throws {}
}

/// Where a content's bytes go: one answer to one client.
public struct ContentSink: Sendable {
    private let channel: any Channel
    private let record: ExchangeRecord

    init(_ channel: any Channel, _ record: ExchangeRecord) {
        self.channel = channel
        self.record = record
    }

    /// Sends bytes that are in memory.
    public func send(_ bytes: ArraySlice<UInt8>) async throws {
        try await FileSending.send(ByteBuffer(bytes: bytes), on: channel)
        record.add(bytes: Int64(bytes.count))
    }

    /// Sends a part of a file without bringing it into this process, and waits until it is on its way.
    public func send(_ range: Range<Int64>, of file: NIOFileHandle) async throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let end = min(position + FileSending.largestPiece, range.upperBound)
            try await FileSending.send(position..<end, of: file, on: channel)
            record.add(bytes: end - position)
            position = end
        }
    }
}
