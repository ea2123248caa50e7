import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file on the disk, read in pieces as they are asked for.
///
/// It is read, not mapped: a mapped file that another program cuts short ends this one with a signal. Pieces that follow each other grow, so
/// that a long header takes few calls, and a jump begins small again, so that a look at ten places of a large file reads ten small pieces.
public final class FileSource: ByteSource {
    public let size: Int
    public let path: String
    private let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var windows: [ByteWindow] = []
        var nextSize = firstWindow
        var bytesRead = 0
    }

    private static let firstWindow = 4 << 10
    private static let largestWindow = 1 << 20
    private static let windowsKept = 4

    /// - Throws: ``FileSourceError`` where there is no such file, it cannot be opened, or it is not a plain file.
    public init(path: String) throws(FileSourceError) {
        // A FIFO would be waited for without O_NONBLOCK.
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw FileSourceError(path: path, reason: String(cString: strerror(errno))) }
        var status = stat()
        let problem =
            fstat(opened, &status) != 0
            ? String(cString: strerror(errno)) : status.st_mode & S_IFMT != S_IFREG ? "it is not a plain file" : nil
        // From here on deinit closes the file, also where this throws.
        descriptor = opened
        self.path = path
        size = Int(status.st_size)
        if let problem { throw FileSourceError(path: path, reason: problem) }
    }

    deinit {
        close(descriptor)
    }

    /// How many bytes were read from the disk so far.
    public var bytesRead: Int { state.withLock { $0.bytesRead } }

    public func window(covering range: Range<Int>) throws -> ByteWindow {
        try state.withLock { state in
            if let found = state.windows.last(where: { $0.covers(range) }) { return found }
            let follows = state.windows.contains { $0.start...$0.end ~= range.lowerBound }
            state.nextSize = follows ? min(state.nextSize * 2, Self.largestWindow) : Self.firstWindow
            let count = min(max(range.count, state.nextSize), size - range.lowerBound)
            let bytes = try read(count, at: range.lowerBound)
            state.bytesRead += bytes.count
            guard bytes.count >= range.count else {
                throw FormatError(range.lowerBound + bytes.count, "the file has become shorter than the \(size) bytes it had")
            }
            let window = ByteWindow(start: range.lowerBound, bytes: bytes[...])
            if state.windows.count == Self.windowsKept { state.windows.removeFirst() }
            state.windows.append(window)
            return window
        }
    }

    private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
        }
        if failure != 0 { throw FormatError(offset, "the file cannot be read: \(String(cString: strerror(failure)))") }
        return bytes
    }
}

/// Why a file cannot be opened.
public struct FileSourceError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path) cannot be read: \(reason)" }
}
