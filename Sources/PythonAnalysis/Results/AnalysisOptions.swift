/// What an analysis looks for, and how far it goes.
public struct AnalysisOptions: Sendable {
    public enum Part: Sendable, Hashable {
        case calls, imports, values
    }

    /// What is collected. Flows are followed if there are sources and sinks.
    public var collects: Set<Part>
    public var flows: FlowQuery
    /// How often each node may be run on average before the analysis stops following calls. Time grows with it in proportion.
    public var effort: Int
    /// Whether variables of the environment that the program reads are taken to be missing, so that they have the program's own defaults.
    public var takesEnvironmentAsEmpty = true

    /// Names that matter to the caller: parts of the dotted names of functions and modules. Where no file mentions one of them, functions that
    /// nothing calls are left out.
    public var names: Set<String> = []
    /// Whether functions are left out, too, that mention none of these names, nor a name that is bound to one, in files that do: for
    /// large packages.
    public var isSparing = false

    public init(collects: Set<Part> = [.calls, .imports, .values], flows: FlowQuery = FlowQuery(), effort: Int = 2) {
        self.collects = collects
        self.flows = flows
        self.effort = effort
    }
}
