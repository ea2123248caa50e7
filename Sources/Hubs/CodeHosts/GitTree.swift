import Foundation
import ModelPackage

/// A git repository, read through the `git` program at its `HEAD`, without a checkout.
struct GitTree: FileTree {
    let hub: HubID
    let folder: URL

    static func isRepository(_ url: URL) -> Bool {
        let files = FileManager.default
        return files.fileExists(atPath: url.appending(path: ".git").path)
            || ["HEAD", "objects", "refs"].allSatisfy { files.fileExists(atPath: url.appending(path: $0).path) }
    }

    /// Clones an address into ``folder`` without a checkout, or brings the clone that is there up to date.
    func fetch(from address: String) async throws {
        if Self.isRepository(folder) {
            try await git(["fetch", "--quiet", "--prune", "--no-tags", "--", address, "+HEAD:refs/heads/weir"], of: address)
            try await git(["symbolic-ref", "HEAD", "refs/heads/weir"])
            return
        }
        let parts = folder.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parts, withIntermediateDirectories: true)
        let unfinished = parts.appending(path: folder.lastPathComponent + ".part")
        try? FileManager.default.removeItem(at: unfinished)
        try await GitTree(hub: hub, folder: parts).git(
            ["clone", "--quiet", "--bare", "--no-tags", "--", address, unfinished.path], isInside: false, of: address)
        try FileManager.default.moveItem(at: unfinished, to: folder)
    }

    /// The commit at `HEAD`, or of a branch of another repository.
    static func head(of address: String, branch: String?) async -> GitObjectID? {
        let tree = GitTree(hub: .modelhub, folder: FileManager.default.temporaryDirectory)
        let ref = branch.map { "refs/heads/\($0)" } ?? "HEAD"
        guard let output = try? await tree.git(["ls-remote", "--quiet", "--", address, ref], isInside: false, of: address) else {
            return nil
        }
        return GitObjectID(String(decoding: output.prefix { $0 != UInt8(ascii: "\t") }, as: UTF8.self))
    }

    func files() async throws -> [TreeFile] {
        try await git(["ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD"]).split(separator: 0).compactMap { line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let fields = line[..<tab].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 4, fields[1] == "blob", fields[0] != "120000" else { return nil }
            return TreeFile(
                path: String(decoding: line[line.index(after: tab)...], as: UTF8.self), size: Int64(fields[3]),
                gitObjectID: GitObjectID(fields[2]))
        }
    }

    func contents(of paths: [String], limit: Int) async throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        let sizes = Dictionary(try await files().map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let wanted = paths.compactMap { sizes[$0] }.filter { $0.gitObjectID != nil && ($0.size ?? .max) <= Int64(limit) }
        for start in stride(from: 0, to: wanted.count, by: 500) {
            let batch = wanted[start..<min(start + 500, wanted.count)]
            let names = batch.compactMap { $0.gitObjectID?.hex }.joined(separator: "\n") + "\n"
            var output = try await git(["cat-file", "--batch"], input: names)[...]
            for file in batch {
                guard let newline = output.firstIndex(of: UInt8(ascii: "\n")) else { break }
                let header = String(decoding: output[..<newline], as: UTF8.self).split(separator: " ")
                output = output[(newline + 1)...]
                guard header.count == 3, let size = Int(header[2]), output.count > size else { break }
                contents[file.path] = Array(output.prefix(size))
                output = output.dropFirst(size + 1)
            }
        }
        return contents
    }

    func lastCommits() async throws -> [String: FileCommit] {
        var commits: [String: FileCommit] = [:]
        var current: FileCommit?
        let log = try await git(["log", "--no-renames", "--format=%x01%H %cI", "--name-only", "-z", "HEAD"])
        for entry in log.split(whereSeparator: { $0 == 0 || $0 == UInt8(ascii: "\n") }) {
            if entry.first == 1 {
                let fields = String(decoding: entry.dropFirst(), as: UTF8.self).split(separator: " ")
                guard fields.count == 2, let id = GitObjectID(fields[0]), let date = Instant(iso8601: fields[1]) else { continue }
                current = FileCommit(id: id, date: date)
            } else if let current {
                let path = String(decoding: entry, as: UTF8.self)
                if commits[path] == nil { commits[path] = current }
            }
        }
        return commits
    }

    @discardableResult
    private func git(
        _ arguments: [String], input: String = "", isInside: Bool = true, of subject: String? = nil
    ) async throws -> [UInt8] {
        try await GitProgram(hub: hub).run(arguments, in: isInside ? folder : nil, input: input, of: subject)
    }
}
