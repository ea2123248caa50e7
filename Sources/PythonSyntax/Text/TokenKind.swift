/// What a token is. Keywords and operators each have a kind of their own; soft keywords (`match`, `case`, `type`, `_`) are names.
enum TokenKind: UInt8, Sendable {
    case endOfFile, newline, indent, dedent, name, number, string
    // The parts of an f-string or t-string: its opening, literal text, and its closing quotes.
    case fstringStart, fstringMiddle, fstringEnd
    /// Something that is no token of Python.
    case error

    // Keywords.
    case kFalse, kNone, kTrue, kAnd, kAs, kAssert, kAsync, kAwait, kBreak, kClass, kContinue, kDef, kDel, kElif, kElse, kExcept
    case kFinally, kFor, kFrom, kGlobal, kIf, kImport, kIn, kIs, kLambda, kNonlocal, kNot, kOr, kPass, kRaise, kReturn, kTry
    case kWhile, kWith, kYield

    // Operators and delimiters.
    case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, colon, semicolon, dot, ellipsis, arrow, assign, colonAssign, at, exclamation
    case plus, minus, star, slash, doubleSlash, percent, doubleStar, leftShift, rightShift, ampersand, bar, caret, tilde
    case less, greater, lessEqual, greaterEqual, equal, notEqual
    /// `<>` and the backtick, of Python 2.
    case lessGreater, backtick
    case plusAssign, minusAssign, starAssign, slashAssign, doubleSlashAssign, percentAssign, doubleStarAssign, leftShiftAssign
    case rightShiftAssign, ampersandAssign, barAssign, caretAssign, atAssign

    /// The keyword that a name is, given its bytes from the lowest up in one word; `.name` where it is none.
    static func keyword(_ packed: UInt64) -> TokenKind {
        switch packed {
        case 0x65736c6146: .kFalse
        case 0x656e6f4e: .kNone
        case 0x65757254: .kTrue
        case 0x646e61: .kAnd
        case 0x7361: .kAs
        case 0x747265737361: .kAssert
        case 0x636e797361: .kAsync
        case 0x7469617761: .kAwait
        case 0x6b61657262: .kBreak
        case 0x7373616c63: .kClass
        case 0x65756e69746e6f63: .kContinue
        case 0x666564: .kDef
        case 0x6c6564: .kDel
        case 0x66696c65: .kElif
        case 0x65736c65: .kElse
        case 0x747065637865: .kExcept
        case 0x796c6c616e6966: .kFinally
        case 0x726f66: .kFor
        case 0x6d6f7266: .kFrom
        case 0x6c61626f6c67: .kGlobal
        case 0x6669: .kIf
        case 0x74726f706d69: .kImport
        case 0x6e69: .kIn
        case 0x7369: .kIs
        case 0x6164626d616c: .kLambda
        case 0x6c61636f6c6e6f6e: .kNonlocal
        case 0x746f6e: .kNot
        case 0x726f: .kOr
        case 0x73736170: .kPass
        case 0x6573696172: .kRaise
        case 0x6e7275746572: .kReturn
        case 0x797274: .kTry
        case 0x656c696877: .kWhile
        case 0x68746977: .kWith
        case 0x646c656979: .kYield
        default: .name
        }
    }
}
