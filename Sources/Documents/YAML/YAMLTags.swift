private import Yams

/// A tag that a YAML text gives to a value, other than those of YAML itself: loaders make objects of it.
public struct YAMLTag: Sendable, Equatable {
    /// In full: `tag:yaml.org,2002:python/object/apply:os.system`.
    public let name: String
    /// From 1.
    public let line: Int

    /// The tags of all documents of a text.
    /// - Throws: ``YAMLError`` where the text is not YAML or beyond the limits of ``YAMLValue``.
    public static func all(in text: String) throws(YAMLError) -> [YAMLTag] {
        try all(in: text, maximumSize: YAMLGuard.maximumSize)
    }

    static func all(in text: String, maximumSize: Int) throws(YAMLError) -> [YAMLTag] {
        try YAMLGuard.check(text, maximumSize: maximumSize)
        var found: [YAMLTag] = []
        do {
            for node in try Yams.compose_all(yaml: text) {
                var waiting = [node]
                var seen = 0
                while let next = waiting.popLast() {
                    seen += 1
                    guard seen <= YAMLGuard.maximumValues else {
                        throw YAMLError(reason: "unfolds into more than \(YAMLGuard.maximumValues) values")
                    }
                    let name = next.tag.description
                    if !isOwn(name) { found.append(YAMLTag(name: name, line: next.mark?.line ?? 1)) }
                    switch next {
                    case .sequence(let items): waiting += items
                    case .mapping(let members): for (key, value) in members { waiting += [key, value] }
                    default: break
                    }
                }
            }
        } catch let error as YAMLError {
            throw error
        } catch {
            throw YAMLError(
                reason: "is not YAML: \("\(error)".split(separator: "\n").first.map(String.init) ?? "cannot be read")")
        }
        return found.sorted { $0.line < $1.line }
    }

    private static func isOwn(_ name: String) -> Bool {
        let own = "tag:yaml.org,2002:"
        return name.isEmpty || name == "!" || name == "?"
            || name.hasPrefix(own) && !name.dropFirst(own.count).contains("/") && !name.dropFirst(own.count).contains(":")
    }
}
