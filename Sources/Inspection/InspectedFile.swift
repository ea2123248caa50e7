public import ModelFormats
import ModelPackage

/// One file of what is inspected.
public struct InspectedFile: Sendable {
    /// Within the folder or package; the file's own name where it is inspected alone.
    public var path: String
    public var size: Int
    /// How many of its bytes were read.
    public var bytesRead: Int
    /// Nil for a file that is no model file, and for one that could not be read at all.
    public var contents: ModelContents?
    /// Why it could not be read.
    public var failure: String?
    /// By tensor, in the order of the contents: SHA-256 of its bytes, where asked for and where it has bytes.
    public var hashes: [String?]?

    public init(path: String, size: Int, bytesRead: Int, contents: ModelContents?, failure: String? = nil) {
        self.path = path
        self.size = size
        self.bytesRead = bytesRead
        self.contents = contents
        self.failure = failure
    }

    /// The largest size that a file is believed to have, 1 TiB: a hub's word for more is no number.
    public static let largestSize: Int64 = 1 << 40

    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
    var name: String { Names.last(of: path) }
}

extension [InspectedFile] {
    /// Bytes of all files, as far as they can be counted.
    public var totalSize: Int {
        reduce(0) { $0.addingSaturated($1.size) }
    }
}
