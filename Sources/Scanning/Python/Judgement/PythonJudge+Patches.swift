import PythonAnalysis

/// Functions, classes and modules of others that a program replaces by its own.
extension PythonJudge {
    /// What programs replace with good reason, and what does not change what a function does.
    private static let usual = [
        "sys.excepthook", "sys.stdout", "sys.stderr", "sys.stdin", "sys.displayhook", "sys.unraisablehook",
        "threading.excepthook",
        "warnings.", "logging.", "os.environ", "sys.path", "sys.argv", "sys.tracebacklimit", "asyncio.", "matplotlib.", "plt.",
        "argparse.", "socket.setdefaulttimeout", "locale.", "gettext.", "readline.", "sys.ps1", "sys.ps2", "csv.", "json.encoder",
    ]

    mutating func judgePatches() {
        for patch in file.patches where patch.isCallable && isForeign(patch.target) {
            let exposure = exposure(patch.reach)
            let bad = dangerousCall(in: patch)
            let isBuiltin = patch.target.hasPrefix("builtins.") || patch.target.hasPrefix("sys.modules[")
            guard let bad else {
                let severity: Severity = exposure == .onCall ? .info : isEntry || isBuiltin ? .medium : .low
                add(
                    .pythonImportTampering, severity, "\(Snippet.clean(patch.target).excerpt) is replaced\(when(exposure))",
                    at: patch.place, detail: "patch")
                continue
            }
            add(
                .pythonImportTampering, exposure == .onCall ? .medium : .high,
                "\(Snippet.clean(patch.target).excerpt) is replaced by a function that calls \(bad.function)\(when(exposure))",
                at: patch.place, detail: "\(patch.place.line)", steps: [patch.place, bad.place])
        }
    }

    private func isForeign(_ target: String) -> Bool {
        let last = target.split(separator: ".").last ?? ""
        if ["__doc__", "__name__", "__module__", "__qualname__", "__version__", "__all__", "__file__"].contains(last) {
            return false
        }
        return target.contains(".") && !Self.usual.contains { target.hasPrefix($0) }
    }

    /// A call in the body of what takes the place of something, which that something has no business to make.
    private func dangerousCall(in patch: PythonPatch) -> PythonCall? {
        let library = patch.target.split(separator: ".").first ?? ""
        return file.calls.first { call in
            guard let capability = KnownFunctions.capability(call.function), call.isResolved,
                patch.functions.contains(where: { call.scope == $0 || call.scope.hasPrefix($0 + ".") })
            else { return false }
            // A patch of a library for the network, or for programs, talks to the network and runs programs.
            guard call.function.split(separator: ".").first != library, call.function != patch.target else { return false }
            switch capability {
            case .process: return !["subprocess", "os", "asyncio"].contains(library)
            case .code: return !["builtins", "sys"].contains(library)
            case .network:
                let networks: Set<Substring> = [
                    "requests", "urllib", "httpx", "http", "socket", "aiohttp", "urllib3", "huggingface_hub", "ssl",
                ]
                return !networks.contains(library)
            default: return false
            }
        }
    }
}
