import Foundation
import Hubs
import ModelPackage
import Synchronization
import Testing
import WeirTestSupport

private func hub(_ server: ScriptedServer) throws -> HuggingFaceHub {
    HuggingFaceHub(endpoint: try #require(URL(string: server.address)), transport: idleTransport())
}

private func message(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return "no error"
    } catch { return "\(error)" }
}

@Suite struct HuggingFaceHubTests {
    @Test func pagesAreFollowedOnOurOwnHost() async throws {
        let server = try ScriptedServer([
            .work { request in
                request.contains("cursor=2")
                    ? .reply(200, body: #"[{"id":"a/three"}]"#)
                    : .reply(
                        200, headers: ["Link": "<https://huggingface.co/api/models?limit=2&cursor=2>; rel=\"next\""],
                        body: "[{\"id\":\"a/one\"},\n {\"id\":\"a/two\"}]")
            }
        ])
        defer { server.stop() }
        let (packages, _) = try await readAll(try hub(server))
        #expect(packages.map(\.id.name) == ["a/one", "a/two", "a/three"])
        #expect(server.requests[0].contains("expand=cardData") && server.requests[0].contains("sort=createdAt"))
    }

    @Test func queryOptionsReachTheHub() async throws {
        let server = try ScriptedServer([.reply(200, body: "[]")])
        defer { server.stop() }
        var query = ListingQuery()
        query.author = "a b"
        query.search = "x&y"
        query.tags = ["license:mit", "en"]
        query.order = .likes
        query.limit = 7
        _ = try await readAll(try hub(server), query)
        let line = server.requests[0].split(separator: "\r\n")[0]
        for part in ["author=a%20b", "search=x%26y", "filter=license:mit", "filter=en", "sort=likes", "limit=7"] {
            #expect(line.contains(part), "\(line)")
        }
    }

    @Test func aServerWithoutExpandIsAskedInTheOlderForm() async throws {
        let server = try ScriptedServer([
            .work { request in
                request.contains("expand=") ? .reply(400, body: #"{"error":"unknown"}"#) : .reply(200, body: #"[{"id":"a/one"}]"#)
            }
        ])
        defer { server.stop() }
        let (packages, _) = try await readAll(try hub(server))
        #expect(packages.count == 1)
        #expect(server.requests.last?.contains("full=true&cardData=true&config=true") == true)
    }

    @Test func theTopShareIsCountedFirst() async throws {
        let names = (0..<10).map { "{\"id\":\"a/m\($0)\"}" }.joined(separator: ",")
        let server = try ScriptedServer([.reply(200, body: "[\(names)]")])
        defer { server.stop() }
        var query = ListingQuery()
        query.topFraction = 0.25
        let (packages, _) = try await readAll(try hub(server), query)
        #expect(packages.map(\.id.name) == ["a/m0", "a/m1", "a/m2"])
        #expect(server.requests.last?.contains("sort=downloads") == true)
    }

    @Test func sinceStopsAtTheFirstOlderPage() async throws {
        let server = try ScriptedServer([
            .reply(
                200, headers: ["Link": "</api/models?cursor=2>; rel=\"next\""],
                body:
                    #"[{"id":"a/new","lastModified":"2026-02-01T00:00:00.000Z"},{"id":"a/old","lastModified":"2020-01-01T00:00:00.000Z"}]"#
            )
        ])
        defer { server.stop() }
        var query = ListingQuery()
        query.since = Instant(iso8601: "2026-01-01")
        let (packages, _) = try await readAll(try hub(server), query)
        #expect(packages.map(\.id.name) == ["a/new"])
        #expect(server.requests.count == 1)
    }

    @Test func sinceDoesNotStopAListThatRunsByDownloads() async throws {
        let server = try ScriptedServer([
            .reply(
                200,
                body:
                    #"[{"id":"a/old","lastModified":"2020-01-01T00:00:00.000Z"},{"id":"a/new","lastModified":"2026-02-01T00:00:00.000Z"}]"#
            )
        ])
        defer { server.stop() }
        var query = ListingQuery()
        query.since = Instant(iso8601: "2026-01-01")
        query.topFraction = 1
        #expect(try await readAll(try hub(server), query).packages.map(\.id.name) == ["a/new"])
    }

    @Test func aCredentialInAnAddressIsNotKept() throws {
        let url = try #require(URL(string: "http://user:secret@127.0.0.1:1/x"))
        #expect(HuggingFaceHub(endpoint: url, transport: idleTransport()).source == "http://127.0.0.1:1/x")
        let location = "https://user:secret@example.org/models"
        #expect(ONNXModelZoo(location: location, workFolder: url).source == "https://example.org/models")
        #expect(PyTorchHub(location: location, workFolder: url).source == "https://example.org/models")
        #expect(try ModelhubAI(location: location, transport: idleTransport()).source == "https://example.org/models")
        #expect(try ModelZooCo(location: location, transport: idleTransport()).source == "https://example.org/models")
    }

    @Test func aCursorThatLoopsEndsTheListing() async throws {
        let server = try ScriptedServer([.reply(200, headers: ["Link": "</api/models?cursor=1>; rel=\"next\""], body: "[]")])
        defer { server.stop() }
        let text = await message { _ = try await readAll(try hub(server)) }
        #expect(text.contains("lead round in a circle"))
        #expect(server.requests.count == 2)
    }

    /// A hub that always has a next page, under a new address each time, and gives what it gave before.
    @Test(arguments: [#"[{"id":"a/b"}]"#, "[]"])
    func aCursorThatNeverEndsEndsTheListing(page: String) async throws {
        let number = Mutex(0)
        let answer = ScriptedServer.Step.work { _ in
            let next = number.withLock {
                $0 += 1
                return $0
            }
            return .reply(200, headers: ["Link": "</api/models?cursor=\(next)>; rel=\"next\""], body: page)
        }
        let server = try ScriptedServer([answer])
        defer { server.stop() }
        #expect(await message { _ = try await readAll(try hub(server)) }.contains("circle"))
        #expect(number.withLock { $0 } < 5)
    }

    @Test(arguments: ["<html>Bad gateway</html>", "{\"error\":\"x\"}", "[{\"id\":\"a/b\"},", ""])
    func aPageThatIsNotAListIsAskedForAgainThenReported(body: String) async throws {
        let server = try ScriptedServer([.reply(200, body: body)])
        defer { server.stop() }
        let text = await message { _ = try await readAll(try hub(server)) }
        #expect(text.contains("not a JSON list"))
        #expect(!text.contains("\n"))
        #expect(server.requests.count == 3)
    }

    @Test func oneUnreadableRecordLeavesTheOthers() async throws {
        let server = try ScriptedServer([.reply(200, body: #"[{"id":"a/one"},{"id":7},{bad},{"id":"../../x"},{"id":"a/two"}]"#)])
        defer { server.stop() }
        let (packages, failures) = try await readAll(try hub(server))
        #expect(packages.map(\.id.name) == ["a/one", "a/two"])
        #expect(failures.map(\.name) == [nil, nil, "../../x"])
    }

    @Test func detailsJoinTheModelItsBranchesAndItsHistory() async throws {
        let commit = String(repeating: "c", count: 40)
        let server = try ScriptedServer([
            .work { request in
                let path = request.split(separator: " ")[1]
                if path.hasPrefix("/api/models?") {
                    return .reply(200, body: #"[{"id":"a/open"},{"id":"a/gated"},{"id":"a/gone"}]"#)
                }
                if path.hasPrefix("/api/models/a/gone") {
                    return .reply(404, headers: ["X-Error-Code": "RepoNotFound"], body: "{}")
                }
                if path.contains("/refs") {
                    return .reply(
                        200, body: #"{"branches":[{"name":"main","ref":"refs/heads/main","targetCommit":"\#(commit)"}]}"#)
                }
                if path.contains("/commits/") {
                    return path.contains("gated")
                        ? .reply(401, headers: ["X-Error-Code": "GatedRepo"], body: "{}")
                        : .reply(200, body: #"[{"id":"\#(commit)","title":"t","authors":[],"date":"2024-01-01T00:00:00.000Z"}]"#)
                }
                return .reply(
                    200,
                    body:
                        #"{"id":"\#(path.contains("open") ? "a/open" : "a/gated")","siblings":[{"rfilename":"x","size":3,"blobId":"\#(commit)"}]}"#
                )
            }
        ])
        defer { server.stop() }
        var query = ListingQuery()
        query.wantsDetails = true
        let (packages, failures) = try await readAll(try hub(server), query)
        #expect(failures.isEmpty)
        #expect(packages.map(\.id.name) == ["a/open", "a/gated", "a/gone"])
        #expect(packages[0].commits.count == 1 && packages[0].references.count == 1 && packages[0].files.first?.size == 3)
        #expect(packages[1].commits.isEmpty && packages[1].facts.contains { $0.json.contains("GatedRepo") })
        #expect(packages[2].facts.contains { $0.json.contains("RepoNotFound") })
    }

    @Test func aRefusalSaysWhatToDo() async throws {
        let server = try ScriptedServer([.reply(401, headers: ["X-Error-Message": "Invalid username or password."], body: "{}")])
        defer { server.stop() }
        #expect(await message { _ = try await readAll(try hub(server)) }.contains("HF_TOKEN"))
    }
}

@Suite struct HuggingFaceListingFileTests {
    private let records = (0..<50).map {
        #"{"id":"a/m\#($0)","downloads":\#(($0 * 7) % 50),"author":"a","lastModified":"2026-01-\#($0 % 28 + 1 < 10 ? "0" : "")\#($0 % 28 + 1)T00:00:00.000Z","tags":["t\#($0 % 2)"]}"#
    }

    @Test func everyFormOfFileGivesTheSameRecords() async throws {
        let folder = try TemporaryFolder()
        try folder.write(records.joined(separator: "\n") + "\n\n", to: "lines.jsonl")
        try folder.write(records.joined(separator: "\r\n"), to: "crlf.jsonl")
        try folder.write("[\n" + records.joined(separator: ",\n") + "\n]", to: "array.json")
        try folder.write(records.joined(separator: "\n"), to: "lines.json")
        // A byte order mark is no part of the first record.
        try folder.write("\u{feff}" + records.joined(separator: "\n"), to: "bom.jsonl")
        try folder.write("\u{feff}[" + records.joined(separator: ",") + "]", to: "bom.json")
        for name in ["lines.jsonl", "crlf.jsonl", "array.json", "lines.json", "bom.jsonl", "bom.json"] {
            let (packages, failures) = try await readAll(try HuggingFaceListingFile(path: folder.url.appending(path: name).path))
            #expect(packages.map(\.id.name) == (0..<50).map { "a/m\($0)" }, "\(name)")
            #expect(failures.isEmpty)
        }
    }

    @Test func orderLimitAndFiltersAreAppliedHere() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(records.joined(separator: "\n"), to: "l.jsonl")
        var query = ListingQuery()
        query.order = .downloads
        query.limit = 3
        #expect(
            try await readAll(try HuggingFaceListingFile(path: file.path), query).packages.compactMap { $0.downloads?.value } == [
                49, 48, 47,
            ])
        query = ListingQuery()
        query.topFraction = 0.1
        #expect(try await readAll(try HuggingFaceListingFile(path: file.path), query).packages.count == 5)
        query = ListingQuery()
        query.tags = ["t1"]
        query.search = "M1"
        #expect(
            try await readAll(try HuggingFaceListingFile(path: file.path), query).packages.map(\.id.name) == [
                "a/m1", "a/m11", "a/m13", "a/m15", "a/m17", "a/m19",
            ])
        query = ListingQuery()
        query.since = Instant(iso8601: "2026-01-28")
        #expect(try await readAll(try HuggingFaceListingFile(path: file.path), query).packages.count == 1)
    }

    @Test func aListingGoesOnAfterAnyPage() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            (0..<9000).map { #"{"id":"a/m\#($0)","tags":["\#(String(repeating: "x", count: 200))"]}"# }.joined(separator: "\n"),
            to: "l.jsonl")
        let hub = try HuggingFaceListingFile(path: file.path)
        let listing = try await hub.listing(ListingQuery(), after: nil)
        let first = try #require(try await listing.nextPage())
        let rest = try await hub.listing(ListingQuery(), after: first.resumePoint)
        var count = first.records.count
        while let page = try await rest.nextPage() { count += page.records.count }
        #expect(count == 9000)
        try folder.write("{}", to: "l.jsonl")
        await #expect(throws: HubError.self) { try await hub.listing(ListingQuery(), after: first.resumePoint) }
    }

    @Test(arguments: ["not json at all", "\"text\"", ""])
    func aFileThatIsNoListingIsSaidSo(text: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "l.json")
        await #expect(throws: HubError.self) { try await readAll(try HuggingFaceListingFile(path: file.path)) }
    }

    @Test func whatIsNoRecordIsCountedAsLost() async throws {
        let folder = try TemporaryFolder()
        try folder.write("{\"id\":\"a/b\"}\n\0\0\n{\"id\":\"a/c\"}\n", to: "nul.jsonl")
        try folder.write("[{\"id\":\"a/b\"},,{\"id\":\"a/c\"}]", to: "gap.json")
        for name in ["nul.jsonl", "gap.json"] {
            let (packages, failures) = try await readAll(try HuggingFaceListingFile(path: folder.url.appending(path: name).path))
            #expect(packages.map(\.id.name) == ["a/b", "a/c"] && failures.count == 1, "\(name)")
        }
    }

    /// Far more than a chunk, in one line: the time would grow with the square of its length if it were searched anew each time.
    @Test func aLineOfManyChunksIsOneRecord() async throws {
        let folder = try TemporaryFolder()
        let long = #"{"id":"a/long","x":"\#(String(repeating: "x", count: 20 << 20))"}"#
        for text in [long + "\n" + #"{"id":"a/b"}"#, "[\(long),{\"id\":\"a/b\"}]"] {
            let file = try folder.write(text, to: text.hasPrefix("[") ? "l.json" : "l.jsonl")
            #expect(try await readAll(try HuggingFaceListingFile(path: file.path)).packages.map(\.id.name) == ["a/long", "a/b"])
        }
    }

    @Test func whatIsNotAFileIsNotWaitedFor() async throws {
        let folder = try TemporaryFolder()
        let pipe = folder.url.appending(path: "pipe.jsonl").path
        #expect(mkfifo(pipe, 0o600) == 0)
        await #expect(throws: HubError.self) { try await readAll(try HuggingFaceListingFile(path: pipe)) }
        await #expect(throws: HubError.self) { try await readAll(try HuggingFaceListingFile(path: folder.url.path)) }
    }

    @Test func aLinkOutOfTheFolderIsNotFollowed() async throws {
        let folder = try TemporaryFolder()
        let secret = try folder.write("[{\"id\":\"a/b\"}]", to: "secret.json")
        try folder.write("[]", to: "listing/own.json")
        try FileManager.default.createSymbolicLink(
            at: folder.url.appending(path: "listing/link.json"), withDestinationURL: secret)
        #expect(throws: HubError.self) { try HuggingFaceListingFile(path: folder.url.appending(path: "listing").path) }
    }

    @Test func aCutArrayGivesWhatCameBefore() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"[{"id":"a/one"},{"id":"a/two"},{"id":"a/thr"#, to: "l.json")
        let listing = try await HuggingFaceListingFile(path: file.path).listing(ListingQuery(), after: nil)
        #expect(try await listing.nextPage()?.records.count == 2)
        await #expect(throws: HubError.self) { try await listing.nextPage() }
    }
}
