internal import ModelPackage

/// How to get the package: commands to copy, whose parts from outside are quoted for the program that will read them.
struct UsageBox {
    let package: PackageID
    /// The name that clients of the Hub call it by on this server; nil where they cannot have it.
    let repository: String?
    let baseAddress: String

    var markup: Markup {
        .build { markup in
            markup.element("section", ["class": "panel use", "aria-labelledby": "use-title"]) { markup in
                markup.element("h2", ["id": "use-title"], text: "Get it")
                if let repository {
                    command("Hub client", hubClient(repository), &markup)
                    command("Python", python(repository), &markup)
                }
                command("Weir", weir, &markup)
            }
        }
    }

    private func hubClient(_ repository: String) -> String {
        """
        HF_ENDPOINT=\(ShellText.quoted(baseAddress)) \\
          \(ShellText.command(["hf", "download", repository]))
        """
    }

    private func python(_ repository: String) -> String {
        """
        from huggingface_hub import snapshot_download
        snapshot_download(
            \(PythonText.literal(repository)),
            endpoint=\(PythonText.literal(baseAddress)))
        """
    }

    private var weir: String {
        let folder = "./" + (package.name.split(separator: "/").last.map(String.init) ?? "model")
        return ShellText.command(["weir", "snapshot", package.description]) + "\n"
            + ShellText.command(["weir", "checkout", package.description, folder])
    }

    private func command(_ title: String, _ text: String, _ markup: inout Markup) {
        markup.element("h3", text: title)
        markup.element("div", ["class": "command"]) { markup in
            markup.element("pre", ["tabindex": "0"]) { $0.element("code", text: text) }
        }
    }
}

/// Words for a POSIX shell.
enum ShellText {
    static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    /// The word as it is where no shell sees more in it, else between single quotes.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && !word.hasPrefix("-") && word.utf8.allSatisfy(isPlain)
        // A `'` ends the quotes, is written by itself, and begins them anew.
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        let lowered = byte | 0x20
        return lowered >= UInt8(ascii: "a") && lowered <= UInt8(ascii: "z")
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            || "-_./:@%+,=".utf8.contains(byte)
    }
}

/// Texts for a Python program.
enum PythonText {
    static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where HTMLText.isHidden(scalar) || scalar == "\n" || scalar == "\t":
                result +=
                    "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count)
                    + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
