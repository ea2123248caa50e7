import Foundation
import Testing
import WeirTestSupport

@Suite struct PythonTreeTests {
    /// Every file of the standard library, and of the packages beside it, has the tree that CPython's own parser gives it: kinds, fields,
    /// constants, lines and columns; and both refuse the same files.
    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func treesAreThoseOfCPython() async throws {
        let python = try #require(TestPlaces.python)
        let places = try await runProgram(
            python,
            [
                "-c",
                "import os, jsonschema; print(os.path.dirname(os.__file__)); print(os.path.dirname(os.path.dirname(jsonschema.__file__)))",
            ])
        let folders = places.output.split(separator: "\n").map(String.init)
        #expect(folders.count == 2)
        let script = TestPlaces.project.appending(path: "scripts/compare-python-trees.py").path
        let result = try await runProgram(python, [script, TestPlaces.program("weir").path] + folders)
        #expect(result.status == 0, "\(result.output.suffix(2000)) \(result.errors.suffix(1000))")
        print("trees: \(result.output.split(separator: "\n").last ?? "")")
    }

    @Test func theCommandAnswersInItsForms() async throws {
        let weir = try Weir()
        let good = try weir.folder.write("x = 1\n", to: "src/good.py").path
        let bad = try weir.folder.write("print 'a'\ny = = 2\n", to: "src/inner/bad.py").path
        let one = try await weir("python", good, "--ast", "--json").json()
        #expect(Set(one.keys) == ["path", "ast", "errors"] && (one["errors"] as? [Any])?.isEmpty == true)
        #expect((one["ast"] as? [String: Any])?["_type"] as? String == "Module")
        let lines = try await weir("python", weir.folder.url.appending(path: "src").path, "--ast", "--jsonl")
        #expect(lines.status == 1 && lines.output.split(separator: "\n").count == 2)
        let list = try await weir("python", good, bad, "--ast", "--json")
        let answers = try #require(try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        let errors = try #require(answers[1]["errors"] as? [[String: Any]])
        #expect(
            errors.map { $0["line"] as? Int } == [1, 2] && errors[0]["python2"] as? Bool == true && errors[1]["python2"] == nil)
        let text = try await weir("python", good, "--ast")
        #expect(text.status == 0 && text.output.contains("Assign 1:1") && text.output.contains("Constant 1 1:5"))
        let check = try await weir("python", bad, "--check")
        #expect(check.status == 1 && check.output.contains("bad.py:2:5: "), "\(check.output)")
        #expect(try await weir("python", weir.folder.path + "/none.py", "--ast").status == 2)
        #expect(try await weir("python", good).status == 64)
    }
}
