/// The tokens of a file: kinds and places in plain arrays, nine bytes a token.
struct TokenBuffer {
    private(set) var kinds: ContiguousArray<TokenKind> = []
    private(set) var starts: ContiguousArray<UInt32> = []
    private(set) var ends: ContiguousArray<UInt32> = []
    /// Comments, from the `#` to the end of the line.
    var comments: ContiguousArray<Range<UInt32>> = []
    /// What IPython takes and Python does not.
    var magics: ContiguousArray<Range<UInt32>> = []

    mutating func reserve(_ count: Int) {
        kinds.reserveCapacity(count)
        starts.reserveCapacity(count)
        ends.reserveCapacity(count)
    }

    @inline(__always)
    mutating func append(_ kind: TokenKind, _ start: Int, _ end: Int) {
        kinds.append(kind)
        starts.append(UInt32(truncatingIfNeeded: start))
        ends.append(UInt32(truncatingIfNeeded: end))
    }

    var count: Int { kinds.count }
}

/// Which language a text is in.
enum Dialect: Sendable {
    case python
    /// Python with the magics and shell lines of IPython.
    case notebook
}

/// What is wrong with a file, and where.
public struct SyntaxProblem: Sendable, Hashable {
    /// Byte offset from the start of the text.
    public var offset: Int
    public var message: String
    /// Whether Python 2 takes it.
    public var isPython2: Bool

    public init(offset: Int, message: String, isPython2: Bool = false) {
        self.offset = offset
        self.message = message
        self.isPython2 = isPython2
    }
}
