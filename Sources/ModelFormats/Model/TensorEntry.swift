/// A tensor as a file holds it.
public struct TensorEntry: Sendable, Equatable {
    /// Keys of the containers it is in, joined with `.`; empty for an array that is the whole file.
    public var name: String
    public var dtype: ElementType
    /// In the order in which the format's reference package gives it.
    public var shape: [Int]
    /// Its bytes in the file; nil where it has none of its own there (packed, in other files, or no bytes at all).
    public var range: Range<Int>?
    /// The storage that it is a view of, where several tensors may share one.
    public var storage: String?
    /// Where its bytes are, if these are in another file.
    public var external: ExternalRange?
    /// Steps between elements of each dimension, in elements, where these do not follow from the shape.
    public var strides: [Int]?
    /// How many of its elements are kept, where the others are not: a sparse tensor's values.
    public var storedElements: Int?

    public init(
        name: String, dtype: ElementType, shape: [Int], range: Range<Int>? = nil, storage: String? = nil,
        external: ExternalRange? = nil,
        strides: [Int]? = nil
    ) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.range = range
        self.storage = storage
        self.external = external
        self.strides = strides
    }

    /// Nil where the shape is past all measure; readers refuse such tensors.
    public var elements: Int? { elementCount(shape) }

    /// A range of another file, named as the file that refers to it does: it may point anywhere, and is never followed out of the folder.
    public struct ExternalRange: Sendable, Hashable {
        public var file: String
        public var offset: Int
        /// Nil for up to the end of that file.
        public var length: Int?

        public init(file: String, offset: Int, length: Int?) {
            self.file = file
            self.offset = offset
            self.length = length
        }
    }
}
