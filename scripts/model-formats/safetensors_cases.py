"""safetensors: a JSON header, then the tensors' bytes."""

import json
import struct

import ml_dtypes
import numpy as np
import safetensors
import safetensors.numpy

from oracle import case, placed, write_index


def parts(path):
    """The header and where the data behind it begins."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(data[8 : 8 + length]), 8 + length


def record(out, path, note):
    """What the reference package reads, each tensor at the place that the header gives it."""
    header, start = parts(path)
    tensors = [
        placed(name, tensor["dtype"], tensor["shape"], start + header[name]["data_offsets"][0], tensor["data"])
        for name, tensor in sorted(safetensors.deserialize(path.read_bytes()))
    ]
    with safetensors.safe_open(path, framework="np") as file:
        metadata = dict(sorted((file.metadata() or {}).items()))
        assert set(file.keys()) == {tensor["name"] for tensor in tensors}
    out.record(path, tensors, metadata, note, header={"data_start": start})
    return tensors


def by_hand(out, name, header, data, note):
    """A file whose header is given as text (or as a value for JSON)."""
    text = header if isinstance(header, (str, bytes)) else json.dumps(header, ensure_ascii=False)
    raw = text if isinstance(text, bytes) else text.encode()
    return record(out, out.write(name, struct.pack("<Q", len(raw)) + raw + data), note)


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@case("safetensors")
def numpy_types(out):
    types = "float64 float32 float16 int64 int32 int16 int8 uint64 uint32 uint16 uint8 bool complex64".split()
    tensors = {name: out.random.integers(0, 2, (3, 5)).astype(name) for name in types}
    path = out.path("numpy-types.safetensors")
    safetensors.numpy.save_file(tensors, path)
    record(out, path, "every type that numpy has and safetensors knows; no metadata")
    path = out.path("metadata.safetensors")
    safetensors.numpy.save_file(tensors, path, {"format": "pt"})
    record(out, path, "metadata as most files have it")
    metadata = {"format": "pt", "größe": "ü\n\"'\\ 🦊", "empty": "", "": "empty key", "json": '{"a": [1, 2]}'}
    header = {"__metadata__": metadata, "w": entry("U8", [3], 0, 3)}
    by_hand(
        out,
        "metadata-odd.safetensors",
        header,
        b"\1\2\3",
        "metadata with unicode, an empty key, an empty value and JSON as a value",
    )


@case("safetensors")
def all_types(out):
    bits = {
        "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
        "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
        "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
    }  # fmt: skip
    header, data = {}, b""
    for dtype, size in bits.items():
        count = 8 * 4 * size // 8
        header[f"t.{dtype}"] = entry(dtype, [8, 4], len(data), len(data) + count)
        data += bytes(count) if dtype == "BOOL" else out.bytes(count)
    by_hand(
        out, "all-types.safetensors", header, data, "every type of the format, those of less than a byte among them"
    )


@case("safetensors")
def ml_types(out):
    types = {"BF16": ml_dtypes.bfloat16, "F8_E4M3": ml_dtypes.float8_e4m3fn, "F8_E5M2": ml_dtypes.float8_e5m2}
    header, data = {}, b""
    for name, dtype in types.items():
        values = out.floats(4, 4).astype(dtype).tobytes()
        header[name.lower()] = entry(name, [4, 4], len(data), len(data) + len(values))
        data += values
    by_hand(out, "ml-types.safetensors", header, data, "bfloat16 and float8 with true values")


@case("safetensors")
def shapes(out):
    tensors = {
        "none": np.zeros([0], np.float32), "hollow": np.zeros([2, 0, 3], np.float16), "scalar": np.float32(2.5),
        "one": out.floats(1), "deep": out.floats(1, 1, 1, 1, 1, 1, 1, 2), "long": out.floats(1000),
    }  # fmt: skip
    path = out.path("shapes.safetensors")
    safetensors.numpy.save_file({name: np.asarray(tensor) for name, tensor in tensors.items()}, path)
    record(out, path, "tensors of no size, scalars, eight dimensions")
    path = out.path("only-empty.safetensors")
    safetensors.numpy.save_file({"a": np.zeros([0], np.int64), "b": np.zeros([0, 7], np.int8)}, path)
    record(out, path, "nothing but tensors of no size: no data at all")
    path = out.path("nothing.safetensors")
    safetensors.numpy.save_file({}, path)
    record(out, path, "no tensors")
    path = out.path("only-metadata.safetensors")
    safetensors.numpy.save_file({}, path, {"format": "np"})
    record(out, path, "metadata and no tensors")


@case("safetensors")
def names(out):
    names = [
        "", " ", ".", "..", "/", "a/b/c", "../../etc/passwd", "a.b.c.0.weight", "Größe", "层.权重", "🦊🦊", "e\u0301", "\u00e9",
        "tab\tnewline\nnul\0", 'quote"back\\slash', "\u202eright to left", "x" * 5000, "__metadata", "__metadata__ ",
        "data_offsets", "dtype", "\u2028", "\ufeffbom", "\U0010ffff",
    ]  # fmt: skip
    path = out.path("names.safetensors")
    safetensors.numpy.save_file({name: np.array([i], np.int32) for i, name in enumerate(names)}, path)
    record(out, path, "odd names: empty, long, with dots, slashes, controls, beyond the basic plane")
    header = '{"\\ud83e\\udd8a \\u00e9\\/":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0041\\b\\f":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}'
    by_hand(
        out,
        "escaped-names.safetensors",
        header,
        b"\1\2",
        "names that the header writes with escapes, a surrogate pair among them",
    )


@case("safetensors")
def headers(out):
    data = out.bytes(24)
    tensors = {"c": entry("U8", [8], 16, 24), "a": entry("I32", [2], 8, 16), "b": entry("F32", [2], 0, 8)}
    by_hand(out, "order.safetensors", tensors, data, "header in another order than the data")
    by_hand(out, "padded.safetensors", json.dumps(tensors) + " " * 3000, data, "header padded with 3000 spaces")
    by_hand(
        out,
        "unaligned.safetensors",
        json.dumps(tensors) + " " * (8 - len(json.dumps(tensors)) % 8 + 1),
        data,
        "data at an odd place",
    )
    by_hand(
        out,
        "pretty.safetensors",
        json.dumps(tensors, indent=4).replace("\n", "\r\n\t"),
        data,
        "header with line breaks and tabs",
    )
    last = {**tensors, "__metadata__": {"at": "the end"}}
    by_hand(out, "metadata-last.safetensors", last, data, "metadata behind the tensors")
    by_hand(out, "metadata-empty.safetensors", {"__metadata__": {}, **tensors}, data, "empty metadata")
    odd = '{"b":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"},"a":{"shape":[2],"data_offsets":[8,16],"dtype":"I32"},"c":{"shape":[8],"dtype":"U8","data_offsets":[16,24]}}'
    by_hand(out, "metadata-null.safetensors", {"__metadata__": None, **tensors}, data, "metadata that is null")
    by_hand(
        out, "leading-space.safetensors", " \n" + json.dumps(tensors), data, "header that does not begin with a brace"
    )
    more = {**tensors, "a": {**tensors["a"], "comment": [{"x": 1}]}}
    by_hand(out, "more-keys.safetensors", more, data, "a tensor with a key of its own, which the reference ignores")
    by_hand(out, "key-order.safetensors", odd, data, "dtype, shape and data_offsets in other orders")


@case("safetensors")
def many(out):
    tensors = {f"model.layers.{i}.self_attn.q_proj.weight": out.floats(1 + i % 3, 2) for i in range(700)}
    path = out.path("many.safetensors")
    safetensors.numpy.save_file(tensors, path, {"format": "pt"})
    record(out, path, "700 tensors")


@case("safetensors")
def sharded(out):
    weights = {f"model.layers.{i}.mlp.{name}.weight": out.floats(4, 3) for i in range(4) for name in ("up", "down")}
    files = {}
    for i in range(3):
        name = f"model-{i + 1:05}-of-00003.safetensors"
        path = out.path(f"sharded/{name}")
        safetensors.numpy.save_file(dict(list(weights.items())[i::3]), path, {"format": "pt"})
        files[name] = record(out, path, "one file of a model in three")
    write_index(out, "sharded/model.safetensors.index.json", files)
