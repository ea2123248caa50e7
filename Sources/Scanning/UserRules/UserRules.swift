import Documents
import Foundation
import ModelFormats
import PythonAnalysis
import PythonSyntax

/// Rules that a user brings, from YAML files: texts and bytes to look for in files, and calls to look for in pickles and Python.
///
///     rules:
///       - id: team-c2
///         title: Names our exercise's server
///         severity: critical
///         why: It is the server of the exercise.
///         fix: Tell the security team.
///         files: "*.py"
///         strings:
///           host: c2.example.invalid
///           magic: { hex: "de ad ?? ef" }
///           flag: { text: FLAG, nocase: true }
///           token: { regex: "tok_[0-9a-f]{32}" }
///         condition: host and (magic or flag) and not token
///       - id: team-deploy
///         title: Calls our deployment
///         severity: high
///         calls: [internal.deploy.*, os.putenv]
public struct UserRules: Sendable {
    var rules: [UserRule] = []

    public init() {}

    /// - Throws: ``ScanFileError`` where a file cannot be read or is not of this form.
    public init(files: [String]) throws(ScanFileError) {
        for file in files { rules += try Self.rules(yaml: try ScanFileError.text(of: file), file: file) }
    }

    /// - Parameter file: the name that errors tell.
    public init(yaml: String, file: String) throws(ScanFileError) {
        rules = try Self.rules(yaml: yaml, file: file)
    }

    var hasCalls: Bool { rules.contains { !$0.calls.isEmpty } }
    var hasStrings: Bool { rules.contains { !$0.strings.isEmpty } }

    private static let keys: Set<String> = [
        "id", "title", "severity", "why", "fix", "references", "files", "strings", "condition", "calls",
    ]

    private static func rules(yaml: String, file: String) throws(ScanFileError) -> [UserRule] {
        let root: YAMLValue?
        do {
            root = try YAMLValue.parse(yaml)
        } catch {
            throw ScanFileError(file: file, line: nil, what: error.description)
        }
        guard let list = root?["rules"] else { throw ScanFileError(file: file, line: nil, what: "has no list 'rules'") }
        var rules: [UserRule] = []
        for item in list.list {
            func wrong(_ what: String) -> ScanFileError { ScanFileError(file: file, line: item.line, what: what) }
            guard case .mapping(let members, _) = item else { throw wrong("a rule should be a mapping") }
            if let unknown = members.first(where: { !keys.contains($0.key) }) {
                throw wrong("'\(unknown.key)' is nothing that a rule has: \(keys.sorted().joined(separator: ", "))")
            }
            guard let id = item["id"]?.text, id.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil else {
                throw wrong("a rule needs an 'id' of lower-case words with hyphens")
            }
            if rules.contains(where: { $0.rule.id == id }) || Rule.all.contains(where: { $0.id == id }) {
                throw wrong("the id '\(id)' is taken")
            }
            guard let severity = Severity(rawValue: item["severity"]?.text ?? "medium") else {
                throw wrong("'severity' should be one of \(Severity.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            let rule = Rule(
                id: id, title: item["title"]?.text ?? id, severity: severity, why: item["why"]?.text ?? "A rule of the user's.",
                fix: item["fix"]?.text ?? "Have a look at it.",
                references: item["references"]?.list.compactMap(\.text) ?? [])
            var strings: [(name: String, pattern: BytePattern)] = []
            if case .mapping(let named, _)? = item["strings"] {
                for member in named {
                    do {
                        strings.append(
                            (
                                member.key.hasPrefix("$") ? String(member.key.dropFirst()) : member.key,
                                try BytePattern(member.value)
                            ))
                    } catch {
                        throw wrong("the string '\(member.key)' \(error.reason)")
                    }
                }
            }
            let calls = item["calls"]?.list.compactMap(\.text) ?? []
            if strings.isEmpty, calls.isEmpty { throw wrong("a rule needs 'strings' or 'calls'") }
            let condition: PatternCondition
            do {
                condition = try PatternCondition(item["condition"]?.text ?? "any of them", names: strings.map(\.name))
            } catch {
                throw wrong("the condition \(error.reason)")
            }
            rules.append(UserRule(rule: rule, files: item["files"]?.text, strings: strings, condition: condition, calls: calls))
        }
        return rules
    }
}

/// A rule of a user's.
struct UserRule: Sendable {
    let rule: Rule
    /// A glob of the files that it is for; all if nil.
    let files: String?
    let strings: [(name: String, pattern: BytePattern)]
    let condition: PatternCondition
    /// Globs of dotted names.
    let calls: [String]

    func isFor(_ path: String) -> Bool { files.map { Glob.matches($0, path) } ?? true }
    func matchesCall(_ name: String) -> Bool { calls.contains { Glob.matchesName($0, name) } }
}

/// Why a part of a user's rule is not understood.
struct PatternError: Error {
    let reason: String
}

/// Bytes to look for: a text, hexadecimal digits with `??` for any byte, or a regular expression over Latin-1.
struct BytePattern: Sendable {
    private enum Form: Sendable {
        /// Nil stands for any byte.
        case bytes([UInt8?], ignoresCase: Bool)
        case regex(String, ignoresCase: Bool)
    }

    private let form: Form

    init(_ value: YAMLValue) throws(PatternError) {
        let ignoresCase = value["nocase"]?.text == "true"
        if case .scalar(let text, _, _) = value {
            guard !text.isEmpty else { throw PatternError(reason: "is empty") }
            form = .bytes(text.utf8.map { $0 }, ignoresCase: false)
        } else if let text = value["text"]?.text {
            form = .bytes(text.utf8.map { $0 }, ignoresCase: ignoresCase)
        } else if let hex = value["hex"]?.text {
            let digits = hex.filter { !$0.isWhitespace }
            guard digits.count % 2 == 0, !digits.isEmpty else {
                throw PatternError(reason: "has an odd number of hexadecimal digits")
            }
            var bytes: [UInt8?] = []
            var index = digits.startIndex
            while index < digits.endIndex {
                let next = digits.index(index, offsetBy: 2)
                let pair = digits[index..<next]
                if pair == "??" {
                    bytes.append(nil)
                } else {
                    guard let byte = UInt8(pair, radix: 16) else {
                        throw PatternError(reason: "has '\(pair)' where two hexadecimal digits or ?? belong")
                    }
                    bytes.append(byte)
                }
                index = next
            }
            guard bytes.contains(where: { $0 != nil }) else { throw PatternError(reason: "matches anything") }
            form = .bytes(bytes, ignoresCase: false)
        } else if let regex = value["regex"]?.text {
            do {
                _ = try NSRegularExpression(pattern: regex)
            } catch {
                throw PatternError(reason: "is no regular expression")
            }
            form = .regex(regex, ignoresCase: ignoresCase)
        } else {
            throw PatternError(reason: "should be a text, or have 'text', 'hex' or 'regex'")
        }
    }

    /// The byte at which it first stands in a source.
    func firstMatch(in source: any ByteSource) throws -> Int? {
        switch form {
        case .bytes(let pattern, let ignoresCase):
            return try first(pattern.map { $0.map { ignoresCase ? Self.lower($0) : $0 } }, ignoresCase, source)
        case .regex(let pattern, let ignoresCase):
            // A match lies within one piece; pieces overlap by what a match may have.
            let expression = try NSRegularExpression(pattern: pattern, options: ignoresCase ? [.caseInsensitive] : [])
            return try Self.pieces(source, overlap: 4096) { start, bytes in
                let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
                return expression.firstMatch(in: text, range: NSRange(location: 0, length: bytes.count)).map {
                    start + $0.range.location
                }
            }
        }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { 0x41...0x5a ~= byte ? byte + 32 : byte }

    private func first(_ pattern: [UInt8?], _ ignoresCase: Bool, _ source: any ByteSource) throws -> Int? {
        try Self.pieces(source, overlap: pattern.count - 1) { start, bytes in
            guard bytes.count >= pattern.count else { return nil }
            return bytes.withUnsafeBufferPointer { buffer in
                for index in 0...(buffer.count - pattern.count) {
                    var matches = true
                    for (offset, wanted) in pattern.enumerated() {
                        guard let wanted else { continue }
                        let byte = ignoresCase ? Self.lower(buffer[index + offset]) : buffer[index + offset]
                        if byte != wanted {
                            matches = false
                            break
                        }
                    }
                    if matches { return start + index }
                }
                return nil
            }
        }
    }

    private static func pieces(_ source: any ByteSource, overlap: Int, _ look: (Int, [UInt8]) throws -> Int?) throws -> Int? {
        var start = 0
        while start < source.size {
            let end = min(source.size, start + (1 << 20) + overlap)
            if let found = try look(start, Array(try source.bytes(start..<end))) { return found }
            if end == source.size { return nil }
            start = end - overlap
        }
        return nil
    }
}

/// `a and (b or not c)`, `any of them`, `all of them`, `2 of them`.
struct PatternCondition: Sendable {
    private indirect enum Node: Sendable {
        case name(String)
        case atLeast(Int)
        case all
        case not(Node)
        case and(Node, Node)
        case or(Node, Node)
    }

    private let root: Node
    private let names: [String]

    init(_ text: String, names: [String]) throws(PatternError) {
        self.names = names
        let spaced = text.map { $0 == "(" || $0 == ")" ? " \($0) " : String($0) }.joined()
        var words = spaced.split(whereSeparator: \.isWhitespace).map { $0.hasPrefix("$") ? String($0.dropFirst()) : String($0) }[
            ...]
        root = try Self.either(&words, names, 0)
        if let rest = words.first { throw PatternError(reason: "has '\(rest)' where it should end") }
    }

    private static func either(_ words: inout ArraySlice<String>, _ names: [String], _ depth: Int) throws(PatternError) -> Node {
        var node = try both(&words, names, depth)
        while words.first == "or" {
            words.removeFirst()
            node = .or(node, try both(&words, names, depth))
        }
        return node
    }

    private static func both(_ words: inout ArraySlice<String>, _ names: [String], _ depth: Int) throws(PatternError) -> Node {
        var node = try single(&words, names, depth)
        while words.first == "and" {
            words.removeFirst()
            node = .and(node, try single(&words, names, depth))
        }
        return node
    }

    private static func single(_ words: inout ArraySlice<String>, _ names: [String], _ depth: Int) throws(PatternError) -> Node {
        guard depth < 64 else { throw PatternError(reason: "is nested too deep") }
        guard let word = words.popFirst() else { throw PatternError(reason: "ends where a name belongs") }
        if word == "not" { return .not(try single(&words, names, depth + 1)) }
        if word == "(" {
            let node = try either(&words, names, depth + 1)
            guard words.popFirst() == ")" else { throw PatternError(reason: "has a bracket that is not closed") }
            return node
        }
        if words.first == "of", words.dropFirst().first == "them" {
            words.removeFirst(2)
            if word == "any" { return .atLeast(1) }
            if word == "all" { return .all }
            guard let count = Int(word), count > 0 else {
                throw PatternError(reason: "has '\(word)' before 'of them': any, all or a number belongs there")
            }
            return .atLeast(count)
        }
        guard names.contains(word) else { throw PatternError(reason: "names '\(word)', which is none of the rule's strings") }
        return .name(word)
    }

    func holds(_ found: Set<String>) -> Bool { holds(root, found) }

    private func holds(_ node: Node, _ found: Set<String>) -> Bool {
        switch node {
        case .name(let name): found.contains(name)
        case .atLeast(let count): found.count >= count
        case .all: !names.isEmpty && names.allSatisfy { found.contains($0) }
        case .not(let inner): !holds(inner, found)
        case .and(let left, let right): holds(left, found) && holds(right, found)
        case .or(let left, let right): holds(left, found) || holds(right, found)
        }
    }
}

extension Glob {
    /// A dotted name against a pattern, whole.
    static func matchesName(_ pattern: String, _ name: String) -> Bool { matchesWhole(pattern, name) }
}

extension FileScanner {
    /// Looks for the strings of the user's rules in a part.
    mutating func applyUserRules(_ part: Part) throws {
        guard rules.hasStrings else { return }
        for rule in rules.rules where !rule.strings.isEmpty && rule.isFor(part.name) {
            var found: Set<String> = []
            var first: Int?
            for (name, pattern) in rule.strings {
                guard let place = try pattern.firstMatch(in: part.source) else { continue }
                found.insert(name)
                first = min(first ?? place, place)
            }
            if rule.condition.holds(found) {
                add(
                    rule.rule, nil, "\(rule.rule.title)\(found.isEmpty ? "" : ": \(found.sorted().joined(separator: ", "))")",
                    at: first, in: part)
            }
        }
    }

    /// Looks for the calls of the user's rules in a pickle.
    mutating func applyUserRules(_ program: PickleProgram, _ part: Part) {
        guard rules.hasCalls else { return }
        for item in program.imports {
            guard let module = program.text(item.module), let name = program.text(item.name) else { continue }
            for reading in PickleJudge.readings(module, name, version: program.version) {
                for rule in rules.rules where rule.isFor(part.name) && rule.matchesCall(reading.full) {
                    add(rule.rule, nil, "\(rule.rule.title): \(quoted(reading.full))", at: item.offset, in: part)
                }
            }
        }
    }
}

extension UserRules {
    /// Looks for the calls of the rules in Python, by the full names that they resolve to.
    func calls(in files: [CodeScanner.File]) async -> [(path: String, finding: Finding)] {
        guard hasCalls else { return [] }
        let python = files.filter { $0.path.hasSuffix(".py") && $0.bytes.count <= CodeScanner.largestFile }
        let package = PythonPackage(
            files: python.map { PythonPackage.File(path: $0.path, place: $0.path, python: PythonFile($0.bytes)) })
        let analysis = await PackageAnalysis.of(package, AnalysisOptions(collects: [.calls]))
        var found: [(path: String, finding: Finding)] = []
        for file in analysis.files {
            for call in file.calls where call.isResolved {
                for rule in rules
                where rule.isFor(file.path) && ([call.function] + call.alternatives).contains(where: { rule.matchesCall($0) }) {
                    let evidence = Evidence(line: call.place.line, column: call.place.column + 1, snippet: call.function)
                    found.append((file.path, Finding(rule.rule, nil, "\(rule.rule.title): \(quoted(call.function))", evidence)))
                }
            }
        }
        return found
    }
}
