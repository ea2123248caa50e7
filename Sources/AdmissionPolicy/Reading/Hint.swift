import ModelPackage

/// What somebody meant who wrote a word that is not known.
enum Hint {
    /// Words that people write for conditions, and which they mean.
    private static let meanings: [String: String] = [
        "author": "owner", "organization": "owner", "organisation": "owner", "org": "owner", "user": "owner", "name": "package",
        "model": "package", "repo": "package", "repository": "package", "id": "package",
        "severity": "finding", "findings": "finding",
        "scan": "scanned", "file": "path", "files": "path", "filename": "path", "extension": "format", "type": "format",
        "size": "larger_than", "max_size": "larger_than", "bigger_than": "larger_than", "total_size": "total_larger_than",
        "pipeline_tag": "task", "framework": "library", "deleted": "removed", "torch": "pytorch",
        "zip": "archive", "tar": "archive",
        "exe": "executable", "joblib": "pickle", "npy": "numpy", "npz": "numpy", "tf": "tensorflow", "savedmodel": "tensorflow",
        "msgpack": "flax", "ipynb": "notebook", "error": "high", "warning": "medium", "moderate": "medium", "severe": "critical",
        "version": "weir_policy", "policy": "weir_policy",
    ]

    /// ` (did you mean 'license'?)`, or nothing where no word is near.
    static func nearest(to word: String, in known: [String]) -> String {
        let plain = word.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
        // A word that is half another is no slip of a finger.
        let limit = min(2, plain.count / 2)
        let near = known.map { ($0, distance(plain, $0)) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
        let meant = near ?? meanings[plain].flatMap { known.contains($0) ? $0 : nil }
        return meant.map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// How many letters have to be put in, taken out, changed or swapped with the next.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(64))
        let right = Array(right.prefix(64))
        var before: [Int] = []
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(above[column] + (letter == other ? 0 : 1), above[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            (before, above) = (above, current)
        }
        return above[right.count]
    }
}
