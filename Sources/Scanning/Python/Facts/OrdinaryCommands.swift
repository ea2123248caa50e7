/// Commands that real packages run, by how much of a surprise they are where nobody asked for them.
enum OrdinaryCommands {
    enum Kind: Int, Comparable {
        /// It asks for a version or a fact about the compiler or the graphics card.
        case question
        /// It builds something, or unpacks and fetches what the package is for.
        case build
        /// It installs packages from where all packages come from.
        case installation
        /// A tool that scripts use; no package needs it as it is loaded.
        case tool
        case other

        static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    static func kind(of invocation: CommandVerdict.Invocation) -> Kind {
        let (program, arguments) = (invocation.program, invocation.arguments)
        if questions.contains(program) || isVersion(arguments) { return .question }
        if program == "git" {
            return arguments.first { !$0.hasPrefix("-") && !$0.contains("/") }.map(gitQuestions.contains) == true
                ? .question : .build
        }
        if CommandTables.isPython(program) { return python(arguments) }
        if program == "pip" || program == "pip3" { return installation(arguments) }
        if installers.contains(program) { return .installation }
        if builders.contains(program) { return .build }
        return tools.contains(program) ? .tool : .other
    }

    private static func isVersion(_ arguments: [String]) -> Bool {
        arguments.count == 1 && ["--version", "-version", "-V", "--help", "-v", "-h"].contains(arguments[0])
    }

    private static func python(_ arguments: [String]) -> Kind {
        if arguments.first == "-c" { return .question }
        if let module = arguments.firstIndex(of: "-m"), module + 1 < arguments.count {
            return arguments[module + 1] == "pip" ? installation(Array(arguments.dropFirst(module + 2))) : .tool
        }
        return .tool
    }

    private static func installation(_ arguments: [String]) -> Kind {
        guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else { return .question }
        return ["install", "download", "wheel"].contains(verb) ? .installation : .question
    }

    private static let questions: Set<String> = [
        "nvidia-smi", "nvcc", "sysconf", "psrinfo", "machine", "hinv", "mach", "gfortran", "ifort", "ifx", "f77", "f90",
        "isainfo", "prtconf", "rocm-smi", "rocminfo", "hipcc",
        "hipconfig", "uname", "which", "where", "ldconfig", "gcc", "g++",
        "cc",
        "c++", "clang", "clang++", "cl", "icc", "icpx", "getconf", "lscpu", "sysctl", "xcode-select", "xcrun", "sw_vers",
        "lsb_release", "nproc", "stty", "tput", "clear", "cls", "pkg-config", "df", "free", "lspci", "arch", "tty", "locale",
        "ver",
        "llvm-config", "nm", "objdump", "readelf", "otool", "file", "vswhere", "dumpbin", "dpkg", "rpm", "npu-smi", "xpu-smi",
        "python-config", "python3-config", "mpicc", "where.exe", "color", "chcp", "reset", "resize", "sacct", "scontrol",
        "gcloud",
    ]
    private static let gitQuestions: Set<String> = [
        "rev-parse", "describe", "log", "status", "show", "branch", "config", "remote", "diff", "ls-files", "tag", "rev-list",
        "show-ref", "symbolic-ref", "version", "name-rev", "merge-base",
    ]
    private static let installers: Set<String> = [
        "conda", "mamba", "micromamba", "uv", "apt", "apt-get", "brew", "npm", "yarn", "poetry", "cargo", "yum", "dnf", "apk",
        "easy_install",
    ]
    private static let builders: Set<String> = [
        "cmake", "make", "ninja", "meson", "swig", "protoc", "cython", "rustc", "ffmpeg", "ffprobe", "sox", "tar", "unzip",
        "gunzip",
        "zip", "7z", "unrar", "git-lfs", "huggingface-cli", "hf", "gdown", "kaggle", "gsutil", "aws", "patch", "sphinx-build",
        "espeak", "espeak-ng", "lame", "opencc", "msgfmt", "lrelease", "pyrcc5", "pyuic5", "qmake", "maturin", "bazel",
        "bazelisk", "ar", "ld",
        "ranlib", "strip", "lib", "link", "mt", "rc",
    ]
    /// Programs that scripts run which a person starts.
    private static let tools: Set<String> = [
        "torchrun", "test", "accelerate", "deepspeed", "node", "java", "perl", "pytest", "black", "isort", "ruff", "flake8",
        "mypy", "cp",
        "mv",
        "mkdir", "wget", "curl", "rsync", "ln", "chmod", "tensorboard", "streamlit", "jupyter", "dot", "pandoc", "latex",
        "pdflatex",
        "convert", "identify", "lsof", "taskkill", "mpirun", "horovodrun", "srun", "squeue", "openssl", "gradio", "uvicorn",
        "gunicorn", "docker", "xcodebuild", "rm", "less", "more", "aplay", "diff", "tasklist", "sed", "awk", "grep", "wc", "sort",
        "head", "tail", "cat", "find", "tree", "dirname", "basename", "ip", "hostname", "sudo", "kill", "pkill", "killall", "ps",
        "fuser", "caffeinate", "xdg-open", "open", "tmux", "screen", "ollama", "redis-server", "xvfb",
    ]
}
