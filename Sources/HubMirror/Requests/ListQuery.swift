import Foundation
public import Hummingbird

/// What a list is narrowed to, how it is sorted, and which page of it is asked for.
public struct ListQuery: Sendable {
    /// What a list is sorted by, from the top down.
    public enum Order: Sendable {
        case downloads, likes, modified, created
    }

    /// Models a page holds at most.
    public var limit: Int
    /// Where the page begins, as ``ModelPage/next`` of the one before said; nil for the first.
    public var cursor: String?
    /// A part of the model's name, in lower case.
    public var search: String?
    /// The owner, in lower case.
    public var author: String?
    /// Tags, tasks, libraries and languages that a model must all have.
    public var filters: [String]
    public var isGated: Bool?
    /// The least and the greatest number of parameters.
    public var parameters: ClosedRange<Int64>?
    public var order: Order?
    /// Which fields of each record are wanted.
    public var fields: FieldChoice

    /// More records than this are not given in one page.
    static let largestPage = 1000

    init(_ request: Request) throws(Refusal) {
        let query = QueryParameters(request)
        limit = query.limit
        cursor = query.first("cursor")
        search = query.first("search").flatMap { $0.isEmpty ? nil : $0.lowercased() }
        author = query.first("author").flatMap { $0.isEmpty ? nil : $0.lowercased() }
        filters =
            (query.all("filter").flatMap { $0.split(separator: ",").map(String.init) } + query.all("pipeline_tag")
            + query.all("library") + query.all("language")
            + query.all("tags").flatMap { $0.split(separator: ",").map(String.init) }
            + query.all("trained_dataset").map { "dataset:\($0)" }).filter { !$0.isEmpty }
        isGated = query.first("gated").map { QueryParameters.isOn($0) }
        if let text = query.first("num_parameters") {
            guard let range = Self.parameterRange(text) else {
                throw Refusal(400, "num_parameters should be like min:6B,max:128B, not \(text.prefix(60))")
            }
            parameters = range
        }
        order =
            switch query.first("sort") {
            case "downloads"?: .downloads
            case "likes"?: .likes
            case "lastModified"?, "last_modified"?: .modified
            case "createdAt"?, "created_at"?: .created
            default: nil
            }
        fields = try FieldChoice(query, isList: true)
    }

    /// Reads `min:6B,max:128B`; K, M, B and T stand for thousands and so on.
    private static func parameterRange(_ text: String) -> ClosedRange<Int64>? {
        var least: Int64 = 0
        var greatest = Int64.max
        for part in text.split(separator: ",") {
            let words = part.split(separator: ":", maxSplits: 1)
            guard words.count == 2, let count = count(words[1]) else { return nil }
            switch words[0] {
            case "min": least = count
            case "max": greatest = count
            default: return nil
            }
        }
        return least <= greatest ? least...greatest : nil
    }

    private static func count(_ text: Substring) -> Int64? {
        let units: [Character: Double] = ["K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12]
        let unit = text.last.flatMap { units[Character($0.uppercased())] }
        guard let number = Double(unit == nil ? text : text.dropLast()), number >= 0, number * (unit ?? 1) < 1e18 else {
            return nil
        }
        return Int64(number * (unit ?? 1))
    }
}

/// The parameters of a request's query, decoded; a name may stand several times, with or without `[]` behind it.
public struct QueryParameters: Sendable {
    private let values: [(name: String, value: String)]

    public init(_ request: Request) {
        values = Self.parse(request.uri.query ?? "")
    }

    /// Reads `a=1&b=2`, percent-encoded, with `+` for a space.
    public static func parse(_ query: some StringProtocol) -> [(name: String, value: String)] {
        query.split(separator: "&").map { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(halves[0]), halves.count > 1 ? decode(halves[1]) : "")
        }
    }

    private static func decode(_ text: some StringProtocol) -> String {
        let spaced = String(text.map { $0 == "+" ? " " : $0 })
        return spaced.removingPercentEncoding ?? spaced
    }

    public func all(_ name: String) -> [String] {
        values.filter { $0.name == name || $0.name == "\(name)[]" }.map(\.value)
    }

    public func first(_ name: String) -> String? { all(name).first }

    func isOn(_ name: String) -> Bool { first(name).map { Self.isOn($0) } ?? false }

    static func isOn(_ value: String) -> Bool { ["true", "True", "1"].contains(value) }

    var limit: Int { min(ListQuery.largestPage, max(1, first("limit").flatMap { Int($0) } ?? ListQuery.largestPage)) }

    /// The position that a cursor of our own stands for; 0 without one.
    var offset: Int { first("cursor").flatMap { PageCursor.offset($0) } ?? 0 }
}

/// Positions within lists as clients see them.
public enum PageCursor {
    public static func text(offset: Int) -> String { Data("\(offset)".utf8).base64EncodedString() }

    /// Nil for what is no position.
    public static func offset(_ text: String) -> Int? {
        Data(base64Encoded: text).flatMap { Int(String(decoding: $0, as: UTF8.self)) }.map { max(0, $0) }
    }
}
