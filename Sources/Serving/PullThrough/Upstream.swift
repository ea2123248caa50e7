public import Foundation
import HubMirror
import Hubs
public import Logging
import ModelPackage
import Pipeline
import Snapshots
public import Storage
import Synchronization
public import Transport

/// The hub behind the dataset: asked for what is not held, and whether what is held is the newest.
///
/// An answer about a commit holds for ever, one about a branch for a minute. An upstream that does not answer is left alone for a while, so
/// that what is held is served without waiting for it.
public final class Upstream: Sendable {
    /// What upstream said of a revision.
    struct Answer: Sendable {
        let record: RawRecord
        let listing: RevisionListing
        let at: ContinuousClock.Instant
    }

    /// What asking came to.
    enum Outcome: Sendable {
        case answer(Answer)
        /// Upstream has no such thing, or does not give it.
        case refused(Refusal)
        /// Upstream cannot be asked; an earlier answer, where there was one.
        case unreachable(earlier: Answer?)
    }

    private struct State {
        var answers: [String: Answer] = [:]
        var asking: [String: Task<Outcome, Never>] = [:]
        var isDownUntil: ContinuousClock.Instant?
        var lastAnswer: ContinuousClock.Instant?
        /// Questions that no answer came to since the last answer, and until when they are not asked again.
        var unanswered: [String: ContinuousClock.Instant] = [:]
        var downSince: Instant?
    }

    private let source: HuggingFaceRevisions
    private let fetch: StreamedFetch
    private let logger: Logger
    private let state = Mutex(State())
    let keeper: PullThroughKeeper

    private static let freshFor = Duration.seconds(60)
    private static let leftAloneFor = Duration.seconds(10)
    private static let unansweredAtMost = 3
    /// Answers that are remembered; each may list thousands of files.
    private static let capacity = 2_000

    /// - Parameter transport: one that gives up soon: clients wait for it.
    public init(_ endpoint: URL, _ transport: PoliteTransport, _ dataset: DatasetDirectory, logger: Logger) {
        source = HuggingFaceRevisions(endpoint: endpoint, transport: transport)
        fetch = StreamedFetch(BlobStore(dataset), transport, logger: logger)
        keeper = PullThroughKeeper(dataset, source: source.source, logger: logger)
        self.logger = logger
    }

    /// Since when upstream has not answered; nil where it did.
    var downSince: Instant? { state.withLock { $0.downSince } }

    /// Asks for a revision of a package; those who ask for the same at the same time share one question.
    func ask(_ package: PackageID, _ revision: String) async -> Outcome {
        let key = "\(package.name)@\(revision)"
        let isCommit = GitObjectID(revision) != nil
        let task = state.withLock { state -> Task<Outcome, Never> in
            let known = state.answers[key]
            if let known, isCommit || known.at.duration(to: .now) < Self.freshFor { return Task { .answer(known) } }
            if max(state.isDownUntil ?? .now, state.unanswered[key] ?? .now) > .now {
                return Task { .unreachable(earlier: known) }
            }
            if let running = state.asking[key] { return running }
            let task = Task { await self.answer(package, revision, key, earlier: known) }
            state.asking[key] = task
            return task
        }
        let outcome = await task.value
        state.withLock { state in
            if state.asking[key] == task { state.asking[key] = nil }
        }
        return outcome
    }

    private func answer(_ package: PackageID, _ revision: String, _ key: String, earlier: Answer?) async -> Outcome {
        do {
            let (record, listing) = try await source.answer(about: package, revision: revision == "main" ? nil : revision)
            let answer = Answer(record: record, listing: listing, at: .now)
            state.withLock { state in
                if state.answers.count >= Self.capacity { state.answers.removeAll() }
                state.answers[key] = answer
                state.isDownUntil = nil
                state.downSince = nil
                state.lastAnswer = .now
                state.unanswered = [:]
            }
            return .answer(answer)
        } catch let error as HubError {
            guard let cause = error.cause as? TransportError else {
                // It answered, with what is no answer: that is this package's trouble, and nobody else's.
                return .refused(Refusal(502, "Upstream: \(error.message)"))
            }
            if case .status(let code) = cause.kind { return .refused(Self.refusal(code, cause, error, revision)) }
            return unreachable(error, key, earlier)
        } catch {
            return unreachable(error, key, earlier)
        }
    }

    private static func refusal(_ status: Int, _ cause: TransportError, _ error: HubError, _ revision: String) -> Refusal {
        switch (status, cause.code) {
        case (_, "RevisionNotFound"?): Refusal(404, "Invalid rev id: \(revision.prefix(100))", code: "RevisionNotFound")
        case (_, "GatedRepo"?): Refusal(403, "Upstream: \(error.message)", code: "GatedRepo")
        // The Hub answers 401 for a name that is not there as for one that is not shown.
        case (401, _), (404, _): Refusal(404, "Repository not found", code: "RepoNotFound")
        case (403, _): Refusal(403, "Upstream: \(error.message)")
        default: Refusal(502, "Upstream: \(error.message)")
        }
    }

    /// One package for which no answer comes says little; several do.
    private func unreachable(_ error: any Error, _ key: String, _ earlier: Answer?) -> Outcome {
        logger.notice("upstream does not answer", metadata: ["why": "\(error)"])
        state.withLock { state in
            state.unanswered[key] = .now + Self.leftAloneFor
            let isAlive = state.lastAnswer.map { $0.duration(to: .now) < Self.freshFor } ?? false
            if !isAlive || state.unanswered.count >= Self.unansweredAtMost { state.isDownUntil = .now + Self.leftAloneFor }
            state.downSince = state.downSince ?? .now
        }
        return .unreachable(earlier: earlier)
    }

    /// A file of upstream's, which is asked for when somebody takes it.
    ///
    /// - Throws: ``Refusal`` where it could not be verified, or its path could do harm.
    func content(of file: PackageFile, in listing: RevisionListing, asked revision: String) throws -> UpstreamContent {
        guard let size = file.size, size >= 0, size <= ContentClaim.largestFile, file.sha256 != nil || file.gitObjectID != nil
        else {
            throw Refusal(502, "Upstream says of \(file.path) no size or no hash that it could be verified by.")
        }
        do {
            _ = try FilePath(file.path)
        } catch {
            throw Refusal(403, "\(error)")
        }
        return UpstreamContent(upstream: self, file: file, listing: listing, revision: revision, size: size)
    }

    /// Begins to fetch a file, or joins those who do.
    ///
    /// - Throws: ``Refusal`` where it cannot be kept.
    fileprivate func open(_ content: UpstreamContent) async throws -> any ServedContent {
        let (file, listing, revision) = (content.file, content.listing, content.revision)
        // It came while somebody else was waiting for it.
        if let stored = keeper.content(at: file.path, of: listing) {
            return PlainFile(keeper.store.file(of: stored.hash), size: stored.size)
        }
        let claim = ContentClaim(
            size: content.size, sha256: file.sha256, gitObjectID: file.isLFS == true ? nil : file.gitObjectID)
        let keeper = keeper
        do {
            let blob = try await fetch.content(try source.location(of: file, in: listing), claim: claim) { stored in
                keeper.note(stored, path: file.path, of: listing, revision: revision)
            }
            return PullThroughContent(blob: blob, size: content.size, store: keeper.store)
        } catch let error as StorageError {
            logger.error("a content cannot be kept", metadata: ["error": "\(error)"])
            throw Refusal(503, "The content cannot be kept at the moment.")
        }
    }
}

/// A file of upstream's that nobody has taken yet.
struct UpstreamContent: ServedContent {
    fileprivate let upstream: Upstream
    fileprivate let file: PackageFile
    fileprivate let listing: RevisionListing
    fileprivate let revision: String
    let size: Int64

    /// Waits for the first bytes: what upstream refuses is an answer then, and no broken connection.
    func prepare() async throws {
        guard let content = try await upstream.open(self) as? PullThroughContent else { return }
        guard case .failed(let error) = await content.blob.state(beyond: 0) else { return }
        let cause = error as? TransportError
        let message = "Upstream does not give \(file.path): \(cause?.reason ?? "\(error)")"
        switch cause?.kind {
        case .status(401)?, .status(403)?: throw Refusal(403, message, code: cause?.code)
        case .status(404)?: throw Refusal(404, message, code: "EntryNotFound")
        default: throw Refusal(502, message)
        }
    }

    func send(_ range: Range<Int64>, to sink: ContentSink) async throws {
        try await upstream.open(self).send(range, to: sink)
    }
}
