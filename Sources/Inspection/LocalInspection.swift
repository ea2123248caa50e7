import Foundation
public import ModelFormats

/// Inspects files of this machine.
public struct LocalInspection: Sendable {
    private let limits: ReadLimits
    private let wantsHashes: Bool

    public init(limits: ReadLimits = ReadLimits(), wantsHashes: Bool = false) {
        self.limits = limits
        self.wantsHashes = wantsHashes
    }

    /// One file under the name that it is to be told by.
    public func file(at place: String, named path: String) -> InspectedFile {
        let source: FileSource
        do throws(FileSourceError) {
            source = try FileSource(path: place)
        } catch {
            return InspectedFile(path: path, size: 0, bytesRead: 0, contents: nil, failure: error.reason)
        }
        do {
            let contents = try ModelFile.read(source, name: path, limits: limits)
            var file = InspectedFile(
                path: path, size: source.size, bytesRead: min(source.size, source.bytesRead), contents: contents)
            if wantsHashes, let contents {
                file.hashes = try TensorHashing.hashes(of: contents.tensors, in: source)
                file.bytesRead = source.bytesRead
            }
            return file
        } catch {
            return InspectedFile(
                path: path, size: source.size, bytesRead: min(source.size, source.bytesRead), contents: nil, failure: "\(error)")
        }
    }

    /// A file, or all files below a folder; links that lead out of it, hidden folders and what is no plain file are passed over.
    /// - Throws: ``FileSourceError`` where there is nothing of that path.
    public func inspect(_ path: String, name: String? = nil) async throws -> Inspection {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw FileSourceError(path: path, reason: "there is no such file or folder")
        }
        let last = URL(filePath: path).standardizedFileURL.lastPathComponent
        let places = isFolder.boolValue ? try Self.files(below: path) : [(place: path, path: last)]
        let files = await self.files(places)
        if !isFolder.boolValue, let failure = files.first?.failure { throw FileSourceError(path: path, reason: failure) }
        let card = files.first { $0.path.lowercased() == "readme.md" }.flatMap { _ in
            places.first { $0.path.lowercased() == "readme.md" }.flatMap { Self.card(at: $0.place) }
        }
        let transfer = Inspection.Transfer(
            bytesRead: files.reduce(0) { $0 + $1.bytesRead }, bytesTotal: files.totalSize, requests: 0)
        return Inspection(target: path, name: name ?? last, card: card, files: files, transfer: transfer)
    }

    /// The files of a list, read side by side.
    public func files(_ places: [(place: String, path: String)]) async -> [InspectedFile] {
        await withTaskGroup(of: [InspectedFile].self) { group in
            // A task reads many files: most are small, and a task each costs more than the look.
            let workers = max(1, min(8, ProcessInfo.processInfo.activeProcessorCount, places.count))
            for worker in 0..<workers {
                group.addTask {
                    stride(from: worker, to: places.count, by: workers).map { file(at: places[$0].place, named: places[$0].path) }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func files(below folder: String) throws -> [(place: String, path: String)] {
        let root = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath()
        guard
            let walker = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: [.isRegularFileKey, .isSymbolicLinkKey], options: [.skipsHiddenFiles])
        else { throw FileSourceError(path: folder, reason: "the folder cannot be listed") }
        var found: [(place: String, path: String)] = []
        let prefix = root.path + "/"
        let shared = root.deletingLastPathComponent().deletingLastPathComponent().path + "/blobs/"
        for case let file as URL in walker {
            let path = file.path
            guard path.hasPrefix(prefix) else { continue }
            let kind = try file.resourceValues(forKeys: [.isRegularFileKey, .isSymbolicLinkKey])
            if kind.isRegularFile == true {
                found.append((path, String(path.dropFirst(prefix.count))))
            } else if kind.isSymbolicLink == true {
                // A client's cache keeps files as links into a folder of contents; links are followed while they stay near.
                let target = file.resolvingSymlinksInPath().path
                var isFolder: ObjCBool = false
                guard target.hasPrefix(prefix) || target.hasPrefix(shared),
                    FileManager.default.fileExists(atPath: target, isDirectory: &isFolder),
                    !isFolder.boolValue
                else { continue }
                found.append((target, String(path.dropFirst(prefix.count))))
            }
        }
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The text of a card, as far as a megabyte; nil where it cannot be read.
    public static func card(at place: String) -> String? {
        do {
            let source = try FileSource(path: place)
            return String(decoding: try source.prefix(1 << 20), as: UTF8.self)
        } catch {
            // Without a card there is one claim fewer; that the file cannot be read is told with the file.
            return nil
        }
    }
}
