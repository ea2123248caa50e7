#### for over a list gives every value
import os
for c in ["a", "b", "c"]:
    os.system(c)  #> os.system("a" | "b" | "c")

#### string grown in a for loop
import os
s = ""
for c in ["l", "s", " ", "-a"]:
    s += c
os.system(s)  #> os.system("ls -a")

#### string grown in front
s = ""
for c in "metsys":
    s = c + s
t = s  #= t: "system"

#### for over a range
import os
total = 0
for i in range(2, 9, 3):
    os.kill(i, 9)  #> os.kill(2 | 5 | 8, 9)
    total += i
os.kill(total, 1)  #> os.kill(15, 1)

#### range that counts down
s = ""
src = "sl"
for i in range(len(src) - 1, -1, -1):
    s += src[i]
t = s  #= t: "ls"

#### enumerate with a start
import os
s = ""
for i, c in enumerate("abc", start=2):
    s += c * i
os.system(s)  #> os.system("aabbbcccc")

#### zip of two lists stops at the shorter
s = ""
for a, b in zip("lsx", ["1", "2"]):
    s += a + b
t = s  #= t: "l1s2"

#### for over dict items
import os
cfg = {"user": "bob", "host": "h"}
for k, v in cfg.items():
    os.putenv(k, v)  #> os.putenv("user" | "host", "bob" | "h")

#### for over a dict gives its keys
s = ""
d = {"b": 1, "a": 2}
for k in d:
    s += k + str(d[k])
for k in sorted(d):
    s += k
t = s  #= t: "b1a2ab"

#### sorted with a key and reversed
s = ""
for w in sorted(["ccc", "a", "bb"], key=len, reverse=True):
    s += w[0]
for w in reversed(["x", "y"]):
    s += w
t = s  #= t: "cbayx"

#### nested loops
import os
s = ""
for a in "ab":
    for b in range(2):
        s += a + str(b)
os.system(s)  #> os.system("a0a1b0b1")

#### break ends the loop
import os
for c in ["a", "b", "c"]:
    if c == "b":
        break
    os.system(c)  #> os.system("a")
os.popen(c)  #> os.popen("b")

#### continue skips one round
import os
s = ""
for c in "lXsX":
    if c == "X":
        continue
    s += c
os.system(s)  #> os.system("ls")

#### else of a loop that ends by itself
import os
for c in ["a", "b"]:
    if c == "z":
        cmd = "found"
        break
else:
    cmd = "none"
os.system(cmd)  #> os.system("none")

#### else of a loop that is broken off
import os
for c in ["a", "z"]:
    if c == "z":
        cmd = "found"
        break
else:
    cmd = "none"
os.system(cmd)  #> os.system("found")

#### for over an empty list does nothing
import os
cmd = "before"
for x in []:
    cmd = "in"
else:
    cmd += "!"
os.system(cmd)  #> os.system("before!")

#### while with a counter
import os
s, i = "", 0
while i < 3:
    s += chr(97 + i)
    i += 1
os.system(s)  #> os.system("abc")
os.kill(i, 9)  #> os.kill(3, 9)

#### while true with break
n = 1
while True:
    n *= 2
    if n > 50:
        break
m = n  #= m: 64

#### while that empties a list
import os
todo = ["a", "b", "c"]
s = ""
while todo:
    s += todo.pop()
os.system(s)  #> os.system("cba")

#### while with an unknown condition may set a value
import os
cmd = "a"
while input():
    cmd = "b"
os.system(cmd)  #> os.system("a" | "b")

#### while that appends for an unknown number of rounds
import os
s = "a"
while input():
    s += "b"
os.system(s)  #> os.system(?)
os.popen("x")  #> os.popen("x")

#### for over something unknown may set a value
import os, sys
last = "none"
for arg in sys.argv[1:]:
    os.system(arg)  #> os.system(?)
    last = "some"
os.system(last)  #> os.system("none" | "some")

#### a value carried from the round before
import os
prev = "start"
for line in open("f"):
    os.system(prev)  #> os.system("start" | "next")
    prev = "next"

#### values rotate through names in an unknown loop
import os
a, b, c = "1", "2", "3"
while input():
    a, b, c = b, c, a
os.system(a)  #> os.system("1" | "2" | "3")

#### for over a string
import os
for ch in "ab":
    os.system("x" + ch)  #> os.system("xa" | "xb")

#### for with a nested target
s = ""
for (a, (b, *c)), d in [(("1", "234"), "5"), (("x", "yz"), "w")]:
    s += a + b + "".join(c) + d
t = s  #= t: "12345xyzw"

#### for stores into a list item and an attribute
class Box: pass
box, xs = Box(), [0]
for xs[0] in (1, 2): pass
for box.v in "ab": pass
y = str(xs[0]) + box.v  #= y: "2b"

#### a list built by a loop
import os
xs = []
for i in range(3):
    xs.append("-" + "abc"[i])
os.execv("p", xs)  #> os.execv("p", ["-a", "-b", "-c"])

#### a dict built by a loop
d = {}
for pair in ["a=1", "b=2"]:
    k, v = pair.split("=")
    d[k] = int(v)
e = d  #= e: {"a": 1, "b": 2}

#### a list changed in place by index
xs = [108, 115]
for i in range(len(xs)):
    xs[i] = chr(xs[i])
s = "".join(xs)  #> str.join(["l", "s"])  #= s: "ls"

#### a list that grows while the loop runs over it
xs = ["a"]
for x in xs:
    if len(xs) < 3:
        xs.append(x + "b")
y = "".join(xs)  #= y: "aababb"

#### functions as values of a loop
import os
s = ""
for f in [str.upper, str.lower, len]:
    s += str(f("Ab"))
os.system(s)  #> os.system("ABab2")

#### modules as values of a loop
import os, subprocess
for name, mod in [("a", os), ("b", os)]:
    mod.system(name)  #> os.system("a" | "b")

#### break out of the inner loop only
s = ""
for a in "xy":
    for b in "123":
        if b == "2":
            break
        s += a + b
t = s  #= t: "x1y1"

#### return from within nested loops
import os
def find(rows):
    for i, row in enumerate(rows):
        for j, v in enumerate(row):
            if v == "*":
                return f"{i}:{j}"
    return "none"
os.system(find(["ab", "c*"]))  #> os.system("1:1") ;; find(["ab", "c*"])

#### break under an unknown condition
import os
s = ""
for c in "ab":
    if input():
        break
    s += c
os.system(s)  #> os.system("" | "a" | "ab")

#### iterator advanced by next
it = iter(["a", "b", "c"])
x = next(it)  #= x: "a"
s = ""
for c in it:
    s += c
y = next(it, "end")  #= y: "end"
z = s  #= z: "bc"

#### pairs from one iterator zipped with itself
s = ""
it = iter("6c73")
for a, b in zip(it, it):
    s += chr(int(a + b, 16))
t = s  #= t: "ls"

#### itertools in loops
import itertools
s = ""
for a, b in itertools.product("ab", repeat=2):
    s += a + b
for c in itertools.chain("x", ["y"]):
    s += c
t = s + "".join(itertools.islice(itertools.cycle("pq"), 3))  #= t: "aaabbabbxypqp"

#### accumulate and zip_longest
import itertools as it
a = list(it.accumulate([1, 2, 3]))  #= a: [1, 3, 6]
b = "".join(x + y for x, y in it.zip_longest("abc", "1", fillvalue="-"))  #= b: "a1b-c-"
c = [k + str(len(list(g))) for k, g in it.groupby("aab")]  #= c: ["a2", "b1"]

#### a state machine in a loop
import os
state, out = "start", ""
while state != "end":
    if state == "start":
        state, out = "mid", out + "l"
    elif state == "mid":
        state, out = "end", out + "s"
os.system(out)  #> os.system("ls")

#### collatz loop to a known number
n, steps = 6, 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
m = steps  #= m: 8
