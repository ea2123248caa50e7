import Testing

@testable import WebPages

@Suite struct ChartTests {
    static let values: [[Int64]] = [
        [], [0], [1], [5, 5, 5], [.max], [.max, .max], [.min, .max], [-3, -1], [0, 0], [1, 1_000_000_000_000],
        (0..<500).map { $0 * $0 },
    ]

    @Test(arguments: values) func anyNumbersMakeAChart(values: [Int64]) {
        let time = TimeChart(
            id: "t", title: "T", noun: "N",
            points: values.enumerated().map { TimeChart.Point(time: Double($0), label: "<\($0)>", value: $1) }, isArea: true)
        let columns = ColumnChart(
            id: "c", title: "T", noun: "N", columns: values.map { ColumnChart.Column(label: "x", count: $0) })
        let bars = BarTable(label: "L", noun: "N", rows: values.map { BarTable.Row(label: "x", count: $0) })
        for markup in [time.markup, columns.markup, bars.markup] {
            #expect(markup.isEmpty == values.isEmpty)
            let page = TagBalance(markup.html)
            #expect(page.problem == nil)
            #expect(!page.attributes.contains { $0.value.contains("nan") || $0.value.contains("inf") || $0.name == "style" })
            #expect(!page.attributes.contains { ["width", "height"].contains($0.name) && $0.value.hasPrefix("-") })
        }
    }

    @Test func ticksAreRoundNumbers() {
        #expect(ChartScale.fromZero([1234], start: 0, end: 1).ticks == [0, 500, 1000, 1500])
        #expect(ChartScale.fromZero([], start: 0, end: 1).ticks.first == 0)
        #expect(ChartScale.around([61_000_000, 61_900_000], start: 0, end: 1).ticks.first == 61_000_000)
    }

    @Test func aBarShowsItsShare() {
        let bars = BarTable(label: "L", noun: "N", rows: [BarTable.Row(label: "x", count: 25)], whole: 100, showsShare: true)
            .markup.html
        #expect(bars.contains("class=\"fill\" width=\"25\""))
        #expect(bars.contains("25 %"))
    }

    @Test func coordinatesHaveATenth() {
        #expect(1.0.coordinate == "1")
        #expect(0.25.coordinate == "0.3")
        #expect((-0.5).coordinate == "-0.5")
        #expect((-12.34).coordinate == "-12.3")
    }
}
