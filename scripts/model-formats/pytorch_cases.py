"""PyTorch's files as its versions write them, made without torch: a pickle, and storages to which it refers."""

import io
import tarfile
import zipfile

import ml_dtypes
import numpy as np

import pickle_cases
import pickling
from oracle import case, dtype_name, placed, strided, unplaced, write_index, zip_member_offset
from pickling import Call, Global, Reference, ordered

# Types: storage class, torch.dtype, numpy dtype, name in truth.jsonl

STORAGES = {
    "F64": ("DoubleStorage", "float64", "<f8"), "F32": ("FloatStorage", "float32", "<f4"),
    "F16": ("HalfStorage", "float16", "<f2"), "BF16": ("BFloat16Storage", "bfloat16", ml_dtypes.bfloat16),
    "I64": ("LongStorage", "int64", "<i8"), "I32": ("IntStorage", "int32", "<i4"), "I16": ("ShortStorage", "int16", "<i2"),
    "I8": ("CharStorage", "int8", "i1"), "U8": ("ByteStorage", "uint8", "u1"), "BOOL": ("BoolStorage", "bool", "?"),
    "C64": ("ComplexFloatStorage", "complex64", "<c8"), "C128": ("ComplexDoubleStorage", "complex128", "<c16"),
}  # fmt: skip
# These have no storage class: _rebuild_tensor_v3 names their dtype
UNTYPED = {
    "U16": ("uint16", "<u2"), "U32": ("uint32", "<u4"), "U64": ("uint64", "<u8"),
    "F8_E4M3": ("float8_e4m3fn", ml_dtypes.float8_e4m3fn), "F8_E5M2": ("float8_e5m2", ml_dtypes.float8_e5m2),
    "F8_E4M3FNUZ": ("float8_e4m3fnuz", ml_dtypes.float8_e4m3fnuz), "F8_E5M2FNUZ": ("float8_e5m2fnuz", ml_dtypes.float8_e5m2fnuz),
    "F8_E8M0": ("float8_e8m0fnu", ml_dtypes.float8_e8m0fnu),
}  # fmt: skip
QUANTISED = {"qint8": ("QInt8Storage", "I8"), "quint8": ("QUInt8Storage", "U8"), "qint32": ("QInt32Storage", "I32")}

torch_utils = lambda name: Global("torch._utils", name)


class Storage:
    """Bytes that tensors share. `kind` is a name in STORAGES or UNTYPED, or one of QUANTISED."""

    def __init__(self, kind, values, location="cpu"):
        self.kind, self.location = kind, location
        self.values = np.ascontiguousarray(values).reshape(-1)
        self.key = None

    @property
    def type(self):
        if self.kind in QUANTISED:
            return Global("torch", QUANTISED[self.kind][0])
        return (
            Global("torch", STORAGES[self.kind][0])
            if self.kind in STORAGES
            else Global("torch.storage", "UntypedStorage")
        )

    @property
    def count(self):
        """What the pickle says of the size: elements, or bytes where the storage has no type."""
        return self.values.nbytes if self.kind in UNTYPED else self.values.size


class Tensor:
    """A view of a storage."""

    def __init__(self, storage, shape, offset=0, strides=None, *, wrap=None, metadata=None, old=False):
        self.storage, self.shape, self.offset = storage, tuple(shape), offset
        self.strides = tuple(strides) if strides is not None else row_major(shape)
        self.wrap, self.metadata, self.old = wrap, metadata, old

    @property
    def contiguous(self):
        expected = row_major(self.shape)
        return 0 in self.shape or all(n == 1 or a == b for n, a, b in zip(self.shape, self.strides, expected))

    def pickled(self, references):
        view = (references(self.storage), self.offset, self.shape, self.strides)
        if self.storage.kind in QUANTISED:
            scheme = (Global("torch", "per_tensor_affine"), 0.1, 2)
            call = torch_utils("_rebuild_qtensor")(*view, scheme, False, ordered({}))
        elif self.storage.kind in UNTYPED:
            call = torch_utils("_rebuild_tensor_v3")(
                *view, False, ordered({}), Global("torch", UNTYPED[self.storage.kind][0])
            )
        elif self.old:
            call = torch_utils("_rebuild_tensor")(*view)
        else:
            more = () if self.metadata is None else (self.metadata,)
            call = torch_utils("_rebuild_tensor_v2")(*view, False, ordered({}), *more)
        if self.wrap == "parameter":
            call = torch_utils("_rebuild_parameter")(call, True, ordered({}))
        elif self.wrap == "parameter with state":
            call = torch_utils("_rebuild_parameter_with_state")(call, True, ordered({}), {"tag": "x"})
        return call

    def record(self, name, place, order):
        """What is known of it, when its storage begins at `place` (or has no place)."""
        kind = self.storage.kind
        dtype = QUANTISED[kind][1] if kind in QUANTISED else kind
        size = self.storage.values.itemsize
        more = {"quantized": kind} if kind in QUANTISED else {}
        if not self.contiguous:
            length = int(np.prod(self.shape)) * size
            if place is None:
                return unplaced(name, dtype, self.shape, strides=list(self.strides), **more)
            return strided(name, dtype, self.shape, place + self.offset * size, length, self.strides, **more)
        data = self.storage.values[self.offset : self.offset + int(np.prod(self.shape))]
        if place is None:
            return unplaced(name, dtype, self.shape, decoded=data.tobytes(), **more)
        if order == "big" and size > 1:
            more["byteorder"] = "big"
        return placed(name, dtype, self.shape, place + self.offset * size, swapped(data, order).tobytes(), **more)


class Sparse:
    """A tensor of indices and values: coordinates, or rows pressed together."""

    def __init__(self, layout, shape, parts):
        self.layout, self.shape, self.parts = layout, tuple(shape), parts

    def pickled(self, references):
        size = Global("torch", "Size")(self.shape)
        layout = Global("torch.serialization", "_get_layout")(f"torch.{self.layout}")
        more = (True,) if self.layout == "sparse_coo" else ()
        tensors = tuple(part.pickled(references) for part in self.parts.values())
        return torch_utils("_rebuild_sparse_tensor")(layout, (*tensors, size, *more))


def row_major(shape):
    strides, step = [], 1
    for n in reversed(shape):
        strides.insert(0, step)
        step *= max(n, 1)
    return tuple(strides)


def swapped(values, order):
    if order != "big":
        return values
    if values.dtype.kind == "c":
        return values.view("<f4" if values.itemsize == 8 else "<f8").byteswap()
    return values.view(f"u{values.itemsize}").byteswap()


def tensor(values, kind=None, **more):
    """A tensor with a storage of its own."""
    values = np.asarray(values)
    return Tensor(Storage(kind or dtype_name(values.dtype), values), values.shape, **more)


# Walks


def leaves(value, path=()):
    """Every tensor with its path, through containers, calls' items and objects' states."""
    if isinstance(value, (Tensor, Sparse)):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, path + (str(key),))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from leaves(item, path + (str(index),))
    elif isinstance(value, Call):
        for index, item in enumerate(value.items or []):
            yield from leaves(item, path + (str(index),))
        for key, item in value.pairs or []:
            yield from leaves(item, path + (str(key),))
        yield from leaves(value.state, path)


def storages(value):
    """The storages in the order in which the pickle comes upon them, each once."""
    found = []
    for _, leaf in leaves(value):
        for part in leaf.parts.values() if isinstance(leaf, Sparse) else [leaf]:
            if part.storage not in found:
                found.append(part.storage)
    return found


def converted(value, references, memo):
    """The structure with its tensors replaced by the calls that rebuild them, shared ones by the same call."""
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, (Tensor, Sparse)):
        result = value.pickled(references)
    elif isinstance(value, dict):
        result = {key: converted(item, references, memo) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        result = type(value)([converted(item, references, memo) for item in value])
    elif isinstance(value, Call):
        again = lambda part: None if part is None else converted(part, references, memo)
        result = Call(value.function, again(value.arguments), state=again(value.state), items=again(value.items),
                      pairs=again(value.pairs), new=value.new)  # fmt: skip
    else:
        return value
    memo[id(value)] = result
    return result


def records(value, places, order="little"):
    """The records of all tensors, given where each storage begins."""
    result, first = [], {}
    for path, leaf in leaves(value):
        name = ".".join(path)
        if isinstance(leaf, Sparse):
            parts = {key: part.record(key, places[part.storage], order) for key, part in leaf.parts.items()}
            dtype = parts["values"]["dtype"]
            for part in parts.values():
                part.pop("_bytes", None)
            result.append(unplaced(name, dtype, leaf.shape, sparse={"layout": leaf.layout, **parts}))
            continue
        record = leaf.record(name, places[leaf.storage], order)
        if id(leaf) in first:
            record["shared_with"] = first[id(leaf)]
        first.setdefault(id(leaf), name)
        result.append(record)
    return result


# The zip form


def save_zip(out, name, value, note, *, root="archive", order="little", padded=True, deflated=False, streamed=False, protocol=2,
             version=b"3\n", more=(), format=None, comment=b"", in_pickle=None):  # fmt: skip
    """A file as torch.save writes it since 1.6."""
    found = storages(value)
    for index, storage in enumerate(found):
        storage.key = str(index)
    reference = {s: Reference(("storage", s.type, s.key, s.location, s.count)) for s in found}
    pickle = pickling.dumps(converted(value, reference.__getitem__, {}), protocol)
    members = [("data.pkl", pickle)] + ([("byteorder", order.encode())] if order else [])
    members += [(f"data/{s.key}", swapped(s.values, order).tobytes()) for s in found] + [("version", version), *more]
    path = out.path(name)
    write_zip(
        path,
        [(f"{root}/{key}" if root is not None else key, data) for key, data in members],
        padded,
        deflated,
        streamed,
        comment,
    )
    places = {}
    with zipfile.ZipFile(path) as archive:
        for s in found:
            info = archive.getinfo(f"{root}/data/{s.key}" if root is not None else f"data/{s.key}")
            places[s] = zip_member_offset(path, info) if info.compress_type == zipfile.ZIP_STORED else None
    tensors = records(value, places, order)
    if in_pickle:
        with zipfile.ZipFile(path) as archive:
            tensors.append(in_pickle(pickle, zip_member_offset(path, archive.infolist()[0])))
    out.record(path, tensors, {}, note, format=format, header={"version": version.decode().strip(), "byteorder": order})
    return tensors


class Unseekable(io.RawIOBase):
    """A stream into which zip members go with their sizes behind them."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def write_zip(path, members, padded=True, deflated=False, streamed=False, comment=b""):
    with open(path, "wb") as file, zipfile.ZipFile(Unseekable(file) if streamed else file, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
            if padded:
                # As torch does it: an extra field that brings the data to a multiple of 64
                start = file.tell() + 30 + len(name.encode()) + 4
                pad = -start % 64
                info.extra = b"FB" + pad.to_bytes(2, "little") + b"Z" * pad
            archive.writestr(info, data)
        archive.comment = comment


@case("pytorch-zip")
def zip_types(out):
    state = {name: tensor(sample(out, dtype), name) for name, (_, _, dtype) in STORAGES.items()}
    save_zip(out, "types.pt", ordered(state), "every type with a storage class, in an OrderedDict")
    state = {name: tensor(sample(out, dtype), name) for name, (_, dtype) in UNTYPED.items()}
    save_zip(
        out, "untyped.pt", state, "types without a storage class: _rebuild_tensor_v3 and storages counted in bytes"
    )
    kinds = {"qint8": "i1", "quint8": "u1", "qint32": "<i4"}
    state = {name: tensor(sample(out, dtype), name) for name, dtype in kinds.items()}
    save_zip(out, "quantized.pt", state, "quantised tensors, one scale for all of each")
    state = {
        "meta": torch_utils("_rebuild_meta_tensor_no_storage")(Global("torch", "float32"), (3,), (1,), False),
        "w": tensor(out.floats(2)),
    }
    save_zip(
        out,
        "meta.pt",
        state,
        "a tensor on the meta device, which has no bytes and is not listed here",
        more=[("extra/readme.txt", b"text")],
    )


def sample(out, dtype, shape=(3, 4)):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return out.random.integers(0, 2, shape).astype(bool)
    if dtype.kind in "iu":
        return np.frombuffer(out.bytes(int(np.prod(shape)) * dtype.itemsize), dtype).reshape(shape)
    if dtype.kind == "c":
        return (out.floats(*shape) + 1j * out.floats(*shape)).astype(dtype)
    return np.abs(out.floats(*shape)).astype(dtype)


@case("pytorch-zip")
def zip_views(out):
    base = Storage("F32", out.floats(24))
    half = Storage("BF16", out.floats(10).astype(ml_dtypes.bfloat16))
    tied = tensor(out.floats(4, 3), wrap="parameter")
    state = {
        "whole": Tensor(base, (4, 6)), "row": Tensor(base, (6,), 6), "transposed": Tensor(base, (6, 4), 0, (1, 6)),
        "column": Tensor(base, (4,), 2, (6,)), "stepped": Tensor(base, (2, 3), 0, (12, 2)), "expanded": Tensor(base, (5, 6), 0, (0, 1)),
        "scalar of it": Tensor(base, (), 23), "empty of it": Tensor(base, (0, 6), 24, (6, 1)), "ones": Tensor(base, (1, 6, 1), 12, (99, 1, 77)),
        "second half": Tensor(half, (5,), 5), "embed.weight": tied, "head.weight": tied,
    }  # fmt: skip
    save_zip(
        out, "views.pt", state, "tensors that share storages: rows, columns, transposed, expanded; a tied parameter"
    )


@case("pytorch-zip")
def zip_containers(out):
    weight = tensor(out.floats(3, 2), wrap="parameter")
    optimizer = {
        "state": {
            0: {
                "step": tensor(np.float32(7)),
                "exp_avg": tensor(out.floats(3, 2)),
                "exp_avg_sq": tensor(out.floats(3, 2)),
            }
        },
        "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0], "fused": None, "big": 2**70}],
    }
    checkpoint = {
        "state_dict": ordered({"encoder.weight": weight, "encoder.bias": tensor(out.floats(3))}), "epoch": 3, "best": 0.5,
        "optimizer": optimizer, "layers": [{"w": tensor(out.floats(2))}, (tensor(np.arange(3)), "text")],
        "rng": tensor(np.frombuffer(out.bytes(16), np.uint8)), "args": pickling.new("argparse", "Namespace", {"lr": 0.1, "name": "größe"}),
        "dtype": Global("torch", "float16"), "device": Global("torch", "device")("cpu"), "size": Global("torch", "Size")((1, 2)),
        "path": Global("pathlib", "PosixPath")("a", "b"), "set": {1, 2}, "none": None, "flag": True, "": {"": tensor(np.int64(5))},
    }  # fmt: skip
    save_zip(
        out,
        "checkpoint.pt",
        checkpoint,
        "a checkpoint: state_dict, optimizer with integer keys, lists, tuples, objects, an empty key",
    )
    state = ordered({"a.weight": tensor(out.floats(2, 2)), "a.bias": tensor(out.floats(2))})
    state.state = {"_metadata": ordered({"": {"version": 1}, "a": {"version": 1}})}
    save_zip(
        out, "pytorch_model.bin", state, "a state_dict with the _metadata attribute that Module.state_dict gives it"
    )
    save_zip(out, "bare.pt", tensor(out.floats(5, 2)), "a bare tensor")
    save_zip(out, "scalar.pt", tensor(np.float64(1.5)), "a bare scalar tensor")
    save_zip(
        out,
        "list.pt",
        [tensor(out.floats(1)), tensor(np.zeros([0], np.float32)), tensor(np.zeros([2, 0, 3], np.int8))],
        "a list, with tensors of no size",
    )
    save_zip(out, "nothing.pt", {}, "an empty dictionary")
    save_zip(out, "no-tensors.pt", {"epoch": 1, "text": "größe"}, "no tensors")
    names = ["", "größe/层", "a.b.c", "x" * 2000, "quote\"'", "nul\0", "🦊", "../up"]
    save_zip(out, "names.pt", {name: tensor(np.int32(i)) for i, name in enumerate(names)}, "odd names")
    conj = tensor(sample(out, "<c8", (3,)), metadata={"conj": True})
    state = {
        "with state": tensor(out.floats(2), wrap="parameter with state"),
        "old": tensor(out.floats(2), old=True),
        "conj": conj,
    }
    save_zip(
        out,
        "rebuilders.pt",
        state,
        "_rebuild_parameter_with_state, _rebuild_tensor, and a view that is to be conjugated (the bytes are not)",
    )


@case("pytorch-zip")
def zip_numpy(out):
    """Arrays of numpy beside the tensors, whose bytes are in the pickle: as text in protocol 2, as they are from 3 on."""
    for protocol in (2, 4):
        mean = out.floats(7)
        state = {"w": tensor(out.floats(2)), "stats": [{"mean": pickle_cases.old_array(mean)}]}
        name = f"numpy-{protocol}.pt"

        def record(data, base, mean=mean):
            found = [offset for offset, raw in pickling.byte_strings(data) if raw == mean.tobytes()]
            if found:
                return placed("stats.0.mean", "F32", [7], base + found[0], mean.tobytes(), numpy=True)
            return unplaced("stats.0.mean", "F32", [7], decoded=mean.tobytes(), numpy=True)

        save_zip(
            out,
            name,
            state,
            f"an array of numpy beside a tensor, protocol {protocol}",
            protocol=protocol,
            in_pickle=record,
        )


@case("pytorch-zip")
def zip_sparse(out):
    coo = Sparse(
        "sparse_coo",
        (4, 5),
        {"indices": tensor(np.array([[0, 2, 3], [1, 4, 0]], np.int64)), "values": tensor(out.floats(3))},
    )
    csr = Sparse("sparse_csr", (3, 4), {"compressed_indices": tensor(np.array([0, 1, 2, 3], np.int64)), "plain_indices": tensor(np.array([1, 0, 3], np.int64)),
                                        "values": tensor(out.floats(3))})  # fmt: skip
    save_zip(
        out,
        "sparse.pt",
        {"coo": coo, "csr": csr, "dense": tensor(out.floats(2))},
        "sparse tensors: each is two or three others",
    )


def linear(weight, bias):
    state = {"training": True, "_parameters": ordered({"weight": weight, "bias": bias}), "_buffers": ordered({}), "_modules": ordered({}),
             "_forward_hooks": ordered({}), "in_features": 3, "out_features": 2}  # fmt: skip
    return pickling.new("torch.nn.modules.linear", "Linear", state)


@case("pytorch-zip")
def zip_modules(out):
    fc = linear(tensor(out.floats(2, 3), wrap="parameter"), tensor(out.floats(2), wrap="parameter"))
    state = {"training": False, "_parameters": ordered({}), "_buffers": ordered({"running": tensor(out.floats(2))}),
             "_modules": ordered({"fc": fc, "again": fc}), "hidden": 4}  # fmt: skip
    net = pickling.new("__main__", "Net", state)
    note = "a whole module: the names are paths through the objects' attributes; a submodule that is there twice"
    save_zip(out, "module.pt", net, note)


@case("pytorch-zip")
def zip_archives(out):
    def state():
        return ordered({"w": tensor(out.floats(3, 3)), "b": tensor(out.floats(3), wrap="parameter")})

    save_zip(out, "root-name.pt", state(), "another name of the folder in the archive", root="größe model")
    save_zip(out, "no-padding.pt", state(), "data that is not aligned", padded=False, order=None)
    save_zip(
        out,
        "deflated.pt",
        state(),
        "an archive that was compressed again: the tensors have no bytes of their own",
        deflated=True,
        padded=False,
    )
    save_zip(out, "streamed.pt", state(), "members with their sizes behind them", streamed=True)
    save_zip(out, "comment.pt", state(), "a comment at the end of the archive", comment=b"a comment " * 20)
    save_zip(
        out,
        "big-endian.pt",
        {**{k: tensor(sample(out, d), k) for k, (_, _, d) in STORAGES.items()}},
        "written on a big-endian machine",
        order="big",
    )
    save_zip(
        out, "cuda.pt", {"w": Tensor(Storage("F16", out.floats(4, dtype="<f2"), "cuda:0"), (2, 2))}, "saved from a GPU"
    )
    for protocol in (3, 4, 5):
        save_zip(out, f"protocol-{protocol}.pt", state(), f"pickle protocol {protocol}", protocol=protocol)
    save_zip(out, "version-2.pt", state(), "an old version of the form", version=b"2\n")
    many = ordered({f"model.layers.{i}.self_attn.q_proj.weight": tensor(out.floats(2)) for i in range(300)})
    save_zip(out, "many.pt", many, "300 tensors: memo indices beyond a byte")


@case("pytorch-zip")
def zip_sharded(out):
    files = {}
    for i in (1, 2):
        name = f"pytorch_model-{i:05}-of-00002.bin"
        state = {f"layer.{i}.weight": tensor(out.floats(3, 3)), f"layer.{i}.bias": tensor(out.floats(3))}
        files[name] = save_zip(out, f"sharded/{name}", ordered(state), "one file of a model in two")
    write_index(out, "sharded/pytorch_model.bin.index.json", files)


@case("torchscript")
def scripted(out):
    scripted_module = lambda name, state: Call(Global(*name), (), state=state, new=True)
    fc = scripted_module(
        ("__torch__.torch.nn.modules.linear", "Linear"),
        {"weight": tensor(out.floats(2, 3)), "bias": tensor(out.floats(2)), "training": True},
    )
    restore = Global("torch.jit._pickle", "restore_type_tag")
    net = scripted_module(("__torch__", "Net"), {"b": tensor(out.floats(2)), "training": True, "_is_full_backward_hook": None, "k": 3,
                                                  "names": restore(["a"], "List[str]"), "pads": Global("torch.jit._pickle", "build_intlist")([0, 0]), "fc": fc})  # fmt: skip
    code = b'class Net(Module):\n  __parameters__ = []\n  __buffers__ = ["b", ]\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    return x\n'
    more = [
        ("constants.pkl", pickling.dumps(())),
        ("code/__torch__.py", code),
        ("extra/config.json", b'{"labels": ["cat", "dog"]}'),
    ]
    save_zip(
        out,
        "scripted.pt",
        net,
        "a module as torch.jit.save writes it, with code and an extra file",
        root="scripted",
        more=more,
    )


# The form before 1.6: five pickles, then the storages

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
SYSTEM = {"protocol_version": PROTOCOL, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


def save_legacy(out, name, value, note, *, protocol=2, views=None, system=SYSTEM):
    """`views` are storages that are parts of another: {storage: (root, offset, size)}."""
    views = views or {}
    found = storages(value)
    roots = list(dict.fromkeys([s for s in found if s not in views] + [root for root, _, _ in views.values()]))
    for index, storage in enumerate(dict.fromkeys(found + roots)):
        storage.key = str(94116572578944 - 1000 * index)

    def reference(s):
        if s in views:
            root, offset, size = views[s]
            return Reference(("storage", root.type, root.key, root.location, root.count, (s.key, offset, size)))
        return Reference(("storage", s.type, s.key, s.location, s.count, None))

    memo = {}
    data = b"".join(pickling.dumps(part, protocol) for part in (MAGIC, PROTOCOL, system))
    data += pickling.dumps(converted(value, lambda s: memo.setdefault(s, reference(s)), {}), protocol)
    roots.sort(key=lambda s: s.key)
    data += pickling.dumps([s.key for s in roots], protocol)
    places = {}
    for s in roots:
        # A storage of bytes without a type is counted in bytes; all others in elements
        data += s.count.to_bytes(8, "little")
        places[s] = len(data)
        data += s.values.tobytes()
    for s, (root, offset, _) in views.items():
        places[s] = places[root] + offset * root.values.itemsize
    path = out.write(name, data)
    out.record(path, records(value, places), {}, note, header=system)


@case("pytorch-legacy")
def legacy(out):
    state = {name: tensor(sample(out, dtype), name) for name, (_, _, dtype) in STORAGES.items()}
    save_legacy(out, "types.pth", ordered(state), "every type with a storage class")
    base = Storage("F32", out.floats(24))
    tied = tensor(out.floats(4, 3), wrap="parameter")
    state = {"whole": Tensor(base, (4, 6)), "row": Tensor(base, (6,), 6), "transposed": Tensor(base, (6, 4), 0, (1, 6)), "tied": tied, "again": tied,
             "scalar": tensor(np.float32(2)), "none": tensor(np.zeros([0], np.int64)), "hollow": tensor(np.zeros([2, 0], np.float16))}  # fmt: skip
    save_legacy(out, "views.pth", {"state_dict": state, "epoch": 3}, "shared storages, no size, tied parameters")
    save_legacy(out, "bare.pth", tensor(out.floats(2, 2)), "a bare tensor")
    save_legacy(out, "nothing.pth", ordered({}), "no tensors")
    save_legacy(out, "quantized.pth", {"q": tensor(sample(out, "u1"), "quint8")}, "a quantised tensor")
    for protocol in (3, 4, 5):
        save_legacy(
            out,
            f"protocol-{protocol}.pth",
            {"w": tensor(out.floats(3)), "ü": tensor(np.arange(3))},
            f"pickle protocol {protocol}",
            protocol=protocol,
        )
    root = Storage("F32", out.floats(10))
    first, second = Storage("F32", root.values[2:5]), Storage("F32", root.values[5:9])
    note = "storages that are parts of another, as versions before 0.4 wrote them"
    save_legacy(
        out,
        "storage-views.pth",
        {"a": Tensor(first, (3,)), "b": Tensor(second, (2, 2))},
        note,
        views={first: (root, 2, 3), second: (root, 5, 4)},
    )
    many = {f"features.{i}.weight": tensor(out.floats(2)) for i in range(300)}
    save_legacy(out, "many.pth", many, "300 tensors")


@case("pytorch-legacy")
def legacy_module(out):
    fc = linear(tensor(out.floats(2, 3), wrap="parameter"), tensor(out.floats(2), wrap="parameter"))
    # Classes of modules are persistent ids of their own here, with the source code that they had
    fc.function = Reference(
        ("module", Global("torch.nn.modules.linear", "Linear"), "linear.py", "class Linear(Module):\n    pass\n")
    )
    save_legacy(out, "module.pth", fc, "a whole module, whose class comes with its source code")


@case("pytorch-legacy")
def legacy_tar(out):
    base = Storage("F32", out.floats(12))
    state = {
        "w": Tensor(base, (3, 4)),
        "row": Tensor(base, (4,), 4),
        "i": tensor(np.arange(5)),
        "scalar": tensor(np.float64(2.5)),
    }
    found = storages(state)
    places, blob = {}, pickling.dumps(len(found))
    for index, s in enumerate(found):
        s.key = 1000 + index
        blob += pickling.dumps((s.key, "cpu", s.type)) + s.count.to_bytes(8, "little")
        places[s] = len(blob)
        blob += s.values.tobytes()
    blob += pickling.dumps([])
    tensors = pickling.dumps(len(state))
    for index, item in enumerate(state.values()):
        kind = Global("torch", item.storage.type.name.replace("Storage", "Tensor"))
        tensors += (
            pickling.dumps((2000 + index, item.storage.key, kind)) + len(item.shape).to_bytes(4, "little") + bytes(4)
        )
        for numbers in (item.shape, item.strides, (item.offset,)):
            tensors += b"".join(n.to_bytes(8, "little") for n in numbers)
    whole = pickling.dumps({name: Reference(str(2000 + i)) for i, name in enumerate(state)})
    path = out.path("tar.pth")
    members = {"sys_info": pickling.dumps(SYSTEM), "pickle": whole, "tensors": tensors, "storages": blob}
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    with tarfile.open(path) as archive:
        start = archive.getmember("storages").offset_data
    out.record(
        path,
        records(state, {s: start + place for s, place in places.items()}),
        {},
        "the tar archive that versions before 0.1.12 wrote",
        header=SYSTEM,
    )
