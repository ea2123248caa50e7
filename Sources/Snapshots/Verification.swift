import Foundation
public import ModelPackage
public import Storage

/// Reads every stored content again and compares it with its name and with the manifests.
///
/// A run that is cut off notes how far it came, and the next one goes on from there.
public struct Verification: Sendable {
    private let dataset: DatasetDirectory
    private let store: BlobStore

    public init(_ dataset: DatasetDirectory) {
        self.dataset = dataset
        store = BlobStore(dataset)
    }

    /// - Parameters:
    ///   - sample: the share of contents to read, above 0 and up to 1; all lengths and names are looked at all the same.
    ///   - jobs: contents read at once.
    ///   - progress: told the bytes read so far and in all.
    /// - Throws: ``StorageError`` where a folder or a manifest cannot be read, or `CancellationError`.
    public func run(
        sample: Double = 1, jobs: Int, progress: (_ done: Int64, _ total: Int64) -> Void
    ) async throws -> VerificationReport {
        var report = VerificationReport()
        let needed = try neededContents(&report)
        var present: [StoredBlob] = []
        try store.forEachFile { entry in
            guard let hash = entry.hash else {
                report.surplus.append(.init(path: entry.file.path, size: entry.size))
                return
            }
            if needed[hash] == nil { report.surplus.append(.init(path: entry.file.path, size: entry.size)) }
            present.append(StoredBlob(hash: hash, size: entry.size))
        }
        let names = Set(present.map(\.hash))
        report.missing = needed.filter { !names.contains($0.key) }
            .map { VerificationReport.Fault(hash: $0.key, size: $0.value.size, use: $0.value.use, reason: "is not there") }
            .sorted { $0.hash.hex < $1.hash.hex }
        // Where nothing can be written, a run that is cut off begins anew.
        let canNote = sample >= 1 && access(dataset.temporary.path, W_OK) == 0
        let note = canNote ? VerificationNote(dataset) : nil
        let resumed = try note?.read()
        report.resumedAfter = resumed?.checked ?? 0
        report.damaged =
            resumed?.damaged.compactMap { hash in
                names.contains(hash) ? fault(hash, needed[hash], reason: "was found damaged before") : nil
            } ?? []
        let chosen = present.filter { blob in
            if let last = resumed?.last, blob.hash.hex <= last.hex { return false }
            return sample >= 1 || Double.random(in: 0..<1) < sample
        }
        try await hash(chosen, needed, jobs: jobs, note, into: &report, progress)
        try note?.remove()
        return report
    }

    private struct Need {
        let size: Int64
        let use: String
    }

    private func neededContents(_ report: inout VerificationReport) throws -> [SHA256Hash: Need] {
        var needed: [SHA256Hash: Need] = [:]
        var damaged: [String] = []
        try SnapshotStore(dataset).forEachManifest(damaged: { damaged.append("\($0)") }) { manifest in
            for file in manifest.files where needed[file.sha256] == nil {
                needed[file.sha256] = Need(size: file.size, use: "\(manifest.package)@\(manifest.commit)/\(file.path)")
            }
        }
        report.damagedManifests = damaged
        return needed
    }

    private func fault(_ hash: SHA256Hash, _ need: Need?, reason: String) -> VerificationReport.Fault {
        VerificationReport.Fault(hash: hash, size: need?.size, use: need?.use, reason: reason)
    }

    private func hash(
        _ blobs: [StoredBlob], _ needed: [SHA256Hash: Need], jobs: Int, _ note: VerificationNote?,
        into report: inout VerificationReport, _ progress: (Int64, Int64) -> Void
    ) async throws {
        let total = blobs.reduce(0) { $0 + $1.size }
        var lastNote = ContinuousClock.now
        try await withThrowingTaskGroup(of: (Int, String?).self) { group in
            var started = 0
            var finished = [Bool](repeating: false, count: blobs.count)
            var frontier = 0
            func startNext() {
                guard started < blobs.count else { return }
                let number = started
                let blob = blobs[number]
                let size = needed[blob.hash]?.size
                started += 1
                group.addTask(executorPreference: BlockingExecutor.shared) {
                    try Task.checkCancellation()
                    return (number, problem(of: blob, size: size))
                }
            }
            for _ in 0..<max(1, jobs) { startNext() }
            while let (number, problem) = try await group.next() {
                if let problem {
                    report.damaged.append(fault(blobs[number].hash, needed[blobs[number].hash], reason: problem))
                }
                report.checkedFiles += 1
                report.checkedBytes += blobs[number].size
                progress(report.checkedBytes, total)
                finished[number] = true
                while frontier < blobs.count, finished[frontier] { frontier += 1 }
                if frontier > 0, lastNote.duration(to: .now) > .seconds(2) {
                    try note?.write(
                        last: blobs[frontier - 1].hash, checked: report.resumedAfter + frontier,
                        damaged: report.damaged.map(\.hash))
                    lastNote = .now
                }
                startNext()
            }
        }
        report.damaged.sort { $0.hash.hex < $1.hash.hex }
    }

    /// What is wrong with a stored content; nil where nothing is.
    private func problem(of blob: StoredBlob, size: Int64?) -> String? {
        if let size, size != blob.size { return "has \(blob.size) bytes where its manifest says \(size)" }
        do throws(StorageError) {
            let found = try store.hash(ofFile: store.file(of: blob.hash).path)
            return found.hash == blob.hash ? nil : "its bytes have the SHA-256 \(found.hash.hex)"
        } catch {
            return "cannot be read: \(error)"
        }
    }
}

/// What a verification found.
public struct VerificationReport: Sendable {
    /// A content that is not what it should be.
    public struct Fault: Sendable {
        public let hash: SHA256Hash
        public let size: Int64?
        /// A file that has this content; nil where no manifest names it.
        public let use: String?
        public let reason: String
    }

    /// A file that no manifest needs.
    public struct Surplus: Sendable {
        public let path: String
        public let size: Int64
    }

    public var checkedFiles = 0
    public var checkedBytes: Int64 = 0
    /// Contents that an earlier run, cut off, had read already.
    public var resumedAfter = 0
    public var damaged: [Fault] = []
    public var missing: [Fault] = []
    public var surplus: [Surplus] = []
    /// Manifests that cannot be read, each with where and why: taking the snapshot again writes them anew.
    public var damagedManifests: [String] = []

    public var isClean: Bool { damaged.isEmpty && missing.isEmpty && damagedManifests.isEmpty }
}

/// How far a verification came, in `tmp/verify`: a line with the last content read and how many there were, then the damaged ones.
private struct VerificationNote {
    private let file: URL

    init(_ dataset: DatasetDirectory) {
        file = dataset.temporary.appending(path: "verify")
    }

    func read() throws -> (last: SHA256Hash, checked: Int, damaged: [SHA256Hash])? {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n")
        let head = lines.first?.split(separator: " ") ?? []
        guard head.count == 2, let last = SHA256Hash(head[0]), let checked = Int(head[1]) else { return nil }
        return (last, checked, lines.dropFirst().compactMap { SHA256Hash($0) })
    }

    func write(last: SHA256Hash, checked: Int, damaged: [SHA256Hash]) throws {
        let text = (["\(last.hex) \(checked)"] + damaged.map(\.hex)).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    func remove() throws {
        guard unlink(file.path) == 0 || errno == ENOENT else {
            throw StorageError.failed(operation: "remove", path: file.path, reason: String(cString: strerror(errno)))
        }
    }
}
