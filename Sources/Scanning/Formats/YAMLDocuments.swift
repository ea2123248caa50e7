/// The documents of a YAML stream, which `---` and `...` part (YAML 1.2.2, chapter 9).
enum YAMLDocuments {
    static func split(_ text: String) -> [String] {
        var documents: [String] = []
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isMark = line == "---" || line.hasPrefix("--- ") || line == "..." || line.hasPrefix("---\r")
            if isMark, !lines.isEmpty {
                documents.append(lines.joined(separator: "\n"))
                lines = []
            }
            if line.hasPrefix("--- ") {
                lines.append(line.dropFirst(4))
            } else if !isMark, !line.hasPrefix("%") {
                lines.append(line)
            }
        }
        documents.append(lines.joined(separator: "\n"))
        return documents
    }
}
