/// Finds the tensors and arrays among the objects that a pickle makes, and names each by the keys that lead to it.
struct PickledTensors {
    /// A PyTorch storage, as its persistent name describes it.
    struct Storage {
        var key: String
        var dtype: ElementType?
        var elements: Int?
        /// For a legacy view: the storage's elements begin here in its root.
        var viewOffset = 0
    }

    /// A storage that is a file of its own within the pickle's bytes.
    struct EmbeddedStorage {
        var dtype: ElementType
        /// Nil where the pickle writes the bytes as text, so that the file has no run of them.
        var range: Range<Int>?
    }

    private let program: PickleProgram
    private let storageBytes: (String) -> Range<Int>?
    private let persistentTensor: (String) -> TensorEntry?
    private let embeddedStorages: [PickleReference: EmbeddedStorage]
    private let limits: ReadLimits
    private(set) var tensors: [TensorEntry] = []
    private(set) var metadata: [MetadataMember] = []
    private(set) var problems: [FormatError] = []

    /// - Parameter storageBytes: where the bytes of the storage of that key are; nil where the file has none.
    /// - Parameter persistentTensor: the tensor of a persistent name that is no storage, as PyTorch's first form has them.
    init(
        _ program: PickleProgram, limits: ReadLimits, storageBytes: @escaping (String) -> Range<Int>? = { _ in nil },
        persistentTensor: @escaping (String) -> TensorEntry? = { _ in nil },
        embeddedStorages: [PickleReference: EmbeddedStorage] = [:]
    ) {
        self.embeddedStorages = embeddedStorages
        self.program = program
        self.limits = limits
        self.storageBytes = storageBytes
        self.persistentTensor = persistentTensor
    }

    // MARK: The walk

    /// A key and the path before it. Paths are linked, so that a deep nest costs no more than its objects.
    private struct Step {
        var parent: Int
        var key: String
        var depth: Int
    }

    /// Keeps no recursion, for objects may be in each other as deep as the file is long.
    mutating func collect() {
        guard let root = program.result else { return }
        var steps: [Step] = [Step(parent: -1, key: "", depth: 0)]
        var work: [(object: PickleReference, step: Int)] = [(root, 0)]
        // A pickle may use one list twice in another, and that one twice again: the work is bounded by what a file of this size may honestly hold.
        var budget = program.objects.count * 2 + 1000
        var deepObjects = Set<PickleReference>()
        var isTooDeep = false
        while let (object, step) = work.popLast() {
            budget -= 1
            if budget < 0 || tensors.count >= limits.tensors {
                problems.append(FormatError(program.range.lowerBound, "objects are in each other in more ways than are followed"))
                return
            }
            if steps[step].depth > 512 {
                isTooDeep = true
                continue
            }
            func name() -> String {
                var parts: [String] = []
                var at = step
                while at > 0 {
                    parts.append(steps[at].key)
                    at = steps[at].parent
                }
                return parts.reversed().joined(separator: ".")
            }
            if let tensor = tensor(object, depth: 0) {
                var tensor = tensor
                tensor.name = name()
                // Arrays have no storage of their own: the object itself tells one that is there twice.
                if tensor.storage == nil { tensor.storage = "object \(object.index)" }
                tensors.append(tensor)
                // An array of objects may hold arrays.
                guard tensor.dtype == .object, let state = program.call(object)?.states.last.flatMap({ program.members($0) }),
                    state.count > 4,
                    let members = program.members(state[4])
                else { continue }
                for (index, member) in members.enumerated().reversed() {
                    steps.append(Step(parent: step, key: "\(index)", depth: steps[step].depth + 1))
                    work.append((member, steps.count - 1))
                }
                continue
            }
            let children = children(object)
            if children.isEmpty {
                if metadata.count < 1000, let value = scalar(object), step > 0 { metadata.append(MetadataMember(name(), value)) }
                continue
            }
            budget -= children.count
            if steps[step].depth > 64, !deepObjects.insert(object).inserted { continue }
            for child in children.reversed() {
                steps.append(Step(parent: step, key: child.key, depth: steps[step].depth + 1))
                work.append((child.value, steps.count - 1))
            }
        }
        if isTooDeep { problems.append(FormatError(program.range.lowerBound, "objects are in each other more than 512 deep")) }
    }

    private func children(_ object: PickleReference) -> [(key: String, value: PickleReference)] {
        switch program[object] {
        case .tuple(let index), .list(let index), .set(let index), .frozenSet(let index):
            return program.contents[index].enumerated().map { ("\($0.offset)", $0.element) }
        case .dictionary(let index): return keyed(program.pairs(program.contents[index]))
        case .call(let index): return children(of: program.calls[index])
        default: return []
        }
    }

    private func keyed(_ pairs: [(key: PickleReference, value: PickleReference)]) -> [(key: String, value: PickleReference)] {
        pairs.enumerated().map { (key(program[$0.element.key]) ?? "\($0.offset)", $0.element.value) }
    }

    private func key(_ object: PickleObject) -> String? {
        switch object {
        // A key may be as long as the file and stand in every name.
        case .text(let text): text.utf8.count <= 4096 ? text : String(text.prefix(1000)) + "…"
        case .integer(let number): "\(number)"
        case .bool(let value): value ? "True" : "False"
        case .real(let value): "\(value)"
        case .none: "None"
        default: nil
        }
    }

    /// What is in an object: its entries and items, and the attributes that its state gives it. A module's own tables (`_parameters`, `_buffers`,
    /// `_modules`) lend no name, so that its tensors are named as in its `state_dict`.
    private func children(of call: PickleCall) -> [(key: String, value: PickleReference)] {
        var found = keyed(program.pairs(call.entries)) + call.items.enumerated().map { ("\($0.offset)", $0.element) }
        for state in call.states { found += attributes(state) }
        let name = program.importedName(call.callable)
        // Python 2 wrote an OrderedDict as a call with a list of pairs.
        if found.isEmpty, name == "collections.OrderedDict", let list = program.members(call.arguments)?.first,
            let pairs = program.members(list)
        {
            found = keyed(
                pairs.compactMap { pair in
                    program.members(pair).flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
                })
        }
        if found.isEmpty, let arguments = program.members(call.arguments) {
            // A wrapper of a library's own: what it is given is in it.
            found = arguments.enumerated().map { ("\($0.offset)", $0.element) }.filter { holdsSomething($0.1) }
        }
        return found
    }

    private func holdsSomething(_ object: PickleReference) -> Bool {
        switch program[object] {
        case .tuple(let index), .list(let index), .dictionary(let index): !program.contents[index].isEmpty
        case .call: true
        default: false
        }
    }

    private func attributes(_ state: PickleReference) -> [(key: String, value: PickleReference)] {
        if let members = program.members(state) {
            // (dictionary, slots), as copyreg writes it, or whatever a __setstate__ takes.
            return members.count == 2 && members.allSatisfy({ program.entries($0) != nil || isNone($0) })
                ? members.flatMap { attributes($0) } : members.enumerated().map { ("\($0.offset)", $0.element) }
        }
        guard let entries = program.entries(state) else { return [] }
        return keyed(entries).flatMap { entry in
            ["_parameters", "_buffers", "_modules"].contains(entry.key) ? children(entry.value) : [entry]
        }
    }

    private func isNone(_ object: PickleReference) -> Bool {
        if case .none = program[object] { true } else { false }
    }

    private func scalar(_ object: PickleReference) -> MetadataValue? {
        switch program[object] {
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let text): text.utf8.count <= 4096 ? .text(text) : nil
        case .imported: program.importedName(object).map { .text($0) }
        default: nil
        }
    }

    // MARK: Tensors

    private func tensor(_ object: PickleReference, depth: Int) -> TensorEntry? {
        if case .persistent(let name) = program[object], let key = key(program[name]) { return persistentTensor(key) }
        guard depth < 8, let call = program.call(object) else { return nil }
        guard let function = program.importedName(call.callable) else { return nil }
        let arguments = program.members(call.arguments) ?? []
        switch function {
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3",
            "torch._utils._rebuild_qtensor":
            return torchTensor(function, arguments)
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            return arguments.first.flatMap { tensor($0, depth: depth + 1) }
        case "torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type", "torch.tensor._rebuild_from_type":
            guard arguments.count > 2, let inner = program.importedName(arguments[0]) else { return nil }
            let nested = program.members(arguments[2]) ?? []
            return inner.hasPrefix("torch._utils._rebuild_parameter")
                ? nested.first.flatMap { tensor($0, depth: depth + 1) } : torchTensor(inner, nested)
        case "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor":
            guard arguments.count > 1, let parts = program.members(arguments[1]) else { return nil }
            return sparseTensor(parts, depth: depth)
        case "torch._utils._rebuild_meta_tensor_no_storage":
            guard arguments.count > 1, let type = torchType(arguments[0]), let shape = shape(arguments[1]) else { return nil }
            return TensorEntry(name: "", dtype: type, shape: shape)
        case "torch._utils._rebuild_device_tensor_from_numpy", "torch._utils._rebuild_device_tensor_from_cpu_tensor":
            return arguments.first.flatMap { tensor($0, depth: depth + 1) }
        case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.ma.core._mareconstruct":
            return numpyArray(call)
        case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer": return bufferArray(arguments)
        case "joblib.numpy_pickle.NDArrayWrapper", "sklearn.externals.joblib.numpy_pickle.NDArrayWrapper":
            // Before joblib 0.10 each array was a file of its own, which knows its type and shape.
            guard let file = call.states.last.flatMap({ program.value($0, "filename") }).flatMap({ program.text($0) }) else {
                return nil
            }
            return TensorEntry(
                name: "", dtype: ElementType(rawValue: "UNKNOWN"), shape: [],
                external: TensorEntry.ExternalRange(file: file, offset: 0, length: nil))
        case "joblib.numpy_pickle.NumpyArrayWrapper", "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper":
            return joblibArray(call)
        default: return nil
        }
    }

    private func shape(_ object: PickleReference) -> [Int]? {
        var object = object
        if let call = program.call(object), program.importedName(call.callable) == "torch.Size",
            let inner = program.members(call.arguments)?.first
        {
            object = inner
        }
        guard let members = program.members(object), members.count <= 64, !members.contains(where: { program.integer($0) == nil })
        else { return nil }
        let lengths = members.map { program.integer($0) }
        let shape = lengths.compactMap { $0 }
        return elementCount(shape) == nil ? nil : shape
    }

    private func torchType(_ object: PickleReference) -> ElementType? {
        guard let name = program.importedName(object), name.hasPrefix("torch.") else { return nil }
        return TorchType.types[String(name.dropFirst(6))]
    }

    /// The tuple that PyTorch's pickler names a storage with: `("storage", type, key, location, elements)`, and a sixth part for legacy views.
    func storage(_ object: PickleReference) -> Storage? {
        if let embedded = embeddedStorages[object] { return Storage(key: "bytes \(object.index)", dtype: embedded.dtype) }
        guard case .persistent(let name) = program[object], let parts = program.members(name), parts.count >= 5,
            program.text(parts[0]) == "storage", let key = key(program[parts[2]])
        else { return nil }
        let type = program.importedName(parts[1])?.split(separator: ".").last.map(String.init)
        var storage = Storage(key: key, dtype: type.flatMap { TorchType.storages[$0] }, elements: program.integer(parts[4]))
        if parts.count > 5, let view = program.members(parts[5]), view.count > 1 {
            storage.viewOffset = program.integer(view[1]) ?? 0
        }
        return storage
    }

    private func torchTensor(_ function: String, _ arguments: [PickleReference]) -> TensorEntry? {
        guard arguments.count >= 4, let storage = storage(arguments[0]), let offset = program.integer(arguments[1]), offset >= 0,
            let shape = shape(arguments[2]), let stridesList = program.members(arguments[3])
        else { return nil }
        let strides = stridesList.compactMap { program.integer($0) }
        // Version 3 tells the type apart from the storage, which is bytes.
        let stated = function.hasSuffix("_v3") && arguments.count > 6 ? torchType(arguments[6]) : nil
        guard let dtype = stated ?? storage.dtype, let count = elementCount(shape) else { return nil }
        var entry = TensorEntry(name: "", dtype: dtype, shape: shape, storage: storage.key)
        if !Self.isContiguous(shape, strides) { entry.strides = strides }
        guard let bits = dtype.bits, bits >= 8 else { return entry }
        let size = bits / 8
        guard let bytes = embeddedStorages[arguments[0]]?.range ?? storageBytes(storage.key),
            let length = dtype.byteCount(elements: count)
        else { return entry }
        let (start, tooFar) = (offset &+ storage.viewOffset).multipliedReportingOverflow(by: size)
        guard !tooFar, start >= 0, start <= bytes.count else { return entry }
        let first = bytes.lowerBound + start
        entry.range = first..<min(bytes.upperBound, first.addingReportingOverflow(length).overflow ? Int.max : first + length)
        return entry
    }

    static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
        guard shape.count == strides.count else { return false }
        if shape.contains(0) { return true }
        var expected = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            if stride != expected { return false }
            expected *= length
        }
        return true
    }

    /// Indices, values and size for the coordinate form; two index tensors, values and size for the compressed ones.
    private func sparseTensor(_ parts: [PickleReference], depth: Int) -> TensorEntry? {
        for (index, part) in parts.enumerated() where index > 0 {
            guard let shape = shape(part) else { continue }
            guard let values = tensor(parts[index - 1], depth: depth + 1) else { return nil }
            var entry = TensorEntry(name: "", dtype: values.dtype, shape: shape)
            entry.storedElements = values.elements
            return entry
        }
        return nil
    }

    // MARK: Arrays

    /// `ndarray` by `_reconstruct`, whose state is version, shape, type, order and bytes.
    private func numpyArray(_ call: PickleCall) -> TensorEntry? {
        guard let state = call.states.last.flatMap({ program.members($0) }), state.count >= 5, let shape = shape(state[1]),
            let type = numpyType(state[2])
        else { return nil }
        return array(type, shape, bytes: state[4])
    }

    /// Protocol 5: `_frombuffer(buffer, type, shape, order)`.
    private func bufferArray(_ arguments: [PickleReference]) -> TensorEntry? {
        guard arguments.count >= 3, let type = numpyType(arguments[1]), let shape = shape(arguments[2]) else { return nil }
        return array(type, shape, bytes: arguments[0])
    }

    /// An array whose bytes are an object of the pickle; where they lie in the file, if they are as many as they have to be.
    private func array(_ type: NumPyType, _ shape: [Int], bytes: PickleReference) -> TensorEntry {
        var entry = TensorEntry(name: "", dtype: type.element, shape: shape)
        switch program[bytes] {
        case .bytes(let range), .byteArray(let range):
            let wanted = (elementCount(shape) ?? 0).multipliedReportingOverflow(by: type.itemSize)
            if !range.isEmpty, !wanted.overflow, range.count == wanted.partialValue { entry.range = range }
        default: break
        }
        return entry
    }

    private func joblibArray(_ call: PickleCall) -> TensorEntry? {
        guard let state = call.states.last, let shape = program.value(state, "shape").flatMap({ self.shape($0) }),
            let type = program.value(state, "dtype").flatMap({ numpyType($0) })
        else { return nil }
        return TensorEntry(name: "", dtype: type.element, shape: shape, range: type.element == .object ? nil : call.attachedBytes)
    }

    /// `numpy.dtype("f4", False, True)`, whose state says the byte order and, for a structured type, its fields and size.
    func numpyType(_ object: PickleReference) -> NumPyType? {
        if let name = program.importedName(object) { return name.split(separator: ".").last.flatMap { NumPyType(String($0)) } }
        guard let call = program.call(object), let function = program.importedName(call.callable),
            let arguments = program.members(call.arguments)
        else { return nil }
        guard function == "numpy.dtype" else {
            // NumPy 1.25 and later: numpy.dtypes.Float32DType and so on.
            return nil
        }
        guard let first = arguments.first else { return nil }
        guard var type = program.text(first).map({ NumPyType($0) }) ?? numpyType(first) else { return nil }
        if let state = call.states.last.flatMap({ program.members($0) }), state.count > 1 {
            if program.text(state[1]) == ">" { type.isBigEndian = true }
            if type.element == .void || type.element == .structure, state.count > 5, let size = program.integer(state[5]),
                size > 0
            {
                type.itemSize = size
                // With fields, the third member names them.
                if program.members(state[3]) != nil { type.element = .structure }
            }
        }
        return type
    }
}
