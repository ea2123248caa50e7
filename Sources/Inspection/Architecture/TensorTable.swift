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
        // The parts of a pipeline are networks of their own: the largest one's folder is asked.
        let tensors = weights.tensors(in: weights.folder)
        let packing = Packing(tensors.lazy.map(\.name), bits: 4)
        for tensor in tensors {
            var name = Self.normalised(tensor.name)
            var shape = isGGUF ? tensor.shape.reversed() : tensor.shape
            if let packed = [".qweight", ".weight_packed"].first(where: { name.hasSuffix($0) }) {
                name = name.prefix(name.count - packed.count) + ".weight"
            }
            if name.hasSuffix(".kernel") || name.hasSuffix(".embedding") {
                // Keras and Flax keep inputs first; convolutions end with inputs and outputs.
                let isKernel = name.hasSuffix(".kernel")
                name = name.prefix(name.count - (isKernel ? 7 : 10)) + ".weight"
                if isKernel, shape.count == 2 { shape.reverse() }
                if isKernel, shape.count == 4 { shape = [shape[3], shape[2], shape[0], shape[1]] }
            }
            // What is packed has the shape of its packing.
            entries[name] = Entry(original: tensor.name, shape: packing.isPacked(tensor) ? [] : shape)
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

    /// The name with its numbers replaced by `*`, and the first of these. There may be a hundred thousand names: it goes over the bytes once.
    private static func pattern(_ name: String) -> (String, Int?) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count)
        var first: Int?
        var start = 0
        var number: Int? = 0
        func end() {
            guard let value = number, bytes.count > start else { return }
            bytes.replaceSubrange(start..., with: CollectionOfOne(UInt8(ascii: "*")))
            if first == nil { first = value }
        }
        for byte in name.utf8 {
            if byte == UInt8(ascii: ".") {
                end()
                bytes.append(byte)
                start = bytes.count
                number = 0
                continue
            }
            // A number of more digits than these names no layer.
            if let value = number { number = 0x30...0x39 ~= byte && value < 1_000_000_000 ? value * 10 + Int(byte - 0x30) : nil }
            bytes.append(byte)
        }
        end()
        return (String(decoding: bytes, as: UTF8.self), first)
    }

    /// The pattern that ends so at a whole part, the one of most layers where several do.
    func pattern(endingWith suffix: String) -> String? {
        let wanted = suffix.utf8
        return patterns.keys.filter { pattern in
            let extra = pattern.utf8.count - wanted.count
            guard extra >= 0, pattern.utf8.last == wanted.last else { return false }
            guard pattern.utf8.dropFirst(extra).elementsEqual(wanted) else { return false }
            return extra == 0 || pattern.utf8.dropFirst(extra - 1).first == UInt8(ascii: ".")
        }
        // Where several parts of a network are built alike, the one of most layers is meant.
        .min { (-(patterns[$0]?.count ?? 0), $0.utf8.count, $0) < (-(patterns[$1]?.count ?? 0), $1.utf8.count, $1) }
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
