/// The character references that raw HTML in cards uses. Others stay as they are written, which is harmless, for what comes out is escaped.
enum HTMLEntities {
    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = Substring(text)
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...]
            let name = rest.dropFirst().prefix(12).prefix { $0 != ";" && $0 != "&" }
            if let character = character(name) {
                result.unicodeScalars.append(character)
                rest = rest[name.endIndex...]
                if rest.first == ";" { rest.removeFirst() }
            } else {
                result.append("&")
                rest.removeFirst()
            }
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Unicode.Scalar? {
        guard name.first == "#" else { return named[name.lowercased()] }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        // Leading zeros may be many; a prefix of digits counts, even without a semicolon.
        let number = isHexadecimal ? digits.dropFirst().prefix(while: \.isHexDigit) : digits.prefix(while: \.isNumber)
        guard let value = UInt32(number, radix: isHexadecimal ? 16 : 10), value != 0 else { return nil }
        return Unicode.Scalar(value)
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{a0}", "copy": "©", "reg": "®", "trade": "™",
        "hellip": "…", "mdash": "—", "ndash": "–", "middot": "·", "bull": "•", "times": "×", "rarr": "→", "larr": "←",
        "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’", "emsp": "\u{2003}", "ensp": "\u{2002}", "colon": ":", "tab": "\t",
        "newline": "\n",
    ]
}
