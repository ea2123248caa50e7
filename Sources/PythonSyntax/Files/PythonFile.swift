/// Python source that has been read: its tree, and what is wrong with it.
public struct PythonFile: Sendable {
    public let tree: SyntaxTree
    /// Empty just when Python 3 would parse the file.
    public let problems: [SyntaxProblem]
    /// The cells of a notebook; empty for a file of another kind.
    public private(set) var cells: [NotebookCell] = []

    /// Bytes that a file may have at most: places in it are numbers of 32 bits.
    public static let maximumSize = 1 << 30

    /// How deep things may be nested on the caller's stack; deeper ones are read on a stack of their own.
    private static let ordinaryDepth = 40

    /// Reads a file in any encoding that Python takes.
    public init(_ bytes: [UInt8]) {
        self.init(bytes, dialect: .python, additional: [])
    }

    init(_ bytes: [UInt8], dialect: Dialect, additional: [SyntaxProblem]) {
        var found = additional
        var bytes = bytes
        if bytes.count > Self.maximumSize {
            found.append(SyntaxProblem(offset: 0, message: "the file has more than \(Self.maximumSize) bytes"))
            bytes = []
        }
        let source = SourceText(bytes, takesCookie: dialect == .python)
        let (tokens, lexical, _) = source.tokens(dialect)
        found += (source.problem.map { [$0] } ?? []) + lexical
        let known = found
        var parser = Parser(source, tokens, known, maximumDepth: Self.ordinaryDepth)
        let shallow = parser.run()
        guard parser.wasTooDeep else {
            tree = shallow
            problems = parser.problems.sorted { $0.offset < $1.offset }
            return
        }
        (tree, problems) = DeepStack.run {
            var parser = Parser(source, tokens, known, maximumDepth: Parser.maximumDepth)
            let tree = parser.run()
            return (tree, parser.problems.sorted { $0.offset < $1.offset })
        }
    }

    init(_ bytes: [UInt8], cells: [NotebookCell], additional: [SyntaxProblem]) {
        self.init(bytes, dialect: .notebook, additional: additional)
        self.cells = cells
    }

    public var source: SourceText { tree.source }

    /// The cell, from 1, and the line in it, from 1, that a line of a notebook's text is.
    public func cell(ofLine line: Int) -> (cell: Int, line: Int)? {
        guard let cell = cells.last(where: { $0.firstLine <= line }) else { return nil }
        return (cell.number, line - cell.firstLine + 1)
    }
}

extension SourceText {
    /// The tokens of the text, what is wrong with them, and where a bracket or string begins that never ends.
    func tokens(_ dialect: Dialect) -> (TokenBuffer, [SyntaxProblem], unclosedAt: Int?) {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return (TokenBuffer(), [], nil) }
            var lexer = Lexer(base, count: count, dialect: dialect)
            lexer.run()
            return (lexer.tokens, lexer.problems, lexer.unclosedAt)
        }
    }
}
