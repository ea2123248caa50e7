import Documents
public import Foundation

extension PackagePolicy {
    /// The largest policy, in bytes.
    public static let maximumSize = 1 << 20
    /// The most rules.
    public static let maximumRules = 1_000

    /// Reads a policy from a file.
    ///
    /// - Throws: ``PolicyError`` where the file cannot be read or is not a policy.
    public init(contentsOf file: URL) throws(PolicyError) {
        let name = file.path(percentEncoded: false)
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { handle.closeFile() }
            bytes = try handle.read(upToCount: Self.maximumSize + 1) ?? Data()
        } catch {
            throw PolicyError(file: name, line: nil, rule: nil, what: "cannot be read: \(error.localizedDescription)")
        }
        guard bytes.count <= Self.maximumSize else {
            throw PolicyError(file: name, line: nil, rule: nil, what: "is larger than 1 MiB; shorten it with patterns")
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw PolicyError(file: name, line: nil, rule: nil, what: "is not UTF-8; save it as UTF-8")
        }
        try self.init(yaml: text, file: name)
    }

    /// Reads a policy from its text.
    ///
    /// - Parameter file: the name that errors tell.
    /// - Throws: ``PolicyError`` for every mistake; nothing in a policy is passed over.
    public init(yaml: String, file: String) throws(PolicyError) {
        guard yaml.utf8.count <= Self.maximumSize else {
            throw PolicyError(file: file, line: nil, rule: nil, what: "is larger than 1 MiB; shorten it with patterns")
        }
        let root: YAMLValue?
        do {
            root = try YAMLValue.parseStrictly(
                yaml.hasPrefix("\u{feff}") ? String(yaml.dropFirst()) : yaml, maximumSize: Self.maximumSize)
        } catch {
            throw PolicyError(file: file, line: error.line, rule: nil, what: Self.advice(on: error))
        }
        self = try PolicyReader(file: file).policy(root)
    }

    /// The error, with what most often is behind it.
    private static func advice(on error: YAMLError) -> String {
        let advice =
            if error.reason.contains("alias") || error.reason.contains("anchor") {
                "; put a pattern that begins with '*' or '&' in quotes"
            } else if error.reason.contains("mapping values") {
                "; check the indentation, and put a text with ': ' in quotes"
            } else if error.reason.contains("start any token") {
                "; indent with spaces, and put texts with special characters in quotes"
            } else if error.reason.contains("twice") {
                "; put the values together in one list"
            } else if error.reason.contains("another document") {
                "; a policy is one document, without '---' between"
            } else if error.reason.contains("tag") {
                "; take it away, or put a text that begins with '!' in quotes"
            } else if error.reason.contains("control characters") {
                "; delete them, or save the file as UTF-8"
            } else if error.reason.contains("not YAML") {
                "; see that brackets and quotes are closed and that lists are indented alike"
            } else {
                ""
            }
        return error.reason + advice
    }
}
