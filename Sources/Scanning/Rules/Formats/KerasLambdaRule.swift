extension Rule {
    static let kerasLambda = Rule(
        id: "keras-lambda",
        title: "Keras Lambda layer with code of its own",
        severity: .medium,
        why:
            "The layer's function is kept as byte code and runs when the model is loaded or used.",
        fix: "Load with safe_mode on, or ask for a model without Lambda layers.",
        references: ["https://keras.io/api/layers/core_layers/lambda/", "https://nvd.nist.gov/vuln/detail/CVE-2024-3660"])
}
