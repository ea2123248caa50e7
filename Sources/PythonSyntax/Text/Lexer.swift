/// Cuts Python source into tokens: The Python Language Reference 3.14, section 2, with the f-strings of PEP 701 and the t-strings of
/// PEP 750. What Python 2 adds (backticks, `<>`, `0777`, `10L`, `ur''`) is cut too and noted.
struct Lexer {
    private let bytes: UnsafePointer<UInt8>
    /// Bytes of source; behind them stand zeros.
    private let count: Int
    private var position = 0
    private(set) var tokens = TokenBuffer()
    private(set) var problems: [SyntaxProblem] = []
    /// Where a bracket or string begins that never ends, so that all behind it is lost.
    private(set) var unclosedAt: Int?
    private let dialect: Dialect

    /// Open brackets, the innermost last.
    private var brackets: [UInt8] = []
    private var indents: [(column: Int, alternative: Int)] = [(0, 0)]
    private var frames: [Frame] = []
    private var isAtLineStart = true

    /// Brackets may stand so deep in each other, as in CPython.
    private static let maximumBrackets = 200
    private static let maximumIndents = 100
    private static let maximumStrings = 150
    /// Digits of an integer that CPython turns into a number.
    private static let maximumDigits = 4300

    /// Where in an f-string the lexer is.
    private enum Frame {
        case literal(Quote)
        /// An expression in braces, begun at so many open brackets.
        case expression(Quote, depth: Int)
        case format(Quote)
    }

    private struct Quote {
        let byte: UInt8
        let isTriple: Bool
        let isRaw: Bool
        let start: Int
    }

    /// - Parameter bytes: the source in UTF-8, followed by eight zeros or more.
    init(_ bytes: UnsafePointer<UInt8>, count: Int, dialect: Dialect = .python) {
        self.bytes = bytes
        self.count = count
        self.dialect = dialect
        tokens.reserve(count / 4 + 16)
    }

    mutating func run() {
        if count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { position = 3 }
        while position <= count {
            switch frames.last {
            case .literal(let quote)?: lexLiteral(quote, isFormat: false)
            case .format(let quote)?: lexLiteral(quote, isFormat: true)
            case .expression?, nil:
                if isAtLineStart, brackets.isEmpty, frames.isEmpty {
                    isAtLineStart = false
                    lexIndentation()
                }
                if position > count { break }
                lexToken()
            }
            if position >= count, frames.isEmpty { break }
            if position >= count, !frames.isEmpty {
                note(frameStart, "unterminated f-string literal")
                unclosedAt = frameStart
                frames.removeAll()
            }
        }
        if let open = brackets.last {
            unclosedAt = openOffsets.first
            note(openOffset, "'\(Character(Unicode.Scalar(open)))' was never closed")
        }
        if let last = tokens.kinds.last, last != .newline, last != .dedent, last != .indent { add(.newline, count, count) }
        while indents.count > 1 {
            indents.removeLast()
            add(.dedent, count, count)
        }
        add(.endOfFile, count, count)
    }

    private var openOffsets: [Int] = []
    private var openOffset: Int { openOffsets.last ?? position }
    private var frameStart: Int {
        switch frames.last {
        case .literal(let quote)?, .format(let quote)?, .expression(let quote, _)?: quote.start
        case nil: position
        }
    }

    @inline(__always)
    private mutating func add(_ kind: TokenKind, _ start: Int, _ end: Int) {
        tokens.append(kind, start, end)
    }

    private mutating func note(_ offset: Int, _ message: String, isPython2: Bool = false) {
        problems.append(SyntaxProblem(offset: offset, message: message, isPython2: isPython2))
    }

    // MARK: Lines

    private mutating func lexIndentation() {
        while true {
            let start = position
            var column = 0
            var alternative = 0
            loop: while true {
                switch bytes[position] {
                case 0x20:
                    column += 1
                    alternative += 1
                case 0x09:
                    column = (column / 8 + 1) * 8
                    alternative += 1
                case 0x0c:
                    column = 0
                    alternative = 0
                case 0x5c where isLineBreak(position + 1) && position + 1 < count:
                    // A line that is joined keeps the first one's indentation.
                    position += 1
                    skipLineBreak()
                    while bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0c { position += 1 }
                    break loop
                default: break loop
                }
                position += 1
            }
            if position >= count {
                position = count
                return
            }
            if bytes[position] == UInt8(ascii: "#") { lexComment() }
            if isLineBreak(position), position < count {
                skipLineBreak()
                continue
            }
            if position >= count { return }
            setIndentation(column, alternative, start)
            if dialect == .notebook { lexMagic() }
            return
        }
    }

    // MARK: What IPython adds

    /// Magics whose argument is a Python statement.
    private static let statementMagics: Set<String> = ["%time", "%timeit", "%prun", "%memit", "%mprun", "%lprun"]

    /// A line of a notebook that is not Python: `%magic`, `!shell`, `?help`. It counts as `pass`.
    private mutating func lexMagic() {
        let start = position
        switch bytes[position] {
        case UInt8(ascii: "%"):
            while bytes[position] == UInt8(ascii: "%") || isNameByte(bytes[position]) { position += 1 }
            let name = String(decoding: UnsafeBufferPointer(start: bytes + start, count: position - start), as: UTF8.self)
            if Self.statementMagics.contains(name) {
                tokens.magics.append(UInt32(start)..<UInt32(position))
                return
            }
        case UInt8(ascii: "!"), UInt8(ascii: "?"): break
        default: return
        }
        skipMagic(from: start)
        add(.kPass, start, position)
    }

    /// Goes to the end of a magic, which a backslash carries over to the next line.
    private mutating func skipMagic(from start: Int) {
        while position < count, !isLineBreak(position) {
            let isJoined = bytes[position] == 0x5c && position + 1 < count && isLineBreak(position + 1)
            position += 1
            if isJoined { skipLineBreak() }
        }
        tokens.magics.append(UInt32(start)..<UInt32(position))
    }

    private mutating func setIndentation(_ column: Int, _ alternative: Int, _ start: Int) {
        let current = indents[indents.count - 1]
        if column == current.column {
            if alternative != current.alternative { note(position, "inconsistent use of tabs and spaces in indentation") }
        } else if column > current.column {
            if alternative <= current.alternative { note(position, "inconsistent use of tabs and spaces in indentation") }
            if indents.count >= Self.maximumIndents { note(position, "too many levels of indentation") }
            indents.append((column, alternative))
            add(.indent, start, position)
        } else {
            while indents.count > 1, column < indents[indents.count - 1].column {
                indents.removeLast()
                add(.dedent, position, position)
            }
            if column != indents[indents.count - 1].column {
                note(position, "unindent does not match any outer indentation level")
            } else if alternative != indents[indents.count - 1].alternative {
                note(position, "inconsistent use of tabs and spaces in indentation")
            }
        }
    }

    @inline(__always)
    private func isLineBreak(_ offset: Int) -> Bool { bytes[offset] == 0x0a || bytes[offset] == 0x0d }

    private mutating func skipLineBreak() {
        position += bytes[position] == 0x0d && bytes[position + 1] == 0x0a ? 2 : 1
    }

    private mutating func lexComment() {
        let start = position
        while position < count, !isLineBreak(position) { position += 1 }
        tokens.comments.append(UInt32(start)..<UInt32(position))
    }

    // MARK: Tokens

    private mutating func lexToken() {
        while bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0c { position += 1 }
        if position >= count { return }
        let start = position
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            lexName()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): lexNumber()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): lexString(prefixStart: start)
        case 0x0a, 0x0d:
            skipLineBreak()
            if brackets.isEmpty, frames.isEmpty {
                add(.newline, start, position)
                isAtLineStart = true
            }
        case UInt8(ascii: "#"): lexComment()
        case 0x5c:
            position += 1
            if position < count, isLineBreak(position) {
                skipLineBreak()
                if position >= count { note(start, "unexpected EOF after line continuation character") }
            } else {
                note(start, "unexpected character after line continuation character")
                add(.error, start, position)
            }
        case UInt8(ascii: ".") where isDigit(bytes[position + 1]): lexNumber()
        case 0x80...: lexUnicodeName()
        default: lexOperator(byte)
        }
    }

    private mutating func lexName() {
        let start = position
        var packed: UInt64 = 0
        var shift: UInt64 = 0
        while isNameByte(bytes[position]) {
            if shift < 64 { packed |= UInt64(bytes[position]) << shift }
            shift += 8
            position += 1
        }
        let next = bytes[position]
        if next == UInt8(ascii: "'") || next == UInt8(ascii: "\""), position - start <= 2, isStringPrefix(start, position) {
            lexString(prefixStart: start)
            return
        }
        if next >= 0x80 {
            position = start
            lexUnicodeName()
            return
        }
        add(shift <= 64 ? TokenKind.keyword(packed) : .name, start, position)
    }

    /// A name with letters outside ASCII.
    private mutating func lexUnicodeName() {
        let start = position
        while position < count {
            let byte = bytes[position]
            if byte < 0x80 {
                if !isNameByte(byte) { break }
                position += 1
                continue
            }
            let (scalar, length) = scalar(at: position)
            let isAllowed =
                position == start
                ? scalar.properties.isXIDStart || scalar == "\u{2118}" || scalar == "\u{212e}" || scalar == "\u{309b}"
                    || scalar == "\u{309c}"
                : scalar.properties.isXIDContinue || scalar == "\u{b7}" || scalar == "\u{387}"
            if !isAllowed {
                if position == start || !scalar.properties.isWhitespace {
                    note(position, "invalid character '\(scalar)' (U+\(String(scalar.value, radix: 16, uppercase: true)))")
                    position += length
                    if position - length == start { add(.error, start, position) } else { add(.error, start, position) }
                    return
                }
                break
            }
            position += length
        }
        add(.name, start, position)
    }

    private func scalar(at offset: Int) -> (Unicode.Scalar, Int) {
        let first = bytes[offset]
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        var value = UInt32(first) & (length == 4 ? 0x07 : length == 3 ? 0x0f : 0x1f)
        for index in 1..<length { value = value << 6 | UInt32(bytes[offset + index] & 0x3f) }
        return (Unicode.Scalar(value) ?? "\u{fffd}", length)
    }

    // MARK: Numbers

    private mutating func lexNumber() {
        let start = position
        var isInteger = true
        if bytes[position] == UInt8(ascii: "0"), let radix = radix(bytes[position + 1]) {
            position += 2
            if !lexDigits(radix) {
                note(start, "invalid \(radix == 16 ? "hexadecimal" : radix == 8 ? "octal" : "binary") literal")
            }
            if bytes[position] | 0x20 == UInt8(ascii: "l") { noteLong() }
        } else {
            let first = position
            if bytes[position] != UInt8(ascii: ".") {
                if !lexDigits(10) { note(start, "invalid decimal literal") }
            }
            let digits = position - first
            var isDecimal = false
            if bytes[position] == UInt8(ascii: ".") {
                position += 1
                isDecimal = true
                if isDigit(bytes[position]), !lexDigits(10) { note(start, "invalid decimal literal") }
            }
            if bytes[position] | 0x20 == UInt8(ascii: "e") {
                let sign = bytes[position + 1] == UInt8(ascii: "+") || bytes[position + 1] == UInt8(ascii: "-") ? 2 : 1
                if isDigit(bytes[position + sign]) {
                    position += sign
                    isDecimal = true
                    if !lexDigits(10) { note(start, "invalid decimal literal") }
                }
            }
            isInteger = !isDecimal
            if bytes[position] | 0x20 == UInt8(ascii: "j") {
                position += 1
                isInteger = false
            } else if isInteger {
                if bytes[position] | 0x20 == UInt8(ascii: "l") { noteLong() }
                if bytes[first] == UInt8(ascii: "0"), digits > 1, !isAllZeros(first, first + digits) {
                    note(
                        start, "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                        isPython2: true)
                }
                if digits > Self.maximumDigits { note(start, "the integer has more than \(Self.maximumDigits) digits") }
            }
        }
        add(.number, start, position)
        checkEndOfNumber(start)
    }

    private mutating func noteLong() {
        note(position, "invalid decimal literal", isPython2: true)
        position += 1
    }

    /// A number must not run into a name, but for the keywords that may follow one (`1if x else 2`).
    private mutating func checkEndOfNumber(_ start: Int) {
        guard isNameByte(bytes[position]) || bytes[position] >= 0x80 else { return }
        for word in ["and", "else", "for", "if", "in", "is", "not", "or"] as [StaticString] {
            var isSame = true
            for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] { isSame = false }
            if isSame { return }
        }
        note(start, "invalid number literal")
    }

    /// Digits with single underscores between; false where that is broken.
    private mutating func lexDigits(_ radix: UInt8) -> Bool {
        if radix != 10, bytes[position] == UInt8(ascii: "_") { position += 1 }
        guard isDigit(bytes[position], radix) else { return false }
        while true {
            while isDigit(bytes[position], radix) { position += 1 }
            guard bytes[position] == UInt8(ascii: "_") else {
                // A digit that the radix does not have.
                return !(radix < 10 && isDigit(bytes[position]))
            }
            position += 1
            if !isDigit(bytes[position], radix) { return false }
        }
    }

    private func radix(_ byte: UInt8) -> UInt8? {
        switch byte | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    private func isAllZeros(_ start: Int, _ end: Int) -> Bool {
        for offset in start..<end where bytes[offset] != UInt8(ascii: "0") && bytes[offset] != UInt8(ascii: "_") { return false }
        return true
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private func isDigit(_ byte: UInt8, _ radix: UInt8) -> Bool {
        switch radix {
        case 16: byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
        default: byte &- 0x30 < radix
        }
    }

    @inline(__always)
    private func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
    }

    // MARK: Strings

    /// Prefixes: `r u b f t` alone, and `r` with `b`, `f` or `t` in either order; `ur` of Python 2.
    private func isStringPrefix(_ start: Int, _ end: Int) -> Bool {
        let first = bytes[start] | 0x20
        if end - start == 1 {
            return first == 0x72 || first == 0x75 || first == 0x62 || first == 0x66 || first == 0x74
        }
        let second = bytes[start + 1] | 0x20
        let others: (UInt8) -> Bool = { $0 == 0x62 || $0 == 0x66 || $0 == 0x74 }
        return (first == 0x72 && others(second)) || (second == 0x72 && (others(first) || first == 0x75))
    }

    private mutating func lexString(prefixStart start: Int) {
        var isRaw = false
        var isFormatted = false
        var isUnicode = false
        for offset in start..<position {
            switch bytes[offset] | 0x20 {
            case 0x72: isRaw = true
            case 0x66, 0x74: isFormatted = true
            case 0x75: isUnicode = true
            default: break
            }
        }
        if isRaw, isUnicode { note(start, "the prefix 'ur' is not one", isPython2: true) }
        let quote = bytes[position]
        let isTriple = bytes[position + 1] == quote && bytes[position + 2] == quote
        position += isTriple ? 3 : 1
        if isFormatted {
            if frames.count >= Self.maximumStrings {
                note(start, "too many nested f-strings")
                position = count
                frames.removeAll()
                return
            }
            add(.fstringStart, start, position)
            frames.append(.literal(Quote(byte: quote, isTriple: isTriple, isRaw: isRaw, start: start)))
            return
        }
        while position < count {
            let byte = bytes[position]
            if byte == quote {
                if !isTriple {
                    position += 1
                    add(.string, start, position)
                    return
                }
                if bytes[position + 1] == quote, bytes[position + 2] == quote {
                    position += 3
                    add(.string, start, position)
                    return
                }
                position += 1
            } else if byte == 0x5c {
                position += 1
                if position < count { if isLineBreak(position) { skipLineBreak() } else { position += 1 } }
            } else if byte == 0x0a || byte == 0x0d, !isTriple {
                break
            } else {
                position += 1
            }
        }
        note(start, isTriple ? "unterminated triple-quoted string literal" : "unterminated string literal")
        if isTriple { unclosedAt = start }
        position = min(position, count)
        add(.error, start, position)
    }

    /// The literal text of an f-string, up to a brace or its end.
    private mutating func lexLiteral(_ quote: Quote, isFormat: Bool) {
        let start = position
        while position < count {
            let byte = bytes[position]
            switch byte {
            case quote.byte where !quote.isTriple || (bytes[position + 1] == quote.byte && bytes[position + 2] == quote.byte):
                if position > start { add(.fstringMiddle, start, position) }
                if isFormat {
                    note(position, "f-string: expecting '}'")
                    dropFormat()
                }
                let end = position + (quote.isTriple ? 3 : 1)
                add(.fstringEnd, position, end)
                position = end
                frames.removeLast()
                return
            case 0x5c:
                position += 1
                if position >= count { break }
                if bytes[position] == UInt8(ascii: "{") || bytes[position] == UInt8(ascii: "}") { continue }
                if !quote.isRaw, bytes[position] == UInt8(ascii: "N"), bytes[position + 1] == UInt8(ascii: "{") {
                    while position < count, bytes[position] != UInt8(ascii: "}"), bytes[position] != quote.byte,
                        !isLineBreak(position)
                    {
                        position += 1
                    }
                    if bytes[position] == UInt8(ascii: "}") { position += 1 }
                } else if isLineBreak(position) {
                    skipLineBreak()
                } else {
                    position += 1
                }
            case 0x0a, 0x0d:
                if !quote.isTriple {
                    if position > start { add(.fstringMiddle, start, position) }
                    note(quote.start, "unterminated f-string literal")
                    add(.error, position, position)
                    while case .expression? = frames.last { frames.removeLast() }
                    frames.removeAll()
                    return
                }
                position += 1
            case UInt8(ascii: "{"):
                if !isFormat, bytes[position + 1] == UInt8(ascii: "{") {
                    position += 2
                    continue
                }
                if position > start { add(.fstringMiddle, start, position) }
                add(.leftBrace, position, position + 1)
                position += 1
                if frames.count >= Self.maximumStrings {
                    note(position, "f-string: expressions nested too deeply")
                    position = count
                    frames.removeAll()
                    return
                }
                frames.append(.expression(quote, depth: brackets.count))
                return
            case UInt8(ascii: "}"):
                if !isFormat, bytes[position + 1] == UInt8(ascii: "}") {
                    position += 2
                    continue
                }
                if position > start { add(.fstringMiddle, start, position) }
                if isFormat {
                    frames.removeLast()
                    if case .expression? = frames.last { frames.removeLast() }
                    add(.rightBrace, position, position + 1)
                    position += 1
                    return
                }
                note(position, "f-string: single '}' is not allowed")
                position += 1
                add(.error, position - 1, position)
                return
            default: position += 1
            }
        }
        position = count
    }

    /// Leaves a format and its expression, which the string ends in.
    private mutating func dropFormat() {
        while let last = frames.last {
            if case .literal = last { return }
            frames.removeLast()
        }
    }

    // MARK: Operators

    private mutating func lexOperator(_ byte: UInt8) {
        let start = position
        let next = bytes[position + 1]
        if case .expression(_, let depth)? = frames.last, brackets.count == depth {
            // At the top of an expression in braces, these end it.
            switch byte {
            case UInt8(ascii: "}"):
                position += 1
                add(.rightBrace, start, position)
                frames.removeLast()
                return
            case UInt8(ascii: ":"):
                position += 1
                add(.colon, start, position)
                if case .expression(let quote, _)? = frames.last { frames.append(.format(quote)) }
                return
            case UInt8(ascii: "!") where next != UInt8(ascii: "="):
                position += 1
                add(.exclamation, start, position)
                return
            default: break
            }
        }
        func one(_ kind: TokenKind) -> (TokenKind, Int) { (kind, 1) }
        func either(_ plain: TokenKind, _ assigned: TokenKind) -> (TokenKind, Int) {
            next == UInt8(ascii: "=") ? (assigned, 2) : (plain, 1)
        }
        func doubled(_ plain: TokenKind, _ assigned: TokenKind, _ double: TokenKind, _ doubleAssigned: TokenKind) -> (
            TokenKind, Int
        ) {
            if next == byte { return bytes[position + 2] == UInt8(ascii: "=") ? (doubleAssigned, 3) : (double, 2) }
            return either(plain, assigned)
        }
        if dialect == .notebook, frames.isEmpty {
            switch byte {
            case UInt8(ascii: "!") where tokens.kinds.last == .assign, UInt8(ascii: "%") where tokens.kinds.last == .assign:
                // What a shell or a magic answers, as a name that nothing binds.
                skipMagic(from: start)
                add(.name, start, position)
                return
            case UInt8(ascii: "?"):
                skipMagic(from: start)
                return
            default: break
            }
        }
        let (kind, length): (TokenKind, Int)
        switch byte {
        case UInt8(ascii: "("): (kind, length) = one(.leftParen)
        case UInt8(ascii: "["): (kind, length) = one(.leftBracket)
        case UInt8(ascii: "{"): (kind, length) = one(.leftBrace)
        case UInt8(ascii: ")"): (kind, length) = one(.rightParen)
        case UInt8(ascii: "]"): (kind, length) = one(.rightBracket)
        case UInt8(ascii: "}"): (kind, length) = one(.rightBrace)
        case UInt8(ascii: ","): (kind, length) = one(.comma)
        case UInt8(ascii: ";"): (kind, length) = one(.semicolon)
        case UInt8(ascii: "~"): (kind, length) = one(.tilde)
        case UInt8(ascii: "`"): (kind, length) = one(.backtick)
        case UInt8(ascii: ":"): (kind, length) = either(.colon, .colonAssign)
        case UInt8(ascii: "."):
            (kind, length) = next == byte && bytes[position + 2] == byte ? (.ellipsis, 3) : (.dot, 1)
        case UInt8(ascii: "="): (kind, length) = either(.assign, .equal)
        case UInt8(ascii: "!"): (kind, length) = either(.exclamation, .notEqual)
        case UInt8(ascii: "+"): (kind, length) = either(.plus, .plusAssign)
        case UInt8(ascii: "-"): (kind, length) = next == UInt8(ascii: ">") ? (.arrow, 2) : either(.minus, .minusAssign)
        case UInt8(ascii: "*"): (kind, length) = doubled(.star, .starAssign, .doubleStar, .doubleStarAssign)
        case UInt8(ascii: "/"): (kind, length) = doubled(.slash, .slashAssign, .doubleSlash, .doubleSlashAssign)
        case UInt8(ascii: "%"): (kind, length) = either(.percent, .percentAssign)
        case UInt8(ascii: "@"): (kind, length) = either(.at, .atAssign)
        case UInt8(ascii: "&"): (kind, length) = either(.ampersand, .ampersandAssign)
        case UInt8(ascii: "|"): (kind, length) = either(.bar, .barAssign)
        case UInt8(ascii: "^"): (kind, length) = either(.caret, .caretAssign)
        case UInt8(ascii: "<"):
            (kind, length) =
                next == UInt8(ascii: ">") ? (.lessGreater, 2) : doubled(.less, .lessEqual, .leftShift, .leftShiftAssign)
        case UInt8(ascii: ">"): (kind, length) = doubled(.greater, .greaterEqual, .rightShift, .rightShiftAssign)
        default:
            note(start, byte == 0 ? "source code cannot contain null bytes" : "invalid character in source")
            (kind, length) = one(.error)
        }
        position += length
        add(kind, start, position)
        trackBracket(byte, start)
    }

    private mutating func trackBracket(_ byte: UInt8, _ start: Int) {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            if brackets.count >= Self.maximumBrackets {
                if brackets.count == Self.maximumBrackets { note(start, "too many nested parentheses") }
                // What follows cannot be understood, and need not be read to the end.
                position = count
                brackets.removeAll()
                openOffsets.removeAll()
                return
            }
            brackets.append(byte)
            openOffsets.append(start)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            let opening: UInt8 = byte == UInt8(ascii: ")") ? UInt8(ascii: "(") : byte - 2
            let floor: Int
            if case .expression(_, let depth)? = frames.last { floor = depth } else { floor = 0 }
            guard brackets.count > floor, let last = brackets.last else {
                note(start, "unmatched '\(Character(Unicode.Scalar(byte)))'")
                return
            }
            if last != opening {
                note(start, "closing parenthesis does not match the opening one")
            }
            brackets.removeLast()
            openOffsets.removeLast()
        default: break
        }
    }
}
