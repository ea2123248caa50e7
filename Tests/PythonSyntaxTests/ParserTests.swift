import Foundation
import PythonSyntax
import Testing

private func parse(_ text: String) -> PythonFile { PythonFile(Array(text.utf8)) }

/// The kinds of a tree's nodes, each with those below it in brackets.
private func shape(_ text: String) -> String {
    let tree = parse(text).tree
    func shape(_ id: NodeID) -> String {
        let below = tree.children(id).map(shape).joined(separator: " ")
        return below.isEmpty ? "\(tree.kind(id))" : "\(tree.kind(id))(\(below))"
    }
    return tree.children(tree.root).map(shape).joined(separator: " ")
}

private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(ASTJSON.bytes(of: parse(text)))) as? [String: Any])
}

@Suite struct ParserTests {
    @Test(arguments: [
        ("x = 1", "Assign(Name Constant)"), ("x: int = 1", "AnnAssign(Name Name Constant)"),
        ("x += 1", "AugAssign(Name Constant)"),
        ("a, *b = c", "Assign(Tuple(Name Starred(Name)) Name)"), ("(y := f(x))", "Expr(NamedExpr(Name Call(Name Name)))"),
        ("print(f'{x!r:>{w}}')", "Expr(Call(Name JoinedStr(FormattedValue(Name JoinedStr(Constant FormattedValue(Name))))))"),
        ("t'{x}'", "Expr(TemplateStr(Interpolation(Name)))"),
        ("type X[T] = list[T]", "TypeAlias(Name TypeVar Subscript(Name Name))"),
        (
            "def f[T: int = str, *Ts, **P](a, /, b=1, *, c): pass",
            "FunctionDef(TypeVar(Name Name) TypeVarTuple ParamSpec arguments(arg arg Constant arg) Pass)"
        ),
        (
            "match x:\n case [1, *_] | {'a': b, **r} if c: pass",
            "Match(Name match_case(MatchOr(MatchSequence(MatchValue(Constant) MatchStar) MatchMapping(Constant MatchAs)) Name Pass))"
        ),
        ("match = 1", "Assign(Name Constant)"), ("match(x)", "Expr(Call(Name Name))"), ("type = 1", "Assign(Name Constant)"),
        ("try:\n pass\nexcept* E as e:\n pass", "TryStar(Pass ExceptHandler(Name Pass))"),
        ("try:\n pass\nexcept A, B:\n pass", "Try(Pass ExceptHandler(Tuple(Name Name) Pass))"),
        ("with (a as b, c): pass", "With(withitem(Name Name) withitem(Name) Pass)"),
        ("with (a, b) as c: pass", "With(withitem(Tuple(Name Name) Name) Pass)"),
        ("async def f():\n async for x in y: await z", "AsyncFunctionDef(arguments AsyncFor(Name Name Expr(Await(Name))))"),
        ("@a.b\nclass C(D, metaclass=M): pass", "ClassDef(Attribute(Name) Name keyword(Name) Pass)"),
        ("f(x for x in y)", "Expr(Call(Name GeneratorExp(Name comprehension(Name Name))))"),
        ("lambda a, *b, c=1, **d: a", "Expr(Lambda(arguments(arg arg arg Constant arg) Name))"),
        ("a[1:2, ::3, *b]", "Expr(Subscript(Name Tuple(Slice(Constant Constant) Slice(Constant) Starred(Name))))"),
        ("not a < b <= c in d and e or f", "Expr(BoolOp(BoolOp(UnaryOp(Compare(Name Name Name Name)) Name) Name))"),
        ("-a ** -b", "Expr(UnaryOp(BinOp(Name UnaryOp(Name))))"), ("{**a, 'b': c}", "Expr(Dict(Name Constant Name))"),
        ("from .. import (a as b,)", "ImportFrom(alias)"), ("x = yield from y", "Assign(Name YieldFrom(Name))"),
        ("if a: pass\nelif b: pass\nelse: pass", "If(Name Pass If(Name Pass Pass))"),
        ("a if b else c", "Expr(IfExp(Name Name Name))"),
    ])
    func everyFormHasItsNodes(text: String, nodes: String) {
        #expect(parse(text).problems.isEmpty, "\(parse(text).problems)")
        #expect(shape(text) == nodes)
    }

    @Test(arguments: [
        "x = ", "1 = x", "f() = 1", "(a, b) += 1", "def f(a=1, b): pass", "f(a=1, b)", "f(**k, *a)", "f(x for x in y, 1)",
        "if x\n  pass",
        "for x in: pass", "return = 1", "a b", "(", "a]", "(]", "'abc", "'''abc", "b'é'", "'a' b'b'", "'\\x1'",
        "'\\N{no such name}'", "f'{'",
        "f'{}'", "f'}'", "f'{a!z}'", "0777", "1_", "1__0", "0xg", "1abc", "x = = 1", "import", "from . import",
        "from a import b,", "del f()",
        "try:\n pass", "with a as 1: pass", "lambda x=1, y: x", "def f(*): pass", "a := 1", "{a: b, c}", "{**a for b in c}",
        "[*a for b in c]",
        "\tx\n  y", "if a:\n\tb\n        c\n      d", "else: pass", "match x:\n case 1 + 1: pass", "x = \"a\nb\"", "a\0b",
        "print 1", "exec 'x'", "`a`",
        "a <> b", "raise E, v", "ur'a'", "10L", "nonlocal", "async x", "type X = ", "class C(x for", "*", "@\ndef f(): pass",
    ])
    func whatPython3RefusesHasAProblem(text: String) {
        let file = parse(text)
        #expect(!file.problems.isEmpty)
        #expect(file.problems.allSatisfy { (0...text.utf8.count).contains($0.offset) && !$0.message.isEmpty })
    }

    /// What only Python 2 takes is in the tree in the nearest form that Python 3 has.
    @Test(arguments: [
        ("print 'a', b", "Expr(Call(Name Constant Name))"), ("exec code in scope", "Expr(Call(Name Name Name))"),
        ("raise E, 'v'", "Raise(Call(Name Constant))"), ("`a`", "Expr(Call(Name Name))"), ("a <> b", "Expr(Compare(Name Name))"),
        ("x = 0777", "Assign(Name Constant)"), ("x = 10L", "Assign(Name Constant)"), ("ur'a'", "Expr(Constant)"),
    ])
    func whatOnlyPython2TakesIsMarked(text: String, nodes: String) {
        let file = parse(text)
        #expect(!file.problems.isEmpty && file.problems.allSatisfy(\.isPython2), "\(file.problems)")
        #expect(shape(text) == nodes)
    }

    @Test func whatStandsAroundAnErrorIsInTheTree() {
        let text = "a = 1\nb = = 2\ndef f():\n  c = 3\n  d d\n  e = 4\nclass G:\n  h = 5\n"
        let file = parse(text)
        #expect(file.problems.count == 2)
        #expect(file.problems.map { file.source.position($0.offset).line } == [2, 5])
        #expect(
            shape(text)
                == "Assign(Name Constant) FunctionDef(arguments Assign(Name Constant) Assign(Name Constant)) ClassDef(Assign(Name Constant))"
        )
    }

    @Test(arguments: [
        (#"'a\N{BYTE ORDER MARK}b\N{lf}c\N{VS17}'"#, "a\u{feff}b\nc\u{e0100}"),
        (#"'a\n\x41\u00e9\N{BULLET}\101' "b" r'\n'"#, "a\nA\u{e9}\u{2022}Ab\\n"), ("'''a\r\nb'''", "a\nb"),
        (#"'\q\'"'"#, "\\q'\""), ("u'x'", "x"),
    ])
    func textsAreDecoded(source: String, text: String) throws {
        let body = try #require(try json("x = " + source)["body"] as? [[String: Any]])
        let value = try #require(body[0]["value"] as? [String: Any])
        #expect(value["kind"] as? String == "str" && value["value"] as? String == text)
    }

    @Test(arguments: [
        ("0xff", "int", "255"), ("0o17", "int", "15"), ("0b101", "int", "5"), ("1_000", "int", "1000"), ("00", "int", "0"),
        ("0xffffffffffffffffffffffff", "int", "79228162514264337593543950335"), ("1.5", "float", "3ff8000000000000"),
        (".5e1", "float", "4014000000000000"), ("1e999", "float", "7ff0000000000000"), ("2j", "complex", "4000000000000000"),
        ("b'\\x00\\xff'", "bytes", "00ff"), ("'\\ud800'", "str", "\u{fffd}"),
    ])
    func constantsHaveTheirValues(source: String, kind: String, value: String) throws {
        let text = String(decoding: ASTJSON.bytes(of: parse(source)), as: UTF8.self)
        if kind == "str" {
            #expect(text.contains(#""kind":"str","value":"\ud800""#))
        } else {
            #expect(text.contains("\"kind\":\"\(kind)\",\"value\":\"\(value)\""))
        }
    }

    @Test func encodingsAreTakenFromMarkAndCookie() throws {
        let latin = PythonFile(Array("# -*- coding: latin-1 -*-\nx = '".utf8) + [0xe9] + Array("'\n".utf8))
        #expect(latin.problems.isEmpty)
        #expect(String(decoding: ASTJSON.bytes(of: latin), as: UTF8.self).contains("\"é\""))
        #expect(PythonFile([0xef, 0xbb, 0xbf] + Array("x = 1".utf8)).problems.isEmpty)
        #expect(!PythonFile([0xff, 0xfe, 0x20]).problems.isEmpty)
        #expect(!PythonFile(Array("# coding: no-such-encoding\n".utf8)).problems.isEmpty)
    }

    /// Parameters that are not there begin after the space and end before it: found by the fuzzer.
    @Test func aNodeWithoutTokensHasAnEmptyRange() {
        let tree = PythonFile(Array("lambda :v".utf8)).tree
        var waiting = [tree.root]
        var ranges: [Range<Int>] = []
        while let id = waiting.popLast() {
            ranges.append(tree.range(id))
            waiting += tree.children(id)
        }
        #expect(ranges.contains(7..<7) && ranges.allSatisfy { $0.upperBound <= 9 })
    }

    @Test func commentsAreKept() {
        let text = "# one\nx = 1  # two\n"
        let file = parse(text)
        #expect(file.tree.comments.map { String(Array(text)[$0]) } == ["# one", "# two"])
    }

    /// An error, no crash, and time that grows with the length only.
    @Test(arguments: [
        "(", "[", "{", "f(", "a[", "not ", "-", "lambda: ", "a if b else ", "x.", "x + ", "f'{", "if a: ", "\\\n", "'", "{'a':",
        "*", "@", "a,",
    ])
    func anyDepthEnds(piece: String) {
        let text = String(repeating: piece, count: 100_000)
        let file = parse(text)
        #expect(file.problems.count < 300_000)
        let deep = parse(
            (0..<99).map { String(repeating: " ", count: $0) + "if a:\n" }.joined() + String(repeating: " ", count: 99) + "b\n")
        #expect(deep.problems.isEmpty)
        #expect(!parse((0..<300).map { String(repeating: " ", count: $0) + "if a:\n" }.joined()).problems.isEmpty)
    }

    /// Pieces of programs in any order: whatever comes out, places stay in the text and the tree can be written.
    @Test(arguments: 0..<40)
    func anyMixtureIsReadToTheEnd(seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 7919 &+ 17)
        let pieces = [
            "def f(", ")", ":", "\n", "    ", "  ", "x", " = ", "1", "'a'", "f'{", "}'", "[", "]", "{", "}", ",", "if ", "else",
            "match ", "case ", "class ",
            "@", "*", "**", "lambda ", "for ", " in ", "try", "except", "import ", "from ", ".", "...", "\\", "\"\"\"", "#", "\t",
            "\r\n", "print ", "é", "\0", "0x", "1e5", ":=", "->", "await ", "async ", "yield ", "with ", " as ", "type ",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 1..<40, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
                .joined()
            let file = parse(text)
            #expect(file.problems.allSatisfy { (0...(text.utf8.count)).contains($0.offset) })
            _ = try JSONSerialization.jsonObject(with: Data(ASTJSON.bytes(of: file)))
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
