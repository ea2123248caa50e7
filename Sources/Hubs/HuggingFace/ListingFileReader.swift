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
    private var bufferOffset: Int
    private var isAtEnd = false

    private static let chunkSize = 1 << 19
    /// Far above what a record may cost (``RecordLimits``): up to here a line is kept whole although its record is lost.
    private static let longestRecord = 64 << 20

    init(_ file: URL, from offset: Int) throws(HubError) {
        path = file.path
        do {
            handle = try FileHandle(forReadingFrom: file)
        } catch {
            throw HubError(.huggingface, .badSource, "cannot read \(file.path): \(error.localizedDescription)", cause: error)
        }
        form = .lines
        self.offset = offset
        bufferOffset = 0
        if file.pathExtension != "jsonl" {
            try fill()
            switch buffer.first(where: { $0 > 0x20 }) {
            case UInt8(ascii: "["): form = .array(JSONElementScanner())
            case UInt8(ascii: "{"): form = looksLikeLines ? .lines : .oneObject
            default:
                throw HubError(
                    .huggingface, .badSource,
                    "\(path) is not a listing: it should be a JSON array, an object, or one object a line")
            }
        }
        if case .lines = form {
            buffer.removeAll()
            isAtEnd = false
            bufferOffset = offset
            do {
                try handle.seek(toOffset: UInt64(offset))
            } catch {
                throw unreadable(error)
            }
        }
    }

    /// The next records, or nil at the end of the file. At least one record a chunk.
    func nextChunk() throws(HubError) -> [ListedRecord]? {
        while true {
            let records: [ListedRecord]
            switch form {
            case .lines: records = try takeLines()
            case .array(var scanner):
                records = try takeElements(&scanner)
                form = .array(scanner)
            case .oneObject: records = isAtEnd && bufferOffset == 0 && offset == 0 ? takeAll() : []
            }
            if !records.isEmpty { return records }
            if isAtEnd { return nil }
            try fill()
        }
    }

    /// Whether the first line is a whole JSON object and more follows it: lines, whatever the name says.
    private var looksLikeLines: Bool {
        guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")), end + 1 < buffer.count,
            buffer[(end + 1)...].contains(where: { $0 > 0x20 })
        else { return false }
        return (try? JSONDocument(buffer[..<end])) != nil
    }

    private func takeLines() throws(HubError) -> [ListedRecord] {
        let end: Int
        if isAtEnd {
            end = buffer.count
        } else if let newline = buffer.lastIndex(of: UInt8(ascii: "\n")) {
            end = newline + 1
        } else {
            if buffer.count <= Self.longestRecord { return [] }
            throw HubError(
                .huggingface, .badSource,
                "\(path) has a line longer than \(Self.longestRecord) bytes, from byte \(bufferOffset) on: it is not a listing")
        }
        let page = buffer
        let start = bufferOffset
        buffer = Array(page[end...])
        bufferOffset += end
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
            if line.contains(where: { $0 > 0x20 }) {
                lines.append(ListedRecord(text: line, place: (start + line.startIndex)..<(start + line.endIndex)))
            }
            lineStart = lineEnd + 1
        }
        return lines
    }

    private func takeElements(_ scanner: inout JSONElementScanner) throws(HubError) -> [ListedRecord] {
        var elements: [ListedRecord] = []
        let page = buffer
        scan: while true {
            do throws(JSONError) {
                switch try scanner.next(in: page, isComplete: isAtEnd) {
                case .element(let range):
                    // What a run before this one handed over is passed by.
                    let place = (bufferOffset + range.lowerBound)..<(bufferOffset + range.upperBound)
                    if place.lowerBound >= offset {
                        elements.append(ListedRecord(text: singleLineJSON(page[range]), place: place))
                    }
                case .needsMore: break scan
                case .end:
                    isAtEnd = true
                    break scan
                }
            } catch {
                throw HubError(
                    .huggingface, .badSource,
                    "\(path) is not a JSON array that can be read: \(error.problem) at byte \(bufferOffset + error.offset)")
            }
        }
        let consumed = scanner.consumed
        buffer = Array(page[consumed...])
        scanner.dropped(consumed)
        bufferOffset += consumed
        offset = max(offset, bufferOffset)
        return elements
    }

    private func takeAll() -> [ListedRecord] {
        offset = buffer.count
        bufferOffset = buffer.count
        defer { buffer.removeAll() }
        return [ListedRecord(text: singleLineJSON(buffer[...]), place: 0..<buffer.count)]
    }

    private func fill() throws(HubError) {
        do {
            let rest = buffer
            var failure: Int32?
            buffer = [UInt8](unsafeUninitializedCapacity: rest.count + Self.chunkSize) { memory, count in
                count = memory.update(fromContentsOf: rest)
                let got = Foundation.read(handle.fileDescriptor, memory.baseAddress! + count, Self.chunkSize)
                if got < 0 { failure = errno }
                if got <= 0 { isAtEnd = true }
                count += max(0, got)
            }
            if let failure { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
        } catch {
            throw unreadable(error)
        }
    }

    private func unreadable(_ error: any Error) -> HubError {
        HubError(.huggingface, .badSource, "cannot read \(path): \(error.localizedDescription)", cause: error)
    }
}
