private import Yams

/// A YAML text read into plain values, under limits that hold for hostile text.
///
/// A NUL becomes U+FFFD. Tags, anchors and types of YAML beyond text, lists and mappings are not interpreted: a scalar stays the text that was
/// written.
public indirect enum YAMLValue: Equatable, Sendable {
    /// Text, with the line on which it begins (counted from 1) and whether it was in quotes.
    case scalar(String, line: Int, isQuoted: Bool)
    case sequence([YAMLValue], line: Int)
    case mapping([Member], line: Int)

    public struct Member: Equatable, Sendable {
        public let key: String
        /// The line on which the key stands, counted from 1.
        public let line: Int
        public let value: YAMLValue
    }

    /// Reads one YAML document.
    ///
    /// - Throws: ``YAMLError`` where the text is not YAML, or is larger than 256 KiB, nested deeper than 64, or unfolds
    ///   through its aliases into more than 100,000 values.
    public static func parse(_ text: String) throws(YAMLError) -> YAMLValue? {
        try YAMLGuard.check(text)
        guard let node = try compose(text) else { return nil }
        var budget = YAMLGuard.maximumValues
        return try YAMLValue(node, depth: 0, budget: &budget)
    }

    /// Reads one YAML document that a user wrote for Weir, in which nothing may be overlooked: errors tell their line, and a key that
    /// stands twice or a tag that is not YAML's own is one.
    ///
    /// - Throws: ``YAMLError`` as ``parse(_:)`` does, but for texts larger than `maximumSize` bytes.
    public static func parseStrictly(_ text: String, maximumSize: Int) throws(YAMLError) -> YAMLValue? {
        try YAMLGuard.check(text, maximumSize: maximumSize)
        let composed: Node?
        do {
            composed = try Yams.compose(yaml: text)
        } catch let error as Yams.YamlError {
            throw located(error)
        } catch {
            throw YAMLError(reason: "\(error)")
        }
        guard let composed else { return nil }
        var budget = YAMLGuard.maximumValues
        let value = try YAMLValue(composed, depth: 0, budget: &budget)
        if let tag = try YAMLTag.all(in: text, maximumSize: maximumSize).first {
            throw YAMLError(reason: "has the tag '\(tag.name)', which means nothing here", line: tag.line)
        }
        return value
    }

    /// The line on which the value begins, counted from 1.
    public var line: Int {
        switch self {
        case .scalar(_, let line, _), .sequence(_, let line), .mapping(_, let line): line
        }
    }

    /// The member of a mapping.
    public subscript(key: String) -> YAMLValue? {
        guard case .mapping(let members, _) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text of a scalar that says something; nil for an empty one, one of white space only, `null` and `~` without quotes, and
    /// everything else.
    public var text: String? {
        guard case .scalar(let text, _, let isQuoted) = self, isQuoted || !["", "~", "null", "Null", "NULL"].contains(text)
        else { return nil }
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }

    /// The elements of a list; a scalar stands for a list of one.
    public var list: [YAMLValue] {
        switch self {
        case .sequence(let values, _): values
        case .scalar: text == nil ? [] : [self]
        case .mapping: []
        }
    }

    private init(_ node: Node, depth: Int, budget: inout Int) throws(YAMLError) {
        budget -= 1
        guard budget >= 0 else { throw YAMLError(reason: "unfolds into more than \(YAMLGuard.maximumValues) values") }
        guard depth <= YAMLGuard.maximumDepth else {
            throw YAMLError(reason: "is nested deeper than \(YAMLGuard.maximumDepth)")
        }
        let line = node.mark?.line ?? 1
        switch node {
        case .scalar(let scalar):
            self = .scalar(
                scalar.string.replacing("\0", with: "\u{fffd}"), line: line,
                isQuoted: scalar.style == .singleQuoted || scalar.style == .doubleQuoted)
        case .sequence(let sequence):
            var values: [YAMLValue] = []
            for element in sequence { values.append(try YAMLValue(element, depth: depth + 1, budget: &budget)) }
            self = .sequence(values, line: line)
        case .mapping(let mapping):
            var members: [Member] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw YAMLError(reason: "has a key that is not text", line: key.mark?.line ?? line)
                }
                members.append(
                    Member(
                        key: name.string, line: name.mark?.line ?? line,
                        value: try YAMLValue(value, depth: depth + 1, budget: &budget)))
            }
            self = .mapping(members, line: line)
        case .alias: throw YAMLError(reason: "has an alias without its anchor")
        }
    }

    /// A key that stands twice at the top level counts where it stands last, as PyYAML and the hubs' own sites read it.
    private static func compose(_ text: String) throws(YAMLError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch Yams.YamlError.duplicatedKeysInMapping(let duplicates, _) {
            let names = Set(duplicates)
            do {
                return try Yams.compose(yaml: keepingLast(of: names, in: text))
            } catch {
                throw YAMLError(reason: "has keys that stand twice: \(names.sorted().joined(separator: ", "))")
            }
        } catch let error as Yams.YamlError {
            throw YAMLError(reason: shortened(error))
        } catch {
            throw YAMLError(reason: "\(error)")
        }
    }

    /// The text with all but the last top-level entry of each key emptied; lines keep their numbers.
    private static func keepingLast(of names: Set<String>, in text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var seen: Set<String> = []
        var blockEnd = lines.count
        for index in lines.indices.reversed()
        where lines[index].first.map({ !$0.isWhitespace && $0 != "#" && $0 != "-" }) ?? false {
            let key = lines[index].prefix { $0 != ":" }.trimmingWhitespace()
            if names.contains(key), !seen.insert(key).inserted {
                for line in index..<blockEnd { lines[line] = "" }
            }
            blockEnd = index
        }
        return lines.joined(separator: "\n")
    }

    private static func located(_ error: Yams.YamlError) -> YAMLError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            YAMLError(reason: "is not YAML: \(problem)", line: mark.line)
        case .reader(let problem, let offset, _, let yaml):
            YAMLError(
                reason: "is not YAML: \(problem)",
                line: offset.map { offset in 1 + yaml.prefix(offset).count { $0.isNewline } })
        case .duplicatedKeysInMapping(let names, let context):
            YAMLError(reason: "has keys that stand twice: \(names.joined(separator: ", "))", line: context.mark.line)
        default: YAMLError(reason: shortened(error))
        }
    }

    private static func shortened(_ error: Yams.YamlError) -> String {
        let text = "\(error)".split(separator: "\n").first.map(String.init) ?? "cannot be read"
        return "is not YAML: \(text)"
    }
}

/// Why a YAML text was not read.
public struct YAMLError: Error, Equatable, CustomStringConvertible {
    public let reason: String
    /// From 1; nil where it is not known, or the reason tells it.
    public var line: Int?

    public var description: String { "the YAML \(reason)" }
}

/// Refuses, before the recursive YAML composer sees it, what would exhaust the stack or the memory.
enum YAMLGuard {
    static let maximumSize = 256 << 10
    static let maximumDepth = 64
    static let maximumValues = 100_000

    static func check(_ text: String, maximumSize: Int = maximumSize) throws(YAMLError) {
        guard text.utf8.count <= maximumSize else {
            throw YAMLError(reason: "has \(text.utf8.count) bytes, over the limit of \(maximumSize)")
        }
        var flowDepth = 0
        var lineNesting = 0
        var indents: [Int] = []
        for line in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: true) {
            let content = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard let first = content.first, first != UInt8(ascii: "#") else { continue }
            let indent = content.startIndex == line.startIndex ? 0 : line.distance(from: line.startIndex, to: content.startIndex)
            while let last = indents.last, last >= indent { indents.removeLast() }
            indents.append(indent)
            lineNesting = compactNesting(content)
            for byte in content {
                switch byte {
                case UInt8(ascii: "["), UInt8(ascii: "{"): flowDepth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): flowDepth = max(0, flowDepth - 1)
                default: break
                }
                if flowDepth > maximumDepth { throw YAMLError(reason: "is nested deeper than \(maximumDepth)") }
            }
            if indents.count + lineNesting > maximumDepth {
                throw YAMLError(reason: "is nested deeper than \(maximumDepth)")
            }
        }
    }

    /// How many `- `, `? ` and `: ` markers a line begins with.
    private static func compactNesting(_ content: Substring.UTF8View.SubSequence) -> Int {
        var count = 0
        var previous: UInt8 = 0x20
        for byte in content {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
                if previous != 0x20 && previous != 0x09 { return count }
                count += 1
            case 0x20, 0x09: break
            default: return count
            }
            previous = byte
        }
        return count
    }
}
