import Documents
import Foundation
import Hubs
import ModelPackage
import Testing
import WeirTestSupport

private func read(_ json: String) throws -> Package {
    try HuggingFaceRecordReader().package(from: RawRecord(Array(json.utf8)[...]))
}

private func failure(_ json: String) -> RecordError? {
    do {
        _ = try read(json)
        return nil
    } catch { return error as? RecordError }
}

@Suite struct HuggingFaceRecordReaderTests {
    @Test func everyFieldHasItsEvidence() throws {
        let package = try read(
            """
            {"_id":"65f0","id":"estuary/tern-7b","author":"estuary","sha":"CD447E35B8B6D8FE442E3D437204E52DB2221A58",
            "pipeline_tag":"text-generation","library_name":"transformers","downloads":12,"likes":3,"gated":"auto","private":false,
            "disabled":false,"createdAt":"2024-05-01T09:00:00.000Z","lastModified":"2024-06-01T09:00:00.000Z",
            "tags":["safetensors","license:other","dataset:estuary/reeds","arxiv:2106.09685","doi:10.57967/HF/0001",
            "base_model:a/b","base_model:adapter:a/b","region:us"],
            "cardData":{"license":"other","license_name":"tern-1","license_link":"LICENSE.md","language":["en","de"],"datasets":["estuary/reeds","squad"],
            "base_model":["a/b"]},
            "siblings":[{"rfilename":"a.bin","size":5,"blobId":"cd447e35b8b6d8fe442e3d437204e52db2221a58","lfs":{"sha256":"\(String(repeating: "a", count: 64))","size":9,"pointerSize":130}},{"rfilename":"README.md"}],
            "config":{"model_type":"llama","architectures":["LlamaForCausalLM"]},"safetensors":{"parameters":{"BF16":10,"F32":2},"total":12},
            "model-index":[{"name":"x","results":[{"task":{"type":"qa"},"dataset":{"name":"SQuAD"},"metrics":[{"type":"f1","value":88.5}]}]}],
            "usedStorage":99}
            """)
        #expect(package.id.description == "huggingface:estuary/tern-7b")
        #expect(package.task == Sourced("text-generation", Evidence("pipeline_tag")))
        #expect(package.licenses == [Sourced(License(id: "other", name: "tern-1", link: "LICENSE.md"), Evidence("tags"))])
        #expect(package.revision?.value.hex == "cd447e35b8b6d8fe442e3d437204e52db2221a58")
        #expect(package.gated?.value == .auto)
        #expect(package.languages.map(\.value) == ["en", "de"])
        #expect(package.datasets.map(\.value.name) == ["estuary/reeds", "squad"])
        #expect(package.datasets.map(\.evidence.place) == ["tags", "cardData.datasets"])
        #expect(package.papers.map(\.value.id) == ["2106.09685", "10.57967/hf/0001"])
        #expect(package.baseModels == [Sourced(BaseModel(name: "a/b", relation: .adapter), Evidence("tags"))])
        #expect(
            package.files[0]
                == PackageFile(
                    path: "a.bin", size: 9, sha256: SHA256Hash(String(repeating: "a", count: 64)),
                    gitObjectID: GitObjectID("cd447e35b8b6d8fe442e3d437204e52db2221a58"), isLFS: true))
        #expect(
            package.parameters.map(\.value) == [
                ParameterCount(dataType: "BF16", count: 10), ParameterCount(dataType: "F32", count: 2),
            ])
        #expect(package.evaluations.map(\.value) == [Evaluation(task: "qa", dataset: "SQuAD", metric: "f1", value: "88.5")])
        #expect(package.architecture == Sourced("llama", Evidence("config.model_type")))
        #expect(package.facts.contains(Fact("hub_id", json: "\"65f0\"", Evidence("_id"))))
    }

    @Test func whatIsNotGivenStaysUnknown() throws {
        let package = try read(#"{"id":"gpt2","tags":[],"pipeline_tag":null,"sha":null,"downloads":null}"#)
        #expect(package.owner == nil && package.task == nil && package.revision == nil && package.downloads == nil)
        #expect(package.licenses.isEmpty && package.gated == nil && package.isPrivate == nil)
    }

    @Test(
        arguments: [
            (#"{"tags":[]}"#, nil, "has no 'id'"), (#"{"id":5}"#, nil, "'id' should be text"),
            (#"{"id":""}"#, nil, "has no 'id'"),
            (#"{"id":"../../x"}"#, "../../x", "path component"), (#"{"id":"a/b/c"}"#, "a/b/c", "not one the Hub allows"),
            (#"{"id":"a b"}"#, "a b", "not one the Hub allows"),
            (#"{"id":"a/b","downloads":"many"}"#, "a/b", "'downloads' should be a whole number"),
            (#"{"id":"a/b","tags":"x"}"#, "a/b", "'tags' should be a list"),
            (#"{"id":"a/b","tags":[1]}"#, "a/b", "list of texts"),
            (#"{"id":"a/b","sha":"xyz"}"#, "a/b", "'sha' is not a commit"),
            (#"{"id":"a/b","private":"no"}"#, "a/b", "'private' should be true or false"),
            (#"{"id":"a/b","gated":"perhaps"}"#, "a/b", "'gated'"),
            (#"{"id":"a/b","createdAt":"then"}"#, "a/b", "'createdAt' is not a time"),
            (#"{"id":"a/b","siblings":[{}]}"#, "a/b", "'siblings'"),
            (#"{"id":"a/b","cardData":[]}"#, "a/b", "'cardData' should be an object"),
            (#"[1]"#, nil, "should be an object"), (#"{"id":"a/b""#, "a/b", "not JSON"), ("", nil, "not JSON"),
        ] as [(String, String?, String)])
    func aRecordThatCannotBeReadSaysWhy(json: String, name: String?, reason: String) {
        let error = failure(json)
        #expect(error?.name == name)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "it was read")")
    }

    @Test func hugeAndDeepRecordsAreLostAlone() {
        let tags = "[" + (0..<500_000).map { "\"tag-number-\($0)\"" }.joined(separator: ",") + "]"
        #expect(failure(#"{"id":"a/b","tags":\#(tags)}"#)?.reason.contains("more than 10000 tags") == true)
        #expect(
            failure(#"{"id":"a/b","tags":["\#(String(repeating: "x", count: 10_000_000))"]}"#)?.reason.contains(
                "longer than 1000") == true)
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(failure(#"{"id":"a/b","widgetData":\#(deep)}"#)?.reason.contains("nested deeper") == true)
        var bytes = Array(#"{"id":"a/b","author":"x"}"#.utf8)
        bytes[bytes.count - 3] = 0xff
        #expect(throws: RecordError.self) { try HuggingFaceRecordReader().package(from: RawRecord(bytes[...])) }
    }

    /// Cutting a record at any byte loses it with a reason and nothing worse.
    @Test func aRecordCutAnywhereIsAnError() {
        let text = Array(#"{"id":"a/b","tags":["x","é"],"cardData":{"language":["en"]},"siblings":[{"rfilename":"a"}]}"#.utf8)
        for end in 0..<text.count {
            #expect(throws: RecordError.self) { try HuggingFaceRecordReader().package(from: RawRecord(text[..<end])) }
        }
    }

    @Test func branchesAndHistoryAreRead() throws {
        let commit = String(repeating: "b", count: 40)
        let package = try read(
            """
            {"model":{"id":"a/b","sha":"\(commit)"},"refs":{"branches":[{"name":"main","ref":"refs/heads/main","targetCommit":"\(commit)"}],"tags":[],"converts":[]},
            "commits":[{"id":"\(commit)","title":"first","authors":[{"user":"bot"}],"date":"2024-01-01T00:00:00.000Z"}],"problems":{"commits":"x"}}
            """)
        #expect(package.references.map(\.name) == ["main"])
        #expect(package.commits.map(\.title) == ["first"])
        #expect(package.facts.map(\.name) == ["problems"])
    }

    @Test(.enabled(if: TestPlaces.hubData != nil, "the recorded answers of the real hub are not at hand"))
    func realAnswersAreReadWhole() throws {
        let folder = try #require(TestPlaces.hubData).appending(path: "huggingface/responses/models")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.pathExtension == "json"
        }
        #expect(files.count == 41)
        for file in files {
            let package = try HuggingFaceRecordReader().package(
                from: RawRecord(singleLineJSON(Array(try Data(contentsOf: file))[...])))
            #expect(
                package.revision != nil && package.createdAt != nil && !package.files.isEmpty && package.gated != nil,
                "\(file.lastPathComponent)")
        }
    }
}
