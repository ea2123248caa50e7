#### function without arguments
import os
def go():
    os.system("ls")  #> os.system("ls")
go()  #> go()

#### parameter has the argument's value
import os
def go(cmd):
    os.system(cmd)  #> os.system("ls")
go("ls")  #> go("ls")

#### parameter has the values of two calls
import os
def go(cmd):
    os.system(cmd)  #> os.system("a" | "b")
go("b"[:0] + "a")
go("b")

#### two parameters of two calls belong together
import os
def go(x, y):
    os.system(x + y)  #> os.system("a1" | "b2")
go("a", "1")
go("b", "2")

#### return value is the one for the call's own arguments
import os
def wrap(x):
    return "<" + x + ">"
a = wrap("a")  #= a: "<a>"
b = wrap("b")  #= b: "<b>"
os.system(wrap(wrap("c")))  #> os.system("<<c>>") ;; wrap("<c>") ;; wrap("c")

#### parameter of a function that nobody calls
import os
def go(cmd, flag="-l"):
    os.system(cmd)  #> os.system(?)
    os.system(flag)  #> os.system("-l")

#### default where one call omits it
import os
def go(cmd="a"):
    os.system(cmd)  #> os.system("b" | "a")
go("b")
go()

#### keyword arguments in another order
import os
def go(a, b, c="3"):
    os.system(a + b + c)  #> os.system("123")
go(b="2", a="1")  #> go(b="2", a="1")

#### default argument evaluated at definition
import os
cmd = "early"
def go(c=cmd):
    os.system(c)  #> os.system("early")
cmd = "late"
go()

#### mutable default argument is kept between calls
def add(x, acc=[]):
    acc.append(x)
    return "".join(acc)
a = add("a")  #= a: "a"
b = add("b")  #= b: "ab"

#### default argument calls a function once
import os
log = []
def make():
    log.append("m")
    return "x"
def f(a=make()):
    return a
f() + f()
os.execv("p", log)  #> os.execv("p", ["m"])

#### keyword-only parameters
import os
def go(a, *, b, c="z"):
    os.system(a + b + c)  #> os.system("xyz")
go("x", b="y")  #> go("x", b="y")

#### positional-only parameters
import os
def go(a, /, b, **kw):
    os.system(a + b + kw["a"])  #> os.system("123")
go("1", "2", a="3")  #> go("1", "2", a="3")

#### star args collects the rest
import os
def go(first, *rest):
    os.execv(first, rest)  #> os.execv("a", ["b", "c"])
go("a", "b", "c")  #> go("a", "b", "c")

#### star star kwargs collects the names
import os
def go(**kw):
    os.system(kw["cmd"] + kw.get("arg", ""))  #> os.system("ls-l") ;; dict.get("arg", "")
    os.execv("p", sorted(kw))  #> os.execv("p", ["arg", "cmd"]) ;; sorted({"cmd": "ls", "arg": "-l"})
go(cmd="ls", arg="-l")

#### args and kwargs are passed on
import subprocess
def run(*args, **kwargs):
    return subprocess.run(*args, **kwargs)  #> subprocess.run(["ls"], 5, shell=true)
run(["ls"], 5, shell=True)  #> run(["ls"], 5, shell=true)

#### kwargs passed on with an addition
import requests
def get(url, **kw):
    kw.setdefault("timeout", 9)  #> dict.setdefault("timeout", 9)
    return requests.get(url, **kw)  #> requests.get("u", verify=false, timeout=9)
get("u", verify=False)

#### unknown args and kwargs are passed on
import subprocess
def run(*args, **kwargs):
    subprocess.call("x", *args)  #> subprocess.call("x", *?)
    subprocess.run(*args, shell=True, **kwargs)  #> subprocess.run(*?, shell=true, **?)

#### known list and dict expanded in a call
import os
def f(a, b, c, d="4"):
    return a + b + c + d
xs, kw = ["2", "3"], {"d": "5"}
x = f("1", *xs, **kw)  #> f("1", "2", "3", d="5")  #= x: "1235"
y = f(*"ab", **{"c": "c"})  #> f("a", "b", c="c")  #= y: "abc4"

#### several values are returned as a tuple
import os
def pair():
    return "ls", "-l"
a, b = pair()
os.system(a + b)  #> os.system("ls-l")
os.popen(pair()[1])  #> os.popen("-l") ;; pair()

#### function without return gives none
def f():
    x = "a"
def g():
    return
a = f()  #> f()  #= a: null
b = g() or "d"  #= b: "d"

#### unknown condition gives two return values
import os
def pick(flag):
    if flag:
        return "a"
    return "b"
os.system(pick(input()))  #> os.system("a" | "b") ;; pick(?) ;; input()

#### recursion ends unknown
import os
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
x = fact(3)  #> fact(3)  #= x: ?
os.system("after")  #> os.system("after")

#### recursion that passes a value along unchanged
import os
def walk(cmd, depth):
    if depth:
        walk(cmd, depth - 1)
    os.system(cmd)  #> os.system("ls")
walk("ls", len(input()))

#### recursion of two functions
import os
def even(n, cmd):
    return odd(n - 1, cmd)
def odd(n, cmd):
    os.system(cmd)  #> os.system("ls")
    return even(n - 1, cmd) if n > 0 else cmd
even(len(input()), "ls")

#### lambda bound to a name
import os
run = lambda c, a="-l": os.system(c + a)  #> os.system("ls-l")
run("ls")  #> run("ls")

#### lambda called at once
import os
x = (lambda a, b: b + a)("s", "l")  #> <lambda>("s", "l")  #= x: "ls"
(lambda *a, **k: os.system(*a))(x)  #> <lambda>("ls") ;; os.system("ls")

#### lambda that returns a lambda
add = lambda a: lambda b: a + b
x = add("l")("s")  #= x: "ls"
inc = add(1)
y = inc(2)  #= y: 3

#### function passed as an argument
import os
def apply(f, x):
    return f(x)  #> os.system("ls")
apply(os.system, "ls")  #> apply(?, "ls")

#### local function passed as an argument
import os
def double(s):
    return s * 2
def apply(f, x):
    return f(x)  #> double("ab")
os.system(apply(double, "ab"))  #> os.system("abab") ;; apply(?, "ab")

#### function returned from a function
import os
def choose(name):
    if name == "a":
        return os.popen
    return os.system
choose("b")("ls")  #> choose("b") ;; os.system("ls")

#### function defined under an unknown condition
import os
if input():
    def go(x):
        os.system(x)  #> os.system("v")
else:
    def go(x):
        os.popen(x)
go("v")  #> go("v")

#### later definition of a function wins
import os
def go():
    return "first"
def go():
    return "second"
os.system(go())  #> os.system("second") ;; go()

#### inner function has a qualified name
import os
def outer(a):
    def inner(b):
        os.system(a + b)  #> os.system("xy")
    inner("y")  #> outer.inner("y")
outer("x")  #> outer("x")

#### function called before a global is set elsewhere
import os
def name():
    return PREFIX + "-base"
PREFIX = "bert"
os.system(name())  #> os.system("bert-base") ;; name()

#### function attribute
import os
def go():
    os.system(go.cmd)  #> os.system("ls")
    go.count += 1
go.cmd = "ls"
go.count = 0
go()
os.kill(go.count, 9)  #> os.kill(1, 9)

#### higher order composition
def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x
    return run
x = compose(str.strip, str.upper, lambda s: s[::-1])(" sl ")  #= x: "LS"

#### call result used as an argument of a method
import os
def parts():
    return ["a", "b"]
os.system("/".join(parts()))  #> os.system("a/b") ;; str.join(["a", "b"]) ;; parts()

#### parameter rebound inside the function
import os
def go(cmd, n=2):
    cmd = cmd.strip()
    cmd *= n
    os.system(cmd)  #> os.system("abab")
go(" ab ")

#### call through several functions
import os
def a(x): return b(x + "1")  #> b("01")
def b(x): return c(x=x + "2")  #> c(x="012")
def c(x): os.system(x); return x  #> os.system("012")
r = a("0")  #> a("0")  #= r: "012"

#### caller of the caller decides
import os
def low(cmd):
    os.system(cmd)  #> os.system("sudo a" | "sudo b")
def mid(x):
    low("sudo " + x)  #> low("sudo a" | "sudo b")
mid("a")
mid("b")

#### stars in the middle of the arguments
import os
def f(a, b, *c, d, **e):
    return a + b + "".join(c) + d + "".join(e)
x = f(*["1"], "2", *("3", "4"), d="5", **{"6": 0})  #= x: "123456"
