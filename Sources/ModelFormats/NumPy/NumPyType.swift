/// A NumPy data type, from its array-protocol text (`numpy.lib.format`, `descr`): byte order, kind, and bytes of an element.
package struct NumPyType: Sendable, Equatable {
    package var element: ElementType
    package var itemSize: Int
    var isBigEndian = false

    /// - Parameter text: such as `<f4`, `|b1`, `>i8`, `<M8[ns]`, or a name such as `float32`, `bfloat16`.
    init?(_ text: String) {
        var rest = Substring(text)
        if let order = rest.first, "<>=|".contains(order) {
            isBigEndian = order == ">"
            rest = rest.dropFirst()
        }
        if let named = Self.names[String(rest)] {
            (element, itemSize) = named
            return
        }
        guard let kind = rest.first else { return nil }
        let sizeText = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        let size = Int(sizeText) ?? (sizeText.isEmpty ? 0 : -1)
        guard size >= 0, size < 1 << 32 else { return nil }
        itemSize = size
        switch kind {
        case "b", "i", "u", "f", "c":
            guard let name = Self.plain["\(kind)\(size)"] else { return nil }
            element = name
        case "S", "a": element = .string
        case "U":
            element = .string
            itemSize = size * 4
        case "V": element = .void
        case "M": element = ElementType(rawValue: "DATETIME")
        case "m": element = ElementType(rawValue: "TIMEDELTA")
        case "O":
            element = .object
            itemSize = 8
        default: return nil
        }
    }

    init(element: ElementType, itemSize: Int) {
        self.element = element
        self.itemSize = itemSize
    }

    private static let plain: [String: ElementType] = [
        "b1": .bool, "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64, "u1": .u8, "u2": .u16, "u4": .u32, "u8": .u64, "f2": .f16,
        "f4": .f32,
        "f8": .f64, "f16": ElementType(rawValue: "F128"), "f12": ElementType(rawValue: "F96"), "c8": .c64, "c16": .c128,
        "c32": ElementType(rawValue: "C256"),
    ]

    private static let names: [String: (ElementType, Int)] = [
        "bool": (.bool, 1), "bool_": (.bool, 1), "int8": (.i8, 1), "int16": (.i16, 2), "int32": (.i32, 4), "int64": (.i64, 8),
        "uint8": (.u8, 1), "uint16": (.u16, 2),
        "uint32": (.u32, 4), "uint64": (.u64, 8), "float16": (.f16, 2), "float32": (.f32, 4), "float64": (.f64, 8),
        "complex64": (.c64, 8),
        "complex128": (.c128, 16), "bfloat16": (.bf16, 2), "float8_e4m3fn": (.f8e4m3, 1), "float8_e5m2": (.f8e5m2, 1),
        "float8_e4m3fnuz": (.f8e4m3fnuz, 1), "float8_e5m2fnuz": (.f8e5m2fnuz, 1), "float8_e8m0fnu": (.f8e8m0, 1),
        "object": (.object, 8),
        "record": (.structure, 0), "void": (.void, 0), "str_": (.string, 0), "bytes_": (.string, 0), "?": (.bool, 1),
        "int4": (ElementType(rawValue: "I4"), 1), "uint4": (ElementType(rawValue: "U4"), 1),
    ]
}
