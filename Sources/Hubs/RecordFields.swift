import Documents
import ModelPackage

/// Reads typed fields out of a record; a field of another type than the hub documents loses the record.
struct RecordFields {
    let object: JSONValue
    /// The package's name, for errors.
    let name: String?
    /// What stands before a field's name in evidence and errors: `cardData.`.
    let prefix: String

    init(_ object: JSONValue, name: String?, prefix: String = "") {
        self.object = object
        self.name = name
        self.prefix = prefix
    }

    /// A text; nil where it is empty (``JSONValue/statedText``).
    func string(_ key: StaticString) throws(RecordError) -> String? {
        guard let value = object.present(key) else { return nil }
        guard value.kind == .string else { throw wrongType(key, value, "text") }
        return value.statedText
    }

    func integer(_ key: StaticString) throws(RecordError) -> Int64? {
        guard let value = object.present(key) else { return nil }
        guard let number = value.int64 else { throw wrongType(key, value, "a whole number of at most 64 bits") }
        return number
    }

    /// A whole number that counts something.
    func count(_ key: StaticString) throws(RecordError) -> Int64? {
        guard let number = try integer(key) else { return nil }
        guard number >= 0 else {
            throw RecordError(name: name, reason: "the field '\(prefix)\(key)' should not be negative but is \(number)")
        }
        return number
    }

    func bool(_ key: StaticString) throws(RecordError) -> Bool? {
        guard let value = object.present(key) else { return nil }
        guard let bool = value.bool else { throw wrongType(key, value, "true or false") }
        return bool
    }

    func instant(_ key: StaticString) throws(RecordError) -> Instant? {
        guard let text = try string(key) else { return nil }
        guard let instant = Instant(iso8601: text) else {
            throw RecordError(name: name, reason: "the field '\(prefix)\(key)' is not a time: \(printable(text, limit: 40))")
        }
        return instant
    }

    func array(_ key: StaticString) throws(RecordError) -> JSONElements? {
        guard let value = object.present(key) else { return nil }
        guard value.kind == .array else { throw wrongType(key, value, "a list") }
        return value.elements
    }

    func object(_ key: StaticString) throws(RecordError) -> JSONValue? {
        guard let value = object.present(key) else { return nil }
        guard value.kind == .object else { throw wrongType(key, value, "an object") }
        return value
    }

    /// Evidence that a field states a value.
    func evidence(_ key: StaticString, _ method: Evidence.Method = .stated) -> Evidence {
        Evidence(prefix.isEmpty ? key.description : "\(prefix)\(key)", method)
    }

    func sourced(_ key: StaticString) throws(RecordError) -> Sourced<String>? {
        guard let text = try string(key) else { return nil }
        return Sourced(text, evidence(key))
    }

    private func wrongType(_ key: StaticString, _ value: JSONValue, _ expected: String) -> RecordError {
        RecordError(
            name: name,
            reason: "the field '\(prefix)\(key)' should be \(expected) but is \(value.kind.rawValue)")
    }
}

extension JSONDocument {
    /// Reads a record's text, naming what is wrong with it as a reason to lose the record.
    static func record(_ record: RawRecord) throws(RecordError) -> JSONValue {
        do throws(JSONError) {
            return try JSONDocument(record.bytes, limits: JSONLimits(size: RecordLimits.size)).root
        } catch {
            throw RecordError(name: RecordLimits.guessedName(in: record.bytes), reason: "is not JSON that can be read: \(error)")
        }
    }
}

/// What one record may cost.
enum RecordLimits {
    /// Bytes of one record. The largest real ones list some 100,000 files.
    static let size = 32 << 20
    static let tags = 10_000
    static let tagLength = 1_000
    static let files = 200_000
    /// Bytes of JSON of one fact.
    static let fact = 64 << 10

    /// The name in a record that cannot be read: the first text after `"id":`. Only for messages.
    static func guessedName(in bytes: ArraySlice<UInt8>) -> String? {
        let marker = Array("\"id\":\"".utf8)
        let head = bytes.prefix(4096).filter { $0 != 0x20 }
        guard let start = head.indices.first(where: { head[$0...].starts(with: marker) }) else { return nil }
        let name = head[(start + marker.count)...].prefix { $0 != UInt8(ascii: "\"") && $0 >= 0x20 }
        return name.isEmpty || name.count > 200 ? nil : String(decoding: name, as: UTF8.self)
    }
}

extension PackageID {
    /// A name from a record, or the reason to lose the record.
    static func checked(hub: HubID, name: String) throws(RecordError) -> PackageID {
        do throws(InvalidPackageName) {
            return try PackageID(hub: hub, name: name)
        } catch {
            throw RecordError(name: name, reason: "its name \(error.problem)")
        }
    }
}
