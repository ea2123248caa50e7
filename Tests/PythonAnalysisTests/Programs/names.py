#### alias of a module by assignment
import os
o = os
p = o
p.system("ls")  #> os.system("ls")

#### alias of a function by assignment
import os
run = os.system
go = run
go("ls")  #> os.system("ls")

#### aliases by tuple assignment
import os, subprocess
a, (b, c) = os, (subprocess, os.popen)
a.system("1")  #> os.system("1")
b.run("2")  #> subprocess.run("2")
c("3")  #> os.popen("3")

#### alias of a builtin
e, x = eval, exec
e("1 + 1")  #> eval("1 + 1")
x("pass")  #> exec("pass")

#### chained assignment
import os
a = b = "ls"
f = g = os.system
b += " -l"
g(a)  #> os.system("ls")
f(b)  #> os.system("ls -l")

#### local variable over global
import os
cmd = "global"
def f():
    cmd = "local"
    os.system(cmd)  #> os.system("local")
f()
os.system(cmd)  #> os.system("global")

#### parameter over an import
import os
def f(os):
    os.system("a")  #> ~os.system("a")
os.system("b")  #> os.system("b")

#### parameter over an import with a known argument
import os, subprocess
def f(os):
    os.run("a")  #> subprocess.run("a")
f(subprocess)  #> f(?)
os.system("b")  #> os.system("b")

#### comprehension variable does not leak
import os
x = "outer"
ys = [x for x in ["a", "b"]]
os.system(x)  #> os.system("outer")

#### for variable does leak
import os
x = "outer"
for x in ["a", "b"]:
    pass
os.system(x)  #> os.system("b")

#### class scope is not visible in methods
import os
cmd = "module"
class A:
    cmd = "class"
    os.system(cmd)  #> os.system("class")
    def run(self):
        os.system(cmd)  #> os.system("module")
A().run()

#### builtin redefined by def
def eval(s):
    return s
x = eval("1")  #> eval("1")  #= x: "1"
y = eval(x + "2")  #> eval("12")  #= y: "12"

#### builtin restored by del
import os
open = os.popen
open("a")  #> os.popen("a")
del open
open("b")  #> open("b")

#### builtin shadowed by a local only
import os
def f():
    exec = os.system
    exec("a")  #> os.system("a")
f()
exec("b = 1")  #> exec("b = 1")

#### global statement changes the module's name
import os
cmd = "a"
def change():
    global cmd
    cmd = "b"
os.system(cmd)  #> os.system("a")
change()
os.system(cmd)  #> os.system("b")

#### assignment without global leaves the module's name
import os
cmd = "a"
def change():
    cmd = "b"
    return cmd
change()
os.system(cmd)  #> os.system("a")

#### global read at the time of the call
import os
def f():
    os.system(cmd)  #> os.system("a" | "b")
cmd = "a"
f()
cmd = "b"
f()
cmd = "never"

#### global function rebound before the call
import os
def f(x):
    os.system(x)
def go():
    f("z")  #> os.popen("z")
f = os.popen
go()

#### swap of two names
import os
a, b = "one", "two"
a, b = b, a
os.system(a)  #> os.system("two")
os.system(b)  #> os.system("one")

#### star in an unpacking
import os
first, *mid, last = ["a", "b", "c", "d"]
os.system(first + last)  #> os.system("ad")
os.execvp("x", mid)  #> os.execvp("x", ["b", "c"])

#### unpacking a string
import os
a, b = "ls"
*c, = "xy"
os.system(b + a)  #> os.system("sl")
os.execv("q", c)  #> os.execv("q", ["x", "y"])

#### augmented assignments
import os
n = 7
n *= 3
n -= 1  #= n: 20
n //= 3  #= n: 6
n **= 2  #= n: 36
n %= 10  #= n: 6
n <<= 2  #= n: 24
n |= 1  #= n: 25
n ^= 8  #= n: 17
os.kill(n, 9)  #> os.kill(17, 9)

#### walrus in a condition
import os
if (n := len("abc")) > 2:
    os.kill(n, 9)  #> os.kill(3, 9)
print(m := n + 1, m)  #> print(4, 4)

#### annotated assignment
import os
cmd: str = "ls"
later: str
later = cmd + "!"  #= later: "ls!"
os.system(later)  #> os.system("ls!")

#### eval through the builtins module
import builtins as b
from builtins import exec as e
b.eval("1")  #> builtins.eval("1")
e("x = 1")  #> builtins.exec("x = 1")

#### identifiers are normalised by nfkc
import os
𝘀𝘆𝘀 = "ls"
𝓸𝓼.ｓｙｓｔｅｍ(sys)  #> os.system("ls")
ｅval("1")  #> eval("1")

#### function chosen by an unknown conditional expression
import os
run = os.system if input() else os.popen
run("ls")  #> os.system("ls")

#### name bound in an if that is certainly taken
import os
if 1 + 1 == 2:
    run = os.popen
else:
    run = os.system
run("ls")  #> os.popen("ls")

#### parameter default holds a function
import os
def f(cmd, run=os.system):
    run(cmd)  #> os.system("ls")
f("ls")  #> f("ls")

#### lambda parameter over an import
import os
f = lambda os: os.upper()  #> str.upper()
x = f("a")  #> f("a")  #= x: "A"

#### del of one alias keeps the other
import os
run = os.system
alias = run
del run
alias("x")  #> os.system("x")

#### right side is evaluated before the name is bound
import os
cmd = "a"
cmd, n = cmd + "b", len(cmd)
os.system(cmd)  #> os.system("ab")
os.kill(n, 9)  #> os.kill(1, 9)

#### targets are bound from left to right
import os
i = 0
xs = ["a", "b"]
i, xs[i] = 1, "z"
os.execv("p", xs)  #> os.execv("p", ["a", "z"])
