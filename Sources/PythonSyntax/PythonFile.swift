/// A Python file that has been read: its tree, and what is wrong with it.
public struct PythonFile: Sendable {
    public let tree: SyntaxTree
    /// Empty just when Python 3 would parse the file.
    public let problems: [SyntaxProblem]

    /// Reads a file in any encoding that Python takes.
    public init(_ bytes: [UInt8]) {
        let source = SourceText(bytes)
        let (tokens, lexical) = source.bytes.withUnsafeBufferPointer { buffer -> (TokenBuffer, [SyntaxProblem]) in
            guard let base = buffer.baseAddress else { return (TokenBuffer(), []) }
            var lexer = Lexer(base, count: source.count)
            lexer.run()
            return (lexer.tokens, lexer.problems)
        }
        var parser = Parser(source, tokens, (source.problem.map { [$0] } ?? []) + lexical)
        parser.run()
        tree = parser.tree
        problems = parser.problems.sorted { $0.offset < $1.offset }
    }

    public var source: SourceText { tree.source }
}
