import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Sends parts of files by the operating system's `sendfile`.
///
/// The server library's answers are bytes in memory. The channel below takes parts of files too, so these are handed to it one step
/// below the library's own conversion; the head of the answer, with its `Content-Length`, has gone the usual way before.
enum FileSending {
    /// Bytes that are handed over at once; progress is noted piece by piece.
    static let largestPiece: Int64 = 4 << 20

    static func send(_ range: Range<Int64>, of file: NIOFileHandle, on channel: any Channel) async throws {
        try await send(on: channel) {
            .fileRegion(FileRegion(fileHandle: file, readerIndex: Int(range.lowerBound), endIndex: Int(range.upperBound)))
        }
    }

    static func send(_ bytes: ByteBuffer, on channel: any Channel) async throws {
        try await send(on: channel) { .byteBuffer(bytes) }
    }

    private static func send(on channel: any Channel, _ data: @escaping @Sendable () -> IOData) async throws {
        try await channel.eventLoop.flatSubmit {
            do {
                let below = try channel.pipeline.syncOperations.context(handlerType: HTTP1ToHTTPServerCodec.self)
                let sent = channel.eventLoop.makePromise(of: Void.self)
                below.writeAndFlush(NIOAny(HTTPServerResponsePart.body(data())), promise: sent)
                return sent.futureResult
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
    }
}
