import Foundation
import HTTPTypes
import Logging
import Synchronization
import Testing
import Transport
import WeirTestSupport

/// Runs a request against a scripted server; waits are noted instead of waited.
private struct Trial {
    let response: Result<InboundResponse, any Error>
    let waits: [Double]
    let requests: [String]

    static func run(_ steps: [ScriptedServer.Step], credential: String? = nil, path: String = "/api/models") async throws -> Trial
    {
        let server = try ScriptedServer(steps)
        defer { server.stop() }
        let waits = Mutex<[Double]>([])
        let client = ClientTransport(environment: [:])
        let url = try #require(URL(string: server.address + path))
        let transport = PoliteTransport(
            client, credential: credential.map { PoliteTransport.Credential(for: url, token: $0) }, logger: Logger(label: "test"),
            sleep: { seconds in waits.withLock { $0.append(seconds) } })
        let response: Result<InboundResponse, any Error>
        do { response = .success(try await transport.get(OutboundRequest(url))) } catch { response = .failure(error) }
        await client.shutdown()
        return Trial(response: response, waits: waits.withLock { $0 }, requests: server.requests)
    }
}

@Suite struct PoliteTransportTests {
    @Test func retryAfterIsObeyed() async throws {
        let trial = try await Trial.run([.reply(429, headers: ["Retry-After": "7"], body: ""), .reply(200, body: "[]")])
        #expect(try trial.response.get().body == Array("[]".utf8))
        #expect(trial.waits.contains(7))
    }

    @Test func anEmptyWindowIsWaitedOut() async throws {
        let trial = try await Trial.run([
            .reply(
                429, headers: ["RateLimit": "\"api\";r=0;t=12", "RateLimit-Policy": "\"fixed window\";\"api\";q=500;w=300"],
                body: ""),
            .reply(200, body: "[]"),
        ])
        #expect(try trial.response.get().status.code == 200)
        #expect(trial.waits.contains(13))
    }

    @Test func aNearlyEmptyWindowSlowsDown() async throws {
        let trial = try await Trial.run([
            .reply(
                503, headers: ["RateLimit": "\"api\";r=5;t=50", "RateLimit-Policy": "\"fixed window\";\"api\";q=500;w=300"],
                body: ""),
            .reply(200, body: "[]"),
        ])
        #expect(trial.waits.contains { $0 > 8 && $0 <= 10 })
    }

    @Test(arguments: [500, 502, 503, 504, 408])
    func passingFailuresAreTriedAgainWithGrowingPauses(status: Int) async throws {
        let failure = ScriptedServer.Step.reply(status, body: "")
        let trial = try await Trial.run([failure, failure, failure, .reply(200, body: "[]")])
        #expect(try trial.response.get().status.code == 200)
        #expect(trial.waits.count == 3)
        #expect(trial.waits[2] > trial.waits[0])
    }

    @Test func patienceEnds() async throws {
        let trial = try await Trial.run([.reply(503, body: "")])
        #expect(trial.requests.count == 6)
        #expect(performing: { try trial.response.get() }, throws: { ($0 as? TransportError)?.kind == .status(503) })
    }

    @Test(arguments: [400, 401, 403, 404])
    func anAnswerThatSaysNoIsFinal(status: Int) async throws {
        let trial = try await Trial.run([.reply(status, headers: ["X-Error-Code": "RepoNotFound"], body: "")])
        #expect(trial.requests.count == 1)
        #expect(performing: { try trial.response.get() }, throws: { ($0 as? TransportError)?.code == "RepoNotFound" })
    }

    @Test func aConnectionCutInTheMiddleIsTriedAgain() async throws {
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{\"id\":"
        let trial = try await Trial.run([.raw(half), .raw(half), .reply(200, body: "[1]")])
        #expect(try trial.response.get().body == Array("[1]".utf8))
        #expect(trial.requests.count == 3)
    }

    @Test func aServerThatOnlyHangsUpIsUnreachable() async throws {
        let trial = try await Trial.run([.raw("")])
        #expect(performing: { try trial.response.get() }, throws: { ($0 as? TransportError)?.kind == .unreachable })
    }

    @Test func theTokenGoesToItsHostOnly() async throws {
        let other = try ScriptedServer([.reply(200, body: "[]")])
        defer { other.stop() }
        let trial = try await Trial.run(
            [.reply(302, headers: ["Location": "\(other.address)/elsewhere"], body: "")], credential: "hf_secret")
        #expect(try trial.response.get().redirects.count == 1)
        #expect(trial.requests.allSatisfy { $0.contains("Bearer hf_secret") })
        #expect(other.requests.count == 1)
        #expect(other.requests.allSatisfy { !$0.lowercased().contains("authorization") && !$0.contains("hf_secret") })
    }

    @Test func aRelativeRedirectStaysOnTheHostAndKeepsTheToken() async throws {
        let trial = try await Trial.run(
            [.reply(307, headers: ["Location": "/api/models/new/name?x=1"], body: ""), .reply(200, body: "{}")],
            credential: "hf_secret")
        #expect(try trial.response.get().url.path() == "/api/models/new/name")
        #expect(trial.requests.count == 2 && trial.requests.allSatisfy { $0.contains("Bearer hf_secret") })
    }

    @Test func aRedirectLoopEnds() async throws {
        let trial = try await Trial.run(
            [
                .work { request in
                    .reply(302, headers: ["Location": request.hasPrefix("GET /a ") ? "/b" : "/a"], body: "")
                }
            ], path: "/a")
        #expect(performing: { try trial.response.get() }, throws: { ($0 as? TransportError)?.kind == .redirectLoop })
    }

    @Test func redirectsWithoutEndAreBounded() async throws {
        let trial = try await Trial.run([
            .work { request in
                .reply(
                    302, headers: ["Location": "/x" + String(request.prefix(60).filter(\.isNumber).count) + UUID().uuidString],
                    body: "")
            }
        ])
        #expect(performing: { try trial.response.get() }, throws: { ($0 as? TransportError)?.kind == .redirectLoop })
        #expect(trial.requests.count <= 11)
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://"])
    func redirectsToOtherSchemesAreRefused(location: String) async throws {
        let trial = try await Trial.run([.reply(302, headers: ["Location": location], body: "")])
        #expect(performing: { try trial.response.get() }, throws: { ($0 as? TransportError)?.kind == .refusedRedirect })
    }
}

@Suite struct RateLimitHeaderTests {
    private let now = Date(timeIntervalSince1970: 784_111_700)

    @Test func theTightestBucketCounts() {
        let limits = RateLimitHeaders([HTTPField.Name("RateLimit")!: "\"api\";r=467;t=47, \"pages\";r=3;t=9"], now: now)
        #expect(limits.remaining == 3)
        #expect(limits.resetAfter == 9)
    }

    @Test(
        arguments: [("120", 120.0), ("Sun, 06 Nov 1994 08:49:37 GMT", 77.0), ("-5", nil), ("soon", nil)] as [(String, Double?)])
    func bothFormsOfRetryAfterAreRead(text: String, seconds: Double?) {
        #expect(RateLimitHeaders([.retryAfter: text], now: now).retryAfter == seconds)
    }

    @Test(arguments: ["", "garbage", ";;;", "\"api\";r=x;t=y", "\"api\";r=99999999999999999999;t=1"])
    func nonsenseIsNoLimit(text: String) {
        #expect(RateLimitHeaders([HTTPField.Name("RateLimit")!: text], now: now).remaining == nil)
    }
}
