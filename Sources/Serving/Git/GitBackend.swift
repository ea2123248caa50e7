import Foundation
import HTTPTypes
import HubMirror
import Hummingbird
import NIOCore
import Subprocess

/// Serves a bare mirror over git's smart protocol by git's own `http-backend` (git-http-backend(1)), read only.
///
/// What the mirror keeps of history that a server took back (`refs/weir`) is not shown.
struct GitBackend: Sendable {
    private let gate: WorkGate

    /// A fetch that has more to say of what it has than this is cut off.
    private static let largestRequest = 16 << 20
    private static let largestHead = 1 << 16

    init(processes: Int) {
        gate = WorkGate(width: processes, longestQueue: 256)
    }

    func respond(to request: Request, _ git: GitRequest, mirror: URL) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.largestRequest)
        try await gate.enter()
        let process = GitProcess(mirror: mirror, environment: Self.environment(of: request, git, bodyLength: body.readableBytes))
        // The head that git writes comes before the answer can begin; the rest follows as it comes.
        let (heads, head) = AsyncThrowingStream<GitHead, any Error>.makeStream()
        let (pieces, piece) = AsyncStream<ByteBuffer>.makeStream()
        let pace = Pace()
        let task = Task {
            defer {
                piece.finish()
                gate.leave()
            }
            do {
                var parser = GitHeadParser()
                try await process.run(input: Array(body.readableBytesView)) { bytes in
                    if let rest = try parser.take(bytes, limit: Self.largestHead) {
                        if let parsed = parser.head, !parser.isTold {
                            parser.isTold = true
                            head.yield(parsed)
                        }
                        if !rest.isEmpty {
                            piece.yield(ByteBuffer(bytes: rest))
                            try await pace.wait()
                        }
                    }
                }
                head.finish()
            } catch {
                head.finish(throwing: error)
                throw error
            }
        }
        var first: GitHead?
        for try await answer in heads {
            first = answer
            break
        }
        guard let first else { throw Refusal(500, "git gave no answer") }
        var response = Response(status: .init(code: first.status), headers: first.headers)
        response.body = ResponseBody { writer in
            do {
                for await part in pieces {
                    try await writer.write(part)
                    pace.go()
                }
                // A git that fails in the middle must not look like one that has said all.
                try await task.value
                try await writer.finish(nil)
            } catch {
                task.cancel()
                pace.go()
                throw error
            }
        }
        return response
    }

    /// What the Common Gateway Interface (RFC 3875) hands to git.
    private static func environment(of request: Request, _ git: GitRequest, bodyLength: Int) -> [String: String] {
        var environment = [
            "REQUEST_METHOD": request.method.rawValue, "PATH_INFO": git == .references ? "/info/refs" : "/git-upload-pack",
            "QUERY_STRING": git == .references ? "service=git-upload-pack" : "", "REMOTE_ADDR": "client",
            "CONTENT_LENGTH": "\(bodyLength)",
        ]
        environment["CONTENT_TYPE"] = request.headers[.contentType]
        environment["HTTP_CONTENT_ENCODING"] = request.headers[.contentEncoding].flatMap { $0 == "gzip" ? $0 : nil }
        // Anything but the versions that git knows is none of a client's business to set.
        environment["HTTP_GIT_PROTOCOL"] = request.headers[.gitProtocol].flatMap {
            ["version=1", "version=2"].contains($0) ? $0 : nil
        }
        return environment
    }
}

extension HTTPField.Name {
    static let gitProtocol = known("Git-Protocol")
}

/// Lets the reader of a pipe go on when what it read is on its way, so that no answer gathers in memory.
private final class Pace: Sendable {
    private let (signals, signal) = AsyncStream<Void>.makeStream()

    /// Seconds after which a client that takes nothing is taken for gone: it may be so before the answer has begun, and then nobody
    /// says so.
    private static let patience = 120.0

    /// - Throws: ``Refusal`` where nobody takes what was read, or `CancellationError`.
    func wait() async throws {
        let signals = signals
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in signals { return true }
                return true
            }
            group.addTask {
                try await Task.sleep(for: .seconds(Self.patience))
                return false
            }
            let wentOn = try await group.next() ?? false
            group.cancelAll()
            guard wentOn else { throw Refusal(408, "the client takes nothing") }
        }
        try Task.checkCancellation()
    }

    func go() { signal.yield() }
}

/// One run of `git http-backend`.
private struct GitProcess: Sendable {
    let mirror: URL
    let environment: [String: String]

    func run(input: [UInt8], _ use: ([UInt8]) async throws -> Void) async throws {
        var variables: [Subprocess.Environment.Key: String?] = [
            "GIT_PROJECT_ROOT": mirror.path, "GIT_HTTP_EXPORT_ALL": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0",
        ]
        for (name, value) in environment { variables[Subprocess.Environment.Key(stringLiteral: name)] = value }
        let settings = [
            "-c", "safe.directory=*", "-c", "http.getanyfile=false", "-c", "http.receivepack=false", "-c",
            "transfer.hideRefs=refs/weir", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0",
        ]
        let record = try await Subprocess.run(
            .name("git"), arguments: Arguments(settings + ["http-backend"]), environment: .inherit.updating(variables),
            input: .array(input), output: .sequence, error: .discarded
        ) { execution in
            for try await part in execution.standardOutput { try await use(part.withUnsafeBytes { Array($0) }) }
        }
        guard case .exited(0) = record.terminationStatus else { throw Refusal(500, "git failed: \(record.terminationStatus)") }
    }
}

/// The head of a gateway program's answer.
struct GitHead: Sendable {
    var status = 200
    var headers: HTTPFields = [:]
}

/// Reads a gateway program's head, which ends with an empty line, and passes on what follows.
struct GitHeadParser {
    private(set) var head: GitHead?
    var isTold = false
    private var buffer: [UInt8] = []

    /// - Returns: bytes of the body; nil while the head is not whole.
    /// - Throws: ``Refusal`` where the head is longer than `limit`.
    mutating func take(_ bytes: [UInt8], limit: Int) throws -> ArraySlice<UInt8>? {
        if head != nil { return bytes[...] }
        buffer += bytes
        guard let end = Self.headEnd(buffer) else {
            if buffer.count > limit { throw Refusal(500, "git's answer has no end of its head") }
            return nil
        }
        var head = GitHead()
        for line in String(decoding: buffer[..<end.head], as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            if line[..<colon].lowercased() == "status" {
                head.status = Int(value.prefix(3)) ?? 500
            } else if let name = HTTPField.Name(String(line[..<colon])) {
                head.headers[name] = value
            }
        }
        self.head = head
        return buffer[end.body...]
    }

    private static func headEnd(_ bytes: [UInt8]) -> (head: Int, body: Int)? {
        for index in bytes.indices where bytes[index] == 0x0a {
            if index + 1 < bytes.count, bytes[index + 1] == 0x0a { return (index, index + 2) }
            if index + 2 < bytes.count, bytes[index + 1] == 0x0d, bytes[index + 2] == 0x0a { return (index, index + 3) }
        }
        return nil
    }
}
