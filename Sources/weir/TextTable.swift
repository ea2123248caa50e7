/// A table in plain text: columns as wide as their widest cell; where the line would not fit, the widest ones are cut, the
/// first one (which names the row) last.
struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []
    private let rightAligned: Set<Int>

    /// - Parameter rightAligned: the columns of numbers.
    init(_ header: [String], rightAligned: Set<Int> = []) {
        self.header = header
        self.rightAligned = rightAligned
    }

    mutating func add(_ row: [String]) {
        rows.append(row.map(Self.oneLine))
    }

    /// The table, at most `width` columns wide.
    func text(width: Int) -> String {
        var widths = header.indices.map { column in
            max(header[column].count, rows.lazy.map { $0[column].count }.max() ?? 0)
        }
        for columns in [Array(widths.indices.dropFirst()), Array(widths.indices)] {
            while widths.reduce(0, +) + 2 * (widths.count - 1) > width,
                let column = columns.max(by: { widths[$0] < widths[$1] }), widths[column] > 16
            {
                widths[column] -= 1
            }
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        return ([line(header, widths), rule] + rows.map { line($0, widths) }).joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (column, cell) in cells.enumerated() {
            let shown = cell.count > widths[column] ? String(cell.prefix(widths[column] - 1)) + "…" : cell
            let padding = String(repeating: " ", count: widths[column] - shown.count)
            parts.append(rightAligned.contains(column) ? padding + shown : shown + padding)
        }
        let text = parts.joined(separator: "  ")
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    /// Text from a hub made safe for a terminal: no line breaks, no control characters, nothing that turns the direction of what
    /// follows.
    static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isUnsafe($0) ? " " : $0 }))
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20..<0x7f).contains(scalar.value) { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        // Joiners shape the letters of many scripts and most emoji.
        case .format: return scalar != "\u{200c}" && scalar != "\u{200d}"
        default: return false
        }
    }
}
