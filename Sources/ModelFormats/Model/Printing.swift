import Documents

/// A name from a file, for a message: in quotes, without control characters, and not for ever.
func quoted(_ text: String) -> String {
    var short = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == 80 {
            short += "…"
            break
        }
        count += 1
        let isSafe =
            scalar.value >= 0x20 && scalar.value != 0x7f && !(0x80...0x9f ~= scalar.value) && !scalar.properties.isBidiControl
        short.unicodeScalars.append(isSafe ? scalar : "\u{FFFD}")
    }
    return "'\(short)'"
}

extension MetadataValue {
    /// A JSON value; a number is an integer where it is written as one.
    init(_ json: JSONValue) {
        switch json.kind {
        case .null: self = .null
        case .boolean: self = .bool(json.bool ?? false)
        case .string: self = .text(json.string ?? "")
        case .number:
            if let value = json.int64 {
                self = .integer(value)
            } else if let value = UInt64(json.text) {
                self = .unsigned(value)
            } else {
                self = .real(json.double ?? .nan)
            }
        case .array: self = .list(json.elements.map { MetadataValue($0) })
        case .object: self = .map(json.members.map { MetadataMember($0.key, MetadataValue($0.value)) })
        }
    }
}

extension MetadataMember {
    init(_ key: String, _ value: String) { self.init(key, .text(value)) }
    init(_ key: String, _ value: Int) { self.init(key, .integer(Int64(value))) }
    init(_ key: String, _ value: Bool) { self.init(key, .bool(value)) }
}

extension MetadataValue {
    /// How often each operator is used, the most frequent first.
    static func counts(_ counts: [String: Int]) -> MetadataValue {
        .map(counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { MetadataMember($0.key, $0.value) })
    }
}
