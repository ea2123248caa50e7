/// A paper that a package names, by a persistent id where there is one.
public struct Paper: Hashable, Sendable {
    /// What kind of id a paper has.
    public enum Kind: String, Sendable, Hashable {
        case arxiv, doi, url
    }

    public let kind: Kind
    /// An arXiv id without version (`1810.04805`, `cs/0112017`), a DOI in lower case (`10.1000/xyz`), or an address.
    public let id: String

    /// An arXiv id, new (`YYMM.NNNN[N]`) or old (`archive[.XX]/YYMMNNN`); a version suffix is dropped.
    public init?(arxiv text: some StringProtocol) {
        guard let id = arXivIdentifier(in: Array(text.utf8)) else { return nil }
        self.init(kind: .arxiv, id: id)
    }

    /// A DOI: `10.` registrant `/` suffix (ISO 26324; DOIs compare without case). A DOI that arXiv gave
    /// (`10.48550/arXiv.…`) becomes the arXiv id.
    public init?(doi text: some StringProtocol) {
        let doi = text.lowercased()
        let arXivPrefix = "10.48550/arxiv."
        if doi.hasPrefix(arXivPrefix) {
            self.init(arxiv: doi.dropFirst(arXivPrefix.count))
            return
        }
        guard doi.hasPrefix("10."), let slash = doi.firstIndex(of: "/"),
            doi.index(after: slash) < doi.endIndex,
            doi[doi.index(doi.startIndex, offsetBy: 3)..<slash].utf8.count >= 4,
            doi[doi.index(doi.startIndex, offsetBy: 3)..<slash].utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }),
            doi.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
        else { return nil }
        self.init(kind: .doi, id: doi)
    }

    /// An address: of arXiv (`/abs/`, `/pdf/`), of a DOI resolver, or any other, which is kept as it is.
    ///
    /// Nil for anything but `http` and `https`.
    public init?(url text: some StringProtocol) {
        let url = text.trimmingSpaces()
        guard let scheme = url.range(ofASCII: "://"),
            ["http", "https"].contains(url[..<scheme.lowerBound].lowercased())
        else { return nil }
        let rest = url[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" }.lowercased()
        let path = rest.dropFirst(host.utf8.count)
        switch host.hasPrefix("www.") ? String(host.dropFirst(4)) : host {
        case "arxiv.org", "export.arxiv.org":
            for prefix in ["/abs/", "/pdf/", "/html/"] where path.hasPrefix(prefix) {
                var id = path.dropFirst(prefix.count).prefix { $0 != "?" && $0 != "#" }
                if id.hasSuffix(".pdf") { id = id.dropLast(4) }
                if let paper = Paper(arxiv: id) {
                    self = paper
                    return
                }
            }
        case "doi.org", "dx.doi.org":
            if let paper = Paper(doi: path.dropFirst().prefix { $0 != "?" && $0 != "#" }) {
                self = paper
                return
            }
        default: break
        }
        guard !host.isEmpty else { return nil }
        self.init(kind: .url, id: url)
    }

    /// The papers whose addresses or ids (`arXiv:1810.04805`, `doi.org/…`) stand in a line of text, in order, each once.
    public static func find(in text: String) -> [Paper] {
        var result: [Paper] = []
        let bytes = Array(text.utf8)
        func add(_ paper: Paper?) {
            if let paper, !result.contains(paper) { result.append(paper) }
        }
        for start in bytes.indices {
            for marker in addressMarkers where bytes[start...].starts(with: marker, by: { asciiLowercased($0) == $1 }) {
                let token = bytes[(start + marker.count)...].prefix { !endsAddress($0) }
                var content = Array(token)
                while let last = content.last, trailingPunctuation.contains(last) { content.removeLast() }
                if marker.starts(with: "doi".utf8) {
                    add(Paper(doi: String(decoding: content, as: UTF8.self)))
                } else {
                    if content.suffix(4).elementsEqual(".pdf".utf8) { content.removeLast(4) }
                    add(arXivPrefix(of: content))
                }
            }
        }
        return result
    }

    /// The address where the paper can be read.
    public var url: String {
        switch kind {
        case .arxiv: "https://arxiv.org/abs/\(id)"
        case .doi: "https://doi.org/\(id)"
        case .url: id
        }
    }

    /// The paper's DOI; arXiv registers one for each of its papers.
    public var doi: String? {
        switch kind {
        case .arxiv: "10.48550/arXiv.\(id)"
        case .doi: id
        case .url: nil
        }
    }

    private init(kind: Kind, id: String) {
        self.kind = kind
        self.id = id
    }

    /// A paper read back from where it was kept; nil where the id does not fit its kind.
    public init?(kind: Kind, storedID: String) {
        guard !storedID.isEmpty else { return nil }
        self.init(kind: kind, id: storedID)
    }

    private static func arXivPrefix(of content: [UInt8]) -> Paper? {
        let id = content.prefix {
            isDigit($0) || $0 == UInt8(ascii: ".") || isLetter($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
        }
        guard let text = arXivIdentifier(in: Array(id)) else { return nil }
        return Paper(kind: .arxiv, storedID: text)
    }

    private static let addressMarkers: [[UInt8]] = ["arxiv.org/abs/", "arxiv.org/pdf/", "arxiv:", "doi.org/", "doi:"].map {
        Array($0.utf8)
    }
    private static let trailingPunctuation = Array(".,;:)]}>'\"*_".utf8)

    private static func endsAddress(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x7f || "()[]{}<>|\"'`,;".utf8.contains(byte)
    }
}

/// The id in canonical form, or nil: `\d{4}\.\d{4,5}(v\d+)?` or `[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?`.
private func arXivIdentifier(in bytes: [UInt8]) -> String? {
    var end = bytes.count
    if let version = bytes.lastIndex(where: { !isDigit($0) }), asciiLowercased(bytes[version]) == UInt8(ascii: "v"),
        version < bytes.count - 1
    {
        end = version
    }
    let id = bytes[..<end]
    if let slash = id.firstIndex(of: UInt8(ascii: "/")) {
        let archive = id[..<slash]
        let number = id[(slash + 1)...]
        guard number.count == 7, number.allSatisfy(isDigit), let first = archive.first, isLetter(first),
            archive.allSatisfy({ isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return nil }
        return String(decoding: id, as: UTF8.self)
    }
    guard id.count == 9 || id.count == 10, id[4] == UInt8(ascii: "."), id[..<4].allSatisfy(isDigit),
        id[5...].allSatisfy(isDigit)
    else { return nil }
    return String(decoding: id, as: UTF8.self)
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
private func isLetter(_ byte: UInt8) -> Bool {
    asciiLowercased(byte) >= UInt8(ascii: "a") && asciiLowercased(byte) <= UInt8(ascii: "z")
}
private func asciiLowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    fileprivate func range(ofASCII needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            formIndex(after: &start)
        }
        return nil
    }
}

extension Collection where Element == UInt8 {
    fileprivate func starts(with marker: [UInt8], by same: (UInt8, UInt8) -> Bool) -> Bool {
        var index = startIndex
        for byte in marker {
            guard index < endIndex, same(self[index], byte) else { return false }
            formIndex(after: &index)
        }
        return true
    }
}
