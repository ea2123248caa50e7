import ModelFormats

/// The tensors of a model by name, with names and shapes of all frameworks brought to PyTorch's: dots between parts, `weight` for `kernel`, outputs before
/// inputs.
struct TensorTable {
    struct Entry {
        /// The name in the file.
        let original: String
        let shape: [Int]
    }

    private var entries: [String: Entry] = [:]
    /// By name with every number replaced by `*`: how many different numbers the first place has.
    private(set) var patterns: [String: Set<Int>] = [:]
    /// By pattern: the first of its names.
    private var examples: [String: String] = [:]

    var isEmpty: Bool { entries.isEmpty }
    var names: some Collection<String> { entries.keys }

    init(_ weights: WeightSets) {
        let isGGUF = weights.chosen.first?.format == .gguf
        for (_, tensor) in weights.tensors {
            var name = Self.normalised(tensor.name)
            var shape = isGGUF ? tensor.shape.reversed() : tensor.shape
            if name.hasSuffix(".kernel") || name.hasSuffix(".embedding") {
                // Keras and Flax keep inputs first; convolutions end with inputs and outputs.
                let isKernel = name.hasSuffix(".kernel")
                name = name.prefix(name.count - (isKernel ? 7 : 10)) + ".weight"
                if isKernel, shape.count == 2 { shape.reverse() }
                if isKernel, shape.count == 4 { shape = [shape[3], shape[2], shape[0], shape[1]] }
            }
            entries[name] = Entry(original: tensor.name, shape: shape)
            let (pattern, number) = Self.pattern(name)
            examples[pattern] = examples[pattern].map { min($0, name) } ?? name
            if let number { patterns[pattern, default: []].insert(number) } else { patterns[pattern] = patterns[pattern] ?? [] }
        }
    }

    private static let wrappers = ["module.", "state_dict.", "model_state_dict.", "params.", "base_model.model."]

    private static func normalised(_ name: String) -> String {
        var name = name
        if name.hasSuffix(":0") { name.removeLast(2) }
        if name.hasSuffix("/.ATTRIBUTES/VARIABLE_VALUE") { name.removeLast("/.ATTRIBUTES/VARIABLE_VALUE".count) }
        if name.contains("/") {
            name = name.replacing("/", with: ".").replacing("layer_._", with: "layer.").replacing("block_._", with: "block.")
                .replacing("layers_._", with: "layers.").replacing("h_._", with: "h.")
        }
        // The TensorFlow classes of transformers name a table for itself.
        if name.hasSuffix("_embeddings.embeddings") { name = name.prefix(name.count - "embeddings".count) + "weight" }
        var changed = true
        while changed {
            changed = false
            for wrapper in wrappers where name.hasPrefix(wrapper) {
                name.removeFirst(wrapper.count)
                changed = true
            }
        }
        return name
    }

    /// The name with its numbers replaced, and the first of these.
    private static func pattern(_ name: String) -> (String, Int?) {
        var first: Int?
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { part -> Substring in
            guard !part.isEmpty, part.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(part) else { return part }
            if first == nil { first = number }
            return "*"
        }
        return (parts.joined(separator: "."), first)
    }

    /// The pattern that ends so, the shortest one where several do.
    func pattern(endingWith suffix: String) -> String? {
        patterns.keys.filter { $0 == suffix || $0.hasSuffix("." + suffix) || suffix.hasPrefix(".") && $0.hasSuffix(suffix) }
            .min { ($0.count, $0) < ($1.count, $1) }
    }

    func has(_ suffix: String) -> Bool { pattern(endingWith: suffix) != nil }

    /// The first tensor of a pattern that ends so.
    func first(_ suffix: String) -> Entry? {
        pattern(endingWith: suffix).flatMap { examples[$0] }.flatMap { entries[$0] }
    }

    func entry(_ name: String) -> Entry? { entries[name] }

    /// How many numbers the first place of that pattern has.
    func count(_ suffix: String) -> Int? {
        pattern(endingWith: suffix).flatMap { patterns[$0]?.count }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// How many numbers the second place has, for names such as `layers.*.experts.*.w1`.
    func secondCount(_ suffix: String) -> Int? {
        guard let pattern = pattern(endingWith: suffix) else { return nil }
        let parts = pattern.split(separator: ".", omittingEmptySubsequences: false)
        let places = parts.indices.filter { parts[$0] == "*" }
        guard places.count > 1 else { return nil }
        var count = 0
        let layer = patterns[pattern]?.min() ?? 0
        while true {
            var seen = 0
            let name = parts.map { part -> String in
                guard part == "*" else { return String(part) }
                seen += 1
                return seen == 1 ? "\(layer)" : seen == 2 ? "\(count)" : "0"
            }
            guard entries[name.joined(separator: ".")] != nil else { return count > 0 ? count : nil }
            count += 1
        }
    }
}
