import PythonSyntax

/// Classes that libraries look for in the files of a package, and make objects of, as they load it.
struct LoadedClasses: SyntaxVisitor {
    private static let bases: Set<String> = [
        "PreTrainedModel", "TFPreTrainedModel", "FlaxPreTrainedModel", "PretrainedConfig", "PreTrainedConfig",
        "PreTrainedTokenizer",
        "PreTrainedTokenizerFast", "PreTrainedTokenizerBase", "ProcessorMixin", "ImageProcessingMixin", "BaseImageProcessor",
        "FeatureExtractionMixin", "SequenceFeatureExtractor", "GenerationMixin", "DiffusionPipeline", "ModelMixin",
        "SchedulerMixin",
        "GeneratorBasedBuilder", "ArrowBasedBuilder", "BeamBasedBuilder", "BuilderConfig", "DatasetBuilder", "BaseHandler",
        "PythonModel",
        "TritonPythonModel", "PyTorchModelHubMixin", "ModelHubMixin", "EvaluationModule",
    ]
    private static let names: Set<String> = ["EndpointHandler", "TritonPythonModel", "PreTrainedPipeline", "InferenceHandler"]

    private var isFound = false

    static func areIn(_ tree: SyntaxTree) -> Bool {
        var finder = LoadedClasses()
        tree.walk(&finder)
        return finder.isFound
    }

    mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
        switch tree.syntax(id) {
        case .module, .conditional, .trying, .exceptHandler: return !isFound
        case .classDefinition(let type):
            if Self.names.contains(tree.text(type.name)) { isFound = true }
            for base in type.bases {
                switch tree.syntax(base) {
                case .name(let name, _), .attribute(_, let name, _): if Self.bases.contains(tree.text(name)) { isFound = true }
                default: break
                }
            }
            return false
        default: return false
        }
    }
}
