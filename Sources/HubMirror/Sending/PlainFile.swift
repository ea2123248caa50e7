public import Foundation
public import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file of this machine that is sent as it stands.
public struct PlainFile: ServedContent {
    public let size: Int64
    private let place: URL

    public init(_ place: URL, size: Int64) {
        self.place = place
        self.size = size
    }

    public func send(_ range: Range<Int64>, to sink: ContentSink) async throws {
        try await OpenedFile.with(place) { try await sink.send(range, of: $0) }
    }
}

/// A file that is open while it is sent.
public enum OpenedFile {
    /// - Throws: ``Refusal`` where the file cannot be opened; what `body` throws.
    public static func with(_ place: URL, _ body: (NIOFileHandle) async throws -> Void) async throws {
        let descriptor = open(place.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Refusal(500, "the content cannot be read: \(String(cString: strerror(errno)))")
        }
        let file = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
        do {
            try await body(file)
        } catch {
            try file.close()
            throw error
        }
        try file.close()
    }
}
