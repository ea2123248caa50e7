public import Foundation
import ModelPackage

/// Lays a snapshot out as files.
public struct Checkout: Sendable {
    /// How a file comes to have its content.
    public enum LinkKind: String, Sendable, CaseIterable {
        /// Shares the bytes where the file system can, else copies them.
        case auto
        /// Shares the bytes until one side is written to.
        case reflink
        /// Is the stored file itself: read-only, and never to be written to.
        case hardlink
        case copy
    }

    private let store: BlobStore
    private let link: LinkKind

    public init(_ store: BlobStore, link: LinkKind = .auto) {
        self.store = store
        self.link = link
    }

    /// Writes plain files below a folder, which must be empty or not there: it appears when it is whole.
    ///
    /// - Throws: ``StorageError`` where the folder cannot be made, or a content is missing.
    public func writeFiles(of manifest: SnapshotManifest, to folder: URL) throws(StorageError) -> CheckoutReport {
        let folder = folder.standardizedFileURL
        guard try isFree(folder) else {
            throw .failed(operation: "check out to", path: folder.path, reason: "the folder is there and is not empty")
        }
        let parent = folder.deletingLastPathComponent()
        try make(parent)
        let unfinished = parent.appending(path: ".\(folder.lastPathComponent).weir-\(getpid())", directoryHint: .isDirectory)
        try make(unfinished)
        var report = CheckoutReport()
        do throws(StorageError) {
            // Links last, so that nothing is written through one.
            for file in manifest.files where file.mode != .symbolicLink { try write(file, below: unfinished, &report) }
            for file in manifest.files where file.mode == .symbolicLink { try writeLink(file, below: unfinished, &report) }
        } catch {
            try? FileManager.default.removeItem(at: unfinished)
            throw error
        }
        // Takes the place of an empty folder too.
        guard rename(unfinished.path, folder.path) == 0 else { throw failure("move into place", folder.path) }
        return report
    }

    /// Lays the snapshot out in the cache of the Hub's Python client (`models--OWNER--NAME/{blobs,refs,snapshots}`), so that an
    /// offline `snapshot_download` finds it.
    ///
    /// - Parameter cache: the cache's folder (`HF_HUB_CACHE`), which may hold other models.
    public func writeClientCache(of manifest: SnapshotManifest, to cache: URL) throws(StorageError) -> CheckoutReport {
        let name = "models--" + manifest.package.name.replacing("/", with: "--")
        let root = cache.standardizedFileURL.appending(path: name, directoryHint: .isDirectory)
        let blobs = root.appending(path: "blobs", directoryHint: .isDirectory)
        let snapshot = root.appending(path: "snapshots/\(manifest.commit.hex)", directoryHint: .isDirectory)
        var report = CheckoutReport()
        try make(blobs)
        try make(snapshot)
        for file in manifest.files {
            // The client names a content by the server's ETag: SHA-256 for a large file, git's id for any other.
            let content = file.isLFS ? file.sha256.hex : file.gitObjectID?.hex ?? file.sha256.hex
            let target = blobs.appending(path: content)
            if size(target) != file.size {
                // Under another name until it is whole: an earlier run may have been cut off.
                let unfinished = blobs.appending(path: ".\(content).weir-\(getpid())")
                unlink(unfinished.path)
                try materialize(file, at: unfinished, mode: 0o644, &report)
                guard rename(unfinished.path, target.path) == 0 else { throw failure("move into place", target.path) }
            }
            let place = snapshot.appending(path: file.path.text)
            try make(place.deletingLastPathComponent())
            let up = String(repeating: "../", count: file.path.components.count + 1)
            guard symlink("\(up)blobs/\(content)", place.path) == 0 || errno == EEXIST else { throw failure("link", place.path) }
            report.files += 1
            report.bytes += file.size
        }
        if manifest.revision.lowercased() != manifest.commit.hex, let ref = try? FilePath(manifest.revision) {
            let place = root.appending(path: "refs/\(ref.text)")
            try make(place.deletingLastPathComponent())
            do {
                try Data(manifest.commit.hex.utf8).write(to: place)
            } catch {
                throw .failed(operation: "write", path: place.path, reason: "\(error.localizedDescription)")
            }
        }
        return report
    }

    // MARK: One file

    private func write(
        _ file: SnapshotManifest.File, below folder: URL, _ report: inout CheckoutReport
    ) throws(StorageError) {
        let place = folder.appending(path: file.path.text)
        try make(place.deletingLastPathComponent())
        if exists(place) {
            report.problems.append(.init(path: file.path.text, reason: "another file has this name here: capitals do not count"))
            return
        }
        try materialize(file, at: place, mode: file.mode == .executable ? 0o755 : 0o644, &report)
        report.files += 1
        report.bytes += file.size
    }

    private func writeLink(
        _ file: SnapshotManifest.File, below folder: URL, _ report: inout CheckoutReport
    ) throws(StorageError) {
        let source = store.file(of: file.sha256)
        guard file.size <= 4096, let bytes = FileManager.default.contents(atPath: source.path) else {
            report.problems.append(.init(path: file.path.text, reason: "the link's target is too long"))
            return
        }
        let target = String(decoding: bytes, as: UTF8.self)
        guard Self.staysInside(target, from: file.path) else {
            report.problems.append(
                .init(path: file.path.text, reason: "the link leads out of the folder: \(printable(target))"))
            return
        }
        let place = folder.appending(path: file.path.text)
        try make(place.deletingLastPathComponent())
        guard symlink(target, place.path) == 0 else { throw failure("link", place.path) }
        report.files += 1
        report.links += 1
    }

    /// Whether a link at `path` with this target stays in the folder that the path counts from, whatever other links there are: it
    /// goes up first and no further than the folder, then down.
    static func staysInside(_ target: String, from path: FilePath) -> Bool {
        guard let first = target.utf8.first, first != UInt8(ascii: "/"), !target.utf8.contains(0) else { return false }
        var depth = path.components.count - 1
        var isGoingDown = false
        for bytes in target.utf8.split(separator: UInt8(ascii: "/")) {
            let part = Array(bytes)
            if part == Array(".".utf8) { continue }
            if part == Array("..".utf8) {
                depth -= 1
                if depth < 0 || isGoingDown { return false }
            } else {
                isGoingDown = true
            }
        }
        return true
    }

    private func materialize(
        _ file: SnapshotManifest.File, at place: URL, mode: mode_t, _ report: inout CheckoutReport
    ) throws(StorageError) {
        let source = store.file(of: file.sha256)
        guard let blob = store.blob(file.sha256), blob.size == file.size else {
            throw .failed(
                operation: "check out", path: file.path.text,
                reason: "its content is missing or damaged: 'weir verify --repair' fetches it again")
        }
        if link == .hardlink {
            guard Foundation.link(source.path, place.path) == 0 else { throw failure("link", place.path) }
            report.hardlinked += 1
            return
        }
        switch try FileClone.make(source.path, place.path, mode: mode, sharing: link != .copy, copying: link != .reflink) {
        case .shared: report.reflinked += 1
        case .copied: report.copied += 1
        }
    }

    private func isFree(_ folder: URL) throws(StorageError) -> Bool {
        guard exists(folder) else { return true }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty
        } catch {
            return false
        }
    }

    private func exists(_ place: URL) -> Bool {
        var status = stat()
        return lstat(place.path, &status) == 0
    }

    private func size(_ place: URL) -> Int64? {
        var status = stat()
        return lstat(place.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    }

    private func make(_ folder: URL) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .failed(operation: "make the folder", path: folder.path, reason: error.localizedDescription)
        }
    }

    private func failure(_ operation: String, _ path: String) -> StorageError {
        .failed(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}

/// What a checkout wrote.
public struct CheckoutReport: Sendable {
    public struct Problem: Sendable {
        public let path: String
        public let reason: String
    }

    public var files = 0
    public var bytes: Int64 = 0
    public var reflinked = 0
    public var hardlinked = 0
    public var copied = 0
    public var links = 0
    /// Files that were not written.
    public var problems: [Problem] = []
}
