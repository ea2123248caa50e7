"""A small pickle assembler: opcodes as bytes, put together by hand where no pickler would write such a stream.

Nothing here ever loads a pickle. `Raw` carries opcodes that leave one object on the stack; `lit` encodes plain values;
`call` encodes a call in one of the styles of `STYLES`; `stream` adds protocol header, frame and STOP.
"""

import struct
from dataclasses import dataclass

MARK, STOP, POP, POP_MARK, DUP = b"(", b".", b"0", b"1", b"2"
REDUCE, BUILD, OBJ, NEWOBJ, NEWOBJ_EX = b"R", b"b", b"o", b"\x81", b"\x92"
NONE, TRUE, FALSE, EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT = b"N", b"\x88", b"\x89", b")", b"]", b"}"
APPEND, APPENDS, SETITEM, SETITEMS, EMPTY_SET, ADDITEMS = b"a", b"e", b"s", b"u", b"\x8f", b"\x90"
FROZENSET, TUPLE, TUPLE1, TUPLE2, TUPLE3, DICT, LIST = b"\x91", b"t", b"\x85", b"\x86", b"\x87", b"d", b"l"
STACK_GLOBAL, MEMOIZE, BINPERSID = b"\x93", b"\x94", b"Q"


@dataclass(frozen=True)
class Raw:
    """Opcodes that push exactly one object."""

    ops: bytes

    def __add__(self, other):
        return Raw(self.ops + (other.ops if isinstance(other, Raw) else other))


def proto(number):
    return b"\x80" + bytes([number])


def frame(body, length=None):
    return b"\x95" + struct.pack("<Q", len(body) if length is None else length) + body


def unicode_text(text):
    for plain, escaped in (("\\", "\\u005c"), ("\0", "\\u0000"), ("\n", "\\u000a"), ("\r", "\\u000d"), ("\x1a", "\\u001a")):
        text = text.replace(plain, escaped)
    return b"V" + text.encode("raw_unicode_escape") + b"\n"


def string_text(text):
    return b"S" + repr(text).encode("ascii") + b"\n"


def binstring(data):
    return b"T" + struct.pack("<i", len(data)) + data


def short_binstring(data):
    return b"U" + bytes([len(data)]) + data


def binunicode(text):
    data = text.encode("utf-8")
    return b"X" + struct.pack("<I", len(data)) + data


def short_unicode(text):
    data = text.encode("utf-8")
    return b"\x8c" + bytes([len(data)]) + data


def binunicode8(text):
    data = text.encode("utf-8")
    return b"\x8d" + struct.pack("<Q", len(data)) + data


def binbytes(data):
    if len(data) < 256:
        return b"C" + bytes([len(data)]) + data
    return b"B" + struct.pack("<I", len(data)) + data


def binbytes8(data):
    return b"\x8e" + struct.pack("<Q", len(data)) + data


def bytearray8(data):
    return b"\x96" + struct.pack("<Q", len(data)) + data


def integer(value):
    if 0 <= value < 256:
        return b"K" + bytes([value])
    if 0 <= value < 65536:
        return b"M" + struct.pack("<H", value)
    if -(2**31) <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def put(index):
    return b"q" + bytes([index]) if index < 256 else b"r" + struct.pack("<I", index)


def get(index):
    return b"h" + bytes([index]) if index < 256 else b"j" + struct.pack("<I", index)


def put_text(index):
    return b"p%d\n" % index


def get_text(index):
    return b"g%d\n" % index


def g(module, name):
    """GLOBAL."""
    return Raw(b"c" + module.encode() + b"\n" + name.encode() + b"\n")


def sg(module, name, encode=short_unicode):
    """STACK_GLOBAL with two literal strings."""
    return Raw(encode(module) + encode(name) + STACK_GLOBAL)


def seq(*items, text=False):
    """A tuple of the items."""
    parts = [lit(item, text) for item in items]
    if text or len(parts) > 3:
        return Raw(MARK + b"".join(parts) + TUPLE)
    return Raw(b"".join(parts) + (EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3)[len(parts)])


def lit(value, text=False):
    """Opcodes (bytes) that push `value`; in text mode only the opcodes of protocol 0 are used."""
    if isinstance(value, Raw):
        return value.ops
    if value is None:
        return NONE
    if value is True or value is False:
        return (b"I01\n" if value else b"I00\n") if text else (TRUE if value else FALSE)
    if isinstance(value, int):
        return (b"L%dL\n" if abs(value) >= 2**31 else b"I%d\n") % value if text else integer(value)
    if isinstance(value, float):
        return b"F%r\n" % value if text else b"G" + struct.pack(">d", value)
    if isinstance(value, str):
        return unicode_text(value) if text else binunicode(value)
    if isinstance(value, bytes):
        if not text:
            return binbytes(value)
        return g("_codecs", "encode").ops + MARK + unicode_text(value.decode("latin-1")) + unicode_text("latin1") + TUPLE + REDUCE
    if isinstance(value, tuple):
        return seq(*value, text=text).ops
    if isinstance(value, list):
        items = b"".join(lit(item, text) for item in value)
        return MARK + items + LIST if text else EMPTY_LIST + (MARK + items + APPENDS if value else b"")
    if isinstance(value, dict):
        items = b"".join(lit(key, text) + lit(item, text) for key, item in value.items())
        return MARK + items + DICT if text else EMPTY_DICT + (MARK + items + SETITEMS if value else b"")
    if isinstance(value, (set, frozenset)):
        items = b"".join(lit(item) for item in sorted(value))
        return MARK + items + FROZENSET if isinstance(value, frozenset) else EMPTY_SET + MARK + items + ADDITEMS
    raise TypeError(f"no opcode for {type(value)}")


def fun(name, modern=False):
    """A global from a dotted name: the module is everything before the last dot, or before a colon."""
    module, _, attribute = name.partition(":") if ":" in name else name.rpartition(".")
    return sg(module, attribute) if modern else g(module, attribute)


def red(callee, *args, text=False):
    """callee(*args) by REDUCE; callee is a dotted name or Raw."""
    callee = fun(callee) if isinstance(callee, str) else callee
    return Raw(callee.ops + seq(*args, text=text).ops + REDUCE)


def newobj(callee, *args):
    callee = fun(callee) if isinstance(callee, str) else callee
    return Raw(callee.ops + seq(*args).ops + NEWOBJ)


def newobj_ex(callee, args, kwargs):
    callee = fun(callee) if isinstance(callee, str) else callee
    return Raw(callee.ops + seq(*args).ops + lit(kwargs) + NEWOBJ_EX)


def build(target, state):
    return Raw(lit(target) + lit(state) + BUILD)


STYLES = ("text0", "bin1", "bin2", "bin3", "framed4", "plain4", "bin5", "inst", "obj")
PROTO = {"text0": None, "bin1": None, "bin2": 2, "bin3": 3, "framed4": 4, "plain4": 4, "bin5": 5, "inst": None, "obj": 1}


def call(style, name, *args):
    """One call of the dotted name, written the way the style says."""
    module, _, attribute = name.partition(":") if ":" in name else name.rpartition(".")
    if style == "text0":
        return Raw(
            g(module, attribute).ops
            + put_text(0)
            + MARK
            + b"".join(lit(a, True) for a in args)
            + TUPLE
            + put_text(1)
            + REDUCE
            + put_text(2)
        )
    if style == "inst":
        return Raw(MARK + b"".join(lit(a, True) for a in args) + b"i" + module.encode() + b"\n" + attribute.encode() + b"\n")
    if style == "obj":
        return Raw(MARK + g(module, attribute).ops + b"".join(lit(a) for a in args) + OBJ)
    if style in ("bin1", "bin2", "bin3"):
        arguments = b"".join(lit(a, style == "bin1" and not isinstance(a, str)) for a in args)
        packed = (
            MARK + arguments + TUPLE if style == "bin1" or len(args) > 3 else arguments + (EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3)[len(args)]
        )
        return Raw(g(module, attribute).ops + put(0) + packed + put(1) + REDUCE + put(2))
    body = short_unicode(module) + MEMOIZE + short_unicode(attribute) + MEMOIZE + STACK_GLOBAL + MEMOIZE
    return Raw(body + seq(*args).ops + MEMOIZE + REDUCE + MEMOIZE)


def stream(style, *objects, last=None):
    """A whole pickle: every object but the last is popped."""
    ops = [lit(item) for item in objects]
    body = POP.join(ops) if last is None else POP.join(ops) + last
    return whole(body, style)


def whole(body, style="bin2"):
    body = lit(body) if isinstance(body, Raw) else body
    number = PROTO.get(style, style if isinstance(style, int) else None)
    if style == "framed4":
        return proto(4) + frame(body + STOP)
    return (b"" if number is None else proto(number)) + body + STOP
