/// How grave a finding is. The raw value is the class in the style sheet.
enum Severity: String, CaseIterable {
    case critical, high, medium, low, info

    /// A severity that is not known is shown as the middle one: neither hidden nor alarming.
    init(_ text: String?) {
        self = text.flatMap { Severity(rawValue: $0.lowercased()) } ?? .medium
    }
}
