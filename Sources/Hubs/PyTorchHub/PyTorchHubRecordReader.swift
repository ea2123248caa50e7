import Documents
public import ModelPackage

/// Reads one Markdown record of PyTorch Hub: its front matter, and what its text says in code, links and tables.
public struct PyTorchHubRecordReader: RecordReader {
    public init() {}

    public func package(from record: RawRecord) throws(RecordError) -> Package {
        let root = try JSONDocument.record(record)
        let unnamed = RecordFields(root, name: nil)
        guard let path = try unnamed.string("path") else { throw RecordError(name: nil, reason: "has no 'path'") }
        let name = path.hasSuffix(".md") ? String(path.dropLast(3)) : path
        let fields = RecordFields(root, name: name)
        var package = Package(id: try PackageID.checked(hub: .pytorch, name: name))
        guard let text = try fields.string("text") else {
            throw RecordError(name: name, reason: "its file \(path) is empty, too long, or cannot be read")
        }
        package.url = Sourced("\(HubID.pytorch.homepage)/\(name)/", Evidence("path", .derived))
        package.library = Sourced("pytorch", Evidence("path", .derived))
        if let commit = try fields.object("commit") {
            package.revision = commit["id"]?.statedText.flatMap { GitObjectID($0) }.map { Sourced($0, Evidence("commit.id")) }
            package.modifiedAt = commit["date"]?.statedText.flatMap { Instant(iso8601: $0) }.map {
                Sourced($0, Evidence("commit.date"))
            }
        }
        package.files = [PackageFile(path: path, size: Int64(text.utf8.count), isLFS: false)]
        let page = FrontMatter(splitting: text)
        try readFrontMatter(page, path: path, name: name, into: &package)
        readBody(page, path: path, into: &package)
        return package
    }

    private func readFrontMatter(
        _ page: FrontMatter, path: String, name: String, into package: inout Package
    ) throws(RecordError) {
        guard let yaml = page.yaml else {
            throw RecordError(name: name, reason: "\(path) has no front matter between lines of '---'")
        }
        let matter: YAMLValue?
        do throws(YAMLError) {
            matter = try YAMLValue.parse(yaml)
        } catch {
            throw RecordError(name: name, reason: "\(path): \(error)")
        }
        guard let matter, case .mapping = matter else {
            throw RecordError(name: name, reason: "\(path): the front matter is not a list of keys and values")
        }
        func sourced(_ key: String) -> Sourced<String>? {
            guard let value = matter[key], let text = value.text else { return nil }
            let trimmed = text.trimmingWhitespaceAndQuotes()
            return trimmed.isEmpty ? nil : Sourced(trimmed, Evidence(file: path, line: value.line + page.yamlLineOffset))
        }
        package.title = sourced("title")
        package.summary = sourced("summary")
        package.owner = sourced("author")
        for tag in matter["tags"]?.list ?? [] {
            guard let text = tag.text else { continue }
            package.tags.append(Sourced(text, Evidence(file: path, line: tag.line + page.yamlLineOffset)))
        }
        if let link = sourced("github-link") {
            package.addFact("repository", link)
            if let slash = link.value.trimmingTrailingSlash().lastIndex(of: "/") {
                package.ownerURL = Sourced(
                    String(link.value.trimmingTrailingSlash()[..<slash]), Evidence(link.evidence.place, .derived))
            }
        }
        package.addFact("github_id", sourced("github-id"))
        package.addFact("category", sourced("category"))
        package.addFact("accelerator", sourced("accelerator"))
        package.addFact("demo", sourced("demo-model-link"))
        package.addFact("image", sourced("image"))
    }

    private func readBody(_ page: FrontMatter, path: String, into package: inout Package) {
        let document = MarkdownDocument(page.body)
        func evidence(_ line: Int) -> Evidence { Evidence(file: path, line: line + page.bodyLineOffset, .found) }
        for (number, line) in page.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            for paper in Paper.find(in: String(line)) where !package.papers.contains(where: { $0.value == paper }) {
                package.papers.append(Sourced(paper, evidence(number + 1)))
            }
        }
        for paragraph in document.paragraphs {
            for (offset, line) in paragraph.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                for name in DatasetMentions.find(in: String(line))
                where !package.datasets.contains(where: { $0.value.name == name }) {
                    package.datasets.append(Sourced(DatasetReference(name: name), evidence(paragraph.line + offset)))
                }
            }
        }
        package.entryPoints = TorchHubCalls.entryPoints(in: document.codeBlocks).map { point, line in
            Sourced(point, evidence(line))
        }
        readTables(document, evidence, into: &package)
    }

    /// Rows of results: the first column names a model, the others are metrics.
    private func readTables(_ document: MarkdownDocument, _ evidence: (Int) -> Evidence, into package: inout Package) {
        for table in document.tables where table.header.first?.lowercased().contains("model") == true {
            for row in table.rows {
                guard let model = row.cells.first?.text, !model.isEmpty else { continue }
                for (header, cell) in zip(table.header, row.cells).dropFirst() where Self.isMetric(header) && !cell.text.isEmpty {
                    package.evaluations.append(
                        Sourced(
                            Evaluation(task: nil, dataset: nil, metric: "\(model): \(header)", value: cell.text),
                            evidence(row.line)))
                }
            }
        }
    }

    private static func isMetric(_ header: String) -> Bool {
        let header = header.lowercased()
        return ["error", "accuracy", "acc", "top-1", "top-5", "map", "iou", "bleu", "wer"].contains { header.contains($0) }
    }
}

extension String {
    /// Without white space and quotation marks around it; three records have typographic ones, which YAML keeps.
    fileprivate func trimmingWhitespaceAndQuotes() -> String {
        let isPadding: (Character) -> Bool = { $0.isWhitespace || $0 == "“" || $0 == "”" || $0 == "\"" }
        let start = drop(while: isPadding)
        guard let end = start.lastIndex(where: { !isPadding($0) }) else { return "" }
        return String(start[...end])
    }

    fileprivate func trimmingTrailingSlash() -> String {
        hasSuffix("/") ? String(dropLast()) : self
    }
}
