/// Reads OpenVINO's intermediate representation: the graph in an XML file, whose constants lie in a `.bin` file of the same name.
enum OpenVINOReader {
    private static let types: [String: ElementType] = [
        "f64": .f64, "f32": .f32, "f16": .f16, "bf16": .bf16, "f8e4m3": .f8e4m3, "f8e5m2": .f8e5m2, "f8e8m0": .f8e8m0,
        "i64": .i64, "i32": .i32, "i16": .i16,
        "i8": .i8, "i4": ElementType(rawValue: "I4"), "u64": .u64, "u32": .u32, "u16": .u16, "u8": .u8,
        "u4": ElementType(rawValue: "U4"),
        "u2": ElementType(rawValue: "U2"), "u1": ElementType(rawValue: "U1"), "boolean": .bool, "string": .string,
        "nf4": ElementType(rawValue: "NF4"), "f4e2m1": ElementType(rawValue: "F4"),
    ]

    static func read(_ source: any ByteSource, name: String, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.openvino)
        let last = Names.last(of: name)
        let weights = (last.hasSuffix(".xml") ? String(last.dropLast(4)) : last) + ".bin"
        var tags = XMLTags(source)
        var operators: [String: Int] = [:]
        var inputs: [MetadataValue] = []
        var outputs: [MetadataValue] = []
        var layer: XMLTag?
        var hasNet = false
        var isClosed = false
        var information: [InformationNode] = []
        do {
            while let tag = try tags.next() {
                if !information.isEmpty || tag.name == "rt_info" && layer == nil {
                    try note(tag, &information, &contents)
                    continue
                }
                if tag.kind == .closing {
                    if tag.name == "net" { isClosed = true }
                    if tag.name == "layers" { layer = nil }
                    continue
                }
                switch tag.name {
                case "net":
                    hasNet = true
                    for key in ["name", "version"] {
                        if let value = tag.attributes[key] {
                            contents.header.append(MetadataMember(key, Int64(value).map { .integer($0) } ?? .text(value)))
                        }
                    }
                case "layer":
                    layer = tag
                    let type = tag.attributes["type"] ?? ""
                    operators[type, default: 0] += 1
                    if type == "Parameter" { inputs.append(.text(tag.attributes["name"] ?? "")) }
                    if type == "Result" { outputs.append(.text(tag.attributes["name"] ?? "")) }
                case "data":
                    guard let layer, layer.attributes["type"] == "Const" else { continue }
                    guard contents.tensors.count < limits.tensors else {
                        throw FormatError(tag.offset, "the graph has more than \(limits.tensors) constants")
                    }
                    contents.tensors.append(try constant(layer.attributes["name"] ?? "", tag, weights))
                default: break
                }
            }
        } catch let error as FormatError {
            contents.problems.append(error)
        }
        if !hasNet { throw FormatError(0, "the text has no <net>") }
        if !isClosed, contents.problems.isEmpty {
            contents.problems.append(FormatError(source.size, "the text ends before </net>"))
        }
        contents.header.append(MetadataMember("inputs", .list(inputs)))
        contents.header.append(MetadataMember("outputs", .list(outputs)))
        contents.header.append(MetadataMember("operators", .counts(operators)))
        return contents
    }

    /// An element of `rt_info`, what the conversion says of itself: a value, or elements.
    private struct InformationNode {
        var name: String
        var members: [MetadataMember] = []
    }

    private static func note(_ tag: XMLTag, _ open: inout [InformationNode], _ contents: inout ModelContents) throws {
        switch tag.kind {
        case .opening:
            guard open.count < 64 else { throw FormatError(tag.offset, "elements are in each other more than 64 deep") }
            open.append(InformationNode(name: tag.name))
            if let value = tag.attributes["value"] { open[open.count - 1].members = [MetadataMember("value", value)] }
        case .empty:
            guard !open.isEmpty else { return }
            open[open.count - 1].members.append(MetadataMember(tag.attributes["name"] ?? tag.name, tag.attributes["value"] ?? ""))
        case .closing:
            guard let closed = open.popLast() else { return }
            if open.isEmpty {
                contents.metadata += closed.members
            } else {
                open[open.count - 1].members.append(MetadataMember(closed.name, .map(closed.members)))
            }
        }
    }

    private static func constant(_ name: String, _ tag: XMLTag, _ weights: String) throws -> TensorEntry {
        let text = tag.attributes["shape"] ?? ""
        let shape = try text.split(separator: ",").map { part in
            guard let length = Int(part.filter { $0 != " " }), length >= 0 else {
                throw FormatError(tag.offset, "the constant \(quoted(name)) has the shape \(quoted(text))")
            }
            return length
        }
        guard elementCount(shape) != nil else {
            throw FormatError(tag.offset, "the constant \(quoted(name)) has more elements than can be counted")
        }
        guard let offset = tag.attributes["offset"].flatMap({ Int($0) }), let size = tag.attributes["size"].flatMap({ Int($0) }),
            offset >= 0, size >= 0
        else { throw FormatError(tag.offset, "the constant \(quoted(name)) does not say where its bytes are") }
        let type = tag.attributes["element_type"] ?? ""
        return TensorEntry(
            name: name, dtype: types[type] ?? ElementType(rawValue: type), shape: shape,
            external: TensorEntry.ExternalRange(file: weights, offset: offset, length: size))
    }
}
