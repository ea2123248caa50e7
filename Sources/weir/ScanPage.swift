import Foundation
import Scanning

/// A report of a scan for people: the worst first, each with what was seen, and how much was understood.
struct ScanPage {
    private let report: ScanReport
    private let explains: Bool
    private let isQuiet: Bool

    init(_ report: ScanReport, explains: Bool, isQuiet: Bool) {
        self.report = report
        self.explains = explains
        self.isQuiet = isQuiet
    }

    var text: String {
        var lines: [String] = []
        let told = report.files.flatMap { file in file.findings.map { (file, $0) } }.filter { $0.1.severity > .info || explains }
        for (file, finding) in told.sorted(by: { ($1.1.severity, $0.0.path) < ($0.1.severity, $1.0.path) }) {
            lines += self.lines(file, finding)
        }
        for file in report.files {
            for error in file.errors { lines.append("ERROR     \(path(file, error.member)): \(error.message)") }
        }
        if explains { for file in report.files { lines += explanation(of: file) } }
        if !lines.isEmpty { lines.append("") }
        if !isQuiet { lines += summary }
        return lines.joined(separator: "\n") + "\n"
    }

    private func path(_ file: FileReport, _ member: String?) -> String {
        ScanReport.shown(member.map { "\(file.path)!\($0)" } ?? file.path)
    }

    private func lines(_ file: FileReport, _ finding: Finding) -> [String] {
        let evidence = finding.evidence
        var place = path(file, evidence.member)
        if let line = evidence.line {
            place += ":\(line)"
        } else if let offset = evidence.offset {
            place += " at byte \(offset)"
        }
        let severity = finding.severity.rawValue.uppercased()
        var lines = [
            "\(severity.padding(toLength: 9, withPad: " ", startingAt: 0)) \(place)",
            "          \(finding.message) [\(finding.rule.id)]",
        ]
        if let snippet = evidence.snippet { lines.append("          > \(snippet)") }
        for step in evidence.steps { lines.append("          \(step.line): \(step.text)") }
        return lines
    }

    private func explanation(of file: FileReport) -> [String] {
        var lines = ["", "\(ScanReport.shown(file.path)): \(file.kind)"]
        for part in file.coverage.parts {
            let member = part.member.map { "\(ScanReport.shown($0)): " } ?? ""
            let state = part.state == .notUnderstood ? "not understood" : part.state.rawValue
            lines.append("  \(state): \(member)\(part.bytes) bytes, \(part.what)")
        }
        for listing in file.listings {
            lines.append("  \(ScanReport.shown(listing.member ?? "the file")) as Python:")
            lines += listing.lines.map { "    \($0)" }
        }
        return lines
    }

    private var summary: [String] {
        let counts = Severity.allCases.reversed().compactMap { severity -> String? in
            let count = report.count(severity)
            return count > 0 ? "\(count) \(severity.rawValue)" : nil
        }
        let errors = report.files.reduce(0) { $0 + $1.errors.count }
        let unknown = report.files.count { $0.coverage.bytes(.notUnderstood) > 0 }
        var line =
            "\(report.files.count) file\(report.files.count == 1 ? "" : "s"): \(counts.isEmpty ? "nothing found" : counts.joined(separator: ", "))"
        if errors > 0 { line += ", \(errors) part\(errors == 1 ? "" : "s") not scanned" }
        if !report.suppressed.isEmpty { line += ", \(report.suppressed.count) accepted or known" }
        var lines = [line]
        let parsed = report.files.reduce(0) { $0 + $1.coverage.bytes(.parsed) }
        let skipped = report.files.reduce(0) { $0 + $1.coverage.bytes(.skipped) }
        let lost = report.files.reduce(0) { $0 + $1.coverage.bytes(.notUnderstood) }
        lines.append(
            "\(Format.bytes(Int64(parsed))) parsed, \(Format.bytes(Int64(skipped))) skipped with a reason, \(Format.bytes(Int64(lost))) not understood"
                + (unknown > 0 ? " in \(unknown) file\(unknown == 1 ? "" : "s") (--explain tells which)" : ""))
        return lines
    }
}

/// The rules, for people, as JSON or as the page docs/rules.md.
enum RuleList {
    static func print(_ form: ScanCommand.Form) throws {
        if form == .json { return try Console.data(RuleDocuments.json) }
        if form == .markdown { return try Console.data(RuleDocuments.markdown) }
        for rule in Rule.all {
            try Console.data(
                "\(rule.severity.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)) \(rule.id.padding(toLength: 30, withPad: " ", startingAt: 0)) \(rule.title)\n"
            )
        }
    }
}
