extension Rule {
    static let onnxCustomOperator = Rule(
        id: "onnx-custom-operator",
        title: "ONNX model needs operators of somebody's own",
        severity: .low,
        why:
            "Custom operators are native or Python code that a runtime is told to load.",
        fix: "Know where the operators come from before they are registered.",
        references: ["https://onnxruntime.ai/docs/reference/operators/add-custom-op.html"])
}
