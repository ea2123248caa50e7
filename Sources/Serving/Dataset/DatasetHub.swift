import AdmissionPolicy
import Catalog
import Documents
import Foundation
import HubMirror
import Hubs
import ModelPackage
import Pipeline
import Snapshots
import Storage

/// A dataset as the mirror serves it: packages of every hub under one API.
///
/// `main` is the newest snapshot that was taken of a package's default branch; where there is none, the commit that the hub named last.
struct DatasetHub: MirroredHub {
    let dataset: ServedDataset
    let names: RepositoryNames
    let policy: PackagePolicy
    let upstream: Upstream?
    private let packages: BoundedCache<PackageID, ServedPackage>
    private let revisions: BoundedCache<RevisionKey, ServedRevision>
    private let lists: BoundedCache<PackageListQuery, [Int64]>

    private struct RevisionKey: Hashable {
        let package: PackageID
        let commit: String
    }

    /// - Parameter upstream: the hub to ask for what is not held; nil where nobody is asked.
    init(_ dataset: ServedDataset, policy: PackagePolicy = .allowingAll, upstream: Upstream? = nil) {
        self.dataset = dataset
        self.policy = policy
        self.upstream = upstream
        names = RepositoryNames(dataset)
        packages = BoundedCache(capacity: 10_000)
        revisions = BoundedCache(capacity: 2_000_000)
        lists = BoundedCache(capacity: 4_000_000)
    }

    // MARK: Packages

    /// A package by the name that clients call it, or nil.
    ///
    /// - Throws: ``Refusal`` where upstream does not give it, or does not answer.
    func package(named name: String) async throws -> ServedPackage? {
        for id in try await names.candidates(name) {
            if let package = try await package(id) { return package }
        }
        return nil
    }

    /// A package by its own name, or nil.
    ///
    /// - Throws: as ``package(named:)``.
    func package(_ id: PackageID) async throws -> ServedPackage? {
        let held = try await heldPackage(id)
        guard let upstream, id.hub == .huggingface else { return held }
        switch await upstream.ask(id, "main") {
        case .answer(let answer): return try (held ?? Self.package(of: answer, named: id)).updated(by: answer)
        // What upstream has no more, or gives to others only, is served as long as it is held.
        case .refused(let refusal):
            if let held { return held }
            if refusal.code == "RepoNotFound" { return nil }
            throw refusal
        case .unreachable(let earlier):
            if let held { return held }
            if let earlier { return try Self.package(of: earlier, named: id).updated(by: earlier) }
            throw Refusal(504, "This server does not hold \(id), and its upstream does not answer.")
        }
    }

    /// A package that upstream has and the dataset has not.
    private static func package(of answer: Upstream.Answer, named id: PackageID) throws -> ServedPackage {
        let package = try recordReader(for: .huggingface).package(from: answer.record)
        let entry = CatalogPackage(
            package: package, number: -1, firstSeen: nil, lastSeen: nil, removedAt: nil,
            record: RecordLocation(crawl: 0, frame: 0, line: 0))
        return ServedPackage(entry, snapshots: [], name: id.name, repository: nil)
    }

    private func heldPackage(_ id: PackageID) async throws -> ServedPackage? {
        let version = try dataset.version()
        if let kept = packages.value(id, version: version) { return kept }
        let found = try await dataset.read { catalog -> (CatalogPackage, [SnapshotSummary])? in
            guard let entry = try catalog.package(id) else { return nil }
            return (entry, try catalog.snapshots(of: id))
        }
        guard let (entry, snapshots) = found else { return nil }
        let package = ServedPackage(
            entry, snapshots: snapshots, name: RepositoryNames.name(of: id),
            repository: try await ServedRepository(id, in: dataset.directory))
        packages.keep(package, for: id, version: version)
        return package
    }

    func model(named name: String, for caller: Caller) async throws -> MirroredModel? {
        try await package(named: name)?.mirrored
    }

    func newName(of name: String) -> String? { nil }

    // MARK: Revisions

    /// A revision of a package that is served, or nil.
    ///
    /// - Throws: ``Refusal`` where upstream does not give it.
    func revision(_ name: String, of package: ServedPackage) async throws -> ServedRevision? {
        guard let upstream, package.id.hub == .huggingface else { return try await heldRevision(name, of: package) }
        // A short commit that is known here is asked for by its whole.
        let asked = try await package.commit(named: name).flatMap { name == "main" || $0.isEmpty ? nil : $0 } ?? name
        switch await upstream.ask(package.id, asked) {
        case .answer(let answer): return try await revision(answer, of: package)
        case .refused(let refusal):
            if let held = try await heldRevision(name, of: package) { return held }
            throw refusal
        case .unreachable(let earlier):
            if let held = try await heldRevision(name, of: package) { return held }
            if let earlier { return try await revision(earlier, of: package) }
            return nil
        }
    }

    private func revision(_ answer: Upstream.Answer, of package: ServedPackage) async throws -> ServedRevision {
        let version = try dataset.version()
        let key = RevisionKey(package: answer.listing.package, commit: "upstream " + answer.listing.commit.hex)
        if let kept = revisions.value(key, version: version) { return kept }
        let dataset = dataset
        let made = try await dataset.read { try ServedRevision(package, answer, $0, in: dataset) }
        revisions.keep(made, for: key, cost: 16 + made.mirrored.files.count, version: version)
        return made
    }

    private func heldRevision(_ name: String, of package: ServedPackage) async throws -> ServedRevision? {
        guard let commit = try await package.commit(named: name) else { return nil }
        let version = try dataset.version()
        let key = RevisionKey(package: package.id, commit: commit)
        if let kept = revisions.value(key, version: version) { return kept }
        let dataset = dataset
        let made: ServedRevision
        if let repository = package.repository, let id = GitObjectID(commit),
            !package.snapshots.contains(where: { $0.revision == id })
        {
            made = try await ServedRevision(package, commit: id, mirror: repository.mirror, in: dataset)
        } else {
            made = try await dataset.work.run { try ServedRevision(package, commit: commit, in: dataset) }
        }
        revisions.keep(made, for: key, cost: 16 + made.mirrored.files.count, version: version)
        return made
    }

    func revision(_ revision: String, of model: MirroredModel) async throws -> HubMirror.MirroredRevision? {
        guard let package = try await package(named: model.name),
            let served = try await self.revision(revision, of: package)
        else { return nil }
        if let refusal = refusal(of: package, served) { throw refusal }
        return served.mirrored
    }

    func history(of model: MirroredModel, from revision: String) async throws -> [MirroredCommit]? {
        guard let package = try await package(named: model.name), let commit = try await package.commit(named: revision) else {
            return nil
        }
        if let repository = package.repository, let id = GitObjectID(commit) {
            return try await repository.mirror.history(of: id, limit: Self.longestHistory).map {
                MirroredCommit(
                    id: $0.commit.id.hex, title: $0.commit.title, message: $0.message, authors: $0.commit.authors,
                    date: $0.commit.date)
            }
        }
        return package.history(from: commit)
    }

    /// Commits of a history that are told at most.
    private static let longestHistory = 100_000

    // MARK: Contents

    func content(
        of file: HubMirror.MirroredRevision.File, in revision: HubMirror.MirroredRevision, of model: MirroredModel
    ) async throws -> any ServedContent {
        guard let package = try await package(named: model.name),
            let served = try await self.revision(revision.commit.isEmpty ? "main" : revision.commit, of: package)
        else { throw Refusal(404, "Repository not found", code: "RepoNotFound") }
        return try await content(of: file, in: served, of: package)
    }

    /// The content of a file that is held, or that upstream has.
    ///
    /// - Throws: ``Refusal`` where it may not be given, is not held, or is damaged and cannot be had anew.
    func content(
        of file: HubMirror.MirroredRevision.File, in revision: ServedRevision, of package: ServedPackage
    ) async throws -> any ServedContent {
        if let refusal = refusal(of: file, in: revision, of: package) { throw refusal }
        let name = "\(file.path) of \(package.id)"
        switch revision.held[file.path] {
        case .blob(let hash, let size)?:
            do {
                return try await content(hash, size: size, named: name)
            } catch let refusal as Refusal {
                guard let content = try await upstreamContent(of: file, in: revision, of: package) else { throw refusal }
                return content
            }
        case .object(let id, let size)?:
            guard let repository = package.repository, size <= GitContent.largest else {
                throw Refusal(404, "\(name) is in its git repository alone: clone that")
            }
            return GitContent(id: id, size: size, mirror: repository.mirror)
        case nil:
            if let content = try await upstreamContent(of: file, in: revision, of: package) { return content }
            throw Refusal(404, "\(name) is known, but its content is not in this dataset: run 'weir snapshot \(package.id)'")
        }
    }

    /// The content of a file that upstream has; nil where upstream is not asked.
    private func upstreamContent(
        of file: HubMirror.MirroredRevision.File, in revision: ServedRevision, of package: ServedPackage
    ) async throws -> (any ServedContent)? {
        guard let upstream, let listing = revision.upstream, let listed = listing.files.first(where: { $0.path == file.path })
        else {
            return nil
        }
        if let stored = upstream.keeper.content(at: file.path, of: listing),
            dataset.verifier.known(stored.hash) != false
        {
            return try await content(stored.hash, size: stored.size, named: file.path)
        }
        if package.entry.number < 0, let record = package.upstream?.record { upstream.keeper.note(record, of: listing.package) }
        return try upstream.content(
            of: listed, in: listing, asked: revision.mirrored.commit == package.head ? "main" : listing.commit.hex)
    }

    func content(_ hash: SHA256Hash, size: Int64, named name: String) async throws -> StoredContent {
        let content = StoredContent(hash: hash, size: size, place: dataset.blobs.file(of: hash), verifier: dataset.verifier)
        if dataset.verifier.known(hash) == true { return content }
        guard let blob = dataset.blobs.blob(hash), blob.size == size else {
            throw Refusal(500, "\(name) is missing or damaged in this dataset: 'weir verify --repair' fetches it again")
        }
        // A small content is read before the first byte goes out, so that damage is an answer and not a broken connection.
        if size <= Self.readFirst || dataset.verifier.known(hash) == false {
            guard await dataset.verifier.isWhole(hash) else {
                throw Refusal(500, "\(name) is damaged in this dataset: 'weir verify --repair' fetches it again")
            }
        }
        return content
    }

    private static let readFirst: Int64 = 8 << 20

    func notes(on model: MirroredModel) async -> [(name: String, value: String)] {
        guard let since = upstream?.downSince else { return [] }
        do {
            let package = try await package(named: model.name)
            let seen = package?.snapshots.first?.at ?? package?.entry.lastSeen
            let age = seen.map { max(0, (Instant.now.millisecondsSince1970 - $0.millisecondsSince1970) / 1000) }
            return [("X-Weir-Upstream", "unreachable since \(since)")] + (age.map { [("Age", "\($0)")] } ?? [])
        } catch {
            return []
        }
    }

    // MARK: Lists

    func list(_ query: ListQuery, for caller: Caller) async throws -> ModelPage {
        let question = Self.question(query)
        let (keys, next) =
            question.isInIndexOrder
            ? try await inIndexOrder(question, query) : try await sorted(question, query)
        let policy = policy
        let dataset = dataset
        let packages = try await dataset.read { catalog in
            try catalog.packages(keys: keys).filter { package in
                try policy.isTrivial || policy.judge(package: PolicySubject(package, in: dataset, policy)).isAllowed
            }
        }
        return ModelPage(
            records: packages.map { HubRecord.fields(of: $0, name: RepositoryNames.name(of: $0.id)) }, next: next)
    }

    private static func question(_ query: ListQuery) -> PackageListQuery {
        var facets = query.filters.map { word in
            [SearchFacet.tag(word), .task(word), .library(word)]
                + (word.hasPrefix("license:") ? [.license(String(word.dropFirst(8)))] : [])
        }
        if let author = query.author {
            // Packages of other hubs have their hub for an owner here; their own owners are not the Hub's users.
            if let hub = HubID(rawValue: author), hub != .huggingface {
                facets.append([.owner(author), .hub(hub)])
            } else {
                facets += [[.owner(author)], [.hub(.huggingface)]]
            }
        }
        return PackageListQuery(
            facets: facets, nameContains: query.search, isGated: query.isGated, parameters: query.parameters,
            order: query.order.map { PackageListQuery.Order($0) } ?? .popularity)
    }

    private func inIndexOrder(_ question: PackageListQuery, _ query: ListQuery) async throws -> ([Int64], String?) {
        let position = query.cursor.flatMap { ListPosition.read($0) }
        let limit = query.limit
        let page = try await dataset.read { try $0.listInIndexOrder(question, after: position, limit: limit) }
        return (page.keys, page.next.map { ListPosition.text($0) })
    }

    private func sorted(_ question: PackageListQuery, _ query: ListQuery) async throws -> ([Int64], String?) {
        let version = try dataset.version()
        let keys: [Int64]
        if let kept = lists.value(question, version: version) {
            keys = kept
        } else {
            keys = try await dataset.read { try $0.list(question, limit: Self.longestSortedList) }
            lists.keep(keys, for: question, cost: keys.count + 1, version: version)
        }
        let first = min(query.cursor.flatMap { PageCursor.offset($0) } ?? 0, keys.count)
        let end = min(first + query.limit, keys.count)
        return (Array(keys[first..<end]), end < keys.count ? PageCursor.text(offset: end) : nil)
    }

    /// A list in another order than that of the index is sorted whole; further than this nobody pages.
    private static let longestSortedList = 1_000_000
}

extension PackageListQuery.Order {
    fileprivate init(_ order: ListQuery.Order) {
        switch order {
        case .downloads: self = .popularity
        case .likes: self = .likes
        case .modified: self = .modified
        case .created: self = .created
        }
    }
}

/// A place in a list as clients see it.
private enum ListPosition {
    static func text(_ position: PackageListPosition) -> String {
        Data("\(position.step).\(position.popularity).\(position.key)".utf8).base64EncodedString()
    }

    static func read(_ text: String) -> PackageListPosition? {
        guard let data = Data(base64Encoded: text) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: ".").compactMap { Int64($0) }
        guard parts.count == 3, (0...255).contains(parts[0]), (0..<(1 << 40)).contains(parts[2]) else { return nil }
        return PackageListPosition(step: parts[0], popularity: parts[1], key: parts[2])
    }
}
