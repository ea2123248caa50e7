/// A place that lists models. The raw value is the hub's id in names, folders and the catalog.
public enum HubID: String, CaseIterable, Sendable, Hashable, Codable {
    case huggingface
    case onnx
    case pytorch
    case modelhub
    case modelzoo

    /// Reads a hub id as people type it; `hf` is short for `huggingface`.
    public init?(argument: String) {
        let lowered = argument.lowercased()
        self.init(rawValue: lowered == "hf" ? "huggingface" : lowered)
    }

    /// The hub's own name, for people.
    public var title: String {
        switch self {
        case .huggingface: "Hugging Face"
        case .onnx: "ONNX Model Zoo"
        case .pytorch: "PyTorch Hub"
        case .modelhub: "Modelhub.ai"
        case .modelzoo: "ModelZoo.co"
        }
    }

    /// The address of the hub's front page.
    public var homepage: String {
        switch self {
        case .huggingface: "https://huggingface.co"
        case .onnx: "https://github.com/onnx/models"
        case .pytorch: "https://pytorch.org/hub"
        case .modelhub: "https://modelhub.ai"
        case .modelzoo: "https://modelzoo.co"
        }
    }
}
