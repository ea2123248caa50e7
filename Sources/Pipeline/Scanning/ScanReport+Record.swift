public import ModelPackage
public import Scanning

extension ScanReport {
    /// The report of a revision as it is kept.
    /// - Parameter version: of the Weir that scanned.
    public func record(of package: PackageID, _ commit: GitObjectID, at instant: Instant, version: String) -> ScanRecord {
        let prefix = "\(package)@\(commit)/"
        func path(_ path: String) -> String { path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path }
        func bytes(_ state: Coverage.State) -> Int64 { files.reduce(0) { $0.addingSaturated(Int64($1.coverage.bytes(state))) } }
        return ScanRecord(
            package: package, commit: commit, scannedAt: instant, version: version, files: Int64(files.count),
            parsedBytes: bytes(.parsed),
            skippedBytes: bytes(.skipped), unknownBytes: bytes(.notUnderstood),
            findings: files.flatMap { file in
                file.findings.sorted { $0.severity > $1.severity }.map { finding in
                    ScanRecord.Finding(
                        path: path(file.path), member: finding.evidence.member, rule: finding.rule.id,
                        severity: finding.severity.rawValue,
                        message: finding.message, offset: finding.evidence.offset.map(Int64.init),
                        line: finding.evidence.line.map(Int64.init),
                        snippet: finding.evidence.snippet)
                }
            },
            problems: files.flatMap { file in
                file.errors.map { ScanRecord.Problem(path: path(file.path), member: $0.member, message: $0.message) }
            })
    }
}
