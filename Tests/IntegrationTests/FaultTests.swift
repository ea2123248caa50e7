import Foundation
import Testing
import WeirTestSupport

@Suite(.serialized) struct FaultTests {
    /// Kills a pull at fifty random moments: each time the dataset is readable and holds whole transactions, and the last run ends
    /// with exact counts.
    @Test func aPullKilledFiftyTimesEndsExactly() async throws {
        let weir = try Weir()
        let count = 30_000
        let file = try weir.listing(count)
        var generator = SystemRandomNumberGenerator()
        var kills = 0
        for _ in 0..<50 {
            let result = try await weir(
                "pull", "hf", "--from", file, "--quiet", killAfter: .milliseconds(Int.random(in: 5...700, using: &generator)))
            if result.wasKilled { kills += 1 }
            if FileManager.default.fileExists(atPath: weir.dataset + "/catalog.sqlite") {
                let sums = try await weir.sql(
                    "SELECT (SELECT count(*) FROM packages) = (SELECT count(*) FROM observations WHERE crawl = 1), (SELECT max(added) FROM crawls WHERE id = 1) IS (SELECT NULLIF(count(*), -1) FROM packages)"
                )
                #expect(sums.hasSuffix("1,1\n") || sums.isEmpty || sums.hasSuffix("1,0\n") && !sums.contains("0,"), "\(sums)")
            }
        }
        #expect(kills > 10)
        let last = try await weir("pull", "hf", "--from", file, "--json")
        #expect(last.status == 0, "\(last.errors)")
        #expect(
            try await weir.sql("SELECT count(*), count(DISTINCT id) FROM packages")
                == "count(*),count(DISTINCT id)\n\(count),\(count)\n")
        let crawls = try await weir.sql(
            "SELECT listed, added + updated + unchanged, failed FROM crawls WHERE state = 'finished' ORDER BY id LIMIT 1")
        #expect(crawls.hasSuffix("\(count),\(count),0\n"))
        #expect(try await weir.sql("SELECT sum(added) FROM crawls").hasSuffix("\n\(count)\n"))
        let lines = try await runProgram(
            URL(filePath: "/bin/sh"), ["-c", "zstd -dc '\(weir.dataset)'/records/huggingface/1.jsonl.zst | cmp - '\(file)'"])
        #expect(lines.status == 0, "\(lines.output)\(lines.errors)")
        #expect(try await weir("rebuild", "--json").json()["packages"] as? Int == count)
    }

    @Test func twoWritersAtOnceAreNotLetIn() async throws {
        let weir = try Weir()
        let server = try ScriptedServer([
            .work { _ in
                Thread.sleep(forTimeInterval: 2)
                return .reply(200, body: "[]")
            }
        ])
        defer { server.stop() }
        async let slow = weir("pull", "hf", "--from", server.address)
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        let second = try await weir("pull", "hf", "--from", try weir.listing(1))
        #expect(second.status == 2)
        #expect(second.errors.contains("is being written by process"))
        #expect(try await slow.status == 0)
    }

    @Test func anInterruptedPullSaysHowToGoOn() async throws {
        let weir = try Weir()
        let server = try ScriptedServer([
            .work { request in
                if request.contains("cursor=") { Thread.sleep(forTimeInterval: 3) }
                return .reply(200, headers: ["Link": "</api/models?cursor=2>; rel=\"next\""], body: #"[{"id":"a/b"}]"#)
            }
        ])
        defer { server.stop() }
        let process = Process()
        process.executableURL = weir.program
        process.arguments = ["pull", "hf", "--from", server.address]
        process.environment = ["WEIR_DATASET": weir.dataset]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(20)) }
        process.interrupt()
        let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(text.contains("run the same command again to go on"))
        #expect(try await weir.sql("SELECT state, listed FROM crawls") == "state,listed\nrunning,1\n")
    }

    @Test func aFullDiskIsOneClearLineAndNothingIsLost() async throws {
        let weir = try Weir()
        let small = weir.folder.url.appending(path: "small").path
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        let mount = try await runProgram(URL(filePath: "/bin/sh"), ["-c", "mount -t tmpfs -o size=3m tmpfs '\(small)'"])
        guard mount.status == 0 else {
            print("skipped: a small file system cannot be mounted here: \(mount.errors)")
            return
        }
        defer { _ = try? Process.run(URL(filePath: "/bin/umount"), arguments: ["-l", small]).waitUntilExit() }
        let file = try weir.listing(30_000)
        let full = try await weir("pull", "hf", "--from", file, "--dataset", small + "/ds")
        #expect(full.status == 2)
        #expect(
            full.errors.split(separator: "\n").filter { $0.hasPrefix("weir: error: the disk is full") }.count == 1,
            "\(full.errors)")
        _ = try await runProgram(URL(filePath: "/bin/sh"), ["-c", "mount -o remount,size=200m '\(small)'"])
        let again = try await weir("pull", "hf", "--from", file, "--dataset", small + "/ds", "--json")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try again.json()["listed"] as? Int == 30_000)
        #expect(
            try await weir("sql", "SELECT count(*) FROM packages", "--dataset", small + "/ds", "--format", "csv").output.contains(
                "30000"))
    }

    @Test func anUnreadableFolderIsNamed() async throws {
        let weir = try Weir()
        let hub = weir.folder.url.appending(path: "hub")
        try weir.folder.write("x", to: "hub/closed/a.onnx")
        _ = try await runProgram(
            URL(filePath: "/bin/sh"),
            ["-c", "chmod -R a+rX '\(weir.folder.path)'; mkdir -m 777 '\(weir.folder.path)/out'; chmod 000 '\(hub.path)/closed'"])
        defer { _ = try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hub.path + "/closed") }
        let command = "'\(weir.program.path)' pull onnx --from '\(hub.path)' --dataset '\(weir.folder.path)/out/ds'"
        let result = try await runProgram(
            URL(filePath: "/bin/sh"), ["-c", getuid() == 0 ? "setpriv --reuid=65534 --clear-groups \(command)" : command])
        // A build folder that nobody else may enter cannot be tried as another user.
        if result.status == 126 || result.status == 127 || result.errors.contains("setpriv") { return }
        #expect(result.status == 2)
        #expect(result.errors.contains("closed"), "\(result.errors)")
    }

    @Test func aDamagedCatalogSaysHowToMakeItAgain() async throws {
        let weir = try Weir()
        let file = try weir.listing(5)
        _ = try await weir("pull", "hf", "--from", file)
        try Data(repeating: 0x41, count: 20_000).write(to: URL(filePath: weir.dataset + "/catalog.sqlite"))
        for command in [["stats"], ["pull", "hf", "--from", file]] {
            let result = try await runProgram(weir.program, command, environment: ["WEIR_DATASET": weir.dataset])
            #expect(result.status == 2 && result.errors.contains("weir rebuild"), "\(result.errors)")
        }
        #expect(try await weir("rebuild").status == 0)
        #expect(try await weir.sql("SELECT count(*) FROM packages").hasSuffix("\n5\n"))
    }
}
