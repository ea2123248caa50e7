/// How a family of networks names its tensors. Each name is the end of a normalised name, with `*` for numbers.
struct ArchitectureLayout {
    var family: String
    /// All of these are there.
    var marks: [String]
    /// None of these is.
    var absent: [String] = []
    /// A tensor of each layer, by which layers are counted and, for its width, the hidden size is told.
    var layer: String
    var decoderLayer: String?
    /// Where the hidden size is: a tensor, and which of its dimensions.
    var hidden: (tensor: String, dimension: Int)
    var query: String?
    var key: String?
    /// A tensor with the feed-forward size, and in which dimension, and how many projections are in one.
    var feedForward: (tensor: String, dimension: Int, parts: Int)?
    var vocabulary: String?
    var positions: (tensor: String, reserved: Int)?
    /// Elements of a head, by the family's convention, where no tensor tells it.
    var headSize: Int?
    var experts: String?
    /// A tensor whose last dimension is the size of a head.
    var headNorm: String?
    var patch: String?
    var classifier: String?
}

extension ArchitectureLayout {
    private static func llama(_ family: String, _ marks: [String], absent: [String] = [], headSize: Int? = 128)
        -> ArchitectureLayout
    {
        ArchitectureLayout(
            family: family, marks: ["layers.*.self_attn.q_proj.weight", "embed_tokens.weight"] + marks, absent: absent,
            layer: "layers.*.self_attn.q_proj.weight", hidden: ("layers.*.self_attn.q_proj.weight", 1),
            query: "layers.*.self_attn.q_proj.weight",
            key: "layers.*.self_attn.k_proj.weight", feedForward: ("layers.*.mlp.gate_proj.weight", 0, 1),
            vocabulary: "embed_tokens.weight",
            headSize: headSize, headNorm: "layers.*.self_attn.q_norm.weight")
    }

    private static func bert(_ family: String, _ marks: [String], absent: [String] = [], reserved: Int = 0) -> ArchitectureLayout
    {
        ArchitectureLayout(
            family: family, marks: ["encoder.layer.*.attention.self.query.weight"] + marks, absent: absent,
            layer: "encoder.layer.*.attention.self.query.weight", hidden: ("encoder.layer.*.attention.self.query.weight", 1),
            query: "encoder.layer.*.attention.self.query.weight",
            feedForward: ("encoder.layer.*.intermediate.dense.weight", 0, 1),
            vocabulary: "embeddings.word_embeddings.weight", positions: ("embeddings.position_embeddings.weight", reserved),
            headSize: 64)
    }

    private static func moe(_ family: String, expert: String, feedForward: String) -> ArchitectureLayout {
        var layout = llama(family, [expert])
        layout.experts = expert
        layout.feedForward = (feedForward, 0, 1)
        return layout
    }

    private static func seq2seq(_ family: String, _ marks: [String], absent: [String] = [], vocabulary: String, reserved: Int)
        -> ArchitectureLayout
    {
        ArchitectureLayout(
            family: family,
            marks: ["encoder.layers.*.self_attn.q_proj.weight", "decoder.layers.*.encoder_attn.q_proj.weight"] + marks,
            absent: absent,
            layer: "encoder.layers.*.self_attn.q_proj.weight", decoderLayer: "decoder.layers.*.self_attn.q_proj.weight",
            hidden: ("encoder.layers.*.self_attn.q_proj.weight", 1), query: "encoder.layers.*.self_attn.q_proj.weight",
            feedForward: ("encoder.layers.*.fc1.weight", 0, 1), vocabulary: vocabulary,
            positions: ("decoder.embed_positions.weight", reserved),
            headSize: 64)
    }

    /// From the particular to the general: the first one whose marks are all there is taken.
    static let all: [ArchitectureLayout] = [
        // Diffusion: a single file holds encoders of other families too.
        ArchitectureLayout(
            family: "stable-diffusion",
            marks: ["diffusion_model.input_blocks.*.*.weight", "first_stage_model.decoder.conv_in.weight"],
            layer: "diffusion_model.input_blocks.*.*.weight", hidden: ("diffusion_model.input_blocks.*.*.weight", 0),
            patch: "diffusion_model.input_blocks.*.*.weight"),
        ArchitectureLayout(
            family: "stable-diffusion-unet",
            marks: ["down_blocks.*.resnets.*.conv1.weight", "time_embedding.linear_1.weight", "conv_in.weight"],
            layer: "down_blocks.*.resnets.*.conv1.weight", hidden: ("conv_in.weight", 0), patch: "conv_in.weight"),
        ArchitectureLayout(
            family: "stable-diffusion-vae",
            marks: ["encoder.down_blocks.*.resnets.*.conv1.weight", "decoder.up_blocks.*.resnets.*.conv1.weight"],
            layer: "encoder.down_blocks.*.resnets.*.conv1.weight", hidden: ("encoder.conv_in.weight", 0),
            patch: "encoder.conv_in.weight"),
        // Mixtures of experts.
        moe(
            "mixtral", expert: "layers.*.block_sparse_moe.experts.*.w1.weight",
            feedForward: "layers.*.block_sparse_moe.experts.*.w1.weight"),
        ArchitectureLayout(
            family: "deepseek", marks: ["layers.*.self_attn.kv_a_proj_with_mqa.weight"],
            layer: "layers.*.self_attn.kv_a_proj_with_mqa.weight",
            hidden: ("layers.*.self_attn.kv_a_proj_with_mqa.weight", 1), feedForward: ("layers.*.mlp.gate_proj.weight", 0, 1),
            vocabulary: "embed_tokens.weight", experts: "layers.*.mlp.experts.*.gate_proj.weight"),
        moe(
            "qwen-moe", expert: "layers.*.mlp.experts.*.gate_proj.weight", feedForward: "layers.*.mlp.experts.*.gate_proj.weight"),
        // Llama and its kin.
        llama(
            "gemma2", ["layers.*.pre_feedforward_layernorm.weight", "layers.*.mlp.gate_proj.weight"],
            absent: ["layers.*.self_attn.q_norm.weight"], headSize: 256),
        llama("gemma3", ["layers.*.pre_feedforward_layernorm.weight", "layers.*.mlp.gate_proj.weight"], headSize: 256),
        llama("qwen3", ["layers.*.self_attn.q_norm.weight", "layers.*.mlp.gate_proj.weight"]),
        llama(
            "qwen2", ["layers.*.self_attn.q_proj.bias", "layers.*.mlp.gate_proj.weight"],
            absent: ["layers.*.self_attn.o_proj.bias"]),
        llama("llama", ["layers.*.mlp.gate_proj.weight"]),
        ArchitectureLayout(
            family: "phi3", marks: ["layers.*.self_attn.qkv_proj.weight", "layers.*.mlp.gate_up_proj.weight"],
            layer: "layers.*.self_attn.qkv_proj.weight",
            hidden: ("layers.*.self_attn.qkv_proj.weight", 1), feedForward: ("layers.*.mlp.gate_up_proj.weight", 0, 2),
            vocabulary: "embed_tokens.weight"),
        ArchitectureLayout(
            family: "phi",
            marks: ["layers.*.self_attn.q_proj.weight", "layers.*.mlp.fc1.weight", "layers.*.self_attn.dense.weight"],
            layer: "layers.*.self_attn.q_proj.weight", hidden: ("layers.*.self_attn.q_proj.weight", 1),
            query: "layers.*.self_attn.q_proj.weight",
            key: "layers.*.self_attn.k_proj.weight", feedForward: ("layers.*.mlp.fc1.weight", 0, 1),
            vocabulary: "embed_tokens.weight", headSize: 80),
        // ggml's names, whatever the family; its own header names that.
        ArchitectureLayout(
            family: "ggml", marks: ["blk.*.attn_q.weight"], layer: "blk.*.attn_q.weight", hidden: ("blk.*.attn_q.weight", 1),
            query: "blk.*.attn_q.weight", key: "blk.*.attn_k.weight", feedForward: ("blk.*.ffn_up.weight", 0, 1),
            vocabulary: "token_embd.weight",
            headNorm: "blk.*.attn_q_norm.weight"),
        ArchitectureLayout(
            family: "ggml", marks: ["blk.*.attn_qkv.weight"], layer: "blk.*.attn_qkv.weight",
            hidden: ("blk.*.attn_qkv.weight", 1),
            feedForward: ("blk.*.ffn_up.weight", 0, 1), vocabulary: "token_embd.weight", positions: ("position_embd.weight", 0)),
        // Speech and sound.
        ArchitectureLayout(
            family: "whisper", marks: ["encoder.conv1.weight", "decoder.layers.*.encoder_attn.q_proj.weight"],
            layer: "encoder.layers.*.self_attn.q_proj.weight",
            decoderLayer: "decoder.layers.*.self_attn.q_proj.weight", hidden: ("encoder.layers.*.self_attn.q_proj.weight", 1),
            query: "encoder.layers.*.self_attn.q_proj.weight", feedForward: ("encoder.layers.*.fc1.weight", 0, 1),
            vocabulary: "decoder.embed_tokens.weight", positions: ("decoder.embed_positions.weight", 0), headSize: 64,
            patch: "encoder.conv1.weight"),
        ArchitectureLayout(
            family: "wav2vec2",
            marks: ["feature_extractor.conv_layers.*.conv.weight", "encoder.layers.*.attention.q_proj.weight"],
            layer: "encoder.layers.*.attention.q_proj.weight", hidden: ("encoder.layers.*.attention.q_proj.weight", 1),
            query: "encoder.layers.*.attention.q_proj.weight",
            feedForward: ("encoder.layers.*.feed_forward.intermediate_dense.weight", 0, 1),
            vocabulary: "lm_head.weight", headSize: 64),
        // Two halves.
        ArchitectureLayout(
            family: "t5",
            marks: ["encoder.block.*.layer.*.SelfAttention.q.weight", "decoder.block.*.layer.*.EncDecAttention.q.weight"],
            layer: "encoder.block.*.layer.*.SelfAttention.q.weight",
            decoderLayer: "decoder.block.*.layer.*.SelfAttention.q.weight",
            hidden: ("encoder.block.*.layer.*.SelfAttention.q.weight", 1),
            query: "encoder.block.*.layer.*.SelfAttention.q.weight",
            feedForward: ("encoder.block.*.layer.*.DenseReluDense.wo.weight", 1, 1), vocabulary: "shared.weight"),
        seq2seq(
            "marian", ["final_logits_bias"], absent: ["layernorm_embedding.weight"], vocabulary: "shared.weight", reserved: 0),
        seq2seq("bart", ["shared.weight"], vocabulary: "shared.weight", reserved: 2),
        seq2seq("bart", ["decoder.embed_tokens.weight"], vocabulary: "decoder.embed_tokens.weight", reserved: 2),
        // Encoders of text.
        ArchitectureLayout(
            family: "distilbert", marks: ["transformer.layer.*.attention.q_lin.weight"],
            layer: "transformer.layer.*.attention.q_lin.weight",
            hidden: ("transformer.layer.*.attention.q_lin.weight", 1), query: "transformer.layer.*.attention.q_lin.weight",
            feedForward: ("transformer.layer.*.ffn.lin1.weight", 0, 1), vocabulary: "embeddings.word_embeddings.weight",
            positions: ("embeddings.position_embeddings.weight", 0), headSize: 64),
        ArchitectureLayout(
            family: "albert", marks: ["encoder.albert_layer_groups.*.albert_layers.*.attention.query.weight"],
            layer: "encoder.albert_layer_groups.*.albert_layers.*.attention.query.weight",
            hidden: ("encoder.albert_layer_groups.*.albert_layers.*.attention.query.weight", 1),
            feedForward: ("encoder.albert_layer_groups.*.albert_layers.*.ffn.weight", 0, 1),
            vocabulary: "embeddings.word_embeddings.weight",
            positions: ("embeddings.position_embeddings.weight", 0), headSize: 64),
        ArchitectureLayout(
            family: "deberta", marks: ["encoder.rel_embeddings.weight"], layer: "encoder.layer.*.output.dense.weight",
            hidden: ("encoder.layer.*.output.dense.weight", 0), feedForward: ("encoder.layer.*.intermediate.dense.weight", 0, 1),
            vocabulary: "embeddings.word_embeddings.weight", headSize: 64),
        bert("electra", ["embeddings_project.weight"]),
        bert("roberta", ["lm_head.dense.weight"], reserved: 2),
        bert("bert", ["embeddings.token_type_embeddings.weight"]),
        // GPT-2 and what grew from it.
        ArchitectureLayout(
            family: "gpt2", marks: ["h.*.attn.c_attn.weight"], layer: "h.*.attn.c_attn.weight",
            hidden: ("h.*.attn.c_attn.weight", 0),
            feedForward: ("h.*.mlp.c_fc.weight", 1, 1), vocabulary: "wte.weight", positions: ("wpe.weight", 0), headSize: 64),
        ArchitectureLayout(
            family: "gptj", marks: ["h.*.attn.q_proj.weight", "h.*.mlp.fc_in.weight"], layer: "h.*.attn.q_proj.weight",
            hidden: ("h.*.attn.q_proj.weight", 1), query: "h.*.attn.q_proj.weight", feedForward: ("h.*.mlp.fc_in.weight", 0, 1),
            vocabulary: "wte.weight",
            headSize: 256),
        ArchitectureLayout(
            family: "gpt-neo", marks: ["h.*.attn.attention.q_proj.weight"], layer: "h.*.attn.attention.q_proj.weight",
            hidden: ("h.*.attn.attention.q_proj.weight", 1), query: "h.*.attn.attention.q_proj.weight",
            feedForward: ("h.*.mlp.c_fc.weight", 0, 1),
            vocabulary: "wte.weight", positions: ("wpe.weight", 0)),
        ArchitectureLayout(
            family: "gpt-neox", marks: ["layers.*.attention.query_key_value.weight", "embed_in.weight"],
            layer: "layers.*.attention.query_key_value.weight",
            hidden: ("layers.*.attention.query_key_value.weight", 1), feedForward: ("layers.*.mlp.dense_h_to_4h.weight", 0, 1),
            vocabulary: "embed_in.weight"),
        ArchitectureLayout(
            family: "bloom", marks: ["h.*.self_attention.query_key_value.weight", "word_embeddings_layernorm.weight"],
            layer: "h.*.self_attention.query_key_value.weight", hidden: ("h.*.self_attention.query_key_value.weight", 1),
            feedForward: ("h.*.mlp.dense_h_to_4h.weight", 0, 1), vocabulary: "word_embeddings.weight"),
        ArchitectureLayout(
            family: "falcon", marks: ["h.*.self_attention.query_key_value.weight"],
            layer: "h.*.self_attention.query_key_value.weight",
            hidden: ("h.*.self_attention.query_key_value.weight", 1), feedForward: ("h.*.mlp.dense_h_to_4h.weight", 0, 1),
            vocabulary: "word_embeddings.weight", headSize: 64),
        ArchitectureLayout(
            family: "opt", marks: ["decoder.layers.*.self_attn.q_proj.weight", "decoder.embed_positions.weight"],
            absent: ["decoder.layers.*.encoder_attn.q_proj.weight"],
            layer: "decoder.layers.*.self_attn.q_proj.weight",
            hidden: ("decoder.layers.*.self_attn.q_proj.weight", 1), query: "decoder.layers.*.self_attn.q_proj.weight",
            feedForward: ("decoder.layers.*.fc1.weight", 0, 1), vocabulary: "decoder.embed_tokens.weight",
            positions: ("decoder.embed_positions.weight", 2),
            headSize: 64),
        // Images.
        ArchitectureLayout(
            family: "clip",
            marks: [
                "vision_model.encoder.layers.*.self_attn.q_proj.weight", "text_model.encoder.layers.*.self_attn.q_proj.weight",
            ],
            layer: "text_model.encoder.layers.*.self_attn.q_proj.weight",
            decoderLayer: "vision_model.encoder.layers.*.self_attn.q_proj.weight",
            hidden: ("text_model.encoder.layers.*.self_attn.q_proj.weight", 1),
            query: "text_model.encoder.layers.*.self_attn.q_proj.weight",
            feedForward: ("text_model.encoder.layers.*.mlp.fc1.weight", 0, 1),
            vocabulary: "text_model.embeddings.token_embedding.weight",
            positions: ("text_model.embeddings.position_embedding.weight", 0), headSize: 64,
            patch: "vision_model.embeddings.patch_embedding.weight"),
        ArchitectureLayout(
            family: "clip", marks: ["visual.transformer.resblocks.*.attn.in_proj_weight", "token_embedding.weight"],
            layer: "transformer.resblocks.*.attn.in_proj_weight", hidden: ("transformer.resblocks.*.attn.in_proj_weight", 1),
            feedForward: ("transformer.resblocks.*.mlp.c_fc.weight", 0, 1), vocabulary: "token_embedding.weight",
            positions: ("positional_embedding", 0), headSize: 64, patch: "visual.conv1.weight"),
        ArchitectureLayout(
            family: "clip-text", marks: ["text_model.encoder.layers.*.self_attn.q_proj.weight"],
            layer: "text_model.encoder.layers.*.self_attn.q_proj.weight",
            hidden: ("text_model.encoder.layers.*.self_attn.q_proj.weight", 1),
            query: "text_model.encoder.layers.*.self_attn.q_proj.weight",
            feedForward: ("text_model.encoder.layers.*.mlp.fc1.weight", 0, 1),
            vocabulary: "text_model.embeddings.token_embedding.weight",
            positions: ("text_model.embeddings.position_embedding.weight", 0), headSize: 64),
        ArchitectureLayout(
            family: "vit",
            marks: ["embeddings.patch_embeddings.projection.weight", "encoder.layer.*.attention.attention.query.weight"],
            layer: "encoder.layer.*.attention.attention.query.weight",
            hidden: ("encoder.layer.*.attention.attention.query.weight", 1),
            query: "encoder.layer.*.attention.attention.query.weight",
            feedForward: ("encoder.layer.*.intermediate.dense.weight", 0, 1), headSize: 64,
            patch: "embeddings.patch_embeddings.projection.weight", classifier: "classifier.weight"),
        ArchitectureLayout(
            family: "vit", marks: ["patch_embed.proj.weight", "blocks.*.attn.qkv.weight"], layer: "blocks.*.attn.qkv.weight",
            hidden: ("blocks.*.attn.qkv.weight", 1), feedForward: ("blocks.*.mlp.fc1.weight", 0, 1), headSize: 64,
            patch: "patch_embed.proj.weight",
            classifier: "head.weight"),
        ArchitectureLayout(
            family: "convnext", marks: ["encoder.stages.*.layers.*.dwconv.weight"],
            layer: "encoder.stages.*.layers.*.dwconv.weight",
            hidden: ("embeddings.patch_embeddings.weight", 0), patch: "embeddings.patch_embeddings.weight",
            classifier: "classifier.weight"),
        ArchitectureLayout(
            family: "convnext", marks: ["stages.*.blocks.*.conv_dw.weight"], layer: "stages.*.blocks.*.conv_dw.weight",
            hidden: ("stem.*.weight", 0),
            patch: "stem.*.weight", classifier: "head.fc.weight"),
        ArchitectureLayout(
            family: "resnet", marks: ["layer1.*.conv1.weight", "layer4.*.conv1.weight", "conv1.weight"],
            layer: "layer1.*.conv1.weight",
            hidden: ("conv1.weight", 0), patch: "conv1.weight", classifier: "fc.weight"),
        ArchitectureLayout(
            family: "resnet", marks: ["encoder.stages.*.layers.*.layer.*.convolution.weight"],
            layer: "encoder.stages.*.layers.*.layer.*.convolution.weight", hidden: ("embedder.embedder.convolution.weight", 0),
            patch: "embedder.embedder.convolution.weight", classifier: "classifier.*.weight"),
        ArchitectureLayout(
            family: "efficientnet", marks: ["conv_stem.weight", "blocks.*.*.conv_dw.weight"], layer: "blocks.*.*.conv_dw.weight",
            hidden: ("conv_stem.weight", 0), patch: "conv_stem.weight", classifier: "classifier.weight"),
    ]
}
