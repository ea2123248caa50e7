import FuzzDriver
import PythonSyntax

/// Any bytes as a Python file: the lexer and the parser come to an end, errors and nodes lie within the text, and the tree can be
/// written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPython(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let file = PythonFile(Array(UnsafeBufferPointer(start: start, count: count)))
    let length = file.source.count
    precondition(file.problems.allSatisfy { (0...length).contains($0.offset) })
    var waiting = [file.tree.root]
    while let id = waiting.popLast() {
        let range = file.tree.range(id)
        precondition(range.upperBound <= length)
        waiting += file.tree.children(id)
    }
    _ = ASTJSON.bytes(of: file)
    return 0
}

@_cdecl("FuzzPython_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzPython)
}
