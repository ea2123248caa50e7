/// `DataType` of tensorflow/core/framework/types.proto.
enum TensorFlowType {
    private static let names: [ElementType?] = [
        nil, .f32, .f64, .i32, .u8, .i16, .i8, .string, .c64, .i64, .bool, .i8, .u8,
        .i32, .bf16, .i16, .u16, .u16, .c128, .f16,
        ElementType(rawValue: "RESOURCE"), ElementType(rawValue: "VARIANT"), .u32, .u64, .f8e5m2, .f8e4m3, .f8e4m3fnuz, nil,
        .f8e5m2fnuz,
        ElementType(rawValue: "I4"), ElementType(rawValue: "U4"),
    ]

    static func named(_ number: Int) -> ElementType {
        (names.indices ~= number ? names[number] : nil) ?? ElementType(rawValue: "TYPE\(number)")
    }
}

/// `TensorShapeProto`: lengths, -1 for one that is not known; nil for a shape whose rank is not known.
func tensorFlowShape(_ source: any ByteSource, _ range: Range<Int>) throws -> [Int]? {
    var shape: [Int] = []
    var fields = ProtobufFields(source, range)
    while let field = try fields.next() {
        if field.number == 3, field.value.integer == 1 { return nil }
        guard field.number == 2, let part = field.value.range else { continue }
        var length = 0
        var inner = ProtobufFields(source, part)
        while let value = try inner.next() {
            if value.number == 1, let number = value.value.integer { length = number }
        }
        shape.append(length)
        guard shape.count <= 256 else { throw FormatError(range.lowerBound, "a shape has more than 256 dimensions") }
    }
    return shape
}
