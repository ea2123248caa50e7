internal import Documents

/// The text of a card as the Markdown parser may have it: cut where it would make the parser slow or its tree enormous.
///
/// The parser itself does not bound how deep blocks nest, how long a paragraph's brackets are searched, nor how many cells a table is
/// filled up to. Real cards stay far below these bounds.
struct CardText {
    private(set) var bytes: [UInt8] = []
    /// Whether something was left out.
    private(set) var isCut = false

    static let maximumSize = 512 << 10
    /// Bytes of indentation and of marks of quotes and lists at the start of a line: these alone nest blocks.
    static let maximumLead = 160
    /// Bytes of text without a blank line.
    static let maximumParagraph = 16 << 10
    /// Cells that tables may be filled up to, over the whole card.
    static let maximumCells = 100_000

    private var paragraph = 0
    private var columns = 0
    private var cells = 0

    /// - Parameter text: a README with or without front matter, which is left out.
    init(_ text: String) {
        isCut = text.utf8.count > Self.maximumSize
        let start = isCut ? Self.prefix(of: text)[...] : text[...]
        // The Hub finds front matter behind empty lines too.
        let unindented = start.drop { $0.isNewline || $0 == "\u{feff}" }
        let body = FrontMatter(splitting: String(unindented)).body
        bytes.reserveCapacity(body.utf8.count)
        var rest = Self.withLineFeeds(body)[...]
        while !rest.isEmpty, cells <= Self.maximumCells {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
            append(line: rest[..<end])
            rest = rest[end...]
        }
        if !rest.isEmpty { isCut = true }
    }

    /// The parser takes a carriage return for the end of a line too.
    private static func withLineFeeds(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var previous: UInt8?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
            default: bytes.append(byte)
            }
            previous = byte
        }
        return bytes
    }

    private static func prefix(of text: String) -> String {
        String(decoding: text.utf8.prefix(maximumSize), as: UTF8.self)
    }

    private mutating func append(line: ArraySlice<UInt8>) {
        guard line.contains(where: { !Self.isSpace($0) }) else {
            paragraph = 0
            columns = 0
            bytes.append(UInt8(ascii: "\n"))
            return
        }
        countCells(line)
        var line = line
        let lead = Self.lead(of: line)
        if lead > Self.maximumLead {
            line = line.prefix(Self.maximumLead) + line.dropFirst(lead)
            isCut = true
        }
        while !line.isEmpty {
            if paragraph >= Self.maximumParagraph {
                bytes += "\n\n".utf8
                paragraph = 0
            }
            let part = Self.wholeScalars(line.prefix(Self.maximumParagraph - paragraph), of: line)
            bytes += part
            paragraph += part.count
            line = line.dropFirst(part.count)
        }
    }

    /// A line that may divide a table's head from its rows says how many cells each of the lines after it costs.
    private mutating func countCells(_ line: ArraySlice<UInt8>) {
        cells += columns
        if line.allSatisfy({ Self.isSpace($0) || "|:->*+.)0123456789".utf8.contains($0) }) {
            columns = max(columns, line.count { $0 == UInt8(ascii: "|") } + 1)
        }
    }

    /// `part` without a character that it cuts in two, unless that leaves nothing.
    private static func wholeScalars(_ part: ArraySlice<UInt8>, of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = part.endIndex
        while end < line.endIndex, end > part.startIndex, line[end] & 0xc0 == 0x80 { end -= 1 }
        return end > part.startIndex ? line[part.startIndex..<end] : part
    }

    /// How many bytes at the start of a line open blocks: white space, `>`, and marks of lists.
    private static func lead(of line: ArraySlice<UInt8>) -> Int {
        var index = line.startIndex
        while index < line.endIndex {
            let next = index + 1 < line.endIndex ? line[index + 1] : UInt8(ascii: "\n")
            switch line[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ">"): break
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "."), UInt8(ascii: ")"):
                if !isSpace(next) { return index - line.startIndex }
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            default: return index - line.startIndex
            }
            index += 1
        }
        return index - line.startIndex
    }

    /// White space as the parser has it: tab, line feed, vertical tab, form feed, carriage return, space.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
