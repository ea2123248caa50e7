"""ONNX: one protocol buffer with the graph, and tensors in it in many ways."""

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import wire
from oracle import NUMPY_NAMES, case, external, placed, unplaced

ONNX_NAMES = {
    TensorProto.FLOAT: "F32", TensorProto.FLOAT16: "F16", TensorProto.BFLOAT16: "BF16", TensorProto.DOUBLE: "F64",
    TensorProto.INT8: "I8", TensorProto.INT16: "I16", TensorProto.INT32: "I32", TensorProto.INT64: "I64",
    TensorProto.UINT8: "U8", TensorProto.UINT16: "U16", TensorProto.UINT32: "U32", TensorProto.UINT64: "U64",
    TensorProto.BOOL: "BOOL", TensorProto.COMPLEX64: "C64", TensorProto.COMPLEX128: "C128",
    TensorProto.FLOAT8E4M3FN: "F8_E4M3", TensorProto.FLOAT8E5M2: "F8_E5M2",
}  # fmt: skip


def type_name(number):
    if number in ONNX_NAMES:
        return ONNX_NAMES[number]
    return TensorProto.DataType.Name(number) if number in TensorProto.DataType.values() else f"UNKNOWN_{number}"


# Reading


def tensor_record(path, data, begin, end, **more):
    """The record of the TensorProto at data[begin:end]."""
    tensor = TensorProto.FromString(data[begin:end])
    name, dtype, shape = tensor.name, type_name(tensor.data_type), list(tensor.dims)
    if tensor.data_location == TensorProto.EXTERNAL:
        where = {entry.key: entry.value for entry in tensor.external_data}
        array = numpy_helper.to_array(tensor, base_dir=str(path.parent))
        return external(name, dtype, shape, where["location"], int(where.get("offset", 0)), stored(array), **more)
    if tensor.data_type == TensorProto.STRING:
        return unplaced(name, dtype, shape, strings=[bytes(text) for text in tensor.string_data], **more)
    array = numpy_helper.to_array(tensor)
    if tensor.HasField("raw_data"):
        at, stop = wire.content(data, begin, end, 9)
        assert data[at:stop] == tensor.raw_data
        return placed(name, dtype, shape, at, stored(array), **more)
    return unplaced(name, dtype, shape, decoded=stored(array), **more)


def stored(array):
    return numpy_helper.from_array(array).raw_data


def record(out, path, note):
    """What onnx reads, with the places that the wire format gives."""
    data = path.read_bytes()
    model = onnx.load(path, load_external_data=False)
    tensors, attributes = [], []
    sparse = {}
    for steps, descriptor, begin, end in wire.messages(onnx.ModelProto.DESCRIPTOR, data):
        if not steps:
            continue
        field, parent = steps[-1][0], steps[-2][0] if len(steps) > 1 else None
        if descriptor.name == "SparseTensorProto":
            dims = list(onnx.SparseTensorProto.FromString(data[begin:end]).dims)
            sparse[steps] = unplaced("", "", dims, sparse={}, scope=scope(model, steps))
            (tensors if field == "sparse_initializer" else attributes).append(sparse[steps])
        elif descriptor.name == "TensorProto" and steps[:-1] in sparse:
            found = sparse[steps[:-1]]
            tensor = tensor_record(path, data, begin, end)
            found["sparse"][field] = {key: value for key, value in tensor.items() if key != "_bytes"}
            if field == "values":
                found["name"], found["dtype"] = tensor["name"], tensor["dtype"]
        elif descriptor.name == "TensorProto" and field == "initializer":
            tensors.append(tensor_record(path, data, begin, end, scope=scope(model, steps)))
        elif descriptor.name == "TensorProto" and parent == "attribute":
            place = {
                "scope": scope(model, steps),
                "attribute": resolve(model, steps[:-1]).name,
                "node": resolve(model, steps[:-2]).name,
            }
            attributes.append(tensor_record(path, data, begin, end, **place))
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    for tensor in attributes:
        tensor.pop("_bytes", None)
    out.record(path, tensors, metadata, note, header=header(model), attribute_tensors=attributes)


def resolve(message, steps):
    for name, index in steps:
        value = getattr(message, name)
        message = value[index] if message.DESCRIPTOR.fields_by_name[name].is_repeated else value
    return message


def scope(model, steps):
    """The names of the graphs and functions around a tensor, from the outermost in."""
    return [
        resolve(model, steps[: i + 1]).name
        for i, (field, _) in enumerate(steps)
        if field in ("graph", "g", "graphs", "functions", "initialization", "algorithm")
    ]


def header(model):
    graph = model.graph
    return {
        "ir_version": model.ir_version, "producer_name": model.producer_name,
        "producer_version": model.producer_version, "domain": model.domain, "model_version": model.model_version,
        "doc_string": model.doc_string, "opset_import": {opset.domain: opset.version for opset in model.opset_import},
        "graph": graph.name, "inputs": [value_info(value) for value in graph.input],
        "outputs": [value_info(value) for value in graph.output], "node_count": len(graph.node),
        "operators": sorted({(f"{node.domain}::" if node.domain else "") + node.op_type for node in graph.node}),
        "functions": [f"{function.domain}::{function.name}" for function in model.functions],
    }  # fmt: skip


def value_info(value):
    return {"name": value.name, **type_info(value.type)}


def type_info(kind):
    which = kind.WhichOneof("value")
    if which in ("tensor_type", "sparse_tensor_type"):
        tensor = getattr(kind, which)
        shape = [dimension(d) for d in tensor.shape.dim] if tensor.HasField("shape") else None
        info = {"dtype": type_name(tensor.elem_type), "shape": shape}
        return info if which == "tensor_type" else {"kind": "sparse_tensor", **info}
    if which in ("sequence_type", "optional_type"):
        return {"kind": which[:-5], "element": type_info(getattr(kind, which).elem_type)}
    if which == "map_type":
        return {"kind": "map", "key": type_name(kind.map_type.key_type), "value": type_info(kind.map_type.value_type)}
    return {"kind": None}


def dimension(d):
    which = d.WhichOneof("value")
    return getattr(d, which) if which else None


# Writing


def model(graph, *, opset=21, ir=10, opsets=None, **more):
    imports = [helper.make_opsetid(domain, version) for domain, version in (opsets or {"": opset}).items()]
    return helper.make_model(graph, opset_imports=imports, ir_version=ir, producer_name="model-formats", **more)


def identity(tensors, name="g", **more):
    """A graph that has tensors and otherwise does nothing."""
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, None])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    return helper.make_graph([helper.make_node("Identity", ["x"], ["y"], name="id")], name, [x], [y], tensors, **more)


def save(out, name, proto, note):
    path = out.path(name)
    path.write_bytes(proto if isinstance(proto, bytes) else proto.SerializeToString(deterministic=True))
    record(out, path, note)


def sample(out, kind, shape=(3, 5)):
    """Values of any type of ONNX but STRING and UNDEFINED."""
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    if kind == TensorProto.BOOL:
        return out.random.integers(0, 2, shape).astype(bool)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return out.random.integers(max(limits.min, -(2**62)), min(limits.max, 2**62), shape).astype(dtype)
    if NUMPY_NAMES.get(dtype.name) is None and "int" in dtype.name:
        low = int(ml_dtypes.iinfo(dtype).min)
        return out.random.integers(low, int(ml_dtypes.iinfo(dtype).max) + 1, shape).astype(np.int8).astype(dtype)
    if dtype.kind == "c":
        return (out.floats(*shape) + 1j * out.floats(*shape)).astype(dtype)
    return (
        np.abs(out.floats(*shape)).astype(dtype)
        if kind == getattr(TensorProto, "FLOAT8E8M0", None)
        else out.floats(*shape).astype(dtype)
    )


def numeric_kinds():
    return [kind for kind in TensorProto.DataType.values() if kind not in (TensorProto.UNDEFINED, TensorProto.STRING)]


# Cases


@case("onnx")
def types(out):
    raw, typed, odd = [], [], []
    for kind in numeric_kinds():
        name = TensorProto.DataType.Name(kind)
        values = sample(out, kind)
        tensor = numpy_helper.from_array(values, f"raw.{name}")
        assert tensor.data_type == kind, name
        raw.append(tensor)
        typed.append(typed_tensor(f"typed.{name}", kind, values))
        odd.append(numpy_helper.from_array(sample(out, kind, (1,)), f"single.{name}"))
    save(out, "raw-data.onnx", model(identity(raw)), "every type in raw_data, those of less than a byte packed")
    save(
        out,
        "typed-fields.onnx",
        model(identity(typed)),
        "every type in the field of its own: float_data, int32_data, ...",
    )
    save(out, "single-elements.onnx", model(identity(odd)), "one element of every type")


def typed_tensor(name, kind, values):
    """The tensor with its values in the repeated field that its type has."""
    packed = numpy_helper.from_array(values).raw_data
    tensor = TensorProto(name=name, data_type=kind, dims=values.shape)
    field = helper.tensor_dtype_to_field(kind)
    codes = {"float_data": "<f4", "double_data": "<f8", "int64_data": "<i8"}
    if field in codes:
        items = np.frombuffer(packed, codes[field])
    elif field == "uint64_data":
        items = np.frombuffer(packed, "<u4" if kind == TensorProto.UINT32 else "<u8")
    elif "FLOAT6" in TensorProto.DataType.Name(kind):
        items = values.ravel().view(np.uint8)
    elif kind in (TensorProto.INT8, TensorProto.INT16, TensorProto.INT32):
        items = values.ravel()
    else:
        items = np.frombuffer(packed, "<u2" if len(packed) == 2 * values.size else "u1")
    getattr(tensor, field).extend(items.tolist())
    assert numpy_helper.from_array(numpy_helper.to_array(tensor)).raw_data == packed, name
    return tensor


@case("onnx")
def shapes(out):
    arrays = {
        "scalar": np.float32(3), "none": np.zeros([0], np.float32), "hollow": np.zeros([2, 0, 3], np.int64),
        "deep": out.floats(1, 2, 1, 2, 1, 2), "": out.floats(2), "größe/层.0": out.floats(2), "n" * 3000: out.floats(1),
    }  # fmt: skip
    tensors = [numpy_helper.from_array(np.asarray(array), name) for name, array in arrays.items()]
    tensors.append(TensorProto(name="bare", data_type=TensorProto.FLOAT, dims=[0]))
    tensors.append(helper.make_tensor("typed scalar", TensorProto.INT32, [], [-5]))
    tensors.append(helper.make_tensor("negative", TensorProto.INT8, [3], [-128, -1, 127]))
    save(
        out,
        "shapes.onnx",
        model(identity(tensors)),
        "scalars, tensors of no size, empty and long names, negative int32_data",
    )


@case("onnx")
def strings(out):
    tensors = [
        helper.make_tensor("texts", TensorProto.STRING, [2, 2], ["a", "", "größe 🦊", "line\nnul\0"]),
        helper.make_tensor("bytes", TensorProto.STRING, [2], [b"\xff\xfe", b"ok"]),
        helper.make_tensor("none", TensorProto.STRING, [0], []),
        helper.make_tensor("scalar", TensorProto.STRING, [], ["one"]),
    ]
    save(out, "strings.onnx", model(identity(tensors)), "string tensors, bytes that are no UTF-8 among them")


@case("onnx")
def external_data(out):
    folder = "external"
    blob, tensors = b"", []
    for i, kind in enumerate(
        [TensorProto.FLOAT, TensorProto.BFLOAT16, TensorProto.INT4, TensorProto.INT64, TensorProto.BOOL]
    ):
        values = sample(out, kind, (4, 3))
        raw = numpy_helper.from_array(values).raw_data
        blob = blob.ljust(-(-len(blob) // 64) * 64, b"\0")
        tensors.append(
            outside(f"w{i}", kind, values.shape, {"location": "weights.bin", "offset": len(blob), "length": len(raw)})
        )
        blob += raw
    out.write(f"{folder}/weights.bin", blob)
    whole = out.floats(5, 5)
    out.write(f"{folder}/sub folder/größe.data", whole.tobytes())
    tensors.append(outside("whole", TensorProto.FLOAT, [5, 5], {"location": "sub folder/größe.data"}))
    out.write(f"{folder}/checked.data", whole.tobytes() + b"more")
    keys = {"location": "checked.data", "length": 100, "offset": 0, "checksum": "0" * 40}
    tensors.append(outside("checked", TensorProto.FLOAT, [5, 5], keys))
    tensors.append(numpy_helper.from_array(out.floats(2, 2), "inside"))
    save(
        out,
        f"{folder}/model.onnx",
        model(identity(tensors)),
        "tensors in other files: at an offset, from the beginning, in a folder below",
    )

    proto = model(identity([numpy_helper.from_array(out.floats(8, 8), f"layer.{i}") for i in range(3)]))
    path = out.path("external-saved/model.onnx")
    onnx.save_model(
        proto,
        path,
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location="model.onnx.data",
        size_threshold=0,
    )
    record(out, path, "external data as the package saves it")


def outside(name, kind, shape, keys):
    tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in keys.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)
    return tensor


@case("onnx")
def sparse(out):
    values = numpy_helper.from_array(out.floats(3), "sparse.weight")
    flat = numpy_helper.from_array(np.array([1, 5, 7], np.int64), "ignored")
    pairs = numpy_helper.from_array(np.array([[0, 1], [2, 3], [3, 0]], np.int64))
    other = helper.make_tensor("sparse.other", TensorProto.DOUBLE, [3], [1.5, 2.5, 3.5])
    graph = identity([numpy_helper.from_array(out.floats(2), "dense")])
    graph.sparse_initializer.append(helper.make_sparse_tensor(values, flat, [4, 4]))
    graph.sparse_initializer.append(helper.make_sparse_tensor(other, pairs, [4, 4]))
    node = helper.make_node("Constant", [], ["c"], name="sparse constant")
    node.attribute.append(helper.make_attribute("sparse_value", helper.make_sparse_tensor(values, flat, [8])))
    graph.node.append(node)
    save(
        out, "sparse.onnx", model(graph), "sparse initialisers with indices along one axis and two, a sparse attribute"
    )


def branch(out, name, depth=0):
    weight = numpy_helper.from_array(out.floats(2, 2), f"{name}.w")
    nodes = [helper.make_node("Identity", [f"{name}.w"], [f"{name}.y"], name=f"{name}.id")]
    if depth:
        inner = helper.make_node("If", ["cond"], [f"{name}.z"], name=f"{name}.if",
                                 then_branch=branch(out, f"{name}.then", depth - 1), else_branch=branch(out, f"{name}.else", depth - 1))  # fmt: skip
        nodes.append(inner)
    y = helper.make_tensor_value_info(f"{name}.y", TensorProto.FLOAT, [2, 2])
    return helper.make_graph(nodes, name, [], [y], [weight])


@case("onnx")
def subgraphs(out):
    cond = helper.make_tensor_value_info("cond", TensorProto.BOOL, [])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, 2])
    node = helper.make_node(
        "If", ["cond"], ["y"], name="if", then_branch=branch(out, "then", 2), else_branch=branch(out, "else")
    )
    body = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["c2"]), helper.make_node("Add", ["s", "step"], ["s2"])], "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("c", TensorProto.BOOL, []),
         helper.make_tensor_value_info("s", TensorProto.FLOAT, [2, 2])],
        [helper.make_tensor_value_info("c2", TensorProto.BOOL, []), helper.make_tensor_value_info("s2", TensorProto.FLOAT, [2, 2])],
        [numpy_helper.from_array(out.floats(2, 2), "step")])  # fmt: skip
    loop = helper.make_node("Loop", ["", "cond", "y"], ["l"], name="loop", body=body)
    top = numpy_helper.from_array(out.floats(2, 2), "top")
    graph = helper.make_graph([node, loop], "outer", [cond], [y], [top])
    save(out, "subgraphs.onnx", model(graph), "initialisers in the bodies of If and Loop, three deep")


@case("onnx")
def constants(out):
    value = numpy_helper.from_array(out.floats(3, 3), "value name")
    nodes = [
        helper.make_node("Constant", [], ["a"], name="c1", value=value),
        helper.make_node("Constant", [], ["b"], name="c2", value_float=1.5),
        helper.make_node("Constant", [], ["c"], name="c3", value_ints=[1, 2, 3]),
        helper.make_node("Constant", [], ["d"], name="c4", value_string="text"),
        helper.make_node("Constant", [], ["e"], value=helper.make_tensor("", TensorProto.FLOAT, [2], [1, 2])),
        helper.make_node(
            "TreeEnsemble",
            ["x"],
            ["t"],
            name="trees",
            domain="ai.onnx.ml",
            nodes_splits=helper.make_tensor("s", TensorProto.DOUBLE, [2], [0.5, 1.5]),
        ),
        helper.make_node(
            "Many",
            ["x"],
            ["m"],
            name="many",
            domain="org.example",
            tensors=[value, helper.make_tensor("u", TensorProto.UINT8, [2], b"\1\2", raw=True)],
        ),
    ]
    graph = helper.make_graph(nodes, "constants", [], [helper.make_tensor_value_info("a", TensorProto.FLOAT, [3, 3])])
    save(
        out,
        "constants.onnx",
        model(graph, opsets={"": 21, "ai.onnx.ml": 5, "org.example": 1}),
        "no initialisers: the tensors are attributes of nodes",
    )


@case("onnx")
def functions(out):
    weight = helper.make_node(
        "Constant", [], ["w"], name="function constant", value=numpy_helper.from_array(out.floats(2, 2), "fw")
    )
    function = helper.make_function("local.domain", "Scale", ["x"], ["y"], [weight, helper.make_node("MatMul", ["x", "w"], ["y"])],
                                    [helper.make_opsetid("", 20)], ["alpha"])  # fmt: skip
    branchy = helper.make_node(
        "If", ["c"], ["y"], name="if", then_branch=branch(out, "f.then"), else_branch=branch(out, "f.else")
    )
    second = helper.make_function("local.domain", "Choose", ["c"], ["y"], [branchy], [helper.make_opsetid("", 20)])
    graph = helper.make_graph(
        [helper.make_node("Scale", ["x"], ["y"], domain="local.domain")], "uses functions",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])], [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 2])])  # fmt: skip
    proto = model(graph, opsets={"": 20, "local.domain": 1}, functions=[function, second])
    save(out, "functions.onnx", proto, "local functions with constants and branches of their own")


@case("onnx")
def inputs(out):
    info = helper.make_tensor_value_info
    values = [
        info("tensor", TensorProto.FLOAT, ["batch", 3, 224, 224]), info("scalar", TensorProto.INT64, []),
        info("unknown rank", TensorProto.FLOAT16, None), info("unknown dimension", TensorProto.BFLOAT16, [None, "größe", 0]),
        info("text", TensorProto.STRING, [1]), helper.make_tensor_sequence_value_info("sequence", TensorProto.FLOAT, ["n"]),
        helper.make_value_info("optional", helper.make_optional_type_proto(helper.make_tensor_type_proto(TensorProto.INT8, [2]))),
        helper.make_value_info("map", helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, []))),
        helper.make_sparse_tensor_value_info("sparse", TensorProto.DOUBLE, [3, "m"]),
        onnx.ValueInfoProto(name="no type"), info("w", TensorProto.FLOAT, [2]),
    ]  # fmt: skip
    graph = helper.make_graph(
        [], "inputs", values, [info("out", TensorProto.UINT4, [7])], [numpy_helper.from_array(out.floats(2), "w")]
    )
    save(
        out,
        "inputs.onnx",
        model(graph, ir=3, opset=7),
        "inputs of every kind; as in IR version 3 an initialiser is an input too",
    )


@case("onnx")
def versions(out):
    weight = numpy_helper.from_array(out.floats(2, 2), "w")
    for ir, opsets in [
        (3, {"": 1}),
        (4, {"": 9, "ai.onnx.ml": 1}),
        (8, {"": 17, "com.microsoft": 1, "ai.onnx.training": 1}),
        (13, {"": 25}),
    ]:
        proto = model(identity([weight]), ir=ir, opsets=opsets)
        save(out, f"ir{ir}.onnx", proto, f"IR version {ir}")
    proto = model(
        identity([weight], doc_string="a graph's text"),
        doc_string="a model's text",
        domain="org.example",
        model_version=7,
        producer_version="1.2",
    )
    helper.set_model_props(proto, {"author": "größe", "": "empty key", "empty": "", "json": '{"names": {0: "cat"}}'})
    save(out, "metadata.onnx", proto, "properties, texts, versions")
    save(out, "no-graph.onnx", onnx.ModelProto(ir_version=8), "a model without a graph")
    proto = model(identity([weight]))
    proto.ClearField("opset_import")
    save(out, "no-opset.onnx", proto, "a model without opsets")


@case("onnx")
def training(out):
    proto = model(identity([numpy_helper.from_array(out.floats(2), "w")]))
    info = proto.training_info.add()
    info.algorithm.CopyFrom(identity([numpy_helper.from_array(out.floats(3), "momentum")], name="algorithm"))
    info.initialization.CopyFrom(identity([numpy_helper.from_array(out.floats(2), "start")], name="initialization"))
    save(out, "training.onnx", proto, "training information with graphs of its own")


@case("onnx")
def wire_oddities(out):
    tensor = TensorProto(name="unpacked", data_type=TensorProto.FLOAT, dims=[3]).SerializeToString()
    tensor += b"".join(wire.fixed32(4, out.floats(1).tobytes()) for _ in range(3))
    integers = TensorProto(name="half packed", data_type=TensorProto.INT32, dims=[4]).SerializeToString()
    integers += wire.field(5, b"\1\2") + wire.field(5, 3) + wire.field(5, -4)
    dims = wire.field(1, b"\2\3") + wire.field(8, "packed dims") + wire.field(2, 2) + wire.field(9, out.bytes(6))
    raw = numpy_helper.from_array(out.floats(2, 2), "last").SerializeToString()
    twice = wire.field(9, b"first") + raw
    unknown = (
        wire.field(999, b"unknown") + wire.field(998, 5) + wire.fixed32(997, b"abcd") + wire.fixed64(996, b"abcdefgh")
    )
    late = wire.field(9, out.bytes(4)) + unknown + wire.field(2, 3) + wire.field(1, 4) + wire.field(8, "data first")
    first = wire.field(2, "first name") + wire.field(5, tensor) + wire.field(5, integers)
    second = wire.field(5, dims) + wire.field(5, twice) + wire.field(2, "second name") + unknown + wire.field(5, late)
    opset = wire.field(8, wire.field(2, 21))
    data = wire.field(7, first) + unknown + opset + wire.field(1, 9) + wire.field(7, second) + wire.field(1, 10)
    note = "unpacked and half packed fields, unknown fields, the graph in two parts, fields given twice, data before its type"
    save(out, "wire.onnx", data, note)


@case("onnx")
def many(out):
    tensors = [numpy_helper.from_array(out.floats(2, 2), f"encoder.layer.{i}.weight") for i in range(500)]
    graph = identity(tensors)
    graph.node.extend(
        helper.make_node("Add", ["x", f"encoder.layer.{i}.weight"], [f"y{i}"], name=f"n{i}") for i in range(500)
    )
    save(out, "many.onnx", model(graph), "500 initialisers and 501 nodes")
