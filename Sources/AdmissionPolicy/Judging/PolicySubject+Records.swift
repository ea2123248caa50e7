public import ModelPackage

extension PolicySubject {
    /// A package as the dataset has it. Only Hugging Face has gates and private packages; elsewhere silence means that there are
    /// none.
    ///
    /// - Parameter scan: that of the revision that is judged.
    public init(_ package: Package, isRemoved: Bool, scan: Scan?) {
        let hasGates = package.id.hub == .huggingface
        self.init(
            id: package.id, owner: package.owner?.value ?? Self.namespace(of: package.id),
            licenses: package.licenses.map(\.value.id), task: package.task?.value, library: package.library?.value,
            isGated: package.gated.map { $0.value != .open } ?? (hasGates ? nil : false),
            isPrivate: package.isPrivate?.value ?? (hasGates ? nil : false), isRemoved: isRemoved,
            totalSize: Self.totalSize(of: package.files), scan: scan)
    }

    /// The sum of sizes; nil where there are no files, or one has no size.
    public static func totalSize(of files: [PackageFile]) -> Int64? {
        guard !files.isEmpty else { return nil }
        var total: Int64 = 0
        for file in files {
            guard let size = file.size, size >= 0 else { return nil }
            total = total.addingSaturated(size)
        }
        return total
    }

    /// Whom a name on Hugging Face belongs to: `google` of `google/gemma`.
    private static func namespace(of id: PackageID) -> String? {
        guard id.hub == .huggingface, let slash = id.name.firstIndex(of: "/") else { return nil }
        return String(id.name[..<slash])
    }
}

extension PolicySubject.Scan {
    /// A scan as it is kept. A severity that is not known counts as the worst.
    public init(_ record: ScanRecord) {
        self.init(
            worst: record.findings.map { FindingSeverity(rawValue: $0.severity) ?? .critical }.max(),
            isComplete: record.problems.isEmpty)
    }
}
