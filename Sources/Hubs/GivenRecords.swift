public import ModelPackage

/// A hub whose records are at hand already: those of single models that somebody asked for.
public struct GivenRecords: ModelHub {
    public let id: HubID
    public let source: String
    private let records: [RawRecord]

    public init(_ records: [RawRecord], of hub: HubID, source: String) {
        id = hub
        self.source = source
        self.records = records
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        try MemoryListing(records, of: id, after: resumePoint)
    }
}
