import Foundation
import Testing
import WeirTestSupport

/// How `weir serve` behaves towards those who run it, and towards clients that mean no good.
@Suite(.serialized) struct ServeOperationTests {
    @Test func withoutATokenOnlyThisMachineIsServed() async throws {
        let weir = try Weir()
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(3)).status == 0)
        let refused = try await weir("serve", "--host", "0.0.0.0", "--port", "0")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("weir token add"))
        let open = try ServedSamples.serve(weir, ["--host", "0.0.0.0", "--open"])
        #expect(try await ServedSamples.get(open.address.replacing("0.0.0.0", with: "127.0.0.1") + "/healthz").status == 200)
    }

    @Test func tokensHaveScopesAndAreKeptAsHashes() async throws {
        let weir = try Weir()
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(3)).status == 0)
        let reader = try await weir("token", "add", "laptops").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let admin = try await weir("token", "add", "boss", "--scope", "admin", "--json").json()["token"] as? String ?? ""
        #expect(try await weir("token", "add", "laptops").status == 2)
        let kept = try String(contentsOfFile: weir.dataset + "/tokens.json", encoding: .utf8)
        #expect(!kept.contains(reader) && !kept.contains(String(reader.dropFirst(5))) && kept.contains("laptops"))
        let mode = try FileManager.default.attributesOfItem(atPath: weir.dataset + "/tokens.json")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let server = try ServedSamples.serve(weir, [])
        let list = server.address + "/api/models"
        #expect(try await ServedSamples.get(list).status == 401)
        #expect(try await ServedSamples.get(list, ["Authorization": "Bearer \(reader)"]).status == 200)
        let basic = Data("anyone:\(reader)".utf8).base64EncodedString()
        #expect(try await ServedSamples.get(list, ["Authorization": "Basic \(basic)"]).status == 200)
        #expect(try await ServedSamples.get(server.address + "/metrics", ["Authorization": "Bearer \(reader)"]).status == 403)
        #expect(try await ServedSamples.get(server.address + "/metrics", ["Authorization": "Bearer \(admin)"]).status == 200)
        #expect(try await ServedSamples.get(server.address + "/healthz").status == 200)
        // Whoever guesses has to wait; whoever knows has not, for both may come through one proxy.
        for number in 0..<12 { _ = try await ServedSamples.get(list, ["Authorization": "Bearer weir_\(number)"]) }
        let guess = try await ServedSamples.get(list, ["Authorization": "Bearer weir_0"])
        #expect(guess.status == 429)
        #expect(guess.headers["retry-after"] != nil)
        #expect(try await ServedSamples.get(list, ["Authorization": "Bearer \(reader)"]).status == 200)
        #expect(try await weir("token", "remove", "laptops").status == 0)
        #expect(try await weir("token", "list").output.contains("boss"))
    }

    @Test func requestsThatAreTooLargeOrBrokenEndThere() async throws {
        let served = try await ServedSamples(files: false)
        let long = String(repeating: "x", count: 40_000)
        for request in [
            "GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(long)\r\n\r\n", "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\n" + (0..<300).map { "X-\($0): y\r\n" }.joined() + "\r\n", "BROKEN\r\n\r\n",
            "POST /api/models/\(served.model)/paths-info/main HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
            "POST /api/models/\(served.model)/paths-info/main HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n"
                + String(repeating: "y", count: 2_000_000),
        ] {
            let answer = try await served.raw(request)
            #expect(
                !answer.contains(" 200 ") && !answer.contains(" 500 ") && !answer.contains("TIMEOUT"),
                "\(request.prefix(40)): \(answer.prefix(100))")
        }
        #expect(try await served.get("/healthz").status == 200)
    }

    @Test func slowAndManyClientsDoNotStopTheOthers() async throws {
        let served = try await ServedSamples()
        let port = try #require(served.server.address.split(separator: ":").last)
        let script = """
            import resource, socket, sys, time, urllib.request
            port, path = int(sys.argv[1]), sys.argv[2]
            resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
            many = min(10000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1200)
            idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(many)]
            slow = []
            for i in range(500):
                s = socket.create_connection(("127.0.0.1", port))
                s.sendall(b"GET " + path.encode() + b" HTTP/1.1\\r\\nHost: x\\r\\n" + (b"" if i % 2 else b"\\r\\n"))
                slow.append(s)
            for round in range(2):
                for i, s in enumerate(slow):
                    if i % 2: s.send(b"X")
                    else: s.recv(1)
                body = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read()
                assert len(body) > 1000
            # Half of them leave in the middle.
            for s in slow[::2] + idle[::2]: s.close()
            assert len(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read()) > 1000
            print("served", many)
            """
        let result = try await runProgram(
            URL(filePath: "/usr/bin/env"),
            ["python3", "-c", script, String(port), "/\(served.model)/resolve/main/model.safetensors"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await served.get("/healthz").status == 200)
    }

    @Test func anAnswerUnderWayIsFinishedWhenTheServerIsStopped() async throws {
        let weir = try Weir()
        let large = Data((0..<(24 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        _ = try await MirrorTests.store(large, at: "big.bin", in: weir)
        let script = """
            import os, signal, socket, subprocess, sys, time
            server = subprocess.Popen([sys.argv[1], "serve", "--port", "0", "--quiet", "--dataset", sys.argv[2]], stdout=subprocess.PIPE, text=True)
            port = int(server.stdout.readline().strip().rsplit(":", 1)[1])
            s = socket.create_connection(("127.0.0.1", port)); s.settimeout(20)
            s.sendall(b"GET /o/large/resolve/main/big.bin HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
            got = s.recv(1000)
            server.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            while len(got) < int(sys.argv[3]):
                part = s.recv(1 << 20)
                if not part: break
                got += part
            assert len(got) > int(sys.argv[3]), len(got)
            assert server.wait(15) == 0, server.returncode
            print("finished")
            """
        let result = try await runProgram(
            URL(filePath: "/usr/bin/env"), ["python3", "-c", script, weir.program.path, weir.dataset, String(large.count)])
        #expect(result.output.contains("finished"), "\(result.errors)")
    }

    @Test func aPullBesideTheServerShowsAtOnce() async throws {
        let weir = try Weir()
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(3)).status == 0)
        let server = try ServedSamples.serve(weir, [])
        #expect(try await ServedSamples.get(server.address + "/api/models/org-5/model-5").status == 404)
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(30)).status == 0)
        try await Task.sleep(for: .milliseconds(400))
        #expect(try await ServedSamples.get(server.address + "/api/models/org-5/model-5").status == 200)
    }
}
