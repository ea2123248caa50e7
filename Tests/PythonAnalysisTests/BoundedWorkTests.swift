import PythonAnalysis
import PythonSyntax
import Testing

private func analysis(_ text: String) -> FileAnalysis {
    PackageAnalysis(PythonPackage(path: "main.py", python: PythonFile(Array(text.utf8)))).files[0]
}

/// Programs that would take for ever, or all memory, to follow to the end: the analysis ends, has every call, and says what it left out.
@Suite struct BoundedWorkTests {
    @Test(arguments: [
        (
            "calls that double",
            (0..<40).map { "def f\($0)(x):\n  f\($0 + 1)(x)\n  f\($0 + 1)(x)\n" }.joined() + "def f40(x): pass\nf0('a')\n"
        ),
        ("two functions that call each other", "def a(n):\n  return b(n + 1)\ndef b(n):\n  return a(n + 1) + a(n + 2)\na(0)\n"),
        (
            "loops within loops",
            (0..<40).map { String(repeating: " ", count: $0) + "for i\($0) in x:\n" }.joined() + String(repeating: " ", count: 40)
                + "f()\n"
        ),
        ("rounds without end", "i = 0\nwhile True:\n  i += 1\n  f(i)\n"),
        ("a text that doubles", "s = 'a'\nfor i in range(100):\n  s += s\nf(s)\n"),
        ("huge numbers", "x = 10 ** 10 ** 10\ny = 1 << 10 ** 9\nz = 'a' * 10 ** 12\nf(x, y, z)\n"),
        ("a huge range", "f(list(range(10 ** 18)))\nfor i in range(10 ** 18):\n  g(i)\n"),
        ("wide formats", "f('{:>999999999}'.format('a'), '%999999999d' % 1, f'{1:0999999999}')\n"),
        ("a list that holds itself", "a = []\na.append(a)\nf(a, a + a, str(a))\nfor x in a:\n  a.append(x)\n"),
        ("a dictionary that holds itself", "d = {}\nd['d'] = d\nf(d)\n"),
        ("a class that is its own base", "class A(A): pass\nclass A(A):\n  def f(self): self.f()\nA().f()\n"),
        ("many alternatives", "x = ''\n" + (0..<60).map { "if c\($0):\n  x += '\($0)'\n" }.joined() + "f(x)\n"),
        (
            "functions in functions",
            (0..<90).map { String(repeating: " ", count: $0) + "def f\($0)():\n" }.joined() + String(repeating: " ", count: 90)
                + "g()\n"
        ),
        ("an endless generator", "def g():\n  n = 0\n  while True:\n    yield n\n    n += 1\nfor x in g():\n  f(x)\n"),
        ("code that runs itself", "s = 'exec(s)'\nexec(s)\n"), ("code in code", "exec('exec(\"exec(\\'f(1)\\')\")')\n"),
        ("a decorator of itself", "@f\n@f\ndef f(x): return f\nf(f)(f)\n"),
        ("an object that calls itself", "class A: pass\nA.__call__ = A()\nA()()\nx = A()\nx()()\n"),
        ("partials of partials", "import functools\np = print\nfor i in range(3000):\n  p = functools.partial(p, i)\np()\n"),
        (
            "attributes of attributes",
            "x = unknown()\nfor i in range(3000):\n  x = x.y.z\nx()\nimport a\nfor i in range(3000):\n  a = a.b\na()\n"
        ),
        ("many callees", "t = {" + (0..<300).map { "\($0): lambda: \($0)" }.joined(separator: ", ") + "}\nt[k]()()\n"),
    ])
    func theAnalysisEnds(what: String, program: String) {
        let file = PythonFile(Array(program.utf8))
        struct Calls: SyntaxVisitor {
            var count = 0

            mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
                if tree.kind(id) == .Call { count += 1 }
                return true
            }
        }
        var calls = Calls()
        file.tree.walk(&calls)
        #expect(analysis(program).calls.count == calls.count, "\(what)")
    }

    /// Trees may be as deep as a chain is long.
    @Test(arguments: ["f(", "a.", "1 + ", "not ", "-", "[", "x if y else ", "lambda: ", "f()."])
    func anyDepthIsAnalysed(piece: String) {
        let program = String(repeating: piece, count: 50_000) + "x" + (piece == "f(" ? String(repeating: ")", count: 50_000) : "")
        _ = analysis(program)
        _ = analysis((0..<150).map { _ in piece }.joined() + "x" + (piece == "f(" ? String(repeating: ")", count: 150) : ""))
    }

    @Test func whatWasLeftOutIsSaid() {
        let program =
            (0..<40).map { "def f\($0)(x):\n  f\($0 + 1)(x + 'a')\n  f\($0 + 1)(x + 'b')\n" }.joined()
            + "def f40(x): g(x)\nf0('a')\n"
        let result = analysis(program)
        #expect(result.notAnalysed.contains { $0.reason == .effort })
        #expect(result.calls.first { $0.function == "g" }?.arguments.first?.isUnknown == true)
    }

    /// Pieces of programs in any order: whatever comes out, every call is there.
    @Test(arguments: 0..<30)
    func anyProgramIsAnalysed(seed: Int) {
        var generator = Generator(state: UInt64(seed) &* 104_729 &+ 11)
        let lines = [
            "x = f(x)", "def f(x, *a, k=1, **o):", "  return f(x)", "class C(C, x):", "  y = x",
            "  def m(self): self.y = f(self)",
            "for x in f(x):", "  continue", "  break", "while f():", "  x += x", "try:", "  f()", "except f() as e:", "finally:",
            "with f() as x:",
            "if x == f:", "else:", "  del x", "x = [f(y) for y in x if y]", "x = {**x, 'a': f}", "x['a'] = x", "global x",
            "match x:",
            "  case [f(), *x]:", "    pass", "import x.y as f", "from . import *", "x = yield x", "x = lambda *x: x(x)", "@x",
            "exec(x)",
            "x = 'a' % x", "x = x[f:x]", "raise x", "return x", "x, *x = x", "eval('x')", "getattr(x, x)(x)", "super().x()",
            "x = f'{x:{x}}'",
        ]
        for _ in 0..<40 {
            let program =
                (0..<Int.random(in: 1..<25, using: &generator)).map { _ in lines.randomElement(using: &generator) ?? "" }
                .joined(separator: "\n") + "\n"
            _ = analysis(program)
        }
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
