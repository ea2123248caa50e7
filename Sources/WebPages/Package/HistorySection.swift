internal import ModelPackage

/// How downloads and likes went, as crawls saw them.
struct HistorySection {
    let observations: [CounterObservation]

    /// Nil where no crawl saw a counter.
    var section: PageSection? {
        let charts = [
            chart("downloads", "Downloads", \.downloads),
            chart("likes", "Likes", \.likes),
        ].filter { !$0.isEmpty }
        guard !charts.isEmpty else { return nil }
        let body = Markup.build { markup in
            markup.element("div", ["class": "two"]) { markup in
                for chart in charts { markup.append(chart) }
            }
        }
        return PageSection(sectionID: "history", sectionTitle: "History", bodyHTML: body)
    }

    private func chart(_ id: String, _ title: String, _ counter: (CounterObservation) -> Int64?) -> Markup {
        let points = observations.compactMap { observation in
            counter(observation).map {
                TimeChart.Point(
                    time: Double(observation.at.millisecondsSince1970), label: Figures.date(observation.at.description), value: $0
                )
            }
        }
        guard !points.isEmpty else { return Markup() }
        return .build { markup in
            markup.element("div") { markup in
                markup.element("h3", text: title)
                // Two stand side by side.
                let chart = TimeChart(id: "history-\(id)", title: title, noun: title, points: points, isArea: false, width: 400)
                markup.append(chart.markup)
            }
        }
    }
}
