/// Integers of more than 64 bits, which are kept as decimal digits, as bytes.
enum LargeIntegers {
    /// Longer numbers are not known.
    private static let longest = 1 << 14

    /// The bytes of a decimal number that is not negative, the most significant one first and none of them in vain.
    static func bytes(decimal digits: String) -> [UInt8]? {
        guard digits.utf8.count <= longest else { return nil }
        var limbs: [UInt32] = []
        for digit in digits.utf8 {
            guard (0x30...0x39).contains(digit) else { return nil }
            var carry = UInt64(digit - 0x30)
            for index in limbs.indices {
                let value = UInt64(limbs[index]) * 10 + carry
                limbs[index] = UInt32(truncatingIfNeeded: value)
                carry = value >> 32
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        let all = limbs.reversed().flatMap { limb in (0..<4).reversed().map { UInt8(truncatingIfNeeded: limb >> (8 * $0)) } }
        return Array(all.drop { $0 == 0 })
    }

    /// A number as Python has it, by its bytes, the most significant one first.
    static func number(_ bytes: some Collection<UInt8>) -> Atom? {
        let plain = Array(bytes.drop { $0 == 0 })
        guard plain.count <= longest / 4 else { return nil }
        if plain.count < 8 || plain.count == 8 && plain[0] < 0x80 { return .int(plain.reduce(0) { $0 << 8 | Int($1) }) }
        var limbs: [UInt32] = []
        for byte in plain {
            var carry = UInt64(byte)
            for index in limbs.indices {
                let value = UInt64(limbs[index]) << 8 | carry
                limbs[index] = UInt32(value % 1_000_000_000)
                carry = value / 1_000_000_000
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        let rest = limbs.dropLast().reversed().map { limb in
            let text = String(limb)
            return String(repeating: "0", count: 9 - text.count) + text
        }
        return .largeInt((limbs.last.map(String.init) ?? "0") + rest.joined())
    }

    /// `n.to_bytes(…)` of a number's bytes.
    static func padded(_ bytes: [UInt8], count: Int, isLittle: Bool) -> [UInt8]? {
        guard bytes.count <= count, count <= longest else { return nil }
        let all = [UInt8](repeating: 0, count: count - bytes.count) + bytes
        return isLittle ? all.reversed() : all
    }

    /// A number by its digits in base 16.
    static func number(hexadecimal digits: String) -> Atom? {
        guard !digits.isEmpty, digits.utf8.count <= longest else { return nil }
        let even = digits.utf8.count % 2 == 0 ? digits : "0" + digits
        return Encodings.hexadecimal(even.utf8, ignoresSpace: false).flatMap { number($0) }
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let text = bytes.map { Formatting.hexadecimal(Int($0), width: 2) }.joined()
        return String(text.drop { $0 == "0" })
    }
}
