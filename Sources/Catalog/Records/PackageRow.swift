import Crypto
import Documents
public import ModelPackage

/// A package made ready for the catalog: everything that can be worked out without the database, so that it can be
/// worked out beside the one writer. A class, so that passing it on costs one count and not one for each text.
public final class PackageRow: Sendable {
    public let package: Package
    let id: String
    let revision: [UInt8]?
    let createdAt: String?
    let modifiedAt: String?
    let tags: [String]
    let files: FileListRow?
    /// The evidence of single values, as the JSON text of an `evidence_set`.
    let evidenceFields: String
    /// What has no column of its own, as JSON text; nil where there is nothing.
    let details: String?
    /// The words and facets that search finds the package by.
    let searchDocument: String
    /// The first 16 bytes of a SHA-256 over everything but the counters (downloads, likes).
    let contentHash: [UInt8]

    public init(_ package: Package) {
        self.package = package
        id = package.id.description
        revision = package.revision.map { bytes(ofHex: $0.value.hex) }
        createdAt = package.createdAt?.value.description
        modifiedAt = package.modifiedAt?.value.description
        tags = package.tags.map(\.value)
        files = package.files.isEmpty ? nil : FileListRow(package.files)
        evidenceFields = Self.evidenceFields(of: package)
        details = PackageDetails.json(of: package)
        searchDocument = SearchDocument(package).text
        contentHash = Self.contentHash(of: package, files: files, evidence: evidenceFields, details: details)
    }

    /// Rows of search run from the most used package down; see ``SearchRow``.
    var popularity: Int64 { package.downloads?.value ?? package.likes?.value ?? 0 }

    private static func evidenceFields(of package: Package) -> String {
        var writer = JSONWriter()
        writer.object { object in
            for (field, evidence) in package.singleEvidence {
                object.key(field)
                object.array { pair in
                    pair.string(evidence.place)
                    pair.string(evidence.method.rawValue)
                }
            }
        }
        return writer.text
    }

    private static func contentHash(
        of package: Package, files: FileListRow?, evidence: String, details: String?
    ) -> [UInt8] {
        var text = ContentText()
        text.add(package.title?.value)
        text.add(package.summary?.value)
        text.add(package.owner?.value)
        text.add(package.url?.value)
        text.add(package.ownerURL?.value)
        text.add(package.task?.value)
        text.add(package.library?.value)
        text.add(package.architecture?.value)
        text.add(package.licenses.first?.value.id)
        text.add(package.revision?.value.hex)
        text.add(package.gated?.value.rawValue)
        text.add(package.isPrivate.map { $0.value ? "1" : "0" })
        text.add(package.isDisabled.map { $0.value ? "1" : "0" })
        text.add(package.createdAt?.value.millisecondsSince1970)
        text.add(package.modifiedAt?.value.millisecondsSince1970)
        for tag in package.tags { text.add(tag.value) }
        text.endList()
        for language in package.languages { text.add(language.value, language.evidence) }
        text.endList()
        for dataset in package.datasets {
            text.add(dataset.value.name, dataset.evidence)
            text.add(dataset.value.url)
        }
        text.endList()
        for paper in package.papers { text.add(paper.value.id, paper.evidence) }
        text.endList()
        for base in package.baseModels {
            text.add(base.value.name, base.evidence)
            text.add(base.value.relation?.rawValue)
        }
        text.endList()
        text.add(files?.hash)
        for reference in package.references {
            text.add(reference.ref)
            text.add(reference.target.hex)
        }
        text.endList()
        for commit in package.commits { text.add(commit.id.hex) }
        text.endList()
        text.add(evidence)
        text.add(details)
        return text.hash
    }
}

/// An unambiguous text of many optional values: each is ended by a byte that UTF-8 never holds.
struct ContentText {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(2048)
    }

    mutating func add(_ value: String?) {
        if let value { bytes.append(contentsOf: value.utf8) } else { bytes.append(0xfe) }
        bytes.append(0xff)
    }

    mutating func add(_ value: Int64?) {
        add(value.map { String($0) })
    }

    mutating func add(_ value: String, _ evidence: Evidence) {
        add(value)
        add(evidence.place)
    }

    mutating func add(_ hash: [UInt8]?) {
        if let hash { bytes.append(contentsOf: hash) }
        bytes.append(0xff)
    }

    mutating func endList() {
        bytes.append(0xfd)
    }

    /// The first 16 bytes of the text's SHA-256.
    var hash: [UInt8] { Array(SHA256.hash(data: bytes).prefix(16)) }
}
