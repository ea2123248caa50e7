"""Flax's own files, and its reading of those made without it."""

import json

import flax.serialization
import jax.numpy as jnp
import numpy as np

import msgpack_cases
from oracle import case, dtype_name, log


def arrays(value, path=()):
    if isinstance(value, (np.ndarray, np.generic)):
        yield ".".join(path), value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from arrays(item, path + (str(key),))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from arrays(item, path + (str(index),))


def check(data, tensors):
    found = dict(arrays(flax.serialization.msgpack_restore(data)))
    assert list(found) == [tensor["name"] for tensor in tensors]
    for tensor in tensors:
        array = found[tensor["name"]]
        assert dtype_name(array.dtype) == tensor["dtype"] and list(array.shape) == tensor["shape"]
        if tensor.get("offset") is not None:
            assert array.tobytes() == data[tensor["offset"] : tensor["offset"] + tensor["length"]]


@case("msgpack", heavy=True, needs=("flax",))
def by_flax(out):
    params = {
        f"layer_{i}": {"kernel": jnp.asarray(out.floats(3, 2)), "bias": jnp.zeros(2, jnp.bfloat16)} for i in range(3)
    }
    state = {
        "params": params,
        "step": 5,
        "opt": [(jnp.int32(3), {"mu": out.floats(2)}), ()],
        "rate": np.float32(0.1),
        "c": 1 + 2j,
    }
    data = flax.serialization.to_bytes(state)
    check(data, list(msgpack_cases.records(msgpack_cases.load(data))))
    msgpack_cases.save(out, "by-flax.msgpack", None, "by Flax", data)


@case("msgpack", heavy=True, needs=("flax",))
def made_without(out):
    out.truth.flush()
    checked = 0
    for line in map(json.loads, (out.root / "truth.jsonl").read_text().splitlines()):
        if line["format"] == "msgpack":
            check((out.root / line["path"]).read_bytes(), line["tensors"])
            checked += 1
    log(f"Flax reads {checked} files, those among them that were written without it")
