import ModelFormats

/// What `config.json` and its kin say of the model. Nested parts (`text_config`) are asked where the outermost one is silent.
struct Configuration {
    /// The path of the file that says it; nil where there is none.
    let path: String?
    private let members: [MetadataMember]
    /// Facts that a file's own header states, as GGUF does.
    let header: [MetadataMember]
    let headerPath: String?

    /// - Parameter isAdapter: whether the weights are those of an adapter, whose own configuration is then asked first.
    /// - Parameter weights: the files of the weights, whose own headers come before others'.
    init(_ files: [InspectedFile], folder: String, isAdapter: Bool, weights: [Int]) {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let names = ["config.json", "adapter_config.json"]
        let found = (isAdapter ? names.reversed() : names).lazy
            .compactMap { name in files.first { $0.path == prefix + name } ?? files.first { $0.path == name } }
            .first { $0.contents?.format == .json }
        path = found?.path
        members = found?.contents?.metadata ?? []
        let gguf = (weights.map { files[$0] } + files).first {
            $0.contents?.format == .gguf && $0.contents?.metadata["general.architecture"] != nil
        }
        header = gguf?.contents?.metadata ?? []
        headerPath = gguf?.path
    }

    /// What a measure of a network can be.
    private static let plausible = 0...1 << 40

    /// The parts that speak of a network of language, or of images.
    private func parts(ofVision: Bool) -> [[MetadataMember]] {
        let nested = ofVision ? ["vision_config"] : ["text_config", "llm_config", "language_config"]
        return [members] + nested.compactMap { members[$0]?.members }
    }

    /// The first of these names that the file has a number for.
    func integer(_ names: [String], ofVision: Bool = false) -> (name: String, value: Int)? {
        for part in parts(ofVision: ofVision) {
            for name in names {
                if let value = part[name]?.integer, Self.plausible ~= value { return (name, value) }
            }
        }
        return nil
    }

    func text(_ name: String) -> String? { parts(ofVision: false).lazy.compactMap { $0[name]?.text }.first }

    func texts(_ name: String) -> [String] { members[name]?.list?.compactMap(\.text) ?? [] }

    var quantisationBits: Int? {
        let part = members["quantization_config"] ?? members["quantization"]
        if part?["load_in_4bit"]?.bool == true { return 4 }
        return part.flatMap { $0["bits"]?.integer ?? $0["w_bit"]?.integer }.flatMap { 1...8 ~= $0 ? $0 : nil }
    }

    /// A fact of the header under its architecture's name: `llama.block_count`.
    func headerInteger(_ name: String) -> Int? {
        guard let architecture = header["general.architecture"]?.text, let value = header["\(architecture).\(name)"] else {
            return nil
        }
        // A model may give one number a layer; where these differ there is no one number.
        if let list = value.list?.map(\.integer), let first = list.first {
            return list.allSatisfy { $0 == first } ? first.flatMap { Self.plausible ~= $0 ? $0 : nil } : nil
        }
        return value.integer.flatMap { Self.plausible ~= $0 ? $0 : nil }
    }
}
