"""TensorFlow Lite's models, made without it: one flatbuffer, by the field numbers of its public schema."""

import ml_dtypes
import numpy as np

from oracle import case, dtype_name, placed, unplaced

# TensorType: numpy's type, or the bits of one that numpy lacks
TYPES = {
    0: "<f4", 1: "<f2", 2: "<i4", 3: "u1", 4: "<i8", 6: "?", 7: "<i2", 8: "<c8", 9: "i1", 10: "<f8", 11: "<c16", 12: "<u8",
    15: "<u4", 16: "<u2", 17: ("INT4", 4), 18: ml_dtypes.bfloat16, 19: ("INT2", 2), 20: ("UINT4", 4),
}  # fmt: skip
STRING, RESOURCE, VARIANT = 5, 13, 14


def type_of(code):
    if code in (STRING, RESOURCE, VARIANT):
        return "STRING" if code == STRING else "OBJECT"
    return TYPES[code][0] if isinstance(TYPES[code], tuple) else dtype_name(TYPES[code])


# Writing


class Builder:
    """Tables given as {field number: value}, where a value is a number with its type, or the place of something written."""

    def __init__(self):
        import flatbuffers

        self.builder = flatbuffers.Builder(1024)

    def table(self, fields, slots):
        """`fields` are {slot: (kind, value)} with kinds of flatbuffers (Uint32, Int8, Bool, ...) or "at" for an offset."""
        self.builder.StartObject(slots)
        for slot, (kind, value) in fields.items():
            if kind == "at":
                self.builder.PrependUOffsetTRelativeSlot(slot, value, 0)
            else:
                getattr(self.builder, f"Prepend{kind}Slot")(slot, value, 0 if kind != "Bool" else False)
        return self.builder.EndObject()

    def tables(self, places):
        self.builder.StartVector(4, len(places), 4)
        for place in reversed(places):
            self.builder.PrependUOffsetTRelative(place)
        return self.builder.EndVector()

    def vector(self, values, dtype, align=None):
        raw = np.asarray(values, dtype).tobytes()
        size = np.dtype(dtype).itemsize
        self.builder.StartVector(size, len(raw) // size, align or size)
        self.builder.head = self.builder.Head() - len(raw)
        self.builder.Bytes[self.builder.Head() : self.builder.Head() + len(raw)] = raw
        return self.builder.EndVector()

    def text(self, value):
        return self.builder.CreateString(value)


def model(tensors, *, subgraphs=None, description="made for tests", metadata=None, version=3, external=False):
    """`tensors` are {name: (type, shape, bytes or None, more)}; `subgraphs` several of such. Data may lie behind the buffer."""
    b = Builder()
    graphs = subgraphs or [tensors]
    blobs = [b""]  # By agreement the first buffer is empty
    numbers = []
    for graph in graphs:
        numbers.append([])
        for _, (_, _, raw, more) in graph.items():
            if raw is None:
                numbers[-1].append(0)
            elif "same_as" in more:
                numbers[-1].append(more["same_as"])
            else:
                blobs.append(raw)
                numbers[-1].append(len(blobs) - 1)
    first = len(blobs)
    blobs += [value for value in (metadata or {}).values()]
    places, at, behind = [], 0, []
    for raw in blobs:
        if external and raw:
            # Offsets are told when the size of the flatbuffer is known; it does not depend on them
            places.append(b.table({1: ("Uint64", external + at), 2: ("Uint64", len(raw))}, 3))
            behind.append(raw.ljust(-(-len(raw) // 16) * 16, b"\0"))
            at += len(behind[-1])
        elif raw:
            places.append(b.table({0: ("at", b.vector(np.frombuffer(raw, "u1"), "u1", 16))}, 3))
        else:
            places.append(b.table({}, 3))
    buffers = b.tables(places)
    made = []
    for graph, buffer_numbers in zip(graphs, numbers):
        written = []
        for (name, (code, shape, _, more)), number in zip(graph.items(), buffer_numbers):
            fields = {1: ("Int8", code), 2: ("Uint32", number), 3: ("at", b.text(name))}
            if shape is not None:
                fields[0] = ("at", b.vector(shape, "<i4"))
            if "scale" in more:
                scale, zero = b.vector(more["scale"], "<f4"), b.vector(more["zero"], "<i8")
                fields[4] = (
                    "at",
                    b.table({2: ("at", scale), 3: ("at", zero), 6: ("Int32", more.get("dimension", 0))}, 7),
                )
            if "signature" in more:
                fields[7] = ("at", b.vector(more["signature"], "<i4"))
            if more.get("variable"):
                fields[5] = ("Bool", True)
            written.append(b.table(fields, 10))
        listed = b.tables(written)
        ends = b.vector([0], "<i4"), b.vector([len(graph) - 1], "<i4")
        operator = (
            b.tables([b.table({1: ("at", b.vector([0, 1], "<i4")), 2: ("at", b.vector([len(graph) - 1], "<i4"))}, 9)])
            if len(graph) > 1
            else b.tables([])
        )
        made.append(
            b.table(
                {
                    0: ("at", listed),
                    1: ("at", ends[0]),
                    2: ("at", ends[1]),
                    3: ("at", operator),
                    4: ("at", b.text(f"graph {len(made)}")),
                },
                5,
            )
        )
    fields = {0: ("Uint32", version), 2: ("at", b.tables(made)), 4: ("at", buffers), 3: ("at", b.text(description))}
    custom = b.text("größe.Custom")
    codes = [
        b.table({0: ("Int8", 9), 2: ("Int32", 1), 3: ("Int32", 9)}, 4),
        b.table({0: ("Int8", 32), 1: ("at", custom), 3: ("Int32", 32)}, 4),
    ]
    fields[1] = ("at", b.tables(codes))
    if metadata:
        names = [b.table({0: ("at", b.text(name)), 1: ("Uint32", first + i)}, 2) for i, name in enumerate(metadata)]
        fields[6] = ("at", b.tables(names))
    b.builder.Finish(b.table(fields, 8), b"TFL3")
    data = bytes(b.builder.Output())
    data = data.ljust(-(-len(data) // 16) * 16, b"\0") if external else data
    return data + b"".join(behind)


# Reading


class View:
    """A table in a flatbuffer."""

    def __init__(self, data, at):
        from flatbuffers.table import Table

        self.data, self.table = data, Table(data, at)

    def at(self, slot):
        return self.table.Offset(4 + 2 * slot)

    def number(self, slot, kind, default=0):
        from flatbuffers import number_types

        offset = self.at(slot)
        return self.table.Get(getattr(number_types, f"{kind}Flags"), offset + self.table.Pos) if offset else default

    def text(self, slot):
        offset = self.at(slot)
        return self.table.String(offset + self.table.Pos).decode() if offset else None

    def child(self, slot):
        offset = self.at(slot)
        return View(self.data, self.table.Indirect(offset + self.table.Pos)) if offset else None

    def children(self, slot):
        offset = self.at(slot)
        if not offset:
            return []
        start = self.table.Vector(offset)
        return [View(self.data, self.table.Indirect(start + 4 * i)) for i in range(self.table.VectorLen(offset))]

    def numbers(self, slot, dtype):
        offset = self.at(slot)
        if not offset:
            return None
        return np.frombuffer(self.data, dtype, self.table.VectorLen(offset), self.table.Vector(offset)).tolist()

    def bytes(self, slot):
        """Where a vector of bytes lies, and its length."""
        offset = self.at(slot)
        return (self.table.Vector(offset), self.table.VectorLen(offset)) if offset else (None, 0)


def root(data):
    return View(data, int.from_bytes(data[:4], "little"))


def describe(data):
    """The records of the tensors that have data, what the file says of itself, and the tensors without data."""
    top = root(data)
    buffers = []
    for buffer in top.children(4):
        place, length = buffer.bytes(0)
        if not length and buffer.number(1, "Uint64") > 1:
            place, length = buffer.number(1, "Uint64"), buffer.number(2, "Uint64")
        buffers.append((place, length))
    tensors, others = [], []
    for index, graph in enumerate(top.children(2)):
        for tensor in graph.children(0):
            code, name = tensor.number(1, "Int8"), tensor.text(3) or ""
            place, length = buffers[tensor.number(2, "Uint32")]
            shape = tensor.numbers(0, "<i4") or []
            more = {"subgraph": index}
            quantization = tensor.child(4)
            if quantization is not None and quantization.numbers(2, "<f4"):
                more["scale"], more["zero_point"] = quantization.numbers(2, "<f4"), quantization.numbers(3, "<i8")
                more["quantized_dimension"] = quantization.number(6, "Int32")
            if not length:
                others.append(
                    {"name": name, "dtype": type_of(code), "shape": tensor.numbers(7, "<i4") or shape, **more}
                )
            elif code == STRING:
                tensors.append(unplaced(name, "STRING", shape, strings=texts(data[place : place + length]), **more))
            else:
                tensors.append(placed(name, type_of(code), shape, place, data[place : place + length], **more))
    # The converter pads what it puts here to a multiple of sixteen
    metadata = {}
    for entry in top.children(6):
        place, length = buffers[entry.number(1, "Uint32")]
        metadata[entry.text(0)] = data[place : place + length].rstrip(b"\0") if length else b""
    header = {
        "version": top.number(0, "Uint32"),
        "description": top.text(3),
        "activations": others,
        "subgraphs": [g.text(4) for g in top.children(2)],
    }
    return tensors, metadata, header


def texts(raw):
    count = int.from_bytes(raw[:4], "little")
    ends = np.frombuffer(raw, "<i4", count + 1, 4)
    return [raw[a:b] for a, b in zip(ends, ends[1:])]


def pack_texts(items):
    at = 4 * (len(items) + 2)
    offsets = [at]
    for item in items:
        offsets.append(offsets[-1] + len(item))
    return np.array([len(items), *offsets], "<i4").tobytes() + b"".join(items)


def save(out, name, data, note):
    path = out.write(name, data)
    tensors, metadata, header = describe(data)
    out.record(path, tensors, metadata, note, header=header)


# Cases


def sample(out, code, shape=(3, 5)):
    kind = TYPES[code]
    if isinstance(kind, tuple):
        return out.bytes(-(-int(np.prod(shape)) * kind[1] // 8))
    if kind == "?":
        return out.random.integers(0, 2, shape).astype("?").tobytes()
    return (out.floats(*shape) ** 2 * 20).astype(kind).tobytes()


@case("tflite", needs=("flatbuffers",))
def models(out):
    x, y = ("x", (0, [1, 4], None, {"signature": [-1, 4]})), ("y", (0, [1, 3], None, {}))
    types = {f"t{code}": (code, [3, 5], sample(out, code), {}) for code in TYPES}
    types["texts"] = (STRING, [3], pack_texts([b"a", b"", "größe".encode()]), {})
    save(out, "types.tflite", model(dict([x, *types.items(), y])), "every type, those of less than a byte among them")
    weights = {"w": (9, [3, 4], out.bytes(12), {"scale": [0.1, 0.2, 0.3], "zero": [0, 0, 0], "dimension": 0}),
               "b": (2, [3], out.floats(3).tobytes(), {"scale": [0.5], "zero": [3]}), "w again": (9, [3, 4], b"", {"same_as": 1}),
               "state": (0, [1, 8], None, {"variable": True})}  # fmt: skip
    metadata = {"min_runtime_version": b"2.3.0", "TFLITE_METADATA": "größe".encode(), "empty": b""}
    save(
        out,
        "quantized.tflite",
        model(dict([x, *weights.items(), y]), metadata=metadata),
        "quantisation, a buffer of two tensors, metadata",
    )
    odd = {"": (0, [2], out.floats(2).tobytes(), {}), "größe/层": (0, [], out.floats(1).tobytes(), {}), "no shape": (0, None, out.floats(1).tobytes(), {}),
           "none": (0, [0], None, {}), "n" * 2000: (0, [1], out.floats(1).tobytes(), {})}  # fmt: skip
    save(out, "odd.tflite", model(odd, description=""), "odd names, scalars, no shape, no size")
    parts = [
        {"x": (0, [2], None, {}), "a": (0, [2], out.floats(2).tobytes(), {})},
        {"a": (0, [3], out.floats(3).tobytes(), {})},
    ]
    save(out, "subgraphs.tflite", model(None, subgraphs=parts), "two graphs with tensors of the same name")
    tensors = {f"w{i}": (0, [4, 4], out.floats(4, 4).tobytes(), {}) for i in range(3)}
    size = -(-len(model(tensors, external=1 << 20)) // 16) * 16 - 3 * 64
    save(
        out,
        "behind.tflite",
        model(tensors, external=size),
        "data behind the flatbuffer, as models of more than 2 GiB have it",
    )
    many = {f"layer_{i}/kernel": (0, [2, 2], out.floats(2, 2).tobytes(), {}) for i in range(300)}
    save(out, "many.tflite", model(many), "300 tensors")
    save(out, "nothing.tflite", model({}), "a graph without tensors")
