import ModelPackage

/// A listing of records that are all at hand, for hubs small enough to be read whole.
actor MemoryListing: HubListing {
    private let records: [RawRecord]
    private var position: Int
    nonisolated let expectedCount: Int?

    private static let pageSize = 200

    /// What the records are, so that a listing goes on over the very same ones only.
    private let identity: String

    /// - Parameter resumePoint: of an earlier listing of the same records.
    /// - Throws: ``HubError`` where the records are not the same any more.
    init(_ records: [RawRecord], of hub: HubID, after resumePoint: String?) throws(HubError) {
        let identity = Self.identity(of: records)
        let parts = resumePoint?.split(separator: " ").map(String.init) ?? ["0", identity]
        guard parts.count == 2, parts[1] == identity, let start = Int(parts[0]), (0...records.count).contains(start) else {
            throw HubError(hub, .changedSource, "the hub's files have changed since the crawl began")
        }
        self.records = records
        self.identity = identity
        position = start
        expectedCount = records.count
    }

    func nextPage() -> ListingPage? {
        guard position < records.count else { return nil }
        let end = min(position + Self.pageSize, records.count)
        defer { position = end }
        return ListingPage(records: Array(records[position..<end]), resumePoint: "\(end) \(identity)")
    }

    /// A 64-bit FNV-1a hash of all records.
    private static func identity(of records: [RawRecord]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for record in records {
            record.bytes.withUnsafeBufferPointer { bytes in
                for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            }
            hash = (hash ^ 10) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}

extension ListingQuery {
    /// The records that the query asks for, for hubs that cannot be asked to choose. A record that cannot be read is kept,
    /// so that it is reported.
    func select(from records: [RawRecord], _ reader: any RecordReader) -> [RawRecord] {
        guard !isComplete || order != nil else { return records }
        var chosen: [(record: RawRecord, key: Int64)] = []
        for record in records {
            do throws(RecordError) {
                let package = try reader.package(from: record)
                if matches(package) { chosen.append((record, order == nil && topFraction == nil ? 0 : sortKey(of: package))) }
            } catch {
                chosen.append((record, .max))
            }
        }
        if order != nil || topFraction != nil {
            chosen = chosen.enumerated().sorted { ($1.element.key, $0.offset) < ($0.element.key, $1.offset) }.map(\.element)
        }
        return chosen.prefix(wantedCount(of: chosen.count)).map(\.record)
    }

    /// How many of `count` matching packages are wanted.
    func wantedCount(of count: Int) -> Int {
        var wanted = count
        if let topFraction { wanted = Int((Double(count) * topFraction).rounded(.up)) }
        if let limit { wanted = min(wanted, limit) }
        return wanted
    }
}
