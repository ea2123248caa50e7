"""OpenVINO's own files, and its reading of those made without it."""

import json

import numpy as np
import openvino
from openvino import opset13

from oracle import case, external, log

NAMES = {
    "f64": "F64",
    "f32": "F32",
    "f16": "F16",
    "bf16": "BF16",
    "i64": "I64",
    "i32": "I32",
    "i16": "I16",
    "i8": "I8",
    "u64": "U64",
    "u32": "U32",
    "u16": "U16",
    "u8": "U8",
    "boolean": "BOOL",
    "f8e4m3": "F8_E4M3",
    "f8e5m2": "F8_E5M2",
    "f8e8m0": "F8_E8M0",
}


def constants(path):
    """A model's constants as OpenVINO reads them, by name."""
    model = openvino.Core().read_model(str(path))
    return {
        operation.get_friendly_name(): operation
        for operation in model.get_ops()
        if operation.get_type_name() == "Constant"
    }


def xml_places(path):
    from xml.etree import ElementTree

    for layer in ElementTree.parse(path).iter("layer"):
        data = layer.find("data")
        if layer.get("type") == "Const":
            yield (
                layer.get("name"),
                int(data.get("offset")),
                int(data.get("size")),
                data.get("element_type"),
                [int(n) for n in data.get("shape").split(",") if n.strip()],
            )


def check(operation, raw):
    """The constant's values are these bytes, where the package gives them out as they are."""
    if operation.get_element_type().get_type_name() in (
        "f64",
        "f32",
        "f16",
        "i64",
        "i32",
        "i16",
        "i8",
        "u64",
        "u32",
        "u16",
        "u8",
    ):
        assert operation.data.tobytes() == raw, operation.get_friendly_name()


def record(out, path, note):
    blob = path.with_suffix(".bin").read_bytes()
    read = constants(path)
    tensors = []
    for name, offset, size, element, shape in xml_places(path):
        raw = blob[offset : offset + size]
        operation = read[name]
        assert (
            list(operation.get_output_shape(0)) == shape and operation.get_element_type().get_type_name() == element
        ), name
        check(operation, raw)
        tensors.append(
            external(name, NAMES.get(element, element.upper()), shape, path.with_suffix(".bin").name, offset, raw)
        )
    out.record(path, tensors, {}, note)


@case("openvino", heavy=True, needs=("openvino",))
def by_openvino(out):
    x = opset13.parameter([-1, 4], np.float32, name="x")
    w = opset13.constant(out.floats(4, 3), name="weight")
    y = opset13.matmul(x, w, False, False, name="product")
    z = opset13.reshape(
        opset13.add(y, opset13.constant(out.floats(3), name="bias")),
        opset13.constant(np.array([-1, 3], np.int64), name="shape"),
        False,
    )
    half = opset13.convert(opset13.constant(out.floats(1, 3, dtype="<f2"), name="half"), "f32")
    model = openvino.Model([opset13.add(z, half)], [x], "by openvino")
    for compressed in (False, True):
        path = out.path(f"by-openvino-{'half' if compressed else 'full'}.xml")
        openvino.save_model(model, str(path), compress_to_fp16=compressed)
        record(out, path, "by OpenVINO" + (", its floats made halves" if compressed else ""))


@case("openvino", heavy=True, needs=("openvino",))
def made_without(out):
    out.truth.flush()
    checked = constant_count = 0
    for line in map(json.loads, (out.root / "truth.jsonl").read_text().splitlines()):
        path = out.root / line["path"]
        if line["format"] != "openvino" or path.stem.startswith("by-openvino"):
            continue
        try:
            read = constants(path)
        except RuntimeError as error:
            log(f"OpenVINO does not read {line['path']}: {str(error).strip().splitlines()[-1]}")
            continue
        blob = path.with_suffix(".bin").read_bytes()
        for tensor in line["tensors"]:
            where = tensor["external"]
            if tensor["name"] in read:  # Others are of no use to the graph, or lie in bodies of operations
                operation = read[tensor["name"]]
                assert list(operation.get_output_shape(0)) == tensor["shape"], tensor["name"]
                check(operation, blob[where["offset"] : where["offset"] + where["length"]])
                constant_count += 1
        checked += 1
    log(f"OpenVINO reads {checked} files that were written without it, with {constant_count} constants")
