import Documents
public import ModelPackage

/// Reads a model as the Hub's `/api/models` gives it, in a list or by itself, or (asked with details) an object
/// `{"model": …, "refs": …, "commits": […]}` of the answers of three addresses.
public struct HuggingFaceRecordReader: RecordReader {
    public init() {}

    public func package(from record: RawRecord) throws(RecordError) -> Package {
        let root = try JSONDocument.record(record)
        guard root.kind == .object else {
            throw RecordError(name: nil, reason: "should be an object but is \(root.kind.rawValue)")
        }
        guard let model = root.present("model"), root["id"] == nil else { return try package(fromModel: root) }
        var package = try package(fromModel: model)
        if let refs = root.present("refs") { package.references = try references(refs, name: package.id.name) }
        if let commits = root.present("commits") { package.commits = try commitList(commits, name: package.id.name) }
        // What the Hub refused: a gated repository's history, a model deleted while the crawl ran.
        package.addFact("problems", root["problems"], "problems")
        return package
    }

    private func package(fromModel model: JSONValue) throws(RecordError) -> Package {
        let unnamed = RecordFields(model, name: nil)
        let stated = try unnamed.string("id")
        guard let name = try stated == nil ? unnamed.string("modelId") : stated else {
            throw RecordError(name: nil, reason: "has no 'id'")
        }
        var package = Package(id: try PackageID.checked(hub: .huggingface, name: name))
        try checkHubName(name)
        let fields = RecordFields(model, name: name)
        let card = RecordFields(try fields.object("cardData") ?? model, name: name, prefix: "cardData.")
        let hasCard = model.present("cardData") != nil

        package.owner = try fields.sourced("author")
        if package.owner == nil, let slash = name.firstIndex(of: "/") {
            package.owner = Sourced(String(name[..<slash]), Evidence("id", .derived))
        }
        package.url = Sourced("\(HubID.huggingface.homepage)/\(name)", Evidence("id", .derived))
        if let owner = package.owner {
            package.ownerURL = Sourced("\(HubID.huggingface.homepage)/\(owner.value)", Evidence(owner.evidence.place, .derived))
        }
        package.task = try fields.sourced("pipeline_tag")
        package.library = try fields.sourced("library_name")
        if hasCard {
            if package.task == nil { package.task = looseText(card, "pipeline_tag") }
            if package.library == nil { package.library = looseText(card, "library_name") }
        }
        if let revision = try fields.string("sha") {
            guard let id = GitObjectID(revision) else {
                throw RecordError(name: name, reason: "the field 'sha' is not a commit: \(printable(revision, limit: 50))")
            }
            package.revision = Sourced(id, Evidence("sha"))
        }
        package.downloads = try fields.count("downloads").map { Sourced($0, Evidence("downloads")) }
        package.likes = try fields.count("likes").map { Sourced($0, Evidence("likes")) }
        package.gated = try gating(fields)
        package.isPrivate = try fields.bool("private").map { Sourced($0, Evidence("private")) }
        package.isDisabled = try fields.bool("disabled").map { Sourced($0, Evidence("disabled")) }
        package.createdAt = try fields.instant("createdAt").map { Sourced($0, Evidence("createdAt")) }
        package.modifiedAt = try fields.instant("lastModified").map { Sourced($0, Evidence("lastModified")) }
        try readTags(fields, into: &package)
        if hasCard { readCard(card, into: &package) }
        try readBaseModels(fields, into: &package)
        package.files = try files(fields)
        try readConfiguration(fields, into: &package)
        package.evaluations = evaluations(fields)
        readFacts(model, into: &package)
        return package
    }

    /// The Hub's own rule for names (`validate_repo_id` of its Python client).
    private func checkHubName(_ name: String) throws(RecordError) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isAllowed = name.utf8.allSatisfy {
            ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z")) || ($0 &- UInt8(ascii: "0") < 10)
                || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        if !isAllowed || parts.count > 2 {
            throw RecordError(name: name, reason: "its name is not one the Hub allows")
        }
    }

    private func gating(_ fields: RecordFields) throws(RecordError) -> Sourced<Gating>? {
        guard let value = fields.object.present("gated") else { return nil }
        if value.bool == false { return Sourced(.open, Evidence("gated")) }
        if value.bool == true { return Sourced(.manual, Evidence("gated", .derived)) }
        guard let text = value.string, let gating = Gating(rawValue: text), gating != .open else {
            throw RecordError(name: fields.name, reason: "the field 'gated' should be false, \"auto\" or \"manual\"")
        }
        return Sourced(gating, Evidence("gated"))
    }

    private func readTags(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let tags = try fields.array("tags") else { return }
        let evidence = Evidence("tags")
        package.tags.reserveCapacity(24)
        for element in tags {
            guard element.kind == .string else {
                throw RecordError(name: fields.name, reason: "the field 'tags' should be a list of texts")
            }
            guard let tag = element.statedText else { continue }
            guard tag.utf8.count <= RecordLimits.tagLength else {
                throw RecordError(name: fields.name, reason: "a tag is longer than \(RecordLimits.tagLength) bytes")
            }
            guard package.tags.count < RecordLimits.tags else {
                throw RecordError(name: fields.name, reason: "there are more than \(RecordLimits.tags) tags")
            }
            package.tags.append(Sourced(tag, evidence))
            guard let colon = tag.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let rest = tag[tag.utf8.index(after: colon)...]
            if rest.isEmpty { continue }
            switch tag[..<colon] {
            case "license": addLicense(rest.lowercased(), evidence, to: &package)
            case "dataset": package.datasets.append(Sourced(hubDataset(String(rest)), evidence))
            case "arxiv": if let paper = Paper(arxiv: rest) { package.papers.append(Sourced(paper, evidence)) }
            case "doi": if let paper = Paper(doi: rest) { package.papers.append(Sourced(paper, evidence)) }
            case "base_model": appendBase(tagged: rest, evidence, to: &package)
            default: break
            }
        }
    }

    private func addLicense(_ id: String, _ evidence: Evidence, to package: inout Package) {
        if !package.licenses.contains(where: { $0.value.id == id }) {
            package.licenses.append(Sourced(License(id: id), evidence))
        }
    }

    /// `base_model:NAME` and `base_model:RELATION:NAME`.
    private func appendBase(tagged text: Substring, _ evidence: Evidence, to package: inout Package) {
        if let colon = text.firstIndex(of: ":"), let relation = BaseModel.Relation(rawValue: String(text[..<colon])) {
            add(BaseModel(name: String(text[text.index(after: colon)...]), relation: relation), evidence, to: &package)
        } else {
            add(BaseModel(name: String(text)), evidence, to: &package)
        }
    }

    /// Keeps one entry a base: one with a relation is worth more than one without.
    private func add(_ base: BaseModel, _ evidence: Evidence, to package: inout Package) {
        guard !base.name.isEmpty else { return }
        for index in package.baseModels.indices where package.baseModels[index].value.name == base.name {
            let known = package.baseModels[index].value
            if known.relation == base.relation || base.relation == nil { return }
            if known.relation == nil {
                package.baseModels[index] = Sourced(base, evidence)
                return
            }
        }
        package.baseModels.append(Sourced(base, evidence))
    }

    /// What the card's front matter adds. People write it by hand, so what does not fit is left out.
    private func readCard(_ card: RecordFields, into package: inout Package) {
        let object = card.object
        let license = looseTexts(object["license"])
        if package.licenses.isEmpty {
            for id in license { addLicense(id.lowercased(), Evidence("cardData.license"), to: &package) }
        }
        if !package.licenses.isEmpty {
            package.licenses[0].value.name = object["license_name"]?.statedText
            package.licenses[0].value.link = object["license_link"]?.statedText
        }
        for key in ["language", "languages"] as [StaticString] {
            for language in looseTexts(object[key]) where !package.languages.contains(where: { $0.value == language }) {
                package.languages.append(Sourced(language, card.evidence(key)))
            }
        }
        for dataset in looseTexts(object["datasets"]) where !package.datasets.contains(where: { $0.value.name == dataset }) {
            package.datasets.append(Sourced(DatasetReference(name: dataset), Evidence("cardData.datasets")))
        }
        let relation = object["base_model_relation"]?.statedText.flatMap { BaseModel.Relation(rawValue: $0) }
        for base in looseTexts(object["base_model"]) {
            add(BaseModel(name: base, relation: relation), Evidence("cardData.base_model"), to: &package)
        }
    }

    private func readBaseModels(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let bases = try fields.object("baseModels") else { return }
        let relation = bases["relation"]?.statedText.flatMap { BaseModel.Relation(rawValue: $0) }
        for model in bases["models"]?.elements ?? bases.elements {
            guard let base = model["id"]?.statedText else { continue }
            add(BaseModel(name: base, relation: relation), Evidence("baseModels"), to: &package)
        }
    }

    private func hubDataset(_ name: String) -> DatasetReference {
        DatasetReference(name: name, url: "\(HubID.huggingface.homepage)/datasets/\(name)")
    }

    func files(_ fields: RecordFields) throws(RecordError) -> [PackageFile] {
        guard let siblings = try fields.array("siblings") else { return [] }
        var files: [PackageFile] = []
        files.reserveCapacity(24)
        for sibling in siblings {
            // In lists, nearly every file is a name and nothing else.
            if files.count < RecordLimits.files, let path = sibling.onlyMember("rfilename")?.statedText {
                files.append(PackageFile(path: path))
                continue
            }
            let file = RecordFields(sibling, name: fields.name, prefix: "siblings.")
            guard sibling.kind == .object, let path = try file.string("rfilename") else {
                throw RecordError(name: fields.name, reason: "the field 'siblings' should be a list of objects with 'rfilename'")
            }
            guard files.count < RecordLimits.files else {
                throw RecordError(name: fields.name, reason: "there are more than \(RecordLimits.files) files")
            }
            var entry = PackageFile(path: path)
            entry.size = try file.count("size")
            entry.gitObjectID = try file.string("blobId").flatMap { GitObjectID($0) }
            if let lfs = try file.object("lfs") {
                entry.isLFS = true
                entry.sha256 = lfs["sha256"]?.statedText.flatMap { SHA256Hash($0) }
                entry.size = lfs["size"]?.int64.flatMap { $0 >= 0 ? $0 : nil } ?? entry.size
            } else if entry.gitObjectID != nil {
                entry.isLFS = false
            }
            files.append(entry)
        }
        return files
    }

    private func readConfiguration(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        if let config = try fields.object("config") {
            if let type = config["model_type"]?.statedText {
                package.architecture = Sourced(type, Evidence("config.model_type"))
            } else if let pipeline = config["diffusers"]?["_class_name"]?.statedText {
                package.architecture = Sourced(pipeline, Evidence("config.diffusers._class_name"))
            }
            package.addFact("architectures", config["architectures"], "config.architectures")
            package.addFact(
                "quantization", config["quantization_config"]?["quant_method"], "config.quantization_config.quant_method")
        }
        if let safetensors = try fields.object("safetensors") {
            let counts = safetensors["parameters"]?.members.compactMap { type, count in
                count.int64.flatMap { number in
                    type.isEmpty || number < 0
                        ? nil : Sourced(ParameterCount(dataType: type, count: number), Evidence("safetensors.parameters"))
                }
            }
            package.parameters = counts ?? []
            if package.parameters.isEmpty, let total = safetensors["total"]?.int64, total >= 0 {
                package.parameters = [Sourced(ParameterCount(dataType: "total", count: total), Evidence("safetensors.total"))]
            }
        }
        if let gguf = try fields.object("gguf") {
            if package.architecture == nil, let architecture = gguf["architecture"]?.statedText {
                package.architecture = Sourced(architecture, Evidence("gguf.architecture"))
            }
            if package.parameters.isEmpty, let total = gguf["total"]?.int64, total >= 0 {
                package.parameters = [Sourced(ParameterCount(dataType: "total", count: total), Evidence("gguf.total"))]
            }
            package.addFact("gguf_architecture", gguf["architecture"], "gguf.architecture")
            package.addFact("gguf_context_length", gguf["context_length"], "gguf.context_length")
            package.addFact("gguf_parameters", gguf["total"], "gguf.total")
        }
    }

    /// The card's evaluation results, which the Hub repeats as `model-index`.
    private func evaluations(_ fields: RecordFields) -> [Sourced<Evaluation>] {
        let inCard = fields.object["cardData"]?["model-index"]
        let (index, place) = fields.object.present("model-index").map { ($0, "model-index") } ?? (inCard, "cardData.model-index")
        guard let index else { return [] }
        var evaluations: [Sourced<Evaluation>] = []
        for model in index.elements {
            for result in elements(model["results"]) {
                let task = result["task"]?["type"]?.statedText ?? result["task"]?["name"]?.statedText
                let dataset = result["dataset"]?["name"]?.statedText ?? result["dataset"]?["type"]?.statedText
                for metric in elements(result["metrics"]) {
                    guard let name = metric["type"]?.statedText ?? metric["name"]?.statedText,
                        let value = metric.present("value"),
                        let text = value.statedText ?? (value.kind == .number ? value.text : nil)
                    else { continue }
                    evaluations.append(
                        Sourced(Evaluation(task: task, dataset: dataset, metric: name, value: text), Evidence(place)))
                }
            }
        }
        return evaluations
    }

    /// What only this hub says and later work needs; nothing that changes by itself from day to day.
    private func readFacts(_ model: JSONValue, into package: inout Package) {
        package.addFact("hub_id", model["_id"], "_id")
        package.addFact("auto_model", model["transformersInfo"]?["auto_model"], "transformersInfo.auto_model")
        package.addFact("processor", model["transformersInfo"]?["processor"], "transformersInfo.processor")
        package.addFact("storage_bytes", model["usedStorage"], "usedStorage")
        package.addFact("new_version", model["cardData"]?["new_version"], "cardData.new_version")
        package.addFact("metrics", model["cardData"]?["metrics"], "cardData.metrics")
        package.addFact("emissions", model["cardData"]?["co2_eq_emissions"], "cardData.co2_eq_emissions")
        package.addFact("security_status", model["securityRepoStatus"], "securityRepoStatus")
        package.addFact("children", model["childrenModelCount"], "childrenModelCount")
    }

    private func references(_ refs: JSONValue, name: String) throws(RecordError) -> [GitReference] {
        var references: [GitReference] = []
        let kinds: [(StaticString, GitReference.Kind)] = [
            ("branches", .branch), ("tags", .tag), ("converts", .convert), ("pullRequests", .pullRequest),
        ]
        for (key, kind) in kinds {
            for entry in elements(refs[key]) {
                guard let label = entry["name"]?.statedText, let ref = entry["ref"]?.statedText,
                    let target = entry["targetCommit"]?.statedText.flatMap({ GitObjectID($0) })
                else { throw RecordError(name: name, reason: "an entry of 'refs.\(key)' lacks name, ref or targetCommit") }
                references.append(GitReference(kind: kind, name: label, ref: ref, target: target))
            }
        }
        return references
    }

    private func commitList(_ commits: JSONValue, name: String) throws(RecordError) -> [Commit] {
        var result: [Commit] = []
        for entry in commits.elements {
            guard let id = entry["id"]?.statedText.flatMap({ GitObjectID($0) }),
                let date = entry["date"]?.statedText.flatMap({ Instant(iso8601: $0) })
            else { throw RecordError(name: name, reason: "an entry of 'commits' lacks id or date") }
            let authors = entry["authors"]?.elements.compactMap { $0["user"]?.statedText } ?? []
            result.append(Commit(id: id, title: entry["title"]?.statedText ?? "", authors: authors, date: date))
        }
        return result
    }

    private func elements(_ value: JSONValue?) -> [JSONValue] {
        value.map { Array($0.elements) } ?? []
    }

    private func looseText(_ card: RecordFields, _ key: StaticString) -> Sourced<String>? {
        guard let text = card.object[key]?.statedText else { return nil }
        return Sourced(text, card.evidence(key))
    }

    /// The texts of a field that is a text or a list of texts.
    private func looseTexts(_ value: JSONValue?) -> [String] {
        guard let value else { return [] }
        if value.kind == .string { return value.statedText.map { [$0] } ?? [] }
        return value.elements.compactMap { $0.statedText }.filter { $0.utf8.count <= RecordLimits.tagLength }
    }
}
