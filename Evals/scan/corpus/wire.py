"""Writers of a few file formats: protocol buffers, SavedModel, GGUF, safetensors, Keras archives and HDF5."""

import io
import json
import struct

from .archives import zip_of


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A length-delimited field for bytes and text, a varint for a number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode("utf-8") if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def attr_type(number):
    return field(6, number)


def attr_string(text):
    return field(2, text)


def attr_tensor(data, dtype=7):
    """A string tensor with one element."""
    return field(8, field(1, dtype) + field(2, b"") + field(8, data))


def node(name, op, inputs=(), attributes=None):
    body = field(1, name) + field(2, op) + b"".join(field(3, item) for item in inputs)
    for key, value in (attributes or {}).items():
        body += field(5, field(1, key) + field(2, value))
    return body


def graph(nodes, functions=()):
    """functions: (name, nodes)."""
    library = b"".join(field(1, field(1, field(1, name)) + b"".join(field(3, item) for item in inner)) for name, inner in functions)
    return b"".join(field(1, item) for item in nodes) + (field(2, library) if functions else b"")


def saved_model(graph_def, tags=("serve",)):
    meta = field(1, b"".join(field(4, tag) for tag in tags)) + field(2, graph_def)
    return field(1, 1) + field(2, meta)


def saved_model_folder(graph_def, **files):
    return {
        "saved_model.pb": saved_model(graph_def),
        "variables/variables.index": b"",
        "variables/variables.data-00000-of-00001": b"\0" * 16,
        **files,
    }


def gguf(values, tensors=1):
    """values: name to int, float, text, bool or a list of texts."""

    def text(value):
        data = value.encode("utf-8")
        return struct.pack("<Q", len(data)) + data

    def typed(value):
        if isinstance(value, bool):
            return 7, struct.pack("<?", value)
        if isinstance(value, int):
            return 4, struct.pack("<I", value)
        if isinstance(value, float):
            return 6, struct.pack("<f", value)
        if isinstance(value, str):
            return 8, text(value)
        kind, _ = typed(value[0])
        return 9, struct.pack("<IQ", kind, len(value)) + b"".join(typed(item)[1] for item in value)

    out = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(values))
    for name, value in values.items():
        kind, data = typed(value)
        out += text(name) + struct.pack("<I", kind) + data
    for index in range(tensors):
        out += text(f"blk.{index}.weight") + struct.pack("<IQQIQ", 2, 4, 8, 0, index * 128)
    out += b"\0" * (-len(out) % 32)
    return out + bytes(128 * tensors)


def llama_gguf(template=None, **more):
    values = {
        "general.architecture": "llama",
        "general.name": "tiny",
        "llama.block_count": 1,
        "llama.context_length": 2048,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": ["<s>", "</s>", "a", "b"],
        "tokenizer.ggml.bos_token_id": 0,
    }
    if template is not None:
        values["tokenizer.chat_template"] = template
    return gguf({**values, **more})


def safetensors(tensors, metadata=None, tail=b""):
    """tensors: name to (dtype, shape, bytes)."""
    header, body = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body + tail


def keras_archive(config, **members):
    metadata = {"keras_version": "3.5.0", "date_saved": "2024-08-01@12:00:00"}
    return zip_of({"metadata.json": json.dumps(metadata), "config.json": json.dumps(config), "model.weights.h5": hdf5({}), **members})


def hdf5(attributes, datasets=None, fixed=False):
    """An HDF5 file with attributes at the root and datasets below."""
    import h5py
    import numpy as np

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, value in attributes.items():
            file.attrs[name] = np.bytes_(value.encode("utf-8")) if fixed and isinstance(value, str) else value
        for name, value in (datasets or {}).items():
            file.create_dataset(name, data=value, track_times=False)
    return buffer.getvalue()
