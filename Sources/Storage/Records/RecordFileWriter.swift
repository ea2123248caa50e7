import Foundation
public import ModelPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Gathers the records of a crawl in `tmp/` and moves them to `records/` when the crawl has ended.
///
/// The file is a row of independent Zstandard frames, each some thousand lines of JSON. The first and the last frame are
/// skippable ones that say what crawl it is and how it ended, so that the catalog can be made again from the files
/// alone. `zstd -dc` gives the lines.
public struct RecordFileWriter: ~Copyable, Sendable {
    private let file: OpenFile
    private let destination: URL
    /// Bytes written so far.
    public private(set) var length: Int64

    /// Opens the file of a crawl. What lies beyond `length`, the part that the catalog knows of, is cut off.
    ///
    /// - Parameter header: what a new file begins with: JSON text that says what crawl it is.
    /// - Throws: ``StorageError``; `damaged` where the file is shorter than `length`.
    public init(
        _ dataset: DatasetDirectory, hub: HubID, crawl: Int64, length: Int64, header: [UInt8]
    ) throws(StorageError) {
        let path = dataset.unfinishedRecordFile(hub: hub, crawl: crawl).path
        let opened = try OpenFile(path, flags: O_RDWR | O_CREAT)
        let size = try opened.size()
        guard size >= length else {
            throw .damaged(path: path, offset: size, reason: "the records of the unfinished crawl are cut short")
        }
        if size > length { try opened.truncate(to: length) }
        let headerFrame = length == 0 ? ZstandardFrame.skippable(header) : []
        try opened.write(headerFrame, at: 0)
        file = opened
        self.length = max(length, Int64(headerFrame.count))
        destination = dataset.recordFile(hub: hub, crawl: crawl)
    }

    /// Compresses records, one a line, into a frame. Costly, and independent of any file.
    public static func frame(of records: [ArraySlice<UInt8>]) throws(StorageError) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(records.reduce(0) { $0 + $1.count + 1 })
        for record in records {
            lines.append(contentsOf: record)
            lines.append(UInt8(ascii: "\n"))
        }
        return try ZstandardFrame.compress(lines, level: 1)
    }

    /// Appends a frame. Returns where it begins.
    public mutating func append(_ frame: [UInt8]) throws(StorageError) -> Int64 {
        let start = length
        try file.write(frame, at: start)
        length += Int64(frame.count)
        return start
    }

    /// Waits until what was appended is on the disk.
    public func synchronize() throws(StorageError) {
        try file.synchronize()
    }

    /// Ends the file with a summary of the crawl, as JSON text, and gives it its place among the records.
    public mutating func finish(summary: [UInt8]) throws(StorageError) {
        _ = try append(ZstandardFrame.skippable(summary))
        try synchronize()
        do {
            try FileManager.default.createDirectory(
                at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw StorageError.describing("make the folder of", destination.path, error)
        }
        try moveIntoPlace(file.path, destination.path)
    }
}
