"""Core ML's models, made without its tools from the messages that it documents."""

import json
import struct

import wire
from oracle import case, external, placed, unplaced

# Model, ModelDescription and Metadata


def description(inputs, outputs, metadata):
    def feature(name, shape, data_type=65568):
        array = wire.packed(1, shape) + wire.field(2, data_type)
        return wire.field(1, name) + wire.field(3, wire.field(5, array))

    message = b"".join(wire.field(1, feature(*item)) for item in inputs) + b"".join(
        wire.field(10, feature(*item)) for item in outputs
    )
    known = {"shortDescription": 1, "versionString": 2, "author": 3, "license": 4}
    content = b"".join(wire.field(number, metadata[key]) for key, number in known.items() if key in metadata)
    content += b"".join(wire.entry(100, key, value) for key, value in metadata.get("userDefined", {}).items())
    return message + wire.field(100, content)


INPUTS, OUTPUTS = [("x", [1, 4])], [("y", [1, 3])]
METADATA = {
    "shortDescription": "größe",
    "author": "someone",
    "license": "none",
    "versionString": "1.0",
    "userDefined": {"": "empty key", "a": "b", "ключ": "значение"},
}


# Neural networks: the weights are in the messages


def weights(array=None, *, half=None, raw=None, quantization=b""):
    if array is not None:
        return wire.field(1, array.astype("<f4").tobytes())
    if half is not None:
        return wire.field(2, half.astype("<f2").tobytes())
    return wire.field(30, raw) + wire.field(40, quantization)


def inner_product(name, inputs, outputs, w, b=None):
    params = (
        wire.field(1, inputs)
        + wire.field(2, outputs)
        + (wire.field(10, 1) if b is not None else b"")
        + wire.field(20, w)
    )
    params += wire.field(21, b) if b is not None else b""
    return wire.field(1, name) + wire.field(2, "x") + wire.field(3, "y") + wire.field(140, params)


def find(data, piece):
    """Where something lies that is but once in the file."""
    assert data.count(piece) == 1
    return data.index(piece)


@case("coreml")
def networks(out):
    w, b, h = out.floats(3, 4), out.floats(3), out.floats(3, 4, dtype="<f2")
    raw, scale = out.bytes(12), out.floats(3)
    quantization = wire.field(1, 8) + wire.field(101, wire.field(1, scale.tobytes()))
    layers = [inner_product("dense", 4, 3, weights(w), weights(b)), inner_product("half", 4, 3, weights(half=h)),
              inner_product("größe", 4, 3, weights(raw=raw, quantization=quantization))]  # fmt: skip
    network = b"".join(wire.field(1, layer) for layer in layers)
    data = wire.field(1, 4) + wire.field(2, description(INPUTS, OUTPUTS, METADATA)) + wire.field(500, network)
    path = out.write("network.mlmodel", data)
    # Shapes are not in the messages: there are but numbers of elements
    tensors = [
        placed("dense.weights", "F32", [12], find(data, w.tobytes()), w.tobytes()), placed("dense.bias", "F32", [3], find(data, b.tobytes()), b.tobytes()),
        placed("half.weights", "F16", [12], find(data, h.tobytes()), h.tobytes()), placed("größe.weights", "U8", [12], find(data, raw), raw, quantized=8),
    ]  # fmt: skip
    out.record(
        path,
        tensors,
        METADATA,
        "a neural network: weights as floats, as halves, and quantised to 8 bits",
        header={"version": 4, "kind": "neuralNetwork"},
    )


# Programs: the weights are in a file beside the model

KINDS = {
    "F16": (10, "<f2", 1),
    "F32": (11, "<f4", 2),
    "U8": (31, "u1", 3),
    "I8": (21, "i1", 4),
    "I16": (22, "<i2", 6),
    "U16": (32, "<u2", 7),
    "I32": (23, "<i4", 14),
    "U32": (33, "<u4", 15),
}


def value_type(code, shape):
    dims = b"".join(wire.field(3, wire.field(1, wire.field(1, n))) for n in shape)
    return wire.field(1, wire.field(1, code) + wire.field(2, len(shape)) + dims)


def text_value(text):
    return wire.field(2, value_type(2, [])) + wire.field(3, wire.field(1, wire.field(4, wire.field(1, text))))


def operation(name, code, shape, value):
    """A const operation with a value."""
    output = wire.field(1, name) + wire.field(2, value_type(code, shape))
    return (
        wire.field(1, "const")
        + wire.field(3, output)
        + wire.entry(5, "name", text_value(name))
        + wire.entry(5, "val", value)
    )


def blob_file(blobs):
    """A file of weights: a header, and for each blob a description of 64 bytes and its data; and where the descriptions are."""
    data, places = bytearray(struct.pack("<II", len(blobs), 2).ljust(64, b"\0")), []
    for kind, raw in blobs:
        data += bytes(-len(data) % 64)
        places.append(len(data))
        data += struct.pack("<IIQQ", 0xDEADBEEF, KINDS[kind][2], len(raw), len(data) + 64).ljust(64, b"\0") + raw
    return bytes(data), places


@case("coreml")
def programs(out):
    values = {f"w_{kind}": (kind, (out.floats(3, 5) ** 2 * 20).astype(dtype)) for kind, (_, dtype, _) in KINDS.items()}
    blob, places = blob_file([(kind, array.tobytes()) for kind, array in values.values()])
    operations, tensors = b"", []
    for place, (name, (kind, array)) in zip(places, values.items()):
        value = wire.field(2, value_type(KINDS[kind][0], array.shape)) + wire.field(
            5, wire.field(1, "@model_path/weights/weight.bin") + wire.field(2, place)
        )
        operations += wire.field(3, operation(name, KINDS[kind][0], array.shape, value))
        tensors.append(external(name, kind, array.shape, "weights/weight.bin", place + 64, array.tobytes()))
    small, half = out.floats(2, 2), out.floats(3, dtype="<f2")
    value = wire.field(2, value_type(11, [2, 2])) + wire.field(
        3, wire.field(1, wire.field(1, wire.field(1, small.tobytes())))
    )
    operations += wire.field(3, operation("immediate", 11, [2, 2], value))
    value = wire.field(2, value_type(10, [3])) + wire.field(
        3, wire.field(1, wire.field(7, wire.field(1, half.tobytes())))
    )
    operations += wire.field(3, operation("immediate_half", 10, [3], value))
    tensors += [
        unplaced("immediate", "F32", [2, 2], decoded=small.tobytes()),
        unplaced("immediate_half", "F16", [3], decoded=half.tobytes()),
    ]
    block = wire.field(2, "y") + operations
    program = wire.field(1, 1) + wire.entry(2, "main", wire.field(2, "CoreML6") + wire.entry(3, "CoreML6", block))
    data = wire.field(1, 7) + wire.field(2, description(INPUTS, OUTPUTS, METADATA)) + wire.field(502, program)
    folder = "program.mlpackage"
    manifest = {
        "fileFormatVersion": "1.0.0", "rootModelIdentifier": "00000000-0000-0000-0000-000000000001",
        "itemInfoEntries": {
            "00000000-0000-0000-0000-000000000001": {"author": "com.apple.CoreML", "description": "CoreML Model Specification", "name": "model.mlmodel", "path": "com.apple.CoreML/model.mlmodel"},
            "00000000-0000-0000-0000-000000000002": {"author": "com.apple.CoreML", "description": "CoreML Model Weights", "name": "weights", "path": "com.apple.CoreML/weights"}},
    }  # fmt: skip
    out.write(f"{folder}/Manifest.json", json.dumps(manifest).encode())
    out.write(f"{folder}/Data/com.apple.CoreML/weights/weight.bin", blob)
    path = out.write(f"{folder}/Data/com.apple.CoreML/model.mlmodel", data)
    out.record(
        path,
        tensors,
        METADATA,
        "a program: constants in a file of weights, and some in the messages",
        header={"version": 7, "kind": "mlProgram"},
    )
