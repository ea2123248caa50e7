import Crypto
import Documents

/// The files and folders below a folder of a model, as the Hub's tree answers have them.
struct TreeEntries {
    enum Entry {
        case file(MirroredRevision.File)
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
                    // Clients want some id; what is not known is no object of git's.
                    entry.member("oid", file.gitObjectID ?? String(repeating: "0", count: 40))
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
                    entry.member("oid", Self.folderID(path))
                    entry.member("size", 0)
                    entry.member("path", path)
                }
            }
        }

        /// A folder's own id would need git's tree objects, which are not kept. Clients want some id: it is made from the path.
        private static func folderID(_ path: String) -> String {
            hexadecimal(Insecure.SHA1.hash(data: Array("tree \(path)".utf8)))
        }
    }

    let list: [Entry]

    init(_ files: [MirroredRevision.File], below folder: String, isRecursive: Bool) {
        let prefix = folder.isEmpty ? "" : folder + "/"
        var entries: [Entry] = []
        var folders: Set<String> = []
        for file in files where file.path.utf8.starts(with: prefix.utf8) {
            let parts = file.path.utf8.dropFirst(prefix.utf8.count).split(separator: UInt8(ascii: "/")).map {
                String(decoding: $0, as: UTF8.self)
            }
            for depth in 1..<max(1, parts.count) where isRecursive || depth == 1 {
                let path = prefix + parts[..<depth].joined(separator: "/")
                if folders.insert(path).inserted { entries.append(.folder(path)) }
            }
            if isRecursive || parts.count == 1 { entries.append(.file(file)) }
        }
        list = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
