import Documents
import ModelPackage

/// What may stand below `allow` and `deny`.
enum ConditionKey: String, CaseIterable {
    case license, package, hub, owner, task, library, gated, `private`, removed, scanned, finding, format, path
    case largerThan = "larger_than"
    case totalLargerThan = "total_larger_than"
}

/// The conditions of one rule, by what they are about.
struct RuleConditions {
    var package: [PackageCondition] = []
    var file: [FileCondition] = []
}

/// Makes conditions of what stands below `allow` or `deny`.
struct ConditionReader {
    let effect: PolicyRule.Effect

    func conditions(_ value: YAMLValue) throws(PolicyMistake) -> RuleConditions {
        guard case .mapping(let members, let line) = value else {
            throw PolicyMistake(
                line: value.line,
                what: "'\(effect.rawValue)' is \(shown(value)); write conditions below it, such as 'license: [\"gpl-*\"]'")
        }
        guard !members.isEmpty else {
            throw PolicyMistake(
                line: line,
                what:
                    "'\(effect.rawValue)' has no conditions; write at least one, "
                    + "or say 'default: \(effect.rawValue)' for everything"
            )
        }
        var conditions = RuleConditions()
        for member in members {
            guard let key = ConditionKey(rawValue: member.key) else {
                let known = ConditionKey.allCases.map(\.rawValue)
                throw PolicyMistake(
                    line: member.line,
                    what: "\(printable(member.key)) is no condition\(Hint.nearest(to: member.key, in: known)); conditions are "
                        + known.joined(separator: ", "))
            }
            switch try condition(key, member.value, line: member.line) {
            case .package(let condition): conditions.package.append(condition)
            case .file(let condition): conditions.file.append(condition)
            }
        }
        return conditions
    }

    private enum Condition {
        case package(PackageCondition)
        case file(FileCondition)
    }

    private func condition(_ key: ConditionKey, _ value: YAMLValue, line: Int) throws(PolicyMistake) -> Condition {
        let values = ConditionValues(key: key.rawValue, value: value, line: line)
        return switch key {
        case .license: .package(.license(WordPatterns(try values.patterns())))
        case .package: .package(.package(try values.packages()))
        case .hub: .package(.hub(Set(try values.each("a hub", HubID.allCases.map(\.rawValue)) { HubID(argument: $0) })))
        case .owner: .package(.owner(WordPatterns(try values.patterns())))
        case .task: .package(.task(WordPatterns(try values.patterns())))
        case .library: .package(.library(WordPatterns(try values.patterns())))
        case .gated: .package(.gated(try values.flag()))
        case .private: .package(.isPrivate(try values.flag()))
        case .removed: .package(.removed(try values.flag()))
        case .scanned: .package(.scanned(try values.flag()))
        case .finding: .package(.finding(try values.severity()))
        case .totalLargerThan: .package(.totalLargerThan(try values.size()))
        case .largerThan: .file(.largerThan(try values.size()))
        case .format:
            .file(.format(try values.each("a format", FileFormat.allCases.map(\.rawValue)) { FileFormat(argument: $0) }))
        case .path: .file(.path(try values.paths()))
        }
    }
}
