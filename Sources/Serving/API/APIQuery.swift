import HubMirror
import Hummingbird

/// The parameters of a request to the JSON API. Whatever the API's description does not allow is refused, never guessed at.
struct APIQuery: Sendable {
    private let values: [(name: String, value: String)]

    init(_ request: Request) {
        values = QueryParameters.parse(request.uri.query ?? "")
    }

    /// - Throws: ``Refusal`` for a parameter that is not among these, or that stands twice.
    func allows(_ names: Set<String>) throws(Refusal) {
        var seen: Set<String> = []
        for (name, _) in values {
            guard names.contains(name) else {
                let known = names.isEmpty ? "this takes none" : "there are \(names.sorted().joined(separator: ", "))"
                throw Refusal(400, "There is no parameter '\(name.prefix(60))': \(known).")
            }
            guard seen.insert(name).inserted else { throw Refusal(400, "'\(name)' is given twice.") }
        }
    }

    func text(_ name: String, longest: Int) throws(Refusal) -> String? {
        guard let value = values.first(where: { $0.name == name })?.value else { return nil }
        guard value.unicodeScalars.count <= longest else { throw Refusal(400, "'\(name)' is longer than \(longest) characters.") }
        guard !value.utf8.contains(0) else { throw Refusal(400, "'\(name)' has a NUL.") }
        return value
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
        guard let value = values.first(where: { $0.name == name })?.value else { return nil }
        guard let number = Int(value), range.contains(number) else {
            throw Refusal(400, "'\(name)' should be a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func choice(_ name: String, _ choices: [String]) throws(Refusal) -> String? {
        guard let value = values.first(where: { $0.name == name })?.value else { return nil }
        guard choices.contains(value) else {
            throw Refusal(400, "'\(name)' should be one of \(choices.joined(separator: ", ")).")
        }
        return value
    }

    func flag(_ name: String) throws(Refusal) -> Bool { try choice(name, ["true", "false"]) == "true" }
}
