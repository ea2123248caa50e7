import ModelPackage

extension PackagePolicy {
    /// Whether a package may be had: the first rule without conditions on files that matches decides, else the default.
    public func judge(package: PolicySubject) -> PolicyVerdict {
        for rule in packageRules {
            guard let reasons = rule.reasons(package) else { continue }
            return verdict(rule, reasons, about: package.id.description)
        }
        switch fallback {
        case .allow: return .allowed
        case .deny: return .denied(rule: PolicyVerdict.defaultRule, reason: "no rule allows \(plain(package.id.description))")
        }
    }

    /// Whether a file may be had: only where its package may, and the first rule with conditions on files that matches, if any,
    /// allows.
    public func judge(file: PolicyFile, of package: PolicySubject) -> PolicyVerdict {
        let whole = judge(package: package)
        return whole.isAllowed ? judge(file: file, ofAllowed: package) : whole
    }

    /// The same for many files of one package, in their order: the package is judged once.
    public func judge(files: [PolicyFile], of package: PolicySubject) -> [PolicyVerdict] {
        let whole = judge(package: package)
        return files.map { whole.isAllowed ? judge(file: $0, ofAllowed: package) : whole }
    }

    private func judge(file: PolicyFile, ofAllowed package: PolicySubject) -> PolicyVerdict {
        for rule in fileRules {
            guard let reasons = rule.reasons(file, of: package) else { continue }
            return verdict(rule, reasons, about: file.path)
        }
        return .allowed
    }

    private func verdict(_ rule: PolicyRule, _ reasons: [String], about what: String) -> PolicyVerdict {
        switch rule.effect {
        case .allow: .allowed
        case .deny: .denied(rule: rule.name, reason: "\(reasons.joined(separator: " and ")) (\(plain(what)))")
        }
    }
}

/// A text from outside made safe to print on one line, without quotes.
func plain(_ text: String) -> String {
    String(printable(text, limit: 400).dropFirst().dropLast())
}
