/// Which files of a package are wanted: patterns as the Hub's own client takes them, and a size.
public struct FileSelection: Equatable, Sendable {
    /// A file is wanted if one of these matches, or there are none.
    public var include: [String]
    /// A file is not wanted if one of these matches.
    public var exclude: [String]
    /// Bytes above which a file is not wanted.
    public var maximumSize: Int64?

    public init(include: [String] = [], exclude: [String] = [], maximumSize: Int64? = nil) {
        self.include = include
        self.exclude = exclude
        self.maximumSize = maximumSize
    }

    /// Everything.
    public static let all = FileSelection()
    /// What tells people and machines what a package is: its card, its licence.
    public static let card = FileSelection(include: ["README.md", "README*", "LICENSE*", "LICENCE*", "NOTICE*"])

    public var isAll: Bool { self == .all }

    public func includes(_ path: String, size: Int64?) -> Bool {
        if let maximumSize, let size, size > maximumSize { return false }
        if !include.isEmpty, !include.contains(where: { GlobPattern($0).matches(path) }) { return false }
        return !exclude.contains { GlobPattern($0).matches(path) }
    }
}

/// A pattern over whole paths: `*` any text (slashes too), `?` any one character, `[a-z]` and `[!a-z]` one of a set; a pattern that
/// ends in `/` stands for all below. The rules of Python's `fnmatch`, which the Hub's client uses.
package struct GlobPattern: Equatable, Sendable {
    private let pattern: [Character]

    package init(_ text: String) {
        pattern = Array(text.hasSuffix("/") ? text + "*" : text)
    }

    package func matches(_ text: String) -> Bool {
        let text = Array(text)
        var place = 0
        var at = 0
        // Where to go on when what follows the last `*` does not fit: with one more character under it.
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, at)
                place += 1
            } else if let next = step(place, text[at]) {
                place = next
                at += 1
            } else if let last = star {
                place = last.pattern + 1
                at = last.text + 1
                star = (last.pattern, at)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }

    /// The place after what matches one character, or nil.
    private func step(_ place: Int, _ character: Character) -> Int? {
        guard place < pattern.count else { return nil }
        switch pattern[place] {
        case "?": return place + 1
        case "[":
            guard let (set, end) = set(at: place) else { return character == "[" ? place + 1 : nil }
            return set(character) ? end : nil
        case character: return place + 1
        default: return nil
        }
    }

    /// The set that begins at `[`, and the place after it; nil where it does not end.
    private func set(at place: Int) -> ((Character) -> Bool, Int)? {
        var start = place + 1
        let isNegated = start < pattern.count && pattern[start] == "!"
        if isNegated { start += 1 }
        // A bracket that comes first is one of the set.
        guard start < pattern.count, let end = pattern[(start + 1)...].firstIndex(of: "]") else { return nil }
        let members = Array(pattern[start..<end])
        let contains: (Character) -> Bool = { character in
            var index = 0
            while index < members.count {
                if index + 2 < members.count, members[index + 1] == "-" {
                    if members[index] <= character, character <= members[index + 2] { return true }
                    index += 3
                } else {
                    if members[index] == character { return true }
                    index += 1
                }
            }
            return false
        }
        return ({ contains($0) != isNegated }, end + 1)
    }
}
