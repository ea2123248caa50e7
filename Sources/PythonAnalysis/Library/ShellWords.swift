/// Words as a Unix shell cuts them, as far as Python's `shlex` does it.
enum ShellWords {
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var rest = Array(line)[...]
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t", "\n", "\r":
                if let ended = word { words.append(ended) }
                word = nil
            case "'":
                guard let end = rest.firstIndex(of: "'") else { return nil }
                word = (word ?? "") + String(rest[..<end])
                rest = rest[(end + 1)...]
            case "\"":
                var text = word ?? ""
                while let inner = rest.popFirst(), inner != "\"" {
                    if inner == "\\", let next = rest.first, next == "\"" || next == "\\" {
                        text.append(rest.removeFirst())
                    } else {
                        text.append(inner)
                    }
                    if rest.isEmpty { return nil }
                }
                word = text
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? "") + String(next)
            default: word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }

    static func quoted(_ text: String) -> String {
        if text.isEmpty { return "''" }
        let isSafe = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (Character(scalar).isLetter || Character(scalar).isNumber || "@%+=:,./-_".unicodeScalars.contains(scalar))
        }
        return isSafe ? text : "'" + text.replacing("'", with: "'\"'\"'") + "'"
    }
}
