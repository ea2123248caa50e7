internal import ModelPackage

/// Where the links of a card may lead.
struct CardAddresses {
    enum Target: Equatable {
        /// Another site.
        case external(ExternalAddress)
        /// An address of our own.
        case own(String)
    }

    let package: PackageID
    /// Where the card lies: its relative links begin there.
    let path: FilePath
    /// The commit that is held here, and the paths of its files.
    let held: HeldFiles?

    /// Nil for what must not be a link: other schemes in any disguise, paths that leave the package, files that are not to be had.
    func link(_ address: String) -> Target? {
        let address = ExternalAddress.trimmed(address)
        if address.hasPrefix("#") { return .own("#" + CardAnchors.prefixed(PercentEncoding.decoded(address.dropFirst()))) }
        if address.hasPrefix("//") { return ExternalAddress("https:" + address).map { .external($0) } }
        if hasScheme(address) { return ExternalAddress(address).map { .external($0) } }
        if address.hasPrefix("/") { return onHub(address) }
        return filePath(address).flatMap(file)
    }

    /// Nil for what must not be shown or linked to.
    func image(_ address: String) -> Target? {
        address.hasPrefix("#") ? nil : link(address)
    }

    /// Whether a `:` comes before anything that would make it part of a path: then what is before it names a scheme.
    private func hasScheme(_ address: String) -> Bool {
        guard let mark = address.unicodeScalars.first(where: { ":/?#\\".unicodeScalars.contains($0) }) else { return false }
        return mark == ":"
    }

    /// An address from the root of the hub's site, where cards of Hugging Face link other models.
    private func onHub(_ address: String) -> Target? {
        guard package.hub == .huggingface, !address.contains("\\") else { return nil }
        return ExternalAddress(package.hub.homepage + address).map { .external($0) }
    }

    private func file(_ path: FilePath) -> Target? {
        if let held, held.paths.contains(path.text) { return .own(SiteLinks.file(path, of: package, at: held.commit)) }
        guard package.hub == .huggingface else { return nil }
        let page = "\(package.hub.homepage)/\(PercentEncoding.path(package.name))/blob/main/\(PercentEncoding.path(path.text))"
        return ExternalAddress(page).map { .external($0) }
    }

    /// The path within the package that a relative address means.
    private func filePath(_ address: String) -> FilePath? {
        let path = PercentEncoding.decoded(address.prefix { $0 != "?" && $0 != "#" })
        var components = Array(self.path.components.dropLast())
        for component in path.split(separator: "/").map(String.init) {
            switch component {
            case ".": continue
            case "..":
                if components.popLast() == nil { return nil }
            default: components.append(component)
            }
        }
        // The question is whether this is a path that a package can have.
        return try? FilePath(components.joined(separator: "/"))
    }
}
