import Crypto
import Foundation
import Testing
import WeirTestSupport

/// The mirror of `weir serve` as clients of the Hugging Face Hub see it.
@Suite(.serialized) struct MirrorTests {
    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func theHubsOwnClientWorksUnchanged() async throws {
        let served = try await ServedSamples()
        let script = """
            import hashlib, os, sys
            from huggingface_hub import HfApi, hf_hub_download, snapshot_download
            from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError, EntryNotFoundError
            url, samples, cache, model = sys.argv[1:5]
            api = HfApi(endpoint=url, token=False)
            everything = [m.id for m in api.list_models()]
            assert len(everything) == len(set(everything)) and model in everything, everything
            assert any(n.startswith("onnx/") for n in everything) and any(n.startswith("modelzoo/") for n in everything)
            paged = [m.id for m in api.list_models(limit=None, sort="downloads")]
            assert paged == everything
            assert [m.id for m in api.list_models(author="riverbank-ai")] == [n for n in everything if n.startswith("riverbank-ai/")]
            assert [m.id for m in api.list_models(search="BERT")] == [n for n in everything if "bert" in n.split("/", 1)[-1].lower() or "bert" in n.lower()]
            masks = list(api.list_models(pipeline_tag="fill-mask", full=True, cardData=True))
            assert masks and all(m.pipeline_tag == "fill-mask" and m.sha and m.siblings for m in masks)
            assert all(m.gated for m in api.list_models(gated=True, expand=["gated"]))
            likes = [m.likes for m in api.list_models(sort="likes")]
            assert likes == sorted(likes, reverse=True)
            info = api.model_info(model, files_metadata=True)
            assert info.sha and info.card_data.license == "apache-2.0", info
            assert api.model_info(model, revision=info.sha[:9]).sha == info.sha == api.model_info(model, revision="main").sha
            tree = {f.path: f for f in api.list_repo_tree(model, recursive=True) if hasattr(f, "blob_id")}
            assert {s.rfilename: s.size for s in info.siblings} == {p: f.size for p, f in tree.items()}
            assert api.list_repo_refs(model).branches[0].target_commit == info.sha
            assert api.list_repo_commits(model)[0].commit_id == info.sha
            assert api.get_paths_info(model, ["config.json", "nothing"])[0].path == "config.json"
            assert api.repo_exists(model) and not api.repo_exists("nobody/nothing") and api.file_exists(model, "config.json")
            path = snapshot_download(model, endpoint=url, cache_dir=cache, token=False)
            count = 0
            for root, _, files in os.walk(os.path.join(samples, "huggingface", model)):
                for f in files:
                    if f == ".hub.json": continue
                    rel = os.path.relpath(os.path.join(root, f), os.path.join(samples, "huggingface", model))
                    assert open(os.path.join(path, rel), "rb").read() == open(os.path.join(root, f), "rb").read(), rel
                    count += 1
            assert snapshot_download(model, cache_dir=cache, local_files_only=True) == path
            # Goes on where a download was cut off.
            large = next(f for f in tree.values() if f.lfs and f.size > 1000)
            blobs = os.path.join(cache, "models--" + model.replace("/", "--"), "blobs")
            os.remove(os.path.realpath(os.path.join(path, large.path))); os.remove(os.path.join(path, large.path))
            whole = open(os.path.join(samples, "huggingface", model, large.path), "rb").read()
            open(os.path.join(blobs, large.lfs.sha256 + ".incomplete"), "wb").write(whole[:500])
            again = hf_hub_download(model, large.path, endpoint=url, cache_dir=cache, token=False)
            assert hashlib.sha256(open(again, "rb").read()).hexdigest() == large.lfs.sha256
            def raises(kind, f):
                try: f()
                except kind as e: return e
                raise AssertionError(kind)
            raises(RepositoryNotFoundError, lambda: api.model_info("nobody/nothing"))
            raises(RevisionNotFoundError, lambda: api.model_info(model, revision="no-such-branch"))
            raises(EntryNotFoundError, lambda: hf_hub_download(model, "no-such-file", endpoint=url, cache_dir=cache, token=False))
            zoo = next(n for n in everything if n.startswith("onnx/validated"))
            assert api.model_info(zoo).id == zoo
            missing = raises(Exception, lambda: hf_hub_download(zoo, api.model_info(zoo).siblings[0].rfilename, endpoint=url, cache_dir=cache, token=False))
            assert "weir snapshot" in str(missing) + str(missing.__cause__), missing
            print("compared", count)
            """
        let result = try await runProgram(
            try #require(TestPlaces.python),
            [
                "-c", script, served.server.address, TestPlaces.samples.path,
                served.weir.folder.url.appending(path: "cache").path,
                served.model,
            ],
            environment: ["HF_HUB_DISABLE_TELEMETRY": "1", "HOME": served.weir.folder.path, "HF_HUB_DISABLE_XET": "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("compared"))
    }

    @Test func filesAreGivenWholeInPartsAndOnCondition() async throws {
        let served = try await ServedSamples()
        let path = "/\(served.model)/resolve/main/model.safetensors"
        let whole = try await served.get(path)
        #expect(whole.status == 200)
        let hash = SHA256.hash(data: whole.body).map { String(format: "%02x", $0) }.joined()
        #expect(whole.headers["etag"] == "\"\(hash)\"")
        #expect(whole.headers["x-linked-etag"] == "\"\(hash)\"")
        #expect(whole.headers["x-linked-size"] == "\(whole.body.count)")
        #expect(whole.headers["x-repo-commit"]?.count == 40)
        let head = try await ServedSamples.get(served.server.address + path, method: "HEAD")
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers["content-length"] == "\(whole.body.count)")
        let size = whole.body.count
        for (range, expected) in [
            ("bytes=0-9", 0..<10), ("bytes=100-", 100..<size), ("bytes=-7", (size - 7)..<size), ("bytes=5-\(size * 2)", 5..<size),
        ] {
            let part = try await served.get(path, ["Range": range])
            #expect(part.status == 206, "\(range)")
            #expect(part.body == whole.body[expected], "\(range)")
            #expect(
                part.headers["content-range"] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(size)", "\(range)")
        }
        #expect(try await served.get(path, ["Range": "bytes=0-1,3-4"]).status == 416)
        #expect(try await served.get(path, ["Range": "bytes=\(size)-"]).status == 416)
        #expect(try await served.get(path, ["If-None-Match": "\"\(hash)\""]).status == 304)
        #expect(try await served.get(path, ["If-None-Match": "\"other\""]).status == 200)
        #expect(try await served.get(path, ["If-Match": "\"other\""]).status == 412)
        // A range of what is no longer the same content is of no use: all of it comes.
        #expect(try await served.get(path, ["Range": "bytes=5-", "If-Range": "\"other\""]).status == 200)
        #expect(try await served.get(path, ["Range": "bytes=5-", "If-Range": "\"\(hash)\""]).status == 206)
    }

    @Test func noPathLeadsOutOfTheDataset() async throws {
        let served = try await ServedSamples()
        try "secret".write(to: served.weir.folder.url.appending(path: "secret.txt"), atomically: true, encoding: .utf8)
        let name = served.model
        for path in [
            "/\(name)/resolve/main/../../../../secret.txt", "/\(name)/resolve/main/%2e%2e/%2e%2e/secret.txt",
            "/\(name)/resolve/main/..%2f..%2f..%2fsecret.txt", "/\(name)/resolve/main/%252e%252e%252fsecret.txt",
            "/\(name)/resolve/../main/config.json", "/\(name)/resolve/main/config.json%00.txt",
            "/\(name)/resolve/%00/config.json",
            "/../catalog.sqlite", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd/resolve/main/x",
            "/api/models/%2e%2e/%2e%2e/tree/main", "/api/models/\(name)/tree/main/..%2f..", "/api/models/..%2f..%2fsecret",
            "/api/models/\(name)/revision/..%2f..%2fsecret",
            "/\(name)/resolve/main/" + String(repeating: "a/", count: 6000) + "x",
            "//etc/passwd", "/\(name)/resolve/main//etc/passwd", "/\(name)\\..\\..\\secret/resolve/main/x",
            "/onnx/..%2f..%2fsecret/resolve/main/x", "/api/models?cursor=..%2f..&search=%00",
        ] {
            let answer = try await served.raw("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(
                !answer.contains("secret\r\n") && !answer.hasSuffix("secret") && !answer.contains("root:"),
                "\(path): \(answer.prefix(200))")
            let status = Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0
            #expect(
                (400...404).contains(status) || path.contains("cursor") || status == 414 || status == 431,
                "\(path): \(answer.prefix(80))")
        }
        #expect(try await served.get("/healthz").status == 200)
    }

    @Test func aDamagedContentIsNeverSentAsIfWhole() async throws {
        let weir = try Weir()
        try await ServedSamples.pull(into: weir, files: true)
        let path = "/riverbank-ai/brook-bert-tiny/resolve/main/model.safetensors"
        let server = try ServedSamples.serve(weir, [])
        let hash = try #require(try await ServedSamples.get(server.address + path).headers["etag"]).filter { $0 != "\"" }
        // Damaged after it was found whole, and in a server that has not seen it yet.
        let blob = URL(filePath: weir.dataset).appending(path: "blobs/\(hash.prefix(2))/\(hash)")
        var bytes = try Data(contentsOf: blob)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(at: blob)
        try bytes.write(to: blob)
        for server in [server, try ServedSamples.serve(weir, [])] {
            let answer = try await ServedSamples.get(server.address + path)
            #expect(answer.status == 500)
            #expect(answer.headers["x-error-message"]?.contains("weir verify --repair") == true)
            #expect(try await ServedSamples.get(server.address + path, ["Range": "bytes=0-3"]).status == 500)
        }
        // One that is too large to be read before the first byte goes out: the connection breaks before its end.
        var large = Data(count: 20 << 20)
        large[5] = 1
        let stored = try await Self.store(large, at: "big.bin", in: weir)
        let good = try ServedSamples.serve(weir, [])
        #expect(try await ServedSamples.get(good.address + "/o/large/resolve/main/big.bin").body == large)
        var damaged = large
        damaged[12 << 20] = 9
        try FileManager.default.removeItem(at: stored)
        try damaged.write(to: stored)
        for range in ["", "bytes=0-19000000", "bytes=19000000-"] {
            let fresh = try ServedSamples.serve(weir, [])
            let result = try await runProgram(
                URL(filePath: "/usr/bin/curl"),
                ["-s", "-o", "/dev/null", "-w", "%{size_download}"] + (range.isEmpty ? [] : ["-H", "Range: \(range)"])
                    + [fresh.address + "/o/large/resolve/main/big.bin"])
            #expect(result.status == 18, "curl says that the transfer is not whole: \(result.status) \(result.output)")
        }
    }

    /// Puts a content into a dataset as the file of a package, the way a snapshot does.
    static func store(_ content: Data, at path: String, in weir: Weir) async throws -> URL {
        let hash = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
        let commit = String(repeating: "b", count: 40)
        let listing = try weir.folder.write(
            "{\"id\":\"o/large\",\"author\":\"o\",\"sha\":\"\(commit)\",\"tags\":[],\"downloads\":1}\n", to: "large.jsonl")
        #expect(try await weir("pull", "huggingface", "--from", listing.path).status == 0)
        let dataset = URL(filePath: weir.dataset)
        let blob = dataset.appending(path: "blobs/\(hash.prefix(2))/\(hash)")
        try FileManager.default.createDirectory(at: blob.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: blob)
        let manifest = dataset.appending(path: "snapshots/huggingface/o/large/\(commit).json")
        try FileManager.default.createDirectory(at: manifest.deletingLastPathComponent(), withIntermediateDirectories: true)
        try """
        {"weir_snapshot":1,"package":"huggingface:o/large","commit":"\(commit)","revision":"main","source":"test",
        "fetched_at":"2026-01-01T00:00:00.000Z","files":[{"path":"\(path)","size":\(content.count),"sha256":"\(hash)",
        "git_oid":null,"mode":"100644","lfs":true}],"absent":[]}
        """.write(to: manifest, atomically: true, encoding: .utf8)
        #expect(try await weir("rebuild", "--drop-lost").status == 0)
        return blob
    }
}
