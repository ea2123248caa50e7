import Foundation
import Logging

/// Where a command says what: data to standard output, everything else to standard error.
enum Console {
    /// - Throws: ``CommandFailure`` where not all of it could be written; ``NobodyReads`` where the reader has gone.
    static func data(_ text: String) throws {
        try data(Array(text.utf8))
    }

    static func data(_ bytes: [UInt8]) throws {
        switch write(bytes, to: STDOUT_FILENO) {
        case nil: return
        case EPIPE?: throw NobodyReads()
        case let code?: throw CommandFailure("cannot write to standard output: \(String(cString: strerror(code)))")
        }
    }

    /// What is said on standard error is lost where nobody can read it.
    static func talk(_ text: String) {
        _ = write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes without a line break, for a progress bar.
    static func talkInPlace(_ text: String) {
        _ = write(Array(text.utf8), to: STDERR_FILENO)
    }

    static var talksToTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal, or 150 where there is none.
    static var width: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 150
    }

    /// The error number of the failure, or nil where everything was written.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return nil
    }
}

/// The reader of standard output has what it wanted and has gone, as `head` does. Not a failure.
struct NobodyReads: Error {}

/// Log lines on standard error: `weir: message key=value`.
struct ConsoleLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        Console.talk("weir: \(event.message)\(pairs.joined())")
    }
}

extension GlobalOptions {
    var logger: Logger {
        var handler = ConsoleLogHandler()
        handler.logLevel = verbose ? .debug : quiet ? .error : .notice
        return Logger(label: "weir") { _ in handler }
    }
}
