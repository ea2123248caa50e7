/// One range of bytes (RFC 9110, section 14).
enum ByteRange: Equatable {
    case whole
    case part(ClosedRange<Int64>)
    case unsatisfiable
    /// Several ranges are not given: no client of models asks for them, and they cost a server much.
    case several

    /// A header that is not understood is passed over, as the RFC demands.
    init(header: String?, size: Int64) {
        guard let header, header.hasPrefix("bytes=") else {
            self = .whole
            return
        }
        if header.contains(",") {
            self = .several
            return
        }
        let bounds = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else {
            self = .whole
            return
        }
        switch (Int64(bounds[0]), Int64(bounds[1])) {
        case (let start?, let end) where bounds[1].isEmpty || end != nil:
            let last = min(end ?? size - 1, size - 1)
            self = start <= last ? .part(start...last) : .unsatisfiable
        case (nil, let length?) where bounds[0].isEmpty:
            self = length > 0 && size > 0 ? .part(max(0, size - length)...(size - 1)) : .unsatisfiable
        default: self = .whole
        }
    }
}
