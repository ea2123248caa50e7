import Documents
import Foundation
import ModelFormats
import Testing

@testable import Scanning

/// What users and other programs get of a scan.
@Suite struct OutputTests {
    private func report(_ path: String = "models/evil.pkl") throws -> ScanReport {
        var report = ScanReport()
        var file = try scan("cos\nsystem\n(S'echo hi'\ntR.", name: "evil.pkl")
        file.path = path
        report.files = [file]
        return report
    }

    @Test func everyRuleIsListedAndDocumented() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let rules = folder.appending(path: "Sources/Scanning/Rules")
        var ids: Set<String> = []
        let walker = try #require(FileManager.default.enumerator(at: rules, includingPropertiesForKeys: nil))
        for case let file as URL in walker where file.pathExtension == "swift" {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: /= Rule\(\s*id: "([a-z0-9-]+)"/) {
                ids.insert(String(match.1))
            }
        }
        #expect(ids == Set(Rule.all.map(\.id)) && ids.count == Rule.all.count, "missing: \(ids.subtracting(Rule.all.map(\.id)))")
        #expect(
            Rule.all.allSatisfy { !$0.why.isEmpty && !$0.fix.isEmpty && $0.references.allSatisfy { $0.hasPrefix("https://") } })
        let page = try String(contentsOf: folder.appending(path: "docs/rules.md"), encoding: .utf8)
        #expect(page == RuleDocuments.markdown, "run 'make rules'")
    }

    @Test func fingerprintsStayWhereNumbersMove() throws {
        let first = Finding(.pickleDangerousCall, nil, "calls 'os.system' at byte 10", Evidence(offset: 10))
        let moved = Finding(.pickleDangerousCall, nil, "calls 'os.system' at byte 99", Evidence(offset: 99))
        let other = Finding(.pickleDangerousCall, nil, "calls 'os.popen' at byte 10", Evidence(offset: 10))
        #expect(
            first.fingerprint(path: "a") == moved.fingerprint(path: "a")
                && first.fingerprint(path: "a") != other.fingerprint(path: "a"))
        #expect(first.fingerprint(path: "a") != first.fingerprint(path: "b") && first.fingerprint(path: "a").count == 32)
    }

    @Test func suppressionsHoldUntilTheirDay() throws {
        let yaml = """
            suppressions:
              - rule: pickle-dangerous-call
                path: "models/*.pkl"
                reason: an exercise
                expires: 2030-06-30
            """
        let accepted = try Suppressions(yaml: yaml, file: "s.yaml")
        func left(_ day: String, _ path: String = "models/evil.pkl") throws -> Int {
            var report = try report(path)
            report.apply(accepted, today: try Date(day + "T12:00:00Z", strategy: .iso8601))
            return report.count(.critical)
        }
        #expect(try left("2030-06-30") == 0)
        #expect(try left("2030-07-01") == 1)
        #expect(try left("2030-01-01", "other/evil.pkl") == 1)
        for wrong in [
            "", "rules: []", "suppressions:\n  - rule: x\n", "suppressions:\n  - reason: x\n",
            "suppressions:\n  - rule: x\n    reason: y\n    expires: soon\n",
            "suppressions:\n  - rule: x\n    reason: y\n    file: z\n",
        ] {
            #expect(throws: ScanFileError.self) { try Suppressions(yaml: wrong, file: "s.yaml") }
        }
    }

    @Test func aBaselineLeavesOnlyWhatIsNew() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "weir-baseline-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        var report = try report()
        try Baseline(report).write(to: file.path)
        report.apply(try Baseline(file: file.path))
        #expect(report.worst == nil && report.suppressed.count == 1)
        try Data("[]".utf8).write(to: file)
        #expect(throws: ScanFileError.self) { try Baseline(file: file.path) }
    }

    @Test func rulesOfUsersFindTextsBytesAndCalls() throws {
        let rules = try UserRules(
            yaml: """
                rules:
                  - id: team-host
                    severity: critical
                    title: Names the exercise's host
                    files: "*.dat"
                    strings:
                      host: { text: C2.Example.INVALID, nocase: true }
                      magic: { hex: "de ad ?? ef" }
                      token: { regex: "tok_[0-9]{4}" }
                    condition: host and (magic or token)
                  - id: team-call
                    severity: high
                    calls: [acme.deploy.*]
                """, file: "r.yaml")
        func told(_ bytes: [UInt8], _ name: String) throws -> [String] {
            try FileScanner.scanned(MemorySource(bytes), path: name, rules: rules).report.told.filter { $0.contains("team") }
        }
        let host = Array("\u{1}\u{2}c2.example.invalid".utf8)
        #expect(try told(host + [0xde, 0xad, 0x01, 0xef], "a.dat") == ["critical team-host"])
        #expect(try told(host + Array("tok_1234".utf8), "a.dat") == ["critical team-host"])
        #expect(try told(host + Array("tok_12".utf8), "a.dat").isEmpty)
        #expect(try told(host + [0xde, 0xad, 0x01, 0xef], "a.bin").isEmpty)
        #expect(
            try told(Assembly.proto(2) + Assembly.call("acme.deploy", "push", "x") + Assembly.stop, "a.pkl") == ["high team-call"]
        )
        for wrong in [
            "rules:\n  - id: X\n", "rules:\n  - id: a\n", "rules:\n  - id: a\n    strings: {x: {hex: 'zz'}}\n",
            "rules:\n  - id: a\n    strings: {x: t}\n    condition: y\n",
            "rules:\n  - id: a\n    strings: {x: t}\n    condition: '(x'\n",
            "rules:\n  - id: a\n    strings: {x: {regex: '['}}\n", "rules:\n  - id: polyglot\n    strings: {x: t}\n",
            "rules:\n  - id: a\n    strings: {x: t}\n    colour: red\n",
        ] {
            #expect(throws: ScanFileError.self, "\(wrong)") { try UserRules(yaml: wrong, file: "r.yaml") }
        }
    }

    @Test func namesThatWouldChangeATerminalAreHarmless() throws {
        let report = try scan(Assembly.proto(2) + Assembly.global("acme\u{1b}[2J", "ev\u{202e}il") + [0x29, 0x52, 0x2e])
        for finding in report.findings {
            #expect(!finding.message.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202e }, "\(finding.message)")
            #expect(!(finding.evidence.snippet ?? "").unicodeScalars.contains { $0.value == 0x1b })
        }
        #expect(report.worst == .high || report.worst == .critical)
    }
}
