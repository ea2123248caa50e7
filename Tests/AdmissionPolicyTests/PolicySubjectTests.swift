import AdmissionPolicy
import ModelPackage
import Testing

@Suite struct PolicySubjectTests {
    @Test func aPackageOfTheDatasetIsTakenAsItIs() throws {
        var package = Package(id: try PackageID(parsing: "hf:river/pike"))
        let evidence = Evidence("x")
        package.licenses = [Sourced(License(id: "mit"), evidence)]
        package.gated = Sourced(.auto, evidence)
        package.isPrivate = Sourced(false, evidence)
        package.files = [PackageFile(path: "a", size: 2), PackageFile(path: "b", size: 3)]
        #expect(
            PolicySubject(package, isRemoved: true, scan: nil)
                == PolicySubject(
                    id: package.id, owner: "river", licenses: ["mit"], isGated: true, isPrivate: false, isRemoved: true,
                    totalSize: 5))
    }

    @Test func silenceIsDoubtOnlyWhereThereAreGates() throws {
        let onHub = PolicySubject(Package(id: try PackageID(parsing: "hf:gpt2")), isRemoved: false, scan: nil)
        #expect(onHub.isGated == nil && onHub.isPrivate == nil && onHub.owner == nil && onHub.totalSize == nil)
        let elsewhere = PolicySubject(Package(id: try PackageID(parsing: "onnx:a/b")), isRemoved: false, scan: nil)
        #expect(elsewhere.isGated == false && elsewhere.isPrivate == false && elsewhere.owner == nil)
    }

    @Test func sumsOfSizesAreKnownOnlyWhereAllAre() {
        #expect(PolicySubject.totalSize(of: []) == nil)
        #expect(PolicySubject.totalSize(of: [PackageFile(path: "a", size: 2), PackageFile(path: "b")]) == nil)
        #expect(PolicySubject.totalSize(of: [PackageFile(path: "a", size: -2)]) == nil)
        let large = PackageFile(path: "a", size: .max)
        #expect(PolicySubject.totalSize(of: [large, large]) == .max)
    }

    @Test(
        arguments: [
            ([], [], nil, true), (["low", "high", "info"], [], .high, true), (["low", "catastrophic"], [], .critical, true),
            ([], ["broken"], nil, false),
        ] as [([String], [String], FindingSeverity?, Bool)])
    func aScanIsTakenAsItIsKept(severities: [String], problems: [String], worst: FindingSeverity?, isComplete: Bool) throws {
        let commit = try #require(GitObjectID(String(repeating: "a", count: 40)))
        let record = ScanRecord(
            package: try PackageID(parsing: "hf:a"), commit: commit,
            scannedAt: try #require(Instant(iso8601: "2025-01-01T00:00:00Z")),
            version: "1", files: 1, parsedBytes: 1, skippedBytes: 0, unknownBytes: 0,
            findings: severities.map {
                ScanRecord.Finding(
                    path: "a", member: nil, rule: "r", severity: $0, message: "m", offset: nil, line: nil, snippet: nil)
            },
            problems: problems.map { ScanRecord.Problem(path: "a", member: nil, message: $0) })
        #expect(PolicySubject.Scan(record) == PolicySubject.Scan(worst: worst, isComplete: isComplete))
    }
}
