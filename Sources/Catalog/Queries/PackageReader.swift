import Documents
import GRDB
import ModelPackage

/// Puts packages together again from their rows, as they went in.
final class PackageReader {
    private let byKey: BulkStatement
    private let evidenceSet: BulkStatement
    private let tags: BulkStatement
    private let languages: BulkStatement
    private let datasets: BulkStatement
    private let papers: BulkStatement
    private let bases: BulkStatement
    private let files: BulkStatement
    private let references: BulkStatement
    private let commits: BulkStatement
    private var evidenceSets: [Int64: [String: Evidence]] = [:]

    init(_ db: Database) throws {
        byKey = try BulkStatement(
            db,
            """
            SELECT p.id, p.title, p.summary, p.owner, p.url, p.owner_url, task.text, library.text, architecture.text,
                license.text, lower(hex(p.revision)), p.downloads, p.likes, p.gated, p.private, p.disabled, p.created_at,
                p.modified_at, p.evidence, p.details
            FROM package p
                LEFT JOIN term task ON task.id = p.task
                LEFT JOIN term library ON library.id = p.library
                LEFT JOIN term architecture ON architecture.id = p.architecture
                LEFT JOIN term license ON license.id = p.license
            WHERE p.key = ?1
            """)
        evidenceSet = try BulkStatement(
            db, "SELECT j.key, j.value ->> 0, j.value ->> 1 FROM evidence_set e, json_each(e.fields) j WHERE e.id = ?1")
        tags = try BulkStatement(
            db, "SELECT t.text FROM package_tag x JOIN term t ON t.id = x.tag WHERE x.package = ?1")
        languages = try BulkStatement(
            db,
            """
            SELECT t.text, s.place, s.method FROM package_language x JOIN term t ON t.id = x.language
            JOIN evidence_source s ON s.id = x.source WHERE x.package = ?1
            """)
        datasets = try BulkStatement(
            db,
            """
            SELECT t.text, s.place, s.method, x.url FROM package_dataset x JOIN term t ON t.id = x.dataset
            JOIN evidence_source s ON s.id = x.source WHERE x.package = ?1
            """)
        papers = try BulkStatement(
            db,
            """
            SELECT x.paper, s.place, s.method, x.kind FROM package_paper x
            JOIN evidence_source s ON s.id = x.source WHERE x.package = ?1
            """)
        bases = try BulkStatement(
            db,
            """
            SELECT x.base, s.place, s.method, x.relation FROM package_base x
            JOIN evidence_source s ON s.id = x.source WHERE x.package = ?1 ORDER BY x.number
            """)
        files = try BulkStatement(
            db,
            """
            SELECT t.text, x.size, lower(hex(x.sha256)), lower(hex(x.git_oid)), x.lfs
            FROM file_list_entry x JOIN term t ON t.id = x.path
            WHERE x.list = (SELECT file_list FROM package WHERE key = ?1) ORDER BY t.text
            """)
        references = try BulkStatement(
            db, "SELECT kind, name, ref, target FROM package_reference WHERE package = ?1")
        commits = try BulkStatement(
            db, "SELECT id, title, authors, date FROM package_commit WHERE package = ?1 ORDER BY number")
    }

    func package(key: Int64) throws -> Package? {
        byKey.bind(1, key)
        var setID: Int64 = 0
        var details: String?
        var plain: PlainValues?
        let id: PackageID? = try byKey.first { columns in
            plain = PlainValues(columns)
            setID = columns.int(18) ?? 0
            details = columns.text(19)
            return columns.text(0).flatMap { try? PackageID(parsing: $0) }
        }.flatMap { $0 }
        guard let id, let plain else { return nil }
        let evidence = try evidenceFields(setID)
        var package = Package(id: id)
        plain.fill(&package, evidence)
        tags.bind(1, key)
        let tagEvidence = evidence["tags"] ?? Evidence("")
        package.tags = try tags.all { Sourced($0.text(0) ?? "", tagEvidence) }
        try readLinks(of: key, into: &package)
        if let details { try PackageDetails.read(details, into: &package) }
        return package
    }

    private func readLinks(of key: Int64, into package: inout Package) throws {
        languages.bind(1, key)
        package.languages = try languages.all { Sourced($0.text(0) ?? "", $0.evidence) }
        datasets.bind(1, key)
        package.datasets = try datasets.all { columns in
            let name = columns.text(0) ?? ""
            let url = columns.text(3).map { $0.isEmpty ? "https://huggingface.co/datasets/\(name)" : $0 }
            return Sourced(DatasetReference(name: name, url: url), columns.evidence)
        }
        papers.bind(1, key)
        package.papers = try papers.all { columns in
            Paper(kind: columns.text(3).flatMap { Paper.Kind(rawValue: $0) } ?? .url, storedID: columns.text(0) ?? "")
                .map { Sourced($0, columns.evidence) }
        }.compactMap { $0 }
        bases.bind(1, key)
        package.baseModels = try bases.all { columns in
            let relation = columns.text(3).flatMap { BaseModel.Relation(rawValue: $0) }
            return Sourced(BaseModel(name: columns.text(0) ?? "", relation: relation), columns.evidence)
        }
        files.bind(1, key)
        package.files = try files.all { columns in
            PackageFile(
                path: columns.text(0) ?? "", size: columns.int(1), sha256: columns.text(2).flatMap { SHA256Hash($0) },
                gitObjectID: columns.text(3).flatMap { GitObjectID($0) }, isLFS: columns.int(4).map { $0 != 0 })
        }
        references.bind(1, key)
        package.references = try references.all { columns in
            GitObjectID(columns.text(3) ?? "").map { target in
                GitReference(
                    kind: columns.text(0).flatMap { GitReference.Kind(rawValue: $0) } ?? .branch,
                    name: columns.text(1) ?? "", ref: columns.text(2) ?? "", target: target)
            }
        }.compactMap { $0 }
        commits.bind(1, key)
        package.commits = try commits.all { columns in
            guard let id = GitObjectID(columns.text(0) ?? ""), let date = Instant(iso8601: columns.text(3) ?? "") else {
                return nil
            }
            let authors = Self.texts(columns.text(2) ?? "[]")
            return Commit(id: id, title: columns.text(1) ?? "", authors: authors, date: date)
        }.compactMap { $0 }
    }

    private static func texts(_ json: String) -> [String] {
        (try? JSONDocument(Array(json.utf8)).root)?.elements.compactMap { $0.string } ?? []
    }

    private func evidenceFields(_ set: Int64) throws -> [String: Evidence] {
        if let known = evidenceSets[set] { return known }
        evidenceSet.bind(1, set)
        var fields: [String: Evidence] = [:]
        for (field, evidence) in try evidenceSet.all({ ($0.text(0) ?? "", $0.evidence) }) { fields[field] = evidence }
        if evidenceSets.count >= 2000 { evidenceSets.removeAll() }
        evidenceSets[set] = fields
        return fields
    }

    /// The values of a package's own row.
    private struct PlainValues {
        private let texts: [String?]
        private let numbers: [Int64?]

        init(_ columns: borrowing BulkStatement.Columns) {
            texts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 16, 17].map { columns.text($0) }
            numbers = [11, 12, 14, 15].map { columns.int($0) }
        }

        func fill(_ package: inout Package, _ evidence: [String: Evidence]) {
            func sourced<Value>(_ field: String, _ value: Value?) -> Sourced<Value>? {
                value.map { Sourced($0, evidence[field] ?? Evidence("")) }
            }
            let isHuggingFace = package.id.hub == .huggingface
            let homepage = HubID.huggingface.homepage
            package.title = sourced("title", texts[0])
            package.summary = sourced("summary", texts[1])
            package.owner = sourced("owner", texts[2])
            package.url = sourced("url", isHuggingFace ? "\(homepage)/\(package.id.name)" : texts[3])
            package.ownerURL = sourced("owner_url", isHuggingFace ? texts[2].map { "\(homepage)/\($0)" } : texts[4])
            package.task = sourced("task", texts[5])
            package.library = sourced("library", texts[6])
            package.architecture = sourced("architecture", texts[7])
            package.licenses = sourced("license", texts[8].map { License(id: $0) }).map { [$0] } ?? []
            package.revision = sourced("revision", texts[9].flatMap { GitObjectID($0) })
            package.downloads = sourced("downloads", numbers[0])
            package.likes = sourced("likes", numbers[1])
            package.gated = sourced("gated", texts[10].flatMap { Gating(rawValue: $0) })
            package.isPrivate = sourced("private", numbers[2].map { $0 != 0 })
            package.isDisabled = sourced("disabled", numbers[3].map { $0 != 0 })
            package.createdAt = sourced("created_at", texts[11].flatMap { Instant(iso8601: $0) })
            package.modifiedAt = sourced("modified_at", texts[12].flatMap { Instant(iso8601: $0) })
        }
    }
}

extension BulkStatement.Columns {
    /// The evidence in columns 1 (place) and 2 (method).
    fileprivate var evidence: Evidence {
        Evidence(text(1) ?? "", text(2).flatMap { Evidence.Method(rawValue: $0) } ?? .stated)
    }
}
