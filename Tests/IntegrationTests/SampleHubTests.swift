import Foundation
import Testing
import WeirTestSupport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The sample hub, its real client, and Weir: what the two read must be the same.
@Suite(.serialized) struct SampleHubTests {
    private func server(_ arguments: String...) throws -> ServerProgram {
        try ServerProgram(TestPlaces.program("sample-hub"), [TestPlaces.samples.path] + arguments)
    }

    private func python(_ script: String, _ arguments: String..., environment: [String: String] = [:]) async throws
        -> ProgramResult
    {
        let python = try #require(TestPlaces.python)
        return try await runProgram(python, ["-c", script] + arguments, environment: environment)
    }

    @Test func allFiveHubsOfTheSamplesArePulled() async throws {
        let server = try server()
        let weir = try Weir()
        let samples = TestPlaces.samples.path
        for (hub, location) in [
            ("huggingface", server.address), ("onnx", samples + "/onnx"), ("pytorch", samples + "/pytorch"),
            ("modelhub", server.address + "/modelhub/models.json"), ("modelzoo", server.address + "/modelzoo"),
        ] {
            let result = try await weir("pull", hub, "--from", location, "--json")
            #expect(result.status == 0, "\(hub): \(result.output) \(result.errors)")
            #expect((try result.json()["added"] as? Int ?? 0) >= 5, "\(hub)")
        }
        #expect(try await weir.sql("SELECT count(DISTINCT hub) FROM packages").hasSuffix("\n5\n"))
        #expect(
            try await weir.sql("SELECT count(*) FROM packages WHERE hub = 'modelhub' AND architecture IS NOT NULL").hasSuffix(
                "\n4\n"))
        #expect(
            try await weir.sql("SELECT count(*) FROM packages WHERE hub = 'modelzoo' AND url LIKE 'https://modelzoo.co/model/%'")
                .hasSuffix("\n6\n"))
    }

    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func theHubsOwnClientReadsWhatWeirReads() async throws {
        let server = try server("--token", "hf_sample")
        let weir = try Weir()
        let pull = try await weir(
            "pull", "hf", "--from", server.address, "--details", "--json", environment: ["HF_TOKEN": "hf_sample"])
        #expect(pull.status == 0, "\(pull.output)\(pull.errors)")
        let script = """
            import json, sys
            from huggingface_hub import HfApi
            api = HfApi(endpoint=sys.argv[1], token="hf_sample")
            out = {}
            for listed in api.list_models(full=True, cardData=True, limit=None):
                m = api.model_info(listed.id, files_metadata=True)
                assert m.sha == listed.sha and m.tags == listed.tags
                refs = api.list_repo_refs(m.id)
                commits = [] if m.disabled else api.list_repo_commits(m.id)
                tree = {} if m.disabled else {f.path: f for f in api.list_repo_tree(m.id, recursive=True) if hasattr(f, "blob_id")}
                for s in m.siblings:
                    if tree: assert tree[s.rfilename].size == s.size and tree[s.rfilename].blob_id == s.blob_id
                out[m.id] = dict(sha=m.sha, author=m.author, task=m.pipeline_tag, library=m.library_name, downloads=m.downloads, likes=m.likes,
                    gated=m.gated, private=m.private, disabled=m.disabled, created=m.created_at.isoformat(), modified=m.last_modified.isoformat(),
                    tags=sorted(set(m.tags)), files=sorted([s.rfilename, s.size, s.blob_id, s.lfs.sha256 if s.lfs else None] for s in m.siblings),
                    branches=sorted([b.name, b.target_commit] for b in refs.branches), commits=[c.commit_id for c in commits],
                    license=(m.card_data or {}).get("license") if m.card_data else None)
            print(json.dumps(out))
            """
        let result = try await python(
            script, server.address, environment: ["HF_HUB_DISABLE_TELEMETRY": "1", "HOME": weir.folder.path])
        #expect(result.status == 0, "\(result.errors)")
        let theirs = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: [String: Any]])
        #expect(theirs.count >= 16)
        for (name, model) in theirs {
            let ours = try await weir("show", "hf:\(name)", "--json").json()
            for (key, column) in [("sha", "revision"), ("author", "owner"), ("task", "task"), ("library", "library")] {
                #expect(model[key] as? String == ours[column] as? String, "\(name) \(key)")
            }
            for key in ["downloads", "likes"] { #expect(model[key] as? Int == ours[key] as? Int, "\(name) \(key)") }
            for key in ["private", "disabled"] { #expect(model[key] as? Bool == ours[key] as? Bool, "\(name) \(key)") }
            #expect("\(model["gated"] ?? "")" == "\(ours["gated"] ?? "")", "\(name)")
            for (key, column) in [("created", "created_at"), ("modified", "modified_at")] {
                let theirTime = (model[key] as? String)?.prefix(19)
                #expect(theirTime == (ours[column] as? String)?.prefix(19), "\(name) \(key)")
            }
            #expect(model["tags"] as? [String] == Set(ours["tags"] as? [String] ?? []).sorted(), "\(name)")
            let files = (ours["files"] as? [[String: Any]] ?? []).map { file in
                "\(file["path"] ?? "") \(file["size"] ?? "") \(file["git_oid"] ?? "") \(file["sha256"] ?? "-")"
            }
            let theirFiles = (model["files"] as? [[Any]] ?? []).map { file in
                "\(file[0]) \(file[1]) \(file[2]) \(file[3] is NSNull ? "-" : file[3])"
            }
            #expect(files.sorted() == theirFiles.sorted(), "\(name)")
            #expect(
                model["commits"] as? [String] ?? []
                    == (ours["commits"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }, "\(name)")
            if let license = model["license"] as? String { #expect(ours["license"] as? String == license, "\(name)") }
        }
        let listed = try await weir.sql("SELECT count(*) FROM packages")
        #expect(listed.hasSuffix("\n\(theirs.count)\n"))
    }

    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func theHubsOwnClientDownloadsAndSeesItsOwnErrors() async throws {
        let server = try server()
        let folder = try TemporaryFolder()
        let script = """
            import hashlib, os, sys
            from huggingface_hub import HfApi, hf_hub_download, snapshot_download
            from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError, EntryNotFoundError
            url, samples, cache = sys.argv[1:4]
            api = HfApi(endpoint=url, token=False)
            names = [m.id for m in api.list_models()]
            infos = {n: api.model_info(n) for n in names}
            open_one = next(n for n in names if not infos[n].gated and not infos[n].disabled)
            path = snapshot_download(open_one, endpoint=url, cache_dir=cache, token=False)
            count = 0
            for root, _, files in os.walk(os.path.join(samples, "huggingface", open_one)):
                for f in files:
                    if f == ".hub.json": continue
                    rel = os.path.relpath(os.path.join(root, f), os.path.join(samples, "huggingface", open_one))
                    assert open(os.path.join(path, rel), "rb").read() == open(os.path.join(root, f), "rb").read(), rel
                    count += 1
            def raises(kind, f):
                try: f()
                except kind: return
                raise AssertionError(kind)
            gated = next(n for n in names if infos[n].gated)
            raises(GatedRepoError, lambda: hf_hub_download(gated, "config.json", endpoint=url, cache_dir=cache, token=False))
            raises(RepositoryNotFoundError, lambda: api.model_info("nobody/nothing"))
            raises(RevisionNotFoundError, lambda: api.model_info(open_one, revision="no-such-branch"))
            raises(EntryNotFoundError, lambda: hf_hub_download(open_one, "no-such-file", endpoint=url, cache_dir=cache, token=False))
            info = api.model_info(open_one)
            assert api.model_info(open_one, revision=info.sha[:8]).sha == info.sha
            assert api.get_paths_info(open_one, ["config.json", "nothing"])[0].path == "config.json"
            print("compared", count)
            """
        let result = try await python(
            script, server.address, TestPlaces.samples.path, folder.path,
            environment: ["HF_HUB_DISABLE_TELEMETRY": "1", "HOME": folder.path, "HF_HUB_DISABLE_XET": "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("compared"))
    }

    @Test func aRenamedModelIsFoundUnderItsOldName() async throws {
        let server = try server()
        let old = try #require(try oldName())
        let url = try #require(URL(string: "\(server.address)/api/models/\(old)"))
        let (data, response) = try await URLSession.shared.data(from: url)
        #expect((response as? HTTPURLResponse)?.statusCode == 200)
        #expect(response.url != url)
        #expect(String(decoding: data, as: UTF8.self).contains("\"id\":"))
    }

    private func oldName() throws -> String? {
        let walker = FileManager.default.enumerator(
            at: TestPlaces.samples.appending(path: "huggingface"), includingPropertiesForKeys: nil)
        while let file = walker?.nextObject() as? URL {
            guard file.lastPathComponent == ".hub.json",
                let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
            else { continue }
            if let name = (object["former_names"] as? [String])?.first { return name }
        }
        return nil
    }

    /// Every export holds to its published schema.
    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func exportsHoldToTheirSchemas() async throws {
        let server = try server()
        let weir = try Weir()
        let samples = TestPlaces.samples.path
        for (hub, location) in [
            ("huggingface", server.address), ("onnx", samples + "/onnx"), ("pytorch", samples + "/pytorch"),
            ("modelhub", samples + "/modelhub/models.json"),
            ("modelzoo", samples + "/modelzoo"),
        ] {
            #expect(try await weir("pull", hub, "--from", location, "--quiet").status == 0)
        }
        let out = weir.folder.url.appending(path: "out").path
        #expect(try await weir("export", "ptmtorrent", out).status == 0)
        #expect(try await weir("export", "jsonl", out + "/packages.jsonl").status == 0)
        #expect(try await weir("export", "csv", out + "/csv").status == 0)
        try await weir("show", "onnx:\(firstONNX(weir))", "--json").output.write(
            toFile: out + "/show.json", atomically: true, encoding: .utf8)
        let script = """
            import csv, json, os, sqlite3, sys
            from jsonschema import Draft202012Validator as V
            schemas, out, dataset = sys.argv[1:4]
            package = V(json.load(open(f"{schemas}/package.schema.json")))
            uniform = V(json.load(open(f"{schemas}/ptmtorrent.schema.json")))
            n = 0
            for line in open(f"{out}/packages.jsonl"):
                package.validate(json.loads(line)); n += 1
            package.validate(json.load(open(f"{out}/show.json")))
            db = sqlite3.connect(f"{dataset}/catalog.sqlite")
            for hub, meta in [("huggingface", "hf_metadata"), ("modelhub", "mh_metadata"), ("modelzoo", "mz_models_metadata"), ("onnxmodelzoo", "omz_models_metadata"), ("pytorchhub", "pyth_models_metadata")]:
                records = json.load(open(f"{out}/data/{hub}/json/{hub}.json"))
                uniform.validate(records)
                objects = json.load(open(f"{out}/data/{hub}/json/metadata/{meta}.json"))
                assert len(records) == len(objects) > 4
                for r in records:
                    assert os.path.exists(f"{out}/" + r["ModelHub"]["MetadataFilePath"])
                    o = objects[r["ModelHub"]["MetadataObjectID"]]
                    if hub == "huggingface": assert o["id"] == r["ModelName"]
                    if hub == "modelhub": assert o["name"] == r["ModelName"]
                assert len({r["id"] for r in records}) == len(records)
                for f in ["html/metadata/models", "json/metadata/models", "repos"]: assert os.path.isdir(f"{out}/data/{hub}/{f}")
            for view in [f[:-4] for f in os.listdir(f"{out}/csv")]:
                rows = list(csv.reader(open(f"{out}/csv/{view}.csv", newline="")))
                want = db.execute(f"SELECT * FROM {view}").fetchall()
                assert len(rows) - 1 == len(want), view
                assert [["" if c is None else str(c) for c in w] for w in want] == rows[1:], view
            print("validated", n)
            """
        let result = try await python(script, TestPlaces.project.appending(path: "docs/schema").path, out, weir.dataset)
        #expect(result.status == 0, "\(result.errors.suffix(1500))")
        #expect(result.output.contains("validated"))
    }

    private func firstONNX(_ weir: Weir) async throws -> String {
        let text = try await weir.sql("SELECT name FROM packages WHERE hub = 'onnx' ORDER BY likes, id LIMIT 1")
        return String(text.split(separator: "\n").last ?? "")
    }

    /// A package keeps its number in every export, whatever came and went between.
    @Test func numbersOfExportsStay() async throws {
        let weir = try Weir()
        func export(_ name: String) async throws -> [String: Int] {
            let out = weir.folder.url.appending(path: name)
            #expect(try await weir("export", "ptmtorrent", out.path).status == 0)
            let data = try Data(contentsOf: out.appending(path: "data/huggingface/json/huggingface.json"))
            let records = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
            return Dictionary(
                uniqueKeysWithValues: records.compactMap { record in
                    guard let name = record["ModelName"] as? String, let id = record["id"] as? Int else { return nil }
                    return (name, id)
                })
        }
        let all = try weir.listing(10)
        _ = try await weir("pull", "hf", "--from", all)
        let first = try await export("one")
        #expect(first.values.sorted() == Array(0..<10))
        let lines = try String(contentsOfFile: all, encoding: .utf8).split(separator: "\n")
        let fewer = try weir.folder.write(
            (["{\"id\":\"new/first\"}"] + lines[3...].reversed()).joined(separator: "\n"), to: "fewer.jsonl"
        ).path
        _ = try await weir("pull", "hf", "--from", fewer)
        let second = try await export("two")
        #expect(second.count == 8 && second["new/first"] == 10)
        for (name, id) in second where name != "new/first" { #expect(first[name] == id) }
    }
}
