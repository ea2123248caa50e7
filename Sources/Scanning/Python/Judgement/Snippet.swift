/// A line of source as it is shown.
enum Snippet {
    static let longest = 200

    /// The line without white space around it, cut, and without what would mislead a terminal or a reader (``Printing``).
    static func clean(_ text: String) -> String {
        var scalars = text.unicodeScalars[...].drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return Printing.plain(String(scalars), limit: longest)
    }
}
