import Catalog
import Hubs
import ModelPackage
import Storage

/// A page of records read, compressed and made ready for the catalog: all the work that needs no order.
struct PreparedPage: Sendable {
    let items: [CatalogIngest.Item]
    /// The records as a frame of the record file; nil where they stand in one already.
    let frame: [UInt8]?
    let recordBytes: Int64
    let resumePoint: String?

    /// Makes packages of a page's records, and a frame of the records themselves.
    init(_ page: ListingPage, _ reader: any RecordReader, of hub: HubID) throws {
        items = page.records.map { Self.item($0, reader, hub) }
        frame = page.records.isEmpty ? nil : try RecordFileWriter.frame(of: page.records.map(\.bytes))
        recordBytes = Self.size(of: page.records)
        resumePoint = page.resumePoint
    }

    /// Makes packages of records that are kept already.
    init(kept records: [RawRecord], _ reader: any RecordReader, of hub: HubID) {
        items = records.map { Self.item($0, reader, hub) }
        frame = nil
        recordBytes = Self.size(of: records)
        resumePoint = nil
    }

    private static func size(of records: [RawRecord]) -> Int64 {
        records.reduce(0) { $0 + Int64($1.bytes.count) }
    }

    private static func item(_ record: RawRecord, _ reader: any RecordReader, _ hub: HubID) -> CatalogIngest.Item {
        do throws(RecordError) {
            return .package(PackageRow(try reader.package(from: record)))
        } catch {
            return .failure(CrawlFailure(package: error.name.map { "\(hub.rawValue):\($0)" }, reason: error.reason))
        }
    }
}
