public import Foundation
public import ModelPackage

/// What looks at the headers of packages found: `inspections/HUB/NAME/COMMIT.json`.
public struct InspectionStore: Sendable {
    public let dataset: DatasetDirectory

    public init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
    }

    public func file(_ package: PackageID, _ commit: GitObjectID) -> URL {
        dataset.inspections.appending(path: "\(package.hub.rawValue)/\(package.name)/\(commit.hex).json")
    }

    /// Puts a record in its place, flushed.
    public func write(_ record: InspectionRecord, of package: PackageID, _ commit: GitObjectID) throws(StorageError) {
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

    /// Calls `body` with every record.
    ///
    /// - Throws: ``StorageError`` where one cannot be read, or what `body` throws.
    public func forEachRecord(_ body: (InspectionRecord) throws -> Void) throws {
        guard FileManager.default.fileExists(atPath: dataset.inspections.path) else { return }
        guard let walker = FileManager.default.enumerator(atPath: dataset.inspections.path) else {
            throw StorageError.failed(operation: "read the folder", path: dataset.inspections.path, reason: "it cannot be listed")
        }
        while let path = walker.nextObject() as? String {
            guard path.hasSuffix(".json"), let name = path.split(separator: "/").last, GitObjectID(name.dropLast(5)) != nil else {
                continue
            }
            let file = dataset.inspections.appending(path: path)
            let opened = try OpenFile(file.path, flags: O_RDONLY)
            let bytes = try opened.read(Int(try opened.size()), at: 0)
            let record: InspectionRecord
            do {
                record = try JSONDecoder().decode(InspectionRecord.self, from: Data(bytes))
            } catch {
                throw StorageError.damaged(path: file.path, offset: 0, reason: "it is no inspection that this version writes")
            }
            try body(record)
        }
    }
}
