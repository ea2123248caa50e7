/// A piece of the text of a string constant, as it stands in the source.
enum TextPiece: UInt32 {
    /// A string token with its prefix and quotes.
    case string
    /// Text of an f-string between braces; `rawMiddle` where escapes count for nothing.
    case middle, rawMiddle
    /// Source that an expression with `=` shows.
    case verbatim
}

extension Parser {
    /// Strings side by side: a constant, or a joined string where one of them has expressions.
    mutating func strings() throws(ParseFailure) -> NodeID {
        let start = start
        var isJoined = false
        var isTemplate = false
        var bytesCount = 0
        var count = 0
        let firstToken = index
        var place = index
        while tokens.kinds[place] == .string {
            if isBytes(place) { bytesCount += 1 }
            count += 1
            place += 1
        }
        if tokens.kinds[place] != .fstringStart {
            for token in firstToken..<place { try checkEscapes(token) }
            index = place
            if bytesCount > 0, bytesCount < count { throw failure("cannot mix bytes and nonbytes literals") }
            let data = UInt32(tree.extra.count)
            tree.extra.append(UInt32(firstToken))
            tree.extra.append(UInt32(count))
            let kind: ConstantKind = bytesCount > 0 ? .bytes : .str
            return node(.Constant, start, lastEnd, flag: kind.rawValue, data: data)
        }
        let mark = scratch.count
        var text = PendingText()
        while kind == .string || kind == .fstringStart {
            if kind == .string {
                if isBytes(index) { throw failure("cannot mix bytes and nonbytes literals") }
                try checkEscapes(index)
                text.append(.string, self.start, tokens.ends[index], isEmpty: isEmptyString(index))
                advance()
            } else {
                let isT = isTemplateStart(index)
                if isT { isTemplate = true } else { isJoined = true }
                try formatted(isTemplate: isT, &text)
            }
        }
        if isTemplate, isJoined || count > 0 { throw failure("cannot mix t-string literals with string or bytes literals") }
        flush(&text)
        return node(isTemplate ? .TemplateStr : .JoinedStr, start, list(from: mark))
    }

    /// Text that gathers until an expression comes.
    private struct PendingText {
        var pieces: [UInt32] = []
        var start: UInt32 = 0
        var end: UInt32 = 0

        mutating func append(_ kind: TextPiece, _ start: UInt32, _ end: UInt32, isEmpty: Bool = false) {
            if isEmpty { return }
            if pieces.isEmpty { self.start = start }
            self.end = end
            pieces += [kind.rawValue, start, end]
        }
    }

    /// Makes a constant of the text that has gathered.
    private mutating func flush(_ text: inout PendingText) {
        guard !text.pieces.isEmpty else { return }
        let mark = scratch.count
        scratch.append(contentsOf: text.pieces)
        let place = list(from: mark)
        scratch.append(node(.Constant, text.start, text.end, flag: ConstantKind.text.rawValue, data: place))
        text = PendingText()
    }

    private mutating func formatted(isTemplate: Bool, _ text: inout PendingText) throws(ParseFailure) {
        try enter()
        defer { leave() }
        let isRaw = isRawStart(index)
        advance()
        try replacements(until: .fstringEnd, isTemplate: isTemplate, isRaw: isRaw, &text)
        try expect(.fstringEnd, "the end of the f-string")
    }

    /// Literal text and expressions in braces.
    private mutating func replacements(
        until end: TokenKind, isTemplate: Bool, isRaw: Bool, _ text: inout PendingText
    ) throws(ParseFailure) {
        while kind != end {
            switch kind {
            case .fstringMiddle:
                if !isRaw { try checkEscapes(Int(start), Int(tokens.ends[index]), isBytes: false) }
                text.append(
                    isRaw ? .rawMiddle : .middle, start, tokens.ends[index],
                    isEmpty: !isRaw && isOnlyJoinedLines(Int(start), Int(tokens.ends[index])))
                advance()
            case .leftBrace: try replacement(isTemplate: isTemplate, isRaw: isRaw, &text)
            default: throw failure("f-string: invalid syntax")
            }
        }
    }

    /// `{expression=!r:format}`.
    private mutating func replacement(isTemplate: Bool, isRaw: Bool, _ text: inout PendingText) throws(ParseFailure) {
        try enter()
        defer { leave() }
        let start = start
        advance()
        let inner = lastEnd
        if kind == .rightBrace { throw failure("f-string: valid expression required before '}'") }
        let value = try kind == .kYield ? yieldExpression() : starExpressions()
        let expressionEnd = lastEnd
        var isDebug = false
        if kind == .assign {
            advance()
            isDebug = true
            // The text goes on to what follows the sign, white space and all.
            text.append(.verbatim, inner, self.start)
        }
        flush(&text)
        var conversion: UInt32 = 0
        if take(.exclamation) {
            guard kind == .name, self.start == lastEnd, tokens.ends[index] - self.start == 1 else {
                throw failure("f-string: invalid conversion character")
            }
            conversion = UInt32(source.bytes[Int(self.start)])
            guard [UInt32(UInt8(ascii: "s")), UInt32(UInt8(ascii: "r")), UInt32(UInt8(ascii: "a"))].contains(conversion) else {
                throw failure("f-string: invalid conversion character: expected 's', 'r', or 'a'")
            }
            advance()
        }
        var format: NodeID = 0
        if kind == .colon {
            let formatStart = self.start
            advance()
            let mark = scratch.count
            var inside = PendingText()
            try replacements(until: .rightBrace, isTemplate: false, isRaw: isRaw, &inside)
            flush(&inside)
            format = node(.JoinedStr, formatStart, list(from: mark))
        }
        try expect(.rightBrace, "'}'")
        if isDebug, conversion == 0, format == 0 { conversion = UInt32(UInt8(ascii: "r")) }
        if isTemplate {
            let id = node(.Interpolation, start, slots: [value, inner, expressionEnd, conversion, format])
            scratch.append(id)
        } else {
            scratch.append(node(.FormattedValue, start, value, conversion, format))
        }
    }

    // MARK: What a token is

    private func prefixLength(_ token: Int) -> Int {
        var offset = Int(tokens.starts[token])
        while source.bytes[offset] != UInt8(ascii: "'"), source.bytes[offset] != UInt8(ascii: "\"") { offset += 1 }
        return offset - Int(tokens.starts[token])
    }

    private func hasPrefix(_ letter: UInt8, _ token: Int) -> Bool {
        let start = Int(tokens.starts[token])
        for offset in 0..<prefixLength(token) where source.bytes[start + offset] | 0x20 == letter { return true }
        return false
    }

    private func isBytes(_ token: Int) -> Bool { hasPrefix(UInt8(ascii: "b"), token) }
    private func isRawStart(_ token: Int) -> Bool { hasPrefix(UInt8(ascii: "r"), token) }
    private func isTemplateStart(_ token: Int) -> Bool { hasPrefix(UInt8(ascii: "t"), token) }

    /// Whether text is nothing but backslashes that join lines: then it says nothing.
    private func isOnlyJoinedLines(_ start: Int, _ end: Int) -> Bool {
        var offset = start
        while offset < end {
            guard source.bytes[offset] == 0x5c, offset + 1 < end else { return false }
            switch source.bytes[offset + 1] {
            case 0x0a: offset += 2
            case 0x0d: offset += offset + 2 < end && source.bytes[offset + 2] == 0x0a ? 3 : 2
            default: return false
            }
        }
        return true
    }

    private func isEmptyString(_ token: Int) -> Bool {
        let length = Int(tokens.ends[token] - tokens.starts[token]) - prefixLength(token)
        return length == 2
            || (length == 6 && source.bytes[Int(tokens.ends[token]) - 3] == source.bytes[Int(tokens.ends[token]) - 1])
    }

    /// Checks what stands behind backslashes, and that bytes are ASCII.
    private func checkEscapes(_ token: Int) throws(ParseFailure) {
        let start = Int(tokens.starts[token])
        let end = Int(tokens.ends[token])
        let isBytes = isBytes(token)
        if isBytes {
            for offset in start..<end where source.bytes[offset] >= 0x80 {
                throw ParseFailure(offset: offset, message: "bytes can only contain ASCII literal characters")
            }
        }
        if hasPrefix(UInt8(ascii: "r"), token) { return }
        try checkEscapes(start, end, isBytes: isBytes)
    }

    private func checkEscapes(_ start: Int, _ end: Int, isBytes: Bool) throws(ParseFailure) {
        var offset = start
        while offset < end {
            guard source.bytes[offset] == 0x5c else {
                offset += 1
                continue
            }
            let digits: Int
            switch source.bytes[offset + 1] {
            case UInt8(ascii: "x"): digits = 2
            case UInt8(ascii: "u") where !isBytes: digits = 4
            case UInt8(ascii: "U") where !isBytes: digits = 8
            case UInt8(ascii: "N") where !isBytes:
                var close = offset + 2
                while close < end, source.bytes[close] != UInt8(ascii: "}") { close += 1 }
                guard source.bytes[offset + 2] == UInt8(ascii: "{"), close < end,
                    UnicodeNames.scalar(named: source.text((offset + 3)..<close)) != nil
                else { throw ParseFailure(offset: offset, message: "(unicode error) unknown Unicode character name") }
                offset = close + 1
                continue
            default:
                offset += 2
                continue
            }
            var value: UInt32 = 0
            for index in 0..<digits {
                guard offset + 2 + index < end, let digit = hexDigit(source.bytes[offset + 2 + index]) else {
                    throw ParseFailure(
                        offset: offset,
                        message: "(unicode error) truncated \\\(Character(Unicode.Scalar(source.bytes[offset + 1])))… escape")
                }
                value = value << 4 | digit
            }
            if value > 0x10ffff { throw ParseFailure(offset: offset, message: "(unicode error) illegal Unicode character") }
            offset += 2 + digits
        }
    }
}

func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 55
    default: nil
    }
}

/// Characters by the names that Unicode gives them, for `\N{…}`.
enum UnicodeNames {
    private static let table: [String: Unicode.Scalar] = {
        var table: [String: Unicode.Scalar] = [:]
        for value in UInt32(0x20)...0x1ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            if let name = scalar.properties.name { table[name] = scalar }
            if let alias = scalar.properties.nameAlias { table[alias] = table[alias] ?? scalar }
        }
        for (name, value) in aliases {
            if let scalar = Unicode.Scalar(value) { table[name] = scalar }
        }
        for number in UInt32(1)...256 {
            table["VS\(number)"] = Unicode.Scalar(number <= 16 ? 0xfe00 + number - 1 : 0xe0100 + number - 17)
        }
        return table
    }()

    static func scalar(named name: String) -> Unicode.Scalar? {
        let name = name.uppercased()
        if let known = table[name] { return known }
        // Names that follow from the number.
        for prefix in ["CJK UNIFIED IDEOGRAPH-", "CJK COMPATIBILITY IDEOGRAPH-"] where name.hasPrefix(prefix) {
            return UInt32(name.dropFirst(prefix.count), radix: 16).flatMap { Unicode.Scalar($0) }
        }
        return nil
    }
}
