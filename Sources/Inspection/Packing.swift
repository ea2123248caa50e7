import ModelFormats
import ModelPackage

/// What a tensor stands for where weights are packed by a quantisation: GPTQ and AWQ (several in a 32-bit integer), bitsandbytes (two in a byte), MLX
/// (several in a 32-bit integer), compressed-tensors.
struct Packing {
    enum Role {
        case parameter(Int)
        case buffer
        case auxiliary
    }

    private let names: Set<String>
    private let bits: Int

    init(_ names: some Sequence<String>, bits: Int) {
        // Names are asked for beside scales and maps only: most models have none.
        let marks = [".scales", ".absmax", ".qweight", ".weight_packed", ".biases", ".weight_scale_2"]
        self.names = names.contains { name in marks.contains { name.hasSuffix($0) } } ? Set(names) : []
        self.bits = bits
    }

    private static let buffers = [
        "position_ids", "token_type_ids", "running_mean", "running_var", "moving_mean", "moving_variance", "num_batches_tracked",
        "inv_freq", "masked_bias",
        "relative_position_index", "attn_mask",
    ]

    /// Whether the tensor's shape is that of a packing, not that of the weight.
    func isPacked(_ tensor: TensorEntry) -> Bool {
        guard [.i32, .u32, .u8].contains(tensor.dtype), case .parameter(let count) = role(of: tensor) else { return false }
        return count != tensor.elements
    }

    func role(of tensor: TensorEntry) -> Role {
        let name = tensor.name
        let elements = tensor.storedElements ?? tensor.elements ?? 0
        let last = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
        if last.hasPrefix("quant_state")
            || ["absmax", "quant_map", "nested_absmax", "nested_quant_map", "SCB", "g_idx"].contains(last)
        {
            return .auxiliary
        }
        if [
            "qzeros", "weight_scale", "weight_scale_inv", "input_scale", "weight_zero_point", "weight_shape", "weight_scale_2",
            "input_scale_inv", "global_step", "save_counter",
        ].contains(last) {
            return .auxiliary
        }
        let stem = String(name.dropLast(last.count))
        if ["scales", "biases"].contains(last),
            names.contains(stem + "qweight")
                || tensor.dtype != .u32 && names.contains(stem + "weight") && names.contains(stem + "scales")
        {
            return .auxiliary
        }
        if last == "qweight" || last == "weight_packed", [.i32, .u32].contains(tensor.dtype) {
            return .parameter(elements.multipliedSaturated(by: 32 / bits))
        }
        if last == "weight", tensor.dtype == .u32, names.contains(stem + "scales") {
            return .parameter(elements.multipliedSaturated(by: 32 / bits))
        }
        if tensor.dtype == .u8, names.contains(name + ".absmax") { return .parameter(elements.multipliedSaturated(by: 2)) }
        // Pairs of four-bit floats in a byte: MXFP4's blocks and NVFP4.
        if tensor.dtype == .u8,
            last.hasSuffix("_blocks") || last == "weight_packed" || names.contains(stem + "weight_scale_2") && last == "weight"
        {
            return .parameter(elements.multipliedSaturated(by: 2))
        }
        if Self.buffers.contains(last) { return .buffer }
        // GPT-2 keeps its causal mask as `attn.bias`, beside `attn.c_attn.bias`: one square per head.
        if last == "bias", name.hasSuffix("attn.bias") || name.hasSuffix("attention.bias"), tensor.shape.count == 4 {
            return .buffer
        }
        if tensor.dtype == .string || tensor.dtype == .object { return .auxiliary }
        return .parameter(elements)
    }
}
