import ModelPackage

/// A list of files made ready for the catalog, where equal lists stand once.
struct FileListRow: Sendable {
    let files: [PackageFile]
    /// Equal for equal lists, whatever their order.
    let hash: [UInt8]

    init(_ files: [PackageFile]) {
        self.files = files
        var text = ContentText()
        let isSorted = zip(files, files.dropFirst()).allSatisfy { $0.path <= $1.path }
        for file in isSorted ? files : files.sorted(by: { $0.path < $1.path }) {
            text.add(file.path)
            text.add(file.size)
            text.add(file.sha256?.hex)
            text.add(file.gitObjectID?.hex)
            text.add(file.isLFS.map { $0 ? "1" : "0" })
        }
        hash = text.hash
    }
}
