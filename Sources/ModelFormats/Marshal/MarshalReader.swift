/// A value as CPython's `marshal` writes it (Python/marshal.c), without anything being made of it.
public indirect enum MarshalValue: Sendable {
    case none
    case bool(Bool)
    case integer(Int64)
    /// A number past 64 bits, an ellipsis or another constant that no judgment needs.
    case other
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case list([MarshalValue])
    case code(CodeObject)
}

/// A code object: what a function or module is compiled to.
public struct CodeObject: Sendable {
    public var name = ""
    public var file = ""
    public var firstLine = 0
    public var argumentCount = 0
    public var flags = 0
    /// Instructions, in the form of its version.
    public var instructions: [UInt8] = []
    public var constants: [MarshalValue] = []
    /// Names of globals, attributes and imports.
    public var names: [String] = []
    public var variables: [String] = []
    public var layout: MarshalLayout

    /// Its own names and those of the functions in it, with the texts among the constants apart.
    public func allNames(depth: Int = 0) -> (names: [String], texts: [String]) {
        var names = self.names
        var texts: [String] = []
        var waiting = constants
        while let value = waiting.popLast() {
            switch value {
            case .text(let text): texts.append(text)
            case .bytes(let bytes): if let text = String(validating: bytes, as: UTF8.self) { texts.append(text) }
            case .list(let items): waiting += items
            case .code(let inner) where depth < 64:
                let found = inner.allNames(depth: depth + 1)
                names += found.names
                texts += found.texts
            default: break
            }
        }
        return (names, texts)
    }
}

/// Which fields a code object has, by version of CPython.
public enum MarshalLayout: String, Sendable, CaseIterable {
    case python311 = "3.11 and later"
    case python38 = "3.8 to 3.10"
    case python30 = "3.0 to 3.7"
    case python2 = "2.x"

    /// How many numbers stand before the instructions.
    var leadingNumbers: Int {
        switch self {
        case .python311, .python30: 5
        case .python38: 6
        case .python2: 4
        }
    }
}

/// Reads marshalled values. The version is not written in them: each layout is tried, and the one that reads the whole is it.
public struct MarshalReader {
    private var reader: ByteReader
    private let layout: MarshalLayout
    private var references: [MarshalValue] = []
    private var interned: [String] = []
    private var values = 0

    private static let valuesLimit = 2_000_000

    /// The value at the start of the bytes, in the first layout in which it is whole and sound.
    /// - Throws: ``FormatError`` of the most recent layout where none fits.
    public static func read(_ bytes: [UInt8]) throws -> MarshalValue {
        var refusal = FormatError(0, "the marshalled value is empty")
        for layout in MarshalLayout.allCases {
            var reader = MarshalReader(reader: ByteReader(MemorySource(bytes)), layout: layout)
            do {
                return try reader.value(depth: 0)
            } catch let error as FormatError {
                if layout == .python311 { refusal = error }
            }
        }
        throw refusal
    }

    private init(reader: ByteReader, layout: MarshalLayout) {
        self.reader = reader
        self.layout = layout
    }

    private mutating func value(depth: Int) throws -> MarshalValue {
        let place = reader.position
        values += 1
        guard depth < 200 else { throw FormatError(place, "marshalled values are in each other more than 200 deep") }
        guard values <= Self.valuesLimit else { throw FormatError(place, "more than \(Self.valuesLimit) marshalled values") }
        let byte = try reader.byte()
        let isReferable = byte & 0x80 != 0
        let type = byte & 0x7f
        // A place among the references is taken before what is in the value takes its own.
        let slot = references.count
        if isReferable { references.append(.other) }
        let value = try value(type, place, depth)
        if isReferable { references[slot] = value }
        return value
    }

    private mutating func value(_ type: UInt8, _ place: Int, _ depth: Int) throws -> MarshalValue {
        switch type {
        case UInt8(ascii: "N"): return .none
        case UInt8(ascii: "F"): return .bool(false)
        case UInt8(ascii: "T"): return .bool(true)
        case UInt8(ascii: "."), UInt8(ascii: "S"): return .other
        case UInt8(ascii: "i"): return .integer(Int64(try reader.integer(Int32.self)))
        case UInt8(ascii: "I"): return .integer(try reader.integer(Int64.self))
        case UInt8(ascii: "l"): return try long()
        case UInt8(ascii: "g"): return .real(Double(bitPattern: try reader.integer(UInt64.self)))
        case UInt8(ascii: "y"):
            try reader.skip(16)
            return .other
        case UInt8(ascii: "f"):
            return .real(Double(String(decoding: try reader.bytes(Int(try reader.byte())), as: UTF8.self)) ?? .nan)
        case UInt8(ascii: "x"):
            try reader.skip(Int(try reader.byte()))
            try reader.skip(Int(try reader.byte()))
            return .other
        case UInt8(ascii: "s"): return .bytes(Array(try reader.bytes(try length())))
        case UInt8(ascii: "t"):
            let text = String(decoding: try reader.bytes(try length()), as: UTF8.self)
            interned.append(text)
            return .text(text)
        case UInt8(ascii: "u"), UInt8(ascii: "a"), UInt8(ascii: "A"):
            return .text(String(decoding: try reader.bytes(try length()), as: UTF8.self))
        case UInt8(ascii: "z"), UInt8(ascii: "Z"):
            return .text(String(decoding: try reader.bytes(Int(try reader.byte())), as: UTF8.self))
        case UInt8(ascii: "R"):
            let index = Int(try reader.integer(UInt32.self))
            guard interned.indices ~= index else { throw FormatError(place, "a text that was never written is referred to") }
            return .text(interned[index])
        case UInt8(ascii: "r"):
            let index = Int(try reader.integer(UInt32.self))
            guard references.indices ~= index else { throw FormatError(place, "a value that was never written is referred to") }
            return references[index]
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: ">"):
            return .list(try items(try length(), depth))
        case UInt8(ascii: ")"): return .list(try items(Int(try reader.byte()), depth))
        case UInt8(ascii: ":"): return .list(try items(3, depth))
        case UInt8(ascii: "{"):
            var items: [MarshalValue] = []
            while try reader.peek() != UInt8(ascii: "0") { items.append(try value(depth: depth + 1)) }
            try reader.skip(1)
            return .list(items)
        case UInt8(ascii: "c"): return .code(try code(depth))
        default: throw FormatError(place, "there is no marshalled value of type 0x\(String(type, radix: 16))")
        }
    }

    private mutating func length() throws -> Int {
        let length = Int(try reader.integer(Int32.self))
        guard length >= 0, length <= reader.remaining else { throw reader.failure("a length is said to be \(length)") }
        return length
    }

    private mutating func items(_ count: Int, _ depth: Int) throws -> [MarshalValue] {
        guard count <= reader.remaining else { throw reader.failure("\(count) values are said to follow") }
        var items: [MarshalValue] = []
        for _ in 0..<count { items.append(try value(depth: depth + 1)) }
        return items
    }

    /// Digits of 15 bits, their number with the sign.
    private mutating func long() throws -> MarshalValue {
        let count = try reader.integer(Int32.self)
        let digits = Int(count.magnitude)
        guard digits * 2 <= reader.remaining else { throw reader.failure("a number is said to have \(digits) digits") }
        guard digits <= 4 else {
            try reader.skip(digits * 2)
            return .other
        }
        var number: Int64 = 0
        for shift in 0..<digits { number |= Int64(try reader.integer(UInt16.self) & 0x7fff) << Int64(15 * shift) }
        return .integer(count < 0 ? -number : number)
    }

    private mutating func code(_ depth: Int) throws -> CodeObject {
        let place = reader.position
        var code = CodeObject(layout: layout)
        var numbers: [Int] = []
        for _ in 0..<layout.leadingNumbers { numbers.append(Int(try reader.integer(Int32.self))) }
        guard numbers.allSatisfy({ $0 >= 0 }), numbers[0] < 1 << 16 else {
            throw FormatError(place, "a code object has impossible counts")
        }
        code.argumentCount = numbers[0]
        code.flags = numbers[numbers.count - 1]
        guard case .bytes(let instructions) = try value(depth: depth + 1),
            case .list(let constants) = try value(depth: depth + 1),
            let names = texts(try value(depth: depth + 1)), let variables = texts(try value(depth: depth + 1))
        else { throw FormatError(place, "a code object has not its instructions, constants and names") }
        code.instructions = instructions
        code.constants = constants
        code.names = names
        code.variables = variables
        if layout == .python311 {
            guard case .bytes = try value(depth: depth + 1) else {
                throw FormatError(place, "a code object has not the kinds of its variables")
            }
        } else {
            guard texts(try value(depth: depth + 1)) != nil, texts(try value(depth: depth + 1)) != nil else {
                throw FormatError(place, "a code object has not its free variables")
            }
        }
        code.file = text(try value(depth: depth + 1)) ?? ""
        code.name = text(try value(depth: depth + 1)) ?? ""
        if layout == .python311 { _ = try value(depth: depth + 1) }
        code.firstLine = Int(try reader.integer(Int32.self))
        _ = try value(depth: depth + 1)
        if layout == .python311 { _ = try value(depth: depth + 1) }
        return code
    }

    private func text(_ value: MarshalValue) -> String? {
        switch value {
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    private func texts(_ value: MarshalValue) -> [String]? {
        guard case .list(let items) = value else { return nil }
        let texts = items.compactMap { text($0) }
        return texts.count == items.count ? texts : nil
    }
}
