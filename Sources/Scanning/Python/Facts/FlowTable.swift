import PythonAnalysis

/// The flows that are looked for.
enum FlowTable {
    /// What a value that is followed comes from.
    enum Source: Equatable {
        case network, decoded, unmarshalled, character
        /// Names of files.
        case listing
        /// `os.environ`, or a part of it.
        case environment
        /// A variable of the environment by a call: `os.getenv`.
        case variable
        case file
        case hostFact
        /// A store of keys.
        case secret
        case processOutput
    }

    /// Where a value that is followed arrives.
    enum Sink: Equatable {
        case code, process, pickle, native, network, file
    }

    static let sources: [(name: String, kind: FlowQuery.Source.Kind, source: Source)] =
        KnownFunctions.fetchers.map { ($0, .call, .network) }
        + decoders.map { ($0, .call, .decoded) }
        + ["marshal.loads", "marshal.load"].map { ($0, .call, .unmarshalled) }
        + [("chr", .call, .character), ("builtins.chr", .call, .character)]
        + [("os.environ", .value, .environment), ("os.environb", .value, .environment)]
        + ["os.getenv", "os.environ.get", "os.environ.pop"].map { ($0, .call, .variable) }
        + ["open", "io.open", "codecs.open", "*.read_text", "*.read_bytes", "builtins.open", "linecache.getlines"].map {
            ($0, .call, .file)
        }
        + ["os.walk", "os.listdir", "os.scandir", "glob.glob", "glob.iglob", "*.rglob", "*.iterdir"].map { ($0, .call, .listing) }
        + KnownFunctions.secretStores.map { ($0, .call, .secret) }
        + KnownFunctions.hostFacts.map { ($0, .call, .hostFact) }
        + [
            "subprocess.check_output", "subprocess.getoutput", "os.popen", "subprocess.run", "subprocess.Popen",
            "commands.getoutput",
            "subprocess.getstatusoutput",
        ].map { ($0, .call, .processOutput) }

    private static let decoders = [
        "base64.b64decode", "base64.standard_b64decode", "base64.urlsafe_b64decode", "base64.decodebytes", "base64.decodestring",
        "base64.b32decode",
        "base64.b16decode", "base64.b85decode", "base64.a85decode", "binascii.a2b_base64", "binascii.unhexlify",
        "binascii.a2b_hex", "bytes.fromhex",
        "bytearray.fromhex", "zlib.decompress", "gzip.decompress", "bz2.decompress", "lzma.decompress",
        "zlib.decompressobj.decompress", "codecs.decode",
        "cryptography.fernet.Fernet.decrypt", "Crypto.Cipher.AES.new.decrypt", "Cryptodome.Cipher.AES.new.decrypt", "rsa.decrypt",
    ]

    static let sinks: [(name: String, arguments: Set<DataFlow.Argument>?, sink: Sink)] =
        KnownFunctions.codeRunners.map { ($0, [.position(0), .keyword("source"), .keyword("code"), .rest], .code) }
        + (KnownFunctions.processes + [
            "os.execv", "os.execve", "os.execvp", "os.execl", "os.execlp", "os.spawnl", "os.spawnv", "os.spawnlp", "os.spawnvp",
        ])
        .map { ($0, nil, .process) }
        + KnownFunctions.pickleLoaders.filter { !$0.hasPrefix("torch.hub") && !$0.hasPrefix("torch.jit") }
        .map { ($0, [.position(0), .keyword("data"), .keyword("f"), .keyword("file")], .pickle) }
        + KnownFunctions.nativeLoaders.map { ($0, [.position(0), .keyword("name")], .native) }
        + KnownFunctions.senders.map { ($0, nil, .network) }
        + ["*.write", "*.write_bytes", "*.write_text", "*.writelines", "shutil.copyfileobj"].map { ($0, nil, .file) }

    static let query = FlowQuery(
        sources: sources.map { FlowQuery.Source(FlowQuery.Pattern($0.name), $0.kind) },
        sinks: sinks.map { FlowQuery.Sink(FlowQuery.Pattern($0.name), arguments: $0.arguments) })
}
