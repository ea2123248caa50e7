extension Rule {
    static let pythonNativeCode = Rule(
        id: "python-native-code",
        title: "Native code is loaded",
        severity: .medium,
        why: "Machine code can do anything, and no reader of Python sees what.",
        fix: "Ask for the source of the library and build it yourself.",
        references: [
            "https://cwe.mitre.org/data/definitions/114.html",
            "https://attack.mitre.org/techniques/T1129/",
        ])
}
