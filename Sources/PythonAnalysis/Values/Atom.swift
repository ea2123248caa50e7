/// A number of a cell: a variable, an attribute, or what a container holds.
typealias CellID = Int32
/// A number of a list, dictionary, set or instance.
struct ObjectID: Hashable {
    let number: Int32
}

/// A number of a class.
struct ClassID: Hashable {
    let number: Int32
}

/// A name's number.
typealias Symbol = Int32

/// One thing that an expression can be.
indirect enum Atom {
    // Constants.
    case none
    case ellipsis
    case bool(Bool)
    case int(Int)
    /// An integer of more than 64 bits, in decimal digits.
    case largeInt(String)
    case float(Double)
    case text(PythonText)
    case bytes([UInt8])
    /// A text of which parts are known; nil stands for one that is not.
    case template([String?])
    /// A path of `pathlib`.
    case path(PythonText)
    case tuple([Value])
    case slice(Value, Value, Value)

    // What has an identity.
    case object(ObjectID)
    case function(FunctionReference)
    /// A function with its first argument.
    case bound(FunctionReference, receiver: Atom)
    case `class`(ClassID)
    case module(Int32)
    /// Something of a module that is not among the files: its dotted name.
    case external(String)
    /// A method of a constant or container, or an attribute of an object of a type from elsewhere.
    case method(receiver: Atom, name: String)
    case partial(PartialCall)
    /// `super()` within a class, for an instance or class.
    case parent(of: ClassID, receiver: Atom)

    var isConstant: Bool {
        switch self {
        case .none, .ellipsis, .bool, .int, .largeInt, .float, .text, .bytes, .path: true
        case .tuple(let members): members.allSatisfy { $0.only?.isConstant == true }
        default: false
        }
    }
}

extension Atom: Hashable {
    static func == (left: Atom, right: Atom) -> Bool {
        switch (left, right) {
        case (.none, .none), (.ellipsis, .ellipsis): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.largeInt(let a), .largeInt(let b)): a == b
        case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
        case (.text(let a), .text(let b)), (.path(let a), .path(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.template(let a), .template(let b)): a == b
        case (.tuple(let a), .tuple(let b)): a == b
        case (.slice(let a, let b, let c), .slice(let d, let e, let f)): a == d && b == e && c == f
        case (.object(let a), .object(let b)): a == b
        case (.function(let a), .function(let b)): a.isSame(as: b)
        case (.bound(let a, let b), .bound(let c, let d)): a.isSame(as: c) && b == d
        case (.class(let a), .class(let b)): a == b
        case (.module(let a), .module(let b)): a == b
        case (.external(let a), .external(let b)): a == b
        case (.method(let a, let b), .method(let c, let d)): a == c && b == d
        case (.partial(let a), .partial(let b)): a === b
        case (.parent(let a, let b), .parent(let c, let d)): a == c && b == d
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .none: hasher.combine(0)
        case .ellipsis: hasher.combine(1)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .largeInt(let digits): hasher.combine(digits)
        case .float(let value): hasher.combine(value)
        case .text(let text), .path(let text): hasher.combine(text)
        case .bytes(let bytes): hasher.combine(bytes)
        case .template(let parts): hasher.combine(parts.count)
        case .tuple(let members):
            hasher.combine(members.count)
            for member in members.prefix(8) { member.hash(into: &hasher) }
        case .slice: hasher.combine(2)
        case .object(let id): hasher.combine(id)
        case .function(let function), .bound(let function, _): hasher.combine(function.site)
        case .class(let id): hasher.combine(id)
        case .module(let id): hasher.combine(id)
        case .external(let name), .method(_, let name): hasher.combine(name)
        case .partial(let call): hasher.combine(ObjectIdentifier(call))
        case .parent(let id, _): hasher.combine(id)
        }
    }
}

/// `functools.partial(function, …)` and its like.
final class PartialCall {
    let function: Value
    let arguments: Arguments
    /// Whether it becomes a method when it stands in a class: `functools.partialmethod`.
    let isMethod: Bool

    init(_ function: Value, _ arguments: Arguments, isMethod: Bool = false) {
        self.function = function
        self.arguments = arguments
        self.isMethod = isMethod
    }
}

/// A function or lambda together with the variables around it.
final class FunctionReference {
    let site: Site
    /// Its name with those of the classes and functions around it.
    let qualifiedName: String
    let definition: FunctionShape
    let frame: Frame
    /// Defaults as they were when the function was defined: of the last positional parameters, and of those by keyword only.
    let defaults: [Value]
    let keywordDefaults: [Value?]
    /// The class in whose body it stands.
    let owner: ClassID?
    let kind: Kind
    /// The file from which it is named: another one where a decorator of that file made the function.
    let namingModule: Int32

    enum Kind {
        case plain, staticMethod, classMethod, property
        /// Made by `contextlib.contextmanager`.
        case contextManager
    }

    init(
        site: Site, qualifiedName: String, definition: FunctionShape, frame: Frame, defaults: [Value], keywordDefaults: [Value?],
        owner: ClassID?, kind: Kind = .plain, namingModule: Int32? = nil
    ) {
        self.namingModule = namingModule ?? site.module
        self.site = site
        self.qualifiedName = qualifiedName
        self.definition = definition
        self.frame = frame
        self.defaults = defaults
        self.keywordDefaults = keywordDefaults
        self.owner = owner
        self.kind = kind
    }

    /// The same function under another name or as another kind.
    func with(name: String? = nil, kind: Kind? = nil, namedIn module: Int32? = nil) -> FunctionReference {
        FunctionReference(
            site: site, qualifiedName: name ?? qualifiedName, definition: definition, frame: frame, defaults: defaults,
            keywordDefaults: keywordDefaults, owner: owner, kind: kind ?? self.kind, namingModule: module ?? namingModule)
    }

    /// Its name alone.
    var name: String { String(qualifiedName.lastPart) }

    func isSame(as other: FunctionReference) -> Bool {
        site == other.site && frame === other.frame && qualifiedName == other.qualifiedName && kind == other.kind
    }
}
