internal import Mustache

/// The one place where text from outside becomes text of a page: safe between tags and in quoted attributes.
enum HTMLText {
    /// `text` with what means something to HTML replaced, and with control and invisible formatting characters shown as `\u{…}`: a name
    /// that turns the direction of writing around must not look like another one.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: needsCare) else { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        // Scalars, not characters: a quotation mark under a combining accent is one character, and still ends an attribute.
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// Whether a text with this byte may hold something to replace; letters outside of ASCII always may.
    private static func needsCare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: byte < 0x20 || byte >= 0x7f
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "&": result += "&amp;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "\n", "\t": result.unicodeScalars.append(scalar)
        default:
            if isHidden(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// Characters without a shape that change how others are read. The joiners (U+200C, U+200D) are parts of words and emoji.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: scalar != "\n" && scalar != "\t"
        case .format: scalar.value != 0x200c && scalar.value != 0x200d
        default: false
        }
    }
}

/// ``HTMLText`` as the escaping of templates. Mustache's own works on characters and lets `"` with a combining accent through.
struct SafeHTMLContent: MustacheContentType {
    func escapeText(_ text: String) -> String { HTMLText.escaped(text) }
}
