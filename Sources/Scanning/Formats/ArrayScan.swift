import ModelFormats

/// NumPy's arrays, whose objects are pickled behind the header (numpy.lib.format).
extension FileScanner {
    mutating func scanArray(_ part: Part) throws {
        let header = try NPYReader.header(part.source, limits: limits.reading)
        cover(.parsed, header.dataStart, "npy header", in: part)
        guard header.type.element == .object else {
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
}
