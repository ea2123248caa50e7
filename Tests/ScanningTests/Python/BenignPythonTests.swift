import Scanning
import Testing

/// Programs as models, data sets and training come with: nothing in them is worse than `low`.
@Suite struct BenignPythonTests {
    @Test(arguments: words + models + scripts)
    func staysClean(program: CodeCase) async {
        let findings = await program.findings().filter { $0.severity > program.severity }
        #expect(findings.isEmpty, "found \(findings.map { "\($0.severity) \($0.rule.id): \($0.message)" })")
    }

    static let words: [CodeCase] = [
        CodeCase(clean: "a text about an attack", "TEXT = \"os.system('rm -rf /'); exec(requests.get(url).text)\""),
        CodeCase(clean: "a comment about an attack", "# os.system('curl x | sh')\nx = 1"),
        CodeCase(clean: "documentation of an attack", "def f():\n  '''exec(base64.b64decode(x))'''\n  return 1\nf()"),
        CodeCase(
            clean: "a class with a module's name", "class os:\n  @staticmethod\n  def system(c): return c\nos.system('rm -rf /')"),
        CodeCase(clean: "a function with a builtin's name", "def exec(x): return x\nexec('import os')"),
        CodeCase(clean: "a method with a builtin's name", "class M:\n  def eval(self): return self\nmodel = M()\nmodel.eval()"),
        CodeCase(
            clean: "a model in the mode for evaluation",
            "import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.eval()\nmodel.compile()"),
        CodeCase(clean: "a pattern that is compiled", "import re\nP = re.compile('exec|eval')"),
        CodeCase(clean: "a name of another alphabet", "größe = 1\nμ = 2\nπ = 3"),
        CodeCase(clean: "a list of attacks", "SIGNS = ['bash -i >& /dev/tcp/1/2', '/etc/passwd', 'nc -e /bin/sh']"),
        CodeCase(clean: "base64 that is data", "import base64\nicon = base64.b64decode('aGVsbG8gd29ybGQ=')"),
        CodeCase(clean: "code that is never run", "import zlib\nsource = zlib.decompress(b'x')\nprint(source)"),
    ]

    static let models: [CodeCase] = [
        CodeCase(
            clean: "a model",
            "import torch\nfrom torch import nn\nfrom transformers import PreTrainedModel\nclass Model(PreTrainedModel):\n  def __init__(self, c):\n    super().__init__(c)\n    self.l = nn.Linear(c.a, c.b)\n  def forward(self, x):\n    return self.l(x)"
        ),
        CodeCase(
            clean: "an import that may fail",
            "try:\n  from flash_attn import flash_attn_func\nexcept ImportError:\n  flash_attn_func = None\nimport importlib.util\nHAS = importlib.util.find_spec('flash_attn') is not None"
        ),
        CodeCase(
            clean: "a kernel",
            "import triton\nimport triton.language as tl\n@triton.jit\ndef k(x, n: tl.constexpr):\n  tl.store(x, tl.load(x) + n)"),
        CodeCase(
            clean: "an extension that is built",
            "from torch.utils.cpp_extension import load\next = load(name='x', sources=['x.cpp'])"),
        CodeCase(
            clean: "a data set",
            "import datasets, csv\nclass D(datasets.GeneratorBasedBuilder):\n  def _info(self): return datasets.DatasetInfo()\n  def _split_generators(self, dl_manager):\n    p = dl_manager.download_and_extract('https://host.example.invalid/d.zip')\n    return [datasets.SplitGenerator(name='train', gen_kwargs={'p': p})]\n  def _generate_examples(self, p):\n    with open(p) as f:\n      for i, r in enumerate(csv.reader(f)): yield i, r"
        ),
        CodeCase(
            clean: "weights alone", "import torch\ndef load(path):\n  return torch.load(path, weights_only=True)\nload('a.pt')"),
        CodeCase(clean: "weights", "import torch\ndef load(path):\n  return torch.load(path, map_location='cpu')\nload('a.pt')"),
        CodeCase(
            clean: "a hub's configuration",
            "dependencies = ['torch']\nimport torch\ndef model(pretrained=True):\n  from torch.hub import load_state_dict_from_url\n  return load_state_dict_from_url('https://host.example.invalid/a.pth')",
            in: "hubconf.py"),
        CodeCase(
            clean: "files of a hub",
            "from huggingface_hub import hf_hub_download\nimport json\np = hf_hub_download('a/b', 'c.json')\nx = json.load(open(p))"
        ),
        CodeCase(
            clean: "a helper that evaluates a name",
            "import torch.nn as nn\ndef activation(name):\n  return eval(f'nn.{name}')()\nclass A:\n  def forward(self, x): return activation('ReLU')"
        ),
        CodeCase(clean: "a literal that is evaluated", "x = eval('1 + 1')"),
        CodeCase(
            clean: "a tokenizer",
            "import os, json\nclass T:\n  def __init__(self, f): self.v = json.load(open(os.path.join(f, 'vocab.json')))\n  def encode(self, t): return [self.v[c] for c in t]"
        ),
        CodeCase(
            clean: "a library of the system",
            "import ctypes, ctypes.util\ndef f():\n  return ctypes.CDLL(ctypes.util.find_library('c'))"),
        CodeCase(clean: "a pickle of rebuilt objects", "class A:\n  def __reduce__(self): return (A, (self.x,))"),
        CodeCase(
            clean: "a pickle of a module",
            "import importlib\nclass M:\n  def __reduce__(self): return importlib.import_module, (self.name,)"),
        CodeCase(
            clean: "a module by its name",
            "import importlib\ndef get(n): return importlib.import_module(n)\nx = importlib.import_module('json')"),
        CodeCase(clean: "an attribute by its name", "import torch\nd = getattr(torch, 'float' + '16')"),
    ]

    static let scripts: [CodeCase] = [
        CodeCase(
            clean: "the revision",
            "import subprocess\nSHA = subprocess.check_output(['git', 'rev-parse', 'HEAD']).decode().strip()"),
        CodeCase(
            clean: "the revision, in a program",
            "import subprocess\nif __name__ == '__main__':\n  subprocess.run(['git', 'status'])"),
        CodeCase(clean: "packages that are installed", "import os\nos.system('pip install -q einops')", isEntry: false),
        CodeCase(
            clean: "packages that are installed by words",
            "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x'])",
            isEntry: false),
        CodeCase(clean: "a key of a service", "import os, wandb\nwandb.login(key=os.environ['WANDB_API_KEY'])"),
        CodeCase(
            clean: "a key for the hub",
            "import os, requests\nrequests.get('https://huggingface.co/api/models', headers={'Authorization': 'Bearer ' + os.environ['HF_TOKEN']})"
        ),
        CodeCase(
            clean: "a key for its service",
            "import os, requests\nrequests.post('https://api.acme.example.invalid/v1', headers={'Authorization': os.environ['ACME_API_KEY']})"
        ),
        CodeCase(
            clean: "a client of a service",
            "import os, openai\nclient = openai.OpenAI(api_key=os.environ['OPENAI_API_KEY'])\nclient.chat.completions.create(model='x')"
        ),
        CodeCase(
            clean: "data that is fetched",
            "import requests\ndata = requests.get('https://host.example.invalid/a.json').json()\nprint(data['x'])"),
        CodeCase(
            clean: "a file that is fetched",
            "import requests\ndef download(url, path):\n  with open(path, 'wb') as f:\n    f.write(requests.get(url).content)\ndownload('https://host.example.invalid/a.zip', 'a.zip')"
        ),
        CodeCase(
            clean: "an archive that is fetched and unpacked",
            "import urllib.request, subprocess\nurllib.request.urlretrieve('https://host.example.invalid/a.tar', 'a.tar')\nsubprocess.run(['tar', 'xf', 'a.tar'])",
            isEntry: false),
        CodeCase(
            clean: "training",
            "import argparse, os, torch\ndef main():\n  p = argparse.ArgumentParser()\n  p.add_argument('--out', default='out')\n  a = p.parse_args()\n  os.makedirs(a.out, exist_ok=True)\n  torch.save({}, os.path.join(a.out, 'm.pth'))\nif __name__ == '__main__':\n  main()"
        ),
        CodeCase(
            clean: "a process of a program's arguments",
            "import subprocess, sys\nif __name__ == '__main__':\n  subprocess.run(sys.argv[1:])"),
        CodeCase(
            clean: "a setup with a version",
            "from setuptools import setup\nv = {}\nexec(open('pkg/version.py').read(), v)\nsetup(version=v['x'])", in: "setup.py"),
        CodeCase(
            clean: "variables of the environment",
            "import os\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\nrank = int(os.environ.get('RANK', 0))"),
        CodeCase(
            clean: "an environment for a process",
            "import os, subprocess\ne = os.environ.copy()\ne['A'] = '1'\nsubprocess.run(['make'], env=e)", isEntry: false),
        CodeCase(
            clean: "the host of workers",
            "import socket\nname = socket.gethostname()\naddress = socket.gethostbyname(name)\nprint(address)"),
        CodeCase(clean: "a folder that is removed", "import shutil, tempfile\nd = tempfile.mkdtemp()\nshutil.rmtree(d)"),
        CodeCase(clean: "a file that is written", "open('/tmp/out.txt', 'w').write('x')"),
        CodeCase(
            clean: "a notebook that installs",
            notebook(
                "!pip install -q transformers\n!git clone https://host.example.invalid/r\n!nvidia-smi",
                "import torch\nprint(torch.__version__)"), in: "a.ipynb"),
        CodeCase(
            clean: "a magic", notebook("%matplotlib inline\n%cd x\n!wget https://host.example.invalid/data.zip\n!unzip data.zip"),
            in: "a.ipynb"),
        CodeCase(
            clean: "an API of a package",
            "from flask import Flask, request\napp = Flask('a')\n@app.route('/')\ndef f(): return request.args.get('x')"),
        CodeCase(
            clean: "a demonstration",
            "import gradio as gr\ndef greet(n): return n\ngr.Interface(fn=greet, inputs='text', outputs='text').launch()"),
    ]
}
