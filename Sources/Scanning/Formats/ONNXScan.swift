import ModelFormats

/// ONNX models: where their weights are said to be, in every graph, function and attribute, and whose operators they need.
extension FileScanner {
    mutating func scanONNX(_ part: Part) throws {
        var walk = ONNXWalk(source: part.source, budget: budget)
        try walk.message(0..<part.source.size, .model, depth: 0)
        for location in walk.locations.sorted() where Self.leadsOut(location) {
            add(.onnxExternalPath, nil, "keeps weights in \(quoted(location)), outside of its folder", in: part)
        }
        let python = walk.operators.filter { ONNXWalk.isPython(domain: $0.domain, operation: $0.name) }
        if !python.isEmpty {
            add(
                .onnxCustomOperator, .high,
                "has operators that run Python: \(python.map { "\($0.domain).\($0.name)" }.sorted().joined(separator: ", "))",
                in: part)
        }
        let unknown = Set(walk.operators.map(\.domain)).subtracting(ONNXWalk.knownDomains).subtracting(walk.functionDomains)
        if !unknown.isEmpty {
            add(
                .onnxCustomOperator, nil,
                "needs operators of \(unknown.sorted().prefix(5).map { quoted($0) }.joined(separator: ", ")), which are native code of somebody's",
                in: part)
        }
    }
}

/// Walks the messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that can hold a tensor or a node.
struct ONNXWalk {
    enum Message { case model, graph, node, attribute, tensor, sparseTensor, function, training }

    struct Operator: Hashable {
        var domain: String
        var name: String
    }

    let source: any ByteSource
    let budget: ScanBudget
    private(set) var locations: Set<String> = []
    private(set) var operators: Set<Operator> = []
    /// Domains whose operators the model brings as functions made of known ones.
    private(set) var functionDomains: Set<String> = []
    private var messages = 0

    init(source: any ByteSource, budget: ScanBudget) {
        self.source = source
        self.budget = budget
    }

    static let knownDomains: Set<String> = [
        "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "ai.onnx.preview", "com.microsoft",
        "com.microsoft.nchwc", "com.microsoft.experimental",
        "com.ms.internal.nhwc", "com.microsoft.extensions", "ai.onnx.contrib", "org.pytorch.aten", "com.intel", "com.nvidia",
        "trt.plugins", "ai.graphcore", "com.qti.aisw",
    ]

    static func isPython(domain: String, operation: String) -> Bool {
        domain == "pyop" || ["PyOp", "PythonOp", "PyFunc"].contains(operation) || operation.hasPrefix("PyCustomOp")
            || operation.hasPrefix("PyOp_")
    }

    /// Which fields of a message hold which messages.
    private static func inner(_ message: Message) -> [Int: Message] {
        switch message {
        case .model: [7: .graph, 20: .training, 25: .function]
        case .graph: [1: .node, 5: .tensor, 15: .sparseTensor]
        case .node: [5: .attribute]
        case .attribute: [5: .tensor, 6: .graph, 10: .tensor, 11: .graph, 22: .sparseTensor, 23: .sparseTensor]
        case .tensor: [:]
        case .sparseTensor: [1: .tensor, 2: .tensor]
        case .function: [7: .node, 11: .attribute]
        case .training: [1: .graph, 2: .graph]
        }
    }

    mutating func message(_ range: Range<Int>, _ kind: Message, depth: Int) throws {
        messages += 1
        if messages % 1024 == 0 { try budget.checkTime() }
        guard depth < 128 else { throw FormatError(range.lowerBound, "graphs are in each other more than 128 deep") }
        let inner = Self.inner(kind)
        var operation = Operator(domain: "", name: "")
        for field in try ProtobufWalk.fields(source, range) {
            guard let bytes = field.bytes else { continue }
            if let kind = inner[field.number] {
                try message(bytes, kind, depth: depth + 1)
            } else if kind == .tensor, field.number == 13 {
                try external(bytes)
            } else if kind == .node, field.number == 4 || field.number == 7, bytes.count < 1000 {
                let text = String(decoding: try source.bytes(bytes), as: UTF8.self)
                if field.number == 4 { operation.name = text } else { operation.domain = text }
            } else if kind == .function, field.number == 10, bytes.count < 1000 {
                functionDomains.insert(String(decoding: try source.bytes(bytes), as: UTF8.self))
            }
        }
        if kind == .node, operators.count < 10_000 { operators.insert(operation) }
    }

    /// An entry of `external_data`: a key and a value.
    private mutating func external(_ range: Range<Int>) throws {
        var texts: [Int: String] = [:]
        for field in try ProtobufWalk.fields(source, range) {
            if let bytes = field.bytes, bytes.count < 65536 {
                texts[field.number] = String(decoding: try source.bytes(bytes), as: UTF8.self)
            }
        }
        if texts[1] == "location", let location = texts[2], locations.count < 10_000 { locations.insert(location) }
    }
}
