import Documents
public import Foundation
public import ModelPackage

/// The ONNX Model Zoo: the repository `onnx/models`, or a copy of it.
///
/// Every `.onnx` file of the tree is a package, whether the hub's manifest lists it (184 do) or not (over 2,000). A
/// record joins what the hub says about a file in different places: its LFS pointer, its manifest entry, the read-me of
/// its model class, its row in the top read-me, its build statistics.
public struct ONNXModelZoo: ModelHub {
    public let id = HubID.onnx
    public let source: String
    private let repository: RepositorySource

    /// Where the hub is when nothing else is said.
    public static let address = "https://github.com/onnx/models"

    /// - Parameters:
    ///   - location: a git address, a checkout, a bare repository, or a folder with the hub's files.
    ///   - workFolder: where a clone of an address may be kept between runs.
    public init(location: String = address, workFolder: URL) {
        source = withoutCredentials(location)
        repository = RepositorySource(hub: .onnx, location: location, workFolder: workFolder)
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        let tree = try await repository.open()
        let records = try await ONNXRecordMaker(tree).records()
        guard !records.isEmpty else {
            throw HubError(
                .onnx, .badSource, "\(source) holds no .onnx file and no ONNX_HUB_MANIFEST.json: is it the ONNX Model Zoo?")
        }
        return try MemoryListing(query.select(from: records, ONNXRecordReader()), of: id, after: resumePoint)
    }
}

/// Gathers what the hub says about each model file into one record.
private struct ONNXRecordMaker {
    private let tree: any FileTree

    private static let longestText = 512 << 10

    init(_ tree: any FileTree) {
        self.tree = tree
    }

    func records() async throws -> [RawRecord] {
        let files = try await tree.files()
        let byPath = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let commits = try await tree.lastCommits()
        let texts = try await tree.contents(
            of: files.map(\.path).filter { Self.isDescription($0) }, limit: 16 << 20)
        let pointers = try await tree.contents(
            of: files.filter { Self.isModelOrArchive($0.path) && ($0.size ?? 0) <= Int64(LFSPointer.maximumLength) }.map(\.path),
            limit: LFSPointer.maximumLength)
        let manifest = try self.manifest(texts)
        let classes = ONNXClassTable(readme: texts["README.md"].map { String(decoding: $0, as: UTF8.self) } ?? "")
        var paths = Set(files.map(\.path).filter { $0.lowercased().hasSuffix(".onnx") })
        paths.formUnion(manifest.keys)
        let siblings = Dictionary(grouping: paths.sorted(), by: { Self.readmeFolder(of: $0, texts) ?? Self.folder(of: $0) })

        return paths.sorted().map { path in
            let folder = Self.folder(of: path)
            let readmeFolder = Self.readmeFolder(of: path, texts)
            var writer = JSONWriter()
            writer.object { record in
                record.member("path", path)
                record.member("size", byPath[path]?.size)
                record.member("git_oid", byPath[path]?.gitObjectID?.hex)
                record.member("pointer", pointers[path].map { String(decoding: $0, as: UTF8.self) })
                if let entry = manifest[path] {
                    record.key("manifest")
                    record.raw(entry)
                }
                if let readmeFolder { text("readme", Self.join(readmeFolder, "README.md"), texts, in: &record) }
                text("stats", Self.join(folder, "turnkey_stats.yaml"), texts, in: &record)
                if let readmeFolder { text("license", Self.join(readmeFolder, "LICENSE"), texts, in: &record) }
                if let license = texts["LICENSE"] {
                    record.member("repository_license", String(decoding: license.prefix(400), as: UTF8.self))
                }
                if let readmeFolder, let row = classes.row(folder: readmeFolder) { row.write(to: &record) }
                archive(of: path, pointers, byPath, in: &record)
                if let commit = commits[path] {
                    record.key("commit")
                    record.object { entry in
                        entry.member("id", commit.id.hex)
                        entry.member("date", commit.date.description)
                    }
                }
                record.member("siblings", (siblings[readmeFolder ?? folder] ?? []).filter { $0 != path })
            }
            return RawRecord(writer.bytes[...])
        }
    }

    /// The manifest's entries by the path of their model, as they stand there.
    private func manifest(_ texts: [String: [UInt8]]) throws -> [String: ArraySlice<UInt8>] {
        guard let text = texts["ONNX_HUB_MANIFEST.json"] else { return [:] }
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(text).root
        } catch {
            throw HubError(.onnx, .badSource, "ONNX_HUB_MANIFEST.json is not JSON: \(error)", cause: error)
        }
        var entries: [String: ArraySlice<UInt8>] = [:]
        for entry in root.elements {
            guard let path = entry["model_path"]?.string, !path.isEmpty else { continue }
            entries[path] = singleLineJSON(entry.source)
        }
        return entries
    }

    private func text(_ key: String, _ path: String, _ texts: [String: [UInt8]], in record: inout JSONWriter) {
        guard let text = texts[path], text.count <= Self.longestText else { return }
        record.key(key)
        record.object { entry in
            entry.member("path", path)
            entry.member("text", String(decoding: text, as: UTF8.self))
        }
    }

    private func archive(
        of path: String, _ pointers: [String: [UInt8]], _ files: [String: TreeFile], in record: inout JSONWriter
    ) {
        let archive = String(path.dropLast(".onnx".count)) + ".tar.gz"
        guard let file = files[archive] else { return }
        record.key("archive")
        record.object { entry in
            entry.member("path", archive)
            entry.member("size", file.size)
            entry.member("git_oid", file.gitObjectID?.hex)
            entry.member("pointer", pointers[archive].map { String(decoding: $0, as: UTF8.self) })
        }
    }

    private static func isDescription(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name == "README.md" || name == "LICENSE" || name == "turnkey_stats.yaml" || path == "ONNX_HUB_MANIFEST.json"
    }

    private static func isModelOrArchive(_ path: String) -> Bool {
        path.lowercased().hasSuffix(".onnx") || path.lowercased().hasSuffix(".tar.gz")
    }

    /// The nearest folder above a file, but not the root, that has a read-me.
    private static func readmeFolder(of path: String, _ texts: [String: [UInt8]]) -> String? {
        var folder = folder(of: path)
        while !folder.isEmpty {
            if texts[join(folder, "README.md")] != nil { return folder }
            folder = self.folder(of: folder)
        }
        return nil
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    private static func join(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }
}

/// The tables of model classes in the top read-me: a class's name, folder, paper and description, a table for each category.
private struct ONNXClassTable {
    struct Row {
        let name: String
        let section: String
        let description: String
        let paper: String?
        let space: String?
        let line: Int

        func write(to record: inout JSONWriter) {
            record.key("class")
            record.object { entry in
                entry.member("name", name)
                entry.member("section", section)
                entry.member("description", description)
                entry.member("paper", paper)
                entry.member("space", space)
                entry.member("line", Int64(line))
            }
        }
    }

    private var rows: [String: Row] = [:]

    init(readme: String) {
        let document = MarkdownDocument(readme)
        for table in document.tables {
            guard let heading = document.headings.last(where: { $0.line < table.line }) else { continue }
            let section = heading.anchor ?? heading.text.lowercased().replacing(" ", with: "_")
            for row in table.rows {
                guard let link = row.cells.first?.links.first, row.cells.count >= 3 else { continue }
                let folder = link.url.split(separator: "/").joined(separator: "/")
                let space = row.cells.dropFirst(3).flatMap(\.links).map(\.url).first { $0.contains("huggingface.co/spaces") }
                let entry = Row(
                    name: link.text, section: section, description: row.cells[2].text, paper: row.cells[1].links.first?.url,
                    space: space, line: row.line)
                if rows[folder] == nil { rows[folder] = entry }
            }
        }
    }

    func row(folder: String) -> Row? { rows[folder] }
}
