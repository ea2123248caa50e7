import Foundation
import ModelFormats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Lists the files below a folder, without following anything out of it and without waiting for anything.
struct FolderWalk {
    /// A file to scan.
    struct File {
        var place: String
        /// Below the folder, with `/`.
        var path: String
    }

    private(set) var files: [File] = []
    /// What is no file that can be read, and why.
    private(set) var problems: [(path: String, message: String)] = []
    /// What was passed over, and why.
    private(set) var skipped: [(path: String, reason: String)] = []
    /// Links to files that are not in the folder.
    private(set) var outsideLinks: [(path: String, target: String)] = []

    private let root: String
    private let resolvedRoot: String

    init(_ folder: String) {
        root = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        resolvedRoot = URL(filePath: folder).resolvingSymlinksInPath().standardizedFileURL.path
        var waiting = [""]
        while let prefix = waiting.popLast() { list(prefix, &waiting) }
        files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private mutating func list(_ prefix: String, _ waiting: inout [String]) {
        let folder = prefix.isEmpty ? root : "\(root)/\(prefix)"
        guard let stream = opendir(folder) else {
            problems.append((prefix.isEmpty ? root : prefix, "the folder cannot be read: \(String(cString: strerror(errno)))"))
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            var status = stat()
            guard lstat("\(root)/\(path)", &status) == 0 else {
                problems.append((path, "cannot be looked at: \(String(cString: strerror(errno)))"))
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: files.append(File(place: "\(root)/\(path)", path: path))
            case S_IFDIR:
                if name == ".git" { skipped.append((path, "git's own store")) } else { waiting.append(path) }
            case S_IFLNK: note(link: path)
            default: problems.append((path, "is no file: a pipe, a socket or a device, which is not opened"))
            }
        }
    }

    private mutating func note(link path: String) {
        let target = URL(filePath: "\(root)/\(path)").resolvingSymlinksInPath().standardizedFileURL.path
        var status = stat()
        guard stat(target, &status) == 0 else {
            skipped.append((path, "a link to nothing"))
            return
        }
        let isInside = target == resolvedRoot || target.hasPrefix(resolvedRoot + "/")
        if isInside {
            // What it points to is scanned where it stands.
            let inside = target.dropFirst(min(target.count, resolvedRoot.count + 1))
            skipped.append((path, "a link to \(inside.isEmpty ? "the folder itself" : String(inside))"))
        } else if status.st_mode & S_IFMT == S_IFREG, isCacheLink(target) {
            files.append(File(place: target, path: path))
        } else {
            outsideLinks.append((path, target))
        }
    }

    /// A client's cache keeps the files of a snapshot as links into a folder of contents beside it: `models--X/snapshots/COMMIT/…` to `models--X/blobs/…`.
    private func isCacheLink(_ target: String) -> Bool {
        let folder = URL(filePath: target).deletingLastPathComponent()
        guard folder.lastPathComponent == "blobs" else { return false }
        return resolvedRoot.hasPrefix(folder.deletingLastPathComponent().path + "/")
    }
}
