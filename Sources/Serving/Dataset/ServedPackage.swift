import Catalog
import HubMirror
import Hubs
import ModelPackage
import Snapshots
import Storage

/// A package with all that the mirror says of it without looking into one revision.
struct ServedPackage: Sendable {
    let entry: CatalogPackage
    /// The newest first.
    let snapshots: [SnapshotSummary]
    /// The name that the mirror gives it.
    let name: String
    /// The commit of `main`; empty where nobody has named one.
    private(set) var head: String
    /// The package's git mirror, where it has one of its own with branches.
    let repository: ServedRepository?
    /// What upstream says of the default branch; nil where it was not asked, or has no answer.
    private(set) var upstream: Upstream.Answer?

    init(_ entry: CatalogPackage, snapshots: [SnapshotSummary], name: String, repository: ServedRepository?) {
        self.entry = entry
        self.snapshots = snapshots
        self.name = name
        self.repository = repository
        let ofMain = snapshots.first { $0.asked == "main" || $0.asked == "HEAD" } ?? snapshots.first
        head = (ofMain?.revision ?? entry.package.revision?.value)?.hex ?? ""
    }

    var id: PackageID { entry.package.id }

    /// The package as upstream has it now.
    func updated(by answer: Upstream.Answer) -> ServedPackage {
        var package = self
        package.upstream = answer
        package.head = answer.listing.commit.hex
        return package
    }

    var mirrored: MirroredModel {
        var branches: [String: String] = [:]
        var tags: [String: String] = [:]
        for reference in entry.package.references {
            switch reference.kind {
            case .branch: branches[reference.name] = reference.target.hex
            case .tag: tags[reference.name] = reference.target.hex
            case .convert, .pullRequest: continue
            }
        }
        // Snapshots under names of their own; the newest of a name counts.
        for snapshot in snapshots.reversed() where GitObjectID(snapshot.asked) == nil && snapshot.asked != "HEAD" {
            if tags[snapshot.asked] == nil { branches[snapshot.asked] = snapshot.revision.hex }
        }
        if !head.isEmpty { branches["main"] = head }
        if let repository {
            branches.merge(repository.branches) { $1 }
            tags.merge(repository.tags) { $1 }
        }
        return MirroredModel(name: name, head: head, branches: branches, tags: tags)
    }

    /// The full commit that a revision names, also by its first 7 or more digits. Empty for `main` of a package without commits.
    func commit(named revision: String) async throws -> String? {
        if let target = mirrored.target(ofReference: revision) { return target }
        if revision == "main", head.isEmpty { return "" }
        let lowered = revision.lowercased()
        guard lowered.utf8.count >= 7, lowered.utf8.count <= 64, lowered.utf8.allSatisfy({ Self.isHexDigit($0) }) else {
            return nil
        }
        if let known = commits.first(where: { $0.hasPrefix(lowered) }) { return known }
        return try await repository?.mirror.commit(beginningWith: lowered)?.hex
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// All commits that can be served.
    private var commits: [String] {
        var commits = snapshots.map(\.revision.hex)
        if let revision = entry.package.revision?.value.hex { commits.append(revision) }
        return commits
    }

    /// What is known of the history that leads to a commit, newest first: all that the hub told, or the commit alone.
    func history(from commit: String) -> [MirroredCommit] {
        let known = entry.package.commits
        if let start = known.firstIndex(where: { $0.id.hex == commit }) {
            return known[start...].map {
                MirroredCommit(id: $0.id.hex, title: $0.title, authors: $0.authors, date: $0.date)
            }
        }
        guard !commit.isEmpty else { return [] }
        let date = snapshots.first { $0.revision.hex == commit }?.at ?? entry.package.modifiedAt?.value
        return [
            MirroredCommit(
                id: commit, title: "", authors: [entry.package.owner?.value].compactMap { $0 },
                date: date ?? Instant(millisecondsSince1970: 0))
        ]
    }
}

/// A package's git mirror with its branches and tags.
struct ServedRepository: Sendable {
    let mirror: GitMirror
    let branches: [String: String]
    let tags: [String: String]

    /// Nil where a package has no mirror of its own, or one without branches: files of a single commit came through it.
    init?(_ package: PackageID, in directory: DatasetDirectory) async throws {
        // All models of the ONNX Model Zoo share one repository, which is none of theirs.
        guard package.hub != .onnx else { return nil }
        mirror = GitMirror(directory, package.hub, name: package.name)
        guard mirror.exists else { return nil }
        var branches: [String: String] = [:]
        var tags: [String: String] = [:]
        for (name, target) in try await mirror.references() {
            if name.hasPrefix("refs/heads/") { branches[String(name.dropFirst(11))] = target.hex }
            if name.hasPrefix("refs/tags/") { tags[String(name.dropFirst(10))] = target.hex }
        }
        guard !branches.isEmpty else { return nil }
        self.branches = branches
        self.tags = tags
    }
}
