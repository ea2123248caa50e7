import CZstd
public import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads the frames of a record file one after another.
public final class RecordFileReader {
    /// What a frame holds.
    public enum Frame: Sendable {
        /// Records, one a line, from the frame that begins at byte `offset`.
        case records(lines: [ArraySlice<UInt8>], offset: Int64)
        /// What the file says about its crawl, as JSON text.
        case summary([UInt8])
    }

    /// The largest frame that is unpacked: what one page of the largest records comes to.
    private static let maximumFrameSize = 1 << 30

    private let file: OpenFile
    private let size: Int64
    private var offset: Int64
    private let context: OpaquePointer

    /// - Parameter offset: the frame to begin with.
    public init(_ url: URL, from offset: Int64 = 0) throws(StorageError) {
        file = try OpenFile(url.path, flags: O_RDONLY)
        size = try file.size()
        self.offset = offset
        guard let context = ZSTD_createDCtx() else {
            throw .failed(operation: "unpack", path: url.path, reason: "no memory")
        }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Where the next frame begins.
    public var position: Int64 { offset }

    /// The next frame, or nil at the end of the file.
    ///
    /// - Throws: ``StorageError/damaged(path:offset:reason:)`` where the file does not hold whole frames.
    public func next() throws(StorageError) -> Frame? {
        guard offset < size else { return nil }
        let start = offset
        let head = try file.read(8, at: start)
        guard head.count == 8 else { throw damaged("the file is cut short") }
        let magic = head[0..<4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if magic & 0xffff_fff0 == 0x184D_2A50 {
            let length = head[4..<8].reversed().reduce(Int(0)) { $0 << 8 | Int($1) }
            guard Int64(length) <= size - start - 8 else { throw damaged("the file is cut short") }
            offset = start + 8 + Int64(length)
            let content = try file.read(length, at: start + 8)
            return magic == ZstandardFrame.skippableMagic ? .summary(content) : try next()
        }
        let bytes = try unpack()
        // Each line ends with a break; an empty record has an empty one.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        return .records(lines: Array(lines), offset: start)
    }

    /// Unpacks the frame at ``offset`` and moves past it.
    private func unpack() throws(StorageError) -> [UInt8] {
        var result: [UInt8] = []
        var output = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        var position = offset
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        while true {
            let input = try file.read(1 << 18, at: position)
            var consumed = 0
            while consumed < input.count {
                var written = 0
                let code = input.withUnsafeBytes { source in
                    output.withUnsafeMutableBytes { target in
                        var inBuffer = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                        var outBuffer = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                        let code = ZSTD_decompressStream(context, &outBuffer, &inBuffer)
                        consumed = inBuffer.pos
                        written = outBuffer.pos
                        return code
                    }
                }
                guard ZSTD_isError(code) == 0 else { throw damaged(String(cString: ZSTD_getErrorName(code))) }
                result.append(contentsOf: output[..<written])
                guard result.count <= Self.maximumFrameSize else {
                    throw damaged("a frame is larger than \(Self.maximumFrameSize) bytes")
                }
                if code == 0 {
                    offset = position + Int64(consumed)
                    return result
                }
            }
            position += Int64(input.count)
            if input.isEmpty { throw damaged("the file is cut short") }
        }
    }

    private func damaged(_ reason: String) -> StorageError {
        .damaged(path: file.path, offset: offset, reason: reason)
    }
}
