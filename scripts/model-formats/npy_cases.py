"""numpy's own files: .npy, and .npz, which is a zip archive of them."""

import ast
import io
import re
import struct
import warnings
import zipfile

import ml_dtypes
import numpy as np
from numpy.lib import format as npy

from oracle import byteorder, case, dtype_name, placed, somewhere, unplaced, zip_member_offset


def describe(data):
    """What numpy reads in the bytes of an .npy file: the array, its header, and where its data begins."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that Python 2 wrote it
        array = np.load(io.BytesIO(data), allow_pickle=True)
    version = npy.read_magic(io.BytesIO(data))
    size = "<H" if version == (1, 0) else "<I"
    begin = 8 + struct.calcsize(size)
    start = begin + struct.unpack_from(size, data, 8)[0]
    header = literal(data[begin:start].decode("utf8" if version[0] == 3 else "latin1"))
    dtype = npy.descr_to_dtype(header["descr"])
    assert array.shape == header["shape"] and array.dtype == dtype, (array.dtype, dtype)
    return (
        array,
        dtype,
        {"version": list(version), "fortran_order": header["fortran_order"], "descr": header["descr"]},
        start,
    )


def literal(text):
    """The header's text as a value; Python 2 wrote an L behind numbers, which numpy takes away."""
    return ast.literal_eval(re.sub(r"(\d)L\b", r"\1", text).strip())


def array_record(name, data, base=0):
    """The record of the array in an .npy file that begins at `base` (or has no place, when that is None)."""
    array, dtype, header, start = describe(data)
    more = {**byteorder(dtype), "npy": header}
    kind = dtype_name(dtype)
    if dtype.hasobject:
        return somewhere(name, kind, array.shape, **more), header
    if header["fortran_order"]:
        more["order"] = "F"
    values = array.tobytes("F" if header["fortran_order"] else "C")
    if dtype.names:
        # What is in the gaps between fields is not kept by numpy's copies, so that the fields are compared
        values = data[start : start + array.nbytes]
        assert (np.frombuffer(values, dtype).reshape(array.shape) == array).all()
    if base is None:
        return unplaced(name, kind, array.shape, decoded=array.tobytes("C"), **more), header
    return placed(name, kind, array.shape, base + start, values, **more), header


def save(out, name, data, note):
    path = out.write(name, data)
    record, header = array_record("", data)
    del record["npy"]
    out.record(path, [record], {}, note, header=header)


def encode(array, version=None):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it had to be version 2 or 3
        npy.write_array(file, np.asanyarray(array), version=version)
    return file.getvalue()


def by_hand(text, data, version=(1, 0), pad=True):
    raw = text.encode("utf8" if version[0] == 3 else "latin1")
    size = "<H" if version[0] == 1 else "<I"
    prefix = b"\x93NUMPY" + bytes(version)
    if pad:
        raw += b" " * (-(len(prefix) + struct.calcsize(size) + len(raw) + 1) % 64) + b"\n"
    return prefix + struct.pack(size, len(raw)) + raw + data


@case("npy")
def types(out):
    codes = "? i1 u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16 >i2 >u2 >i4 >u4 >i8 >u8 >f2 >f4 >f8 >c8 >c16".split()
    for code in codes:
        array = (
            out.random.integers(0, 2, (3, 4)).astype(code) if code == "?" else (out.floats(3, 4) ** 2 * 20).astype(code)
        )
        save(
            out,
            f"{code.replace('<', 'little-').replace('>', 'big-').replace('?', 'bool')}.npy",
            encode(array),
            f"type {code}",
        )
    save(out, "longdouble.npy", encode(np.zeros(3, np.longdouble)), "the machine's long double")
    save(
        out,
        "bfloat16.npy",
        encode(out.floats(4).astype(ml_dtypes.bfloat16)),
        "bfloat16, which numpy writes as two bytes without a type",
    )
    save(
        out,
        "float8.npy",
        encode(out.floats(4).astype(ml_dtypes.float8_e4m3fn)),
        "float8, which numpy writes as bytes without a type",
    )


@case("npy")
def shapes(out):
    save(out, "scalar.npy", encode(np.float32(2.5)), "shape ()")
    save(out, "one.npy", encode(out.floats(1)), "shape (1,)")
    save(out, "none.npy", encode(np.zeros([0], np.float32)), "shape (0,)")
    save(out, "hollow.npy", encode(np.zeros([2, 0, 3], np.int16)), "shape (2, 0, 3)")
    save(out, "hollow-fortran.npy", encode(np.zeros([2, 0, 3], np.int16, "F")), "shape (2, 0, 3) in Fortran order")
    save(out, "fortran.npy", encode(np.asfortranarray(out.floats(3, 4, 2))), "Fortran order")
    save(out, "fortran-big.npy", encode(np.asfortranarray(out.floats(3, 4, dtype=">f8"))), "Fortran order, big-endian")
    save(out, "strided.npy", encode(out.floats(6, 6)[::2, 1:4]), "written from a view")
    save(out, "deep.npy", encode(np.zeros([1] * 32, np.int8)), "32 dimensions")


@case("npy")
def versions(out):
    for version in ((1, 0), (2, 0), (3, 0)):
        save(out, f"version-{version[0]}.npy", encode(out.floats(3, 2), version), f"format version {version[0]}")
    wide = np.zeros(2, [(f"field {i:05} {'x' * 20}", "<f4") for i in range(1500)])
    save(out, "version-2-long.npy", encode(wide), "1500 fields: a header of more than 65535 bytes, which is version 2")
    named = np.array([(1, 2.5), (3, 4.5)], [("größe", "<i4"), ("层", "<f8")])
    save(out, "version-3-names.npy", encode(named), "field names that need UTF-8, which is version 3")


@case("npy")
def structures(out):
    plain = np.array([(1, 2.5, b"abc"), (2, 3.5, b"de")], [("a", "<i4"), ("b", ">f8"), ("c", "S5")])
    save(out, "struct.npy", encode(plain), "fields of several types and byte orders")
    nested = np.zeros((2, 2), [("m", "<f4", (2, 3)), ("n", [("x", "u1"), ("y", "<c8")])])
    save(out, "struct-nested.npy", encode(nested), "fields with shapes and with fields")
    aligned = np.zeros(2, np.dtype([("a", "u1"), ("b", "<f8")], align=True))
    text = repr({"descr": npy.dtype_to_descr(aligned.dtype), "fortran_order": False, "shape": aligned.shape})
    save(out, "struct-aligned.npy", by_hand(text, aligned.tobytes()), "fields with gaps")
    titled = np.zeros(2, [(("a title", "t"), "<i2"), ("u", "<u2")])
    save(out, "struct-titles.npy", encode(titled), "a field with a title")
    save(out, "bytes.npy", encode(np.array([b"a", b"abc", b""])), "strings of bytes")
    save(out, "text.npy", encode(np.array(["a", "größe", "🦊"])), "text, four bytes a character")
    save(out, "text-big.npy", encode(np.array(["a", "größe"]).astype(">U5")), "text, big-endian")
    save(out, "void.npy", encode(np.array([b"abc", b"def"], "V3")), "bytes without a type")
    save(out, "dates.npy", encode(np.array(["2020-01-01", "NaT"], "M8[D]")), "dates")
    save(out, "dates-unit.npy", encode(np.array([1, 2], "m8[25us]")), "spans of time in steps of 25 microseconds")


@case("npy")
def objects(out):
    save(
        out,
        "objects.npy",
        encode(np.array([1, "two", None, [3.0], {"k": b"v"}], object)),
        "Python objects: a pickle behind the header",
    )
    inside = np.empty(2, object)
    inside[:] = [np.arange(3), out.floats(2, 2)]
    save(out, "objects-arrays.npy", encode(inside), "arrays within an array of objects")
    mixed = np.array([(1, "x")], [("n", "<i4"), ("o", "O")])
    save(out, "objects-fields.npy", encode(mixed), "a field of objects")


@case("npy")
def hand_written(out):
    data = out.floats(2, 3).tobytes()
    save(
        out,
        "key-order.npy",
        by_hand("{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4', }", data),
        "keys in another order",
    )
    save(
        out,
        "unpadded.npy",
        by_hand("{'descr':'<f4','fortran_order':False,'shape':(2,3)}", data, pad=False),
        "no padding and no line break",
    )
    save(
        out,
        "double-quotes.npy",
        by_hand('{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}', data),
        "double quotes",
    )
    text = "{\n  'descr': '<f4',\n  'fortran_order': False,\n  'shape': (\n    2, 3),\n}"
    save(out, "lines.npy", by_hand(text, data), "a header in lines")
    save(
        out,
        "old-longs.npy",
        by_hand("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", data),
        "numbers as Python 2 wrote them",
    )
    save(
        out,
        "native.npy",
        by_hand("{'descr': 'f4', 'fortran_order': False, 'shape': (6,), }", data),
        "a type without a byte order",
    )
    save(
        out,
        "equals.npy",
        by_hand("{'descr': '=f4', 'fortran_order': False, 'shape': (6,), }", data),
        "the machine's byte order",
    )
    save(
        out,
        "by-name.npy",
        by_hand("{'descr': 'float32', 'fortran_order': False, 'shape': (6,), }", data),
        "a type by its name",
    )
    save(out, "more-behind.npy", encode(out.floats(3)) + b"more bytes", "bytes behind the array")
    save(
        out,
        "two.npy",
        encode(out.floats(3)) + encode(out.floats(2)),
        "two arrays, one behind the other: numpy reads the first",
    )


# .npz


def record_npz(out, path, note):
    tensors = []
    with zipfile.ZipFile(path) as archive, np.load(path, allow_pickle=True) as loaded:
        keys = []
        for info in archive.infolist():
            data = archive.read(info)
            if not data.startswith(b"\x93NUMPY"):
                continue
            name = info.filename.removesuffix(".npy")
            keys.append(name)
            base = zip_member_offset(path, info) if info.compress_type == zipfile.ZIP_STORED else None
            tensors.append(array_record(name, data, base)[0])
            assert dtype_name(loaded[name].dtype) == tensors[-1]["dtype"]
        assert set(keys) <= set(loaded.files), (keys, loaded.files)
    out.record(path, tensors, {}, note)


def arrays(out):
    return {
        "weight": out.floats(4, 3), "bias": out.floats(4), "größe/层.0": np.arange(5), "scalar": np.float64(1.5),
        "none": np.zeros([0, 2], np.int8), "big": out.floats(3, dtype=">f4"), "fortran": np.asfortranarray(out.floats(3, 2)),
        "text": np.array(["a", "bc"]), "flags": np.array([True, False]), "struct": np.zeros(2, [("a", "<i4"), ("b", "<f8")]),
        "zeros": np.zeros([50, 50], np.float32), "x" * 300: np.int16(1),
    }  # fmt: skip


@case("npz")
def archives(out):
    path = out.path("stored.npz")
    np.savez(path, **arrays(out))
    record_npz(out, path, "stored members, each with a zip64 field in its local header; odd names")
    path = out.path("compressed.npz")
    np.savez_compressed(path, **arrays(out))
    record_npz(out, path, "deflated members")
    path = out.path("positional.npz")
    np.savez(path, out.floats(2), out.floats(3))
    record_npz(out, path, "arrays without names: arr_0, arr_1")
    path = out.path("nothing.npz")
    np.savez(path)
    record_npz(out, path, "no members: an archive of 22 bytes")
    path = out.path("objects.npz")
    np.savez(path, a=np.array([1, None], object), b=out.floats(2))
    record_npz(out, path, "an array of objects beside one of numbers")


class Unseekable(io.RawIOBase):
    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def write_members(path, members, *, streamed=False, comment=b"", prefix=b""):
    """`members` are (name, array or bytes, compression)."""
    with open(path, "wb") as file:
        file.write(prefix)
        with zipfile.ZipFile(Unseekable(file) if streamed else file, "w") as archive:
            for name, value, compression in members:
                info = zipfile.ZipInfo(name)
                info.compress_type = compression
                data = value if isinstance(value, bytes) else encode(value)
                if streamed:
                    with archive.open(info, "w", force_zip64=True) as member:
                        member.write(data)
                else:
                    archive.writestr(info, data)
            archive.comment = comment


@case("npz")
def odd_archives(out):
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    path = out.path("mixed.npz")
    members = [("a.npy", out.floats(3), stored), ("b.npy", out.floats(3), deflated), ("readme.txt", b"no array", stored), ("folder/", b"", stored),
               ("folder/c.npy", out.floats(2), stored), ("d", encode(out.floats(2)), stored)]  # fmt: skip
    write_members(path, members)
    record_npz(out, path, "stored and deflated members, other files, folders, a name without .npy")
    path = out.path("streamed.npz")
    write_members(path, [("a.npy", out.floats(3), stored), ("b.npy", out.floats(30), deflated)], streamed=True)
    record_npz(out, path, "members whose sizes are behind them, in zip64 form")
    path = out.path("comment.npz")
    write_members(path, [("a.npy", out.floats(3), stored)], comment=b"x" * 3000)
    record_npz(out, path, "a comment of 3000 bytes")
    path = out.path("methods.npz")
    write_members(path, [("bz2.npy", out.floats(9), zipfile.ZIP_BZIP2), ("lzma.npy", out.floats(9), zipfile.ZIP_LZMA)])
    record_npz(out, path, "members compressed by bzip2 and LZMA")
    path = out.path("prefixed.npz")
    write_members(path, [("a.npy", out.floats(3), stored)], prefix=b"#!/bin/sh\nexit 0\n" * 10)
    if zipfile.is_zipfile(path):
        # numpy goes by the first bytes; the archive is read from its end
        with zipfile.ZipFile(path) as archive:
            info = archive.infolist()[0]
            tensor, _ = array_record("a", archive.read(info), zip_member_offset(path, info))
        out.record(path, [tensor], {}, "bytes before the archive, which Python's zipfile skips and numpy.load does not")
    path = out.path("many.npz")
    np.savez(path, **{f"layer_{i}": out.floats(2) for i in range(300)})
    record_npz(out, path, "300 arrays")
