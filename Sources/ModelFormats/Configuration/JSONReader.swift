import Documents

/// Reads configurations: JSON files that say what a model is, or how its tokenizer works.
enum JSONReader {
    /// Files of this size and below are told whole; of larger ones only what is no container.
    private static let wholeSize = 256 << 10

    static func document(_ source: any ByteSource, limits: ReadLimits) throws -> JSONDocument {
        guard source.size <= limits.unpacked else {
            throw FormatError(0, "the file has \(source.size) bytes, more than the \(limits.unpacked) that are read")
        }
        let bytes = try source.bytes(0..<source.size)
        let bounds = JSONLimits(size: limits.unpacked, depth: 256, values: 20_000_000)
        do throws(JSONError) {
            return try JSONDocument(bytes, limits: bounds)
        } catch {
            let first = error
            guard let plain = withoutPythonNumbers(bytes) else {
                throw FormatError(first.offset, "this is not JSON: \(first.problem)")
            }
            do throws(JSONError) {
                return try JSONDocument(plain, limits: bounds)
            } catch {
                throw FormatError(first.offset, "this is not JSON: \(first.problem)")
            }
        }
    }

    /// Python writes `NaN` and `Infinity`, which JSON lacks: as `null` and as numbers past all measure. Nil where there are none.
    private static func withoutPythonNumbers(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let words: [([UInt8], [UInt8])] = [
            (Array("NaN".utf8), Array("null".utf8)), (Array("Infinity".utf8), Array("1e999999".utf8)),
        ]
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var found = false
        var isInText = false
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if isInText, byte == 0x5c, index + 1 < bytes.endIndex {
                plain += [byte, bytes[index + 1]]
                index += 2
                continue
            }
            if byte == 0x22 { isInText.toggle() }
            if !isInText, byte == 0x4e || byte == 0x49,
                let (word, value) = words.first(where: { bytes[index...].starts(with: $0.0) })
            {
                plain += value
                index += word.count
                found = true
                continue
            }
            plain.append(byte)
            index += 1
        }
        return found ? plain : nil
    }

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.json)
        let root = try document(source, limits: limits).root
        guard root.kind == .object else {
            contents.header.append(MetadataMember("kind", root.kind.rawValue))
            return contents
        }
        if let model = root["model"], model.kind == .object, model["vocab"] != nil || root["added_tokens"] != nil {
            contents.metadata = tokenizer(root, model)
        } else if source.size <= wholeSize || root["weight_map"] != nil {
            contents.metadata = MetadataValue(root).members ?? []
        } else {
            contents.metadata = root.members.compactMap { member in
                switch member.value.kind {
                case .array, .object: nil
                default: MetadataMember(member.key, MetadataValue(member.value))
                }
            }
        }
        var names = Set<ExactText>()
        for (key, value) in root.members where !names.insert(ExactText(key)).inserted {
            contents.problems.append(FormatError(value.offset, "the name \(quoted(key)) is there twice"))
        }
        return contents
    }

    /// What a `tokenizer.json` is: its model and sizes, not its words.
    private static func tokenizer(_ root: JSONValue, _ model: JSONValue) -> [MetadataMember] {
        var members: [MetadataMember] = []
        if let version = root["version"]?.string { members.append(MetadataMember("version", version)) }
        if let type = model["type"]?.string { members.append(MetadataMember("tokenizer_model", type)) }
        if let vocabulary = model["vocab"] {
            let count =
                vocabulary.kind == .object
                ? vocabulary.members.reduce(0) { count, _ in count + 1 } : vocabulary.elements.reduce(0) { count, _ in count + 1 }
            members.append(MetadataMember("vocab_size", count))
        }
        if let merges = model["merges"], merges.kind == .array {
            members.append(MetadataMember("merges", merges.elements.reduce(0) { count, _ in count + 1 }))
        }
        if let added = root["added_tokens"], added.kind == .array {
            members.append(MetadataMember("added_tokens", added.elements.reduce(0) { count, _ in count + 1 }))
        }
        for part in ["normalizer", "pre_tokenizer", "post_processor", "decoder"] {
            let found = root.members.first { $0.key == part }?.value["type"]?.string
            if let found { members.append(MetadataMember(part, found)) }
        }
        return members
    }
}
