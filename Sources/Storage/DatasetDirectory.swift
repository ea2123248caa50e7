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
    /// Contents by SHA-256.
    public var blobs: URL { root.appending(path: "blobs", directoryHint: .isDirectory) }
    /// Manifests of revisions.
    public var snapshots: URL { root.appending(path: "snapshots", directoryHint: .isDirectory) }
    /// What looks at headers found.
    /// What scans of packages found.
    public var scans: URL { root.appending(path: "scans", directoryHint: .isDirectory) }
    public var inspections: URL { root.appending(path: "inspections", directoryHint: .isDirectory) }
    /// Bare git mirrors.
    public var mirrors: URL { root.appending(path: "git", directoryHint: .isDirectory) }
    /// Contents that are on their way.
    public var fetches: URL { temporary.appending(path: "fetch", directoryHint: .isDirectory) }
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
        for folder in [root, records, temporary] { try makeFolder(folder) }
    }

    /// Removes what runs that were killed left in `tmp` and nobody goes on with. The caller holds the lock.
    public func removeLeftovers() throws(StorageError) {
        for name in try names(in: temporary) where name.hasPrefix("mirror-") || name.hasPrefix("manifest-") {
            do {
                try FileManager.default.removeItem(at: temporary.appending(path: name))
            } catch {
                throw StorageError.describing("remove", temporary.appending(path: name).path, error)
            }
        }
    }

    /// Puts a small file in its place, whole and flushed.
    func place(_ bytes: [UInt8], at destination: URL) throws(StorageError) {
        try makeFolder(destination.deletingLastPathComponent())
        try makeFolder(temporary)
        let unfinished = temporary.appending(path: "manifest-\(UUID().uuidString).json").path
        let file = try OpenFile(unfinished, flags: O_WRONLY | O_CREAT | O_EXCL)
        try file.write(bytes, at: 0)
        try file.synchronize()
        try moveIntoPlace(unfinished, destination.path)
    }

    /// Makes a folder, and those that lead to it.
    func makeFolder(_ folder: URL) throws(StorageError) {
        if mkdir(folder.path, 0o777) == 0 || errno == EEXIST { return }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StorageError.describing("make the folder", folder.path, error)
        }
    }

    /// The names in a folder, sorted; none where there is no such folder.
    func names(in folder: URL) throws(StorageError) -> [String] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        } catch {
            throw StorageError.describing("read the folder", folder.path, error)
        }
    }

    /// The record files of ended crawls, by crawl.
    ///
    /// - Throws: ``StorageError`` where a folder cannot be read.
    public func recordFiles() throws(StorageError) -> [(hub: HubID, crawl: Int64, file: URL)] {
        var files: [(hub: HubID, crawl: Int64, file: URL)] = []
        for hub in HubID.allCases {
            let folder = records.appending(path: hub.rawValue, directoryHint: .isDirectory)
            for name in try names(in: folder) {
                guard name.hasSuffix(".jsonl.zst"), let crawl = Int64(name.dropLast(".jsonl.zst".count)) else { continue }
                files.append((hub, crawl, folder.appending(path: name)))
            }
        }
        return files.sorted { $0.crawl < $1.crawl }
    }
}
