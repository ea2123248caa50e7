import ModelFormats

/// How many parameters there are, and of which types.
public struct WeightTotals: Sendable, Equatable {
    /// Values that training set: each storage once, however many names it has; quantised weights by what they stand for, without their scales;
    /// masks, positions and running statistics apart.
    public var parameters = 0
    /// Values that are kept beside them and that no training sets.
    public var buffers = 0
    public var tensors = 0
    /// Elements as they are stored, by type.
    public var byType: [String: Int] = [:]
    /// Tensors that are another one under a second name.
    public var tied = 0

    init(_ weights: WeightSets, _ configuration: Configuration) {
        var seen = Set<TiedPlace>()
        let all = weights.tensors
        let packing = Packing(all.lazy.map(\.tensor.name), bits: configuration.quantisationBits ?? 4)
        // Where variables lie beside a graph, the graph's constants are its settings.
        let hasVariables = Set(all.filter { $0.tensor.external != nil }.map { weights.files[$0.file].contents?.format }).contains(
            .savedmodel)
        let training = TrainingState(all.lazy.map(\.tensor.name))
        for (file, tensor) in all {
            tensors += 1
            if hasVariables, tensor.external == nil { continue }
            if training.contains(tensor.name) { continue }
            if let external = tensor.external,
                !seen.insert(TiedPlace(file: -1, storage: external.file, start: external.offset, end: external.length ?? -1))
                    .inserted
            {
                tied += 1
                continue
            }
            // One array under several keys of a pickle.
            if let storage = tensor.storage, storage.hasPrefix("object "), tensor.range == nil,
                !seen.insert(TiedPlace(file: file, storage: storage, start: -1, end: -1)).inserted
            {
                tied += 1
                continue
            }
            if let storage = tensor.storage, let range = tensor.range, !range.isEmpty,
                !seen.insert(TiedPlace(file: file, storage: storage, start: range.lowerBound, end: range.upperBound)).inserted
            {
                tied += 1
                continue
            }
            let elements = tensor.storedElements ?? tensor.elements ?? 0
            byType[tensor.dtype.rawValue] = Self.sum(byType[tensor.dtype.rawValue] ?? 0, elements)
            switch packing.role(of: tensor) {
            case .parameter(let count): parameters = Self.sum(parameters, count)
            case .buffer: buffers = Self.sum(buffers, elements)
            case .auxiliary: break
            }
        }
    }

    private struct TiedPlace: Hashable {
        let file: Int
        let storage: String
        let start: Int
        let end: Int
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, tooLarge) = left.addingReportingOverflow(right)
        return tooLarge ? Int.max : sum
    }
}

/// Tensors of a checkpoint that are not the model: the optimiser's, and averages of the weights kept beside these.
struct TrainingState {
    private static let optimiser = [
        "optimizer", "optimizer_state_dict", "optimizer_states", "optimizer_weights", "optim", "lr_schedulers", "scaler",
    ]
    private static let averages = ["ema", "model_ema", "ema_state_dict", "ema_model"]
    private let hasModel: Bool

    init(_ names: some Sequence<String>) {
        hasModel = names.contains { !Self.averages.contains(Self.first($0)) && !Self.optimiser.contains(Self.first($0)) }
    }

    func contains(_ name: String) -> Bool {
        guard hasModel else { return false }
        let first = Self.first(name)
        return Self.optimiser.contains(first) || Self.averages.contains(first)
    }

    private static func first(_ name: String) -> String {
        name.firstIndex(where: { $0 == "." || $0 == "/" }).map { String(name[..<$0]) } ?? ""
    }
}

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

    private static func times(_ elements: Int, _ factor: Int) -> Int {
        let (product, tooLarge) = elements.multipliedReportingOverflow(by: factor)
        return tooLarge ? Int.max : product
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
            return .parameter(Self.times(elements, 32 / bits))
        }
        if last == "weight", tensor.dtype == .u32, names.contains(stem + "scales") {
            return .parameter(Self.times(elements, 32 / bits))
        }
        if tensor.dtype == .u8, names.contains(name + ".absmax") { return .parameter(Self.times(elements, 2)) }
        // Pairs of four-bit floats in a byte: MXFP4's blocks and NVFP4.
        if tensor.dtype == .u8,
            last.hasSuffix("_blocks") || last == "weight_packed" || names.contains(stem + "weight_scale_2") && last == "weight"
        {
            return .parameter(Self.times(elements, 2))
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
