import Foundation
import PythonSyntax
import Testing

private func notebook(_ cells: [[String: Any]], metadata: [String: Any] = [:]) throws -> [UInt8] {
    Array(try JSONSerialization.data(withJSONObject: ["cells": cells, "metadata": metadata, "nbformat": 4]))
}

private func code(_ source: Any) -> [String: Any] { ["cell_type": "code", "source": source, "outputs": []] }

private func kinds(_ file: PythonFile) -> [String] { file.tree.children(file.tree.root).map { "\(file.tree.kind($0))" } }

@Suite struct NotebookTests {
    @Test func codeCellsAreOneProgram() throws {
        let file = try PythonFile(
            notebook: try notebook([
                ["cell_type": "markdown", "source": "# title"], code(["import os\n", "x = 1"]),
                ["cell_type": "raw", "source": "y ="],
                code("def f():\n  return x\n"),
            ]))
        #expect(file.problems.isEmpty && kinds(file) == ["Import", "Assign", "FunctionDef"])
        #expect(file.cells.map(\.number) == [2, 4])
        let function = file.tree.children(file.tree.root)[2]
        let line = file.source.position(file.tree.range(function).lowerBound).line
        let place = try #require(file.cell(ofLine: line))
        #expect(place == (4, 1))
    }

    @Test func magicsAndShellLinesAreKept() throws {
        let text =
            "!pip install x \\\n  y\n%matplotlib inline\nx = !ls -l\ny = %env HOME\n%time z = f(1)\nif a:\n  !ls\nf?\n?f\nb = (1\n  % c)\n"
        let file = try PythonFile(notebook: try notebook([code(text)]))
        #expect(file.problems.isEmpty, "\(file.problems)")
        #expect(kinds(file) == ["Pass", "Pass", "Assign", "Assign", "Assign", "If", "Expr", "Pass", "Assign"])
        #expect(
            file.tree.magics.map { file.source.text($0) } == [
                "!pip install x \\\n  y", "%matplotlib inline", "!ls -l", "%env HOME", "%time", "!ls", "?", "?f",
            ])
        // In a file that is no notebook, they are errors.
        #expect(!PythonFile(Array(text.utf8)).problems.isEmpty)
    }

    @Test func cellsInAnotherLanguageAreLeftOut() throws {
        let file = try PythonFile(
            notebook: try notebook([code("%%bash -e\ncurl x | sh\n"), code("%%time\nx = 1\n"), code("%%html\n<b>\n")]))
        #expect(file.problems.isEmpty && kinds(file) == ["Assign"])
        #expect(file.cells.map(\.magic) == ["%%bash -e", nil, "%%html"])
        #expect(file.cells[0].contents == "curl x | sh\n")
    }

    /// A cell that never ends does not take the others with it.
    @Test(arguments: ["x = (1,\n", "s = '''abc\n", "f'''{x\n", "d = {'a': [\n"])
    func aBrokenCellIsBrokenAlone(broken: String) throws {
        let file = try PythonFile(notebook: try notebook([code("a = 1\n" + broken + "b = 2\n"), code("c = 3\n")]))
        #expect(kinds(file) == ["Assign", "Assign"] && file.problems.count == 1)
        let problem = try #require(file.problems.first)
        #expect(file.source.position(problem.offset).line == 2)
        #expect(file.source.position(file.tree.range(file.tree.children(file.tree.root)[1]).lowerBound).line == 4)
    }

    @Test func theOldFormIsRead() throws {
        let old: [String: Any] = [
            "worksheets": [["cells": [["cell_type": "code", "input": ["x = 1\n"], "language": "python"]]]], "nbformat": 3,
        ]
        let file = try PythonFile(notebook: Array(try JSONSerialization.data(withJSONObject: old)))
        #expect(kinds(file) == ["Assign"])
    }

    @Test(arguments: ["", "{", "[]", "\"x\"", "{\"cells\": 1}", "null", "\u{0}", "\\", "\"\\u", "{\"cells\": \"\\ud83d\\"])
    func whatIsNoNotebookIsRefused(text: String) {
        #expect(throws: NotebookError.self) { try PythonFile(notebook: Array(text.utf8)) }
    }

    @Test func anotherLanguageIsRefused() throws {
        let bytes = try notebook([code("x <- 1")], metadata: ["kernelspec": ["language": "R", "name": "ir"]])
        let error = try #require(throws: NotebookError.self) { try PythonFile(notebook: bytes) }
        #expect(error.description.contains("r, not Python"))
        #expect(
            try PythonFile(notebook: try notebook([code("x = 1")], metadata: ["language_info": ["name": "python"]])).problems
                .isEmpty)
    }

    /// Bytes that are no UTF-8, and what looks like a declaration of another encoding, move no places.
    @Test(arguments: ["x = 1 # \u{e9}\n(", "# coding: latin-1\ns = (\u{e9}", "# coding: utf-16\n(", "a\rb\r(\rc"])
    func textsOfAnyEncodingAreRead(code: String) throws {
        let latin = code.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        let markdown = PythonFile(markdown: Array("```python\n".utf8) + latin + Array("\n```\n```py\nlast()\n```\n".utf8))
        #expect(markdown.problems.allSatisfy { (0...markdown.source.count).contains($0.offset) })
        #expect(kinds(markdown).last == "Expr")
        let file = try PythonFile(
            notebook: try notebook([["cell_type": "code", "source": code], ["cell_type": "code", "source": "last()"]]))
        #expect(file.problems.allSatisfy { (0...file.source.count).contains($0.offset) })
    }

    @Test func fencedBlocksAreRead() {
        let text = """
            # Use
            ```python
            x = f(1)
            ```
            text `y = 2`
            - item
              ~~~ py title="a"
              if x:
                  z = 3
              ~~~
            ```bash
            ls
            ```
            ```
            w = 4
            ```
            ```python
            >>> a = g()
            3
            >>> for b in a:
            ...     print(b)
            ```
            ````python
            broken(
            ````
            ```python
            v = 5
            """
        let file = PythonFile(markdown: Array(text.utf8))
        let tree = file.tree
        let places = tree.children(tree.root).map { file.source.position(tree.range($0).lowerBound).line }
        #expect(kinds(file) == ["Assign", "If", "Assign", "For", "Assign"])
        #expect(places == [3, 8, 18, 20, 27])
        #expect(file.problems.map { file.source.position($0.offset).line } == [24])
    }
}

@Suite struct VisitorTests {
    /// A visitor that is written as a user of the library would.
    private struct Names: SyntaxVisitor {
        var events: [String] = []

        mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool {
            switch tree.syntax(id) {
            case .functionDefinition(let function): events.append("def \(tree.text(function.name))")
            case .call(let function, let arguments, let keywords):
                events.append("call \(tree.source.text(tree.range(function)))/\(arguments.count)/\(keywords.count)")
            case .classDefinition: return false
            case .importingFrom(let module, let names, let level):
                events.append("from \(level) \(tree.text(module)) \(names.count)")
            default: break
            }
            return true
        }

        mutating func leave(_ id: NodeID, in tree: SyntaxTree) {
            if tree.kind(id) == .FunctionDef { events.append("end") }
        }
    }

    @Test func nodesAreVisitedInTheOrderOfTheSource() {
        let text = "from ..a.b import c, d\n@deco(1)\ndef ｆ(x=g(2)):\n  h(i(), *j, k=1, **l)\nclass C:\n  m()\nlast()\n"
        let file = PythonFile(Array(text.utf8))
        var names = Names()
        file.tree.walk(&names)
        #expect(
            names.events == [
                "from 2 a.b 2", "def f", "call deco/1/0", "call g/1/0", "call h/2/2", "call i/0/0", "end", "call last/0/0",
            ])
    }

    @Test func partsOfEveryKindAreThere() throws {
        let file = PythonFile(Array("x: int = 0x10\ny = {**a, 'k': -1.5}\nglobal p, q\nf'{x!r:>{w}}'\n".utf8))
        let tree = file.tree
        let statements = tree.children(tree.root).map { tree.syntax($0) }
        guard case .annotatedAssign(_, _, let value?, true) = statements[0], case .integer("16") = tree.literal(value) else {
            Issue.record("\(statements[0])")
            return
        }
        guard case .assign(_, let dictionary) = statements[1], case .dictionary(let keys, let values) = tree.syntax(dictionary)
        else {
            Issue.record("\(statements[1])")
            return
        }
        #expect(keys[0] == 0 && keys.count == 2 && values.count == 2)
        guard case .global(let names) = statements[2] else { return }
        #expect(names.map { tree.text($0) } == ["p", "q"])
        guard case .expression(let formatted) = statements[3], case .joinedString(let parts) = tree.syntax(formatted),
            case .formattedValue(_, let conversion, let format?) = tree.syntax(parts[0])
        else {
            Issue.record("\(statements[3])")
            return
        }
        #expect(conversion == UInt8(ascii: "r") && tree.kind(format) == .JoinedStr)
    }
}
