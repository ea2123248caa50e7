/// A line of source as it is shown.
enum Snippet {
    static let longest = 200

    /// The line without white space around it, cut, and with signs for what a terminal or reader would be misled by: control
    /// characters, and those
    /// that change the direction of text (Unicode Technical Report 36, section 2.6).
    static func clean(_ text: String) -> String {
        var out = ""
        var count = 0
        var scalars = text.unicodeScalars[...].drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        for scalar in scalars {
            if count == longest { return out + "…" }
            out.unicodeScalars.append(isMisleading(scalar) ? "\u{fffd}" : scalar)
            count += 1
        }
        return out
    }

    private static func isMisleading(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }
}
