import Foundation
import Testing
import WeirTestSupport

/// `weir inspect` and `weir pull --snapshot headers`, as users run them.
@Suite struct InspectTests {
    /// A model of eight shards whose weights would be 24 GB: only its headers exist.
    private static func shards() -> (files: [String: Data], index: Data, tensors: Int) {
        var files: [String: Data] = [:]
        var map: [String] = []
        var tensors = 0
        for shard in 1...8 {
            let name = "model-0000\(shard)-of-00008.safetensors"
            var entries: [String] = []
            var offset = 0
            for layer in (shard - 1) * 10..<shard * 10 {
                for part in [
                    "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
                    "mlp.up_proj", "mlp.down_proj",
                ] {
                    let tensor = "model.layers.\(layer).\(part).weight"
                    entries.append(
                        "\"\(tensor)\":{\"dtype\":\"BF16\",\"shape\":[64,32],\"data_offsets\":[\(offset),\(offset + 4096)]}")
                    map.append("\"\(tensor)\":\"\(name)\"")
                    offset += 4096
                    tensors += 1
                }
            }
            if shard == 1 {
                entries.append(
                    "\"model.embed_tokens.weight\":{\"dtype\":\"BF16\",\"shape\":[512,32],\"data_offsets\":[\(offset),\(offset + 32768)]}"
                )
                map.append("\"model.embed_tokens.weight\":\"\(name)\"")
                offset += 32768
                tensors += 1
            }
            let header = Data("{\(entries.joined(separator: ","))}".utf8)
            files[name] = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + Data(count: offset)
        }
        return (files, Data("{\"metadata\":{\"total_size\":1},\"weight_map\":{\(map.joined(separator: ","))}}".utf8), tensors)
    }

    @Test func aPackageOfEightShardsTakesFewRequestsAndBytes() async throws {
        let (shards, index, tensors) = Self.shards()
        var files = shards
        files["model.safetensors.index.json"] = index
        files["config.json"] = Data(
            #"{"model_type":"llama","num_hidden_layers":80,"num_attention_heads":2,"hidden_size":32}"#.utf8)
        files["README.md"] = Data("# A model with 70 billion parameters".utf8)
        files["tokenizer.json"] = Data(count: 3_000_000)
        let hub = try MadeHub(["o/eight": files])
        let weir = try Weir()
        let result = try await weir("inspect", "hf:o/eight", "--from", hub.server.address, "--json")
        #expect(result.status == 0, "\(result.errors)")
        let json = try result.json()
        let transfer = try #require(json["transfer"] as? [String: Int])
        #expect(transfer["requests"] ?? 99 < 20 && transfer["bytes_read"] ?? Int.max < 1_000_000, "\(transfer)")
        #expect(transfer["bytes_total"] == files.values.reduce(0) { $0 + $1.count })
        #expect((json["totals"] as? [String: Any])?["tensors"] as? Int == tensors)
        #expect((json["architecture"] as? [String: Any])?["layers"] as? Int == 80)
        let contradictions = try #require(json["contradictions"] as? [[String: Any]])
        #expect(contradictions.map { $0["about"] as? String } == ["parameters"], "\(contradictions)")
        // The files themselves say the same when they are here.
        let folder = weir.folder.url.appending(path: "eight")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, data) in files { try data.write(to: folder.appending(path: name)) }
        let local = try await weir("inspect", folder.path, "--json").json()
        #expect(
            NSDictionary(dictionary: local["totals"] as? [String: Any] ?? [:]).isEqual(
                to: json["totals"] as? [String: Any] ?? [:]))
        #expect(
            NSDictionary(dictionary: local["architecture"] as? [String: Any] ?? [:]).isEqual(
                to: json["architecture"] as? [String: Any] ?? [:]))
    }

    @Test func headersOfManyPackagesAreKeptAndRebuilt() async throws {
        let server = try ServerProgram(TestPlaces.program("sample-hub"), [TestPlaces.samples.path, "--token", "hf_test"])
        let weir = try Weir()
        let token = ["HF_TOKEN": "hf_test"]
        let pull = try await weir("pull", "hf", "--from", server.address, "--snapshot", "headers", "--json", environment: token)
        let headers = try #require(try pull.json()["headers"] as? [String: Any])
        // One sample is disabled: nothing of it can be had, which is said once.
        #expect((headers["failures"] as? [[String: Any]])?.count == 1 && pull.status == 1, "\(headers)")
        #expect(headers["packages"] as? Int ?? 0 > 10 && headers["bytes_read"] as? Int ?? 0 < headers["bytes_total"] as? Int ?? 0)
        let families = try await weir.sql("SELECT DISTINCT family FROM architectures WHERE family IS NOT NULL ORDER BY 1")
        #expect(families == "family\nbert\nllama\nlora\nvit\nwhisper\n", "\(families)")
        #expect(!FileManager.default.fileExists(atPath: weir.dataset + "/blobs"))
        let views = ["formats", "tensors_summary", "architectures", "contradictions"]
        var before: [String] = []
        for view in views { before.append(try await weir.sql("SELECT * FROM \(view) ORDER BY 1, 2, 3, 4, 5")) }
        #expect(try await weir("rebuild", "--json").json()["inspections"] as? Int == headers["packages"] as? Int)
        for (view, text) in zip(views, before) {
            #expect(try await weir.sql("SELECT * FROM \(view) ORDER BY 1, 2, 3, 4, 5") == text, "\(view)")
        }
        let again = try await weir("pull", "hf", "--from", server.address, "--snapshot", "headers", "--json", environment: token)
        let second = try #require(try again.json()["headers"] as? [String: Any])
        #expect(second["packages"] as? Int == 0 && second["unchanged"] as? Int == headers["packages"] as? Int, "\(second)")
    }

    @Test func aStoredSnapshotIsInspectedWithoutTheHub() async throws {
        let (shards, _, _) = Self.shards()
        let weir = try Weir()
        do {
            let hub = try MadeHub(["o/eight": shards])
            #expect(try await weir("snapshot", "hf:o/eight", "--from", hub.server.address).status == 0)
        }
        let json = try await weir("inspect", "hf:o/eight", "--hash-tensors", "--json").json()
        #expect((json["transfer"] as? [String: Int])?["requests"] == 0)
        let tensors = (json["files"] as? [[String: Any]])?.flatMap { $0["tensors"] as? [[String: Any]] ?? [] } ?? []
        // Zeros of one length have one hash.
        #expect(Set(tensors.compactMap { $0["sha256"] as? String }).count == 2 && tensors.count == 561)
    }

    @Test func aServerThatLiesAboutAFileIsAnError() async throws {
        let short = try ScriptedServer([
            .work { _ in .reply(206, headers: ["Content-Range": "bytes 0-9/100000"], body: "0123456789") }
        ])
        defer { short.stop() }
        let weir = try Weir()
        let result = try await weir("inspect", short.address + "/model.safetensors")
        #expect(result.status == 2 && result.errors.contains("asked for"), "\(result.errors)")
        let nothing = try ScriptedServer([.reply(404, body: "")])
        defer { nothing.stop() }
        #expect(try await weir("inspect", nothing.address + "/model.gguf").status == 2)
    }

    @Test func whatIsNoModelAndWhatIsBrokenEndDifferently() async throws {
        let weir = try Weir()
        let folder = weir.folder.url
        try Data("hello".utf8).write(to: folder.appending(path: "notes.txt"))
        try Data([9, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":".utf8)).write(to: folder.appending(path: "cut.safetensors"))
        #expect(try await weir("inspect", folder.path + "/notes.txt").status == 2)
        #expect(try await weir("inspect", folder.path + "/nowhere").status == 2)
        let cut = try await weir("inspect", folder.path + "/cut.safetensors", "--json")
        #expect(cut.status == 1)
        let errors = try #require(try cut.json()["errors"] as? [[String: Any]])
        #expect(errors.first?["path"] as? String == "cut.safetensors" && errors.first?["offset"] as? Int == 0, "\(errors)")
        for arguments in [
            ["inspect"], ["inspect", ""], ["inspect", "x", "--from", "nowhere"], ["pull", "onnx", "--snapshot", "headers"],
        ] {
            let result = try await runProgram(weir.program, arguments, environment: ["WEIR_DATASET": weir.dataset])
            #expect(result.status == 64, "\(arguments) \(result.errors)")
        }
    }
}
