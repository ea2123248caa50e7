import Foundation

/// A file that is written under another name and takes its own when it is whole. A pipe or a device is written as it is.
final class OutputFile {
    private let path: String
    /// The name under which it is written; nil for what cannot be replaced.
    private let unfinished: String?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFinished = false

    init(_ url: URL) throws(ExportError) {
        // A link stays one: what it points at is replaced.
        path = url.resolvingSymlinksInPath().path
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            unfinished = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
        } else {
            do {
                let folder = URL(filePath: path).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                throw ExportError(writing: path, error)
            }
            let part = path + ".part-\(getpid())"
            unfinished = part
            descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        }
        guard descriptor >= 0 else { throw ExportError(writing: path, code: errno) }
    }

    deinit {
        close(descriptor)
        if let unfinished, !isFinished { unlink(unfinished) }
    }

    func write(_ bytes: some Sequence<UInt8>) throws(ExportError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 20 { try flush() }
    }

    func write(_ text: String) throws(ExportError) {
        try write(text.utf8)
    }

    /// Puts the file in its place.
    func finish() throws(ExportError) {
        try flush()
        if let unfinished, rename(unfinished, path) != 0 { throw ExportError(writing: path, code: errno) }
        isFinished = true
    }

    private func flush() throws(ExportError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                throw ExportError(writing: path, code: errno)
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Why an export was not written, in one line.
public struct ExportError: Error, CustomStringConvertible {
    public let description: String
    /// Whether it was written to a pipe whose reader has had enough.
    public let isReaderGone: Bool

    init(_ description: String, isReaderGone: Bool = false) {
        self.description = description
        self.isReaderGone = isReaderGone
    }

    init(writing path: String, code: Int32) {
        self.init("cannot write \(path): \(String(cString: strerror(code)))", isReaderGone: code == EPIPE)
    }

    init(writing path: String, _ error: any Error) {
        let cause = error as NSError
        let underlying = (cause.userInfo[NSUnderlyingErrorKey] as? NSError) ?? cause
        if underlying.domain == NSPOSIXErrorDomain {
            self.init(writing: path, code: Int32(underlying.code))
        } else {
            self.init("cannot write \(path): \(cause.localizedDescription)")
        }
    }
}
