/// Paths as `os.path` and `pathlib` of a Unix machine see them.
enum Paths {
    /// `os.path.join`
    static func join(_ parts: [String]) -> String {
        var path = ""
        for part in parts {
            if part.hasPrefix("/") {
                path = part
            } else if path.isEmpty || path.hasSuffix("/") {
                path += part
            } else {
                path += "/" + part
            }
        }
        return path
    }

    static func baseName(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        var head = String(path[...slash])
        while head.count > 1, head.hasSuffix("/") { head.removeLast() }
        return head
    }

    /// `os.path.splitext`
    static func split(_ path: String) -> (String, String) {
        let name = baseName(path)
        let leading = name.prefix { $0 == "." }.count
        guard let dot = name.dropFirst(leading).lastIndex(of: ".") else { return (path, "") }
        let suffix = String(name[dot...])
        return (String(path.dropLast(suffix.count)), suffix)
    }

    /// `os.path.normpath`, without the network paths of two slashes.
    static func normalized(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
    }

    /// A path as `pathlib` writes it: without doubled slashes, single dots and a slash at the end.
    static func canonical(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + parts : parts.isEmpty ? "." : parts
    }

    /// `PurePath.name` and its kin.
    static func attribute(_ name: String, of path: String) -> Atom? {
        func text(_ string: String) -> Atom { .text(PythonText(string)) }
        switch name {
        case "name": return text(baseName(path))
        case "stem": return text(split(baseName(path)).0)
        case "suffix": return text(split(baseName(path)).1)
        case "parent":
            let folder = folder(path)
            return .path(PythonText(folder.isEmpty ? "." : folder))
        case "parts":
            return .tuple(
                ((path.hasPrefix("/") ? ["/"] : []) + path.split(separator: "/").map(String.init)).map { Value(text($0)) })
        default: return nil
        }
    }

    /// Methods of `PurePath` on constants.
    static func call(_ name: String, _ path: String, _ arguments: [Atom]) -> Atom? {
        func texts() -> [String]? {
            var texts: [String] = []
            for argument in arguments {
                switch argument {
                case .text(let text), .path(let text): texts.append(text.string)
                default: return nil
                }
            }
            return texts
        }
        switch name {
        case "joinpath": return texts().map { .path(PythonText(join([path] + $0))) }
        case "with_suffix": return texts()?.first.map { .path(PythonText(split(path).0 + $0)) }
        case "with_name": return texts()?.first.map { .path(PythonText(join([folder(path), $0]))) }
        case "as_posix", "__str__", "__fspath__": return .text(PythonText(path))
        case "is_absolute": return .bool(path.hasPrefix("/"))
        default: return nil
        }
    }
}
