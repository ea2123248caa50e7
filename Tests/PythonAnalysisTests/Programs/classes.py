#### method of an instance
import os
class A:
    def run(self, cmd):
        os.system(cmd)  #> os.system("ls")
a = A()  #> A()
a.run("ls")  #> A.run("ls")

#### attribute set by the constructor
import os
class A:
    def __init__(self, cmd):
        self.cmd = cmd + "!"  #= self.cmd: "ls!"
    def run(self):
        os.system(self.cmd)  #> os.system("ls!")
A("ls").run()  #> A("ls") ;; A.run()

#### attributes of two instances are apart
import os
class A:
    def __init__(self, cmd):
        self.cmd = cmd
a, b = A("1"), A("2")
os.system(a.cmd)  #> os.system("1")
os.system(b.cmd)  #> os.system("2")

#### method sees the attributes of all its instances
import os
class A:
    def __init__(self, cmd):
        self.cmd = cmd
    def run(self):
        os.system(self.cmd)  #> os.system("x" | "y")
A("x").run()
A("y").run()

#### method that nobody calls sees the constructor's attributes
import os
class A:
    def __init__(self, name="bert"):
        self.name = name
        self.size = "base"
    def load(self):
        os.system(self.name + self.size)  #> os.system("bertbase")

#### attribute from a constructor parameter that is unknown
import os
class A:
    def __init__(self, name, rev="main"):
        self.name, self.rev = name, rev
    def load(self):
        os.execlp(self.name, self.rev)  #> os.execlp(?, "main")

#### class attribute through the class and the instance
import os
class A:
    cmd = "ls"
    def run(self):
        os.system(self.cmd)  #> os.system("ls")
A().run()
os.system(A.cmd + A().cmd)  #> os.system("lsls") ;; A()

#### instance attribute hides the class attribute
import os
class A:
    cmd = "class"
a, b = A(), A()
a.cmd = "inst"  #= a.cmd: "inst"
os.system(a.cmd)  #> os.system("inst")
os.system(b.cmd)  #> os.system("class")

#### class attribute changed later
import os
class A:
    cmd = "a"
x = A()
A.cmd = "b"
os.system(x.cmd)  #> os.system("b")

#### plus-assign through an instance leaves the class alone
class A:
    n = 1
    xs = []
a, b = A(), A()
a.n += 1
a.xs += ["s"]
x = b.n  #= x: 1
y = b.xs  #= y: ["s"]
z = a.n  #= z: 2

#### attribute changed by a method
import os
class A:
    cmd = "a"
    def change(self, c):
        self.cmd = c
a = A()
os.system(a.cmd)  #> os.system("a")
a.change("b")
os.system(a.cmd)  #> os.system("b")

#### attribute set from outside before the method runs
import os
class A:
    def run(self):
        os.system(self.cmd)  #> os.system("ls")
a = A()
a.cmd = "ls"
a.run()

#### a method calls another method
import os
class A:
    def one(self, x):
        return self.two(x + "1")  #> A.two("01")
    def two(self, y):
        os.system(y)  #> os.system("01")
        return y
r = A().one("0")  #> A() ;; A.one("0")  #= r: "01"

#### staticmethod
import os
class A:
    @staticmethod
    def run(cmd):
        os.system(cmd)  #> os.system("a" | "b")
A.run("a")  #> A.run("a")
A().run("b")  #> A() ;; A.run("b")

#### classmethod as a second constructor
import os
class A:
    def __init__(self, cmd):
        self.cmd = cmd
    @classmethod
    def make(cls, x):
        return cls("<" + x + ">")  #> A("<ls>")
os.system(A.make("ls").cmd)  #> os.system("<ls>") ;; A.make("ls")

#### property
import os
class A:
    def __init__(self, n):
        self.n = n
    @property
    def path(self):
        return os.path.join("m", self.n)  #> os.path.join("m", "bert")
os.system(A("bert").path)  #> os.system("m/bert") ;; A("bert")

#### property with a setter
import os
class A:
    @property
    def cmd(self):
        return self._c
    @cmd.setter
    def cmd(self, v):
        self._c = v.upper()  #> str.upper()
a = A()
a.cmd = "ls"
os.system(a.cmd)  #> os.system("LS")

#### methods that return self are chained
import os
class Q:
    def __init__(self): self.s = ""
    def add(self, x):
        self.s += x
        return self
    def run(self): os.system(self.s)  #> os.system("ls-l")
Q().add("ls").add("-l").run()  #> Q() ;; Q.add("ls") ;; Q.add("-l") ;; Q.run()

#### bound method stored in a name
import os
class A:
    def __init__(self, c): self.c = c
    def run(self, x): os.system(self.c + x)  #> os.system("ls-l")
go = A("ls").run
go("-l")  #> A.run("-l")

#### method called through the class with an instance
import os
class A:
    cmd = "ls"
    def run(self, x):
        os.system(self.cmd + x)  #> os.system("ls-l")
A.run(A(), "-l")  #> A.run(?, "-l") ;; A()

#### instance that is called
import os
class A:
    def __init__(self, c): self.c = c
    def __call__(self, x):
        os.system(self.c + x)  #> os.system("ls-l")
a = A("ls")
a("-l")  #> A.__call__("-l")

#### instance with getitem
import os
class Cfg:
    def __getitem__(self, k):
        return "v-" + k
c = Cfg()
os.system(c["x"])  #> os.system("v-x")

#### instance with getattr for missing names
import os
class Cfg:
    known = "k"
    def __getattr__(self, name):
        return name.upper()  #> str.upper()
c = Cfg()
os.system(c.known + c.other)  #> os.system("kOTHER")

#### instance with str and format
class A:
    def __str__(self): return "s"
    def __repr__(self): return "r"
    def __format__(self, spec): return "f" + spec
a = A()
x = str(a) + repr(a) + f"{a:q}{a!r}" + "%s" % a  #= x: "srfqrs"

#### instance with operators
class V:
    def __init__(self, s): self.s = s
    def __add__(self, o): return V(self.s + o.s)
    def __radd__(self, o): return o + self.s
    def __eq__(self, o): return self.s == o.s
a = V("a") + V("b")
x = "<" + a  #= x: "<ab"
y = a == V("ab")  #= y: true

#### instance with iter len and contains
class Box:
    def __init__(self, xs): self.xs = xs
    def __iter__(self): return iter(self.xs)
    def __len__(self): return len(self.xs)
    def __contains__(self, x): return x == "z"
b = Box(["l", "s"])
x = "".join(b) + str(len(b))  #= x: "ls2"
y = "z" in b  #= y: true

#### instance as a context manager
import os
class Ctx:
    def __enter__(self):
        return "inner"
    def __exit__(self, *exc):
        os.popen("exit")  #> os.popen("exit")
with Ctx() as c:
    os.system(c)  #> os.system("inner")

#### nested class
import os
class Outer:
    class Inner:
        cmd = "ls"
        def run(self):
            os.system(self.cmd)  #> os.system("ls")
Outer.Inner().run()  #> Outer.Inner() ;; Outer.Inner.run()

#### class body runs like code
import os
class A:
    parts = ["l", "s"]
    cmd = "".join(parts)  #> str.join(["l", "s"])  #= cmd: "ls"
    for i in range(2):
        cmd += str(i)
os.system(A.cmd)  #> os.system("ls01")

#### class alias and class in a dict
import os
class A:
    def run(self, x): os.system(x)  #> os.system("1" | "2")
B = A
B().run("1")  #> A() ;; A.run("1")
reg = {"a": A}
reg["a"]().run("2")  #> A() ;; A.run("2")

#### function put into a class later
import os
class A:
    cmd = "ls"
def run(self, x):
    os.system(self.cmd + x)  #> os.system("ls-l")
A.go = run
A().go("-l")  #> A() ;; run("-l")

#### name of a class and of its object
class Model: pass
m = Model()
x = Model.__name__ + m.__class__.__name__  #= x: "ModelModel"
y = type(m).__name__.lower()  #= y: "model"

#### private names are mangled
import os
class A:
    __cmd = "ls"
    def run(self):
        os.system(self.__cmd)  #> os.system("ls")
A().run()
os.system(A._A__cmd + "2")  #> os.system("ls2")

#### new makes a singleton
class S:
    inst = None
    def __new__(cls):
        if cls.inst is None:
            cls.inst = super().__new__(cls)
        return cls.inst
a, b = S(), S()
a.v = "x"
y = b.v  #= y: "x"

#### attribute holds an imported function
import os
class A:
    def __init__(self):
        self.run = os.system
a = A()
a.run("ls")  #> os.system("ls")
b = a.run
b("id")  #> os.system("id")

#### class attribute with a builtin function takes no self
import os
class A:
    run = os.system
    size = len
    def go(self):
        self.run("ls")  #> os.system("ls")
        return self.size("abc")  #> len("abc")
x = A().go()  #> A() ;; A.go()  #= x: 3

#### attribute holds an instance of another class
import os
class Inner:
    def __init__(self, c): self.c = c
    def run(self): os.system(self.c)  #> os.system("ls")
class Outer:
    def __init__(self): self.inner = Inner("ls")  #> Inner("ls")
Outer().inner.run()  #> Outer() ;; Inner.run()

#### attributes through setattr and dunder dict
import os
class A: pass
a = A()
setattr(a, "c" + "md", "ls")  #> setattr(?, "cmd", "ls")
a.__dict__["arg"] = "-l"
x = a.cmd + a.arg  #= x: "ls-l"
y = vars(a)["cmd"]  #= y: "ls"

#### slots and class level constants
import os
class C:
    __slots__ = ("a",)
    BASE = "h"
    URL = f"http://{BASE}/"  #= URL: "http://h/"
c = C()
c.a = C.URL + "x"
os.system(c.a)  #> os.system("http://h/x")

#### instances in a list keep their attributes
import os
class J:
    def __init__(self, c): self.c = c
jobs = [J(x) for x in ("a", "b")]
os.system(jobs[0].c + jobs[-1].c)  #> os.system("ab")
for j in jobs:
    os.popen(j.c)  #> os.popen("a" | "b")

#### two names of one instance
import os
class A: cmd = "a"
x = A()
y = x
y.cmd = "b"
os.system(x.cmd)  #> os.system("b")
