#### unknown if without else
import os
cmd = "a"
if input():
    cmd = "b"
os.system(cmd)  #> os.system("a" | "b")

#### unknown if with else
import os, sys
if len(sys.argv) > 1:
    cmd = "a"
else:
    cmd = "b"
os.system(cmd)  #> os.system("a" | "b")

#### unknown elif chain
import os
def f(kind):
    if kind == "x":
        cmd = "1"
    elif kind == "y":
        cmd = "2"
    else:
        cmd = "3"
    os.system(cmd)  #> os.system("1" | "2" | "3")

#### call in each branch
import os
if input():
    cmd = "a"
    os.system(cmd)  #> os.system("a")
else:
    cmd = "b"
    os.system(cmd)  #> os.system("b")

#### constant true and false conditions
import os
cmd = "a"
if False:
    cmd = "b"
if not 0:
    cmd += "c"
os.system(cmd)  #> os.system("ac")

#### a string comparison decides
import os
mode = "de" + "bug"
if mode == "debug":
    cmd = "a"
elif input():
    cmd = "b"
else:
    cmd = "c"
os.system(cmd)  #> os.system("a")

#### membership decides
import os
allowed = ["x", "y"]
cmd = "yes" if "x" in allowed else "no"
if "z" not in allowed and "w" in {"w": 1}:
    cmd += "!"
os.system(cmd)  #> os.system("yes!")

#### chained comparison decides
import os
n = len("abc")
if 1 < n <= 3 < 10:
    cmd = "in"
else:
    cmd = "out"
os.system(cmd)  #> os.system("in")

#### truth of empty and full containers decides
import os
cmd = ""
for v in [[], {}, "", 0, None, (), [0], "0", {"k": 0}, 0.0]:
    if v:
        cmd += "t"
    else:
        cmd += "f"
os.system(cmd)  #> os.system("fffffftttf")

#### isinstance decides
import os
def norm(x):
    if isinstance(x, (list, tuple)):
        return " ".join(x)
    if isinstance(x, int):
        return str(x)
    return x
os.system(norm(["a", "b"]) + norm("c") + norm(4))  #> os.system("a bc4") ;; norm(["a", "b"]) ;; norm("c") ;; norm(4)

#### is none decides per call
import os
def f(cmd=None):
    if cmd is None:
        cmd = "dflt"
    return cmd
os.system(f())  #> os.system("dflt") ;; f()
os.system(f("x"))  #> os.system("x") ;; f("x")

#### value of and
import os
a = "x" and "y"  #= a: "y"
b = "" and "y"  #= b: ""
c = 1 and [] and 2  #= c: []
os.system(a or b)  #> os.system("y")

#### value of or
a = None or "d"  #= a: "d"
b = "x" or "d"  #= b: "x"
c = 0 or "" or None  #= c: null
d = not a  #= d: false

#### or with an unknown left side keeps the default
import os
flag = len(input()) > 3
a = (flag and "x") or "y"  #= a: "x" | "y"
os.system(a)  #> os.system("x" | "y")

#### conditional expression with a known condition
x = "a" if 2 > 1 else "b"  #= x: "a"
y = "a" if x == "b" else "c" if x == "z" else "d"  #= y: "d"
z = x + y  #= z: "ad"

#### conditional expression with an unknown condition
import os
x = "a" if input() else "b"  #= x: "a" | "b"
os.system("run " + x)  #> os.system("run a" | "run b")
os.execv("p", ["-x"] + (["-v"] if input() else []))

#### two unknown conditions multiply
import os
a = b = "0"
if input("a"):
    a = "1"
if input("b"):
    b = "1"
os.system(a + b)  #> os.system("00" | "01" | "10" | "11")

#### the same unknown test twice
import os
def f(gpu):
    if gpu:
        dev = "cuda"
    if not gpu:
        dev = "cpu"
    os.system(dev)  #> os.system("cuda" | "cpu")

#### assignment after an unknown branch wins
import os
if input():
    cmd = "a"
else:
    cmd = "b"
cmd = "c"
os.system(cmd)  #> os.system("c")

#### return in a branch ends it
import os
def f(x):
    if x == "a":
        return "first"
    x += "!"
    return x
os.system(f("a") + f("b"))  #> os.system("firstb!") ;; f("a") ;; f("b")

#### values after an early return of an unknown test
import os
def f(x):
    cmd = "a"
    if x:
        cmd = "b"
        return
    os.system(cmd)  #> os.system("a")

#### raise ends a branch
import os
kind = input()
if kind == "a":
    cmd = "1"
elif kind == "b":
    cmd = "2"
else:
    cmd = "bad"
    raise ValueError(cmd)  #> ValueError("bad")
os.system(cmd)  #> os.system("1" | "2")

#### sys.exit ends a branch
import os, sys
cmd = "a"
if input():
    cmd = "b"
    sys.exit(cmd)  #> sys.exit("b")
os.system(cmd)  #> os.system("a")

#### main guard is taken
import os
cmd = "lib"
if __name__ == "__main__":
    cmd = "main"
os.system(cmd)  #> os.system("main")

#### nested unknown ifs
import os
cmd = "0"
if input():
    if input():
        cmd = "1"
    else:
        cmd = "2"
os.system(cmd)  #> os.system("0" | "1" | "2")

#### try and except both leave a value
import os
try:
    n = int(input())
    cmd = "ok"
except ValueError:
    cmd = "bad"
os.system(cmd)  #> os.system("ok" | "bad")

#### value set before the statement that may raise
import os
cmd = "before"
try:
    cmd = "in"
    n = int(input())
    cmd = "end"
except ValueError:
    pass
os.system(cmd)  #> os.system("in" | "end")

#### try else and finally
import os
cmd = ""
try:
    n = len("abc")
except TypeError:
    cmd += "x"
else:
    cmd += "e"
finally:
    cmd += "f"
os.system(cmd)  #> os.system("ef")

#### match on a known literal
import os
match "de" + "l":
    case "add":
        cmd = "a"
    case "rm" | "del":
        cmd = "b"
    case _:
        cmd = "c"
os.system(cmd)  #> os.system("b")

#### match on an unknown subject
import os
cmd = "none"
match input():
    case "x":
        cmd = "a"
    case "y":
        cmd = "b"
os.system(cmd)  #> os.system("none" | "a" | "b")

#### match takes a sequence apart
import os
match ["run", "ls", "-l", "-a"]:
    case ["stop", *_]:
        cmd = "no"
    case ["run", prog, *rest]:
        cmd = prog + "".join(rest)
os.system(cmd)  #> os.system("ls-l-a")

#### match takes a mapping apart
import os
match {"op": "run", "cmd": "ls", "n": 1}:
    case {"op": "stop"}:
        cmd = "no"
    case {"op": "run", "cmd": str(c), **rest}:
        cmd = c + str(rest["n"])
os.system(cmd)  #> os.system("ls1")

#### match takes an instance apart
import os
class Cmd:
    __match_args__ = ("name", "arg")
    def __init__(self, name, arg):
        self.name, self.arg = name, arg
match Cmd("ls", "-l"):
    case Cmd("id", a) | Cmd("w", arg=a):
        out = "no"
    case Cmd(n, arg=a):
        out = n + a
os.system(out)  #> os.system("ls-l")

#### match with a guard and an as name
import os
match ("cp", 3):
    case (op, n) if n > 5:
        cmd = "big"
    case ("mv" | "cp" as op, int(n)) if n == 3:
        cmd = op * n
os.system(cmd)  #> os.system("cpcpcp")

#### assert does not change the values
import os
cmd = "a"
assert cmd in ("a", "b"), "bad"
assert isinstance(cmd, str)  #> isinstance("a", ?)
os.system(cmd)  #> os.system("a")

#### an if that tests a merged value
import os
n = 1 if input() else 2
if n < 5:
    cmd = "small"
else:
    cmd = "large"
os.system(cmd)  #> os.system("small")

#### short circuit skips the call on the right
import os
log = []
x = False and log.append("a")
y = True or log.append("b")
z = True and log.append("c")
os.execv("p", log)  #> os.execv("p", ["c"])

#### dict lookup instead of an if with an unknown key
import os
table = {"a": "ls", "b": "id"}
cmd = table.get(input(), "none")
os.system(cmd)  #> os.system("ls" | "id" | "none")

#### bool as an index into a tuple
import os
cmd = ("no", "yes")[3 > 2]  #= cmd: "yes"
alt = ("no", "yes")[len(input()) > 3]  #= alt: "no" | "yes"
os.system(alt + cmd)  #> os.system("noyes" | "yesyes")

#### all and any decide
import os
ok = all(c in "abc" for c in "cab") and not any([0, "", None])  #= ok: true
cmd = "ok" if ok else "bad"
os.system(cmd)  #> os.system("ok")

