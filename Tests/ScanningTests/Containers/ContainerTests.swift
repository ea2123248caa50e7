import Foundation
import ModelFormats
import Testing

@testable import Scanning

/// Archives as every loader would see them.
@Suite struct ContainerTests {
    private static let payload = Array("cos\nsystem\n(S'echo hi'\ntR.".utf8)
    private static let harmless: [UInt8] = [0x80, 2, 0x7d, 0x2e]

    @Test func aTorchArchiveIsScannedAndItsStoragesAreNot() throws {
        let report = try scan(
            ZipMaker.of([("archive/data.pkl", Self.payload), ("archive/data/0", Self.payload)]), name: "model.pt")
        #expect(report.worst == .critical)
        #expect(
            report.findings.filter { $0.rule == .pickleDangerousCall }.allSatisfy { $0.evidence.member == "archive/data.pkl" })
        #expect(report.coverage.parts.contains { $0.state == .skipped && $0.bytes == Self.payload.count })
    }

    @Test func aHarmlessArchiveIsClean() throws {
        let report = try scan(
            ZipMaker.of([("archive/data.pkl", Self.harmless), ("archive/version", Array("3\n".utf8))]), name: "model.pt")
        #expect(report.told.isEmpty && report.errors.isEmpty, "\(report.findings) \(report.errors)")
    }

    @Test func aLieIsToldAndTheMemberScanned() throws {
        func member(_ change: (inout ZipMaker.Member) -> Void) -> [UInt8] {
            var member = ZipMaker.Member(name: "archive/data.pkl", content: Self.payload)
            change(&member)
            return ZipMaker(members: [member]).bytes
        }
        for (what, bytes) in [
            ("a flag of encryption", member { $0.flags = 1 }), ("a strong one", member { $0.flags = 0x41 }),
            ("an unknown method", member { $0.method = 99 }),
            ("a wrong check sum", member { $0.checksum = 1 }),
            ("another name inside", member { $0.localName = "archive/notes.txt" }),
        ] {
            let report = try scan(bytes, name: "model.pt")
            #expect(report.findings.contains { $0.rule == .pickleDangerousCall }, "\(what): \(report.told) \(report.errors)")
            #expect(report.findings.contains { $0.rule == .archiveLie && $0.severity == .high }, "\(what): \(report.told)")
        }
    }

    @Test func membersThatTheDirectoryHidesAreFound() throws {
        let archive = ZipMaker(members: [
            ZipMaker.Member(name: "hidden/data.pkl", content: Self.payload, isListed: false),
            ZipMaker.Member(name: "archive/data.pkl", content: Self.harmless),
        ])
        let report = try scan(archive.bytes, name: "model.pt")
        #expect(report.worst == .critical && report.findings.contains { $0.rule == .archiveLie })
    }

    @Test func whatStandsBeforeAndBehindAnArchiveIsScanned() throws {
        let before = try scan(
            ZipMaker(members: [ZipMaker.Member(name: "a.txt", content: [0x61])], prefix: Self.payload).bytes, name: "model.bin")
        #expect(before.worst == .critical && before.findings.contains { $0.rule == .polyglot || $0.rule == .archiveLie })
        let behind = try scan(
            ZipMaker(members: [ZipMaker.Member(name: "a.txt", content: [0x61])], suffix: Self.payload).bytes, name: "a.zip")
        #expect(behind.worst == .critical, "\(behind.told)")
    }

    @Test func archivesInArchivesAreOpened() throws {
        var bytes = Self.payload
        for depth in 0..<5 { bytes = ZipMaker.of([(depth == 0 ? "model.pkl" : "inner.zip", bytes)]) }
        let report = try scan(bytes, name: "a.zip")
        #expect(report.worst == .critical)
        #expect(
            report.findings.first { $0.rule == .pickleDangerousCall }?.evidence.member
                == "inner.zip!inner.zip!inner.zip!inner.zip!model.pkl")
        var limits = ScanLimits()
        limits.depth = 3
        let shallow = try scan(bytes, name: "a.zip", limits: limits)
        #expect(
            shallow.worst == nil && shallow.errors.contains { $0.message.contains("deep") }, "what is too deep is no clean file")
    }

    @Test func pathsAndLinksOutOfTheFolderAreTold() throws {
        for name in ["../../x", "/etc/cron.d/x", "a/../../x", "C:\\x", "..\\x"] {
            let report = try scan(ZipMaker.of([(name, [0x61])]), name: "a.zip")
            #expect(report.findings.contains { $0.rule == .archiveSlip }, "\(name)")
        }
        let link = ZipMaker(members: [
            ZipMaker.Member(name: "link", content: Array("/etc".utf8), mode: 0o120777),
            ZipMaker.Member(name: "link/passwd", content: [0x61]),
        ])
        #expect(try scan(link.bytes, name: "a.zip").findings.filter { $0.rule == .archiveSlip }.count == 2)
    }

    @Test func aTruncatedArchiveIsAnErrorAndItsMembersAreScanned() throws {
        let bytes = Array(ZipMaker.of([("archive/data.pkl", Self.payload)]).dropLast(30))
        let report = try scan(bytes, name: "model.pt")
        #expect(report.worst == .critical && !report.errors.isEmpty)
        let clean = Array(ZipMaker.of([("archive/data.pkl", Self.harmless)]).dropLast(30))
        #expect(try scan(clean, name: "model.pt").isNotClean)
    }

    @Test func anEncryptedMemberIsAnErrorAndTheNextOneIsScanned() throws {
        let archive = ZipMaker(members: [
            ZipMaker.Member(name: "secret.pkl", content: (0..<64).map { _ in 0xa5 }, flags: 1, method: 8, checksum: 7),
            ZipMaker.Member(name: "data.pkl", content: Self.payload),
        ])
        let report = try scan(archive.bytes, name: "a.zip")
        #expect(report.worst == .critical && report.errors.contains { $0.member == "secret.pkl" })
    }

    @Test func tarsAndPackedFilesAreOpened() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weir-scan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.payload).write(to: folder.appending(path: "model.pkl"))
        for command in [
            "tar cf m.tar model.pkl", "tar czf m.tar.gz model.pkl", "gzip -k model.pkl", "bzip2 -k model.pkl", "xz -k model.pkl",
            "zstd -q model.pkl",
        ] {
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", command]
            process.currentDirectoryURL = folder
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { continue }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "model.pkl" }
        #expect(names.count >= 5)
        for name in names {
            let report = try scan(Array(Data(contentsOf: folder.appending(path: name))), name: name)
            #expect(report.worst == .critical, "\(name): \(report.kind) \(report.told) \(report.errors)")
        }
    }
}
