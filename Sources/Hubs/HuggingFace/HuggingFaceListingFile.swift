import Documents
import Foundation
public import ModelPackage

/// Listing records of the Hub in a file: one JSON object a line (`.jsonl`), a JSON array or one object (`.json`), or a
/// folder of such `.json` files.
public struct HuggingFaceListingFile: ModelHub {
    public let id = HubID.huggingface
    public let source: String
    private let files: [URL]

    /// - Throws: ``HubError`` where the path is not a listing file, or a folder without one.
    public init(path: String) throws(HubError) {
        let url = URL(filePath: path).standardizedFileURL
        source = url.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw HubError(
                .huggingface, .badSource, "there is no file \(url.path): give a .json or .jsonl file of listing records")
        }
        guard isFolder.boolValue else {
            files = [url]
            return
        }
        do {
            files = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
                .filter { ["json", "jsonl"].contains($0.pathExtension) }.sorted { $0.path < $1.path }
        } catch {
            throw LocalFile.unreadable(url.path, error, .huggingface)
        }
        let root = url.resolvingSymlinksInPath().path + "/"
        if let link = files.first(where: { !$0.resolvingSymlinksInPath().path.hasPrefix(root) }) {
            throw HubError(
                .huggingface, .badSource, "\(link.path) is a link that leads out of \(url.path): it is not followed")
        }
        if files.isEmpty {
            throw HubError(.huggingface, .badSource, "the folder \(url.path) has no .json or .jsonl file")
        }
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        if query.wantsDetails {
            throw HubError(
                .huggingface, .badSource, "a listing file has no details to ask for: leave --details out, or pull from the Hub")
        }
        let start = try resumePoint.map { try FilePosition(parsing: $0, files: files) }
        if query.order != nil || query.topFraction != nil {
            let chosen = try SortedSelection(files, query)
            return SelectedListing(files: files, records: chosen.records, position: start?.record ?? 0)
        }
        let limit = query.limit.map { $0 - (start?.record ?? 0) }
        return FileListing(files: files, filter: query.isUnfiltered ? nil : query, limit: limit, start: start)
    }
}

extension ListingQuery {
    /// Whether every record is wanted, up to the limit.
    fileprivate var isUnfiltered: Bool { author == nil && search == nil && tags.isEmpty && since == nil }
}

/// A place in a row of files, with what tells whether the files are still the same.
private struct FilePosition {
    var file: Int
    var offset: Int
    /// Records handed over before.
    var record: Int

    init(file: Int, offset: Int, record: Int) {
        self.file = file
        self.offset = offset
        self.record = record
    }

    init(parsing text: String, files: [URL]) throws(HubError) {
        let parts = text.split(separator: " ")
        guard parts.count == 4, let file = Int(parts[0]), let offset = Int(parts[1]), let record = Int(parts[2]),
            file <= files.count, parts[3] == Self.identity(of: files)
        else { throw HubError(.huggingface, .changedSource, "the listing file has changed since the crawl began") }
        self.init(file: file, offset: offset, record: record)
    }

    func text(_ files: [URL]) -> String { "\(file) \(offset) \(record) \(Self.identity(of: files))" }

    private static func identity(of files: [URL]) -> String {
        files.map { file in
            let values = try? FileManager.default.attributesOfItem(atPath: file.path)
            let size = (values?[.size] as? NSNumber)?.int64Value ?? -1
            let modified = (values?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? -1
            return "\(size)@\(Int64(modified * 1000))"
        }.joined(separator: ",")
    }
}

/// Records as they stand in the files, filtered and limited, in pages of some megabytes.
private actor FileListing: HubListing {
    private let files: [URL]
    private let filter: ListingQuery?
    private var remaining: Int?
    private var position: FilePosition
    private var current: ListingFileReader?

    init(files: [URL], filter: ListingQuery?, limit: Int?, start: FilePosition?) {
        self.files = files
        self.filter = filter
        remaining = limit
        position = start ?? FilePosition(file: 0, offset: 0, record: 0)
    }

    func nextPage() throws -> ListingPage? {
        while position.file < files.count, remaining.map({ $0 > 0 }) ?? true {
            if current == nil { current = try ListingFileReader(files[position.file], from: position.offset) }
            guard let reader = current else { return nil }
            guard let chunk = try reader.nextChunk() else {
                current = nil
                position.file += 1
                position.offset = 0
                continue
            }
            position.offset = reader.offset
            var records = chunk.map { RawRecord($0.text) }
            if let filter { records = filter.select(from: records, HuggingFaceRecordReader()) }
            if let left = remaining {
                records = Array(records.prefix(left))
                remaining = left - records.count
            }
            position.record += records.count
            return ListingPage(records: records, resumePoint: position.text(files))
        }
        return nil
    }
}

/// The places of the records that a query with an order chooses: found in one pass, read again in a second.
private struct SortedSelection {
    struct Place {
        let file: Int
        let range: Range<Int>
        let key: Int64
    }

    let records: [Place]

    init(_ files: [URL], _ query: ListingQuery) throws {
        var places: [Place] = []
        for (index, file) in files.enumerated() {
            let reader = try ListingFileReader(file, from: 0)
            while let chunk = try reader.nextChunk() {
                for record in chunk {
                    // A record that cannot be read sorts first, so that it is reported.
                    var key = Int64.max
                    if let package = try? HuggingFaceRecordReader().package(from: RawRecord(record.text)) {
                        guard query.matches(package) else { continue }
                        key = query.sortKey(of: package)
                    }
                    places.append(Place(file: index, range: record.place, key: key))
                }
            }
        }
        places.sort { ($1.key, $0.file, $0.range.lowerBound) < ($0.key, $1.file, $1.range.lowerBound) }
        records = Array(places.prefix(query.wantedCount(of: places.count)))
    }
}

/// Records at chosen places.
private actor SelectedListing: HubListing {
    private let files: [URL]
    private let records: [SortedSelection.Place]
    private var position: Int
    nonisolated let expectedCount: Int?

    private static let pageSize = 1000

    init(files: [URL], records: [SortedSelection.Place], position: Int) {
        self.files = files
        self.records = records
        self.position = position
        expectedCount = records.count
    }

    func nextPage() throws -> ListingPage? {
        guard position < records.count else { return nil }
        let end = min(position + Self.pageSize, records.count)
        var page: [RawRecord] = []
        var handles: [Int: FileHandle] = [:]
        for place in records[position..<end] {
            let handle = try handles[place.file] ?? LocalFile.open(files[place.file], .huggingface)
            handles[place.file] = handle
            try handle.seek(toOffset: UInt64(place.range.lowerBound))
            let data = try handle.read(upToCount: place.range.count) ?? Data()
            page.append(RawRecord(singleLineJSON(Array(data)[...])))
        }
        position = end
        return ListingPage(
            records: page, resumePoint: FilePosition(file: 0, offset: 0, record: end).text(files))
    }
}
