/// The parts of a file that have come so far. A reader that needs others fails with ``BytesMissing``; the caller fetches these, makes a source
/// with them, and runs the reader again.
public final class SparseSource: ByteSource {
    public let size: Int
    /// Apart from each other, in order.
    public let parts: [ByteWindow]

    public var isDistant: Bool { true }

    public init(size: Int, parts: [ByteWindow] = []) {
        self.size = size
        self.parts = parts
    }

    public func window(covering range: Range<Int>) throws -> ByteWindow {
        if range.isEmpty { return ByteWindow(start: range.lowerBound, bytes: []) }
        var low = 0
        var high = parts.count
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].end <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        guard low < parts.count, parts[low].start <= range.lowerBound else {
            // Only what lacks is asked for, up to the next part that is there.
            let end = low < parts.count ? min(parts[low].start, range.upperBound) : range.upperBound
            throw BytesMissing(range.lowerBound..<end)
        }
        guard parts[low].end >= range.upperBound else { throw BytesMissing(parts[low].end..<range.upperBound) }
        return parts[low]
    }

    /// The source with one more part; what overlaps or touches becomes one.
    public func adding(_ part: ByteWindow) -> SparseSource {
        var start = part.start
        var bytes = Array(part.bytes)
        var others: [ByteWindow] = []
        for old in parts {
            if old.end < start || old.start > start + bytes.count {
                others.append(old)
                continue
            }
            if old.start < start {
                bytes = Array(old.slice(old.start..<start)) + bytes
                start = old.start
            }
            let end = start + bytes.count
            if old.end > end { bytes += old.slice(end..<old.end) }
        }
        let place = others.firstIndex { $0.start > start } ?? others.count
        others.insert(ByteWindow(start: start, bytes: bytes[...]), at: place)
        return SparseSource(size: size, parts: others)
    }
}
