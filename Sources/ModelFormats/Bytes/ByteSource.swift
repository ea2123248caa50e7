/// The bytes of one file, wherever they are. A reader gives the same answer over every source, for it sees nothing else.
public protocol ByteSource: AnyObject, Sendable {
    /// The length of the file in bytes.
    var size: Int { get }

    /// Whether each place that is looked at costs a request: checks that have to look at many places are then left out.
    var isDistant: Bool { get }

    /// A run of the file's bytes that holds at least `range`, which lies within the file.
    /// - Throws: ``BytesMissing`` where they have to be fetched first; ``FormatError`` where they cannot be had.
    func window(covering range: Range<Int>) throws -> ByteWindow
}

/// A run of a file's bytes.
public struct ByteWindow: Sendable {
    /// The place in the file of the first of `bytes`.
    public let start: Int
    public let bytes: ArraySlice<UInt8>

    public init(start: Int, bytes: ArraySlice<UInt8>) {
        self.start = start
        self.bytes = bytes
    }

    public var end: Int { start + bytes.count }

    /// The part that is `range` of the file, which the window covers.
    public func slice(_ range: Range<Int>) -> ArraySlice<UInt8> {
        let first = bytes.startIndex + range.lowerBound - start
        return bytes[first..<first + range.count]
    }

    func covers(_ range: Range<Int>) -> Bool { start <= range.lowerBound && range.upperBound <= end }
}

extension ByteSource {
    public var isDistant: Bool { false }

    /// The bytes of a range.
    /// - Throws: ``FormatError`` where the file ends before it does.
    public func bytes(_ range: Range<Int>) throws -> ArraySlice<UInt8> {
        guard range.lowerBound >= 0, range.upperBound <= size else {
            throw FormatError(
                max(0, min(range.lowerBound, size)),
                "\(range.count) bytes are wanted from byte \(range.lowerBound), and the file ends at \(size)")
        }
        return try window(covering: range).slice(range)
    }

    /// The first bytes, fewer where the file is shorter.
    public func prefix(_ count: Int) throws -> ArraySlice<UInt8> {
        try bytes(0..<min(count, size))
    }
}

/// A file that is in memory.
public final class MemorySource: ByteSource {
    private let content: ArraySlice<UInt8>

    public init(_ content: some Sequence<UInt8>) {
        self.content = ArraySlice(content)
    }

    public var size: Int { content.count }

    public func window(covering range: Range<Int>) throws -> ByteWindow {
        ByteWindow(start: 0, bytes: content)
    }
}

/// A part of another file that is a file of its own, as a stored member of an archive is.
public final class PartSource: ByteSource {
    public let whole: any ByteSource
    /// Where the part lies in the whole.
    public let range: Range<Int>

    public init(_ whole: any ByteSource, _ range: Range<Int>) {
        self.whole = whole
        self.range = range
    }

    public var size: Int { range.count }
    public var isDistant: Bool { whole.isDistant }

    public func window(covering wanted: Range<Int>) throws -> ByteWindow {
        let first = range.lowerBound
        let window = try whole.window(covering: first + wanted.lowerBound..<first + wanted.upperBound)
        let from = max(window.start, first)
        let to = min(window.end, range.upperBound)
        return ByteWindow(start: from - first, bytes: window.slice(from..<to))
    }
}
