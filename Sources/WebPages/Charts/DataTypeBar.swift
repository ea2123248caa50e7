internal import ModelPackage

/// How a model's elements are shared among data types: one bar, and its parts as a list.
struct DataTypeBar {
    private let parts: [(name: String, count: Int64)]
    private let total: Int64

    /// Parts with a colour of their own; what is smaller is one part together.
    private static let maximumParts = 5

    /// - Parameter counts: the largest first, none below one.
    init(_ counts: [(name: String, count: Int64)]) {
        var parts = Array(counts.prefix(Self.maximumParts))
        let rest = counts.dropFirst(Self.maximumParts).reduce(Int64(0)) { $0.addingSaturated($1.count) }
        if rest > 0 { parts.append((name: "other", count: rest)) }
        self.parts = parts
        total = parts.reduce(0) { $0.addingSaturated($1.count) }
    }

    /// Nothing, where there are no parts.
    var markup: Markup {
        guard total > 0 else { return Markup() }
        return .build { page in
            page.element("figure", ["class": "types"]) { page in
                page.element("svg", ["viewBox": "0 0 100 6", "preserveAspectRatio": "none", "aria-hidden": "true"]) { draw(&$0) }
                page.element("ul", ["class": "legend", "aria-label": "Elements by data type"]) { page in
                    for (index, part) in parts.enumerated() {
                        page.element("li") { page in
                            page.element("span", ["class": "swatch part-\(index)", "aria-hidden": "true"], text: "")
                            page.element("strong", text: part.name)
                            page.text(" \(Figures.short(part.count)) · \(Figures.percent(part.count, of: total))")
                        }
                    }
                }
            }
        }
    }

    private func draw(_ page: inout Markup) {
        var x = 0.0
        for (index, part) in parts.enumerated() {
            let width = Double(part.count) / Double(total) * 100
            page.open("rect", ["class": "part-\(index)", "x": x.coordinate, "width": width.coordinate, "height": "6"])
            page.close("rect")
            x += width
        }
    }
}
