"""Benign files as PyTorch, TensorFlow, Keras, transformers and skops really write them (only with --heavy).

Not byte for byte the same at every run: some of these libraries write times and random identifiers.
"""

import os
import pickle
import shutil
import warnings

KIND_TORCH, KIND_KERAS, KIND_TF, KIND_HF, KIND_SKOPS = "heavy-torch", "heavy-keras", "heavy-tensorflow", "heavy-transformers", "heavy-skops"


class _Writer:
    def __init__(self, corpus, kind, group, note):
        self.corpus, self.kind, self.group, self.note, self.count = corpus, kind, group, note, 0

    def file(self, name, write, note=None):
        """`write` gets the path of a file whose folder is there."""
        case = f"{self.count:02d}-{name}"
        self.count += 1
        write(self.corpus.benign_path(self.kind, case))
        self.corpus.benign_written(self.kind, case, self.group, note or self.note)

    def folder(self, name, write, note=None):
        """`write` gets the path of an empty folder."""
        case = f"{self.count:02d}-{name}"
        self.count += 1
        path = self.corpus.benign_path(self.kind, case)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        write(path)
        self.corpus.benign_written(self.kind, case, self.group, note or self.note)


def add(corpus):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in (torch_files, transformers_files, keras_files, tensorflow_files, skops_files):
            try:
                part(corpus)
            except ImportError as problem:
                print(f"{part.__name__}: left out, {problem}")


def torch_files(corpus):
    import torch
    from torch import nn

    torch.manual_seed(3)
    cases = _Writer(corpus, KIND_TORCH, "container", "written by torch.save")
    dense = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    image = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.GELU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)
    )
    encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 1)
    recurrent = nn.LSTM(4, 5, num_layers=2, bidirectional=True)
    for name, model in (("dense", dense), ("image", image), ("encoder", encoder), ("recurrent", recurrent)):
        cases.file(f"{name}-state/model.pt", lambda path, m=model: torch.save(m.state_dict(), path))
        cases.file(f"{name}-whole/model.pth", lambda path, m=model: torch.save(m, path), "a whole module")
        cases.file(
            f"{name}-legacy/model.pth",
            lambda path, m=model: torch.save(m.state_dict(), path, _use_new_zipfile_serialization=False),
            "the form before the zip",
        )
    cases.file(
        "whole-legacy/model.pth",
        lambda path: torch.save(image, path, _use_new_zipfile_serialization=False),
        "a whole module in the form before the zip",
    )
    optimizer = torch.optim.AdamW(dense.parameters(), lr=1e-3)
    dense(torch.randn(5, 4)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    one_cycle = torch.optim.lr_scheduler.OneCycleLR(torch.optim.SGD(dense.parameters(), lr=0.1, momentum=0.9), 0.1, total_steps=20)
    cases.file(
        "checkpoint/last.ckpt",
        lambda path: torch.save(
            {
                "model": dense.state_dict(),
                "optimizer": optimizer.state_dict(),
                "scheduler": scheduler.state_dict(),
                "epoch": 4,
                "rng": torch.get_rng_state(),
            },
            path,
        ),
    )
    cases.file("one-cycle/scheduler.pt", lambda path: torch.save(one_cycle.state_dict(), path))
    cases.file("optimizer-object/optimizer.pt", lambda path: torch.save(optimizer, path), "an optimizer as an object")
    cases.file("averaged/swa.pt", lambda path: torch.save(torch.optim.swa_utils.AveragedModel(dense).state_dict(), path))
    tensors = {
        "float": torch.randn(3),
        "half": torch.randn(3).half(),
        "bfloat": torch.randn(3).bfloat16(),
        "complex": torch.randn(2, dtype=torch.cfloat),
        "bool": torch.tensor([True]),
        "int": torch.arange(4),
        "view": torch.randn(4, 4)[1:, ::2],
        "parameter": nn.Parameter(torch.randn(2)),
        "size": torch.Size([1, 2]),
        "dtype": torch.float32,
        "device": torch.device("cpu"),
        "uint16": torch.zeros(2, dtype=torch.uint16),
    }
    cases.file("kinds/tensors.pt", lambda path: torch.save(tensors, path))
    sparse = torch.eye(4).to_sparse()
    cases.file("sparse/tensor.pt", lambda path: torch.save({"coo": sparse, "csr": torch.eye(4).to_sparse_csr()}, path))
    cases.file("quantised/tensor.pt", lambda path: torch.save(torch.quantize_per_tensor(torch.randn(4), 0.1, 0, torch.qint8), path))
    cases.file(
        "scripted/model.pt", lambda path: torch.jit.save(torch.jit.script(nn.Sequential(nn.Linear(4, 2), nn.ReLU())), path), "TorchScript"
    )
    cases.file("traced/model.pt", lambda path: torch.jit.save(torch.jit.trace(nn.Linear(4, 2), torch.zeros(1, 4)), path), "TorchScript")
    cases.file("dataset/train.pt", lambda path: torch.save(torch.utils.data.TensorDataset(torch.randn(5, 2), torch.arange(5)), path))
    cases.file(
        "pickled-tensor/tensor.pkl",
        lambda path: _dump(path, {"t": torch.randn(3)}),
        "by pickle itself: the storage is bytes handed to torch's own loader",
    )
    cases.file("pickled-module/model.pkl", lambda path: _dump(path, dense))
    cases.file("joblib-module/model.joblib", lambda path: __import__("joblib").dump(image, path))
    exported = torch.export.export(nn.Linear(4, 2), (torch.zeros(1, 4),))
    cases.file("exported/model.pt2", lambda path: torch.export.save(exported, path), "torch.export")


def _dump(path, value):
    with open(path, "wb") as file:
        pickle.dump(value, file)


def transformers_files(corpus):
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    torch.manual_seed(4)
    cases = _Writer(corpus, KIND_HF, "container", "written by transformers")
    bert = transformers.BertModel(
        transformers.BertConfig(
            vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=16
        )
    )
    gpt = transformers.GPT2LMHeadModel(transformers.GPT2Config(vocab_size=30, n_embd=8, n_layer=1, n_head=2, n_positions=16))
    llama = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    )
    for name, model in (("bert", bert), ("gpt", gpt), ("llama", llama)):
        cases.folder(f"{name}-safetensors", lambda path, m=model: m.save_pretrained(path))

        def with_bin(path, m=model):
            m.config.save_pretrained(path)
            torch.save(m.state_dict(), os.path.join(path, "pytorch_model.bin"))

        cases.folder(f"{name}-bin", with_bin)
        cases.file(f"{name}-whole/model.pt", lambda path, m=model: torch.save(m, path), "a whole transformers model")
    cases.file(
        "arguments/training_args.bin",
        lambda path: torch.save(transformers.TrainingArguments("out", use_cpu=True, report_to=[]), path),
        "as Trainer writes it",
    )
    cases.file("config-object/config.pkl", lambda path: _dump(path, bert.config))


def keras_files(corpus):
    import keras
    import numpy as np

    keras.utils.set_random_seed(5)
    layers = keras.layers
    cases = _Writer(corpus, KIND_KERAS, "format", "written by Keras")
    text = layers.TextVectorization(max_tokens=20)
    text.adapt(["the cat", "a dog"])
    scale = layers.Normalization()
    scale.adapt(np.ones((3, 4)))
    tokens = keras.Input((6,), dtype="int32")
    hidden = layers.Embedding(20, 8, mask_zero=True)(tokens)
    attended = layers.MultiHeadAttention(2, 4)(hidden, hidden)
    functional = keras.Model(
        tokens,
        layers.Dense(1, activation="sigmoid")(
            layers.Bidirectional(layers.LSTM(4))(layers.LayerNormalization()(layers.Add()([hidden, attended])))
        ),
    )
    image = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.RandomFlip(),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.2),
            layers.Dense(2),
        ]
    )
    image.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    scaled = keras.Sequential(
        [
            keras.Input((4,)),
            scale,
            layers.Dense(3, activation=keras.activations.gelu, kernel_initializer=keras.initializers.HeNormal(1)),
            layers.Reshape((3, 1)),
        ]
    )
    words = keras.Sequential([keras.Input((1,), dtype="string"), text, layers.Embedding(20, 4)])
    for name, model in (("functional", functional), ("image", image), ("scaled", scaled)):
        for extension in ("keras", "h5", "weights.h5"):
            cases.file(
                f"{name}-{extension.replace('.', '-')}/model.{extension}",
                lambda path, m=model, e=extension: m.save_weights(path) if e == "weights.h5" else m.save(path),
            )
        cases.folder(f"{name}-export", lambda path, m=model: m.export(path, verbose=False), "a SavedModel by Keras")
    cases.file("words/model.keras", lambda path: words.save(path))
    cases.file("weights-pickled/weights.pkl", lambda path: _dump(path, image.get_weights()))


def tensorflow_files(corpus):
    import tensorflow as tf

    cases = _Writer(corpus, KIND_TF, "format", "written by TensorFlow")

    class Scale(tf.Module):
        def __init__(self):
            super().__init__()
            self.factor = tf.Variable(2.0)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def __call__(self, x):
            return tf.where(x > 0, x * self.factor, tf.nn.relu(x))

    class Words(tf.Module):
        def __init__(self, path):
            super().__init__()
            self.table = tf.lookup.StaticHashTable(
                tf.lookup.TextFileInitializer(
                    path, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
                ),
                -1,
            )

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, words):
            return self.table.lookup(words)

    cases.folder("module/saved_model", lambda path: tf.saved_model.save(Scale(), path))

    def with_table(path):
        import tempfile

        with tempfile.TemporaryDirectory() as scratch:
            vocabulary = os.path.join(scratch, "vocab.txt")
            with open(vocabulary, "w") as file:
                file.write("the\na\n")
            tf.saved_model.save(Words(vocabulary), path)

    cases.folder("lookup/saved_model", with_table, "a vocabulary file among the assets")
    cases.folder("checkpoint", lambda path: tf.train.Checkpoint(step=tf.Variable(1)).save(os.path.join(path, "ckpt")))

    def lite(path):
        module = Scale()
        converter = tf.lite.TFLiteConverter.from_concrete_functions([module.__call__.get_concrete_function()], module)
        with open(path, "wb") as file:
            file.write(converter.convert())

    cases.file("lite/model.tflite", lite)


def skops_files(corpus):
    import skops.io

    from .benign_estimators import estimators

    cases = _Writer(corpus, KIND_SKOPS, "format", "written by skops.io.dump")
    rows = dict(estimators()[0])
    for name in (
        "standard-scaler",
        "logistic-regression",
        "random-forest",
        "column-transformer",
        "text-pipeline",
        "function-transformer",
        "grid-search",
        "svc",
    ):
        cases.file(f"{name}/model.skops", lambda path, value=rows[name]: skops.io.dump(value, path))
