extension Rule {
    static let configTarget = Rule(
        id: "config-target",
        title: "Configuration names what is to be called",
        severity: .low,
        why:
            "Hydra and its like import and call whatever _target_ names.",
        fix: "Instantiate only targets from a list of your own.",
        references: ["https://hydra.cc/docs/advanced/instantiate_objects/overview/"])
}
