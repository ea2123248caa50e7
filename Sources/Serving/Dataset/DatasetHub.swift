import Catalog
import Documents
import Foundation
import HubMirror
import ModelPackage
import Snapshots
import Storage

/// A dataset as the mirror serves it: packages of every hub under one API.
///
/// `main` is the newest snapshot that was taken of a package's default branch; where there is none, the commit that the hub named last.
struct DatasetHub: MirroredHub {
    let dataset: ServedDataset
    let names: RepositoryNames
    private let packages: BoundedCache<String, ServedPackage>
    private let revisions: BoundedCache<RevisionKey, ServedRevision>
    private let lists: BoundedCache<PackageListQuery, [Int64]>

    private struct RevisionKey: Hashable {
        let package: PackageID
        let commit: String
    }

    init(_ dataset: ServedDataset) {
        self.dataset = dataset
        names = RepositoryNames(dataset)
        packages = BoundedCache(capacity: 10_000)
        revisions = BoundedCache(capacity: 400_000)
        lists = BoundedCache(capacity: 4_000_000)
    }

    // MARK: Packages

    /// A package by the name that clients call it, or nil.
    func package(named name: String) async throws -> ServedPackage? {
        let version = try dataset.version()
        if let kept = packages.value(name, version: version) { return kept }
        for id in try await names.candidates(name) {
            guard let package = try await package(id) else { continue }
            packages.keep(package, for: name, version: version)
            return package
        }
        return nil
    }

    /// A package by its own name, or nil.
    func package(_ id: PackageID) async throws -> ServedPackage? {
        let version = try dataset.version()
        // No name of a repository has a colon.
        if let kept = packages.value(id.description, version: version) { return kept }
        let found = try await dataset.read { catalog -> (CatalogPackage, [SnapshotSummary])? in
            guard let entry = try catalog.package(id) else { return nil }
            return (entry, try catalog.snapshots(of: id))
        }
        guard let (entry, snapshots) = found else { return nil }
        let package = ServedPackage(
            entry, snapshots: snapshots, name: RepositoryNames.name(of: id),
            repository: try await ServedRepository(id, in: dataset.directory))
        packages.keep(package, for: id.description, version: version)
        return package
    }

    func model(named name: String, for caller: Caller) async throws -> MirroredModel? {
        try await package(named: name)?.mirrored
    }

    func newName(of name: String) -> String? { nil }

    // MARK: Revisions

    /// A revision of a package that is served, or nil.
    func revision(_ name: String, of package: ServedPackage) async throws -> ServedRevision? {
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
        guard let package = try await package(named: model.name) else { return nil }
        return try await self.revision(revision, of: package)?.mirrored
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

    // MARK: Access and contents

    func refusal(of model: MirroredModel, _ part: ModelPart, for caller: Caller) -> Refusal? { nil }

    /// Why the repository of a package, with its history, is closed; nil where it is open.
    func refusal(ofRepository package: ServedPackage) async throws -> Refusal? { nil }

    func content(
        of file: HubMirror.MirroredRevision.File, in revision: HubMirror.MirroredRevision, of model: MirroredModel
    ) async throws -> any ServedContent {
        guard let package = try await package(named: model.name),
            let served = try await self.revision(revision.commit.isEmpty ? "main" : revision.commit, of: package)
        else { throw Refusal(404, "Repository not found", code: "RepoNotFound") }
        return try await content(at: file.path, in: served, of: package)
    }

    /// Whether a file may be given.
    func isOpen(_ file: HubMirror.MirroredRevision.File, of package: ServedPackage, _ revision: ServedRevision) async throws
        -> Bool
    {
        true
    }

    /// - Throws: ``Refusal`` where a file may not be given.
    func admit(_ file: HubMirror.MirroredRevision.File, of package: ServedPackage, _ revision: ServedRevision) async throws {}

    /// The content of a file that is held.
    ///
    /// - Throws: ``Refusal`` where it is not held, or damaged.
    func content(at path: String, in revision: ServedRevision, of package: ServedPackage) async throws -> any ServedContent {
        guard let held = revision.held[path] else {
            throw Refusal(
                404,
                "\(path) of \(package.id) is known, but its content is not in this dataset: run 'weir snapshot \(package.id)'")
        }
        switch held {
        case .blob(let hash, let size): return try await content(hash, size: size, named: "\(path) of \(package.id)")
        case .object(let id, let size):
            guard let repository = package.repository, size <= GitContent.largest else {
                throw Refusal(404, "\(path) of \(package.id) is in its git repository alone: clone that")
            }
            return GitContent(id: id, size: size, mirror: repository.mirror)
        }
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

    // MARK: Lists

    func list(_ query: ListQuery, for caller: Caller) async throws -> ModelPage {
        let question = Self.question(query)
        let (keys, next) =
            question.isInIndexOrder
            ? try await inIndexOrder(question, query) : try await sorted(question, query)
        let records = try await dataset.read { try $0.packages(keys: keys) }.map {
            HubRecord.fields(of: $0, name: RepositoryNames.name(of: $0.id))
        }
        return ModelPage(records: records, next: next)
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
