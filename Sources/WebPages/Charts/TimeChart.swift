/// One number over time, as a line or as an area over its ground line.
struct TimeChart {
    struct Point {
        /// Any measure of time that grows evenly.
        var time: Double
        /// The time for people.
        var label: String
        var value: Int64
    }

    let id: String
    let title: String
    /// The head of the numbers in the table.
    let noun: String
    /// In order of time.
    let points: [Point]
    /// Whether the ground line is zero and what is over it is filled.
    let isArea: Bool
    /// In units of the drawing; text keeps its size against these, so a chart that is shown wide should be drawn wide.
    var width = 560.0

    private static let height = 240.0
    private static let left = 60.0
    private var right: Double { width - 16 }
    private static let top = 16.0
    private static let bottom = 200.0

    /// Nothing, where there are no points.
    var markup: Markup {
        guard let first = points.first, let last = points.last else { return Markup() }
        let description =
            points.count == 1
            ? "\(Figures.grouped(first.value)) at \(first.label)."
            : "From \(Figures.grouped(first.value)) at \(first.label) to \(Figures.grouped(last.value)) at \(last.label)."
        let figure = ChartFigure(id: id, title: title, description: description, width: width, height: Self.height)
        return figure.markup(
            columns: ["Time", noun], rows: points.map { [.text($0.label), .text(Figures.grouped($0.value))] }
        ) { page in
            drawAxes(first, last, to: &page)
            drawLine(to: &page)
        }
    }

    private var values: ChartScale {
        let numbers = points.map { Double($0.value) }
        return isArea
            ? .fromZero(numbers, start: Self.bottom, end: Self.top) : .around(numbers, start: Self.bottom, end: Self.top)
    }

    private func place(of point: Point) -> (x: Double, y: Double) {
        let start = points.first?.time ?? 0
        let end = points.last?.time ?? 0
        let times = ChartScale(domain: start...max(start, end), start: Self.left, end: right)
        return (start < end ? times.position(point.time) : (Self.left + right) / 2, values.position(Double(point.value)))
    }

    private func drawAxes(_ first: Point, _ last: Point, to page: inout Markup) {
        let scale = values
        for tick in scale.ticks {
            let y = scale.position(tick)
            page.chartLine("grid", (Self.left, y), (right, y))
            page.chartText(Figures.short(Int64(clamping: tick)), x: Self.left - 8, y: y + 4, anchor: "end")
        }
        if points.count == 1 {
            page.chartText(first.label, x: place(of: first).x, y: Self.bottom + 26, anchor: "middle")
        } else {
            page.chartText(first.label, x: Self.left, y: Self.bottom + 26)
            page.chartText(last.label, x: right, y: Self.bottom + 26, anchor: "end")
        }
    }

    private func drawLine(to page: inout Markup) {
        let places = points.map(place)
        let line = places.map { "\($0.x.coordinate),\($0.y.coordinate)" }.joined(separator: " ")
        if isArea, let first = places.first, let last = places.last {
            let ground = values.position(0).coordinate
            page.open(
                "polygon", ["class": "area", "points": "\(first.x.coordinate),\(ground) \(line) \(last.x.coordinate),\(ground)"])
            page.close("polygon")
        }
        page.open("polyline", ["class": "line", "points": line])
        page.close("polyline")
        // Dots for as many as can be told apart.
        for place in places.count <= 24 ? places : places.suffix(1) {
            page.open("circle", ["class": "dot", "cx": place.x.coordinate, "cy": place.y.coordinate, "r": "3.5"])
            page.close("circle")
        }
    }
}

extension Int64 {
    /// The nearest integer there is.
    init(clamping value: Double) {
        self = Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
