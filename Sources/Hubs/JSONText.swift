import Documents

/// JSON texts of single values.
enum JSONText {
    static func string(_ value: String) -> String {
        var writer = JSONWriter()
        writer.string(value)
        return writer.text
    }

    static func strings(_ values: [String]) -> String {
        var writer = JSONWriter()
        writer.array { list in for value in values { list.string(value) } }
        return writer.text
    }
}
