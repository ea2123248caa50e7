import Foundation
import Hummingbird
import ModelPackage

/// What a list is narrowed to, how it is sorted, and which page of it is asked for.
struct ListQuery {
    let limit: Int
    let offset: Int
    private let search: String?
    private let author: String?
    private let filters: [String]
    private let sort: String?
    /// A field asked for by `expand` that records do not have.
    let unknownField: String?

    private static let largestPage = 1000
    private static let knownFields: Set<String> = [
        "author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads",
        "downloadsAllTime", "evalResults", "gated", "gguf", "inference", "inferenceProviderMapping", "lastModified",
        "library_name",
        "likes", "mask_token", "model-index", "pipeline_tag", "private", "resourceGroup", "safetensors", "sha", "siblings",
        "spaces", "tags", "transformersInfo", "trendingScore", "usedStorage", "widgetData", "xetEnabled",
    ]

    init(_ request: Request) {
        let parameters = request.uri.queryParameters
        func values(_ name: String) -> [String] {
            (parameters.getAll(name) + parameters.getAll("\(name)[]")).map { $0.removingPercentEncoding ?? $0 }
        }
        limit = min(Self.largestPage, max(1, parameters.get("limit").flatMap { Int($0) } ?? Self.largestPage))
        offset =
            values("cursor").first.flatMap { Data(base64Encoded: $0) }.flatMap { Int(String(decoding: $0, as: UTF8.self)) }.map {
                max(0, $0)
            } ?? 0
        search = values("search").first?.lowercased()
        author = values("author").first?.lowercased()
        filters =
            values("filter").flatMap { $0.split(separator: ",").map(String.init) } + values("pipeline_tag") + values("library")
        sort = values("sort").first
        unknownField = values("expand").first { !Self.knownFields.contains($0) }
    }

    func matches(_ model: MirroredModel) -> Bool {
        if let author, model.author.lowercased() != author { return false }
        if let search, !model.name.lowercased().contains(search) { return false }
        return filters.allSatisfy { model.filterWords.contains($0) }
    }

    /// The order of the list: the sort asked for from the top down, then names.
    func precedes(_ left: MirroredModel, _ right: MirroredModel) -> Bool {
        let (first, second) = (key(left), key(right))
        return first == second ? left.name < right.name : first > second
    }

    private func key(_ model: MirroredModel) -> Int64 {
        switch sort {
        case "downloads": model.downloads
        case "likes": model.likes
        case "lastModified", "last_modified": model.modifiedAt.millisecondsSince1970
        case "createdAt", "created_at": model.createdAt.millisecondsSince1970
        default: 0
        }
    }
}

/// Which fields of a record an answer holds.
struct FieldChoice {
    let wantsBlobs: Bool
    private let isIncluded: @Sendable (String) -> Bool

    private static let always: Set<String> = ["_id", "id"]
    private static let short: Set<String> = [
        "_id", "id", "modelId", "likes", "trendingScore", "private", "downloads", "tags", "createdAt", "pipeline_tag",
        "library_name",
    ]
    private static let full: Set<String> = short.union([
        "author", "sha", "lastModified", "gated", "disabled", "siblings", "baseModels",
    ])

    init(_ request: Request, isList: Bool) {
        let parameters = request.uri.queryParameters
        func isOn(_ name: String) -> Bool { ["true", "True", "1"].contains(parameters.get(name) ?? "") }
        wantsBlobs = isOn("blobs")
        let expanded = Set((parameters.getAll("expand") + parameters.getAll("expand[]")).map { $0.removingPercentEncoding ?? $0 })
        if !expanded.isEmpty {
            isIncluded = { Self.always.contains($0) || expanded.contains($0) }
        } else if isList {
            var fields = isOn("full") ? Self.full : Self.short
            if isOn("cardData") { fields.insert("cardData") }
            if isOn("config") { fields.insert("config") }
            isIncluded = { [fields] in fields.contains($0) }
        } else {
            isIncluded = { _ in true }
        }
    }

    func includes(_ field: String) -> Bool { isIncluded(field) }
}
