import Foundation
import Inspection
import ModelFormats
import Testing

/// A model as its tensors' names and shapes, written as a file and inspected.
private func inspect(
    _ tensors: [(String, [Int])], dtype: String = "F32", configuration: String? = nil, name: String? = nil, card: String? = nil,
    more: [InspectedFile] = []
) throws -> Inspection {
    var entries: [String] = []
    var offset = 0
    for (name, shape) in tensors {
        let bytes = shape.reduce(1, *) * (dtype == "F32" ? 4 : 2)
        entries.append(
            "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":[\(shape.map(String.init).joined(separator: ","))],\"data_offsets\":[\(offset),\(offset + bytes)]}"
        )
        offset += bytes
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    var bytes = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    // The weights themselves are nowhere: only the header is looked at.
    let size = bytes.count + offset
    let window = ByteWindow(start: 0, bytes: bytes[...])
    bytes = []
    let contents = try #require(try ModelFile.read(SparseSource(size: size, parts: [window]), name: "model.safetensors"))
    #expect(contents.problems.isEmpty, "\(contents.problems)")
    var files = [InspectedFile(path: "model.safetensors", size: size, bytesRead: header.count, contents: contents)] + more
    if let configuration {
        let json = try ModelFile.read(MemorySource(configuration.utf8), name: "config.json")
        files.append(InspectedFile(path: "config.json", size: configuration.utf8.count, bytesRead: 0, contents: json))
    }
    return Inspection(target: "test", name: name, card: card, files: files, transfer: Inspection.Transfer())
}

private func llama(layers: Int, hidden: Int, heads: Int, keyHeads: Int, middle: Int, words: Int, headSize: Int) -> [(
    String, [Int]
)] {
    var tensors: [(String, [Int])] = [
        ("model.embed_tokens.weight", [words, hidden]), ("lm_head.weight", [words, hidden]), ("model.norm.weight", [hidden]),
    ]
    for layer in 0..<layers {
        let prefix = "model.layers.\(layer)."
        tensors += [
            (prefix + "self_attn.q_proj.weight", [heads * headSize, hidden]),
            (prefix + "self_attn.k_proj.weight", [keyHeads * headSize, hidden]),
            (prefix + "self_attn.v_proj.weight", [keyHeads * headSize, hidden]),
            (prefix + "self_attn.o_proj.weight", [hidden, heads * headSize]),
            (prefix + "mlp.gate_proj.weight", [middle, hidden]), (prefix + "mlp.up_proj.weight", [middle, hidden]),
            (prefix + "mlp.down_proj.weight", [hidden, middle]), (prefix + "input_layernorm.weight", [hidden]),
            (prefix + "post_attention_layernorm.weight", [hidden]),
        ]
    }
    return tensors
}

@Suite struct ArchitectureTests {
    /// Measures of published models, by their names and shapes alone.
    @Test func llamaAndItsKin() throws {
        // Llama 2 7B: 6,738,415,616 parameters.
        let found = try inspect(
            llama(layers: 32, hidden: 4096, heads: 32, keyHeads: 32, middle: 11008, words: 32000, headSize: 128), dtype: "F16")
        let architecture = found.architecture
        #expect(architecture.family == "llama" && architecture.layers == 32 && architecture.hiddenSize == 4096)
        #expect(architecture.heads == 32 && architecture.keyValueHeads == 32 && architecture.intermediateSize == 11008)
        #expect(architecture.vocabularySize == 32000 && found.totals.parameters == 6_738_415_616)
        #expect(found.totals.byType == ["F16": 6_738_415_616])
        // Grouped queries: Mistral 7B.
        let mistral = try inspect(
            llama(layers: 2, hidden: 4096, heads: 32, keyHeads: 8, middle: 14336, words: 32000, headSize: 128),
            configuration:
                #"{"model_type":"mistral","num_attention_heads":32,"num_key_value_heads":8,"hidden_size":4096,"num_hidden_layers":2}"#
        )
        #expect(
            mistral.architecture.family == "mistral" && mistral.architecture.keyValueHeads == 8 && mistral.contradictions.isEmpty)
        // TinyLlama has heads of 64: the configuration is believed where the shapes allow it.
        let tiny = try inspect(
            llama(layers: 1, hidden: 2048, heads: 32, keyHeads: 4, middle: 5632, words: 32000, headSize: 64),
            configuration: #"{"num_attention_heads":32}"#)
        #expect(tiny.architecture.heads == 32 && tiny.architecture.headSize == 64 && tiny.architecture.keyValueHeads == 4)
    }

    @Test(arguments: [
        (
            "bert",
            [
                "bert.embeddings.word_embeddings.weight:30522,768", "bert.embeddings.position_embeddings.weight:512,768",
                "bert.embeddings.token_type_embeddings.weight:2,768",
                "bert.encoder.layer.0.attention.self.query.weight:768,768",
                "bert.encoder.layer.1.attention.self.query.weight:768,768",
                "bert.encoder.layer.0.intermediate.dense.weight:3072,768",
            ], "2,768,12,3072,30522,512"
        ),
        (
            "roberta",
            [
                "embeddings.word_embeddings.weight:50265,768", "embeddings.position_embeddings.weight:514,768",
                "embeddings.token_type_embeddings.weight:1,768",
                "encoder.layer.0.attention.self.query.weight:768,768", "encoder.layer.0.intermediate.dense.weight:3072,768",
            ], "1,768,12,3072,50265,512"
        ),
        (
            "distilbert",
            [
                "distilbert.embeddings.word_embeddings.weight:30522,768",
                "distilbert.transformer.layer.0.attention.q_lin.weight:768,768",
                "distilbert.transformer.layer.0.ffn.lin1.weight:3072,768",
            ], "1,768,12,3072,30522,nil"
        ),
        (
            "gpt2",
            [
                "wte.weight:50257,768", "wpe.weight:1024,768", "h.0.attn.c_attn.weight:768,2304",
                "h.11.attn.c_attn.weight:768,2304",
                "h.0.mlp.c_fc.weight:768,3072",
            ], "2,768,12,3072,50257,1024"
        ),
        (
            "t5",
            [
                "shared.weight:32128,512", "encoder.block.0.layer.0.SelfAttention.q.weight:512,512",
                "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight:32,8",
                "decoder.block.0.layer.0.SelfAttention.q.weight:512,512",
                "decoder.block.0.layer.1.EncDecAttention.q.weight:512,512",
                "encoder.block.0.layer.1.DenseReluDense.wo.weight:512,2048",
            ], "1,512,8,2048,32128,nil"
        ),
        (
            "whisper",
            [
                "model.encoder.conv1.weight:384,80,3", "model.encoder.layers.0.self_attn.q_proj.weight:384,384",
                "model.decoder.layers.0.self_attn.q_proj.weight:384,384",
                "model.decoder.layers.0.encoder_attn.q_proj.weight:384,384", "model.decoder.embed_tokens.weight:51865,384",
                "model.decoder.embed_positions.weight:448,384",
                "model.encoder.layers.0.fc1.weight:1536,384",
            ], "1,384,6,1536,51865,448"
        ),
        (
            "wav2vec2",
            [
                "wav2vec2.feature_extractor.conv_layers.0.conv.weight:512,1,10",
                "wav2vec2.encoder.layers.0.attention.q_proj.weight:768,768",
                "wav2vec2.encoder.layers.0.feed_forward.intermediate_dense.weight:3072,768", "lm_head.weight:32,768",
            ], "1,768,12,3072,32,nil"
        ),
        (
            "vit",
            [
                "vit.embeddings.patch_embeddings.projection.weight:768,3,16,16",
                "vit.encoder.layer.0.attention.attention.query.weight:768,768",
                "vit.encoder.layer.0.intermediate.dense.weight:3072,768", "classifier.weight:1000,768",
            ], "1,768,12,3072,nil,nil"
        ),
        (
            "mixtral",
            [
                "model.embed_tokens.weight:32000,4096", "model.layers.0.self_attn.q_proj.weight:4096,4096",
                "model.layers.0.self_attn.k_proj.weight:1024,4096",
                "model.layers.0.block_sparse_moe.experts.0.w1.weight:14336,4096",
                "model.layers.0.block_sparse_moe.experts.1.w1.weight:14336,4096",
            ],
            "1,4096,32,14336,32000,nil"
        ),
        (
            "resnet",
            [
                "conv1.weight:64,3,7,7", "layer1.0.conv1.weight:64,64,3,3", "layer4.0.conv1.weight:512,256,3,3",
                "fc.weight:1000,512",
            ], "1,64,nil,nil,nil,nil"
        ),
        (
            "stable-diffusion-unet",
            [
                "conv_in.weight:320,4,3,3", "time_embedding.linear_1.weight:1280,320",
                "down_blocks.0.resnets.0.conv1.weight:320,320,3,3",
            ],
            "1,320,nil,nil,nil,nil"
        ),
        (
            "clip",
            [
                "text_model.encoder.layers.0.self_attn.q_proj.weight:512,512",
                "text_model.embeddings.token_embedding.weight:49408,512",
                "text_model.embeddings.position_embedding.weight:77,512", "text_model.encoder.layers.0.mlp.fc1.weight:2048,512",
                "vision_model.encoder.layers.0.self_attn.q_proj.weight:768,768",
                "vision_model.embeddings.patch_embedding.weight:768,3,32,32",
            ],
            "1,512,8,2048,49408,77"
        ),
        ("unknown", ["stem.w:3,3", "blocks.0.mix:4,4", "blocks.1.mix:4,4", "blocks.2.mix:4,4"], "3,nil,nil,nil,nil,nil"),
        // Keras and Flax name and turn the same tensors otherwise.
        (
            "bert",
            [
                "bert/encoder/layer_._0/attention/self/query/kernel:0=768,768",
                "bert/embeddings/token_type_embeddings/embeddings:0=2,768",
                "bert/embeddings/word_embeddings/weight:0=30522,768",
                "bert/encoder/layer_._0/intermediate/dense/kernel:0=768,3072",
            ], "1,768,12,3072,30522,nil"
        ),
    ])
    func commonFamilies(family: String, tensors: [String], measures: String) throws {
        let parsed = tensors.map { text -> (String, [Int]) in
            let mark: Character = text.contains("=") ? "=" : ":"
            let place = text.lastIndex(of: mark) ?? text.endIndex
            return (String(text[..<place]), text[text.index(after: place)...].split(separator: ",").compactMap { Int($0) })
        }
        let found = try inspect(parsed).architecture
        #expect(found.family == family)
        let values = [
            found.layers, found.hiddenSize, found.heads, found.intermediateSize, found.vocabularySize, found.contextLength,
        ]
        #expect(values.map { $0.map(String.init) ?? "nil" }.joined(separator: ",") == measures, "\(found)")
    }

    @Test func anAdapterHasARankAndModules() throws {
        let found = try inspect([
            ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", [8, 64]),
            ("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", [64, 8]),
            ("base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight", [8, 64]),
            ("base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight", [64, 8]),
        ]).architecture
        #expect(found.family == "lora" && found.rank == 8 && found.layers == 2 && found.adaptedModules == ["q_proj", "v_proj"])
    }
}

@Suite struct ContradictionTests {
    private func about(_ inspection: Inspection) -> [String] { inspection.contradictions.map(\.about) }

    @Test func aNameThatStatesAnotherSizeIsTold() throws {
        let small = llama(layers: 1, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 100, headSize: 32)
        let found = try inspect(small, name: "org/great-7b-chat")
        let contradiction = try #require(found.contradictions.first { $0.about == "parameters" })
        #expect(contradiction.claims.map(\.value) == ["\(found.totals.parameters)", "7b"])
        #expect(contradiction.claims[1].source.contains("org/great-7b-chat"))
        let large = llama(layers: 32, hidden: 4096, heads: 32, keyHeads: 32, middle: 11008, words: 32000, headSize: 128)
        for name in ["org/great-7b", "org/llama-2-7B-hf", "org/plain", "org/v7beta", "org/7b-a3b"] {
            #expect(try !about(inspect(large, name: name)).contains("parameters"), "\(name)")
        }
        for name in ["org/great-70b", "org/small-125M", "org/moe-8x7B-v1"] {
            #expect(try about(inspect(large, name: name)).contains("parameters"), "\(name)")
        }
        #expect(try about(inspect(large, card: "This model has 70 billion parameters.")).contains("parameters"))
        #expect(try about(inspect(large, card: "A 7B parameter model. It is better than models with 70B parameters.")).isEmpty)
    }

    @Test(arguments: [
        (#"{"hidden_size":128}"#, "hidden_size"), (#"{"num_hidden_layers":24}"#, "layers"),
        (#"{"intermediate_size":11008}"#, "intermediate_size"),
        (#"{"vocab_size":32000}"#, "vocab_size"), (#"{"model_type":"bert"}"#, "family"),
        (#"{"torch_dtype":"bfloat16"}"#, "dtype"),
        (#"{"num_attention_heads":2,"num_key_value_heads":1}"#, "kv_heads"), (#"{"num_attention_heads":7}"#, "heads"),
    ])
    func aConfigurationThatStatesSomethingElseIsTold(configuration: String, fact: String) throws {
        let tensors = llama(layers: 2, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 100, headSize: 32)
        let found = try inspect(tensors, configuration: configuration)
        #expect(about(found) == [fact], "\(found.contradictions)")
        #expect(found.contradictions.first?.claims.last?.source.hasPrefix("config.json ") == true)
    }

    @Test func aConfigurationThatIsRightIsNotTold() throws {
        let right = #"""
            {"model_type":"llama","hidden_size":64,"num_hidden_layers":2,"intermediate_size":128,"vocab_size":100,"num_attention_heads":2,
            "num_key_value_heads":2,"torch_dtype":"float32","max_position_embeddings":4096}
            """#
        #expect(
            try inspect(
                llama(layers: 2, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 100, headSize: 32), configuration: right
            ).contradictions.isEmpty)
        // A table padded to a round number is no contradiction.
        #expect(
            try inspect(
                llama(layers: 1, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 128, headSize: 32),
                configuration: #"{"vocab_size":100}"#
            )
            .contradictions.isEmpty)
    }

    @Test func anIndexThatNamesOtherTensorsIsTold() throws {
        let json =
            #"{"metadata":{"total_size":4},"weight_map":{"a":"model.safetensors","b":"model.safetensors","c":"lost.safetensors"}}"#
        let index = InspectedFile(
            path: "model.safetensors.index.json", size: json.utf8.count, bytesRead: 0,
            contents: try ModelFile.read(MemorySource(json.utf8), name: "model.safetensors.index.json"))
        let found = try inspect([("a", [1]), ("x", [1])], more: [index])
        #expect(about(found) == ["tensors", "tensors", "files"], "\(found.contradictions)")
    }
}

@Suite struct WeightTotalsTests {
    @Test func tiedAndPackedWeightsAreCountedRightly() throws {
        // GPTQ: eight values of four bits in each integer; scales, zeros and order are no parameters.
        let packed = try inspect([
            ("l.qweight", [8, 16]), ("l.qzeros", [1, 2]), ("l.scales", [1, 16]), ("l.g_idx", [64]), ("l.bias", [16]),
        ])
        // As F32 the first one is no packed integer.
        #expect(packed.totals.parameters == 8 * 16 + 16)
        let buffers = try inspect([
            ("bn.running_mean", [8]), ("bn.weight", [8]), ("h.0.attn.bias", [1, 1, 4, 4]), ("h.0.attn.c_attn.bias", [12]),
        ])
        #expect(buffers.totals.parameters == 20 && buffers.totals.buffers == 24)
    }

    @Test func theSameWeightsInTwoFormatsCountOnce() throws {
        let first = try inspect([("a", [10]), ("b", [5])])
        let contents = try #require(first.files.first?.contents)
        var other = contents
        other.format = .pytorchZip
        let twice = Inspection(
            target: "t", name: nil, card: nil,
            files: [
                InspectedFile(path: "model.safetensors", size: 1, bytesRead: 1, contents: contents),
                InspectedFile(path: "pytorch_model.bin", size: 1, bytesRead: 1, contents: other),
                InspectedFile(path: "checkpoint-5/model.safetensors", size: 1, bytesRead: 1, contents: contents),
                InspectedFile(path: "optimizer.pt", size: 1, bytesRead: 1, contents: other),
            ], transfer: Inspection.Transfer())
        #expect(twice.totals.parameters == 15 && twice.totals.tensors == 2)
    }
}

@Suite struct RealRepositoryTests {
    /// Sizes in names of real repositories.
    @Test(arguments: [
        ("stabilityai/stablelm-2-1_6b", 1_644_515_328, false), ("Qwen/Qwen-1_8B", 1_836_828_672, false),
        ("facebook/esm2_t6_8M_UR50D", 7_840_121, false),
        ("allenai/OLMoE-1B-7B-0924", 6_919_161_856, false), ("Qwen/Qwen1.5-MoE-A2.7B", 14_315_784_192, false),
        ("google/gemma-2b", 2_506_172_416, false),
        ("mistralai/Mixtral-8x7B-v0.1", 46_702_792_704, false), ("facebook/opt-125m", 125_239_296, false),
        ("someone/tiny-70b", 1_000_000, true),
    ])
    func namesOfRealRepositoriesAreRead(name: String, parameters: Int, isContradiction: Bool) throws {
        let found = try inspect([("w", [parameters])], name: name)
        #expect(found.contradictions.contains { $0.about == "parameters" } == isContradiction, "\(found.contradictions)")
    }

    /// Qwen3 0.6B: heads of 128 that do not follow from the hidden size.
    @Test func headsThatAreWiderThanTheHiddenSizeAreRight() throws {
        var tensors = llama(layers: 2, hidden: 1024, heads: 16, keyHeads: 8, middle: 3072, words: 151_936, headSize: 128)
        for layer in 0..<2 {
            tensors += [
                ("model.layers.\(layer).self_attn.q_norm.weight", [128]),
                ("model.layers.\(layer).self_attn.k_norm.weight", [128]),
            ]
        }
        let found = try inspect(
            tensors,
            configuration:
                #"{"model_type":"qwen3","hidden_size":1024,"num_attention_heads":16,"num_key_value_heads":8,"head_dim":128,"num_hidden_layers":2}"#
        )
        #expect(found.architecture.family == "qwen3" && found.architecture.heads == 16 && found.architecture.keyValueHeads == 8)
        #expect(found.contradictions.isEmpty, "\(found.contradictions)")
    }

    /// OLMo 2 normalises all heads at once: its norm has no head's size.
    @Test func aNormOfAllHeadsIsNoHead() throws {
        var tensors = llama(layers: 1, hidden: 2048, heads: 16, keyHeads: 16, middle: 8192, words: 100_352, headSize: 128)
        tensors += [("model.layers.0.self_attn.q_norm.weight", [2048])]
        let found = try inspect(tensors, configuration: #"{"num_attention_heads":16,"num_key_value_heads":16}"#)
        #expect(found.architecture.heads == 16 && found.contradictions.isEmpty, "\(found.architecture)")
    }

    /// LLaVA: the configuration's vision part speaks of another network.
    @Test func aVisionPartIsNotAskedOfLanguage() throws {
        let configuration =
            #"{"model_type":"llava","text_config":{"model_type":"llama"},"vision_config":{"hidden_size":1024,"num_hidden_layers":24,"intermediate_size":4096}}"#
        let found = try inspect(
            llama(layers: 2, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 100, headSize: 32),
            configuration: configuration)
        #expect(found.contradictions.isEmpty, "\(found.contradictions)")
    }

    /// `gpt_bigcode` has GPT-2's names and outputs before inputs.
    @Test func kinOfGPT2WithTurnedMatricesIsRead() throws {
        let found = try inspect([
            ("transformer.wte.weight", [49152, 2048]), ("transformer.wpe.weight", [8192, 2048]),
            ("transformer.h.0.ln_1.weight", [2048]),
            ("transformer.h.0.attn.c_attn.weight", [2304, 2048]), ("transformer.h.0.mlp.c_fc.weight", [8192, 2048]),
        ]).architecture
        #expect(found.family == "gpt2" && found.hiddenSize == 2048 && found.intermediateSize == 8192)
    }

    @Test func aNumberThatOnlyPythonWritesIsNoBrokenConfiguration() throws {
        let found = try inspect(
            llama(layers: 1, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 100, headSize: 32),
            configuration: #"{"time_step_limit":[0.0,Infinity],"x":NaN,"text":"NaN","hidden_size":64}"#)
        #expect(found.problems.isEmpty && found.contradictions.isEmpty, "\(found.problems) \(found.contradictions)")
    }

    /// Found by an attack: each of these ended the program, or kept it for minutes.
    @Test func hostileConfigurationsAndCardsAreAnswered() throws {
        let tensors = llama(layers: 1, hidden: 64, heads: 2, keyHeads: 2, middle: 128, words: 100, headSize: 32)
        for number in ["-9223372036854775808", "9223372036854775807", "0", "-1"] {
            let facts = [
                "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
                "max_position_embeddings",
            ]
            _ = try inspect(tensors, configuration: "{\(facts.map { "\"\($0)\":\(number)" }.joined(separator: ","))}")
        }
        let card = String(repeating: "7", count: 200_000) + String(repeating: " 7B parameters 8M parameter", count: 1000)
        #expect(try inspect(tensors, card: card).totals.tensors == tensors.count)
    }

    @Test func externalDataIsHeldAgainstTheFilesThatAreThere() throws {
        func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(body.count)] + body }
        func model(_ location: String, length: String) -> [UInt8] {
            let entries = [("location", location), ("length", length)].map {
                field(13, field(1, Array($0.0.utf8)) + field(2, Array($0.1.utf8)))
            }.flatMap { $0 }
            return [0x08, 8] + field(7, field(5, [0x08, 2, 0x10, 1] + field(8, Array("w".utf8)) + entries + [0x70, 1]))
        }
        for (location, length, expected) in [
            ("data.bin", "8", 0), ("data.bin", "800", 1), ("lost.bin", "8", 1), ("../data.bin", "8", 1), ("/etc/passwd", "8", 1),
        ] {
            let contents = try ModelFile.read(MemorySource(model(location, length: length)), name: "model.onnx")
            let files = [
                InspectedFile(path: "model.onnx", size: 100, bytesRead: 100, contents: contents),
                InspectedFile(path: "data.bin", size: 64, bytesRead: 0, contents: nil),
            ]
            let found = Inspection(target: "t", name: nil, card: nil, files: files, transfer: Inspection.Transfer())
            #expect(found.contradictions.count { $0.about == "external data" } == expected, "\(location) \(found.contradictions)")
        }
    }

    @Test func whatTrainingLeavesBesideAModelIsNotCounted() throws {
        let found = try inspect([("state_dict.w", [4]), ("optimizer.state.0.exp_avg", [4]), ("ema.w", [4])])
        #expect(found.totals.parameters == 4)
        // Alone, they are what there is.
        #expect(try inspect([("ema.w", [4])]).totals.parameters == 4)
    }
}
