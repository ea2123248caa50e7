/// A table of dotted names that is written as text: words with space between them; `numpy.{a,b}` stands for `numpy.a` and `numpy.b`.
struct NameTable: Sendable {
    private let names: Set<String>

    init(_ text: String) {
        var names: Set<String> = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            guard let open = word.firstIndex(of: "{"), word.hasSuffix("}") else {
                names.insert(String(word))
                continue
            }
            let prefix = word[..<open]
            for part in word[word.index(after: open)...].dropLast().split(separator: ",") { names.insert("\(prefix)\(part)") }
        }
        self.names = names
    }

    func contains(_ name: String) -> Bool { names.contains(name) }

    /// Whether a name, or a module that it lies in, is in the table.
    func covers(_ name: String) -> Bool { covering(name) != nil }

    /// The name itself or the innermost module around it that is in the table.
    func covering(_ name: String) -> String? {
        var part = Substring(name)
        while true {
            let text = String(part)
            if names.contains(text) { return text }
            guard let dot = part.lastIndex(of: ".") else { return nil }
            part = part[..<dot]
        }
    }
}
