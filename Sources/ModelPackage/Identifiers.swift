/// A git object id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. Names a commit or a git blob.
public struct GitObjectID: Hashable, Sendable, CustomStringConvertible {
    public let hex: String

    /// Nil for anything but 40 or 64 hexadecimal digits. Upper case is folded.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40 || text.utf8.count == 64, let hex = lowercaseHex(text) else { return nil }
        self.hex = hex
    }

    /// - Parameter digest: the 20 bytes of a SHA-1, or the 32 of a SHA-256.
    public init(digest: some Collection<UInt8>) {
        precondition(digest.count == 20 || digest.count == 32, "a git object id has 20 or 32 bytes")
        hex = hexadecimal(digest)
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

    /// - Parameter digest: the 32 bytes of the hash.
    public init(digest: some Collection<UInt8>) {
        precondition(digest.count == 32, "a SHA-256 has 32 bytes")
        hex = hexadecimal(digest)
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

private func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
        }
    }
    return String(decoding: text, as: UTF8.self)
}
