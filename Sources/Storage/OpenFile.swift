import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file descriptor that closes itself, with the durable operations a dataset needs.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    let path: String

    init(_ path: String, flags: Int32, mode: mode_t = 0o644) throws(StorageError) {
        // A named pipe would be waited for without end.
        let descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK, mode)
        guard descriptor >= 0 else { throw .system("open", path) }
        var status = stat()
        let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
        guard kind == (flags & O_DIRECTORY != 0 ? S_IFDIR : S_IFREG) else {
            close(descriptor)
            throw .failed(operation: "open", path: path, reason: "it is not a regular file")
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Writes all bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: Int64) throws(StorageError) {
        var failure: StorageError?
        bytes.withUnsafeBytes { buffer in
            do throws(StorageError) {
                try write(buffer, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    func read(_ count: Int, at offset: Int64) throws(StorageError) -> [UInt8] {
        var failure: StorageError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = pread(
                    descriptor, buffer.baseAddress! + initialized, count - initialized, off_t(offset) + off_t(initialized))
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = .system("read", path)
                    return
                }
                if got == 0 { return }
                initialized += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + written, bytes.count - written, off_t(offset) + off_t(written))
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("write", path)
            }
            written += count
        }
    }

    /// Calls `body` with the bytes of the file from `offset` to `end`, or its own end, a megabyte at a time.
    func forEachBlock(
        from offset: Int64, to end: Int64 = .max, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(StorageError) {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { block.deallocate() }
        var position = offset
        while position < end {
            let count = pread(descriptor, block.baseAddress, Int(min(Int64(block.count), end - position)), off_t(position))
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("read", path)
            }
            if count == 0 { return }
            body(UnsafeRawBufferPointer(rebasing: block[..<count]))
            position += Int64(count)
        }
    }

    func size() throws(StorageError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("look at", path) }
        return Int64(status.st_size)
    }

    func truncate(to length: Int64) throws(StorageError) {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw .system("shorten", path) }
    }

    /// Waits until what was written is on the disk.
    func synchronize() throws(StorageError) {
        guard fsync(descriptor) == 0 else { throw .system("flush", path) }
    }
}

/// Gives a file its final name in one step, and makes the name durable.
func moveIntoPlace(_ source: String, _ destination: String) throws(StorageError) {
    guard rename(source, destination) == 0 else { throw .system("move into place", destination) }
    let folder = try OpenFile((destination as NSString).deletingLastPathComponent, flags: O_RDONLY | O_DIRECTORY)
    try folder.synchronize()
}
