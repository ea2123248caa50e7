import ModelFormats

/// Packages that hold the same weights twice, as safetensors for checkers and as pickles for loaders, have to hold the same.
struct WeightPairs {
    /// By the name of the safetensors file, that of the pickle which transformers and diffusers load in its place.
    private static let twins = [
        "model.safetensors": "pytorch_model.bin", "adapter_model.safetensors": "adapter_model.bin",
        "diffusion_pytorch_model.safetensors": "diffusion_pytorch_model.bin",
    ]

    /// Tensors whose numbers are compared, and the bytes that each may have.
    private static let compared = (tensors: 16, bytes: 256 << 10)

    /// Findings by the number of the input that is the safetensors file.
    static func findings(_ inputs: [LocalScan.Input], _ limits: ReadLimits) -> [(number: Int, finding: Finding)] {
        var places: [String: Int] = [:]
        for (number, input) in inputs.enumerated() { places["\(input.group)\0\(input.name)"] = number }
        var found: [(number: Int, finding: Finding)] = []
        for (number, input) in inputs.enumerated() {
            let folder = input.name.lastIndex(of: "/").map { String(input.name[...$0]) } ?? ""
            guard let twin = twins[Names.last(of: input.name)], let other = places["\(input.group)\0\(folder)\(twin)"] else {
                continue
            }
            do {
                guard let difference = try difference(input.place, inputs[other].place, limits) else { continue }
                found.append(
                    (number, Finding(.weightsDiffer, nil, "does not hold what \(quoted(twin)) beside it holds: \(difference)")))
            } catch {
                // A file that cannot be read is told by its own scan.
                continue
            }
        }
        return found
    }

    private static func difference(_ left: String, _ right: String, _ limits: ReadLimits) throws -> String? {
        let sources = (try FileSource(path: left), try FileSource(path: right))
        guard let first = try ModelFile.read(sources.0, name: left, limits: limits),
            let second = try ModelFile.read(sources.1, name: right, limits: limits),
            first.problems.isEmpty, second.problems.isEmpty
        else { return nil }
        let others = Dictionary(second.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var equal = 0
        for tensor in first.tensors {
            guard let other = others[tensor.name] else { continue }
            if tensor.shape != other.shape { return "\(quoted(tensor.name)) has the shapes \(tensor.shape) and \(other.shape)" }
            guard equal < compared.tensors, tensor.dtype == other.dtype, other.strides == nil, let here = tensor.range,
                let there = other.range,
                here.count == there.count, here.count <= compared.bytes
            else { continue }
            equal += 1
            if try sources.0.bytes(here) != sources.1.bytes(there) { return "the numbers of \(quoted(tensor.name)) differ" }
        }
        // Tied weights and buffers stand in one of them at times; much more than that is another model.
        let shared = first.tensors.count { others[$0.name] != nil }
        let most = max(first.tensors.count, second.tensors.count)
        return shared * 2 < most ? "\(shared) of \(most) tensors have the same name" : nil
    }
}
