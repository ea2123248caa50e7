/// Which fields of a record an answer holds.
public struct FieldChoice: Sendable {
    /// Whether files come with their sizes and hashes.
    let wantsBlobs: Bool
    /// Nil for all of them.
    private let included: Set<String>?

    private static let always: Set<String> = ["_id", "id"]
    private static let short: Set<String> = [
        "_id", "id", "modelId", "likes", "trendingScore", "private", "downloads", "tags", "createdAt", "pipeline_tag",
        "library_name",
    ]
    private static let full: Set<String> = short.union([
        "author", "sha", "lastModified", "gated", "disabled", "siblings", "baseModels",
    ])
    /// What `expand` may name.
    private static let known: Set<String> = [
        "author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads",
        "downloadsAllTime", "evalResults", "gated", "gguf", "inference", "inferenceProviderMapping", "lastModified",
        "library_name", "likes", "mask_token", "model-index", "pipeline_tag", "private", "resourceGroup", "safetensors", "sha",
        "siblings", "spaces", "tags", "transformersInfo", "trendingScore", "usedStorage", "widgetData", "xetEnabled",
    ]

    /// - Throws: ``Refusal`` for a field that records do not have, as the Hub does.
    init(_ query: QueryParameters, isList: Bool) throws(Refusal) {
        wantsBlobs = query.isOn("blobs")
        let expanded = Set(query.all("expand"))
        if let unknown = expanded.first(where: { !Self.known.contains($0) }) {
            throw Refusal(400, "Invalid option for expand: \(unknown.prefix(60))")
        }
        if !expanded.isEmpty {
            included = expanded.union(Self.always)
        } else if isList {
            var fields = query.isOn("full") ? Self.full : Self.short
            if query.isOn("cardData") { fields.insert("cardData") }
            if query.isOn("config") { fields.insert("config") }
            included = fields
        } else {
            included = nil
        }
    }

    public func includes(_ field: String) -> Bool { included?.contains(field) ?? true }
}
