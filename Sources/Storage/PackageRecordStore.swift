public import Foundation
public import ModelPackage

/// What was found out about revisions of packages, a JSON file each: `FOLDER/HUB/NAME/COMMIT.json`.
public struct PackageRecordStore<Record: Codable & Sendable>: Sendable {
    private let dataset: DatasetDirectory
    private let folder: URL
    /// What a record is called in errors.
    private let kind: String

    private init(_ dataset: DatasetDirectory, folder: URL, kind: String) {
        self.dataset = dataset
        self.folder = folder
        self.kind = kind
    }

    public func file(_ package: PackageID, _ commit: GitObjectID) -> URL {
        folder.appending(path: "\(package.hub.rawValue)/\(package.name)/\(commit.hex).json")
    }

    /// Puts a record in its place, flushed.
    public func write(_ record: Record, of package: PackageID, _ commit: GitObjectID) throws(StorageError) {
        let destination = file(package, commit)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes: Data
        do {
            bytes = try encoder.encode(record)
        } catch {
            throw StorageError.describing("write", destination.path, error)
        }
        try dataset.place(Array(bytes), at: destination)
    }

    /// The record of a revision, or nil.
    ///
    /// - Throws: ``StorageError`` where it cannot be read.
    public func record(of package: PackageID, _ commit: GitObjectID) throws(StorageError) -> Record? {
        let file = file(package, commit)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try read(file)
    }

    private func read(_ file: URL) throws(StorageError) -> Record {
        let opened = try OpenFile(file.path, flags: O_RDONLY)
        let bytes = try opened.read(Int(try opened.size()), at: 0)
        do {
            return try JSONDecoder().decode(Record.self, from: Data(bytes))
        } catch {
            throw .damaged(path: file.path, offset: 0, reason: "it is no \(kind) that this version writes")
        }
    }

    /// Calls `body` with every record.
    ///
    /// - Throws: ``StorageError`` where one cannot be read, or what `body` throws.
    public func forEachRecord(_ body: (Record) throws -> Void) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        guard let walker = FileManager.default.enumerator(atPath: folder.path) else {
            throw StorageError.failed(operation: "read the folder", path: folder.path, reason: "it cannot be listed")
        }
        while let path = walker.nextObject() as? String {
            guard path.hasSuffix(".json"), let name = path.split(separator: "/").last, GitObjectID(name.dropLast(5)) != nil else {
                continue
            }
            try body(try read(folder.appending(path: path)))
        }
    }
}

extension PackageRecordStore where Record == InspectionRecord {
    /// What looks at headers found.
    public static func inspections(_ dataset: DatasetDirectory) -> Self {
        Self(dataset, folder: dataset.inspections, kind: "inspection")
    }
}

extension PackageRecordStore where Record == ScanRecord {
    /// What scans found.
    public static func scans(_ dataset: DatasetDirectory) -> Self { Self(dataset, folder: dataset.scans, kind: "scan") }
}
