/// A Markdown text with the YAML front matter that may stand before it, between two lines of `---`.
public struct FrontMatter: Sendable {
    /// The YAML, and the line of the file on which it begins.
    public let yaml: String?
    /// Lines before the YAML's first one: what to add to a line of the YAML to get the line of the file.
    public let yamlLineOffset = 1
    public let body: String
    /// Lines before the body's first one.
    public let bodyLineOffset: Int

    public init(splitting text: String) {
        let text = text.hasPrefix("\u{feff}") ? String(text.dropFirst()) : text
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard let first = lines.first, Self.isFence(first),
            let end = lines.dropFirst().firstIndex(where: Self.isFence)
        else {
            yaml = nil
            body = text
            bodyLineOffset = 0
            return
        }
        yaml = lines[1..<end].joined(separator: "\n")
        body = lines[(end + 1)...].joined(separator: "\n")
        bodyLineOffset = end + 1
    }

    private static func isFence(_ line: Substring) -> Bool {
        line.hasPrefix("---") && line.dropFirst(3).allSatisfy { $0 == " " || $0 == "\t" || $0 == "\r" }
    }
}
