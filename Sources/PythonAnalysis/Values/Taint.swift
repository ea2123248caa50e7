/// What has flowed into a value: for each source, the way that it took first.
struct Taint: Sendable, Equatable {
    private(set) var ways: [Way]

    private static let limit = 8

    /// A source and the places that its value went through.
    final class Way: Sendable {
        /// The place of the source in the caller's list, and the call or name that it is.
        let source: Int
        let origin: Site
        let site: Site
        let previous: Way?
        let length: Int

        init(source: Int, origin: Site, site: Site, previous: Way?) {
            self.source = source
            self.origin = origin
            self.site = site
            self.previous = previous
            length = (previous?.length ?? 0) + 1
        }

        /// From the source on.
        var sites: [Site] {
            var sites: [Site] = []
            var way: Way? = self
            while let step = way {
                sites.append(step.site)
                way = step.previous
            }
            return sites.reversed()
        }
    }

    private static let longestWay = 32

    init(source: Int, at site: Site) {
        ways = [Way(source: source, origin: site, site: site, previous: nil)]
    }

    func joined(with other: Taint?) -> Taint {
        guard let other else { return self }
        var joined = self
        for way in other.ways where joined.ways.count < Self.limit {
            if !joined.ways.contains(where: { $0.source == way.source && $0.origin == way.origin }) { joined.ways.append(way) }
        }
        return joined
    }

    /// The same, one place further on.
    func moved(to site: Site) -> Taint {
        var moved = self
        moved.ways = ways.map { way in
            way.site == site || way.length >= Self.longestWay
                ? way : Way(source: way.source, origin: way.origin, site: site, previous: way)
        }
        return moved
    }

    static func == (left: Taint, right: Taint) -> Bool {
        left.ways.count == right.ways.count
            && zip(left.ways, right.ways).allSatisfy { $0.source == $1.source && $0.origin == $1.origin }
    }
}

extension Taint? {
    /// Adds what has flowed into another value.
    mutating func join(_ other: Taint?) {
        guard let other else { return }
        self = self?.joined(with: other) ?? other
    }
}
