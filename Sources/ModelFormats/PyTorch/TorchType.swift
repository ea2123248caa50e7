/// PyTorch's element types, by the names of its storages and of its dtypes.
enum TorchType {
    /// By the last part of the class's name: `torch.FloatStorage`, `torch.cuda.HalfStorage`.
    static let storages: [String: ElementType] = [
        "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "LongStorage": .i64,
        "IntStorage": .i32,
        "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8, "BoolStorage": .bool, "ComplexFloatStorage": .c64,
        "ComplexDoubleStorage": .c128, "QInt8Storage": .i8, "QUInt8Storage": .u8,
        "QInt32Storage": .i32, "QUInt4x2Storage": ElementType(rawValue: "U4"),
        "QUInt2x4Storage": ElementType(rawValue: "U2"), "UntypedStorage": .u8,
    ]

    /// By the name after `torch.`.
    static let types: [String: ElementType] = [
        "float64": .f64, "double": .f64, "float32": .f32, "float": .f32, "float16": .f16, "half": .f16, "bfloat16": .bf16,
        "int64": .i64,
        "long": .i64, "int32": .i32, "int": .i32, "int16": .i16, "short": .i16, "int8": .i8, "uint8": .u8, "uint16": .u16,
        "uint32": .u32,
        "uint64": .u64, "bool": .bool, "complex64": .c64, "cfloat": .c64, "complex128": .c128, "cdouble": .c128,
        "float8_e4m3fn": .f8e4m3,
        "float8_e5m2": .f8e5m2, "float8_e4m3fnuz": .f8e4m3fnuz, "float8_e5m2fnuz": .f8e5m2fnuz, "float8_e8m0fnu": .f8e8m0,
        "qint8": .i8,
        "quint8": .u8, "qint32": .i32, "complex32": ElementType(rawValue: "C32"),
    ]
}
