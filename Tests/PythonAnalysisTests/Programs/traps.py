#### recursion with other arguments can see anything
def fac(n):
    show(n)  #> ~show(?)
    return 1 if n == 0 else fac(n - 1)
fac(9)  #> fac(9)

#### code that a default rules out sees no such value
def f(x, mask=None):
    if mask is not None:
        x = g(mask == 0)  #> ~g(?)
    return x
f(1)

#### a function of the file may raise
from lib import helper
def t():
    if helper():
        raise ValueError
    return 3
try:
    a = t()
except ValueError:
    a = 4
p(a)  #> ~p(3 | 4)

#### an unknown call may raise inside another function
import lib
def load():
    lib.check()
    return "a"
x = "none"
try:
    x = load()
except Exception:
    pass
p(x)  #> ~p("a" | "none")

#### attributes stored under unknown names
from lib import helper
class Cfg:
    lr = 1
    def __init__(self, **k):
        for a, b in k.items():
            setattr(self, a, b)
p(Cfg(**helper()).lr)  #> ~p(?) ;; Cfg(**?) ;; lib.helper()

#### attributes from an unknown dictionary
class Cfg:
    def __init__(self, k):
        self.a = 1
        self.__dict__.update(k)
p(Cfg(unknown()).a)  #> ~p(?) ;; Cfg(?) ;; ~unknown()

#### shuffled lists have no order
import random
xs = [1, 2, 3]
random.shuffle(xs)
p(xs)  #> ~p(?)
p(xs[0])  #> ~p(1 | 2 | 3)

#### equal numbers of two types
x = 3 in [1, 2, 3.0]  #= x: true
y = True in (0, 1)  #= y: true
z = {1: "a"}.get(1.0)  #= z: "a"

#### a deleted attribute shows the class's again
class C:
    w = 1
o = C()
o.w = 10
C.w = 5
del o.w
p(o.w)  #> ~p(5)

#### a mapping is no sequence
match {"k": 1}:
    case [a, *r]:
        z = "seq"
    case _:
        z = "other"
p(z)  #> ~p("other")

#### floor division and remainder of floats
a = 5.0 // 0.1  #= a: 49.0
b = -7.5 % 2  #= b: 0.5
c = 7.5 // -2  #= c: -4.0

#### rounding to tens is not made up
a = round(1234, -2) // 100  #= a: ?
b = round(2.5)  #= b: 2

#### the first of equals is the largest and the smallest
a = max(True, 1)  #= a: true
b = max(1, True)  #= b: 1
c = min("b", "a", "A".lower())  #= c: "a"
d = max(["ab", "c", "de"], key=len)  #= d: "ab"

#### letters with surprises are not made up
a = "ß".casefold() + "x"  #= a: ?
b = "ΑΣ".lower() + "x"  #= b: ?
c = "a\x1fb".split()  #= c: ["a", "b"]
d = repr("\xa0")  #= d: "'\\xa0'"

#### asdict knows fields only
from dataclasses import dataclass, asdict
@dataclass
class C:
    a: int = 1
    def __post_init__(self):
        self.b = 2
x = asdict(C())  #= x: {"a": 1}

#### a bounded deque drops values
from collections import deque
q = deque([1, 2, 3], maxlen=2)
q.append(4)
x = list(q)  #= x: ?

#### reading a counter adds nothing
from collections import Counter
c = Counter("abca")
x = c["z"]  #= x: 0
y = len(c)  #= y: 3

#### an alias of an enumeration's member
from enum import Enum
class C(Enum):
    RED = 1
    ALIAS = 1
x = C.ALIAS.name  #= x: "RED"
y = len(list(C))  #= y: 1

#### a list that doubles what it is given
class MyList(list):
    def append(self, x):
        super().append(x * 2)
m = MyList()
m.append(2)
x = list(m)  #= x: [4]

#### a base that is not known at all
import lib
class A(lib.make()):
    def f(self):
        super().f()  #> super() ;; ~super().f()

#### a dictionary whose keys move
from collections import OrderedDict
d = OrderedDict(a=1, b=2)
d.move_to_end("a")
x = list(d)  #= x: ["b", "a"]

#### a name that only a dead branch narrows
import os
MODE = "prod"
def run(cmd="ls"):
    if MODE == "dev":
        os.system("rm")
    os.system(cmd)  #> os.system("ls")
run()

#### recursion in a function that nobody calls
def go(n):
    show(n)  #> ~show(?)
    if n:
        go(n - 1)
def start():
    go(5)  #> go(5)
