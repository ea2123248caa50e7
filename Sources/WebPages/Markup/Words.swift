extension String {
    /// With a capital at the start.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// A field's name as words.
    var replacingUnderscores: String { split(separator: "_").joined(separator: " ") }
}
