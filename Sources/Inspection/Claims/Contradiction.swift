/// Two or more statements of one fact that cannot all be true.
public struct Contradiction: Sendable, Equatable {
    /// The fact: `parameters`, `hidden_size`, `dtype`, `format` and so on.
    public var about: String
    public var claims: [Claim]

    /// A value, and who says it.
    public struct Claim: Sendable, Equatable {
        public var value: String
        /// The tensor, file or name that it is read from.
        public var source: String
    }
}
