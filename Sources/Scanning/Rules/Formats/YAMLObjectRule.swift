extension Rule {
    static let yamlObject = Rule(
        id: "yaml-object",
        title: "YAML that makes Python objects",
        severity: .high,
        why:
            "yaml.load and yaml.unsafe_load make the objects and call the functions that tags name.",
        fix: "Read it with yaml.safe_load.",
        references: ["https://github.com/yaml/pyyaml/wiki/PyYAML-yaml.load(input)-Deprecation"])
}
