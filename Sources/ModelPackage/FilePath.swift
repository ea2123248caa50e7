/// The path of a file within a package, from its root, with `/`.
///
/// Paths come from hubs and are hostile until they have passed ``init(_:)``: one that is held here stays below any folder that it
/// is appended to.
public struct FilePath: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let text: String

    /// The longest path, in bytes of UTF-8: what Linux takes.
    public static let maximumLength = 4095

    /// - Throws: ``InvalidFilePath`` for a path that is empty, too long, absolute, or has an empty, `.`, `..` or `.git` component, one
    ///   of more than 255 bytes, a backslash or a control character.
    public init(_ text: String) throws(InvalidFilePath) {
        if let problem = Self.problem(in: text) { throw InvalidFilePath(path: text, problem: problem) }
        self.text = text
    }

    public var description: String { text }

    /// The names on the way, the file's own last.
    public var components: [String] {
        text.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The folders that the path leads through, the outermost first: `a` and `a/b` of `a/b/c`.
    public var parents: [FilePath] {
        text.utf8.indices.filter { text.utf8[$0] == UInt8(ascii: "/") }.map {
            FilePath(unchecked: String(decoding: text.utf8[..<$0], as: UTF8.self))
        }
    }

    private init(unchecked text: String) {
        self.text = text
    }

    // Paths are bytes: two that look the same may be two files.
    public static func == (left: FilePath, right: FilePath) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    public static func < (left: FilePath, right: FilePath) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func problem(in text: String) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > maximumLength { return "is longer than \(maximumLength) bytes" }
        if text.utf8.first == UInt8(ascii: "/") { return "is an absolute path" }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "has a control character" }
        if text.utf8.contains(UInt8(ascii: "\\")) { return "has a backslash" }
        for component in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if component.isEmpty { return "has an empty component" }
            if component.count > 255 { return "has a component longer than 255 bytes" }
            let name = String(decoding: component, as: UTF8.self)
            if name == "." || name == ".." { return "has a '.' or '..' component" }
            // Git runs what it finds there.
            if name.lowercased() == ".git" { return "has a '.git' component" }
        }
        if hasJoinedSlash(text) { return "has a '/' that is joined with a letter" }
        return nil
    }
}

/// A path that could harm: leave its folder, hide, or be taken for a repository.
public struct InvalidFilePath: Error, Equatable, CustomStringConvertible {
    public let path: String
    public let problem: String

    public var description: String { "the path \(printable(path)) \(problem)" }
}

/// Whether a `/` stands in one character with what is beside it (a combining mark, say): then what counts bytes and what counts
/// characters would take the path for two different ones.
func hasJoinedSlash(_ text: String) -> Bool {
    text.utf8.count { $0 == UInt8(ascii: "/") } != text.count { $0 == "/" }
}
