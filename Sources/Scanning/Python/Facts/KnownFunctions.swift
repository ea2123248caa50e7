/// What a function of Python's library, or of a well-known one, can do.
enum Capability: Hashable {
    /// It runs a program.
    case process
    /// It runs code that it is given.
    case code
    /// It loads a format that can run code as it is loaded.
    case pickle
    /// It loads machine code.
    case native
    /// It talks to another machine.
    case network
    /// It says something about the machine or its user.
    case hostFact
    /// It deletes files.
    case deletion
}

/// Functions by their full names.
enum KnownFunctions {
    static func capability(_ name: String) -> Capability? {
        let plain = name.hasPrefix("builtins.") ? String(name.dropFirst(9)) : name
        if let known = table[plain] { return known }
        if hasPrefix(plain, processPrefixes) { return .process }
        if hasPrefix(plain, networkPrefixes) {
            let last = plain.split(separator: ".").last.map(String.init) ?? ""
            return networkMethods.contains(last) ? .network : nil
        }
        return nil
    }

    private static func hasPrefix(_ name: String, _ prefixes: [String]) -> Bool { prefixes.contains { name.hasPrefix($0) } }

    /// Functions that give a text to a shell; the others run a program with arguments.
    static let shellFunctions: Set<String> = [
        "os.system", "os.popen", "posix.system", "posix.popen", "nt.system", "subprocess.getoutput", "subprocess.getstatusoutput",
        "commands.getoutput",
        "commands.getstatusoutput", "asyncio.create_subprocess_shell", "os.startfile", "pexpect.run", "pexpect.spawn",
        "popen2.popen2", "platform.popen",
        "ctypes.CDLL.system", "ctypes.PyDLL.system", "ctypes.CDLL.popen", "ctypes.cdll.msvcrt.system",
        "ctypes.windll.msvcrt.system",
        "ctypes.windll.shell32.ShellExecuteW", "ctypes.windll.kernel32.WinExec", "IPython.get_ipython.system",
        "IPython.get_ipython.getoutput", "IPython.get_ipython.system_raw",
        "IPython.get_ipython.system_piped", "IPython.utils.process.system", "IPython.utils.process.getoutput", "pexpect.spawnu",
        "pexpect.runu",
        "invoke.run", "fabric.local", "sh.Command", "plumbum.local", "distutils.spawn.spawn",
        "torch.utils.cpp_extension.subprocess.run", "asyncio.subprocess.create_subprocess_shell",
    ]

    static let processes: [String] =
        Array(shellFunctions) + [
            "subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call", "subprocess.check_output",
            "pty.spawn",
            "asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_exec", "distutils.spawn.spawn",
            "subprocess32.run", "psutil.Popen", "multiprocessing.util.spawnv_passfds", "_winapi.CreateProcess",
            "_posixsubprocess.fork_exec", "os.posix_spawn", "os.posix_spawnp",
        ]
    private static let processPrefixes = ["os.exec", "os.spawn", "posix.exec", "posix.spawn"]

    static let codeRunners: [String] = [
        "exec", "eval", "execfile", "builtins.exec", "builtins.eval", "runpy.run_path", "runpy._run_code",
        "code.InteractiveInterpreter.runsource",
        "code.InteractiveInterpreter.runcode", "code.InteractiveConsole.push", "timeit.timeit", "timeit.repeat", "timeit.Timer",
        "cProfile.run", "profile.run", "pdb.run", "pdb.runeval",
        "bdb.Bdb.run", "trace.Trace.run", "IPython.get_ipython.run_cell", "IPython.get_ipython.ex", "IPython.get_ipython.ev",
        "code.interact", "types.FunctionType",
        "ctypes.pythonapi.PyRun_SimpleString", "six.exec_", "future.utils.exec_", "js2py.eval_js",
    ]

    static let pickleLoaders: [String] = [
        "pickle.load", "pickle.loads", "_pickle.load", "_pickle.loads", "cPickle.load", "cPickle.loads", "pickle.Unpickler",
        "dill.load", "dill.loads",
        "cloudpickle.load", "cloudpickle.loads", "joblib.load", "sklearn.externals.joblib.load", "torch.load",
        "pandas.read_pickle", "shelve.open",
        "jsonpickle.decode", "marshal.load", "marshal.loads", "yaml.unsafe_load", "yaml.full_load_all", "numpy.load", "yaml.load",
        "pickle5.loads",
        "pickle5.load", "torch.jit.load", "torch.hub.load",
    ]
    static let nativeLoaders: [String] = [
        "ctypes.CDLL", "ctypes.cdll.LoadLibrary", "ctypes.PyDLL", "ctypes.WinDLL", "ctypes.windll.LoadLibrary",
        "ctypes.cdll.__getitem__",
        "cffi.FFI.dlopen", "_ctypes.dlopen", "torch.ops.load_library", "torch.classes.load_library", "tensorflow.load_op_library",
        "imp.load_dynamic", "_imp.create_dynamic", "importlib.machinery.ExtensionFileLoader", "tensorflow.load_library",
        "llvmlite.binding.load_library_permanently",
    ]
    static let hostFacts: [String] = [
        "socket.gethostname", "socket.getfqdn", "getpass.getuser", "os.getlogin", "platform.node", "platform.uname",
        "platform.platform", "os.uname",
        "uuid.getnode", "psutil.users", "pwd.getpwuid", "pwd.getpwall", "psutil.net_if_addrs", "netifaces.ifaddresses",
        "platform.version",
    ]
    /// Functions that give keys, passwords and cookies of the user.
    static let secretStores: [String] = [
        "huggingface_hub.HfFolder.get_token", "huggingface_hub.get_token", "huggingface_hub.hf_api.HfFolder.get_token",
        "keyring.get_password",
        "browser_cookie3.chrome", "browser_cookie3.firefox", "browser_cookie3.load", "browsercookie.chrome",
        "win32crypt.CryptUnprotectData",
        "boto3.Session.get_credentials", "ImageGrab.grab", "PIL.ImageGrab.grab", "pyperclip.paste",
    ]
    /// Functions of Windows that put machine code into memory and run it.
    static let memoryRunners: Set<String> = [
        "VirtualAlloc", "VirtualAllocEx", "VirtualProtect", "WriteProcessMemory", "CreateRemoteThread", "RtlMoveMemory",
        "CreateThread",
        "NtAllocateVirtualMemory", "NtCreateThreadEx",
    ]
    static let deletions: [String] = ["shutil.rmtree", "os.remove", "os.unlink", "os.rmdir", "os.removedirs"]

    /// Functions whose result comes from another machine.
    static let fetchers: [String] = [
        "requests.get", "requests.post", "requests.request", "requests.Session.get", "requests.Session.post",
        "requests.Session.request",
        "requests.session.get", "requests.sessions.Session.get", "requests.api.get", "urllib.request.urlopen", "urllib2.urlopen",
        "urllib.urlopen",
        "urllib.request.OpenerDirector.open", "six.moves.urllib.request.urlopen", "httpx.get", "httpx.post", "httpx.request",
        "httpx.Client.get", "httpx.Client.post",
        "httpx.AsyncClient.get", "httpx.AsyncClient.post", "httpx.stream", "aiohttp.ClientSession.get",
        "aiohttp.ClientSession.post", "aiohttp.request",
        "urllib3.PoolManager.request", "urllib3.request", "http.client.HTTPConnection.getresponse",
        "http.client.HTTPSConnection.getresponse",
        "httplib.HTTPConnection.getresponse", "socket.socket.recv", "socket.socket.recvfrom", "socket.create_connection.recv",
        "*.recv",
        "ssl.SSLSocket.recv", "ftplib.FTP.retrbinary", "ftplib.FTP.retrlines", "paramiko.SSHClient.exec_command",
        "telnetlib.Telnet.read_until",
        "websocket.WebSocket.recv", "websocket.create_connection.recv", "websockets.connect", "dns.resolver.resolve",
        "dns.resolver.query",
        "pycurl.Curl.perform", "xmlrpc.client.ServerProxy", "cloudscraper.create_scraper", "smart_open.open", "fsspec.open",
    ]
    /// Functions that fetch a file and give or take its path.
    static let fileFetchers: [String] = [
        "urllib.request.urlretrieve", "urllib.urlretrieve", "six.moves.urllib.request.urlretrieve", "wget.download",
        "torch.hub.download_url_to_file",
        "gdown.download", "tensorflow.keras.utils.get_file", "keras.utils.get_file", "pooch.retrieve",
    ]
    static let senders: [String] = [
        "requests.get", "requests.post", "requests.put", "requests.patch", "requests.request", "requests.head",
        "requests.Session.get",
        "requests.Session.post", "requests.Session.put", "requests.Session.request", "requests.session.post",
        "requests.session.get", "requests.api.post",
        "urllib.request.urlopen", "urllib.request.Request", "urllib2.urlopen", "urllib2.Request", "urllib.urlopen",
        "httpx.get", "httpx.post", "httpx.put", "httpx.request", "httpx.Client.post", "httpx.Client.get",
        "httpx.AsyncClient.post", "httpx.AsyncClient.get",
        "aiohttp.ClientSession.get", "aiohttp.ClientSession.post", "aiohttp.request", "urllib3.PoolManager.request",
        "urllib3.request",
        "http.client.HTTPConnection.request", "http.client.HTTPSConnection.request", "httplib.HTTPConnection.request",
        "socket.socket.send",
        "socket.socket.sendall", "socket.socket.sendto", "socket.create_connection.sendall", "socket.create_connection.send",
        "ssl.SSLSocket.sendall",
        "ftplib.FTP.storbinary", "ftplib.FTP.storlines", "smtplib.SMTP.sendmail", "smtplib.SMTP.send_message",
        "smtplib.SMTP_SSL.sendmail",
        "smtplib.SMTP_SSL.send_message", "paramiko.SFTPClient.put", "websocket.WebSocket.send",
        "websocket.create_connection.send", "socket.gethostbyname",
        "socket.getaddrinfo", "dns.resolver.resolve", "dns.resolver.query", "telebot.TeleBot.send_message",
        "discord.Webhook.send",
        "dhooks.Webhook.send", "discord_webhook.DiscordWebhook", "webbrowser.open", "*.sendall", "*.sendto",
    ]
    private static let networkPrefixes = [
        "requests.", "urllib.request.", "urllib2.", "httpx.", "aiohttp.", "socket.socket.", "http.client.", "ftplib.", "smtplib.",
        "paramiko.", "websocket.",
        "websockets.", "telnetlib.", "urllib3.", "dns.resolver.", "discord", "telebot.", "wget.",
    ]
    private static let networkMethods: Set<String> = [
        "get", "post", "put", "patch", "request", "head", "delete", "urlopen", "urlretrieve", "connect", "connect_ex", "bind",
        "sendmail", "send_message",
        "send", "sendall", "sendto", "storbinary", "retrbinary", "exec_command", "create_connection", "resolve", "query",
        "download", "FTP", "SMTP", "SMTP_SSL",
    ]

    private static let table: [String: Capability] = {
        var table: [String: Capability] = [:]
        for (names, capability) in [
            (processes, Capability.process), (codeRunners, .code), (pickleLoaders, .pickle), (nativeLoaders, .native),
            (hostFacts, .hostFact),
            (deletions, .deletion), (fileFetchers, .network), (["socket.create_connection"], .network),
        ] {
            for name in names { table[name] = capability }
        }
        return table
    }()
}
