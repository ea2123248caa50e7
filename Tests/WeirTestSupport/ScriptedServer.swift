import Foundation
import Synchronization

/// A server on this machine that answers each connection with the next text of a script, byte for byte, and hangs up: for
/// answers that no well-behaved server gives.
public final class ScriptedServer: Sendable {
    /// One answer.
    public enum Step: Sendable {
        /// These bytes.
        case raw(String)
        /// A whole answer with a correct length.
        case reply(Int, headers: [String: String] = [:], body: String)
        /// These bytes, then nothing for so many seconds.
        case stall(String, seconds: Double)
        /// An answer worked out from the request's head.
        case work(@Sendable (String) -> Step)
    }

    private struct State {
        var steps: [Step]
        var requests: [String] = []
        var isClosed = false
    }

    private let state: Mutex<State>
    private let listener: Int32
    public let port: UInt16

    /// - Parameter steps: the answers in order; the last one is given again for any further connection.
    public init(_ steps: [Step]) throws {
        state = Mutex(State(steps: steps))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        listener = descriptor
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [weak self] in
            while let self, !self.state.withLock({ $0.isClosed }) {
                let connection = accept(descriptor, nil, nil)
                if connection < 0 { return }
                self.serve(connection)
                close(connection)
            }
        }
        thread.start()
    }

    public var address: String { "http://127.0.0.1:\(port)" }

    /// The heads of the requests so far.
    public var requests: [String] { state.withLock { $0.requests } }

    public func stop() {
        state.withLock { $0.isClosed = true }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !head.containsBlankLine {
            let count = read(connection, &buffer, buffer.count)
            if count <= 0 { return }
            head += buffer[..<count]
        }
        let request = String(decoding: head, as: UTF8.self)
        let step = state.withLock { state in
            state.requests.append(request)
            return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
        }
        let final = resolved(step, request)
        let answer = Array(text(of: final, request).utf8)
        var written = 0
        while written < answer.count {
            let count = answer.withUnsafeBytes {
                send(connection, $0.baseAddress! + written, $0.count - written, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            written += count
        }
        if case .stall(_, let seconds) = final { Thread.sleep(forTimeInterval: seconds) }
        shutdown(connection, Int32(SHUT_WR))
    }

    private func resolved(_ step: Step, _ request: String) -> Step {
        if case .work(let body) = step { return resolved(body(request), request) }
        return step
    }

    private func text(of step: Step, _ request: String) -> String {
        switch step {
        case .raw(let text), .stall(let text, _): return text
        case .reply(let status, let headers, let body):
            let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            return "HTTP/1.1 \(status) Scripted\r\n\(lines)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        case .work(let body): return text(of: body(request), request)
        }
    }
}

extension [UInt8] {
    fileprivate var containsBlankLine: Bool {
        let end: [UInt8] = [13, 10, 13, 10]
        guard count >= 4 else { return false }
        return (0...(count - 4)).contains { self[$0..<($0 + 4)].elementsEqual(end) }
    }
}
