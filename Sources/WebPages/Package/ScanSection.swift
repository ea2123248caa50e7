internal import ModelPackage

/// What a scan found: how grave, where, by which rule; and what could not be understood, which is never clean.
struct ScanSection {
    let page: PackagePage

    static let maximumRows = 500

    var section: PageSection {
        let count = page.scan.flatMap { $0.findings.isEmpty ? nil : Figures.short(Int64($0.findings.count)) }
        return PageSection(
            sectionID: "safety", sectionTitle: "Safety", sectionCount: count, bodyHTML: page.scan.map(body) ?? unscanned)
    }

    private var unscanned: Markup {
        .build { markup in
            markup.element("p", ["class": "quiet"]) { markup in
                markup.text("Not scanned. ")
                markup.element("code", text: ShellText.command(["weir", "scan", page.package.id.description]))
                markup.text(" does so.")
            }
        }
    }

    private func body(_ scan: PackageScan) -> Markup {
        .build { markup in
            markup.element("p", ["class": "verdict"]) { verdict(scan, &$0) }
            if !scan.findings.isEmpty {
                markup.element("ol", ["class": "findings"]) { markup in
                    for finding in sorted(scan.findings).prefix(Self.maximumRows) { self.finding(finding, &markup) }
                }
            }
            if scan.findings.count > Self.maximumRows {
                markup.element(
                    "p", ["class": "quiet"],
                    text: "\(Figures.count(Int64(scan.findings.count - Self.maximumRows), "more finding")).")
            }
            problems(scan, &markup)
            markup.element("p", ["class": "quiet"]) { markup in
                markup.text("\(Figures.count(scan.files, "file")) scanned on \(Figures.date(scan.scannedAt)) at commit ")
                markup.element("code", ["class": "hash"], text: scan.commit)
                markup.text(".")
            }
        }
    }

    private func verdict(_ scan: PackageScan, _ markup: inout Markup) {
        let counts = Severity.allCases.compactMap { severity -> (Severity, Int64)? in
            let count = Int64(scan.findings.count { Severity($0.severity) == severity })
            return count > 0 ? (severity, count) : nil
        }
        for (severity, count) in counts {
            markup.element(
                "span", ["class": "chip severity \(severity.rawValue)"], text: "\(Figures.grouped(count)) \(severity.rawValue)")
            markup.text(" ")
        }
        if counts.isEmpty, scan.problemCount == 0 { markup.element("span", ["class": "chip good"], text: "Clean") }
        if counts.isEmpty, scan.problemCount > 0 {
            markup.element("span", ["class": "chip severity medium"], text: "Nothing found, but not everything was understood")
        }
    }

    private func sorted(_ findings: [ScanRecord.Finding]) -> [ScanRecord.Finding] {
        Severity.allCases.flatMap { severity in findings.filter { Severity($0.severity) == severity } }
    }

    private func finding(_ finding: ScanRecord.Finding, _ markup: inout Markup) {
        let severity = Severity(finding.severity).rawValue
        markup.element("li", ["class": "finding \(severity)"]) { markup in
            markup.element("p") { markup in
                markup.element("span", ["class": "chip severity \(severity)"], text: severity)
                markup.text(" \(finding.message)")
            }
            markup.element("p", ["class": "place"]) { markup in
                markup.element("code", text: finding.path + (finding.member.map { " ▸ \($0)" } ?? ""))
                if let line = finding.line {
                    markup.text(", line \(Figures.grouped(line))")
                } else if let offset = finding.offset {
                    markup.text(", byte \(Figures.grouped(offset))")
                }
                markup.text(" · rule ")
                markup.element("code", text: finding.rule)
            }
            if let snippet = finding.snippet, !snippet.isEmpty {
                markup.element("pre", ["tabindex": "0"]) { $0.element("code", text: snippet) }
            }
        }
    }

    private func problems(_ scan: PackageScan, _ markup: inout Markup) {
        guard scan.problemCount > 0 else { return }
        markup.element("h3", text: "\(Figures.count(scan.problemCount, "part")) could not be scanned")
        markup.element("ul") { markup in
            for problem in scan.problems.prefix(100) {
                markup.element("li") { markup in
                    markup.element("code", text: problem.path + (problem.member.map { " ▸ \($0)" } ?? ""))
                    markup.text(": \(problem.message)")
                }
            }
        }
    }
}
