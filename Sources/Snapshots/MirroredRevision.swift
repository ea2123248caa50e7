import Hubs
package import ModelPackage

/// What a revision of a mirrored repository holds: its files, those behind LFS pointers with their own length and hash.
package struct MirroredRevision: Sendable {
    let commit: GitObjectID
    package let files: [PackageFile]
    /// Paths that are not UTF-8, as well as they can be shown.
    let unreadable: [String]
    /// Repositories within the repository; only their commits are known here.
    let submodules: [(path: String, commit: GitObjectID)]

    package init(_ mirror: GitMirror, _ commit: GitObjectID) async throws {
        let all = try await mirror.entries(of: commit)
        unreadable = all.filter { !$0.hasReadablePath }.map(\.path)
        let entries = all.filter(\.hasReadablePath)
        let pointers = try await Self.pointers(among: entries, mirror)
        self.commit = commit
        submodules = entries.filter { $0.size == nil }.map { ($0.path, $0.id) }
        files = entries.filter { $0.size != nil }.map { entry in
            var file = PackageFile(path: entry.path, size: entry.size, gitObjectID: entry.id, isLFS: false)
            file.mode = FileMode(rawValue: entry.mode) ?? .regular
            if let pointer = pointers[entry.id] {
                file.isLFS = true
                file.size = pointer.size
                file.sha256 = pointer.sha256
            }
            return file
        }
    }

    /// The files that are LFS pointers, by the id of the pointer.
    private static func pointers(
        among entries: [GitMirror.Entry], _ mirror: GitMirror
    ) async throws -> [GitObjectID: LFSPointer] {
        let small = Array(
            Set(
                entries.filter {
                    $0.mode != FileMode.symbolicLink.rawValue && ($0.size ?? .max) <= Int64(LFSPointer.maximumLength)
                }.map(\.id)))
        var pointers: [GitObjectID: LFSPointer] = [:]
        var text: [UInt8] = []
        try await mirror.read(
            small, begin: { _, _ in text.removeAll(keepingCapacity: true) }, bytes: { text.append(contentsOf: $0) },
            end: { number in
                if let pointer = LFSPointer(String(decoding: text, as: UTF8.self)) { pointers[small[number]] = pointer }
            })
        return pointers
    }
}

/// Values that are worked out once, however many ask for them, at the same time or later. A failure is everyone's.
actor OnceMap<Value: Sendable> {
    private var tasks: [String: Task<Value, any Error>] = [:]

    func value(_ key: String, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = tasks[key] ?? Task { try await work() }
        tasks[key] = task
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
