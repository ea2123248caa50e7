import Hubs
import ModelPackage
import Storage

/// What a snapshot of one revision takes: the files to keep, and those that are not, with the reason.
struct SnapshotPlan {
    struct Wanted {
        let path: FilePath
        let file: PackageFile
    }

    private(set) var wanted: [Wanted] = []
    private(set) var absences: [SnapshotManifest.Absence] = []
    /// Names that would be one where capitals do not count.
    private(set) var sameButForCase: [[String]] = []

    /// Checks every path, alone and beside the others.
    init(_ files: [PackageFile], _ selection: FileSelection) {
        var names: Set<FilePath> = []
        var folded: [String: [String]] = [:]
        var checked: [Wanted] = []
        for file in files {
            do throws(InvalidFilePath) {
                let path = try FilePath(file.path)
                guard names.insert(path).inserted else {
                    refuse(file, "the path is there twice")
                    continue
                }
                if let size = file.size, size > ContentClaim.largestFile {
                    refuse(file, "it is said to have \(size) bytes, which no file has")
                    continue
                }
                folded[path.text.lowercased(), default: []].append(path.text)
                checked.append(Wanted(path: path, file: file))
            } catch {
                refuse(file, "the path \(error.problem)")
            }
        }
        for entry in checked {
            if let parent = entry.path.parents.first(where: { names.contains($0) }) {
                refuse(entry.file, "the path leads through the file \(printable(parent.text))")
            } else if selection.includes(entry.path.text, size: entry.file.size) {
                wanted.append(entry)
            } else {
                absences.append(.init(path: entry.file.path, size: entry.file.size, cause: .leftOut))
            }
        }
        sameButForCase = folded.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }

    /// Bytes of the wanted files, as far as their sizes are known.
    var bytes: Int64 {
        wanted.reduce(0) { $0.addingReportingOverflow($1.file.size ?? 0).partialValue }
    }

    private mutating func refuse(_ file: PackageFile, _ reason: String) {
        absences.append(.init(path: file.path, size: file.size, cause: .refused, reason: reason))
    }
}
