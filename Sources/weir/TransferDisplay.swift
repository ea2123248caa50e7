import Foundation
import Snapshots

/// Shows a transfer while it runs: bytes, rate, time left and the files in flight.
final class TransferDisplay: Sendable {
    private let task: Task<Void, Never>?

    init(_ progress: TransferProgress, isQuiet: Bool) {
        guard !isQuiet else {
            task = nil
            return
        }
        let isTerminal = Console.talksToTerminal
        task = Task {
            let started = ContinuousClock.now
            var shownLines = 0
            func clear() {
                for _ in 0..<shownLines { Console.talkInPlace("\u{1b}[1A\u{1b}[K") }
                shownLines = 0
            }
            while !Task.isCancelled {
                do { try await Task.sleep(for: isTerminal ? .milliseconds(200) : .seconds(5)) } catch { break }
                let state = progress.current
                let seconds = started.duration(to: .now) / .seconds(1)
                let line = Self.line(state, seconds: seconds)
                if isTerminal {
                    clear()
                    let files = state.inFlight.prefix(8).map { "  " + Self.line($0) }
                    for text in [line] + files { Console.talk(String(text.prefix(Console.width - 1))) }
                    shownLines = files.count + 1
                } else {
                    Console.talk("weir: \(line)")
                }
            }
            clear()
        }
    }

    /// Takes the display away.
    func finish() async {
        task?.cancel()
        await task?.value
    }

    private static func line(_ state: TransferProgress.State, seconds: Double) -> String {
        let done = state.fetchedBytes + state.heldBytes
        let rate = Double(state.fetchedBytes) / max(seconds, 0.001)
        var parts = [
            "\(Format.bytes(done)) of \(Format.bytes(max(done, state.expectedBytes)))",
            "\(Format.count(Int64(state.files))) files", "\(Format.bytes(Int64(rate)))/s",
        ]
        if rate > 0, state.expectedBytes > done {
            parts.append("\(Format.duration(Double(state.expectedBytes - done) / rate)) left")
        }
        return parts.joined(separator: " · ")
    }

    private static func line(_ file: TransferProgress.InFlight) -> String {
        let share = file.size.map { $0 > 0 ? "\(file.done * 100 / $0) % of \(Format.bytes($0))" : "" } ?? Format.bytes(file.done)
        return "\(TextTable.oneLine(file.name))  \(share)"
    }
}
