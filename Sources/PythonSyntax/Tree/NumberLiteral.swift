import Foundation

/// The value of a number as it is written.
enum NumberLiteral {
    /// Decimal digits.
    case integer(String)
    case real(Double)
    /// The imaginary part.
    case imaginary(Double)

    init(_ text: String) {
        var text = text.replacing("_", with: "").lowercased()
        if text.hasSuffix("l") { text.removeLast() }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            self = .integer(Self.decimal(text.dropFirst(2), radix: radix))
            return
        }
        if text.hasSuffix("j") {
            self = .imaginary(Double(Self.completed(String(text.dropLast()))) ?? .infinity)
        } else if text.contains(".") || text.contains("e") {
            self = .real(Double(Self.completed(text)) ?? .infinity)
        } else if text.first == "0", text.contains(where: { $0 != "0" }) {
            // Octal, as Python 2 writes it.
            self = .integer(
                text.allSatisfy { "01234567".contains($0) } ? Self.decimal(text[...], radix: 8) : String(text.drop { $0 == "0" }))
        } else {
            let digits = text.drop { $0 == "0" }
            self = .integer(digits.isEmpty ? "0" : String(digits))
        }
    }

    /// A form that `Double` reads: digits on both sides of the point.
    private static func completed(_ text: String) -> String {
        var text = text
        if text.hasPrefix(".") { text = "0" + text }
        if text.hasSuffix(".") { text += "0" }
        return text.replacing(".e", with: ".0e")
    }

    /// Digits of another radix as decimal ones, of any length.
    private static func decimal(_ digits: Substring, radix: Int) -> String {
        if let small = UInt64(digits, radix: radix) { return String(small) }
        // Billions, the lowest first.
        var limbs: [UInt64] = [0]
        for digit in digits {
            var carry = UInt64(digit.hexDigitValue ?? 0)
            for index in limbs.indices {
                let value = limbs[index] * UInt64(radix) + carry
                limbs[index] = value % 1_000_000_000
                carry = value / 1_000_000_000
            }
            if carry > 0 { limbs.append(carry) }
        }
        let last = limbs.last ?? 0
        return String(last)
            + limbs.dropLast().reversed().map { String(repeating: "0", count: 9 - String($0).count) + String($0) }.joined()
    }
}
