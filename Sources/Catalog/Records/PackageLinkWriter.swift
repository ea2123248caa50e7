import Documents
import GRDB
import ModelPackage

/// Writes the rows that belong to a package: its tags, files, papers and so on.
final class PackageLinkWriter {
    private let tag: BulkStatement
    private let tagGroup: BulkStatement
    private let language: BulkStatement
    private let dataset: BulkStatement
    private let paper: BulkStatement
    private let base: BulkStatement
    private let reference: BulkStatement
    private let commit: BulkStatement
    private let removals: [BulkStatement]

    init(_ db: Database) throws {
        tag = try BulkStatement(db, "INSERT OR IGNORE INTO package_tag (package, tag) VALUES (?1, ?2)")
        // Tags are most of all rows; a statement costs more than a row.
        let rows = (0..<Self.tagsAtOnce).map { "(?1, ?\($0 + 2))" }.joined(separator: ", ")
        tagGroup = try BulkStatement(db, "INSERT OR IGNORE INTO package_tag (package, tag) VALUES \(rows)")
        language = try BulkStatement(
            db, "INSERT OR IGNORE INTO package_language (package, language, source) VALUES (?1, ?2, ?3)")
        dataset = try BulkStatement(
            db, "INSERT OR IGNORE INTO package_dataset (package, dataset, source, url) VALUES (?1, ?2, ?3, ?4)")
        paper = try BulkStatement(
            db, "INSERT OR IGNORE INTO package_paper (package, paper, source, kind) VALUES (?1, ?2, ?3, ?4)")
        base = try BulkStatement(
            db, "INSERT INTO package_base (package, base, source, relation, number) VALUES (?1, ?2, ?3, ?4, ?5)")
        reference = try BulkStatement(
            db, "INSERT OR IGNORE INTO package_reference (package, kind, name, ref, target) VALUES (?1, ?2, ?3, ?4, ?5)")
        commit = try BulkStatement(
            db, "INSERT INTO package_commit (package, number, id, title, authors, date) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        removals = try [
            "package_tag", "package_language", "package_dataset", "package_paper", "package_base", "package_reference",
            "package_commit",
        ].map { try BulkStatement(db, "DELETE FROM \($0) WHERE package = ?1") }
    }

    func removeAll(of package: Int64) throws {
        for removal in removals {
            removal.bind(1, package)
            try removal.run()
        }
    }

    func add(tags terms: [Int64], _ package: Int64) throws {
        var rest = terms[...]
        while rest.count >= Self.tagsAtOnce {
            tagGroup.bind(1, package)
            for (index, term) in rest.prefix(Self.tagsAtOnce).enumerated() { tagGroup.bind(Int32(index + 2), term) }
            try tagGroup.run()
            rest = rest.dropFirst(Self.tagsAtOnce)
        }
        for term in rest {
            tag.bind(1, package)
            tag.bind(2, term)
            try tag.run()
        }
    }

    private static let tagsAtOnce = 6

    func add(language term: Int64, _ source: Int64, _ package: Int64) throws {
        language.bind(1, package)
        language.bind(2, term)
        language.bind(3, source)
        try language.run()
    }

    func add(dataset term: Int64, url: String?, _ source: Int64, _ package: Int64) throws {
        dataset.bind(1, package)
        dataset.bind(2, term)
        dataset.bind(3, source)
        dataset.bind(4, url)
        try dataset.run()
    }

    func add(_ entry: Paper, _ source: Int64, _ package: Int64) throws {
        paper.bind(1, package)
        paper.bind(2, entry.id)
        paper.bind(3, source)
        paper.bind(4, entry.kind.rawValue)
        try paper.run()
    }

    func add(_ entry: BaseModel, number: Int64, _ source: Int64, _ package: Int64) throws {
        base.bind(1, package)
        base.bind(2, entry.name)
        base.bind(3, source)
        base.bind(4, entry.relation?.rawValue)
        base.bind(5, number)
        try base.run()
    }

    func add(_ entry: GitReference, _ package: Int64) throws {
        reference.bind(1, package)
        reference.bind(2, entry.kind.rawValue)
        reference.bind(3, entry.name)
        reference.bind(4, entry.ref)
        reference.bind(5, entry.target.hex)
        try reference.run()
    }

    func add(_ entry: Commit, number: Int64, _ package: Int64) throws {
        commit.bind(1, package)
        commit.bind(2, number)
        commit.bind(3, entry.id.hex)
        commit.bind(4, entry.title)
        // A JSON list, for a name may hold any character.
        commit.bind(5, JSONText.strings(entry.authors))
        commit.bind(6, entry.date.description)
        try commit.run()
    }
}
