/// The tensor types of ggml (ggml.h, `enum ggml_type`), with elements and bytes of a block (ggml-common.h).
enum GGMLType {
    /// By the number that a GGUF file gives. Numbers that ggml has removed keep the names they had.
    static let names: [UInt32: String] = [
        0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 4: "Q4_2", 5: "Q4_3", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K",
        11: "Q3_K", 12: "Q4_K",
        13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S",
        22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 31: "Q4_0_4_4",
        32: "Q4_0_4_8", 33: "Q4_0_8_8", 34: "TQ1_0", 35: "TQ2_0", 36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8",
        39: "MXFP4",
        40: "NVFP4", 41: "Q1_0",
    ]

    static let blocks: [String: (elements: Int, bytes: Int)] = [
        "Q4_0": (32, 18), "Q4_1": (32, 20), "Q4_2": (16, 10), "Q4_3": (16, 12), "Q5_0": (32, 22), "Q5_1": (32, 24),
        "Q8_0": (32, 34),
        "Q8_1": (32, 40),
        "Q2_K": (256, 84), "Q3_K": (256, 110), "Q4_K": (256, 144), "Q5_K": (256, 176), "Q6_K": (256, 210), "Q8_K": (256, 292),
        "IQ2_XXS": (256, 66), "IQ2_XS": (256, 74), "IQ3_XXS": (256, 98), "IQ1_S": (256, 50), "IQ4_NL": (32, 18),
        "IQ3_S": (256, 110),
        "IQ2_S": (256, 82), "IQ4_XS": (256, 136), "IQ1_M": (256, 56), "Q4_0_4_4": (32, 18), "Q4_0_4_8": (32, 18),
        "Q4_0_8_8": (32, 18),
        "TQ1_0": (256, 54), "TQ2_0": (256, 66), "IQ4_NL_4_4": (32, 18), "IQ4_NL_4_8": (32, 18), "IQ4_NL_8_8": (32, 18),
        "MXFP4": (32, 17),
        "NVFP4": (64, 36), "Q1_0": (128, 18),
    ]
}
