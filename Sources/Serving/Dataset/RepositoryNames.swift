import Catalog
import ModelPackage
import Synchronization

/// The names that clients of the mirror call packages by.
///
/// A package of Hugging Face is called as there. One of another hub is `HUB/NAME`; since the Hub's own client takes names of two parts
/// only, of letters, digits, `-`, `_` and `.`, it is also `HUB/ALIAS`, where whatever else stands in NAME is a dot:
/// `onnx/validated.vision.classification.resnet.model.resnet50-v1-7`.
final class RepositoryNames: Sendable {
    private struct Index {
        var version: Int64
        var packages: [String: PackageID]
    }

    private let dataset: ServedDataset
    private let index = Mutex<Index?>(nil)

    /// The Hub's client takes no longer ones.
    private static let longestAlias = 96

    init(_ dataset: ServedDataset) {
        self.dataset = dataset
    }

    /// The name that the mirror itself gives a package, one that every client takes.
    static func name(of package: PackageID) -> String {
        package.hub == .huggingface ? package.name : "\(package.hub.rawValue)/\(alias(of: package.name))"
    }

    /// The packages that a name may mean, the likeliest first.
    func candidates(_ name: String) async throws -> [PackageID] {
        var found: [PackageID] = []
        if let id = Self.checked(.huggingface, name) { found.append(id) }
        guard let slash = name.firstIndex(of: "/"), let hub = HubID(rawValue: String(name[..<slash])) else { return found }
        let rest = String(name[name.index(after: slash)...])
        if let id = Self.checked(hub, rest) { found.append(id) }
        if hub != .huggingface, let id = try await package(hub, alias: rest) { found.append(id) }
        return found
    }

    private static func checked(_ hub: HubID, _ name: String) -> PackageID? {
        do throws(InvalidPackageName) {
            return try PackageID(hub: hub, name: name)
        } catch {
            // A name that no package can have is a name that is not found.
            return nil
        }
    }

    private func package(_ hub: HubID, alias: String) async throws -> PackageID? {
        let version = try dataset.version()
        let key = "\(hub.rawValue)/\(alias)"
        let kept = index.withLock { $0.flatMap { $0.version == version ? $0 : nil } }
        if let kept { return kept.packages[key] }
        let names = try await dataset.read { try $0.namesOfOtherHubs() }
        // Where two names have one alias, it is the first one's; the other is found by its full name.
        let packages = Dictionary(names.map { (Self.name(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
        index.withLock { $0 = Index(version: version, packages: packages) }
        return packages[key]
    }

    private static func alias(of name: String) -> String {
        var alias = ""
        for byte in name.utf8 {
            let isPlain =
                byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
            // No two dots or dashes follow each other, and none is at an end: the client refuses that.
            if isPlain, byte != UInt8(ascii: "-") || alias.last != "-" && alias.last != "." {
                alias.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !alias.isEmpty, alias.last != ".", alias.last != "-" {
                alias.append(".")
            }
        }
        while alias.last == "." || alias.last == "-" { alias.removeLast() }
        if alias.lowercased().hasSuffix(".git") { alias += "_" }
        guard alias.utf8.count > longestAlias || alias.isEmpty else { return alias }
        return "\(alias.prefix(longestAlias - 17)).\(nameHash(name))"
    }

    /// A 64-bit FNV-1a hash in hexadecimal.
    private static func nameHash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
