public import ModelPackage

/// One hub's share of the dataset.
public struct HubTotals: Sendable {
    public var hub: HubID
    /// Packages that the hub lists now.
    public var packages: Int64
    /// Packages that it no longer lists.
    public var removed: Int64

    public init(hub: HubID, packages: Int64, removed: Int64) {
        self.hub = hub
        self.packages = packages
        self.removed = removed
    }
}

/// Counts over some packages, for charts. What is empty is not drawn.
public struct PackageFigures: Sendable {
    /// How many packages have a value.
    public struct Count: Sendable {
        /// Nil for packages without one.
        public var value: String?
        public var count: Int64

        public init(_ value: String?, count: Int64) {
            self.value = value
            self.count = count
        }
    }

    /// How many packages were created in a month.
    public struct Month: Sendable {
        public var year: Int
        /// 1 to 12.
        public var month: Int
        public var created: Int64

        public init(year: Int, month: Int, created: Int64) {
            self.year = year
            self.month = month
            self.created = created
        }
    }

    /// All packages that are counted.
    public var packages: Int64
    /// The largest first.
    public var tasks: [Count]
    public var licenses: [Count]
    public var libraries: [Count]
    /// Packages by class of size, in the order of the classes (“< 1 MB”, “1–10 MB” …).
    public var sizes: [Count]
    /// In order of time; months without a package may be left out.
    public var months: [Month]
    /// By field of the schema: how many packages lack it.
    public var missing: [Count]

    public init(
        packages: Int64, tasks: [Count] = [], licenses: [Count] = [], libraries: [Count] = [], sizes: [Count] = [],
        months: [Month] = [], missing: [Count] = []
    ) {
        self.packages = packages
        self.tasks = tasks
        self.licenses = licenses
        self.libraries = libraries
        self.sizes = sizes
        self.months = months
        self.missing = missing
    }
}

/// What the page of all hubs shows.
public struct HubsPage: Sendable {
    public var hubs: [HubTotals]
    public var figures: PackageFigures

    public init(hubs: [HubTotals], figures: PackageFigures) {
        self.hubs = hubs
        self.figures = figures
    }
}

/// What the page of one hub shows.
public struct HubPage: Sendable {
    public var totals: HubTotals
    public var figures: PackageFigures

    public init(totals: HubTotals, figures: PackageFigures) {
        self.totals = totals
        self.figures = figures
    }
}
