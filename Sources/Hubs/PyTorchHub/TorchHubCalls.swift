import Documents
import ModelPackage

/// Finds `torch.hub.load` calls in the code of a page: which repository, which entry points, which variants.
///
/// Records list the alternatives of a model as commented-out calls or assignments, so comments count. A name in place of
/// a text is looked up among the page's plain assignments (`model_type = "DPT_Large"`).
enum TorchHubCalls {
    /// The entry points of a page, each once, with the line of the first call.
    static func entryPoints(in blocks: [MarkdownDocument.CodeBlock]) -> [(EntryPoint, line: Int)] {
        let codes = blocks.map { withoutComments($0.code) }
        let assignments = codes.map { self.assignments(in: $0) }.reduce(into: [String: [String]]()) { all, some in
            all.merge(some) { $0 + $1 }
        }
        var points: [(point: EntryPoint, line: Int)] = []
        for (block, code) in zip(blocks, codes) {
            for call in calls(in: code) {
                let arguments = Arguments(call.arguments)
                guard let location = arguments.text(at: 0, or: ["repo_or_dir", "github"]),
                    case .literal(let repository) = location
                else {
                    continue
                }
                let parts = repository.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.first?.split(separator: "/").count == 2 else { continue }
                let names: [String?] =
                    switch arguments.text(at: 1, or: ["model"]) {
                    case .literal(let name)?: [name]
                    case .name(let variable)?: assignments[variable].map { $0.map { Optional($0) } } ?? [nil]
                    case nil: [nil]
                    }
                let variants = arguments.variants.filter { !$0.hasPrefix("./") && !$0.hasPrefix("/") }
                let line = block.line + call.line
                for name in names {
                    let point = EntryPoint(
                        repository: parts[0], ref: parts.count > 1 ? parts[1] : nil, name: name, variants: variants)
                    if let index = points.firstIndex(where: {
                        $0.point.repository == point.repository && $0.point.ref == point.ref && $0.point.name == name
                    }) {
                        for variant in variants where !points[index].point.variants.contains(variant) {
                            points[index].point.variants.append(variant)
                        }
                    } else {
                        points.append((point, line))
                    }
                }
            }
        }
        return points.map { ($0.point, line: $0.line) }
    }

    /// Code in which what was commented out is code again and what stands behind code as a comment is gone; lines keep their
    /// numbers.
    private static func withoutComments(_ code: String) -> String {
        code.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            var quote: Character?
            let content = line.drop { $0.isWhitespace || $0 == "#" }
            let end = content.firstIndex { character in
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "'" || character == "\"" {
                    quote = character
                } else {
                    return character == "#"
                }
                return false
            }
            return String(content[..<(end ?? content.endIndex)])
        }.joined(separator: "\n")
    }

    /// The text between the brackets of each call, and how many lines stand before it.
    private static func calls(in code: String) -> [(arguments: Substring, line: Int)] {
        var calls: [(arguments: Substring, line: Int)] = []
        for match in code.ranges(of: /hub\.load\s*\(/) {
            var depth = 1
            var quote: Character?
            var index = match.upperBound
            while index < code.endIndex, depth > 0 {
                let character = code[index]
                if let open = quote {
                    if character == "\\" {
                        index = code.index(after: index)
                        if index == code.endIndex { break }
                    } else if character == open || character.isNewline {
                        quote = nil
                    }
                } else if character == "'" || character == "\"" {
                    quote = character
                } else if "([{".contains(character) {
                    depth += 1
                } else if ")]}".contains(character) {
                    depth -= 1
                    if depth == 0 { break }
                }
                index = code.index(after: index)
            }
            let line = code[..<match.lowerBound].count { $0.isNewline }
            calls.append((code[match.upperBound..<min(index, code.endIndex)], line))
        }
        return calls
    }

    /// Texts assigned to plain names, commented out or not.
    private static func assignments(in code: String) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for line in code.split(whereSeparator: \.isNewline) {
            guard let match = line.firstMatch(of: /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*["']([^"']+)["']/) else { continue }
            let value = String(match.2)
            if !found[String(match.1), default: []].contains(value) { found[String(match.1), default: []].append(value) }
        }
        return found
    }

    /// The arguments of a call, as far as texts and names go.
    private struct Arguments {
        enum Value {
            case literal(String)
            case name(String)
        }

        private var positional: [Value?] = []
        private var keyword: [(name: String, value: Value?)] = []

        init(_ text: Substring) {
            for part in Self.split(text) {
                if let match = part.firstMatch(of: /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)\s*(.*)$/.dotMatchesNewlines()) {
                    keyword.append((String(match.1), Self.value(match.2)))
                } else {
                    positional.append(Self.value(part[...]))
                }
            }
        }

        func text(at position: Int, or names: [String]) -> Value? {
            if position < positional.count { return positional[position] }
            return keyword.first { names.contains($0.name) }?.value
        }

        /// Texts beyond the entry point's name that name a variant.
        var variants: [String] {
            let further =
                positional.dropFirst(2)
                + keyword.filter { ["model_name", "language", "speaker", "checkpoint"].contains($0.name) }.map(\.value)
            return further.compactMap { value in
                if case .literal(let text)? = value { text } else { nil }
            }
        }

        private static func value(_ text: Substring) -> Value? {
            let trimmed = text.drop { $0.isWhitespace }
            if let match = trimmed.firstMatch(of: /^[rRbBuU]?["']([^"']*)["']\s*$/) { return .literal(String(match.1)) }
            if let match = trimmed.firstMatch(of: /^([A-Za-z_][A-Za-z0-9_]*)\s*$/) { return .name(String(match.1)) }
            return nil
        }

        /// Parts at the commas outside brackets and quotes.
        private static func split(_ text: Substring) -> [String] {
            var parts: [String] = [""]
            var depth = 0
            var quote: Character?
            for character in text {
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "'" || character == "\"" {
                    quote = character
                } else if "([{".contains(character) {
                    depth += 1
                } else if ")]}".contains(character) {
                    depth -= 1
                } else if character == ",", depth == 0 {
                    parts.append("")
                    continue
                }
                parts[parts.count - 1].append(character)
            }
            return parts.filter { part in part.contains { !$0.isWhitespace } }
        }
    }
}
