/// The parts of a web address, as `urllib.parse` cuts it (RFC 3986, appendix B).
struct WebAddress {
    private(set) var scheme = ""
    private(set) var host = ""
    private(set) var path = ""
    private(set) var query = ""
    private(set) var fragment = ""

    init?(_ text: String) {
        var rest = text[...]
        if let colon = rest.firstIndex(of: ":"), colon != rest.startIndex,
            rest[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }),
            rest.first?.isLetter == true
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let authority = rest.prefix { !"/?#".contains($0) }
            host = String(authority)
            rest = rest.dropFirst(authority.count)
        }
        if let mark = rest.firstIndex(of: "#") {
            fragment = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        path = String(rest)
    }

    static func quoted(_ text: String, safe: String) -> String {
        var out = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (Character(scalar).isLetter || Character(scalar).isNumber || "_.-~".unicodeScalars.contains(scalar))
            if isPlain || byte < 0x80 && safe.unicodeScalars.contains(scalar) {
                out.unicodeScalars.append(scalar)
            } else {
                out += "%" + Formatting.hexadecimal(Int(byte), width: 2).uppercased()
            }
        }
        return out
    }

    /// `urlencode` of a dictionary.
    static func encoded(_ constant: PythonConstant) -> String? {
        guard case .dictionary(let pairs) = constant else { return nil }
        var parts: [String] = []
        for pair in pairs {
            guard let key = Formatting.text(pair.key), let value = Formatting.text(pair.value) else { return nil }
            parts.append([key, value].map { quoted($0, safe: " ").replacing(" ", with: "+") }.joined(separator: "="))
        }
        return parts.joined(separator: "&")
    }

    /// The names and values of a query.
    static func pairs(_ query: String) -> [(String, String)]? {
        var pairs: [(String, String)] = []
        for part in query.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, let name = Encodings.unquoted(sides[0], plusIsSpace: true),
                let value = Encodings.unquoted(sides[1], plusIsSpace: true)
            else { continue }
            if !value.isEmpty { pairs.append((name, value)) }
        }
        return pairs
    }

    /// `urljoin` (RFC 3986, section 5.2).
    static func joined(_ base: String, _ other: String) -> String? {
        guard !other.isEmpty, let start = WebAddress(base), var target = WebAddress(other) else { return base }
        if !target.scheme.isEmpty { return other }
        target.scheme = start.scheme
        if target.host.isEmpty {
            target.host = start.host
            if target.path.isEmpty {
                target.path = start.path
                if target.query.isEmpty { target.query = start.query }
            } else if !target.path.hasPrefix("/") {
                let folder = start.path.lastIndex(of: "/").map { String(start.path[...$0]) } ?? "/"
                target.path = folder + target.path
            }
            let isFolder = target.path.hasSuffix("/") || target.path.hasSuffix("/..") || target.path.hasSuffix("/.")
            let normal = Paths.normalized(target.path)
            target.path = isFolder && normal != "/" ? normal + "/" : normal
        }
        return target.text
    }

    private var text: String {
        (scheme.isEmpty ? "" : "\(scheme):") + (host.isEmpty ? "" : "//\(host)") + path + (query.isEmpty ? "" : "?\(query)")
            + (fragment.isEmpty ? "" : "#\(fragment)")
    }
}
