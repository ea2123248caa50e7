import ArgumentParser
import ModelPackage

/// Which files of a package are wanted.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only files whose path matches; repeat it for several.", valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("No files whose path matches; repeat it for several.", valueName: "glob"))
    var exclude: [String] = []

    @Option(
        help: ArgumentHelp("No files larger than this: bytes, or with k, M, G or T (powers of 1000).", valueName: "size"),
        transform: ByteSize.parse)
    var maxFileSize: Int64?

    var isGiven: Bool { !include.isEmpty || !exclude.isEmpty || maxFileSize != nil }

    /// - Parameter base: what is wanted where no pattern is given.
    func selection(base: FileSelection = .all) -> FileSelection {
        FileSelection(include: include.isEmpty ? base.include : include, exclude: exclude, maximumSize: maxFileSize)
    }
}

/// Sizes as people write them.
enum ByteSize {
    /// Reads `1500`, `500k`, `1.5 GB`.
    static func parse(_ text: String) throws -> Int64 {
        guard let match = text.wholeMatch(of: /\s*([0-9]+(?:\.[0-9]+)?)\s*([kKMGT]?)[bB]?\s*/), let amount = Double(match.1)
        else {
            throw ValidationError("'\(text)' is not a size: write bytes, or a number with k, M, G or T, such as 500M")
        }
        let factor: Double =
            switch match.2.uppercased() {
            case "K": 1e3
            case "M": 1e6
            case "G": 1e9
            case "T": 1e12
            default: 1
            }
        guard amount * factor < 9e18 else { throw ValidationError("'\(text)' is too large a size") }
        return Int64(amount * factor)
    }
}
