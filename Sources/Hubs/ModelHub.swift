public import ModelPackage

/// A place that lists models: how it lists, and where it is read from.
///
/// A hub knows nothing of storage. How its records become packages is a ``RecordReader``, kept apart so that records can be
/// read again without the hub.
public protocol ModelHub: Sendable {
    var id: HubID { get }
    /// Where the records come from, as it is kept with the crawl: an address or a path, never a credential.
    var source: String { get }

    /// Begins a listing, or goes on after `resumePoint` of an earlier one with the same query.
    ///
    /// - Throws: ``HubError`` where the hub cannot be listed at all.
    func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing
}

/// A listing under way.
public protocol HubListing: Sendable {
    /// How many records the hub will list, where it can say so beforehand.
    var expectedCount: Int? { get }

    /// The next page, or nil after the last one.
    ///
    /// - Throws: ``HubError`` where the listing cannot go on; what was returned before stays good.
    func nextPage() async throws -> ListingPage?
}

extension HubListing {
    public var expectedCount: Int? { nil }
}

/// One record as the hub gave it, as a JSON text without line breaks.
public struct RawRecord: Sendable {
    public let bytes: ArraySlice<UInt8>

    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }
}

/// A page of a listing.
public struct ListingPage: Sendable {
    public var records: [RawRecord]
    /// Where the listing goes on after this page. Opaque to everyone but the hub.
    public var resumePoint: String

    public init(records: [RawRecord], resumePoint: String) {
        self.records = records
        self.resumePoint = resumePoint
    }
}

/// Makes packages of a hub's records. Pure: the same record always gives the same package.
public protocol RecordReader: Sendable {
    /// - Throws: ``RecordError`` for a record that cannot be read; no part of such a record is used.
    func package(from record: RawRecord) throws(RecordError) -> Package
}

/// Why one record was lost.
public struct RecordError: Error, Equatable, CustomStringConvertible {
    /// The package's name, where it could be made out.
    public let name: String?
    public let reason: String

    public init(name: String?, reason: String) {
        self.name = name
        self.reason = reason
    }

    public var description: String { "\(name.map { printable($0) } ?? "a record without a name"): \(reason)" }
}

/// Why a hub could not be listed, or not further.
public struct HubError: Error, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The source is not there, or not what the hub's source should be.
        case badSource
        /// The network or the hub failed; the same command may succeed later.
        case unavailable
        /// The source is no longer what it was when the listing began; it must begin anew.
        case changedSource
        /// The hub refused: a token is missing or not enough.
        case refused
    }

    public let hub: HubID
    public let kind: Kind
    /// What was tried, what happened and what to do, in one line.
    public let message: String
    /// What lies behind, for `--verbose`.
    public let cause: (any Error)?

    public init(_ hub: HubID, _ kind: Kind, _ message: String, cause: (any Error)? = nil) {
        self.hub = hub
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    public var description: String { message }

    /// Whether the answer for one model failed this way, and the others may be had all the same.
    var concernsOneModel: Bool { kind == .badSource || kind == .refused }
}

/// The reader of each hub's records.
public func recordReader(for hub: HubID) -> any RecordReader {
    switch hub {
    case .huggingface: HuggingFaceRecordReader()
    case .onnx: ONNXRecordReader()
    case .pytorch: PyTorchHubRecordReader()
    case .modelhub: ModelhubRecordReader()
    case .modelzoo: ModelZooRecordReader()
    }
}
