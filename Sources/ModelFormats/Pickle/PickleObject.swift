/// An object of a ``PickleProgram``, by its number.
public struct PickleReference: Hashable, Sendable {
    let number: Int32

    init(_ number: Int) { self.number = Int32(truncatingIfNeeded: number) }

    /// Its place in ``PickleProgram/objects``.
    public var index: Int { Int(number) }
}

/// An object that a pickle would make. Nothing is made: calls are kept as calls, imports as names.
public enum PickleObject: Sendable {
    case none
    case bool(Bool)
    case integer(Int64)
    /// An integer past 64 bits: where its digits or its bytes are.
    case largeInteger(Range<Int>)
    case real(Double)
    case text(String)
    /// Where the bytes are in the file.
    case bytes(Range<Int>)
    case byteArray(Range<Int>)
    /// The number of its contents in ``PickleProgram/contents``.
    case tuple(Int)
    case list(Int)
    case set(Int)
    case frozenSet(Int)
    /// Keys and values by turns.
    case dictionary(Int)
    /// Something imported: its number in ``PickleProgram/imports``.
    case imported(Int)
    /// What a call gives: its number in ``PickleProgram/calls``.
    case call(Int)
    /// What the loader's `persistent_load` gives for this name; in PyTorch, a storage.
    case persistent(PickleReference)
    /// A buffer that is not in the pickle (PEP 574).
    case buffer
    /// Plain data that was not kept (``ReadLimits/dataObjects``).
    case data
}

/// An import that a pickle makes.
public struct PickleImport: Sendable {
    public let module: PickleReference
    public let name: PickleReference
    public let offset: Int
    /// The opcode: `GLOBAL`, `STACK_GLOBAL`, `INST`, or `EXT1` and its kin, whose names are in a registry of the loader.
    public let opcode: String
}

/// A call that a pickle makes, and what is done with its result.
public struct PickleCall: Sendable {
    public enum Kind: String, Sendable {
        /// `callable(*arguments)`.
        case reduce = "REDUCE"
        /// `cls.__new__(cls, *arguments)`.
        case new = "NEWOBJ"
        /// The same, with keywords.
        case newWithKeywords = "NEWOBJ_EX"
        /// `cls(*arguments)`, by the old opcodes.
        case instance = "INST"
        case object = "OBJ"
        /// `target.__setstate__(state)`, or attributes set, on something that no call of this pickle made: a class, a module, a plain value. The target stands
        /// as the callable.
        case build = "BUILD"
    }

    public let kind: Kind
    public let callable: PickleReference
    /// A tuple, for every kind that the machine itself makes; whatever the pickle has there for `REDUCE` and `NEWOBJ`.
    public let arguments: PickleReference
    public let keywords: PickleReference?
    public let offset: Int
    /// What `BUILD` gives to the object, in order.
    public internal(set) var states: [PickleReference] = []
    /// What is appended to it, or added.
    public internal(set) var items: [PickleReference] = []
    /// What is set in it: keys and values by turns.
    public internal(set) var entries: [PickleReference] = []
    /// Bytes of an array that follow in the file instead of being in the pickle, as joblib writes them.
    public internal(set) var attachedBytes: Range<Int>?
}

/// Items that a pickle puts into something that is neither a container of its own nor a call's result.
public struct PickleFill: Sendable {
    public let target: PickleReference
    /// Keys and values by turns, if it is filled as a mapping.
    public let items: [PickleReference]
    public let isMapping: Bool
    public let offset: Int
}

/// A pickle as a program that was read and not run: all that it imports, calls and makes.
public struct PickleProgram: Sendable {
    /// The bytes of the file that are the pickle, up to its `STOP`, or to where it could not be read on.
    public internal(set) var range: Range<Int>
    public internal(set) var version = 0
    public internal(set) var opcodes = 0
    public internal(set) var objects: [PickleObject] = []
    public internal(set) var contents: [[PickleReference]] = []
    public internal(set) var imports: [PickleImport] = []
    public internal(set) var calls: [PickleCall] = []
    public internal(set) var fills: [PickleFill] = []
    /// Bytes at the end of a frame that an unpickler of frames passes over, and that are read here; nil where the two read the same.
    public internal(set) var droppedByFrame: Range<Int>?
    /// What loading gives; nil where the pickle did not come to its end.
    public internal(set) var result: PickleReference?
    /// What no pickler writes, and what a loader takes or fails at: it was read on.
    public internal(set) var oddities: [FormatError] = []
    /// Why it was not read to its end. What stands before is there all the same, as a loader would have run it.
    public internal(set) var problem: FormatError?

    /// All that is wrong or odd with it.
    public var problems: [FormatError] { oddities + (problem.map { [$0] } ?? []) }

    public subscript(reference: PickleReference) -> PickleObject { objects[reference.index] }

    public func text(_ reference: PickleReference) -> String? {
        if case .text(let text) = self[reference] { text } else { nil }
    }

    public func integer(_ reference: PickleReference) -> Int? {
        switch self[reference] {
        case .integer(let value): Int(value)
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The members of a tuple or list.
    public func members(_ reference: PickleReference) -> [PickleReference]? {
        switch self[reference] {
        case .tuple(let index), .list(let index), .set(let index), .frozenSet(let index): contents[index]
        default: nil
        }
    }

    /// The keys and values of a dictionary.
    public func entries(_ reference: PickleReference) -> [(key: PickleReference, value: PickleReference)]? {
        guard case .dictionary(let index) = self[reference] else { return nil }
        return pairs(contents[index])
    }

    public func pairs(_ flat: [PickleReference]) -> [(key: PickleReference, value: PickleReference)] {
        stride(from: 0, to: flat.count - 1, by: 2).map { (flat[$0], flat[$0 + 1]) }
    }

    /// The value of a dictionary under a key that is a text.
    public func value(_ reference: PickleReference, _ key: String) -> PickleReference? {
        entries(reference)?.last { text($0.key) == key }?.value
    }

    /// The full name of something imported, where module and name are texts.
    public func importedName(_ reference: PickleReference) -> String? {
        guard case .imported(let index) = self[reference] else { return nil }
        return name(of: imports[index])
    }

    public func name(of item: PickleImport) -> String? {
        guard let module = text(item.module), let name = text(item.name) else { return nil }
        return "\(module).\(name)"
    }

    public func call(_ reference: PickleReference) -> PickleCall? {
        if case .call(let index) = self[reference] { calls[index] } else { nil }
    }
}
