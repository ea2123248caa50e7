#### concatenation with plus
import os
a = "l"
b = a + "s" + " " + "-a"  #= b: "ls -a"
os.system(b)  #> os.system("ls -a")

#### adjacent literals of several kinds
import os
x = "a" 'b' r"\n" """c"""  #= x: "ab\\nc"
os.system("l"  #> os.system("ls")
          "s")

#### adjacent literals bind before percent
n = 3
x = "a%d" "b%d" % (n, n + 1)  #= x: "a3b4"
y = "a" + "%s" % n + "c"  #= y: "a3c"

#### repetition
x = "ab" * 2 + 2 * "-"  #= x: "abab--"
y = "z" * (1 == 1) + "q" * False  #= y: "z"
z = "a" * -1  #= z: ""

#### percent with one value
x = "rm %s" % "file"  #= x: "rm file"
y = "%d%%" % 50  #= y: "50%"
z = "%r" % "q"  #= z: "'q'"

#### percent with a tuple
parts = ("a", 7, 255)
x = "%s-%03d-%x" % parts  #= x: "a-007-ff"
y = "%-4s|%5.1f" % ("k", 3.14159)  #= y: "k   |  3.1"

#### percent with a dict
cfg = {"host": "h", "port": 80}
x = "%(host)s:%(port)d" % cfg  #= x: "h:80"
y = "%(port)05d" % cfg  #= y: "00080"

#### percent c builds characters
x = "%c%c" % (108, "s")  #= x: "ls"
y = "%c" * 3 % (97, 98, 99)  #= y: "abc"
z = x + y  #= z: "lsabc"

#### percent with a star width
x = "%*d" % (5, 42)  #= x: "   42"
y = "%.*f" % (2, 1.0)  #= y: "1.00"
z = "%-*s|" % (3, "a")  #= z: "a  |"

#### format with automatic fields
import os
x = "{} {}".format("ls", "-l")  #> str.format("ls", "-l")  #= x: "ls -l"
os.system("{}".format(x))  #> os.system("ls -l") ;; str.format("ls -l")

#### format with numbered fields
x = "{1}{0}{1}".format("a", "b")  #= x: "bab"
y = "{{{0}}}".format("k")  #= y: "{k}"
z = "{0:>{1}}".format("a", 3)  #= z: "  a"

#### format with named fields and unpacked dict
d = {"user": "bob", "n": 2}
x = "{user}/{n}".format(**d)  #> str.format(user="bob", n=2)  #= x: "bob/2"
y = "{a}{b}".format(b="1", a="2")  #= y: "21"

#### format fields with an index and an attribute
class C:
    name = "box"
x = "{0[1]}-{d[key]}".format(["a", "b"], d={"key": "v"})  #= x: "b-v"
y = "{c.name}".format(c=C)  #= y: "box"

#### format_map
d = {"a": "x", "b": "y"}
x = "{b}{a}".format_map(d)  #= x: "yx"
y = "{a!r}".format_map(d)  #= y: "'x'"

#### format specs for width and base
x = "{:>5}|{:<4}|{:^5}".format("a", "b", "c")  #= x: "    a|b   |  c  "
y = "{:02x}{:#x}{:b}{:o}".format(10, 255, 5, 8)  #= y: "0a0xff10110"
z = "{:*^7}{:,}{:+d}".format("m", 1234567, 5)  #= z: "***m***1,234,567+5"

#### format specs for floats
x = "{:.2f}".format(3.14159)  #= x: "3.14"
y = f"{0.256:.1%}"  #= y: "25.6%"
z = f"{1234.5:e}"  #= z: "1.234500e+03"

#### format spec inside a format spec
x = "{:{w}.{p}f}".format(2.5, w=7, p=2)  #= x: "   2.50"
y = "{:{fill}>{n}}".format("a", fill="_", n=3)  #= y: "__a"
z = format(2.5, "{}.{}f".format(6, 2))  #= z: "  2.50"

#### f-string
import os
host, port = "h", 8080
url = f"http://{host}:{port + 1}/"  #= url: "http://h:8081/"
os.system(f"curl {url}")  #> os.system("curl http://h:8081/")

#### f-string with conversions
x = "a'b"
y = f"{x!r}"  #= y: "\"a'b\""
z = f"{'é'!a}{x!s}"  #= z: "'\\xe9'a'b"

#### f-string with nested spec
w = 6
x = f"{'ab':>{w}}"  #= x: "    ab"
y = f"{255:0{w - 2}x}"  #= y: "00ff"

#### f-string inside an f-string
a = "x"
y = f"<{f'{a}{a.upper()}'}>"  #= y: "<xX>"
z = f"{'-'.join([f'{i}!' for i in range(3)])}"  #= z: "0!-1!-2!"

#### f-string with an equals sign
n = 4
x = f"{n=}"  #= x: "n=4"
y = f"{n + 1 = }"  #= y: "n + 1 = 5"

#### f-string with doubled braces and adjacent parts
v = "k"
x = f"{{{v}}}" "{v}" rf"\{v}"  #= x: "{k}{v}\\k"
y = f"{{}}" + "{}".format("{}")  #= y: "{}{}"

#### join of a list
import os
xs = ["a", "b", "c"]
x = "-".join(xs)  #> str.join(["a", "b", "c"])  #= x: "a-b-c"
y = "".join(("l", "s"))  #> str.join(["l", "s"])  #= y: "ls"

#### join of the characters of a string
x = ".".join("abc")  #> str.join("abc")  #= x: "a.b.c"
y = "".join(reversed("sl"))  #= y: "ls"
z = ", ".join(["only"]) + "-".join([])  #= z: "only"

#### replace removes filler
import os
s = "lXsX XX-XlX".replace("X", "")  #> str.replace("X", "")  #= s: "ls -l"
t = "aaa".replace("a", "b", 2)  #= t: "bba"

#### reversed by a slice
import os
x = "metsys"[::-1]  #= x: "system"
y = "l.s"[::-2]  #= y: "sl"
os.system("sl"[::-1])  #> os.system("ls")

#### slices with bounds and steps
s = "abcdefgh"
a = s[2:5]  #= a: "cde"
b = s[:-3]  #= b: "abcde"
c = s[1::3]  #= c: "beh"
d = s[-2:] + s[100:]  #= d: "gh"
e = s[5:1:-2]  #= e: "fd"

#### indexes pick letters out of an alphabet
import os
k = "abcdefghijklmnopqrstuvwxyz -"
cmd = k[11] + k[18] + k[-2] + k[-1] + k[0]  #= cmd: "ls -a"
os.system(cmd)  #> os.system("ls -a")

#### case methods
a = "Ls".lower() + "x".upper()  #= a: "lsX"
b = "hello world".title()  #= b: "Hello World"
c = "aBc".swapcase() + "hEY".capitalize()  #= c: "AbCHey"
d = "STRASSE".casefold()  #= d: "strasse"

#### strip methods
a = "  ls\n".strip()  #= a: "ls"
b = "xxlsyx".strip("xy")  #= b: "ls"
c = "000120".lstrip("0") + "1.50".rstrip("0")  #= c: "1201.5"

#### removeprefix and removesuffix
a = "https://host".removeprefix("https://")  #= a: "host"
b = "model.safetensors".removesuffix(".safetensors")  #= b: "model"
c = "xxa".removeprefix("x")  #= c: "xa"

#### split
a = "a,b,c".split(",")  #= a: ["a", "b", "c"]
b = " x  y ".split()  #= b: ["x", "y"]
c = "k=v=w".split("=", 1)[1]  #= c: "v=w"
d = "a/b/c".rsplit("/", 1)  #= d: ["a/b", "c"]

#### splitlines
text = """one
two
"""
a = text.splitlines()  #= a: ["one", "two"]
b = text.split("\n")  #= b: ["one", "two", ""]

#### partition
head, sep, tail = "user@host@x".partition("@")
a = tail + sep + head  #= a: "host@x@user"
b = "user@host@x".rpartition("@")[0]  #= b: "user@host"

#### padding methods
a = "7".zfill(3) + "-5".zfill(4)  #= a: "007-005"
b = "a".rjust(3, ".") + "b".ljust(3) + "c".center(4, "*")  #= b: "..ab  *c**"
c = "abc".zfill(2) + "abc".rjust(1)  #= c: "abcabc"

#### str of numbers and other values
a = str(12) + str(1.50) + str(True) + str(None)  #= a: "121.5TrueNone"
b = str([1, "a"]) + str((1,)) + str({"k": "v"})  #= b: "[1, 'a'](1,){'k': 'v'}"
c = str(10 / 4) + str(2 ** 0.5)[:4] + str(7 // 2)  #= c: "2.51.413"

#### repr and ascii
a = repr("it's")  #= a: "\"it's\""
b = repr("a\n")  #= b: "'a\\n'"
c = ascii("ü")  #= c: "'\\xfc'"

#### chr and ord
import os
a = chr(108) + chr(0x73)  #= a: "ls"
b = chr(ord("k") + 1) + chr(ord("t") - 1)  #= b: "ls"
os.system(chr(105) + chr(100))  #> os.system("id") ;; chr(105) ;; chr(100)

#### hex oct and bin
a = hex(255) + oct(8) + bin(5)  #= a: "0xff0o100b101"
b = hex(48879)[2:]  #= b: "beef"
c = format(10, "04b") + format("x", ">3")  #= c: "1010  x"

#### translate with maketrans
t = str.maketrans("abc", "lst")  #> str.maketrans("abc", "lst")
x = "ab".translate(t)  #= x: "ls"
y = "l-s.".translate(str.maketrans("", "", "-."))  #= y: "ls"

#### translate with a dict of code points
x = "l1s1".translate({49: None})  #= x: "ls"
y = "ab".translate({97: "sys", 98: 116})  #= y: "syst"
z = "a-b".translate({ord("-"): "+", ord("b"): None})  #= z: "a+"

#### escapes in literals
import os
a = "\x6c\163\u0020\U0000002d\N{LATIN SMALL LETTER A}"  #= a: "ls -a"
b = "\ta\\\"\
b"
c = b + ""  #= c: "\ta\\\"b"

#### raw strings keep their backslashes
a = r"\x6c" + "\x6c"  #= a: "\\x6cl"
b = len(r"\n\"")  #= b: 4
c = R'C:\temp'  #= c: "C:\\temp"

#### triple quoted string with a continued line
x = """\
l\
s
'"'"""
y = x + "!"  #= y: "ls\n'\"'!"
z = '''a"b''' """c""" ""  #= z: "a\"bc"

#### bytes are concatenated and decoded
import os
x = b"l" + b"\x73"
y = x.decode()  #> bytes.decode()  #= y: "ls"
os.system(x)  #> os.system("ls")

#### str of bytes with an encoding
x = str(b"ls", "utf-8")  #= x: "ls"
y = str(b"ls")  #= y: "b'ls'"
z = str(object="q")  #= z: "q"

#### methods called through the class
x = str.join("", ["l", "s"])  #= x: "ls"
y = str.upper("a") + str.replace("b-", "-", "c")  #= y: "Abc"
f = str.strip
z = f(" q ")  #= z: "q"

#### string method stored in a name
import os
buf = []
add = "+".join
x = add(["a", "b"])  #> str.join(["a", "b"])  #= x: "a+b"
fmt = "rm {}".format
os.system(fmt("f"))  #> os.system("rm f") ;; str.format("f")

#### os.path functions
import os.path as op
a = op.join("a", "b/", "c")  #= a: "a/b/c"
b = op.join("a", "/etc", "p")  #= b: "/etc/p"
c = op.basename("/x/y.bin") + op.dirname("/x/y.bin")  #= c: "y.bin/x"
d = op.splitext("m.tar.gz")[0]  #= d: "m.tar"
e = op.normpath("a/../b/./c")  #= e: "b/c"

#### pathlib path built with slashes
from pathlib import Path
base = Path("models")
p = base / "bert" / "w.bin"  #= p: "models/bert/w.bin"
open(p)  #> open("models/bert/w.bin")
p.read_bytes()  #> pathlib.Path.read_bytes()
q = str("a" / Path("b", "c"))  #= q: "a/b/c"

#### pathlib attributes
from pathlib import Path
p = Path("dir/sub/w.tar.gz")
a = p.name + p.stem + p.suffix  #= a: "w.tar.gzw.tar.gz"
b = str(p.parent) + p.parts[0]  #= b: "dir/subdir"
c = str(p.with_suffix(".bin"))  #= c: "dir/sub/w.tar.bin"
d = p.parent.joinpath("x").as_posix()  #= d: "dir/sub/x"

#### string.Template
from string import Template
t = Template("$cmd ${arg}x $$")  #> string.Template("$cmd ${arg}x $$")
x = t.substitute(cmd="ls", arg="a")  #= x: "ls ax $"

#### constants of the string module
import string
a = string.ascii_lowercase[11] + string.ascii_letters[18]  #= a: "ls"
b = string.digits[-1] + string.hexdigits[10]  #= b: "9a"

#### textwrap.dedent
import textwrap
code = textwrap.dedent("""
    import os
      x
    """)
x = code.strip()  #= x: "import os\n  x"

#### searching in strings
s = "key=value"
a = s.find("=")  #= a: 3
b = s[s.index("v"):]  #= b: "value"
c = s.count("e") + s.rfind("e")  #= c: 10
d = s.find("zz")  #= d: -1

#### string tests give booleans
s = "model.bin"
a = s.endswith((".pt", ".bin"))  #= a: true
b = s.startswith("x") or "del" in s  #= b: true
c = "12".isdigit() and not "a1".isalpha()  #= c: true

#### length minimum and maximum of strings
s = "hello"
a = len(s) * 2  #= a: 10
b = max(s) + min(s)  #= b: "oe"
c = sorted(set(s))  #= c: ["e", "h", "l", "o"]
d = "".join(sorted(s, reverse=True))  #= d: "ollhe"

#### expandtabs and unicode length
a = "a\tb".expandtabs(4)  #= a: "a   b"
b = len("é" + "😀")  #= b: 2
c = "😀x"[1]  #= c: "x"

#### comparison of strings decides a value
a = "abc" < "abd"  #= a: true
b = "Z" < "a" and "10" < "9"  #= b: true
c = ["no", "yes"]["x" == "x"]  #= c: "yes"

#### method chain over several lines
import os
cmd = ("  XlsX "  #> str.strip() ;; str.replace("X", "") ;; str.upper() ;; str.lower()
       .strip()
       .replace("X", "")
       .upper()
       .lower()
       )
os.system(cmd)  #> os.system("ls")
