import PythonAnalysis
import PythonSyntax
import Testing

private func analysis(_ text: String) -> FileAnalysis? {
    let python = PythonFile(Array(text.utf8))
    return PackageAnalysis(PythonPackage(path: "main.py", python: python), AnalysisOptions(collects: [.calls])).files.first
}

/// When a call is made, and what is made where the source shows no call.
@Suite struct ReachTests {
    @Test(arguments: [
        ("in the module", "import os\nos.system('ls')", CallReach.Phase.load, []),
        ("in a class", "import os\nclass A:\n  os.system('ls')", .load, []),
        ("in a function that the module calls", "import os\ndef f():\n  os.system('ls')\nf()", .load, []),
        ("in a decorator", "import os\ndef d(f):\n  os.system('ls')\n  return f\n@d\ndef g(): pass", .load, []),
        ("in a program", "import os\nif __name__ == '__main__':\n  os.system('ls')", .main, []),
        (
            "in a function that a program calls", "import os\ndef f():\n  os.system('ls')\nif '__main__' == __name__:\n  f()",
            .main, []
        ),
        ("in a function that nobody calls", "import os\ndef f():\n  os.system('ls')", .later, ["f"]),
        (
            "behind a method that nobody calls", "import os\ndef f():\n  os.system('ls')\nclass A:\n  def g(self):\n    f()",
            .later, ["A.g"]
        ),
        ("in both", "import os\ndef f():\n  os.system('ls')\nf()\ndef g():\n  f()", .load, []),
    ])
    func aCallIsMade(place: String, program: String, phase: CallReach.Phase, roots: [String]) {
        let call = analysis(program)?.calls.first { $0.function == "os.system" }
        #expect(call?.reach.phase == phase, "\(place)")
        #expect(call?.reach.roots == roots, "\(place)")
    }

    @Test(arguments: [
        ("a text", "exec(\"import os; os.system('ls')\")"),
        ("compiled text", "exec(compile(\"import os; os.system('ls')\", '<x>', 'exec'))"),
        ("text within text", "exec(\"exec('import os; os.system(chr(108))')\")"),
    ])
    func callsOfATextStandWhereItIsRun(what: String, program: String) {
        let texts = analysis(program)?.executedTexts ?? []
        #expect(texts.contains { $0.calls.contains { $0.function == "os.system" } && $0.place.line == 1 }, "\(what)")
    }

    @Test func aReductionIsAnImpliedCall() {
        let program = "import os\nclass A:\n  def __reduce__(self):\n    return os.system, ('ls',)"
        let call = analysis(program)?.impliedCalls.first
        #expect(call?.isByUnpickling == true)
        #expect(call?.functions == ["os.system"])
        #expect(call?.arguments.first?.exact == .text("ls"))
    }

    @Test func aMethodOfAPathKnowsThePath() {
        let call = analysis("from pathlib import Path\nPath('a', 'b').read_text()")?.calls.last
        #expect(call?.receiver?.exact == .path("a/b"))
    }
}
