#### method of the base class
import os
class Base:
    def run(self, x):
        os.system(x)  #> os.system("ls")
class Sub(Base):
    pass
Sub().run("ls")  #> Sub() ;; Base.run("ls")

#### method overridden
import os
class Base:
    def run(self): return "base"
class Sub(Base):
    def run(self): return "sub"
os.system(Sub().run())  #> os.system("sub") ;; Sub() ;; Sub.run()
os.system(Base().run())  #> os.system("base") ;; Base() ;; Base.run()

#### base method calls the overriding method
import os
class Base:
    def go(self):
        os.system(self.cmd())  #> os.system("sub") ;; Sub.cmd()
    def cmd(self): return "base"
class Sub(Base):
    def cmd(self): return "sub"
Sub().go()  #> Sub() ;; Base.go()

#### class attribute of the base overridden
import os
class Base:
    name = "base"
    def load(self):
        os.system("m/" + self.name)  #> os.system("m/sub")
class Sub(Base):
    name = "sub"
Sub().load()

#### super init passes a value up
import os
class Base:
    def __init__(self, name):
        self.name = name
class Sub(Base):
    def __init__(self, x):
        super().__init__(x + "!")  #> super() ;; Base.__init__("a!")
os.system(Sub("a").name)  #> os.system("a!") ;; Sub("a")

#### constructor of the base is used
import os
class Base:
    def __init__(self, cmd="d"):
        self.cmd = cmd
class Sub(Base):
    def run(self):
        os.system(self.cmd)  #> os.system("x" | "d")
Sub("x").run()  #> Sub("x") ;; Sub.run()
Sub().run()  #> Sub() ;; Sub.run()

#### super with arguments
import os
class Base:
    def run(self, x): return "b" + x
class Sub(Base):
    def run(self, x):
        return super(Sub, self).run(x) + "s"  #> super(?, ?) ;; Base.run("1")
os.system(Sub().run("1"))  #> os.system("b1s") ;; Sub() ;; Sub.run("1")

#### base named explicitly
import os
class Base:
    def __init__(self, c): self.c = c
class Sub(Base):
    def __init__(self):
        Base.__init__(self, "ls")  #> Base.__init__(?, "ls")
os.system(Sub().c)  #> os.system("ls") ;; Sub()

#### two levels up
import os
class A:
    def run(self): os.system(self.c)  #> os.system("ls")
class B(A): pass
class C(B):
    c = "ls"
C().run()  #> C() ;; A.run()

#### super through a level without the method
import os
class A:
    def run(self): return "a"
class B(A): pass
class C(B):
    def run(self): return super().run() + "c"  #> super() ;; A.run()
os.system(C().run())  #> os.system("ac") ;; C() ;; C.run()

#### multiple inheritance takes the left base first
import os
class L:
    def run(self): return "l"
class R:
    def run(self): return "r"
    def stop(self): return "s"
class C(L, R): pass
os.system(C().run() + C().stop())  #> os.system("ls") ;; C() ;; L.run() ;; C() ;; R.stop()

#### diamond takes the sibling before the root
import os
class Root:
    v = "root"
class L(Root): pass
class R(Root):
    v = "right"
class D(L, R): pass
os.system(D.v + L.v)  #> os.system("rightroot")

#### super in a diamond goes to the sibling
class Root:
    def f(self): return "o"
class L(Root):
    def f(self): return "l" + super().f()  #> super() ;; R.f()
class R(Root):
    def f(self): return "r" + super().f()  #> super() ;; Root.f()
class D(L, R): pass
x = D().f()  #> D() ;; L.f()  #= x: "lro"

#### mixin uses an attribute of the class it is mixed into
import os
class LogMixin:
    def log(self): os.system(self.tag)  #> os.system("svc")
class Base:
    def __init__(self): self.tag = "svc"
class Svc(LogMixin, Base): pass
Svc().log()  #> Svc() ;; LogMixin.log()

#### imported base class
import torch.nn as nn
class M(nn.Module):
    def __init__(self):
        super().__init__()  #> super() ;; torch.nn.Module.__init__()
        self.register_buffer("b", None)  #> torch.nn.Module.register_buffer("b", null)
    def save(self): pass
m = M()  #> M()
m.save()  #> M.save()
m.to("cuda")  #> torch.nn.Module.to("cuda")

#### imported base class two levels up
from threading import Thread
class Base(Thread):
    def run(self): pass
class Worker(Base):
    def go(self):
        self.start()  #> threading.Thread.start()
        self.run()  #> Base.run()
Worker().go()  #> Worker() ;; Worker.go()

#### builtin base class
class Cfg(dict):
    def name(self):
        return self["n"] + self.get("v", "0")  #> dict.get("v", "0")
c = Cfg(n="bert")  #> Cfg(n="bert")
x = c.name()  #> Cfg.name()  #= x: "bert0"

#### abstract base class
import os
from abc import ABC, abstractmethod
class Job(ABC):
    @abstractmethod
    def cmd(self): ...
    def run(self): os.system(self.cmd())  #> os.system("ls") ;; Ls.cmd()
class Ls(Job):
    def cmd(self): return "ls"
Ls().run()  #> Ls() ;; Job.run()

#### classmethod gets the subclass
import os
class Base:
    name = "base"
    @classmethod
    def load(cls):
        os.system(cls.name)  #> os.system("sub")
        return cls()  #> Sub()
class Sub(Base):
    name = "sub"
Sub.load()  #> Base.load()

#### init subclass takes a keyword
import os
class Base:
    def __init_subclass__(cls, cmd="none", **kw):
        cls.cmd = cmd
class A(Base, cmd="ls"): pass
class B(Base): pass
os.system(A.cmd + B.cmd)  #> os.system("lsnone")

#### registry of subclasses
import os
REG = {}
class Base:
    def __init_subclass__(cls): REG[cls.__name__.lower()] = cls
class Ls(Base):
    def run(self): os.system("ls")  #> os.system("ls")
REG["ls"]().run()  #> Ls() ;; Ls.run()

#### property overridden in the subclass
import os
class Base:
    @property
    def cmd(self): return "b"
    def run(self): os.system(self.cmd)  #> os.system("s")
class Sub(Base):
    @property
    def cmd(self): return "s"
Sub().run()

#### property of the base through super
import os
class Base:
    @property
    def cmd(self): return "b"
class Sub(Base):
    @property
    def cmd(self): return super().cmd + "s"
os.system(Sub().cmd)  #> os.system("bs") ;; Sub()

#### base chosen at run time
import os
class A:
    def run(self): os.system("a")
class B:
    def run(self): os.system("b")  #> os.system("b")
Base = B if "x" else A
class C(Base): pass
C().run()  #> C() ;; B.run()

#### cooperative init with kwargs
import os
class A:
    def __init__(self, **kw): self.rest = kw
class B(A):
    def __init__(self, b, **kw):
        super().__init__(**kw)  #> super() ;; A.__init__(c="2")
        self.b = b
o = B(b="1", c="2")
os.system(o.b + o.rest["c"])  #> os.system("12")

#### method with the same name as a function
import os
def run(x): return "f" + x
class A:
    def run(self, x): return "m" + run(x)  #> run("1")
class B(A):
    def go(self): return self.run("1")  #> A.run("1")
os.system(B().go())  #> os.system("mf1") ;; B() ;; B.go()
