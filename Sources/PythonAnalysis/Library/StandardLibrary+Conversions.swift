import PythonSyntax

/// Functions that turn one constant into another.
extension StandardLibrary {
    static let conversions: [String: Function] = [
        "str": { interpreter, arguments, place in
            guard let value = arguments.argument(0, "object") else { return Value(text(""), Evidence(place)) }
            if arguments.positional.count > 1 || arguments["encoding"] != nil {
                return Methods.onConstants(arguments, at: place, in: interpreter) { atoms, keywords in
                    guard case .bytes(let bytes)? = atoms.first,
                        case .text(let name)? = atoms.count > 1 ? atoms[1] : keywords["encoding"]
                    else { return nil }
                    return Encodings.decode(bytes, name.string).map { text($0) }
                }
            }
            return interpreter.lift([value], at: place) {
                interpreter.formatted($0[0], conversion: UInt8(ascii: "s"), "").map { text($0) }
            }
        },
        "repr": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) {
                interpreter.formatted($0[0], conversion: UInt8(ascii: "r"), "").map { text($0) }
            }
        },
        "format": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) { atoms in
                var specification = ""
                if atoms.count > 1 { if case .text(let text) = atoms[1] { specification = text.string } else { return nil } }
                return interpreter.formatted(atoms[0], conversion: nil, specification).map { text($0) }
            }
        },
        "int": { interpreter, arguments, place in
            if arguments.positional.isEmpty { return Value(.int(0), Evidence(place)) }
            return Methods.onConstants(arguments, at: place, in: interpreter) { atoms, keywords in integer(atoms, keywords) }
        },
        "float": plain { atoms, _ in
            switch atoms.first {
            case .text(let text)?: Double(text.string.trimmingWhitespace).map { .float($0) }
            case .int(let value)?: .float(Double(value))
            case .float(let value)?: .float(value)
            case .bool(let value)?: .float(value ? 1 : 0)
            case nil: .float(0)
            default: nil
            }
        },
        "bool": { interpreter, arguments, place in
            guard let value = arguments[0] else { return Value(.bool(false), Evidence(place)) }
            return interpreter.lift([value], at: place) { interpreter.truth($0[0]).map { .bool($0) } }
        },
        "chr": character, "unichr": character,
        "ord": plain { atoms, _ in
            switch atoms.first {
            case .text(let text)?: text.scalars.count == 1 ? .int(Int(text.scalars[0].value)) : nil
            case .bytes(let bytes)?: bytes.count == 1 ? .int(Int(bytes[0])) : nil
            default: nil
            }
        },
        "hex": plain { atoms, _ in
            if case .largeInt(let digits)? = atoms.first {
                return LargeIntegers.bytes(decimal: digits).map { text("0x" + LargeIntegers.hexadecimal($0)) }
            }
            return number(atoms).map { text(($0 < 0 ? "-0x" : "0x") + String($0.magnitude, radix: 16)) }
        },
        "oct": plain { atoms, _ in number(atoms).map { text(($0 < 0 ? "-0o" : "0o") + String($0.magnitude, radix: 8)) } },
        "bin": plain { atoms, _ in number(atoms).map { text(($0 < 0 ? "-0b" : "0b") + String($0.magnitude, radix: 2)) } },
        "abs": plain { atoms, _ in
            switch atoms.first {
            case .int(let value)?: value == .min ? nil : .int(abs(value))
            case .float(let value)?: .float(abs(value))
            default: nil
            }
        },
        "round": plain { atoms, _ in
            switch atoms.first {
            case .float(let value)?:
                atoms.count == 1 ? Int(exactly: value.rounded(.toNearestOrEven)).map { .int($0) } : nil
            case .int(let value)?: atoms.count == 1 ? .int(value) : nil
            default: nil
            }
        },
        "pow": plain { atoms, _ in
            if atoms.count == 2 { return Arithmetic.binary(.Pow, atoms[0], atoms[1]) }
            guard atoms.count == 3, case .int(let base) = atoms[0], case .int(var exponent) = atoms[1],
                case .int(let modulus) = atoms[2],
                exponent >= 0, modulus > 0, modulus < 1 << 31
            else { return nil }
            var result = 1 % modulus
            var factor = ((base % modulus) + modulus) % modulus
            while exponent > 0 {
                if exponent & 1 == 1 { result = result * factor % modulus }
                factor = factor * factor % modulus
                exponent >>= 1
            }
            return .int(result)
        },
        "divmod": plain { atoms, _ in
            guard atoms.count == 2, let quotient = Arithmetic.binary(.FloorDiv, atoms[0], atoms[1]),
                let rest = Arithmetic.binary(.Mod, atoms[0], atoms[1])
            else { return nil }
            return .tuple([Value(quotient), Value(rest)])
        },
        "bytes": { interpreter, arguments, place in bytes(interpreter, arguments, place) },
        "bytearray": { interpreter, arguments, place in
            guard let value = bytes(interpreter, arguments, place) else { return nil }
            return interpreter.each(value) {
                interpreter.newSequence(interpreter.elements(of: Value($0.atom, $0.evidence)), at: place, kind: .byteArray)
            }
        },
        "slice": { _, arguments, place in
            let none = Value(Atom.none)
            switch arguments.positional.count {
            case 1: return Value(.slice(none, arguments.positional[0], none), Evidence(place))
            case 2, 3:
                return Value(.slice(arguments.positional[0], arguments.positional[1], arguments[2] ?? none), Evidence(place))
            default: return nil
            }
        },
        "ascii": { interpreter, arguments, place in
            interpreter.lift(arguments.positional, at: place) {
                interpreter.formatted($0[0], conversion: UInt8(ascii: "a"), "").map { text($0) }
            }
        },
        "memoryview": { _, arguments, _ in arguments[0] },
    ]

    static let character = plain { atoms, _ in
        guard let scalar = number(atoms).flatMap({ UInt32(exactly: $0) }).flatMap({ Unicode.Scalar($0) }) else { return nil }
        return .text(PythonText(CollectionOfOne(scalar)))
    }

    static func number(_ atoms: [Atom]) -> Int? {
        if case .int(let value)? = atoms.first { return value }
        return nil
    }

    static func integer(_ atoms: [Atom], _ keywords: [String: Atom]) -> Atom? {
        var radix = 10
        switch atoms.count > 1 ? atoms[1] : keywords["base"] {
        case .int(let value)?: radix = value
        case nil: break
        default: return nil
        }
        switch atoms.first {
        case .int(let value)?: return .int(value)
        case .bool(let value)?: return .int(value ? 1 : 0)
        case .float(let value)?: return Int(exactly: value.rounded(.towardZero)).map { .int($0) }
        case .text(let text)?: return digits(text.string, radix)
        case .bytes(let bytes)?: return String(validating: bytes, as: UTF8.self).flatMap { digits($0, radix) }
        default: return nil
        }
    }

    static func digits(_ text: String, _ radix: Int) -> Atom? {
        if radix == 16, text.utf8.count > 15 {
            let plain = text.trimmingWhitespace.lowercased()
            return LargeIntegers.number(hexadecimal: plain.hasPrefix("0x") ? String(plain.dropFirst(2)) : plain)
        }
        var digits = text.trimmingWhitespace.replacing("_", with: "").lowercased()
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        var base = radix
        for (prefix, value) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) && (radix == value || radix == 0)
        {
            digits.removeFirst(2)
            base = value
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), digits.first?.isNumber == true || digits.first?.isLetter == true,
            let value = Int(digits, radix: base)
        else { return nil }
        return .int(isNegative ? -value : value)
    }

    static func bytes(_ interpreter: Interpreter, _ arguments: Arguments, _ place: Site) -> Value? {
        guard let value = arguments[0] else { return Value(.bytes([]), Evidence(place)) }
        let encoding = arguments.argument(1, "encoding")
        return interpreter.lift([value, encoding ?? Value(text("utf-8"))], at: place) { atoms in
            switch atoms[0] {
            case .bytes(let bytes): return .bytes(bytes)
            case .text(let text):
                guard encoding != nil, case .text(let name) = atoms[1] else { return nil }
                return Encodings.encode(text.string, name.string).map { .bytes($0) }
            case .int(let count): return (0...4_096).contains(count) ? .bytes(Array(repeating: 0, count: count)) : nil
            default: return interpreter.elements(of: Value(atoms[0])).bytes.map { .bytes($0) }
            }
        }
    }
}
