import Documents
import Foundation
import ModelPackage

/// A record of a listing file, and where it stands there.
struct ListedRecord {
    let text: ArraySlice<UInt8>
    let place: Range<Int>
}

/// Cuts a listing file into records without reading into them, some megabytes at a time.
final class ListingFileReader {
    /// Where the next chunk begins: a place that ``init(_:from:)`` takes.
    private(set) var offset: Int

    private enum Form {
        case lines
        case array(JSONElementScanner)
        case oneObject
    }

    private let path: String
    private let handle: FileHandle
    private var form: Form
    private var buffer: [UInt8] = []
    private var bufferOffset = 0
    /// Bytes of the buffer that are known to hold no line break.
    private var searched = 0
    private var isAtEnd = false

    private static let chunkSize = 1 << 19
    /// Far above what a record may cost (``RecordLimits``): up to here a line is kept whole although its record is lost.
    private static let longestRecord = 64 << 20
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    init(_ file: URL, from offset: Int) throws(HubError) {
        path = file.path
        handle = try LocalFile.open(file, .huggingface)
        form = .lines
        self.offset = offset
        try fill()
        if buffer.starts(with: Self.byteOrderMark) {
            buffer.removeFirst(Self.byteOrderMark.count)
            bufferOffset = Self.byteOrderMark.count
        }
        let first = buffer.first { !isJSONSpace($0) }
        if first == nil, isAtEnd { throw HubError(.huggingface, .badSource, "\(path) is empty: it should list models") }
        if file.pathExtension != "jsonl" {
            switch first {
            case UInt8(ascii: "["): form = .array(JSONElementScanner())
            case UInt8(ascii: "{"): form = looksLikeLines ? .lines : .oneObject
            default:
                throw HubError(
                    .huggingface, .badSource,
                    "\(path) is not a listing: it should be a JSON array, an object, or one object a line")
            }
        }
        if case .lines = form, offset > bufferOffset { try goTo(offset) }
    }

    /// The next records, or nil at the end of the file. At least one record a chunk.
    ///
    /// - Throws: ``HubError``, or `CancellationError` between two reads.
    func nextChunk() throws -> [ListedRecord]? {
        while true {
            let records: [ListedRecord]
            switch form {
            case .lines: records = try takeLines()
            case .array(var scanner):
                records = try takeElements(&scanner)
                form = .array(scanner)
            case .oneObject: records = isAtEnd && offset == 0 ? takeAll() : []
            }
            if !records.isEmpty { return records }
            if isAtEnd { return nil }
            try Task.checkCancellation()
            try fill()
        }
    }

    /// Whether the first line is a whole JSON object and more follows it: lines, whatever the name says.
    private var looksLikeLines: Bool {
        guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")), end + 1 < buffer.count,
            buffer[(end + 1)...].contains(where: { !isJSONSpace($0) })
        else { return false }
        return (try? JSONDocument(buffer[..<end])) != nil
    }

    private func goTo(_ offset: Int) throws(HubError) {
        buffer.removeAll()
        isAtEnd = false
        bufferOffset = offset
        do {
            try handle.seek(toOffset: UInt64(offset))
        } catch {
            throw LocalFile.unreadable(path, error, .huggingface)
        }
    }

    private func takeLines() throws(HubError) -> [ListedRecord] {
        let end: Int
        if isAtEnd {
            end = buffer.count
        } else if let newline = buffer[searched...].lastIndex(of: UInt8(ascii: "\n")) {
            end = newline + 1
        } else {
            searched = buffer.count
            if buffer.count <= Self.longestRecord { return [] }
            throw HubError(
                .huggingface, .badSource,
                "\(path) has a line longer than \(Self.longestRecord) bytes, from byte \(bufferOffset) on: it is not a listing")
        }
        let page = takeBuffer(upTo: end)
        let start = bufferOffset - end
        offset = bufferOffset
        var lines: [ListedRecord] = []
        var lineStart = 0
        while lineStart < end {
            let lineEnd = page.withUnsafeBytes { bytes -> Int in
                guard let newline = memchr(bytes.baseAddress! + lineStart, 0x0a, end - lineStart) else { return end }
                return UnsafeRawPointer(newline) - bytes.baseAddress!
            }
            var line = page[lineStart..<lineEnd]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.contains(where: { !isJSONSpace($0) }) {
                lines.append(ListedRecord(text: line, place: (start + line.startIndex)..<(start + line.endIndex)))
            }
            lineStart = lineEnd + 1
        }
        return lines
    }

    private func takeElements(_ scanner: inout JSONElementScanner) throws(HubError) -> [ListedRecord] {
        var places: [Range<Int>] = []
        do throws(JSONError) {
            while case .element(let range) = try scanner.next(in: buffer, isComplete: isAtEnd) { places.append(range) }
        } catch {
            // What was found before the fault comes first; the scanner stops at the same place again.
            guard places.isEmpty else { return hand(over: places, &scanner) }
            throw HubError(
                .huggingface, .badSource,
                "\(path) is not a JSON array that can be read: \(error.problem) at byte \(bufferOffset + error.offset)")
        }
        return hand(over: places, &scanner)
    }

    private func hand(over places: [Range<Int>], _ scanner: inout JSONElementScanner) -> [ListedRecord] {
        let consumed = scanner.consumed
        // Inside one long element nothing is consumed, and nothing moves.
        guard consumed > 0 else { return [] }
        let start = bufferOffset
        let page = takeBuffer(upTo: consumed)
        scanner.dropped(consumed)
        defer { offset = max(offset, bufferOffset) }
        return places.compactMap { range in
            let place = (start + range.lowerBound)..<(start + range.upperBound)
            // What a run before this one handed over is passed by.
            return place.lowerBound < offset ? nil : ListedRecord(text: singleLineJSON(page[range]), place: place)
        }
    }

    /// Takes the first bytes of the buffer, or more, and keeps those after `end`.
    private func takeBuffer(upTo end: Int) -> [UInt8] {
        let page = buffer
        buffer = []
        if page.count > end {
            buffer.reserveCapacity(page.count - end + Self.chunkSize)
            buffer += page[end...]
        }
        searched = 0
        bufferOffset += end
        return page
    }

    private func takeAll() -> [ListedRecord] {
        let place = bufferOffset..<(bufferOffset + buffer.count)
        offset = place.upperBound
        return [ListedRecord(text: singleLineJSON(takeBuffer(upTo: buffer.count)[...]), place: place)]
    }

    private func fill() throws(HubError) {
        let filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.chunkSize))
        let got = buffer.withUnsafeMutableBytes {
            Foundation.read(handle.fileDescriptor, $0.baseAddress! + filled, Self.chunkSize)
        }
        let failure = errno
        buffer.removeLast(Self.chunkSize - max(0, got))
        guard got >= 0 else {
            throw LocalFile.unreadable(path, POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO), .huggingface)
        }
        if got == 0 { isAtEnd = true }
    }
}
