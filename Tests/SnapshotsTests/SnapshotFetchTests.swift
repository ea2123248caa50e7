import Foundation
import Hubs
import Logging
import ModelPackage
import Snapshots
import Storage
import Synchronization
import Testing
import Transport
import WeirTestSupport

@Suite struct SnapshotFetchTests {
    private let files = ["README.md": "# M", "a/config.json": "{}", "model.bin": text(10_500), "same.md": "# M"]

    @Test func aPackageComesWholeAndIsNotFetchedTwice() async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files)
        let report = try await bench.fetch(server)
        #expect(try bench.contents(report.manifest) == files)
        #expect(report.problems.isEmpty && report.manifest.isComplete && !report.isUnchanged)
        #expect(report.manifest.commit.hex == ModelServer.commit)
        let stored = try bench.stored()
        // Two files share their content.
        #expect(stored.blobs == 3 && stored.partial == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: bench.store.file(of: report.manifest.files[0].sha256).path)
        #expect(mode[.posixPermissions] as? Int == 0o444)
        let kept = try #require(try SnapshotStore(bench.dataset).manifests(of: report.manifest.package).first)
        #expect(kept == report.manifest)
        let before = server.asked.count
        let again = try await bench.fetch(server)
        #expect(again.manifest.files == report.manifest.files)
        // The hub states the SHA-256 of large files, so those are known to be here; the catalog knows the others, and there is none.
        #expect(server.asked[before...].contains { $0.hasPrefix("model.bin") } == false)
    }

    @Test func onlyWhatIsWantedIsFetched() async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files)
        let report = try await bench.fetch(server, FileSelection(include: ["*.json", "*.md"], exclude: ["same*"]))
        #expect(report.manifest.files.map(\.path.text) == ["README.md", "a/config.json"])
        #expect(report.manifest.absences.map(\.path) == ["model.bin", "same.md"])
        #expect(report.manifest.absences.allSatisfy { $0.cause == .leftOut })
        // What an earlier snapshot of the same commit has stays.
        let more = try await bench.fetch(server, FileSelection(maximumSize: 2))
        #expect(more.manifest.files.map(\.path.text) == ["README.md", "a/config.json"])
        let all = try await bench.fetch(server)
        #expect(try bench.contents(all.manifest) == files && all.manifest.isComplete)
    }

    /// A byte that differs is never stored: the content is fetched again, then reported.
    @Test(arguments: ["README.md", "model.bin"], [1, 1000])
    func aFlippedByteIsNeverStored(path: String, times: Int) async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files) { name, request, count, answer in
            guard name == path, count < (name == "model.bin" ? times * 3 : times), !answer.body.isEmpty else { return answer }
            var spoilt = answer
            spoilt.body = "X" + answer.body.dropFirst()
            return spoilt
        }
        let report = try await bench.fetch(server)
        if times == 1 {
            #expect(try bench.contents(report.manifest) == files)
        } else {
            #expect(report.problems.map(\.path) == [path])
            #expect(report.problems[0].reason?.contains("was announced") == true, "\(report.problems)")
            #expect(report.manifest.files.count == 3)
            #expect(try bench.stored().partial == 0)
        }
        for file in report.manifest.files {
            #expect(try bench.store.hash(ofFile: bench.store.file(of: file.sha256).path).hash == file.sha256)
        }
    }

    @Test func aBodyThatIsCutOffIsFetchedOnwards() async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files) { name, request, count, answer in
            guard count == 1 || name != "model.bin" && count == 0 else { return answer }
            var cut = answer
            cut.announcedLength = answer.body.utf8.count
            cut.body = String(answer.body.prefix(answer.body.count / 2))
            return cut
        }
        #expect(try bench.contents(try await bench.fetch(server).manifest) == files)
        // Of the range that broke off, only the rest was asked for again.
        #expect(
            server.asked.contains { $0.hasPrefix("model.bin 500-") || $0.hasPrefix("model.bin 1500-") || $0.contains("500-") })
    }

    /// A git id that nobody checked would vouch for other packages' files.
    @Test(arguments: [40, 64])
    func aGitIDIsCheckedAlsoWhereNoSizeIsStated(digits: Int) async throws {
        let bench = try SnapshotBench()
        let id = digits == 40 ? ModelServer.gitID("the victim's content") : String(repeating: "a", count: 64)
        let record =
            #"{"id":"o/m","sha":"\#(ModelServer.commit)","siblings":[{"rfilename":"a","blobId":"\#(id)"},{"rfilename":"b","blobId":"\#(ModelServer.gitID("good"))"}]}"#
        let report = try await bench.fetch(try ModelServer(["a": "evil", "b": "good"], record: record))
        #expect(report.problems.map(\.path) == ["a"])
        #expect(report.problems[0].reason?.contains("git object id") == true)
        #expect(report.manifest.files.map(\.path.text) == ["b"])
        #expect(try bench.stored().blobs == 1)
    }

    @Test func sizesThatNoFileHasAreRefused() async throws {
        let bench = try SnapshotBench()
        let huge = (0..<3).map {
            #"{"rfilename":"huge\#($0)","size":\#(Int64.max - Int64($0)),"blobId":"\#(String(repeating: "a", count: 40))"}"#
        }
        let record =
            #"{"id":"o/m","sha":"\#(ModelServer.commit)","siblings":[\#(huge.joined(separator: ",")),{"rfilename":"b","size":4,"blobId":"\#(ModelServer.gitID("good"))"}]}"#
        let report = try await bench.fetch(try ModelServer(["b": "good"], record: record))
        #expect(report.manifest.files.map(\.path.text) == ["b"])
        #expect(report.problems.map(\.cause) == [.refused, .refused, .refused])
    }

    @Test func aLimitHoldsWhereNoSizeIsStated() async throws {
        let bench = try SnapshotBench()
        let record = #"{"id":"o/m","sha":"\#(ModelServer.commit)","siblings":[{"rfilename":"a"},{"rfilename":"b"}]}"#
        let report = try await bench.fetch(
            try ModelServer(["a": text(5000), "b": "small"], record: record), FileSelection(maximumSize: 1000))
        #expect(report.problems.map(\.path) == ["a"] && report.manifest.files.map(\.path.text) == ["b"])
        #expect(try bench.stored().partial == 0)
    }

    /// Paths are bytes: two that look the same are two files.
    @Test func pathsThatLookTheSameAreKeptApart() async throws {
        let bench = try SnapshotBench()
        let names = ["caf\u{e9}", "cafe\u{301}"]
        let siblings = names.map { #"{"rfilename":"\#($0)","size":4,"blobId":"\#(ModelServer.gitID("good"))"}"# }
        let record = #"{"id":"o/m","sha":"\#(ModelServer.commit)","siblings":[\#(siblings.joined(separator: ","))]}"#
        let report = try await bench.fetch(try ModelServer([names[0]: "good"], record: record))
        #expect(report.manifest.files.count == 2 && report.problems.isEmpty)
        let out = bench.folder.url.appending(path: "out", directoryHint: .isDirectory)
        #expect(try Checkout(bench.store).writeFiles(of: report.manifest, to: out).files == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: out.path).count == 2)
    }

    /// A server that stops in the middle is left, and asked for the rest.
    @Test func aBodyThatStallsIsLeft() async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files) { name, request, count, answer in
            guard name == "README.md", count == 0 else { return answer }
            var stalled = answer
            stalled.announcedLength = answer.body.utf8.count
            stalled.body = String(answer.body.prefix(1))
            stalled.stall = 4
            return stalled
        }
        #expect(try bench.contents(try await bench.fetch(server, client: impatientClient).manifest) == files)
    }

    @Test func aPackageOfManyFilesIsPlannedAndKept() async throws {
        let bench = try SnapshotBench()
        var files: [String: String] = [:]
        for number in 0..<100_000 { files["part-\(number / 1000)/\(number).bin"] = number % 2 == 0 ? "even" : "odd" }
        let report = try await bench.fetch(try ModelServer(files))
        #expect(report.manifest.files.count == 100_000 && report.problems.isEmpty)
        // Two contents, each fetched once.
        #expect(report.fetchedFiles == 2 && report.heldFiles == 99_998)
        #expect(try SnapshotStore(bench.dataset).manifests(of: report.manifest.package).first == report.manifest)
        #expect(try await Verification(bench.dataset).run(jobs: 2, progress: { _, _ in }).checkedFiles == 2)
    }

    @Test func aWrongLengthIsRefused() async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files) { name, request, count, answer in
            var longer = answer
            if name == "README.md" { longer.body += "more" }
            if name == "a/config.json" { longer.body = "" }
            return longer
        }
        let report = try await bench.fetch(server)
        #expect(report.problems.map(\.path) == ["README.md", "a/config.json"])
        #expect(report.manifest.files.map(\.path.text) == ["model.bin", "same.md"])
    }

    @Test func aServerWithoutRangesSendsTheWhole() async throws {
        let bench = try SnapshotBench()
        let content = files["model.bin"] ?? ""
        let server = try ModelServer(files) { name, request, count, answer in
            name == "model.bin" ? ModelServer.Answer(headers: ["ETag": "\"x\""], body: content) : answer
        }
        #expect(try bench.contents(try await bench.fetch(server).manifest) == files)
    }

    @Test(arguments: [412, 416])
    func aRangeThatIsRefusedForEverIsReported(status: Int) async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files) { name, request, count, answer in
            guard name == "model.bin", !request.contains("bytes=0-0") else { return answer }
            return ModelServer.Answer(status: status, body: "")
        }
        let report = try await bench.fetch(server)
        #expect(report.problems.map(\.path) == ["model.bin"])
        #expect(try bench.stored().partial == 0)
    }

    /// The content changes while it is fetched: what came before is dropped, and the new content fetched whole.
    @Test func anotherETagBeginsAnew() async throws {
        let bench = try SnapshotBench()
        let server = try ModelServer(files) { name, request, count, answer in
            guard name == "model.bin", count < 4 else { return answer }
            var old = answer
            old.headers["ETag"] = count < 2 ? "\"old\"" : "\"new\""
            old.body = String(repeating: "o", count: answer.body.count)
            return old
        }
        #expect(try bench.contents(try await bench.fetch(server).manifest) == files)
    }

    /// Finished ranges are noted on the disk: another run of the program fetches the others only.
    @Test func aRestartFetchesNoFinishedRangeAgain() async throws {
        let bench = try SnapshotBench()
        let failing = try ModelServer(files) { name, request, count, answer in
            name == "model.bin" && count > 5 ? ModelServer.Answer(status: 403, body: "") : answer
        }
        let first = try await bench.fetch(failing)
        #expect(first.problems.map(\.path) == ["model.bin"])
        #expect(try bench.stored().partial == 2)
        let finished = Set(failing.asked.filter { $0.hasPrefix("model.bin") }.dropFirst().prefix(5))
        #expect(finished.count == 5)
        let server = try ModelServer(files)
        #expect(try bench.contents(try await bench.fetch(server).manifest) == files)
        let asked = server.asked.filter { $0.hasPrefix("model.bin") }
        #expect(finished.isDisjoint(with: asked), "\(finished) \(asked)")
        #expect(asked.count == 1 + 11 - 5)
        #expect(try bench.stored().partial == 0)
    }

    /// The token goes to the hub, never to where its redirects lead; an address whose signature has expired is asked for anew.
    @Test func signedAddressesAreFollowedWithoutTheToken() async throws {
        let bench = try SnapshotBench()
        // Each signature is good for two requests.
        let uses = Mutex<[Substring: Int]>([:])
        let content = text(5000)
        let cdn = try ModelServer(["model.bin": content]) { _, request, _, answer in
            let signature = request.split(separator: " ")[1].drop { $0 != "?" }
            let use = uses.withLock { uses in
                uses[signature, default: 0] += 1
                return uses[signature, default: 0]
            }
            return use > 2 ? ModelServer.Answer(status: 403, body: "Request has expired") : answer
        }
        let hub = try ModelServer(["model.bin": content]) { _, _, count, _ in
            ModelServer.Answer(
                status: 302,
                headers: ["Location": "\(cdn.address)/o/m/resolve/\(ModelServer.commit)/model.bin?signature=\(count)"], body: "")
        }
        let url = try #require(URL(string: hub.address))
        let transport = PoliteTransport(
            testClient, credential: .init(for: url, token: "hf_secret"), logger: .init(label: "test"),
            sleep: { _ in })
        let fetcher = ContentFetcher(
            bench.store, transport, segmentSize: 1000, logger: .init(label: "test"), progress: TransferProgress())
        let report = try await SnapshotFetch(
            bench.dataset, from: HuggingFaceRevisions(endpoint: url, transport: transport), fetcher, held: Unheld(),
            logger: .init(label: "test"), progress: TransferProgress(), now: { Instant(millisecondsSince1970: 0) }
        ).run(try PackageID(parsing: "hf:o/m"), revision: nil, .all)
        #expect(try bench.contents(report.manifest) == ["model.bin": content], "\(report.problems)")
        #expect(hub.requests.allSatisfy { $0.contains("Bearer hf_secret") })
        #expect(!cdn.requests.contains { $0.contains("hf_secret") })
        #expect(hub.asked.count > 1)
    }

    private struct Unheld: HeldContents {
        func content(of id: GitObjectID) -> SHA256Hash? { nil }
        func note(_ blob: StoredBlob, as id: GitObjectID) {}
    }

    @Test func namesThatDoHarmAreRefusedAndTheRestGoesOn() async throws {
        let bench = try SnapshotBench()
        let long = String(repeating: "x", count: 300)
        let hostile = ["../escape", "/absolute", "a/../../b", "x/.git/hooks/post-checkout", "c\\d", "e\u{1}f", long]
        var files = ["good": "1", "Good": "2", "good/below": "3"]
        for name in hostile { files[name] = "evil" }
        let report = try await bench.fetch(try ModelServer(files))
        #expect(report.manifest.files.map(\.path.text) == ["Good", "good"])
        #expect(Set(report.manifest.absences.map(\.path)) == Set(hostile + ["good/below"]))
        #expect(report.manifest.absences.allSatisfy { $0.cause == .refused && $0.reason?.isEmpty == false })
        #expect(!FileManager.default.fileExists(atPath: bench.folder.url.appending(path: "escape").path))
    }
}

@Suite struct VerificationTests {
    @Test func damageIsFoundAndRepaired() async throws {
        let bench = try SnapshotBench()
        let files = ["a.bin": text(3000), "b.md": "b", "c.md": "c", "d.md": "d"]
        let server = try ModelServer(files)
        let manifest = try await bench.fetch(server).manifest
        func verify() async throws -> VerificationReport {
            try await Verification(bench.dataset).run(jobs: 2, progress: { _, _ in })
        }
        #expect(try await verify().isClean)
        let byPath = Dictionary(uniqueKeysWithValues: manifest.files.map { ($0.path.text, $0.sha256) })
        for (path, content) in [("a.bin", text(3000, seed: 8)), ("b.md", "longer")] {
            let file = bench.store.file(of: try #require(byPath[path]))
            try FileManager.default.removeItem(at: file)
            try Data(content.utf8).write(to: file)
        }
        try FileManager.default.removeItem(at: bench.store.file(of: try #require(byPath["c.md"])))
        try Data("x".utf8).write(to: bench.dataset.blobs.appending(path: "stray"))
        let report = try await verify()
        #expect(Set(report.damaged.map(\.hash)) == [byPath["a.bin"], byPath["b.md"]])
        #expect(report.missing.map(\.hash) == [byPath["c.md"]])
        #expect(report.damaged.allSatisfy { $0.use?.hasPrefix("huggingface:o/m@\(ModelServer.commit)/") == true })
        #expect(report.surplus.count == 1)
        let transport = bench.transport()
        let url = try #require(URL(string: server.address))
        let failures = try await SnapshotRepair(bench.dataset, jobs: 2, logger: .init(label: "test")) { source in
            source == server.address ? (HuggingFaceRevisions(endpoint: url, transport: transport), transport) : nil
        } takeAgain: { _ in
        }.run((report.damaged + report.missing).map(\.hash))
        #expect(failures.isEmpty)
        #expect(try await verify().isClean)
        #expect(try bench.contents(manifest) == files)
    }

    /// What a run that was cut off had read is not read again, and what it found is not forgotten.
    @Test func aVerificationGoesOnWhereItWasCutOff() async throws {
        let bench = try SnapshotBench()
        let manifest = try await bench.fetch(try ModelServer(["a.md": "a", "b.md": "b", "c.md": "c", "d.md": "d"])).manifest
        let hashes = manifest.files.map(\.sha256.hex).sorted()
        try Data("\(hashes[1]) 2\n\(hashes[0])\n".utf8).write(to: bench.dataset.temporary.appending(path: "verify"))
        let report = try await Verification(bench.dataset).run(jobs: 1, progress: { _, _ in })
        #expect(report.checkedFiles == 2 && report.resumedAfter == 2)
        #expect(report.damaged.map(\.hash.hex) == [hashes[0]])
        #expect(try await Verification(bench.dataset).run(jobs: 1, progress: { _, _ in }).checkedFiles == 4)
    }

    /// Manifests are found where links lead, and a folder that is named like one is a folder.
    @Test func manifestsBehindLinksAreNeeded() async throws {
        let bench = try SnapshotBench()
        let manifest = try await bench.fetch(try ModelServer(["a.md": "a"])).manifest
        let owner = bench.dataset.snapshots.appending(path: "huggingface/o")
        let elsewhere = bench.folder.url.appending(path: "elsewhere")
        try FileManager.default.moveItem(at: owner, to: elsewhere)
        try FileManager.default.createSymbolicLink(at: owner, withDestinationURL: elsewhere)
        try bench.folder.write("{}", to: "ds/snapshots/huggingface/p/\(ModelServer.commit).json/note.txt")
        #expect(try GarbageCollection(bench.dataset).run(isDryRun: false, removesPartial: false).removedBlobs == 0)
        let report = try await Verification(bench.dataset).run(jobs: 1, progress: { _, _ in })
        #expect(report.isClean && report.surplus.isEmpty && report.checkedFiles == 1)
        // One that cannot be read is reported, and taking the snapshot again writes it anew.
        try Data("{".utf8).write(to: SnapshotStore(bench.dataset).file(manifest.package, manifest.commit))
        #expect(try await Verification(bench.dataset).run(jobs: 1, progress: { _, _ in }).damagedManifests.count == 1)
        _ = try await bench.fetch(try ModelServer(["a.md": "a"]))
        #expect(try await Verification(bench.dataset).run(jobs: 1, progress: { _, _ in }).isClean)
    }

    @Test func collectingRemovesWhatNoManifestNeeds() async throws {
        let bench = try SnapshotBench()
        let manifest = try await bench.fetch(try ModelServer(["a.md": "a", "b.md": "b"])).manifest
        let incoming = try IncomingBlob(bench.store, name: "x", claim: ContentClaim(size: nil, sha256: nil, gitObjectID: nil))
        try Array("surplus".utf8).withUnsafeBytes { try incoming.append($0) }
        let surplus = try incoming.finish()
        #expect(try GarbageCollection(bench.dataset).run(isDryRun: true, removesPartial: false).removedBlobs == 1)
        #expect(bench.store.blob(surplus.hash) != nil)
        let report = try GarbageCollection(bench.dataset).run(isDryRun: false, removesPartial: false)
        #expect(report.removedBlobs == 1 && report.removedBytes == 7 && report.keptBlobs == 2)
        #expect(bench.store.blob(surplus.hash) == nil)
        #expect(try bench.contents(manifest).count == 2)
        // A manifest that cannot be read may need anything.
        let file = SnapshotStore(bench.dataset).file(manifest.package, manifest.commit)
        try Data("{".utf8).write(to: file)
        #expect(throws: StorageError.self) { try GarbageCollection(bench.dataset).run(isDryRun: false, removesPartial: false) }
        #expect(try bench.stored().blobs == 2)
    }
}
