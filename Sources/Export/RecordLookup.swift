public import Catalog
import Documents
import Foundation
import ModelPackage
public import Storage

/// Finds the records that packages were read from. Packages come in about the order of their records, so the last frame is
/// usually the right one.
public final class RecordLookup {
    private let dataset: DatasetDirectory
    private var frame: (hub: HubID, crawl: Int64, offset: Int64, lines: [ArraySlice<UInt8>])?

    public init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
    }

    /// The record as the hub gave it.
    ///
    /// - Throws: ``StorageError`` where the record's file is missing or damaged.
    func record(_ location: RecordLocation, hub: HubID) throws -> ArraySlice<UInt8> {
        if frame.map({ ($0.hub, $0.crawl, $0.offset) != (hub, location.crawl, location.frame) }) ?? true {
            let ended = dataset.recordFile(hub: hub, crawl: location.crawl)
            let running = dataset.unfinishedRecordFile(hub: hub, crawl: location.crawl)
            let reader = try RecordFileReader(ended.isThere ? ended : running, from: location.frame)
            guard case .records(let lines, _)? = try reader.next() else {
                throw StorageError.damaged(path: ended.path, offset: location.frame, reason: "there are no records here")
            }
            frame = (hub, location.crawl, location.frame, lines)
        }
        guard let lines = frame?.lines, location.line < lines.count else {
            throw StorageError.damaged(
                path: dataset.recordFile(hub: hub, crawl: location.crawl).path, offset: location.frame,
                reason: "record \(location.line) is missing")
        }
        return lines[Int(location.line)]
    }

    /// The record of a package.
    public func record(of package: CatalogPackage) throws -> ArraySlice<UInt8> {
        try record(package.record, hub: package.package.id.hub)
    }
}

extension URL {
    fileprivate var isThere: Bool { FileManager.default.fileExists(atPath: path) }
}
