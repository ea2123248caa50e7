/// The formats of a file, the outermost first: an archive and a pickle for `model.pkl.gz`.
struct FileLayers: Equatable, Sendable {
    let formats: [FileFormat]
    /// False where an inspection named a format that is not known here: what the name says may be denied then, but not allowed.
    let isCertain: Bool

    /// What an inspection says, and without one what the name's endings say.
    init(_ file: PolicyFile) {
        if let inspected = file.format, let format = FileFormat(inspected: inspected) {
            formats = [format]
            isCertain = true
        } else {
            formats = Self.named(file.path)
            isCertain = file.format == nil
        }
    }

    /// What the endings of a name promise; endings of archives are taken off one by one.
    private static func named(_ path: String) -> [FileFormat] {
        var parts = parts(of: path)
        var found: [FileFormat] = []
        while parts.count > 1 {
            let (format, length) = ending(of: parts)
            guard let format else { break }
            if found.last != format { found.append(format) }
            guard format == .archive else { break }
            parts.removeLast(length)
        }
        return found
    }

    /// What stands between the dots of a file's own name, in lower case, without the spaces and dots at its end, which some
    /// systems drop, and without the numbers behind `.so`.
    private static func parts(of path: String) -> [String] {
        let bytes = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? path
        var parts = bytes.lowercased().unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map {
            String($0).trimmingSpaces()
        }
        while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        if let library = parts.lastIndex(of: "so"), library > 0,
            parts[(library + 1)...].allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } })
        {
            parts.removeSubrange((library + 1)...)
        }
        return parts
    }

    /// The format of the longest ending that is known, and of how many parts it is.
    private static func ending(of parts: [String]) -> (FileFormat?, length: Int) {
        if parts.count > 2, let format = FileFormat.byEnding[parts.suffix(2).joined(separator: ".")] { return (format, 2) }
        return (parts.last.flatMap { FileFormat.byEnding[$0] }, 1)
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
