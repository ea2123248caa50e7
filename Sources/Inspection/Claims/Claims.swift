import Foundation
import ModelFormats

/// Holds what the bytes say against the configuration, the card, the index and the name.
struct Claims {
    let name: String?
    let card: String?
    let files: [InspectedFile]
    let weights: WeightSets
    let totals: WeightTotals
    let architecture: Architecture
    let configuration: Configuration

    func contradictions() -> [Contradiction] {
        guard !weights.chosen.isEmpty else { return formats() }
        return measures() + family() + types() + sizes() + index() + externals() + duplicates() + formats()
    }

    private func contradiction(_ about: String, _ claims: (String, String)...) -> Contradiction {
        Contradiction(about: about, claims: claims.map { Contradiction.Claim(value: $0.0, source: $0.1) })
    }

    // MARK: Configuration

    /// Numbers of the configuration that the shapes also tell.
    private func measures() -> [Contradiction] {
        // An adapter's configuration speaks of the model that it adapts.
        guard let path = configuration.path, architecture.family != "lora", architecture.family != "unknown" else {
            return ranks() + headers()
        }
        let facts: [(String, Int?, [String])] = [
            ("hidden_size", architecture.hiddenSize, ["hidden_size", "n_embd", "d_model", "dim"]),
            ("layers", architecture.layers, ["num_hidden_layers", "n_layer", "encoder_layers", "num_layers", "n_layers"]),
            (
                "decoder_layers", architecture.family == "clip" ? nil : architecture.decoderLayers,
                ["decoder_layers", "num_decoder_layers"]
            ),
            (
                "intermediate_size", architecture.experts == nil ? architecture.intermediateSize : nil,
                ["intermediate_size", "n_inner", "encoder_ffn_dim", "d_ff", "ffn_dim", "hidden_dim"]
            ),
            ("vocab_size", architecture.vocabularySize, ["vocab_size"]),
            ("experts", architecture.experts, ["num_local_experts", "num_experts", "n_routed_experts"]),
            ("kv_heads", architecture.keyValueHeads, ["num_key_value_heads"]),
        ]
        var found: [Contradiction] = []
        for (about, value, names) in facts {
            guard let value, let stated = configuration.integer(names, ofVision: isOfVision), stated.value != value,
                !isTolerated(about, value, stated.value)
            else { continue }
            found.append(
                contradiction(
                    about, ("\(value)", architecture.evidence[about] ?? "the tensors"),
                    ("\(stated.value)", "\(path) \(stated.name)")))
        }
        if let heads = configuration.integer(["num_attention_heads", "n_head", "num_heads"]),
            let hidden = architecture.hiddenSize, heads.value > 0,
            architecture.headSize == nil || architecture.heads != heads.value,
            configuration.integer(["head_dim", "d_kv"]) == nil, hidden % heads.value != 0
        {
            found.append(
                contradiction(
                    "heads",
                    ("\(hidden) is no multiple of \(heads.value)", architecture.evidence["hidden_size"] ?? "the tensors"),
                    ("\(heads.value)", "\(path) \(heads.name)")))
        }
        if let context = architecture.contextLength,
            let stated = configuration.integer(["max_position_embeddings", "n_positions", "max_target_positions"]),
            context < stated.value,
            architecture.evidence["context_length"]?.contains("posi") == true
                || architecture.evidence["context_length"]?.contains("wpe") == true,
            abs(stated.value - context) > 2
        {
            found.append(
                contradiction(
                    "context_length", ("\(context)", architecture.evidence["context_length"] ?? "the tensors"),
                    ("\(stated.value)", "\(path) \(stated.name)")))
        }
        return found + headers()
    }

    private var isOfVision: Bool { ["vit", "resnet", "convnext", "efficientnet"].contains(architecture.family) }

    /// Tables are padded to round numbers, and Albert's layers are one layer many times.
    private func isTolerated(_ about: String, _ value: Int, _ stated: Int) -> Bool {
        switch about {
        case _ where configuration.text("model_type") == "mobilebert": about != "layers"
        case "vocab_size": value > stated && value - stated <= 512
        case "layers":
            architecture.family == "albert" || architecture.family.hasPrefix("resnet")
                || architecture.family.hasPrefix("stable-diffusion")
                || architecture.family == "convnext" || architecture.family == "efficientnet"
        case "hidden_size":
            ["resnet", "convnext", "efficientnet", "clip"].contains(architecture.family)
                || architecture.family.hasPrefix("stable-diffusion")
        case "intermediate_size": ["clip", "phi3"].contains(architecture.family) || architecture.family.hasPrefix("deepseek")
        default: false
        }
    }

    private func ranks() -> [Contradiction] {
        guard let rank = architecture.rank, let path = configuration.path, let stated = configuration.integer(["r"]),
            stated.value != rank
        else { return [] }
        return [
            contradiction("rank", ("\(rank)", architecture.evidence["rank"] ?? "the tensors"), ("\(stated.value)", "\(path) r"))
        ]
    }

    /// Facts of a GGUF header against its tensors.
    private func headers() -> [Contradiction] {
        guard let path = configuration.headerPath else { return [] }
        var found: [Contradiction] = []
        for (about, value, key) in [
            ("layers", architecture.layers, "block_count"), ("hidden_size", architecture.hiddenSize, "embedding_length"),
            ("intermediate_size", architecture.experts == nil ? architecture.intermediateSize : nil, "feed_forward_length"),
            ("kv_heads", architecture.keyValueHeads, "attention.head_count_kv"),
            ("experts", architecture.experts, "expert_count"),
        ] {
            guard let value, let stated = configuration.headerInteger(key), stated != value else { continue }
            // Two projections in one tensor.
            if about == "intermediate_size", value == 2 * stated { continue }
            found.append(
                contradiction(about, ("\(value)", architecture.evidence[about] ?? "the tensors"), ("\(stated)", "\(path) \(key)"))
            )
        }
        if let words = configuration.header["tokenizer.ggml.tokens"]?.list?.count, let vocabulary = architecture.vocabularySize,
            words > vocabulary
        {
            found.append(
                contradiction(
                    "vocab_size", ("\(vocabulary)", architecture.evidence["vocab_size"] ?? "the tensors"),
                    ("\(words)", "\(path) tokenizer.ggml.tokens")))
        }
        return found
    }

    /// Types of configuration that share a layout, so that either name is right.
    private static let kin: [String: Set<String>] = [
        "bert": [
            "bert", "electra", "layoutlm", "mpnet", "ernie", "nezha", "bert-generation", "dpr", "megatron-bert", "mobilebert",
            "convbert", "splinter", "data2vec-text", "visual_bert",
        ],
        "roberta": [
            "roberta", "xlm-roberta", "camembert", "xlm-roberta-xl", "longformer", "xmod", "data2vec-text", "layoutlm",
            "layoutlmv3", "bert", "luke", "roberta-prelayernorm", "esm", "ernie_m",
        ],
        "gpt2": ["gpt2", "imagegpt", "gpt_bigcode", "openai-gpt", "decision_transformer"],
        "llama": [
            "llama", "mistral", "gemma", "yi", "internlm2", "stablelm", "olmo", "cohere", "granite", "aquila", "baichuan",
            "llava", "idefics", "vipllama", "pixtral", "helium", "smollm3", "seed_oss", "mistral3", "glm", "exaone", "nemotron",
            "deepseek",
        ],
        "qwen2": ["qwen2", "qwen2_vl", "qwen2_audio", "qwen2_5_vl", "llava", "stablelm", "starcoder2"],
        "qwen3": ["qwen3", "olmo2", "gemma3_text", "qwen3_vl", "cohere"], "gemma3": ["gemma3", "gemma3_text", "gemma3n"],
        "qwen-moe": ["qwen2_moe", "qwen3_moe", "olmoe", "deepseek", "jamba", "granitemoe", "minimax"],
        "mixtral": ["mixtral", "phimoe", "minimax"],
        "deepseek": ["deepseek_v2", "deepseek_v3", "minicpm3", "kimi_k2"], "deberta": ["deberta", "deberta-v2"],
        "bart": [
            "bart", "mbart", "pegasus", "m2m_100", "blenderbot", "blenderbot-small", "bigbird_pegasus", "led", "plbart",
            "speech_to_text", "nllb-moe", "florence2", "marian", "donut-swin", "trocr", "fsmt",
        ],
        "marian": ["marian", "mbart", "pegasus", "m2m_100", "bart"],
        "t5": ["t5", "mt5", "umt5", "longt5", "switch_transformers", "pix2struct"],
        "wav2vec2": [
            "wav2vec2", "hubert", "wavlm", "unispeech", "unispeech-sat", "data2vec-audio", "sew", "wav2vec2-bert",
            "wav2vec2-conformer",
        ],
        "vit": [
            "vit", "deit", "dinov2", "beit", "vit_mae", "vit_msn", "yolos", "dpt", "data2vec-vision",
            "audio-spectrogram-transformer", "ijepa",
        ],
        "clip": [
            "clip", "chinese_clip", "siglip", "altclip", "clipseg", "owlvit", "blip", "siglip2", "owlv2", "metaclip_2", "xclip",
            "groupvit",
        ],
        "clip-text": ["clip", "clip_text_model"],
        "resnet": ["resnet", "regnet", "detr", "table-transformer", "timm_wrapper", "bit"],
        "convnext": ["convnext", "convnextv2"],
        "gpt-neox": ["gpt_neox", "gpt_neox_japanese", "pythia"], "gpt-neo": ["gpt_neo"],
        "falcon": ["falcon", "refinedweb", "refinedwebmodel"],
        "phi": ["phi", "phi-msft", "persimmon"], "phi3": ["phi3", "phi3_v", "phi3small", "phi4mm"],
        "electra": ["electra", "convbert", "bert"], "opt": ["opt", "blip-2", "galactica", "biogpt"],
        "gptj": ["gptj", "codegen"], "gemma2": ["gemma2"], "distilbert": ["distilbert"], "albert": ["albert"],
        "whisper": ["whisper"], "bloom": ["bloom"],
        "efficientnet": ["efficientnet"],
    ]

    private func family() -> [Contradiction] {
        guard let path = configuration.path, let type = configuration.text("model_type"), let kin = Self.kin[architecture.family],
            !kin.contains(type.lowercased()), configuration.headerPath == nil
        else { return [] }
        // A model of several networks names the whole; the layout found is one of its parts.
        if Self.kin.values.allSatisfy({ !$0.contains(type.lowercased()) }) { return [] }
        return [contradiction("family", (architecture.family, "the tensors' names"), (type, "\(path) model_type"))]
    }

    // MARK: Types

    private func types() -> [Contradiction] {
        if architecture.family == "lora" { return [] }
        let quantised = totals.byType.keys.contains { $0.hasPrefix("Q") || $0.hasPrefix("IQ") || $0 == "MXFP4" }
        let floats = totals.byType.filter { ["F64", "F32", "F16", "BF16"].contains($0.key) }
        guard let main = floats.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return [] }
        var found: [Contradiction] = []
        let names = ["float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16"]
        if let path = configuration.path, let stated = configuration.text("torch_dtype") ?? configuration.text("dtype"),
            let type = names[stated.replacing("torch.", with: "")],
            type != main, !quantised, configuration.quantisationBits == nil,
            weights.chosen[0].format == .safetensors || weights.chosen[0].format == .pytorchZip
        {
            found.append(
                contradiction(
                    "dtype", (main, "\(floats[main] ?? 0) elements of \(weights.chosen[0].stem)"), (type, "\(path) torch_dtype")))
        }
        for set in weights.chosen + weights.alternatives where set.format == .gguf {
            guard let stated = Self.statedQuantisation(in: set.stem) else { continue }
            let types = Set(
                set.files.flatMap { files[$0].contents?.tensors.filter { $0.shape.count > 1 }.map(\.dtype.rawValue) ?? [] })
            // A mixture (`Q4_K_M`) has the type that it is named for.
            let base =
                ["_XXS", "_XS", "_S", "_M", "_L", "_XL", "_NL"].contains { stated.hasSuffix($0) } && !types.contains(stated)
                ? String(stated[..<(stated.lastIndex(of: "_") ?? stated.endIndex)]) : stated
            if !types.isEmpty, !types.contains(where: { $0.hasPrefix(base) }) {
                found.append(
                    contradiction(
                        "quantisation", (types.sorted().joined(separator: " "), set.stem), (stated, "the name \(set.stem)")))
            }
        }
        return found
    }

    /// How a file's matrices are quantised, as its name ends: `model.Q4_K_M.gguf`.
    static func statedQuantisation(in file: String) -> String? {
        guard file.lowercased().hasSuffix(".gguf"),
            let part = file.dropLast(5).split(whereSeparator: { ".-".contains($0) }).last?.uppercased()
        else { return nil }
        let digits = part.hasPrefix("IQ") ? part.dropFirst(2) : part.hasPrefix("Q") ? part.dropFirst() : nil
        return ["F16", "F32", "BF16"].contains(part) || digits?.first?.isNumber == true && part.contains("_") ? part : nil
    }

    // MARK: Sizes

    /// A size in a name, such as `7b` or `8x7B`, where it is a part of its own; the size of what is active (`A3B`) is none of the whole.
    static func statedSize(in name: String) -> (value: Double, text: String, isMixture: Bool)? {
        let last = name.split(separator: "/").last ?? ""
        var found: (value: Double, text: String, isMixture: Bool)?
        for part in last.split(whereSeparator: { "- ".contains($0) }) {
            // `1_8b` is 1.8, and `t6_8M` names two things.
            let whole = size(String(part).replacing("_", with: "."))
            for size in whole.map({ [$0] }) ?? part.split(separator: "_").compactMap({ size(String($0)) })
            where size.value > found?.value ?? 0 { found = size }
        }
        return found
    }

    private static func size(_ part: String) -> (value: Double, text: String, isMixture: Bool)? {
        guard let unit = part.last?.lowercased(), unit == "b" || unit == "m", part.first?.isNumber == true else { return nil }
        let factors = part.dropLast().lowercased().split(separator: "x", omittingEmptySubsequences: false)
        let numbers = factors.compactMap { Double($0) }
        guard numbers.count == factors.count, 1...2 ~= numbers.count, numbers.allSatisfy({ $0 > 0 && $0 < 100_000 }) else {
            return nil
        }
        return (numbers.reduce(unit == "b" ? 1e9 : 1e6, *), part, numbers.count == 2)
    }

    private func sizes() -> [Contradiction] {
        // An adapter, and a pipeline, is named for what it is a part of.
        guard architecture.family != "lora", !files.contains(where: { $0.path == "model_index.json" }),
            !weights.chosen.contains(where: { $0.stem.hasPrefix("adapter") }), totals.parameters > 0,
            !weights.chosen.contains(where: { $0.format == .onnx || $0.format == .tflite })
        else { return [] }
        let actual = Double(totals.parameters)
        var claims: [(value: Double, text: String, source: String, isMixture: Bool)] = []
        if let name, let stated = Self.statedSize(in: name) {
            claims.append((stated.value, stated.text, "the name \(name)", stated.isMixture))
        }
        if let label = configuration.header["general.size_label"]?.text, let path = configuration.headerPath,
            let stated = Self.statedSize(in: label)
        {
            claims.append((stated.value, label, "\(path) general.size_label", stated.isMixture))
        }
        if let card, let stated = cardSize(card) {
            claims.append((stated.value, stated.text, "the card, \"\(stated.text)\"", false))
        }
        return claims.compactMap { claim in
            // Names round, and leave out embeddings or count them; a mixture's experts share what is not expert.
            let least = claim.isMixture ? 0.4 : 0.6
            let most = claim.isMixture ? 1.1 : 1.6
            guard actual < claim.value * least || actual > claim.value * most else { return nil }
            return contradiction(
                "parameters", ("\(totals.parameters)", "the tensors of \(weights.chosen[0].stem)"), (claim.text, claim.source))
        }
    }

    /// A statement of the card such as "a model with 7 billion parameters", where there is just one such number in it. Only what stands right before each
    /// "parameter" is looked at: a card may be written to make a search over all of it take for ever.
    private func cardSize(_ card: String) -> (value: Double, text: String)? {
        let bytes = Array(card.utf8.prefix(200_000))
        let word = Array("parameter".utf8)
        var found: [String: (value: Double, text: String)] = [:]
        var index = 0
        while index + word.count <= bytes.count, found.count < 2 {
            defer { index += 1 }
            guard bytes[index] | 0x20 == word[0], zip(bytes[index...], word).allSatisfy({ $0 | 0x20 == $1 }) else { continue }
            let window = String(decoding: bytes[max(0, index - 36)..<index + word.count], as: UTF8.self)
            guard
                let match = window.firstMatch(
                    of: /(?i)(\d{1,4}(?:\.\d{1,3})?)[ -]?(billion|million|[BM])[ -](?:trainable |model )?parameter/),
                let number = Double(match.1)
            else { continue }
            let unit = match.2.lowercased().hasPrefix("b") ? 1e9 : 1e6
            found["\(number * unit)"] = (number * unit, String(match.0))
        }
        return found.count == 1 ? found.values.first : nil
    }

    // MARK: Files

    /// A shard index against its shards.
    private func index() -> [Contradiction] {
        var found: [Contradiction] = []
        for file in files where file.name.hasSuffix(".index.json") {
            guard let map = file.contents?.metadata["weight_map"]?.members else { continue }
            let prefix = file.folder.isEmpty ? "" : file.folder + "/"
            var present: [String: Set<String>] = [:]
            for shard in Set(map.compactMap(\.value.text)) {
                if let contents = files.first(where: { $0.path == prefix + shard })?.contents {
                    present[shard] = Set(contents.tensors.map(\.name))
                }
            }
            let missing = map.filter { entry in
                entry.value.text.flatMap { present[$0] }.map { !$0.contains(entry.key) } ?? false
            }
            if let first = missing.first {
                found.append(
                    contradiction(
                        "tensors",
                        (
                            "\(missing.count) tensors that the index names are not in their files, \(first.key) among them",
                            first.value.text ?? ""
                        ),
                        ("\(map.count) tensors", "\(file.path) weight_map")))
            }
            let named = Set(map.map(\.key))
            let extra = present.flatMap { shard, names in names.subtracting(named).map { (shard, $0) } }
            if let first = extra.min(by: { $0.1 < $1.1 }) {
                found.append(
                    contradiction(
                        "tensors", ("\(extra.count) tensors that the index does not name, \(first.1) among them", first.0),
                        ("\(map.count) tensors", "\(file.path) weight_map")))
            }
            let absent = Set(map.compactMap(\.value.text)).filter { shard in !files.contains { $0.path == prefix + shard } }
            if let first = absent.min(), present.count > 0 {
                found.append(
                    contradiction(
                        "files", ("\(absent.count) shards are not there, \(first) among them", "the package"),
                        ("\(absent.count + present.count) shards", file.path)))
            }
        }
        return found
    }

    /// Data that tensors are said to have in other files, against these files.
    private func externals() -> [Contradiction] {
        var found: [Contradiction] = []
        for file in files {
            var told = Set<String>()
            for tensor in file.contents?.tensors ?? [] {
                guard let external = tensor.external, !told.contains(external.file) else { continue }
                let claim = ("\(external.file), for the tensor \(tensor.name)", file.path)
                if external.file.hasPrefix("/") || external.file.split(separator: "/").contains("..") {
                    told.insert(external.file)
                    found.append(contradiction("external data", claim, ("outside of the package", "the path")))
                    continue
                }
                // Of a file alone, its neighbours are not known.
                guard files.count > 1 else { continue }
                let path = (file.folder.isEmpty ? "" : file.folder + "/") + external.file
                let (end, tooFar) = external.offset.addingReportingOverflow(external.length ?? 0)
                if let target = files.first(where: { $0.path == path }) {
                    guard tooFar || end > target.size else { continue }
                    told.insert(external.file)
                    found.append(
                        contradiction(
                            "external data", ("bytes up to \(tooFar ? "past all measure" : "\(end)")", file.path),
                            ("\(target.size) bytes", path)))
                } else {
                    told.insert(external.file)
                    found.append(contradiction("external data", claim, ("there is no such file", "the package")))
                }
            }
        }
        return found
    }

    /// The same weights in two formats, with other shapes: one of them is not what its name says.
    private func duplicates() -> [Contradiction] {
        var found: [Contradiction] = []
        for other in weights.alternatives where [.pytorchZip, .pytorchLegacy, .safetensors].contains(other.format) {
            // Only these names say that the one is the other.
            let pairs = [
                "pytorch_model.bin": "model.safetensors", "diffusion_pytorch_model.bin": "diffusion_pytorch_model.safetensors",
                "adapter_model.bin": "adapter_model.safetensors",
            ]
            guard let main = weights.chosen.first(where: { $0.folder == other.folder && $0.stem == pairs[other.stem] }) else {
                continue
            }
            var shapes: [String: (shape: [Int], file: String)] = [:]
            for file in main.files {
                for tensor in files[file].contents?.tensors ?? [] { shapes[tensor.name] = (tensor.shape, files[file].path) }
            }
            for file in other.files {
                let different = (files[file].contents?.tensors ?? []).first { tensor in
                    shapes[tensor.name].map { $0.shape != tensor.shape } ?? false
                }
                if let different, let first = shapes[different.name] {
                    found.append(
                        contradiction(
                            "shape of \(different.name)", ("\(first.shape)", first.file), ("\(different.shape)", files[file].path)
                        ))
                }
            }
        }
        return found
    }

    /// Files whose content is of another format than their name promises.
    private func formats() -> [Contradiction] {
        files.compactMap { file in
            guard let contents = file.contents, let names = Names.brokenPromise(file.path, contents.format) else { return nil }
            return contradiction(
                "format", (contents.format.rawValue, "the content of \(file.path)"), (names, "the name \(file.path)"))
        }
    }
}
