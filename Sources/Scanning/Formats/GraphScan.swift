import ModelFormats

/// TensorFlow graphs: operators that read, write or call Python, in the nodes, in the functions' library, and in graphs that stand serialised in constants.
extension FileScanner {
    mutating func scanGraph(_ part: Part, isSavedModel: Bool) throws {
        var walk = GraphWalk(source: part.source, budget: budget)
        if isSavedModel {
            for meta in try ProtobufWalk.fields(part.source, 0..<part.source.size) where meta.number == 2 {
                guard let range = meta.bytes else { continue }
                for field in try ProtobufWalk.fields(part.source, range) where field.number == 2 {
                    if let graph = field.bytes { try walk.graph(graph, depth: 0) }
                }
            }
        } else {
            try walk.graph(0..<part.source.size, depth: 0)
        }
        for found in walk.found {
            add(
                .tensorflowOperator, found.severity,
                "has the operator \(found.operation)\(found.place), which \(found.effect)"
                    + (found.count > 1 ? " (\(found.count) times)" : ""), at: found.offset,
                snippet: found.texts.isEmpty ? nil : found.texts.joined(separator: ", "), in: part)
        }
    }
}

/// Walks `GraphDef`s (tensorflow/core/framework/graph.proto).
struct GraphWalk {
    struct Found {
        var operation: String
        var effect: String
        var severity: Severity
        var offset: Int
        var place: String
        var count = 1
        var texts: [String] = []
    }

    let source: any ByteSource
    let budget: ScanBudget
    private(set) var found: [Found] = []
    private var nodes = 0
    /// By name, the texts of the constants of the graph that is walked.
    private var constantTexts: [String: String] = [:]
    private var saves: [(operation: String, input: String, offset: Int, place: String)] = []

    init(source: any ByteSource, budget: ScanBudget) {
        self.source = source
        self.budget = budget
    }

    /// What an operator does to files, processes and the network; a restore and its like are in every saved model.
    private static let effects: [String: (String, Severity)] = [
        "ReadFile": ("reads any file", .high), "WriteFile": ("writes any file", .critical),
        "MatchingFiles": ("lists files", .high),
        "PyFunc": ("calls Python", .high), "PyFuncStateless": ("calls Python", .high), "EagerPyFunc": ("calls Python", .high),
        "WholeFileReader": ("reads files", .high),
        "WholeFileReaderV2": ("reads files", .high), "TextLineReader": ("reads files", .high),
        "TextLineReaderV2": ("reads files", .high), "TextLineDataset": ("reads files", .high),
        "FixedLengthRecordReader": ("reads files", .high), "FixedLengthRecordReaderV2": ("reads files", .high),
        "FixedLengthRecordDataset": ("reads files", .high),
        "FixedLengthRecordDatasetV2": ("reads files", .high), "TFRecordDataset": ("reads files", .high),
        "TFRecordDatasetV2": ("reads files", .high), "TFRecordReader": ("reads files", .high),
        "TFRecordReaderV2": ("reads files", .high), "SqlDataset": ("reads databases", .high),
        "CSVDataset": ("reads files", .high), "CSVDatasetV2": ("reads files", .high),
        "ImmutableConst": ("maps a file into memory", .high), "SaveDataset": ("writes files", .critical),
        "SaveDatasetV2": ("writes files", .critical), "LoadDataset": ("reads files", .high),
        "DatasetToTFRecord": ("writes files", .critical), "ExperimentalDatasetToTFRecord": ("writes files", .critical),
        "CreateSummaryFileWriter": ("writes files", .high),
        "CreateSummaryDbWriter": ("writes a database", .high), "CacheDataset": ("writes files", .medium),
        "CacheDatasetV2": ("writes files", .medium), "SnapshotDataset": ("writes files", .high),
        "SnapshotDatasetV2": ("writes files", .high), "RpcCall": ("opens connections", .high),
        "RpcServer": ("opens connections", .high), "TryRpc": ("opens connections", .high),
        "Rpc": ("opens connections", .high), "ExperimentalLMDBDataset": ("reads files", .high),
        "LMDBDataset": ("reads files", .high), "LMDBReader": ("reads files", .high),
        "DataServiceDataset": ("opens connections", .high), "RegisterDataset": ("opens connections", .high),
        "DebugIdentity": ("writes debug output", .medium),
        "DebugIdentityV2": ("writes debug output", .medium), "DebugIdentityV3": ("writes debug output", .medium),
        "LoadAndRemapMatrix": ("reads files", .medium),
        "FileSystemSetConfiguration": ("changes how files are read", .high), "ShellExecute": ("starts programs", .critical),
        "GetFileSize": ("looks at files", .medium),
        "ReaderRead": ("reads files", .medium), "DatasetFromGraph": ("runs a graph that is given as bytes", .medium),
    ]

    mutating func graph(_ range: Range<Int>, depth: Int) throws {
        guard depth < 8 else { return }
        let outer = (constantTexts, saves)
        constantTexts = [:]
        saves = []
        defer { (constantTexts, saves) = outer }
        for field in try ProtobufWalk.fields(source, range) {
            guard let bytes = field.bytes else { continue }
            if field.number == 1 { try node(bytes, depth: depth, place: depth == 0 ? "" : " in a graph that a constant holds") }
            if field.number == 2 {
                for function in try ProtobufWalk.fields(source, bytes) where function.number == 1 {
                    guard let body = function.bytes else { continue }
                    for part in try ProtobufWalk.fields(source, body) where part.number == 3 {
                        if let inner = part.bytes { try node(inner, depth: depth, place: " in a function") }
                    }
                }
            }
        }
        judgeSaves()
    }

    /// Every saved model saves and restores, under a name that its caller gives. One that a constant gives is the file's own choice.
    private mutating func judgeSaves() {
        for save in saves {
            let name = save.input.prefix { $0 != ":" }.drop { $0 == "^" }
            guard let path = constantTexts[String(name)], FileScanner.leadsOut(path) else { continue }
            let isWrite = save.operation.contains("Save") || save.operation.contains("Merge")
            tell(
                save.operation, (isWrite ? "writes a file that the graph names" : "reads a file that the graph names", .high),
                save.offset, save.place, [path])
        }
    }

    private static let saveOperations: Set<String> = [
        "Save", "SaveV2", "SaveSlices", "MergeV2Checkpoints", "Restore", "RestoreV2", "RestoreSlice",
        "InitializeTableFromTextFile", "InitializeTableFromTextFileV2",
    ]

    private mutating func node(_ range: Range<Int>, depth: Int, place: String) throws {
        nodes += 1
        if nodes % 1024 == 0 { try budget.checkTime() }
        var operation = ""
        var name = ""
        var inputs: [String] = []
        var attributes: [Range<Int>] = []
        for field in try ProtobufWalk.fields(source, range) {
            guard let bytes = field.bytes else { continue }
            if field.number == 2, bytes.count < 1000 { operation = String(decoding: try source.bytes(bytes), as: UTF8.self) }
            if field.number == 1, bytes.count < 1000 { name = String(decoding: try source.bytes(bytes), as: UTF8.self) }
            if field.number == 3, bytes.count < 1000, inputs.count < 2 {
                inputs.append(String(decoding: try source.bytes(bytes), as: UTF8.self))
            }
            if field.number == 5 { attributes.append(bytes) }
        }
        if operation == "Const" {
            for attribute in attributes { try constants(attribute, named: name, depth: depth) }
            return
        }
        if Self.saveOperations.contains(operation), let first = inputs.first {
            let table = operation.hasPrefix("InitializeTable") && inputs.count > 1 ? inputs[1] : first
            saves.append((operation, table, range.lowerBound, place))
        }
        if operation == "PrintV2", let target = try texts(attributes).first(where: { $0.hasPrefix("file://") }) {
            tell("PrintV2", ("writes to \(target)", .high), range.lowerBound, place, [target])
        }
        guard let effect = Self.effects[operation] else { return }
        tell(operation, effect, range.lowerBound, place, try texts(attributes))
    }

    private mutating func tell(
        _ operation: String, _ effect: (String, Severity), _ offset: Int, _ place: String, _ texts: [String]
    ) {
        if let known = found.firstIndex(where: { $0.operation == operation && $0.place == place }) {
            found[known].count += 1
        } else {
            found.append(
                Found(
                    operation: operation, effect: effect.0, severity: effect.1, offset: offset, place: place,
                    texts: Array(texts.prefix(4))))
        }
    }

    /// The texts among a node's attributes: `AttrValue.s`.
    private func texts(_ attributes: [Range<Int>]) throws -> [String] {
        var texts: [String] = []
        for attribute in attributes.prefix(64) {
            for field in try ProtobufWalk.fields(source, attribute) where field.number == 2 {
                guard let value = field.bytes else { continue }
                for part in try ProtobufWalk.fields(source, value) where part.number == 2 {
                    if let bytes = part.bytes, bytes.count < 400 {
                        texts.append(Printing.plain(String(decoding: try source.bytes(bytes), as: UTF8.self)))
                    }
                }
            }
        }
        return texts
    }

    /// `TensorProto.string_val` of a constant may hold a whole graph.
    private mutating func constants(_ attribute: Range<Int>, named name: String, depth: Int) throws {
        for field in try ProtobufWalk.fields(source, attribute) where field.number == 2 {
            guard let value = field.bytes else { continue }
            for tensor in try ProtobufWalk.fields(source, value) where tensor.number == 8 {
                guard let body = tensor.bytes else { continue }
                for text in try ProtobufWalk.fields(source, body) where text.number == 8 {
                    if let bytes = text.bytes, bytes.count < 4096, constantTexts[name] == nil {
                        constantTexts[name] = String(decoding: try source.bytes(bytes), as: UTF8.self)
                    }
                    if let bytes = text.bytes, bytes.count >= 16, try isGraph(bytes) { try graph(bytes, depth: depth + 1) }
                }
            }
        }
    }

    private func isGraph(_ range: Range<Int>) throws -> Bool {
        do {
            let fields = try ProtobufWalk.fields(source, range)
            guard let first = fields.first(where: { $0.number == 1 }), let node = first.bytes,
                fields.allSatisfy({ (1...5).contains($0.number) })
            else { return false }
            return try ProtobufWalk.fields(source, node).contains { $0.number == 2 && $0.bytes != nil }
        } catch is FormatError {
            return false
        }
    }
}
