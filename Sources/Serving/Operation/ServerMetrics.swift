import Synchronization

/// What the server has done, for `/metrics` in the text form of Prometheus.
final class ServerMetrics: Sendable {
    /// What a request was for, by the first segment that tells.
    enum Area: Int, CaseIterable, Sendable {
        case mirror, file, git, api, page, operation

        var label: String { "\(self)" }
    }

    /// Upper bounds of the times that are told apart, in seconds.
    private static let bounds: [Double] = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]

    private struct Counts {
        var byStatus: [[Int64]] = Array(repeating: Array(repeating: 0, count: 6), count: Area.allCases.count)
        var byTime: [[Int64]] = Array(repeating: Array(repeating: 0, count: 8), count: Area.allCases.count)
        var seconds = [Double](repeating: 0, count: Area.allCases.count)
        var fileBytes: Int64 = 0
    }

    private let counts = Mutex(Counts())
    private let running = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    func begin() { running.add(1, ordering: .relaxed) }

    func end(_ area: Area, status: Int, seconds: Double, fileBytes: Int64) {
        running.subtract(1, ordering: .relaxed)
        let class_ = min(max(status / 100, 0), 5)
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts.withLock { counts in
            counts.byStatus[area.rawValue][class_] += 1
            counts.byTime[area.rawValue][bucket] += 1
            counts.seconds[area.rawValue] += seconds
            counts.fileBytes += fileBytes
        }
    }

    /// A request that was not let in.
    func refuse() { refused.add(1, ordering: .relaxed) }

    /// The metrics as text (Prometheus, "Text-based format").
    func text(more: [(name: String, help: String, value: Int64)]) -> String {
        let counts = counts.withLock { $0 }
        var lines = [
            "# HELP weir_requests_total Requests answered, by area and class of status.", "# TYPE weir_requests_total counter",
        ]
        for area in Area.allCases {
            for status in 1...5 where counts.byStatus[area.rawValue][status] > 0 {
                lines.append(
                    "weir_requests_total{area=\"\(area.label)\",status=\"\(status)xx\"} \(counts.byStatus[area.rawValue][status])"
                )
            }
        }
        lines += [
            "# HELP weir_request_seconds Time to the answer's head, or to the end of a file.",
            "# TYPE weir_request_seconds histogram",
        ]
        for area in Area.allCases where counts.byTime[area.rawValue].contains(where: { $0 > 0 }) {
            var sum: Int64 = 0
            for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], counts.byTime[area.rawValue]) {
                sum += count
                lines.append("weir_request_seconds_bucket{area=\"\(area.label)\",le=\"\(bound)\"} \(sum)")
            }
            lines.append("weir_request_seconds_sum{area=\"\(area.label)\"} \(counts.seconds[area.rawValue])")
            lines.append("weir_request_seconds_count{area=\"\(area.label)\"} \(sum)")
        }
        let single: [(name: String, help: String, type: String, value: Int64)] =
            [
                ("weir_file_bytes_total", "Bytes of files sent.", "counter", counts.fileBytes),
                ("weir_requests_running", "Requests under way.", "gauge", Int64(running.load(ordering: .relaxed))),
                (
                    "weir_requests_refused_total", "Requests refused for a wrong token or too many requests.", "counter",
                    Int64(refused.load(ordering: .relaxed))
                ),
            ] + more.map { ($0.name, $0.help, "gauge", $0.value) }
        for metric in single {
            lines += [
                "# HELP \(metric.name) \(metric.help)", "# TYPE \(metric.name) \(metric.type)", "\(metric.name) \(metric.value)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
