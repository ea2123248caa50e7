import ModelFormats

/// Texts, and what their names and first lines say of them.
enum TextContent {
    /// Whether the bytes are UTF-8 or UTF-16 text without control characters.
    static func isText(_ head: ArraySlice<UInt8>, isWhole: Bool) -> Bool {
        let bytes = Array(head)
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
        guard !bytes.contains(where: { $0 < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].contains($0) || $0 == 0x7f }) else {
            return false
        }
        // A character may be cut at the end of what is looked at.
        for dropped in 0...(isWhole ? 0 : 3) where String(validating: bytes.dropLast(dropped), as: UTF8.self) != nil {
            return true
        }
        // Latin-1 texts: mostly letters, few bytes above ASCII.
        let high = bytes.count { $0 >= 0x80 }
        return high * 10 < bytes.count
    }

    static func kind(_ head: ArraySlice<UInt8>, _ name: String) -> ContentKind {
        let last = Names.last(of: name).lowercased()
        if let byName = extensions[last.split(separator: ".").last.map(String.init) ?? ""], last.contains(".") { return byName }
        // Only what is judged as code is told as code.
        switch CodeLanguage(path: name, start: Array(head.prefix(128))) {
        case .python: return .python
        case .notebook: return .notebook
        case .script(.posix): return .shell
        case .script(.batch): return .batch
        case .script(.powerShell): return .powershell
        case nil: break
        }
        let start = head.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        if start == UInt8(ascii: "{") || start == UInt8(ascii: "[") { return .json }
        if head.starts(with: "<?xml".utf8) { return .xml }
        return .text
    }

    private static let extensions: [String: ContentKind] = [
        "json": .json, "yaml": .yaml, "yml": .yaml, "jinja": .jinja, "jinja2": .jinja, "j2": .jinja, "xml": .xml, "jsonl": .text,
        "md": .text, "txt": .text, "rst": .text, "csv": .text, "tsv": .text, "html": .text, "cfg": .text, "ini": .text,
        "toml": .text, "pth": .text, "pyi": .text,
    ]
}

extension TextContent {
    /// The text that bytes are: UTF-16 with its mark, else UTF-8.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        for (mark, isBig) in [([0xff, 0xfe] as [UInt8], false), ([0xfe, 0xff], true)] where bytes.starts(with: mark) {
            var units: [UInt16] = []
            var index = bytes.startIndex + 2
            while index + 1 < bytes.endIndex {
                units.append(
                    isBig
                        ? UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
                        : UInt16(bytes[index + 1]) << 8 | UInt16(bytes[index]))
                index += 2
            }
            return String(decoding: units, as: UTF16.self)
        }
        return String(decoding: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes, as: UTF8.self)
    }
}
