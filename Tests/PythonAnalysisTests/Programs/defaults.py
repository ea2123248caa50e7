#### argparse default
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("--name", default="bert")  #> argparse.ArgumentParser.add_argument("--name", default="bert")
p.add_argument("--file")
args = p.parse_args()  #> argparse.ArgumentParser.parse_args()
os.system(args.name)  #> os.system("bert")
os.popen(args.file)  #> os.popen(?)

#### argparse dashes become underscores
import argparse, os
p = argparse.ArgumentParser(description="d")
p.add_argument("-m", "--model-name", type=str, default="a")
p.add_argument("--long", "-l", "--other", default="b")
a = p.parse_args()
os.system(a.model_name + a.long)  #> os.system("ab")

#### argparse dest and short option
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("--model", dest="path", default="a")
p.add_argument("-q", default="b")
a = p.parse_args()
os.system(a.path + a.q)  #> os.system("ab")

#### argparse flags
import argparse
p = argparse.ArgumentParser()
p.add_argument("--fast", action="store_true")
p.add_argument("--no-log", action="store_false")
p.add_argument("--lvl", action="store_const", const=3, default=1)
o = p.parse_args()
f = o.fast  #= f: false
l = o.no_log  #= l: true
n = o.lvl  #= n: 1

#### argparse converts a string default by its type
import argparse, pathlib
p = argparse.ArgumentParser()
p.add_argument("--n", type=int, default="3")
p.add_argument("--dir", type=pathlib.Path, default="m")
o = p.parse_args()
n = o.n + 1  #= n: 4
d = o.dir / "w"  #= d: "m/w"

#### argparse positional with a question mark
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("model", nargs="?", default="bert")
a = p.parse_args()
os.system(a.model)  #> os.system("bert")

#### argparse set_defaults and parse_known_args
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("--a", default="x")
p.set_defaults(a="y", b="z")
args, rest = p.parse_known_args()
os.system(args.a + args.b)  #> os.system("yz")

#### argparse groups
import argparse, os
p = argparse.ArgumentParser()
g = p.add_argument_group("model")
g.add_argument("--name", default="bert")
args = p.parse_args()
os.system(args.name)  #> os.system("bert")

#### argparse given its arguments
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("--name", default="bert")
args = p.parse_args(["--name", "gpt2"])
os.system(args.name)  #> os.system("gpt2")

#### argparse namespace as a dict
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("--name", default="bert")
cfg = vars(p.parse_args())
os.system(cfg["name"])  #> os.system("bert")

#### argparse parser made by a function
import argparse, os
def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--name", default="bert")
    return p.parse_args()
def main(args):
    os.system(args.name)  #> os.system("bert")
main(get_args())

#### argparse attribute replaced after parsing
import argparse, os
p = argparse.ArgumentParser()
p.add_argument("--name", default="bert")
args = p.parse_args()
args.name = "m/" + args.name  #= args.name: "m/bert"
os.system(args.name)  #> os.system("m/bert")

#### argparse default from a constant and a function call
import argparse, os
BASE = "bert"
p = argparse.ArgumentParser()
p.add_argument("--d", default=os.path.join("m", BASE))
p.add_argument("--e", default=f"{BASE}-base")
a = p.parse_args()
os.execlp(a.d, a.e)  #> os.execlp("m/bert", "bert-base")

#### argparse arguments added in a loop
import argparse, os
p = argparse.ArgumentParser()
for k, v in {"user": "bob", "host": "h"}.items():
    p.add_argument("--" + k, default=v)
a = p.parse_args()
os.system(a.user + "@" + a.host)  #> os.system("bob@h")

#### environment get with a default
import os
name = os.environ.get("MODEL", "bert")  #> os.environ.get("MODEL", "bert")  #= name: "bert"
os.system(name)  #> os.system("bert")

#### environment getenv with a default
from os import getenv as env
import subprocess
x = env("K", "d")  #> os.getenv("K", "d")  #= x: "d"
subprocess.run(env("NONE"))  #> subprocess.run(?) ;; os.getenv("NONE")

#### environment by index is unknown
import os
try:
    key = os.environ["SECRET"]
    os.system(key)  #> os.system(?)
except KeyError:
    os.system("none")  #> os.system("none")

#### environment that was set before
import os
os.environ["CMD"] = "ls"
os.system(os.environ["CMD"])  #> os.system("ls")
os.popen(os.getenv("CMD"))  #> os.popen("ls") ;; os.getenv("CMD")

#### environment aliased and with a computed key
from os import environ as E
import os
p = "MY" + "_"
cfg = {k: E.get(p + k.upper(), v) for k, v in [("a", "1"), ("b", "2")]}
os.system(cfg["a"] + cfg["b"])  #> os.system("12")

#### environment number converted
import os
port = int(os.environ.get("PORT", "8080"))  #= port: 8080
debug = os.getenv("DEBUG", "0") == "1"  #= debug: false
os.system(f"serve {port + 1}")  #> os.system("serve 8081")

#### dataclass fields
import os
from dataclasses import dataclass
@dataclass
class Cfg:
    name: str = "bert"
    size: str = "base"
c = Cfg(size="large")  #> Cfg(size="large")
os.system(f"{c.name}-{c.size}")  #> os.system("bert-large")

#### dataclass with positional arguments
import os
from dataclasses import dataclass
@dataclass(frozen=True)
class Cmd:
    prog: str
    arg: str = "-l"
    def line(self): return self.prog + self.arg
os.system(Cmd("ls").line())  #> os.system("ls-l") ;; Cmd("ls") ;; Cmd.line()
os.system(Cmd("id", "-u").line())  #> os.system("id-u") ;; Cmd("id", "-u") ;; Cmd.line()

#### dataclass field and default factory
import os
import dataclasses as dc
@dc.dataclass
class Cfg:
    args: list = dc.field(default_factory=lambda: ["a"])
    name: str = dc.field(default="n")
a, b = Cfg(), Cfg()
a.args.append("b")
os.execv(a.name, a.args)  #> os.execv("n", ["a", "b"])
os.execv(b.name, b.args)  #> os.execv("n", ["a"])

#### dataclass post init
import os
from dataclasses import dataclass, field
@dataclass
class Cfg:
    name: str = "bert"
    path: str = field(init=False)
    def __post_init__(self):
        self.path = "m/" + self.name
os.system(Cfg("gpt").path)  #> os.system("m/gpt") ;; Cfg("gpt")

#### dataclass inherits fields
import os
from dataclasses import dataclass
@dataclass
class Base:
    a: str = "1"
@dataclass
class Sub(Base):
    b: str = "2"
s = Sub("x", "y")
os.system(s.a + s.b + Sub().b)  #> os.system("xy2") ;; Sub()

#### dataclass replace and asdict
import os
from dataclasses import dataclass, replace, asdict
@dataclass
class Cfg:
    name: str = "bert"
    rev: str = "main"
d = asdict(replace(Cfg(), rev="v2"))  #= d: {"name": "bert", "rev": "v2"}
os.system(d["name"] + d["rev"])  #> os.system("bertv2")

#### dataclass that nobody makes
import os
from dataclasses import dataclass
@dataclass
class Cfg:
    path: str
    name: str = "bert"
def load(cfg: Cfg):
    os.execlp(cfg.name, cfg.path)  #> os.execlp("bert", ?)

#### typing NamedTuple
import os
from typing import NamedTuple
class Cmd(NamedTuple):
    prog: str
    arg: str = "-l"
c = Cmd("ls")  #> Cmd("ls")
prog, arg = c
os.system(prog + c.arg + c[0])  #> os.system("ls-lls")

#### enum value and name
import os
from enum import Enum
class M(Enum):
    BERT = "bert-base"
    GPT = "gpt2"
os.system(M.BERT.value)  #> os.system("bert-base")
os.popen(M.GPT.name)  #> os.popen("GPT")
x = M["GPT"].value + M("bert-base").name  #= x: "gpt2BERT"

#### enum iterated and auto
import os
from enum import Enum, auto
class C(Enum):
    A = auto()
    B = auto()
for c in C:
    os.kill(c.value, 9)  #> os.kill(1 | 2, 9)

#### enum that is also a string
import os
from enum import Enum
class M(str, Enum):
    BERT = "bert"
    @property
    def path(self): return "m/" + self.value
os.system(M.BERT.path + M.BERT.upper())  #> os.system("m/bertBERT") ;; str.upper()

#### enum member as a parameter
import os
from enum import Enum
class Op(Enum):
    LS = "ls"
    ID = "id"
def run(op=Op.LS):
    os.system(op.value)  #> os.system("id" | "ls")
run(Op.ID)
run()

#### typed dict
import os
from typing import TypedDict
class Cfg(TypedDict, total=False):
    name: str
    rev: str
c: Cfg = {"name": "bert"}
d = Cfg(rev="main")
os.system(c["name"] + d["rev"])  #> os.system("bertmain")

#### pydantic model fields
import os
from pydantic import BaseModel
class Cfg(BaseModel):
    name: str = "bert"
    rev: str = "main"
c = Cfg(rev="v2")  #> Cfg(rev="v2")
os.system(c.name)  #> os.system("bert")
os.system(c.rev)  #> os.system("v2")

#### sys.argv is unknown but its use is seen
import os, sys
cmd = sys.argv[1]
os.system(cmd)  #> os.system(?)
os.execlp("p", "a" if len(sys.argv) > 2 else "b")  #> os.execlp("p", "a" | "b") ;; len(?)
