/// Whole numbers and bytes as `struct` packs them. Floats and native alignment are left out.
struct Packing {
    private var fields: [(code: Character, width: Int)] = []
    private var isLittle = true

    init?(_ format: String) {
        var rest = format[...]
        guard let first = rest.first else { return nil }
        switch first {
        case "<": isLittle = true
        case ">", "!": isLittle = false
        default: return nil
        }
        rest = rest.dropFirst()
        while let character = rest.first {
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let code = rest.popFirst() else { return nil }
            let count = digits.isEmpty ? 1 : Int(digits) ?? -1
            guard (0...65_536).contains(count), character != " " else { return nil }
            if code == "s" {
                fields.append((code, count))
                continue
            }
            let width = ["b": 1, "B": 1, "x": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 4, "L": 4, "q": 8, "Q": 8][code]
            guard let width, fields.count + count <= 65_536 else { return nil }
            fields += Array(repeating: (code, width), count: count)
        }
    }

    var size: Int { fields.reduce(0) { $0 + $1.width } }

    func packed(_ atoms: [Atom]) -> [UInt8]? {
        var out: [UInt8] = []
        var rest = atoms[...]
        for (code, width) in fields {
            if code == "x" {
                out.append(0)
            } else if code == "s" {
                guard case .bytes(let bytes)? = rest.popFirst() else { return nil }
                out += bytes.prefix(width) + Array(repeating: 0, count: max(0, width - bytes.count))
            } else {
                guard case .int(let value)? = rest.popFirst() else { return nil }
                let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
                out += isLittle ? little : little.reversed()
            }
        }
        return rest.isEmpty ? out : nil
    }

    func unpacked(_ bytes: [UInt8]) -> [Atom]? {
        guard bytes.count == size else { return nil }
        var atoms: [Atom] = []
        var place = 0
        for (code, width) in fields {
            let part = bytes[place..<(place + width)]
            place += width
            switch code {
            case "x": break
            case "s": atoms.append(.bytes(Array(part)))
            default:
                let unsigned = (isLittle ? part.reversed() : Array(part)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                if code.isUppercase {
                    guard let value = Int(exactly: unsigned) else { return nil }
                    atoms.append(.int(value))
                } else {
                    let shift = UInt64(64 - 8 * width)
                    atoms.append(.int(Int(Int64(bitPattern: unsigned << shift) >> Int64(shift))))
                }
            }
        }
        return atoms
    }
}
