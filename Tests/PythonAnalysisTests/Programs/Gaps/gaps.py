#### one unknown condition binds two names together
import os
if input():
    a, b = "a", "1"
else:
    a, b = "b", "2"
os.system(a + b)  #> os.system("a1" | "b2")

#### an error that certainly happens
import os
d = {"a": 1}
try:
    cmd = d["zz"]
    cmd = "never"
except KeyError:
    cmd = "handled"
os.system(cmd)  #> os.system("handled")

#### raised exception carries a value
import os
try:
    raise RuntimeError("ls", 2)  #> RuntimeError("ls", 2)
except RuntimeError as e:
    cmd = e.args[0]  #= cmd: "ls"
os.system(cmd)  #> os.system("ls")

#### finally overrides a return
import os
def f():
    try:
        return "try"
    finally:
        return "fin"
os.system(f())  #> os.system("fin") ;; f()

#### context manager that suppresses
import os
from contextlib import suppress
cmd = "a"
with suppress(KeyError):
    cmd = {"k": "b"}["k"]
    cmd = {}["k"]
os.system(cmd)  #> os.system("b")

#### descriptor
import os
class Up:
    def __set_name__(self, owner, name): self.n = name
    def __get__(self, obj, owner=None): return self.n + obj.base
class A:
    cmd = Up()
    base = "!"
os.system(A().cmd)  #> os.system("cmd!") ;; A()

#### send into a generator
def echo():
    got = yield "first"
    while True:
        got = yield got + "!"
g = echo()
a = next(g)  #= a: "first"
b = g.send("x")  #= b: "x!"

#### list changed under an unknown condition
import os
xs = ["a"]
if input():
    xs.append("b")
os.execv("p", xs)  #> os.execv("p", ["a"] | ["a", "b"])

#### gzip bz2 and lzma
import base64, bz2, gzip, lzma
a = gzip.decompress(base64.b64decode("H4sIAAAAAAACA8spBgDSFp1BAgAAAA==")).decode()  #= a: "ls"
b = bz2.decompress(base64.b64decode("QlpoOTFBWSZTWXld8y0AAACBAAQgIAAhAIKxdyRThQkHld8y0A==")).decode()  #= b: "id"
c = lzma.decompress(base64.b64decode("/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQABcHMAAACjL+sv6Jx9BgABGgLcLqV+H7bzfQEAAAAABFla")).decode()  #= c: "ps"

#### pickle of a constant
import base64, pickle
x = pickle.loads(base64.b64decode("KGRwMApWY21kCnAxClZscwpwMgpzLg=="))
y = x["cmd"]  #= y: "ls"

#### singledispatch keeps the function
import os
from functools import singledispatch
@singledispatch
def run(x):
    return "any"
@run.register
def _(x: int):
    return "int"
os.system(run(5))  #> os.system("int") ;; run(5)

#### configparser of a constant
import configparser, os
cp = configparser.ConfigParser()
cp.read_string("[m]\nname = bert\n[DEFAULT]\nrev=main\n")
os.system(cp["m"]["name"])  #> os.system("bert")
os.system(cp.get("m", "rev"))  #> os.system("main") ;; configparser.ConfigParser.get("m", "rev")

#### callback of re.sub
import re
x = re.sub(r"\d+", lambda m: chr(int(m.group())), "108115"[:3] + "-115")  #= x: "l-s"
y = re.findall(r"[a-z]", "l1s2")  #= y: ["l", "s"]

#### metaclass adds an attribute
import os
class Meta(type):
    def __new__(m, name, bases, ns):
        ns["cmd"] = "run-" + name
        return super().__new__(m, name, bases, ns)
class Job(metaclass=Meta): pass
os.system(Job.cmd)  #> os.system("run-Job")

#### re.sub on constants
import re
a = re.sub(r"[^a-z]", "", "l1s2")  #> re.sub("[^a-z]", "", "l1s2")  #= a: "ls"
b = re.sub(r"(\w)(\w)", r"\2\1", "slxa")  #= b: "lsax"

#### annotated variable without a value
import requests
s: requests.Session
s = requests.session()
s.get("u")  #> requests.Session.get("u")
