/// What the mirror serves from: a folder of samples, or a dataset.
public protocol MirroredHub: Sendable {
    /// A page of a list.
    func list(_ query: ListQuery, for caller: Caller) async throws -> ModelPage

    /// A model by the name that clients use; nil where there is none for this caller.
    func model(named name: String, for caller: Caller) async throws -> MirroredModel?

    /// The name that an old name leads to.
    func newName(of name: String) async throws -> String?

    /// A revision by branch, tag, full ref, commit, or the first 7 or more digits of one; nil where there is none.
    func revision(_ revision: String, of model: MirroredModel) async throws -> MirroredRevision?

    /// The history that leads to a commit, newest first; nil where the commit is not known.
    func history(of model: MirroredModel, from revision: String) async throws -> [MirroredCommit]?

    /// Why a part of a model is closed to a caller; nil where it is open.
    func refusal(of model: MirroredModel, _ part: ModelPart, for caller: Caller) async throws -> Refusal?

    /// The content of a file.
    ///
    /// - Throws: ``Refusal`` where it cannot be given.
    func content(of file: MirroredRevision.File, in revision: MirroredRevision, of model: MirroredModel) async throws
        -> any ServedContent

    /// Headers that answers about a model carry: the age of what was not asked for anew, for one.
    func notes(on model: MirroredModel) async -> [(name: String, value: String)]
}

extension MirroredHub {
    public func notes(on model: MirroredModel) async -> [(name: String, value: String)] { [] }
}

/// A page of a list of models.
public struct ModelPage: Sendable {
    /// Fields of each model as JSON text, by name.
    public var records: [[String: String]]
    /// Where the next page begins, opaque to clients; nil after the last one.
    public var next: String?

    public init(records: [[String: String]], next: String?) {
        self.records = records
        self.next = next
    }
}

/// What of a model is asked for.
public enum ModelPart: Sendable {
    /// Its record, branches and tags.
    case record
    /// Which files it has.
    case listing
    /// What the files hold, and its history.
    case content
}

/// Who asks, as far as it matters.
public struct Caller: Sendable {
    /// Whether the caller has shown a token that is good.
    public let isKnown: Bool

    public init(isKnown: Bool) {
        self.isKnown = isKnown
    }
}

/// Why something is not given, in the form in which the Hub's own client shows it.
public struct Refusal: Error, Sendable {
    /// The HTTP status: 401, 403, 404, 500, 502 or 503.
    public let status: Int
    public let message: String
    /// The Hub's name for the error (`GatedRepo`, `EntryNotFound`), which its client makes an exception of.
    public let code: String?

    public init(_ status: Int, _ message: String, code: String? = nil) {
        self.status = status
        self.message = message
        self.code = code
    }
}
