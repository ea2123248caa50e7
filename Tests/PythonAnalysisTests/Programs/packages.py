#### function of another file
#file helper.py
import os
def run(cmd):
    os.system(cmd)  #> os.system("ls")
#file main.py
import helper
helper.run("ls")  #> helper.run("ls")

#### constant of another file
#file settings.py
BASE = "bert"
NAME = BASE + "-base"
#file main.py
import os
from settings import NAME as N
import settings as st
os.system(N)  #> os.system("bert-base")
os.system(st.BASE)  #> os.system("bert")

#### relative imports inside a package
#file pkg/__init__.py
#file pkg/utils.py
def helper(x):
    return x + "!"
#file pkg/main.py
from .utils import helper as h
from . import utils
x = h("a")  #> pkg.utils.helper("a")  #= x: "a!"
y = utils.helper("b")  #> pkg.utils.helper("b")  #= y: "b!"

#### relative import two levels up to a known file
#file app/__init__.py
#file app/common.py
def load(n): return "m/" + n
#file app/sub/__init__.py
#file app/sub/deep/__init__.py
#file app/sub/deep/run.py
from ...common import load
from .. import deep
x = load("w")  #> app.common.load("w")  #= x: "m/w"

#### name exported again by the package
#file lib/__init__.py
from .core import start as begin
VERSION = "1"
#file lib/core.py
def start(x): return x * 2
#file main.py
import lib
from lib import begin
x = lib.begin("a")  #> lib.core.start("a")  #= x: "aa"
y = begin(lib.VERSION)  #> lib.core.start("1")  #= y: "11"

#### star import of a known file
#file tools.py
import os as _os
def go(x): return x.upper()
CMD = "ls"
_hidden = "h"
#file main.py
import os
_hidden = "own"
from tools import *
os.system(CMD + _hidden)  #> os.system("lsown")
x = go("a")  #> tools.go("a")  #= x: "A"

#### star import that obeys dunder all
#file tools.py
__all__ = ["a", "_b"]
a, _b, c = "1", "2", "3"
#file main.py
import os
c = "own"
from tools import *
os.system(a + _b + c)  #> os.system("12own")

#### library function exported again by a file
#file compat.py
try:
    from ujson import loads as parse
except ImportError:
    from json import loads as parse
from os import system
#file main.py
from compat import parse, system as s
parse("[]")  #> ujson.loads("[]")
s("ls")  #> os.system("ls")

#### file with the name of a library
#file yaml.py
def load(text):
    return "<" + text + ">"
#file main.py
import yaml
x = yaml.load("a")  #> yaml.load("a")  #= x: "<a>"

#### class of another file
#file runner.py
import os
class Runner:
    def __init__(self, cmd="ls"):
        self.cmd = cmd
    def run(self):
        os.system(self.cmd)  #> os.system("id")
#file main.py
from runner import Runner as R
R("id").run()  #> runner.Runner("id") ;; runner.Runner.run()

#### base class in another file
#file base.py
import os
class Base:
    name = "base"
    def load(self):
        os.system(self.name)  #> os.system("sub")
#file main.py
import base
class Sub(base.Base):
    name = "sub"
Sub().load()  #> Sub() ;; base.Base.load()

#### function called from two other files
#file low.py
import os
def run(x):
    os.system(x)  #> os.system("a" | "b")
#file one.py
from low import run
run("a")  #> low.run("a")
#file main.py
import one, low
low.run("b")  #> low.run("b")

#### module variable changed from outside
#file conf.py
NAME = "old"
def show():
    return NAME
#file main.py
import os, conf
from conf import NAME
conf.NAME = "new"
os.system(conf.show())  #> os.system("new") ;; conf.show()
os.system(NAME)  #> os.system("old")

#### shared list of another file
#file state.py
items = ["a"]
def add(x): items.append(x)
#file main.py
import os
from state import items, add
add("b")  #> state.add("b")
os.execv("p", items)  #> os.execv("p", ["a", "b"])

#### main guard of an imported file is not taken
#file job.py
CMD = "lib"
if __name__ == "__main__":
    CMD = "main"
WHO = __name__
#file main.py
import os, job
os.system(job.CMD + job.WHO + __name__)  #> os.system("libjob__main__")

#### circular import
#file a.py
import b
def fa(x): return b.fb(x + "a")  #> b.fb("0a")
#file b.py
import a
def fb(x): return x + "b"
#file main.py
import a
r = a.fa("0")  #> a.fa("0")  #= r: "0ab"

#### submodule import with and without as
#file p/__init__.py
#file p/q/__init__.py
#file p/q/r.py
def f(x): return x
#file main.py
import p.q.r
import p.q.r as short
p.q.r.f("1")  #> p.q.r.f("1")
short.f("2")  #> p.q.r.f("2")

#### package init and submodule with the same name
#file tool/__init__.py
from .run import run
#file tool/run.py
import os
def run(x): os.system(x)  #> os.system("ls")
#file main.py
from tool import run
run("ls")  #> tool.run.run("ls")

#### decorator of another file
#file deco.py
def loud(fn):
    def wrapper(x):
        return fn(x.upper())  #> main.run("LS") ;; str.upper()
    return wrapper
#file main.py
import os
from deco import loud
@loud
def run(x): os.system(x)  #> os.system("LS")
run("ls")  #> run("ls")

#### local file chosen by a constant of another
#file cfg.py
FAST = len("abc") == 3
#file fast.py
def go(): return "fast"
#file slow.py
def go(): return "slow"
#file main.py
from cfg import FAST
if FAST:
    import fast as impl
else:
    import slow as impl
x = impl.go()  #> fast.go()  #= x: "fast"

#### plugin imported by a built name
#file plug/__init__.py
#file plug/a.py
CMD = "ls"
def go(x): return CMD + x
#file main.py
import importlib
m = importlib.import_module("plug." + "a")
x = m.go("!")  #> plug.a.go("!")  #= x: "ls!"
n = importlib.import_module(".a", "plug")
y = n.CMD  #= y: "ls"

#### config dataclass and enum of another file
#file cfg.py
from dataclasses import dataclass
from enum import Enum
class Size(Enum):
    BIG = "large"
@dataclass
class Cfg:
    name: str = "bert"
    size: Size = Size.BIG
#file main.py
import os
from cfg import Cfg
c = Cfg()  #> cfg.Cfg()
os.system(c.name + "-" + c.size.value)  #> os.system("bert-large")

#### function defined in another file and patched there
#file net.py
def fetch(u): return "real" + u
def get(u): return fetch(u + "!")
#file main.py
import net
def fake(u): return "fake" + u
net.fetch = fake
x = net.get("a")  #> net.get("a")  #= x: "fakea!"

#### import inside a function of a package file
#file pk/__init__.py
#file pk/lazy.py
def run(x):
    from .impl import real
    return real(x)  #> pk.impl.real("a")
#file pk/impl.py
def real(x): return x + "r"
#file main.py
from pk.lazy import run
y = run("a")  #> pk.lazy.run("a")  #= y: "ar"
