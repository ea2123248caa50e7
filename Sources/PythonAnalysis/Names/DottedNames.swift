extension String {
    /// The last part of a dotted name; the dots of a relative import are one part.
    var lastPart: Substring {
        // Bytes are gone through much faster than characters, and this is asked for often.
        guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")), utf8.index(after: dot) != endIndex else { return self[...] }
        return self[utf8.index(after: dot)...]
    }
}
