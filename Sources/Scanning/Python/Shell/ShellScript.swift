/// The commands of a script, as far as they can be told without running it.
struct ShellScript {
    /// How a script is written.
    enum Dialect {
        /// sh, bash and their kin.
        case posix
        /// cmd.exe: `^` escapes, `REM` and `::` begin comments.
        case batch
        /// A backquote escapes, `<# #>` are comments too.
        case powerShell
    }

    /// Commands joined by `|`, the first of which writes into the second.
    var pipelines: [[Command]] = []

    /// A command with its arguments.
    struct Command {
        /// The program and its arguments, without quotes. Variables that the script itself sets to a known text are replaced.
        var words: [String] = []
        var redirections: [Redirection] = []
        /// The texts of `$(…)`, backquotes and `<(…)`, and whether they stand in for a file: `<(…)`.
        var substitutions: [(text: String, isFile: Bool)] = []
        /// What a here-document or here-string feeds it.
        var input: String?
        /// From 1.
        var line = 1

        /// What is run, in lower case, without its folder and `.exe`, and its arguments; `sudo`, `env`, `nohup` and their kin
        /// are skipped.
        var invocation: (program: String, arguments: [String])? {
            var rest = words[...]
            while let first = rest.first {
                let program = Self.programName(first)
                guard Self.wrappers.contains(program), rest.count > 1 else {
                    return (program, Array(rest.dropFirst()))
                }
                rest = rest.dropFirst().drop { word in
                    word.hasPrefix("-") || word.contains("=") || word.allSatisfy { $0.isNumber || $0 == "s" || $0 == "." }
                }
            }
            return nil
        }

        private static let wrappers: Set<String> = [
            "sudo", "doas", "env", "nohup", "exec", "command", "time", "timeout", "nice", "ionice", "setsid", "stdbuf", "xargs",
            "busybox",
            "start", "call", "builtin", "unbuffer",
        ]

        static func programName(_ word: String) -> String {
            var name = (word.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? word).lowercased()
            if name.hasSuffix(".exe") { name = String(name.dropLast(4)) }
            return name
        }
    }

    struct Redirection {
        enum Kind { case input, write, append }

        var kind: Kind
        var target: String
    }
}
