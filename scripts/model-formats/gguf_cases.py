"""GGUF: key/values, tensor descriptions, then aligned tensor data; versions 1 to 3, both byte orders."""

import logging
import struct

import gguf
import numpy as np
from gguf import GGMLQuantizationType, GGUFEndian, GGUFValueType

from oracle import case, placed

logging.getLogger("gguf").setLevel(logging.ERROR)

SCALARS = {
    GGUFValueType.UINT8: "B", GGUFValueType.INT8: "b", GGUFValueType.UINT16: "H", GGUFValueType.INT16: "h",
    GGUFValueType.UINT32: "I", GGUFValueType.INT32: "i", GGUFValueType.FLOAT32: "f", GGUFValueType.BOOL: "?",
    GGUFValueType.UINT64: "Q", GGUFValueType.INT64: "q", GGUFValueType.FLOAT64: "d",
}  # fmt: skip


class Walk:
    """Reads a file by the specification alone: what the reference reader cannot (version 1, arrays of arrays), and to
    hold all else that it reads against."""

    def __init__(self, data):
        self.data, self.at = data, 4
        assert data[:4] == b"GGUF"
        self.order = "<" if data[4:6] != b"\0\0" else ">"
        self.version = self.number("I")
        self.size = "I" if self.version == 1 else "Q"
        tensor_count, kv_count = self.number(self.size), self.number(self.size)
        self.values, self.types = {}, {}
        for _ in range(kv_count):
            key = self.string().decode()
            self.values[key], self.types[key] = self.value(GGUFValueType(self.number("I")))
        self.tensors = []
        for _ in range(tensor_count):
            name = self.string().decode()
            shape = [self.number(self.size) for _ in range(self.number("I"))]
            self.tensors.append((name, shape, GGMLQuantizationType(self.number("I")), self.number("Q")))
        alignment = self.values.get("general.alignment", 32)
        self.start = -(-self.at // alignment) * alignment

    def number(self, code):
        (value,) = struct.unpack_from(self.order + code, self.data, self.at)
        self.at += struct.calcsize("=" + code)
        return value

    def string(self):
        length = self.number(self.size)
        self.at += length
        return self.data[self.at - length : self.at]

    def value(self, kind):
        if kind == GGUFValueType.STRING:
            return self.string(), kind.name
        if kind != GGUFValueType.ARRAY:
            return self.number(SCALARS[kind]), kind.name
        inner = GGUFValueType(self.number("I"))
        items = [self.value(inner) for _ in range(self.number(self.size))]
        return [value for value, _ in items], f"ARRAY[{items[0][1] if items else inner.name}]"


def flat(value):
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [value]


def same(ours, theirs):
    ours, theirs = flat(ours), flat(theirs)
    return len(ours) == len(theirs) and all(
        a == (b.encode() if isinstance(b, str) else b) or (a != a and b != b) for a, b in zip(ours, theirs)
    )


def record(out, path, note, *, texts=True, **more):
    """What gguf.GGUFReader reads (and the specification where the reader does not go), one against the other."""
    data = path.read_bytes()
    walk = Walk(data)
    header = {
        "version": walk.version, "byteorder": "little" if walk.order == "<" else "big", "types": walk.types,
        "data_start": walk.start,
    }  # fmt: skip
    order = {"byteorder": "big"} if walk.order == ">" else {}
    if walk.version == 1:
        tensors = [
            placed(
                name,
                kind.name,
                shape,
                walk.start + offset,
                data[walk.start + offset :][: stored_size(kind, shape)],
                **order,
            )
            for name, shape, kind, offset in walk.tensors
        ]
    else:
        reader = gguf.GGUFReader(path)
        assert reader.fields["GGUF.version"].contents() == walk.version and reader.data_offset == walk.start
        assert {key for key in reader.fields if not key.startswith("GGUF.")} == set(walk.values)
        for key, value in walk.values.items():
            if texts:
                contents = reader.fields[key].contents()
                assert same(value, contents if contents is not None else []), (path, key, value, contents)
        tensors = [
            placed(t.name, t.tensor_type.name, t.shape.tolist(), t.data_offset, t.data.tobytes(), **order)
            for t in reader.tensors
        ]
        assert [(t["name"], t["shape"], t["offset"]) for t in tensors] == [
            (n, s, walk.start + o) for n, s, _, o in walk.tensors
        ]
    out.record(path, tensors, walk.values, note, header=header, **more)
    return tensors


def stored_size(kind, shape):
    block, size = gguf.GGML_QUANT_SIZES[kind]
    return int(np.prod(shape, dtype=np.int64)) // block * size


def save(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# Files written by hand


class Hand:
    """Writes a file of any version and byte order, with anything in it."""

    def __init__(self, version=3, order="<", alignment=32):
        self.version, self.order, self.alignment = version, order, alignment
        self.size = "I" if version == 1 else "Q"
        self.values, self.tensors, self.data = [], [], b""

    def pack(self, code, value):
        return struct.pack(self.order + code, value)

    def text(self, value):
        raw = value.encode() if isinstance(value, str) else value
        return self.pack(self.size, len(raw)) + raw

    def body(self, kind, value):
        """`kind` is a GGUFValueType, or a list of one for an array of it (of lists for arrays of arrays)."""
        if isinstance(kind, list):
            inner = GGUFValueType.ARRAY if isinstance(kind[0], list) else kind[0]
            items = b"".join(self.body(kind[0], item) for item in value)
            return self.pack("I", inner) + self.pack(self.size, len(value)) + items
        return self.text(value) if kind == GGUFValueType.STRING else self.pack(SCALARS[kind], value)

    def add(self, key, kind, value):
        outer = GGUFValueType.ARRAY if isinstance(kind, list) else kind
        self.values.append(self.text(key) + self.pack("I", outer) + self.body(kind, value))

    def tensor(self, name, kind, shape, data, offset=None):
        """The tensor's data goes to the end of the data, or to an offset that is free."""
        if offset is None:
            offset = -(-len(self.data) // self.alignment) * self.alignment
        self.data = self.data.ljust(offset + len(data), b"\0")
        self.data = self.data[:offset] + data + self.data[offset + len(data) :]
        dimensions = b"".join(self.pack(self.size, n) for n in shape)
        self.tensors.append(
            self.text(name) + self.pack("I", len(shape)) + dimensions + self.pack("I", kind) + self.pack("Q", offset)
        )

    def bytes(self, pad_end=True):
        head = (
            b"GGUF"
            + self.pack("I", self.version)
            + self.pack(self.size, len(self.tensors))
            + self.pack(self.size, len(self.values))
        )
        head += b"".join(self.values) + b"".join(self.tensors)
        if self.data or pad_end:
            head = head.ljust(-(-len(head) // self.alignment) * self.alignment, b"\0")
        data = self.data
        if pad_end:
            data = data.ljust(-(-len(data) // self.alignment) * self.alignment, b"\0")
        return head + data


V = GGUFValueType
EXTREMES = [
    ("u8", V.UINT8, 255), ("i8", V.INT8, -128), ("u16", V.UINT16, 65535), ("i16", V.INT16, -32768),
    ("u32", V.UINT32, 2**32 - 1), ("i32", V.INT32, -(2**31)), ("u64", V.UINT64, 2**64 - 1), ("i64", V.INT64, -(2**63)),
    ("f32", V.FLOAT32, 0.1), ("f64", V.FLOAT64, 0.1), ("f32.nan", V.FLOAT32, float("nan")),
    ("f64.inf", V.FLOAT64, float("-inf")), ("yes", V.BOOL, True), ("no", V.BOOL, False), ("text", V.STRING, "größe 🦊\0\n"),
    ("text.empty", V.STRING, ""), ("", V.UINT8, 1), ("a b/c\"\\", V.STRING, "odd key"), ("ключ", V.STRING, "значение"),
]  # fmt: skip


def add_values(add):
    for key, kind, value in EXTREMES:
        add(key, kind, value)


# Cases


@case("gguf")
def quantised(out):
    path = out.path("all-types.gguf")
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_quantization_version(2)
    plain = {GGMLQuantizationType.F32: np.float32, GGMLQuantizationType.F16: np.float16, GGMLQuantizationType.F64: np.float64,
             GGMLQuantizationType.I8: np.int8, GGMLQuantizationType.I16: np.int16, GGMLQuantizationType.I32: np.int32,
             GGMLQuantizationType.I64: np.int64}  # fmt: skip
    for kind, (_, size) in gguf.GGML_QUANT_SIZES.items():
        if kind in plain:
            writer.add_tensor(f"blk.{int(kind)}.{kind.name}.weight", (out.floats(3, 5) * 50).astype(plain[kind]))
        else:
            raw = np.frombuffer(out.bytes(3 * 2 * size), np.uint8).reshape(3, 2 * size)
            writer.add_tensor(f"blk.{int(kind)}.{kind.name}.weight", raw, raw_dtype=kind)
    save(writer)
    record(out, path, "every type that the package knows, in rows of two blocks")


@case("gguf")
def dequantised(out):
    path = out.path("quantised-values.gguf")
    writer = gguf.GGUFWriter(path, "llama")
    values = out.floats(4, 256)
    for kind in GGMLQuantizationType:
        try:
            writer.add_tensor(kind.name, gguf.quantize(values, kind), raw_dtype=kind)
        except NotImplementedError:
            continue
    save(writer)
    record(out, path, "values quantised by the package, for the types for which it can")


@case("gguf")
def metadata(out):
    path = out.path("metadata.gguf")
    writer = gguf.GGUFWriter(path, "llama")
    add_values(lambda key, kind, value: writer.add_key_value(key, value, kind))
    for key, kind, value in EXTREMES:
        writer.add_key_value(f"array.{key}", [value] * 3, V.ARRAY, kind)
    writer.add_array("tokenizer.ggml.tokens", [f"▁tok{i}" for i in range(2000)])
    writer.add_array("tokenizer.ggml.scores", [i / 7 for i in range(2000)])
    writer.add_array("tokenizer.ggml.token_type", [1 + i % 6 for i in range(2000)])
    writer.add_array("nested.ints", [[1, 2, 3], [4, 5, 6]])
    writer.add_array("nested.texts", [["a", "b"], ["c"], ["d", "e", "f"]])
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    writer.add_tensor("t", out.floats(2, 3))
    save(writer)
    record(out, path, "every type of value, single and in arrays, arrays of arrays, long arrays")


@case("gguf")
def hand_metadata(out):
    hand = Hand()
    hand.add("empty.ints", [V.INT32], [])
    hand.add("empty.texts", [V.STRING], [])
    hand.add("empty.nested", [[V.INT8]], [])
    hand.add("nested.empty", [[V.UINT16]], [[], [1], [], [2, 3]])
    hand.add("nested.deep", [[[V.UINT8]]], [[[1], [2, 3]], [[4, 5, 6], []]])
    hand.add("general.architecture", V.STRING, "llama")
    record(
        out,
        out.write("odd-arrays.gguf", hand.bytes()),
        "empty arrays, arrays of arrays of several lengths and depths; no tensors",
    )
    hand = Hand()
    hand.add("tokenizer.ggml.tokens", [V.STRING], [b"\xff", b"\xc3", "ok", b"a\xe2\x82", b"\xed\xa0\x80"])
    record(out, out.write("not-utf8.gguf", hand.bytes()), "strings that are no UTF-8", texts=False)
    record(out, out.write("nothing.gguf", Hand().bytes(pad_end=False)), "neither values nor tensors: 24 bytes")
    hand = Hand()
    hand.add("x" * 3000, V.STRING, "y" * 5000)
    record(out, out.write("long-key.gguf", hand.bytes()), "a key of 3000 characters")


@case("gguf")
def shapes(out):
    path = out.path("shapes.gguf")
    writer = gguf.GGUFWriter(path, "odd")
    for name, shape in {
        "scalar": [],
        "one": [1],
        "four": [2, 3, 4, 5],
        "row": [1, 7],
        "hollow": [2, 0, 3],
        "none": [0],
    }.items():
        writer.add_tensor(name, np.asarray(out.floats(*shape), np.float32))
    for name in ["", "größe.层", "a/b", 'a b\n"', "n" * 200]:
        writer.add_tensor(name, out.floats(3))
    save(writer)
    record(out, path, "tensors of no size, without dimensions, of four; odd names")


@case("gguf")
def placing(out):
    for alignment in (1, 8, 64, 4096):
        path = out.path(f"alignment-{alignment}.gguf")
        writer = gguf.GGUFWriter(path, "llama")
        writer.add_custom_alignment(alignment)
        for i in range(3):
            writer.add_tensor(f"t{i}", out.floats(5, i + 1))
        save(writer)
        record(out, path, f"data aligned to {alignment}")
    hand = Hand()
    data = [out.bytes(20), out.bytes(34), out.bytes(8)]
    hand.tensor("last", GGMLQuantizationType.F32, [5], data[0], 512)
    hand.tensor("first", GGMLQuantizationType.Q8_0, [32], data[1], 0)
    hand.tensor("middle", GGMLQuantizationType.F16, [2, 2], data[2], 128)
    record(
        out,
        out.write("gaps.gguf", hand.bytes(pad_end=False)),
        "tensors in another order than their data, with gaps; no padding at the end",
    )
    hand = Hand()
    hand.tensor("a", GGMLQuantizationType.F32, [4], data[0][:16], 0)
    hand.tensor("b", GGMLQuantizationType.I8, [16], data[0][:16], 0)
    record(out, out.write("shared.gguf", hand.bytes()), "two tensors with the same bytes")


@case("gguf")
def big_endian(out):
    path = out.path("big-endian.gguf")
    writer = gguf.GGUFWriter(path, "llama", endianess=GGUFEndian.BIG)
    add_values(lambda key, kind, value: writer.add_key_value(key, value, kind))
    writer.add_array("array", [1, 2, 3])
    writer.add_array("texts", ["a", "ü"])
    writer.add_tensor("f32", out.floats(3, 4))
    writer.add_tensor("f16", out.floats(3, 4, dtype="<f2"))
    writer.add_tensor("i64", np.arange(5))
    writer.add_tensor(
        "q8_0", gguf.quantize(out.floats(2, 32), GGMLQuantizationType.Q8_0), raw_dtype=GGMLQuantizationType.Q8_0
    )
    save(writer)
    record(out, path, "big-endian; the magic is the same, the version tells it")


@case("gguf")
def split(out):
    path = out.path("split/model.gguf")
    writer = gguf.GGUFWriter(path, "llama", split_max_tensors=3)
    writer.add_context_length(4096)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b"])
    for i in range(8):
        writer.add_tensor(f"blk.{i}.attn_q.weight", out.floats(4, 4))
    save(writer)
    for i in range(1, 4):
        record(
            out, out.path(f"split/model-{i:05}-of-00003.gguf"), f"file {i} of 3; only the first has the model's values"
        )
    path = out.path("split-small-first/model.gguf")
    writer = gguf.GGUFWriter(path, "llama", split_max_tensors=2, small_first_shard=True)
    writer.add_context_length(4096)
    for i in range(3):
        writer.add_tensor(f"t{i}", out.floats(4))
    save(writer)
    for i in range(1, 4):
        record(
            out,
            out.path(f"split-small-first/model-{i:05}-of-00003.gguf"),
            f"file {i} of 3, of which the first has no tensors",
        )


@case("gguf")
def versions(out):
    for version in (1, 2, 3):
        for order in "<>":
            hand = Hand(version, order)
            hand.add("general.architecture", V.STRING, "llama")
            add_values(hand.add)
            for key, kind, value in EXTREMES:
                hand.add(f"array.{key}", [kind], [value, value])
            hand.add("nested", [[V.STRING]], [["a"], ["b", "c"]])
            hand.tensor("f32", GGMLQuantizationType.F32, [4, 2], out.bytes(32))
            hand.tensor("q4_0", GGMLQuantizationType.Q4_0, [64, 2], out.bytes(72))
            hand.tensor("scalar", GGMLQuantizationType.I32, [], out.bytes(4))
            name = f"v{version}-{'little' if order == '<' else 'big'}.gguf"
            note = f"version {version} by hand" + (", 32-bit counts and lengths" if version == 1 else "")
            record(out, out.write(name, hand.bytes()), note + (", big-endian" if order == ">" else ""))
