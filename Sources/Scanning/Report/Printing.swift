/// Texts of files in messages: readable, short, and without what would change a terminal.
enum Printing {
    /// A text without control, format and direction characters, cut after so many characters.
    static func plain(_ text: String, limit: Int = 200) -> String {
        var shown = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit {
                shown.append("…")
                break
            }
            count += 1
            shown.append(isMisleading(scalar) ? "\u{FFFD}" : scalar)
        }
        return String(shown)
    }

    /// A text as Python would write it, in double quotes.
    static func literal(_ text: String, limit: Int = 160) -> String {
        var shown = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { return "\"\(shown)…\"" }
            count += 1
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            case "\"": shown += "\\\""
            case "\\": shown += "\\\\"
            default:
                if isMisleading(scalar) {
                    shown += scalar.value < 256 ? "\\x" + hex(scalar.value, 2) : "\\u" + hex(scalar.value, 4)
                } else {
                    shown.unicodeScalars.append(scalar)
                }
            }
        }
        return "\"\(shown)\""
    }

    /// Control characters, those that change the direction of text (Unicode Technical Report 36, section 2.6), and what is no character.
    private static func isMisleading(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator, .unassigned: true
        default: false
        }
    }

    private static func hex(_ value: UInt32, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// A name from a file, for a message.
func quoted(_ text: String) -> String { "'\(Printing.plain(text, limit: 120))'" }
