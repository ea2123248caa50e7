/// How a dataset is served.
public struct ServerSettings: Sendable {
    /// The address to listen at.
    public var host = "127.0.0.1"
    /// 0 for any port that is free.
    public var port = 8080
    /// Who may ask; nil where everybody may.
    public var tokens: TokenBook?
    public var limits = ServerLimits()
    /// Where the lines of the access log go; nil for nowhere.
    public var accessLog: (@Sendable ([UInt8]) -> Void)?
    /// Seconds that answers under way get when the server is stopped.
    public var gracePeriod: Double = 10

    public init() {}
}

/// What one client, and all together, may take of the server.
public struct ServerLimits: Sendable {
    /// Connections that are open at once; further ones wait to be accepted.
    public var connections = 16_384
    /// Bytes of all headers of a request.
    public var headerBytes = 32 << 10
    /// Fields of a request's header.
    public var headerFields = 100
    /// Seconds within which a request's head and body must have come; a connection without a request is closed after the same time.
    public var requestSeconds: Double = 30
    /// Seconds without any progress after which an answer is given up.
    public var stalledSeconds: Double = 120
    /// Requests a second that one address may make in the long run; nil for any number.
    public var requestsPerSecond: Double?
    /// Wrong tokens that one address may show within a minute.
    public var wrongTokens = 10

    public init() {}
}
