import Foundation
import Logging

/// Where a command says what: data to standard output, everything else to standard error.
enum Console {
    static func data(_ text: String) {
        data(Array(text.utf8))
    }

    static func data(_ bytes: [UInt8]) {
        write(bytes, to: STDOUT_FILENO)
    }

    static func talk(_ text: String) {
        write(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes without a line break, for a progress bar.
    static func talkInPlace(_ text: String) {
        write(Array(text.utf8), to: STDERR_FILENO)
    }

    static var talksToTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal, or 150 where there is none.
    static var width: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 150
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more: nothing is left to say it to.
                return
            }
            written += count
        }
    }
}

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
