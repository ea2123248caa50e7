import Foundation
import ModelPackage
import Subprocess

/// A git repository, read through the `git` program at its `HEAD`, without a checkout.
///
/// Runs with hooks, prompts, LFS smudging and the `ext` protocol off: a repository from outside runs nothing here.
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
        let safety = [
            "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "safe.directory=*", "-c",
            "core.fsmonitor=false",
        ]
        let location = isInside ? ["-C", folder.path] : []
        let environment: Subprocess.Environment = .inherit.updating([
            "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_ASKPASS": "",
        ])
        let result: (status: TerminationStatus, output: [UInt8], errors: String?)
        do {
            let record = try await Subprocess.run(
                .name("git"), arguments: Arguments(safety + location + arguments), environment: environment,
                input: .string(input), output: .bytes(limit: 1 << 30), error: .string(limit: 1 << 20))
            result = (record.terminationStatus, record.standardOutput, record.standardError)
        } catch {
            throw HubError(hub, .unavailable, "cannot run git, which this hub is read with: \(error)", cause: error)
        }
        guard case .exited(0) = result.status else {
            let reason = (result.errors ?? "").split(separator: "\n").first { !$0.isEmpty }.map(String.init) ?? "\(result.status)"
            let shown = arguments.reduce(reason) { $0.replacing($1, with: withoutCredentials($1)) }
            let place = subject.map { withoutCredentials($0) } ?? folder.path
            throw HubError(hub, .unavailable, "git \(arguments[0]) failed for \(place): \(shown)")
        }
        return result.output
    }
}
