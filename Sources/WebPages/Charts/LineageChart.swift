/// A package between what it was made from and what was made from it.
struct LineageChart {
    struct Node {
        var label: String
        /// How the package was made; nil where that is not known.
        var relation: String?
        /// Where the node leads; nil for what is not in the dataset.
        var address: String?
    }

    /// The package's own name.
    let name: String
    let bases: [Node]
    let derived: [Node]

    /// Nodes that are drawn on a side; all stand in the lists beside the chart.
    static let maximumNodes = 6
    private static let nodeWidth = 196.0
    private static let nodeHeight = 34.0
    private static let pitch = 50.0
    private static let columns = [2.0, 262.0, 522.0]
    private static let width = 720.0

    /// Nothing, where the package stands alone.
    var markup: Markup {
        guard !bases.isEmpty || !derived.isEmpty else { return Markup() }
        let rows = max(min(bases.count, Self.maximumNodes), min(derived.count, Self.maximumNodes), 1)
        let height = Double(rows) * Self.pitch
        return .build { page in
            page.element("figure", ["class": "chart lineage"]) { page in
                page.element(
                    "svg",
                    [
                        "viewBox": "0 0 \(Self.width.coordinate) \(height.coordinate)", "role": "img",
                        "aria-labelledby": "lineage-title lineage-desc",
                    ]
                ) { page in
                    page.element("title", ["id": "lineage-title"], text: "Lineage of \(name)")
                    page.element("desc", ["id": "lineage-desc"], text: description)
                    draw(height: height, to: &page)
                }
            }
        }
    }

    private var description: String {
        let from = bases.isEmpty ? "from nothing that is known" : "from " + bases.prefix(3).map(\.label).joined(separator: ", ")
        return
            "Made \(from); \(Figures.count(Int64(derived.count), "package")) shown that \(derived.count == 1 ? "is" : "are") made from it."
    }

    private func draw(height: Double, to page: inout Markup) {
        let middle = height / 2
        for (index, node) in bases.prefix(Self.maximumNodes).enumerated() {
            let y = place(index, of: bases.count, height: height)
            drawEdge(from: (Self.columns[0] + Self.nodeWidth, y), to: (Self.columns[1], middle), &page)
            drawNode(node, x: Self.columns[0], y: y, kind: "node", &page)
        }
        for (index, node) in derived.prefix(Self.maximumNodes).enumerated() {
            let y = place(index, of: derived.count, height: height)
            drawEdge(from: (Self.columns[1] + Self.nodeWidth, middle), to: (Self.columns[2], y), &page)
            drawNode(node, x: Self.columns[2], y: y, kind: "node", &page)
        }
        drawNode(Node(label: name), x: Self.columns[1], y: middle, kind: "node own", &page)
    }

    /// The middle of a node in its column.
    private func place(_ index: Int, of count: Int, height: Double) -> Double {
        let shown = Double(min(count, Self.maximumNodes))
        return height / 2 + (Double(index) - (shown - 1) / 2) * Self.pitch
    }

    private func drawEdge(from: (x: Double, y: Double), to: (x: Double, y: Double), _ page: inout Markup) {
        let bend = ((from.x + to.x) / 2).coordinate
        let start = "\(from.x.coordinate) \(from.y.coordinate)"
        page.open(
            "path",
            [
                "class": "edge",
                "d": "M\(start) C\(bend) \(from.y.coordinate) \(bend) \(to.y.coordinate) \(to.x.coordinate) \(to.y.coordinate)",
            ])
        page.close("path")
    }

    private func drawNode(_ node: Node, x: Double, y: Double, kind: String, _ page: inout Markup) {
        // The chart is one picture to a screen reader; the links in it are those of the lists beside it.
        if let address = node.address { page.open("a", ["href": address, "tabindex": "-1"]) }
        page.open(
            "rect",
            [
                "class": kind, "x": x.coordinate, "y": (y - Self.nodeHeight / 2).coordinate, "width": Self.nodeWidth.coordinate,
                "height": Self.nodeHeight.coordinate, "rx": "8",
            ])
        page.close("rect")
        let text = Self.shortened(node.label.split(separator: "/").last.map(String.init) ?? node.label)
        let hasRelation = node.relation != nil
        page.chartText(text, x: x + Self.nodeWidth / 2, y: hasRelation ? y - 1 : y + 4, anchor: "middle", name: "node-label")
        if let relation = node.relation {
            page.chartText(relation, x: x + Self.nodeWidth / 2, y: y + 12, anchor: "middle", name: "node-relation")
        }
        if node.address != nil { page.close("a") }
    }

    /// What fits into a node.
    private static func shortened(_ label: String) -> String {
        label.count > 27 ? label.prefix(14) + "…" + label.suffix(12) : label
    }
}
