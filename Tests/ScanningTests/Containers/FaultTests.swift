import Foundation
import ModelFormats
import Testing

@testable import Scanning

/// Input that would take all time or memory, or that is no file.
@Suite struct FaultTests {
    private func limits(_ change: (inout ScanLimits) -> Void) -> ScanLimits {
        var limits = ScanLimits()
        change(&limits)
        return limits
    }

    /// 50 GB in an archive of some kilobytes: members that say what they are, and members that do not.
    @Test func aBombIsAReportedLimit() throws {
        var archive = ZipMaker()
        archive.members = (0..<50).map {
            ZipMaker.Member(name: "m\($0).pkl", content: [UInt8](repeating: 0, count: 10), method: 8)
        }
        var bytes = archive.bytes
        // Each member is said to unpack to 1 GB.
        var index = 0
        while index + 46 < bytes.count {
            if bytes[index...].starts(with: [0x50, 0x4b, 1, 2]) {
                bytes.replaceSubrange(index + 24..<index + 28, with: [0, 0, 0, 0x40])
            }
            index += 1
        }
        let report = try scan(bytes, name: "bomb.zip", limits: limits { $0.memberBytes = 1 << 20 })
        #expect(report.isNotClean && report.errors.count >= 1)
    }

    @Test func tenMillionNestedTuplesAreRead() throws {
        let report = try scan([0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 10_000_000) + [0x2e])
        #expect(report.worst == nil && report.coverage.bytes(.parsed) == 10_000_004 || !report.errors.isEmpty)
    }

    @Test func farMemoEntriesTakeNoRoom() throws {
        let far = try scan([0x80, 2, 0x4e, 0x72, 0xff, 0xff, 0xff, 0x7f, 0x6a, 0xff, 0xff, 0xff, 0x7f, 0x2e])
        #expect(far.told.isEmpty && far.errors.isEmpty)
        let text = try scan("Np9223372036854775807\ng9223372036854775807\n.")
        #expect(text.told.isEmpty && text.errors.isEmpty, "\(text.told) \(text.errors)")
    }

    @Test func anArchiveThatHoldsItselfComesToAnEnd() throws {
        // Its one member is stored, and is the archive: the directory points to a header whose data reach over the whole.
        let whole = ZipMaker.of([("self.zip", [UInt8](repeating: 0, count: 64))])
        var nested = whole
        for _ in 0..<40 { nested = ZipMaker.of([("self.zip", nested)]) }
        let report = try scan(nested, name: "self.zip")
        #expect(report.errors.contains { $0.message.contains("deep") })
    }

    @Test func aStreamWithoutEndMeetsItsLimit() throws {
        let report = try scan([UInt8](repeating: 0x4e, count: 50).flatMap { [$0, 0x2e] }, limits: limits { $0.streams = 20 })
        #expect(report.errors.contains { $0.message.contains("pickles one behind the other") })
    }

    @Test func manyMembersMeetTheirLimit() throws {
        let archive = ZipMaker(members: (0..<2000).map { ZipMaker.Member(name: "m\($0)", content: [0x61]) })
        let report = try scan(archive.bytes, name: "a.zip", limits: limits { $0.members = 1000 })
        #expect(report.errors.contains { $0.message.contains("members") })
    }

    @Test func timeIsALimit() throws {
        let report = try scan([0x80, 2] + [UInt8](repeating: 0x4e, count: 5_000_000) + [0x2e], limits: limits { $0.seconds = 0 })
        #expect(report.errors.contains { $0.message.contains("seconds") })
    }

    @Test func lengthsPastAllMeasureAreErrors() throws {
        for bytes: [UInt8] in [
            [0x80, 4, 0x8d] + [UInt8](repeating: 0xff, count: 8), [0x80, 4, 0x8e] + [UInt8](repeating: 0x7f, count: 8),
            [0x80, 2, 0x8b, 0xff, 0xff, 0xff, 0xff],
            [0x80, 4, 0x95] + [UInt8](repeating: 0xff, count: 8),
        ] {
            let report = try scan(bytes)
            #expect(!report.errors.isEmpty, "\(bytes)")
        }
    }

    @Test func foldersWithStrangeThingsAreScannedToTheirEnd() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weir-scan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "deep/model.pkl"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("cos\nsystem\n(S'x'\ntR.".utf8).write(to: folder.appending(path: "deep/z.pkl"))
        try FileManager.default.createSymbolicLink(atPath: folder.appending(path: "loop").path, withDestinationPath: ".")
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "out").path, withDestinationPath: "/etc/hostname")
        try FileManager.default.createSymbolicLink(atPath: folder.appending(path: "zero").path, withDestinationPath: "/dev/zero")
        try FileManager.default.createSymbolicLink(atPath: folder.appending(path: "nowhere").path, withDestinationPath: "missing")
        #expect(mkfifo(folder.appending(path: "pipe.pkl").path, 0o600) == 0)
        try Data().write(to: folder.appending(path: "empty.pkl"))
        let report = await LocalScan().scan(paths: [folder.path, folder.path + "/missing"])
        #expect(report.worst == .critical)
        #expect(report.files.contains { $0.path.hasSuffix("/pipe.pkl") && $0.errors.first?.message.contains("pipe") == true })
        #expect(report.files.count { $0.findings.contains { $0.rule == .linkOutside } } == 2)
        #expect(report.files.contains { $0.path.hasSuffix("/missing") && !$0.errors.isEmpty })
        #expect(report.skipped.contains { $0.path.hasSuffix("/nowhere") })
    }

    /// Whatever is cut off somewhere is an error or a finding, and what it did before is told.
    @Test func aFileCutAnywhereIsNotClean() throws {
        let bytes = ZipMaker.of([
            ("archive/data.pkl", [0x80, 2, 0x7d] + Assembly.text("weights") + [0x4b, 1, 0x73, 0x2e]),
            ("archive/version", Array("3\n".utf8)),
        ])
        for length in 1..<bytes.count {
            let report = try scan(Array(bytes[..<length]), name: "model.pt")
            #expect(report.isNotClean, "\(length) of \(bytes.count) bytes")
        }
        let pickle: [UInt8] = [0x80, 2, 0x7d] + Assembly.text("weights") + [0x4b, 1, 0x73, 0x2e]
        for length in 1..<pickle.count { #expect(try scan(Array(pickle[..<length])).isNotClean, "\(length)") }
    }

    @Test func twoFormsOfOneModelHaveToBeTheSame() async throws {
        func safetensors(_ numbers: [UInt8], shape: String = "[4]") -> Data {
            let header = Data(#"{"w":{"dtype":"U8","shape":\#(shape),"data_offsets":[0,4]}}"#.utf8)
            return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + Data(numbers)
        }
        typealias A = Assembly
        let persistent =
            [0x28] + A.text("storage") + A.global("torch", "ByteStorage") + A.text("0") + A.text("cpu") + [0x4b, 4, 0x74, 0x51]
        let program =
            A.proto(2) + [0x7d] + A.text("w") + A.global("torch._utils", "_rebuild_tensor_v2") + [0x28] + persistent
            + [0x4b, 0, 0x4b, 4, 0x85, 0x4b, 1, 0x85, 0x89, 0x7d, 0x74, 0x52, 0x73, 0x2e]
        let torch = ZipMaker.of([("archive/data.pkl", program), ("archive/data/0", [1, 2, 3, 4])])
        for (bytes, differs) in [
            (safetensors([1, 2, 3, 4]), false), (safetensors([1, 2, 3, 9]), true),
            (safetensors([1, 2, 3, 4], shape: "[2,2]"), true),
        ] {
            let folder = FileManager.default.temporaryDirectory.appending(path: "weir-scan-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try bytes.write(to: folder.appending(path: "model.safetensors"))
            try Data(torch).write(to: folder.appending(path: "pytorch_model.bin"))
            let report = await LocalScan().scan(paths: [folder.path])
            #expect(
                report.files.flatMap(\.findings).contains { $0.rule == .weightsDiffer } == differs,
                "\(report.files.flatMap(\.findings)) \(report.files.flatMap(\.errors))")
        }
    }
}
