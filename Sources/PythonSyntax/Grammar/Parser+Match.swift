extension Parser {
    /// A `match` statement. Nil where `match` is a name like any other.
    mutating func matchStatement() throws(ParseFailure) -> NodeID? {
        let state = mark()
        let start = start
        let subject: NodeID
        do throws(ParseFailure) {
            advance()
            subject = try matchSubject()
            guard take(.colon), take(.newline), take(.indent), isSoft("case") else { throw failure() }
        } catch {
            reset(state)
            return nil
        }
        let mark = scratch.count
        while isSoft("case") { scratch.append(try matchCase()) }
        if kind != .dedent, kind != .endOfFile { throw failure("expected 'case'") }
        _ = take(.dedent)
        let cases = list(from: mark)
        let id = node(.Match, start, subject, cases)
        tree.nodes[Int(id)].end = blockEnd
        return id
    }

    private mutating func matchSubject() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try kind == .star ? starExpression() : namedExpression()
        guard kind == .comma else {
            if tree.kind(first) == .Starred { throw failure() }
            return first
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .colon { break }
            scratch.append(try kind == .star ? starExpression() : namedExpression())
        }
        return node(.Tuple, start, list(from: mark))
    }

    private mutating func matchCase() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        let pattern = try openPattern()
        let guardTest: NodeID = take(.kIf) ? try namedExpression() : 0
        let body = try block()
        let id = node(.match_case, start, pattern, guardTest, body)
        tree.nodes[Int(id)].end = blockEnd
        return id
    }

    /// A pattern, or several with commas and no brackets.
    private mutating func openPattern() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try maybeStarPattern()
        guard kind == .comma else {
            if tree.kind(first) == .MatchStar { throw failure() }
            return first
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .colon || kind == .kIf { break }
            scratch.append(try maybeStarPattern())
        }
        return node(.MatchSequence, start, list(from: mark))
    }

    private mutating func maybeStarPattern() throws(ParseFailure) -> NodeID {
        guard kind == .star else { return try asPattern() }
        let start = start
        advance()
        let isWildcard = isSoft("_")
        let name = try name()
        return node(.MatchStar, start, isWildcard ? 0 : name)
    }

    private mutating func asPattern() throws(ParseFailure) -> NodeID {
        try enter()
        defer { leave() }
        let start = start
        let pattern = try orPattern()
        guard take(.kAs) else { return pattern }
        if isSoft("_") { throw failure("cannot use '_' as a target") }
        let name = try name()
        return node(.MatchAs, start, pattern, name)
    }

    private mutating func orPattern() throws(ParseFailure) -> NodeID {
        let start = start
        let first = try closedPattern()
        guard kind == .bar else { return first }
        let mark = scratch.count
        scratch.append(first)
        while take(.bar) { scratch.append(try closedPattern()) }
        return node(.MatchOr, start, list(from: mark))
    }

    private mutating func closedPattern() throws(ParseFailure) -> NodeID {
        let start = start
        switch kind {
        case .kNone, .kTrue, .kFalse:
            let value: ConstantKind = kind == .kNone ? .none : kind == .kTrue ? .true : .false
            advance()
            return node(.MatchSingleton, start, lastEnd, flag: value.rawValue)
        case .string, .fstringStart:
            let value = try strings()
            if tree.kind(value) != .Constant { throw failure("patterns may only match literals and attribute lookups") }
            return node(.MatchValue, start, value)
        case .number, .minus:
            let value = try patternNumber()
            return node(.MatchValue, start, value)
        case .leftParen: return try groupPattern()
        case .leftBracket:
            advance()
            let mark = scratch.count
            while kind != .rightBracket {
                scratch.append(try maybeStarPattern())
                if !take(.comma) { break }
            }
            try expect(.rightBracket, "']'")
            return node(.MatchSequence, start, list(from: mark))
        case .leftBrace: return try mappingPattern()
        case .name: return try namePattern()
        default: throw failure()
        }
    }

    /// `1`, `-1.5`, `-1 + 2j`.
    private mutating func patternNumber() throws(ParseFailure) -> NodeID {
        let start = start
        let isNegative = take(.minus)
        let numberStart = self.start
        try expect(.number, "a number")
        var value = node(.Constant, numberStart, lastEnd, flag: ConstantKind.number.rawValue)
        if isNegative { value = node(.UnaryOp, start, flag: OperatorKind.USub.rawValue, value) }
        guard kind == .plus || kind == .minus else { return value }
        let operation: OperatorKind = kind == .plus ? .Add : .Sub
        advance()
        let imaginaryStart = self.start
        try expect(.number, "an imaginary number")
        let last = source.bytes[Int(lastEnd) - 1] | 0x20
        if last != UInt8(ascii: "j") { throw failure("imaginary number required in complex literal") }
        let imaginary = node(.Constant, imaginaryStart, lastEnd, flag: ConstantKind.number.rawValue)
        return node(.BinOp, start, flag: operation.rawValue, value, imaginary)
    }

    private mutating func groupPattern() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        if take(.rightParen) { return node(.MatchSequence, start, Self.emptyList) }
        let first = try maybeStarPattern()
        guard kind == .comma else {
            if tree.kind(first) == .MatchStar { throw failure() }
            try expect(.rightParen, "')'")
            return first
        }
        let mark = scratch.count
        scratch.append(first)
        while take(.comma) {
            if kind == .rightParen { break }
            scratch.append(try maybeStarPattern())
        }
        try expect(.rightParen, "')'")
        return node(.MatchSequence, start, list(from: mark))
    }

    /// A mapping: keys, patterns, and the name of the rest.
    private mutating func mappingPattern() throws(ParseFailure) -> NodeID {
        let start = start
        advance()
        var keys: [UInt32] = []
        var patterns: [UInt32] = []
        var rest: UInt32 = 0
        while kind != .rightBrace {
            if rest != 0 { throw failure("double star pattern must be the last in a mapping") }
            if take(.doubleStar) {
                rest = try name()
            } else {
                keys.append(try mappingKey())
                try expect(.colon, "':'")
                patterns.append(try asPattern())
            }
            if !take(.comma) { break }
        }
        try expect(.rightBrace, "'}'")
        let mark = scratch.count
        scratch.append(contentsOf: keys)
        let keyList = list(from: mark)
        scratch.append(contentsOf: patterns)
        let patternList = list(from: mark)
        return node(.MatchMapping, start, keyList, patternList, rest)
    }

    private mutating func mappingKey() throws(ParseFailure) -> NodeID {
        let start = start
        switch kind {
        case .kNone, .kTrue, .kFalse:
            let value: ConstantKind = kind == .kNone ? .none : kind == .kTrue ? .true : .false
            advance()
            return node(.Constant, start, lastEnd, flag: value.rawValue)
        case .string: return try strings()
        case .number, .minus: return try patternNumber()
        case .name:
            let value = try dottedValue()
            if tree.kind(value) == .Name { throw failure() }
            return value
        default: throw failure()
        }
    }

    /// `a`, `a.b.c`.
    private mutating func dottedValue() throws(ParseFailure) -> NodeID {
        let start = start
        _ = try name()
        var value = node(.Name, start, lastEnd, data: UInt32(index))
        while take(.dot) {
            let name = try name()
            value = node(.Attribute, start, value, name)
        }
        return value
    }

    /// A capture, the wildcard, a value, or a class with its patterns.
    private mutating func namePattern() throws(ParseFailure) -> NodeID {
        let start = start
        if peek() != .dot, peek() != .leftParen {
            let isWildcard = isSoft("_")
            let name = try name()
            return node(.MatchAs, start, 0, isWildcard ? 0 : name)
        }
        let value = try dottedValue()
        guard take(.leftParen) else { return node(.MatchValue, start, value) }
        var patterns: [UInt32] = []
        var names: [UInt32] = []
        var namedPatterns: [UInt32] = []
        while kind != .rightParen {
            if kind == .name, peek() == .assign {
                names.append(try name())
                advance()
                namedPatterns.append(try asPattern())
            } else {
                if !names.isEmpty { throw failure("positional patterns follow keyword patterns") }
                patterns.append(try asPattern())
            }
            if !take(.comma) { break }
        }
        try expect(.rightParen, "')'")
        let mark = scratch.count
        scratch.append(contentsOf: patterns)
        let first = list(from: mark)
        scratch.append(contentsOf: names)
        let second = list(from: mark)
        scratch.append(contentsOf: namedPatterns)
        let third = list(from: mark)
        return node(.MatchClass, start, slots: [value, first, second, third])
    }
}
