import FuzzDriver
import PythonAnalysis
import PythonSyntax

/// Any bytes as a program, a notebook and a Markdown text: the analysis comes to an end, and has every call of the tree just once.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAnalysis(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var files = [PythonFile(bytes), PythonFile(markdown: bytes)]
    // Most bytes are no notebook; that is an answer too.
    if let notebook = try? PythonFile(notebook: bytes) { files.append(notebook) }
    for file in files {
        var calls = CallCounter()
        file.tree.walk(&calls)
        let analysis = PackageAnalysis(PythonPackage(path: "main.py", python: file))
        precondition(analysis.files[0].calls.count == calls.count)
    }
    return 0
}

private struct CallCounter: SyntaxVisitor {
    var count = 0

    mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
        if tree.kind(id) == .Call { count += 1 }
        return true
    }
}

@_cdecl("FuzzAnalysis_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzAnalysis)
}
