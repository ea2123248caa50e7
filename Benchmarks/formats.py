#!/usr/bin/env python3
"""Runs `weir inspect --json` and the reference Python packages in turn on the same files, whole processes, and prints the ratios.

usage: formats.py make WORK
       formats.py compare WEIR WORK

The process that measures stays small, and makes and checks files in others: what Linux tells as a child's peak memory is never
less than that of the process which started it.
"""
import os, subprocess, sys, time

SAFETENSORS = """
import sys
from safetensors import safe_open
count = 0
with safe_open(sys.argv[1], framework="numpy") as file:
    for name in file.keys():
        part = file.get_slice(name)
        print(name, part.get_dtype(), part.get_shape())
        count += 1
print(count, "tensors")
"""

# Lists the fields without their values, which Weir writes too.
GGUF = """
import sys
from gguf import GGUFReader
reader = GGUFReader(sys.argv[1])
for field in reader.fields.values(): print(field.name, [kind.name for kind in field.types], len(field.data))
for tensor in reader.tensors: print(tensor.name, tensor.tensor_type.name, tensor.shape.tolist())
print(len(reader.tensors), "tensors")
"""

ONNX = """
import sys, onnx
graph = onnx.load(sys.argv[1], load_external_data=False).graph
for tensor in graph.initializer: print(tensor.name, onnx.TensorProto.DataType.Name(tensor.data_type), list(tensor.dims))
print(len(graph.initializer), "tensors")
"""

# Pickles are executed here, which is the fastest way to what is in them and not one for files of strangers.
MIXED = """
import os, pickle, sys
import h5py, numpy, onnx
from gguf import GGUFReader
from safetensors import safe_open


def safetensors(path):
    with safe_open(path, framework="numpy") as file:
        for name in file.keys():
            part = file.get_slice(name)
            yield name, part.get_dtype(), part.get_shape()


def npy(path):
    array = numpy.load(path)
    yield "", array.dtype, array.shape


def npz(path):
    with numpy.load(path) as arrays:
        for name in arrays: yield name, arrays[name].dtype, arrays[name].shape


def gguf(path):
    for tensor in GGUFReader(path).tensors: yield tensor.name, tensor.tensor_type.name, tensor.shape.tolist()


def protobuf(path):
    for tensor in onnx.load(path, load_external_data=False).graph.initializer: yield tensor.name, tensor.data_type, list(tensor.dims)


def pickled(path):
    with open(path, "rb") as file:
        for name, array in pickle.load(file).items(): yield name, array.dtype, array.shape


def hdf5(path):
    found = []
    with h5py.File(path) as file:
        file.visititems(lambda name, item: found.append((name, item.dtype, item.shape)) if isinstance(item, h5py.Dataset) else None)
    yield from found


readers = {"safetensors": safetensors, "npy": npy, "npz": npz, "gguf": gguf, "onnx": protobuf, "pkl": pickled, "h5": hdf5}
count = 0
for name in sorted(os.listdir(sys.argv[1])):
    for tensor in readers[name.rpartition(".")[2]](os.path.join(sys.argv[1], name)):
        print(name, *tensor)
        count += 1
print(count, "tensors")
"""

PICKLESCAN = os.path.join(os.path.dirname(sys.executable), "picklescan")


def script(code): return lambda path: [sys.executable, "-c", code, path]


# name of the file, what it is, the peer's name, its command, runs
CASES = [
    ("model.safetensors", "safetensors, 2,000 tensors", "safe_open", script(SAFETENSORS), 5),
    ("model.gguf", "GGUF, 300 tensors, 128,000 words", "GGUFReader", script(GGUF), 5),
    ("model.pt", "torch zip of 300 MB, 300 tensors", "picklescan", lambda path: [PICKLESCAN, "-p", path], 3),
    ("model.onnx", "ONNX of 1 GB, 300 tensors", "onnx.load", script(ONNX), 3),
    ("mixed", "2,000 small files of 7 formats", "all of them", script(MIXED), 5),
]


# Making the files


def make(work):
    import random
    import numpy as np

    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts", "model-formats"))
    for name, maker in (("model.safetensors", make_safetensors), ("model.gguf", make_gguf), ("model.pt", make_torch), ("model.onnx", make_onnx),
                        ("mixed", make_mixed)):
        path = os.path.join(work, name)
        if os.path.exists(path): continue
        # By another name until it is whole
        maker(path + ".part", np.random.default_rng(7), random.Random(7))
        os.rename(path + ".part", path)


def llama(layers, hidden=96, inner=256, words=32000):
    """Names and shapes: nine tensors for each layer, and two."""
    yield "model.embed_tokens.weight", (words, hidden)
    for n in range(layers):
        for part in "qkvo": yield f"model.layers.{n}.self_attn.{part}_proj.weight", (hidden, hidden)
        for part in ("gate", "up"): yield f"model.layers.{n}.mlp.{part}_proj.weight", (inner, hidden)
        yield f"model.layers.{n}.mlp.down_proj.weight", (hidden, inner)
        for part in ("input", "post_attention"): yield f"model.layers.{n}.{part}_layernorm.weight", (hidden,)
    yield "model.norm.weight", (hidden,)


def make_safetensors(path, numbers, _):
    import json

    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in llama(222):
        size = 2 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file: file.write(len(text).to_bytes(8, "little") + text + numbers.bytes(at))


def make_gguf(path, numbers, chance):
    import string
    from gguf import GGUFWriter

    def word(): return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(1, 9)))

    count, hidden = 128_000, 64
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(33)
    writer.add_context_length(131_072)
    writer.add_embedding_length(hidden)
    writer.add_head_count(8)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([f"{word()}{n}" for n in range(count)])
    writer.add_token_scores([-float(n) for n in range(count)])
    writer.add_token_types([1 if n > 2 else 3 for n in range(count)])
    writer.add_token_merges([f"{word()} {word()}" for _ in range(count)])
    for part in ("token_embd", "output"): writer.add_tensor(f"{part}.weight", numbers.standard_normal((count, hidden), "float32").astype("float16"))
    writer.add_tensor("output_norm.weight", numbers.standard_normal(hidden, "float32"))
    for n in range(33):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
            writer.add_tensor(f"blk.{n}.{part}.weight", numbers.standard_normal((hidden, hidden), "float32").astype("float16"))
        for part in ("attn_norm", "ffn_norm"): writer.add_tensor(f"blk.{n}.{part}.weight", numbers.standard_normal(hidden, "float32"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make_torch(path, numbers, _):
    """As torch.save writes a state_dict: a pickle, and storages as stored members at multiples of 64."""
    import zipfile
    import pickling
    from pickling import Global, Reference, ordered

    storage, rebuild = Global("torch", "FloatStorage"), Global("torch._utils", "_rebuild_tensor_v2")
    state = {}
    for n in range(300):
        reference = Reference(("storage", storage, str(n), "cpu", 512 * 512))
        state[f"model.layers.{n // 6}.part{n % 6}.weight"] = rebuild(reference, 0, (512, 512), (512, 1), False, ordered({}))
    members = [("data.pkl", pickling.dumps(ordered(state))), ("byteorder", b"little")]
    with open(path, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        def add(name, data):
            info = zipfile.ZipInfo(f"model/{name}")
            pad = -(file.tell() + 30 + len(info.filename) + 4) % 64
            info.extra = b"FB" + pad.to_bytes(2, "little") + b"Z" * pad
            archive.writestr(info, data)

        for name, data in members: add(name, data)
        for n in range(300): add(f"data/{n}", numbers.bytes(512 * 512 * 4))
        add("version", b"3\n")


def make_onnx(path, numbers, _):
    import onnx
    from onnx import TensorProto, helper

    side, count = 920, 300
    weights = [helper.make_tensor(f"layers.{n}.weight", TensorProto.FLOAT, (side, side), numbers.bytes(side * side * 4), raw=True) for n in range(count)]
    nodes = [helper.make_node("MatMul", [f"x{n}", f"layers.{n}.weight"], [f"x{n + 1}"], name=f"layers.{n}") for n in range(count)]
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", side])
    onnx.save(helper.make_model(helper.make_graph(nodes, "bench", [value("x0")], [value(f"x{count}")], weights)), path)


def make_mixed(folder, numbers, _):
    import pickle
    import h5py, numpy as np, onnx
    from gguf import GGUFWriter
    from onnx import helper, numpy_helper
    from safetensors.numpy import save_file

    def gguf(path, arrays):
        writer = GGUFWriter(path, "llama")
        for name, array in arrays.items(): writer.add_tensor(name, array)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    def protobuf(path, arrays):
        weights = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
        onnx.save(helper.make_model(helper.make_graph([], "bench", [], [], weights)), path)

    def pickled(path, arrays):
        with open(path, "wb") as file: pickle.dump(arrays, file)

    def hdf5(path, arrays):
        with h5py.File(path, "w") as file:
            for name, array in arrays.items(): file[name] = array

    writers = {"safetensors": lambda path, arrays: save_file(arrays, path), "npy": lambda path, arrays: np.save(path, arrays["layers.0.weight"]),
               "npz": lambda path, arrays: np.savez(path, **arrays), "onnx": protobuf, "gguf": gguf, "pkl": pickled, "h5": hdf5}  # fmt: skip
    os.makedirs(folder, exist_ok=True)
    for n in range(2000):
        ending = list(writers)[n % len(writers)]
        arrays = {f"layers.{part}.weight": numbers.standard_normal((8, 8), "float32") for part in range(3)}
        writers[ending](os.path.join(folder, f"small{n:04}.{ending}"), arrays)


# Measuring

# Without what slows a Python down: PYTHONUNBUFFERED above all.
environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def run(command, output):
    """Wall seconds and peak memory in MB of one process whose output goes to a file."""
    with open(output, "wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    if status:
        sys.exit(f"failed ({os.waitstatus_to_exitcode(status)}): {' '.join(command[:2])} ... {command[-1]}; its output is in {output}")
    return seconds, usage.ru_maxrss / 1024


def check(path, ours, theirs):
    """Fails where the two do not tell the same of a file; prints the number of its tensors."""
    import json, re, zipfile

    with open(ours) as file: files = json.load(file)["files"]
    count = sum(len(file["tensors"]) for file in files)
    with open(theirs) as file: lines = file.read().splitlines()
    if path.endswith(".pt"):
        # picklescan tells nothing of tensors: their number is that of the storages, and what it finds are imports.
        expected = sum("/data/" in name for name in zipfile.ZipFile(path).namelist())
        imports = {name for file in files for pickle in file["pickles"] for name in pickle["imports"]}
        found = {match[1] for line in lines if (match := re.match(r" *\* (\S+) - \w+$", line))}
        if imports != found: sys.exit(f"{path}: weir tells of the imports {sorted(imports)}, picklescan of {sorted(found)}")
    else:
        expected = int(lines[-1].split()[0])
    if count != expected or count == 0: sys.exit(f"{path}: weir tells of {count} tensors, the peer of {expected}")
    print(f"{count:,}")


def compare(weir, work):
    weir = os.path.abspath(weir)
    print("| | tensors | weir | peak | peer | | peak | weir is faster |\n|---|---|---|---|---|---|---|---|", flush=True)
    for name, label, peer, command, runs in CASES:
        path, ours, theirs = (os.path.join(work, n) for n in (name, "weir.json", "peer.txt"))
        # These first runs also bring the files into the page cache.
        inspect = [weir, "inspect", path, "--json"]
        run(inspect, ours)
        run(command(path) + (["--globals"] if peer == "picklescan" else []), theirs)
        checked = subprocess.run([sys.executable, __file__, "check", path, ours, theirs], stdout=subprocess.PIPE, text=True)
        if checked.returncode: sys.exit(1)
        results = [(run(inspect, ours), run(command(path), theirs)) for _ in range(runs)]
        a, b = (min(pair[side][0] for pair in results) for side in (0, 1))
        p, q = (max(pair[side][1] for pair in results) for side in (0, 1))
        print(f"| {label} | {checked.stdout.strip()} | {a * 1000:,.1f} ms | {p:,.0f} MB | {peer} | {b * 1000:,.1f} ms | {q:,.0f} MB "
              f"| **{b / a:.1f} times** |", flush=True)
    print(f"\n{machine()}; best of {CASES[0][4]} runs, of 3 for the two large files; peak memory is the largest of them")


def machine():
    import platform
    from importlib.metadata import version

    with open("/proc/cpuinfo") as file: model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    packages = ", ".join(f"{name} {version(name)}" for name in ("safetensors", "gguf", "picklescan", "onnx", "h5py", "numpy"))
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {model}, {memory:.0f} GiB, {system}, Python {platform.python_version()}, {packages}"


commands = {"make": (make, 1), "compare": (compare, 2), "check": (check, 3)}
action, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
if action is None or len(sys.argv) != 2 + count: sys.exit(__doc__)
action(*sys.argv[2:])
