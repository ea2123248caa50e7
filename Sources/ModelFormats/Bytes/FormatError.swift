/// What is wrong with a file, and at which of its bytes.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from the start of the file; within a packed member of an archive, from the start of what it unpacks to.
    public let offset: Int
    public let problem: String

    public init(_ offset: Int, _ problem: String) {
        self.offset = offset
        self.problem = problem
    }

    public var description: String { "\(problem) (byte \(offset))" }
}

/// Bytes that a reader needs and that are not here yet. Whoever fetches the file gets the range and runs the reader again: readers
/// are quick, pure functions of the bytes, so running one again costs less than keeping it waiting.
public struct BytesMissing: Error, Sendable {
    public let range: Range<Int>

    public init(_ range: Range<Int>) {
        self.range = range
    }
}
