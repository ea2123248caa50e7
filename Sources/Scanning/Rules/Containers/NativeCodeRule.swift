extension Rule {
    static let nativeCode = Rule(
        id: "native-code",
        title: "Program or library for a machine",
        severity: .medium,
        why:
            "Native code is not analysed here. A package whose Python loads it runs it.",
        fix: "Build it from source, or ask what it is for.",
        references: ["https://attack.mitre.org/techniques/T1129/"])
}
