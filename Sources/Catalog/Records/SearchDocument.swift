import Foundation
public import ModelPackage

/// What search finds a package by: the words of its name and description, and one token for each of its facets.
///
/// Words are folded here, for documents and queries alike, so that the index itself needs only to split at spaces.
struct SearchDocument {
    let text: String

    init(_ package: Package) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        for text in [
            package.id.name, package.title?.value, package.owner?.value, package.task?.value, package.library?.value,
            package.architecture?.value, package.summary?.value,
        ] {
            if let text { SearchText.appendWords(of: text, to: &bytes) }
        }
        for tag in package.tags where !SearchText.isPrefixed(tag.value) { SearchText.appendWords(of: tag.value, to: &bytes) }
        SearchText.appendBeginnings(ofWordsIn: package.id.name, to: &bytes)
        var facets: [SearchFacet] = [.hub(package.id.hub)]
        if let owner = package.owner { facets.append(.owner(owner.value)) }
        if let task = package.task { facets.append(.task(task.value)) }
        if let library = package.library { facets.append(.library(library.value)) }
        facets += package.licenses.map { .license($0.value.id) }
        facets += package.tags.map { .tag($0.value) }
        for facet in facets {
            facet.appendToken(to: &bytes)
            bytes.append(0x20)
        }
        text = String(decoding: bytes, as: UTF8.self)
    }
}

/// A value that search can be narrowed to.
public enum SearchFacet: Hashable, Sendable {
    case hub(HubID)
    case owner(String)
    case task(String)
    case library(String)
    case license(String)
    case tag(String)

    /// A word that no text holds: `zf` and a 64-bit FNV-1a hash of the facet, in hexadecimal.
    var token: String {
        var bytes: [UInt8] = []
        appendToken(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    fileprivate func appendToken(to bytes: inout [UInt8]) {
        let (kind, value): (UInt8, String) =
            switch self {
            case .hub(let hub): (UInt8(ascii: "h"), hub.rawValue)
            case .owner(let owner): (UInt8(ascii: "o"), owner)
            case .task(let task): (UInt8(ascii: "k"), task)
            case .library(let library): (UInt8(ascii: "l"), library)
            case .license(let license): (UInt8(ascii: "c"), license)
            case .tag(let tag): (UInt8(ascii: "t"), tag)
            }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        hash = (hash ^ UInt64(kind)) &* 0x100_0000_01b3
        for byte in value.utf8 {
            let folded = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            hash = (hash ^ UInt64(folded)) &* 0x100_0000_01b3
        }
        bytes.append(UInt8(ascii: "z"))
        bytes.append(UInt8(ascii: "f"))
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: hash >> UInt64(shift)) & 15
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
        }
    }
}

/// Text folded into words: lower case, without accents, split at everything but letters and digits.
enum SearchText {
    /// The words of a text, each followed by a space.
    static func appendWords(of text: String, to bytes: inout [UInt8]) {
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            appendASCIIWords(of: text.utf8, to: &bytes)
            return
        }
        let folded = text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        var endsInSpace = true
        for scalar in folded.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber:
                bytes.append(contentsOf: String(scalar).utf8)
                endsInSpace = false
            default:
                if !endsInSpace { bytes.append(0x20) }
                endsInSpace = true
            }
        }
        if !endsInSpace { bytes.append(0x20) }
    }

    static func words(of text: String) -> [String] {
        var bytes: [UInt8] = []
        appendWords(of: text, to: &bytes)
        return bytes.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The longest beginning of a word that is indexed by itself.
    private static let longestBeginning = 12

    /// The word that stands in documents whose names have a word with this beginning, so that a word that is being typed is found as
    /// quickly as a whole one: `zp` and the beginning, which no text holds.
    static func beginningToken(_ word: String) -> String { "zp\(word.prefix(longestBeginning))" }

    /// The tokens of all beginnings of a name's words.
    static func appendBeginnings(ofWordsIn name: String, to bytes: inout [UInt8]) {
        for word in Set(words(of: name)) {
            var beginning = "zp"
            for character in word.prefix(longestBeginning) {
                beginning.append(character)
                bytes.append(contentsOf: beginning.utf8)
                bytes.append(0x20)
            }
        }
    }

    /// Whether a tag is of a kind that is searched as a facet only: `license:…`, `dataset:…`, `arxiv:…`.
    static func isPrefixed(_ tag: String) -> Bool { tag.utf8.contains(UInt8(ascii: ":")) }

    private static func appendASCIIWords(of text: String.UTF8View, to bytes: inout [UInt8]) {
        var endsInSpace = true
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
                endsInSpace = false
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                bytes.append(byte | 0x20)
                endsInSpace = false
            default:
                if !endsInSpace { bytes.append(0x20) }
                endsInSpace = true
            }
        }
        if !endsInSpace { bytes.append(0x20) }
    }
}

/// Numbers the rows of the search index so that their order is popularity, the most used first, in steps of a quarter of
/// a power of two. The most used hits of any query are then its first rows, however many there are.
enum SearchRow {
    private static let steps: Int64 = 255
    private static let keyBits: Int64 = 40

    static func number(package key: Int64, popularity: Int64) -> Int64 {
        (steps - step(popularity)) << keyBits | key
    }

    static func package(of row: Int64) -> Int64 { row & ((1 << keyBits) - 1) }

    /// Rows with the same step have about the same popularity; lower steps are more popular.
    static func step(ofRow row: Int64) -> Int64 { row >> keyBits }

    static func row(step: Int64, key: Int64) -> Int64 { step << keyBits | key }

    /// Whether all packages of a step are exactly as popular, so that the order of its rows is that of their keys.
    static func isUniform(step: Int64) -> Bool { steps - step <= 10 }

    private static func step(_ popularity: Int64) -> Int64 {
        min(steps, Int64(Foundation.log2(Double(max(0, popularity)) + 1) * 4))
    }
}
