/// Counts of named things as a table whose rows hold bars: the chart and its numbers are one, and names stay readable on a phone.
struct BarTable {
    struct Row {
        var label: String
        var count: Int64
        /// Where the label leads.
        var address: String?
    }

    /// What a screen reader calls the table.
    let label: String
    /// The head of the first column.
    let noun: String
    let rows: [Row]
    /// What a full bar stands for; nil for the largest count.
    var whole: Int64?
    /// Whether the number beside a bar is its share of `whole`.
    var showsShare = false

    /// Nothing, where there are no rows.
    var markup: Markup {
        guard !rows.isEmpty else { return Markup() }
        return .build { page in
            page.element("table", ["class": "bars", "aria-label": label]) { page in
                page.element("thead") { page in
                    page.element("tr") { page in
                        for head in [noun, "Bar", showsShare ? "Share" : "Packages"] {
                            page.element("th", ["scope": "col"]) { $0.element("span", ["class": "visually-hidden"], text: head) }
                        }
                    }
                }
                page.element("tbody") { page in
                    for row in rows { append(row, to: &page) }
                }
            }
        }
    }

    private func append(_ row: Row, to page: inout Markup) {
        page.element("tr") { page in
            page.element("th", ["scope": "row", "title": row.label]) { page in
                page.append(row.address.map { .link(row.label, to: $0) } ?? .text(row.label))
            }
            page.element("td", ["class": "gauge"]) { page in
                page.element("svg", ["viewBox": "0 0 100 8", "preserveAspectRatio": "none", "aria-hidden": "true"]) { page in
                    page.open("rect", ["class": "track", "width": "100", "height": "8"])
                    page.close("rect")
                    page.open("rect", ["class": "fill", "width": length(of: row.count).coordinate, "height": "8"])
                    page.close("rect")
                }
            }
            page.element("td", ["class": "number", "title": Figures.grouped(row.count)]) { page in
                page.text(showsShare ? Figures.percent(row.count, of: fullCount) : Figures.grouped(row.count))
            }
        }
    }

    private var fullCount: Int64 { whole ?? rows.map(\.count).max() ?? 0 }

    /// Of 100. What is there can be seen.
    private func length(of count: Int64) -> Double {
        guard count > 0, fullCount > 0 else { return 0 }
        return max(min(Double(count) / Double(fullCount), 1) * 100, 0.5)
    }
}
