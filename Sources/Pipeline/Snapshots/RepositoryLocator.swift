import Catalog
import Documents
import Foundation
import Hubs
import ModelPackage
import Snapshots

/// Says where the git repository of a package is, as its record has it.
struct RepositoryLocator: Sendable {
    let catalog: CatalogDatabase
    /// Takes the place of the address that the record names; for the Hub, its base address.
    let location: String?
    let isFull: Bool

    /// - Throws: ``HubError`` where the catalog does not know the package, or its record names no repository.
    func order(_ id: RevisionID) throws -> GitSnapshotFetch.Order {
        let package = id.package
        var order = GitSnapshotFetch.Order(
            package: package, address: location ?? "", mirror: package.name, revision: id.revision, paths: nil, isFull: isFull)
        if package.hub == .huggingface {
            order.address = "\(location ?? package.hub.homepage)/\(package.name)"
            return order
        }
        guard let known = try catalog.package(package) else {
            throw HubError(
                package.hub, .badSource, "\(package) is not in the catalog: run 'weir pull \(package.hub.rawValue)' first")
        }
        if package.hub == .onnx {
            // All models of the zoo are files of one repository.
            order.mirror = "models"
            order.paths = Set(known.package.files.map(\.path))
            if location == nil { order.address = try crawledRepository(known) ?? ONNXModelZoo.address }
            return order
        }
        if location == nil {
            guard let repository = Self.text(known.package, "repository").flatMap({ RepositoryName(url: $0) }) else {
                throw HubError(package.hub, .badSource, "\(package) names no repository that its files could come from")
            }
            order.address = repository.address
        }
        if order.revision == nil { order.revision = Self.text(known.package, "branch") }
        return order
    }

    /// The repository that the package's last crawl read, where that was one.
    private func crawledRepository(_ package: CatalogPackage) throws -> String? {
        guard let source = try catalog.crawls().last(where: { $0.id == package.record.crawl })?.source else { return nil }
        let isRepository = ["\(source)/.git", "\(source)/HEAD"].contains { FileManager.default.fileExists(atPath: $0) }
        return isRepository || source.contains("://") ? source : nil
    }

    private static func text(_ package: Package, _ fact: String) -> String? {
        guard let json = package.facts.first(where: { $0.name == fact })?.json else { return nil }
        return (try? JSONDocument(Array(json.utf8)))?.root.string
    }
}
