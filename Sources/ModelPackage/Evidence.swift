/// Where a value comes from: the place that was read, and how the value was got from it.
public struct Evidence: Hashable, Sendable, CustomStringConvertible {
    /// How the value was got from its place.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// The place states the value as such.
        case stated
        /// The value follows from the place by a documented rule (an address made from a name, a licence's name mapped
        /// to its identifier).
        case derived
        /// The value was found in running text by a pattern (a paper's address in a card).
        case found
    }

    /// A field of the hub's record such as `cardData.license`, or a file and line such as `README.md:30`.
    public let place: String
    public let method: Method

    public init(_ place: String, _ method: Method = .stated) {
        self.place = place
        self.method = method
    }

    /// A line, counted from 1, of a file of the hub or of the package.
    public init(file: String, line: Int, _ method: Method = .stated) {
        self.init("\(file):\(line)", method)
    }

    public var description: String { method == .stated ? place : "\(place) (\(method.rawValue))" }
}

/// A value with its evidence.
public struct Sourced<Value: Sendable>: Sendable {
    public var value: Value
    public var evidence: Evidence

    public init(_ value: Value, _ evidence: Evidence) {
        self.value = value
        self.evidence = evidence
    }
}

extension Sourced: Equatable where Value: Equatable {}
extension Sourced: Hashable where Value: Hashable {}
