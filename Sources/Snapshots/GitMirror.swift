package import Foundation
import Hubs
package import ModelPackage
package import Storage

/// A bare mirror of a repository, `git/HUB/NAME.git`, updated in place.
///
/// History that a server rewrites is kept: where a branch no longer leads to what it led to, the old commit stays under
/// `refs/weir/former/COMMIT`.
package struct GitMirror: Sendable {
    package let folder: URL
    private let temporary: URL
    private let git: GitProgram

    package init(_ dataset: DatasetDirectory, _ hub: HubID, name: String) {
        // No package's mirror may lie in another's: `net.git/hooks` becomes `net.git~/hooks.git`.
        let parts = name.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        let parents = parts.dropLast().map { $0.lowercased().hasSuffix(".git") ? "\($0)~/" : "\($0)/" }.joined()
        folder = dataset.mirrors.appending(
            path: "\(hub.rawValue)/\(parents)\(parts.last ?? "").git", directoryHint: .isDirectory)
        temporary = dataset.temporary.appending(path: "mirror-\(UUID().uuidString)", directoryHint: .isDirectory)
        git = GitProgram(hub: hub)
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: folder.appending(path: "HEAD").path) }

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
        try await nameDefaultBranch(asked: revision, in: place)
        let rewritten = try await keepFormer(before, in: place)
        if isNew {
            try make(folder.deletingLastPathComponent())
            guard rename(place.path, folder.path) == 0 else { throw cannotMake(folder, String(cString: strerror(errno))) }
        }
        return Update(commit: commit, rewritten: rewritten)
    }

    /// Branches and tags by their full names, with the commits they lead to.
    package func references() async throws -> [String: GitObjectID] {
        let text = String(
            decoding: try await git.run(
                ["for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", "refs/heads", "refs/tags"], in: folder),
            as: UTF8.self)
        var references: [String: GitObjectID] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            // A tag with a message is an object of its own, which leads to the commit.
            guard parts.count >= 2, let target = GitObjectID(parts.last ?? "") else { continue }
            references[String(parts[0])] = target
        }
        return references
    }

    /// The commit that begins with these digits, where there is exactly one.
    package func commit(beginningWith digits: String) async throws -> GitObjectID? {
        // Git fails where there is none, or several: both are no commit here.
        let output = try? await git.run(["rev-parse", "--verify", "--quiet", "\(digits)^{commit}"], in: folder)
        return output.flatMap { GitObjectID(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// A commit with what was written about it.
    package struct LogEntry: Sendable {
        package let commit: Commit
        package let message: String
    }

    /// The history that leads to a commit, newest first, up to `limit` commits.
    package func history(of commit: GitObjectID, limit: Int) async throws -> [LogEntry] {
        // The fields and entries are set apart by control characters; an entry that holds such ones itself is left out.
        let output = try await git.run(
            ["log", "-n", "\(limit)", "--format=tformat:%H%x1f%an%x1f%at%x1f%s%x1f%b%x1e", commit.hex], in: folder)
        return output.split(separator: 0x1e).compactMap { entry in
            let fields = entry.split(separator: 0x1f, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard fields.count == 5, let id = GitObjectID(fields[0].trimmingCharacters(in: .newlines)),
                let seconds = Int64(fields[2])
            else { return nil }
            return LogEntry(
                commit: Commit(
                    id: id, title: fields[3], authors: [fields[1]],
                    date: Instant(millisecondsSince1970: seconds.multipliedSaturated(by: 1000))),
                message: fields[4].trimmingCharacters(in: .newlines))
        }
    }

    /// One object that git keeps itself.
    ///
    /// - Throws: ``HubError`` where there is no such object.
    package func content(of id: GitObjectID) async throws -> [UInt8] {
        try await git.run(["cat-file", "blob", id.hex], in: folder)
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

    /// Makes `HEAD` lead to a branch that is there, so that a clone of the mirror checks something out: the one that was asked for, or what
    /// is usual.
    private func nameDefaultBranch(asked: String?, in place: URL) async throws {
        let branches = try await heads(in: place).keys.filter { $0.hasPrefix("refs/heads/") }.sorted()
        let head = String(decoding: try await git.run(["symbolic-ref", "--quiet", "HEAD"], in: place), as: UTF8.self)
        guard !branches.contains(head.trimmingCharacters(in: .whitespacesAndNewlines)) else { return }
        let usual = [asked.map { "refs/heads/\($0)" }, "refs/heads/main", "refs/heads/master"].compactMap { $0 }
        guard let branch = usual.first(where: { branches.contains($0) }) ?? branches.first else { return }
        try await git.run(["symbolic-ref", "HEAD", branch], in: place)
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
