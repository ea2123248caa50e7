public import Catalog
import Documents
public import Foundation
public import ModelPackage
public import Storage

/// Writes the dataset as PTMTorrent published it: a folder a hub, a uniform record and a metadata object a package.
///
/// The form is that of PTMTorrent's JSON Schema and not that of its programs where the two differ: data sets stand under
/// `Datasets`, `MetadataObjectID` is an integer, a list without entries is left out. A package keeps its `id` in every
/// export; a package that its hub no longer lists has its metadata object but no uniform record, so its number is skipped.
///
/// PTMTorrent's schema requires texts that a hub may not give; these are written empty and counted in the report.
public struct PTMTorrentExport {
    /// What was written for one hub.
    public struct HubReport: Sendable {
        public let hub: HubID
        public let folder: String
        public var records = 0
        /// Packages whose files were laid out, because the dataset has a snapshot of them.
        public var repositories = 0
        /// For each required field, in how many records it is empty because the hub does not give it.
        public var empty: [String: Int] = [:]
    }

    private let catalog: CatalogDatabase
    private let dataset: DatasetDirectory

    public init(_ catalog: CatalogDatabase, _ dataset: DatasetDirectory) {
        self.catalog = catalog
        self.dataset = dataset
    }

    /// Writes all five hubs below `DESTINATION/data/`.
    ///
    /// - Throws: ``ExportError``, or ``StorageError`` where the kept records cannot be read.
    public func write(to destination: URL) throws -> [HubReport] {
        try HubID.allCases.map { hub in
            let layout = PTMTorrentLayout(hub)
            let root = destination.appending(path: layout.folder)
            try makeFolders(root)
            var report = HubReport(hub: hub, folder: layout.folder)
            let metadata = try OutputFile(destination.appending(path: layout.metadataFile))
            let uniform = try OutputFile(root.appending(path: "json/\(layout.name).json"))
            let makers = PTMTorrentMetadata(layout: layout, root: destination)
            try metadata.write("[")
            try uniform.write("[")
            let repositories = PTMTorrentRepositories(dataset, root.appending(path: "repos", directoryHint: .isDirectory))
            var objects = 0
            let records = RecordLookup(dataset)
            try catalog.forEachPackage(of: hub, includingRemoved: true) { entry in
                let record = try records.record(entry.record, hub: hub)
                if objects > 0 { try metadata.write(",\n") }
                try metadata.write(try makers.object(for: entry, record: record, number: objects))
                if entry.removedAt == nil {
                    if report.records > 0 { try uniform.write(",\n") }
                    try uniform.write(UniformRecord(entry, layout, object: objects, &report).bytes)
                    report.records += 1
                    if try repositories.write(entry.package) { report.repositories += 1 }
                }
                objects += 1
            }
            try metadata.write("]\n")
            try uniform.write("]\n")
            try metadata.finish()
            try uniform.finish()
            try makers.finish()
            return report
        }
    }

    private func makeFolders(_ root: URL) throws {
        do {
            for folder in ["html/metadata/models", "json/metadata/models", "repos"] {
                try FileManager.default.createDirectory(at: root.appending(path: folder), withIntermediateDirectories: true)
            }
        } catch {
            throw ExportError(writing: root.path, error)
        }
    }
}

/// PTMTorrent's names for a hub's folder and files.
struct PTMTorrentLayout {
    let hub: HubID
    /// The hub's folder and its file of uniform records.
    let name: String
    /// The hub's name and address as PTMTorrent writes them.
    let title: String
    let url: String
    let metadataName: String

    init(_ hub: HubID) {
        self.hub = hub
        (name, title, url, metadataName) =
            switch hub {
            case .huggingface: ("huggingface", "Hugging Face", "https://huggingface.co/", "hf_metadata.json")
            case .modelhub: ("modelhub", "Modelhub.ai", "https://modelhub.ai", "mh_metadata.json")
            case .modelzoo: ("modelzoo", "ModelZoo", "https://modelzoo.co", "mz_models_metadata.json")
            case .onnx: ("onnxmodelzoo", "Onnx Model Zoo", "https://github.com/onnx/models", "omz_models_metadata.json")
            case .pytorch: ("pytorchhub", "PyTorch Hub", "https://pytorch.org/hub", "pyth_models_metadata.json")
            }
    }

    var folder: String { "data/\(name)" }
    var metadataFile: String { "\(folder)/json/metadata/\(metadataName)" }
}

/// One uniform record.
private struct UniformRecord {
    let bytes: [UInt8]

    init(_ entry: CatalogPackage, _ layout: PTMTorrentLayout, object: Int, _ report: inout PTMTorrentExport.HubReport) {
        let package = entry.package
        var empty: [String] = []
        func required(_ field: String, _ value: String?) -> String {
            if value == nil { empty.append(field) }
            return value ?? ""
        }
        var writer = JSONWriter()
        writer.object { record in
            record.member("id", entry.number)
            record.key("ModelHub")
            record.object { hub in
                hub.member("ModelHubName", layout.title)
                hub.member("ModelHubURL", layout.url)
                hub.member("MetadataFilePath", layout.metadataFile)
                hub.member("MetadataObjectID", Int64(object))
            }
            record.member("ModelName", package.title?.value ?? package.id.name)
            record.member("ModelOwner", required("ModelOwner", package.owner?.value))
            record.member("ModelURL", required("ModelURL", package.fact("repository", unless: .onnx) ?? package.url?.value))
            record.member("ModelOwnerURL", required("ModelOwnerURL", package.ownerURL?.value))
            record.member("LatestGitCommitSHA", required("LatestGitCommitSHA", package.revision?.value.hex))
            Self.writeDatasets(package, to: &record, required)
            let dois = package.papers.compactMap(\.value.doi)
            if !dois.isEmpty { record.member("ModelPaperDOIs", dois) }
            record.member("ModelTask", package.task?.value)
            record.member("ModelArchitecture", package.architecture?.value)
        }
        bytes = writer.bytes
        for field in empty { report.empty[field, default: 0] += 1 }
    }

    private static func writeDatasets(
        _ package: Package, to record: inout JSONWriter, _ required: (String, String?) -> String
    ) {
        guard !package.datasets.isEmpty else { return }
        record.key("Datasets")
        record.array { list in
            for dataset in package.datasets.map(\.value) {
                let owner =
                    dataset.name.split(separator: "/").count == 2 && package.id.hub == .huggingface
                    ? dataset.name.split(separator: "/").first.map(String.init) : nil
                list.object { entry in
                    entry.member("DatasetName", dataset.name)
                    entry.member("DatasetOwner", required("DatasetOwner", owner))
                    entry.member("DatasetURL", required("DatasetURL", dataset.url))
                    entry.member("DatasetOwnerURL", required("DatasetOwnerURL", owner.map { "https://huggingface.co/\($0)" }))
                }
            }
        }
    }
}

extension Package {
    /// A fact that is a text.
    func fact(_ name: String, unless hub: HubID? = nil) -> String? {
        guard id.hub != hub, let fact = facts.first(where: { $0.name == name }) else { return nil }
        return try? JSONDocument(Array(fact.json.utf8)).root.string
    }
}
