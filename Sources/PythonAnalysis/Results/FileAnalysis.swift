/// What is known of one file.
public struct FileAnalysis: Sendable {
    public let path: String
    /// Every call of the source, in order.
    public let calls: [PythonCall]
    /// Calls that the source does not show as such: decorators, and functions that are passed to others which call them.
    public let impliedCalls: [PythonImpliedCall]
    public let imports: [PythonImport]
    /// What names, attributes and parameters are bound to, place by place.
    public let bindings: [PythonBinding]
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
    public let arguments: [PythonValue]
    public let keywords: [(name: String, value: PythonValue)]
    /// Whether there may be more arguments, from `*x` or `**x` of unknown content.
    public let hasUnknownArguments: Bool
    public let hasUnknownKeywords: Bool
    /// Whether the interpreter came to the call; if not, it stands in code that nothing reaches, or that was not analysed further.
    public let isReached: Bool
}

/// A call that the source does not show as one.
public struct PythonImpliedCall: Sendable {
    public let place: SourcePlace
    /// Full dotted names of the functions that it may be.
    public let functions: [String]
    public let arguments: [PythonValue]
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
