import GRDB
import ModelPackage

/// Writes packages inside one transaction.
final class PackageWriter {
    enum Outcome {
        case added, updated, unchanged
        /// The crawl has listed this package before.
        case repeated
    }

    private let db: Database
    private let crawl: CrawlRow
    private let startedAt: String
    private let dictionary: TermDictionary
    private var nextKey: Int64
    private var nextNumber: Int64
    private let links: PackageLinkWriter
    private let reader: PackageReader

    private let find: BulkStatement
    private let insert: BulkStatement
    private let touch: BulkStatement
    private let replace: BulkStatement
    private let observe: BulkStatement
    private let fail: BulkStatement
    private let findTerm: BulkStatement
    private let addTerm: BulkStatement
    private let findSource: BulkStatement
    private let addSource: BulkStatement
    private let findSet: BulkStatement
    private let addSet: BulkStatement
    private let findList: BulkStatement
    private let addList: BulkStatement
    private let addFile: BulkStatement
    private let addDocument: BulkStatement

    /// Whether the hub had no packages when the crawl began: then a package that is known is one that this crawl listed.
    private let isFirstCrawl: Bool

    init(_ db: Database, crawl: CrawlRow, dictionary: TermDictionary, isFirstCrawl: Bool) throws {
        self.isFirstCrawl = isFirstCrawl
        self.db = db
        self.crawl = crawl
        self.dictionary = dictionary
        startedAt = crawl.startedAt.description
        nextNumber =
            try Int64.fetchOne(db, sql: "SELECT next_number FROM hub_counter WHERE hub = ?", arguments: [crawl.hub.rawValue])
            ?? 0
        nextKey = try Int64.fetchOne(db, sql: "SELECT coalesce(max(key), 0) + 1 FROM package") ?? 1
        links = try PackageLinkWriter(db)
        reader = try PackageReader(db)
        find = try BulkStatement(
            db,
            "SELECT key, content_hash, downloads, likes, last_crawl, search_row, removed_at FROM package WHERE id = ?1")
        insert = try BulkStatement(
            db,
            """
            INSERT OR IGNORE INTO package (id, hub, title, summary, owner, url, owner_url, task, library, architecture, license, revision,
                downloads, likes, gated, private, disabled, created_at, modified_at, last_crawl, content_hash, evidence, details,
                record_crawl, record_frame, record_line, search_row, file_list, key, number, first_crawl)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
                ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?20)
            """)
        replace = try BulkStatement(
            db,
            """
            UPDATE package SET title = ?3, summary = ?4, owner = ?5, url = ?6, owner_url = ?7, task = ?8, library = ?9,
                architecture = ?10, license = ?11, revision = ?12, downloads = ?13, likes = ?14, gated = ?15, private = ?16,
                disabled = ?17, created_at = ?18, modified_at = ?19, last_crawl = ?20, content_hash = ?21, evidence = ?22,
                details = ?23, record_crawl = ?24, record_frame = ?25, record_line = ?26, search_row = ?27, file_list = ?28, removed_at = NULL
            WHERE key = ?29
            """)
        touch = try BulkStatement(
            db,
            """
            UPDATE package SET downloads = ?2, likes = ?3, last_crawl = ?4, record_crawl = ?4, record_frame = ?5,
                record_line = ?6, search_row = ?7, removed_at = NULL WHERE key = ?1
            """)
        observe = try BulkStatement(
            db, "INSERT INTO observation (package, crawl, revision, downloads, likes) VALUES (?1, ?2, ?3, ?4, ?5)")
        fail = try BulkStatement(db, "INSERT INTO crawl_failure (crawl, number, package, reason) VALUES (?1, ?2, ?3, ?4)")
        findTerm = try BulkStatement(db, "SELECT id FROM term WHERE text = ?1")
        addTerm = try BulkStatement(db, "INSERT INTO term (text) VALUES (?1)")
        findSource = try BulkStatement(db, "SELECT id FROM evidence_source WHERE place = ?1 AND method = ?2")
        addSource = try BulkStatement(db, "INSERT INTO evidence_source (place, method) VALUES (?1, ?2)")
        findSet = try BulkStatement(db, "SELECT id FROM evidence_set WHERE fields = ?1")
        addSet = try BulkStatement(db, "INSERT INTO evidence_set (fields) VALUES (?1)")
        findList = try BulkStatement(db, "SELECT id FROM file_list WHERE hash = ?1")
        addList = try BulkStatement(db, "INSERT INTO file_list (hash) VALUES (?1)")
        addFile = try BulkStatement(
            db,
            "INSERT OR IGNORE INTO file_list_entry (list, path, size, sha256, git_oid, lfs) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        addDocument = try BulkStatement(db, "INSERT INTO search (rowid, document) VALUES (?1, ?2)")
    }

    func write(_ row: PackageRow, _ location: RecordLocation) throws -> Outcome {
        if isFirstCrawl { return try insert(row, location) ? .added : .repeated }
        let package = row.package
        find.bind(1, row.id)
        let known = try find.first { columns in
            KnownPackage(
                key: columns.int(0) ?? 0, contentHash: columns.blob(1) ?? [], downloads: columns.int(2),
                likes: columns.int(3), lastCrawl: columns.int(4) ?? 0, searchRow: columns.int(5),
                wasRemoved: columns.text(6) != nil)
        }
        guard let known else {
            _ = try insert(row, location)
            return .added
        }
        if known.lastCrawl == crawl.id { return .repeated }
        let hasSameContent = known.contentHash == row.contentHash
        let hasSameCounters = known.downloads == package.downloads?.value && known.likes == package.likes?.value
        let searchRow = SearchRow.number(package: known.key, popularity: row.popularity)
        if !hasSameContent || known.searchRow != searchRow, let old = known.searchRow {
            try removeSearch(of: known.key, row: old)
        }
        if hasSameContent {
            touch.bind(1, known.key)
            touch.bind(2, package.downloads?.value)
            touch.bind(3, package.likes?.value)
            touch.bind(4, crawl.id)
            touch.bind(5, location.frame)
            touch.bind(6, location.line)
            touch.bind(7, searchRow)
            try touch.run()
        } else {
            try bindColumns(of: row, location, searchRow: searchRow, to: replace)
            replace.bind(29, known.key)
            try replace.run()
            try links.removeAll(of: known.key)
            try writeLinks(of: row, key: known.key)
        }
        try addObservation(row, key: known.key)
        if !hasSameContent || known.searchRow != searchRow { try addSearch(row, at: searchRow) }
        return hasSameContent && hasSameCounters && !known.wasRemoved ? .unchanged : .updated
    }

    /// Notes a lost record.
    func write(_ failure: CrawlFailure, number: Int64) throws {
        fail.bind(1, crawl.id)
        fail.bind(2, number)
        fail.bind(3, failure.package)
        fail.bind(4, failure.reason)
        try fail.run()
    }

    /// Marks the hub's packages that this crawl did not list, and takes them out of search.
    func markRemoved() throws -> Int64 {
        // A package whose record was lost, but could be named, was listed all the same.
        try db.execute(
            sql: """
                UPDATE package SET last_crawl = ?1 WHERE removed_at IS NULL AND last_crawl <> ?1
                    AND id IN (SELECT package FROM crawl_failure WHERE crawl = ?1)
                """, arguments: [crawl.id])
        let gone = try BulkStatement(
            db, "SELECT key, search_row FROM package WHERE hub = ?1 AND last_crawl <> ?2 AND removed_at IS NULL")
        gone.bind(1, crawl.hub.rawValue)
        gone.bind(2, crawl.id)
        let packages = try gone.all { ($0.int(0) ?? 0, $0.int(1)) }
        let mark = try BulkStatement(db, "UPDATE package SET removed_at = ?2, search_row = NULL WHERE key = ?1")
        for (key, row) in packages {
            if let row { try removeSearch(of: key, row: row) }
            mark.bind(1, key)
            mark.bind(2, startedAt)
            try mark.run()
        }
        return Int64(packages.count)
    }

    private struct KnownPackage {
        let key: Int64
        let contentHash: [UInt8]
        let downloads: Int64?
        let likes: Int64?
        let lastCrawl: Int64
        let searchRow: Int64?
        let wasRemoved: Bool
    }

    /// Adds a package; false where one of that name is there already.
    private func insert(_ row: PackageRow, _ location: RecordLocation) throws -> Bool {
        let key = nextKey
        let searchRow = SearchRow.number(package: key, popularity: row.popularity)
        try bindColumns(of: row, location, searchRow: searchRow, to: insert)
        insert.bind(29, key)
        insert.bind(30, nextNumber)
        try insert.run()
        if db.changesCount == 0 { return false }
        nextKey += 1
        nextNumber += 1
        try writeLinks(of: row, key: key)
        try addObservation(row, key: key)
        try addSearch(row, at: searchRow)
        return true
    }

    private func bindColumns(
        of row: PackageRow, _ location: RecordLocation, searchRow: Int64, to statement: BulkStatement
    ) throws {
        let package = row.package
        statement.bind(1, row.id)
        statement.bind(2, package.id.hub.rawValue)
        statement.bind(3, package.title?.value)
        statement.bind(4, package.summary?.value)
        statement.bind(5, package.owner?.value)
        // Hugging Face's addresses follow from the name; the view makes them.
        let isHuggingFace = package.id.hub == .huggingface
        statement.bind(6, isHuggingFace ? nil : package.url?.value)
        statement.bind(7, isHuggingFace ? nil : package.ownerURL?.value)
        statement.bind(8, try package.task.map { try term($0.value) })
        statement.bind(9, try package.library.map { try term($0.value) })
        statement.bind(10, try package.architecture.map { try term($0.value) })
        statement.bind(11, try package.licenses.first.map { try term($0.value.id) })
        statement.bind(12, blob: row.revision)
        statement.bind(13, package.downloads?.value)
        statement.bind(14, package.likes?.value)
        statement.bind(15, package.gated?.value.rawValue)
        statement.bind(16, package.isPrivate?.value)
        statement.bind(17, package.isDisabled?.value)
        statement.bind(18, row.createdAt)
        statement.bind(19, row.modifiedAt)
        statement.bind(20, crawl.id)
        statement.bind(21, blob: row.contentHash)
        statement.bind(22, try evidenceSet(row.evidenceFields))
        statement.bind(23, row.details)
        statement.bind(24, location.crawl)
        statement.bind(25, location.frame)
        statement.bind(26, location.line)
        statement.bind(27, searchRow)
        statement.bind(28, try row.files.map { try fileList($0) })
    }

    private func writeLinks(of row: PackageRow, key: Int64) throws {
        let package = row.package
        try links.add(tags: try row.tags.map { try term($0) }, key)
        for language in package.languages {
            try links.add(language: try term(language.value), try source(language.evidence), key)
        }
        for dataset in package.datasets {
            try links.add(
                dataset: try term(dataset.value.name), url: datasetAddress(dataset.value), try source(dataset.evidence), key)
        }
        for paper in package.papers {
            try links.add(paper.value, try source(paper.evidence), key)
        }
        for (number, base) in package.baseModels.enumerated() {
            try links.add(base.value, number: Int64(number), try source(base.evidence), key)
        }
        for reference in package.references { try links.add(reference, key) }
        for (number, commit) in package.commits.enumerated() { try links.add(commit, number: Int64(number), key) }
    }

    /// An address that follows from a name on Hugging Face is kept as an empty text; the view makes it.
    private func datasetAddress(_ dataset: DatasetReference) -> String? {
        dataset.url == "https://huggingface.co/datasets/\(dataset.name)" ? "" : dataset.url
    }

    private func addObservation(_ row: PackageRow, key: Int64) throws {
        observe.bind(1, key)
        observe.bind(2, crawl.id)
        observe.bind(3, blob: row.revision)
        observe.bind(4, row.package.downloads?.value)
        observe.bind(5, row.package.likes?.value)
        try observe.run()
    }

    private var pendingSearch: [(row: Int64, document: String)] = []

    /// Documents for the index gather and are written in order of their number: FTS5 keeps rows in memory only while they come so.
    /// Not too many at once, for whoever prepares packages waits meanwhile.
    private func addSearch(_ row: PackageRow, at searchRow: Int64) throws {
        pendingSearch.append((searchRow, row.searchDocument))
        if pendingSearch.count >= Self.searchBatch { try flushSearch() }
    }

    private static let searchBatch = 4000

    private func flushSearch() throws {
        for (row, document) in pendingSearch.sorted(by: { $0.row < $1.row }) {
            addDocument.bind(1, row)
            addDocument.bind(2, document)
            try addDocument.run()
        }
        pendingSearch.removeAll(keepingCapacity: true)
    }

    /// Writes what gathers over a transaction: numbers given out, and the last documents for the index.
    func flush() throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO hub_counter (hub, next_number) VALUES (?, ?)",
            arguments: [crawl.hub.rawValue, nextNumber])
        try flushSearch()
    }

    /// An index without content forgets a row only when told what it held, so the document is made once more from the
    /// package as the catalog has it.
    private func removeSearch(of key: Int64, row: Int64) throws {
        guard let package = try reader.package(key: key) else { return }
        try db.execute(
            sql: "INSERT INTO search (search, rowid, document) VALUES ('delete', ?, ?)",
            arguments: [row, SearchDocument(package).text])
    }

    private func term(_ text: String) throws -> Int64 {
        if let id = dictionary.terms[text] { return id }
        findTerm.bind(1, text)
        let id: Int64
        if let known = try findTerm.first({ $0.int(0) ?? 0 }) {
            id = known
        } else {
            addTerm.bind(1, text)
            try addTerm.run()
            id = db.lastInsertedRowID
        }
        dictionary.keep(term: text, id)
        return id
    }

    private func source(_ evidence: Evidence) throws -> Int64 {
        if let id = dictionary.sources[evidence] { return id }
        findSource.bind(1, evidence.place)
        findSource.bind(2, evidence.method.rawValue)
        let id: Int64
        if let known = try findSource.first({ $0.int(0) ?? 0 }) {
            id = known
        } else {
            addSource.bind(1, evidence.place)
            addSource.bind(2, evidence.method.rawValue)
            try addSource.run()
            id = db.lastInsertedRowID
        }
        dictionary.keep(source: evidence, id)
        return id
    }

    private func evidenceSet(_ fields: String) throws -> Int64 {
        if let id = dictionary.sets[fields] { return id }
        findSet.bind(1, fields)
        let id: Int64
        if let known = try findSet.first({ $0.int(0) ?? 0 }) {
            id = known
        } else {
            addSet.bind(1, fields)
            try addSet.run()
            id = db.lastInsertedRowID
        }
        dictionary.keep(set: fields, id)
        return id
    }

    private func fileList(_ files: FileListRow) throws -> Int64 {
        if let id = dictionary.lists[files.hash] { return id }
        findList.bind(1, blob: files.hash)
        if let known = try findList.first({ $0.int(0) ?? 0 }) {
            dictionary.keep(list: files.hash, known)
            return known
        }
        addList.bind(1, blob: files.hash)
        try addList.run()
        let id = db.lastInsertedRowID
        for entry in files.files {
            addFile.bind(1, id)
            addFile.bind(2, try term(entry.path))
            addFile.bind(3, entry.size)
            addFile.bind(4, blob: entry.sha256.map { bytes(ofHex: $0.hex) })
            addFile.bind(5, blob: entry.gitObjectID.map { bytes(ofHex: $0.hex) })
            addFile.bind(6, entry.isLFS)
            try addFile.run()
        }
        dictionary.keep(list: files.hash, id)
        return id
    }
}
