import ModelPackage

/// A listing of records that are all at hand, for hubs small enough to be read whole.
actor MemoryListing: HubListing {
    private let records: [RawRecord]
    private var position: Int
    nonisolated let expectedCount: Int?

    private static let pageSize = 200

    /// - Parameter resumePoint: how many records were listed before.
    init(_ records: [RawRecord], after resumePoint: String?) {
        self.records = records
        position = resumePoint.flatMap { Int($0) }.map { min(max(0, $0), records.count) } ?? 0
        expectedCount = records.count
    }

    func nextPage() -> ListingPage? {
        guard position < records.count else { return nil }
        let end = min(position + Self.pageSize, records.count)
        defer { position = end }
        return ListingPage(records: Array(records[position..<end]), resumePoint: String(end))
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
