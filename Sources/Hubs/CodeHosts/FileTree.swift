import Foundation
import ModelPackage

/// The files of a hub that is a repository: a plain folder, a checkout, a bare repository, or a clone of an address.
protocol FileTree: Sendable {
    /// All files, by path from the root with `/`, sorted.
    func files() async throws -> [TreeFile]
    /// The content of files, by path. A file that is longer than `limit` bytes or cannot be read is left out.
    func contents(of paths: [String], limit: Int) async throws -> [String: [UInt8]]
    /// The newest commit that touched each file; empty where there is no history.
    func lastCommits() async throws -> [String: FileCommit]
}

/// A file of a tree.
struct TreeFile: Sendable, Equatable {
    let path: String
    let size: Int64?
    let gitObjectID: GitObjectID?
}

/// The commit that last touched a file.
struct FileCommit: Sendable, Equatable {
    let id: GitObjectID
    let date: Instant
}

/// Opens what `--from` names, or a hub's own repository.
struct RepositorySource: Sendable {
    let hub: HubID
    /// An address, or a path on this machine.
    let location: String
    /// Where a clone of an address may be kept between runs.
    let workFolder: URL

    /// - Throws: ``HubError`` where there is nothing of the kind, or git cannot fetch it.
    func open() async throws -> any FileTree {
        let path = (location as NSString).expandingTildeInPath
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else {
                throw HubError(hub, .badSource, "\(path) is a file: give a folder, a git repository or a git address")
            }
            let url = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
            if GitTree.isRepository(url) { return GitTree(hub: hub, folder: url) }
            return FolderTree(hub: hub, root: url)
        }
        guard Self.looksLikeAddress(location) else {
            throw HubError(hub, .badSource, "there is no folder \(path), and it is not a git address")
        }
        let folder = workFolder.appending(path: "git-\(hub.rawValue).git", directoryHint: .isDirectory)
        let tree = GitTree(hub: hub, folder: folder)
        try await tree.fetch(from: location)
        return tree
    }

    private static func looksLikeAddress(_ text: String) -> Bool {
        ["https://", "http://", "ssh://", "git://", "file://"].contains { text.lowercased().hasPrefix($0) }
            || text.contains(/^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^-]/)
    }
}

/// A plain folder. Links are not followed, so nothing outside is read.
struct FolderTree: FileTree {
    let hub: HubID
    let root: URL

    private static let maximumFiles = 1_000_000

    func files() throws -> [TreeFile] {
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .isSymbolicLinkKey, .fileSizeKey]
        var failure: (URL, any Error)?
        guard
            let walker = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: Array(keys),
                errorHandler: { url, error in
                    failure = (url, error)
                    return false
                })
        else { throw HubError(hub, .badSource, "cannot read the folder \(root.path)") }
        var files: [TreeFile] = []
        let prefix = root.path.hasSuffix("/") ? root.path : root.path + "/"
        for case let url as URL in walker {
            let values = try? url.resourceValues(forKeys: keys)
            guard values?.isRegularFile == true, values?.isSymbolicLink != true, url.path.hasPrefix(prefix) else { continue }
            guard files.count < Self.maximumFiles else {
                throw HubError(hub, .badSource, "the folder \(root.path) has more than \(Self.maximumFiles) files")
            }
            files.append(
                TreeFile(
                    path: String(url.path.dropFirst(prefix.count)), size: values?.fileSize.map(Int64.init), gitObjectID: nil))
        }
        if let (url, error) = failure {
            throw LocalFile.unreadable(url.path, error, hub)
        }
        return files.sorted { $0.path < $1.path }
    }

    func contents(of paths: [String], limit: Int) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for path in paths {
            // What cannot be read is left out, as what is too long is: the file itself stays listed.
            if let text = try? LocalFile.contents(of: path, in: root, limit: limit, hub) { contents[path] = text }
        }
        return contents
    }

    func lastCommits() -> [String: FileCommit] { [:] }
}
