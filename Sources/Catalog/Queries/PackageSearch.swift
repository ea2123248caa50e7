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
    /// How many of the best answers are passed over: the pages before.
    public var offset = 0
    public var wantsFacetCounts: Bool
    /// Over how many matches, the most used first, facets are counted.
    public var facetSample = 10_000
    /// How many of the packages that are about as popular as the last answer are looked at to sort them exactly.
    public var exactness = 2_000
    /// Matches are counted up to here; nil to count them all.
    public var countLimit: Int?
    /// Whether the last word is being typed: then words of names that begin with it match too.
    public var isBeingTyped = false
    /// Whole words that the last word may become, which match as well.
    public var completions: [String] = []

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
        if isBeingTyped, let last = terms.popLast() {
            let others = completions.flatMap { SearchText.words(of: $0) }
            terms.append(
                last.hasSuffix("*")
                    ? last : "(" + ([SearchText.beginningToken(last), last] + others).joined(separator: " OR ") + ")")
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
    /// How many packages match; where `isTotalExact` is false, at least as many.
    public var total: Int64
    public var isTotalExact = true
    /// Counts by `hub`, `task`, `library` and `license`, the largest first; empty unless asked for.
    public var facets: [(name: String, counts: [FacetCount])] = []
    /// Over how many of the matches, the most used first, the facets were counted.
    public var facetSample: Int64 = 0
}

extension CatalogDatabase {
    /// Words of tags, tasks and libraries that begin with a text: what somebody who types it may mean.
    public func words(beginningWith text: String, limit: Int = 8) throws -> [String] {
        guard let folded = SearchText.words(of: text).last, let last = folded.unicodeScalars.last,
            let after = Unicode.Scalar(last.value + 1)
        else { return [] }
        let end = String(String.UnicodeScalarView(folded.unicodeScalars.dropLast())) + String(after)
        return try reader.read { db in
            var words: [String] = []
            // Paths of files and names of papers are terms too, and no words to search by. They are many: not all are looked at.
            let terms = try String.fetchCursor(
                db,
                sql: """
                    SELECT text FROM (SELECT text FROM term WHERE text >= ? AND text < ? ORDER BY text LIMIT ?)
                    WHERE text NOT GLOB '*[./:]*'
                    """, arguments: [folded, end, Self.termsLookedAt])
            while words.count < limit, let term = try terms.next() {
                if let word = SearchText.words(of: term).first, word.hasPrefix(folded), !words.contains(word) {
                    words.append(word)
                }
            }
            return words
        }
    }

    private static let termsLookedAt = 2_000

    /// Packages that match, best first.
    public func search(_ search: PackageSearch) throws -> PackageSearchResult {
        try reader.read { db in
            let match =
                try search.match() ?? "(" + HubID.allCases.map { SearchFacet.hub($0).token }.joined(separator: " OR ") + ")"
            var result = PackageSearchResult(
                hits: search.order == .downloads ? try mostUsed(db, match, search) : try sorted(db, match, search), total: 0)
            try count(db, match, search, into: &result)
            if search.wantsFacetCounts { try countFacets(db, match, search, into: &result) }
            return result
        }
    }

    private func count(
        _ db: Database, _ match: String, _ search: PackageSearch, into result: inout PackageSearchResult
    ) throws {
        let limit = search.countLimit.map { $0 + 1 } ?? -1
        let found =
            try Int64.fetchOne(
                db, sql: "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)", arguments: [match, limit])
            ?? 0
        result.isTotalExact = search.countLimit.map { found <= $0 } ?? true
        result.total = result.isTotalExact ? found : found - 1
    }

    /// The index lists the most used first, in steps (see ``SearchRow``): enough rows to fill the last step, then sorted.
    private func mostUsed(_ db: Database, _ match: String, _ search: PackageSearch) throws -> [PackageSearchResult.Hit] {
        let wanted = search.offset.addingSaturated(search.limit)
        let rows = try Int64.fetchCursor(
            db, sql: "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", arguments: [match])
        var keys: [Int64] = []
        /// Packages of steps that end before the page begins; these need not be sorted.
        var passedOver = 0
        var stepStart = 0
        var lastStep: Int64?
        while let row = try rows.next() {
            let step = SearchRow.step(ofRow: row)
            if step != lastStep {
                if passedOver + keys.count <= search.offset {
                    passedOver += keys.count
                    keys.removeAll(keepingCapacity: true)
                }
                if passedOver + keys.count >= wanted { break }
                stepStart = passedOver + keys.count
            }
            if passedOver + keys.count >= max(wanted, stepStart) + search.exactness { break }
            lastStep = step
            keys.append(SearchRow.package(of: row))
        }
        let list = keys.map(String.init).joined(separator: ",")
        return try hits(
            db, "p.key IN (\(list)) ORDER BY coalesce(p.downloads, p.likes, 0) DESC, p.key LIMIT ? OFFSET ?",
            [search.limit, search.offset - passedOver])
    }

    private func sorted(_ db: Database, _ match: String, _ search: PackageSearch) throws -> [PackageSearchResult.Hit] {
        let column =
            switch search.order {
            case .downloads: "p.downloads DESC"
            case .likes: "p.likes DESC"
            case .modified: "p.modified_at DESC"
            case .created: "p.created_at DESC"
            case .name: "p.id"
            }
        return try hits(
            db,
            """
            p.key IN (SELECT rowid & \((Int64(1) << 40) - 1) FROM search WHERE search MATCH ?)
            ORDER BY \(column), p.key LIMIT ? OFFSET ?
            """, [match, search.limit, search.offset])
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

    private func countFacets(
        _ db: Database, _ match: String, _ search: PackageSearch, into result: inout PackageSearchResult
    ) throws {
        let keys = try Int64.fetchAll(
            db, sql: "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?",
            arguments: [match, search.facetSample]
        ).map { SearchRow.package(of: $0) }
        result.facetSample = Int64(keys.count)
        var hubs: [String: Int64] = [:]
        var terms: [[Int64: Int64]] = [[:], [:], [:]]
        // One walk over the packages; most of the time goes into finding their rows.
        let rows = try BulkStatement(db, "SELECT hub, task, library, license FROM package WHERE key = ?1")
        for key in keys {
            rows.bind(1, key)
            _ = try rows.first { columns in
                hubs[columns.text(0) ?? "", default: 0] += 1
                for (number, column) in [1, 2, 3].enumerated() {
                    if let term = columns.int(Int32(column)) { terms[number][term, default: 0] += 1 }
                }
            }
        }
        result.facets = [("hub", Self.largest(hubs.map { .init(value: $0.key, count: $0.value) }))]
        let term = try BulkStatement(db, "SELECT text FROM term WHERE id = ?1")
        for (name, counts) in zip(["task", "library", "license"], terms) {
            // The largest by number first, so that few texts are looked up.
            let candidates = counts.sorted { $0.value > $1.value }.prefix(Self.longestFacet * 2)
            let named = try candidates.compactMap { id, count -> PackageSearchResult.FacetCount? in
                term.bind(1, id)
                return try term.first { $0.text(0) }.flatMap { $0 }.map { .init(value: $0, count: count) }
            }
            result.facets.append((name, Self.largest(named)))
        }
    }

    private static func largest(_ counts: [PackageSearchResult.FacetCount]) -> [PackageSearchResult.FacetCount] {
        Array(counts.sorted { $0.count == $1.count ? $0.value < $1.value : $0.count > $1.count }.prefix(longestFacet))
    }

    /// Values of a facet that are told.
    private static let longestFacet = 10
}
