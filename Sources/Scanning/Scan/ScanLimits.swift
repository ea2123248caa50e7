public import ModelFormats

/// How far a scan goes. Whatever meets a limit is reported as not scanned; nothing that a limit cuts off is called clean.
public struct ScanLimits: Sendable {
    /// How deep archives and pickles may be in each other.
    public var depth = 16
    /// Bytes that one file may unpack to, all its parts together.
    public var bytes = 8 << 30
    /// Bytes that one packed member may unpack to in memory.
    public var memberBytes = 512 << 20
    /// Seconds that one file may take.
    public var seconds = 120.0
    /// Members of one file's archives, together.
    public var members = 200_000
    /// Pickles one behind the other in a file.
    public var streams = 100_000
    /// Findings of one file; more are counted and not told.
    public var findings = 500

    public init() {}

    var reading: ReadLimits {
        var limits = ReadLimits()
        limits.unpacked = memberBytes
        limits.dataObjects = 500_000
        limits.objects = 40_000_000
        return limits
    }
}

/// A limit that a file met: what was not looked at is told with it.
struct ScanLimitReached: Error, CustomStringConvertible {
    let description: String
}
