"""What every format's cases share: the list of cases, the records of what is in a file, and the proofs of them.

A case is a function that writes one or more files and records, from the reference package's own reading, which
tensors and which metadata are in them. Every tensor that is recorded with an offset is compared with the bytes at
that offset when its file is recorded, so a truth that does not hold never gets written.
"""

import hashlib
import importlib.util
import json
import math
import sys
import zlib
from pathlib import Path

import numpy as np

FORMATS = (
    "safetensors gguf onnx pytorch-zip pytorch-legacy torchscript pickle joblib npy npz keras hdf5 savedmodel "
    "graphdef tflite msgpack coreml openvino json"
).split()

CASES = []


class Case:
    def __init__(self, function, folder, needs, heavy):
        self.function, self.folder, self.needs, self.heavy = function, folder, needs, heavy
        self.name = f"{folder}/{function.__name__}"

    def missing(self):
        """The packages that this case needs and this Python lacks."""
        return [package for package in self.needs if importlib.util.find_spec(package) is None]


def case(folder, *, needs=(), heavy=False):
    """Registers a function that writes files below OUT_DIR/`folder` as a case."""
    assert folder in FORMATS, folder

    def register(function):
        CASES.append(Case(function, folder, needs, heavy))
        return function

    return register


class Out:
    """Where a case writes its files and its records, with random numbers of its own that are the same in every run."""

    def __init__(self, root, folder, truth, seed):
        self.root, self.folder, self.truth = Path(root), folder, truth
        self.random = np.random.default_rng(zlib.crc32(seed.encode()))
        self.recorded = 0

    def path(self, name):
        path = self.root / self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name, data):
        path = self.path(name)
        path.write_bytes(data)
        return path

    def floats(self, *shape, dtype="<f4"):
        return self.random.standard_normal(shape).astype(dtype)

    def bytes(self, count):
        return self.random.integers(0, 256, count, dtype=np.uint8).tobytes()

    def record(self, path, tensors, metadata=None, note="", *, format=None, **more):
        """One line of truth. Asserts that every placed tensor's bytes are where the record says that they are."""
        path = Path(path)
        data = path.read_bytes() if path.is_file() else b""
        for tensor in tensors:
            prove(tensor, data, path)
        line = {
            "path": path.relative_to(self.root).as_posix(),
            "format": format or self.folder,
            "tensors": [{key: plain(value) for key, value in tensor.items() if key != "_bytes"} for tensor in tensors],
            "metadata": plain(metadata or {}),
            "note": note,
        }
        assert line["format"] in FORMATS
        line.update({key: plain(value) for key, value in more.items()})
        self.truth.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
        self.recorded += 1


def prove(tensor, data, path):
    """Compares the bytes of the reference package's array with those in the file (or in the external file)."""
    expected = tensor.get("_bytes")
    offset, length = tensor.get("offset"), tensor.get("length")
    if "external" in tensor and expected is not None:
        external = tensor["external"]
        data, offset, length = (path.parent / external["file"]).read_bytes(), external["offset"], external["length"]
    if offset is None:
        return
    assert 0 <= offset and offset + length <= len(data), (path, tensor["name"], offset, length, len(data))
    if expected is not None:
        assert data[offset : offset + length] == expected, (path, tensor["name"], "not the bytes at the offset")
        assert len(expected) == length, (path, tensor["name"])


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# The records of tensors


def placed(name, dtype, shape, offset, data, **more):
    """A tensor whose bytes lie in the file at `offset`; `data` is what the reference package reads for it."""
    data = bytes(data)
    return {
        "name": name, "dtype": dtype, "shape": list(shape), "offset": offset, "length": len(data),
        "sha256": sha256(data), "_bytes": data, **more,
    }  # fmt: skip


def strided(name, dtype, shape, offset, length, strides, **more):
    """A view that is not contiguous: where its first element is, and no digest."""
    return {
        "name": name, "dtype": dtype, "shape": list(shape), "offset": offset, "length": length,
        "strides": list(strides), **more,
    }  # fmt: skip


def unplaced(name, dtype, shape, *, decoded=None, **more):
    """A tensor that has no bytes of its own in the file; `decoded` are the bytes which the reference package unpacks."""
    record = {
        "name": name,
        "dtype": dtype,
        "shape": None if shape is None else list(shape),
        "offset": None,
        "length": None,
        **more,
    }
    if decoded is not None:
        record["data_sha256"] = sha256(bytes(decoded))
    return record


def external(name, dtype, shape, file, offset, data, **more):
    """A tensor whose bytes lie in another file."""
    data = bytes(data)
    place = {"file": file, "offset": offset, "length": len(data)}
    record = unplaced(name, dtype, shape, external=place, **more)
    return {**record, "sha256": sha256(data), "_bytes": data}


def somewhere(name, dtype, shape, *, decoded=None, **more):
    """A tensor whose place cannot be known from the reference package: the record says nothing about it."""
    record = unplaced(name, dtype, shape, decoded=decoded, **more)
    del record["offset"], record["length"]
    return record


def write_index(out, name, files):
    """The JSON file beside a model's files that says which tensor is in which, and its record; `files` has their records."""
    weight_map = {tensor["name"]: file for file, tensors in files.items() for tensor in tensors}
    places = [
        external(tensor["name"], tensor["dtype"], tensor["shape"], file, tensor["offset"], tensor["_bytes"])
        for file, tensors in files.items()
        for tensor in tensors
    ]
    metadata = {"total_size": sum(tensor["external"]["length"] for tensor in places)}
    index = {"metadata": metadata, "weight_map": weight_map}
    path = out.write(name, json.dumps(index, indent=2, sort_keys=True).encode() + b"\n")
    note = f"an index of {len(files)} files; the tensors are in the files beside it"
    out.record(path, places, metadata, note, format="json", header={"weight_map": weight_map})


# Names of types

NUMPY_NAMES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8",
    "uint64": "U64", "uint32": "U32", "uint16": "U16", "uint8": "U8", "bool": "BOOL", "complex64": "C64",
    "complex128": "C128", "bfloat16": "BF16", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fnuz": "F8_E4M3FNUZ", "float8_e5m2fnuz": "F8_E5M2FNUZ", "float8_e8m0fnu": "F8_E8M0",
}  # fmt: skip


def dtype_name(dtype):
    """A numpy dtype's name in truth.jsonl: safetensors' name where it has one."""
    dtype = np.dtype(dtype)
    if dtype.name in NUMPY_NAMES:
        return NUMPY_NAMES[dtype.name]
    if dtype.hasobject:
        return "OBJECT"
    if dtype.names:
        return "STRUCT"
    return {"U": "STRING", "S": "STRING", "V": "VOID", "M": "DATETIME", "m": "TIMEDELTA", "g": "F128"}.get(
        dtype.char if dtype.char == "g" else dtype.kind, dtype.name.upper()
    )


def byteorder(dtype):
    """{"byteorder": "big"} for what is stored in that order, and nothing for all else."""
    return {"byteorder": "big"} if np.dtype(dtype).byteorder == ">" else {}


# Values that JSON can hold


def plain(value):
    """A value as JSON has it: numbers that JSON lacks by their names, bytes that are no text as {"hex"}."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return (
            plain(value.item())
            if not isinstance(value, np.void)
            else plain(list(value) if value.dtype.names else value.tobytes())
        )
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return {"hex": bytes(value).hex()}
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{type(value)} has no place in truth.jsonl")


# Zip archives


def zip_member_offset(path, info):
    """Where a stored member's bytes begin: behind its local header, whose extra field the directory does not tell."""
    with open(path, "rb") as file:
        file.seek(info.header_offset)
        header = file.read(30)
    assert header[:4] == b"PK\3\4"
    return info.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")


def log(text):
    print(text, file=sys.stderr)
