#### decorator that changes nothing
import os
def same(f):
    return f
@same
def go(x):
    os.system(x)  #> os.system("ls")
go("ls")  #> go("ls")

#### decorator with a wrapper
import os
def deco(fn):
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)  #> go("ls", n=1)
    return wrapper
@deco
def go(cmd, n=0):
    os.system(cmd)  #> os.system("ls")
go("ls", n=1)  #> go("ls", n=1)

#### decorator with functools.wraps
import functools, os
def deco(fn):
    @functools.wraps(fn)
    def wrapper(x):
        return "<" + fn(x) + ">"  #> go("a")
    return wrapper
@deco
def go(x): return x + "!"
os.system(go("a"))  #> os.system("<a!>") ;; go("a")

#### decorator that changes the argument
import os
def sudo(fn):
    def wrapper(cmd):
        return fn("sudo " + cmd)
    return wrapper
@sudo
def run(cmd):
    os.system(cmd)  #> os.system("sudo ls")
run("ls")  #> run("ls")

#### decorator with a parameter
import os
def prefix(p):
    def deco(fn):
        def wrapper(x):
            return fn(p + x)
        return wrapper
    return deco
@prefix("sudo ")  #> prefix("sudo ")
def run(cmd):
    os.system(cmd)  #> os.system("sudo ls")
run("ls")

#### stacked decorators run from the inside out
def a(fn): return lambda: "a" + fn()
def b(fn): return lambda: "b" + fn()
@a
@b
def f(): return "f"
x = f()  #> f()  #= x: "abf"

#### decorator applied by hand
import os
def twice(fn):
    def wrapper(x): return fn(fn(x))
    return wrapper
def q(x): return "'" + x + "'"
qq = twice(q)  #> twice(?)
os.system(qq("a"))  #> os.system("''a''") ;; twice.wrapper("a")

#### decorator that replaces the function by a value
import os
def now(fn):
    return fn()
@now
def cmd():
    return "ls"
os.system(cmd)  #> os.system("ls")

#### decorator that registers the function
import os
HANDLERS = {}
def register(name):
    def deco(fn):
        HANDLERS[name] = fn
        return fn
    return deco
@register("x")
def go(c): os.system(c)  #> os.system("ls")
HANDLERS["x"]("ls")  #> go("ls")

#### lru_cache keeps the function
import functools, os
@functools.lru_cache(maxsize=None)  #> functools.lru_cache(maxsize=null)
def name(x):
    return x + "-base"
os.system(name("bert"))  #> os.system("bert-base") ;; name("bert")

#### unknown imported decorator keeps the function
import click, os
@click.command()  #> click.command()
@click.argument("cmd")  #> click.argument("cmd")
def main(cmd="d"):
    os.system(cmd)  #> os.system("d")

#### cached property
import os
from functools import cached_property
class A:
    @cached_property
    def cmd(self):
        return "l" + "s"
os.system(A().cmd)  #> os.system("ls") ;; A()

#### contextmanager gives what it yields
import os
from contextlib import contextmanager
@contextmanager
def ctx(x):
    yield x + "!"
    os.popen(x)  #> os.popen("a")
with ctx("a") as c:  #> ctx("a")
    os.system(c)  #> os.system("a!")

#### class as a decorator
import os
class Deco:
    def __init__(self, fn): self.fn = fn
    def __call__(self, x): return self.fn(x + "1")
@Deco
def go(x): return x + "2"
y = go("0")  #= y: "012"

#### decorator of a class
import os
def named(cls):
    cls.cmd = "ls-" + cls.__name__
    return cls
@named
class A: pass
os.system(A.cmd)  #> os.system("ls-A")

#### decorator of a method
import os
def loud(fn):
    def wrapper(self, x):
        return fn(self, x.upper())
    return wrapper
class A:
    @loud
    def run(self, x): os.system(x)  #> os.system("LS")
A().run("ls")  #> A() ;; A.run("ls")

#### lambda as a decorator expression
import os
@lambda f: lambda x: f(x[::-1])
def run(x):
    os.system(x)  #> os.system("ls")
run("sl")

#### decorator with optional arguments
import functools, os
def tag(fn=None, *, t="d"):
    if fn is None:
        return functools.partial(tag, t=t)
    return lambda x: fn(t + x)
@tag
def a(x): return x
@tag(t="k")
def b(x): return x
os.system(a("1") + b("2"))  #> os.system("d1k2") ;; a("1") ;; b("2")

#### overload stubs do not win
import os
from typing import overload
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
os.system(f("ls"))  #> os.system("ls") ;; f("ls")
