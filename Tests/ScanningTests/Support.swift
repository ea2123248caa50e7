import Foundation
import ModelFormats

@testable import Scanning

/// What a scan says of bytes under a name.
func scan(_ bytes: [UInt8], name: String = "model.pkl", limits: ScanLimits = ScanLimits()) throws -> FileReport {
    try FileScanner.scanned(MemorySource(bytes), path: name, limits: limits).report
}

func scan(_ text: String, name: String = "model.pkl") throws -> FileReport { try scan(Array(text.utf8), name: name) }

extension FileReport {
    /// Rules and severities, the worst first, each once.
    var told: [String] {
        findings.sorted { $0.severity > $1.severity }.map { "\($0.severity) \($0.rule.id)" }.reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    /// Whether nobody could take it for clean.
    var isNotClean: Bool { !findings.isEmpty || !errors.isEmpty }
}

/// Pickles of the binary protocols, opcode by opcode.
enum Assembly {
    static func text(_ text: String) -> [UInt8] { [0x58] + little(text.utf8.count, 4) + Array(text.utf8) }
    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }
    static func stackGlobal(_ module: String, _ name: String) -> [UInt8] { text(module) + text(name) + [0x93] }
    static func call(_ module: String, _ name: String, _ argument: String) -> [UInt8] {
        global(module, name) + text(argument) + [0x85, 0x52]
    }
    static func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    static let stop: [UInt8] = [0x2e]
    static func proto(_ version: UInt8) -> [UInt8] { [0x80, version] }
}

/// Zip archives, with whatever lies in their headers a test wants.
struct ZipMaker {
    struct Member {
        var name: String
        var content: [UInt8]
        var localName: String?
        var flags = 0
        var method = 0
        var checksum: UInt32?
        var mode = 0
        var isListed = true
    }

    var members: [Member] = []
    var prefix: [UInt8] = []
    var suffix: [UInt8] = []

    static func of(_ files: [(String, [UInt8])]) -> [UInt8] {
        ZipMaker(members: files.map { Member(name: $0.0, content: $0.1) }).bytes
    }

    var bytes: [UInt8] {
        var body = prefix
        var directory: [UInt8] = []
        var listed = 0
        for member in members {
            let offset = body.count
            let checksum = Assembly.little(Int(member.checksum ?? crc32(of: member.content)), 4)
            let sizes = Assembly.little(member.content.count, 4) + Assembly.little(member.content.count, 4)
            let local = Array((member.localName ?? member.name).utf8)
            let name = Array(member.name.utf8)
            let common = Assembly.little(member.flags, 2) + Assembly.little(member.method, 2) + [0, 0, 0, 0] + checksum + sizes
            body += [0x50, 0x4b, 3, 4, 20, 0] + common + Assembly.little(local.count, 2) + [0, 0] + local + member.content
            guard member.isListed else { continue }
            listed += 1
            directory +=
                [0x50, 0x4b, 1, 2, 20, 3, 20, 0] + common + Assembly.little(name.count, 2) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            directory += Assembly.little(member.mode, 2) + Assembly.little(offset, 4) + name
        }
        let end =
            [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + Assembly.little(listed, 2) + Assembly.little(listed, 2)
            + Assembly.little(directory.count, 4)
        return body + directory + end + Assembly.little(body.count, 4) + [0, 0] + suffix
    }
}
