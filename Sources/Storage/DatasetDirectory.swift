public import Foundation
public import ModelPackage

/// The folders of a dataset (docs/architecture.md, "The dataset on disk").
public struct DatasetDirectory: Sendable {
    /// The dataset's own folder.
    public let root: URL

    public init(_ path: String) {
        root = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
    }

    public var catalog: URL { root.appending(path: "catalog.sqlite") }
    public var records: URL { root.appending(path: "records", directoryHint: .isDirectory) }
    /// Work in flight; whatever is not named by the catalog may be deleted.
    public var temporary: URL { root.appending(path: "tmp", directoryHint: .isDirectory) }
    public var lock: URL { temporary.appending(path: "lock") }

    /// Where the records of an ended crawl stand.
    public func recordFile(hub: HubID, crawl: Int64) -> URL {
        records.appending(path: hub.rawValue, directoryHint: .isDirectory).appending(path: "\(crawl).jsonl.zst")
    }

    /// Where the records of a crawl are gathered while it runs.
    public func unfinishedRecordFile(hub: HubID, crawl: Int64) -> URL {
        temporary.appending(path: "records-\(hub.rawValue)-\(crawl).jsonl.zst")
    }

    /// Whether there is a dataset here: the folder holds a catalog, or records to make one from.
    public var exists: Bool {
        FileManager.default.fileExists(atPath: catalog.path) || FileManager.default.fileExists(atPath: records.path)
    }

    /// Makes the folders that are missing.
    ///
    /// - Throws: ``StorageError`` where that cannot be done.
    public func create() throws(StorageError) {
        do {
            for folder in [root, records, temporary] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw StorageError.describing("make the dataset's folders in", root.path, error)
        }
    }

    /// The record files of ended crawls, by crawl.
    ///
    /// - Throws: ``StorageError`` where a folder cannot be read.
    public func recordFiles() throws(StorageError) -> [(hub: HubID, crawl: Int64, file: URL)] {
        var files: [(hub: HubID, crawl: Int64, file: URL)] = []
        for hub in HubID.allCases {
            let folder = records.appending(path: hub.rawValue, directoryHint: .isDirectory)
            guard FileManager.default.fileExists(atPath: folder.path) else { continue }
            do {
                for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                    guard name.hasSuffix(".jsonl.zst"), let crawl = Int64(name.dropLast(".jsonl.zst".count)) else { continue }
                    files.append((hub, crawl, folder.appending(path: name)))
                }
            } catch {
                throw StorageError.describing("read the folder", folder.path, error)
            }
        }
        return files.sorted { $0.crawl < $1.crawl }
    }
}
