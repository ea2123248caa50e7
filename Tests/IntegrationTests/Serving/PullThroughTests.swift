import Crypto
import Foundation
import Testing
import WeirTestSupport

/// `weir serve --upstream`: what is not held comes from the hub behind, and stays.
@Suite(.serialized) struct PullThroughTests {
    private let weir: Weir
    private let model = "riverbank-ai/brook-bert-tiny"

    init() async throws {
        weir = try Weir()
        // A dataset with one package, which is not the one that is asked for.
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(1)).status == 0)
    }

    private func sampleHub() throws -> ServerProgram {
        try ServerProgram(TestPlaces.program("sample-hub"), [TestPlaces.samples.path])
    }

    private func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<100 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("waited in vain: \(what)")
    }

    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func whatIsNotHeldIsFetchedOnceKeptAndServedWithoutUpstream() async throws {
        var hub: ServerProgram? = try sampleHub()
        let upstream = try #require(hub?.address)
        let server = try ServedSamples.serve(weir, ["--upstream", upstream])
        let script = """
            import sys, threading
            from huggingface_hub import snapshot_download, HfApi
            url, cache, model = sys.argv[1:4]
            paths = []
            threads = [threading.Thread(target=lambda i=i: paths.append(snapshot_download(model, endpoint=url, cache_dir=f"{cache}{i}", token=False))) for i in range(4)]
            for t in threads: t.start()
            for t in threads: t.join()
            assert len(paths) == 4, paths
            print("downloaded", HfApi(endpoint=url).model_info(model).sha)
            """
        let cache = weir.folder.url.appending(path: "cache").path
        let environment = ["HF_HUB_DISABLE_TELEMETRY": "1", "HOME": weir.folder.path, "HF_HUB_DISABLE_XET": "1"]
        let result = try await runProgram(
            try #require(TestPlaces.python), ["-c", script, server.address, cache, model], environment: environment)
        #expect(result.output.contains("downloaded"), "\(result.errors)")
        try await eventually("the package is in the catalog") {
            try await weir.sql("SELECT count(*) FROM snapshot_files WHERE package = 'huggingface:\(model)'").contains("\n6")
        }
        #expect(try await weir.sql("SELECT count(*) FROM packages WHERE id = 'huggingface:\(model)'").contains("\n1"))
        #expect(try await weir("verify").status == 0)
        // Upstream goes away: what is held is served, and its age is told.
        hub = nil
        try await Task.sleep(for: .milliseconds(300))
        let later = try ServedSamples.serve(weir, ["--upstream", upstream])
        let answer = try await ServedSamples.get(later.address + "/\(model)/resolve/main/config.json")
        #expect(answer.status == 200)
        #expect(answer.headers["age"].flatMap { Int($0) } != nil)
        #expect(answer.headers["x-weir-upstream"]?.contains("unreachable") == true)
        #expect(try await ServedSamples.get(later.address + "/api/models/nobody/nothing").status == 504)
        let offline = try ServedSamples.serve(weir, ["--upstream", upstream, "--offline"])
        #expect(try await ServedSamples.get(offline.address + "/api/models/nobody/nothing").status == 404)
        #expect(try await ServedSamples.get(offline.address + "/\(model)/resolve/main/config.json").status == 200)
    }

    /// An upstream that announces one file, and sends for it what a script says.
    private func upstream(_ content: Data, announced hash: String? = nil, _ steps: [ScriptedServer.Step]) throws -> ScriptedServer
    {
        let sha = hash ?? SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
        let commit = String(repeating: "c", count: 40)
        let record = """
            {"_id":"1","id":"o/big","modelId":"o/big","author":"o","sha":"\(commit)","tags":[],"downloads":1,"likes":1,"siblings":[{"rfilename":"big.bin","size":\(content.count),"blobId":"\(String(repeating: "d", count: 40))","lfs":{"sha256":"\(sha)","size":\(content.count),"pointerSize":130}}]}
            """
        let remaining = Steps(steps)
        return try ScriptedServer([
            .work { head in
                head.contains("/api/models/")
                    ? .reply(200, headers: ["Content-Type": "application/json"], body: record) : remaining.next(head)
            }
        ])
    }

    private func text(_ count: Int) -> String { String(repeating: "0123456789abcdef", count: count / 16) }

    @Test func anUpstreamThatDiesHalfWayIsAskedForTheRest() async throws {
        let content = text(4 << 20)
        let half = content.utf8.count / 2
        let hub = try upstream(
            Data(content.utf8),
            [
                .raw(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(content.utf8.count)\r\nConnection: close\r\n\r\n" + content.prefix(half)
                ),
                .work { head in
                    let start = Int(head.split(separator: "bytes=").dropFirst().first?.split(separator: "-").first ?? "") ?? 0
                    return .raw(
                        "HTTP/1.1 206 Partial Content\r\nContent-Length: \(content.utf8.count - start)\r\nContent-Range: bytes \(start)-\(content.utf8.count - 1)/\(content.utf8.count)\r\nConnection: close\r\n\r\n"
                            + content.dropFirst(start))
                },
            ])
        let server = try ServedSamples.serve(weir, ["--upstream", hub.address])
        let answer = try await ServedSamples.get(server.address + "/o/big/resolve/main/big.bin")
        #expect(answer.status == 200 && answer.body == Data(content.utf8))
        #expect(hub.requests.contains { $0.contains("Range: bytes=") || $0.contains("range: bytes=") })
        try await eventually("the file is kept") {
            try await weir.sql("SELECT count(*) FROM snapshot_files WHERE package = 'huggingface:o/big'").contains("\n1")
        }
    }

    @Test func anUpstreamThatLiesAboutAHashGivesNothingWhole() async throws {
        let content = text(2 << 20)
        let lie = String(repeating: "e", count: 64)
        let reply = ScriptedServer.Step.reply(200, body: content)
        let hub = try upstream(Data(content.utf8), announced: lie, [reply])
        let server = try ServedSamples.serve(weir, ["--upstream", hub.address])
        let result = try await runProgram(
            URL(filePath: "/usr/bin/curl"),
            ["-s", "-o", "/dev/null", "-w", "%{size_download}", server.address + "/o/big/resolve/main/big.bin"])
        #expect(result.status == 18, "\(result.status) \(result.output)")
        #expect((Int(result.output) ?? .max) < content.utf8.count)
        let blobs = try FileManager.default.subpathsOfDirectory(atPath: weir.dataset).filter {
            $0.hasPrefix("blobs/") && $0.utf8.count > 40
        }
        #expect(blobs.isEmpty, "\(blobs)")
    }

    @Test func redirectsAreFollowedAndEndlessOnesAreNot() async throws {
        let content = text(1 << 20)
        let other = try ScriptedServer([.reply(200, body: content)])
        let hub = try upstream(Data(content.utf8), [.reply(302, headers: ["Location": other.address + "/signed?x=1"], body: "")])
        let server = try ServedSamples.serve(weir, ["--upstream", hub.address])
        #expect(try await ServedSamples.get(server.address + "/o/big/resolve/main/big.bin").body == Data(content.utf8))
        let circle = try upstream(
            Data(content.utf8), [.work { _ in .reply(302, headers: ["Location": "/o/big/again"], body: "") }])
        let second = try Weir()
        #expect(try await second("pull", "huggingface", "--from", try second.listing(1)).status == 0)
        let looping = try ServedSamples.serve(second, ["--upstream", circle.address])
        let answer = try await ServedSamples.get(looping.address + "/o/big/resolve/main/big.bin")
        #expect(answer.status == 502)
        #expect(answer.headers["x-error-message"]?.contains("redirects") == true)
    }

    @Test func whatUpstreamRefusesIsToldAndStopsNobodyElse() async throws {
        let hub = try sampleHub()
        let server = try ServedSamples.serve(weir, ["--upstream", hub.address])
        let gated = try await ServedSamples.get(server.address + "/tidewater-labs/kelp-base/resolve/main/config.json")
        #expect(gated.status == 403)
        #expect(gated.headers["x-error-code"] == "GatedRepo")
        let unknown = try await ServedSamples.get(server.address + "/api/models/riverbank-ai/none")
        #expect(unknown.status == 404 && unknown.headers["x-error-code"] == "RepoNotFound")
        // An answer that is none is the trouble of its own package.
        let broken = try ScriptedServer([
            .work { head in
                head.contains("/bad")
                    ? .reply(
                        200,
                        body:
                            #"{"id":"o/bad","sha":"\#(String(repeating: "c", count: 40))","siblings":[{"rfilename":"a","size":-1}]}"#
                    )
                    : .reply(
                        200,
                        body:
                            #"{"id":"o/good","sha":"\#(String(repeating: "c", count: 40))","siblings":[{"rfilename":"../a","size":1},{"rfilename":"b","size":1}]}"#
                    )
            }
        ])
        let second = try ServedSamples.serve(weir, ["--upstream", broken.address])
        #expect(try await ServedSamples.get(second.address + "/api/models/o/bad").status == 502)
        let good = try await ServedSamples.get(second.address + "/api/models/o/good")
        #expect(good.status == 200)
        #expect(!String(decoding: good.body, as: UTF8.self).contains(".."), "paths that could do harm are not passed on")
    }

    @Test func aMirrorMayBeginWithNothing() async throws {
        let hub = try sampleHub()
        let empty = try Weir()
        let server = try ServedSamples.serve(empty, ["--upstream", hub.address])
        #expect(try await ServedSamples.get(server.address + "/\(model)/resolve/main/config.json").status == 200)
        #expect(try await Weir()("serve", "--port", "0").status == 2)
    }

    @Test func aPullThatWritesIsNotDisturbed() async throws {
        let hub = try sampleHub()
        let server = try ServedSamples.serve(weir, ["--upstream", hub.address])
        // Another process holds the dataset.
        let script = """
            import fcntl, sys, time
            f = open(sys.argv[1] + "/tmp/lock", "a+"); fcntl.flock(f, fcntl.LOCK_EX); print("locked", flush=True); time.sleep(3)
            """
        async let holder = runProgram(URL(filePath: "/usr/bin/env"), ["python3", "-c", script, weir.dataset])
        try await Task.sleep(for: .milliseconds(700))
        for _ in 0..<2 {
            #expect(try await ServedSamples.get(server.address + "/\(model)/resolve/main/config.json").status == 200)
        }
        #expect(try await holder.output.contains("locked"))
        try await eventually("what was fetched is recorded when the lock is free") {
            try await weir.sql("SELECT count(*) FROM snapshot_files WHERE package = 'huggingface:\(model)'").contains("\n1")
        }
    }
}

/// Steps of a script, given one after the other; the last one again and again.
private final class Steps: @unchecked Sendable {
    // Guarded by the lock.
    private var steps: [ScriptedServer.Step]
    private let lock = NSLock()

    init(_ steps: [ScriptedServer.Step]) {
        self.steps = steps
    }

    func next(_ head: String) -> ScriptedServer.Step {
        lock.withLock { steps.count > 1 ? steps.removeFirst() : steps[0] }
    }
}
