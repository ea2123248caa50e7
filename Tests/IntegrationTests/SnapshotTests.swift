import Foundation
import Testing
import WeirTestSupport

/// A hub of models that a test makes, served by the sample hub.
struct MadeHub {
    let folder: TemporaryFolder
    let server: ServerProgram

    /// - Parameter models: files by path, by model.
    init(_ models: [String: [String: Data]]) throws {
        folder = try TemporaryFolder()
        for (name, files) in models {
            try folder.write("{\"created\": \"2024-01-01T00:00:00.000Z\"}", to: "huggingface/\(name)/.hub.json")
            for (path, content) in files { try folder.write(content, to: "huggingface/\(name)/\(path)") }
        }
        try folder.write("[]", to: "modelhub/models.json")
        try folder.write("[]", to: "modelzoo/models.json")
        server = try ServerProgram(TestPlaces.program("sample-hub"), [folder.path])
    }
}

/// Bytes that differ everywhere.
private func noise(_ count: Int, seed: UInt64) -> Data {
    var state = seed &* 2 &+ 1
    var data = Data(count: count)
    data.withUnsafeMutableBytes { bytes in
        for index in stride(from: 0, to: count - 7, by: 8) {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes.storeBytes(of: state, toByteOffset: index, as: UInt64.self)
        }
    }
    return data
}

@Suite(.serialized) struct SnapshotTests {
    private func python(_ script: String, _ arguments: [String], environment: [String: String] = [:]) async throws
        -> ProgramResult
    {
        try await runProgram(try #require(TestPlaces.python), ["-c", script] + arguments, environment: environment)
    }

    /// Every sample is fetched by Weir and by the Hub's own client: the trees and the bytes are the same, and the client finds what
    /// Weir laid out for it without a network.
    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func theRealClientSeesTheSameFiles() async throws {
        let server = try ServerProgram(TestPlaces.program("sample-hub"), [TestPlaces.samples.path, "--token", "hf_test"])
        let weir = try Weir()
        let token = ["HF_TOKEN": "hf_test"]
        let pull = try await weir("pull", "hf", "--from", server.address, "--snapshot", "files", "--json", environment: token)
        let snapshots = try #require(try pull.json()["snapshots"] as? [String: Any])
        #expect((snapshots["packages"] as? Int ?? 0) > 10)
        // One sample is disabled: it is listed, and its files cannot be had, which is said.
        #expect(pull.status == 1 && snapshots["failed"] as? Int ?? 0 > 0)
        #expect(
            try await weir.sql(
                "SELECT count(*) AS n FROM snapshots s JOIN packages p ON p.id = s.package WHERE (s.failed > 0) <> p.disabled")
                == "n\n0\n")
        let names = try await weir.sql("SELECT DISTINCT substr(package, 13) AS n FROM snapshots WHERE failed = 0 ORDER BY 1")
            .split(separator: "\n").dropFirst()
            .map(String.init)
        let cache = weir.folder.url.appending(path: "cache").path
        for name in names {
            let plain = try await weir("checkout", "hf:\(name)", weir.folder.url.appending(path: "plain/\(name)").path, "--quiet")
            #expect(plain.status == 0, "\(plain.errors)")
            #expect(try await weir("checkout", "hf:\(name)", cache, "--format", "hf-cache", "--quiet").status == 0)
        }
        let script = """
            import filecmp, os, sys
            from huggingface_hub import snapshot_download
            root, names = sys.argv[1], sys.argv[2:]
            def tree(folder):
                found = {}
                for at, _, files in os.walk(folder):
                    for f in files:
                        p = os.path.join(at, f)
                        if ".cache" not in p: found[os.path.relpath(p, folder)] = open(p, "rb").read()
                return found
            for name in names:
                theirs = snapshot_download(name, local_dir=f"{root}/theirs/{name}")
                assert tree(theirs) == tree(f"{root}/plain/{name}"), name
            print("equal", len(names))
            """
        let online = try await python(
            script, [weir.folder.path] + names,
            environment: token.merging(["HF_ENDPOINT": server.address, "HF_HUB_DISABLE_TELEMETRY": "1"]) { $1 })
        #expect(online.status == 0 && online.output.contains("equal \(names.count)"), "\(online.errors.suffix(1500))")
        let offline = try await python(
            """
            import os, sys
            from huggingface_hub import snapshot_download
            for name in sys.argv[2:]:
                found = snapshot_download(name)
                want = os.path.join(sys.argv[1], "plain", name)
                for at, _, files in os.walk(want):
                    for f in files:
                        p = os.path.join(at, f)
                        assert open(p, "rb").read() == open(os.path.join(found, os.path.relpath(p, want)), "rb").read()
            print("offline", len(sys.argv) - 2)
            """, [weir.folder.path] + names, environment: ["HF_HUB_CACHE": cache, "HF_HUB_OFFLINE": "1"])
        #expect(offline.status == 0 && offline.output.contains("offline \(names.count)"), "\(offline.errors.suffix(1500))")
        // The same files are nowhere twice, and the exported form has them all.
        let stored = try #require(try await weir("stats", "--json").json()["stored"] as? [String: Int])
        #expect((stored["saved_bytes"] ?? 0) > 0 && stored["snapshots"] == names.count + 1)
        let out = weir.folder.url.appending(path: "out").path
        #expect(try await weir("export", "ptmtorrent", out).status == 0)
        for name in names {
            #expect(FileManager.default.fileExists(atPath: "\(out)/data/huggingface/repos/\(name)/README.md"), "\(name)")
        }
        let shown = try await weir("show", "hf:\(names[0])", "--json").json()
        #expect((shown["snapshots"] as? [[String: Any]])?.first?["failed"] as? Int == 0)
        let rebuilt = try await weir("rebuild", "--json").json()
        #expect(rebuilt["snapshots"] as? Int == names.count + 1)
        #expect(try await weir("verify", "--json").json()["checked_files"] as? Int == stored["blobs"])
        let again = try await weir("pull", "hf", "--from", server.address, "--snapshot", "files", "--json", environment: token)
        let second = try #require(try again.json()["snapshots"] as? [String: Any])
        #expect(second["fetched_files"] as? Int == 0 && second["unchanged"] as? Int ?? 0 >= names.count)
    }

    /// Kills a parallel fetch at fifty random moments: whatever is stored is whole, and the last run completes.
    @Test func aFetchKilledFiftyTimesIsWhole() async throws {
        var models: [String: [String: Data]] = [:]
        for number in 0..<6 {
            models["o/m\(number)"] = [
                "model.bin": noise(34 << 20, seed: UInt64(number)), "README.md": Data("# \(number)".utf8),
                "shared.bin": noise(100_000, seed: 99),
            ]
        }
        let hub = try MadeHub(models)
        let weir = try Weir()
        let names = models.keys.sorted().map { "hf:\($0)" }
        let arguments = ["snapshot"] + names + ["--from", hub.server.address, "--quiet", "--dataset", weir.dataset]
        var kills = 0
        for _ in 0..<50 {
            let result = try await runProgram(weir.program, arguments, killAfter: .milliseconds(Int.random(in: 10...400)))
            if result.wasKilled { kills += 1 }
            if result.status == 0 && !result.wasKilled { try FileManager.default.removeItem(atPath: weir.dataset) }
            guard FileManager.default.fileExists(atPath: weir.dataset + "/records") else { continue }
            let check = try await weir("verify", "--json")
            #expect(check.status == 0, "\(check.output) \(check.errors)")
            for folder in ["blobs", "snapshots"] {
                let walker = FileManager.default.enumerator(atPath: "\(weir.dataset)/\(folder)")
                while let path = walker?.nextObject() as? String {
                    #expect(!path.contains("part") && !path.contains("tmp"), "\(path)")
                }
            }
        }
        #expect(kills > 10)
        let last = try await runProgram(weir.program, arguments)
        #expect(last.status == 0, "\(last.errors)")
        #expect(try await weir("verify", "--json").json()["checked_files"] as? Int == 6 + 6 + 1)
        #expect(try await weir.sql("SELECT count(*) AS n FROM snapshots WHERE failed = 0 AND files = 3") == "n\n6\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: weir.dataset + "/tmp/fetch").isEmpty)
    }

    @Test func aFullDiskIsOneClearLineAndTheNextRunCompletes() async throws {
        let hub = try MadeHub(["o/m": ["model.bin": noise(40 << 20, seed: 1), "README.md": Data("#".utf8)]])
        let weir = try Weir()
        let small = weir.folder.url.appending(path: "small").path
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        let mount = try await runProgram(URL(filePath: "/bin/sh"), ["-c", "mount -t tmpfs -o size=20m tmpfs '\(small)'"])
        guard mount.status == 0 else {
            print("skipped: a small file system cannot be mounted here: \(mount.errors)")
            return
        }
        defer { _ = try? Process.run(URL(filePath: "/bin/umount"), arguments: ["-l", small]).waitUntilExit() }
        let arguments = ["snapshot", "hf:o/m", "--from", hub.server.address, "--dataset", small + "/ds"]
        let full = try await runProgram(weir.program, arguments)
        #expect(full.status == 2)
        #expect(
            full.errors.split(separator: "\n").filter { $0.hasPrefix("weir: error: the disk is full") }.count == 1,
            "\(full.errors)")
        _ = try await runProgram(URL(filePath: "/bin/sh"), ["-c", "mount -o remount,size=200m '\(small)'"])
        let again = try await runProgram(weir.program, arguments + ["--json"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try await weir("verify", "--dataset", small + "/ds").status == 0)
        // A disk that cannot be written is said so, and what is on it can be read.
        _ = try await runProgram(URL(filePath: "/bin/sh"), ["-c", "mount -o remount,ro '\(small)'"])
        let refused = try await runProgram(weir.program, arguments)
        #expect(refused.status == 2 && refused.errors.contains("weir: error: "), "\(refused.errors)")
        #expect(try await weir("verify", "--dataset", small + "/ds").status == 0)
        let out = weir.folder.url.appending(path: "read-only-out").path
        #expect(try await weir("checkout", "hf:o/m", out, "--dataset", small + "/ds").status == 0)
    }

    @Test func manySmallFilesComeThroughAndAreThereOnce() async throws {
        var files: [String: Data] = [:]
        for number in 0..<5000 { files["part-\(number / 100)/file-\(number).txt"] = Data("content \(number % 4000)".utf8) }
        let hub = try MadeHub(["o/many": files])
        let weir = try Weir()
        let result = try await weir("snapshot", "hf:o/many", "--from", hub.server.address, "--json", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        let json = try result.json()
        #expect(json["files"] as? Int == 5000)
        #expect(try await weir.sql("SELECT count(*) AS f, count(DISTINCT sha256) AS b FROM snapshot_files") == "f,b\n5000,4000\n")
        #expect(try await weir("verify", "--json").json()["checked_files"] as? Int == 4000)
    }

    @Test func collectingWaitsForNobodyAndTakesNothingThatIsNeeded() async throws {
        let hub = try MadeHub(["o/m": ["model.bin": noise(1 << 20, seed: 3)]])
        let weir = try Weir()
        #expect(try await weir("snapshot", "hf:o/m", "--from", hub.server.address).status == 0)
        let held = try ScriptedServer([
            .work { _ in
                Thread.sleep(forTimeInterval: 2)
                return .reply(404, body: "")
            }
        ])
        defer { held.stop() }
        async let slow = weir("snapshot", "hf:o/other", "--from", held.address)
        while held.requests.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        let refused = try await weir("gc")
        #expect(refused.status == 2 && refused.errors.contains("is being written by process"))
        #expect(try await slow.status == 1)
        #expect(try await weir("gc", "--json").json()["removed_blobs"] as? Int == 0)
        #expect(try await weir("verify").status == 0)
    }

    /// A manifest that came from elsewhere may name any host: the token is not for it.
    @Test func aRepairSendsTheTokenToNoOtherHost() async throws {
        let hub = try MadeHub(["o/m": ["README.md": Data("#".utf8)]])
        let weir = try Weir()
        #expect(try await weir("snapshot", "hf:o/m", "--from", hub.server.address).status == 0)
        let thief = try ScriptedServer([.reply(404, body: "")])
        defer { thief.stop() }
        let folder = weir.dataset + "/snapshots/huggingface/o/m"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        try text.replacing(hub.server.address, with: thief.address).write(
            toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: weir.dataset + "/blobs")
        let environment = ["HF_TOKEN": "hf_secret", "HF_ENDPOINT": hub.server.address]
        #expect(try await weir("verify", "--repair", environment: environment).status == 1)
        #expect(!thief.requests.isEmpty && !thief.requests.contains { $0.contains("hf_secret") })
    }

    @Test func aDryRunFetchesNothing() async throws {
        let hub = try MadeHub(["o/m": ["model.bin": noise(1000, seed: 3), "README.md": Data("#".utf8)]])
        let weir = try Weir()
        let result = try await weir(
            "snapshot", "hf:o/m", "--from", hub.server.address, "--exclude", "*.md", "--dry-run", "--json")
        let json = try result.json()
        #expect(json["files"] as? Int == 1 && json["bytes_to_fetch"] as? Int == 1000)
        #expect(!FileManager.default.fileExists(atPath: weir.dataset))
    }

    @Test(arguments: [
        ["snapshot"], ["snapshot", "hf:"], ["snapshot", "hf:a/b@"], ["snapshot", "hf:a/b", "--max-file-size", "big"],
        ["snapshot", "hf:a/b", "--jobs", "0"], ["snapshot", "hf:a/b", "--from", "nowhere"], ["checkout", "hf:a/b"],
        ["checkout", "hf:a/b", "x", "--link", "soft"], ["checkout", "hf:a/b", ""], ["verify", "--sample", "2"],
        ["pull", "hf", "--include", "*"], ["pull", "hf", "--snapshot", "everything"],
    ])
    func wrongUsageIs64(arguments: [String]) async throws {
        let weir = try Weir()
        let result = try await runProgram(weir.program, arguments, environment: ["WEIR_DATASET": weir.dataset])
        #expect(result.status == 64, "\(arguments) \(result.errors)")
    }
}
