import ArgumentParser
import Foundation
import Storage

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The dataset's folder (default: $WEIR_DATASET, or ./weir-dataset).", valueName: "dir"))
    var dataset: String?

    @Flag(help: "Print exactly one JSON document to standard output.")
    var json = false

    @Flag(name: [.long, .customShort("q")], help: "Say nothing but errors.")
    var quiet = false

    @Flag(name: [.long, .customShort("v")], help: "Say more: what is tried again, and the cause of an error.")
    var verbose = false

    func validate() throws {
        if dataset == "" { throw ValidationError("--dataset should name a folder") }
    }

    var directory: DatasetDirectory {
        let named = dataset ?? ProcessInfo.processInfo.environment["WEIR_DATASET"].flatMap { $0.isEmpty ? nil : $0 }
        return DatasetDirectory((named ?? "weir-dataset" as String).expandingTilde)
    }

    /// Moves these options from before the command's name to behind it, so that they are taken in both places.
    static func movingBehindCommand(_ arguments: [String]) -> [String] {
        var moved: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            if ["--json", "--quiet", "--verbose", "-q", "-v"].contains(argument) || argument.hasPrefix("--dataset=") {
                moved.append(argument)
                index += 1
            } else if argument == "--dataset", index + 1 < arguments.count {
                moved += arguments[index...(index + 1)]
                index += 2
            } else {
                break
            }
        }
        guard index < arguments.count, !arguments[index].hasPrefix("-") else { return arguments }
        return [arguments[index]] + moved + arguments[(index + 1)...]
    }
}

extension String {
    var expandingTilde: String { (self as NSString).expandingTildeInPath }
}
