/// What a reader found in one file. A reader gives all that it understood and says in `problems` what it did not; nothing is left out silently.
public struct ModelContents: Sendable {
    public var format: ModelFormat
    /// What the file says of itself, in its own words and order.
    public var metadata: [MetadataMember]
    /// What the format's header says: versions, graph, layout.
    public var header: [MetadataMember]
    public var tensors: [TensorEntry]
    /// Errors, and things that are odd: where in the file, and what.
    public var problems: [FormatError]
    /// The pickles in the file, as programs, for whoever judges them.
    public var pickles: [EmbeddedPickle]

    public init(_ format: ModelFormat) {
        self.format = format
        metadata = []
        header = []
        tensors = []
        problems = []
        pickles = []
    }
}

extension ModelContents {
    /// Tells in the header what the pickles import, sorted, once each.
    mutating func noteImports() {
        let names = pickles.flatMap { pickle in pickle.program.imports.map { pickle.program.name(of: $0) ?? "a computed name" } }
        guard !names.isEmpty else { return }
        header.append(MetadataMember("imports", .list(Set(names).sorted().map { .text($0) })))
    }
}

/// A pickle and where it is.
public struct EmbeddedPickle: Sendable {
    /// The member of an archive, or empty for the file itself.
    public var member: String
    public var program: PickleProgram
}

/// Bounds on what a reader may take, whatever a file says.
public struct ReadLimits: Sendable {
    /// The most that a header may take, in bytes: safetensors' own bound.
    public var header = 100_000_000
    public var tensors = 2_000_000
    /// Entries of an archive, links of a group, fields of a message.
    public var entries = 4_000_000
    /// Depth to which values may hold each other.
    public var depth = 64
    /// Objects that one pickle may make.
    public var objects = 8_000_000
    /// Objects of a pickle from which on plain data are let go of, and only what imports and calls is kept; all are kept if nil.
    package var dataObjects: Int?
    /// Bytes that packed data may unpack to in memory.
    public var unpacked = 256 << 20

    public init() {}
}
