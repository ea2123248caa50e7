"""Core ML's models by its tools, and their reading of those made without them."""

import json
import logging

logging.getLogger("coremltools").setLevel(logging.CRITICAL)

import coremltools
import numpy as np
from coremltools.converters.mil import Builder
from coremltools.proto import Model_pb2

from oracle import case, external, log, placed, unplaced

TYPES = {
    10: ("F16", "<f2"),
    11: ("F32", "<f4"),
    12: ("F64", "<f8"),
    21: ("I8", "i1"),
    22: ("I16", "<i2"),
    23: ("I32", "<i4"),
    24: ("I64", "<i8"),
    31: ("U8", "u1"),
    32: ("U16", "<u2"),
    33: ("U32", "<u4"),
}


def program_records(path):
    """The constants of a program that are tensors of numbers, with their places in the file of weights."""
    spec = Model_pb2.Model.FromString(path.read_bytes())
    records = []
    for function in spec.mlProgram.functions.values():
        for block in function.block_specializations.values():
            for operation in block.operations:
                if operation.type != "const":
                    continue
                value = operation.attributes["val"]
                kind = value.type.tensorType
                if kind.dataType not in TYPES or not kind.rank:
                    continue
                name, shape = operation.outputs[0].name, [d.constant.size for d in kind.dimensions]
                dtype, code = TYPES[kind.dataType]
                if value.WhichOneof("value") == "blobFileValue":
                    file = value.blobFileValue.fileName.removeprefix("@model_path/")
                    blob = (path.parent / file).read_bytes()
                    at = value.blobFileValue.offset
                    size, place = (int.from_bytes(blob[at + i : at + i + 8], "little") for i in (8, 16))
                    assert size == np.prod(shape, dtype=int) * np.dtype(code).itemsize
                    records.append(external(name, dtype, shape, file, place, blob[place : place + size]))
                else:
                    tensor = value.immediateValue.tensor
                    which = tensor.WhichOneof("value")
                    values = getattr(tensor, which).values
                    raw = bytes(values) if which == "bytes" else np.array(list(values), code).tobytes()
                    records.append(unplaced(name, dtype, shape, decoded=raw))
    return records


def metadata_of(spec):
    meta = spec.description.metadata
    return {key: getattr(meta, key) for key in ("shortDescription", "versionString", "author", "license")} | {
        "userDefined": dict(meta.userDefined)
    }


@case("coreml", heavy=True, needs=("coremltools",))
def programs(out):
    w, b = out.floats(30, 40), out.floats(30)

    @Builder.program(input_specs=[Builder.TensorSpec(shape=(1, 40))])
    def program(x):
        y = Builder.linear(
            x=x, weight=Builder.const(val=w, name="w"), bias=Builder.const(val=b, name="b"), name="dense"
        )
        return Builder.relu(x=y, name="out")

    for precision in ("FLOAT16", "FLOAT32"):
        model = coremltools.convert(program, minimum_deployment_target=coremltools.target.iOS16, skip_model_load=True,
                                    compute_precision=getattr(coremltools.precision, precision))  # fmt: skip
        model.user_defined_metadata["größe"] = "ü"
        model.author = "someone"
        folder = out.path(f"by-coremltools-{precision.lower()}.mlpackage")
        model.save(str(folder))
        path = folder / "Data/com.apple.CoreML/model.mlmodel"
        spec = Model_pb2.Model.FromString(path.read_bytes())
        out.record(
            path,
            program_records(path),
            metadata_of(spec),
            f"a program by coremltools, {precision}",
            header={"version": spec.specificationVersion, "kind": spec.WhichOneof("Type")},
        )


@case("coreml", heavy=True, needs=("coremltools",))
def networks(out):
    from coremltools.models import datatypes, neural_network

    w, b = out.floats(3, 4), out.floats(3)
    builder = neural_network.NeuralNetworkBuilder([("x", datatypes.Array(4))], [("y", datatypes.Array(3))])
    builder.add_inner_product("dense", w, b, 4, 3, True, "x", "y")
    data = builder.spec.SerializeToString(deterministic=True)
    path = out.write("by-coremltools.mlmodel", data)
    spec = Model_pb2.Model.FromString(data)
    params = spec.neuralNetwork.layers[0].innerProduct
    tensors = []
    for name, weights in {"weights": params.weights, "bias": params.bias}.items():
        raw = np.array(weights.floatValue, "<f4").tobytes()
        assert data.count(raw) == 1
        tensors.append(placed(f"dense.{name}", "F32", [len(weights.floatValue)], data.index(raw), raw))
    out.record(
        path,
        tensors,
        metadata_of(spec),
        "a neural network by coremltools",
        header={"version": spec.specificationVersion, "kind": spec.WhichOneof("Type")},
    )


@case("coreml", heavy=True, needs=("coremltools",))
def made_without(out):
    out.truth.flush()
    checked = 0
    for line in map(json.loads, (out.root / "truth.jsonl").read_text().splitlines()):
        path = out.root / line["path"]
        if line["format"] != "coreml" or "by-coremltools" in line["path"]:
            continue
        spec = Model_pb2.Model.FromString(path.read_bytes())
        assert metadata_of(spec) == line["metadata"] and spec.WhichOneof("Type") == line["header"]["kind"], path
        if spec.WhichOneof("Type") == "mlProgram":
            found = [{k: v for k, v in record.items() if k != "_bytes"} for record in program_records(path)]
            assert found == line["tensors"], path
        else:
            assert [layer.name for layer in spec.neuralNetwork.layers] == ["dense", "half", "größe"]
            assert len(spec.neuralNetwork.layers[0].innerProduct.weights.floatValue) == 12
        checked += 1
    log(f"coremltools reads {checked} files that were written without it")
