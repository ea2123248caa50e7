/// The type of a tensor's elements, under the name that safetensors gives it, or ggml for its quantised types, or else the format's own.
public struct ElementType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    public static let f64 = ElementType(rawValue: "F64")
    public static let f32 = ElementType(rawValue: "F32")
    public static let f16 = ElementType(rawValue: "F16")
    public static let bf16 = ElementType(rawValue: "BF16")
    public static let f8e4m3 = ElementType(rawValue: "F8_E4M3")
    public static let f8e5m2 = ElementType(rawValue: "F8_E5M2")
    public static let f8e4m3fnuz = ElementType(rawValue: "F8_E4M3FNUZ")
    public static let f8e5m2fnuz = ElementType(rawValue: "F8_E5M2FNUZ")
    public static let f8e8m0 = ElementType(rawValue: "F8_E8M0")
    public static let i64 = ElementType(rawValue: "I64")
    public static let i32 = ElementType(rawValue: "I32")
    public static let i16 = ElementType(rawValue: "I16")
    public static let i8 = ElementType(rawValue: "I8")
    public static let u64 = ElementType(rawValue: "U64")
    public static let u32 = ElementType(rawValue: "U32")
    public static let u16 = ElementType(rawValue: "U16")
    public static let u8 = ElementType(rawValue: "U8")
    public static let bool = ElementType(rawValue: "BOOL")
    public static let c64 = ElementType(rawValue: "C64")
    public static let c128 = ElementType(rawValue: "C128")
    /// Texts: no bytes of fixed length.
    public static let string = ElementType(rawValue: "STRING")
    /// Python objects.
    public static let object = ElementType(rawValue: "OBJECT")

    /// Several values of types of their own.
    public static let structure = ElementType(rawValue: "STRUCT")
    /// Bytes without a meaning.
    public static let void = ElementType(rawValue: "VOID")

    /// Bits of one element, for types whose elements have bits of their own.
    public var bits: Int? { Self.plainBits[rawValue] }

    /// For a type whose elements are quantised in blocks: how many elements and how many bytes a block has.
    public var block: (elements: Int, bytes: Int)? { GGMLType.blocks[rawValue] }

    /// The bytes that so many elements take; nil where the type does not say, or the number is past all measure, or a block would be cut.
    public func byteCount(elements: Int) -> Int? {
        if let bits {
            let (product, tooLarge) = elements.multipliedReportingOverflow(by: bits)
            return tooLarge ? nil : product / 8 + (product % 8 == 0 ? 0 : 1)
        }
        guard let block, elements % block.elements == 0 else { return nil }
        let (product, tooLarge) = (elements / block.elements).multipliedReportingOverflow(by: block.bytes)
        return tooLarge ? nil : product
    }

    private static let plainBits: [String: Int] = [
        "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F8_E8M0": 8,
        "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4, "I64": 64, "I32": 32, "I16": 16, "I8": 8, "I4": 4, "I2": 2, "U64": 64, "U32": 32,
        "U16": 16,
        "U8": 8, "U4": 4, "U2": 2, "BOOL": 8, "C64": 64, "C128": 128, "C32": 32, "U1": 1, "F128": 128, "C256": 256,
    ]
}

/// How many elements a shape has; nil where that is past all measure, or a length is negative.
public func elementCount(_ shape: [Int]) -> Int? {
    var count = 1
    var hasZero = false
    for length in shape {
        if length < 0 { return nil }
        if length == 0 {
            hasZero = true
            continue
        }
        let (product, tooLarge) = count.multipliedReportingOverflow(by: length)
        if tooLarge { return nil }
        count = product
    }
    return hasZero ? 0 : count
}
