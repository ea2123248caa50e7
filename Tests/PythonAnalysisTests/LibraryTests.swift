import PythonSyntax
import Testing

@testable import PythonAnalysis

/// Every function and method that the analysis knows, with arguments of every kind and number: whatever it is given, it answers.
@Suite struct LibraryTests {
    private static let values = [
        "", "1", "-1", "10 ** 18", "True", "None", "1.5", "float('nan')", "''", "'a b'", "'é%s{}'", "b''", "b'\\xff'", "[]",
        "[1, 'a', x]", "()",
        "(1, 2)", "{}", "{'a': 1}", "{1: x}", "{1, 2}", "x", "x[1:2]", "slice(1)", "str", "len", "C", "C()", "f", "lambda *a: a",
        "iter([1, 2])",
        "range(3)", "os.path", "bytearray(b'a')", "...", "Path('a')", "*x", "**x", "key=len", "base=2",
    ]

    private static let head =
        "import os, sys\nfrom pathlib import Path\nclass C:\n  pass\ndef f(*a, **k):\n  return a\nx = unknown()\n"

    private func analysed(_ lines: [String]) -> Int {
        let text = Self.head + lines.joined(separator: "\n") + "\n"
        let file = PythonFile(Array(text.utf8))
        #expect(file.problems.isEmpty)
        return PackageAnalysis(PythonPackage(path: "main.py", python: file)).files[0].calls.count
    }

    @Test(arguments: StandardLibrary.functions.keys.sorted())
    func anyArgumentsAreTaken(function: String) {
        let module = function.contains(".") ? "import \(function.prefix { $0 != "." })\n" : ""
        var lines = [module]
        for first in Self.values {
            lines.append("\(function)(\(first))")
            for second in ["1", "'a'", "x", "[1]", "b'a'", "None"]
            where !first.isEmpty && !first.contains("=") && !first.hasPrefix("**") {
                lines.append("\(function)(\(first), \(second))")
                lines.append("\(function)(\(first), \(second), \(first.hasPrefix("*") ? "1" : first))")
            }
        }
        #expect(analysed(lines) > 200)
    }

    @Test(arguments: [
        "'a b'", "'é'", "b'ab'", "bytearray(b'ab')", "[1, 2]", "[]", "(1, 2)", "{1, 2}", "{'a': 1}", "{}", "5", "1.5",
        "Path('a/b')", "iter([1])", "x",
        "C()", "None", "f'{x}a'",
    ])
    func anyMethodIsTaken(receiver: String) {
        let methods = [
            "upper", "lower", "casefold", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip", "removeprefix",
            "removesuffix",
            "replace", "startswith", "endswith", "find", "index", "rfind", "rindex", "count", "zfill", "ljust", "rjust", "center",
            "partition",
            "rpartition", "encode", "decode", "isdigit", "isalpha", "expandtabs", "split", "rsplit", "splitlines", "join",
            "format",
            "format_map", "translate", "hex", "append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort", "copy",
            "rotate",
            "extendleft", "add", "update", "discard", "union", "intersection", "difference", "issubset", "get", "setdefault",
            "keys",
            "values", "items", "popitem", "move_to_end", "most_common", "to_bytes", "bit_length", "joinpath", "with_suffix",
            "with_name",
            "as_posix", "__next__", "__getitem__", "__setitem__", "__add__", "__len__", "send",
        ]
        var lines: [String] = []
        for method in methods {
            for argument in [
                "", "1", "-5", "'a'", "''", "b'a'", "b''", "None", "x", "[1, 'a']", "('a', 'b')", "{'a': 1}", "'a', 1",
                "'a', 'b', 1", "1, 2", "*x", "**x",
            ] {
                lines.append("(\(receiver)).\(method)(\(argument))")
            }
        }
        #expect(analysed(lines) > 1_000)
    }

    @Test func anyOperatorIsTaken() {
        let operators = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "|", "&", "^", "@", "==", "<", "in", "is", "and", "or"]
        let operands = Self.values.filter { !$0.isEmpty && !$0.contains("=") && !$0.hasPrefix("*") && !$0.hasPrefix("lambda") }
        var lines: [String] = []
        for left in operands {
            for right in operands { for operation in operators { lines.append("p((\(left)) \(operation) (\(right)))") } }
            lines += [
                "p((\(left))[0])", "p((\(left))['a'])", "p((\(left))[::-1])", "p((\(left))[5:-9:2])",
                "p(-(\(left)), ~(\(left)), not (\(left)))",
            ]
            lines += [
                "for a in \(left): p(a)", "a, *b = \(left),", "v = \(left)", "p(f'{v!r:>5}')", "p('%s %d %x' % (\(left)))",
                "p('{0} {a}'.format(\(left)))",
            ]
        }
        #expect(analysed(lines) > 10_000)
    }
}
