/// Upright columns over classes in a fixed order: a histogram.
struct ColumnChart {
    struct Column {
        var label: String
        var count: Int64
    }

    let id: String
    let title: String
    /// The head of the classes in the table.
    let noun: String
    let columns: [Column]
    /// In units of the drawing, against which text keeps its size.
    var width = 560.0

    private static let height = 240.0
    private static let baseline = 200.0

    /// Nothing, where there are no columns.
    var markup: Markup {
        guard !columns.isEmpty else { return Markup() }
        let figure = ChartFigure(id: id, title: title, description: description, width: width, height: Self.height)
        return figure.markup(
            columns: [noun, "Packages"], rows: columns.map { [.text($0.label), .text(Figures.grouped($0.count))] }
        ) { page in
            page.chartLine("axis", (0, Self.baseline), (width, Self.baseline))
            for index in columns.indices { draw(index, to: &page) }
        }
    }

    private var description: String {
        guard let largest = columns.max(by: { $0.count < $1.count }), largest.count > 0 else { return "No packages." }
        return "The most, \(Figures.grouped(largest.count)), are in the class \(largest.label)."
    }

    private func draw(_ index: Int, to page: inout Markup) {
        let column = columns[index]
        let slot = width / Double(columns.count)
        let scale = ChartScale(domain: 0...Double(max(columns.map(\.count).max() ?? 0, 1)), start: Self.baseline, end: 28)
        let top = min(scale.position(Double(column.count)), column.count > 0 ? Self.baseline - 2 : Self.baseline)
        let middle = (Double(index) + 0.5) * slot
        page.open(
            "rect",
            [
                "class": "fill", "x": (middle - slot * 0.36).coordinate, "y": top.coordinate, "width": (slot * 0.72).coordinate,
                "height": (Self.baseline - top).coordinate, "rx": "3",
            ])
        page.close("rect")
        if column.count > 0 {
            page.chartText(Figures.short(column.count), x: middle, y: top - 8, anchor: "middle", name: "value")
        }
        page.chartText(column.label, x: middle, y: Self.baseline + 24, anchor: "middle")
    }
}
