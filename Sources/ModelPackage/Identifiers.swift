/// A git object id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. Names a commit or a git blob.
public struct GitObjectID: Hashable, Sendable, CustomStringConvertible {
    public let hex: String

    /// Nil for anything but 40 or 64 hexadecimal digits. Upper case is folded.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40 || text.utf8.count == 64, let hex = lowercaseHex(text) else { return nil }
        self.hex = hex
    }

    public var description: String { hex }
}

/// The SHA-256 of a file's content: 64 lower-case hexadecimal digits.
public struct SHA256Hash: Hashable, Sendable, CustomStringConvertible {
    public let hex: String

    /// Nil for anything but 64 hexadecimal digits. Upper case is folded.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 64, let hex = lowercaseHex(text) else { return nil }
        self.hex = hex
    }

    public var description: String { hex }
}

private func lowercaseHex(_ text: some StringProtocol) -> String? {
    var needsFolding = false
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): continue
        case UInt8(ascii: "A")...UInt8(ascii: "F"): needsFolding = true
        default: return nil
        }
    }
    return needsFolding ? text.lowercased() : String(text)
}
