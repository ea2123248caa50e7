extension Rule {
    static let tensorflowOperator = Rule(
        id: "tensorflow-operator",
        title: "TensorFlow graph reads, writes or runs",
        severity: .high,
        why:
            "Graphs are programs: such operators work on the machine's files, processes and network whenever the model is used.",
        fix: "Do not use the model.",
        references: ["https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md"])
}
