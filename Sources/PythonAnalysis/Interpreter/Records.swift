import PythonSyntax

/// What a list, dictionary, set, instance or other thing with an identity is.
final class ObjectRecord {
    enum Kind: Equatable {
        case list, set, dictionary, byteArray
        /// A generator or other iterator over known or unknown values.
        case iterator
        case instance(ClassID)
        /// An object of a type that is not among the files: the type's dotted name.
        case external(String)
    }

    let kind: Kind
    let site: Site
    /// What a container holds; of an external object, what its library keeps with it.
    let contents: CellID
    var attributes: [Symbol: CellID] = [:]
    /// Whether something was stored under a name that is not known: any attribute can be anything then.
    var hasUnknownAttributes = false

    init(kind: Kind, site: Site, contents: CellID) {
        self.kind = kind
        self.site = site
        self.contents = contents
    }
}

/// A class of one of the files.
final class ClassRecord {
    let id: ClassID
    let site: Site
    let qualifiedName: String
    let module: Int32
    var attributes: [Symbol: CellID] = [:]
    /// Annotated names of its body in order: the fields of a dataclass.
    var fields: [Symbol] = []
    var isDataclass = false
    /// Whether a base is not known at all.
    var hasUnknownBase = false
    /// Instances that the program makes, for methods that nobody calls.
    var instances: [ObjectID] = []
    /// What sets a property, by the property's name.
    var setters: [Symbol: FunctionReference] = [:]
    /// What `A.x` gives for a member of an enumeration.
    var members: [Symbol: ObjectID] = [:]
    /// Itself, then its bases in the order in which names are looked up in them.
    var resolutionOrder: [ClassID] = []
    /// Dotted names of bases that are not among the files.
    var externalBases: [String] = []

    init(id: ClassID, site: Site, qualifiedName: String, module: Int32) {
        self.id = id
        self.site = site
        self.qualifiedName = qualifiedName
        self.module = module
    }
}

/// Something of a module that is not among the files, and what the program puts in its place.
struct PatchRecord {
    let target: String
    /// Functions and classes of the files.
    var functions: Set<String> = []
    /// Whether it may be something else that can be called.
    var isCallable = false
    var reach: CallReach
}

/// What was seen of a call while the program was run.
struct CallRecord {
    /// Full names of the functions that it may call, in the order in which they were found.
    var names: [String] = []
    var positional: [FrozenValue] = []
    var keywords: [(name: String, value: FrozenValue)] = []
    var hasUnknownPositional = false
    var hasUnknownKeywords = false
    /// Those of the names that are functions and classes of the files.
    var ownNames: Set<String> = []
    var receiver: FrozenValue?
    /// The function or class around it.
    var scope = ""
    var reach = CallReach.never
}
