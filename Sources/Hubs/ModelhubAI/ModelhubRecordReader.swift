import Documents
public import ModelPackage

/// Reads a record that ``ModelhubAI`` made: an entry of the index, and the files of the model's repository.
public struct ModelhubRecordReader: RecordReader {
    public init() {}

    public func package(from record: RawRecord) throws(RecordError) -> Package {
        let root = try JSONDocument.record(record)
        guard let entry = root.present("index"), entry.kind == .object else {
            throw RecordError(name: nil, reason: "the index entry is not an object")
        }
        let unnamed = RecordFields(entry, name: nil, prefix: "index.")
        guard let name = try unnamed.string("name") else { throw RecordError(name: nil, reason: "has no 'name'") }
        if let problem = root["problem"]?.statedText { throw RecordError(name: name, reason: problem) }
        let fields = RecordFields(entry, name: name, prefix: "index.")
        var package = Package(id: try PackageID.checked(hub: .modelhub, name: name))
        try readIndex(fields, into: &package)
        try readConfiguration(root, name: name, into: &package)
        try readInitialization(root, name: name, into: &package)
        readLicense(root, into: &package)
        if let commit = root["commit"]?.statedText.flatMap({ GitObjectID($0) }) {
            package.revision = Sourced(commit, Evidence("commit"))
        }
        return package
    }

    private func readIndex(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        package.task = try fields.sourced("task_extended")
        if let address = try fields.string("github") {
            let evidence = Evidence("index.github", .derived)
            if address.hasPrefix("https://") || address.hasPrefix("http://") {
                package.url = Sourced(address, Evidence("index.github"))
            }
            package.facts.append(Fact("repository", json: JSONText.string(address), Evidence("index.github")))
            if let repository = RepositoryName(url: address) {
                package.owner = Sourced(repository.owner, evidence)
                package.ownerURL = Sourced("https://github.com/\(repository.owner)", evidence)
            }
        }
        let backends = try fields.array("backend").map { Array($0) } ?? []
        for backend in backends {
            guard backend.kind == .string else {
                throw RecordError(name: fields.name, reason: "the field 'index.backend' should be a list of texts")
            }
            if let text = backend.statedText { package.tags.append(Sourced(text, Evidence("index.backend"))) }
        }
        if let library = package.tags.first(where: { $0.value != "colab" }) { package.library = library }
        if let id = try fields.string("id") {
            package.facts.append(Fact("hub_id", json: JSONText.string(id), Evidence("index.id")))
        }
        if let branch = try fields.string("github_branch") {
            package.facts.append(Fact("branch", json: JSONText.string(branch), Evidence("index.github_branch")))
        }
        if let gpu = try fields.bool("gpu") {
            package.facts.append(Fact("gpu", json: gpu ? "true" : "false", Evidence("index.gpu")))
        }
    }

    private func readConfiguration(_ root: JSONValue, name: String, into package: inout Package) throws(RecordError) {
        guard let (path, config) = try file("config", root, name: name) else { return }
        func text(_ part: StaticString, _ key: StaticString) -> Sourced<String>? {
            guard let value = config[part]?[key]?.statedText?.trimmed else { return nil }
            return Sourced(value, Evidence("\(path):\(part).\(key)"))
        }
        package.summary = text("model", "description")
        package.architecture = text("model", "architecture")
        if let area = text("meta", "application_area") {
            package.addFact("application_area", area)
            package.tags.append(area)
        }
        package.addFact("data_type", text("meta", "data_type"))
        package.addFact("task_short", text("meta", "task"))
        package.addFact("framework", text("meta", "framework"))
        package.addFact("colab", text("meta", "colab_link"))
        package.addFact("source_repository", text("meta", "github_link"))
        package.addFact("learning_type", text("model", "learning_type"))
        package.addFact("format", text("model", "format"))
        package.addFact("provenance", text("model", "provenance") ?? text("model", "provevance"))
        package.addFact("publication", text("publication", "title"))
        package.addFact("publication_source", text("publication", "source"))
        package.addFact("authors", text("publication", "authors"))
        if let year = config["publication"]?["year"]?.int64 {
            package.facts.append(Fact("publication_year", json: String(year), Evidence("\(path):publication.year")))
        }
        if let ports = config["model"]?.present("io"), ports.source.count <= 16_384 {
            let bytes = singleLineJSON(ports.source)
            package.facts.append(Fact("io_ports", json: String(decoding: bytes, as: UTF8.self), Evidence("\(path):model.io")))
        }
        if let source = text("meta", "data_source") { addDataset(source, to: &package) }
        for key in ["url", "source", "bibtex"] as [StaticString] {
            guard let value = text("publication", key) else { continue }
            let papers = "\(key)" == "url" ? [Paper(url: value.value)].compactMap { $0 } : Paper.find(in: value.value)
            for paper in papers where !package.papers.contains(where: { $0.value == paper }) {
                package.papers.append(Sourced(paper, value.evidence))
            }
        }
    }

    /// The address of the training data, by the dataset's name where the address is a known one.
    private func addDataset(_ source: Sourced<String>, to package: inout Package) {
        guard source.value.hasPrefix("http") else { return }
        let name = DatasetMentions.name(forAddress: source.value) ?? source.value
        package.datasets.append(Sourced(DatasetReference(name: name, url: source.value), source.evidence))
    }

    /// The large files that the model's container fetches when it is built.
    private func readInitialization(_ root: JSONValue, name: String, into package: inout Package) throws(RecordError) {
        for key in ["config", "init", "license", "sample_license"] as [StaticString] {
            if let entry = root.present(key), let path = entry["path"]?.statedText {
                package.files.append(
                    PackageFile(path: path, size: entry["text"]?.string.map { Int64($0.utf8.count) }, isLFS: false))
            }
        }
        guard let (path, start) = try file("init", root, name: name) else { return }
        if let image = start["docker_id"]?.statedText {
            package.facts.append(Fact("container_image", json: JSONText.string(image), Evidence("\(path):docker_id")))
        }
        var addresses: [String] = []
        for entry in start["external_contrib_files"].map({ Array($0.elements) }) ?? [] {
            guard let address = entry["src_url"]?.statedText, address.hasPrefix("http"),
                let target = entry["dest_file_path"]?.statedText
            else {
                continue
            }
            addresses.append(address)
            package.files.append(PackageFile(path: String(target.drop { $0 == "/" })))
        }
        if !addresses.isEmpty {
            package.facts.append(
                Fact("external_files", json: JSONText.strings(addresses), Evidence("\(path):external_contrib_files")))
        }
    }

    private func readLicense(_ root: JSONValue, into package: inout Package) {
        guard let license = root.present("license"), let path = license["path"]?.statedText,
            let text = license["text"]?.statedText,
            let id = LicenseText.identifier(forText: text)
        else { return }
        package.licenses = [Sourced(License(id: id, link: path), Evidence(file: path, line: 1, .derived))]
    }

    /// A JSON file of the repository; one that is not JSON loses the record.
    private func file(_ key: StaticString, _ root: JSONValue, name: String) throws(RecordError) -> (path: String, JSONValue)? {
        guard let entry = root.present(key), let path = entry["path"]?.statedText, let text = entry["text"]?.statedText else {
            return nil
        }
        do throws(JSONError) {
            return (path, try JSONDocument(Array(text.utf8)).root)
        } catch {
            throw RecordError(name: name, reason: "\(path) is not JSON that can be read: \(error)")
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
