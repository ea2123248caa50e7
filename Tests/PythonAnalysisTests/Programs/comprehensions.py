#### list comprehension
import os
xs = [c + "!" for c in "ab"]  #= xs: ["a!", "b!"]
os.execv("p", xs)  #> os.execv("p", ["a!", "b!"])

#### list comprehension with a condition
xs = [x * 2 for x in range(6) if x % 2 if x > 1]  #= xs: [6, 10]
ys = ["e" if x % 2 == 0 else "o" for x in range(3)]  #= ys: ["e", "o", "e"]
n = len([x for x in "abc" if x not in "ab"])  #= n: 1

#### list comprehension with two loops
xs = [a + b for a in "xy" for b in "12"]  #= xs: ["x1", "x2", "y1", "y2"]
ys = [v for row in [[1, 2], [3]] for v in row]  #= ys: [1, 2, 3]
zs = [j for i in range(4) if i > 1 for j in range(i) if j]  #= zs: [1, 1, 2]

#### nested list comprehension
m = [[r * c for c in (1, 2)] for r in (1, 2)]  #= m: [[1, 2], [2, 4]]
t = [[row[i] for row in m] for i in range(2)]  #= t: [[1, 2], [2, 4]]
n = m[1][1] + t[0][1]  #= n: 6

#### dict comprehension
d = {k: len(k) for k in ["a", "bb"]}  #= d: {"a": 1, "bb": 2}
inv = {str(v): k for k, v in d.items()}  #= inv: {"1": "a", "2": "bb"}
sub = {k: v for k, v in d.items() if v > 1}  #= sub: {"bb": 2}

#### set comprehension
s = {c.lower() for c in "AbaB"}  #= s: ["a", "b"]
n = len({i % 3 for i in range(10)})  #= n: 3
e = {*s} - {x for x in "a"}  #= e: ["b"]

#### generator expression in join
import os
s = "".join(chr(c) for c in (108, 115))  #= s: "ls"
t = "".join(c for c in "l1s2" if not c.isdigit())  #= t: "ls"
os.system(s + t)  #> os.system("lsls")

#### call in a comprehension sees each value
import os
rs = [os.system(c) for c in ["a", "b"]]  #> os.system("a" | "b")
d = {k: os.getpgid(v) for k, v in {"x": 1, "y": 2}.items()}  #> os.getpgid(1 | 2) ;; dict.items()

#### walrus in a comprehension leaks
import os
xs = [y := c.upper() for c in "ab"]  #= xs: ["A", "B"]
os.system(y)  #> os.system("B")
zs = [u for v in (1, 2, 3) if (u := v * v) > 3]  #= zs: [4, 9]

#### unpacking in a comprehension
xs = [a + b for a, b in zip("ls", "12")]  #= xs: ["l1", "s2"]
ys = [h for h, *_ in ["abc", "de"]]  #= ys: ["a", "d"]
zs = {k: v for k, (_, v) in {"x": (1, 2)}.items()}  #= zs: {"x": 2}

#### comprehension with enumerate and slices
src = "lXsX"
a = [c for i, c in enumerate(src) if i % 2 == 0]  #= a: ["l", "s"]
b = [src[i:i + 2] for i in range(0, len(src), 2)]  #= b: ["lX", "sX"]

#### comprehension over an unknown list is unknown
import os
xs = [c for c in input().split()]
os.execv("p", xs)  #> os.execv("p", ?)
ys = ["k" for c in "ab" if c]  #= ys: ["k", "k"]

#### generator expression consumed once
g = (c for c in "ab")
a = next(g)  #= a: "a"
b = list(g)  #= b: ["b"]
c = list(g)  #= c: []

#### generator function in a list
def gen():
    yield "a"
    for i in range(2):
        yield str(i)
    return "ignored"
xs = list(gen())  #= xs: ["a", "0", "1"]

#### generator function in a for loop
import os
def parts(cmd):
    for p in cmd.split():
        yield "<" + p + ">"
for p in parts("a b"):  #> parts("a b")
    os.system(p)  #> os.system("<a>" | "<b>")

#### yield from
def inner(n):
    yield from "ab"
    return n * 2
def outer():
    r = yield from inner(3)
    yield str(r)
x = "".join(outer())  #= x: "ab6"

#### sum and max over a generator
a = sum(ord(c) - 96 for c in "abc")  #= a: 6
b = max((len(w), w) for w in ["a", "bcd"])[1]  #= b: "bcd"
c = min(["bb", "a"], key=len)  #= c: "a"

#### map and filter in list
a = list(map(str.upper, ["l", "s"]))  #= a: ["L", "S"]
b = list(filter(None, ["", "x", 0]))  #= b: ["x"]
c = "".join(map(chr, [108, 115]))  #= c: "ls"
d = list(map(lambda x, y: x + y, [1, 2], [3, 4]))  #= d: [4, 6]

#### map runs a system function
import os
def run(c):
    os.system(c)  #> os.system("a" | "b")
list(map(run, ["a", "b"]))

#### comprehension condition calls a local function
def keep(c):
    return c not in "xyz"
s = "".join([c for c in "lxsyz" if keep(c)])  #= s: "ls"

#### async function awaited
import asyncio, os
async def name(x):
    return x + "!"
async def main():
    n = await name("a")  #> name("a")  #= n: "a!"
    os.system(n)  #> os.system("a!")
asyncio.run(main())  #> asyncio.run(?) ;; main()

#### async with and async for
import asyncio, os
async def gen():
    for c in "ab":
        yield c
async def main():
    async for c in gen():  #> gen()
        os.system(c)  #> os.system("a" | "b")
    return [c async for c in gen()]
xs = asyncio.run(main())  #= xs: ["a", "b"]

#### gather of coroutines
import asyncio, os
async def run(c):
    os.system(c)  #> os.system("a" | "b")
    return c
async def main():
    a, b = await asyncio.gather(run("a"), run("b"))  #> asyncio.gather(?, ?) ;; run("a") ;; run("b")
    os.popen(a + b)  #> os.popen("ab")
asyncio.run(main())
