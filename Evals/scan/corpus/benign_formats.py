"""Benign files of other formats: Keras, TensorFlow, ONNX, GGUF, safetensors, tokenizers, configurations, archives and pictures."""

import io
import json
import random
import struct
import zlib

from .archives import Entry, make_7z, make_tar, make_zip, packed, zip_of
from .benign_data import _Cases
from .chat_templates import TEMPLATES
from .containers import npy_plain, png
from .formats import DENSE, INPUT, lambda_v2, lambda_v3, sequential
from .wire import (
    attr_tensor,
    field,
    gguf,
    graph,
    hdf5,
    keras_archive,
    llama_gguf,
    node,
    safetensors,
    saved_model_folder,
)


def add(corpus):
    keras(corpus)
    tensorflow(corpus)
    onnx_models(corpus)
    templates(corpus)
    tensors(corpus)
    configurations(corpus)
    archives(corpus)
    pictures(corpus)


def keras(corpus):
    import numpy as np

    cases = _Cases(corpus, "keras", "Keras models as its own layers write them", "format")
    dense = {
        "class_name": "Dense",
        "config": {
            "name": "dense",
            "units": 2,
            "activation": "relu",
            "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        },
    }
    conv = {
        "module": "keras.layers",
        "class_name": "Conv2D",
        "config": {
            "name": "c",
            "filters": 4,
            "kernel_size": [3, 3],
            "activation": "swish",
            "kernel_regularizer": {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.01}, "registered_name": None},
        },
        "registered_name": None,
    }
    norm = {
        "module": "keras.layers",
        "class_name": "Normalization",
        "config": {"name": "n", "axis": [-1], "mean": None, "variance": None},
        "registered_name": None,
    }
    lookup = {
        "module": "keras.layers",
        "class_name": "StringLookup",
        "config": {"name": "s", "vocabulary": ["cat", "dog"], "num_oov_indices": 1},
        "registered_name": None,
    }
    bidirectional = {
        "module": "keras.layers",
        "class_name": "Bidirectional",
        "config": {"layer": {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 4}, "registered_name": None}},
        "registered_name": None,
    }
    compiled = {
        "optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": 0.001}, "registered_name": None},
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"],
    }
    custom_loss = {
        **compiled,
        "loss": {"module": "builtins", "class_name": "function", "config": "focal_loss", "registered_name": "focal_loss"},
    }
    for name, model in (
        ("sequential", sequential(INPUT, DENSE)),
        ("convolution", sequential(INPUT, conv, norm)),
        ("lookup", sequential(lookup, DENSE)),
        ("bidirectional", sequential(bidirectional)),
        ("compiled", {**sequential(DENSE), "compile_config": compiled}),
        (
            "functional",
            {
                "module": "keras.src.models.functional",
                "class_name": "Functional",
                "config": {
                    "name": "f",
                    "layers": [
                        {**INPUT, "name": "input", "inbound_nodes": []},
                        {
                            **DENSE,
                            "name": "dense",
                            "inbound_nodes": [
                                {
                                    "args": [
                                        {
                                            "class_name": "__keras_tensor__",
                                            "config": {"shape": [None, 4], "dtype": "float32", "keras_history": ["input", 0, 0]},
                                        }
                                    ],
                                    "kwargs": {},
                                }
                            ],
                        },
                    ],
                    "input_layers": [["input", 0, 0]],
                    "output_layers": [["dense", 0, 0]],
                },
            },
        ),
    ):
        cases.add(f"archive-{name}/model.keras", keras_archive(model))
    weights = {"model_weights/dense/kernel": np.ones((4, 2), "f4"), "model_weights/dense/bias": np.zeros(2, "f4")}
    for name, model in (
        ("sequential", sequential(dense, module=False)),
        ("wrapped", sequential({"class_name": "TimeDistributed", "config": {"name": "t", "layer": dense}}, module=False)),
    ):
        for fixed in (False, True):
            cases.add(
                f"h5-{name}-{'fixed' if fixed else 'variable'}/model.h5",
                hdf5(
                    {
                        "keras_version": "2.11.0",
                        "backend": "tensorflow",
                        "model_config": json.dumps(model),
                        "training_config": json.dumps(
                            {"loss": "mse", "metrics": ["mae"], "optimizer_config": {"class_name": "Adam", "config": {"lr": 0.001}}}
                        ),
                    },
                    weights,
                    fixed,
                ),
            )
    cases.add("weights-only/model.weights.h5", hdf5({}, {"layers/dense/vars/0": np.ones((4, 2), "f4")}))
    cases.add(
        "ordinary-hdf5/data.h5", hdf5({"title": "Measurements; os.system is a text here"}, {"x": np.arange(10), "y": np.arange(10) * 2.5})
    )
    project = _Cases(corpus, "keras-project-code", "a configuration that names a project's own layer, loss or a harmless Lambda", "format")
    project.add(
        "custom-layer/model.keras",
        keras_archive(
            sequential({"module": "acme.layers", "class_name": "Squeeze", "config": {"name": "q"}, "registered_name": "acme>Squeeze"})
        ),
    )
    project.add("custom-loss/model.keras", keras_archive({**sequential(DENSE), "compile_config": custom_loss}))
    project.add("harmless-lambda/model.keras", keras_archive(sequential(INPUT, lambda_v3("lambda x: x / 255.0"))), "medium is allowed")
    project.add(
        "harmless-lambda-h5/model.h5",
        hdf5({"keras_version": "2.11.0", "model_config": json.dumps(sequential(lambda_v2("lambda x: x * 2.0 + 1.0"), module=False))}),
        "medium is allowed",
    )


def tensorflow(corpus):
    cases = _Cases(corpus, "tensorflow", "SavedModels and frozen graphs with ordinary operators", "format")
    shape = node("w", "Const", attributes={"value": attr_tensor("weights")})
    ordinary = [node("x", "Placeholder"), shape, node("m", "MatMul", ["x", "w"]), node("r", "Relu", ["m"]), node("s", "Softmax", ["r"])]
    restore = [
        node("saver_filename", "Placeholder"),
        node("save/SaveV2", "SaveV2", ["saver_filename"]),
        node("save/RestoreV2", "RestoreV2", ["saver_filename"]),
        node("save/MergeV2Checkpoints", "MergeV2Checkpoints", ["saver_filename"]),
    ]
    cases.add("plain/saved_model", saved_model_folder(graph(ordinary)))
    cases.add(
        "functions/saved_model", saved_model_folder(graph([node("c", "StatefulPartitionedCall")], [("__inference_serving", ordinary)]))
    )
    cases.add(
        "saver/saved_model",
        saved_model_folder(graph(ordinary + restore)),
        "the operators that save and restore variables are in every SavedModel",
    )
    cases.add("frozen/frozen_graph.pb", graph(ordinary))
    cases.add(
        "text-constant/saved_model",
        saved_model_folder(
            graph(
                ordinary
                + [
                    node(
                        "note",
                        "Const",
                        attributes={"value": attr_tensor("ReadFile and WriteFile are names of operators; /etc/passwd is a path")},
                    )
                ]
            )
        ),
    )
    cases.add(
        "keras-metadata/saved_model",
        saved_model_folder(
            graph(ordinary),
            **{
                "keras_metadata.pb": field(
                    1,
                    field(2, 0)
                    + field(3, "root")
                    + field(4, "_tf_keras_sequential")
                    + field(
                        5,
                        json.dumps(
                            {
                                "name": "s",
                                "class_name": "Sequential",
                                "config": {"layers": [{"class_name": "Dense", "config": {"units": 1}}]},
                            }
                        ),
                    ),
                )
            },
        ),
    )
    cases.add(
        "assets/saved_model", saved_model_folder(graph(ordinary), **{"assets/vocab.txt": "the\na\nan\n", "fingerprint.pb": field(1, 77)})
    )
    cases.add(
        "lookup-table/saved_model",
        saved_model_folder(
            graph(
                [
                    node("f", "Const", attributes={"value": attr_tensor("assets/vocab.txt")}),
                    node("t", "HashTableV2"),
                    node("i", "InitializeTableFromTextFileV2", ["t", "f"]),
                ]
            ),
            **{"assets/vocab.txt": "a\nb\n"},
        ),
    )


def onnx_models(corpus):
    from onnx import TensorProto, helper

    cases = _Cases(corpus, "onnx", "ordinary ONNX models", "format")

    def model(nodes, initializers=(), **options):
        x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 4]) for name in "xy")
        made = helper.make_model(
            helper.make_graph(nodes, "g", [x], [y], list(initializers)),
            opset_imports=options.pop("imports", [helper.make_opsetid("", 17)]),
            ir_version=9,
            **options,
        )
        return made

    weight = helper.make_tensor("w", TensorProto.FLOAT, [4], [1.0, 2.0, 3.0, 4.0])
    add_node = helper.make_node("Add", ["x", "w"], ["y"])
    cases.add("add/model.onnx", model([add_node], [weight]).SerializeToString())
    cases.add("relu/model.onnx", model([helper.make_node("Relu", ["x"], ["y"])]).SerializeToString())
    described = model([add_node], [weight], producer_name="pytorch", producer_version="2.3.0")
    helper.set_model_props(described, {"author": "example", "note": "exec, eval and ../paths are words here"})
    cases.add("metadata/model.onnx", described.SerializeToString())
    cases.add(
        "ml-tree/model.onnx",
        model(
            [helper.make_node("TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1)],
            imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)],
        ).SerializeToString(),
    )
    cases.add(
        "microsoft-op/model.onnx",
        model(
            [helper.make_node("FusedMatMul", ["x", "w"], ["y"], domain="com.microsoft")],
            [weight],
            imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
        ).SerializeToString(),
    )

    def external(location):
        tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
        for key, value in (("location", location), ("offset", "0"), ("length", "16")):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
        return tensor

    for name, location in (
        ("beside", "model.onnx_data"),
        ("subfolder", "weights/w.bin"),
        ("dot-inside", "./model.onnx.data"),
        ("two-dots-in-name", "weights..v2.bin"),
        ("normalises-inside", "weights/../model.bin"),
    ):
        folder = {"model.onnx": model([add_node], [external(location)]).SerializeToString()}
        target = {"normalises-inside": "model.bin"}.get(name, location.removeprefix("./"))
        cases.add(f"external-{name}/model", {**folder, target: struct.pack("<4f", 1, 2, 3, 4)}, "external data inside the model's folder")


def templates(corpus):
    cases = _Cases(corpus, "chat-templates", "chat templates in the manner of real ones", "format")
    for name, text in TEMPLATES.items():
        cases.add(f"gguf-{name}/model.gguf", llama_gguf(text))
        cases.add(
            f"tokenizer-{name}/tokenizer_config.json",
            json.dumps(
                {
                    "add_bos_token": True,
                    "bos_token": "<s>",
                    "eos_token": "</s>",
                    "chat_template": text,
                    "tokenizer_class": "PreTrainedTokenizerFast",
                },
                indent=2,
            ),
        )
    for name in list(TEMPLATES)[:4]:
        cases.add(
            f"jinja-{name}/model",
            {"chat_template.jinja": TEMPLATES[name], "tokenizer_config.json": "{}", "config.json": '{"model_type": "llama"}'},
        )
    cases.add("gguf-without/model.gguf", llama_gguf())
    cases.add("gguf-two/model.gguf", llama_gguf(TEMPLATES["chatml"], **{"tokenizer.chat_template.tool_use": TEMPLATES["mistral-tools"]}))
    cases.add(
        "gguf-metadata/model.gguf",
        gguf(
            {
                "general.architecture": "bert",
                "general.description": "Talks about __class__, os.system and cycler.__init__ in plain text",
                "general.url": "https://example.invalid/model",
                "bert.block_count": 2,
            }
        ),
    )


def tensors(corpus):
    cases = _Cases(corpus, "safetensors-and-others", "safetensors, msgpack, plain tensors", "format")
    data = random.Random(5).randbytes(64)
    cases.add("plain/model.safetensors", safetensors({"w": ("F32", (4, 4), data)}))
    cases.add(
        "metadata/model.safetensors",
        safetensors({"w": ("F16", (4, 8), data)}, {"format": "pt", "modelspec.title": "a model", "ss_training_comment": "no eval() here"}),
    )
    cases.add("empty/model.safetensors", safetensors({}))
    cases.add("lora/adapter_model.safetensors", safetensors({"lora_A": ("BF16", (2, 16), data), "lora_B": ("BF16", (16, 2), data)}))
    cases.add("reads-like-pickle/model.safetensors", safetensors({"w": ("U8", (60,), b"cos\nsystem\n(S'x'\ntR." * 3)}))
    cases.add(
        "sharded/model",
        {
            "model-00001-of-00001.safetensors": safetensors({"w": ("F32", (16,), data)}),
            "model.safetensors.index.json": '{"metadata": {"total_size": 64}, "weight_map": {"w": "model-00001-of-00001.safetensors"}}',
            "config.json": "{}",
        },
    )
    try:
        import msgpack
    except ImportError:
        return
    cases.add(
        "flax/flax_model.msgpack",
        msgpack.packb({"params": {"dense": {"kernel": msgpack.ExtType(1, msgpack.packb(((2, 2), "float32", bytes(16))))}}}),
    )
    cases.add("msgpack-plain/state.msgpack", msgpack.packb({"step": 3, "names": ["a", "b"]}))


CONFIGURATION = {
    "architectures": ["BertForMaskedLM"],
    "hidden_size": 16,
    "model_type": "bert",
    "num_hidden_layers": 2,
    "torch_dtype": "float32",
    "transformers_version": "4.44.0",
    "vocab_size": 100,
}


def configurations(corpus):
    cases = _Cases(corpus, "configuration-files", "tokenizers, configurations, model cards", "format")
    tokenizer = {
        "version": "1.0",
        "added_tokens": [{"id": 0, "content": "<s>", "special": True}],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
        "model": {"type": "BPE", "vocab": {"a": 0, "Ġos": 1, ".system": 2, "exec": 3, "eval(": 4}, "merges": ["a b"]},
    }
    rows = [
        ("bert/config.json", json.dumps(CONFIGURATION)),
        ("tokenizer/tokenizer.json", json.dumps(tokenizer)),
        ("generation/generation_config.json", '{"bos_token_id": 1, "temperature": 0.7, "max_length": 4096}'),
        ("preprocessor/preprocessor_config.json", '{"do_resize": true, "size": 224, "image_mean": [0.5, 0.5, 0.5]}'),
        ("vocab/vocab.json", json.dumps({f"t{i}": i for i in range(500)} | {"__import__": 501, "subprocess": 502})),
        ("merges/merges.txt", "#version: 0.2\nĠ t\nĠ a\nh e\ni n\n"),
        ("wordpiece/vocab.txt", "[PAD]\n[UNK]\nos\n##system\nexec\neval\n"),
        (
            "card/README.md",
            "---\nlicense: apache-2.0\ntags: [text-generation]\n---\n# Model\n\n```python\nfrom transformers import AutoModel\nmodel = AutoModel.from_pretrained('example/tiny', trust_remote_code=True)\n```\n",
        ),
        (
            "yaml/config.yaml",
            "model:\n  name: resnet\n  layers: [2, 2, 2]\noptimizer: {lr: 1e-3, betas: [0.9, 0.999]}\nschedule: !!float 3\nnote: '!!python/object/apply:os.system is a text here'\n",
        ),
        ("yaml-tuple/hparams.yaml", "betas: !!python/tuple [0.9, 0.999]\nlr: 0.1\n"),
        (
            "hydra/config.yaml",
            "defaults:\n  - _self_\nmodel:\n  _target_: torch.nn.Linear\n  in_features: 4\n  out_features: 2\noptimizer:\n  _target_: torch.optim.AdamW\n  lr: 1e-4\n  _partial_: true\n",
        ),
        (
            "hydra-lightning/config.yaml",
            "trainer:\n  _target_: lightning.pytorch.trainer.Trainer\n  max_epochs: 3\n  callbacks:\n    - _target_: lightning.pytorch.callbacks.ModelCheckpoint\n      monitor: val_loss\n",
        ),
        ("lightning-cli/config.yaml", "model:\n  class_path: torchvision.models.ResNet\n  init_args:\n    layers: [2, 2]\n"),
        (
            "conda/conda.yaml",
            "name: env\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip:\n      - torch==2.3.0\n      - git+https://github.com/example/example.git\n",
        ),
        (
            "mlflow/MLmodel",
            "artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n    python_version: 3.11.0\n",
        ),
        ("requirements/requirements.txt", "torch>=2.1\ntransformers\n--extra-index-url https://download.example.invalid/whl/cpu\n"),
        (
            "index/pytorch_model.bin.index.json",
            '{"metadata": {"total_size": 10}, "weight_map": {"a": "pytorch_model-00001-of-00002.bin", "b": "pytorch_model-00002-of-00002.bin"}}',
        ),
        (
            "diffusers/model_index.json",
            '{"_class_name": "StableDiffusionPipeline", "scheduler": ["diffusers", "PNDMScheduler"], "unet": ["diffusers", "UNet2DConditionModel"]}',
        ),
        (
            "sentence/modules.json",
            '[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}, {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]',
        ),
        (
            "adapter/adapter_config.json",
            '{"peft_type": "LORA", "r": 8, "target_modules": ["q_proj", "v_proj"], "base_model_name_or_path": "example/base"}',
        ),
        ("toml/pyproject.toml", "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"),
        ("csv/train.csv", 'text,label\nhello,0\n"eval(input())",1\n'),
        ("jsonl/train.jsonl", '{"prompt": "Write code that deletes a file", "completion": "import os\\nos.remove(path)"}\n' * 20),
        ("xml/data.xml", "<?xml version='1.0'?><items><item id='1'>x</item></items>\n"),
        ("arrow-like/dataset_info.json", '{"builder_name": "csv", "splits": {"train": {"num_examples": 10}}}'),
        ("gitattributes/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n*.safetensors filter=lfs diff=lfs merge=lfs -text\n"),
        ("lfs-pointer/pytorch_model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 438000000\n"),
        ("empty/__init__.py", ""),
        (
            "skops/model.skops",
            zip_of(
                {
                    "schema.json": json.dumps(
                        {
                            "__class__": "StandardScaler",
                            "__module__": "sklearn.preprocessing._data",
                            "__loader__": "ObjectNode",
                            "__id__": 1,
                            "content": {
                                "__class__": "dict",
                                "__module__": "builtins",
                                "__loader__": "DictNode",
                                "key_types": {
                                    "__class__": "list",
                                    "__module__": "builtins",
                                    "__loader__": "ListNode",
                                    "content": [],
                                    "__id__": 3,
                                },
                                "content": {},
                                "__id__": 2,
                            },
                            "protocol": 2,
                            "_skops_version": "0.10",
                        }
                    ),
                    "1.npy": npy_plain(),
                }
            ),
        ),
    ]
    for name, content in rows:
        cases.add(name, content)


def archives(corpus):
    cases = _Cases(corpus, "archives", "zip, tar and 7z archives of ordinary things", "container")
    files = {"data/train.csv": b"a,b\n1,2\n" * 40, "data/README.md": b"# data\n", "data/labels.txt": b"cat\ndog\n"}
    rows = [
        ("zip/data.zip", zip_of(files, 8)),
        ("zip-stored/data.zip", zip_of(files)),
        ("tar/data.tar", make_tar(files)),
        ("tar-gz/data.tar.gz", make_tar(files, "gz")),
        ("tar-bz2/data.tar.bz2", make_tar(files, "bz2")),
        ("tar-xz/data.tar.xz", make_tar(files, "xz")),
        ("7z/data.7z", make_7z(files, "copy")),
        ("7z-lzma/data.7z", make_7z(files, "lzma")),
        ("gz/train.csv.gz", packed(files["data/train.csv"], "gz")),
        ("nested/data.zip", zip_of({"inner.zip": zip_of(files, 8), "x.tar.gz": make_tar(files, "gz")})),
        ("tar-links-inside/data.tar", make_tar({"data/v1/a.txt": b"x"}, links=[("data/latest", "v1", True)])),
        ("zip-with-comment/data.zip", make_zip([Entry(name, data, 8) for name, data in files.items()], comment=b"made for an example")),
        ("zip-descriptors/data.zip", make_zip([Entry(name, data, 8, descriptor=True) for name, data in files.items()])),
        ("zip-directories/data.zip", make_zip([Entry("data/"), *[Entry(name, data) for name, data in files.items()]])),
        ("zip-dots-in-names/data.zip", zip_of({"a..b/c...txt": b"x", ".hidden": b"y"})),
        (
            "self-extracting-free/app.whl",
            zip_of(
                {
                    "tiny/__init__.py": "__version__ = '1.0'\n",
                    "tiny-1.0.dist-info/METADATA": "Name: tiny\nVersion: 1.0\n",
                    "tiny-1.0.dist-info/RECORD": "",
                },
                8,
            ),
        ),
        ("zip-utf8-names/data.zip", make_zip([Entry("данные/файл.txt", b"x", flags=0x800)])),
        ("jar-like/lib.jar", zip_of({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n", "a/B.class": b"\xca\xfe\xba\xbe" + bytes(20)}, 8)),
        ("docx/notes.docx", zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document>os.system</w:document>"}, 8)),
    ]
    for name, content in rows:
        cases.add(name, content)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pictures(corpus):
    cases = _Cases(corpus, "pictures-and-media", "pictures and sounds with ordinary tails", "format")
    plain = png()
    cut = plain[:-12]
    text = chunk(b"tEXt", b"parameters\0a cat, Steps: 20, Sampler: Euler, eval(x) in a prompt")
    cases.add("png/picture.png", plain)
    cases.add("png-text/picture.png", cut + text + plain[-12:])
    cases.add(
        "png-compressed-text/picture.png", cut + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"os.system is a text", 9)) + plain[-12:]
    )
    cases.add("png-trailing-zeros/picture.png", plain + bytes(32))
    try:
        from PIL import Image
    except ImportError:
        Image = None
    if Image:
        picture = Image.new("RGB", (16, 12), (200, 30, 40))
        exif = Image.Exif()
        exif[0x010E] = "a red picture"
        exif[0x0131] = "example 1.0"
        for name, kind, options in (
            ("jpeg", "JPEG", {"quality": 80}),
            ("jpeg-exif", "JPEG", {"exif": exif}),
            ("gif", "GIF", {}),
            ("webp", "WEBP", {"exif": exif}),
            ("tiff", "TIFF", {}),
            ("bmp", "BMP", {}),
        ):
            buffer = io.BytesIO()
            picture.save(buffer, kind, **options)
            cases.add(f"{name}/picture.{kind.lower()}", buffer.getvalue())
    cases.add(
        "wav/tone.wav",
        b"RIFF"
        + struct.pack("<I", 36 + 200)
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
        + b"data"
        + struct.pack("<I", 200)
        + bytes(range(200)),
    )
    cases.add("svg/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><circle cx="5" cy="5" r="4"/></svg>\n')
    cases.add("pdf/paper.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
    cases.add("random/noise.bin", random.Random(77).randbytes(5000), "random bytes")
    cases.add("zeros/pad.bin", bytes(4096))
    cases.add("executable-free-wasm/model.wasm", b"\0asm\x01\0\0\0")
    cases.add("sqlite/cache.db", b"SQLite format 3\0" + bytes(84))
    cases.add("parquet/train.parquet", b"PAR1" + bytes(40) + struct.pack("<I", 8) + b"PAR1")
    cases.add("tflite-header/model.tflite", b"\x1c\0\0\0TFL3" + bytes(40))
