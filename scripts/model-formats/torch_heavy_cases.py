"""PyTorch's files as torch writes them, and torch's own reading of those that pytorch_cases.py made without it."""

import collections
import io
import json
import pickle
import tarfile
import warnings
import zipfile

import torch

from oracle import case, log, placed, strided, unplaced, zip_member_offset

warnings.filterwarnings("ignore", module="torch")
warnings.filterwarnings("ignore", message=".*torch.*")

NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.uint16: "U16",
    torch.uint32: "U32", torch.uint64: "U64", torch.complex64: "C64", torch.complex128: "C128",
    torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2", torch.float8_e4m3fnuz: "F8_E4M3FNUZ",
    torch.float8_e5m2fnuz: "F8_E5M2FNUZ", torch.qint8: "I8", torch.quint8: "U8", torch.qint32: "I32",
}  # fmt: skip
if hasattr(torch, "float8_e8m0fnu"):
    NAMES[torch.float8_e8m0fnu] = "F8_E8M0"


# Reading: torch's functions rebuild the tensors, from storages of which it is known where they lie


class Placed:
    """Storages read from a file, and where each begins in it."""

    def __init__(self):
        self.places, self.kept = {}, {}

    def storage(self, key, dtype, data, place):
        if key not in self.kept:
            storage = torch.UntypedStorage(len(data))
            if data:
                torch.tensor([], dtype=torch.uint8).set_(storage).copy_(
                    torch.frombuffer(bytearray(data), dtype=torch.uint8)
                )
            self.kept[key] = storage
            self.places[storage._cdata] = place
        return torch.storage.TypedStorage(wrap_storage=self.kept[key], dtype=dtype, _internal=True)

    def place(self, tensor):
        return self.places.get(tensor.untyped_storage()._cdata)


def dtype_of(kind):
    return torch.uint8 if kind is torch.UntypedStorage or kind is torch.storage.UntypedStorage else kind.dtype


def read_zip(path):
    placed_storages = Placed()
    with zipfile.ZipFile(path) as archive:
        (name,) = [n for n in archive.namelist() if n == "data.pkl" or n.endswith("/data.pkl")]
        root = name[: -len("data.pkl")]

        class Reader(pickle.Unpickler):
            def persistent_load(self, identifier):
                _, kind, key, _, _ = identifier
                info = archive.getinfo(f"{root}data/{key}")
                place = zip_member_offset(path, info) if info.compress_type == zipfile.ZIP_STORED else None
                return placed_storages.storage(key, dtype_of(kind), archive.read(info), place)

        return Reader(io.BytesIO(archive.read(name))).load(), placed_storages


def read_legacy(path):
    placed_storages = Placed()
    data = path.read_bytes()
    file = io.BytesIO(data)
    for _ in range(3):
        pickle.load(file)
    start, sizes, kinds = file.tell(), {}, {}

    # Once for the storages' kinds, and again when it is known where they lie
    class Reader(pickle.Unpickler):
        def persistent_load(self, identifier):
            if identifier[0] == "module":
                return identifier[1]
            _, kind, key, _, count, view = identifier
            sizes[key], kinds[key] = count, dtype_of(kind)
            place = places.get(key)
            size = torch._utils._element_size(kinds[key])
            if place is None:
                return torch.storage.TypedStorage(
                    wrap_storage=torch.UntypedStorage(count * size), dtype=kinds[key], _internal=True
                )
            if view is not None:
                key, offset, count = view
                place += offset * size
            return placed_storages.storage(key, kinds[identifier[2]], data[place : place + count * size], place)

    places = {}
    Reader(file).load()
    for key in pickle.load(file):
        count = int.from_bytes(file.read(8), "little")
        assert count == sizes[key]
        places[key] = file.tell()
        file.seek(count * torch._utils._element_size(kinds[key]), 1)
    assert file.tell() == len(data)
    file.seek(start)
    return Reader(file).load(), placed_storages


def tensors_of(value, path=(), module_path=()):
    """Every tensor with its path, through containers and objects' attributes."""
    if isinstance(value, torch.Tensor):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from tensors_of(item, path + (str(key),))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from tensors_of(item, path + (str(index),))
    elif isinstance(
        value, (torch.Size, torch.dtype, torch.device, torch.storage.TypedStorage, torch.UntypedStorage, type)
    ):
        return
    elif hasattr(value, "__dict__"):
        yield from tensors_of(vars(value), path)


def raw_bytes(tensor):
    """The bytes of a contiguous tensor as its storage has them."""
    size, count = tensor.element_size(), tensor.numel()
    start = tensor.storage_offset() * size
    flat = torch.tensor([], dtype=torch.uint8).set_(tensor.untyped_storage())
    return bytes(flat[start : start + count * size].tolist())


def tensor_record(name, tensor, storages):
    dtype = NAMES[tensor.dtype]
    if tensor.layout is not torch.strided:
        if tensor.layout is torch.sparse_coo:
            parts = {"indices": tensor._indices(), "values": tensor._values()}
        elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
            parts = {
                "compressed_indices": tensor.crow_indices(),
                "plain_indices": tensor.col_indices(),
                "values": tensor.values(),
            }
        else:
            parts = {
                "compressed_indices": tensor.ccol_indices(),
                "plain_indices": tensor.row_indices(),
                "values": tensor.values(),
            }
        # The parts are new views of the storages
        records = {key: tensor_record(key, part, storages) for key, part in parts.items()}
        for record in records.values():
            record.pop("_bytes", None)
        layout = str(tensor.layout).removeprefix("torch.")
        return unplaced(name, dtype, tensor.shape, sparse={"layout": layout, **records})
    more = {"quantized": str(tensor.dtype).removeprefix("torch.")} if tensor.is_quantized else {}
    place = storages.place(tensor)
    offset = None if place is None else place + tensor.storage_offset() * tensor.element_size()
    contiguous = tensor.is_contiguous()
    if not contiguous:
        if place is None:
            return unplaced(name, dtype, tensor.shape, strides=list(tensor.stride()), **more)
        return strided(
            name, dtype, tensor.shape, offset, tensor.numel() * tensor.element_size(), tensor.stride(), **more
        )
    if place is None:
        return unplaced(name, dtype, tensor.shape, decoded=raw_bytes(tensor), **more)
    return placed(name, dtype, tensor.shape, offset, raw_bytes(tensor), **more)


def records(value, storages):
    result, first = [], {}
    for path, tensor in tensors_of(value):
        name = ".".join(path)
        if tensor.is_meta:
            continue
        record = tensor_record(name, tensor, storages)
        if id(tensor) in first:
            record["shared_with"] = first[id(tensor)]
        first.setdefault(id(tensor), name)
        result.append(record)
    return result


def equal(a, b):
    if a.dtype != b.dtype or a.shape != b.shape or a.layout != b.layout:
        return False
    if a.layout is not torch.strided:
        return equal(a.to_dense(), b.to_dense())
    a, b = a.detach().resolve_conj().contiguous(), b.detach().resolve_conj().contiguous()
    return raw_bytes(a) == raw_bytes(b)


def same_as_torch(path, ours):
    """Our reading with torch's functions gives the tensors that torch.load gives."""
    theirs = list(tensors_of(torch.load(path, map_location="cpu", weights_only=False)))
    ours = list(tensors_of(ours))
    assert [p for p, _ in ours] == [p for p, _ in theirs], (path, [p for p, _ in ours], [p for p, _ in theirs])
    for (name, a), (_, b) in zip(ours, theirs):
        assert a.is_meta or equal(a, b), (path, name)


def save(out, name, value, note, *, legacy=False, format=None, **options):
    path = out.path(name)
    torch.save(value, path, _use_new_zipfile_serialization=not legacy, **options)
    read, storages = read_legacy(path) if legacy else read_zip(path)
    same_as_torch(path, read)
    out.record(path, records(read, storages), {}, note, format=format)


# Cases


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(5, 3)
        self.layers = torch.nn.ModuleList([torch.nn.Linear(3, 3), torch.nn.LayerNorm(3)])
        self.norm = torch.nn.BatchNorm1d(3)
        self.head = torch.nn.Linear(3, 5, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("mask_bf16", torch.ones(2, dtype=torch.bfloat16))
        self.count: int = 3

    def forward(self, x):
        x = self.embed(x)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x)) * torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])


def values(dtype, shape=(3, 4)):
    if dtype in (torch.bool,):
        return torch.randint(0, 2, shape).to(dtype)
    return torch.randn(shape).abs().mul(20).to(dtype)


def content():
    torch.manual_seed(7)
    base = torch.randn(4, 6)
    state = collections.OrderedDict(
        (str(dtype).removeprefix("torch."), values(dtype)) for dtype in NAMES if not str(dtype).startswith("torch.q")
    )
    views = {"whole": base, "row": base[1], "transposed": base.T, "column": base[:, 2], "stepped": base[::2, ::3], "expanded": base[0].expand(3, 6),
             "scalar": base[3, 5], "empty": base[:0], "none": torch.empty(0), "hollow": torch.empty(2, 0, 3), "zero-d": torch.tensor(2.5)}  # fmt: skip
    return state, views


@case("pytorch-zip", heavy=True, needs=("torch",))
def by_torch(out):
    state, views = content()
    save(out, "torch/types.pt", state, "every type")
    save(out, "torch/views.pt", views, "views of one storage, tensors of no size")
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters())
    net(torch.tensor([[1, 2], [3, 4]]).flatten()).sum().backward()
    optimizer.step()
    checkpoint = {"state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "args": {"lr": 1e-3}}
    save(out, "torch/checkpoint.pt", checkpoint, "state_dict and optimizer, a tied parameter, integer keys")
    save(out, "torch/state-dict.pt", net.state_dict(), "a state_dict")
    save(out, "torch/module.pt", torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Conv1d(2, 2, 1)), "a whole module")
    save(out, "torch/parameters.pt", list(net.parameters()), "a list of parameters")
    save(out, "torch/bare.pt", torch.randn(3, 2), "a bare tensor")
    save(out, "torch/protocol-4.pt", state, "pickle protocol 4", pickle_protocol=4)
    channels = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last)
    save(out, "torch/strides.pt", {"channels_last": channels, "conj": torch.randn(3, dtype=torch.complex64).conj(), "neg": torch.randn(2, dtype=torch.complex64).conj().imag},
         "strides of another order, lazy conjugation and negation")  # fmt: skip
    meta = {
        "meta": torch.empty(3, 4, device="meta"),
        "w": torch.randn(2),
        "dtype": torch.float16,
        "size": torch.Size([1, 2]),
        "device": torch.device("cpu"),
    }
    save(out, "torch/meta.pt", meta, "a tensor without bytes, and values that are no tensors")


@case("pytorch-zip", heavy=True, needs=("torch",))
def sparse_and_quantized(out):
    torch.manual_seed(8)
    dense = torch.randn(4, 4).relu()
    save(
        out,
        "torch/sparse.pt",
        {
            "coo": dense.to_sparse(),
            "csr": dense.to_sparse_csr(),
            "csc": dense.to_sparse_csc(),
            "bsr": dense.to_sparse_bsr((2, 2)),
        },
        "sparse tensors of every layout",
    )
    try:
        scales, zeros = torch.tensor([0.1, 0.2, 0.3]), torch.tensor([0, 1, 2])
        quantized = {"per tensor": torch.quantize_per_tensor(torch.randn(3, 4), 0.1, 2, torch.qint8),
                     "per channel": torch.quantize_per_channel(torch.randn(3, 4), scales, zeros, 0, torch.quint8)}  # fmt: skip
    except (AttributeError, RuntimeError) as error:
        log(f"left out quantised tensors: {error}")
        return
    save(out, "torch/quantized.pt", quantized, "quantised tensors, by tensor and by channel")


@case("pytorch-legacy", heavy=True, needs=("torch",))
def old_by_torch(out):
    state, views = content()
    typed = {
        key: value
        for key, value in state.items()
        if hasattr(torch.storage, "_dtype_to_storage_type_map")
        and value.dtype in torch.storage._dtype_to_storage_type_map()
    }
    save(out, "torch/types.pth", typed, "every type with a storage class", legacy=True)
    save(out, "torch/views.pth", views, "views of one storage", legacy=True)
    save(out, "torch/checkpoint.pth", {"state_dict": Net().state_dict(), "epoch": 3}, "a checkpoint", legacy=True)
    save(out, "torch/module.pth", torch.nn.Linear(3, 2), "a whole module with its source", legacy=True)


@case("torchscript", heavy=True, needs=("torch",))
def scripted_by_torch(out):
    torch.manual_seed(9)
    net = Net().eval()
    module = torch.jit.script(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU(), torch.nn.Conv1d(2, 2, 1)))
    traced = torch.jit.trace(net, torch.tensor([1, 2]))
    for name, script in (("torch/scripted.pt", module), ("torch/traced.pt", traced)):
        path = out.path(name)
        torch.jit.save(script, str(path), _extra_files={"config.json": json.dumps({"labels": ["a", "b"]})})
        record_script(out, path, name)


def record_script(out, path, name):
    """TorchScript's objects are of classes that only its own reader knows: here they are but holders of attributes."""
    storages = Placed()
    with zipfile.ZipFile(path) as archive:
        (member,) = [n for n in archive.namelist() if n.endswith("/data.pkl")]
        root = member[: -len("data.pkl")]

        class Holder:
            pass

        class Reader(pickle.Unpickler):
            folder = "data"

            def find_class(self, module, kind):
                if module.startswith("__torch__"):
                    return type(kind, (Holder,), {})
                if module == "torch.jit._pickle":
                    return lambda value, *_: value
                return super().find_class(module, kind)

            def persistent_load(self, identifier):
                _, kind, key, _, _ = identifier
                info = archive.getinfo(f"{root}{self.folder}/{key}")
                place = zip_member_offset(path, info) if info.compress_type == zipfile.ZIP_STORED else None
                return storages.storage(f"{self.folder}/{key}", dtype_of(kind), archive.read(info), place)

        value = Reader(io.BytesIO(archive.read(member))).load()

        class Constants(Reader):
            folder = "constants"

        constants = Constants(io.BytesIO(archive.read(f"{root}constants.pkl"))).load()
    loaded = torch.jit.load(str(path)).state_dict()
    ours = {".".join(p): t for p, t in tensors_of(value)}
    for key, tensor in loaded.items():
        assert equal(ours[key], tensor), key
    found = [{k: v for k, v in record.items() if k != "_bytes"} for record in records(constants, storages)]
    out.record(path, records(value, storages), {}, f"by torch.jit: {name}", constants=found)


@case("pickle", heavy=True, needs=("torch",))
def pickled_tensors(out):
    """Tensors that were pickled without torch.save: each storage is a file of the form before 1.6 in a string of bytes."""
    torch.manual_seed(10)
    values = {"w": torch.randn(3, 2), "layers": [torch.arange(5), torch.nn.Parameter(torch.randn(4))]}
    for protocol in (2, 4):
        data = pickle.dumps(values, protocol)
        tensors = []
        for path, tensor in tensors_of(values):
            raw = raw_bytes(tensor)
            if data.count(raw) == 1:
                tensors.append(placed(".".join(path), NAMES[tensor.dtype], tensor.shape, data.index(raw), raw))
            else:
                tensors.append(unplaced(".".join(path), NAMES[tensor.dtype], tensor.shape, decoded=raw))
        path = out.write(f"torch/tensors-{protocol}.pkl", data)
        out.record(path, tensors, {}, f"tensors in a plain pickle, protocol {protocol}: torch.storage._load_from_bytes")


@case("pytorch-zip", heavy=True, needs=("torch",))
def hand_made(out):
    """torch reads what pytorch_cases.py wrote, and finds in it what it recorded."""
    out.truth.flush()
    lines = (out.root / "truth.jsonl").read_text().splitlines()
    checked = 0
    for line in map(json.loads, lines):
        path = out.root / line["path"]
        if (
            line["format"] not in ("pytorch-zip", "pytorch-legacy")
            or "torch/" in line["path"]
            or "big-endian" in line["path"]
        ):
            continue
        if path.name in ("module.pt",):  # Its class is one that is not here
            continue
        if tarfile.is_tarfile(path):
            check_values(path, line, torch.load(path, map_location="cpu", weights_only=False))
            checked += 1
            continue
        read, storages = read_zip(path) if line["format"] == "pytorch-zip" else read_legacy(path)
        same_as_torch(path, read)
        ours = [{k: v for k, v in record.items() if k != "_bytes"} for record in records(read, storages)]
        ours = json.loads(json.dumps(ours))
        theirs = [tensor for tensor in line["tensors"] if "numpy" not in tensor]
        for a, b in zip(ours, theirs):
            assert a == b, (path, a, b)
        assert len(ours) == len(theirs), path
        checked += 1
    big = out.root / "pytorch-zip/big-endian.pt"
    if big.exists():
        line = next(item for item in map(json.loads, lines) if item["path"] == "pytorch-zip/big-endian.pt")
        found = {".".join(p): t for p, t in tensors_of(torch.load(big, map_location="cpu", weights_only=False))}
        assert [(t["name"], t["shape"], t["dtype"]) for t in line["tensors"]] == [
            (n, list(t.shape), NAMES[t.dtype]) for n, t in found.items()
        ]
    log(f"torch reads {checked} files that were written without it")


def check_values(path, line, value):
    found = list(tensors_of(value))
    data = path.read_bytes()
    assert [".".join(p) for p, _ in found] == [t["name"] for t in line["tensors"]]
    for (_, tensor), record in zip(found, line["tensors"]):
        assert NAMES[tensor.dtype] == record["dtype"] and list(tensor.shape) == record["shape"]
        assert raw_bytes(tensor) == data[record["offset"] : record["offset"] + record["length"]]
