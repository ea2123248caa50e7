/// What a network is, as its tensors' names and shapes tell it. Nil where they do not.
public struct Architecture: Sendable, Equatable {
    /// `llama`, `bert`, `gpt2`, `vit`, `stable-diffusion-unet`, `lora` and so on; `unknown` where no known layout fits.
    public var family = "unknown"
    public var layers: Int?
    /// Of a network of two halves, the second half's.
    public var decoderLayers: Int?
    public var hiddenSize: Int?
    public var heads: Int?
    public var keyValueHeads: Int?
    public var headSize: Int?
    public var intermediateSize: Int?
    public var experts: Int?
    public var vocabularySize: Int?
    public var contextLength: Int?
    /// Of an adapter: its rank, and the modules that it changes.
    public var rank: Int?
    public var adaptedModules: [String] = []
    /// Channels that an image or sound network takes.
    public var inputChannels: Int?
    /// Labels that a classifier tells apart.
    public var labels: Int?
    /// By field: what it was read from, a tensor's name or a file's.
    public var evidence: [String: String] = [:]

    init(_ weights: WeightSets, _ configuration: Configuration) {
        let tensors = TensorTable(weights)
        guard !tensors.isEmpty else { return }
        var reader = ArchitectureReader(tensors: tensors, configuration: configuration)
        self = reader.read(self)
    }
}
