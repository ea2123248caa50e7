"""TensorFlow's own graphs, saved models, checkpoints and TensorFlow Lite models, and its reading of those made without it."""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

import tensorflow_cases
import tflite_cases
import wire
from oracle import case, dtype_name, external, log, plain, unplaced


def array_of(name, message):
    """The values of a TensorProto as TensorFlow reads them."""
    tensor = tf.make_tensor_proto(0)
    tensor.ParseFromString(message)
    return tf.make_ndarray(tensor).tobytes()


def graph_records(data, begin=0, end=None):
    return list(tensorflow_cases.constants(data, begin, len(data) if end is None else end, array_of))


def checkpoint_records(prefix):
    """The variables of a checkpoint, at the places that its index gives; the values are those that TensorFlow reads."""
    reader = tf.train.load_checkpoint(str(prefix))
    entries = index_entries(prefix.with_name(prefix.name + ".index").read_bytes())
    shards = entries.pop(b"")
    records = []
    assert set(reader.get_variable_to_shape_map()) == {key.decode() for key in entries}
    for key, entry in sorted(entries.items()):
        name = key.decode()
        value = reader.get_tensor(name)
        shape = reader.get_variable_to_shape_map()[name]
        if reader.get_variable_to_dtype_map()[name] == tf.string:
            texts = [value] if shape == [] else list(value.ravel())
            more = {"strings": texts} if name != "_CHECKPOINTABLE_OBJECT_GRAPH" else {}
            records.append(unplaced(name, "STRING", shape, **more))
            continue
        number = {field: wire.integer(entry, wire.content(entry, 0, len(entry), field)) for field in (3, 4, 5)}
        file = f"{prefix.name}.data-{number[3]:05}-of-{shards:05}"
        assert number[5] == value.nbytes
        records.append(external(name, dtype_name(value.dtype), shape, file, number[4], value.tobytes()))
    return records


def index_entries(data):
    """The entries of a table, of which no block is compressed; and the number of shards under the empty key."""
    footer = data[-48:]
    assert footer[40:] == (0xDB4775248B80FB57).to_bytes(8, "little")
    _, at = wire.varint(footer, 0)
    _, at = wire.varint(footer, at)
    index = block_entries(data, footer, at)
    entries = {}
    for _, handle in index:
        entries.update(block_entries(data, handle, 0))
    header = entries[b""]
    entries[b""] = wire.integer(header, wire.content(header, 0, len(header), 1))
    return entries


def block_entries(data, handle, at):
    offset, at = wire.varint(handle, at)
    size, _ = wire.varint(handle, at)
    assert data[offset + size] == 0
    block = data[offset : offset + size]
    end = size - 4 - 4 * int.from_bytes(block[-4:], "little")
    at, key, entries = 0, b"", []
    while at < end:
        shared, at = wire.varint(block, at)
        more, at = wire.varint(block, at)
        length, at = wire.varint(block, at)
        key = key[:shared] + block[at : at + more]
        entries.append((key, block[at + more : at + more + length]))
        at += more + length
    return entries


def bare(records):
    return [plain({k: v for k, v in record.items() if k != "_bytes"}) for record in records]


# Cases


class Net(tf.Module):
    def __init__(self):
        super().__init__()
        self.w = tf.Variable(tf.random.stateless_normal([3, 2], [1, 2]), name="w")
        self.counts = tf.Variable([1, 2], name="counts")
        self.half = tf.Variable(tf.cast([1.0, 2.0], tf.bfloat16), name="half")
        self.layers = [tf.Variable([1.0]), {"inner": tf.Variable(2.5)}]

    @tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32, name="x")])
    def __call__(self, x):
        scaled = tf.constant(np.arange(2, dtype=np.float32) + 0.5) * tf.matmul(x, self.w)
        return {"y": tf.cond(tf.reduce_sum(x) > 0, lambda: scaled + 1.0, lambda: scaled)}


@case("savedmodel", heavy=True, needs=("tensorflow",))
def by_tensorflow(out):
    net = Net()
    folder = out.path("by-tensorflow/saved_model.pb").parent
    tf.saved_model.save(net, str(folder))
    path = folder / "saved_model.pb"
    data = path.read_bytes()
    meta = wire.content(data, 0, len(data), 2)
    found = graph_records(data, *wire.content(data, *meta, 2))
    for tensor in found:
        raw = tensor.pop("_bytes", None)
        assert raw is None or data[tensor["offset"] :][: tensor["length"]] == raw
    records = list(tensorflow_cases.below(checkpoint_records(folder / "variables/variables"), "variables"))
    loaded = tf.saved_model.load(str(folder))
    assert np.array_equal(loaded.w.numpy(), net.w.numpy())
    metadata = {"tags": ["serve"], "tensorflow_version": tf.__version__}
    header = {
        "signatures": {
            "serving_default": {
                "inputs": {"x": {"dtype": "F32", "shape": [-1, 3]}},
                "outputs": {"y": {"dtype": "F32", "shape": [-1, 2]}},
            }
        }
    }
    out.record(path, records, metadata, "by TensorFlow", header=header, constants=found)

    prefix = out.path("by-tensorflow-checkpoint/model.ckpt")
    written = tf.train.Checkpoint(net=net, step=tf.Variable(5, dtype=tf.int64)).save(str(prefix))
    prefix = prefix.with_name(os.path.basename(written))
    out.record(prefix.with_name(prefix.name + ".index"), checkpoint_records(prefix), {}, "a checkpoint by TensorFlow")
    graph = tf.Graph()
    with graph.as_default():
        tf.compat.v1.get_variable("scope/weights", initializer=np.arange(6, dtype=np.float32).reshape(2, 3))
        tf.compat.v1.get_variable("texts", initializer=np.array([b"a", b"bc"], object), dtype=tf.string)
        saver = tf.compat.v1.train.Saver()
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            prefix = out.path("by-tensorflow-1/model.ckpt")
            saver.save(session, str(prefix), write_meta_graph=True)
    out.record(
        prefix.with_name("model.ckpt.index"), checkpoint_records(prefix), {}, "a checkpoint as version 1 wrote it"
    )


@case("graphdef", heavy=True, needs=("tensorflow",))
def frozen(out):
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    net = Net()
    graph = convert_variables_to_constants_v2(net.__call__.get_concrete_function()).graph.as_graph_def()
    data = graph.SerializeToString(deterministic=True)
    path = out.write("by-tensorflow.pb", data)
    header = {"node_count": len(graph.node), "operators": sorted({node.op for node in graph.node})}
    out.record(path, graph_records(data), {}, "variables frozen to constants by TensorFlow", header=header)


@case("tflite", heavy=True, needs=("tensorflow",))
def converted(out):
    net = Net()
    function = net.__call__.get_concrete_function()
    for name, optimized in (("by-tensorflow.tflite", False), ("by-tensorflow-quantized.tflite", True)):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function], net)
        if optimized:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        data = converter.convert()
        tensors, _, _ = tflite_cases.describe(data)
        check_lite(data, tensors)
        tflite_cases.save(out, name, data, "by TensorFlow's converter" + (", quantised" if optimized else ""))


def check_lite(data, tensors):
    """The interpreter has the same constants in its first graph."""
    interpreter = tf.lite.Interpreter(model_content=data)
    details = {detail["name"]: detail for detail in interpreter.get_tensor_details()}
    for tensor in tensors:
        if tensor["subgraph"]:
            continue
        detail = details[tensor["name"]]
        assert detail["shape"].tolist() == tensor["shape"], tensor["name"]
        try:
            value = interpreter.get_tensor(detail["index"])
        except ValueError:
            continue  # Not allocated, or of a type that it does not give out
        if tensor["dtype"] in ("INT4", "INT2", "UINT4", "STRING"):
            continue
        assert value.tobytes() == tensor["_bytes"], tensor["name"]


@case("savedmodel", heavy=True, needs=("tensorflow",))
def made_without(out):
    """TensorFlow reads what was written without it, and finds what was recorded."""
    out.truth.flush()
    checked = 0
    for line in map(json.loads, (out.root / "truth.jsonl").read_text().splitlines()):
        path = out.root / line["path"]
        if "by-tensorflow" in line["path"]:
            continue
        if line["format"] == "graphdef":
            data = path.read_bytes()
            tf.compat.v1.GraphDef.FromString(data)
            assert bare(graph_records(data)) == line["tensors"], path
        elif line["format"] == "savedmodel" and path.suffix == ".index":
            assert bare(checkpoint_records(path.with_suffix(""))) == line["tensors"], path
        elif line["format"] == "savedmodel":
            records = tensorflow_cases.below(checkpoint_records(path.parent / "variables/variables"), "variables")
            assert bare(records) == line["tensors"], path
            data = path.read_bytes()
            meta = wire.content(data, 0, len(data), 2)
            assert bare(graph_records(data, *wire.content(data, *meta, 2))) == line["constants"], path
        elif line["format"] == "tflite":
            data = path.read_bytes()
            tensors, _, _ = tflite_cases.describe(data)
            check_lite(data, tensors)
        else:
            continue
        checked += 1
    log(f"TensorFlow reads {checked} files that were written without it")
