"""TensorFlow's graphs, saved models and checkpoints, made without it from the messages that it documents."""

import struct

import ml_dtypes
import numpy as np

import wire
from oracle import case, dtype_name, external, placed, unplaced

# DataType: number, numpy's type, and the field of TensorProto that has the values one by one
TYPES = {
    1: ("<f4", 5), 2: ("<f8", 6), 3: ("<i4", 7), 4: ("u1", 7), 5: ("<i2", 7), 6: ("i1", 7), 8: ("<c8", 9), 9: ("<i8", 10), 10: ("?", 11),
    14: (ml_dtypes.bfloat16, 13), 17: ("<u2", 7), 18: ("<c16", 12), 19: ("<f2", 13), 22: ("<u4", 16), 23: ("<u8", 17),
    24: (ml_dtypes.float8_e5m2, 18), 25: (ml_dtypes.float8_e4m3fn, 18),
}  # fmt: skip
STRING, QINT8, RESOURCE = 7, 11, 20
CODES = {dtype_name(dtype): code for code, (dtype, _) in TYPES.items()}


def type_of(code):
    if code in TYPES:
        return dtype_name(TYPES[code][0])
    return {STRING: "STRING", 11: "I8", 12: "U8", 13: "I32", 15: "I16", 16: "U16"}.get(code, "OBJECT")


# Writing messages


def shape_message(shape):
    if shape is None:
        return wire.field(3, 1)
    return b"".join(wire.field(2, wire.field(1, n) if n else b"") for n in shape)


def tensor_message(code, shape, content=None, values=b""):
    """A TensorProto with all bytes in tensor_content, or with fields that are given."""
    message = wire.field(1, code) + wire.field(2, shape_message(shape))
    return message + (wire.field(4, content) if content is not None else b"") + values


def content_tensor(array):
    array = np.asarray(array)
    return tensor_message(CODES[dtype_name(array.dtype)], array.shape, array.tobytes())


def typed_tensor(array, shape=None):
    """A TensorProto with its values in the field of their type; one value stands for all of a larger shape."""
    array = np.asarray(array)
    code = CODES[dtype_name(array.dtype)]
    number = TYPES[code][1]
    flat = array.reshape(-1)
    if number in (5, 6, 9, 12):
        values = wire.field(number, flat.tobytes())
    elif number == 13:
        values = wire.packed(13, flat.view("<u2").tolist())
    elif number == 18:
        values = wire.field(18, flat.tobytes())
    else:
        values = wire.packed(number, [int(value) for value in flat])
    return tensor_message(code, array.shape if shape is None else shape, values=values)


def text_tensor(texts, shape):
    return tensor_message(STRING, shape, values=b"".join(wire.field(8, text) for text in texts))


def node(name, op, inputs=(), attributes=None):
    message = wire.field(1, name) + wire.field(2, op) + b"".join(wire.field(3, i) for i in inputs)
    return message + b"".join(wire.entry(5, key, value) for key, value in (attributes or {}).items())


def constant(name, tensor):
    code = wire.integer(tensor, wire.content(tensor, 0, len(tensor), 1))
    return node(name, "Const", (), {"value": wire.field(8, tensor), "dtype": wire.field(6, code)})


def graph(nodes, functions=()):
    library = b"".join(wire.field(1, f) for f in functions)
    return (
        b"".join(wire.field(1, n) for n in nodes)
        + (wire.field(2, library) if functions else b"")
        + wire.field(4, wire.field(1, 1882))
    )


def function(name, nodes):
    return wire.field(1, wire.field(1, name)) + b"".join(wire.field(3, n) for n in nodes)


# Reading graphs


def constants(data, begin, end, array_of):
    """The records of a graph's constants; `array_of(name, message)` gives the values of a tensor that is no text."""
    for at, stop in wire.only(data, begin, end, 1):
        yield from constant_record(data, at, stop, array_of, [])
    for library in wire.only(data, begin, end, 2):
        for f in wire.only(data, *library, 1):
            name = wire.text(data, wire.inner(data, *f, 1, 1))
            for at, stop in wire.only(data, *f, 3):
                yield from constant_record(data, at, stop, array_of, [name])


def constant_record(data, begin, end, array_of, scope):
    if wire.text(data, wire.content(data, begin, end, 2)) != "Const":
        return
    name = wire.text(data, wire.content(data, begin, end, 1))
    for at, stop in wire.only(data, begin, end, 5):
        if wire.text(data, wire.content(data, at, stop, 1)) != "value":
            continue
        tensor = wire.inner(data, at, stop, 2, 8)
        code = wire.integer(data, wire.content(data, *tensor, 1))
        dims = wire.content(data, *tensor, 2)
        shape = [wire.integer(data, wire.content(data, *d, 1)) for d in wire.only(data, *dims, 2)] if dims else []
        more = {"scope": scope} if scope else {}
        if code == STRING:
            texts = [data[a:b] for a, b in wire.only(data, *tensor, 8)]
            yield unplaced(name, "STRING", shape, strings=texts, **more)
            continue
        raw = array_of(name, data[tensor[0] : tensor[1]])
        content = wire.content(data, *tensor, 4)
        if content and content[1] > content[0]:
            yield placed(name, type_of(code), shape, content[0], raw, **more)
        else:
            yield unplaced(name, type_of(code), shape, decoded=raw, **more)


# Tables and bundles: a checkpoint's index


def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    return table


CRC = crc_table()


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def block(entries, restart_every=16):
    """A block of a sorted table, in which keys leave out what they share with the one before."""
    data, restarts, previous = b"", [], b""
    for index, (key, value) in enumerate(entries):
        shared = 0
        if index % restart_every == 0:
            restarts.append(len(data))
        else:
            while shared < min(len(key), len(previous)) and key[shared] == previous[shared]:
                shared += 1
        data += (
            wire.encode_varint(shared)
            + wire.encode_varint(len(key) - shared)
            + wire.encode_varint(len(value))
            + key[shared:]
            + value
        )
        previous = key
    restarts = restarts or [0]
    return data + b"".join(struct.pack("<I", r) for r in restarts) + struct.pack("<I", len(restarts))


def table(entries, per_block=50):
    """A table with its entries in blocks of at most `per_block`."""
    data, index = b"", []

    def add(content):
        nonlocal data
        handle = wire.encode_varint(len(data)) + wire.encode_varint(len(content))
        data += content + b"\0" + struct.pack("<I", masked_crc(content + b"\0"))
        return handle

    for i in range(0, len(entries), per_block):
        part = entries[i : i + per_block]
        index.append((part[-1][0], add(block(part))))
    meta = add(block([]))
    footer = (meta + add(block(index, 1))).ljust(40, b"\0")
    return data + footer + struct.pack("<Q", 0xDB4775248B80FB57)


def bundle(out, prefix, variables, shards=1, per_block=50):
    """A checkpoint's files; returns the records of its tensors, which are in the data files."""
    header = wire.field(1, shards) + wire.field(3, wire.field(1, 1))
    blobs, entries, records = [b""] * shards, [(b"", header)], []
    for index, name in enumerate(sorted(variables, key=str.encode)):
        array, shard = variables[name], index % shards
        if isinstance(array, list):
            # Texts: their lengths, a checksum of the lengths, then the texts
            lengths = b"".join(wire.encode_varint(len(text)) for text in array)
            summed = masked_crc(b"".join(struct.pack("<I", len(text)) for text in array))
            raw, code, shape = lengths + struct.pack("<I", summed) + b"".join(array), STRING, [len(array)]
        else:
            raw, code, shape = array.tobytes(), CODES[dtype_name(array.dtype)], array.shape
        entry = wire.field(1, code) + wire.field(2, shape_message(shape)) + (wire.field(3, shard) if shard else b"")
        entry += (wire.field(4, len(blobs[shard])) if blobs[shard] else b"") + wire.field(5, len(raw))
        if code == STRING:
            checked = masked_crc(
                b"".join(struct.pack("<I", len(text)) for text in array) + struct.pack("<I", summed) + b"".join(array)
            )
        else:
            checked = masked_crc(raw)
        entries.append((name.encode(), entry + wire.fixed32(6, struct.pack("<I", checked))))
        file = f"{prefix.split('/')[-1]}.data-{shard:05}-of-{shards:05}"
        if code == STRING:
            records.append(unplaced(name, "STRING", shape, strings=array))
        else:
            records.append(external(name, dtype_name(array.dtype), array.shape, file, len(blobs[shard]), raw))
        blobs[shard] += raw
    for shard, blob in enumerate(blobs):
        out.write(f"{prefix}.data-{shard:05}-of-{shards:05}", blob)
    out.write(f"{prefix}.index", table(entries, per_block))
    return records


def below(records, folder):
    """The records of tensors in files of a folder, seen from beside the folder."""
    for tensor in records:
        if "external" in tensor:
            tensor = {**tensor, "external": {**tensor["external"], "file": f"{folder}/{tensor['external']['file']}"}}
        yield tensor


def tensor_info(name, code, shape):
    return wire.field(1, name) + wire.field(2, code) + wire.field(3, shape_message(shape))


def signature(inputs, outputs):
    message = b"".join(wire.entry(1, key, tensor_info(*value)) for key, value in inputs.items())
    message += b"".join(wire.entry(2, key, tensor_info(*value)) for key, value in outputs.items())
    return message + wire.field(3, "tensorflow/serving/predict")


def saved_model(graphs):
    """`graphs` are (graph, tags, signatures)."""
    message = wire.field(1, 1)
    for content, tags, signatures in graphs:
        info = b"".join(wire.field(4, tag) for tag in tags) + wire.field(5, "2.16.1")
        meta = (
            wire.field(1, info)
            + wire.field(2, content)
            + b"".join(wire.entry(5, name, signature(*s)) for name, s in signatures.items())
        )
        message += wire.field(2, meta)
    return message


# Cases


def values(out, dtype, shape=(3, 4)):
    dtype = np.dtype(dtype)
    if dtype.kind == "c":
        return (out.floats(*shape) + 1j * out.floats(*shape)).astype(dtype)
    return (out.floats(*shape) ** 2 * 20).astype(dtype)


def save_graph(out, name, data, arrays, note):
    path = out.write(name, data)
    records = list(constants(data, 0, len(data), lambda name, _: np.asarray(arrays[name]).tobytes()))
    ops = [wire.text(data, wire.content(data, *n, 2)) for n in wire.only(data, 0, len(data), 1)]
    out.record(path, records, {}, note, header={"node_count": len(ops), "operators": sorted(set(ops))})


@case("graphdef")
def graphs(out):
    arrays = {f"content/{dtype_name(dtype)}": values(out, dtype) for dtype, _ in TYPES.values()}
    save_graph(
        out,
        "content.pb",
        graph([constant(n, content_tensor(a)) for n, a in arrays.items()]),
        arrays,
        "every type in tensor_content",
    )
    arrays = {f"typed/{dtype_name(dtype)}": values(out, dtype) for dtype, _ in TYPES.values()}
    save_graph(
        out,
        "typed.pb",
        graph([constant(n, typed_tensor(a)) for n, a in arrays.items()]),
        arrays,
        "every type in the field of its own",
    )
    full = {
        "splat": np.full((20, 3), 2.5, "<f4"),
        "tail": np.array([1, 2, 3, 3, 3, 3], "<i4"),
        "zeros": np.zeros((4, 4), "<f4"),
    }
    nodes = [constant("splat", typed_tensor(np.array([2.5], "<f4"), (20, 3))), constant("tail", typed_tensor(np.array([1, 2, 3], "<i4"), (6,))),
             constant("zeros", tensor_message(1, (4, 4)))]  # fmt: skip
    save_graph(
        out, "repeated.pb", graph(nodes), full, "the last value stands for all that follow it; no value at all is zero"
    )
    arrays = {
        "scalar": np.float32(1.5),
        "none": np.zeros([0], "<f4"),
        "hollow": np.zeros([2, 0], "<i8"),
        "": values(out, "<f4", (2,)),
        "größe:0": values(out, "<f4", (2,)),
    }
    nodes = [constant(n, content_tensor(a)) for n, a in arrays.items()]
    nodes += [
        constant("texts", text_tensor([b"a", "größe".encode(), b"\xff"], (3,))),
        node("x", "Placeholder", (), {"dtype": wire.field(6, 1), "shape": wire.field(7, shape_message([-1, 3]))}),
    ]
    save_graph(out, "shapes.pb", graph(nodes), arrays, "scalars, no size, texts, odd names")
    arrays = {"outer": values(out, "<f4"), "inner": values(out, "<f4")}
    data = graph(
        [constant("outer", content_tensor(arrays["outer"]))],
        [function("__inference_f_1", [constant("inner", content_tensor(arrays["inner"]))])],
    )
    save_graph(out, "functions.pb", data, arrays, "a constant in a function")
    arrays = {f"layer_{i}/kernel": values(out, "<f4", (2, 2)) for i in range(300)}
    save_graph(
        out, "many.pb", graph([constant(n, content_tensor(a)) for n, a in arrays.items()]), arrays, "300 constants"
    )


def variables(out):
    found = {f"v/{dtype_name(dtype)}/.ATTRIBUTES/VARIABLE_VALUE": values(out, dtype) for dtype, _ in TYPES.values()}
    found.update(
        {
            "scalar": np.array(2.5, "<f4"),
            "none": np.zeros([0, 3], "<f4"),
            "größe": values(out, "<f4"),
            "texts": [b"a", "größe".encode(), b""],
        }
    )
    return found


@case("savedmodel")
def checkpoints(out):
    records = bundle(out, "model.ckpt", variables(out))
    out.record(out.path("model.ckpt.index"), records, {}, "a checkpoint: an index and a file with the data")
    records = bundle(out, "sharded.ckpt", variables(out), shards=3)
    out.record(out.path("sharded.ckpt.index"), records, {}, "a checkpoint with its data in three files")
    many = {f"model/layer_{i}/kernel/.ATTRIBUTES/VARIABLE_VALUE": values(out, "<f4", (2, 2)) for i in range(300)}
    records = bundle(out, "many.ckpt", many, per_block=40)
    out.record(out.path("many.ckpt.index"), records, {}, "300 variables, whose index has several blocks")


@case("savedmodel")
def models(out):
    records = bundle(
        out, "simple/variables/variables", {k: v for k, v in variables(out).items() if not isinstance(v, list)}
    )
    kernel = values(out, "<f4")
    content = graph([constant("Const", content_tensor(kernel)), node("w", "VarHandleOp"), node("call", "StatefulPartitionedCall", ["x", "w"])],
                    [function("__inference_call_7", [constant("inner", content_tensor(kernel))])])  # fmt: skip
    signatures = {
        "serving_default": ({"x": ("serving_default_x:0", 1, (-1, 3))}, {"y": ("StatefulPartitionedCall:0", 1, None)}),
        "__saved_model_init_op": ({}, {"__saved_model_init_op": ("NoOp", 0, None)}),
    }
    data = saved_model([(content, ["serve"], signatures)])
    path = out.write("simple/saved_model.pb", data)
    meta = wire.content(data, 0, len(data), 2)
    found = list(constants(data, *wire.content(data, *meta, 2), lambda *_: kernel.tobytes()))
    for tensor in found:
        assert data[tensor["offset"] :][: tensor["length"]] == tensor.pop("_bytes")
    header = {"signatures": {"serving_default": {"inputs": {"x": {"dtype": "F32", "shape": [-1, 3]}}, "outputs": {"y": {"dtype": "F32", "shape": None}}},
                             "__saved_model_init_op": {"inputs": {}, "outputs": {"__saved_model_init_op": {"dtype": None, "shape": None}}}}}  # fmt: skip
    metadata = {"tags": ["serve"], "tensorflow_version": "2.16.1"}
    out.record(
        path,
        list(below(records, "variables")),
        metadata,
        "variables beside it, constants in its graph",
        header=header,
        constants=found,
    )
