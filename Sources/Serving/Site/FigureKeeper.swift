import Catalog
import ModelPackage
import Synchronization

/// Keeps the figures of hubs, which take seconds where there are a million packages: they are worked out at most once a minute, and in
/// between what was is told.
final class FigureKeeper: Sendable {
    private struct Kept {
        let task: Task<CatalogFigures, any Error>
        let at: ContinuousClock.Instant
        let version: Int64
    }

    private let dataset: ServedDataset
    private let kept = Mutex<[String: Kept]>([:])
    private let totals = BoundedCache<Int, CatalogStatistics>(capacity: 8)

    private static let freshFor = Duration.seconds(60)

    init(_ dataset: ServedDataset) {
        self.dataset = dataset
    }

    func figures(of hub: HubID?) async throws -> CatalogFigures {
        let version = try dataset.version()
        let key = hub?.rawValue ?? "all"
        let dataset = dataset
        let task = kept.withLock { kept in
            if let entry = kept[key], entry.version == version || entry.at.duration(to: .now) < Self.freshFor {
                return entry.task
            }
            let task = Task { try await dataset.read { try $0.figures(of: hub) } }
            kept[key] = Kept(task: task, at: .now, version: version)
            return task
        }
        do {
            return try await task.value
        } catch {
            // The next one who asks tries again.
            kept.withLock { $0[key] = nil }
            throw error
        }
    }

    func statistics() async throws -> CatalogStatistics {
        let version = try dataset.version()
        if let kept = totals.value(0, version: version) { return kept }
        let statistics = try await dataset.read { try $0.statistics(limit: 15) }
        totals.keep(statistics, for: 0, version: version)
        return statistics
    }
}
