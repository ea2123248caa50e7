import Foundation

/// A code cell of a notebook, as part of the text that all of them make.
public struct NotebookCell: Sendable, Hashable {
    /// The cell's number among all cells of the notebook, from 1.
    public let number: Int
    /// Its first line in the text, from 1.
    public let firstLine: Int
    /// The first line of a cell that is no Python (`%%bash`, `%%html`), which the text then lacks.
    public let magic: String?
    /// What a cell with a magic holds behind that line.
    public let contents: String?
}

/// Why a notebook cannot be read.
public struct NotebookError: Error, CustomStringConvertible {
    public let description: String
}

extension PythonFile {
    /// Reads the code cells of a Jupyter notebook as one program, in order (nbformat 3 and 4).
    ///
    /// Lines of the text are those of the cells one behind the other; `cell(ofLine:)` says where they stand. Magics and shell lines are in
    /// `tree.magics`. A cell with a bracket or string that never ends is read up to there, so that it does not take the others with it.
    ///
    /// - Throws: `NotebookError` where the file is no notebook, or one of another language.
    public init(notebook bytes: [UInt8]) throws {
        let document: NotebookDocument
        do {
            document = try JSONDecoder().decode(NotebookDocument.self, from: Data(Self.withoutLoneSurrogates(bytes)))
        } catch {
            throw NotebookError(description: "it is not a notebook: \(Self.reason(error))")
        }
        if let language = document.language, language != "python", language != "ipython" {
            throw NotebookError(description: "the notebook's language is \(language), not Python")
        }
        var text: [UInt8] = []
        var cells: [NotebookCell] = []
        var problems: [SyntaxProblem] = []
        var line = 1
        for (index, cell) in document.allCells.enumerated() where cell.isCode {
            let source = CellSource(cell.text)
            cells.append(NotebookCell(number: index + 1, firstLine: line, magic: source.magic, contents: source.contents))
            if let (offset, message) = source.unclosed {
                problems.append(SyntaxProblem(offset: text.count + offset, message: message))
            }
            text += source.python
            line += source.python.count { $0 == 0x0a }
        }
        self.init(text, cells: cells, additional: problems)
    }

    /// A text of JSON in which an escape that is half a character stands for U+FFFD, as elsewhere in Weir.
    private static func withoutLoneSurrogates(_ bytes: [UInt8]) -> [UInt8] {
        func unit(at index: Int) -> UInt32? {
            guard index + 5 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
                return nil
            }
            var value: UInt32 = 0
            for byte in bytes[(index + 2)...(index + 5)] {
                guard let digit = hexDigit(byte) else { return nil }
                value = value << 4 | digit
            }
            return value
        }
        var out = bytes
        var index = 0
        while index < bytes.count, let slash = bytes[index...].firstIndex(of: UInt8(ascii: "\\")) {
            index = slash + 2
            guard let first = unit(at: slash), (0xd800..<0xe000).contains(first) else { continue }
            if first < 0xdc00, let second = unit(at: slash + 6), (0xdc00..<0xe000).contains(second) {
                index = slash + 12
            } else {
                out.replaceSubrange((slash + 2)...(slash + 5), with: Array("fffd".utf8))
                index = slash + 6
            }
        }
        return out
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return error.localizedDescription }
        switch error {
        case .dataCorrupted(let context):
            return (context.underlyingError as NSError?)?.debugDescription ?? context.debugDescription
        case .keyNotFound(let key, _): return "it has no '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "it is no JSON object" : "'\(path)' has another form"
        @unknown default: return "\(error)"
        }
    }
}

/// A cell's text as a part of the program.
private struct CellSource {
    /// Ends with a line feed.
    private(set) var python: [UInt8]
    private(set) var magic: String?
    private(set) var contents: String?
    /// The line with a bracket or string that never ends; what stands behind is not in `python`.
    private(set) var unclosed: (offset: Int, message: String)?

    /// Magics of a whole cell that run it as Python.
    private static let pythonMagics: Set<Substring> = [
        "%%time", "%%timeit", "%%capture", "%%prun", "%%memit", "%%python", "%%python3",
    ]

    init(_ text: String) {
        var bytes = Array(text.utf8)
        let first = text.prefix { !$0.isNewline }
        if first.hasPrefix("%%") {
            let name = first.prefix { !$0.isWhitespace }
            if Self.pythonMagics.contains(name) {
                // The line is a comment then, so that the others keep their numbers.
                bytes[0] = UInt8(ascii: "#")
            } else {
                magic = String(first)
                contents = String(text.dropFirst(first.count).drop { $0.isNewline })
                python = Array(repeating: 0x0a, count: max(1, bytes.count { $0 == 0x0a }))
                return
            }
        }
        if bytes.last != 0x0a { bytes.append(0x0a) }
        let source = SourceText(bytes, takesCookie: false)
        if let offset = source.tokens(.notebook).unclosedAt {
            let start = bytes.start(ofLine: source.position(offset).line)
            unclosed = (start, "a bracket or string on this line does not end in its cell")
            bytes = bytes[..<start] + Array(repeating: 0x0a, count: bytes[start...].count { $0 == 0x0a })
        }
        python = bytes
    }
}

extension [UInt8] {
    /// Where a line, from 1, of a text begins, whatever the text is encoded in.
    func start(ofLine line: Int) -> Int {
        var current = 1
        var index = 0
        while current < line, index < count {
            let byte = self[index]
            index += 1
            if byte == 0x0d, index < count, self[index] == 0x0a { index += 1 }
            if byte == 0x0a || byte == 0x0d { current += 1 }
        }
        return index
    }
}

/// What Weir needs of a notebook's JSON (nbformat 4; `worksheets` and `input` are of nbformat 3).
private struct NotebookDocument: Decodable {
    let cells: [Cell]?
    let worksheets: [Worksheet]?
    let metadata: Metadata?

    struct Worksheet: Decodable {
        let cells: [Cell]?
    }

    struct Cell: Decodable {
        let cell_type: String?
        let source: Text?
        let input: Text?

        var isCode: Bool { cell_type == "code" }
        var text: String { (source ?? input)?.joined ?? "" }
    }

    /// One text, or its lines.
    enum Text: Decodable {
        case whole(String)
        case lines([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // A cell whose source has another form says nothing; the others still do.
            if let text = try? container.decode(String.self) {
                self = .whole(text)
            } else {
                self = .lines((try? container.decode([String].self)) ?? [])
            }
        }

        var joined: String {
            switch self {
            case .whole(let text): text
            case .lines(let lines): lines.joined()
            }
        }
    }

    struct Metadata: Decodable {
        let kernelspec: Kernel?
        let language_info: Kernel?

        struct Kernel: Decodable {
            let language: String?
            let name: String?
        }
    }

    var allCells: [Cell] { cells ?? worksheets?.flatMap { $0.cells ?? [] } ?? [] }
    var language: String? { (metadata?.language_info?.name ?? metadata?.kernelspec?.language)?.lowercased() }
}
