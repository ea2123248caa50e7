import GRDB
import ModelPackage

/// A question for packages in an exact order, page by page: what the Hub's own list answers.
public struct PackageListQuery: Hashable, Sendable {
    /// What the list is sorted by, from the top down.
    public enum Order: String, Sendable, Hashable {
        /// By downloads, or likes where a package has none.
        case popularity
        case likes, modified, created
    }

    /// Facets of which a package must have at least one of each inner list.
    public var facets: [[SearchFacet]]
    /// A part of the name, in any case.
    public var nameContains: String?
    public var isGated: Bool?
    /// The least and the greatest number of parameters.
    public var parameters: ClosedRange<Int64>?
    public var order: Order

    public init(
        facets: [[SearchFacet]] = [], nameContains: String? = nil, isGated: Bool? = nil, parameters: ClosedRange<Int64>? = nil,
        order: Order = .popularity
    ) {
        self.facets = facets
        self.nameContains = nameContains
        self.isGated = isGated
        self.parameters = parameters
        self.order = order
    }

    /// Whether the answers can be read off the search index in its own order.
    public var isInIndexOrder: Bool {
        order == .popularity && nameContains == nil && isGated == nil && parameters == nil
    }

    fileprivate var match: String {
        let groups = facets.isEmpty ? [HubID.allCases.map { SearchFacet.hub($0) }] : facets
        return groups.map { "(" + $0.map(\.token).joined(separator: " OR ") + ")" }.joined(separator: " AND ")
    }
}

/// A place in a list that is in the order of the search index: the last package that was given.
public struct PackageListPosition: Hashable, Sendable {
    public let step: Int64
    public let popularity: Int64
    public let key: Int64

    public init(step: Int64, popularity: Int64, key: Int64) {
        self.step = step
        self.popularity = popularity
        self.key = key
    }
}

extension CatalogDatabase {
    /// A page of a list in the index's own order. Costs the page, however long the list is.
    ///
    /// - Parameter position: the last package of the page before.
    /// - Returns: keys, and where the next page begins; nil after the last one.
    public func listInIndexOrder(
        _ query: PackageListQuery, after position: PackageListPosition?, limit: Int
    ) throws -> (keys: [Int64], next: PackageListPosition?) {
        try reader.read { db in
            var walk = IndexWalk(db, query.match, after: position)
            var found: [PackageListPosition] = []
            while found.count <= limit, let step = try walk.nextPart() { found += step }
            let page = found.prefix(limit)
            return (page.map(\.key), found.count > limit ? page.last : nil)
        }
    }

    /// All packages of a list in its order, by key; as many as `limit`.
    public func list(_ query: PackageListQuery, limit: Int) throws -> [Int64] {
        try reader.read { db in
            var conditions = ["p.removed_at IS NULL"]
            var arguments: StatementArguments = []
            if !query.facets.isEmpty {
                conditions.append("p.key IN (SELECT rowid & \((Int64(1) << 40) - 1) FROM search WHERE search MATCH ?)")
                arguments += [query.match]
            }
            if let part = query.nameContains {
                // The index over ids is read through, which is a small part of the table.
                conditions.append("p.key IN (SELECT key FROM package WHERE instr(substr(lower(id), instr(id, ':') + 1), ?))")
                arguments += [part.lowercased()]
            }
            if let isGated = query.isGated { conditions.append("coalesce(p.gated, 'false') \(isGated ? "<>" : "=") 'false'") }
            if let range = query.parameters {
                conditions.append(
                    """
                    (SELECT sum(j.value ->> '$.count') FROM json_each(p.details, '$.parameters') j
                        WHERE j.value ->> '$.type' <> 'total') BETWEEN ? AND ?
                    """)
                arguments += [range.lowerBound, range.upperBound]
            }
            let order =
                switch query.order {
                case .popularity: "coalesce(p.downloads, p.likes, 0) DESC"
                case .likes: "p.likes DESC"
                case .modified: "p.modified_at DESC"
                case .created: "p.created_at DESC"
                }
            arguments += [limit]
            return try Int64.fetchAll(
                db,
                sql:
                    "SELECT p.key FROM package p WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order), p.key LIMIT ?",
                arguments: arguments)
        }
    }
}

/// Reads matches of the search index in order of popularity, step by step of the index; see ``SearchRow``.
private struct IndexWalk {
    private let db: Database
    private let match: String
    private let position: PackageListPosition?
    /// The least row of the index that has not been looked at; nil at the end.
    private var row: Int64?

    /// Rows of a step whose packages are all as popular are taken piece by piece.
    private static let pieceSize = 1000

    init(_ db: Database, _ match: String, after position: PackageListPosition?) {
        self.db = db
        self.match = match
        self.position = position
        row =
            position.map {
                SearchRow.isUniform(step: $0.step)
                    ? SearchRow.row(step: $0.step, key: $0.key + 1) : SearchRow.row(step: $0.step, key: 0)
            } ?? 0
    }

    /// The next packages in order, or nil after the last one.
    mutating func nextPart() throws -> [PackageListPosition]? {
        guard let start = row else { return nil }
        let first = try Int64.fetchOne(
            db, sql: "SELECT rowid FROM search WHERE search MATCH ? AND rowid >= ? ORDER BY rowid LIMIT 1",
            arguments: [match, start])
        guard let first else {
            row = nil
            return nil
        }
        let step = SearchRow.step(ofRow: first)
        let isUniform = SearchRow.isUniform(step: step)
        let rows = try Int64.fetchAll(
            db,
            sql: "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?",
            arguments: [
                match, first, SearchRow.row(step: step + 1, key: 0) - 1, isUniform ? Self.pieceSize : Int(Int32.max),
            ])
        let keys = rows.map { SearchRow.package(of: $0) }
        row = isUniform && rows.count == Self.pieceSize ? (rows.last ?? first) + 1 : SearchRow.row(step: step + 1, key: 0)
        if isUniform { return keys.map { PackageListPosition(step: step, popularity: 0, key: $0) } }
        return try ordered(keys, step).filter { isBehind($0) }
    }

    private func ordered(_ keys: [Int64], _ step: Int64) throws -> [PackageListPosition] {
        let list = keys.map(String.init).joined(separator: ",")
        return try Row.fetchAll(
            db, sql: "SELECT key, coalesce(downloads, likes, 0) FROM package WHERE key IN (\(list))"
        ).map { PackageListPosition(step: step, popularity: $0[1], key: $0[0]) }
            .sorted { $0.popularity == $1.popularity ? $0.key < $1.key : $0.popularity > $1.popularity }
    }

    private func isBehind(_ place: PackageListPosition) -> Bool {
        guard let position, position.step == place.step else { return true }
        return place.popularity == position.popularity ? place.key > position.key : place.popularity < position.popularity
    }
}
