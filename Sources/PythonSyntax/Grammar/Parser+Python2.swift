extension Parser {
    /// `print x, y` and `exec code in scope`, which Python 3 writes as calls. Nil where the name is used as any other.
    mutating func statementOfPython2() throws(ParseFailure) -> NodeID? {
        let isPrint = isSoft("print")
        switch peek() {
        case .string, .fstringStart, .name, .number, .kNone, .kTrue, .kFalse, .kNot, .kLambda, .backtick: break
        default: return nil
        }
        let start = start
        advance()
        let callee = node(.Name, start, lastEnd, data: UInt32(index))
        problems.append(
            SyntaxProblem(
                offset: Int(start), message: "Missing parentheses in call to '\(isPrint ? "print" : "exec")'", isPython2: true))
        let mark = scratch.count
        while isExpressionStart {
            scratch.append(try isPrint ? expression() : binary(level: 0))
            if !isPrint, take(.kIn) { continue }
            if !take(.comma) { break }
        }
        let arguments = list(from: mark)
        let call = node(.Call, start, callee, arguments, Self.emptyList)
        return node(.Expr, start, call)
    }

    /// `raise E, value, traceback`: in Python 3, `raise E(value)`.
    mutating func raiseOfPython2(_ start: UInt32, _ exception: NodeID) throws(ParseFailure) -> NodeID {
        problems.append(
            SyntaxProblem(offset: Int(self.start), message: "'raise E, value' is of Python 2", isPython2: true))
        advance()
        let value = try expression()
        if take(.comma) { _ = try expression() }
        let arguments = list(of: value)
        let call = node(.Call, nodeStart(exception), exception, arguments, Self.emptyList)
        return node(.Raise, start, call, 0)
    }
}
