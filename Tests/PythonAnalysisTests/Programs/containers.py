#### list append
import os
xs = ["a"]
xs.append("b")  #> list.append("b")
os.execv("p", xs)  #> os.execv("p", ["a", "b"])

#### list extend and plus-assign
xs = ["a"]
xs.extend(["b", "c"])  #> list.extend(["b", "c"])
xs += ["d"]
ys = xs + ["e"]  #= ys: ["a", "b", "c", "d", "e"]

#### list extended by a string
xs = []
xs += "ls"
xs.extend(("x",))
y = "".join(xs)  #> str.join(["l", "s", "x"])  #= y: "lsx"

#### list insert
xs = ["b"]
xs.insert(0, "a")  #> list.insert(0, "a")
xs.insert(-1, "m")
y = "".join(xs)  #= y: "amb"

#### list pop gives the item and removes it
import os
xs = ["a", "b", "c"]
last = xs.pop()  #= last: "c"
first = xs.pop(0)  #= first: "a"
os.execv("p", xs)  #> os.execv("p", ["b"])

#### item assignment in a list
xs = ["a", "b", "c"]
xs[1] = "x"
xs[-1] = "y"
y = "".join(xs)  #= y: "axy"

#### slice assignment and deletion
xs = [1, 2, 3, 4, 5]
xs[1:3] = [9]
del xs[0]
del xs[-1:]
y = xs + []  #= y: [9, 4]

#### list remove reverse sort and clear
xs = [3, 1, 2, 1]
xs.remove(1)
xs.sort()  #> list.sort()
xs.reverse()
y = list(xs)  #= y: [3, 2, 1]
xs.clear()
z = len(xs)  #= z: 0

#### two names of one list
import os
xs = ["a"]
ys = xs
ys.append("b")
os.execv("p", xs)  #> os.execv("p", ["a", "b"])

#### a copy is another list
import os
xs = ["a"]
ys = xs[:]
zs = xs.copy()
ys.append("b")
zs += ["c"]
os.execv("p", xs)  #> os.execv("p", ["a"])
os.execv("p", ys)  #> os.execv("p", ["a", "b"])

#### plus makes a new list but plus-assign does not
xs = ["a"]
ys = xs
ys = ys + ["b"]
a = len(xs)  #= a: 1
zs = xs
zs += ["c"]
b = len(xs)  #= b: 2

#### repeated inner list is shared
rows = [[]] * 2
rows[0].append("x")
a = rows[1]  #= a: ["x"]
cols = [[], []]
cols[0].append("x")
b = cols[1]  #= b: []

#### list inside a dict is shared
import os
args = ["a"]
cfg = {"args": args}
args.append("b")
os.execv("p", cfg["args"])  #> os.execv("p", ["a", "b"])

#### shallow copy shares what is inside
import copy
a = {"k": ["x"]}
b = dict(a)
c = copy.deepcopy(a)
a["k"].append("y")
p = b["k"]  #= p: ["x", "y"]
q = c["k"]  #= q: ["x"]

#### a function changes its caller's list
import os
def add(xs):
    xs.append("b")  #> list.append("b")
    xs = ["lost"]
args = ["a"]
add(args)
os.execv("p", args)  #> os.execv("p", ["a", "b"])

#### nested list and tuple indexes
grid = [["a", ("b", "c")], ["d"]]
x = grid[0][1][-1] + grid[-1][0]  #= x: "cd"
y = grid[0][1:][0][0]  #= y: "b"

#### star inside a list literal
a = ["x", "y"]
b = [*a, "z", *"pq"]  #= b: ["x", "y", "z", "p", "q"]
c = (*a, *b[-1:])  #= c: ["x", "y", "q"]

#### dict index and get
d = {"cmd": "ls", "n": 1}
x = d["cmd"]  #= x: "ls"
y = d.get("n")  #> dict.get("n")  #= y: 1
z = d.get("none")  #= z: null
w = d.get("none", "dflt")  #> dict.get("none", "dflt")  #= w: "dflt"

#### dict setdefault
d = {"a": "1"}
x = d.setdefault("a", "2")  #> dict.setdefault("a", "2")  #= x: "1"
y = d.setdefault("b", "3")  #= y: "3"
z = d["b"] + d["a"]  #= z: "31"

#### dict item assignment and deletion
d = {}
d["k"] = "v"
d["j"] = "w"
del d["k"]
x = dict(d)  #= x: {"j": "w"}

#### dict update in its forms
d = {"a": 1}
d.update({"b": 2})
d.update(c=3)  #> dict.update(c=3)
d.update([("a", 9)])
x = d | {}  #= x: {"a": 9, "b": 2, "c": 3}

#### dict merge operators
a = {"x": 1, "y": 2}
b = {"y": 3}
c = a | b  #= c: {"x": 1, "y": 3}
d = b | a  #= d: {"y": 2, "x": 1}
a |= {"z": 4}
e = len(a)  #= e: 3

#### dict merging with double star
base = {"model": "a", "rev": "main"}
cfg = {**base, "model": "b"}  #= cfg: {"model": "b", "rev": "main"}
cfg2 = {"model": "b", **base}  #= cfg2: {"model": "a", "rev": "main"}

#### dict constructor forms
a = dict(x=1, y="b")  #> dict(x=1, y="b")  #= a: {"x": 1, "y": "b"}
b = dict([("k", "v")], z=2)  #= b: {"k": "v", "z": 2}
c = dict(zip(["p", "q"], [1, 2]))  #= c: {"p": 1, "q": 2}

#### dict fromkeys and pop
d = dict.fromkeys(["a", "b"], 0)  #> dict.fromkeys(["a", "b"], 0)
x = d.pop("a")  #> dict.pop("a")  #= x: 0
y = d.pop("a", "gone")  #= y: "gone"
z = list(d)  #= z: ["b"]

#### later key wins in a dict literal
d = {"k": "first", "k": "second"}
x = d["k"]  #= x: "second"
y = len(d)  #= y: 1

#### keys of mixed types
d = {1: "int", "1": "str", (1, 2): "tuple", None: "none"}
x = d[1] + d["1"]  #= x: "intstr"
y = d[1, 2] + d[None]  #= y: "tuplenone"
z = d[True]  #= z: "int"

#### nested dicts
cfg = {"model": {"name": "bert", "opts": [{"k": "v"}]}}
x = cfg["model"]["opts"][0]["k"]  #= x: "v"
cfg["model"]["name"] = "gpt"
y = cfg.get("model").get("name")  #= y: "gpt"

#### views of a dict
d = {"a": 1, "b": 2}
ks = list(d.keys())  #= ks: ["a", "b"]
vs = sum(d.values())  #= vs: 3
ps = list(d.items())  #= ps: [["a", 1], ["b", 2]]

#### set operations
a = {"x", "y"}
b = {"y", "z"}
u = a | b  #= u: ["x", "y", "z"]
i = a & b  #= i: ["y"]
d = a - b  #= d: ["x"]
s = a ^ b  #= s: ["x", "z"]

#### set methods
s = set()
s.add("b")  #> set.add("b")
s.update(["a", "b"])
s.discard("zz")
x = sorted(s)  #= x: ["a", "b"]
y = s.issubset({"a", "b", "c"})  #= y: true

#### functions in a list called by index
import os
fs = [print, os.system, lambda s: s]
fs[1]("ls")  #> os.system("ls")
x = fs[-1]("q")  #> <lambda>("q")  #= x: "q"

#### functions in a dict called by key
import os
def stop(why):
    os.system(why)  #> os.system("end")
actions = {"run": os.popen, "stop": stop}
actions["run"]("ls")  #> os.popen("ls")
actions["stop"]("end")  #> stop("end")

#### function from dict get with a default
import os, shutil
ops = {"rm": os.remove}
ops.get("rm", print)("f")  #> dict.get("rm", ?) ;; os.remove("f")
ops.get("mv", shutil.move)("a", "b")  #> dict.get("mv", ?) ;; shutil.move("a", "b")

#### modules in nested containers
import os, subprocess
tools = {"a": [os, (subprocess, "run")]}
tools["a"][0].system("x")  #> os.system("x")
tools["a"][1][0].run("y")  #> subprocess.run("y")

#### list with an unknown member
import os
xs = ["a", input(), "c"]
os.execv("p", xs)  #> os.execv("p", ?)
os.system(xs[0] + xs[-1])  #> os.system("ac")

#### dict with an unknown value keeps the others
import os
d = {"a": input(), "b": "known"}
os.system(d["b"])  #> os.system("known")
os.system(d["a"])  #> os.system(?)

#### ordered dict and defaultdict
from collections import OrderedDict, defaultdict
o = OrderedDict(a="1")
o["b"] = "2"
x = "".join(o.values())  #= x: "12"
d = defaultdict(list)
d["k"].append("v")
y = d["k"]  #= y: ["v"]

#### deque
from collections import deque
q = deque(["b", "c"])
q.appendleft("a")
q.rotate(1)
x = "".join(q)  #= x: "cab"
y = q.popleft()  #= y: "c"

#### counter
from collections import Counter
c = Counter("abca")
x = c["a"]  #= x: 2
y = c["zz"]  #= y: 0
z = c.most_common(1)[0][0]  #= z: "a"

#### chain map
from collections import ChainMap
m = ChainMap({"a": "1"}, {"a": "2", "b": "3"})
x = m["a"] + m["b"]  #= x: "13"

#### namedtuple
from collections import namedtuple
P = namedtuple("P", ["cmd", "arg"])
p = P("ls", arg="-l")  #> P("ls", arg="-l")
x = p.cmd + p[1]  #= x: "ls-l"
q = p._replace(cmd="id")
y = q.cmd  #= y: "id"

#### simple namespace
from types import SimpleNamespace as NS
cfg = NS(model="bert", **{"rev": "main"})  #> types.SimpleNamespace(model="bert", rev="main")
cfg.model += "-base"  #= cfg.model: "bert-base"
x = cfg.rev  #= x: "main"

#### tuple operations
t = ("a",) + ("b", "c")  #= t: ["a", "b", "c"]
x = t.index("c")  #= x: 2
y = t * 2  #= y: ["a", "b", "c", "a", "b", "c"]
z = "b" in t  #= z: true

#### list and dict equality and identity
a = [1, [2]] == [1, [2]]  #= a: true
b = {"x": 1, "y": 2} == {"y": 2, "x": 1}  #= b: true
x = y = []
c = x is y  #= c: true
d = [] is []  #= d: false

#### index by values of another list
table = ["c", "a", "b"]
order = [1, 2, 0]
x = table[order[0]] + table[order[order[0]]]  #= x: "ab"
x = table[order[0]] + table[order[1]] + table[len(order) % 3]  #= x: "abc"

#### keyword dict filled step by step
import requests
kw = {}
kw["timeout"] = 5
kw.update(verify=False)
kw |= {"stream": True}
requests.get("http://h", **kw)  #> requests.get("http://h", timeout=5, verify=false, stream=true)

#### list of lists flattened by sum
xs = sum([["a"], ["b", "c"]], [])  #= xs: ["a", "b", "c"]
n = sum([1, 2, 3])  #= n: 6
m = sum((4, 5), 1)  #= m: 10

#### slice object
s = slice(1, None, 2)
x = "abcdef"[s]  #= x: "bdf"
y = [1, 2, 3][slice(2)]  #= y: [1, 2]

#### item swap inside a list
import os
xs = ["b", "a"]
xs[0], xs[1] = xs[1], xs[0]
os.system("".join(xs))  #> os.system("ab") ;; str.join(["a", "b"])
