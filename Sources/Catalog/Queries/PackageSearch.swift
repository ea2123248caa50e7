import GRDB
import ModelPackage

/// A question to search: words, facets to narrow by, an order and a number of answers.
public struct PackageSearch: Sendable {
    /// The orders of answers, each from the top down.
    public enum Order: String, Sendable, CaseIterable {
        case downloads, likes, modified, created, name
    }

    /// Words that a package must all have in its name, title, owner, task, library, architecture, tags or summary. A word
    /// that ends in `*` stands for all that begin with it.
    public var text: String
    public var facets: [SearchFacet]
    public var order: Order
    public var limit: Int
    public var wantsFacetCounts: Bool

    public init(
        text: String, facets: [SearchFacet] = [], order: Order = .downloads, limit: Int = 20, wantsFacetCounts: Bool = false
    ) {
        self.text = text
        self.facets = facets
        self.order = order
        self.limit = limit
        self.wantsFacetCounts = wantsFacetCounts
    }

    /// Words and facets that one question may have; each costs a walk through the index.
    public static let maximumTerms = 64

    /// The question in the index's own language, or nil where nothing is asked for.
    func match() throws(CatalogError) -> String? {
        var terms = text.split(separator: " ").flatMap { word -> [String] in
            var words = SearchText.words(of: String(word))
            if word.hasSuffix("*"), let last = words.popLast() { words.append(last + "*") }
            return words
        }
        terms += facets.map(\.token)
        guard terms.count <= Self.maximumTerms else {
            throw CatalogError("a search may have \(Self.maximumTerms) words and facets, not \(terms.count): leave some out")
        }
        return terms.isEmpty ? nil : terms.joined(separator: " AND ")
    }
}

/// The answer to a search.
public struct PackageSearchResult: Sendable {
    public struct Hit: Sendable, Equatable {
        public let id: String
        public let task: String?
        public let library: String?
        public let license: String?
        public let downloads: Int64?
        public let likes: Int64?
        public let modifiedAt: String?
        public let summary: String?
    }

    /// How many packages have each value of a facet.
    public struct FacetCount: Sendable, Equatable {
        public let value: String
        public let count: Int64
    }

    public var hits: [Hit]
    /// How many packages match in all.
    public var total: Int64
    /// Counts by `hub`, `task`, `library` and `license`, the largest first; empty unless asked for.
    public var facets: [(name: String, counts: [FacetCount])] = []
    /// Over how many of the matches, the most used first, the facets were counted.
    public var facetSample: Int64 = 0
}

extension CatalogDatabase {
    /// Packages that match, best first.
    public func search(_ search: PackageSearch) throws -> PackageSearchResult {
        try reader.read { db in
            let match =
                try search.match() ?? "(" + HubID.allCases.map { SearchFacet.hub($0).token }.joined(separator: " OR ") + ")"
            let total = try Int64.fetchOne(db, sql: "SELECT count(*) FROM search WHERE search MATCH ?", arguments: [match]) ?? 0
            var result = PackageSearchResult(
                hits: search.order == .downloads
                    ? try mostUsed(db, match, limit: search.limit) : try sorted(db, match, by: search.order, limit: search.limit),
                total: total)
            if search.wantsFacetCounts { try countFacets(db, match, into: &result) }
            return result
        }
    }

    /// The index lists the most used first, in steps (see ``SearchRow``): enough rows to fill the last step, then sorted.
    private func mostUsed(_ db: Database, _ match: String, limit: Int) throws -> [PackageSearchResult.Hit] {
        let rows = try Int64.fetchCursor(
            db, sql: "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", arguments: [match])
        var keys: [Int64] = []
        var lastStep: Int64?
        while let row = try rows.next() {
            if keys.count >= limit, SearchRow.step(ofRow: row) != lastStep || keys.count >= limit + Self.widestStep { break }
            lastStep = SearchRow.step(ofRow: row)
            keys.append(SearchRow.package(of: row))
        }
        let list = keys.map(String.init).joined(separator: ",")
        return try hits(db, "p.key IN (\(list)) ORDER BY coalesce(p.downloads, p.likes, 0) DESC, p.key LIMIT ?", [limit])
    }

    private func sorted(
        _ db: Database, _ match: String, by order: PackageSearch.Order, limit: Int
    ) throws -> [PackageSearchResult.Hit] {
        let column =
            switch order {
            case .downloads: "p.downloads DESC"
            case .likes: "p.likes DESC"
            case .modified: "p.modified_at DESC"
            case .created: "p.created_at DESC"
            case .name: "p.id"
            }
        return try hits(
            db,
            """
            p.key IN (SELECT rowid & \((Int64(1) << 40) - 1) FROM search WHERE search MATCH ?) ORDER BY \(column), p.key LIMIT ?
            """, [match, limit])
    }

    private func hits(
        _ db: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> [PackageSearchResult.Hit] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT p.id, task.text, library.text, license.text, p.downloads, p.likes, p.modified_at, p.summary
                FROM package p LEFT JOIN term task ON task.id = p.task LEFT JOIN term library ON library.id = p.library
                    LEFT JOIN term license ON license.id = p.license
                WHERE \(condition)
                """, arguments: arguments
        ).map { row in
            PackageSearchResult.Hit(
                id: row[0], task: row[1], library: row[2], license: row[3], downloads: row[4], likes: row[5],
                modifiedAt: row[6], summary: row[7])
        }
    }

    private func countFacets(_ db: Database, _ match: String, into result: inout PackageSearchResult) throws {
        let keys = try Int64.fetchAll(
            db, sql: "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?",
            arguments: [match, Self.facetSample]
        ).map { SearchRow.package(of: $0) }
        result.facetSample = Int64(keys.count)
        let list = keys.map(String.init).joined(separator: ",")
        for (name, column) in [("hub", "p.hub"), ("task", "task.text"), ("library", "library.text"), ("license", "license.text")]
        {
            let join = name == "hub" ? "" : "JOIN term \(name) ON \(name).id = p.\(name)"
            let counts = try Row.fetchAll(
                db,
                sql: """
                    SELECT \(column), count(*) AS n FROM package p \(join) WHERE p.key IN (\(list))
                    GROUP BY 1 ORDER BY n DESC, 1 LIMIT 10
                    """
            ).map { PackageSearchResult.FacetCount(value: $0[0], count: $0[1]) }
            result.facets.append((name, counts))
        }
    }

    /// How many rows of the last step are looked at, at most, to sort its packages exactly.
    private static let widestStep = 2000
    /// Over how many matches facets are counted, at most.
    private static let facetSample = 10_000
}
