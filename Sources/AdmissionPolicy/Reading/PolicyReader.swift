import Documents
import ModelPackage

/// Makes a policy of the values of its YAML.
struct PolicyReader {
    let file: String

    private static let keys = ["weir_policy", "default", "rules"]
    private static let ruleKeys = ["name", "allow", "deny"]

    func policy(_ root: YAMLValue?) throws(PolicyError) -> PackagePolicy {
        guard let root else { throw wrong(nil, "is empty; begin with 'weir_policy: 1'") }
        guard case .mapping(let members, let line) = root else {
            throw wrong(root.line, "should be a mapping that begins with 'weir_policy: 1'")
        }
        try checkVersion(root["weir_policy"], line: line)
        for member in members where !Self.keys.contains(member.key) {
            throw wrong(member.line, Self.unknown(member.key, in: Self.keys, of: "a policy"))
        }
        return PackagePolicy(fallback: try fallback(root["default"]), rules: try rules(root["rules"]))
    }

    private func checkVersion(_ value: YAMLValue?, line: Int) throws(PolicyError) {
        guard let value else { throw wrong(line, "has no 'weir_policy'; write 'weir_policy: 1' as the first line") }
        guard case .scalar("1", _, isQuoted: false) = value else {
            throw wrong(value.line, "'weir_policy' is \(shown(value)), which this version does not read; write 'weir_policy: 1'")
        }
    }

    private func fallback(_ value: YAMLValue?) throws(PolicyError) -> PolicyRule.Effect {
        guard let value else { return .allow }
        guard case .scalar(let text, _, _) = value, let effect = PolicyRule.Effect(rawValue: text) else {
            throw wrong(value.line, "'default' is \(shown(value)); write 'default: allow' or 'default: deny'")
        }
        return effect
    }

    private func rules(_ value: YAMLValue?) throws(PolicyError) -> [PolicyRule] {
        guard let value else { return [] }
        guard case .sequence(let items, _) = value else {
            throw wrong(value.line, "'rules' is \(shown(value)); write a list of rules, each beginning with '- name:'")
        }
        guard !items.isEmpty else { throw wrong(value.line, "'rules' is an empty list; write a rule, or leave 'rules' out") }
        guard items.count <= PackagePolicy.maximumRules else {
            throw wrong(
                items[PackagePolicy.maximumRules].line,
                "has \(items.count) rules, more than \(PackagePolicy.maximumRules); put values that share an effect in one list")
        }
        var rules: [PolicyRule] = []
        var lines: [String: Int] = [:]
        for (index, item) in items.enumerated() {
            let rule = try rule(item, number: index + 1)
            if let first = lines.updateValue(item.line, forKey: rule.name) {
                throw wrong(
                    item.line, "the name is taken by the rule on line \(first); choose another", rule: "rule '\(rule.name)'")
            }
            rules.append(rule)
        }
        return rules
    }

    private func rule(_ item: YAMLValue, number: Int) throws(PolicyError) -> PolicyRule {
        var label = "rule \(number)"
        guard case .mapping(let members, let line) = item else {
            throw wrong(item.line, "is \(shown(item)); write a mapping with 'name' and 'allow' or 'deny'", rule: label)
        }
        do throws(PolicyMistake) {
            let name = try Self.name(item["name"], line: line)
            label = "rule '\(name)'"
            let (effect, conditions) = try Self.effect(members, line: line)
            return PolicyRule(name: name, effect: effect, packageConditions: conditions.package, fileConditions: conditions.file)
        } catch {
            throw wrong(error.line, error.what, rule: label)
        }
    }

    private static func effect(
        _ members: [YAMLValue.Member], line: Int
    ) throws(PolicyMistake) -> (PolicyRule.Effect, RuleConditions) {
        for member in members where !ruleKeys.contains(member.key) {
            throw PolicyMistake(line: member.line, what: misplaced(member.key))
        }
        let effects = members.filter { $0.key != "name" }
        guard let member = effects.first, let effect = PolicyRule.Effect(rawValue: member.key) else {
            throw PolicyMistake(line: line, what: "has neither 'allow' nor 'deny'; write one of them with conditions below it")
        }
        guard effects.count == 1 else {
            throw PolicyMistake(
                line: effects.last?.line ?? line, what: "has both 'allow' and 'deny'; write two rules, the one that decides first"
            )
        }
        return (effect, try ConditionReader(effect: effect).conditions(member.value))
    }

    private static func name(_ value: YAMLValue?, line: Int) throws(PolicyMistake) -> String {
        guard let value else {
            throw PolicyMistake(line: line, what: "has no 'name'; write what refusals should call it, such as 'name: no pickles'")
        }
        guard case .scalar = value, let name = value.text else {
            throw PolicyMistake(line: value.line, what: "'name' is \(shown(value)); write a text")
        }
        guard name.unicodeScalars.count <= 120, printable(name) == "'\(name)'" else {
            throw PolicyMistake(
                line: value.line, what: "the name should be one line of at most 120 characters, all of them visible")
        }
        guard name.lowercased() != PolicyVerdict.defaultRule else {
            throw PolicyMistake(line: value.line, what: "'\(name)' means what happens where no rule matches; choose another name")
        }
        return name
    }

    private func wrong(_ line: Int?, _ what: String, rule: String? = nil) -> PolicyError {
        PolicyError(file: file, line: line, rule: rule, what: what)
    }

    private static func misplaced(_ key: String) -> String {
        if ConditionKey(rawValue: key) != nil { return "'\(key)' is a condition; write it below 'allow:' or 'deny:'" }
        return unknown(key, in: ruleKeys, of: "a rule")
    }

    private static func unknown(_ key: String, in known: [String], of what: String) -> String {
        "\(printable(key)) is nothing that \(what) has\(Hint.nearest(to: key, in: known)); it has "
            + known.joined(separator: ", ")
    }
}

/// A value as it was written, for errors.
func shown(_ value: YAMLValue) -> String {
    switch value {
    case .scalar(let text, _, let isQuoted): text.isEmpty && !isQuoted ? "empty" : printable(text)
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
}
