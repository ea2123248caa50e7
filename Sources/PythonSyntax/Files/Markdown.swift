extension PythonFile {
    /// Reads the fenced Python blocks of a Markdown text as one program (CommonMark, section 4.5), in order.
    ///
    /// All other lines are empty in it, so places are those of the Markdown text; a block that is indented counts its columns from the fence.
    /// In a block of `>>>` prompts, what stands behind these is read. A bracket or string that never ends takes only its own block with it.
    public init(markdown bytes: [UInt8]) {
        // What is no UTF-8 is replaced here, so that no place moves later.
        let bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
        var text: [UInt8] = []
        var problems: [SyntaxProblem] = []
        var block: [ArraySlice<UInt8>] = []
        var fence: Fence?
        func end() {
            let python = FencedBlock(block)
            if let (offset, message) = python.unclosed {
                problems.append(SyntaxProblem(offset: text.count + offset, message: message))
            }
            text += python.bytes
            block = []
        }
        for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            if let open = fence {
                if open.isClosed(by: line) {
                    if open.isPython { end() }
                    text.append(0x0a)
                    fence = nil
                } else if open.isPython {
                    block.append(open.unindented(line))
                } else {
                    text.append(0x0a)
                }
            } else {
                fence = Fence(line)
                text.append(0x0a)
            }
        }
        if fence?.isPython == true { end() }
        self.init(text, dialect: .notebook, additional: problems)
    }
}

/// The opening line of a fenced block.
private struct Fence {
    private let indent: Int
    private let mark: UInt8
    private let length: Int
    let isPython: Bool

    private static let languages: Set<String> = [
        "python", "py", "python3", "py3", "ipython", "ipython3", "pycon", "python-repl", "python2",
    ]

    /// Nil where the line opens no block.
    init?(_ line: ArraySlice<UInt8>) {
        let rest = Self.behindListMarker(line.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") })
        guard let mark = rest.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        let length = rest.prefix { $0 == mark }.count
        let info = rest.dropFirst(length)
        guard length >= 3, mark == UInt8(ascii: "~") || !info.contains(mark) else { return nil }
        self.mark = mark
        self.length = length
        indent = rest.startIndex - line.startIndex
        let word = String(decoding: info, as: UTF8.self).drop { $0.isWhitespace || $0 == "{" || $0 == "." }
            .prefix { $0.isLetter || $0.isNumber || $0 == "-" }
        isPython = Self.languages.contains(word.lowercased())
    }

    /// What stands behind the `-`, `*`, `+` or `1.` of a list's item.
    private static func behindListMarker(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = line.prefix { $0 &- 0x30 < 10 }
        let marks = digits.isEmpty ? Array("-*+".utf8) : Array(".)".utf8)
        let rest = line.dropFirst(digits.count)
        guard digits.count < 10, let mark = rest.first, marks.contains(mark), rest.dropFirst().first == 0x20 else { return line }
        return rest.dropFirst().drop { $0 == 0x20 }
    }

    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }
        let marks = rest.prefix { $0 == mark }
        return marks.count >= length && rest.dropFirst(marks.count).allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    }

    /// A line of the block without the fence's indentation.
    func unindented(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let blank = line.prefix(indent).prefix { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }
        return line.dropFirst(blank.count)
    }
}

/// The lines of a block as a part of the program.
private struct FencedBlock {
    /// As many lines as the block, each with its line feed.
    private(set) var bytes: [UInt8] = []
    private(set) var unclosed: (offset: Int, message: String)?

    init(_ lines: [ArraySlice<UInt8>]) {
        let prompt = Array(">>> ".utf8)
        let continuation = Array("... ".utf8)
        let isSession = lines.first { !$0.isEmpty }?.starts(with: prompt) == true
        for line in lines {
            if !isSession {
                bytes += line
            } else if line.starts(with: prompt) || line.starts(with: continuation) {
                bytes += line.dropFirst(4)
            }
            bytes.append(0x0a)
        }
        let source = SourceText(bytes, takesCookie: false)
        if let offset = source.tokens(.notebook).unclosedAt {
            let start = bytes.start(ofLine: source.position(offset).line)
            unclosed = (start, "a bracket or string on this line does not end in its block")
            bytes = bytes[..<start] + Array(repeating: 0x0a, count: bytes[start...].count { $0 == 0x0a })
        }
    }
}
