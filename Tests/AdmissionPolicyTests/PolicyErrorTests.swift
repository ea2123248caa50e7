import AdmissionPolicy
import Foundation
import Testing

@Suite struct PolicyErrorTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        let yaml: String
        /// What the error's text begins with.
        var place = "p.yaml"
        /// And what is in it.
        let error: String

        var testDescription: String { name }

        init(_ name: String, _ yaml: String, _ error: String) {
            self.name = name
            self.yaml = yaml
            self.error = error
        }

        /// A policy of one rule, whose conditions stand on line 4.
        static func condition(_ name: String, _ condition: String, _ error: String) -> Mistake {
            var mistake = Mistake(name, "weir_policy: 1\nrules:\n  - name: r\n    deny: { \(condition) }", error)
            mistake.place = "p.yaml:4: rule 'r': '"
            return mistake
        }
    }

    static let form: [Mistake] = [
        Mistake("nothing", "", "p.yaml: is empty; begin with 'weir_policy: 1'"),
        Mistake("a list", "- a", "p.yaml:1: should be a mapping"),
        Mistake("no version", "default: deny", "p.yaml:1: has no 'weir_policy'; write 'weir_policy: 1'"),
        Mistake("another version", "\nweir_policy: 2", "p.yaml:2: 'weir_policy' is '2', which this version does not read"),
        Mistake("a version in quotes", "weir_policy: \"1\"", "write 'weir_policy: 1'"),
        Mistake(
            "another key", "weir_policy: 1\nrule: []", "p.yaml:2: 'rule' is nothing that a policy has (did you mean 'rules'?)"),
        Mistake(
            "a default of no kind", "weir_policy: 1\ndefault: refuse",
            "p.yaml:2: 'default' is 'refuse'; write 'default: allow' or"),
        Mistake("a default without a value", "weir_policy: 1\ndefault:", "p.yaml:2: 'default' is empty"),
        Mistake("rules of no list", "weir_policy: 1\nrules: 3", "p.yaml:2: 'rules' is '3'; write a list of rules"),
        Mistake("rules in a mapping", "weir_policy: 1\nrules:\n  a: b", "'rules' is a mapping; write a list of rules"),
        Mistake("rules without a value", "weir_policy: 1\nrules:", "p.yaml:2: 'rules' is empty; write a list of rules"),
        Mistake(
            "no rules in the list", "weir_policy: 1\nrules: []", "p.yaml:2: 'rules' is an empty list; write a rule, or leave"),
        Mistake("a broken list", "weir_policy: 1\nrules: [\n", "is not YAML"),
        Mistake("a tab", "weir_policy: 1\nrules:\n\t- name: a", "p.yaml:3: is not YAML"),
        Mistake("a star without quotes", "weir_policy: 1\nrules:\n  - name: r\n    deny: { license: *gpl }", "in quotes"),
        Mistake("a key twice", "weir_policy: 1\ndefault: deny\ndefault: allow", "p.yaml:2: has keys that stand twice: default"),
        Mistake("a key twice in quotes", "weir_policy: 1\ndefault: deny\n\"default\": allow", "stand twice: default"),
        Mistake(
            "a condition twice", "weir_policy: 1\nrules:\n  - name: r\n    deny:\n      license: mit\n      license: gpl",
            "p.yaml:5: has keys that stand twice: license; put the values together in one list"),
        Mistake("a tag", "weir_policy: 1\ndefault: !include x.yaml", "p.yaml:2: has the tag '!include'"),
        Mistake("two documents", "weir_policy: 1\n---\nweir_policy: 1\ndefault: deny", "is one document"),
        Mistake("a control character", "weir_policy: 1\ndefault: allow\u{1}", "p.yaml:2: is not YAML"),
        Mistake("a key of no text", "weir_policy: 1\n? [a]\n: b", "p.yaml:2: has a key that is not text"),
        Mistake("too deep", "weir_policy: " + String(repeating: "[", count: 80), "nested deeper"),
        Mistake("too large", String(repeating: "#\n", count: 600_000), "p.yaml: is larger than 1 MiB"),
        Mistake(
            "too many rules",
            "weir_policy: 1\nrules:\n" + (0...1000).map { "- {name: r\($0), deny: {gated: true}}\n" }.joined(),
            "p.yaml:1003: has 1001 rules, more than 1000"),
        Mistake(
            "a merge", "weir_policy: 1\nrules:\n  - &a { name: a, deny: { gated: true } }\n  - { <<: *a, name: b }",
            "p.yaml:4: rule 'b': '<<' is nothing that a rule has"),
    ]

    static let rules: [Mistake] = [
        Mistake("a rule of text", "weir_policy: 1\nrules: [no pickles]", "p.yaml:2: rule 1: is 'no pickles'; write a mapping"),
        Mistake("no name", "weir_policy: 1\nrules:\n  - deny: { gated: true }", "p.yaml:3: rule 1: has no 'name'"),
        Mistake(
            "an empty name", "weir_policy: 1\nrules:\n  - name:\n    deny: { gated: true }", "p.yaml:3: rule 1: 'name' is empty"),
        Mistake("a name of lines", "weir_policy: 1\nrules:\n  - name: \"a\\nb\"\n    deny: { gated: true }", "one line"),
        Mistake(
            "a name that is taken by Weir", "weir_policy: 1\nrules:\n  - name: Default\n    deny: { gated: true }",
            "choose another"),
        Mistake(
            "a name twice",
            "weir_policy: 1\nrules:\n  - name: a\n    deny: { gated: true }\n  - name: a\n    deny: { private: true }",
            "p.yaml:5: rule 'a': the name is taken by the rule on line 3; choose another"),
        Mistake("no effect", "weir_policy: 1\nrules:\n  - name: a", "p.yaml:3: rule 'a': has neither 'allow' nor 'deny'"),
        Mistake(
            "both effects", "weir_policy: 1\nrules:\n  - name: a\n    allow: { gated: true }\n    deny: { private: true }",
            "p.yaml:5: rule 'a': has both 'allow' and 'deny'; write two rules"),
        Mistake(
            "a typo of an effect", "weir_policy: 1\nrules:\n  - name: a\n    denny: { gated: true }", "(did you mean 'deny'?)"),
        Mistake(
            "a condition beside the effect", "weir_policy: 1\nrules:\n  - name: a\n    license: mit\n    deny: { gated: true }",
            "p.yaml:4: rule 'a': 'license' is a condition; write it below 'allow:' or 'deny:'"),
        Mistake(
            "no conditions", "weir_policy: 1\nrules:\n  - name: a\n    deny: {}",
            "'deny' has no conditions; write at least one, or say"),
        Mistake(
            "an effect without a value", "weir_policy: 1\nrules:\n  - name: a\n    deny:",
            "'deny' is empty; write conditions below it"),
        Mistake(
            "an effect of everything", "weir_policy: 1\nrules:\n  - name: a\n    deny: true", "'deny' is 'true'; write conditions"
        ),
        Mistake(
            "an effect of a list", "weir_policy: 1\nrules:\n  - name: a\n    deny: [gated]",
            "'deny' is a list; write conditions"),
        Mistake(
            "a condition's line",
            "weir_policy: 1\nrules:\n  - name: a\n    deny:\n      gated: true\n      licence:\n        - mit",
            "p.yaml:6: rule 'a': 'licence' is no condition (did you mean 'license'?)"),
        Mistake(
            "a value's line", "weir_policy: 1\nrules:\n  - name: a\n    deny:\n      format:\n        - onnx\n        - pikle",
            "p.yaml:7: rule 'a': 'format' has 'pikle', which is not a format (did you mean 'pickle'?)"),
    ]

    static let conditions: [Mistake] = [
        .condition("British", "licence: mit", "'licence' is no condition (did you mean 'license'?)"),
        .condition("other words", "author: me", "'author' is no condition (did you mean 'owner'?)"),
        .condition("an unknown word", "colour: red", "'colour' is no condition; conditions are license,"),
        .condition("an empty list", "license: []", "'license' is an empty list; write at least one value"),
        .condition("nothing", "license:", "'license' has empty where a text belongs"),
        .condition("null in a list", "license: [mit, ~]", "'license' has '~' where a text belongs"),
        .condition("a list in a list", "license: [[mit]]", "'license' has a list where a text belongs"),
        .condition("a mapping", "license: { a: b }", "'license' is a mapping; write a text or a list of texts"),
        .condition("white space", "license: \" mit\"", "begins or ends with white space"),
        .condition("two stars", "path: \"**/x\"", "one '*' matches slashes too"),
        .condition("an absolute path", "path: /x", "'path' has '/x', which no path matches; write it from the package's root"),
        .condition("a path of here", "path: ./x", "which no path matches"),
        .condition(
            "a package without a hub", "package: our-org/*", "which names no hub; write HUB:NAME with a hub of huggingface,"),
        .condition("a package of another hub", "package: \"kaggle:x\"", "which names no hub"),
        .condition("a package without a name", "package: \"hf:\"", "which names no hub"),
        .condition(
            "an unknown hub", "hub: hugingface", "'hub' has 'hugingface', which is not a hub (did you mean 'huggingface'?)"),
        .condition("an unknown format", "format: torch", "'format' has 'torch', which is not a format (did you mean 'pytorch'?)"),
        .condition("an unknown severity", "finding: hihg", "'finding' is 'hihg', which is no severity (did you mean 'high'?)"),
        .condition("many severities", "finding: [high]", "'finding' is a list, which is no severity; write one of info, low,"),
        .condition("yes", "gated: yes", "'gated' is 'yes'; write true or false"),
        .condition("true in quotes", "gated: \"true\"", "'gated' is 'true' in quotes; write true or false"),
        .condition("many flags", "scanned: [true]", "'scanned' is a list; write true or false"),
        .condition("no flag", "removed:", "'removed' is empty; write true or false"),
        .condition("no size", "larger_than: big", "'larger_than' is 'big', which is no size; write one such as 20GB,"),
        .condition("a negative size", "larger_than: -5", "which is no size"),
        .condition("a size of no unit", "total_larger_than: 5 XB", "'total_larger_than' is '5 XB', which is no size"),
        .condition("many sizes", "larger_than: [5]", "'larger_than' is a list, which is no size"),
    ]

    @Test(arguments: form + rules + conditions)
    func everyMistakeIsToldWithItsPlaceAndWhatToWrite(mistake: Mistake) {
        let error = #expect(throws: PolicyError.self) { try PackagePolicy(yaml: mistake.yaml, file: "p.yaml") }
        #expect(error?.description.contains(mistake.error) == true, "\(error?.description ?? "no error")")
        #expect(error?.description.hasPrefix(mistake.place) == true, "\(error?.description ?? "no error")")
        #expect(error?.description.contains { $0.isNewline } == false)
    }

    /// A policy that was cut off is read or refused, and never brings the reader down.
    @Test func everyBeginningOfAPolicyIsReadOrRefused() {
        let example = PackageJudgingTests.example
        for index in example.indices {
            do {
                _ = try PackagePolicy(yaml: String(example[..<index]), file: "p.yaml")
            } catch {
                #expect(error.description.hasPrefix("p.yaml"))
            }
        }
    }

    @Test func filesThatAreMissingOrNoTextAreErrors() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let file = folder.appending(path: "p.yaml")
        #expect(throws: PolicyError.self) { try PackagePolicy(contentsOf: file) }
        try Data([0x77, 0xff, 0xfe]).write(to: file)
        #expect(throws: PolicyError.self) { try PackagePolicy(contentsOf: file) }
        try Data(repeating: UInt8(ascii: "#"), count: PackagePolicy.maximumSize + 1).write(to: file)
        #expect(throws: PolicyError.self) { try PackagePolicy(contentsOf: file) }
        try Data("weir_policy: 1\ndefault: deny\n".utf8).write(to: file)
        #expect(try !PackagePolicy(contentsOf: file).isTrivial)
        #expect(throws: PolicyError.self) { try PackagePolicy(contentsOf: folder) }
    }
}
