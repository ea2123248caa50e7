import AdmissionPolicy
import ModelPackage
import Testing

@Suite struct FileJudgingTests {
    @Test func aFileNeedsItsPackageAndTheFirstFileRule() throws {
        let rules = try policy(
            "deny: { owner: sea }", "allow: { path: 'keep/*' }", "deny: { path: '*.pkl' }", "allow: { path: '*' }")
        let good = try subject()
        #expect(rules.judge(file: PolicyFile(path: "keep/a.pkl"), of: good).isAllowed)
        #expect(rules.judge(file: PolicyFile(path: "b/a.PKL"), of: good).rule == "r3")
        #expect(rules.judge(file: PolicyFile(path: "README.md"), of: good).isAllowed)
        let bad = try subject { $0.owner = "sea" }
        #expect(rules.judge(file: PolicyFile(path: "keep/a.pkl"), of: bad) == rules.judge(package: bad))
        #expect(
            rules.judge(files: [PolicyFile(path: "keep/a"), PolicyFile(path: "a.pkl")], of: good)
                == [.allowed, .denied(rule: "r3", reason: "the path matches '*.pkl' (a.pkl)")])
        #expect(rules.judge(files: [PolicyFile(path: "keep/a"), PolicyFile(path: "b")], of: bad).allSatisfy { $0.rule == "r1" })
    }

    @Test func anAllowedFileLiftsNoDeniedPackage() throws {
        let rules = try policy(default: "deny", "allow: { path: '*' }")
        #expect(rules.judge(file: PolicyFile(path: "a"), of: try subject()).rule == PolicyVerdict.defaultRule)
        #expect(rules.judge(package: try subject()).rule == PolicyVerdict.defaultRule)
    }

    @Test func anAllowedPackageIsNoExcuseForAFile() throws {
        let rules = try policy("allow: { owner: river }", "deny: { format: pickle }")
        #expect(rules.judge(file: PolicyFile(path: "a.pkl"), of: try subject()).rule == "r2")
    }

    @Test func aFileRuleSaysNothingOfPackagesAndAsksThemToo() throws {
        let rules = try policy("deny: { license: mit, path: '*.py' }")
        let mit = try subject { $0.licenses = ["mit"] }
        #expect(rules.judge(package: mit).isAllowed)
        #expect(rules.judge(file: PolicyFile(path: "a.py"), of: mit).rule == "r1")
        #expect(rules.judge(file: PolicyFile(path: "a.txt"), of: mit).isAllowed)
        #expect(rules.judge(file: PolicyFile(path: "a.py"), of: try subject()).isAllowed)
    }

    @Test(
        arguments: [
            (1_001, true, true), (1_000, false, false), (nil, true, false), (-1, true, false),
        ] as [(Int64?, Bool, Bool)])
    func sizesThatAreNotKnownAreDeniedAndNotAllowed(size: Int64?, isDenied: Bool, isMatchedByAllow: Bool) throws {
        let file = PolicyFile(path: "a", size: size)
        #expect(try policy("deny: { larger_than: 1kB }").judge(file: file, of: try subject()).isAllowed == !isDenied)
        let allow = try policy("allow: { larger_than: 1kB }", "deny: { path: '*' }")
        #expect(allow.judge(file: file, of: try subject()).isAllowed == isMatchedByAllow)
    }

    @Test(arguments: [
        ("*.py", "a/b/c.py", true), ("code/", "code/a/b", true), ("code/", "code", false), ("README.md", "a/README.md", false),
        ("*/README.md", "a/README.md", true), ("[!a]*", "a", false), ("a?c", "ABC", true), ("*.pkl", "a.pkl.txt", false),
    ])
    func pathsAreMatchedWhole(pattern: String, path: String, matches: Bool) throws {
        let verdict = try policy("deny: { path: '\(pattern)' }").judge(file: PolicyFile(path: path), of: try subject())
        #expect(verdict.isAllowed == !matches)
    }
}
