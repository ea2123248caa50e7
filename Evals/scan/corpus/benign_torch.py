"""Benign PyTorch files written without torch: the same opcodes and layouts as torch.save's."""

from .archives import Entry, make_tar, make_zip, zip_of
from .asm import BINPERSID, NEWOBJ, Raw, build, g, lit, newobj, red, seq, stream, whole
from .benign_data import _Cases
from .torch_layouts import LAYERS, Model, legacy, ordered, storage_bytes, tensor, torch_tar, torch_zip

BERT = [
    ("embeddings.word_embeddings.weight", (30, 8), "float32"),
    ("encoder.layer.0.attention.self.query.weight", (8, 8), "float32"),
    ("encoder.layer.0.attention.self.query.bias", (8,), "float32"),
    ("pooler.dense.weight", (8, 8), "float32"),
]
HALF = [
    ("model.layers.0.self_attn.q_proj.weight", (8, 8), "float16"),
    ("model.layers.0.mlp.up_proj.weight", (8, 8), "bfloat16"),
    ("lm_head.weight", (20, 8), "float16"),
]
LORA = [("base_model.model.q_proj.lora_A.weight", (2, 8), "float32"), ("base_model.model.q_proj.lora_B.weight", (8, 2), "float32")]


def parameter(key, shape):
    return red("torch._utils._rebuild_parameter", tensor(key, shape), True, ordered([]))


def module(name, parameters=(), modules=(), **state):
    """An nn.Module of torch's own, as a whole."""
    base = {
        "training": False,
        "_parameters": ordered(parameters),
        "_buffers": ordered([]),
        "_non_persistent_buffers_set": Raw(red("builtins.set", []).ops),
    }
    for hook in (
        "_backward_pre_hooks",
        "_backward_hooks",
        "_forward_hooks",
        "_forward_hooks_with_kwargs",
        "_forward_hooks_always_called",
        "_forward_pre_hooks",
        "_forward_pre_hooks_with_kwargs",
        "_state_dict_hooks",
        "_state_dict_pre_hooks",
        "_load_state_dict_pre_hooks",
        "_load_state_dict_post_hooks",
    ):
        base[hook] = ordered([])
    base.update({"_is_full_backward_hook": None, "_modules": ordered(modules), **state})
    path, _, kind = name.rpartition(".")
    return build(Raw(g(path, kind).ops + seq().ops + NEWOBJ), base)


def add(corpus):
    state_dicts(corpus)
    whole_modules(corpus)
    checkpoints(corpus)
    older_forms(corpus)
    special_tensors(corpus)


def _archive(objects, storages, **options):
    return torch_zip(whole(objects), storages, **options)


def state_dicts(corpus):
    cases = _Cases(corpus, "torch-state-dict", "a state dict as torch.save writes it", "container")
    for index, (name, layers) in enumerate((("conv", LAYERS), ("bert", BERT), ("half", HALF), ("lora", LORA))):
        model = Model(layers, seed=index)
        for file in (("pytorch_model.bin", "model.pt") if index < 2 else ("adapter_model.bin", "weights.pth"))[: 2 if index < 3 else 1]:
            cases.add(
                f"{name}-{file.split('.')[0]}/{file}",
                _archive(model.state(), model.storages, root=("archive", "model", "pytorch_model", "adapter_model")[index]),
            )
    model = Model(LAYERS)
    metadata = ordered([("", {"version": 1}), ("conv1", {"version": 1})])
    cases.add("with-metadata/model.pt", _archive(build(model.state(), {"_metadata": metadata}), model.storages))
    cases.add("plain-dict/model.pt", _archive(Raw(lit(dict(model.items))), model.storages))
    cases.add("deflate/model.pt", _archive(model.state(), model.storages, method=8))
    cases.add("one-tensor/embedding.pt", _archive(tensor(0, (4, 3)), {"0": storage_bytes((4, 3))}))
    cases.add(
        "list-of-tensors/vectors.pt",
        _archive(Raw(lit([tensor(0, (3,)), tensor(1, (5,))])), {"0": storage_bytes((3,)), "1": storage_bytes((5,))}),
    )
    cases.add(
        "sharded/model",
        {
            "pytorch_model-00001-of-00002.bin": _archive(model.state(), model.storages),
            "pytorch_model-00002-of-00002.bin": _archive(Model(BERT).state(), Model(BERT).storages),
            "pytorch_model.bin.index.json": '{"metadata": {"total_size": 1234}, "weight_map": {"conv1.weight": "pytorch_model-00001-of-00002.bin"}}',
            "config.json": '{"model_type": "bert"}',
        },
    )
    cases.add("no-extension/0a1b2c3d", _archive(model.state(), model.storages))
    cases.add(
        "zip64/model.pt",
        make_zip(
            [Entry("m/data.pkl", whole(model.state()), zip64=True), Entry("m/version", b"3\n")]
            + [Entry(f"m/data/{k}", v, zip64=True) for k, v in model.storages.items()]
        ),
    )
    tricky = {key: (b"cos\nsystem\n(S'x'\ntR." * 50)[: len(data)] for key, data in model.storages.items()}
    cases.add(
        "storage-reads-like-pickle/model.pt", _archive(model.state(), tricky), "storage bytes that read like a pickle; nothing loads them"
    )


def whole_modules(corpus):
    cases = _Cases(corpus, "torch-whole-module", "a whole module of torch's own classes", "container")
    linear = module(
        "torch.nn.modules.linear.Linear", [("weight", parameter(0, (2, 4))), ("bias", parameter(1, (2,)))], in_features=4, out_features=2
    )
    storages = {"0": storage_bytes((2, 4)), "1": storage_bytes((2,))}
    relu = module("torch.nn.modules.activation.ReLU", inplace=False)
    conv = module(
        "torch.nn.modules.conv.Conv2d",
        [("weight", parameter(0, (2, 3, 3, 3))), ("bias", None)],
        in_channels=3,
        out_channels=2,
        kernel_size=(3, 3),
        stride=(1, 1),
        padding=(1, 1),
        dilation=(1, 1),
        transposed=False,
        output_padding=(0, 0),
        groups=1,
        padding_mode="zeros",
        _reversed_padding_repeated_twice=[1, 1, 1, 1],
    )
    norm = module(
        "torch.nn.modules.batchnorm.BatchNorm2d",
        [("weight", parameter(1, (2,)))],
        num_features=2,
        eps=1e-5,
        momentum=0.1,
        affine=True,
        track_running_stats=True,
    )
    drop = module("torch.nn.modules.dropout.Dropout", p=0.5, inplace=False)
    layer = module(
        "torch.nn.modules.transformer.TransformerEncoderLayer",
        [],
        [("linear1", linear)],
        activation=g("torch.nn.functional", "relu"),
        activation_relu_or_gelu=1,
        norm_first=False,
    )
    lstm = module(
        "torch.nn.modules.rnn.LSTM",
        [("weight_ih_l0", parameter(0, (8, 2)))],
        mode="LSTM",
        input_size=2,
        hidden_size=2,
        num_layers=1,
        bias=True,
        batch_first=True,
        dropout=0.0,
        bidirectional=False,
        proj_size=0,
        _flat_weights_names=["weight_ih_l0"],
        _all_weights=[["weight_ih_l0"]],
    )
    attention = module(
        "torch.nn.modules.activation.MultiheadAttention",
        [("in_proj_weight", parameter(0, (12, 4)))],
        [
            (
                "out_proj",
                module(
                    "torch.nn.modules.linear.NonDynamicallyQuantizableLinear",
                    [("weight", parameter(1, (4, 4)))],
                    in_features=4,
                    out_features=4,
                ),
            )
        ],
        embed_dim=4,
        num_heads=2,
    )
    embedding = module(
        "torch.nn.modules.sparse.Embedding",
        [("weight", parameter(0, (10, 4)))],
        num_embeddings=10,
        embedding_dim=4,
        padding_idx=None,
        max_norm=None,
        norm_type=2.0,
        scale_grad_by_freq=False,
        sparse=False,
    )
    rows = [
        ("linear", linear, storages),
        ("sequential", module("torch.nn.modules.container.Sequential", [], [("0", linear), ("1", relu)]), storages),
        (
            "conv-net",
            module("torch.nn.modules.container.Sequential", [], [("0", conv), ("1", norm), ("2", drop)]),
            {"0": storage_bytes((2, 3, 3, 3)), "1": storage_bytes((2,))},
        ),
        ("transformer-layer", layer, storages),
        ("lstm", lstm, {"0": storage_bytes((8, 2))}),
        ("attention", attention, {"0": storage_bytes((12, 4)), "1": storage_bytes((4, 4))}),
        ("embedding", embedding, {"0": storage_bytes((10, 4))}),
        ("module-dict", module("torch.nn.modules.container.ModuleDict", [], [("a", linear), ("b", relu)]), storages),
        ("loss", module("torch.nn.modules.loss.CrossEntropyLoss", ignore_index=-100, label_smoothing=0.0, reduction="mean"), {}),
        ("module-list", module("torch.nn.modules.container.ModuleList", [], [("0", linear)]), storages),
    ]
    for name, made, data in rows:
        cases.add(f"{name}/model.pt", _archive(made, data))
    block = module("torchvision.models.resnet.BasicBlock", [], [("conv1", conv), ("bn1", norm), ("relu", relu)], stride=1, downsample=None)
    cases.add(
        "torchvision/resnet.pth",
        _archive(
            module(
                "torchvision.models.resnet.ResNet",
                [],
                [("conv1", conv), ("layer1", module("torch.nn.modules.container.Sequential", [], [("0", block)]))],
                _norm_layer=g("torch.nn.modules.batchnorm", "BatchNorm2d"),
                inplanes=64,
                dilation=1,
                groups=1,
                base_width=64,
            ),
            {"0": storage_bytes((2, 3, 3, 3)), "1": storage_bytes((2,))},
        ),
        "a torchvision model as a whole",
    )
    custom = _Cases(corpus, "project-classes-torch", "a whole module of a project's own class", "container")
    custom.add(
        "segmentation/model.pt",
        _archive(module("acme_vision.models.SegmentationHead", [], [("conv", conv)]), {"0": storage_bytes((2, 3, 3, 3))}),
    )
    custom.add(
        "detector/best.pt",
        _archive(
            Raw(
                lit(
                    {
                        "epoch": -1,
                        "model": module("detector.nn.tasks.DetectionModel", [], [("model", linear)], yaml={"nc": 3}, names={0: "cat"}),
                        "ema": None,
                        "date": "2024-05-01",
                    }
                )
            ),
            storages,
        ),
    )
    custom.add("main/model.pth", _archive(module("__main__.Net", [], [("fc", linear)]), storages))


def checkpoints(corpus):
    cases = _Cases(corpus, "torch-checkpoint", "checkpoints with optimizers, schedulers, arguments and random states", "container")
    model = Model(LAYERS)
    adam = {
        "state": {0: {"step": tensor(5, ()), "exp_avg": tensor(6, (4, 3, 3, 3)), "exp_avg_sq": tensor(7, (4, 3, 3, 3))}},
        "param_groups": [
            {
                "lr": 1e-3,
                "betas": (0.9, 0.999),
                "eps": 1e-8,
                "weight_decay": 0.01,
                "amsgrad": False,
                "maximize": False,
                "foreach": None,
                "params": [0, 1, 2, 3],
            }
        ],
    }
    extra = {"5": storage_bytes(()), "6": storage_bytes((4, 3, 3, 3)), "7": storage_bytes((4, 3, 3, 3))}
    cases.add(
        "adam/checkpoint.pt",
        _archive(
            Raw(lit({"epoch": 3, "model_state_dict": model.state(), "optimizer_state_dict": adam, "loss": 0.25})),
            {**model.storages, **extra},
        ),
    )
    cases.add("optimizer/optimizer.pt", _archive(Raw(lit(adam)), extra))
    cases.add(
        "scheduler/scheduler.pt",
        _archive(
            Raw(
                lit(
                    {
                        "base_lrs": [5e-5],
                        "last_epoch": 100,
                        "_step_count": 101,
                        "_get_lr_called_within_step": False,
                        "_last_lr": [1e-5],
                        "lr_lambdas": [{}],
                    }
                )
            ),
            {},
        ),
    )
    arguments = build(
        newobj("transformers.training_args.TrainingArguments"),
        {
            "output_dir": "out",
            "learning_rate": 5e-5,
            "num_train_epochs": 3.0,
            "eval_strategy": red("transformers.trainer_utils.IntervalStrategy", "steps"),
            "save_strategy": red("transformers.trainer_utils.SaveStrategy", "steps"),
            "lr_scheduler_type": red("transformers.trainer_utils.SchedulerType", "linear"),
            "optim": red("transformers.training_args.OptimizerNames", "adamw_torch"),
            "hub_strategy": red("transformers.trainer_utils.HubStrategy", "every_save"),
            "device": red("torch.device", "cuda", 0),
            "distributed_state": build(
                newobj("accelerate.state.PartialState"),
                {
                    "_cpu": False,
                    "backend": None,
                    "device": red("torch.device", "cuda"),
                    "distributed_type": red("accelerate.utils.dataclasses.DistributedType", "NO"),
                    "num_processes": 1,
                },
            ),
            "report_to": ["wandb"],
            "hub_token": None,
            "accelerator_config": build(
                newobj("transformers.trainer_pt_utils.AcceleratorConfig"), {"split_batches": False, "dispatch_batches": None}
            ),
        },
    )
    cases.add("training-arguments/training_args.bin", _archive(arguments, {}), "as transformers' Trainer writes it")
    cases.add(
        "sft-arguments/training_args.bin",
        _archive(
            build(
                newobj("trl.trainer.sft_config.SFTConfig"),
                {"output_dir": "out", "max_seq_length": 512, "optim": red("transformers.training_args.OptimizerNames", "adamw_torch")},
            ),
            {},
        ),
        "as trl writes it",
    )
    state = red("numpy._core.multiarray._reconstruct", g("numpy", "ndarray"), (0,), b"b")
    dtype = build(red("numpy.dtype", "u4", False, True), (3, "<", None, None, None, -1, -1, 0))
    rng = {
        "python": (3, tuple(range(20)), None),
        "numpy": ("MT19937", build(state, (1, (4,), dtype, False, bytes(16))), 624, 0, 0.0),
        "cpu": tensor(0, (8,), "uint8"),
        "cuda": tensor(1, (8,), "uint8"),
    }
    cases.add("random-state/rng_state.pth", _archive(Raw(lit(rng)), {"0": bytes(8), "1": bytes(8)}))
    lightning = {
        "epoch": 2,
        "global_step": 200,
        "pytorch-lightning_version": "2.1.0",
        "state_dict": model.state(),
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint{'monitor': 'val'}": {"best_model_score": tensor(5, ()), "best_model_path": "x.ckpt"}},
        "optimizer_states": [adam],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {"lr": 1e-3, "layers": 3},
    }
    cases.add("lightning/epoch=2-step=200.ckpt", _archive(Raw(lit(lightning)), {**model.storages, **extra}))
    cases.add(
        "hyper-parameters-namespace/last.ckpt",
        _archive(
            Raw(
                lit(
                    {
                        "epoch": 1,
                        "hyper_parameters": build(newobj("argparse.Namespace"), {"lr": 0.1, "data": "x"}),
                        "state_dict": model.state(),
                    }
                )
            ),
            model.storages,
        ),
    )
    cases.add(
        "path-and-types/ckpt.pt",
        _archive(
            Raw(
                lit(
                    {
                        "save_dir": red("pathlib.PosixPath", "runs", "exp"),
                        "dtype": g("torch", "float16"),
                        "size": red("torch.Size", (1, 2)),
                        "device": red("torch.device", "cpu"),
                        "started": red("datetime.datetime", b"\x07\xe8\x05\x11\x0c\x1e\x00\x00\x00\x00"),
                    }
                )
            ),
            {},
        ),
    )
    cases.add(
        "defaultdict-state/lookahead.pt",
        _archive(Raw(lit({"state": Raw(red("collections.defaultdict", g("builtins", "dict")).ops), "param_groups": []})), {}),
    )
    cases.add(
        "trainer-folder/checkpoint-100",
        {
            "pytorch_model.bin": _archive(model.state(), model.storages),
            "optimizer.pt": _archive(Raw(lit(adam)), extra),
            "scheduler.pt": _archive(Raw(lit({"last_epoch": 100})), {}),
            "training_args.bin": _archive(arguments, {}),
            "trainer_state.json": '{"epoch": 1.0, "global_step": 100, "log_history": []}',
            "config.json": '{"model_type": "bert"}',
            "rng_state.pth": _archive(Raw(lit(rng)), {"0": bytes(8), "1": bytes(8)}),
        },
    )


def older_forms(corpus):
    cases = _Cases(corpus, "torch-legacy", "torch's form before the zip, and TorchScript", "container")
    model = Model(LAYERS, legacy=True)
    cases.add("state-dict/model.pth", legacy(whole(model.state()), model.storages))
    cases.add(
        "state-dict-pkl/resnet.pth.tar",
        legacy(whole(Raw(lit({"epoch": 90, "arch": "resnet18", "state_dict": model.state(), "best_acc1": 69.7}))), model.storages),
        "named .pth.tar by an old habit; it is no tar",
    )
    linear = module("torch.nn.modules.linear.Linear", [("weight", tensor(0, (2, 4), legacy=True))], in_features=4, out_features=2)
    source = Raw(
        lit(
            (
                "module",
                g("torch.nn.modules.linear", "Linear"),
                "/usr/lib/python3/dist-packages/torch/nn/modules/linear.py",
                "class Linear(Module):\n    pass\n",
            )
        )
        + BINPERSID
        + b"0"
        + lit(linear)
    )
    cases.add("whole-module-with-source/model.pt", legacy(whole(source), {"0": storage_bytes((2, 4))}))
    ok = whole(Raw(lit(0)))
    cases.add("tar-form/model.tar", torch_tar(whole(model.state()), ok, ok))
    code = 'class Net(Module):\n  __parameters__ = ["weight", ]\n  weight : Tensor\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    return torch.matmul(x, self.weight)\n'
    script = {
        "net/data.pkl": whole(build(newobj("__torch__.Net"), {"training": False, "weight": tensor(0, (2, 2))})),
        "net/code/__torch__.py": code,
        "net/code/__torch__.py.debug_pkl": stream("bin2", ("FORMAT_WITH_STRING_TABLE", ["x"])),
        "net/constants.pkl": stream("bin2", ()),
        "net/data/0": bytes(16),
        "net/version": "3\n",
    }
    cases.add("torchscript/scripted.pt", zip_of(script))
    cases.add(
        "torchscript-mobile/model.ptl",
        zip_of({**script, "net/bytecode.pkl": stream("bin2", (7,)), "net/mobile_debug_handles.pkl": stream("bin2", (7,))}),
    )
    cases.add(
        "archive-of-model/model.tar.gz",
        make_tar({"model/pytorch_model.bin": _archive(Model(LAYERS).state(), Model(LAYERS).storages), "model/config.json": "{}"}, "gz"),
    )
    cases.add(
        "mar/densenet.mar",
        zip_of(
            {
                "MAR-INF/MANIFEST.json": '{"model": {"modelName": "densenet", "serializedFile": "model.pt", "handler": "image_classifier", "modelVersion": "1.0"}}',
                "model.pt": _archive(Model(LAYERS).state(), Model(LAYERS).storages),
                "index_to_name.json": '{"0": "cat"}',
            },
            8,
        ),
    )
    cases.add(
        "nemo/asr.nemo",
        make_tar(
            {
                "./model_config.yaml": "target: nemo.collections.asr.models.EncDecCTCModel\nsample_rate: 16000\npreprocessor:\n  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor\n",
                "./model_weights.ckpt": _archive(Model(LAYERS).state(), Model(LAYERS).storages),
            }
        ),
    )


def special_tensors(corpus):
    cases = _Cases(corpus, "torch-special-tensors", "quantised, sparse and other tensors", "container")
    zero = bytes(64)
    quantised = red(
        "torch._utils._rebuild_qtensor",
        Raw(seq("storage", g("torch", "QInt8Storage"), "0", "cpu", 4).ops + BINPERSID),
        0,
        (4,),
        (1,),
        (g("torch", "per_tensor_affine"), 0.1, 0),
        False,
        ordered([]),
    )
    sparse = red(
        "torch._utils._rebuild_sparse_tensor",
        g("torch", "sparse_coo"),
        (tensor(0, (2, 3), "int64"), tensor(1, (3,)), red("torch.Size", (4, 4)), True),
    )
    meta = red("torch._utils._rebuild_meta_tensor_no_storage", g("torch", "float32"), (2, 2), (2, 1), False)
    subclass = red(
        "torch._tensor._rebuild_from_type_v2",
        g("torch._utils", "_rebuild_tensor_v2"),
        g("torch.nn.parameter", "Buffer"),
        (Raw(seq("storage", g("torch", "FloatStorage"), "0", "cpu", 4).ops + BINPERSID), 0, (4,), (1,), False, ordered([])),
        {},
    )
    v3 = red(
        "torch._utils._rebuild_tensor_v3",
        Raw(seq("storage", g("torch.storage", "UntypedStorage"), "0", "cpu", 16).ops + BINPERSID),
        0,
        (4,),
        (1,),
        False,
        ordered([]),
        g("torch", "uint16"),
        {},
    )
    state = red("torch._utils._rebuild_parameter_with_state", tensor(0, (2, 2)), True, ordered([]), {"partition_dim": 0})
    for name, value in (
        ("quantised", quantised),
        ("sparse", sparse),
        ("meta", meta),
        ("buffer-subclass", subclass),
        ("v3", v3),
        ("parameter-with-state", state),
    ):
        cases.add(f"{name}/tensor.pt", _archive(Raw(lit({"t": value})), {"0": zero, "1": zero}))
