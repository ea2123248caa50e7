/// A value that a file says of itself.
public enum MetadataValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer above the range of `integer`.
    case unsigned(UInt64)
    case real(Double)
    case text(String)
    case list([MetadataValue])
    case map([MetadataMember])

    /// The text, if it is one.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public var integer: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .unsigned(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, whether written as an integer or not.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .real(let value): value
        default: nil
        }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    public var list: [MetadataValue]? {
        if case .list(let values) = self { values } else { nil }
    }

    public var members: [MetadataMember]? {
        if case .map(let members) = self { members } else { nil }
    }

    /// The member of that name.
    public subscript(key: String) -> MetadataValue? { members?[key] }
}

/// A named value.
public struct MetadataMember: Sendable, Equatable {
    public var key: String
    public var value: MetadataValue

    public init(_ key: String, _ value: MetadataValue) {
        self.key = key
        self.value = value
    }
}

extension [MetadataMember] {
    /// The first value of that name.
    public subscript(key: String) -> MetadataValue? { first { $0.key == key }?.value }

    /// Sets a value that may be given twice, of which the last one counts.
    mutating func set(_ key: String, _ value: MetadataValue) {
        if let index = firstIndex(where: { $0.key == key }) {
            self[index].value = value
        } else {
            append(MetadataMember(key, value))
        }
    }
}
