import ModelPackage

/// Something that may hold of a file.
enum FileCondition: Equatable, Sendable {
    case format([FileFormat])
    case path([NamePattern])
    case largerThan(ByteSize)

    /// Why the condition holds; nil where it does not.
    func reason(_ file: PolicyFile, for effect: PolicyRule.Effect) -> String? {
        switch self {
        case .format(let formats): reason(FileLayers(file), formats, for: effect)
        case .path(let patterns): patterns.first { $0.matches(file.path) }.map { "the path matches \(printable($0.text))" }
        case .largerThan(let limit): limit.reason(file.size, for: effect, what: "the file", have: "has")
        }
    }

    /// A rule that denies matches where one layer of the file is of one of the formats; a rule that allows where all of them are.
    private func reason(_ layers: FileLayers, _ formats: [FileFormat], for effect: PolicyRule.Effect) -> String? {
        func listed(_ layer: FileFormat) -> FileFormat? { formats.first { $0.covers(layer) } }
        switch effect {
        case .allow:
            let allows = layers.isCertain && !layers.formats.isEmpty && layers.formats.allSatisfy { listed($0) != nil }
            return allows ? "the format is allowed" : nil
        case .deny:
            guard let layer = layers.formats.first(where: { listed($0) != nil }), let format = listed(layer) else { return nil }
            return "the file is \(format.phrase)"
        }
    }
}
