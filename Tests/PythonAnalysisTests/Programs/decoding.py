#### base64
import base64, os
cmd = base64.b64decode("bHMgLWxh").decode()  #= cmd: "ls -la"
os.system(cmd)  #> os.system("ls -la")
os.system(base64.b64decode(b"aWQ="))  #> os.system("id") ;; base64.b64decode("aWQ=")

#### base64 decoded method chain
from base64 import b64decode as d
import os
os.system(d("bHM=").decode("utf-8"))  #> os.system("ls") ;; base64.b64decode("bHM=") ;; bytes.decode("utf-8")

#### base64 twice
import base64
x = "ZDJodllXMXA="
for _ in range(2):
    x = base64.b64decode(x).decode()
y = x  #= y: "whoami"

#### base64 of a reversed string
import base64 as b
x = b.b64decode("mJXLg0mc"[::-1]).decode()  #= x: "rm -rf"
y = b.urlsafe_b64decode("w7w_Pz4=").decode()  #= y: "ü??>"

#### base32 base16 base85 ascii85
import base64
a = base64.b32decode("NRZQ====").decode()  #= a: "ls"
b = base64.b16decode("6C73").decode()  #= b: "ls"
c = base64.b85decode("V|8+D").decode()  #= c: "curl"
d = base64.a85decode("G@tK/").decode()  #= d: "wget"

#### base64 encoded and decoded again
import base64
e = base64.b64encode(b"ls -l")  #= e: "bHMgLWw="
x = base64.b64decode(e + b"").decode()  #= x: "ls -l"
y = base64.b64encode("é".encode()).decode()  #= y: "w6k="

#### base64 without its padding
import base64
s = "bHMgLQ"
x = base64.b64decode(s + "=" * (-len(s) % 4)).decode()  #= x: "ls -"

#### base64 in pieces of a list
import base64, os
parts = ["LWxh", "bHMg"]
os.system(base64.b64decode("".join(parts[::-1])))  #> os.system("ls -la") ;; base64.b64decode("bHMgLWxh") ;; str.join(["bHMg", "LWxh"])

#### rot13
import codecs, os
a = codecs.decode("flfgrz", "rot13")  #> codecs.decode("flfgrz", "rot13")  #= a: "system"
b = codecs.encode("yf -yn", "rot_13")  #= b: "ls -la"

#### hex through codecs and bytes
import codecs
a = codecs.decode("6c73", "hex").decode()  #= a: "ls"
b = bytes.fromhex("6c 73").decode()  #> bytes.fromhex("6c 73") ;; bytes.decode()  #= b: "ls"
c = b"ls".hex()  #= c: "6c73"
d = codecs.decode(b"bHM=", "base64").decode()  #= d: "ls"

#### binascii
import binascii as ba
a = ba.unhexlify("6c73").decode()  #= a: "ls"
b = ba.a2b_base64("bHM=").decode()  #= b: "ls"
c = ba.hexlify(b"id").decode()  #= c: "6964"

#### zlib over base64
import base64, zlib
z = "eJzLzC3ILypRyC+2BmK94sriktRcDaWcYiVNAINtCSI="
src = zlib.decompress(base64.b64decode(z)).decode()  #= src: "import os; os.system(\"ls\")"
exec(src)  #> exec("import os; os.system(\"ls\")")

#### exec of a joined source binds names
src = "\n".join(["import os as o", "r = o.system"])
exec(src)  #> exec("import os as o\nr = o.system")
r("ls")  #> os.system("ls")

#### xor of a byte list with a key
import os
enc = [70, 89, 10, 7, 70, 75]
cmd = "".join(chr(b ^ 42) for b in enc)  #= cmd: "ls -la"
os.system(cmd)  #> os.system("ls -la")

#### xor with a repeating key
from itertools import cycle
enc = bytes.fromhex("1c0d160a0810")
x = bytes(a ^ b for a, b in zip(enc, cycle(b"key"))).decode()  #= x: "whoami"
y = "".join(chr(c ^ ord("key"[i % 3])) for i, c in enumerate(enc))  #= y: "whoami"

#### bytes from a list of numbers
import os
x = bytes([108, 0x73]).decode()  #= x: "ls"
y = bytearray((105, 100)).decode("ascii")  #= y: "id"
os.system(bytes([112]) + b"s")  #> os.system("ps") ;; bytes([112])

#### bytearray changed in place
b = bytearray(b"mt")
for i in range(len(b)):
    b[i] -= 1
b.append(33)  #> bytearray.append(33)
x = b.decode()  #= x: "ls!"

#### sum of chr calls
x = chr(100 + 8) + chr(0x70 | 3)  #= x: "ls"
y = "%c%c" % tuple(map(lambda n: n - 1, (109, 116)))  #= y: "ls"
z = x[::-1] + y  #= z: "slls"

#### caesar shift by arithmetic on letters
def dec(s, k):
    out = ""
    for c in s:
        out += chr((ord(c) - 97 - k) % 26 + 97) if c.isalpha() else c
    return out
x = dec("ov -od", 3)  #> dec("ov -od", 3)  #= x: "ls -la"

#### number to bytes
x = (27763).to_bytes(2, "big").decode()  #= x: "ls"
n = int.from_bytes(b"ls", "big")  #> int.from_bytes("ls", "big")  #= n: 27763
y = n.to_bytes(2, byteorder="little").decode()  #= y: "sl"

#### int with bases
a = chr(int("6c", 16)) + chr(int("0b1110011", 0))  #= a: "ls"
b = int("z", 36) + int("0o17", 8) + int(" 1_0 ")  #= b: 60
c = int("-0x10", 16)  #= c: -16

#### binary string in groups of eight
bits = "0110110001110011"
x = "".join(chr(int(bits[i:i + 8], 2)) for i in range(0, len(bits), 8))  #= x: "ls"
y = int(bits, 2).to_bytes(2, "big").decode()  #= y: "ls"

#### unicode escape decoding
x = b"\\x6c\\u0073".decode("unicode_escape")  #= x: "ls"
y = "\\154s".encode().decode("unicode-escape")  #= y: "ls"
z = "a\n".encode("unicode_escape").decode()  #= z: "a\\n"

#### url quoting
from urllib.parse import quote, unquote, unquote_plus, urlencode, urljoin
a = unquote("ls%20-l%C3%A9") + unquote_plus("a+b")  #= a: "ls -léa b"
b = quote("a b/c") + urlencode({"k": "v w"})  #= b: "a%20b/ck=v+w"
c = urljoin("http://h/a/b", "../c")  #= c: "http://h/c"

#### url taken apart
from urllib.parse import urlparse, parse_qs
u = urlparse("https://h:80/p/f.bin?k=v")
a = u.scheme + u.netloc + u.path + u.hostname  #= a: "httpsh:80/p/f.binh"
b = parse_qs(u.query)["k"][0]  #= b: "v"

#### html unescape
import html
x = html.unescape("l&#115; &amp;&quot;&#x61;")  #> html.unescape("l&#115; &amp;&quot;&#x61;")  #= x: "ls &\"a"
y = html.escape("<a>")  #= y: "&lt;a&gt;"

#### json loads and dumps
import json
cfg = json.loads('{"model": "bert", "n": [1, null, true], "u": "\\u006c"}')
a = cfg["model"] + str(cfg["n"]) + cfg["u"]  #= a: "bert[1, None, True]l"
b = json.dumps({"a": [1, None, "x"]})  #= b: "{\"a\": [1, null, \"x\"]}"

#### literal_eval
import ast
x = ast.literal_eval("{'cmd': ['ls', -1], 't': (1, True)}")
y = x["cmd"][0] + str(x["t"][1])  #= y: "lsTrue"
z = x["cmd"][1]  #= z: -1

#### struct pack and unpack
import struct
x = struct.pack(">H", 27763).decode()  #= x: "ls"
n, = struct.unpack("<I", b"\x01\x02\x00\x00")
m = n + struct.calcsize("<HB")  #= m: 516

#### translate on bytes
t = bytes.maketrans(b"xy", b"ls")
x = b"xy.".translate(t, b".").decode()  #= x: "ls"
y = b"axb".replace(b"x", b"-").decode()  #= y: "a-b"

#### shlex
import shlex, subprocess
argv = shlex.split("rm -rf '/tmp/a b'")  #= argv: ["rm", "-rf", "/tmp/a b"]
subprocess.run(argv)  #> subprocess.run(["rm", "-rf", "/tmp/a b"])
x = shlex.quote("a b") + shlex.join(["a", "b c"])  #= x: "'a b'a 'b c'"

#### payload in the docstring
"""bHM="""
import base64, os
os.system(base64.b64decode(__doc__).decode())  #> os.system("ls") ;; base64.b64decode("bHM=") ;; bytes.decode()

#### payload in the name of a function
import os
def sl(): "di"
os.system(sl.__name__[::-1])  #> os.system("ls")
os.popen(sl.__doc__[::-1])  #> os.popen("id")

#### letters taken from reprs of values
x = str(None)[0].lower() + str(True)[3] + repr([])[0]  #= x: "ne["
y = str(1 == 2)[1:4] + str(dict)[8:10]  #= y: "alsdi"
z = str(int)[1] + ().__class__.__name__[:2]  #= z: "ctu"

#### encodings other than utf-8
x = b"\xff\xfel\x00s\x00".decode("utf-16")  #= x: "ls"
y = b"caf\xe9".decode("latin-1")  #= y: "café"
z = "ls".encode("utf-16-le").hex()  #= z: "6c007300"

#### unicode normalisation of a string
import os, unicodedata
x = unicodedata.normalize("NFKC", "ｌｓ")  #> unicodedata.normalize("NFKC", "ｌｓ")  #= x: "ls"
y = "ﬁ".upper() + "ß".upper()  #= y: "FISS"

#### index list into a shuffled alphabet
import os
key, idx = "sml-ya ", [2, 0, 6, 3, 5]
cmd = "".join(key[i] for i in idx)  #= cmd: "ls -a"
os.system(cmd)  #> os.system("ls -a")

#### decoder function called by many
import base64, os
def _(s):
    return base64.b64decode(s[::-1]).decode()  #> base64.b64decode("bHM=" | "aWQ=") ;; bytes.decode()
os.system(_("=MHb"))  #> os.system("ls") ;; _("=MHb")
os.popen(_("=QWa"))  #> os.popen("id") ;; _("=QWa")

#### decoder lambda chain
import base64, os, zlib
_ = lambda s: zlib.decompress(base64.b64decode(s[::-1]))
os.system(_("==A4A0UAAYQKLzJe"))  #> os.system("ls") ;; _("==A4A0UAAYQKLzJe")

#### exec of a compiled constant
src = "a" + "=1"
code = compile(src, "<s>", "exec")  #> compile("a=1", "<s>", "exec")
exec(code)  #> exec(?)

#### io streams as a buffer
import io
buf = io.StringIO()
buf.write("l")  #> io.StringIO.write("l")
buf.write("s")
x = buf.getvalue()  #= x: "ls"
y = io.BytesIO(b"abc").read(2)  #= y: "ab"

#### bit rotation and masks on integers
n = ((0x36 << 1) | (0 >> 3)) & 0xFF  #= n: 108
x = chr(n) + chr(~-116) + chr(divmod(210, 2)[0])  #= x: "lsi"
y = chr(-7 // -1 + 2 ** 6 + 33 - -4)  #= y: "l"

#### dictionary substitution cipher
import os
table = dict(zip("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba"))
cmd = "".join(table.get(c, c) for c in "oh -z")  #= cmd: "ls -a"
os.system(cmd)  #> os.system("ls -a")

