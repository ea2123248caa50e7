/// Which values to follow, and where it matters that they arrive.
public struct FlowQuery: Sendable {
    /// Dotted names: all that are equal to a text, or begin (`requests.*`) or end (`*.recv`) with it.
    public struct Pattern: Sendable, ExpressibleByStringLiteral {
        private enum Form: Sendable {
            case equal(String), prefix(String), suffix(String), any
        }

        private let form: Form

        public init(_ text: String) {
            form =
                if text == "*" {
                    .any
                } else if text.hasSuffix("*") {
                    .prefix(String(text.dropLast()))
                } else if text.hasPrefix("*") {
                    .suffix(String(text.dropFirst()))
                } else {
                    .equal(text)
                }
        }

        public init(stringLiteral text: String) { self.init(text) }

        /// The one name that it matches, if it does not match several.
        var exactName: String? { if case .equal(let text) = form { text } else { nil } }

        public func matches(_ name: String) -> Bool {
            switch form {
            case .any: true
            case .equal(let text): name == text
            case .prefix(let text): name.hasPrefix(text)
            case .suffix(let text): name.hasSuffix(text)
            }
        }
    }

    /// Where values come from that are to be followed.
    public struct Source: Sendable {
        public enum Kind: Sendable {
            /// The result of a call.
            case call
            /// A name or attribute such as `os.environ` or `sys.argv`.
            case value
            /// A parameter, named `function.parameter`, of a function that nobody in the package calls.
            case parameter
        }

        public let name: Pattern
        public let kind: Kind

        public init(_ name: Pattern, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// A call that such a value must not reach, or that it is interesting to see reached.
    public struct Sink: Sendable {
        public let name: Pattern
        /// The arguments that count; all of them if nil.
        public let arguments: Set<DataFlow.Argument>?

        public init(_ name: Pattern, arguments: Set<DataFlow.Argument>? = nil) {
            self.name = name
            self.arguments = arguments
        }

        func takes(_ argument: DataFlow.Argument) -> Bool { arguments?.contains(argument) ?? true }
    }

    public var sources: [Source]
    public var sinks: [Sink]

    public init(sources: [Source] = [], sinks: [Sink] = []) {
        self.sources = sources
        self.sinks = sinks
    }
}

/// A value that comes from a source and reaches a sink.
public struct DataFlow: Sendable {
    public enum Argument: Hashable, Sendable {
        case position(Int)
        case keyword(String)
        /// Within `*x` or `**x`.
        case rest
    }

    /// The places of the source and the sink in the query.
    public let source: Int
    public let sink: Int
    /// The full names under which the sink was called.
    public let sinkNames: [String]
    public let argument: Argument
    /// The call or name that the value comes from.
    public let origin: SourcePlace
    /// The call that it reaches.
    public let place: SourcePlace
    /// What it passes on the way, from the source on.
    public let steps: [SourcePlace]
    /// From where the program first comes to the call with the value.
    public let reach: CallReach
}

/// The sources and sinks of a query by their names, so that most names are looked up and not compared with each pattern.
struct FlowIndex {
    private let exact: [String: [Int]]
    private let others: [(pattern: FlowQuery.Pattern, place: Int)]

    init(_ patterns: [(pattern: FlowQuery.Pattern, place: Int)]) {
        var exact: [String: [Int]] = [:]
        var others: [(FlowQuery.Pattern, Int)] = []
        for (pattern, place) in patterns {
            if let name = pattern.exactName { exact[name, default: []].append(place) } else { others.append((pattern, place)) }
        }
        self.exact = exact
        self.others = others
    }

    /// The places in the query of the patterns that match a name, in order.
    func matches(_ name: String) -> [Int] {
        var found = exact[name] ?? []
        for (pattern, place) in others where pattern.matches(name) { found.append(place) }
        return found.count > 1 ? found.sorted() : found
    }
}
