import CZstd

/// Whole Zstandard frames (RFC 8878) of bounded size.
enum ZstandardFrame {
    /// One frame with content size and checksum. Independent of any other, so that a file of frames can be read from any of them.
    static func compress(_ bytes: [UInt8], level: Int32) throws(StorageError) -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { throw .failed(operation: "compress", path: "records", reason: "no memory") }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        let bound = ZSTD_compressBound(bytes.count)
        var code = 0
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            code = bytes.withUnsafeBytes { ZSTD_compress2(context, buffer.baseAddress, bound, $0.baseAddress, $0.count) }
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        guard ZSTD_isError(code) == 0 else {
            throw .failed(operation: "compress", path: "records", reason: String(cString: ZSTD_getErrorName(code)))
        }
        return frame
    }

    /// A frame that decompressors skip, holding `content` as it is.
    static func skippable(_ content: [UInt8]) -> [UInt8] {
        littleEndian(skippableMagic) + littleEndian(UInt32(content.count)) + content
    }

    static let skippableMagic: UInt32 = 0x184D_2A57

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
