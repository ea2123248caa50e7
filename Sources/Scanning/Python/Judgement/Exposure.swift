import PythonAnalysis

/// How easily code is run by somebody who means to use a model.
enum Exposure: Int, Comparable {
    /// Only by a call, or by running the file as a program.
    case onCall
    /// By importing the file, or by running it.
    case onImport
    /// By loading the package: nobody has to name the code.
    case onLoad

    static func < (left: Exposure, right: Exposure) -> Bool { left.rawValue < right.rawValue }

    /// Methods that libraries call on the classes of a package as they load or use it (transformers, datasets, torch, pickle,
    /// setuptools).
    private static let loadMethods: Set<String> = [
        "__init__", "__new__", "__call__", "__setstate__", "__reduce__", "__reduce_ex__", "__getattr__", "__del__",
        "__post_init__", "__init_subclass__",
        "__class_getitem__", "__enter__", "forward", "from_pretrained", "from_config", "_init_weights", "_split_generators",
        "_generate_examples",
        "_generate_tables", "_info", "_load_from_state_dict", "post_init", "build", "call", "get_config", "predict", "preprocess",
        "postprocess",
        "initialize", "handle", "inference", "tokenize", "_tokenize", "encode", "decode", "run", "finalize_options",
        "initialize_options", "load_context",
        "emit", "find_spec", "find_module", "load_module", "exec_module", "create_module", "__getitem__", "__iter__", "__next__",
        "__len__",
        "__str__", "__repr__", "__hash__", "__eq__", "__exit__", "__set_name__", "__get__", "__prepare__", "__add__",
        "__contains__",
        "generate", "setup", "load_model", "init_fn", "model_fn", "input_fn", "predict_fn", "output_fn",
    ]

    /// Functions of a module that servers and loaders call by these names (SageMaker, MLflow, Azure, TorchServe).
    private static let loadFunctions: Set<String> = [
        "model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn", "_load_pyfunc", "_load_context", "load_model",
        "handle",
        "init", "run", "__getattr__", "__dir__", "predict", "get_model", "build_model", "load_checkpoint", "pytest_configure",
        "load_ipython_extension", "register", "setup", "main_fn",
    ]

    /// - Parameters:
    ///   - isEntry: whether loading the package runs the file.
    ///   - isProgram: whether it is run as a program then: `setup.py`.
    ///   - called: functions that are called whatever their names are: those of `hubconf.py`, and those that take the place of others.
    static func of(_ reach: CallReach, isEntry: Bool, isProgram: Bool, called: (String) -> Bool) -> Exposure {
        switch reach.phase {
        case .load: return isEntry ? .onLoad : .onImport
        case .main: return isProgram ? .onLoad : .onCall
        case .later:
            if reach.roots.contains(where: called) { return isEntry ? .onLoad : .onImport }
            guard isEntry else { return .onCall }
            // Methods and hooks are called by the library.
            let isLoaded = reach.roots.contains { root in
                // A function without a name is handed to somebody who calls it.
                if root.hasSuffix("<lambda>") { return true }
                guard let dot = root.lastIndex(of: ".") else { return loadFunctions.contains(root) }
                return loadMethods.contains(String(root[root.index(after: dot)...]))
            }
            return isLoaded ? .onLoad : .onCall
        }
    }
}
