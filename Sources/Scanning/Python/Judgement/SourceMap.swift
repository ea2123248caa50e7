import PythonAnalysis
import PythonSyntax

/// The text of a Python file by lines, and what its expressions mention.
///
/// What an expression mentions is not what it is: it is used only where the analysis does not know a value, to see whether it
/// can be a path of a
/// certain kind, or whether two expressions speak of the same file.
final class SourceMap {
    private let tree: SyntaxTree
    private let bytes: [UInt8]
    private let lineStarts: [Int]
    private lazy var index = MentionIndex(tree)

    init(_ python: PythonFile) {
        tree = python.tree
        bytes = Array(tree.source.text(0..<tree.source.count).utf8)
        var starts = [0]
        for (offset, byte) in bytes.enumerated() {
            if byte == 0x0a || byte == 0x0d && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0a) {
                starts.append(offset + 1)
            }
        }
        lineStarts = starts
        isASCII = bytes.allSatisfy { $0 < 0x80 }
    }

    /// Whether every character of the file is one of ASCII: then no name is written with signs of another alphabet.
    let isASCII: Bool

    /// Whether a name stands in the file that leads to the functions of Python.
    var mayEscape: Bool {
        if !isASCII { return true }
        return Self.ways.contains { way in
            guard bytes.count >= way.count else { return false }
            return bytes.withUnsafeBufferPointer { all in
                (0...(all.count - way.count)).contains { start in
                    guard all[start] == way[0] else { return false }
                    return (1..<way.count).allSatisfy { all[start + $0] == way[$0] }
                }
            }
        }
    }

    private static let ways = ["subclasses__", "_globals", "f_builtins", "gi_frame", "tb_frame"].map { Array($0.utf8) }

    /// The bytes of a place; empty where it is none of the file.
    func range(_ place: SourcePlace) -> Range<Int> {
        guard (1...lineStarts.count).contains(place.line), (1...lineStarts.count).contains(place.endLine) else { return 0..<0 }
        let start = min(lineStarts[place.line - 1] + place.column, bytes.count)
        let end = min(lineStarts[place.endLine - 1] + place.endColumn, bytes.count)
        return start <= end ? start..<end : 0..<0
    }

    func text(_ range: Range<Int>) -> String {
        let whole = 0..<bytes.count
        return String(decoding: bytes[range.clamped(to: whole)], as: UTF8.self)
    }

    func text(_ place: SourcePlace) -> String { text(range(place)) }

    /// The first characters behind a place.
    func following(_ place: SourcePlace, count: Int = 120) -> String {
        let end = range(place).upperBound
        return text(end..<min(bytes.count, end + count))
    }

    func snippet(line: Int) -> String {
        guard (1...lineStarts.count).contains(line) else { return "" }
        let start = lineStarts[line - 1]
        let end = line < lineStarts.count ? lineStarts[line] : bytes.count
        return Snippet.clean(String(decoding: bytes[start..<min(end, start + 4_096)], as: UTF8.self))
    }

    /// See `MentionIndex.dunders`.
    var dunders: [(offset: Int, name: String)] { index.dunders }

    /// What a name of the file is bound to, as it is written.
    func bindings(of name: String) -> [String] { (index.values[name] ?? []).prefix(8).map { text($0) } }

    // MARK: Mentions

    /// Texts within a range.
    func texts(in range: Range<Int>) -> [String] { index.texts(in: range) }

    /// Every text of the file.
    var allTexts: [String] { index.texts(in: 0..<bytes.count) }

    /// Texts and names within a range, and within what the names are bound to in the file, some steps far.
    func mentions(_ range: Range<Int>, steps: Int = 3) -> Mentions {
        var found = Mentions()
        var waiting = [(range, 0)]
        var seen: Set<String> = []
        while let (range, depth) = waiting.popLast() {
            found.texts += index.texts(in: range)
            for name in index.names(in: range) where seen.insert(name).inserted {
                if name.hasPrefix(".") { found.attributes.insert(String(name.dropFirst())) }
                guard let values = index.values[name] else { continue }
                found.names.insert(name)
                if depth < steps { waiting += values.prefix(16).map { ($0, depth + 1) } }
            }
            if found.texts.count > 2_000 { break }
        }
        return found
    }

    /// The ranges of the function and the arguments of a call; nil where the place is no call.
    func parts(ofCall place: SourcePlace) -> (function: Range<Int>, arguments: [NodeID], keywords: [String: NodeID])? {
        guard let node = index.calls[range(place)], case .call(let function, let arguments, let keywords) = tree.syntax(node)
        else { return nil }
        var named: [String: NodeID] = [:]
        for case .keyword(let name?, let value) in keywords.lazy.map({ self.tree.syntax($0) }) { named[tree.text(name)] = value }
        return (tree.range(function), Array(arguments), named)
    }

    func range(_ node: NodeID) -> Range<Int> { tree.range(node) }

    /// The words of a command that is written as a list or text, of which some parts are not constants: these are nil.
    func words(_ node: NodeID) -> [String?]? {
        switch tree.syntax(node) {
        case .list(let members, _), .tuple(let members, _): return members.map { constant($0) }
        case .binaryOperation(let left, _, let right):
            guard let first = words(left) else { return nil }
            return first + (words(right) ?? [nil])
        default: return nil
        }
    }

    private func constant(_ node: NodeID) -> String? {
        switch tree.syntax(node) {
        case .constant:
            guard case .string(let units) = tree.literal(node) else { return nil }
            return String(String.UnicodeScalarView(units.compactMap { Unicode.Scalar($0) }))
        case .attribute where tree.source.text(tree.range(node)) == "sys.executable": return "python"
        default: return nil
        }
    }
}

/// What an expression mentions.
struct Mentions {
    var texts: [String] = []
    /// Names that the file binds.
    var names: Set<String> = []
    /// Names of attributes, whoever binds them.
    var attributes: Set<String> = []

    /// Whether it speaks of the folders that Python takes modules from.
    var hasModuleFolder: Bool {
        !attributes.isDisjoint(with: ["getsitepackages", "getusersitepackages", "get_python_lib", "USER_SITE"])
            || texts.contains("purelib")
    }

    /// Whether it speaks of the file that another module stands in: `torch.__file__`, `inspect.getfile(torch)`.
    var speaksOfOtherModule: Bool {
        !attributes.isDisjoint(with: ["__file__", "__path__", "getfile", "getsourcefile"])
            || attributes.contains("origin") && attributes.contains("find_spec")
    }

    var hasSecretPath: Bool { texts.contains(where: SecretPlace.isSecret(path:)) || SecretPlace.isSecret(path: joined) }
    var hasStartPlace: Bool { texts.contains(where: StartPlace.isStart(path:)) || StartPlace.isStart(path: joined) }

    /// The texts as parts of one path.
    private var joined: String { texts.prefix(16).joined(separator: "/") }
}
