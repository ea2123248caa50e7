import ModelFormats

/// Marshalled Python code: in `.pyc` files, `Lambda` layers and calls of `marshal.loads`.
extension FileScanner {
    mutating func scanBytecodeFile(_ part: Part) throws {
        let bytes = Array(try part.source.bytes(0..<min(part.source.size, limits.memberBytes)))
        // The header has 8 bytes before Python 3.3, 12 before 3.7 and 16 since.
        guard let start = [16, 12, 8].first(where: { $0 < bytes.count && bytes[$0] & 0x7f == UInt8(ascii: "c") }) else {
            throw FormatError(0, "no code object follows the header")
        }
        add(.pythonBytecode, nil, "is compiled Python, which nobody can read", in: part)
        judgeMarshalled(Array(bytes[start...]), rule: .pythonBytecode, "the compiled module", part)
        cover(.parsed, bytes.count, "Python byte code", in: part)
    }

    mutating func scanMarshalled(_ part: Part, _ bytes: [UInt8]) throws {
        judgeMarshalled(bytes, rule: .pythonBytecode, "marshalled code", part)
        cover(.parsed, bytes.count, "Python byte code", in: part)
    }

    /// Judges code by the names that it uses and the texts that it holds.
    mutating func judgeMarshalled(_ bytes: [UInt8], rule: Rule, _ what: String, _ part: Part) {
        let value: MarshalValue
        do {
            value = try MarshalReader.read(bytes)
        } catch {
            add(rule, .high, "has code that cannot be read in \(what): \(error)", in: part)
            return
        }
        guard case .code(let code) = value else {
            add(rule, .low, "has a marshalled value that is no code in \(what)", in: part)
            return
        }
        let (names, texts) = code.allNames()
        // `globals()['eval']` has the name among its texts.
        let dangerous = CodeNames.dangerous(Set(names + texts))
        let telling = texts.filter { TellingText.isTelling($0) }
        let isSink = !dangerous.isEmpty
        var message =
            isSink
            ? "has code in \(what) that uses \(dangerous.joined(separator: ", "))"
            : "has code in \(what) that runs when the file is loaded or used"
        if !isSink, !telling.isEmpty { message += ", with commands or addresses in it" }
        add(
            rule, isSink ? (telling.isEmpty ? .high : .critical) : telling.isEmpty ? .medium : .high, message,
            snippet: (["names: " + names.prefix(20).joined(separator: ", ")] + telling.prefix(3).map { Printing.literal($0) })
                .joined(separator: "; "), in: part)
        if wantsListings {
            report.listings.append(FileReport.Listing(member: part.member, lines: CodeListing.lines(code)))
        }
    }
}

/// A code object for people.
enum CodeListing {
    static func lines(_ code: CodeObject, depth: Int = 0) -> [String] {
        let indent = String(repeating: "  ", count: depth)
        var lines = [
            "\(indent)code \(Printing.plain(code.name)) (Python \(code.layout.rawValue), \(code.instructions.count) bytes of instructions)",
            "\(indent)  names: \(code.names.map { Printing.plain($0, limit: 60) }.joined(separator: ", "))",
        ]
        var inner: [CodeObject] = []
        var constants: [String] = []
        for constant in code.constants {
            switch constant {
            case .text(let text): constants.append(Printing.literal(text))
            case .bytes(let bytes): constants.append("<\(bytes.count) bytes>")
            case .integer(let value): constants.append("\(value)")
            case .real(let value): constants.append("\(value)")
            case .none: constants.append("None")
            case .bool(let value): constants.append(value ? "True" : "False")
            case .list(let items): constants.append("(\(items.count) values)")
            case .code(let code): inner.append(code)
            case .other: break
            }
        }
        lines.append("\(indent)  constants: \(constants.prefix(40).joined(separator: ", "))")
        if depth < 16 { for code in inner { lines += self.lines(code, depth: depth + 1) } }
        return lines
    }
}
