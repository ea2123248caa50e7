import Crypto

extension Finding {
    /// Tells the same finding again in a later scan, also where lines or bytes have moved: SHA-256 of rule, path, member and message, in 32 hexadecimal digits.
    public func fingerprint(path: String) -> String {
        let text = [rule.id, path, evidence.member ?? "", message.filter { !$0.isNumber }].joined(separator: "\u{1f}")
        return SHA256.hash(data: Array(text.utf8)).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
