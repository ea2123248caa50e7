import AdmissionPolicy
import ModelPackage
import Testing

@Suite struct PackageJudgingTests {
    @Test func thePolicyOfTheDocumentationIsRead() throws {
        let policy = try PackagePolicy(yaml: Self.example, file: "p.yaml")
        #expect(policy.judgesFiles && policy.judgesScans && !policy.isTrivial)
        #expect(policy.judge(package: try subject()).isAllowed)
        let copyleft = try subject { $0.licenses = ["AGPL-3.0"] }
        #expect(
            policy.judge(package: copyleft).refusal
                == "Refused by the policy rule 'no copyleft weights': the licence is 'AGPL-3.0' (huggingface:river/pike)")
        #expect(
            policy.judge(file: PolicyFile(path: "model.bin", size: 5), of: try subject()).refusal
                == "Refused by the policy rule 'no pickles': the file is a pickle (model.bin)")
        #expect(policy.judge(package: try subject("hf:our-org/x") { $0.scan = nil }).isAllowed)
        #expect(policy.judge(package: try subject { $0.scan = nil }).rule == "only scanned")
    }

    @Test func theFirstRuleThatMatchesDecidesAndElseTheDefault() throws {
        let allowFirst = try policy("allow: { package: 'hf:river/*' }", "deny: { license: apache-2.0 }")
        let denyFirst = try policy("deny: { license: apache-2.0 }", "allow: { package: 'hf:river/*' }")
        #expect(allowFirst.judge(package: try subject()).isAllowed)
        #expect(denyFirst.judge(package: try subject()).rule == "r1")
        let closed = try policy(default: "deny", "allow: { package: 'hf:river/*' }")
        #expect(closed.judge(package: try subject()).isAllowed)
        #expect(
            closed.judge(package: try subject("hf:sea/cod"))
                == .denied(rule: PolicyVerdict.defaultRule, reason: "no rule allows huggingface:sea/cod"))
        #expect(
            closed.judge(package: try subject("hf:sea/cod")).refusal
                == "Refused by the policy's default: no rule allows huggingface:sea/cod")
    }

    @Test func allConditionsOfARuleHaveToHold() throws {
        let both = try policy("deny: { license: [mit, 'apache-*'], gated: true }")
        #expect(both.judge(package: try subject()).isAllowed)
        #expect(
            both.judge(
                package: try subject {
                    $0.licenses = []; $0.isGated = true
                }
            ).isAllowed)
        #expect(
            both.judge(package: try subject { $0.isGated = true })
                == .denied(rule: "r1", reason: "the licence is 'apache-2.0' and the package is gated (huggingface:river/pike)"))
    }

    /// A condition, what is different about the package, whether `deny` matches it, and whether `allow` does.
    struct Case: CustomTestStringConvertible, Sendable {
        let condition: String
        let change: @Sendable (inout PolicySubject) -> Void
        let deny: Bool
        let allow: Bool
        let about: String

        var testDescription: String { "\(condition): \(about)" }

        init(
            _ condition: String, _ about: String, _ matches: Bool, allow: Bool? = nil,
            _ change: @escaping @Sendable (inout PolicySubject) -> Void = { _ in }
        ) {
            self.condition = condition
            self.about = about
            deny = matches
            self.allow = allow ?? matches
            self.change = change
        }
    }

    static let texts: [Case] = [
        Case("license: 'apache-*'", "a glob", true),
        Case("license: 'APACHE-2.?'", "any case", true),
        Case("license: apache", "no part of it", false),
        Case("license: [mit, apache-2.0]", "one of a list", true),
        Case("license: 'gpl-*'", "any of its licences", true) { $0.licenses = ["mit", "GPL-3.0"] },
        Case("license: unknown", "none", true) { $0.licenses = [] },
        Case("license: Unknown", "one of spaces", true) { $0.licenses = [" "] },
        Case("license: unknown", "one that says so", true) { $0.licenses = ["unknown"] },
        Case("license: unknown", "another", false),
        Case("license: '*'", "none matches no glob", false) { $0.licenses = [] },
        Case("license: 'unk*'", "nor one that begins alike", false) { $0.licenses = [] },
        Case("license: [unknown, 'gpl-*']", "none, in a list", true) { $0.licenses = [] },
        Case("owner: RIVER", "any case", true),
        Case("owner: 'r*'", "a glob", true),
        Case("owner: unknown", "none", true) { $0.owner = nil },
        Case("owner: '*'", "none", false) { $0.owner = nil },
        Case("task: 'image-*'", "a glob", true),
        Case("task: unknown", "none", true) { $0.task = nil },
        Case("library: [diffusers, transformers]", "one of a list", true),
        Case("library: diffusers", "another", false),
        Case("library: unknown", "none", true) { $0.library = nil },
    ]

    static let names: [Case] = [
        Case("package: 'hf:river/*'", "the short form", true),
        Case("package: 'HF:River/PIKE'", "any case", true),
        Case("package: 'huggingface:river/'", "all below", true),
        Case("package: 'huggingface:river'", "the name is whole", false),
        Case("package: 'onnx:*'", "another hub", false),
        Case("package: '*:*/pike'", "any hub", true),
        Case("package: 'h*:river/p[ij]ke'", "a set", true),
        Case("package: ['onnx:*', 'hf:river/*']", "one of a list", true),
        Case("hub: hf", "the short form", true),
        Case("hub: [onnx, HuggingFace]", "one of a list", true),
        Case("hub: [onnx, pytorch]", "others", false),
    ]

    static let flags: [Case] = [
        Case("gated: true", "gated", true) { $0.isGated = true },
        Case("gated: true", "open", false),
        Case("gated: false", "open", true),
        Case("gated: true", "not known", true, allow: false) { $0.isGated = nil },
        Case("gated: false", "not known", true, allow: false) { $0.isGated = nil },
        Case("private: true", "private", true) { $0.isPrivate = true },
        Case("private: TRUE", "public", false),
        Case("private: true", "not known", true, allow: false) { $0.isPrivate = nil },
        Case("removed: true", "removed", true) { $0.isRemoved = true },
        Case("removed: true", "there", false),
        Case("removed: false", "there", true),
    ]

    static let sizesAndScans: [Case] = [
        Case("total_larger_than: 1kB", "as large", false),
        Case("total_larger_than: 999", "larger", true),
        Case("total_larger_than: 1kB", "not known", true, allow: false) { $0.totalSize = nil },
        Case("total_larger_than: 1kB", "impossible", true, allow: false) { $0.totalSize = -1 },
        Case("finding: high", "nothing found", false),
        Case("finding: high", "less", false) { $0.scan?.worst = .medium },
        Case("finding: high", "the same", true) { $0.scan?.worst = .high },
        Case("finding: HIGH", "worse", true) { $0.scan?.worst = .critical },
        Case("finding: info", "the least", true) { $0.scan?.worst = .info },
        Case("finding: high", "what was scanned counts", true) { $0.scan = .init(worst: .high, isComplete: false) },
        Case("finding: info", "never scanned", false) { $0.scan = nil },
        Case("scanned: true", "scanned", true),
        Case("scanned: true", "in part", false) { $0.scan?.isComplete = false },
        Case("scanned: true", "never", false) { $0.scan = nil },
        Case("scanned: false", "scanned", false),
        Case("scanned: false", "in part", true) { $0.scan?.isComplete = false },
        Case("scanned: false", "never", true) { $0.scan = nil },
    ]

    @Test(arguments: texts + names + flags + sizesAndScans)
    func aConditionMatches(test: Case) throws {
        let package = try subject("huggingface:river/pike", test.change)
        let deny = try policy("deny: { \(test.condition) }").judge(package: package)
        #expect(deny.isAllowed == !test.deny)
        #expect(try policy(default: "deny", "allow: { \(test.condition) }").judge(package: package).isAllowed == test.allow)
    }

    @Test(arguments: [
        ("", "allow", true, false, false), ("", "deny", false, false, false),
        ("allow: { gated: true }", "allow", true, false, false), ("allow: { gated: true }", "deny", false, false, false),
        ("deny: { gated: true }", "allow", false, false, false), ("deny: { format: onnx }", "allow", false, true, false),
        ("allow: { path: x, scanned: true }", "allow", true, true, true), ("deny: { finding: low }", "allow", false, false, true),
    ])
    func aPolicySaysWhatItNeeds(rule: String, fallback: String, isTrivial: Bool, files: Bool, scans: Bool) throws {
        let policy = try rule.isEmpty ? policy(default: fallback) : policy(default: fallback, rule)
        #expect(policy.isTrivial == isTrivial)
        #expect(policy.judgesFiles == files)
        #expect(policy.judgesScans == scans)
    }

    @Test func whatHubsSayIsPrintedHarmlessly() throws {
        let evil = try subject { $0.licenses = ["gpl\u{1b}[31m\nSet-Cookie: a"] }
        let refusal = try policy("deny: { license: 'gpl*' }").judge(package: evil).refusal
        #expect(refusal?.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        let file = PolicyFile(path: "a\u{202e}\n.pkl")
        #expect(
            try policy("deny: { format: pickle }").judge(file: file, of: try subject()).refusal
                == "Refused by the policy rule 'r1': the file is a pickle (a\\u{202e}\\u{a}.pkl)")
    }

    @Test func aByteOrderMarkIsNoMistake() throws {
        #expect(try !PackagePolicy(yaml: "\u{feff}weir_policy: 1\r\ndefault: deny\r\n", file: "p.yaml").isTrivial)
    }

    @Test func allowingAllAllowsAll() throws {
        #expect(PackagePolicy.allowingAll.isTrivial)
        #expect(PackagePolicy.allowingAll.judge(package: PolicySubject(id: try PackageID(parsing: "hf:a"))).isAllowed)
    }

    static let example = """
        weir_policy: 1
        default: allow
        rules:
          - name: no copyleft weights
            deny:
              license: ["gpl-*", "agpl-*"]
          - name: our own
            allow:
              package: ["hf:our-org/*", "onnx:*"]
          - name: no pickles
            deny: { format: [pickle, pytorch] }
          - name: not too large
            deny: { larger_than: 20GB }
          - name: gated
            deny: { gated: true }
          - name: nothing dangerous
            deny: { finding: high }
          - name: only scanned
            deny: { scanned: false }
        """
}
