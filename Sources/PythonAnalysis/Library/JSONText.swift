/// Constants as Python's `json.dumps` writes them.
enum JSONText {
    static func written(_ constant: PythonConstant) -> String? {
        switch constant {
        case .none: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .largeInt(let digits): return digits
        case .float(let value): return value.isFinite ? Formatting.real(value) : nil
        case .text(let text): return quoted(text)
        case .list(let members), .tuple(let members):
            let parts = members.compactMap(written)
            return parts.count == members.count ? "[\(parts.joined(separator: ", "))]" : nil
        case .dictionary(let pairs):
            var parts: [String] = []
            for pair in pairs {
                guard case .text(let key) = pair.key, let value = written(pair.value) else { return nil }
                parts.append("\(quoted(key)): \(value)")
            }
            return "{\(parts.joined(separator: ", "))}"
        case .ellipsis, .bytes, .path, .set: return nil
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value > 0x7e:
                for unit in String(Character(scalar)).utf16 { out += "\\u" + Formatting.hexadecimal(Int(unit), width: 4) }
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
