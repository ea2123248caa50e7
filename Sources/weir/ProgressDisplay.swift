import Foundation
import Pipeline
import Synchronization

/// Shows how far long work has come: a bar on a terminal, elsewhere a line every few seconds.
final class ProgressDisplay: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var isBarShown = false
    }

    private let isQuiet: Bool
    private let isTerminal: Bool
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isTerminal = Console.talksToTerminal
    }

    /// Takes in a state of the work; shows it if the last one was shown long enough ago.
    func show(done: Int64, of total: Int64?, bytes: Int64, what: String) {
        if isQuiet { return }
        state.withLock { state in
            let now = ContinuousClock.now
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(3)
            if let last = state.lastShown ?? (isTerminal ? nil : started), last.duration(to: now) < pause { return }
            state.lastShown = now
            let text = line(done: done, of: total, bytes: bytes, what: what)
            if isTerminal {
                state.isBarShown = true
                Console.talkInPlace("\r\u{1b}[K\(text)")
            } else {
                Console.talk("weir: \(text)")
            }
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            if state.isBarShown { Console.talkInPlace("\r\u{1b}[K") }
            state.isBarShown = false
        }
    }

    private func line(done: Int64, of total: Int64?, bytes: Int64, what: String) -> String {
        let elapsed = started.duration(to: .now)
        let seconds = max(0.001, Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
        let rate = Double(done) / seconds
        var parts = ["\(Format.count(done))\(total.map { " of \(Format.count($0))" } ?? "") \(what)"]
        parts.append("\(Format.count(Int64(rate)))/s")
        parts.append(Format.bytes(bytes))
        if let total, total > 0, rate > 0 {
            let share = min(1, Double(done) / Double(total))
            let filled = Int(share * 20)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            parts.append("\(Format.duration(max(0, Double(total - done) / rate))) left")
            return "\(bar) " + parts.joined(separator: " · ")
        }
        parts.append(Format.duration(seconds))
        return parts.joined(separator: " · ")
    }
}

/// Numbers as people read them.
enum Format {
    /// `1,234,567`
    static func count(_ value: Int64) -> String {
        var digits = String(value.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// `1 file`, `2,000 files`
    static func count(_ value: Int64, _ noun: String) -> String { "\(count(value)) \(noun)\(value == 1 ? "" : "s")" }

    /// `1.5 GB`, in powers of a thousand.
    static func bytes(_ value: Int64) -> String {
        var amount = Double(value)
        for unit in ["B", "kB", "MB", "GB", "TB"] {
            if amount < 1000 || unit == "TB" {
                return unit == "B" ? "\(value) B" : String(format: "%.1f \(unit)", amount)
            }
            amount /= 1000
        }
        return "\(value) B"
    }

    /// `4.2 s`, `3 min 5 s`, `2 h 10 min`
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<60: String(format: "%.1f s", seconds)
        case ..<3600: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
        default: "\(Int(seconds) / 3600) h \(Int(seconds) / 60 % 60) min"
        }
    }
}
