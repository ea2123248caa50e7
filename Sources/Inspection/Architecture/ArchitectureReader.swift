import ModelFormats

/// Fits the tensors of a model to the known layouts, and reads its measures off the one that fits.
struct ArchitectureReader {
    let tensors: TensorTable
    let configuration: Configuration

    mutating func read(_ start: Architecture) -> Architecture {
        var found = start
        if let adapter = adapter(found) { return adapter }
        guard let layout = ArchitectureLayout.all.first(where: { fits($0) }) else { return unknown(found) }
        found.family = layout.family
        note(&found, \.layers, "layers", layout.layer) { tensors.count($0) }
        if let decoder = layout.decoderLayer { note(&found, \.decoderLayers, "decoder_layers", decoder) { tensors.count($0) } }
        note(&found, \.hiddenSize, "hidden_size", layout.hidden.tensor) { dimension($0, layout.hidden.dimension) }
        if let vocabulary = layout.vocabulary { note(&found, \.vocabularySize, "vocab_size", vocabulary) { dimension($0, 0) } }
        if let positions = layout.positions {
            note(&found, \.contextLength, "context_length", positions.tensor) { dimension($0, 0).map { $0 - positions.reserved } }
        }
        if let feedForward = layout.feedForward {
            note(&found, \.intermediateSize, "intermediate_size", feedForward.tensor) {
                dimension($0, feedForward.dimension).map { $0 / feedForward.parts }
            }
        }
        if let experts = layout.experts { note(&found, \.experts, "experts", experts) { tensors.secondCount($0) } }
        if let patch = layout.patch { note(&found, \.inputChannels, "input_channels", patch) { dimension($0, 1) } }
        if let classifier = layout.classifier { note(&found, \.labels, "labels", classifier) { dimension($0, 0) } }
        if found.hiddenSize == nil {
            // Where the matrices are packed, the norms are not.
            note(&found, \.hiddenSize, "hidden_size", "layers.*.input_layernorm.weight") { dimension($0, 0) }
        }
        refine(&found, layout)
        readHeads(&found, layout)
        return found
    }

    /// Marks that begin as the layer's name does have to be of the same network: a tower for images may have what the language model lacks.
    private func fits(_ layout: ArchitectureLayout) -> Bool {
        guard let layer = tensors.pattern(endingWith: layout.layer) else { return false }
        let network = layer.dropLast(layout.layer.count)
        let start = layout.layer.prefix { $0 != "." } + "."
        func isThere(_ mark: String) -> Bool {
            mark.hasPrefix(start) ? tensors.patterns[network + mark] != nil : tensors.has(mark)
        }
        return layout.marks.allSatisfy(isThere) && !layout.absent.contains(where: isThere)
    }

    private func dimension(_ suffix: String, _ index: Int) -> Int? {
        tensors.first(suffix).flatMap { $0.shape.indices ~= index ? $0.shape[index] : nil }
    }

    private func note(
        _ found: inout Architecture, _ field: WritableKeyPath<Architecture, Int?>, _ name: String, _ tensor: String,
        _ read: (String) -> Int?
    ) {
        guard let value = read(tensor), value > 0 else { return }
        found[keyPath: field] = value
        found.evidence[name] = tensors.first(tensor)?.original ?? tensor
    }

    /// Kin whose tensors have the same names, told apart by what else is there.
    private func refine(_ found: inout Architecture, _ layout: ArchitectureLayout) {
        switch layout.family {
        case "bert":
            // RoBERTa has one kind of token type, and two positions for padding.
            let kinds = dimension("embeddings.token_type_embeddings.weight", 0)
            if kinds == 1, let positions = found.contextLength {
                found.family = "roberta"
                found.contextLength = positions - 2
            }
        case "gpt2":
            // GPT-2's own matrices have inputs first, those of its kin outputs: the norm and the number of elements tell both.
            if let hidden = dimension("h.*.ln_1.weight", 0), hidden > 0 {
                found.hiddenSize = hidden
                found.evidence["hidden_size"] = tensors.first("h.*.ln_1.weight")?.original
                if let middle = tensors.first("h.*.mlp.c_fc.weight")?.shape, let elements = elementCount(middle) {
                    found.intermediateSize = elements / hidden
                }
            }
        case "ggml":
            // Hybrids have attention in some of their layers only.
            found.layers =
                tensors.patterns.filter { $0.key.hasPrefix("blk.*.") }.values.reduce(into: Set<Int>()) { $0.formUnion($1) }.count
            // The names of ggml are those of all families; which one it is, only the header says.
            if let named = configuration.header["general.architecture"]?.text {
                found.family = named
                found.evidence["family"] = "general.architecture"
            }
            let experts = dimension("blk.*.ffn_gate_exps.weight", 0)
            if let experts {
                found.experts = experts
                found.evidence["experts"] = "blk.0.ffn_gate_exps.weight"
                if let width = dimension("blk.*.ffn_gate_exps.weight", 1) { found.intermediateSize = width }
            }
            if let context = configuration.headerInteger("context_length") {
                found.contextLength = context
                found.evidence["context_length"] = "context_length of the header"
            }
        case "llama":
            // Mistral and Llama have the same tensors: only the configuration names the one or the other.
            if let type = configuration.text("model_type"),
                ["mistral", "gemma", "yi", "internlm2", "stablelm", "olmo", "cohere"].contains(type)
            {
                found.family = type
                found.evidence["family"] = configuration.path
            }
        default: break
        }
    }

    /// Heads follow from the size of one. A tensor tells it where there is one of that size; else the configuration is believed where the shapes allow
    /// what it says; else the family's convention holds.
    private func readHeads(_ found: inout Architecture, _ layout: ArchitectureLayout) {
        if layout.family == "t5", let heads = dimension("relative_attention_bias.weight", 1) {
            found.heads = heads
            found.evidence["heads"] = tensors.first("relative_attention_bias.weight")?.original
        }
        // Without projections of its own for queries (DeepSeek's are compressed) a network's heads are not told by the hidden size.
        guard layout.query != nil || layout.headSize != nil,
            let query = layout.query.flatMap({ dimension($0, 0) }) ?? found.hiddenSize, query > 0
        else { return }
        if found.heads == nil {
            if let size = layout.headNorm.flatMap({ tensors.first($0)?.shape.last }), size > 0, size < query, query % size == 0 {
                found.headSize = size
                found.heads = query / size
                found.evidence["heads"] = layout.headNorm.flatMap { tensors.first($0)?.original }
            } else if let stated = configuration.integer([
                "num_attention_heads", "n_head", "encoder_attention_heads", "num_heads", "n_heads",
            ]), stated.value > 0,
                query % stated.value == 0
            {
                found.heads = stated.value
                found.evidence["heads"] = configuration.path
            } else if let stated = configuration.headerInteger("attention.head_count"), stated > 0, query % stated == 0 {
                found.heads = stated
                found.evidence["heads"] = "attention.head_count"
            } else if let size = layout.headSize, query % size == 0 {
                found.heads = query / size
                found.evidence["heads"] = "heads of \(size), as is usual for \(found.family)"
            }
        }
        guard let heads = found.heads, heads > 0 else { return }
        let size = query / heads
        found.headSize = size
        if let key = layout.key, let rows = dimension(key, 0), rows % size == 0 {
            found.keyValueHeads = rows / size
            found.evidence["kv_heads"] = tensors.first(key)?.original
        }
    }

    /// A low-rank adapter: pairs of narrow matrices beside the modules that they change.
    private func adapter(_ start: Architecture) -> Architecture? {
        guard tensors.patterns.keys.contains(where: { $0.contains("lora") }) else { return nil }
        let down = tensors.names.filter {
            $0.contains("lora_A.") || $0.contains("lora_down.") || $0.hasSuffix("lora_A") || $0.contains("lora.down")
        }
        guard !down.isEmpty, down.count * 4 >= tensors.names.count else { return nil }
        var found = start
        found.family = "lora"
        if let name = down.min(), let entry = tensors.entry(name) {
            found.rank = entry.shape.min()
            found.evidence["rank"] = entry.original
        }
        found.adaptedModules = Set(
            down.compactMap { name in
                let parts = name.split(separator: ".").map(String.init)
                guard let place = parts.firstIndex(where: { $0.hasPrefix("lora") }), place > 0 else { return nil }
                return parts[place - 1]
            }
        ).sorted()
        var layers = Set<Int>()
        for name in down {
            if let number = name.split(separator: ".").lazy.compactMap({ Int($0) }).first { layers.insert(number) }
        }
        if !layers.isEmpty {
            found.layers = layers.count
            found.evidence["layers"] = down.min()
        }
        return found
    }

    /// What can be said of a network of no known layout: how often its largest repeated part is there, and the widest table as its vocabulary.
    private func unknown(_ start: Architecture) -> Architecture {
        var found = start
        if let repeated = tensors.patterns.filter({ $0.value.count > 1 }).max(by: {
            ($0.value.count, $1.key) < ($1.value.count, $0.key)
        }) {
            found.layers = repeated.value.count
            found.evidence["layers"] = repeated.key
        }
        return found
    }
}
