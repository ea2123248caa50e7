/// `TensorProto.DataType` of onnx.proto, under Weir's names.
enum ONNXElementType {
    static let names: [ElementType?] = [
        nil, .f32, .u8, .i8, .u16, .i16, .i32, .i64, .string, .bool, .f16, .f64, .u32, .u64, .c64, .c128, .bf16, .f8e4m3,
        .f8e4m3fnuz,
        .f8e5m2, .f8e5m2fnuz, ElementType(rawValue: "U4"), ElementType(rawValue: "I4"), ElementType(rawValue: "F4"),
        .f8e8m0, ElementType(rawValue: "U2"), ElementType(rawValue: "I2"), ElementType(rawValue: "F6_E2M3"),
        ElementType(rawValue: "F6_E3M2"),
    ]

    static func named(_ number: Int) -> ElementType? {
        names.indices ~= number ? names[number] : nil
    }
}
