import ArgumentParser
import Documents
import Foundation
import PythonSyntax

struct PythonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "python",
        abstract: "Say what a Python file says, as Weir understands it; nothing is executed.",
        discussion: """
            Reads Python 3.0 to 3.14, and Python 2 where it differs. A folder stands for the .py files below it. A file with a syntax error
            gives the error and the tree of all that could be read.

            EXAMPLES
              weir python modeling_custom.py --ast
              weir python modeling_custom.py --ast --json
              weir python src --ast --jsonl
              weir python src --check

            With --json, of one file: {"path","ast":{…},"errors":[{"line","column","message"}]}, of several a list of these. A node is
            {"_type":"Assign",FIELD:…,"lineno","col_offset","end_lineno","end_col_offset"} with CPython's names; columns are bytes of
            UTF-8. What only Python 2 takes is an error with "python2":true. Exit code 1 when Python 3 would refuse a file.
            """)

    @Argument(help: "Python files, or folders of them.")
    var files: [String]

    @Flag(help: "Print the syntax tree.")
    var ast = false

    @Flag(help: "Print only what is wrong.")
    var check = false

    @Flag(help: "Print one JSON object a line, one line a file.")
    var jsonl = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if ast == check { throw ValidationError("say what to print: --ast or --check") }
        if global.json, jsonl { throw ValidationError("--json and --jsonl are two forms of one answer: give one of them") }
    }

    func run() throws {
        let paths = try files.flatMap { try Self.expanded($0.expandingTilde) }
        let isList = global.json && (files.count > 1 || paths != files.map(\.expandingTilde))
        var hasErrors = false
        if isList { try Console.data("[") }
        for (number, path) in paths.enumerated() {
            try Task.checkCancellation()
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            let form: Form = global.json || jsonl ? .json : .text
            let withTree = ast
            let answer = DeepStack.run { Self.answer(path, bytes, form, withTree: withTree) }
            hasErrors = hasErrors || answer.hasErrors
            if isList, number > 0 { try Console.data(",\n") }
            try Console.data(answer.text)
            if global.json, !isList || jsonl { try Console.data("\n") } else if jsonl { try Console.data("\n") }
        }
        if isList { try Console.data("]\n") }
        if hasErrors { throw ExitCode(1) }
    }

    /// The files that a path stands for.
    private static func expanded(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure("there is no file \(path)")
        }
        guard isFolder.boolValue else { return [path] }
        guard let walker = FileManager.default.enumerator(atPath: path) else {
            throw CommandFailure("cannot read the folder \(path)")
        }
        var found: [String] = []
        while let name = walker.nextObject() as? String {
            if name.hasSuffix(".py"), walker.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                found.append("\(path)/\(name)")
            }
        }
        return found.sorted()
    }

    private struct Answer: Sendable {
        let text: [UInt8]
        let hasErrors: Bool
    }

    private enum Form: Sendable {
        case json, text
    }

    private static func answer(_ path: String, _ bytes: Data, _ form: Form, withTree: Bool) -> Answer {
        let file = PythonFile(Array(bytes))
        let text =
            switch form {
            case .json: json(path, file, withTree: withTree)
            case .text: Array(text(path, file, withTree: withTree).utf8)
            }
        return Answer(text: text, hasErrors: !file.problems.isEmpty)
    }

    private static func json(_ path: String, _ file: PythonFile, withTree: Bool) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("path", path)
            if withTree {
                object.key("ast")
                object.raw(ASTJSON.bytes(of: file))
            }
            object.key("errors")
            object.array { list in
                for problem in file.problems {
                    let place = file.source.position(problem.offset)
                    list.object { entry in
                        entry.member("line", Int64(place.line))
                        entry.member("column", Int64(place.column))
                        entry.member("message", problem.message)
                        if problem.isPython2 { entry.member("python2", true) }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func text(_ path: String, _ file: PythonFile, withTree: Bool) -> String {
        var lines: [String] = withTree ? ["\(path): \(Format.count(Int64(file.source.count))) bytes"] : []
        for problem in file.problems {
            let place = file.source.position(problem.offset)
            lines.append("\(path):\(place.line):\(place.column + 1): \(problem.message)\(problem.isPython2 ? " (Python 2)" : "")")
        }
        if withTree { lines += file.tree.outline() }
        return lines.map { TextTable.oneLine($0) + "\n" }.joined()
    }
}

/// Runs work on a stack that is deep enough for any tree.
enum DeepStack {
    private final class Box<Value>: @unchecked Sendable {
        // Written by the thread before it signals, read after the signal was waited for.
        var value: Value?
    }

    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
        let box = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.value = work()
            done.signal()
        }
        thread.stackSize = 512 << 20
        thread.start()
        done.wait()
        guard let value = box.value else { preconditionFailure("the thread ends only when the work is done") }
        return value
    }
}
