/// What is known of one file.
public struct FileAnalysis: Sendable {
    public let path: String
    /// Every call of the source, in order.
    public let calls: [PythonCall]
    /// Calls that the source does not show as such: decorators, and functions that are passed to others which call them.
    public let impliedCalls: [PythonImpliedCall]
    /// What the file replaces in modules that are not of the package.
    public let patches: [PythonPatch]
    public let imports: [PythonImport]
    /// What names, attributes and parameters are bound to, place by place.
    public let bindings: [PythonBinding]
    /// Texts that the file runs with `exec` or `eval` and whose content is known.
    public let executedTexts: [ExecutedText]
    /// Parts that were not followed to the end, so that what is said of them may be less than there is.
    public let notAnalysed: [NotAnalysed]
}

/// A call in the source.
public struct PythonCall: Sendable {
    public let place: SourcePlace
    /// The full dotted name of the function, where it resolves; the source text of the called expression otherwise.
    public let function: String
    public let isResolved: Bool
    /// Other functions that it may be, as far as they are known.
    public let alternatives: [String]
    /// Those of these names that are functions and classes of the package: a class `os` of a file is not the module.
    public let ownNames: Set<String>
    public let arguments: [PythonValue]
    public let keywords: [(name: String, value: PythonValue)]
    /// Whether there may be more arguments, from `*x` or `**x` of unknown content.
    public let hasUnknownArguments: Bool
    public let hasUnknownKeywords: Bool
    /// Whether the interpreter came to the call; if not, it stands in code that nothing reaches, or that was not analysed further.
    public let isReached: Bool
    /// What it is called on, where that is a constant: the path of `Path("x").read_text()`.
    public let receiver: PythonValue?
    /// The class or function around it, dotted; empty in a module.
    public let scope: String
    public let reach: CallReach
}

/// From where a program comes to a call.
public struct CallReach: Sendable, Hashable {
    /// When a call is made; the first one that applies.
    public enum Phase: Int, Sendable, Comparable {
        /// As the file is loaded: it stands in the module's code, or in a function that this calls.
        case load
        /// As the file is run as a program: behind `if __name__ == "__main__"`.
        case main
        /// When somebody calls a function that nothing in the package calls, or never.
        case later

        public static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    public internal(set) var phase: Phase
    /// In the phase `later`: the functions through which it is reached that nothing in the package calls, dotted; the first few.
    public internal(set) var roots: [String]

    static let never = CallReach(phase: .later, roots: [])
    private static let rootLimit = 8

    mutating func join(_ other: CallReach) {
        if other.phase < phase { self = other }
        guard other.phase == phase else { return }
        for root in other.roots where roots.count < Self.rootLimit && !roots.contains(root) { roots.append(root) }
    }
}

/// A text that a file runs.
public struct ExecutedText: Sendable {
    /// The call in the file that runs it, or that runs the text which runs it.
    public let place: SourcePlace
    public let text: String
    /// The calls of the text, in order. Their places are that of the text.
    public let calls: [PythonCall]
}

/// A call that the source does not show as one.
public struct PythonImpliedCall: Sendable {
    public let place: SourcePlace
    /// Full dotted names of the functions that it may be.
    public let functions: [String]
    public let arguments: [PythonValue]
    public let reach: CallReach
    /// Whether it is made as a pickle of an object is loaded: a `__reduce__` returns it.
    public let isByUnpickling: Bool
}

/// A function, class or module of somebody else that a program replaces: `torch.load = own_load`.
public struct PythonPatch: Sendable {
    public let place: SourcePlace
    /// The full dotted name of what is replaced; `sys.modules[name]` for a module.
    public let target: String
    /// Functions and classes of the package that it is replaced by, dotted, without their module.
    public let functions: [String]
    /// Whether something that can be called takes its place, as far as that is known.
    public let isCallable: Bool
    public let reach: CallReach
}

/// A module or name that a file imports.
public struct PythonImport: Sendable {
    public let place: SourcePlace
    /// The dotted name of the module; with the dots of a relative import where the file's place in a package is not known.
    public let module: String
    /// The name taken from the module; `*` for all; nil where the module itself is imported.
    public let name: String?
    public let alias: String?
    /// Leading dots of a relative import.
    public let level: Int
    /// Whether it is a call of `__import__` or `importlib.import_module`.
    public let isDynamic: Bool
}

/// A name, attribute or parameter, and what it is bound to at a place.
public struct PythonBinding: Sendable {
    public let place: SourcePlace
    /// The name, or the source text of an attribute.
    public let name: String
    /// The class or function around it, dotted; empty in a module.
    public let scope: String
    public let value: PythonValue
}

/// A part of a file that was not followed to the end.
public struct NotAnalysed: Sendable {
    public enum Reason: String, Sendable {
        /// It was too deeply nested.
        case depth
        /// It would have cost more work than an analysis may take.
        case effort
    }

    public let place: SourcePlace
    public let reason: Reason
}

typealias NotAnalysedReason = NotAnalysed.Reason
