public import ModelPackage

/// Which packages of a hub are wanted, and in which order.
public struct ListingQuery: Sendable, Equatable {
    /// The orders a hub may be asked for; all but the default one run from the largest or newest down.
    public enum Order: String, Sendable, CaseIterable {
        case downloads, likes, modified, created
    }

    public var limit: Int?
    /// The share of the hub, from the top of ``order`` down, above 0 and up to 1.
    public var topFraction: Double?
    public var order: Order?
    public var author: String?
    /// Text that the package's name must hold.
    public var search: String?
    /// Tags that a package must all have.
    public var tags: [String] = []
    /// Only packages modified at or after this time.
    public var since: Instant?
    /// Whether each package's own record is asked for too: file sizes and hashes, branches, history.
    public var wantsDetails = false

    public init() {}

    /// Whether the listing covers the whole hub, so that a package it does not list is gone.
    public var isComplete: Bool {
        limit == nil && topFraction == nil && author == nil && search == nil && tags.isEmpty && since == nil
    }

    /// The query as one line of text; equal queries have equal lines.
    public var summary: String {
        var parts: [String] = []
        if let limit { parts.append("limit=\(limit)") }
        if let topFraction { parts.append("top=\(topFraction)") }
        if let order { parts.append("sort=\(order.rawValue)") }
        if let author { parts.append("author=\(author)") }
        if let search { parts.append("search=\(search)") }
        parts += tags.map { "filter=\($0)" }
        if let since { parts.append("since=\(since)") }
        if wantsDetails { parts.append("details") }
        return parts.joined(separator: " ")
    }

    /// Whether a package is wanted, for hubs that cannot be asked to choose.
    public func matches(_ package: Package) -> Bool {
        if let author, package.owner?.value.lowercased() != author.lowercased() { return false }
        if let search, !package.id.name.lowercased().contains(search.lowercased()) { return false }
        for tag in tags where !package.matches(tag: tag) { return false }
        if let since, (package.modifiedAt?.value ?? Instant(millisecondsSince1970: .min)) < since { return false }
        return true
    }

    /// The value that ``order`` sorts by; nothing known sorts last.
    public func sortKey(of package: Package) -> Int64 {
        switch order ?? .downloads {
        case .downloads: package.downloads?.value ?? -1
        case .likes: package.likes?.value ?? -1
        case .modified: package.modifiedAt?.value.millisecondsSince1970 ?? .min
        case .created: package.createdAt?.value.millisecondsSince1970 ?? .min
        }
    }
}

extension Package {
    /// A tag, or one of the words the Hub takes as a filter: a task, a library, a language, `license:…`.
    fileprivate func matches(tag: String) -> Bool {
        tags.contains { $0.value == tag } || task?.value == tag || library?.value == tag
            || languages.contains { $0.value == tag } || licenses.contains { "license:\($0.value.id)" == tag }
            || datasets.contains { "dataset:\($0.value.name)" == tag }
    }
}
