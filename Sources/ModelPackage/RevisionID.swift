/// A package, and optionally one of its revisions: `HUB:NAME` or `HUB:NAME@REVISION`.
public struct RevisionID: Hashable, Sendable, CustomStringConvertible {
    public let package: PackageID
    /// A branch, tag or commit; nil for whatever is the default.
    public let revision: String?

    public init(_ package: PackageID, revision: String? = nil) {
        self.package = package
        self.revision = revision
    }

    /// - Throws: ``InvalidPackageName``.
    public init(parsing text: String) throws(InvalidPackageName) {
        guard let at = text.firstIndex(of: "@") else {
            self.init(try PackageID(parsing: text))
            return
        }
        let revision = String(text[text.index(after: at)...])
        let package = try PackageID(parsing: String(text[..<at]))
        guard !revision.isEmpty, !revision.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            throw InvalidPackageName(name: text, problem: "has an '@' without a revision behind it")
        }
        self.init(package, revision: revision)
    }

    public var description: String { revision.map { "\(package)@\($0)" } ?? package.description }
}
