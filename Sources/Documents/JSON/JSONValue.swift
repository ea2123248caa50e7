#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A value of a ``JSONDocument``. Cheap to copy; text is decoded when it is asked for.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.nodes[index] }

    public enum Kind: String, Sendable {
        case null, boolean, number, string, array, object
    }

    public var kind: Kind {
        switch node.kind {
        case .null: .null
        case .yes, .no: .boolean
        case .number: .number
        case .string, .escapedString: .string
        case .array: .array
        case .object: .object
        }
    }

    public var isNull: Bool { node.kind == .null }

    public var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// The number as an integer: nil for anything with a fraction or exponent, or outside 64 bits.
    public var int64: Int64? {
        guard node.kind == .number else { return nil }
        return withBytes { text in
            let isNegative = text.first == UInt8(ascii: "-")
            var value: Int64 = 0
            for byte in text.dropFirst(isNegative ? 1 : 0) {
                guard byte &- UInt8(ascii: "0") < 10 else { return nil }
                let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
                let digit = Int64(byte - UInt8(ascii: "0"))
                let (sum, carried) =
                    isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
                if tooLarge || carried { return nil }
                value = sum
            }
            return value
        }
    }

    public var double: Double? { node.kind == .number ? Double(text) : nil }

    /// The text of a string, escapes resolved. A surrogate without its partner becomes U+FFFD.
    public var string: String? {
        switch node.kind {
        case .string: withBytes { String(decoding: $0, as: UTF8.self) }
        case .escapedString: withBytes { unescape($0) }
        default: nil
        }
    }

    /// The text of a string that says something: nil for an empty one and one of white space only. A NUL, which SQL would cut the
    /// text at, becomes U+FFFD.
    public var statedText: String? {
        guard let text = string, let first = text.utf8.first else { return nil }
        // Nearly every text begins with a visible character of ASCII.
        if !(0x21..<0x7f).contains(first), text.allSatisfy(\.isWhitespace) { return nil }
        return node.kind == .escapedString && text.utf8.contains(0) ? text.replacing("\0", with: "\u{fffd}") : text
    }

    /// The value as it stands in the source, quotes and white space included.
    public var text: String { String(decoding: source, as: UTF8.self) }

    /// The bytes of the value as they stand in the source.
    public var source: ArraySlice<UInt8> {
        let quote = kind == .string ? 1 : 0
        let base = document.bytes.startIndex
        return document.bytes[(base + Int(node.start) - quote)..<(base + Int(node.end) + quote)]
    }

    /// Bytes from the start of the document.
    public var offset: Int { Int(node.start) }

    /// The elements of an array in order; nothing for any other kind.
    public var elements: JSONElements {
        JSONElements(document: document, index: index + 1, end: node.kind == .array ? Int(node.next) : index + 1)
    }

    /// The members of an object in order; nothing for any other kind.
    public var members: JSONMembers {
        JSONMembers(document: document, index: index + 1, end: node.kind == .object ? Int(node.next) : index + 1)
    }

    /// The value of a member; of the last one where a key stands twice, as Python's and JavaScript's readers have it.
    public subscript(key: StaticString) -> JSONValue? {
        guard node.kind == .object else { return nil }
        let length = key.utf8CodeUnitCount
        var found: Int?
        document.bytes.withUnsafeBufferPointer { text in
            document.nodes.withUnsafeBufferPointer { nodes in
                var member = index + 1
                let end = Int(nodes[index].next)
                while member < end {
                    let name = nodes[member]
                    if name.kind == .string {
                        if Int(name.end - name.start) == length,
                            length == 0 || memcmp(text.baseAddress! + Int(name.start), key.utf8Start, length) == 0
                        {
                            found = member + 1
                        }
                    } else if JSONValue(document: document, index: member).string == "\(key)" {
                        found = member + 1
                    }
                    member = Int(nodes[member + 1].next)
                }
            }
        }
        return found.map { JSONValue(document: document, index: $0) }
    }

    /// The value of a member, where the object has this one and no other.
    public func onlyMember(_ key: StaticString) -> JSONValue? {
        guard node.kind == .object, index + 2 < document.nodes.count, document.nodes[index + 2].next == node.next else {
            return nil
        }
        return self[key]
    }

    /// The value of a member that is not null.
    public func present(_ key: StaticString) -> JSONValue? {
        guard let value = self[key], !value.isNull else { return nil }
        return value
    }

    /// Calls `body` with the bytes between the quotes, or of the value.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let node = node
        return document.bytes.withUnsafeBufferPointer { text in
            body(UnsafeBufferPointer(rebasing: text[Int(node.start)..<Int(node.end)]))
        }
    }

    private func unescape(_ text: UnsafeBufferPointer<UInt8>) -> String {
        var units: [UInt16] = []
        var result = ""
        var plain = 0
        func flushUnits() {
            if !units.isEmpty {
                result += String(decoding: units, as: UTF16.self)
                units.removeAll(keepingCapacity: true)
            }
        }
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            if plain < index {
                flushUnits()
                result += String(decoding: UnsafeBufferPointer(rebasing: text[plain..<index]), as: UTF8.self)
            }
            switch text[index + 1] {
            case UInt8(ascii: "b"): units.append(8)
            case UInt8(ascii: "f"): units.append(12)
            case UInt8(ascii: "n"): units.append(10)
            case UInt8(ascii: "r"): units.append(13)
            case UInt8(ascii: "t"): units.append(9)
            case UInt8(ascii: "u"):
                var unit: UInt32 = 0
                for digit in 2..<6 { unit = unit << 4 | (hexDigit(text[index + digit]) ?? 0) }
                units.append(UInt16(unit))
                index += 4
            case let other: units.append(UInt16(other))
            }
            index += 2
            plain = index
        }
        flushUnits()
        result += String(decoding: UnsafeBufferPointer(rebasing: text[plain...]), as: UTF8.self)
        return result
    }
}

/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    let document: JSONDocument
    var index: Int
    let end: Int

    public mutating func next() -> JSONValue? {
        guard index < end else { return nil }
        defer { index = Int(document.nodes[index].next) }
        return JSONValue(document: document, index: index)
    }
}

/// The members of an object.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    let document: JSONDocument
    var index: Int
    let end: Int

    public mutating func next() -> (key: String, value: JSONValue)? {
        guard index < end else { return nil }
        let key = JSONValue(document: document, index: index)
        let value = JSONValue(document: document, index: index + 1)
        index = Int(document.nodes[index + 1].next)
        return (key.string ?? "", value)
    }
}
