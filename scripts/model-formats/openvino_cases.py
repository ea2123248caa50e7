"""OpenVINO's intermediate representation, made without it: the graph in XML, and the constants in a file beside it."""

from xml.sax.saxutils import quoteattr

import ml_dtypes
import numpy as np

from oracle import case, dtype_name, external

# Element types as the XML names them: numpy's type, or the bits of one that numpy lacks
TYPES = {
    "f64": "<f8", "f32": "<f4", "f16": "<f2", "bf16": ml_dtypes.bfloat16, "i64": "<i8", "i32": "<i4", "i16": "<i2", "i8": "i1",
    "u64": "<u8", "u32": "<u4", "u16": "<u2", "u8": "u1", "boolean": "?", "f8e4m3": ml_dtypes.float8_e4m3fn,
    "f8e5m2": ml_dtypes.float8_e5m2, "f8e8m0": ml_dtypes.float8_e8m0fnu, "u4": 4, "i4": 4, "u2": 2, "u1": 1, "nf4": 4, "f4e2m1": 4,
}  # fmt: skip
PRECISIONS = {"boolean": "BOOL", "f16": "FP16", "f32": "FP32", "f64": "FP64"}


class Model:
    """Layers that are put together into a model's two files."""

    def __init__(self, name="model", version=11):
        self.name, self.version = name, version
        self.layers, self.edges, self.blob, self.places, self.inputs = [], [], b"", [], []

    def layer(self, name, kind, data, shape=None, precision="FP32", inputs=0, opset="opset1", body=""):
        index = len(self.layers)
        self.inputs.append(inputs)
        attributes = " ".join(f"{key}={quoteattr(str(value))}" for key, value in data.items())
        port = "".join(f"<dim>{n}</dim>" for n in shape or [])
        shape = None if kind == "Result" else shape
        output = (
            f'<output><port id="{inputs}" precision="{precision}">{port}</port></output>' if shape is not None else ""
        )
        ports = "".join(f'<port id="{i}" precision="{precision}">{port}</port>' for i in range(inputs))
        ports = f"<input>{ports}</input>" if inputs else ""
        data = f"<data {attributes}/>" if data else ""
        self.layers.append(
            f'<layer id="{index}" name={quoteattr(name)} type="{kind}" version="{opset}">{data}{ports}{output}{body}</layer>'
        )
        return index

    def constant(self, out, name, element, shape, align=64, result=True):
        count = int(np.prod(shape, dtype=int))
        if isinstance(TYPES[element], int):
            raw, dtype = out.bytes(-(-count * TYPES[element] // 8)), element.upper()
        else:
            values = out.random.integers(0, 2, shape) if element == "boolean" else out.floats(*shape) ** 2
            raw, dtype = values.astype(TYPES[element]).tobytes(), dtype_name(TYPES[element])
        self.blob = self.blob.ljust(-(-len(self.blob) // align) * align, b"\0")
        self.places.append((name, dtype, shape, len(self.blob), raw))
        data = {
            "element_type": element,
            "shape": ", ".join(map(str, shape)),
            "offset": len(self.blob),
            "size": len(raw),
        }
        self.blob += raw
        index = self.layer(name, "Const", data, shape, PRECISIONS.get(element, element.upper()))
        if result:
            self.result(index, shape)  # What leads to no result is left out when the model is read
        return index

    def edge(self, source, target, port=0):
        self.edges.append(
            f'<edge from-layer="{source}" from-port="{self.inputs[source]}" to-layer="{target}" to-port="{port}"/>'
        )

    def xml(self, info=""):
        return (
            f'<?xml version="1.0"?>\n<net name={quoteattr(self.name)} version="{self.version}">\n<layers>\n'
            + "\n".join(self.layers) + "\n</layers>\n<edges>\n" + "\n".join(self.edges) + f"\n</edges>\n{info}</net>\n"
        )  # fmt: skip

    def result(self, index, shape):
        self.edge(index, self.layer(f"result {index}", "Result", {}, shape, inputs=1))

    def save(self, out, name, note, metadata=None, info=""):
        out.write(f"{name}.bin", self.blob)
        path = out.write(f"{name}.xml", self.xml(info).encode())
        file = f"{name.split('/')[-1]}.bin"
        tensors = [external(name, dtype, shape, file, offset, raw) for name, dtype, shape, offset, raw in self.places]
        header = {"name": self.name, "version": self.version, "layer_count": len(self.layers)}
        out.record(path, tensors, metadata or {}, note, header=header)


def simple(out, model, shape=(3, 4)):
    x = model.layer("x", "Parameter", {"shape": f"?,{shape[0]}", "element_type": "f32"}, [-1, shape[0]])
    w = model.constant(out, "weight", "f32", shape, result=False)
    product = model.layer(
        "product", "MatMul", {"transpose_a": "false", "transpose_b": "false"}, [-1, shape[1]], inputs=2
    )
    result = model.layer("y/sink_port_0", "Result", {}, inputs=1)
    model.edge(x, product)
    model.edge(w, product, 1)
    model.edge(product, result)


@case("openvino")
def models(out):
    model = Model()
    simple(out, model)
    info = '<rt_info>\n<Runtime_version value="2025.0.0"/>\n<conversion_parameters>\n<framework value="pytorch"/>\n</conversion_parameters>\n<author value="größe &amp; &quot;co&quot;"/>\n</rt_info>\n'
    metadata = {
        "Runtime_version": "2025.0.0",
        "conversion_parameters": {"framework": "pytorch"},
        "author": 'größe & "co"',
    }
    model.save(out, "simple", "one constant; information on the conversion", metadata, info)
    model = Model("types", 11)
    for element in TYPES:
        model.constant(out, f"t.{element}", element, (3, 5))
    model.save(out, "types", "every type, those of less than a byte among them")
    model = Model('größe <&> "quotes"', 10)
    for name, shape in {
        "scalar": (),
        "none": (0,),
        "hollow": (2, 0, 3),
        "größe/层.0": (2,),
        "<&>\"'": (2,),
        "": (1,),
        "n" * 1000: (1,),
    }.items():
        model.constant(out, name, "f32", shape)
    model.save(out, "odd", "odd shapes and names, IR version 10")
    model = Model("packed")
    for i in range(4):
        model.constant(out, f"c{i}", "i8", (3,), align=1)
    model.places.append(("again", *model.places[1][1:]))
    model.result(
        model.layer("again", "Const", {"element_type": "i8", "shape": "3", "offset": 3, "size": 3}, [3], "I8"), [3]
    )
    model.save(out, "unaligned", "constants without gaps, two with the same bytes")
    many = Model("many")
    for i in range(200):
        many.constant(out, f"layer.{i}.weight", "f16", (2, 2), align=16)
    many.save(out, "many", "200 constants")


@case("openvino")
def nested(out):
    model = Model("nested")
    inner = Model("body")
    inner.blob = model.blob
    inner.constant(out, "inner.weight", "f32", (2, 2), result=False)
    body = "<body><layers>" + "".join(inner.layers) + "</layers><edges/></body>"
    model.blob, model.places = inner.blob, list(inner.places)
    model.layer("loop", "TensorIterator", {}, [2, 2], body=body)
    model.constant(out, "outer.weight", "f32", (2, 2))
    model.save(out, "nested", "a constant in the body of a loop")
