/// What all charts drawn here have in common: a picture that says in words what it shows, and its numbers as a table beneath.
///
/// Colours come from classes of the style sheet, for the site's policy forbids inline styles.
struct ChartFigure {
    /// Unique within the page.
    let id: String
    let title: String
    /// One sentence that tells what can be seen.
    let description: String
    let width: Double
    let height: Double

    /// - Parameters:
    ///   - columns: the heads of the table.
    ///   - rows: its rows, as long as `columns`.
    ///   - drawing: writes the picture's elements.
    func markup(columns: [String], rows: [[Markup]], _ drawing: (inout Markup) -> Void) -> Markup {
        .build { page in
            page.element("figure", ["class": "chart"]) { page in
                page.element(
                    "svg",
                    [
                        "viewBox": "0 0 \(width.coordinate) \(height.coordinate)", "role": "img",
                        "aria-labelledby": "\(id)-title \(id)-desc",
                    ]
                ) { page in
                    page.element("title", ["id": "\(id)-title"], text: title)
                    page.element("desc", ["id": "\(id)-desc"], text: description)
                    drawing(&page)
                }
                page.element("details", ["class": "numbers"]) { page in
                    page.element("summary", text: "The numbers")
                    page.table(label: title, columns: columns, rows: rows)
                }
            }
        }
    }
}

extension Markup {
    /// A table in a box that scrolls. The first column names the row.
    mutating func table(label: String, columns: [String], rows: [[Markup]]) {
        scrollBox(label) { page in
            page.element("table") { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for column in columns { page.element("th", ["scope": "col"], text: column) }
                    }
                }
                page.element("tbody") { page in
                    for row in rows { page.tableRow(row) }
                }
            }
        }
    }

    private mutating func tableRow(_ cells: [Markup]) {
        element("tr") { page in
            for (column, cell) in cells.enumerated() {
                if column == 0 {
                    page.element("th", ["scope": "row"]) { $0.append(cell) }
                } else {
                    page.element("td") { $0.append(cell) }
                }
            }
        }
    }

    /// A line of an axis.
    mutating func chartLine(_ name: String, _ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) {
        open(
            "line",
            [
                "class": name, "x1": from.x.coordinate, "y1": from.y.coordinate, "x2": to.x.coordinate, "y2": to.y.coordinate,
            ])
        close("line")
    }

    /// A text, by its start (`start`), middle or end.
    mutating func chartText(_ text: String, x: Double, y: Double, anchor: String = "start", name: String = "tick") {
        element("text", ["class": name, "x": x.coordinate, "y": y.coordinate, "text-anchor": anchor], text: text)
    }
}
