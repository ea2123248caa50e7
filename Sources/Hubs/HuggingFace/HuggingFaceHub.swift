import Documents
public import Foundation
public import ModelPackage
public import Transport

/// The Hugging Face Hub, or any server that speaks its API.
public struct HuggingFaceHub: ModelHub {
    public let id = HubID.huggingface
    public let source: String
    private let client: HuggingFaceClient
    private let jobs: Int

    /// - Parameter jobs: requests for details under way at once.
    public init(endpoint: URL, transport: PoliteTransport, jobs: Int = 8) {
        source = withoutCredentials(endpoint.absoluteString)
        client = HuggingFaceClient(endpoint: endpoint, transport: transport)
        self.jobs = jobs
    }

    public func listing(_ query: ListingQuery, after resumePoint: String?) async throws -> any HubListing {
        do {
            if let resumePoint {
                return HuggingFaceListing(client, query, try HuggingFaceListing.Position(parsing: resumePoint), jobs: jobs)
            }
            var remaining = query.limit
            if let fraction = query.topFraction {
                let wanted = Int((Double(try await count(query)) * fraction).rounded(.up))
                remaining = min(wanted, remaining ?? wanted)
            }
            let start = try client.listURL(HuggingFaceListing.queryItems(query, limit: remaining))
            return HuggingFaceListing(
                client, query, HuggingFaceListing.Position(next: start, remaining: remaining), jobs: jobs)
        } catch let error as TransportError {
            throw HubError(describing: error, source: source)
        }
    }

    /// How many models match. The Hub gives no total, so they are counted in their smallest form, a thousand a page.
    private func count(_ query: ListingQuery) async throws -> Int {
        var items = HuggingFaceListing.filterItems(query)
        items.append(URLQueryItem(name: "limit", value: "1000"))
        items.append(URLQueryItem(name: "expand", value: "downloads"))
        var next: URL? = try client.listURL(items)
        var seen: Set<URL> = []
        var contents: Set<Int> = []
        var count = 0
        while let url = next {
            guard seen.insert(url).inserted else { throw HubError.circularPages(url) }
            let page = try await client.page(url)
            guard page.next == nil || contents.insert(HuggingFaceListing.outline(of: page.records)).inserted else {
                throw HubError.circularPages(url)
            }
            count += page.records.count
            next = page.next
        }
        return count
    }
}

/// The Hub's list, page by page.
actor HuggingFaceListing: HubListing {
    /// Where a listing stands: the next page, and how many records are still wanted.
    struct Position {
        var next: URL?
        var remaining: Int?

        init(next: URL?, remaining: Int?) {
            self.next = next
            self.remaining = remaining
        }

        init(parsing text: String) throws {
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0] == "-" || Int(parts[0]) != nil else {
                throw HubError(.huggingface, .changedSource, "the crawl's resume point cannot be read")
            }
            remaining = Int(parts[0])
            next = parts[1] == "end" ? nil : URL(string: String(parts[1]))
        }

        var text: String { "\(remaining.map(String.init) ?? "-") \(next?.absoluteString ?? "end")" }
    }

    private let client: HuggingFaceClient
    private let query: ListingQuery
    private let jobs: Int
    private var position: Position
    private var seen: Set<Int> = []
    /// Outlines of the pages so far.
    private var contents: Set<Int> = []
    private var fieldsAreNamed = true
    nonisolated let expectedCount: Int?

    init(_ client: HuggingFaceClient, _ query: ListingQuery, _ position: Position, jobs: Int) {
        self.client = client
        self.query = query
        self.position = position
        self.jobs = jobs
        expectedCount = query.limit
    }

    func nextPage() async throws -> ListingPage? {
        guard let url = position.next, position.remaining.map({ $0 > 0 }) ?? true else { return nil }
        guard seen.insert(url.absoluteString.hashValue).inserted else { throw HubError.circularPages(url) }
        do {
            var page = try await page(url)
            // A cursor may be new each time and lead to the same records, or to none.
            if page.next != nil, !contents.insert(Self.outline(of: page.records)).inserted { throw HubError.circularPages(url) }
            var isLast = page.next == nil
            if let since = query.since { isLast = keep(since: since, &page.records) || isLast }
            if let remaining = position.remaining {
                page.records = Array(page.records.prefix(remaining))
                position.remaining = remaining - page.records.count
            }
            position.next = isLast ? nil : page.next
            let records = query.wantsDetails ? try await detailed(page.records) : page.records
            return ListingPage(records: records.map { RawRecord($0) }, resumePoint: position.text)
        } catch let error as TransportError {
            throw HubError(describing: error, source: client.endpoint.absoluteString)
        }
    }

    /// What tells one page's records from another's: their number, and the names of the first and the last.
    static func outline(of records: [ArraySlice<UInt8>]) -> Int {
        var hasher = Hasher()
        hasher.combine(records.count)
        for record in [records.first, records.last] { hasher.combine(record.flatMap { RecordLimits.guessedName(in: $0) }) }
        return hasher.finalize()
    }

    /// A page; of a server that knows no `expand`, or not all of its fields, in the older form.
    private func page(_ url: URL) async throws -> HuggingFaceClient.Page {
        do {
            return try await client.page(url)
        } catch let error as TransportError where error.kind == .status(400) && seen.count == 1 && fieldsAreNamed {
            fieldsAreNamed = false
            return try await client.page(
                client.listURL(Self.queryItems(query, limit: position.remaining, namingFields: false)))
        }
    }

    /// Drops records modified before a time. Returns whether the list, when it runs by time, has come to its end.
    private func keep(since: Instant, _ records: inout [ArraySlice<UInt8>]) -> Bool {
        var reachedOlder = false
        records.removeAll { record in
            guard let value = try? JSONDocument(record).root["lastModified"]?.string, let modified = Instant(iso8601: value)
            else {
                return false
            }
            if modified < since { reachedOlder = true }
            return modified < since
        }
        return reachedOlder && Self.order(of: query) == .modified
    }

    /// Replaces each record by one that also holds the model's own answer, its branches and its history. What cannot be had
    /// is said in the record; the listed form stays.
    private func detailed(_ records: [ArraySlice<UInt8>]) async throws -> [ArraySlice<UInt8>] {
        let client = client
        return try await withThrowingTaskGroup(of: (Int, ArraySlice<UInt8>).self) { group in
            var results = records
            var started = 0
            func startNext() {
                guard started < records.count else { return }
                let number = started
                started += 1
                group.addTask { (number, try await Self.detail(of: records[number], client)) }
            }
            for _ in 0..<max(1, jobs) { startNext() }
            while let (number, record) = try await group.next() {
                results[number] = record
                startNext()
            }
            return results
        }
    }

    private static func detail(of record: ArraySlice<UInt8>, _ client: HuggingFaceClient) async throws -> ArraySlice<UInt8> {
        guard let name = try? JSONDocument(record).root["id"]?.string, (try? PackageID(hub: .huggingface, name: name)) != nil
        else {
            return record
        }
        var writer = JSONWriter()
        var problems: [(String, String)] = []
        var model = record
        do {
            let answer = try await client.model(name)
            if (try? JSONDocument(answer.body).root.kind) == .object { model = singleLineJSON(answer.body[...]) }
        } catch let error as TransportError where isAnswer(error) {
            problems.append(("model", error.reason))
        }
        var references: ArraySlice<UInt8>?
        do {
            let answer = singleLineJSON(try await client.references(name)[...])
            if (try? JSONDocument(answer).root.kind) == .object { references = answer }
        } catch let error as TransportError where isAnswer(error) {
            problems.append(("refs", error.reason))
        }
        var commits: [ArraySlice<UInt8>]?
        do {
            commits = try await client.commits(name, revision: "main")
        } catch let error as TransportError where isAnswer(error) {
            problems.append(("commits", error.reason))
        }
        writer.object { object in
            object.key("model")
            object.raw(model)
            if let references {
                object.key("refs")
                object.raw(references)
            }
            if let commits {
                object.key("commits")
                object.array { list in for commit in commits { list.raw(commit) } }
            }
            if !problems.isEmpty {
                object.key("problems")
                object.object { list in for (part, reason) in problems { list.member(part, reason) } }
            }
        }
        return writer.bytes[...]
    }

    /// Whether the Hub answered, if only with a no: gated, disabled, deleted meanwhile.
    private static func isAnswer(_ error: TransportError) -> Bool {
        if case .status(let code) = error.kind { return (400..<500).contains(code) && code != 429 }
        return false
    }

    static func queryItems(_ query: ListingQuery, limit: Int?, namingFields: Bool = true) -> [URLQueryItem] {
        var items = filterItems(query)
        let order = order(of: query)
        switch order {
        case .downloads?: items.append(URLQueryItem(name: "sort", value: "downloads"))
        case .likes?: items.append(URLQueryItem(name: "sort", value: "likes"))
        case .modified?: items.append(URLQueryItem(name: "sort", value: "lastModified"))
        case .created?: items.append(URLQueryItem(name: "sort", value: "createdAt"))
        case nil: break
        }
        if order != nil { items.append(URLQueryItem(name: "direction", value: "-1")) }
        items.append(URLQueryItem(name: "limit", value: String(min(1000, limit ?? 1000))))
        if namingFields {
            items += HuggingFaceClient.listFields.map { URLQueryItem(name: "expand", value: $0) }
        } else {
            items += ["full", "cardData", "config"].map { URLQueryItem(name: $0, value: "true") }
        }
        return items
    }

    /// The order in which a list is asked for; nil leaves it to the Hub.
    private static func order(of query: ListingQuery) -> ListingQuery.Order? {
        if let order = query.order { return order }
        if query.topFraction != nil { return .downloads }
        if query.since != nil { return .modified }
        // The order of creation does not change while a crawl runs, so no model slips between two pages.
        return query.limit == nil ? .created : nil
    }

    static func filterItems(_ query: ListingQuery) -> [URLQueryItem] {
        var items: [URLQueryItem] = []
        if let author = query.author { items.append(URLQueryItem(name: "author", value: author)) }
        if let search = query.search { items.append(URLQueryItem(name: "search", value: search)) }
        items += query.tags.map { URLQueryItem(name: "filter", value: $0) }
        return items
    }
}

extension HubError {
    static func circularPages(_ url: URL) -> HubError {
        HubError(
            .huggingface, .unavailable,
            "the hub's pages lead round in a circle (\(url.absoluteString) gives what came before); run the same command again later"
        )
    }

    /// What a failed request means for a crawl.
    public init(describing error: TransportError, source: String, hub: HubID = .huggingface) {
        switch error.kind {
        case .status(401), .status(403):
            self.init(
                hub, .refused,
                "\(source) refused: \(error.reason) for \(error.url.path())"
                    + (hub == .huggingface ? ": set HF_TOKEN to a token that may read it" : ""),
                cause: error)
        case .status:
            self.init(
                hub, .unavailable, "\(error.url.absoluteString) \(error.reason); run the same command again to go on",
                cause: error)
        case .unreachable, .tooSlow:
            self.init(
                hub, .unavailable,
                "cannot reach \(error.url.absoluteString): \(error.reason); run the same command again to go on",
                cause: error)
        case .redirectLoop, .refusedRedirect, .bodyTooLarge:
            self.init(hub, .unavailable, "\(error.url.absoluteString) \(error.reason)", cause: error)
        }
    }
}
