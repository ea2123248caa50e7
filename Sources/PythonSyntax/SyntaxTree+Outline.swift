extension SyntaxTree {
    /// The tree for people: a line a node, indented, with its place and what it is called.
    public func outline() -> [String] {
        var lines: [String] = []
        var waiting: [(id: NodeID, depth: Int)] = [(root, 0)]
        while let (id, depth) = waiting.popLast() {
            let place = source.position(range(id).lowerBound)
            lines.append("\(String(repeating: "  ", count: depth))\(kind(id))\(label(id)) \(place.line):\(place.column + 1)")
            for child in children(id).reversed() { waiting.append((child, depth + 1)) }
        }
        return lines
    }

    /// What a node is called, or the constant that it is.
    private func label(_ id: NodeID) -> String {
        switch kind(id) {
        case .FunctionDef, .AsyncFunctionDef, .ClassDef, .arg, .TypeVar, .ParamSpec, .TypeVarTuple:
            return " \(identifier(slot(id, 0)))"
        case .Name: return nodes[Int(id)].flag == 0xff ? " repr" : " \(identifier(nodes[Int(id)].data))"
        case .Attribute: return " .\(identifier(slot(id, 1)))"
        case .keyword: return slot(id, 0) == 0 ? " **" : " \(identifier(slot(id, 0)))="
        case .Constant:
            let text = source.text(range(id))
            return " \(text.count > 60 ? text.prefix(60) + "…" : text[...])"
        default: return ""
        }
    }

    /// The nodes directly below a node, in the order in which they stand in the source.
    public func children(_ id: NodeID) -> [NodeID] {
        var found: [NodeID] = []
        let node = nodes[Int(id)]
        func one(_ number: Int) {
            let child = extra[Int(node.data) + number]
            if child != 0 { found.append(child) }
        }
        func many(_ number: Int) { found += list(extra[Int(node.data) + number]).filter { $0 != 0 } }
        switch node.kind {
        case .none, .Pass, .Break, .Continue, .Global, .Nonlocal, .Constant, .Name, .alias, .MatchSingleton, .MatchStar: break
        case .Module: found += list(node.data)
        case .FunctionDef, .AsyncFunctionDef:
            many(3)
            many(5)
            one(1)
            one(4)
            many(2)
        case .ClassDef:
            many(4)
            many(5)
            many(1)
            many(2)
            many(3)
        case .Return, .Expr, .Await, .Yield, .YieldFrom, .Starred, .Attribute, .UnaryOp, .MatchValue: one(0)
        case .Delete, .Set, .List, .Tuple, .BoolOp, .JoinedStr, .TemplateStr, .Import, .MatchSequence, .MatchOr: many(0)
        case .Assign:
            many(0)
            one(1)
        case .TypeAlias:
            one(0)
            many(1)
            one(2)
        case .AugAssign, .NamedExpr, .BinOp, .Raise, .Assert, .Subscript, .withitem, .Lambda:
            one(0)
            one(1)
        case .AnnAssign, .IfExp, .Slice:
            one(0)
            one(1)
            one(2)
        case .For, .AsyncFor:
            one(0)
            one(1)
            many(2)
            many(3)
        case .While, .If:
            one(0)
            many(1)
            many(2)
        case .With, .AsyncWith, .Dict:
            many(0)
            many(1)
        case .Match, .ListComp, .SetComp, .GeneratorExp:
            one(0)
            many(1)
        case .Try, .TryStar:
            for number in 0..<4 { many(number) }
        case .ImportFrom: many(1)
        case .DictComp:
            one(0)
            one(1)
            many(2)
        case .Compare:
            one(0)
            many(2)
        case .Call:
            one(0)
            many(1)
            many(2)
        case .FormattedValue:
            one(0)
            one(2)
        case .Interpolation:
            one(0)
            one(4)
        case .comprehension:
            one(0)
            one(1)
            many(2)
        case .ExceptHandler:
            one(0)
            many(2)
        case .arguments:
            many(0)
            many(1)
            one(2)
            many(3)
            many(4)
            one(5)
            many(6)
        case .arg, .keyword: one(1)
        case .match_case:
            one(0)
            one(1)
            many(2)
        case .MatchMapping:
            many(0)
            many(1)
        case .MatchClass:
            one(0)
            many(1)
            many(3)
        case .MatchAs: one(0)
        case .TypeVar:
            one(1)
            one(2)
        case .ParamSpec, .TypeVarTuple: one(1)
        }
        return found.sorted { nodes[Int($0)].start < nodes[Int($1)].start }
    }
}
