import AdmissionPolicy
import Catalog
import HubMirror
import ModelPackage
import Storage

extension DatasetHub {
    /// A package is closed by what holds for its newest revision; each revision is judged once more when it is asked for.
    func refusal(of model: MirroredModel, _ part: ModelPart, for caller: Caller) async throws -> Refusal? {
        guard !policy.isTrivial, let package = try await package(named: model.name),
            let revision = try await revision("main", of: package)
        else { return nil }
        return refusal(of: package, revision)
    }

    /// Why a revision of a package is closed; nil where it is open.
    func refusal(of package: ServedPackage, _ revision: ServedRevision) -> Refusal? {
        if policy.isTrivial { return nil }
        return Self.refusal(policy.judge(package: subject(package, revision)))
    }

    /// Why a file is closed; nil where it is open.
    func refusal(
        of file: HubMirror.MirroredRevision.File, in revision: ServedRevision, of package: ServedPackage
    ) -> Refusal? {
        if policy.isTrivial { return nil }
        let subject = subject(package, revision)
        return Self.refusal(
            policy.judge(
                file: PolicyFile(path: file.path, size: file.size, format: revision.judged.formats[file.path]), of: subject))
    }

    /// Why the repository of a package, with its history, is closed; nil where it is open. A rule on files, or on scans, cannot be held to
    /// where all files of all commits go out together: then no repository is given.
    func refusal(ofRepository package: ServedPackage) async throws -> Refusal? {
        if policy.isTrivial { return nil }
        if let revision = try await revision("main", of: package), let refusal = refusal(of: package, revision) { return refusal }
        return policy.judgesFiles || policy.judgesScans
            ? Refusal(
                403,
                "The policy of this server has rules on files or scans, so whole repositories are not given: download single revisions."
            )
            : nil
    }

    private func subject(_ package: ServedPackage, _ revision: ServedRevision) -> PolicySubject {
        var subject = PolicySubject(
            package.entry.package, isRemoved: package.entry.removedAt != nil, scan: revision.judged.scan)
        let sizes = revision.mirrored.files.map(\.size)
        subject.totalSize = sizes.contains { $0 == nil } ? nil : sizes.reduce(0) { $0.addingSaturated($1 ?? 0) }
        return subject
    }

    private static func refusal(_ verdict: PolicyVerdict) -> Refusal? {
        verdict.refusal.map { Refusal(403, $0) }
    }
}

extension PolicySubject {
    /// A package of a list, judged by its newest revision.
    init(_ package: Package, in dataset: ServedDataset, _ policy: PackagePolicy) throws {
        let scan =
            policy.judgesScans
            ? try package.revision.flatMap { try PackageRecordStore.scans(dataset.directory).record(of: package.id, $0.value) }
            : nil
        self.init(package, isRemoved: false, scan: scan.map { Scan($0) })
    }
}

/// What was found out about one revision, as the policy wants it.
struct JudgedRevision: Sendable {
    /// Nil where this very revision was not scanned.
    let scan: PolicySubject.Scan?
    /// Formats of files by path, where their headers were looked at.
    let formats: [String: String]

    init(_ package: PackageID, _ commit: GitObjectID?, in dataset: ServedDataset) throws {
        guard let commit else {
            scan = nil
            formats = [:]
            return
        }
        scan = try PackageRecordStore.scans(dataset.directory).record(of: package, commit).map { PolicySubject.Scan($0) }
        let inspection = try PackageRecordStore.inspections(dataset.directory).record(of: package, commit)
        formats = Dictionary(
            (inspection?.files ?? []).compactMap { file in file.format.map { (file.path, $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}
