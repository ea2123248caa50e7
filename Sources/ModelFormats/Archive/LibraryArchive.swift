import CArchive

/// Archives that libarchive reads: 7z, RAR, and others whose forms are no business of models. The archive is given from memory, and each member is unpacked
/// into memory.
package enum LibraryArchive {
    package enum Kind: String, Sendable {
        case sevenZip = "7z"
        case rar
        case cabinet = "cab"
        case cpio
    }

    package struct Member: Sendable {
        package var name: String
        package var isEncrypted: Bool
        /// Nil where it could not be unpacked; then `problem` says why.
        package var bytes: [UInt8]?
        package var problem: String?
    }

    /// What a file's first bytes say.
    package static func recognised(_ head: ArraySlice<UInt8>) -> Kind? {
        if head.starts(with: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]) { return .sevenZip }
        if head.starts(with: Array("Rar!".utf8) + [0x1a, 0x07]) { return .rar }
        if head.starts(with: Array("MSCF".utf8) + [0, 0, 0, 0]) { return .cabinet }
        if head.starts(with: "070701".utf8) || head.starts(with: "070707".utf8) { return .cpio }
        return nil
    }

    /// Gives the members one after another.
    /// - Parameter limit: bytes that one member may unpack to.
    /// - Throws: ``FormatError`` where the archive cannot be read on; whatever `body` throws.
    package static func read(_ bytes: ArraySlice<UInt8>, limit: Int, _ body: (Member) throws -> Void) throws {
        guard let archive = archive_read_new() else { throw FormatError(0, "libarchive cannot begin") }
        defer { archive_read_free(archive) }
        archive_read_support_format_7zip(archive)
        archive_read_support_format_rar(archive)
        archive_read_support_format_rar5(archive)
        archive_read_support_format_cab(archive)
        archive_read_support_format_cpio(archive)
        archive_read_support_filter_none(archive)
        try bytes.withUnsafeBytes { buffer in
            guard archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK else {
                throw FormatError(0, "the archive cannot be opened: \(message(archive))")
            }
            var entry: OpaquePointer?
            while true {
                let status = archive_read_next_header(archive, &entry)
                if status == ARCHIVE_EOF { return }
                guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else {
                    throw FormatError(0, "the archive cannot be read on: \(message(archive))")
                }
                try body(member(archive, entry, limit: limit))
            }
        }
    }

    private static func member(_ archive: OpaquePointer, _ entry: OpaquePointer, limit: Int) -> Member {
        let name = archive_entry_pathname(entry).map { String(cString: $0) } ?? ""
        let isLink = archive_entry_symlink(entry) != nil || archive_entry_hardlink(entry) != nil
        var member = Member(
            name: name, isEncrypted: archive_entry_is_encrypted(entry) != 0, bytes: nil, problem: nil)
        if archive_entry_filetype(entry) & 0o170000 == 0o040000 || isLink {
            member.bytes = []
            return member
        }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = buffer.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
            if got == 0 { break }
            guard got > 0 else {
                member.problem = message(archive)
                return member
            }
            content += buffer[..<got]
            if content.count > limit {
                member.problem = "it unpacks to more than \(limit) bytes"
                return member
            }
        }
        member.bytes = content
        return member
    }

    private static func message(_ archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) } ?? "without a reason"
    }
}
