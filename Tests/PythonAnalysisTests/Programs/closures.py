#### inner function reads an outer variable
import os
def outer():
    cmd = "ls"
    def inner():
        os.system(cmd)  #> os.system("ls")
    inner()
outer()

#### closure returned and called later
import os
def make(cmd):
    def run(arg):
        os.system(cmd + arg)  #> os.system("ls-l")
    return run
r = make("ls")  #> make("ls")
r("-l")  #> make.run("-l")

#### two closures of one maker keep their own values
def make(n):
    def mul(x):
        return x * n
    return mul
two, three = make(2), make(3)
a = two("a")  #= a: "aa"
b = three("b")  #= b: "bbb"

#### closure captures the variable and not its value
import os
def outer():
    cmd = "early"
    def inner():
        os.system(cmd)  #> os.system("late")
    cmd = "late"
    inner()
outer()

#### lambdas in a loop capture late
fs = []
for i in range(3):
    fs.append(lambda: i)
x = fs[0]()  #= x: 2
i = 9
y = fs[1]()  #= y: 9

#### lambdas in a loop capture early by a default
fs = [lambda i=i: "f" + str(i) for i in range(3)]
i = 9
x = fs[0]() + fs[2]()  #= x: "f0f2"

#### lambdas in a comprehension capture late
fs = [lambda: k for k in "abc"]
x = fs[0]()  #= x: "c"
k = "z"
y = fs[1]()  #= y: "c"

#### nonlocal changes the outer variable
import os
def outer():
    cmd = "a"
    def change():
        nonlocal cmd
        cmd = cmd + "b"
    change()
    change()
    os.system(cmd)  #> os.system("abb")
outer()

#### counter in a closure
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
c = counter()
c()
x = c()  #= x: 2
d = counter()
y = d()  #= y: 1

#### without nonlocal the outer variable stays
import os
def outer():
    cmd = "a"
    def change():
        cmd = "b"
        return cmd
    change()
    os.system(cmd)  #> os.system("a")
outer()

#### global inside a nested function skips the enclosing one
import os
cmd = "g"
def outer():
    cmd = "o"
    def inner():
        global cmd
        cmd += "i"
    inner()
    os.popen(cmd)  #> os.popen("o")
outer()
os.system(cmd)  #> os.system("gi")

#### closure over a parameter three levels deep
def a(x):
    def b(y):
        def c(z):
            return x + y + z
        return c
    return b
r = a("1")("2")("3")  #> a("1") ;; a.b("2") ;; a.b.c("3")  #= r: "123"

#### closures share one list
def make():
    log = []
    def put(x): log.append(x)
    def get(): return "".join(log)
    return put, get
put, get = make()
put("a")
put("b")
x = get()  #> make.get()  #= x: "ab"

#### dict of closures as an object
import os
def obj(name):
    state = {"n": name}
    def rename(v): state["n"] = v
    def run(): os.system(state["n"])  #> os.system("new")
    return {"rename": rename, "run": run}
o = obj("old")
o["rename"]("new")  #> obj.rename("new")
o["run"]()  #> obj.run()

#### class in a function closes over its parameter
import os
def make(cmd):
    class Runner:
        def run(self):
            os.system(cmd)  #> os.system("ls")
    return Runner
R = make("ls")
R().run()  #> make.Runner() ;; make.Runner.run()

#### closure reads a variable assigned under a condition
import os
def outer(flag):
    if flag:
        cmd = "a"
    else:
        cmd = "b"
    return lambda: os.system(cmd)  #> os.system("a" | "b")
outer(input())()
