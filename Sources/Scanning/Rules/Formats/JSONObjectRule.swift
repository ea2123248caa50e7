extension Rule {
    static let jsonObject = Rule(
        id: "json-object",
        title: "JSON that makes objects",
        severity: .high,
        why:
            "jsonpickle makes the objects and calls the functions that the text names.",
        fix: "Read it with a plain JSON parser.",
        references: ["https://github.com/jsonpickle/jsonpickle#security"])
}
