import ModelFormats

/// Formats that hold numbers and names and can run nothing by themselves: what is broken in them is told, and where they point.
extension FileScanner {
    mutating func scanPlainModel(_ part: Part) throws {
        guard let contents = try ModelFile.read(part.source, name: part.name, limits: limits.reading) else {
            judgeUnknown(part)
            return
        }
        noteProblems(contents, part)
        coverTensors(contents, part)
    }

    /// What a reader of the format found wrong.
    mutating func noteProblems(_ contents: ModelContents, _ part: Part) {
        for problem in contents.problems where !problem.problem.hasPrefix("the name says") {
            fail("\(contents.format.rawValue): \(problem)", in: part)
        }
    }

    mutating func coverTensors(_ contents: ModelContents, _ part: Part) {
        let numbers = min(
            part.source.size,
            contents.tensors.reduce(0) { sum, tensor in
                let (total, isOver) = sum.addingReportingOverflow(tensor.range?.count ?? 0)
                return isOver ? Int.max : total
            })
        cover(.skipped, numbers, "tensors' numbers", in: part)
        cover(.parsed, part.source.size - numbers, contents.format.rawValue, in: part)
    }

    mutating func scanGGUF(_ part: Part) throws {
        guard let contents = try ModelFile.read(part.source, name: part.name, limits: limits.reading) else { return }
        noteProblems(contents, part)
        coverTensors(contents, part)
        for member in contents.metadata where member.key.hasPrefix("tokenizer.chat_template") {
            let templates = member.value.text.map { [$0] } ?? member.value.list?.compactMap(\.text) ?? []
            for template in templates { judgeTemplate(template, member.key, part) }
        }
    }

    mutating func scanProtobuf(_ part: Part) throws {
        let last = Names.last(of: part.name).lowercased()
        if last == "keras_metadata.pb" { return try scanKerasMetadata(part) }
        guard let contents = try ModelFile.read(part.source, name: part.name, limits: limits.reading) else {
            judgeUnknown(part)
            return
        }
        noteProblems(contents, part)
        coverTensors(contents, part)
        switch contents.format {
        case .onnx: try scanONNX(part)
        case .savedmodel, .graphdef: try scanGraph(part, isSavedModel: contents.format == .savedmodel)
        default: break
        }
    }

    /// Whether a relative name, taken below a folder, ends outside of it; for any kind of machine.
    static func leadsOut(_ path: String) -> Bool {
        if path.hasPrefix("/") || path.hasPrefix("\\") || path.dropFirst().hasPrefix(":") || path.contains("://")
            || path.hasPrefix("~")
        {
            return true
        }
        var depth = 0
        for step in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where step != "." {
            depth += step == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }

    mutating func scanHDF5(_ part: Part) throws {
        guard let contents = try ModelFile.read(part.source, name: part.name, limits: limits.reading) else { return }
        noteProblems(contents, part)
        coverTensors(contents, part)
        for entry in contents.header where entry.key.hasPrefix("external link") {
            add(.hdf5External, nil, "links to another file: \(quoted(entry.value.text ?? ""))", in: part)
        }
        for tensor in contents.tensors {
            if let external = tensor.external {
                add(
                    .hdf5External, nil, "keeps the dataset \(quoted(tensor.name)) in another file: \(quoted(external.file))",
                    in: part)
            }
        }
        func texts(_ value: MetadataValue, _ depth: Int) -> [String] {
            switch value {
            case .text(let text): [text]
            case .map(let members) where depth < 4: members.flatMap { texts($0.value, depth + 1) }
            case .list(let items) where depth < 4: items.prefix(1000).flatMap { texts($0, depth + 1) }
            default: []
            }
        }
        for member in contents.metadata {
            // A long configuration is kept in several attributes, or in a list of pieces.
            for text in texts(member.value, 0) where text.utf8.first == UInt8(ascii: "{") {
                judgeKerasText(text, member.key, part)
            }
        }
    }
}
