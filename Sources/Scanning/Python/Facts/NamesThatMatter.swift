/// Names that code has to mention, or to be given by code that mentions them, to do what is looked for.
enum NamesThatMatter {
    static let all: Set<String> = {
        var names = others
        let known =
            KnownFunctions.processes + KnownFunctions.codeRunners + KnownFunctions.pickleLoaders + KnownFunctions.nativeLoaders
            + KnownFunctions.hostFacts + KnownFunctions.deletions + KnownFunctions.secretStores + KnownFunctions.fetchers
            + KnownFunctions.fileFetchers + KnownFunctions.senders + FlowTable.sources.map(\.name)
        for name in known {
            let parts = name.split(separator: ".").map(String.init)
            guard let first = parts.first, let last = parts.last else { continue }
            // Modules that all code imports say nothing; their functions do.
            if parts.count == 1 || common.contains(first) || first == "*" { names.insert(last) } else { names.insert(first) }
        }
        return names.subtracting([
            "get", "post", "put", "run", "open", "str", "chr", "decode", "query", "pop", "node", "version", "push", "nt", "link",
        ]).union(["open", "chr"])
    }()

    private static let common: Set<String> = [
        "torch", "numpy", "pandas", "tensorflow", "keras", "os", "sys", "asyncio", "code", "types", "yaml", "bytes",
        "bytearray", "sklearn", "PIL", "builtins", "pathlib", "glob", "io", "llvmlite", "sh", "multiprocessing", "trace", "pdb",
        "bdb", "six",
    ]

    private static let others: Set<String> = [
        "__builtins__", "builtins", "__dict__", "__globals__", "__subclasses__", "f_globals", "f_builtins", "func_globals",
        "gi_frame",
        "tb_frame", "globals", "vars", "setattr", "modules", "meta_path", "path_hooks", "settrace", "addaudithook", "importlib",
        "import_module", "__import__", "attrgetter", "methodcaller", "resolve_name", "compile", "__getattribute__", "getmembers",
        "environ",
        "getenv", "environb", "execv", "execve", "execvp", "execl", "execlp", "spawnl", "spawnv", "spawnlp", "spawnvp", "fork",
        "dup2", "remove",
        "pty", "runpy", "winreg", "_winreg", "ctypes", "cffi", "socket", "subprocess", "pip", "zlib", "gzip", "bz2", "lzma",
        "base64",
        "binascii", "codecs", "marshal", "pickle", "_pickle", "cPickle", "dill", "__reduce__", "__reduce_ex__", "get_ipython",
        "IPython",
        "urllib", "urllib2", "requests", "httpx", "aiohttp", "http", "httplib", "paramiko", "telnetlib", "websocket",
        "websockets", "dns",
        "smtplib", "ftplib", "wget", "shutil", "webbrowser", "sqlite3", "zipfile", "tarfile", "cryptography", "Crypto",
        "Cryptodome",
        "open_connection", "write_text", "write_bytes", "writelines", "copyfileobj", "getsitepackages", "sitecustomize", "atexit",
        "system",
        "popen", "posix", "_posixsubprocess", "create_subprocess_shell", "create_subprocess_exec", "connect", "create_connection",
        "rename", "replace_file", "symlink", "Timer", "timeit", "cProfile", "psutil", "getpass", "pwd", "load_module",
        "SourceFileLoader", "spec_from_file_location", "exec_module", "FunctionType", "CodeType",
    ]
}
