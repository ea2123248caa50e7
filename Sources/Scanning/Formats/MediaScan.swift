import ModelFormats

/// Pictures and their like, which end somewhere: what stands behind the end is no picture.
extension FileScanner {
    mutating func scanMedia(_ part: Part, _ media: ContentKind.Media) throws {
        let end: Int?
        do {
            switch media {
            case .png: end = try MediaEnd.png(part.source)
            case .jpeg: end = try MediaEnd.jpeg(part.source)
            case .gif: end = try MediaEnd.gif(part.source)
            case .riff: end = try MediaEnd.riff(part.source)
            default: end = nil
            }
        } catch is FormatError {
            // A picture that is cut off harms nobody; what hides in it is looked for by its own marks.
            cover(.skipped, part.source.size, "\(media.rawValue) that ends early", in: part)
            return
        }
        guard let end, end < part.source.size else {
            cover(.skipped, part.source.size, "\(media.rawValue), which no loader runs", in: part)
            return
        }
        cover(.skipped, end, "\(media.rawValue), which no loader runs", in: part)
        let tail = part.inner(PartSource(part.source, end..<part.source.size), "tail")
        let head = try tail.source.prefix(4096)
        if head.allSatisfy({ $0 == 0 || $0 == 0x0a || $0 == 0x0d || $0 == 0xff }) { return }
        let kinds = try ContentDetection.kinds(tail.source, name: "tail")
        let hides = kinds.contains { [.pickle, .zip, .python, .shell, .pythonBytecode, .batch].contains($0) || $0.isExecutable }
        let looksLikeCode = kinds.contains(.text) && TellingText.isTelling(String(decoding: head, as: UTF8.self))
        add(
            .hiddenTail, hides || looksLikeCode ? .high : .low,
            "has \(part.source.size - end) bytes behind its end: \(looksLikeCode ? "commands or source code" : kinds.map(\.name).joined(separator: ", "))",
            at: end, in: part)
        if kinds != [.unknown] { try scan(tail) }
    }
}

extension ContentKind {
    var isExecutable: Bool { if case .executable = self { true } else { false } }
}

/// Where pictures end.
enum MediaEnd {
    /// Behind the `IEND` chunk (PNG specification, 5.3).
    static func png(_ source: any ByteSource) throws -> Int? {
        var reader = ByteReader(source)
        try reader.skip(8)
        while reader.remaining >= 12 {
            let length: UInt32 = try reader.integer(bigEndian: true)
            let type = try reader.bytes(4)
            let isEnd = type.elementsEqual("IEND".utf8)
            try reader.skip(Int(length) + 4)
            if isEnd { return reader.position }
        }
        return nil
    }

    /// Behind the end marker of the picture itself; the pictures within its segments are passed with them (ITU-T T.81, annex B).
    static func jpeg(_ source: any ByteSource) throws -> Int? {
        var reader = ByteReader(source)
        try reader.skip(2)
        while reader.remaining >= 2 {
            guard try reader.byte() == 0xff else { return nil }
            var marker = try reader.byte()
            while marker == 0xff { marker = try reader.byte() }
            switch marker {
            case 0xd9: return reader.position
            case 0x01, 0xd0...0xd7: continue
            default:
                let length = Int(try reader.integer(UInt16.self, bigEndian: true))
                guard length >= 2 else { return nil }
                try reader.skip(length - 2)
                if marker == 0xda { try skipScan(&reader) }
            }
        }
        return nil
    }

    /// Compressed numbers, up to a marker that is none of their own.
    private static func skipScan(_ reader: inout ByteReader) throws {
        while reader.remaining >= 2 {
            guard try reader.byte() == 0xff else { continue }
            let next = try reader.peek()
            if next != 0, !(0xd0...0xd7 ~= next), next != 0xff {
                try reader.move(to: reader.position - 1)
                return
            }
        }
        try reader.skip(reader.remaining)
    }

    /// Behind the trailer (GIF89a, section 27).
    static func gif(_ source: any ByteSource) throws -> Int? {
        var reader = ByteReader(source)
        try reader.skip(10)
        let flags = try reader.byte()
        try reader.skip(2 + (flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0))
        func skipBlocks() throws {
            while true {
                let length = Int(try reader.byte())
                if length == 0 { return }
                try reader.skip(length)
            }
        }
        while !reader.isAtEnd {
            switch try reader.byte() {
            case 0x3b: return reader.position
            case 0x21:
                try reader.skip(1)
                try skipBlocks()
            case 0x2c:
                try reader.skip(8)
                let local = try reader.byte()
                try reader.skip((local & 0x80 != 0 ? 3 << (Int(local & 7) + 1) : 0) + 1)
                try skipBlocks()
            default: return nil
            }
        }
        return nil
    }

    static func riff(_ source: any ByteSource) throws -> Int? {
        var reader = ByteReader(source)
        try reader.skip(4)
        let length = Int(try reader.integer(UInt32.self))
        return length + 8 + length % 2
    }
}
