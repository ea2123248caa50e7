#### getattr with a built string
import os
name = "sys" + "tem"
getattr(os, name)("ls")  #> getattr(?, "system") ;; os.system("ls")

#### getattr bound to a name
import os
f = getattr(os, "nepop"[::-1])
f("ls")  #> os.popen("ls")

#### getattr in getattr
import os
import urllib.parse
x = getattr(getattr(os, "path"), "join")("a", "b")  #= x: "a/b"
f = getattr(urllib, "parse")
y = f.unquote("%61")  #> urllib.parse.unquote("%61")  #= y: "a"

#### getattr with a default
class A:
    cmd = "ls"
x = getattr(A, "cmd", "d")  #= x: "ls"
y = getattr(A(), "none", "d")  #= y: "d"
z = hasattr(A, "none")  #= z: false

#### getattr on a string method and on an own instance
import os
class A:
    def run(self, x): os.system(x)  #> os.system("ls")
x = getattr("sl", "replace")("sl", "ls")  #> getattr("sl", "replace") ;; str.replace("sl", "ls")  #= x: "ls"
getattr(A(), "r" + "un")(x)  #> getattr(?, "run") ;; A.run("ls") ;; A()

#### getattr with an unknown name
import os
getattr(os, input())("ls")  #> getattr(?, ?) ;; ~getattr(os, input())("ls") ;; input()
os.system("after")  #> os.system("after")

#### getattr over a list of names
import os
for name in ["getcwd", "getpid"]:
    getattr(os, name)()  #> getattr(?, "getcwd" | "getpid") ;; os.getcwd()

#### import by dunder import
__import__("os").system("ls")  #> __import__("os") ;; os.system("ls")
m = __import__("sub" + "process")
m.run("id")  #> subprocess.run("id")

#### dunder import of a dotted name gives the top package
m = __import__("os.path")
m.system("ls")  #> os.system("ls")
p = __import__("os.path", fromlist=["join"])
x = p.join("a", "b")  #> os.path.join("a", "b")  #= x: "a/b"

#### dunder import and getattr on one line
getattr(__import__("o" + "s"), "metsys"[::-1])("ls")  #> getattr(?, "system") ;; os.system("ls") ;; __import__("os")
e = getattr(__import__("builtins"), "ev" + "al")
e("1")  #> builtins.eval("1")

#### import_module
import importlib
m = importlib.import_module("o" + "s")
m.system("ls")  #> os.system("ls")
importlib.import_module("os").popen("x")  #> importlib.import_module("os") ;; os.popen("x")

#### import_module of a dotted name gives the leaf
from importlib import import_module as im
m = im("urllib.parse")  #> importlib.import_module("urllib.parse")
x = m.quote("a b")  #> urllib.parse.quote("a b")  #= x: "a%20b"
r = im(".parse", package="urllib")
r.unquote("c")  #> urllib.parse.unquote("c")

#### import_module of a split class path
import importlib
path = "subprocess.Popen"
mod, _, cls = path.rpartition(".")
C = getattr(importlib.import_module(mod), cls)
C(["ls"])  #> subprocess.Popen(["ls"])

#### function looked up in globals
import os
def go(x):
    os.system(x)  #> os.system("ls")
globals()["g" + "o"]("ls")  #> globals() ;; go("ls")
globals()["os"].popen("x")  #> globals() ;; os.popen("x")

#### name bound through globals
import os
globals()["cmd"] = "l" + "s"
os.system(cmd)  #> os.system("ls")
globals().update(run=os.popen)
run(cmd)  #> os.popen("ls")

#### locals and vars
import os
def f(cmd):
    x = "!"
    return locals()["cmd"] + vars()["x"]
os.system(f("ls"))  #> os.system("ls!") ;; f("ls")

#### vars of a module and its dunder dict
import os, subprocess
vars(os)["system"]("ls")  #> vars(?) ;; os.system("ls")
subprocess.__dict__["ru" + "n"]("x")  #> subprocess.run("x")

#### sys.modules
import os, sys
sys.modules["os"].system("ls")  #> os.system("ls")
m = sys.modules.get("subprocess") or __import__("subprocess")
sys.modules[__name__].os.popen("x")  #> os.popen("x")

#### module found inside another module
import shutil, sys
o = shutil.os
f = getattr(sys.modules["os"], "system")
f("ls")  #> os.system("ls")

#### operator attrgetter
import operator, os
get = operator.attrgetter("system")
get(os)("ls")  #> ~get(?) ;; os.system("ls")
x = operator.attrgetter("path.sep")
y = operator.attrgetter("__class__.__name__")("s")  #= y: "str"

#### operator itemgetter
from operator import itemgetter
x = itemgetter(1)("ab")  #= x: "b"
y = itemgetter(2, 0)(["a", "b", "c"])  #= y: ["c", "a"]
z = sorted([("b", 1), ("a", 2)], key=itemgetter(0))  #= z: [["a", 2], ["b", 1]]

#### operator methodcaller
import operator, os
up = operator.methodcaller("replace", "X", "")
x = up("lXsX")  #= x: "ls"
os.system(x)  #> os.system("ls")

#### operator functions
import operator as op
x = op.add("l", "s")  #> operator.add("l", "s")  #= x: "ls"
y = op.getitem({"k": "v"}, "k") + op.mul("a", 2)  #= y: "vaa"
z = op.xor(5, 1) + op.concat("", "")[:0].__len__()  #= z: 4

#### partial
import functools, os
run = functools.partial(os.system, "ls")  #> functools.partial(?, "ls")
run()  #> os.system("ls")
functools.partial(os.popen, "x")()  #> functools.partial(?, "x") ;; os.popen("x")

#### partial with keywords overridden at the call
import subprocess
from functools import partial
sh = partial(subprocess.run, shell=True, timeout=5)
sh("ls", timeout=9)  #> subprocess.run("ls", shell=true, timeout=9)
sh(["a"], check=True)  #> subprocess.run(["a"], shell=true, timeout=5, check=true)

#### partial of a partial
import os
from functools import partial
a = partial(os.execlp, "p")
b = partial(a, "q")
b("r")  #> os.execlp("p", "q", "r")

#### partial of an own function
import os
from functools import partial
def go(a, b, c="3"):
    os.system(a + b + c)  #> os.system("12x")
f = partial(go, "1", c="x")
f("2")  #> go("1", "2", c="x")

#### partialmethod
import os
from functools import partialmethod
class A:
    def run(self, a, b): os.system(a + b)  #> os.system("ls-l")
    go = partialmethod(run, "ls")
A().go("-l")

#### reduce
import functools, operator
x = functools.reduce(lambda a, c: a + chr(c), [108, 115], "")  #= x: "ls"
y = functools.reduce(operator.mul, [1, 2, 3, 4])  #= y: 24

#### reduce of getattr walks a dotted path
import os
from functools import reduce
join = reduce(getattr, "path.join".split("."), os)
x = join("a", "b")  #> os.path.join("a", "b")  #= x: "a/b"

#### eval of a constant expression
x = eval("'l' + chr(115)")  #> eval("'l' + chr(115)")  #= x: "ls"
n = 2
y = eval("n * 3 + len(x)")  #= y: 8

#### eval of a function's name
import os
eval("os.system")("ls")  #> eval("os.system") ;; os.system("ls")
f = eval("lambda s: s[::-1]")
x = f("sl")  #= x: "ls"

#### eval with its own namespace
import os
ns = {"cmd": "ls", "r": os.system}
x = eval("cmd + '!'", ns)  #= x: "ls!"
f = eval("r", {"r": os.popen})
f(x)  #> os.popen("ls!")

#### exec binds a name
import os
exec("cmd = 'l' 's'")
os.system(cmd)  #> os.system("ls")
ns = {}
exec("import subprocess as q", ns)
ns["q"].run("x")  #> subprocess.run("x")

#### exec defines a function
exec("def f(x):\n    return x + '!'")
y = f("a")  #> f("a")  #= y: "a!"
z = f(y)  #= z: "a!!"

#### class made by type
import os
X = type("X", (), {"cmd": "ls", "arg": "-" + "l"})  #> type("X", [], {"cmd": "ls", "arg": "-l"})
x = X()  #> X()
os.system(x.cmd + X.arg)  #> os.system("ls-l")

#### class made by type with a method and a base
import os
class Base:
    cmd = "ls"
X = type("X", (Base,), {"run": lambda self, a: os.system(self.cmd + a)})  #> type("X", ?, ?) ;; os.system("ls-l")
X().run("-l")

#### library function replaced by an own one
import os
def fake(cmd):
    print("no " + cmd)  #> print("no ls")
os.system("a")  #> os.system("a")
os.system = fake
os.system("ls")  #> fake("ls")

#### builtins as a module and as a dict
import builtins
getattr(builtins, "ex" + "ec")("1")  #> getattr(?, "exec") ;; builtins.exec("1")
vars(builtins)["eval"]("2")  #> vars(?) ;; builtins.eval("2")
b = builtins.__dict__
b["open"]("f")  #> builtins.open("f")

#### dunder builtins
getattr(__builtins__, "lave"[::-1])("1")  #> getattr(?, "eval") ;; builtins.eval("1")
f = __builtins__.__import__("os").popen
f("ls")  #> os.popen("ls")

#### globals of a function object
import os
def f(): pass
f.__globals__["os"].system("ls")  #> os.system("ls")
x = f.__name__ + f.__class__.__name__  #= x: "ffunction"

#### method taken from the class dict
import os
class A:
    def run(self, x): os.system(x)  #> os.system("ls")
A.__dict__["run"](A(), "ls")  #> A.run(?, "ls") ;; A()

#### module attribute through dunder getattribute
import os
f = os.__getattribute__("sys" + "tem")
f("ls")  #> os.system("ls")
g = object.__getattribute__(os, "popen")
g("x")  #> os.popen("x")

#### operators called as methods
x = "l".__add__("s")  #= x: "ls"
y = ["a", "b"].__getitem__(1)  #= y: "b"
z = "%s!".__mod__("a") + "ab".__getitem__(0)  #= z: "a!a"

#### thread target
import os, threading
def work(x, y=None):
    os.execlp(x, y)  #> os.execlp("a", "b")
t = threading.Thread(target=work, args=("a",), kwargs={"y": "b"})  #> threading.Thread(target=?, args=["a"], kwargs={"y": "b"})
t.start()  #> threading.Thread.start()
t.join()  #> threading.Thread.join()

#### executor submit and map
import os
from concurrent.futures import ThreadPoolExecutor
def work(x):
    os.system(x)  #> os.system("a" | "b" | "c")
ex = ThreadPoolExecutor(1)
ex.submit(work, "a")  #> concurrent.futures.ThreadPoolExecutor.submit(?, "a")
list(ex.map(work, ["b", "c"]))

#### key function is called by sorted
import os
def key(x):
    os.system(x)  #> os.system("b" | "a")
    return x
y = sorted(["b", "a"], key=key)  #> sorted(["b", "a"], key=?)  #= y: ["a", "b"]

#### unresolved method of a parameter
def f(x, items):
    x.append("a")  #> ~x.append("a")
    x.y.z(1)(2)  #> ~x.y.z(1) ;; ~x.y.z(1)(2)
    items[0].run("b", k="c")  #> ~items[0].run("b", k="c")

#### unresolved method of an imported function's result
import requests
r = requests.get("http://h")
d = r.json()  #> ~r.json()
requests.get("u").json()["k"].lower()  #> requests.get("u") ;; ~requests.get("u").json() ;; ~requests.get("u").json()["k"].lower()

#### method of an imported class's instance
import requests
s = requests.Session()  #> requests.Session()
s.headers.update({"k": "v"})
s.get("u", timeout=3)  #> requests.Session.get("u", timeout=3)
requests.Session().post("v")  #> requests.Session() ;; requests.Session.post("v")

#### unknown name is called
import os
try:
    mystery("a", k="b")  #> ~mystery("a", k="b")
    os.system("x")
except NameError:
    os.system("y")  #> os.system("y")

#### dispatch by the name of a method
import os
class Cli:
    def do_ls(self, a): return os.system("ls" + a)  #> os.system("ls-l")
    def dispatch(self, name, *a):
        return getattr(self, "do_" + name)(*a)  #> getattr(?, "do_ls") ;; Cli.do_ls("-l")
Cli().dispatch("ls", "-l")  #> Cli() ;; Cli.dispatch("ls", "-l")

#### pkgutil resolve_name
import pkgutil
f = pkgutil.resolve_name("os:sys" + "tem")  #> pkgutil.resolve_name("os:system")
f("ls")  #> os.system("ls")

#### chain of everything in one expression
import base64
n = base64.b64decode(b"c3lzfHRlbQ==").decode().split("|")
(lambda m, f: getattr(__import__(m), f))("".join(map(chr, (111, 115))), "".join(n))("ls -la")
g = getattr(__import__(chr(111) + "s"), "".join(n))
g("ls -la")  #> os.system("ls -la")
