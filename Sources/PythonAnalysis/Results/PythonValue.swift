/// A constant of Python.
public indirect enum PythonConstant: Hashable, Sendable {
    case none
    case ellipsis
    case bool(Bool)
    case int(Int)
    /// An integer of more than 64 bits, in decimal digits.
    case largeInt(String)
    case float(Double)
    case text(String)
    case bytes([UInt8])
    /// A path of `pathlib`.
    case path(String)
    case list([PythonConstant])
    case tuple([PythonConstant])
    case set([PythonConstant])
    case dictionary([Pair])

    public struct Pair: Hashable, Sendable {
        public let key: PythonConstant
        public let value: PythonConstant
    }

    /// The text, where it is one; that of bytes where they are UTF-8.
    public var text: String? {
        switch self {
        case .text(let text), .path(let text): text
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }
}

/// What an expression can be.
public struct PythonValue: Sendable {
    /// One value that is possible, and where it comes from.
    public struct Candidate: Sendable {
        public let constant: PythonConstant
        /// Literals and operations that it was made by, the last one first.
        public let evidence: [SourcePlace]
    }

    /// What is possible, in the order in which it was found.
    public let candidates: [Candidate]
    /// Whether nothing else is possible.
    public let isComplete: Bool
    /// Texts of which only parts are known; nil stands for an unknown part.
    public let templates: [[String?]]
    /// Dotted names of the functions, classes and modules that it can be; with `()` those of the classes whose instances it can be.
    public let names: [String]

    /// The only thing that it can be.
    public var exact: PythonConstant? { isComplete && candidates.count == 1 ? candidates[0].constant : nil }
    public var isUnknown: Bool { !isComplete || candidates.isEmpty }
}

/// A range of a file.
public struct SourcePlace: Hashable, Sendable {
    /// The file's path as the caller gave it.
    public let path: String
    /// From 1.
    public let line: Int
    /// In bytes of UTF-8, from 0.
    public let column: Int
    public let endLine: Int
    public let endColumn: Int

    public init(path: String, line: Int, column: Int, endLine: Int, endColumn: Int) {
        self.path = path
        self.line = line
        self.column = column
        self.endLine = endLine
        self.endColumn = endColumn
    }
}
