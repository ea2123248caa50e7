import Documents
import Pipeline

extension HeadersRun.Report {
    /// One line for people.
    func line(seconds: Double) -> String {
        "headers of \(Format.count(Int64(files), "file")) of \(Format.count(Int64(packages), "package")): read \(Format.bytes(bytesRead)) of "
            + "\(Format.bytes(bytesTotal)) in \(Format.count(requests, "request")) and \(Format.duration(seconds)); "
            + "\(Format.count(Int64(contradictions), "contradiction")), \(Format.count(Int64(unchanged))) unchanged"
    }

    func talkOfFailures() {
        for failure in failures.prefix(20) {
            let path = failure.path.map { " \($0)" } ?? ""
            Console.talk("weir: \(TextTable.oneLine("\(failure.package)\(path): \(failure.reason)"))")
        }
        if failures.count > 20 { Console.talk("weir: and \(failures.count - 20) more; the view 'formats' has them all") }
    }

    func write(to object: inout JSONWriter) {
        object.member("packages", Int64(packages))
        object.member("unchanged", Int64(unchanged))
        object.member("files", Int64(files))
        object.member("bytes_read", bytesRead)
        object.member("bytes_total", bytesTotal)
        object.member("requests", requests)
        object.member("contradictions", Int64(contradictions))
        object.member("failures", failures)
    }
}
