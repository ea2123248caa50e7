public import ModelPackage

/// What a page says when something could not be done.
public struct ErrorPage: Sendable {
    /// The status of the answer.
    public var status: Int
    /// One sentence on what happened; may name what was asked for.
    public var message: String
    /// What can be done about it.
    public var advice: String?
    /// Packages that may have been meant.
    public var suggestions: [PackageID]

    public init(status: Int, message: String, advice: String? = nil, suggestions: [PackageID] = []) {
        self.status = status
        self.message = message
        self.advice = advice
        self.suggestions = suggestions
    }

    fileprivate var heading: String {
        switch status {
        case 400: "That question cannot be answered"
        case 403: "This is not open to you"
        case 404: "Nothing is here"
        case 429: "Too many questions at once"
        case 503: "Not now"
        case 500...: "Something went wrong"
        default: "That did not work"
        }
    }
}

extension SitePages {
    public func error(_ page: ErrorPage) -> String {
        let view = ErrorView(
            status: String(page.status), heading: page.heading, message: page.message, hasAdvice: page.advice != nil,
            advice: page.advice ?? "", hasSuggestions: !page.suggestions.isEmpty,
            suggestions: page.suggestions.map {
                ErrorView.Suggestion(suggestionName: $0.description, suggestionAddress: SiteLinks.package($0))
            })
        return self.page("\(page.heading) · Weir", at: nil, templates.render(.error, view))
    }

    /// The page that says how programs ask, `/api`.
    public func api() -> String {
        func example(_ id: String, _ title: String, _ explanation: String, _ address: String) -> APIView.Example {
            APIView.Example(
                exampleID: id, exampleTitle: title, explanation: explanation,
                command: "curl \(ShellText.quoted(baseAddress + address))")
        }
        let view = APIView(
            openAPI: SiteLinks.openAPI,
            examples: [
                example(
                    "search-example", "Search", "Words and facets, as on the search page.",
                    "/api/weir/v1/packages?q=bert&license=apache-2.0"),
                example(
                    "package-example", "One package", "Every value with its evidence.",
                    "/api/weir/v1/packages/huggingface/google-bert/bert-base-uncased"),
                example("crawls-example", "Crawls", "What each run over a hub did.", SiteLinks.crawlsAPI),
                example(
                    "hub-example", "As the Hub answers", "Clients of Hugging Face work with HF_ENDPOINT set to this address.",
                    "/api/models/google-bert/bert-base-uncased"),
            ])
        return page("API · Weir", at: .api, templates.render(.api, view))
    }
}

private struct ErrorView: Sendable {
    struct Suggestion: Sendable {
        let suggestionName: String
        let suggestionAddress: String
    }

    let status: String
    let heading: String
    let message: String
    let hasAdvice: Bool
    let advice: String
    let hasSuggestions: Bool
    let suggestions: [Suggestion]
}

private struct APIView: Sendable {
    struct Example: Sendable {
        let exampleID: String
        let exampleTitle: String
        let explanation: String
        let command: String
    }

    let openAPI: String
    let examples: [Example]
}
