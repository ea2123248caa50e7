import Foundation
import Testing
import WeirTestSupport

/// The built program on a dataset of its own.
struct Weir {
    let folder: TemporaryFolder
    let program = TestPlaces.program("weir")

    init() throws {
        folder = try TemporaryFolder()
    }

    var dataset: String { folder.url.appending(path: "ds").path }

    func callAsFunction(_ arguments: String..., environment: [String: String] = [:], killAfter: Duration? = nil) async throws
        -> ProgramResult
    {
        try await runProgram(
            program, arguments, environment: ["WEIR_DATASET": dataset, "HOME": folder.path].merging(environment) { $1 },
            killAfter: killAfter)
    }

    func sql(_ query: String) async throws -> String {
        try await self("sql", query, "--format", "csv").output.replacing("\r\n", with: "\n")
    }

    /// A listing of so many small records.
    func listing(_ count: Int, name: String = "listing.jsonl", change: (Int) -> String = { #""downloads":\#($0)"# }) throws
        -> String
    {
        let lines = (0..<count).map {
            #"{"id":"org-\#($0 % 7)/model-\#($0)","author":"org-\#($0 % 7)","sha":"\#(String(repeating: "a", count: 40))","tags":["bert","license:mit"],"pipeline_tag":"fill-mask",\#(change($0))}"#
        }
        return try folder.write(lines.joined(separator: "\n") + "\n", to: name).path
    }
}

@Suite struct CommandLineTests {
    @Test func pullAndEveryReadingCommandWork() async throws {
        let weir = try Weir()
        let pull = try await weir("pull", "huggingface", "--from", try weir.listing(20), "--json")
        #expect(pull.status == 0, "\(pull.errors)")
        let json = try pull.json()
        #expect(
            Set(json.keys) == [
                "crawl", "hub", "listed", "added", "updated", "unchanged", "removed", "failed", "bytes", "seconds", "failures",
            ])
        #expect(json["added"] as? Int == 20 && json["hub"] as? String == "huggingface")
        let search = try await weir("search", "model", "--license", "mit", "--limit", "3", "--json", "--facets").json()
        #expect(search["total"] as? Int == 20)
        #expect((search["hits"] as? [[String: Any]])?.first?["id"] as? String == "huggingface:org-5/model-19")
        let show = try await weir("show", "hf:org-0/model-0", "--json").json()
        #expect((show["evidence"] as? [String: [String: String]])?["task"] == ["place": "pipeline_tag", "method": "stated"])
        #expect((show["observations"] as? [Any])?.count == 1)
        let record = try await weir("show", "hf:org-0/model-0", "--record")
        #expect(record.output.hasPrefix(#"{"id":"org-0/model-0","author":"#))
        #expect(try await weir.sql("SELECT count(*) AS n FROM tags") == "n\n40\n")
        #expect((try await weir("stats", "--json").json()["hubs"] as? [[String: Any]])?.first?["packages"] as? Int == 20)
        #expect(try await weir("rebuild", "--json").json()["packages"] as? Int == 20)
    }

    @Test func globalOptionsAreTakenOnBothSides() async throws {
        let weir = try Weir()
        let other = weir.folder.url.appending(path: "other").path
        let file = try weir.listing(3)
        #expect(try await weir("--dataset", other, "--json", "pull", "hf", "--from", file).json()["added"] as? Int == 3)
        #expect(try await weir("pull", "hf", "--from", file, "--json", "--dataset", other).json()["unchanged"] as? Int == 3)
        #expect(!FileManager.default.fileExists(atPath: weir.dataset))
    }

    @Test(arguments: [
        ["pull"], ["pull", "nohub"], ["pull", "hf", "--limit", "0"], ["pull", "hf", "--top", "1.5"],
        ["pull", "hf", "--since", "soon"], ["pull", "hf", "--jobs", "0"],
        ["pull", "hf", "--rate", "-1"], ["pull", "hf", "--sort", "size"], ["nothing"], ["search", "--limit", "0"],
        ["search", "--hub", "x"], ["sql"], ["sql", "SELECT 1", "--format", "xml"],
        ["pull", "hf", "--from", ""], ["pull", "hf", "--dataset", ""], ["export", "csv", ""],
        ["export", "xml", "x"], ["show"], ["show", "no-colon"], ["--nothing"],
    ])
    func wrongUsageIs64(arguments: [String]) async throws {
        let weir = try Weir()
        let result = try await runProgram(weir.program, arguments, environment: ["WEIR_DATASET": weir.dataset])
        #expect(result.status == 64)
        #expect(!result.errors.isEmpty && result.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: weir.dataset))
    }

    @Test(arguments: [
        ["pull", "hf", "--from", "/nowhere/x.jsonl"], ["pull", "onnx", "--from", "/nowhere"],
        ["pull", "modelhub", "--from", "/nowhere"], ["pull", "modelzoo", "--from", "/nowhere"],
        ["pull", "hf", "--from", "http://127.0.0.1:1", "--limit", "1"], ["show", "hf:a/b"], ["stats"], ["search", "x"],
        ["sql", "SELECT 1"], ["export", "csv", "/tmp/x"], ["rebuild"],
    ])
    func whatCannotBeDoneIs2AndOneLine(arguments: [String]) async throws {
        let weir = try Weir()
        let result = try await runProgram(weir.program, arguments, environment: ["WEIR_DATASET": weir.dataset])
        #expect(result.status == 2)
        let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("weir: error: ") }
        #expect(lines.count == 1, "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func failedPackagesAreExitCode1AndNamed() async throws {
        let weir = try Weir()
        let file = try weir.folder.write("{\"id\":\"a/b\"}\n{\"id\":\"../../x\"}\n{\"id\":7}\n{nonsense\n", to: "l.jsonl").path
        let result = try await weir("pull", "hf", "--from", file, "--json")
        #expect(result.status == 1)
        let failures = try #require(try result.json()["failures"] as? [[String: Any]])
        #expect(failures.map { $0["package"] as? String } == ["huggingface:../../x", nil, nil])
        #expect(failures.allSatisfy { ($0["reason"] as? String)?.isEmpty == false })
        #expect(try await weir("pull", "hf", "--from", file, "--quiet").errors.contains("failed") == false)
    }

    @Test func anUnknownPackageGetsAHint() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let result = try await weir("show", "hf:model-1")
        #expect(result.status == 2)
        #expect(result.errors.contains("did you mean huggingface:org-1/model-1?"))
    }

    /// An export must never replace what it reads from, or what is not a file.
    @Test(arguments: ["catalog.sqlite", "records", ".", "new/place.jsonl"])
    func anExportIntoTheDatasetIsRefused(place: String) async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let catalog = try Data(contentsOf: URL(filePath: weir.dataset + "/catalog.sqlite"))
        let link = weir.folder.url.appending(path: "link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: weir.dataset)
        for destination in ["\(weir.dataset)/\(place)", "\(link)/\(place)"] {
            for form in ["jsonl", "csv", "ptmtorrent"] {
                let result = try await weir("export", form, destination)
                #expect(result.status == 2 && result.errors.contains("lies in the dataset"), "\(form) \(result.errors)")
            }
        }
        #expect(try Data(contentsOf: URL(filePath: weir.dataset + "/catalog.sqlite")) == catalog)
    }

    @Test func anExportWritesThroughLinksAndPipes() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let target = try weir.folder.write("old", to: "target.jsonl")
        let link = weir.folder.url.appending(path: "link.jsonl")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
        #expect(try await weir("export", "jsonl", link.path).status == 0)
        #expect(try String(contentsOf: target, encoding: .utf8).split(separator: "\n").count == 3)
        #expect(try await weir("export", "jsonl", "/dev/stdout", "--quiet").output.split(separator: "\n").count == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: weir.folder.path).allSatisfy { !$0.contains(".part") })
    }

    /// What only the catalog still knows is not thrown away without being told to.
    @Test func aRebuildWithoutItsRecordsIsRefused() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        try FileManager.default.removeItem(atPath: weir.dataset + "/records/huggingface/1.jsonl.zst")
        let result = try await weir("rebuild")
        #expect(result.status == 2 && result.errors.contains("records of crawl 1"), "\(result.errors)")
        #expect(try await weir.sql("SELECT count(*) AS n FROM packages") == "n\n3\n")
        #expect(try await weir("rebuild", "--drop-lost").status == 0)
        #expect(try await weir.sql("SELECT count(*) AS n FROM packages") == "n\n0\n")
    }

    @Test func oneSignalEndsAQuery() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let endless = "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT count(*) FROM a"
        let result = try await runProgram(
            URL(filePath: "/usr/bin/timeout"), ["--signal=TERM", "--kill-after=20", "1", weir.program.path, "sql", endless],
            environment: ["WEIR_DATASET": weir.dataset])
        // timeout says 124 when its signal ended the program, and 137 when it had to kill it.
        #expect(result.status == 124)
        #expect(result.errors.contains("interrupted"))
    }

    @Test func aPipeInThePlaceOfAFileIsNotWaitedFor() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let record = weir.dataset + "/records/huggingface/1.jsonl.zst"
        for path in [record, weir.dataset + "/catalog.sqlite"] {
            try FileManager.default.removeItem(atPath: path)
            #expect(mkfifo(path, 0o600) == 0)
            for command in ["rebuild", "stats"] where command == "rebuild" || path != record {
                let result = try await weir(command)
                #expect(result.status == 2 && result.errors.contains("not a regular file"), "\(result.errors)")
            }
        }
    }

    /// A dataset that was published for others to read.
    @Test func aDatasetThatCannotBeWrittenCanBeRead() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        for name in ["catalog.sqlite-wal", "catalog.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(weir.dataset)/\(name)")
        }
        let isRoot = geteuid() == 0
        let script =
            "chmod -R a-w \"$0\" && chmod a+rx \"$0\" \"$(dirname \"$0\")\" && cp \"$1\" \"$0.weir\" && chmod a+rx \"$0.weir\" && \(isRoot ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "env") \"$0.weir\" --dataset \"$0\" stats --json; code=$?; chmod -R u+w \"$0\"; exit $code"
        let result = try await runProgram(URL(filePath: "/bin/sh"), ["-c", script, weir.dataset, weir.program.path])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"packages\":3"))
    }

    @Test func aCatalogOfALaterVersionIsLeftAlone() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let later = try await runProgram(
            URL(filePath: "/usr/bin/env"),
            [
                "python3", "-c",
                "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(\"INSERT INTO grdb_migrations VALUES ('99 later')\"); c.commit()",
                weir.dataset + "/catalog.sqlite",
            ])
        #expect(later.status == 0)
        for arguments in [["stats"], ["rebuild"], ["pull", "hf", "--from", try weir.listing(3)]] {
            let result = try await runProgram(weir.program, arguments, environment: ["WEIR_DATASET": weir.dataset])
            #expect(result.status == 2 && result.errors.contains("later version"), "\(arguments) \(result.errors)")
        }
    }

    @Test func anAnswerThatCannotBeWrittenIsAnError() async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(3))
        let script = "\"$0\" sql 'SELECT 1' --format csv > /dev/full"
        let result = try await runProgram(
            URL(filePath: "/bin/sh"), ["-c", script, weir.program.path], environment: ["WEIR_DATASET": weir.dataset])
        #expect(result.status == 2 && result.errors.contains("cannot write to standard output"))
        let head = try await runProgram(
            URL(filePath: "/bin/bash"),
            [
                "-c",
                "set -o pipefail; \"$0\" sql 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n' | head -n 3",
                weir.program.path,
            ], environment: ["WEIR_DATASET": weir.dataset])
        #expect(head.status == 0 && head.errors.isEmpty && head.output.contains("1"))
    }

    @Test func hostileTextDoesNotReachTheTerminalOrBreakAnAnswer() async throws {
        let weir = try Weir()
        let file = try weir.folder.write(
            #"{"id":"a/b","author":"\u202egro\u001b[31m","pipeline_tag":"  ","library_name":"x\u0000y","tags":["t\u0000","","ok"],"_id":""}"#,
            to: "l.jsonl"
        ).path
        #expect(try await weir("pull", "hf", "--from", file).status == 0)
        for result in [try await weir("search", "ok"), try await weir("show", "hf:a/b"), try await weir("stats")] {
            #expect(result.status == 0)
            #expect(!result.output.unicodeScalars.contains { $0 == "\u{202e}" || $0 == "\u{1b}" || $0 == "\0" })
        }
        #expect(try await weir.sql("SELECT task IS NULL AS t, library AS l FROM packages") == "t,l\n1,x\u{fffd}y\n")
        #expect(try await weir.sql("SELECT tag FROM tags ORDER BY tag") == "tag\nok\nt\u{fffd}\n")
        #expect(try await weir.sql("SELECT count(*) AS n FROM facts WHERE value = ''") == "n\n0\n")
        let twice = try await weir("sql", "SELECT 1 AS a, 2 AS a, 3 AS a_2", "--format", "jsonl")
        #expect(twice.output == #"{"a":1,"a_2":2,"a_2_2":3}"# + "\n")
        #expect(try await weir("sql", "SELECT hex(zeroblob(400000000))").status == 2)
        let words = (0..<100).map { "w\($0)" }.joined(separator: " ")
        #expect(try await weir("search", words).errors.contains("64 words"))
    }

    @Test(arguments: ["table", "csv", "json", "jsonl"])
    func everyFormOfAnswerHoldsTheSame(form: String) async throws {
        let weir = try Weir()
        _ = try await weir("pull", "hf", "--from", try weir.listing(2))
        let text = try await weir(
            "sql", "SELECT name, downloads, url, task FROM packages UNION ALL SELECT 'a,\"b', NULL, 'x', '' ORDER BY 1",
            "--format", form
        ).output
        #expect(text.contains("org-0/model-0") && text.contains("https://huggingface.co/org-1/model-1"))
        if form == "csv" { #expect(text.hasPrefix("name,downloads,url,task\r\n\"a,\"\"b\",,x,\"\"\r\n")) }
        if form == "json" { #expect((try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any])?.count == 3) }
        if form == "jsonl" { #expect(text.split(separator: "\n").count == 3) }
    }

    @Test func everyCommandExplainsItselfWithAnExample() async throws {
        let weir = try Weir()
        for command in ["", "pull", "search", "show", "sql", "stats", "export", "rebuild"] {
            let result = try await runProgram(weir.program, (command.isEmpty ? [] : [command]) + ["--help"])
            #expect(result.status == 0 && result.output.contains("EXAMPLE"), "\(command)")
        }
    }
}
