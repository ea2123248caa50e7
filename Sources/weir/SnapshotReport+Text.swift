import Documents
import ModelPackage
import Pipeline
import Snapshots
import Storage

extension SnapshotReport {
    /// One line for people.
    var line: String {
        var parts = ["\(Format.count(Int64(manifest.files.count), "file")), \(Format.bytes(manifest.bytes))"]
        parts.append(
            isUnchanged
                ? "unchanged" : "fetched \(Format.bytes(fetchedBytes)), \(Format.count(Int64(heldFiles), "file")) here already")
        if leftOut > 0 { parts.append("\(Format.count(Int64(leftOut))) left out") }
        if !problems.isEmpty { parts.append("\(Format.count(Int64(problems.count))) failed") }
        return "\(manifest.package)@\(manifest.commit.hex.prefix(12)): " + parts.joined(separator: " · ")
    }

    private var leftOut: Int { manifest.absences.count { $0.cause == .leftOut } }

    func write(to entry: inout JSONWriter) {
        entry.member("package", manifest.package.description)
        entry.member("commit", manifest.commit.hex)
        entry.member("files", Int64(manifest.files.count))
        entry.member("bytes", manifest.bytes)
        entry.member("fetched_files", Int64(fetchedFiles))
        entry.member("fetched_bytes", fetchedBytes)
        entry.member("held_files", Int64(heldFiles))
        entry.member("held_bytes", heldBytes)
        entry.member("left_out", Int64(leftOut))
        entry.member("failed", Int64(problems.count))
        entry.member("unchanged", isUnchanged)
    }
}

extension SnapshotRunReport {
    /// One line for people.
    func line(seconds: Double) -> String {
        "\(Format.count(Int64(snapshots), "package")): fetched \(Format.count(Int64(fetchedFiles), "file")), \(Format.bytes(fetchedBytes)) in "
            + "\(Format.duration(seconds)) (\(Format.bytes(Int64(Double(fetchedBytes) / max(seconds, 0.001))))/s); "
            + "\(Format.count(Int64(heldFiles), "file")), \(Format.bytes(heldBytes)) here already; \(Format.count(Int64(failed))) failed"
    }

    /// Names the first of what failed on standard error.
    func talkOfFailures() {
        for failure in failures.prefix(10) {
            let what = failure.path.map { "\(failure.package)/\($0)" } ?? failure.package
            Console.talk("weir: failed: \(TextTable.oneLine("\(what): \(failure.reason)"))")
        }
        if failed > 10 {
            Console.talk(
                "weir: \(failed - 10) more: weir sql \"SELECT package, path, reason FROM snapshot_absences WHERE cause <> 'left out'\""
            )
        }
    }

    func write(to object: inout JSONWriter) {
        object.member("packages", Int64(snapshots))
        object.member("unchanged", Int64(unchanged))
        object.member("files", Int64(files))
        object.member("fetched_files", Int64(fetchedFiles))
        object.member("fetched_bytes", fetchedBytes)
        object.member("held_files", Int64(heldFiles))
        object.member("held_bytes", heldBytes)
        object.member("failed", Int64(failed))
        object.member("failures", failures)
    }
}

extension JSONWriter {
    /// A member that is the list of what of packages could not be had.
    mutating func member(_ key: String, _ failures: [PackageFailure]) {
        self.key(key)
        array { list in
            for failure in failures {
                list.object { entry in
                    entry.member("package", failure.package)
                    entry.key("path")
                    if let path = failure.path { entry.string(path) } else { entry.null() }
                    entry.member("reason", failure.reason)
                }
            }
        }
    }
}
