/// What runs code, starts programs, reads or writes files, opens connections, loads further pickles or patches the interpreter.
///
/// The table makes findings precise; it is not what finds them: whatever is not known to be harmless is reported too (``CallableVerdict``).
enum DangerousCallables {
    /// What a callable does that matters.
    enum Effect: String, Sendable, CaseIterable {
        case process, code, importing, file, network, native, deserialisation, scanner, registry, introspection

        var phrase: String {
            switch self {
            case .process: "starts programs"
            case .code: "runs code"
            case .importing: "imports modules by name"
            case .file: "reads or writes files"
            case .network: "opens connections"
            case .native: "runs native code"
            case .deserialisation: "loads further objects or models"
            case .scanner: "tampers with a scanner"
            case .registry: "changes what other pickles mean"
            case .introspection: "reaches into any object"
            }
        }
    }

    /// The effect of a name, or of the module that it is in.
    static func effect(of name: String) -> Effect? {
        for (effect, table) in tables where table.covers(name) { return effect }
        return nil
    }

    private static let tables: [(Effect, NameTable)] = [
        (
            .scanner,
            NameTable(
                "fickling picklescan modelscan modelaudit safetensors.torch._remove_duplicate_names yara clamd guarddog bandit")
        ),
        (
            .process,
            NameTable(
                """
                os.{system,popen,popen2,popen3,popen4,startfile,fork,forkpty,kill,killpg,execl,execle,execlp,execlpe,execv,execve,execvp,execvpe}
                os.{spawnl,spawnle,spawnlp,spawnlpe,spawnv,spawnve,spawnvp,spawnvpe,posix_spawn,posix_spawnp,_exit,abort,register_at_fork}
                posix.{system,popen,fork,forkpty,kill,execv,execve,posix_spawn,posix_spawnp,_exit,abort} nt.{system,popen,startfile,execv,execve,spawnv,spawnve}
                subprocess _posixsubprocess pty commands popen2 multiprocessing concurrent.futures asyncio.{create_subprocess_shell,create_subprocess_exec,subprocess}
                asyncio.unix_events asyncio.base_subprocess platform.{popen,_syscmd_ver,_syscmd_uname} distutils.{spawn,core} pexpect sh plumbum fabric invoke ensurepip pip venv
                webbrowser antigravity torch.utils.collect_env torch.multiprocessing torch.distributed.{rpc,run,launch,elastic,launcher,argparse_util,nn,pipelining,autograd,distributed_c10d} torch._inductor torch.utils.cpp_extension numpy.distutils
                numpy.f2py setuptools pkg_resources uv git psutil nt._getfullpathname ctypes.util.find_library pydoc.{pipepager,tempfilepager,getpager,pager}
                getpass test.support.script_helper unittest.mock._importer joblib.parallel joblib.externals ray dask pyspark pyautogui
                """)
        ),
        (
            .code,
            NameTable(
                """
                builtins.{eval,exec,compile,execfile,apply,map,filter,breakpoint} code codeop runpy cProfile profile timeit trace doctest pdb bdb
                types.{FunctionType,CodeType,LambdaType,MethodType,ModuleType,DynamicClassAttribute,new_class,prepare_class,BuiltinFunctionType} functools.{reduce,partialmethod}
                _functools.reduce itertools.{starmap,accumulate,takewhile,dropwhile,filterfalse,groupby} operator.{call,methodcaller} _operator.{call,methodcaller} idlelib
                lib2to3 torch.jit torch.fx torch._dynamo torch.utils.bottleneck torch.utils._config_module torch.ops torch.classes torch.library
                numpy.testing numpy.ma.testutils numpy.core.tests numpy.lib.utils numpy.{frompyfunc,apply_along_axis,apply_over_axes,fromfunction,fromiter,piecewise}
                pandas.{eval,core.computation,core.frame.DataFrame.query,core.frame.DataFrame.eval} numexpr sympy mpmath
                IPython ipykernel ipywidgets jinja2 mako PIL.ImageMath numba triton cffi pycparser asteval RestrictedPython simpleeval unittest.mock
                threading.{Thread,Timer} _thread.{start_new_thread,start_new} sched signal.signal atexit weakref.finalize gc sys.{settrace,setprofile,excepthook,exit,_getframe}
                asyncio contextlib.ExitStack ast.literal_eval tkinter.Tcl _tkinter
                """)
        ),
        (
            .importing,
            NameTable(
                """
                builtins.__import__ importlib imp pkgutil zipimport pydoc.{locate,safeimport,importfile} site sysconfig sys.{modules,path,meta_path,path_hooks} ihooks imputil
                hydra.utils.{instantiate,call,get_class,get_method,get_object} torch.package torch._utils_internal numpy.core._import_tools xmlrpc.server.resolve_dotted_attribute
                logging.config unittest.loader pytest _pytest transformers.dynamic_module_utils transformers.utils.import_utils._LazyModule torch.serialization._load
                django.utils.module_loading werkzeug.utils.import_string kombu.utils.imports
                """)
        ),
        (
            .deserialisation,
            NameTable(
                """
                pickle _pickle cPickle marshal shelve dill.{load,loads,load_session,load_module} dill._dill.{load,loads,_import_module,_get_attr,_eval_repr,_getattribute}
                dill.session cloudpickle.{load,loads} cloudpickle.cloudpickle.{loads,load,subimport,dynamic_subimport,_lookup_module_and_qualname,_should_pickle_by_reference}
                jsonpickle joblib.{load,numpy_pickle.load,numpy_pickle_utils,numpy_pickle.NumpyUnpickler} yaml ruamel
                torch.{load,hub} torch.serialization.{load,_legacy_load} torch.nn.Module.load_state_dict numpy.{load,loads,memmap} numpy.lib.npyio numpy.lib.{_npyio_impl,format}
                numpy.core.records.fromfile pandas.{read_pickle,read_hdf,io} pandas.compat.pickle_compat sklearn.externals.joblib.load tensorflow.{saved_model,keras.models} keras.models
                keras.saving keras.src.saving transformers.{pipeline,AutoModel,AutoTokenizer,AutoConfig,pipelines} transformers.AutoModelForCausalLM huggingface_hub sklearn.datasets
                mlflow skops.io onnx.load onnxruntime safetensors.safe_open copyreg.__reduce_ex__ h5py.File tarfile zipfile shutil.unpack_archive plistlib
                torch.utils.data.datapipes.datapipe torch.utils.data.datapipes.iter joblib.hashing multiprocessing.connection multiprocessing.reduction xml.sax sqlite3 dbm datasets.load_dataset
                """)
        ),
        (
            .native,
            NameTable(
                "torch.cuda.memory.CUDAPluggableAllocator ctypes _ctypes mmap numpy.ctypeslib torch.classes.load_library torch.ops.load_library cupy pycuda _winapi winreg _winreg msvcrt msilib"
            )
        ),
        (
            .network,
            NameTable(
                """
                socket _socket ssl http urllib urllib2 urllib3 httplib ftplib smtplib telnetlib poplib imaplib nntplib socketserver SocketServer xmlrpc xmlrpclib requests httpx
                aiohttp paramiko boto3 botocore gdown wget tornado flask websocket websockets twisted zmq grpc smb nltk.{download,downloader} wsgiref asyncore asynchat
                webdriver selenium torchvision.datasets.utils torch.utils.model_zoo gradio fsspec s3fs gcsfs
                """)
        ),
        (
            .file,
            NameTable(
                """
                builtins.{open,file,input} io.{open,open_code,FileIO,OpenWrapper,TextIOWrapper} _io.{open,open_code,FileIO,TextIOWrapper} _pyio codecs.open posix nt os shutil
                tempfile fileinput linecache glob pathlib.Path.{write_text,write_bytes,unlink,read_text,read_bytes,open,rename,rmdir,mkdir,touch} gzip bz2 lzma
                numpy.{save,savez,savetxt,loadtxt,genfromtxt,fromfile,DataSource} torch.save logging.{FileHandler,handlers} mailbox csv configparser py_compile compileall zipapp
                distutils filecmp netrc symtable tokenize pyclbr cgitb cgi trace.CoverageResults torch.FileStore torch.utils.tensorboard scipy.io joblib.{compressor,logger,disk,func_inspect,_store_backends,_memmapping_reducer}
                """)
        ),
        (
            .registry,
            NameTable(
                "copyreg.{add_extension,remove_extension,clear_extension_cache,pickle,constructor,dispatch_table} copy_reg.{add_extension,pickle}"
            )
        ),
        (
            .introspection,
            NameTable(
                """
                builtins.{getattr,setattr,delattr,vars,globals,locals,dir,hasattr,__build_class__,callable,next,id,help,quit,exit,credits,license,copyright}
                operator.{attrgetter,itemgetter,setitem,getitem,delitem,iadd,concat} _operator.{attrgetter,itemgetter,setitem,getitem} inspect types.GetSetDescriptorType
                string.Formatter functools.{singledispatch,wraps,update_wrapper,lru_cache,cached_property} dis sys builtins weakref ctypes.pythonapi typing.get_type_hints
                """)
        ),
    ]

    /// The names of modules that, anywhere in a dotted name after its first part, lead out of the package that is named.
    static let escapingParts: Set<String> = [
        "os", "sys", "subprocess", "builtins", "posix", "nt", "importlib", "pickle", "ctypes", "socket", "shutil", "pty", "runpy",
        "marshal", "_os", "_sys", "commands", "code",
        "multiprocessing", "threading", "inspect", "types", "operator", "functools", "platform", "tempfile", "warnings",
        "traceback", "linecache", "contextlib", "urllib", "http",
    ]
}
