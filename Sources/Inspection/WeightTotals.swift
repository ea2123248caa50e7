import ModelFormats
import ModelPackage

/// How many parameters there are, and of which types.
public struct WeightTotals: Sendable, Equatable {
    /// Values that training set: each storage once, however many names it has; quantised weights by what they stand for, without their scales;
    /// masks, positions and running statistics apart.
    public var parameters = 0
    /// Values that are kept beside them and that no training sets.
    public var buffers = 0
    public var tensors = 0
    /// Elements as they are stored, by type.
    public var byType: [String: Int] = [:]
    /// Tensors that are another one under a second name.
    public var tied = 0

    init(_ weights: WeightSets, _ configuration: Configuration) {
        var seen = Set<TiedPlace>()
        let all = weights.tensors
        let packing = Packing(all.lazy.map(\.tensor.name), bits: configuration.quantisationBits ?? 4)
        // Where variables lie beside a graph, the graph's constants are its settings.
        let hasVariables = Set(all.filter { $0.tensor.external != nil }.map { weights.files[$0.file].contents?.format }).contains(
            .savedmodel)
        let training = TrainingState(all.lazy.map(\.tensor.name))
        for (file, tensor) in all {
            tensors += 1
            if hasVariables, tensor.external == nil { continue }
            if training.contains(tensor.name) { continue }
            if let external = tensor.external,
                !seen.insert(TiedPlace(file: -1, storage: external.file, start: external.offset, end: external.length ?? -1))
                    .inserted
            {
                tied += 1
                continue
            }
            // One array under several keys of a pickle.
            if let storage = tensor.storage, storage.hasPrefix("object "), tensor.range == nil,
                !seen.insert(TiedPlace(file: file, storage: storage, start: -1, end: -1)).inserted
            {
                tied += 1
                continue
            }
            if let storage = tensor.storage, let range = tensor.range, !range.isEmpty,
                !seen.insert(TiedPlace(file: file, storage: storage, start: range.lowerBound, end: range.upperBound)).inserted
            {
                tied += 1
                continue
            }
            let elements = tensor.storedElements ?? tensor.elements ?? 0
            byType[tensor.dtype.rawValue] = (byType[tensor.dtype.rawValue] ?? 0).addingSaturated(elements)
            switch packing.role(of: tensor) {
            case .parameter(let count): parameters = parameters.addingSaturated(count)
            case .buffer: buffers = buffers.addingSaturated(elements)
            case .auxiliary: break
            }
        }
    }

    private struct TiedPlace: Hashable {
        let file: Int
        let storage: String
        let start: Int
        let end: Int
    }

}
