import ModelFormats

/// NumPy's arrays, whose objects are pickled behind the header (numpy.lib.format).
extension FileScanner {
    mutating func scanArray(_ part: Part) throws {
        let header = try NPYReader.header(part.source, limits: limits.reading)
        cover(.parsed, header.dataStart, "npy header", in: part)
        // An escape in the header may spell any type.
        let hasEscapes = try part.source.bytes(0..<header.dataStart).contains(UInt8(ascii: "\\"))
        guard header.type.element == .object || hasEscapes || Self.holdsObjects(header.description) else {
            let size = NPYReader.byteCount(header) ?? Int.max
            let rest = part.source.size - header.dataStart
            guard size <= rest else { throw FormatError(header.dataStart, "the array has \(size) bytes, and \(rest) are there") }
            cover(.skipped, size, "numbers of an array", in: part)
            if size < rest {
                add(.trailingData, nil, "\(rest - size) bytes follow the array", at: header.dataStart + size, in: part)
                try scan(part.inner(PartSource(part.source, header.dataStart + size..<part.source.size), "tail"))
            }
            return
        }
        try scanPickles(part.inner(PartSource(part.source, header.dataStart..<part.source.size), "objects"))
    }

    /// NumPy takes types such as `i4,O` and names with escapes, too: whatever could be an object's type makes the data a pickle.
    private static func holdsObjects(_ description: PythonLiteral) -> Bool {
        switch description {
        case .text(let text), .name(let text): text.contains("O") || text.contains("\\") || text.lowercased().contains("object")
        case .sequence(let items): items.contains { holdsObjects($0) }
        case .dictionary(let entries): entries.contains { holdsObjects($0.value) }
        default: false
        }
    }
}
