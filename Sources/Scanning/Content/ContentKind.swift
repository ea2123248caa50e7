import ModelFormats

/// What a part of a file is, by its first and last bytes; the name decides only among texts. A part may be several things to several readers.
enum ContentKind: Hashable, Sendable {
    case empty
    case zip, tar
    case packed(Compression)
    /// What joblib packed before version 0.10: a mark, a length in hexadecimal digits, and zlib.
    case oldJoblib
    case archive(LibraryArchive.Kind)
    case pickle
    case npy, hdf5, gguf, safetensors, protobuf, tflite, msgpack
    /// JSON, of a model's configuration or not.
    case json
    case yaml, jinja, xml
    case python, notebook, shell, batch, powershell
    /// Any other text.
    case text
    /// A picture, a sound, a table: something that has an end of its own.
    case media(Media)
    /// A program for a machine: ELF, PE, Mach-O, WebAssembly, Java class.
    case executable(String)
    case javaSerialized, rData, pythonBytecode
    /// Known, and no loader runs it.
    case inert(String)
    case unknown

    enum Media: String, Sendable { case png, jpeg, gif, riff, bmp, pdf, tiff, mp4, mp3, ogg, flac, ico }

    /// For people.
    var name: String {
        switch self {
        case .empty: "empty"
        case .packed(let compression): compression.rawValue
        case .archive(let kind): kind.rawValue
        case .media(let media): media.rawValue
        case .executable(let what): what
        case .inert(let what): what
        case .oldJoblib: "joblib's old packed form"
        case .javaSerialized: "Java serialised objects"
        case .rData: "R data"
        case .pythonBytecode: "Python byte code"
        case .unknown: "not known"
        default: "\(self)"
        }
    }
}
