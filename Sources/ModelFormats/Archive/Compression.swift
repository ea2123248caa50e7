import CBzip2
import CLz4
import CLzma
import CZlib
import CZstd

/// How bytes are packed.
package enum Compression: String, Sendable {
    /// RFC 1951, bare.
    case deflate
    /// RFC 1950.
    case zlib
    /// RFC 1952.
    case gzip
    case bzip2
    /// An .xz file.
    case xz
    /// An .lzma file.
    case lzma
    /// RFC 8878.
    case zstd
    /// LZ4's frames (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md).
    case lz4

    /// What a file's first bytes say of how it is packed.
    package static func recognised(_ head: ArraySlice<UInt8>) -> Compression? {
        let bytes = Array(head.prefix(14))
        func begins(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
        if begins([0x1f, 0x8b, 8]) { return .gzip }
        if begins(Array("BZh".utf8)), bytes.count > 3, 0x31...0x39 ~= bytes[3] { return .bzip2 }
        if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) { return .xz }
        // Two bytes say little: the window size and level of joblib's and NumPy's packers, and a check sum.
        if bytes.count > 1, bytes[0] == 0x78, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 { return .zlib }
        if begins([0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
        if begins([0x04, 0x22, 0x4d, 0x18]) { return .lz4 }
        if begins([0x5d, 0, 0]), bytes.count == 14, bytes[13] == 0 { return .lzma }
        return nil
    }

    /// Unpacks a range of a file into memory.
    /// - Throws: ``FormatError`` where the packed data are damaged, end early, or unpack to more than `limit` bytes.
    package func unpack(_ source: any ByteSource, _ range: Range<Int>, limit: Int) throws -> [UInt8] {
        var output: [UInt8] = []
        _ = try unpackStream(source, range, limit: limit, into: &output)
        return output
    }

    /// Unpacks the streams that follow each other in a range, as the command-line tools and Python's readers take them.
    /// - Returns: the bytes, and where the last stream ends.
    package func unpackStreams(_ source: any ByteSource, _ range: Range<Int>, limit: Int) throws -> (bytes: [UInt8], end: Int) {
        var output: [UInt8] = []
        var place = range.lowerBound
        repeat {
            place = try unpackStream(source, place..<range.upperBound, limit: limit, into: &output)
            if self == .gzip || self == .xz { place = try afterZeros(source, place..<range.upperBound) }
        } while try place < range.upperBound
            && Self.recognised(source.bytes(place..<min(range.upperBound, place + 14))) == self && self != .lzma && self != .zlib
        return (output, place)
    }

    /// Python's readers of gzip and xz pass over zeros between the streams.
    private func afterZeros(_ source: any ByteSource, _ range: Range<Int>) throws -> Int {
        var reader = ByteReader(source, range)
        while !reader.isAtEnd, try reader.peek() == 0 { try reader.skip(1) }
        return reader.isAtEnd ? range.lowerBound : reader.position
    }

    /// - Returns: where the stream ends.
    private func unpackStream(_ source: any ByteSource, _ range: Range<Int>, limit: Int, into output: inout [UInt8]) throws -> Int
    {
        var reader = ByteReader(source, range)
        let step = try stepper()
        defer { step.end() }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let input = try reader.bytes(min(reader.remaining, 1 << 16))
            var taken = 0
            while true {
                let result = input.withUnsafeBytes { input in
                    buffer.withUnsafeMutableBytes { output in
                        step.run(UnsafeRawBufferPointer(rebasing: input[taken...]), output)
                    }
                }
                taken += result.consumed
                output += buffer[..<result.produced]
                if output.count > limit {
                    throw FormatError(reader.position, "the packed data unpack to more than \(limit) bytes")
                }
                switch result.state {
                case .ended: return reader.position - input.count + taken
                case .failed:
                    throw FormatError(reader.position - input.count + taken, "the data packed with \(rawValue) are damaged")
                case .goesOn: break
                }
                if result.produced < buffer.count && taken == input.count { break }
                if result.produced == 0 && result.consumed == 0 { break }
            }
            if reader.isAtEnd { throw FormatError(reader.position, "the data packed with \(rawValue) end early") }
        }
    }

    private func stepper() throws -> any DecompressionStep {
        switch self {
        case .deflate: try ZlibStep(windowBits: -MAX_WBITS)
        case .zlib: try ZlibStep(windowBits: MAX_WBITS)
        case .gzip: try ZlibStep(windowBits: MAX_WBITS + 16)
        case .bzip2: try BzipStep()
        case .xz, .lzma: try LzmaStep()
        case .zstd: try ZstdStep()
        case .lz4: try Lz4Step()
        }
    }
}

/// The CRC-32 of zip and gzip.
package func crc32(of bytes: some Collection<UInt8>) -> UInt32 {
    let whole = Array(bytes)
    return whole.withUnsafeBytes { buffer in
        UInt32(truncatingIfNeeded: crc32_z(0, buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count))
    }
}

private struct StepResult {
    enum State { case goesOn, ended, failed }
    var consumed: Int
    var produced: Int
    var state: State
}

/// One library's unpacking of the next piece. A class, for the libraries keep the address of their state.
private protocol DecompressionStep: AnyObject {
    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> StepResult
    func end()
}

private final class ZlibStep: DecompressionStep {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init(windowBits: Int32) throws {
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw FormatError(0, "zlib cannot begin")
        }
    }

    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> StepResult {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = inflate(stream, Z_NO_FLUSH)
        let state: StepResult.State =
            status == Z_STREAM_END ? .ended : status == Z_OK || status == Z_BUF_ERROR ? .goesOn : .failed
        return StepResult(
            consumed: input.count - Int(stream.pointee.avail_in), produced: output.count - Int(stream.pointee.avail_out),
            state: state)
    }

    func end() {
        inflateEnd(stream)
        stream.deallocate()
    }
}

private final class BzipStep: DecompressionStep {
    private let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)

    init() throws {
        stream.initialize(to: bz_stream())
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            stream.deallocate()
            throw FormatError(0, "bzip2 cannot begin")
        }
    }

    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> StepResult {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: CChar.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = BZ2_bzDecompress(stream)
        let state: StepResult.State = status == BZ_STREAM_END ? .ended : status == BZ_OK ? .goesOn : .failed
        return StepResult(
            consumed: input.count - Int(stream.pointee.avail_in), produced: output.count - Int(stream.pointee.avail_out),
            state: state)
    }

    func end() {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }
}

private final class LzmaStep: DecompressionStep {
    private let stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)

    init() throws {
        stream.initialize(to: lzma_stream())
        // A dictionary may ask for any amount of memory: 256 MiB serve every preset of the packers.
        guard lzma_auto_decoder(stream, 256 << 20, 0) == LZMA_OK else {
            stream.deallocate()
            throw FormatError(0, "lzma cannot begin")
        }
    }

    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> StepResult {
        stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = output.count
        let status = lzma_code(stream, LZMA_RUN)
        let state: StepResult.State =
            status == LZMA_STREAM_END ? .ended : status == LZMA_OK || status == LZMA_BUF_ERROR ? .goesOn : .failed
        return StepResult(
            consumed: input.count - stream.pointee.avail_in, produced: output.count - stream.pointee.avail_out, state: state)
    }

    func end() {
        lzma_end(stream)
        stream.deallocate()
    }
}

private final class ZstdStep: DecompressionStep {
    private let stream: OpaquePointer

    init() throws {
        guard let stream = ZSTD_createDStream() else { throw FormatError(0, "zstd cannot begin") }
        self.stream = stream
    }

    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> StepResult {
        var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let status = ZSTD_decompressStream(stream, &to, &from)
        let state: StepResult.State = ZSTD_isError(status) != 0 ? .failed : status == 0 ? .ended : .goesOn
        return StepResult(consumed: from.pos, produced: to.pos, state: state)
    }

    func end() { ZSTD_freeDStream(stream) }
}

private final class Lz4Step: DecompressionStep {
    private let context: OpaquePointer

    init() throws {
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context else {
            throw FormatError(0, "lz4 cannot begin")
        }
        self.context = context
    }

    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> StepResult {
        var consumed = input.count
        var produced = output.count
        let status = LZ4F_decompress(context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
        let state: StepResult.State = LZ4F_isError(status) != 0 ? .failed : status == 0 ? .ended : .goesOn
        return StepResult(consumed: consumed, produced: produced, state: state)
    }

    func end() { LZ4F_freeDecompressionContext(context) }
}
