"""Python pickles and joblib files with numpy arrays in them."""

import bz2
import collections
import gzip
import pickle
import types
import warnings
import zlib
from unittest import mock

import joblib
import joblib.numpy_pickle
import ml_dtypes
import numpy as np

import pickling
from npy_cases import array_record, encode
from oracle import byteorder, case, dtype_name, placed, somewhere, unplaced
from pickling import Global, OldString


def arrays(value, path=(), seen=None):
    """Every numpy array with its path, through containers and objects' attributes."""
    if isinstance(value, np.ndarray):
        yield path, value
        if value.dtype == object:
            for index, item in enumerate(value.ravel()):
                yield from arrays(item, path + (str(index),))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from arrays(item, path + (str(key),))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from arrays(item, path + (str(index),))
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        yield from arrays(vars(value), path)


def order_of(array):
    return "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"


def more_of(array):
    return {**byteorder(array.dtype), **({"order": "F"} if order_of(array) == "F" else {})}


def decoded(name, array, make=unplaced, **more):
    """An array without a place; objects have no bytes to take a digest of."""
    data = None if array.dtype.hasobject else array.tobytes("C")
    return make(name, dtype_name(array.dtype), array.shape, decoded=data, **byteorder(array.dtype), **more)


def load(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pickle.loads(data, encoding="latin1")


def records(data):
    """The arrays that unpickling gives, at the strings of bytes that are theirs."""
    strings, tensors, first = pickling.byte_strings(data), [], {}
    for path, array in arrays(load(data)):
        name = ".".join(path)
        raw = None if array.dtype.hasobject else array.tobytes(order_of(array))
        if id(array) in first:
            tensors.append({**first[id(array)], "name": name, "shared_with": first[id(array)]["name"]})
            continue
        match = next((item for item in strings if item[1] == raw), None)
        if array.dtype.hasobject:
            record = decoded(name, array, somewhere)
        elif match is None:
            record = decoded(name, array)
        else:
            strings.remove(match)
            record = placed(name, dtype_name(array.dtype), array.shape, match[0], raw, **more_of(array))
        first[id(array)] = record
        tensors.append(record)
    return tensors


def save(out, name, data, note, tensors=None):
    path = out.write(name, data)
    header = {"globals": pickling.names(data), "protocol": data[1] if data[:1] == b"\x80" else None}
    out.record(path, records(data) if tensors is None else tensors, {}, note, header=header)


# Arrays as numpy before version 2 pickled them, and as Python 2 did


def old_dtype(dtype, text=str):
    dtype = np.dtype(dtype)
    code = dtype.str[1:]
    order = {"=": "<"}.get(dtype.byteorder, dtype.byteorder)
    return Global("numpy", "dtype")(text(code), 0, 1, state=(3, text(order), None, None, None, -1, -1, 0))


def old_array(array, text=str, module="numpy.core.multiarray"):
    order = order_of(array)
    raw = array.tobytes(order)
    data = OldString(raw.decode("latin1")) if text is OldString else raw
    letter = OldString("b") if text is OldString else b"b"
    state = (1, array.shape, old_dtype(array.dtype, text), order == "F", data)
    return Global(module, "_reconstruct")(Global("numpy", "ndarray"), (0,), letter, state=state)


def weights(out):
    shared = out.floats(3)
    return {
        "layers": [{"w": out.floats(3, 2), "b": shared}, {"w": out.floats(2, 2, dtype="<f8"), "b": shared}],
        "nested": {"deep": ({"x": np.arange(6).reshape(2, 3)}, [out.floats(2, dtype="<f2")])}, "epoch": 3, "name": "größe",
        "flags": np.array([True, False]), "scalar": np.array(2.5), "none": np.zeros([0], np.float32), "hollow": np.zeros([2, 0, 3], np.int8),
        "fortran": np.asfortranarray(out.floats(3, 4)), "big": out.floats(4, dtype=">f4"), "complex": np.array([1 + 2j]),
        "bytes": b"not an array", "number": np.float32(1.5), 7: np.arange(3, dtype=np.uint8), "": out.floats(1),
    }  # fmt: skip


@case("pickle")
def protocols(out):
    for protocol in range(6):
        note = f"protocol {protocol}: arrays in dictionaries, lists and tuples, one of them twice, Fortran order, big-endian, no size"
        save(out, f"protocol-{protocol}.pkl", pickle.dumps(weights(out), protocol), note)
        save(
            out, f"bare-{protocol}.pkl", pickle.dumps(out.floats(3, 2), protocol), f"protocol {protocol}: a bare array"
        )
    save(
        out,
        "large.pkl",
        pickle.dumps({"w": out.floats(150, 150), "v": out.floats(2)}, 4),
        "an array of more than 64 KiB, which is outside of the frames",
    )
    save(out, "large-5.pkl", pickle.dumps({"w": out.floats(150, 150), "v": out.floats(2)}, 5), "the same in protocol 5")
    many = {f"layer{i}": out.floats(2) for i in range(400)}
    save(out, "many.pkl", pickle.dumps(many, 4), "400 arrays")


@case("pickle")
def old_numpy(out):
    for protocol in (0, 2, 3, 4, 5):
        value = {"w": old_array(out.floats(3, 2)), "f": old_array(np.asfortranarray(out.floats(3, 2))), "i": [old_array(np.arange(4))],
                 "big": old_array(out.floats(2, dtype=">f8")), "flag": old_array(np.array([True]))}  # fmt: skip
        save(
            out,
            f"numpy-1-{protocol}.pkl",
            pickling.dumps(value, protocol),
            f"arrays as numpy 1 wrote them, protocol {protocol}",
        )
    older = {
        "w": old_array(out.floats(3, 2), module="numpy.core.multiarray"),
        "ordered": pickling.ordered({"x": old_array(out.floats(2))}),
    }
    save(out, "ordered.pkl", pickling.dumps(older, 2), "an OrderedDict")
    for protocol in (0, 1, 2):
        value = {
            OldString("w"): old_array(out.floats(3, 2), OldString),
            OldString("long"): old_array(out.floats(100), OldString),
            "text": "größe",
        }
        save(
            out,
            f"python-2-{protocol}.pkl",
            pickling.dumps(value, protocol),
            f"as Python 2 wrote it, protocol {protocol}: strings of bytes as keys and data",
        )


@case("pickle")
def kinds(out):
    codes = "? i1 u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16 >i2 >i8 >f2 >f4 >f8".split()
    value = {code: (out.floats(2, 3) ** 2 * 20).astype(code) for code in codes}
    save(out, "types.pkl", pickle.dumps(value, 4), "every type of numbers")
    value = {"bf16": out.floats(3).astype(ml_dtypes.bfloat16), "f8": out.floats(3).astype(ml_dtypes.float8_e4m3fn)}
    save(out, "ml-dtypes.pkl", pickle.dumps(value, 4), "types of ml_dtypes, which are named as classes")
    objects = np.empty(3, object)
    objects[:] = [out.floats(2), "text", None]
    value = {"objects": objects, "text": np.array(["a", "größe"]), "bytes": np.array([b"a", b"bc"]), "dates": np.array(["2020-01-01"], "M8[D]"),
             "struct": np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f8")]), "void": np.array([b"abc"], "V3")}  # fmt: skip
    save(out, "odd-types.pkl", pickle.dumps(value, 4), "objects, text, dates, fields")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = {
            "matrix": np.matrix(out.floats(2, 2)),
            "records": np.rec.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]),
        }
    save(out, "subclasses.pkl", pickle.dumps(value, 4), "subclasses of arrays")
    masked = np.ma.masked_array(out.floats(4), [0, 1, 0, 1])
    data = pickle.dumps({"masked": masked}, 4)
    place = next(item for item in pickling.byte_strings(data) if item[1] == masked.data.tobytes())
    save(
        out,
        "masked.pkl",
        data,
        "a masked array: data and mask",
        [placed("masked", "F32", [4], place[0], masked.data.tobytes())],
    )
    view = out.floats(6, 6)
    save(
        out,
        "views.pkl",
        pickle.dumps({"whole": view, "part": view[1:3, ::2], "transposed": view.T}, 5),
        "views, which are written as copies",
    )
    save(out, "containers.pkl", pickle.dumps({"ordered": collections.OrderedDict(a=out.floats(2)), "default": collections.defaultdict(list, b=[out.floats(2)]),
                                               "space": types.SimpleNamespace(c=out.floats(2)), "set": {1}, "frozen": frozenset([2]), "range": range(3)}, 4), "containers and an object")  # fmt: skip


@case("pickle")
def dangerous(out):
    """Pickles that would run something; here they are but written, and never loaded."""
    cases = {
        "system": Global("posix", "system")("true"), "system-nt": Global("nt", "system")("rem"), "eval": Global("builtins", "eval")("1 + 1"),
        "exec-py2": Global("__builtin__", "exec")("pass"), "popen": Global("subprocess", "Popen")(["true"]),
        "getattr": Global("builtins", "getattr")(Global("os", "environ"), "copy"), "attribute": Global("torch", "serialization.os.system")("true"),
        "hidden": {"w": old_array(out.floats(2)), "x": [{"y": Global("runpy", "_run_code")("pass", {})}]},
    }  # fmt: skip
    for name, value in cases.items():
        for protocol in (0, 2, 4):
            data = pickling.dumps(value, protocol)
            path = out.write(f"dangerous/{name}-{protocol}.pkl", data)
            tensors = []
            if name == "hidden":
                raw = value["w"].state[4]
                place = next((item for item in pickling.byte_strings(data) if item[1] == raw), None)
                tensors = [placed("w", "F32", [2], place[0], raw) if place else unplaced("w", "F32", [2], decoded=raw)]
            out.record(
                path,
                tensors,
                {},
                f"runs {name} when it is loaded, protocol {protocol}",
                header={"globals": pickling.names(data)},
            )
    raw = b"cposix\nsystem\n(S'true'\ntR."
    path = out.write("dangerous/by-hand.pkl", raw)
    out.record(path, [], {}, "a call by hand, without a protocol", header={"globals": ["posix.system"]})
    raw = b"\x80\x02(S'true'\niposix\nsystem\n."
    path = out.write("dangerous/inst.pkl", raw)
    out.record(path, [], {}, "a call by the opcode INST", header={"globals": ["posix.system"]})
    raw = b"\x80\x02(cposix\nsystem\nU\x04trueo."
    path = out.write("dangerous/obj.pkl", raw)
    out.record(path, [], {}, "a call by the opcode OBJ", header={"globals": ["posix.system"]})
    raw = pickling.dumps({"first": 1}) + pickling.dumps(Global("posix", "system")("true"))
    path = out.write("dangerous/second.pkl", raw)
    out.record(
        path,
        [],
        {},
        "a harmless pickle with another behind it, which pickle.load does not come to",
        header={"globals": []},
    )


# joblib


def joblib_records(path, compressed):
    """The arrays as joblib loads them; where they lie is what it maps into memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that what old versions wrote is not aligned
        mapped = joblib.load(path, mmap_mode=None if compressed else "r", ensure_native_byte_order=False)
    tensors = []
    for route, array in arrays(mapped):
        name = ".".join(route)
        if array.dtype.hasobject:
            tensors.append(decoded(name, array, somewhere))
        elif compressed:
            tensors.append(decoded(name, array))
        elif isinstance(array, np.memmap):
            raw = array.tobytes(order_of(array))
            tensors.append(placed(name, dtype_name(array.dtype), array.shape, array.offset, raw, **more_of(array)))
        else:
            tensors.append(decoded(name, array, somewhere, **({"order": "F"} if order_of(array) == "F" else {})))
    return tensors


def save_joblib(out, name, value, note, **options):
    path = out.path(name)
    # gzip and zlib streams tell when they were written
    with mock.patch("gzip.time.time", return_value=0.0), mock.patch("time.time", return_value=0.0):
        joblib.dump(value, path, **options)
    compressed = options.get("compress")
    out.record(path, joblib_records(path, compressed), {}, note, header={"compression": compression(path)})


def compression(path):
    magic = path.read_bytes()[:6]
    for name, prefix in {
        "gzip": b"\x1f\x8b",
        "bz2": b"BZ",
        "xz": b"\xfd7zXZ\0",
        "lzma": b"\x5d\0\0",
        "zlib": b"\x78",
    }.items():
        if magic.startswith(prefix):
            return name
    return None


def model(out):
    return {
        "coef": out.floats(4, 3, dtype="<f8"), "layers": [out.floats(2, 2), (np.arange(5), "text")], "fortran": np.asfortranarray(out.floats(3, 4)),
        "big": out.floats(3, dtype=">f4"), "flags": np.array([True, False, True]), "labels": np.array(["cat", "dog"]),
        "objects": np.array(["a", None, 3], object), "struct": np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f8")]), "half": out.floats(3, dtype="<f2"),
        "number": np.float64(1.5), "name": "größe", "params": {"alpha": 0.1}, "complex": np.array([1 + 2j]),
    }  # fmt: skip


@case("joblib")
def joblibs(out):
    save_joblib(
        out,
        "plain.joblib",
        model(out),
        "arrays behind their descriptions, each aligned to 16 bytes by a counted filler",
    )
    save_joblib(out, "bare.joblib", out.floats(5, 3), "a bare array")
    save_joblib(out, "no-arrays.joblib", {"a": [1, 2, "x"]}, "no arrays")
    for method in ("zlib", "gzip", "bz2", "lzma", "xz"):
        save_joblib(out, f"{method}.joblib", model(out), f"compressed by {method}", compress=(method, 3))
    save_joblib(out, "level-9.pkl.z", model(out), "compressed by zlib, as the name's ending says", compress=9)
    for protocol in (2, 3, 4, 5):
        save_joblib(
            out,
            f"protocol-{protocol}.joblib",
            {"w": out.floats(3, 2), "i": np.arange(3)},
            f"protocol {protocol}",
            protocol=protocol,
        )
    save_joblib(
        out,
        "many.joblib",
        [out.floats(i % 5 + 1) for i in range(200)],
        "200 arrays of several sizes, so with every filler",
    )
    shared = out.floats(3)
    save_joblib(
        out,
        "shared.joblib",
        {"a": shared, "b": shared, "views": [shared[1:], shared[::2]]},
        "an array twice, and views of it",
    )


@case("joblib")
def empty_arrays(out):
    """Arrays of no size cannot be mapped; what is behind them shows that they are read right."""
    path = out.path("empty.joblib")
    value = {"none": np.zeros([0], np.float32), "hollow": np.zeros([2, 0, 3], np.int8), "scalar": np.array(2.5)}
    joblib.dump(value, path)
    loaded = joblib.load(path)
    tensors = [decoded(".".join(route), array, somewhere) for route, array in arrays(loaded)]
    out.record(path, tensors, {}, "arrays of no size and a scalar array", header={"compression": None})


@case("joblib")
def old_forms(out):
    wrapper = joblib.numpy_pickle.NumpyArrayWrapper
    created = wrapper.__init__

    def unaligned(self, *arguments, **keywords):
        created(self, *arguments, **keywords)
        del self.numpy_array_alignment_bytes

    with mock.patch.object(wrapper, "__init__", unaligned):
        save_joblib(
            out,
            "unaligned.joblib",
            {"w": out.floats(3, 2), "x": np.arange(3)},
            "as versions before 1.2 wrote it: nothing between description and data",
        )

    w = out.floats(3, 2)
    out.write("split/model.pkl_01.npy", encode(w))
    place, _ = array_record("w", encode(w))
    state = {"filename": "model.pkl_01.npy", "subclass": Global("numpy", "ndarray")}
    value = {"w": pickling.new("joblib.numpy_pickle", "NDArrayWrapper", state), "epoch": 3}
    path = out.write("split/model.pkl", pickling.dumps(value, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert (joblib.load(path)["w"] == w).all()
    where = {"file": "model.pkl_01.npy", "offset": place["offset"], "length": place["length"]}
    tensor = unplaced("w", "F32", w.shape, external=where)
    out.record(
        path,
        [tensor],
        {},
        "as versions before 0.10 wrote it: arrays in .npy files beside it",
        header={"compression": None},
    )


@case("pickle")
def compressed(out):
    data = pickle.dumps({"w": out.floats(30, 3)}, 4)
    for name, packed in {
        "gzip.pkl.gz": gzip.compress(data, mtime=0),
        "bz2.pkl.bz2": bz2.compress(data),
        "zlib.pkl.z": zlib.compress(data),
    }.items():
        path = out.write(name, packed)
        tensors = [decoded(".".join(route), array) for route, array in arrays(load(data))]
        out.record(
            path,
            tensors,
            {},
            "a whole pickle in a compressed stream",
            header={"globals": pickling.names(data), "compression": name.split(".")[0]},
        )
