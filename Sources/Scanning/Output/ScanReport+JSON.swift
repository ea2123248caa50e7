public import Documents

extension ScanReport {
    /// One JSON object: files, findings, errors, what was understood, what was passed over.
    public func write(to writer: inout JSONWriter, wantsParts: Bool = false) {
        writer.object { object in
            object.member("files", Int64(files.count))
            object.key("findings")
            object.array { array in
                for file in files {
                    for finding in file.findings.sorted(by: { $0.severity > $1.severity }) {
                        finding.write(to: &array, path: file.path, reason: nil)
                    }
                }
            }
            object.key("errors")
            object.array { array in
                for file in files {
                    for error in file.errors {
                        array.object { entry in
                            entry.member("path", file.path)
                            entry.member("member", error.member)
                            entry.member("message", error.message)
                        }
                    }
                }
            }
            object.key("suppressed")
            object.array { array in
                for item in suppressed { item.finding.write(to: &array, path: item.path, reason: item.reason) }
            }
            object.key("skipped")
            object.array { array in
                for item in skipped {
                    array.object { entry in
                        entry.member("path", item.path)
                        entry.member("reason", item.reason)
                    }
                }
            }
            object.key("coverage")
            object.array { array in for file in files { file.writeCoverage(to: &array, wantsParts: wantsParts) } }
        }
    }
}

extension Finding {
    func write(to writer: inout JSONWriter, path: String, reason: String?) {
        writer.object { object in
            object.member("path", path)
            object.member("rule", rule.id)
            object.member("severity", severity.rawValue)
            object.member("message", message)
            object.key("evidence")
            object.object { evidence in
                evidence.member("member", self.evidence.member)
                evidence.member("offset", self.evidence.offset.map(Int64.init))
                evidence.member("line", self.evidence.line.map(Int64.init))
                evidence.member("column", self.evidence.column.map(Int64.init))
                evidence.member("snippet", self.evidence.snippet)
                guard !self.evidence.steps.isEmpty else { return }
                evidence.key("steps")
                evidence.array { steps in
                    for step in self.evidence.steps {
                        steps.object { entry in
                            entry.member("line", Int64(step.line))
                            entry.member("text", step.text)
                        }
                    }
                }
            }
            object.member("reason", reason)
        }
    }
}

extension FileReport {
    fileprivate func writeCoverage(to writer: inout JSONWriter, wantsParts: Bool) {
        writer.object { object in
            object.member("path", path)
            object.member("size", Int64(size))
            object.member("kind", kind)
            object.member("parsed", Int64(coverage.bytes(.parsed)))
            object.member("skipped", Int64(coverage.bytes(.skipped)))
            object.member("not_understood", Int64(coverage.bytes(.notUnderstood)))
            object.key("parts")
            object.array { array in
                for part in coverage.parts where wantsParts || part.state != .parsed {
                    array.object { entry in
                        entry.member("member", part.member)
                        entry.member("state", part.state.rawValue)
                        entry.member("bytes", Int64(part.bytes))
                        entry.member("what", part.what)
                    }
                }
            }
            if untold > 0 { object.member("untold_findings", Int64(untold)) }
            guard !listings.isEmpty else { return }
            object.key("explained")
            object.array { array in
                for listing in listings {
                    array.object { entry in
                        entry.member("member", listing.member)
                        entry.member("lines", listing.lines)
                    }
                }
            }
        }
    }
}
