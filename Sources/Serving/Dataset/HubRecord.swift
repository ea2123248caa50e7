import Documents
import Foundation
import ModelPackage

/// A package's record in the words of the Hub's API, each field as JSON text.
enum HubRecord {
    /// The hub's own record, as it came; `id` is the name that the mirror gives.
    ///
    /// - Throws: `JSONError` where the record is not JSON.
    static func fields(verbatim record: [UInt8], name: String) throws -> [String: String] {
        let root = try JSONDocument(record).root
        var fields: [String: String] = [:]
        // A crawl with details keeps several answers of the hub together, the model's own under this name.
        let model = root["model"].flatMap { $0.kind == .object ? $0 : nil } ?? root
        for (key, value) in model.members { fields[key] = value.text }
        fields["id"] = JSONText.string(name)
        fields["modelId"] = JSONText.string(name)
        return fields
    }

    /// A record made from the schema that all hubs share. What a package does not have is left out, or has the Hub's own empty value.
    static func fields(of package: Package, name: String) -> [String: String] {
        var fields: [String: String] = [:]
        func set(_ key: String, _ text: String?) { fields[key] = text.map { JSONText.string($0) } }
        fields["_id"] = JSONText.string(identifier(of: package.id))
        for key in ["id", "modelId"] { set(key, name) }
        set("author", package.id.hub == .huggingface ? package.owner?.value : package.id.hub.rawValue)
        set("sha", package.revision?.value.hex)
        set("createdAt", package.createdAt?.value.description)
        set("lastModified", package.modifiedAt?.value.description)
        set("pipeline_tag", package.task?.value)
        set("library_name", package.library?.value)
        fields["private"] = package.isPrivate?.value == true ? "true" : "false"
        fields["disabled"] = package.isDisabled?.value == true ? "true" : "false"
        fields["gated"] = (package.gated?.value).map { $0 == .open ? "false" : JSONText.string($0.rawValue) } ?? "false"
        // The Hub's client takes a record without these for a broken one.
        fields["downloads"] = String(package.downloads?.value ?? 0)
        fields["likes"] = String(package.likes?.value ?? 0)
        fields["tags"] = JSONText.strings(tags(of: package))
        fields["cardData"] = cardData(of: package)
        fields["siblings"] = json { list in
            list.array { list in for file in package.files { list.object { $0.member("rfilename", file.path) } } }
        }
        if !package.parameters.isEmpty { fields["safetensors"] = parameters(of: package) }
        if let architecture = package.architecture?.value { fields["config"] = config(architecture) }
        return fields
    }

    /// Tags of other hubs are few; what the Hub would make tags of is told in its way.
    private static func tags(of package: Package) -> [String] {
        var tags = package.tags.map(\.value)
        guard package.id.hub != .huggingface else { return tags }
        tags += [package.library?.value, package.task?.value].compactMap { $0 }
        tags += package.languages.map(\.value) + package.datasets.map { "dataset:\($0.value.name)" }
        tags += package.licenses.map { "license:\($0.value.id)" }
        var seen: Set<String> = []
        return tags.filter { seen.insert($0).inserted }
    }

    private static func cardData(of package: Package) -> String {
        json { writer in
            writer.object { card in
                if let license = package.licenses.first?.value.id { card.member("license", license) }
                if !package.languages.isEmpty { card.member("language", package.languages.map(\.value)) }
                if !package.datasets.isEmpty { card.member("datasets", package.datasets.map(\.value.name)) }
                if !package.baseModels.isEmpty { card.member("base_model", package.baseModels.map(\.value.name)) }
                if let task = package.task?.value { card.member("pipeline_tag", task) }
                if let library = package.library?.value { card.member("library_name", library) }
            }
        }
    }

    private static func parameters(of package: Package) -> String {
        json { writer in
            writer.object { object in
                let counts = package.parameters.map(\.value)
                object.key("parameters")
                object.object { types in
                    for count in counts where count.dataType != "total" { types.member(count.dataType, count.count) }
                }
                let stated = counts.first { $0.dataType == "total" }?.count
                object.member("total", stated ?? counts.reduce(0) { $0.addingSaturated($1.count) })
            }
        }
    }

    private static func config(_ architecture: String) -> String {
        json { $0.object { $0.member("model_type", architecture) } }
    }

    /// The Hub's own ids are 24 digits; other hubs' packages get theirs from their names.
    private static func identifier(of package: PackageID) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in package.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 24 - digits.count) + digits
    }

    private static func json(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return writer.text
    }
}
