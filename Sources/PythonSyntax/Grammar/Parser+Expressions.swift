extension Parser {
    // MARK: Lists of expressions

    /// `star_expressions`: one expression, or a tuple without parentheses.
    mutating func starExpressions() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try starExpression()
        guard kind == .comma else { return first }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            guard isExpressionStart, kind != .kIn else { break }
            if augmentedOrAssign { break }
            scratch.append(try starExpression())
        }
        return node(.Tuple, start, list(from: mark))
    }

    private var augmentedOrAssign: Bool {
        switch kind {
        case .assign, .plusAssign, .minusAssign, .starAssign, .slashAssign, .colon: true
        default: false
        }
    }

    mutating func starExpression() throws(ParseFailure) -> NodeID {
        guard kind == .star else { return try expression() }
        let start = start
        advance()
        let value = try binary(level: 0)
        return node(.Starred, start, value)
    }

    private mutating func starNamedExpression() throws(ParseFailure) -> NodeID {
        kind == .star ? try starExpression() : try namedExpression()
    }

    mutating func yieldExpression() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        if take(.kFrom) {
            let value = try expression()
            return node(.YieldFrom, start, value)
        }
        let value = isExpressionStart ? try starExpressions() : 0
        return node(.Yield, start, value)
    }

    // MARK: Levels

    mutating func namedExpression() throws(ParseFailure) -> NodeID {
        guard kind == .name, peek() == .colonAssign else { return try expression() }
        let start = start
        advance()
        let target = node(.Name, start, lastEnd, flag: ExpressionContext.Store.rawValue, data: UInt32(index))
        advance()
        let value = try expression()
        return node(.NamedExpr, start, target, value)
    }

    mutating func expression() throws(ParseFailure) -> NodeID {
        try enter()
        defer { leave() }
        if kind == .kLambda { return try lambda() }
        let start = start
        let body = try disjunction()
        guard kind == .kIf else { return body }
        advance()
        let test = try disjunction()
        try expect(.kElse, "'else' after 'if' expression")
        let other = try expression()
        return node(.IfExp, start, test, body, other)
    }

    private mutating func lambda() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let parameters = try parameters(until: .colon, areAnnotated: false)
        try expect(.colon, "':'")
        let body = try expression()
        return node(.Lambda, start, parameters, body)
    }

    mutating func disjunction() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try conjunction()
        guard kind == .kOr else { return first }
        let mark = scratch.count
        scratch.append(first)
        while take(.kOr) { scratch.append(try conjunction()) }
        return node(.BoolOp, start, flag: OperatorKind.Or.rawValue, list(from: mark))
    }

    private mutating func conjunction() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try inversion()
        guard kind == .kAnd else { return first }
        let mark = scratch.count
        scratch.append(first)
        while take(.kAnd) { scratch.append(try inversion()) }
        return node(.BoolOp, start, flag: OperatorKind.And.rawValue, list(from: mark))
    }

    private mutating func inversion() throws(ParseFailure) -> NodeID {
        guard kind == .kNot else { return try comparison() }
        let first = index
        while take(.kNot) {}
        let last = index
        var value = try comparison()
        // The innermost first; `not` may stand before itself any number of times.
        for token in stride(from: last - 1, through: first, by: -1) {
            value = node(.UnaryOp, tokens.starts[token], flag: OperatorKind.Not.rawValue, value)
        }
        return value
    }

    private mutating func comparison() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try binary(level: 0)
        guard var operation = comparisonOperator() else { return first }
        let mark = scratch.count
        // Operators and operands in turn.
        var operators: [UInt32] = []
        while true {
            operators.append(UInt32(operation.rawValue))
            scratch.append(try binary(level: 0))
            guard let next = comparisonOperator() else { break }
            operation = next
        }
        let operands = list(from: mark)
        scratch.append(contentsOf: operators)
        return node(.Compare, start, first, list(from: mark), operands)
    }

    private mutating func comparisonOperator() -> OperatorKind? {
        let operation: OperatorKind
        switch kind {
        case .equal: operation = .Eq
        case .notEqual: operation = .NotEq
        case .less: operation = .Lt
        case .lessEqual: operation = .LtE
        case .greater: operation = .Gt
        case .greaterEqual: operation = .GtE
        case .kIn: operation = .In
        case .kIs:
            advance()
            return take(.kNot) ? .IsNot : .Is
        case .kNot where peek() == .kIn:
            advance()
            operation = .NotIn
        case .lessGreater:
            problems.append(SyntaxProblem(offset: Int(start), message: "'<>' is an operator of Python 2", isPython2: true))
            operation = .NotEq
        default: return nil
        }
        advance()
        return operation
    }

    /// Binary operators by level, from `|` (0) up to `*` (5); all lean left.
    private func binaryOperator(_ kind: TokenKind) -> (OperatorKind, level: Int)? {
        switch kind {
        case .bar: (.BitOr, 0)
        case .caret: (.BitXor, 1)
        case .ampersand: (.BitAnd, 2)
        case .leftShift: (.LShift, 3)
        case .rightShift: (.RShift, 3)
        case .plus: (.Add, 4)
        case .minus: (.Sub, 4)
        case .star: (.Mult, 5)
        case .slash: (.Div, 5)
        case .doubleSlash: (.FloorDiv, 5)
        case .percent: (.Mod, 5)
        case .at: (.MatMult, 5)
        default: nil
        }
    }

    mutating func binary(level: Int) throws(ParseFailure) -> NodeID {
        let start = start
        var left = try factor()
        var length = 0
        while let (operation, operatorLevel) = binaryOperator(kind), operatorLevel >= level {
            advance()
            let right = try binary(level: operatorLevel + 1)
            left = node(.BinOp, start, flag: operation.rawValue, left, right)
            length += 1
            if length > Self.maximumChain { throw failure("too many operators in a row") }
        }
        return left
    }

    private mutating func factor() throws(ParseFailure) -> NodeID {
        let first = index
        while signOperator(kind) != nil { advance() }
        let last = index
        var value = try power()
        for token in stride(from: last - 1, through: first, by: -1) {
            guard let operation = signOperator(tokens.kinds[token]) else { break }
            value = node(.UnaryOp, tokens.starts[token], flag: operation.rawValue, value)
        }
        return value
    }

    @inline(__always)
    private func signOperator(_ kind: TokenKind) -> OperatorKind? {
        switch kind {
        case .plus: .UAdd
        case .minus: .USub
        case .tilde: .Invert
        default: nil
        }
    }

    private mutating func power() throws(ParseFailure) -> NodeID {
        let start = start
        let base: NodeID
        if kind == .kAwait {
            advance()
            let value = try primary()
            base = node(.Await, start, value)
        } else {
            base = try primary()
        }
        guard take(.doubleStar) else { return base }
        try enter()
        defer { leave() }
        let exponent = try factor()
        return node(.BinOp, start, flag: OperatorKind.Pow.rawValue, base, exponent)
    }

    private mutating func primary() throws(ParseFailure) -> NodeID {
        let start = start
        var value = try atom()
        var length = 0
        while true {
            length += 1
            if length > Self.maximumChain { throw failure("too many attributes, calls or subscripts in a row") }
            switch kind {
            case .dot:
                advance()
                let name = try name()
                value = node(.Attribute, start, value, name)
            case .leftParen:
                let opening = self.start
                advance()
                let (positional, keywords) = try arguments()
                try expect(.rightParen, "')'")
                // A generator alone takes the call's parentheses for its own.
                if let generator = soleGenerator(positional, keywords) {
                    tree.nodes[Int(generator)].start = opening
                    tree.nodes[Int(generator)].end = lastEnd
                }
                value = node(.Call, start, value, positional, keywords)
            case .leftBracket:
                advance()
                try enter()
                let slice = try slices()
                leave()
                try expect(.rightBracket, "']'")
                value = node(.Subscript, start, value, slice)
            default: return value
            }
        }
    }

    private func soleGenerator(_ positional: UInt32, _ keywords: UInt32) -> NodeID? {
        guard tree.extra[Int(keywords)] == 0, tree.extra[Int(positional)] == 1 else { return nil }
        let only = tree.extra[Int(positional) + 1]
        return only == lastBareGenerator && only != 0 ? only : nil
    }

    private mutating func slices() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try slice()
        guard kind == .comma else {
            // A starred expression alone makes a tuple.
            if tree.kind(first) == .Starred { return node(.Tuple, start, list(of: first)) }
            return first
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .rightBracket { break }
            scratch.append(try slice())
        }
        return node(.Tuple, start, list(from: mark))
    }

    private mutating func slice() throws(ParseFailure) -> NodeID {
        let start = start
        if kind == .star { return try starExpression() }
        var lower: NodeID = 0
        if kind != .colon {
            lower = try namedExpression()
            if kind != .colon { return lower }
            if tree.kind(lower) == .NamedExpr, parenthesized != lower { throw failure() }
        }
        advance()
        let upper: NodeID = kind == .colon || kind == .comma || kind == .rightBracket ? 0 : try expression()
        var step: NodeID = 0
        if take(.colon), kind != .comma, kind != .rightBracket { step = try expression() }
        return node(.Slice, start, lower, upper, step)
    }

    /// The arguments of a call or class, without the parentheses. Returns the places of two lists.
    mutating func arguments() throws(ParseFailure) -> (UInt32, UInt32) {
        try enter()
        defer { leave() }
        var positional: [UInt32] = []
        var keywords: [UInt32] = []
        var hasDoubleStar = false
        var generator: NodeID = 0
        while kind != .rightParen {
            let start = start
            if take(.doubleStar) {
                let value = try expression()
                keywords.append(node(.keyword, start, 0, value))
                hasDoubleStar = true
            } else if take(.star) {
                if hasDoubleStar { throw failure("iterable argument unpacking follows keyword argument unpacking") }
                let value = try expression()
                positional.append(node(.Starred, start, value))
            } else if kind == .name, peek() == .assign {
                let name = try name()
                advance()
                let value = try expression()
                keywords.append(node(.keyword, start, name, value))
            } else {
                let value = try namedExpression()
                if kind == .kFor || kind == .kAsync {
                    generator = try comprehension(.GeneratorExp, start, value)
                    positional.append(generator)
                    if positional.count > 1 || !keywords.isEmpty || kind == .comma {
                        throw failure("Generator expression must be parenthesized")
                    }
                } else {
                    if kind == .assign { throw failure("expression cannot contain assignment, perhaps you meant \"==\"?") }
                    if !keywords.isEmpty {
                        throw failure(
                            hasDoubleStar
                                ? "positional argument follows keyword argument unpacking"
                                : "positional argument follows keyword argument")
                    }
                    positional.append(value)
                }
            }
            if !take(.comma) { break }
        }
        let mark = scratch.count
        scratch.append(contentsOf: positional)
        let first = list(from: mark)
        scratch.append(contentsOf: keywords)
        let second = list(from: mark)
        lastBareGenerator = generator
        return (first, second)
    }

    // MARK: Atoms

    private mutating func atom() throws(ParseFailure) -> NodeID {
        let start = start
        switch kind {
        case .name:
            advance()
            return node(.Name, start, lastEnd, data: UInt32(index))
        case .number:
            advance()
            return node(.Constant, start, lastEnd, flag: ConstantKind.number.rawValue)
        case .string, .fstringStart: return try strings()
        case .kTrue: return constant(.true)
        case .kFalse: return constant(.false)
        case .kNone: return constant(.none)
        case .ellipsis: return constant(.ellipsis)
        case .leftParen: return try group()
        case .leftBracket: return try listDisplay()
        case .leftBrace: return try dictOrSet()
        case .backtick: return try backticks()
        default: throw failure(kind == .endOfFile ? "unexpected end of file" : "invalid syntax")
        }
    }

    private mutating func constant(_ kind: ConstantKind) -> NodeID {
        let start = start
        advance()
        return node(.Constant, start, lastEnd, flag: kind.rawValue)
    }

    private mutating func group() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        try enter()
        defer { leave() }
        if take(.rightParen) { return node(.Tuple, start, Self.emptyList) }
        if kind == .kYield {
            let value = try yieldExpression()
            try expect(.rightParen, "')'")
            parenthesized = value
            return value
        }
        let first = try starNamedExpression()
        if kind == .kFor || kind == .kAsync {
            let generator = try comprehension(.GeneratorExp, start, first)
            try expect(.rightParen, "')'")
            tree.nodes[Int(generator)].end = lastEnd
            return generator
        }
        guard kind == .comma else {
            if tree.kind(first) == .Starred { throw failure("cannot use starred expression here") }
            try expect(.rightParen, "')'")
            parenthesized = first
            return first
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .rightParen { break }
            scratch.append(try starNamedExpression())
        }
        try expect(.rightParen, "')'")
        let tuple = node(.Tuple, start, list(from: mark))
        parenthesized = tuple
        return tuple
    }

    private mutating func listDisplay() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        try enter()
        defer { leave() }
        let mark = scratch.count
        if kind != .rightBracket {
            let first = try starNamedExpression()
            if kind == .kFor || kind == .kAsync {
                let node = try comprehension(.ListComp, start, first)
                try expect(.rightBracket, "']'")
                tree.nodes[Int(node)].end = lastEnd
                return node
            }
            scratch.append(first)
            while take(.comma) {
                if kind == .rightBracket { break }
                scratch.append(try starNamedExpression())
            }
        }
        try expect(.rightBracket, "']'")
        return node(.List, start, list(from: mark))
    }

    private mutating func dictOrSet() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        try enter()
        defer { leave() }
        if take(.rightBrace) { return node(.Dict, start, Self.emptyList, Self.emptyList) }
        if kind == .doubleStar { return try dict(start, firstKey: nil) }
        let first = try starNamedExpression()
        if kind == .colon, tree.kind(first) != .Starred {
            if tree.kind(first) == .NamedExpr, parenthesized != first { throw failure() }
            return try dict(start, firstKey: first)
        }
        if kind == .kFor || kind == .kAsync {
            let set = try comprehension(.SetComp, start, first)
            try expect(.rightBrace, "'}'")
            tree.nodes[Int(set)].end = lastEnd
            return set
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .rightBrace { break }
            scratch.append(try starNamedExpression())
        }
        try expect(.rightBrace, "'}'")
        return node(.Set, start, list(from: mark))
    }

    /// A dict, behind its brace. A key of 0 stands for `**`.
    private mutating func dict(_ start: UInt32, firstKey: NodeID?) throws(ParseFailure) -> NodeID {
        var keys: [UInt32] = []
        var values: [UInt32] = []
        var key = firstKey
        while kind != .rightBrace || key != nil {
            if key == nil, take(.doubleStar) {
                keys.append(0)
                values.append(try binary(level: 0))
            } else {
                let thisKey: NodeID
                if let given = key { thisKey = given } else { thisKey = try expression() }
                key = nil
                try expect(.colon, "':' after dictionary key")
                let value = try expression()
                if keys.isEmpty, kind == .kFor || kind == .kAsync {
                    let clauses = try comprehensionClauses()
                    try expect(.rightBrace, "'}'")
                    return node(.DictComp, start, thisKey, value, clauses)
                }
                keys.append(thisKey)
                values.append(value)
            }
            if !take(.comma) { break }
        }
        try expect(.rightBrace, "'}'")
        let mark = scratch.count
        scratch.append(contentsOf: keys)
        let keyList = list(from: mark)
        scratch.append(contentsOf: values)
        return node(.Dict, start, keyList, list(from: mark))
    }

    private mutating func comprehension(_ kind: NodeKind, _ start: UInt32, _ element: NodeID) throws(ParseFailure) -> NodeID {
        if tree.kind(element) == .Starred {
            throw ParseFailure(offset: Int(nodeStart(element)), message: "iterable unpacking cannot be used in comprehension")
        }
        let clauses = try comprehensionClauses()
        return node(kind, start, element, clauses)
    }

    private mutating func comprehensionClauses() throws(ParseFailure) -> UInt32 {
        let mark = scratch.count
        while kind == .kFor || (kind == .kAsync && peek() == .kFor) {
            let start = start
            let isAsync = take(.kAsync)
            advance()
            let target = try targets()
            try expect(.kIn, "'in'")
            let iterated = try disjunction()
            let conditions = scratch.count
            while take(.kIf) { scratch.append(try disjunction()) }
            let ifs = list(from: conditions)
            scratch.append(node(.comprehension, start, flag: isAsync ? 1 : 0, target, iterated, ifs))
        }
        return list(from: mark)
    }

    // MARK: Python 2

    /// A backquoted expression is `repr(…)` of it.
    private mutating func backticks() throws(ParseFailure) -> NodeID {
        let start = start
        problems.append(SyntaxProblem(offset: Int(start), message: "backticks are of Python 2", isPython2: true))
        advance()
        let name = node(.Name, start, lastEnd, flag: 0xff)
        let value = try starExpressions()
        try expect(.backtick, "'`'")
        let arguments = list(of: value)
        return node(.Call, start, name, arguments, Self.emptyList)
    }
}
