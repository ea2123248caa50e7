import Foundation

/// A file that is written under another name and takes its own when it is whole.
final class OutputFile {
    private let url: URL
    private let unfinished: URL
    private let handle: FileHandle
    private var buffer: [UInt8] = []

    init(_ url: URL) throws(ExportError) {
        self.url = url
        unfinished = url.appendingPathExtension("part")
        do {
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            guard FileManager.default.createFile(atPath: unfinished.path, contents: nil) else {
                throw CocoaError(.fileWriteNoPermission)
            }
            handle = try FileHandle(forWritingTo: unfinished)
        } catch {
            throw ExportError("cannot write \(url.path): \(error.localizedDescription)")
        }
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
        do {
            try handle.close()
            guard rename(unfinished.path, url.path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        } catch {
            throw ExportError("cannot write \(url.path): \(error.localizedDescription)")
        }
    }

    private func flush() throws(ExportError) {
        do {
            try handle.write(contentsOf: Data(buffer))
        } catch {
            throw ExportError("cannot write \(url.path): \(error.localizedDescription); is the disk full?")
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Why an export was not written, in one line.
public struct ExportError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
