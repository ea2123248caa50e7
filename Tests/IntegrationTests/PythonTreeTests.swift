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

    /// The forms of `--calls`, `--imports` and `--values`, as documented in docs/cli.md.
    @Test func theAnalysisAnswersInItsForms() async throws {
        let weir = try Weir()
        let text =
            "import os as o\nfrom lib import *\nx = 'a' if o.getpid() else b'\\xff'\no.system('l' + 's', *q, k={'a': (1, None)}, **q)\ny(x, 1e999)\n"
        let file = try weir.folder.write(text, to: "main.py").path
        let answer = try await weir("python", file, "--calls", "--json").json()
        #expect(Set(answer.keys) == ["path", "calls"])
        let calls = try #require(answer["calls"] as? [[String: Any]])
        #expect(calls.map { $0["function"] as? String } == ["os.getpid", "os.system", "lib.y"])
        #expect(calls[1]["line"] as? Int == 4 && calls[1]["column"] as? Int == 0 && calls[1]["more_keywords"] as? Bool == true)
        let arguments = try #require(calls[1]["arguments"] as? [[String: Any]])
        #expect(arguments.count == 1 && arguments[0]["exact"] as? String == "ls" && calls[1]["more_arguments"] as? Bool == true)
        let keywords = try #require(calls[1]["keywords"] as? [String: [String: Any]])
        let nested = try #require(keywords["k"]?["exact"] as? [String: [Any]])
        #expect(nested["a"]?.count == 2 && nested["a"]?[0] as? Int == 1 && nested["a"]?[1] is NSNull)
        let last = try #require(calls[2]["arguments"] as? [[String: Any]])
        #expect((last[0]["oneOf"] as? [Any])?.count == 2 && last[1]["unknown"] as? Bool == true)
        let imports = try #require(try await weir("python", file, "--imports", "--json").json()["imports"] as? [[String: Any]])
        #expect(
            imports.map { $0["module"] as? String } == ["os", "lib"] && imports[0]["alias"] as? String == "o"
                && imports[1]["name"] as? String == "*")
        let values = try #require(try await weir("python", file, "--values", "--json").json()["values"] as? [[String: Any]])
        #expect(values.contains { $0["name"] as? String == "x" && ($0["evidence"] as? [Any])?.count == 2 })
        let lines = try await weir("python", file, "--calls")
        #expect(lines.output.contains("main.py:4:1: os.system(\"ls\", *?, k={\"a\": (1, None)}, **?)"), "\(lines.output)")
    }

    /// A folder is a package: its files import each other. What is no file is refused.
    @Test func aFolderIsAPackage() async throws {
        let weir = try Weir()
        _ = try weir.folder.write("NAME = 'org/model'\n", to: "pkg/config.py")
        _ = try weir.folder.write("", to: "pkg/__init__.py")
        _ = try weir.folder.write(
            "from .config import NAME\nimport transformers\ntransformers.pipeline(model=NAME)\n", to: "pkg/run.py")
        let notebook = #"{"cells":[{"cell_type":"code","source":["!ls\n","from pkg.config import NAME\n","f(NAME)"]}]}"#
        _ = try weir.folder.write(notebook, to: "use.ipynb")
        let result = try await weir("python", weir.folder.path, "--calls", "--jsonl")
        #expect(result.status == 0 && result.output.split(separator: "\n").count == 4)
        #expect(result.output.components(separatedBy: #"{"exact":"org/model"}"#).count == 3)
        #expect(result.output.contains(#""cell":1,"cell_line":3"#) && result.output.contains(#""text":"!ls""#))
        let pipe = weir.folder.path + "/pipe.py"
        #expect(mkfifo(pipe, 0o600) == 0)
        let refused = try await weir("python", pipe, "--calls")
        #expect(refused.status == 2 && refused.errors.contains("is not a regular file"))
        #expect(try await weir("python", weir.folder.path, "--calls", "--ast").status == 64)
    }
}
