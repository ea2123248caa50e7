import Foundation
import Testing
import WeirTestSupport

/// `weir serve --policy`: what is denied gets out by no route, and who asks for it is told why.
@Suite(.serialized) struct PolicyTests {
    private func policy(_ rules: String, in weir: Weir, fallback: String = "allow") throws -> String {
        try weir.folder.write("weir_policy: 1\ndefault: \(fallback)\nrules:\n\(rules)\n", to: "policy.yaml").path
    }

    @Test func aDeniedPackageGetsOutByNoRoute() async throws {
        let weir = try Weir()
        try await ServedSamples.pull(into: weir, files: true)
        let file = try policy("  - name: no apache\n    deny: { license: [apache-2.0] }", in: weir)
        let server = try ServedSamples.serve(weir, ["--policy", file])
        let denied = "riverbank-ai/brook-bert-tiny"
        let info = try await ServedSamples.get(server.address + "/api/models/\(denied)")
        #expect(info.status == 403)
        #expect(info.headers["x-error-message"]?.contains("no apache") == true)
        let files = try await weir.sql(
            "SELECT path, sha256, revision FROM snapshot_files WHERE package = 'huggingface:\(denied)'")
        var secrets: [String] = []
        for line in files.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",").map(String.init)
            secrets += [
                "/\(denied)/resolve/main/\(fields[0])", "/\(denied)/resolve/\(fields[2])/\(fields[0])",
                "/\(denied)/resolve/\(fields[2].prefix(8))/\(fields[0])", "/\(denied)/resolve/refs%2Fheads%2Fmain/\(fields[0])",
                "/files/huggingface/\(denied)@\(fields[2])/\(fields[0])", "/files/huggingface/\(denied)@main/\(fields[0])",
                "/\(denied).git/info/lfs/objects/\(fields[1])", "/\(denied)/info/lfs/objects/\(fields[1])",
                "/huggingface/\(denied)/resolve/main/\(fields[0])",
            ]
        }
        #expect(secrets.count > 30)
        for path in secrets + [
            "/api/models/\(denied)/tree/main", "/api/models/\(denied)/commits/main",
            "/\(denied)/info/refs?service=git-upload-pack",
        ] {
            let status = try await ServedSamples.get(server.address + path).status
            #expect(status == 403 || status == 404, "\(path): \(status)")
        }
        for method in ["HEAD"] {
            #expect(
                try await ServedSamples.get(server.address + "/\(denied)/resolve/main/config.json", method: method).status == 403)
        }
        let page = String(
            decoding: try await ServedSamples.get(server.address + "/packages/huggingface/\(denied)").body, as: UTF8.self)
        #expect(!page.contains("poor conversationalist"), "the card is content too")
        let listed = String(decoding: try await ServedSamples.get(server.address + "/api/models").body, as: UTF8.self)
        #expect(!listed.contains("\"id\":\"\(denied)\"") && listed.contains("tidewater-labs/kelp-instruct"))
        let allowed = "tidewater-labs/kelp-instruct"
        #expect(try await ServedSamples.get(server.address + "/\(allowed)/resolve/main/README.md").status == 200)
    }

    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func theHubsClientShowsTheRule() async throws {
        let weir = try Weir()
        try await ServedSamples.pull(into: weir, files: true)
        let file = try policy("  - name: weights by hand\n    deny: { format: [safetensors] }", in: weir)
        let server = try ServedSamples.serve(weir, ["--policy", file])
        let script = """
            import sys
            from huggingface_hub import hf_hub_download, snapshot_download
            url, cache, model = sys.argv[1:4]
            print(open(hf_hub_download(model, "config.json", endpoint=url, cache_dir=cache, token=False)).read()[:1])
            try: snapshot_download(model, endpoint=url, cache_dir=cache, token=False)
            except Exception as e: print("refused:", e, e.__cause__)
            snapshot_download(model, endpoint=url, cache_dir=cache, token=False, ignore_patterns=["*.safetensors"])
            print("done")
            """
        let result = try await runProgram(
            try #require(TestPlaces.python),
            ["-c", script, server.address, weir.folder.url.appending(path: "cache").path, "riverbank-ai/brook-bert-tiny"],
            environment: ["HF_HUB_DISABLE_TELEMETRY": "1", "HOME": weir.folder.path, "HF_HUB_DISABLE_XET": "1"])
        #expect(result.output.contains("weights by hand") && result.output.contains("done"), "\(result.output)\(result.errors)")
    }

    @Test func scansAreAskedForBeforeAnythingIsGiven() async throws {
        let weir = try Weir()
        try await ServedSamples.pull(into: weir, files: true)
        let file = try policy(
            "  - name: only scanned\n    deny: { scanned: false }\n  - name: nothing bad\n    deny: { finding: medium }", in: weir
        )
        let path = "/riverbank-ai/brook-bert-tiny/resolve/main/config.json"
        let server = try ServedSamples.serve(weir, ["--policy", file])
        #expect(try await ServedSamples.get(server.address + path).status == 403)
        #expect(try await weir("scan", "hf:riverbank-ai/brook-bert-tiny").status == 0)
        try await Task.sleep(for: .milliseconds(400))
        #expect(try await ServedSamples.get(server.address + path).status == 200)
    }

    @Test func nothingThatIsDeniedIsFetchedFromUpstream() async throws {
        let weir = try Weir()
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(1)).status == 0)
        let hub = try ServerProgram(TestPlaces.program("sample-hub"), [TestPlaces.samples.path])
        let file = try policy("  - name: ours\n    allow: { owner: [estuary] }", in: weir, fallback: "deny")
        let server = try ServedSamples.serve(weir, ["--upstream", hub.address, "--policy", file])
        #expect(
            try await ServedSamples.get(server.address + "/riverbank-ai/brook-bert-tiny/resolve/main/config.json").status == 403)
        #expect(try await ServedSamples.get(server.address + "/estuary/kelp-meander-7030/resolve/main/config.json").status == 200)
        try await Task.sleep(for: .seconds(1))
        #expect(
            try await weir.sql("SELECT DISTINCT package FROM snapshots") == "package\nhuggingface:estuary/kelp-meander-7030\n")
    }

    @Test func aPolicyWithAMistakeStopsTheServer() async throws {
        let weir = try Weir()
        #expect(try await weir("pull", "huggingface", "--from", try weir.listing(1)).status == 0)
        let file = try policy("  - name: x\n    deny: { licence: [mit] }", in: weir)
        let result = try await weir("serve", "--port", "0", "--policy", file)
        #expect(result.status == 2)
        #expect(result.errors.contains("license") && result.errors.contains("policy.yaml:"))
        #expect(try await weir("serve", "--port", "0", "--policy", "/nowhere.yaml").status == 2)
    }
}
