/// What a cell holds.
enum Content: Equatable {
    case value(Value)
    case sequence(SequenceContent)
    case dictionary(DictionaryContent)

    func joined(with other: Content) -> Content {
        switch (self, other) {
        case (.value(let a), .value(let b)): .value(a.joined(with: b))
        case (.sequence(let a), .sequence(let b)): .sequence(a.joined(with: b))
        case (.dictionary(let a), .dictionary(let b)): .dictionary(a.joined(with: b))
        default: .value(.unknown)
        }
    }

    /// The same, with nothing exact left: for what a loop changes every time.
    var widened: Content {
        switch self {
        case .value(let value): return .value(value.opened())
        case .sequence(let sequence): return .sequence(sequence.widened)
        case .dictionary(let dictionary):
            var widened = dictionary
            widened.forgetKeys()
            return .dictionary(widened)
        }
    }
}

/// The members of a list, set or iterator.
struct SequenceContent: Equatable {
    /// The members in order, where all are known.
    private(set) var elements: [Value]
    /// What the members can be, where their number or order is not known.
    private(set) var rest: Value?

    /// Longer sequences are kept as what their members can be.
    static let limit = 1 << 16

    init(_ elements: [Value] = [], rest: Value? = nil) {
        self.elements = elements
        self.rest = rest
        if elements.count > Self.limit || rest != nil { forgetOrder() }
    }

    var isExact: Bool { rest == nil }

    /// What any one member can be; nothing where there is none.
    var anyMember: Value {
        if let rest { return rest }
        var all = Value.nothing
        for element in elements where !all.isFull { all.join(element) }
        return all
    }

    /// The members as bytes, where all are known and are bytes.
    var bytes: [UInt8]? {
        guard isExact else { return nil }
        var bytes: [UInt8] = []
        for element in elements {
            guard case .int(let number)? = element.only, let byte = UInt8(exactly: number) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private mutating func forgetOrder() {
        var all = rest ?? .nothing
        for element in elements where !all.isFull { all.join(element) }
        elements = []
        rest = all
    }

    mutating func append(_ value: Value) {
        if rest != nil { rest?.join(value) } else { elements.append(value) }
        if elements.count > Self.limit { forgetOrder() }
    }

    mutating func append(contentsOf other: SequenceContent) {
        if let theirs = other.rest {
            forgetOrder()
            rest?.join(theirs)
        } else {
            for element in other.elements { append(element) }
        }
    }

    /// Changes the members where they are known; adds a possible member where not.
    mutating func edit(adding value: Value? = nil, _ change: (inout [Value]) -> Void) {
        if rest != nil {
            if let value { rest?.join(value) }
        } else {
            change(&elements)
        }
    }

    /// A member in an unknown place became a value.
    mutating func replaceSomewhere(with value: Value) {
        forgetOrder()
        rest?.join(value)
    }

    func joined(with other: SequenceContent) -> SequenceContent {
        if rest == nil, other.rest == nil, elements.count == other.elements.count {
            return SequenceContent(zip(elements, other.elements).map { $0.joined(with: $1) })
        }
        return SequenceContent(rest: anyMember.joined(with: other.anyMember))
    }

    var widened: SequenceContent { SequenceContent(rest: anyMember.opened()) }
}

/// What a dictionary maps to what.
struct DictionaryContent: Equatable {
    struct Entry: Equatable {
        let key: Atom
        var value: Value
        /// Whether the key is there in any case.
        var isCertain: Bool
    }

    /// So many keys are kept apart from what may stand under any key.
    private static let distinctLimit = 64

    private(set) var entries: [Entry] = []
    private var places: [Atom: Int] = [:]
    /// What may stand under keys that are not known.
    private(set) var rest: Value?

    var isExact: Bool { rest == nil && entries.allSatisfy(\.isCertain) }

    subscript(_ key: Atom) -> Entry? { places[Self.normal(key)].map { entries[$0] } }

    /// A key as dictionaries compare it: `True`, `1` and `1.0` are the same.
    private static func normal(_ key: Atom) -> Atom {
        switch key {
        case .bool(let value): .int(value ? 1 : 0)
        case .float(let value): Int(exactly: value).map { .int($0) } ?? key
        default: key
        }
    }

    mutating func set(_ key: Atom, _ value: Value, isCertain: Bool = true) {
        let place = Self.normal(key)
        if let known = places[place] {
            entries[known] = Entry(key: entries[known].key, value: value, isCertain: isCertain)
        } else if entries.count < SequenceContent.limit {
            places[place] = entries.count
            entries.append(Entry(key: key, value: value, isCertain: isCertain))
        } else {
            setSomewhere(value)
        }
    }

    /// A value under a key that is not known.
    mutating func setSomewhere(_ value: Value) {
        // To keep many keys apart would cost more than it tells.
        if entries.count > Self.distinctLimit { forgetKeys() }
        var all = rest ?? .nothing
        all.join(value)
        rest = all
        for index in entries.indices { entries[index].value.join(value) }
    }

    /// There may be other keys, whose values say nothing of those that are known.
    mutating func allowOthers() { rest = .unknown }

    mutating func remove(_ key: Atom) {
        guard let place = places[Self.normal(key)] else { return }
        entries.remove(at: place)
        reindex()
    }

    mutating func removeAll() { self = DictionaryContent() }

    /// Any key may be there or not.
    mutating func forgetKeys() {
        rest = anyValue.opened()
        entries = []
        places = [:]
    }

    mutating func update(with other: DictionaryContent) {
        for entry in other.entries {
            if entry.isCertain {
                set(entry.key, entry.value)
            } else if let known = self[entry.key] {
                set(entry.key, known.value.joined(with: entry.value), isCertain: known.isCertain)
            } else {
                set(entry.key, entry.value, isCertain: false)
            }
        }
        if let theirs = other.rest { setSomewhere(theirs) }
    }

    /// What any one entry's value can be.
    var anyValue: Value {
        var all = rest ?? .nothing
        for entry in entries { all.join(entry.value) }
        return all
    }

    func joined(with other: DictionaryContent) -> DictionaryContent {
        var joined = DictionaryContent()
        for entry in entries {
            if let theirs = other[entry.key] {
                joined.set(entry.key, entry.value.joined(with: theirs.value), isCertain: entry.isCertain && theirs.isCertain)
            } else {
                joined.set(entry.key, entry.value, isCertain: false)
            }
        }
        for entry in other.entries where self[entry.key] == nil { joined.set(entry.key, entry.value, isCertain: false) }
        joined.rest = rest.map { $0.joined(with: other.rest ?? .nothing) } ?? other.rest
        return joined
    }

    private mutating func reindex() {
        places = [:]
        for (place, entry) in entries.enumerated() { places[Self.normal(entry.key)] = place }
    }

    static func == (left: DictionaryContent, right: DictionaryContent) -> Bool {
        left.entries == right.entries && left.rest == right.rest
    }
}
