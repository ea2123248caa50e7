/// The value of a constant.
public enum Literal: Sendable {
    /// Code points, lone surrogates among them.
    case string([UInt32])
    case bytes([UInt8])
    /// Decimal digits.
    case integer(String)
    case real(Double)
    /// A complex number without a real part.
    case imaginary(Double)
    case boolean(Bool)
    case none
    case ellipsis
}

extension SyntaxTree {
    /// The value of a node of the kind `Constant` or `MatchSingleton`.
    public func literal(_ id: NodeID) -> Literal {
        let node = nodes[Int(id)]
        switch ConstantKind(rawValue: node.flag) {
        case .str?: return .string(joined(node).units)
        case .bytes?: return .bytes(joined(node).units.map { UInt8(truncatingIfNeeded: $0) })
        case .text?: return .string(text(node).units)
        case .number?:
            if let small = smallInteger(Int(node.start)..<Int(node.end)) { return .integer(small) }
            switch NumberLiteral(source.text(Int(node.start)..<Int(node.end))) {
            case .integer(let digits): return .integer(digits)
            case .real(let value): return .real(value)
            case .imaginary(let value): return .imaginary(value)
            }
        case .true?: return .boolean(true)
        case .false?: return .boolean(false)
        case ConstantKind.none?: return .none
        case .ellipsis?, nil: return .ellipsis
        }
    }

    /// The digits of a short decimal number, which most numbers are.
    private func smallInteger(_ range: Range<Int>) -> String? {
        guard range.count < 16, source.bytes[range.lowerBound] != UInt8(ascii: "0") || range.count == 1 else { return nil }
        for byte in source.bytes[range] where byte &- 0x30 > 9 { return nil }
        return source.text(range)
    }

    /// String tokens side by side.
    private func joined(_ node: Node) -> StringLiteral {
        var literal = StringLiteral(source)
        let first = Int(extra[Int(node.data)])
        for token in first..<(first + Int(extra[Int(node.data) + 1])) {
            literal.add(token: Int(tokens.starts[token])..<Int(tokens.ends[token]))
        }
        return literal
    }

    /// What stands between the expressions of an f-string.
    private func text(_ node: Node) -> StringLiteral {
        var literal = StringLiteral(source)
        let pieces = NodeList(extra, at: node.data)
        for index in stride(from: 0, to: pieces.count, by: 3) {
            let range = Int(pieces[index + 1])..<Int(pieces[index + 2])
            switch TextPiece(rawValue: pieces[index]) {
            case .string?: literal.add(token: range)
            case .middle?: literal.add(middle: range, isRaw: false)
            case .rawMiddle?: literal.add(middle: range, isRaw: true)
            case .verbatim?, nil: literal.add(verbatim: range)
            }
        }
        return literal
    }
}
