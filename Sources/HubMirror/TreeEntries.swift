import Documents

/// The files and folders below a folder of a model, as the Hub's tree answers have them.
struct TreeEntries {
    enum Entry {
        case file(MirroredModel.File)
        case folder(String)

        var path: String {
            switch self {
            case .file(let file): file.path
            case .folder(let path): path
            }
        }

        func write(to list: inout JSONWriter) {
            list.object { entry in
                switch self {
                case .file(let file):
                    entry.member("type", "file")
                    entry.member("oid", file.gitObjectID)
                    entry.member("size", file.size)
                    if let sha256 = file.sha256 {
                        entry.key("lfs")
                        entry.object { lfs in
                            lfs.member("oid", sha256)
                            lfs.member("size", file.size)
                            lfs.member("pointerSize", file.pointerSize)
                        }
                    }
                    entry.member("path", file.path)
                case .folder(let path):
                    entry.member("type", "directory")
                    // A folder's own id would need git's tree objects, which a folder of samples does not have.
                    entry.member("oid", String(repeating: "0", count: 40))
                    entry.member("size", 0)
                    entry.member("path", path)
                }
            }
        }
    }

    let list: [Entry]

    init(_ files: [MirroredModel.File], below folder: String, isRecursive: Bool) {
        let prefix = folder.isEmpty ? "" : folder + "/"
        var entries: [Entry] = []
        var folders: Set<String> = []
        for file in files where file.path.hasPrefix(prefix) {
            let parts = file.path.dropFirst(prefix.count).split(separator: "/")
            for depth in 1..<max(1, parts.count) where isRecursive || depth == 1 {
                let path = prefix + parts[..<depth].joined(separator: "/")
                if folders.insert(path).inserted { entries.append(.folder(path)) }
            }
            if isRecursive || parts.count == 1 { entries.append(.file(file)) }
        }
        list = entries.sorted { $0.path < $1.path }
    }
}
