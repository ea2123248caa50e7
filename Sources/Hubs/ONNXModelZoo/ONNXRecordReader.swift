import Documents
public import ModelPackage

/// Reads a record that ``ONNXModelZoo`` made of one model file.
public struct ONNXRecordReader: RecordReader {
    public init() {}

    public func package(from record: RawRecord) throws(RecordError) -> Package {
        let root = try JSONDocument.record(record)
        let unnamed = RecordFields(root, name: nil)
        guard let path = try unnamed.string("path") else { throw RecordError(name: nil, reason: "has no 'path'") }
        let name = path.lowercased().hasSuffix(".onnx") ? String(path.dropLast(5)) : path
        let fields = RecordFields(root, name: name)
        var package = Package(id: try PackageID.checked(hub: .onnx, name: name))
        let fromPath = Evidence("path", .derived)
        package.owner = Sourced("onnx", fromPath)
        package.url = Sourced("\(ONNXModelZoo.address)/blob/main/\(path)", fromPath)
        package.ownerURL = Sourced("https://github.com/onnx", fromPath)
        package.library = Sourced("onnx", fromPath)
        package.facts.append(Fact("repository", json: "\"\(ONNXModelZoo.address)\"", fromPath))
        if let commit = try fields.object("commit") {
            package.revision = commit["id"]?.statedText.flatMap { GitObjectID($0) }.map { Sourced($0, Evidence("commit.id")) }
            package.modifiedAt = commit["date"]?.statedText.flatMap { Instant(iso8601: $0) }.map {
                Sourced($0, Evidence("commit.date"))
            }
        }
        try readFiles(path, fields, into: &package)
        try readManifest(fields, into: &package)
        try readClass(fields, into: &package)
        try readReadMe(path, fields, into: &package)
        try readStatistics(fields, into: &package)
        readPath(path, into: &package)
        if package.licenses.isEmpty, let text = try fields.string("repository_license"),
            let id = LicenseText.identifier(forText: text)
        {
            package.licenses = [Sourced(License(id: id, link: "LICENSE"), Evidence(file: "LICENSE", line: 1, .derived))]
        }
        if let siblings = root.present("siblings"), siblings.source.count > 2 {
            package.facts.append(Fact("siblings", json: siblings.text, Evidence("siblings")))
        }
        return package
    }

    private func readFiles(_ path: String, _ fields: RecordFields, into package: inout Package) throws(RecordError) {
        package.files.append(try file(path, fields))
        if let archive = try fields.object("archive") {
            let entry = RecordFields(archive, name: fields.name, prefix: "archive.")
            if let path = try entry.string("path") { package.files.append(try file(path, entry)) }
        }
        for key in ["readme", "license", "stats"] as [StaticString] {
            if let text = fields.object.present(key), let path = text["path"]?.statedText {
                package.files.append(
                    PackageFile(path: path, size: text["text"]?.string.map { Int64($0.utf8.count) }, isLFS: false))
            }
        }
    }

    private func file(_ path: String, _ fields: RecordFields) throws(RecordError) -> PackageFile {
        var file = PackageFile(path: path)
        file.gitObjectID = try fields.string("git_oid").flatMap { GitObjectID($0) }
        if let text = try fields.string("pointer"), let pointer = LFSPointer(text) {
            file.isLFS = true
            file.size = pointer.size
            file.sha256 = pointer.sha256
        } else if let manifest = try fields.object("manifest")?["metadata"] {
            file.size = manifest["model_bytes"]?.int64
            file.sha256 = manifest["model_sha"]?.statedText.flatMap { SHA256Hash($0) }
        } else {
            file.size = try fields.integer("size")
        }
        return file
    }

    private func readManifest(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let manifest = try fields.object("manifest") else { return }
        let entry = RecordFields(manifest, name: fields.name, prefix: "manifest.")
        package.title = try entry.sourced("model")
        if let tags = manifest["metadata"]?["tags"] {
            let evidence = Evidence("manifest.metadata.tags")
            package.tags = tags.elements.compactMap { $0.statedText }.map { Sourced($0, evidence) }
            if package.tags.count >= 2 {
                package.task = Sourced(package.tags[1].value, Evidence("manifest.metadata.tags", .derived))
                package.architecture = package.tags.last.map { Sourced($0.value, Evidence("manifest.metadata.tags", .derived)) }
            }
        }
        package.addFact("onnx_version", manifest["onnx_version"], "manifest.onnx_version")
        package.addFact("opset_version", manifest["opset_version"], "manifest.opset_version")
        package.addFact("io_ports", manifest["metadata"]?["io_ports"], "manifest.metadata.io_ports")
        package.addFact("extra_ports", manifest["metadata"]?["extra_ports"], "manifest.metadata.extra_ports")
    }

    /// The model class's row in the top read-me.
    private func readClass(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let object = try fields.object("class") else { return }
        let row = RecordFields(object, name: fields.name, prefix: "class.")
        let line = Int(try row.integer("line") ?? 0)
        let evidence = Evidence(file: "README.md", line: line)
        if let section = try row.string("section") { package.task = Sourced(section, evidence) }
        if let name = try row.string("name") {
            package.architecture = Sourced(name, evidence)
            package.facts.append(Fact("model_class", json: JSONText.string(name), evidence))
        }
        if let description = try row.string("description") { package.summary = Sourced(description, evidence) }
        if let paper = try row.string("paper").flatMap({ Paper(url: $0) }), paper.kind != .url || paper.id.hasSuffix(".pdf") {
            package.papers.append(Sourced(paper, evidence))
        }
        if let space = try row.string("space") { package.facts.append(Fact("space", json: JSONText.string(space), evidence)) }
    }

    private func readReadMe(_ path: String, _ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let object = try fields.object("readme"), let readme = object["path"]?.statedText,
            let text = object["text"]?.statedText
        else {
            return
        }
        let document = MarkdownDocument(text)
        readTables(document, readme: readme, path: path, into: &package)
        for link in document.links {
            guard let paper = Paper(url: link.url), paper.kind != .url else { continue }
            add(paper, Evidence(file: readme, line: link.line, .found), to: &package)
        }
        readDatasets(document, readme: readme, into: &package)
        readLicense(document, text, readme: readme, fields, into: &package)
        if package.summary == nil, let section = document.section({ $0.lowercased() == "description" }),
            let first = section.paragraphs.first
        {
            package.summary = Sourced(
                String(first.text.replacing("\n", with: " ").prefix(400)), Evidence(file: readme, line: first.line))
        }
    }

    /// The row that links to the model file: its name, versions, and whatever it claims to reach.
    private func readTables(_ document: MarkdownDocument, readme: String, path: String, into package: inout Package) {
        let folder = readme.dropLast("README.md".count)
        for table in document.tables {
            for row in table.rows where row.cells.contains(where: { $0.links.contains { folder + $0.url == path } }) {
                let evidence = Evidence(file: readme, line: row.line)
                for (header, cell) in zip(table.header, row.cells) where !cell.text.isEmpty && cell.text != "N/A" {
                    let column = header.lowercased()
                    if column == "model" {
                        if package.title == nil { package.title = Sourced(cell.text, evidence) }
                    } else if column.contains("onnx version") {
                        addFact("onnx_version", text: cell.text, evidence, to: &package)
                    } else if column.contains("opset") {
                        addFact("opset_version", text: cell.text, evidence, to: &package)
                    } else if !column.contains("download") {
                        package.evaluations.append(
                            Sourced(
                                Evaluation(task: package.task?.value, dataset: nil, metric: header, value: cell.text), evidence))
                    }
                }
            }
        }
    }

    private func readDatasets(_ document: MarkdownDocument, readme: String, into package: inout Package) {
        guard let section = document.section({ $0.lowercased().contains("dataset") }) else { return }
        for paragraph in section.paragraphs {
            for link in paragraph.links where link.url.hasPrefix("http") && !link.text.isEmpty {
                add(
                    DatasetReference(name: link.text, url: link.url), Evidence(file: readme, line: link.line, .found),
                    to: &package)
            }
            guard package.datasets.isEmpty else { continue }
            for name in DatasetMentions.find(in: paragraph.text) {
                add(DatasetReference(name: name), Evidence(file: readme, line: paragraph.line, .found), to: &package)
            }
        }
    }

    /// The licence that the read-me's section names; where it only points to a file, that file's text.
    private func readLicense(
        _ document: MarkdownDocument, _ text: String, readme: String, _ fields: RecordFields, into package: inout Package
    ) {
        if let section = document.section({ $0.lowercased().hasPrefix("license") }), let paragraph = section.paragraphs.first {
            let evidence = Evidence(file: readme, line: paragraph.line, .derived)
            if let id = LicenseText.identifier(forName: paragraph.text) {
                let link = paragraph.links.first.map(\.url)
                package.licenses = [Sourced(License(id: id, name: paragraph.text, link: link), evidence)]
                return
            }
        }
        if let license = fields.object["license"], let body = license["text"]?.statedText, let path = license["path"]?.statedText,
            let id = LicenseText.identifier(forText: body)
        {
            package.licenses = [Sourced(License(id: id, link: path), Evidence(file: path, line: 1, .derived))]
        }
    }

    /// The build statistics of the models that TurnkeyML exported.
    private func readStatistics(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let object = try fields.object("stats"), let path = object["path"]?.statedText,
            let text = object["text"]?.statedText
        else {
            return
        }
        let stats: YAMLValue?
        do throws(YAMLError) {
            stats = try YAMLValue.parse(text)
        } catch {
            throw RecordError(name: fields.name, reason: "\(path): \(error)")
        }
        guard let stats else { return }
        func evidence(_ value: YAMLValue) -> Evidence { Evidence(file: path, line: value.line) }
        if let type = stats["class"], let text = type.text { package.architecture = Sourced(text, evidence(type)) }
        if let name = stats["model_name"], let text = name.text, package.title == nil {
            package.title = Sourced(text, evidence(name))
        }
        if let task = stats["task"], let text = task.text, package.task == nil { package.task = Sourced(text, evidence(task)) }
        if let count = stats["parameters"], let number = count.text.flatMap({ Int64($0) }) {
            package.parameters = [Sourced(ParameterCount(dataType: "total", count: number), evidence(count))]
        }
        if let author = stats["author"], let text = author.text {
            addFact("origin", text: text, evidence(author), to: &package)
            package.tags.append(Sourced(text, evidence(author)))
        }
        if let opset = stats["onnx_model_information"]?["opset"], let text = opset.text {
            addFact("opset_version", text: text, evidence(opset), to: &package)
        }
        if let hash = stats["hash"], let text = hash.text { addFact("build_hash", text: text, evidence(hash), to: &package) }
        if let script = stats["builtin_model_script"], let text = script.text {
            addFact("script", text: text, evidence(script), to: &package)
        }
    }

    /// What the path itself says, where nothing better does: `Computer_Vision/alexnet_Opset16_torch_hub/alexnet_Opset16.onnx`.
    private func readPath(_ path: String, into package: inout Package) {
        let evidence = Evidence("path", .derived)
        let parts = path.split(separator: "/").map(String.init)
        let last = parts.last ?? ""
        let stem = last.lowercased().hasSuffix(".onnx") && last.count > 5 ? String(last.dropLast(5)) : last
        if package.task == nil, let top = parts.first {
            package.task = Sourced(top == "validated" && parts.count > 2 ? parts[2] : top, evidence)
        }
        if let match = stem.firstMatch(of: /^(.+)_Opset([0-9]+)$/) {
            if package.title == nil { package.title = Sourced(String(match.1), evidence) }
            if package.architecture == nil { package.architecture = Sourced(String(match.1), evidence) }
            addFact("opset_version", text: String(match.2), evidence, to: &package)
            let marker = "\(stem)_"
            if parts.count >= 2, parts[parts.count - 2].hasPrefix(marker) {
                let origin = String(parts[parts.count - 2].dropFirst(marker.count))
                if !package.facts.contains(where: { $0.name == "origin" }) {
                    addFact("origin", text: origin, evidence, to: &package)
                    package.tags.append(Sourced(origin, evidence))
                }
            }
        } else if package.title == nil {
            package.title = Sourced(stem, evidence)
        }
    }

    private func add(_ paper: Paper, _ evidence: Evidence, to package: inout Package) {
        if !package.papers.contains(where: { $0.value == paper }) { package.papers.append(Sourced(paper, evidence)) }
    }

    private func add(_ dataset: DatasetReference, _ evidence: Evidence, to package: inout Package) {
        if !package.datasets.contains(where: { $0.value.name == dataset.name }) {
            package.datasets.append(Sourced(dataset, evidence))
        }
    }

    /// Adds a fact that no better place has stated; a whole number stays one.
    private func addFact(_ name: String, text: String, _ evidence: Evidence, to package: inout Package) {
        guard !package.facts.contains(where: { $0.name == name }) else { return }
        package.facts.append(Fact(name, json: Int64(text).map(String.init) ?? JSONText.string(text), evidence))
    }
}
