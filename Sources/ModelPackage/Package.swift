/// One model as a hub lists it, in the schema that all hubs share.
///
/// Holds every field of PTMTorrent's uniform record (Jiang et al., "PTMTorrent: A Dataset for Mining Open-source
/// Pre-trained Model Packages", MSR 2023) and what that schema leaves out. A value that the hub does not give is nil or
/// an empty list, never an empty text or an invented default. Published as `docs/schema/package.schema.json`.
public struct Package: Equatable, Sendable {
    public var id: PackageID
    /// The name for people, where the hub gives one besides ``PackageID/name``.
    public var title: Sourced<String>?
    /// One line on what the model is.
    public var summary: Sourced<String>?
    public var owner: Sourced<String>?
    /// The page of the package.
    public var url: Sourced<String>?
    public var ownerURL: Sourced<String>?
    /// What the model is for, in the hub's words.
    public var task: Sourced<String>?
    /// The software that loads the model.
    public var library: Sourced<String>?
    public var architecture: Sourced<String>?
    public var licenses: [Sourced<License>] = []
    /// The commit that the record describes.
    public var revision: Sourced<GitObjectID>?
    /// Downloads as the hub counts them; on Hugging Face, of the last 30 days.
    public var downloads: Sourced<Int64>?
    /// Likes, or stars of the linked repository.
    public var likes: Sourced<Int64>?
    public var gated: Sourced<Gating>?
    public var isPrivate: Sourced<Bool>?
    public var isDisabled: Sourced<Bool>?
    public var createdAt: Sourced<Instant>?
    public var modifiedAt: Sourced<Instant>?
    public var tags: [Sourced<String>] = []
    public var languages: [Sourced<String>] = []
    public var datasets: [Sourced<DatasetReference>] = []
    public var papers: [Sourced<Paper>] = []
    public var baseModels: [Sourced<BaseModel>] = []
    public var files: [PackageFile] = []
    /// Branches, tags and pull requests of the package's repository, where they were asked for.
    public var references: [GitReference] = []
    /// History, newest first, where it was asked for.
    public var commits: [Commit] = []
    /// Parameters by data type, as the hub counted them.
    public var parameters: [Sourced<ParameterCount>] = []
    public var evaluations: [Sourced<Evaluation>] = []
    /// The functions that load the model from its code repository (`torch.hub.load`).
    public var entryPoints: [Sourced<EntryPoint>] = []
    /// What only this hub says, by name.
    public var facts: [Fact] = []

    public init(id: PackageID) {
        self.id = id
    }
}

extension Package {
    /// The evidence of the values that a package has one of, by the name of their field; fields without a value are left out.
    public var singleEvidence: [(field: String, evidence: Evidence)] {
        var fields: [(field: String, evidence: Evidence)] = []
        fields.reserveCapacity(18)
        func add(_ field: String, _ evidence: Evidence?) {
            if let evidence { fields.append((field, evidence)) }
        }
        add("title", title?.evidence)
        add("summary", summary?.evidence)
        add("owner", owner?.evidence)
        add("url", url?.evidence)
        add("owner_url", ownerURL?.evidence)
        add("task", task?.evidence)
        add("library", library?.evidence)
        add("architecture", architecture?.evidence)
        add("license", licenses.first?.evidence)
        add("revision", revision?.evidence)
        add("downloads", downloads?.evidence)
        add("likes", likes?.evidence)
        add("gated", gated?.evidence)
        add("private", isPrivate?.evidence)
        add("disabled", isDisabled?.evidence)
        add("created_at", createdAt?.evidence)
        add("modified_at", modifiedAt?.evidence)
        add("tags", tags.first?.evidence)
        return fields
    }
}

/// Whether the files of a package can be had without asking.
public enum Gating: String, Sendable, Hashable {
    /// Open to everyone.
    case open = "false"
    /// Access is given at once to whoever accepts the terms.
    case auto
    /// The owner decides on each request.
    case manual
}

/// A licence as a package states it.
public struct License: Hashable, Sendable {
    /// The identifier in lower case: SPDX's where there is one, else the hub's (`apache-2.0`, `llama3.1`, `other`).
    public var id: String
    /// The licence's name in the package's own words.
    public var name: String?
    /// Where the text stands: an address, or a path in the package.
    public var link: String?

    public init(id: String, name: String? = nil, link: String? = nil) {
        self.id = id
        self.name = name
        self.link = link
    }
}

/// A dataset that a package names.
public struct DatasetReference: Hashable, Sendable {
    public var name: String
    public var url: String?

    public init(name: String, url: String? = nil) {
        self.name = name
        self.url = url
    }
}

/// A model that a package was made from.
public struct BaseModel: Hashable, Sendable {
    /// How the package was made from its base.
    public enum Relation: String, Sendable, Hashable, CaseIterable {
        case adapter, finetune, merge, quantized
    }

    /// The base's name as stated, usually a name on the same hub.
    public var name: String
    /// Nil where the package names the base only.
    public var relation: Relation?

    public init(name: String, relation: Relation? = nil) {
        self.name = name
        self.relation = relation
    }
}

/// A file of a package's revision.
public struct PackageFile: Hashable, Sendable {
    public var path: String
    /// Bytes of the content, not of a pointer to it.
    public var size: Int64?
    public var sha256: SHA256Hash?
    /// The git blob id; for a large file, of its pointer.
    public var gitObjectID: GitObjectID?
    /// Whether the file is kept as a Git LFS pointer; nil where the hub did not say.
    public var isLFS: Bool?
    /// Nil where the hub did not say.
    public var mode: FileMode?

    public init(
        path: String, size: Int64? = nil, sha256: SHA256Hash? = nil, gitObjectID: GitObjectID? = nil, isLFS: Bool? = nil
    ) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.gitObjectID = gitObjectID
        self.isLFS = isLFS
    }
}

/// How git keeps a file.
public enum FileMode: String, Sendable, Hashable {
    case regular = "100644"
    case executable = "100755"
    /// The content is the path that the link points at.
    case symbolicLink = "120000"
}

/// A branch, tag or pull request.
public struct GitReference: Hashable, Sendable {
    /// The kind, in the Hub's words.
    public enum Kind: String, Sendable, Hashable {
        case branch, tag, convert, pullRequest
    }

    public var kind: Kind
    public var name: String
    public var ref: String
    public var target: GitObjectID

    public init(kind: Kind, name: String, ref: String, target: GitObjectID) {
        self.kind = kind
        self.name = name
        self.ref = ref
        self.target = target
    }
}

/// One commit of a package.
public struct Commit: Hashable, Sendable {
    public var id: GitObjectID
    public var title: String
    public var authors: [String]
    public var date: Instant

    public init(id: GitObjectID, title: String, authors: [String], date: Instant) {
        self.id = id
        self.title = title
        self.authors = authors
        self.date = date
    }
}

/// A number of parameters of one data type.
public struct ParameterCount: Hashable, Sendable {
    /// The name that safetensors uses: `F32`, `BF16`, `I64`; or `total` where the hub gives only a sum.
    public var dataType: String
    public var count: Int64

    public init(dataType: String, count: Int64) {
        self.dataType = dataType
        self.count = count
    }
}

/// A result that a package claims.
public struct Evaluation: Hashable, Sendable {
    public var task: String?
    public var dataset: String?
    public var metric: String
    /// The value as stated, text or number.
    public var value: String

    public init(task: String?, dataset: String?, metric: String, value: String) {
        self.task = task
        self.dataset = dataset
        self.metric = metric
        self.value = value
    }
}

/// A function of a code repository that loads a model.
public struct EntryPoint: Hashable, Sendable {
    /// `owner/name`.
    public var repository: String
    /// The branch or tag asked for.
    public var ref: String?
    /// The function; nil where the text computes it.
    public var name: String?
    /// Further text arguments: the variants that the function is told to load.
    public var variants: [String]

    public init(repository: String, ref: String?, name: String?, variants: [String]) {
        self.repository = repository
        self.ref = ref
        self.name = name
        self.variants = variants
    }
}

/// Something that only one hub says.
public struct Fact: Hashable, Sendable {
    public var name: String
    /// The value as JSON text.
    public var json: String
    public var evidence: Evidence

    public init(_ name: String, json: String, _ evidence: Evidence) {
        self.name = name
        self.json = json
        self.evidence = evidence
    }
}
