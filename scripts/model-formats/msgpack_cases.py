"""Flax's files: msgpack, in which arrays are of an extension type."""

import ml_dtypes
import msgpack
import numpy as np

from oracle import case, dtype_name, placed, unplaced

ARRAY, COMPLEX, SCALAR = 1, 2, 3


# Writing, by what Flax documents


def array_bytes(array):
    return msgpack.packb((array.shape, array.dtype.name, array.tobytes("C")), use_bin_type=True)


def extension(value):
    if isinstance(value, np.ndarray):
        return msgpack.ExtType(ARRAY, array_bytes(value))
    if isinstance(value, np.generic):
        return msgpack.ExtType(SCALAR, array_bytes(np.asarray(value)))
    if isinstance(value, complex):
        return msgpack.ExtType(COMPLEX, msgpack.packb((value.real, value.imag)))
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value))


def dumps(value):
    return msgpack.packb(value, default=extension, strict_types=True)


# Reading


class Found:
    """An array, and where the extension lies in which it is."""

    def __init__(self, code, payload, place):
        shape, name, raw = msgpack.unpackb(payload, raw=False, strict_map_key=False)
        self.code, self.shape, self.raw = code, shape, bytes(raw)
        self.dtype = np.dtype(getattr(ml_dtypes, name)) if hasattr(ml_dtypes, name) else np.dtype(name)
        self.offset = place + len(payload) - len(self.raw)
        assert np.frombuffer(self.raw, self.dtype).size == np.prod(shape, dtype=int)


def load(data):
    at = 0

    def unpacked(code, payload):
        nonlocal at
        if code == COMPLEX:
            return complex(*msgpack.unpackb(payload))
        if code not in (ARRAY, SCALAR):
            return msgpack.ExtType(code, payload)
        # Extensions come up in the order of the file; each has its shape and type before its bytes
        place = data.index(payload, at)
        at = place + len(payload)
        return Found(code, payload, place)

    return msgpack.unpackb(data, ext_hook=unpacked, raw=False, strict_map_key=False)


def records(value, path=()):
    if isinstance(value, Found):
        more = {"numpy_scalar": True} if value.code == SCALAR else {}
        yield placed(".".join(path), dtype_name(value.dtype), value.shape, value.offset, value.raw, **more)
    elif isinstance(value, dict) and "__msgpack_chunked_array__" in value:
        chunks = [value["chunks"][str(i)] for i in range(len(value["chunks"]))]
        shape = [value["shape"][str(i)] for i in range(len(value["shape"]))]
        places = [{"offset": chunk.offset, "length": len(chunk.raw)} for chunk in chunks]
        raw = b"".join(chunk.raw for chunk in chunks)
        yield unplaced(".".join(path), dtype_name(chunks[0].dtype), shape, decoded=raw, parts=places)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from records(item, path + (str(key),))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from records(item, path + (str(index),))


def save(out, name, value, note, data=None):
    data = dumps(value) if data is None else data
    path = out.write(name, data)
    out.record(path, list(records(load(data))), {}, note)


@case("msgpack")
def flax_like(out):
    params = {f"layer_{i}": {"kernel": out.floats(3, 2), "bias": out.floats(2)} for i in range(3)}
    save(
        out,
        "flax_model.msgpack",
        {"params": params, "step": 7, "opt_state": {"0": {"count": np.int32(3), "mu": {"w": out.floats(2)}}, "1": {}}},
        "parameters and an optimiser's state; a numpy scalar",
    )
    codes = (
        "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 complex64 complex128".split()
    )
    types = {code: (out.floats(3, 4) ** 2 * 20).astype(code) for code in codes}
    types.update(
        {
            name: out.floats(5).astype(getattr(ml_dtypes, name))
            for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz")
        }
    )
    save(out, "types.msgpack", types, "every type")
    save(out, "bare.msgpack", out.floats(4, 4), "a bare array")
    save(out, "nothing.msgpack", {}, "an empty dictionary: one byte")
    shapes = {
        "scalar": np.array(2.5),
        "none": np.zeros([0], np.float32),
        "hollow": np.zeros([2, 0, 3], np.int8),
        "deep": np.zeros([1] * 20, np.int8),
    }
    save(out, "shapes.msgpack", shapes, "scalars and arrays of no size")
    sizes = {f"{n}": np.frombuffer(out.bytes(n), np.uint8) for n in (1, 2, 3, 4, 8, 15, 16, 200, 255, 256, 300, 70000)}
    save(out, "sizes.msgpack", sizes, "extensions and strings of bytes of every length of length")
    odd = {
        "": {"": out.floats(1)},
        "größe": out.floats(2),
        "a.b/c": out.floats(2),
        "x" * 300: out.floats(1),
        "y" * 70000: out.floats(1),
    }
    odd.update({"list": [out.floats(2), (out.floats(3), "text")], "complex": 1 + 2j, "none": None, "flag": True, "float": 1.5, "bytes": b"\xff" * 40,
                "numbers": [0, 127, 128, 255, 256, 65535, 65536, 2**32, 2**63, -1, -32, -33, -128, -129, -32769, -(2**31) - 1, -(2**63)]})  # fmt: skip
    save(out, "odd.msgpack", odd, "odd names, lists, and values of every kind of msgpack")
    save(
        out,
        "wide.msgpack",
        {f"k{i}": np.float32(i) for i in range(70000 // 100)} | {"w": out.floats(2)},
        "a map of more than 16 entries",
    )
    chunks = out.floats(3, 5)
    flat = chunks.reshape(-1)
    large = {
        "__msgpack_chunked_array__": True,
        "shape": {"0": 3, "1": 5},
        "chunks": {str(i): flat[i * 4 : i * 4 + 4] for i in range(4)},
    }
    save(
        out,
        "chunked.msgpack",
        {"params": {"large": large, "small": out.floats(2)}},
        "an array in parts, as Flax writes those of more than 1 GiB",
    )
    unknown = msgpack.packb(
        {
            "time": msgpack.Timestamp(1, 2),
            "other": msgpack.ExtType(42, b"abc"),
            "w": msgpack.ExtType(ARRAY, array_bytes(out.floats(2))),
        }
    )
    save(out, "extensions.msgpack", None, "extensions of other types, a time among them", unknown)
    keys = msgpack.packb(
        {
            1: msgpack.ExtType(ARRAY, array_bytes(out.floats(2))),
            None: 2,
            -5: {2.5: msgpack.ExtType(ARRAY, array_bytes(out.floats(3)))},
        }
    )
    save(out, "keys.msgpack", None, "keys that are no text", keys)
