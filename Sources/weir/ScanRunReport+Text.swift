import Documents
import Pipeline
import Scanning

extension ScanRun.Report {
    /// What was scanned, and which packages have something dangerous.
    var lines: String {
        let counts = Severity.allCases.reversed().compactMap { severity in findings[severity].map { "\($0) \(severity.rawValue)" }
        }
        var text =
            "\(Format.count(Int64(packages), "package")) scanned (\(Format.count(Int64(files), "file"))): \(counts.isEmpty ? "nothing found" : counts.joined(separator: ", "))"
        if unchanged > 0 { text += ", \(unchanged) scanned before" }
        if errors > 0 { text += ", \(errors) parts not scanned" }
        for package in dangerous.prefix(20) { text += "\n  dangerous: \(package) (weir show \(package))" }
        return text + "\n"
    }

    /// The members of the JSON object that docs/cli.md describes.
    func write(to writer: inout JSONWriter) {
        writer.member("packages", Int64(packages))
        writer.member("unchanged", Int64(unchanged))
        writer.member("files", Int64(files))
        writer.key("findings")
        writer.object { object in
            for severity in Severity.allCases.reversed() { object.member(severity.rawValue, Int64(findings[severity] ?? 0)) }
        }
        writer.member("errors", Int64(errors))
        writer.member("dangerous", dangerous)
    }
}
