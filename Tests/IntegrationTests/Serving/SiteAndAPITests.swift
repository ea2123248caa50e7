import Foundation
import Testing
import WeirTestSupport

/// The pages and the JSON API of `weir serve`, looked at by the programs that people look with.
@Suite(.serialized) struct SiteAndAPITests {
    private static let hasBrowser = ["chromium", "chromium-browser", "google-chrome"].contains {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    @Test(.enabled(if: TestPlaces.python != nil && hasBrowser, "there is no .venv or no Chromium: run 'make test'"))
    func aBrowserFindsItsWay() async throws {
        let served = try await ServedSamples()
        let script = TestPlaces.project.appending(path: "scripts/browse-pages.py")
        let result = try await runProgram(try #require(TestPlaces.python), [script.path, served.server.address])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("browsed"))
    }

    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func theAPIIsWhatItsDescriptionSays() async throws {
        let served = try await ServedSamples()
        #expect(try await served.weir("scan", "hf:\(served.model)", "--json").status == 0)
        let program = try #require(TestPlaces.python).deletingLastPathComponent().appending(path: "schemathesis")
        let address = served.server.address + "/api/weir/v1"
        let result = try await runProgram(
            program,
            ["run", address + "/openapi.json", "--url", address, "--max-examples", "40", "--no-color", "--seed", "1"],
            environment: ["HOME": served.weir.folder.path])
        #expect(result.status == 0, "\(result.output.suffix(3000))")
        #expect(result.output.contains("0 failed") || !result.output.contains("failures"))
    }

    @Test func theAPIFindsWhatTheCommandsFind() async throws {
        let served = try await ServedSamples()
        func json(_ path: String) async throws -> [String: Any] {
            let answer = try await served.get("/api/weir/v1" + path)
            #expect(answer.status == 200, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
            return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
        }
        func ids(_ answer: [String: Any]) -> [String] {
            (answer["packages"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        }
        let ours = try await served.weir("search", "bert", "--json").json()
        let theirs = try await json("/packages?q=bert&facets=true")
        #expect(!ids(theirs).isEmpty)
        #expect(ids(theirs) == (ours["hits"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String })
        #expect((theirs["facets"] as? [String: Any])?.keys.sorted() == ["hub", "library", "license", "task"])
        // Pages follow each other without a gap.
        let all = try await json("/packages?limit=100")
        var paged: [String] = []
        for offset in stride(from: 0, to: ids(all).count, by: 4) {
            paged += ids(try await json("/packages?limit=4&offset=\(offset)"))
        }
        #expect(paged == ids(all))
        #expect(try await json("/packages?license=apache-2.0&hub=onnx&limit=100")["total"] as? Int ?? 0 > 0)
        let package = try await json("/packages/huggingface/\(served.model)")
        let shown = try await served.weir("show", "hf:\(served.model)", "--json").json()
        for key in ["id", "task", "license", "revision", "downloads"] {
            #expect("\(package[key] ?? "")" == "\(shown[key] ?? "")", "\(key)")
        }
        let files = try await json("/files?package=hf:\(served.model)")["files"] as? [[String: Any]] ?? []
        #expect(files.count > 3 && files.allSatisfy { $0["held"] as? Bool == true && $0["sha256"] != nil })
        #expect((try await json("/crawls")["crawls"] as? [[String: Any]])?.count == 3)
        #expect(try await json("/crawls/1")["failures"] != nil)
        #expect(try await json("/stats")["snapshots"] as? Int ?? 0 > 5)
    }

    @Test func pagesCarryAPolicyAndHostileTextStaysText() async throws {
        let weir = try Weir()
        let hostile = "<script>alert(1)</script>\\u0022 onmouseover=\\u0022alert(1)"
        let listing = try weir.folder.write(
            """
            {"id":"o/n","author":"\(hostile)","sha":"\(String(repeating: "a", count: 40))","tags":["\(hostile)"],"pipeline_tag":"\(hostile)","library_name":"javascript:alert(1)","downloads":1}

            """, to: "listing.jsonl")
        #expect(try await weir("pull", "huggingface", "--from", listing.path).status == 0)
        let server = try ServedSamples.serve(weir, [])
        for path in [
            "/", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/packages/huggingface/o/n", "/hubs",
            "/packages/huggingface/%3Cscript%3E/x",
        ] {
            let page = try await ServedSamples.get(server.address + path)
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(
                !text.contains("<script>alert") && !text.contains("onmouseover=\"alert") && !text.contains("href=\"javascript:"),
                "\(path)")
            let policy = page.headers["content-security-policy"] ?? ""
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "\(path)")
        }
        let fragment = try await ServedSamples.get(server.address + "/?q=n", ["X-Weir-Fragment": "results"])
        #expect(!String(decoding: fragment.body, as: UTF8.self).contains("<html"))
        #expect(fragment.headers["vary"]?.contains("X-Weir-Fragment") == true)
    }

    @Test func searchWhileOneTypesFindsWhatBeginsSo() async throws {
        let served = try await ServedSamples(files: false)
        for typed in ["b", "br", "bro", "brook", "brook-b", "brook-bert-t", "river", "riverbank-ai/brook"] {
            let page = try await served.get("/?q=\(typed)", ["X-Weir-Fragment": "results"])
            #expect(String(decoding: page.body, as: UTF8.self).contains("brook-bert-tiny"), "\(typed)")
        }
        let none = try await served.get("/?q=zzzz", ["X-Weir-Fragment": "results"])
        #expect(!String(decoding: none.body, as: UTF8.self).contains("/packages/"))
    }
}
