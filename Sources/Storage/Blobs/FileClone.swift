public import Foundation

/// A second file with the content of a stored one.
public enum FileClone {
    /// How the second file came to be.
    public enum Kind: Sendable {
        /// Both share the bytes on the disk until one is written to.
        case shared
        case copied
    }

    /// Makes a new file; one that is there already is an error.
    ///
    /// - Parameters:
    ///   - sharing: whether to share the bytes where the file system can (`FICLONE`).
    ///   - copying: whether to copy them where they are not shared.
    /// - Throws: ``StorageError``; no file is left then.
    public static func make(
        _ source: String, _ destination: String, mode: mode_t, sharing: Bool, copying: Bool
    ) throws(StorageError) -> Kind {
        let from = try OpenFile(source, flags: O_RDONLY)
        let to = try OpenFile(destination, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
        do throws(StorageError) {
            // The number of FICLONE, which Glibc's module does not have.
            if sharing, ioctl(to.descriptor, 0x4004_9409, from.descriptor) == 0 { return .shared }
            guard copying else { throw .system("share the bytes of", source) }
            var offset: Int64 = 0
            var failure: StorageError?
            try from.forEachBlock(from: 0) { bytes in
                guard failure == nil else { return }
                do throws(StorageError) {
                    try to.write(bytes, at: offset)
                    offset += Int64(bytes.count)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return .copied
        } catch {
            unlink(destination)
            throw error
        }
    }
}
