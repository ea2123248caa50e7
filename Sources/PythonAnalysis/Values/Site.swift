import PythonSyntax

/// A node of one of the files.
struct Site: Hashable, Sendable {
    let module: Int32
    let node: NodeID
}

/// Where a value comes from: some nodes, the first of them first.
struct Evidence: Sendable {
    private(set) var sites: [Site]

    /// More than so many say no more to a reader.
    private static let limit = 6

    init(_ site: Site) {
        sites = [site]
    }

    init(_ sites: [Site] = []) {
        self.sites = Array(sites.prefix(Self.limit))
    }

    mutating func add(_ other: Evidence) {
        guard sites.count < Self.limit else { return }
        for site in other.sites where sites.count < Self.limit && !sites.contains(site) { sites.append(site) }
    }
}
