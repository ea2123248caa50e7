import Crypto
import Documents
import Foundation
import HubMirror
import ModelPackage

/// A hub whose models are folders: `OWNER/NAME/` with the model's files, and `.hub.json` for what only a hub knows (likes,
/// downloads, dates, history, whether it is gated).
///
/// The rest of a record is worked out from the files as the Hub does it: the card's front matter, tags, sizes and hashes.
struct FolderHub: MirroredHub {
    private let models: [String: FolderModel]
    private let renames: [String: String]

    /// Reads all models below a folder.
    ///
    /// - Throws: ``FolderHubError`` naming the folder or file that cannot be used.
    init(_ root: URL) throws {
        var models: [String: FolderModel] = [:]
        var renames: [String: String] = [:]
        for owner in try Self.folders(in: root) {
            for folder in try Self.folders(in: owner) {
                let description = try HubDescription(folder)
                let model = try FolderModel(folder, name: "\(owner.lastPathComponent)/\(folder.lastPathComponent)", description)
                models[model.name] = model
                for old in description.formerNames { renames[old] = model.name }
            }
        }
        self.models = models
        self.renames = renames
    }

    func list(_ query: ListQuery, for caller: Caller) -> ModelPage {
        let chosen = models.values.filter { (!$0.isPrivate || caller.isKnown) && $0.matches(query) }
            .sorted { $0.precedes($1, query.order) }
        let first = query.cursor.flatMap { PageCursor.offset($0) } ?? 0
        let end = min(first + query.limit, chosen.count)
        return ModelPage(
            records: first < end ? chosen[first..<end].map(\.fullRecord) : [],
            next: end < chosen.count ? PageCursor.text(offset: end) : nil)
    }

    func model(named name: String, for caller: Caller) -> MirroredModel? {
        models[name].flatMap { $0.isPrivate && !caller.isKnown ? nil : $0.mirrored }
    }

    func newName(of name: String) -> String? { renames[name] }

    func revision(_ revision: String, of model: MirroredModel) -> MirroredRevision? {
        guard let known = models[model.name], let commit = known.commit(of: revision) else { return nil }
        return MirroredRevision(commit: commit, fields: known.fields, files: known.revision.files)
    }

    func history(of model: MirroredModel, from revision: String) -> [MirroredCommit]? {
        guard let known = models[model.name], let commit = known.commit(of: revision),
            let start = known.commits.firstIndex(where: { $0.id == commit })
        else { return nil }
        return Array(known.commits[start...])
    }

    /// Records are open to all, listings of gated models too.
    func refusal(of model: MirroredModel, _ part: ModelPart, for caller: Caller) -> Refusal? {
        guard let known = models[model.name], part != .record else { return nil }
        if known.isDisabled { return Refusal(403, "Access to this resource is disabled.") }
        if part == .content, known.gated != .open, !caller.isKnown {
            return Refusal(
                401,
                "Access to model \(model.name) is restricted. You must have access to it and be authenticated to access it.",
                code: "GatedRepo")
        }
        return nil
    }

    func content(of file: MirroredRevision.File, in revision: MirroredRevision, of model: MirroredModel) throws
        -> any ServedContent
    {
        guard let known = models[model.name], let size = file.size else {
            throw Refusal(404, "Entry not found", code: "EntryNotFound")
        }
        return PlainFile(known.folder.appending(path: file.path), size: size)
    }

    private static func folders(in root: URL) throws -> [URL] {
        do {
            return try FileManager.default.contentsOfDirectory(
                at: root, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles
            ).filter { $0.hasDirectoryPath }.sorted { $0.path < $1.path }
        } catch {
            throw FolderHubError("cannot read \(root.path): \(error.localizedDescription)")
        }
    }
}

/// Why a folder cannot be served, in one line.
struct FolderHubError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What `.hub.json` says: facts that stand in no file of the model.
private struct HubDescription: Decodable {
    var downloads: Int64 = 0
    var likes: Int64 = 0
    var gated: String?
    var isPrivate = false
    var isDisabled = false
    var created = "2024-01-01T00:00:00.000Z"
    var pipelineTag: String?
    var libraryName: String?
    var formerNames: [String] = []
    /// Oldest first.
    var commits: [Change] = []

    struct Change: Decodable {
        let title: String
        let author: String
        let date: String
    }

    private enum CodingKeys: String, CodingKey {
        case downloads, likes, gated, created, commits
        case isPrivate = "private"
        case isDisabled = "disabled"
        case pipelineTag = "pipeline_tag"
        case libraryName = "library_name"
        case formerNames = "former_names"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        downloads = try values.decodeIfPresent(Int64.self, forKey: .downloads) ?? downloads
        likes = try values.decodeIfPresent(Int64.self, forKey: .likes) ?? likes
        gated = try values.decodeIfPresent(String.self, forKey: .gated)
        isPrivate = try values.decodeIfPresent(Bool.self, forKey: .isPrivate) ?? false
        isDisabled = try values.decodeIfPresent(Bool.self, forKey: .isDisabled) ?? false
        created = try values.decodeIfPresent(String.self, forKey: .created) ?? created
        pipelineTag = try values.decodeIfPresent(String.self, forKey: .pipelineTag)
        libraryName = try values.decodeIfPresent(String.self, forKey: .libraryName)
        formerNames = try values.decodeIfPresent([String].self, forKey: .formerNames) ?? []
        commits = try values.decodeIfPresent([Change].self, forKey: .commits) ?? []
    }

    init(_ folder: URL) throws {
        let file = folder.appending(path: ".hub.json")
        do {
            self = try JSONDecoder().decode(HubDescription.self, from: Data(contentsOf: file))
        } catch {
            throw FolderHubError("cannot use \(file.path): \(error)")
        }
    }
}

/// A model of a folder hub, with its one revision.
struct FolderModel: Sendable {
    let name: String
    let folder: URL
    let revision: MirroredRevision
    /// Newest first; the first one is the revision that is served.
    let commits: [MirroredCommit]
    let fields: [String: String]
    let gated: Gating
    let isPrivate: Bool
    let isDisabled: Bool
    private let downloads: Int64
    private let likes: Int64
    private let createdAt: Instant
    private let modifiedAt: Instant
    /// What a filter may name.
    private let filterWords: Set<String>

    fileprivate init(_ folder: URL, name: String, _ description: HubDescription) throws {
        self.name = name
        self.folder = folder
        let files = try Self.files(in: folder)
        let card = try Card(folder)
        downloads = description.downloads
        likes = description.likes
        gated = description.gated.flatMap { Gating(rawValue: $0) } ?? .open
        isPrivate = description.isPrivate
        isDisabled = description.isDisabled
        createdAt = Instant(iso8601: description.created) ?? Instant(millisecondsSince1970: 0)
        commits = Self.commits(name: name, files: files, description, createdAt)
        modifiedAt = commits.first?.date ?? createdAt
        let maker = try RecordFieldsMaker(
            name: name, folder: folder, files: files, card: card, description: description, commits: commits, created: createdAt,
            modified: modifiedAt, gated: gated)
        fields = maker.fields
        filterWords = maker.filterWords
        revision = MirroredRevision(commit: commits.first?.id ?? "", fields: maker.fields, files: files)
    }

    var mirrored: MirroredModel {
        MirroredModel(name: name, head: revision.commit, branches: ["main": revision.commit], tags: [:])
    }

    /// The record as lists have it: with the names of the files.
    var fullRecord: [String: String] {
        var record = fields
        var siblings = JSONWriter()
        siblings.array { list in for file in revision.files { list.object { $0.member("rfilename", file.path) } } }
        record["siblings"] = siblings.text
        record["sha"] = "\"\(revision.commit)\""
        return record
    }

    /// The commit that a revision names: a branch, a full ref, a commit, or the beginning of one.
    func commit(of revision: String) -> String? {
        if let target = mirrored.target(ofReference: revision) { return target }
        let lowered = revision.lowercased()
        guard lowered.count >= 7, lowered.allSatisfy(\.isHexDigit) else { return nil }
        return commits.first { $0.id.hasPrefix(lowered) }?.id
    }

    func matches(_ query: ListQuery) -> Bool {
        if let author = query.author, !name.lowercased().hasPrefix(author + "/") { return false }
        if let search = query.search, !name.lowercased().contains(search) { return false }
        if let isGated = query.isGated, isGated != (gated != .open) { return false }
        return query.filters.allSatisfy { filterWords.contains($0) }
    }

    /// The order of a list: the sort asked for from the top down, then names.
    func precedes(_ other: FolderModel, _ order: ListQuery.Order?) -> Bool {
        let (first, second) = (key(order), other.key(order))
        return first == second ? name < other.name : first > second
    }

    private func key(_ order: ListQuery.Order?) -> Int64 {
        switch order {
        case .downloads: downloads
        case .likes: likes
        case .modified: modifiedAt.millisecondsSince1970
        case .created: createdAt.millisecondsSince1970
        case nil: 0
        }
    }

    private static func files(in folder: URL) throws -> [MirroredRevision.File] {
        guard let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]) else {
            throw FolderHubError("cannot read \(folder.path)")
        }
        var files: [MirroredRevision.File] = []
        for case let url as URL in walker {
            let path = String(url.standardizedFileURL.path.dropFirst(folder.standardizedFileURL.path.count + 1))
            guard (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true, path != ".hub.json" else {
                continue
            }
            let content = Array(try Data(contentsOf: url))
            if isLarge(path) {
                let sha256 = hex(SHA256.hash(data: content))
                let pointer = Array(
                    "version https://git-lfs.github.com/spec/v1\noid sha256:\(sha256)\nsize \(content.count)\n".utf8)
                files.append(
                    .init(
                        path: path, size: Int64(content.count), gitObjectID: gitBlobID(pointer), sha256: sha256,
                        pointerSize: Int64(pointer.count)))
            } else {
                files.append(
                    .init(
                        path: path, size: Int64(content.count), gitObjectID: gitBlobID(content), sha256: nil, pointerSize: nil))
            }
        }
        return files.sorted { $0.path < $1.path }
    }

    /// The endings that the Hub's default `.gitattributes` keeps in LFS, as far as the samples need them.
    private static func isLarge(_ path: String) -> Bool {
        ["safetensors", "bin", "gguf", "onnx", "h5", "pt", "pkl", "msgpack"].contains((path as NSString).pathExtension)
    }

    private static func commits(
        name: String, files: [MirroredRevision.File], _ description: HubDescription, _ created: Instant
    ) -> [MirroredCommit] {
        let changes =
            description.commits.isEmpty
            ? [
                HubDescription.Change(
                    title: "initial commit", author: String(name.prefix { $0 != "/" }), date: created.description)
            ]
            : description.commits
        // Ids follow from the history and, for the newest, from the files: the same samples have the same commits everywhere.
        let content = files.map { "\($0.path) \($0.gitObjectID ?? "")" }.joined(separator: "\n")
        return changes.enumerated().map { index, change in
            let text = "\(name)\n\(index)\n\(change.title)\n\(change.date)\n" + (index == changes.count - 1 ? content : "")
            return MirroredCommit(
                id: hex(Insecure.SHA1.hash(data: Array(text.utf8))), title: change.title, authors: [change.author],
                date: Instant(iso8601: change.date) ?? created)
        }.reversed()
    }

    private static func gitBlobID(_ content: [UInt8]) -> String {
        hex(Insecure.SHA1.hash(data: Array("blob \(content.count)\0".utf8) + content))
    }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// A model's card: its front matter and its text.
private struct Card {
    var matter: YAMLValue?
    var body = ""

    init(_ folder: URL) throws {
        let file = folder.appending(path: "README.md")
        guard let data = FileManager.default.contents(atPath: file.path) else { return }
        let page = FrontMatter(splitting: String(decoding: data, as: UTF8.self))
        body = page.body
        do {
            matter = try page.yaml.flatMap { try YAMLValue.parse($0) }
        } catch {
            throw FolderHubError("\(file.path): \(error)")
        }
    }

    func texts(_ key: String) -> [String] { matter?[key]?.list.compactMap(\.text) ?? [] }
    func text(_ key: String) -> String? { matter?[key]?.text }
}

/// Works out the fields of a record from a model's files.
private struct RecordFieldsMaker {
    private(set) var fields: [String: String] = [:]
    private(set) var filterWords: Set<String> = []

    init(
        name: String, folder: URL, files: [MirroredRevision.File], card: Card, description: HubDescription,
        commits: [MirroredCommit], created: Instant, modified: Instant, gated: Gating
    ) throws {
        let author = String(name.prefix { $0 != "/" })
        let library = description.libraryName ?? card.text("library_name")
        let task = description.pipelineTag ?? card.text("pipeline_tag")
        let tags = Self.tags(card, library: library, task: task, files: files)
        filterWords = Set(tags + [library, task].compactMap { $0 })
        set("_id", String(commits.last?.id.prefix(24) ?? ""))
        for key in ["id", "modelId"] { set(key, name) }
        set("author", author)
        set("createdAt", created.description)
        set("lastModified", modified.description)
        fields["private"] = description.isPrivate ? "true" : "false"
        fields["disabled"] = description.isDisabled ? "true" : "false"
        fields["gated"] = gated == .open ? "false" : "\"\(gated.rawValue)\""
        fields["downloads"] = String(description.downloads)
        fields["likes"] = String(description.likes)
        fields["trendingScore"] = "0"
        fields["spaces"] = "[]"
        fields["usedStorage"] = String(files.reduce(0) { $0 + ($1.size ?? 0) })
        if let task { set("pipeline_tag", task) }
        if let library { set("library_name", library) }
        fields["tags"] = Self.json { $0.array { list in for tag in tags { list.string(tag) } } }
        if let matter = card.matter { fields["cardData"] = Self.json { matter.write(to: &$0) } }
        fields["model-index"] = card.matter?["model-index"].map { index in Self.json { index.write(to: &$0) } } ?? "null"
        readBaseModels(card)
        readConfiguration(folder)
        try readSafetensors(folder, files)
    }

    private mutating func set(_ key: String, _ text: String) {
        fields[key] = Self.json { $0.string(text) }
    }

    private static func json(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return writer.text
    }

    /// The tags that the Hub computes beside those of the card.
    private static func tags(_ card: Card, library: String?, task: String?, files: [MirroredRevision.File]) -> [String] {
        var tags: [String] = []
        func add(_ tag: String?) { if let tag, !tags.contains(tag) { tags.append(tag) } }
        add(library)
        if files.contains(where: { $0.path.hasSuffix(".safetensors") }) { add("safetensors") }
        if files.contains(where: { $0.path.hasSuffix(".gguf") }) { add("gguf") }
        add(task)
        for tag in card.texts("tags") { add(tag) }
        for language in card.texts("language") { add(language) }
        for dataset in card.texts("datasets") { add("dataset:\(dataset)") }
        for paper in Paper.find(in: card.body) {
            if paper.kind == .arxiv { add("arxiv:\(paper.id)") } else if paper.kind == .doi { add("doi:\(paper.id)") }
        }
        for base in card.texts("base_model") {
            add("base_model:\(base)")
            if let relation = card.text("base_model_relation") { add("base_model:\(relation):\(base)") }
        }
        for license in card.texts("license") { add("license:\(license)") }
        add("region:us")
        return tags
    }

    private mutating func readBaseModels(_ card: Card) {
        guard let relation = card.text("base_model_relation"), !card.texts("base_model").isEmpty else { return }
        fields["baseModels"] = Self.json { writer in
            writer.object { object in
                object.member("relation", relation)
                object.key("models")
                object.array { list in for base in card.texts("base_model") { list.object { $0.member("id", base) } } }
            }
        }
    }

    private mutating func readConfiguration(_ folder: URL) {
        guard let data = FileManager.default.contents(atPath: folder.appending(path: "config.json").path),
            let config = try? JSONDocument(Array(data)).root
        else { return }
        fields["config"] = Self.json { writer in
            writer.object { object in
                for key in ["architectures", "model_type", "quantization_config"] as [StaticString] {
                    guard let value = config[key] else { continue }
                    object.key("\(key)")
                    object.raw(value.source)
                }
            }
        }
        if let type = config["model_type"]?.string { filterWords.insert(type) }
    }

    /// Parameters by type, from the headers of safetensors files: a length in 8 bytes, then a JSON object.
    private mutating func readSafetensors(_ folder: URL, _ files: [MirroredRevision.File]) throws {
        var counts: [String: Int64] = [:]
        for file in files where file.path.hasSuffix(".safetensors") {
            let data = [UInt8](try Data(contentsOf: folder.appending(path: file.path)))
            guard data.count >= 8 else { continue }
            let length = data[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard length <= data.count - 8, let header = try? JSONDocument(data[8..<(8 + length)]).root else { continue }
            for (key, tensor) in header.members where key != "__metadata__" {
                guard let type = tensor["dtype"]?.string else { continue }
                counts[type, default: 0] += tensor["shape"]?.elements.compactMap { $0.int64 }.reduce(1, *) ?? 0
            }
        }
        guard !counts.isEmpty else { return }
        fields["safetensors"] = Self.json { writer in
            writer.object { object in
                object.key("parameters")
                object.object { types in for (type, count) in counts.sorted(by: { $0.key < $1.key }) { types.member(type, count) }
                }
                object.member("total", counts.values.reduce(0, +))
            }
        }
    }
}
