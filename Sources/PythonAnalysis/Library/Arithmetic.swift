import Foundation
import PythonSyntax

/// Python's operators on constants. What overflows 64 bits, or would grow too large, is not known (nil).
enum Arithmetic {
    /// Texts and bytes do not grow longer than this.
    static let longestText = 1 << 22

    static func isText(_ value: Value) -> Bool {
        !value.candidates.isEmpty
            && value.candidates.allSatisfy {
                switch $0.atom {
                case .text, .template: true
                default: false
                }
            }
    }

    /// The method that a class defines for an operator, without its underscores (The Python Language Reference, section 3.3.8).
    static func methodName(_ operation: OperatorKind) -> String? {
        switch operation {
        case .Add: "add"
        case .Sub: "sub"
        case .Mult: "mul"
        case .Div: "truediv"
        case .FloorDiv: "floordiv"
        case .Mod: "mod"
        case .BitOr: "or"
        case .BitAnd: "and"
        case .LShift: "lshift"
        case .RShift: "rshift"
        default: nil
        }
    }

    // MARK: One operand

    static func unary(_ operation: OperatorKind, _ atom: Atom) -> Atom? {
        switch (operation, number(atom)) {
        case (.USub, .int(let value)?): value == .min ? nil : .int(-value)
        case (.UAdd, .int(let value)?): .int(value)
        case (.Invert, .int(let value)?): .int(~value)
        case (.USub, .float(let value)?): .float(-value)
        case (.UAdd, .float(let value)?): .float(value)
        default: nil
        }
    }

    enum Number {
        case int(Int), float(Double)
    }

    static func number(_ atom: Atom) -> Number? {
        switch atom {
        case .bool(let value): .int(value ? 1 : 0)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        default: nil
        }
    }

    // MARK: Two operands

    static func binary(_ operation: OperatorKind, _ left: Atom, _ right: Atom) -> Atom? {
        if case .bool(let a) = left, case .bool(let b) = right {
            switch operation {
            case .BitAnd: return .bool(a && b)
            case .BitOr: return .bool(a || b)
            case .BitXor: return .bool(a != b)
            default: break
            }
        }
        if let a = number(left), let b = number(right) {
            if case .int(let a) = a, case .int(let b) = b { return integers(operation, a, b) }
            return reals(operation, a, b)
        }
        switch (operation, left, right) {
        case (.Add, .text(let a), .text(let b)):
            return a.string.utf8.count + b.string.utf8.count <= longestText ? .text(PythonText(a.string + b.string)) : nil
        case (.Add, .template, .text), (.Add, .text, .template), (.Add, .template, .template): return concatenated([left, right])
        case (.Add, .bytes(let a), .bytes(let b)): return a.count + b.count <= longestText ? .bytes(a + b) : nil
        case (.Add, .tuple(let a), .tuple(let b)): return .tuple(a + b)
        case (.Mult, .text(let text), .int(let count)), (.Mult, .int(let count), .text(let text)):
            guard count <= longestText, text.string.utf8.count * max(0, count) <= longestText else { return nil }
            return .text(PythonText(String(repeating: text.string, count: max(0, count))))
        case (.Mult, .text, .bool(let flag)): return binary(.Mult, left, .int(flag ? 1 : 0))
        case (.Mult, .bytes(let bytes), .int(let count)), (.Mult, .int(let count), .bytes(let bytes)):
            guard count <= longestText, bytes.count * max(0, count) <= longestText else { return nil }
            return .bytes(Array(repeatElement(bytes, count: max(0, count)).joined()))
        case (.Mult, .tuple(let members), .int(let count)), (.Mult, .int(let count), .tuple(let members)):
            guard count <= 4_096, members.count * max(0, count) <= 4_096 else { return nil }
            return .tuple(Array(repeatElement(members, count: max(0, count)).joined()))
        case (.Div, .path(let path), .text(let name)), (.Div, .path(let path), .path(let name)):
            return .path(PythonText(Paths.join([path.string, name.string])))
        case (.Div, .text(let name), .path(let path)): return .path(PythonText(Paths.join([name.string, path.string])))
        default: return nil
        }
    }

    private static func integers(_ operation: OperatorKind, _ a: Int, _ b: Int) -> Atom? {
        func checked(_ result: (partialValue: Int, overflow: Bool)) -> Atom? { result.overflow ? nil : .int(result.partialValue) }
        switch operation {
        case .Add: return checked(a.addingReportingOverflow(b))
        case .Sub: return checked(a.subtractingReportingOverflow(b))
        case .Mult: return checked(a.multipliedReportingOverflow(by: b))
        case .Div: return b == 0 ? nil : .float(Double(a) / Double(b))
        case .FloorDiv:
            guard b != 0, !(a == .min && b == -1) else { return nil }
            return .int(a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0))
        case .Mod:
            guard b != 0, b != -1 else { return b == 0 ? nil : .int(0) }
            let rest = a % b
            return .int(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
        case .Pow:
            guard b >= 0 else { return a == 0 ? nil : .float(pow(Double(a), Double(b))) }
            var result = 1
            for _ in 0..<min(b, 64) {
                let (value, overflow) = result.multipliedReportingOverflow(by: a)
                if overflow { return nil }
                result = value
            }
            return b <= 64 || abs(a) <= 1 ? .int(b > 64 && a == -1 && b % 2 == 1 ? -1 : b > 64 ? a * a : result) : nil
        case .LShift:
            guard b >= 0, b < 63, (a << b) >> b == a else { return nil }
            return .int(a << b)
        case .RShift: return b < 0 ? nil : .int(a >> min(b, 63))
        case .BitOr: return .int(a | b)
        case .BitAnd: return .int(a & b)
        case .BitXor: return .int(a ^ b)
        default: return nil
        }
    }

    private static func reals(_ operation: OperatorKind, _ left: Number, _ right: Number) -> Atom? {
        func double(_ number: Number) -> Double {
            switch number {
            case .int(let value): Double(value)
            case .float(let value): value
            }
        }
        let a = double(left)
        let b = double(right)
        switch operation {
        case .Add: return .float(a + b)
        case .Sub: return .float(a - b)
        case .Mult: return .float(a * b)
        case .Div: return b == 0 ? nil : .float(a / b)
        case .FloorDiv: return b == 0 ? nil : .float(((a - remainder(a, b)) / b).rounded())
        case .Mod: return b == 0 ? nil : .float(remainder(a, b))
        case .Pow: return .float(pow(a, b))
        default: return nil
        }
    }

    /// What Python's `%` gives: with the sign of the divisor.
    private static func remainder(_ a: Double, _ b: Double) -> Double {
        let rest = fmod(a, b)
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }

    /// Texts one behind the other, with gaps where a part is not a known text.
    static func concatenated(_ atoms: [Atom]) -> Atom? {
        var parts: [String?] = []
        var length = 0
        func add(_ part: String?) {
            length += part?.utf8.count ?? 0
            if let part, let last = parts.last, let last {
                parts[parts.count - 1] = last + part
            } else if part != nil || parts.isEmpty || parts.last != .some(nil) {
                parts.append(part)
            }
        }
        for atom in atoms {
            switch atom {
            case .text(let text): add(text.string)
            case .template(let others): for part in others { add(part) }
            default: add(nil)
            }
            if length > longestText { return nil }
        }
        if parts.count == 1, let only = parts[0] { return .text(PythonText(only)) }
        return parts.isEmpty ? .text(PythonText("")) : .template(parts)
    }

    // MARK: Comparison

    static func compare(_ operation: OperatorKind, _ left: PythonConstant, _ right: PythonConstant) -> Bool? {
        switch operation {
        case .Eq: return isEqual(left, right)
        case .NotEq: return !isEqual(left, right)
        default: break
        }
        guard let order = order(left, right) else { return nil }
        switch operation {
        case .Lt: return order < 0
        case .LtE: return order <= 0
        case .Gt: return order > 0
        case .GtE: return order >= 0
        default: return nil
        }
    }

    private static func double(_ constant: PythonConstant) -> Double? {
        switch constant {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    private static func isEqual(_ left: PythonConstant, _ right: PythonConstant) -> Bool {
        if case .int(let a) = left, case .int(let b) = right { return a == b }
        if let a = double(left), let b = double(right) { return a == b }
        switch (left, right) {
        case (.text(let a), .text(let b)), (.path(let a), .path(let b)): return a.utf8.elementsEqual(b.utf8)
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1) }
        case (.set(let a), .set(let b)): return Set(a) == Set(b)
        case (.dictionary(let a), .dictionary(let b)): return Set(a) == Set(b)
        default: return left == right
        }
    }

    /// Less than, equal or greater than zero; nil where Python does not order the two.
    static func order(_ left: PythonConstant, _ right: PythonConstant) -> Int? {
        if case .int(let a) = left, case .int(let b) = right { return a < b ? -1 : a > b ? 1 : 0 }
        if let a = double(left), let b = double(right) { return a < b ? -1 : a > b ? 1 : 0 }
        func byUnits<Units: Sequence>(_ a: Units, _ b: Units) -> Int where Units.Element: Comparable {
            a.lexicographicallyPrecedes(b) ? -1 : b.lexicographicallyPrecedes(a) ? 1 : 0
        }
        switch (left, right) {
        case (.text(let a), .text(let b)): return byUnits(a.unicodeScalars.map(\.value), b.unicodeScalars.map(\.value))
        case (.bytes(let a), .bytes(let b)): return byUnits(a, b)
        case (.tuple(let a), .tuple(let b)), (.list(let a), .list(let b)):
            for (mine, theirs) in zip(a, b) where !isEqual(mine, theirs) { return order(mine, theirs) }
            return a.count < b.count ? -1 : a.count > b.count ? 1 : 0
        default: return nil
        }
    }

    // MARK: Items

    /// A character, byte or slice of a text or of bytes.
    static func item(_ key: Atom, of container: Atom) -> Atom? {
        switch (container, key) {
        case (.text(let text), .int(let index)):
            let scalars = text.scalars
            let number = index < 0 ? index + scalars.count : index
            return scalars.indices.contains(number) ? .text(PythonText(CollectionOfOne(scalars[number]))) : nil
        case (.bytes(let bytes), .int(let index)):
            let number = index < 0 ? index + bytes.count : index
            return bytes.indices.contains(number) ? .int(Int(bytes[number])) : nil
        case (.text(let text), .slice(let lower, let upper, let step)):
            let scalars = text.scalars
            return indices(lower, upper, step, count: scalars.count).map { .text(PythonText($0.map { scalars[$0] })) }
        case (.bytes(let bytes), .slice(let lower, let upper, let step)):
            return indices(lower, upper, step, count: bytes.count).map { .bytes($0.map { bytes[$0] }) }
        default: return nil
        }
    }

    /// The indices that a slice takes (The Python Language Reference, section 6.3.3); nil where a bound is not known.
    static func indices(_ lower: Value, _ upper: Value, _ step: Value, count: Int) -> [Int]? {
        func bound(_ value: Value) -> Int?? {
            switch value.only {
            case Atom.none?: .some(nil)
            case .int(let number)?: .some(number)
            case .bool(let flag)?: .some(flag ? 1 : 0)
            default: nil
            }
        }
        guard let first = bound(lower), let last = bound(upper), let stride = bound(step) else { return nil }
        let by = stride ?? 1
        guard by != 0, by != .min else { return nil }
        func clamped(_ value: Int?, _ fallback: Int) -> Int {
            guard let value else { return fallback }
            let number = value < 0 ? max(value, -count - 1) + count : min(value, count)
            return by > 0 ? min(max(number, 0), count) : min(max(number, -1), count - 1)
        }
        let start = clamped(first, by > 0 ? 0 : count - 1)
        let end = clamped(last, by > 0 ? count : -1)
        return Array(Swift.stride(from: start, to: end, by: by))
    }
}
