/// The name of one package across all hubs: `HUB:NAME`.
///
/// Names come from hubs and are hostile until they have passed ``init(hub:name:)``: a name that is held here can be
/// used as a relative path below a folder without leaving that folder.
public struct PackageID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let hub: HubID
    public let name: String

    /// The longest name, in bytes of UTF-8, that is accepted.
    public static let maximumNameLength = 512

    /// Checks a name as a hub gives it.
    ///
    /// - Throws: ``InvalidPackageName`` for a name that is empty, too long, absolute, or has an empty, `.` or `..`
    ///   component, a backslash, a control character, an `@`, or white space at either end.
    public init(hub: HubID, name: String) throws(InvalidPackageName) {
        if let problem = Self.problem(in: name) ?? (hasJoinedSlash(name) ? "has a '/' that is joined with a letter" : nil) {
            throw InvalidPackageName(name: name, problem: problem)
        }
        self.hub = hub
        self.name = name
    }

    /// Reads `HUB:NAME`; `hf:` is short for `huggingface:`.
    public init(parsing text: String) throws(InvalidPackageName) {
        guard let colon = text.firstIndex(of: ":"), let hub = HubID(argument: String(text[..<colon])) else {
            throw InvalidPackageName(
                name: text,
                problem: "does not begin with a hub; write HUB:NAME with a hub of "
                    + HubID.allCases.map(\.rawValue).joined(separator: ", "))
        }
        try self.init(hub: hub, name: String(text[text.index(after: colon)...]))
    }

    /// `HUB:NAME`, the form used everywhere.
    public var description: String { "\(hub.rawValue):\(name)" }

    public static func < (left: PackageID, right: PackageID) -> Bool {
        left.hub == right.hub ? left.name < right.name : left.hub.rawValue < right.hub.rawValue
    }

    private static func problem(in name: String) -> String? {
        var name = name
        return name.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last else { return "is empty" }
            if bytes.count > maximumNameLength { return "is longer than \(maximumNameLength) bytes" }
            if first == UInt8(ascii: "/") { return "is an absolute path" }
            if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return "begins or ends with a space" }
            var componentLength = 0
            var onlyDots = true
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "/"):
                    if let problem = componentProblem(length: componentLength, onlyDots: onlyDots) { return problem }
                    componentLength = 0
                    onlyDots = true
                    continue
                case UInt8(ascii: "\\"): return "has a backslash"
                case UInt8(ascii: "@"): return "has an '@', which begins a revision"
                case 0..<0x20, 0x7f: return "has a control character"
                case UInt8(ascii: "."): break
                default: onlyDots = false
                }
                componentLength += 1
            }
            return componentProblem(length: componentLength, onlyDots: onlyDots)
        }
    }

    private static func componentProblem(length: Int, onlyDots: Bool) -> String? {
        if length == 0 { return "has an empty path component" }
        if onlyDots && length <= 2 { return "has a '.' or '..' path component" }
        if length > 255 { return "has a path component longer than 255 bytes" }
        return nil
    }
}

/// A package name that could harm: escape a folder, hide a file, or be ambiguous.
public struct InvalidPackageName: Error, Equatable, CustomStringConvertible {
    public let name: String
    public let problem: String

    public var description: String { "the package name \(printable(name)) \(problem)" }
}

/// A text from outside made safe to print on one line: control characters escaped, cut at `limit` characters.
public func printable(_ text: String, limit: Int = 120) -> String {
    var result = "'"
    for scalar in text.unicodeScalars.prefix(limit) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + (text.unicodeScalars.count > limit ? "…'" : "'")
}
