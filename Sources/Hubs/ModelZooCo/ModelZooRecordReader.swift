import Documents
public import ModelPackage

/// Reads a record that ``ModelZooCo`` made: an entry of the list, and the model's own answer.
public struct ModelZooRecordReader: RecordReader {
    public init() {}

    public func package(from record: RawRecord) throws(RecordError) -> Package {
        let root = try JSONDocument.record(record)
        guard let entry = root.present("entry"), entry.kind == .object else {
            throw RecordError(name: nil, reason: "the list entry is not an object")
        }
        guard let slug = try RecordFields(entry, name: nil, prefix: "entry.").string("slug") else {
            throw RecordError(name: nil, reason: "has no 'slug'")
        }
        if let problem = root["problem"]?.statedText { throw RecordError(name: slug, reason: problem) }
        var package = Package(id: try PackageID.checked(hub: .modelzoo, name: slug))
        let model = root.present("model")
        // The model's own answer says the same and more; where it is missing, the list has to do.
        let fields = RecordFields(model ?? entry, name: slug, prefix: model == nil ? "entry." : "model.")
        package.url = Sourced("\(HubID.modelzoo.homepage)/model/\(slug)", Evidence("entry.slug", .derived))
        package.title = try fields.sourced("title")
        package.library = try fields.sourced("framework")
        package.likes = try fields.count("stars").map { Sourced($0, fields.evidence("stars")) }
        if let description = try fields.sourced("description") {
            let plain = Self.withoutMarkup(description.value)
            if !plain.isEmpty { package.summary = Sourced(plain, description.evidence) }
        }
        if let library = package.library { package.tags.append(library) }
        try readCategories(fields, into: &package)
        try readLink(fields, into: &package)
        try readPapers(fields, into: &package)
        try readDescription(fields, into: &package)
        if let commit = root["commit"]?.statedText.flatMap({ GitObjectID($0) }) {
            package.revision = Sourced(commit, Evidence("commit"))
        }
        return package
    }

    private func readCategories(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let categories = try fields.array("categories") else { return }
        for category in categories {
            if package.task == nil, let title = category["title"]?.statedText {
                package.task = Sourced(title, fields.evidence("categories"))
            }
            if let slug = category["slug"]?.statedText {
                package.tags.append(Sourced(slug, fields.evidence("categories")))
            }
        }
    }

    private func readLink(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let link = try fields.sourced("link") else { return }
        package.facts.append(Fact("repository", json: JSONText.string(link.value), link.evidence))
        guard let repository = RepositoryName(url: link.value) else { return }
        let evidence = Evidence(link.evidence.place, .derived)
        package.owner = Sourced(repository.owner, evidence)
        package.ownerURL = Sourced("https://github.com/\(repository.owner)", evidence)
    }

    /// An object: a paper's name → its address.
    private func readPapers(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let papers = try fields.object("papers") else { return }
        var titles: [String] = []
        for (title, address) in papers.members {
            titles.append(title)
            guard let paper = address.statedText.flatMap({ Paper(url: $0) }),
                !package.papers.contains(where: { $0.value == paper })
            else {
                continue
            }
            package.papers.append(Sourced(paper, fields.evidence("papers")))
        }
        if !titles.isEmpty {
            package.facts.append(Fact("paper_titles", json: JSONText.strings(titles), fields.evidence("papers")))
        }
    }

    private func readDescription(_ fields: RecordFields, into package: inout Package) throws(RecordError) {
        guard let text = try fields.string("long_desc") else { return }
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let evidence = Evidence("\(fields.prefix)long_desc:\(number + 1)", .found)
            for paper in Paper.find(in: String(line)) where !package.papers.contains(where: { $0.value == paper }) {
                package.papers.append(Sourced(paper, evidence))
            }
            for name in DatasetMentions.find(in: String(line)) where !package.datasets.contains(where: { $0.value.name == name })
            {
                package.datasets.append(Sourced(DatasetReference(name: name), evidence))
            }
        }
    }

    /// Text without the little HTML that some descriptions have.
    private static func withoutMarkup(_ text: String) -> String {
        text.replacing(/<[^<>]*>/, with: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
