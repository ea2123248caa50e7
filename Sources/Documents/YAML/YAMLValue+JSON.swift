extension YAMLValue {
    /// Writes the value as JSON, plain scalars by YAML 1.2's core schema: numbers, `true`, `false` and `null` are those, anything
    /// else is text.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .scalar(let text, _, let isQuoted):
            if isQuoted {
                writer.string(text)
            } else {
                Self.writePlain(text, to: &writer)
            }
        case .sequence(let values, _):
            writer.array { list in for value in values { value.write(to: &list) } }
        case .mapping(let members, _):
            writer.object { object in
                for member in members {
                    object.key(member.key)
                    member.value.write(to: &object)
                }
            }
        }
    }

    private static func writePlain(_ text: String, to writer: inout JSONWriter) {
        switch text {
        case "", "~", "null", "Null", "NULL": writer.null()
        case "true", "True", "TRUE": writer.bool(true)
        case "false", "False", "FALSE": writer.bool(false)
        default:
            // A text that JSON would read as a number is one in YAML too.
            if let first = text.utf8.first, first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10,
                let document = try? JSONDocument(Array(text.utf8)), document.root.kind == .number
            {
                writer.raw(text.utf8)
            } else {
                writer.string(text)
            }
        }
    }
}
