extension Rule {
    static let onnxExternalPath = Rule(
        id: "onnx-external-path",
        title: "ONNX model reads weights from outside its folder",
        severity: .high,
        why:
            "Runtimes open the path that the model states: any file of the machine.",
        fix: "Do not load the model. Honest models keep their weights beside them.",
        references: ["https://nvd.nist.gov/vuln/detail/CVE-2022-25882", "https://nvd.nist.gov/vuln/detail/CVE-2024-27318"])
}
