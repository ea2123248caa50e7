/// Why a statement could not be read.
struct ParseFailure: Error {
    let offset: Int
    let message: String
    var isPython2 = false
}

/// Builds a tree of tokens: the grammar of Python 3.14 (The Python Language Reference, section 10), by recursive descent.
///
/// A statement that cannot be read is noted and passed over; what comes before and after it is in the tree.
struct Parser {
    let source: SourceText
    let tokens: TokenBuffer
    var tree = TreeBuilder()
    var problems: [SyntaxProblem]
    var index = 0
    /// Nodes and places that wait to become a list.
    var scratch: ContiguousArray<UInt32> = []
    /// The expression that stood in parentheses last: they show in no node, and some rules ask for them.
    var parenthesized: NodeID = 0
    var lastBareGenerator: NodeID = 0
    private var depth = 0

    private let maximumDepth: Int
    /// Whether something was nested too deep for the stack that was at hand.
    private(set) var wasTooDeep = false

    /// How deep expressions and statements may be nested. CPython's own limit is of this size.
    static let maximumDepth = 400
    /// How long a chain of operators, attributes or calls may be: each makes the tree one deeper.
    static let maximumChain = 100_000

    init(_ source: SourceText, _ tokens: TokenBuffer, _ problems: [SyntaxProblem], maximumDepth: Int) {
        self.maximumDepth = maximumDepth
        self.source = source
        self.tokens = tokens
        self.problems = problems
        tree.nodes.reserveCapacity(tokens.count)
        tree.extra.reserveCapacity(tokens.count * 2)
    }

    // MARK: Tokens

    @inline(__always) var kind: TokenKind { tokens.kinds[index] }
    @inline(__always) var start: UInt32 { tokens.starts[index] }
    /// The end of the token before.
    @inline(__always) var lastEnd: UInt32 { tokens.ends[index - 1] }

    func peek(_ distance: Int = 1) -> TokenKind {
        index + distance < tokens.count ? tokens.kinds[index + distance] : .endOfFile
    }

    @inline(__always)
    mutating func advance() {
        if index + 1 < tokens.count { index += 1 }
    }

    @inline(__always)
    mutating func take(_ wanted: TokenKind) -> Bool {
        guard tokens.kinds[index] == wanted else { return false }
        advance()
        return true
    }

    mutating func expect(_ wanted: TokenKind, _ what: String) throws(ParseFailure) {
        guard take(wanted) else { throw failure("expected \(what)") }
    }

    func failure(_ message: String = "invalid syntax") -> ParseFailure { ParseFailure(offset: Int(start), message: message) }

    /// Whether the token is a name of these letters: a soft keyword.
    func isSoft(_ word: StaticString, at distance: Int = 0) -> Bool {
        let place = index + distance
        guard place < tokens.count, tokens.kinds[place] == .name else { return false }
        let start = Int(tokens.starts[place])
        guard Int(tokens.ends[place]) - start == word.utf8CodeUnitCount else { return false }
        for offset in 0..<word.utf8CodeUnitCount where source.bytes[start + offset] != word.utf8Start[offset] { return false }
        return true
    }

    /// Takes a name. Returns its token's number plus one.
    mutating func name() throws(ParseFailure) -> UInt32 {
        guard kind == .name else { throw failure() }
        advance()
        return UInt32(index)
    }

    // MARK: Nodes

    mutating func node(_ kind: NodeKind, _ start: UInt32, _ end: UInt32, flag: UInt8 = 0, data: UInt32 = 0) -> NodeID {
        // A node without a token (the parameters of `lambda : x`) begins after the space that the last token ends before.
        tree.nodes.append(SyntaxTree.Node(kind: kind, flag: flag, start: start, end: max(start, end), data: data))
        return UInt32(tree.nodes.count - 1)
    }

    mutating func node(_ kind: NodeKind, _ start: UInt32, flag: UInt8 = 0, _ a: UInt32) -> NodeID {
        let data = UInt32(tree.extra.count)
        tree.extra.append(a)
        return node(kind, start, lastEnd, flag: flag, data: data)
    }

    mutating func node(_ kind: NodeKind, _ start: UInt32, flag: UInt8 = 0, _ a: UInt32, _ b: UInt32) -> NodeID {
        let data = UInt32(tree.extra.count)
        tree.extra.append(a)
        tree.extra.append(b)
        return node(kind, start, lastEnd, flag: flag, data: data)
    }

    mutating func node(_ kind: NodeKind, _ start: UInt32, flag: UInt8 = 0, _ a: UInt32, _ b: UInt32, _ c: UInt32) -> NodeID {
        let data = UInt32(tree.extra.count)
        tree.extra.append(a)
        tree.extra.append(b)
        tree.extra.append(c)
        return node(kind, start, lastEnd, flag: flag, data: data)
    }

    mutating func node(_ kind: NodeKind, _ start: UInt32, flag: UInt8 = 0, slots: [UInt32]) -> NodeID {
        let data = UInt32(tree.extra.count)
        tree.extra.append(contentsOf: slots)
        return node(kind, start, lastEnd, flag: flag, data: data)
    }

    /// Makes a list of what waits above a mark.
    mutating func list(from mark: Int) -> UInt32 {
        let place = UInt32(tree.extra.count)
        tree.extra.append(UInt32(scratch.count - mark))
        tree.extra.append(contentsOf: scratch[mark...])
        scratch.removeLast(scratch.count - mark)
        return place
    }

    mutating func list(of values: UInt32...) -> UInt32 {
        let mark = scratch.count
        scratch.append(contentsOf: values)
        return list(from: mark)
    }

    /// The place of the list without members.
    static let emptyList: UInt32 = 0

    func nodeStart(_ id: NodeID) -> UInt32 { tree.nodes[Int(id)].start }

    mutating func enter() throws(ParseFailure) {
        depth += 1
        if depth > maximumDepth {
            wasTooDeep = true
            throw failure("too many nested expressions or statements")
        }
    }

    mutating func leave() { depth -= 1 }

    /// What to return to when another reading is tried.
    struct Mark {
        let index: Int
        let nodes: Int
        let extra: Int
        let scratch: Int
        let depth: Int
        let problems: Int
    }

    func mark() -> Mark {
        Mark(
            index: index, nodes: tree.nodes.count, extra: tree.extra.count, scratch: scratch.count, depth: depth,
            problems: problems.count)
    }

    mutating func reset(_ mark: Mark) {
        index = mark.index
        tree.nodes.removeLast(tree.nodes.count - mark.nodes)
        tree.extra.removeLast(tree.extra.count - mark.extra)
        scratch.removeLast(scratch.count - mark.scratch)
        problems.removeLast(problems.count - mark.problems)
        depth = mark.depth
    }

    // MARK: Files and blocks

    /// Reads the whole file.
    mutating func run() -> SyntaxTree {
        let mark = scratch.count
        var extraIndents = 0
        while kind != .endOfFile { statements(&extraIndents) }
        let root = node(.Module, 0, UInt32(source.count), data: list(from: mark))
        return SyntaxTree(tree, root: root, source: source, tokens: tokens)
    }

    /// One statement, or a line of several, onto the scratch; one that cannot be read is noted.
    private mutating func statements(_ extraIndents: inout Int) {
        switch kind {
        case .newline:
            advance()
            return
        case .indent:
            note(failure("unexpected indent"))
            extraIndents += 1
            advance()
            return
        case .dedent where extraIndents > 0:
            extraIndents -= 1
            advance()
            return
        case .dedent:
            advance()
            return
        default: break
        }
        let state = mark()
        do throws(ParseFailure) {
            try statement()
        } catch {
            // What was read whole of the line stays; what was not is passed over.
            depth = state.depth
            note(error)
            scratch.removeLast(scratch.count - state.scratch)
            skipLine()
        }
    }

    private mutating func note(_ failure: ParseFailure) {
        problems.append(SyntaxProblem(offset: failure.offset, message: failure.message, isPython2: failure.isPython2))
    }

    /// Goes to what follows the line.
    private mutating func skipLine() {
        while kind != .newline, kind != .endOfFile, kind != .indent, kind != .dedent { advance() }
        _ = take(.newline)
    }

    /// The body of a compound statement. Returns the place of its list.
    mutating func block() throws(ParseFailure) -> UInt32 {
        try expect(.colon, "':'")
        let mark = scratch.count
        if take(.newline) {
            guard take(.indent) else { throw failure("expected an indented block") }
            try enter()
            var extraIndents = 0
            while kind != .endOfFile {
                if kind == .dedent, extraIndents == 0 { break }
                statements(&extraIndents)
            }
            blockEnd = lastTokenEnd
            _ = take(.dedent)
            leave()
        } else {
            try simpleStatements()
            blockEnd = lastTokenEnd
        }
        return list(from: mark)
    }

    /// The end of the last statement of the last block: where the statement that the block belongs to ends.
    var blockEnd: UInt32 = 0

    /// The end of the last token that is more than a line's end: a semicolon counts.
    private var lastTokenEnd: UInt32 {
        var place = index - 1
        while place > 0 {
            switch tokens.kinds[place] {
            case .newline, .indent, .dedent: place -= 1
            default: return tokens.ends[place]
            }
        }
        return 0
    }

    // MARK: Statements

    mutating func statement() throws(ParseFailure) {
        switch kind {
        case .kIf: scratch.append(try ifStatement())
        case .kFor: scratch.append(try forStatement(from: start, .For))
        case .kWhile: scratch.append(try whileStatement())
        case .kTry: scratch.append(try tryStatement())
        case .kWith: scratch.append(try withStatement(from: start, .With))
        case .kDef: scratch.append(try function(from: start, .FunctionDef, decorators: Self.emptyList))
        case .kClass: scratch.append(try classStatement(decorators: Self.emptyList))
        case .at: scratch.append(try decorated())
        case .kAsync: scratch.append(try asyncStatement(decorators: nil))
        case .name where isSoft("match"):
            if let match = try matchStatement() { scratch.append(match) } else { try simpleStatements() }
        default: try simpleStatements()
        }
    }

    mutating func simpleStatements() throws(ParseFailure) {
        repeat {
            if kind == .newline || kind == .endOfFile { break }
            scratch.append(try simpleStatement())
        } while take(.semicolon)
        guard take(.newline) || kind == .endOfFile else { throw failure() }
    }

    private mutating func simpleStatement() throws(ParseFailure) -> NodeID {
        let start = start
        switch kind {
        case .kPass:
            advance()
            return node(.Pass, start, lastEnd)
        case .kBreak:
            advance()
            return node(.Break, start, lastEnd)
        case .kContinue:
            advance()
            return node(.Continue, start, lastEnd)
        case .kReturn:
            advance()
            let value = isExpressionStart ? try starExpressions() : 0
            return node(.Return, start, value)
        case .kRaise:
            advance()
            guard isExpressionStart else { return node(.Raise, start, 0, 0) }
            let exception = try expression()
            if kind == .comma { return try raiseOfPython2(start, exception) }
            return node(.Raise, start, exception, take(.kFrom) ? try expression() : 0)
        case .kGlobal, .kNonlocal:
            let isGlobal = kind == .kGlobal
            advance()
            let mark = scratch.count
            repeat { scratch.append(try name()) } while take(.comma)
            return node(isGlobal ? .Global : .Nonlocal, start, list(from: mark))
        case .kDel: return try deleteStatement()
        case .kAssert:
            advance()
            let test = try expression()
            return node(.Assert, start, test, take(.comma) ? try expression() : 0)
        case .kImport: return try importStatement()
        case .kFrom: return try importFromStatement()
        case .name where isSoft("type") && peek() == .name && (peek(2) == .assign || peek(2) == .leftBracket):
            return try typeAlias()
        case .name where isSoft("print") || isSoft("exec"):
            if let statement = try statementOfPython2() { return statement }
            return try expressionStatement()
        default: return try expressionStatement()
        }
    }

    var isExpressionStart: Bool {
        switch kind {
        case .newline, .semicolon, .endOfFile, .dedent, .indent, .rightParen, .rightBracket, .rightBrace, .colon, .assign, .comma,
            .exclamation, .kFrom:
            false
        default: true
        }
    }

    private mutating func expressionStatement() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try kind == .kYield ? yieldExpression() : starExpressions()
        let wasParenthesized = parenthesized == first
        switch kind {
        case .colon:
            let target = tree.kind(first)
            guard target == .Name || target == .Attribute || target == .Subscript else {
                throw failure(
                    target == .Tuple || target == .List
                        ? "only single target (not \(target == .Tuple ? "tuple" : "list")) can be annotated"
                        : "illegal target for annotation")
            }
            try setContext(first, .Store)
            advance()
            let annotation = try expression()
            let value = take(.assign) ? try annotatedValue() : 0
            return node(.AnnAssign, start, flag: target == .Name && !wasParenthesized ? 1 : 0, first, annotation, value)
        case .assign:
            let mark = scratch.count
            scratch.append(first)
            var value = first
            while take(.assign) {
                let target = scratch[scratch.count - 1]
                try setContext(target, .Store)
                value = try kind == .kYield ? yieldExpression() : starExpressions()
                scratch.append(value)
            }
            scratch.removeLast()
            return node(.Assign, start, list(from: mark), value)
        default:
            guard let operation = augmented(kind) else { return node(.Expr, start, first) }
            let target = tree.kind(first)
            guard target == .Name || target == .Attribute || target == .Subscript else {
                throw failure("'\(describe(first))' is an illegal expression for augmented assignment")
            }
            try setContext(first, .Store)
            advance()
            let value = try kind == .kYield ? yieldExpression() : starExpressions()
            return node(.AugAssign, start, flag: operation.rawValue, first, value)
        }
    }

    private mutating func annotatedValue() throws(ParseFailure) -> NodeID {
        try kind == .kYield ? yieldExpression() : starExpressions()
    }

    private func augmented(_ kind: TokenKind) -> OperatorKind? {
        switch kind {
        case .plusAssign: .Add
        case .minusAssign: .Sub
        case .starAssign: .Mult
        case .atAssign: .MatMult
        case .slashAssign: .Div
        case .percentAssign: .Mod
        case .ampersandAssign: .BitAnd
        case .barAssign: .BitOr
        case .caretAssign: .BitXor
        case .leftShiftAssign: .LShift
        case .rightShiftAssign: .RShift
        case .doubleStarAssign: .Pow
        case .doubleSlashAssign: .FloorDiv
        default: nil
        }
    }

    /// Makes an expression a target.
    ///
    /// - Throws: where it can be none.
    mutating func setContext(_ id: NodeID, _ context: ExpressionContext) throws(ParseFailure) {
        switch tree.kind(id) {
        case .Name, .Attribute, .Subscript: tree.nodes[Int(id)].flag = context.rawValue
        case .Starred where context == .Store && id != parenthesizedStar:
            tree.nodes[Int(id)].flag = context.rawValue
            try setContext(tree.slot(id, 0), context)
        case .List, .Tuple:
            tree.nodes[Int(id)].flag = context.rawValue
            let members = NodeList(tree.extra, at: tree.slot(id, 0))
            for member in members { try setContext(member, context) }
        default:
            throw ParseFailure(
                offset: Int(nodeStart(id)), message: "cannot \(context == .Del ? "delete" : "assign to") \(describe(id))")
        }
    }

    private var parenthesizedStar: NodeID { 0xffff_ffff }

    func describe(_ id: NodeID) -> String {
        switch tree.kind(id) {
        case .Call: "function call"
        case .Constant: "literal"
        case .BinOp, .UnaryOp, .BoolOp: "expression"
        case .Compare: "comparison"
        case .Lambda: "lambda"
        case .IfExp: "conditional expression"
        case .GeneratorExp: "generator expression"
        case .ListComp: "list comprehension"
        case .DictComp: "dict comprehension"
        case .SetComp: "set comprehension"
        case .Yield, .YieldFrom: "yield expression"
        case .Await: "await expression"
        case .Dict: "dict literal"
        case .Set: "set display"
        case .JoinedStr: "f-string expression"
        case .NamedExpr: "named expression"
        case .Starred: "starred"
        case .Tuple: "tuple"
        case .List: "list"
        default: "expression"
        }
    }

    private mutating func deleteStatement() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let mark = scratch.count
        repeat {
            if kind == .newline || kind == .semicolon || kind == .endOfFile { break }
            let target = try binary(level: 0)
            try setContext(target, .Del)
            scratch.append(target)
        } while take(.comma)
        guard scratch.count > mark else { throw failure() }
        return node(.Delete, start, list(from: mark))
    }

    private mutating func typeAlias() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let nameStart = self.start
        _ = try name()
        let target = node(.Name, nameStart, lastEnd, flag: ExpressionContext.Store.rawValue, data: UInt32(index))
        let parameters = try typeParameters()
        try expect(.assign, "'='")
        let value = try expression()
        return node(.TypeAlias, start, target, parameters, value)
    }

    // MARK: Imports

    private mutating func importStatement() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let mark = scratch.count
        repeat {
            let aliasStart = self.start
            let dotted = try dottedName()
            let other = take(.kAs) ? try name() : 0
            scratch.append(node(.alias, aliasStart, dotted, other))
        } while take(.comma)
        return node(.Import, start, list(from: mark))
    }

    /// Names with dots between. Returns the place of a list of tokens.
    private mutating func dottedName() throws(ParseFailure) -> UInt32 {
        let mark = scratch.count
        repeat { scratch.append(try name()) } while take(.dot)
        return list(from: mark)
    }

    private mutating func importFromStatement() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        var level: UInt32 = 0
        while true {
            if take(.dot) { level += 1 } else if take(.ellipsis) { level += 3 } else { break }
        }
        let module = level > 0 && kind == .kImport ? 0 : try dottedName()
        try expect(.kImport, "'import'")
        let mark = scratch.count
        if kind == .star {
            let aliasStart = self.start
            advance()
            scratch.append(node(.alias, aliasStart, flag: 1, 0, 0))
        } else {
            let isParenthesized = take(.leftParen)
            repeat {
                if isParenthesized, kind == .rightParen { break }
                let aliasStart = self.start
                let dotted = list(of: try name())
                let other = take(.kAs) ? try name() : 0
                scratch.append(node(.alias, aliasStart, dotted, other))
            } while take(.comma)
            if isParenthesized {
                try expect(.rightParen, "')'")
            } else if tokens.kinds[index - 1] == .comma {
                throw failure("trailing comma not allowed without surrounding parentheses")
            }
            guard scratch.count > mark else { throw failure() }
        }
        return node(.ImportFrom, start, module, list(from: mark), level)
    }

    // MARK: Compound statements

    private mutating func ifStatement() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        try enter()
        defer { leave() }
        let test = try namedExpression()
        let body = try block()
        var end = blockEnd
        var other: UInt32
        if kind == .kElif {
            let next = try ifStatement()
            end = tree.nodes[Int(next)].end
            other = list(of: next)
        } else if take(.kElse) {
            other = try block()
            end = blockEnd
        } else {
            other = Self.emptyList
        }
        return ended(node(.If, start, test, body, other), end)
    }

    private mutating func ended(_ id: NodeID, _ end: UInt32) -> NodeID {
        tree.nodes[Int(id)].end = end
        blockEnd = end
        return id
    }

    private mutating func elseBlock() throws(ParseFailure) -> UInt32 {
        take(.kElse) ? try block() : Self.emptyList
    }

    private mutating func whileStatement() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let test = try namedExpression()
        let body = try block()
        let other = try elseBlock()
        return ended(node(.While, start, test, body, other), blockEnd)
    }

    private mutating func forStatement(from start: UInt32, _ kind: NodeKind) throws(ParseFailure) -> NodeID {
        advance()
        let target = try targets()
        try expect(.kIn, "'in'")
        let iterated = try starExpressions()
        let body = try block()
        let other = try elseBlock()
        return ended(node(kind, start, slots: [target, iterated, body, other]), blockEnd)
    }

    /// The targets of a `for`: one, or several with commas.
    mutating func targets() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try target()
        guard kind == .comma else {
            try setContext(first, .Store)
            return first
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .kIn || kind == .assign { break }
            scratch.append(try target())
        }
        let tuple = node(.Tuple, start, list(from: mark))
        try setContext(tuple, .Store)
        return tuple
    }

    private mutating func target() throws(ParseFailure) -> NodeID {
        let start = start
        if take(.star) {
            let value = try binary(level: 0)
            return node(.Starred, start, value)
        }
        return try binary(level: 0)
    }

    private mutating func withStatement(from start: UInt32, _ kind: NodeKind) throws(ParseFailure) -> NodeID {
        advance()
        let items: UInt32
        if let inParentheses = parenthesizedItems() {
            items = inParentheses
        } else {
            let mark = scratch.count
            repeat { scratch.append(try withItem()) } while take(.comma)
            items = list(from: mark)
        }
        let body = try block()
        return ended(node(kind, start, items, body), blockEnd)
    }

    /// `with (a as b, c as d):`. Nil where the parenthesis is the beginning of an expression.
    private mutating func parenthesizedItems() -> UInt32? {
        guard kind == .leftParen else { return nil }
        let state = mark()
        do throws(ParseFailure) {
            advance()
            let mark = scratch.count
            repeat {
                if kind == .rightParen { break }
                scratch.append(try withItem())
            } while take(.comma)
            guard scratch.count > mark, take(.rightParen), kind == .colon else { throw failure() }
            return list(from: mark)
        } catch {
            reset(state)
            return nil
        }
    }

    private mutating func withItem() throws(ParseFailure) -> NodeID {
        let start = start
        let value = try expression()
        var target: NodeID = 0
        if take(.kAs) {
            target = try self.target()
            try setContext(target, .Store)
        }
        return node(.withitem, start, value, target)
    }

    private mutating func tryStatement() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let body = try block()
        let mark = scratch.count
        var isStar = false
        while kind == .kExcept {
            let (handler, handlerIsStar) = try exceptHandler()
            if scratch.count > mark, handlerIsStar != isStar {
                throw failure("cannot have both 'except' and 'except*' on the same 'try'")
            }
            isStar = handlerIsStar
            scratch.append(handler)
        }
        let hasHandlers = scratch.count > mark
        let handlers = list(from: mark)
        let other = hasHandlers ? try elseBlock() : Self.emptyList
        let final = take(.kFinally) ? try block() : Self.emptyList
        if !hasHandlers, tree.extra[Int(final)] == 0 { throw failure("expected 'except' or 'finally' block") }
        return ended(node(isStar ? .TryStar : .Try, start, slots: [body, handlers, other, final]), blockEnd)
    }

    private mutating func exceptHandler() throws(ParseFailure) -> (NodeID, isStar: Bool) {
        let start = start
        advance()
        let isStar = take(.star)
        var type: NodeID = 0
        var name: UInt32 = 0
        if kind != .colon {
            let typeStart = self.start
            type = try expression()
            if kind == .comma {
                // Several without parentheses (PEP 758). Python 2 writes the name so.
                let mark = scratch.count
                scratch.append(type)
                while take(.comma) {
                    if kind == .colon { break }
                    scratch.append(try expression())
                }
                type = node(.Tuple, typeStart, list(from: mark))
                if kind == .kAs { throw failure("multiple exception types must be parenthesized when using 'as'") }
            } else if take(.kAs) {
                name = try self.name()
            }
        } else if isStar {
            throw failure("expected one or more exception types")
        }
        let body = try block()
        return (ended(node(.ExceptHandler, start, type, name, body), blockEnd), isStar)
    }

    private mutating func decorated() throws(ParseFailure) -> NodeID {
        let mark = scratch.count
        while take(.at) {
            scratch.append(try namedExpression())
            try expect(.newline, "a new line")
        }
        let decorators = list(from: mark)
        switch kind {
        case .kDef: return try function(from: start, .FunctionDef, decorators: decorators)
        case .kClass: return try classStatement(decorators: decorators)
        case .kAsync: return try asyncStatement(decorators: decorators)
        default: throw failure()
        }
    }

    private mutating func asyncStatement(decorators: UInt32?) throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        switch kind {
        case .kDef: return try function(from: start, .AsyncFunctionDef, decorators: decorators ?? Self.emptyList)
        case .kFor where decorators == nil: return try forStatement(from: start, .AsyncFor)
        case .kWith where decorators == nil: return try withStatement(from: start, .AsyncWith)
        default: throw failure()
        }
    }

    private mutating func function(from start: UInt32, _ kind: NodeKind, decorators: UInt32) throws(ParseFailure) -> NodeID {
        advance()
        let name = try name()
        let types = try typeParameters()
        try expect(.leftParen, "'('")
        let parameters = try parameters(until: .rightParen, areAnnotated: true)
        try expect(.rightParen, "')'")
        let returns = take(.arrow) ? try expression() : 0
        let body = try block()
        return ended(node(kind, start, slots: [name, parameters, body, decorators, returns, types]), blockEnd)
    }

    private mutating func classStatement(decorators: UInt32) throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let name = try name()
        let types = try typeParameters()
        var bases = Self.emptyList
        var keywords = bases
        if take(.leftParen) {
            (bases, keywords) = try arguments()
            try expect(.rightParen, "')'")
        }
        let body = try block()
        return ended(node(.ClassDef, start, slots: [name, bases, keywords, body, decorators, types]), blockEnd)
    }

    /// `[T: bound = default, *Ts, **P]`. Returns the place of a list.
    mutating func typeParameters() throws(ParseFailure) -> UInt32 {
        guard take(.leftBracket) else { return Self.emptyList }
        let mark = scratch.count
        repeat {
            if kind == .rightBracket { break }
            let start = start
            if take(.star) {
                let name = try name()
                let value = take(.assign) ? try starExpression() : 0
                scratch.append(node(.TypeVarTuple, start, name, value))
            } else if take(.doubleStar) {
                let name = try name()
                let value = take(.assign) ? try expression() : 0
                scratch.append(node(.ParamSpec, start, name, value))
            } else {
                let name = try name()
                let bound = take(.colon) ? try expression() : 0
                let value = take(.assign) ? try expression() : 0
                scratch.append(node(.TypeVar, start, name, bound, value))
            }
        } while take(.comma)
        guard scratch.count > mark else { throw failure("Type parameter list cannot be empty") }
        try expect(.rightBracket, "']'")
        return list(from: mark)
    }

    /// The parameters of a function or lambda. Slots: posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults.
    mutating func parameters(until end: TokenKind, areAnnotated: Bool) throws(ParseFailure) -> NodeID {
        let start = start
        var positionalOnly: [UInt32] = []
        var plain: [UInt32] = []
        var defaults: [UInt32] = []
        var keywordOnly: [UInt32] = []
        var keywordDefaults: [UInt32] = []
        var variable: NodeID = 0
        var keywords: NodeID = 0
        var hasStar = false
        var hasSlash = false
        while kind != end {
            if keywords != 0 { throw failure("arguments cannot follow var-keyword argument") }
            if take(.slash) {
                if hasSlash || hasStar || plain.isEmpty { throw failure() }
                hasSlash = true
                positionalOnly = plain
                plain = []
            } else if take(.star) {
                if hasStar { throw failure("* argument may appear only once") }
                hasStar = true
                if kind == .comma {
                    if peek() == end || peek() == .doubleStar { throw failure("named arguments must follow bare *") }
                } else if kind == end {
                    throw failure("named arguments must follow bare *")
                } else {
                    variable = try parameter(areAnnotated, isVariable: true)
                    if kind == .assign { throw failure("var-positional argument cannot have default value") }
                }
            } else if take(.doubleStar) {
                keywords = try parameter(areAnnotated, isVariable: false)
                if kind == .assign { throw failure("var-keyword argument cannot have default value") }
            } else {
                let parameter = try parameter(areAnnotated, isVariable: false)
                let value: NodeID = take(.assign) ? try expression() : 0
                if hasStar {
                    keywordOnly.append(parameter)
                    keywordDefaults.append(value)
                } else {
                    if value != 0 {
                        defaults.append(value)
                    } else if !defaults.isEmpty {
                        throw failure("parameter without a default follows parameter with a default")
                    }
                    plain.append(parameter)
                }
            }
            if !take(.comma) { break }
        }
        let slots = [
            place(positionalOnly), place(plain), variable, place(keywordOnly), place(keywordDefaults), keywords, place(defaults),
        ]
        return node(.arguments, start, slots: slots)
    }

    private mutating func place(_ values: [UInt32]) -> UInt32 {
        let mark = scratch.count
        scratch.append(contentsOf: values)
        return list(from: mark)
    }

    private mutating func parameter(_ isAnnotated: Bool, isVariable: Bool) throws(ParseFailure) -> NodeID {
        let start = start
        let name = try name()
        var annotation: NodeID = 0
        if isAnnotated, take(.colon) { annotation = try isVariable ? starExpression() : expression() }
        return node(.arg, start, name, annotation)
    }
}
