/// JSON texts of single values.
public enum JSONText {
    public static func string(_ value: String) -> String {
        var writer = JSONWriter()
        writer.string(value)
        return writer.text
    }

    public static func strings(_ values: [String]) -> String {
        var writer = JSONWriter()
        writer.array { list in for value in values { list.string(value) } }
        return writer.text
    }
}
