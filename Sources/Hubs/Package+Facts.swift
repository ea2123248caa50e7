import Documents
import ModelPackage

extension Package {
    /// Adds what a record states; nothing where it states nothing: null, an empty text, list or object, or a value too long to
    /// be one.
    mutating func addFact(_ name: String, _ value: JSONValue?, _ place: String) {
        guard let value, value.source.count <= RecordLimits.fact else { return }
        let isStated =
            switch value.kind {
            case .null: false
            case .string: value.statedText != nil
            case .array: value.elements.contains { _ in true }
            case .object: value.members.contains { _ in true }
            case .boolean, .number: true
            }
        guard isStated else { return }
        // SQL would cut a text at a NUL.
        let isEscaped = value.source.contains(UInt8(ascii: "\\"))
        let json = isEscaped ? value.text.replacing("\\u0000", with: "\\ufffd") : value.text
        facts.append(Fact(name, json: json, Evidence(place)))
    }

    /// Adds a text with its evidence, where there is one.
    mutating func addFact(_ name: String, _ text: Sourced<String>?) {
        guard let text else { return }
        facts.append(Fact(name, json: JSONText.string(text.value), text.evidence))
    }
}
