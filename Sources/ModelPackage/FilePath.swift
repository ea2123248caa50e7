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

    public var components: [Substring] { text.split(separator: "/") }

    /// The folders that the path leads through, the outermost first: `a` and `a/b` of `a/b/c`.
    public var parents: [String] {
        text.indices.filter { text[$0] == "/" }.map { String(text[..<$0]) }
    }

    public static func < (left: FilePath, right: FilePath) -> Bool { left.text < right.text }

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
        return nil
    }
}

/// A path that could harm: leave its folder, hide, or be taken for a repository.
public struct InvalidFilePath: Error, Equatable, CustomStringConvertible {
    public let path: String
    public let problem: String

    public var description: String { "the path \(printable(path)) \(problem)" }
}
