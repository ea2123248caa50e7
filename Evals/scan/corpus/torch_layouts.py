"""What torch.save writes, written without torch: the zip layout, the legacy stream and the tar form."""

import random
import struct

from .archives import Entry, make_tar, make_zip
from .asm import BINPERSID, MARK, SETITEMS, Raw, g, lit, red, seq, whole

STORAGES = {
    "float32": ("FloatStorage", 4),
    "float16": ("HalfStorage", 2),
    "int64": ("LongStorage", 8),
    "uint8": ("ByteStorage", 1),
    "bfloat16": ("BFloat16Storage", 2),
}


def ordered(items):
    """collections.OrderedDict with items set afterwards, as picklers write it."""
    start = red("collections.OrderedDict")
    if not items:
        return start
    return Raw(start.ops + MARK + b"".join(lit(key) + lit(value) for key, value in items) + SETITEMS)


def tensor(key, shape, kind="float32", legacy=False):
    storage, _ = STORAGES[kind]
    count = 1
    for size in shape:
        count *= size
    strides, step = [], 1
    for size in reversed(shape):
        strides.insert(0, step)
        step *= size
    identifier = ("storage", g("torch", storage), str(key), "cpu", count) + ((None,) if legacy else ())
    persistent = Raw(seq(*identifier).ops + BINPERSID)
    return red("torch._utils._rebuild_tensor_v2", persistent, 0, tuple(shape), tuple(strides), False, ordered([]))


def storage_bytes(shape, kind="float32", seed=0):
    count = STORAGES[kind][1]
    for size in shape:
        count *= size
    return random.Random(seed).randbytes(count)


class Model:
    """A small state dict: the opcodes of its mapping and the bytes of its storages."""

    def __init__(self, layers, legacy=False, seed=1):
        self.items, self.storages = [], {}
        for index, (name, shape, kind) in enumerate(layers):
            self.items.append((name, tensor(index, shape, kind, legacy)))
            self.storages[str(index)] = storage_bytes(shape, kind, seed + index)

    def state(self, extra=()):
        return ordered(self.items + list(extra))


LAYERS = [
    ("conv1.weight", (4, 3, 3, 3), "float32"),
    ("conv1.bias", (4,), "float32"),
    ("fc.weight", (10, 4), "float32"),
    ("fc.bias", (10,), "float32"),
]


def torch_zip(data_pickle, storages, root="archive", method=0, extra=None, **options):
    """extra: further members. options go to make_zip."""
    entries = [Entry(f"{root}/data.pkl", data_pickle, method, align=64), Entry(f"{root}/byteorder", b"little", align=64)]
    entries += [Entry(f"{root}/data/{key}", data, method, align=64) for key, data in storages.items()]
    entries += [Entry(f"{root}/version", b"3\n", align=64), Entry(f"{root}/.data/serialization_id", b"0" * 40, align=64)]
    entries += [Entry(name, data) for name, data in (extra or {}).items()]
    return make_zip(entries, **options)


MAGIC = 0x1950A86A20F9469CFC6C


def legacy(objects, storages, magic=None, protocol=None, system=None, keys=None):
    """The five pickles of the legacy form, then the storages; any of the pickles may be given."""
    magic = whole(Raw(lit(MAGIC))) if magic is None else magic
    protocol = whole(Raw(lit(1001))) if protocol is None else protocol
    system = (
        whole(Raw(lit({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}})))
        if system is None
        else system
    )
    keys = whole(Raw(lit(sorted(storages)))) if keys is None else keys
    body = magic + protocol + system + objects + keys
    for key in sorted(storages):
        body += struct.pack("<q", len(storages[key]) // 4) + storages[key]
    return body


def torch_tar(pickle_bytes, storages_bytes, tensors_bytes, kind=""):
    return make_tar(
        {
            "sys_info": whole(Raw(lit({"protocol_version": 1000}))),
            "pickle": pickle_bytes,
            "tensors": tensors_bytes,
            "storages": storages_bytes,
        },
        kind,
    )
