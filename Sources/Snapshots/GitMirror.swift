import Foundation
import Hubs
import ModelPackage
import Storage

/// A bare mirror of a repository, `git/HUB/NAME.git`, updated in place.
///
/// History that a server rewrites is kept: where a branch no longer leads to what it led to, the old commit stays under
/// `refs/weir/former/COMMIT`.
struct GitMirror {
    let folder: URL
    private let temporary: URL
    private let git: GitProgram

    init(_ dataset: DatasetDirectory, _ hub: HubID, name: String) {
        // No package's mirror may lie in another's: `net.git/hooks` becomes `net.git~/hooks.git`.
        let parts = name.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        let parents = parts.dropLast().map { $0.lowercased().hasSuffix(".git") ? "\($0)~/" : "\($0)/" }.joined()
        folder = dataset.mirrors.appending(
            path: "\(hub.rawValue)/\(parents)\(parts.last ?? "").git", directoryHint: .isDirectory)
        temporary = dataset.temporary.appending(path: "mirror-\(UUID().uuidString)", directoryHint: .isDirectory)
        git = GitProgram(hub: hub)
    }

    var exists: Bool { FileManager.default.fileExists(atPath: folder.appending(path: "HEAD").path) }

    /// An entry of a revision's tree.
    struct Entry: Sendable {
        let mode: String
        let path: String
        let id: GitObjectID
        /// Nil for a submodule.
        let size: Int64?
        /// Whether the path is UTF-8, as it should be.
        let hasReadablePath: Bool
    }

    /// What an update found.
    struct Update {
        /// The commit of the revision that was asked for.
        let commit: GitObjectID
        /// Branches and tags that no longer lead to what they led to.
        let rewritten: [String]
    }

    /// Brings the mirror to the state of the repository at an address.
    ///
    /// - Parameters:
    ///   - revision: a branch, tag or commit; nil for the default branch.
    ///   - isFull: whether all branches and tags come with their whole history; else the newest commit alone.
    /// - Throws: ``HubError`` where git cannot fetch it. What was there stays as it is.
    func update(from address: String, revision: String?, isFull: Bool) async throws -> Update {
        // A commit that is here need not be asked for.
        if !isFull, exists, let id = revision.flatMap({ GitObjectID($0) }),
            (try? await git.run(["cat-file", "-e", "\(id.hex)^{commit}"], in: folder)) != nil
        {
            return Update(commit: id, rewritten: [])
        }
        let before = exists ? try await heads() : [:]
        let isNew = !exists
        let place = isNew ? temporary : folder
        defer { try? FileManager.default.removeItem(at: temporary) }
        if isNew {
            try make(place)
            try await git.run(["init", "--quiet", "--bare"], in: place)
        }
        // What has its whole history keeps it.
        let isShallow = FileManager.default.fileExists(atPath: place.appending(path: "shallow").path)
        let depth: [String]
        if isFull { depth = isShallow ? ["--unshallow"] : [] } else { depth = isNew || isShallow ? ["--depth", "1"] : [] }
        if isFull {
            try await git.run(
                ["fetch", "--quiet", "--prune", "--no-write-fetch-head"] + depth
                    + ["--", address, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], in: place, of: address)
        }
        try await git.run(
            ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"] + (isFull ? [] : depth)
                + ["--", address, "+\(revision ?? "HEAD"):refs/weir/asked"],
            in: place, of: address)
        let commit = try await commit(of: "refs/weir/asked", in: place)
        let rewritten = try await keepFormer(before, in: place)
        if isNew {
            try make(folder.deletingLastPathComponent())
            guard rename(place.path, folder.path) == 0 else { throw cannotMake(folder, String(cString: strerror(errno))) }
        }
        return Update(commit: commit, rewritten: rewritten)
    }

    /// All files of a commit, submodules too.
    func entries(of commit: GitObjectID) async throws -> [Entry] {
        try await git.run(["ls-tree", "-r", "-z", "-l", "--full-tree", commit.hex], in: folder).split(separator: 0).compactMap {
            line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let fields = line[..<tab].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 4, let id = GitObjectID(fields[2]) else { return nil }
            let bytes = line[line.index(after: tab)...]
            let path = String(decoding: bytes, as: UTF8.self)
            return Entry(
                mode: fields[0], path: path, id: id, size: Int64(fields[3]), hasReadablePath: path.utf8.elementsEqual(bytes))
        }
    }

    /// Reads objects one after another.
    ///
    /// - Parameters:
    ///   - begin: told the number of an object and its length before its bytes.
    ///   - bytes: given its bytes.
    ///   - end: told that it is whole.
    func read(
        _ ids: [GitObjectID], begin: (Int, Int64) throws -> Void, bytes: (UnsafeRawBufferPointer) throws -> Void,
        end: (Int) throws -> Void
    ) async throws {
        if ids.isEmpty { return }
        var number = 0
        var header: [UInt8] = []
        /// Bytes of the object that are still to come, with the line break behind it; nil between two.
        var left: Int64?
        try await git.stream(["cat-file", "--batch"], in: folder, input: ids.map(\.hex).joined(separator: "\n") + "\n") { part in
            var rest = part[...]
            while !rest.isEmpty {
                if let open = left {
                    let take = min(Int64(rest.count), open)
                    let content = min(take, max(0, open - 1))
                    if content > 0 { try bytes(UnsafeRawBufferPointer(rebasing: rest.prefix(Int(content)))) }
                    rest = rest.dropFirst(Int(take))
                    left = open - take
                    if left == 0 {
                        try end(number)
                        number += 1
                        left = nil
                    }
                } else if let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    header.append(contentsOf: rest[..<newline])
                    rest = rest[(newline + 1)...]
                    let fields = String(decoding: header, as: UTF8.self).split(separator: " ")
                    header.removeAll()
                    guard fields.count == 3, fields[1] == "blob", let size = Int64(fields[2]) else {
                        throw HubError(git.hub, .unavailable, "git has no object \(fields.first ?? "") in \(folder.path)")
                    }
                    try begin(number, size)
                    left = size + 1
                } else {
                    header.append(contentsOf: rest)
                    rest = rest.suffix(0)
                }
            }
        }
    }

    private func make(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw cannotMake(folder, error.localizedDescription)
        }
    }

    private func cannotMake(_ folder: URL, _ reason: String) -> HubError {
        HubError(git.hub, .badSource, "cannot make the mirror \(folder.path): \(reason)")
    }

    private func commit(of name: String, in place: URL) async throws -> GitObjectID {
        let text = String(decoding: try await git.run(["rev-parse", "--verify", "\(name)^{commit}"], in: place), as: UTF8.self)
        guard let commit = GitObjectID(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw HubError(git.hub, .unavailable, "git names no commit for \(name) in \(place.path)")
        }
        return commit
    }

    private func heads(in place: URL? = nil) async throws -> [String: String] {
        let text = String(
            decoding: try await git.run(
                ["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"], in: place ?? folder),
            as: UTF8.self)
        return Dictionary(
            text.split(separator: "\n").compactMap { line in
                let parts = line.split(separator: " ")
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Keeps the commits that branches and tags led to and lead to no more.
    private func keepFormer(_ before: [String: String], in place: URL) async throws -> [String] {
        let after = try await heads(in: place)
        var rewritten: [String] = []
        for (name, old) in before.sorted(by: { $0.key < $1.key }) where after[name] != old {
            let isBranch = name.hasPrefix("refs/heads/")
            if isBranch, let new = after[name], (try? await git.run(["merge-base", "--is-ancestor", old, new], in: place)) != nil
            {
                continue
            }
            try await git.run(["update-ref", "refs/weir/former/\(old)", old], in: place)
            rewritten.append(name)
        }
        return rewritten
    }
}
