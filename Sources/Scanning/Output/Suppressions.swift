import Documents
public import Foundation

/// Findings that somebody looked at and accepted.
///
///     suppressions:
///       - rule: pickle-unknown-class
///         path: "models/*.pkl"
///         reason: our own estimator
///         expires: 2027-06-30
public struct Suppressions: Sendable {
    struct Entry: Sendable {
        var rule: String?
        var path: String?
        var fingerprint: String?
        var reason: String
        /// The last day on which it holds, `YYYY-MM-DD`.
        var expires: String?
    }

    let entries: [Entry]

    /// - Throws: ``ScanFileError`` where the file cannot be read or is not of this form.
    public init(file: String) throws(ScanFileError) {
        try self.init(yaml: try ScanFileError.text(of: file), file: file)
    }

    /// - Parameter file: the name that errors tell.
    public init(yaml: String, file: String) throws(ScanFileError) {
        func wrong(_ line: Int?, _ what: String) -> ScanFileError { ScanFileError(file: file, line: line, what: what) }
        let root: YAMLValue?
        do {
            root = try YAMLValue.parse(yaml)
        } catch {
            throw wrong(nil, error.description)
        }
        guard let list = root?["suppressions"] else { throw wrong(nil, "has no list 'suppressions'") }
        var entries: [Entry] = []
        for item in list.list {
            guard case .mapping(let members, let line) = item else {
                throw wrong(item.line, "an entry should have 'rule' or 'fingerprint', and 'reason'")
            }
            for member in members where !["rule", "path", "fingerprint", "reason", "expires"].contains(member.key) {
                throw wrong(line, "'\(member.key)' is nothing that an entry has: rule, path, fingerprint, reason, expires")
            }
            guard let reason = item["reason"]?.text else { throw wrong(line, "an entry needs a 'reason'") }
            guard item["rule"]?.text != nil || item["fingerprint"]?.text != nil else {
                throw wrong(line, "an entry needs a 'rule' or a 'fingerprint'")
            }
            let expires = item["expires"]?.text
            if let expires, expires.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) == nil {
                throw wrong(line, "'expires' should be a day such as 2027-06-30, not '\(expires)'")
            }
            entries.append(
                Entry(
                    rule: item["rule"]?.text, path: item["path"]?.text, fingerprint: item["fingerprint"]?.text, reason: reason,
                    expires: expires))
        }
        self.entries = entries
    }
}

/// Findings that are known already, by their fingerprints.
public struct Baseline: Sendable {
    let fingerprints: Set<String>

    public init(_ report: ScanReport) {
        fingerprints = Set(report.files.flatMap { file in file.findings.map { $0.fingerprint(path: file.path) } })
    }

    /// - Throws: ``ScanFileError`` where the file cannot be read or is no baseline.
    public init(file: String) throws(ScanFileError) {
        let text = try ScanFileError.text(of: file)
        do {
            let document = try JSONDocument(Array(text.utf8))
            guard let list = document.root["fingerprints"], list.kind == .array else {
                throw ScanFileError(file: file, line: nil, what: "is no baseline: it has no 'fingerprints'")
            }
            fingerprints = Set(list.elements.compactMap(\.string))
        } catch let error as JSONError {
            throw ScanFileError(file: file, line: nil, what: "is no JSON: \(error)")
        } catch let error as ScanFileError {
            throw error
        } catch {
            throw ScanFileError(file: file, line: nil, what: "\(error)")
        }
    }

    /// - Throws: ``ScanFileError`` where the file cannot be written.
    public func write(to file: String) throws(ScanFileError) {
        var writer = JSONWriter()
        writer.object { object in
            object.member("version", 1)
            object.member("fingerprints", fingerprints.sorted())
        }
        do {
            try Data(writer.bytes + [0x0a]).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw ScanFileError(file: file, line: nil, what: "cannot be written: \(error.localizedDescription)")
        }
    }
}

/// What is wrong with a file that steers a scan.
public struct ScanFileError: Error, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int?
    public let what: String

    public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(what)" }

    static func text(of file: String) throws(ScanFileError) -> String {
        do {
            return String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        } catch {
            throw ScanFileError(file: file, line: nil, what: "cannot be read: \(error.localizedDescription)")
        }
    }
}

extension ScanReport {
    /// Takes accepted findings out of the count. An entry whose day is over holds no longer.
    public mutating func apply(_ suppressions: Suppressions, today: Date) {
        let day = today.formatted(.iso8601.year().month().day())
        suppress { path, finding in
            suppressions.entries.first { entry in
                guard entry.expires.map({ $0 >= day }) ?? true else { return false }
                if let fingerprint = entry.fingerprint { return fingerprint == finding.fingerprint(path: path) }
                return entry.rule == finding.rule.id && (entry.path.map { Glob.matches($0, path) } ?? true)
            }?.reason
        }
    }

    /// Takes known findings out of the count.
    public mutating func apply(_ baseline: Baseline) {
        suppress { path, finding in
            baseline.fingerprints.contains(finding.fingerprint(path: path)) ? "known from the baseline" : nil
        }
    }

    private mutating func suppress(_ reason: (String, Finding) -> String?) {
        for index in files.indices {
            var kept: [Finding] = []
            for finding in files[index].findings {
                if let reason = reason(files[index].path, finding) {
                    suppressed.append(Suppressed(path: files[index].path, finding: finding, reason: reason))
                } else {
                    kept.append(finding)
                }
            }
            files[index].findings = kept
        }
    }

    /// Adds what another scan says.
    public mutating func add(_ other: ScanReport) {
        files += other.files
        skipped += other.skipped
        suppressed += other.suppressed
    }
}

/// `*` and `?` within a path; a pattern matches the path, or its end after a slash.
enum Glob {
    static func matches(_ pattern: String, _ path: String) -> Bool {
        let pattern = Array(pattern.utf8)
        let path = Array(path.utf8)
        if matches(pattern[...], path[...]) { return true }
        return path.indices.contains { path[$0] == UInt8(ascii: "/") && matches(pattern[...], path[($0 + 1)...]) }
    }

    /// The whole of a text.
    static func matchesWhole(_ pattern: String, _ text: String) -> Bool {
        matches(Array(pattern.utf8)[...], Array(text.utf8)[...])
    }

    /// Linear in the path for each star, by going back to the last star alone.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        var (p, t) = (pattern.startIndex, path.startIndex)
        var star: (pattern: Int, path: Int)?
        while t < path.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                star = (p, t)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == path[t] || pattern[p] == UInt8(ascii: "?") {
                p += 1
                t += 1
            } else if let (starPattern, starPath) = star {
                p = starPattern + 1
                t = starPath + 1
                star = (starPattern, t)
            } else {
                return false
            }
        }
        while p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.endIndex
    }
}
