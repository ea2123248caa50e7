import Documents

/// A report in SARIF 2.1.0 (OASIS standard, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code-scanning views: rules with help texts, results with
/// fingerprints and flows, and what could not be scanned as notifications.
public struct SARIFLog {
    /// The log, ending with a line break.
    public let json: [UInt8]

    public init(_ report: ScanReport, version: String) {
        let rules = Self.usedRules(report)
        let numbers = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
        var writer = JSONWriter()
        writer.object { log in
            log.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            log.member("version", "2.1.0")
            log.key("runs")
            log.array { runs in
                runs.object { run in
                    run.key("tool")
                    run.object { tool in
                        tool.key("driver")
                        tool.object { driver in
                            driver.member("name", "weir")
                            driver.member("semanticVersion", version)
                            driver.member("informationUri", "https://github.com/weir-dataset/weir")
                            driver.key("rules")
                            driver.array { array in for rule in rules { Self.write(rule, to: &array) } }
                        }
                    }
                    run.member("columnKind", "unicodeCodePoints")
                    run.key("invocations")
                    run.array { array in array.object { Self.writeInvocation(report, to: &$0) } }
                    run.key("results")
                    run.array { array in
                        for file in report.files {
                            for finding in file.findings { Self.write(finding, file.path, numbers, nil, to: &array) }
                        }
                        for item in report.suppressed { Self.write(item.finding, item.path, numbers, item.reason, to: &array) }
                    }
                }
            }
        }
        json = writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func usedRules(_ report: ScanReport) -> [Rule] {
        let used = Set(report.files.flatMap { $0.findings.map(\.rule) } + report.suppressed.map(\.finding.rule))
        return used.sorted { $0.id < $1.id }
    }

    private static func write(_ rule: Rule, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("id", rule.id)
            object.member("name", rule.id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
            text("shortDescription", rule.title, to: &object)
            text("fullDescription", rule.why, to: &object)
            object.key("help")
            object.object { help in
                help.member("text", "\(rule.why)\n\nWhat to do: \(rule.fix)")
                help.member(
                    "markdown",
                    "\(rule.why)\n\n**What to do:** \(rule.fix)\n\n" + rule.references.map { "- <\($0)>" }.joined(separator: "\n")
                )
            }
            if let first = rule.references.first { object.member("helpUri", first) }
            object.key("defaultConfiguration")
            object.object { $0.member("level", level(rule.severity)) }
            object.key("properties")
            object.object { properties in
                properties.member("tags", ["security"])
                properties.member("security-severity", score(rule.severity))
                properties.member("precision", rule.severity >= .high ? "high" : "medium")
            }
        }
    }

    private static func text(_ key: String, _ value: String, to writer: inout JSONWriter) {
        writer.key(key)
        writer.object { $0.member("text", value) }
    }

    private static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .info: "note"
        }
    }

    /// Code-scanning views rank by a number from 0 to 10, as CVSS has it.
    private static func score(_ severity: Severity) -> String {
        switch severity {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "3.0"
        case .info: "0.5"
        }
    }

    private static func write(
        _ finding: Finding, _ path: String, _ numbers: [String: Int], _ suppression: String?, to writer: inout JSONWriter
    ) {
        writer.object { result in
            result.member("ruleId", finding.rule.id)
            result.member("ruleIndex", numbers[finding.rule.id].map(Int64.init))
            result.member("level", level(finding.severity))
            let member = finding.evidence.member.map { " (in \($0))" } ?? ""
            text("message", finding.message + member, to: &result)
            result.key("locations")
            result.array { array in array.object { location(path, finding.evidence, to: &$0) } }
            result.key("partialFingerprints")
            result.object { $0.member("weirFinding/v1", finding.fingerprint(path: path)) }
            if !finding.evidence.steps.isEmpty { flow(finding, path, to: &result) }
            if let suppression {
                result.key("suppressions")
                result.array { array in
                    array.object { item in
                        item.member("kind", "external")
                        item.member("justification", suppression)
                    }
                }
            }
            result.key("properties")
            result.object { properties in
                properties.member("severity", finding.severity.rawValue)
                properties.member("security-severity", score(finding.severity))
                properties.member("member", finding.evidence.member)
            }
        }
    }

    private static func location(_ path: String, _ evidence: Evidence, to writer: inout JSONWriter) {
        writer.key("physicalLocation")
        writer.object { physical in
            physical.key("artifactLocation")
            physical.object { $0.member("uri", uri(path)) }
            physical.key("region")
            physical.object { region in
                // Views want a line, also for files that have none.
                region.member("startLine", Int64(max(1, evidence.line ?? 1)))
                if evidence.line != nil, let column = evidence.column { region.member("startColumn", Int64(max(1, column))) }
                if evidence.member == nil, evidence.line == nil, let offset = evidence.offset, offset >= 0 {
                    region.member("byteOffset", Int64(offset))
                    region.member("byteLength", 1)
                }
                if let snippet = evidence.snippet { text("snippet", snippet, to: &region) }
            }
        }
        guard let member = evidence.member else { return }
        writer.key("logicalLocations")
        writer.array { array in
            array.object { logical in
                logical.member("fullyQualifiedName", member)
                logical.member("kind", "member")
            }
        }
    }

    private static func flow(_ finding: Finding, _ path: String, to writer: inout JSONWriter) {
        writer.key("codeFlows")
        writer.array { flows in
            flows.object { flow in
                flow.key("threadFlows")
                flow.array { threads in
                    threads.object { thread in
                        thread.key("locations")
                        thread.array { locations in
                            for step in finding.evidence.steps {
                                locations.object { entry in
                                    entry.key("location")
                                    entry.object { location in
                                        var evidence = Evidence(line: step.line)
                                        evidence.snippet = step.text
                                        self.location(path, evidence, to: &location)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func writeInvocation(_ report: ScanReport, to invocation: inout JSONWriter) {
        invocation.member("executionSuccessful", !report.hasErrors)
        invocation.key("toolExecutionNotifications")
        invocation.array { array in
            for file in report.files {
                for error in file.errors {
                    array.object { notification in
                        notification.member("level", "error")
                        text("message", (error.member.map { "\($0): " } ?? "") + error.message, to: &notification)
                        notification.key("locations")
                        notification.array { locations in locations.object { location(file.path, Evidence(), to: &$0) } }
                    }
                }
            }
        }
    }

    /// A path as a relative or `file:` URI (RFC 3986).
    private static func uri(_ path: String) -> String {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        var escaped = ""
        for byte in path.utf8 {
            if allowed.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return path.hasPrefix("/") ? "file://" + escaped : escaped
    }
}
