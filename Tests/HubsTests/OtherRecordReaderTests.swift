import Documents
import Foundation
import Hubs
import Logging
import ModelPackage
import Testing
import Transport
import WeirTestSupport

/// All packages and failures of a hub's listing.
func readAll(_ hub: any ModelHub, _ query: ListingQuery = ListingQuery()) async throws -> (
    packages: [Package], failures: [RecordError]
) {
    let listing = try await hub.listing(query, after: nil)
    let reader = recordReader(for: hub.id)
    var packages: [Package] = []
    var failures: [RecordError] = []
    while let page = try await listing.nextPage() {
        for record in page.records {
            do throws(RecordError) { packages.append(try reader.package(from: record)) } catch { failures.append(error) }
        }
    }
    return (packages, failures)
}

/// One client for all tests: it must not go away before it is shut down.
private let client = ClientTransport(environment: [:])

func idleTransport() -> PoliteTransport {
    PoliteTransport(client, logger: Logger(label: "test"), sleep: { _ in })
}

@Suite struct PyTorchHubTests {
    private func package(_ body: String, matter: String = "title: T\nauthor: A\n") throws -> Package {
        var writer = JSONWriter()
        writer.object { object in
            object.member("path", "o_r_m.md")
            object.member("text", "---\n\(matter)---\n\(body)")
        }
        return try PyTorchHubRecordReader().package(from: RawRecord(writer.bytes[...]))
    }

    @Test func entryPointsComeFromCallsInAllTheirForms() throws {
        let package = try package(
            """
            ```python
            import torch
            kind = "large"
            #kind = "small"
            a = torch.hub.load("o/r", kind)
            # b = torch.hub.load('o/r:v0.10.0', 'big', pretrained=True)
            c, d = torch.hub.load(repo_or_dir='o/s',
                                  model='stt',
                                  language="en", device=torch.device('cpu'))
            e = torch.hub.load('o/r', 'tokenizer', 'bert-base', f(x, "no"))
            e = torch.hub.load('o/r', 'tokenizer', './local')
            torch.hub.load(computed())
            ```
            """)
        let points = package.entryPoints.map(\.value)
        #expect(
            points.map { "\($0.repository):\($0.ref ?? "-") \($0.name ?? "?") \($0.variants)" } == [
                "o/r:- large []", "o/r:- small []", "o/r:v0.10.0 big []", "o/s:- stt [\"en\"]", "o/r:- tokenizer [\"bert-base\"]",
            ])
        #expect(package.entryPoints.first?.evidence == Evidence(file: "o_r_m.md", line: 9, .found))
    }

    @Test func papersAndDatasetsCarryTheirLine() throws {
        let package = try package("Trained on ImageNet.\n\nSee https://arxiv.org/abs/1512.03385.\n")
        #expect(package.datasets == [Sourced(DatasetReference(name: "ImageNet"), Evidence(file: "o_r_m.md", line: 5, .found))])
        #expect(package.papers.map(\.evidence) == [Evidence(file: "o_r_m.md", line: 7, .found)])
    }

    @Test(arguments: [
        ("title: [\n", "not YAML"), ("- a\n- b\n", "not a list of keys"), ("a: &a [*a, *a]\n", "YAML"),
        ("x: \(String(repeating: "[", count: 999))\n", "nested deeper"),
    ])
    func badFrontMatterLosesTheRecord(matter: String, reason: String) {
        #expect(
            performing: { try package("x", matter: matter) },
            throws: { ($0 as? RecordError).map { $0.name == "o_r_m" && $0.reason.contains(reason) } ?? false })
    }

    @Test(.enabled(if: TestPlaces.hubData != nil, "the real hub's files are not at hand"))
    func theRealHubIsReadWhole() async throws {
        let (packages, failures) = try await readAll(
            PyTorchHub(
                location: try #require(TestPlaces.hubData).appending(path: "pytorch-hub/repo").path,
                workFolder: FileManager.default.temporaryDirectory))
        #expect(packages.count == 52)
        #expect(failures.isEmpty)
        #expect(packages.allSatisfy { $0.owner != nil && $0.summary != nil && !$0.tags.isEmpty })
        #expect(packages.filter { $0.entryPoints.isEmpty }.isEmpty)
        let midas = packages.first { $0.id.name == "intelisl_midas_v2" }
        #expect(midas?.entryPoints.compactMap(\.value.name) == ["DPT_Large", "DPT_Hybrid", "MiDaS_small", "transforms"])
    }
}

@Suite struct ONNXModelZooTests {
    @Test(.enabled(if: TestPlaces.hubData != nil, "the real hub's files are not at hand"))
    func theRealHubIsReadWhole() async throws {
        let folder = try #require(TestPlaces.hubData).appending(path: "onnx-model-zoo")
        let (packages, failures) = try await readAll(
            ONNXModelZoo(location: folder.appending(path: "repo").path, workFolder: FileManager.default.temporaryDirectory))
        #expect(packages.count == 2325)
        #expect(failures.isEmpty)
        #expect(packages.filter { $0.facts.contains { $0.name == "io_ports" } }.count == 162)
        let pointers = try String(contentsOf: folder.appending(path: "lfs_pointers.tsv"), encoding: .utf8).split(separator: "\n")
            .dropFirst()
        let known = Dictionary(
            uniqueKeysWithValues: pointers.map { line in
                let cells = line.split(separator: "\t").map(String.init)
                return (cells[0], [cells[1], cells[2]])
            })
        for package in packages {
            let file = try #require(package.files.first)
            #expect(known[file.path] == [file.sha256?.hex ?? "", file.size.map(String.init) ?? ""], "\(file.path)")
        }
        let resnet = try #require(packages.first { $0.id.name == "validated/vision/classification/resnet/model/resnet50-v1-7" })
        #expect(resnet.task?.value == "image_classification")
        #expect(resnet.licenses.map(\.value.id) == ["apache-2.0"])
        #expect(resnet.evaluations.map(\.value.value) == ["74.93", "92.38"])
        #expect(resnet.papers.map(\.value.id).contains("1512.03385"))
        #expect(resnet.datasets.first?.value.name == "ImageNet (ILSVRC2012)")
    }

    @Test func aRepositoryWithHistoryGivesCommitsAndDates() async throws {
        let folder = try TemporaryFolder()
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "1", count: 64))\nsize 7\n"
        try folder.write(pointer, to: "Computer_Vision/net_Opset17_timm/net_Opset17.onnx")
        try folder.write("[]", to: "ONNX_HUB_MANIFEST.json")
        let git = URL(filePath: "/usr/bin/git")
        for arguments in [
            ["init", "-q"], ["add", "-A"], ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "one"],
        ] {
            let result = try await runProgram(git, ["-C", folder.path] + arguments)
            #expect(result.status == 0, "\(result.errors)")
        }
        let head = try await runProgram(git, ["-C", folder.path, "rev-parse", "HEAD"]).output.trimmingCharacters(
            in: .whitespacesAndNewlines)
        for location in [folder.path, "file://\(folder.path)"] {
            let work = try TemporaryFolder()
            let (packages, failures) = try await readAll(ONNXModelZoo(location: location, workFolder: work.url))
            #expect(failures.isEmpty)
            let package = try #require(packages.first)
            #expect(package.revision?.value.hex == head)
            #expect(package.modifiedAt != nil)
            #expect(package.files.first?.sha256?.hex == String(repeating: "1", count: 64))
            #expect(package.files.first?.gitObjectID != nil)
        }
    }

    @Test(arguments: ["/nowhere/at/all", "ext::sh -c id"])
    func aLocationThatIsNothingIsSaidSo(location: String) async {
        await #expect(throws: HubError.self) {
            try await readAll(ONNXModelZoo(location: location, workFolder: FileManager.default.temporaryDirectory))
        }
    }

    @Test func aFolderWithoutModelsIsSaidSo() async throws {
        let folder = try TemporaryFolder()
        await #expect(throws: HubError.self) { try await readAll(ONNXModelZoo(location: folder.path, workFolder: folder.url)) }
    }
}

@Suite struct ModelhubAITests {
    @Test(.enabled(if: TestPlaces.hubData != nil, "the real hub's files are not at hand"))
    func theRealHubIsReadWhole() async throws {
        let file = try #require(TestPlaces.hubData).appending(path: "modelhub-ai/models.json")
        let (packages, failures) = try await readAll(try ModelhubAI(location: file.path, transport: idleTransport()))
        #expect(packages.count == 33)
        #expect(failures.isEmpty)
        #expect(packages.filter { $0.summary != nil }.count == 19)
        let alexnet = try #require(packages.first { $0.id.name == "alexnet" })
        #expect(alexnet.architecture?.evidence.place == "contrib_src/model/config.json:model.architecture")
        #expect(
            alexnet.datasets.first?.value
                == DatasetReference(name: "ImageNet", url: "http://www.image-net.org/challenges/LSVRC/2012/"))
        #expect(packages.first { $0.id.name == "arc-face" }?.papers.first?.value.id == "1801.07698")
    }

    @Test func oneBadConfigurationLosesOneModel() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"[{"name":"good","github":"https://github.com/o/good"},{"name":"bad","github":"https://github.com/o/bad"},{"github":"x"},"text"]"#,
            to: "models.json")
        try folder.write("{", to: "repos/o/bad/contrib_src/model/config.json")
        let (packages, failures) = try await readAll(try ModelhubAI(location: folder.path, transport: idleTransport()))
        #expect(packages.map(\.id.name) == ["good"])
        #expect(failures.map(\.name) == ["bad", nil, nil])
    }
}

@Suite struct ModelZooCoTests {
    @Test func theAPIIsAskedForPagesUntilNothingIsNew() async throws {
        let entry: @Sendable (String) -> String = { slug in
            #"{"slug":"\#(slug)","title":"T","stars":5,"link":"https://github.com/o/r/tree/main/x","framework":"keras","categories":[{"id":1,"slug":"audio","title":"Audio","short_title":"A"}]}"#
        }
        let server = try ScriptedServer([
            .work { request in
                let path = request.split(separator: " ")[1]
                switch path {
                case "/api/models/0/": return .reply(200, body: "{\"models\":[\(entry("one")),\(entry("two"))]}")
                case "/api/models/50/": return .reply(200, body: "{\"models\":[\(entry("two")),\(entry("three"))]}")
                case "/api/models/one/":
                    return .reply(
                        200,
                        body:
                            #"{"title":"One","stars":7,"papers":{"P":"https://arxiv.org/abs/1703.10135v2"},"long_desc":"On LibriSpeech."}"#
                    )
                case "/api/models/two/": return .reply(200, body: "<html>")
                case "/api/models/three/": return .reply(404, body: "")
                default: return .reply(200, body: "{\"models\":[\(entry("three"))]}")
                }
            }
        ])
        defer { server.stop() }
        let (packages, failures) = try await readAll(try ModelZooCo(location: server.address, transport: idleTransport()))
        #expect(packages.map(\.id.name) == ["one", "three"])
        #expect(failures.map(\.name) == ["two"])
        #expect(packages[0].title?.value == "One" && packages[0].likes?.value == 7)
        #expect(packages[0].papers.map(\.value.id) == ["1703.10135"])
        #expect(packages[0].datasets.map(\.value.name) == ["LibriSpeech"])
        #expect(packages[1].task?.value == "Audio" && packages[1].owner?.value == "o")
        #expect(server.requests.allSatisfy { $0.contains("weir/") && $0.lowercased().contains("referer:") })
    }

    /// What cannot be read of one model loses that model only.
    @Test func oneUnreadableFileLosesOneModel() async throws {
        let folder = try TemporaryFolder()
        try folder.write(#"[{"slug":"one"},{"slug":"two"},{"slug":"three"},{"slug":"four"}]"#, to: "zoo/models.json")
        try folder.write(#"{"title":"One"}"#, to: "zoo/models/one.json")
        try folder.write("x", to: "zoo/models/two.json/inside")
        #expect(mkfifo(folder.url.appending(path: "zoo/models/three.json").path, 0o600) == 0)
        try FileManager.default.createSymbolicLink(
            at: folder.url.appending(path: "zoo/models/four.json"), withDestinationURL: try folder.write("{}", to: "outside.json")
        )
        let zoo = try ModelZooCo(location: folder.url.appending(path: "zoo").path, transport: idleTransport())
        let (packages, failures) = try await readAll(zoo)
        #expect(packages.map(\.id.name) == ["one"])
        #expect(failures.map(\.name) == ["two", "three", "four"])
        #expect(failures[0].reason.contains("it is a folder") && failures[2].reason.contains("leads out of"))
    }
}
