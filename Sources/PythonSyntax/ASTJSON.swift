/// Writes a tree as JSON, node by node with CPython's names and fields (Parser/Python.asdl of 3.14).
public struct ASTJSON {
    private let tree: SyntaxTree
    private let source: SourceText
    private var out: [UInt8] = []

    /// The tree of a file: `{"_type":"Module",…}`.
    public static func bytes(of file: PythonFile) -> [UInt8] {
        var writer = ASTJSON(file.tree)
        writer.out.reserveCapacity(file.source.count * 20)
        writer.write(file.tree.root)
        return writer.out
    }

    private init(_ tree: SyntaxTree) {
        self.tree = tree
        source = tree.source
    }

    // MARK: Pieces

    private mutating func raw(_ text: StaticString) {
        out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func number(_ value: Int) { out.append(contentsOf: String(value).utf8) }

    private mutating func key(_ name: StaticString) {
        raw(",\"")
        raw(name)
        raw("\":")
    }

    private mutating func string(_ text: String) {
        out.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars { character(scalar.value) }
        out.append(UInt8(ascii: "\""))
    }

    /// A code point within a JSON text; a lone surrogate as its escape.
    private mutating func character(_ value: UInt32) {
        switch value {
        case 0x22: raw("\\\"")
        case 0x5c: raw("\\\\")
        case 0..<0x20, 0xd800..<0xe000:
            raw("\\u")
            for shift in [12, 8, 4, 0] as [UInt32] { out.append(digit(UInt8(value >> shift & 15))) }
        case ..<0x80: out.append(UInt8(value))
        default: if let scalar = Unicode.Scalar(value) { out.append(contentsOf: String(scalar).utf8) }
        }
    }

    private func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    private mutating func field(_ name: StaticString, _ id: NodeID) {
        key(name)
        if id == 0 { raw("null") } else { write(id) }
    }

    private mutating func field(_ name: StaticString, list place: UInt32) {
        key(name)
        list(place) { writer, id in if id == 0 { writer.raw("null") } else { writer.write(id) } }
    }

    private mutating func list(_ place: UInt32, _ body: (inout ASTJSON, UInt32) -> Void) {
        raw("[")
        var isFirst = true
        for member in tree.list(place) {
            if !isFirst { raw(",") }
            isFirst = false
            body(&self, member)
        }
        raw("]")
    }

    private mutating func field(_ name: StaticString, name token: UInt32) {
        key(name)
        if token == 0 { raw("null") } else { string(tree.identifier(token)) }
    }

    private mutating func field(_ name: StaticString, names place: UInt32) {
        key(name)
        list(place) { writer, token in writer.string(writer.tree.identifier(token)) }
    }

    private mutating func field(_ name: StaticString, integer value: Int) {
        key(name)
        number(value)
    }

    private mutating func type(_ name: String) {
        raw("{\"_type\":\"")
        out.append(contentsOf: name.utf8)
        raw("\"")
    }

    /// An operator or context: a node without fields and place.
    private mutating func field(_ name: StaticString, bare type: String) {
        key(name)
        self.type(type)
        raw("}")
    }

    private mutating func typeComment() {
        key("type_comment")
        raw("null")
    }

    private mutating func place(_ id: NodeID) {
        let node = tree.nodes[Int(id)]
        let start = source.position(Int(node.start))
        let end = source.position(Int(node.end))
        field("lineno", integer: start.line)
        field("col_offset", integer: start.column)
        field("end_lineno", integer: end.line)
        field("end_col_offset", integer: end.column)
    }

    // MARK: Nodes

    private mutating func write(_ id: NodeID) {
        let node = tree.nodes[Int(id)]
        type("\(node.kind)")
        fields(id, node)
        switch node.kind {
        case .Module, .arguments, .comprehension, .withitem, .match_case: break
        default: place(id)
        }
        raw("}")
    }

    private mutating func fields(_ id: NodeID, _ node: SyntaxTree.Node) {
        func slot(_ number: Int) -> UInt32 { tree.extra[Int(node.data) + number] }
        switch node.kind {
        case .Module:
            field("body", list: node.data)
            key("type_ignores")
            raw("[]")
        case .FunctionDef, .AsyncFunctionDef:
            field("name", name: slot(0))
            field("args", slot(1))
            field("body", list: slot(2))
            field("decorator_list", list: slot(3))
            field("returns", slot(4))
            typeComment()
            field("type_params", list: slot(5))
        case .ClassDef:
            field("name", name: slot(0))
            field("bases", list: slot(1))
            field("keywords", list: slot(2))
            field("body", list: slot(3))
            field("decorator_list", list: slot(4))
            field("type_params", list: slot(5))
        case .Return, .Expr, .Await, .Yield, .YieldFrom: field("value", slot(0))
        case .Delete: field("targets", list: slot(0))
        case .Assign:
            field("targets", list: slot(0))
            field("value", slot(1))
            typeComment()
        case .TypeAlias:
            field("name", slot(0))
            field("type_params", list: slot(1))
            field("value", slot(2))
        case .AugAssign:
            field("target", slot(0))
            field("op", bare: operatorName(node.flag))
            field("value", slot(1))
        case .AnnAssign:
            field("target", slot(0))
            field("annotation", slot(1))
            field("value", slot(2))
            field("simple", integer: Int(node.flag))
        case .For, .AsyncFor:
            field("target", slot(0))
            field("iter", slot(1))
            field("body", list: slot(2))
            field("orelse", list: slot(3))
            typeComment()
        case .While, .If:
            field("test", slot(0))
            field("body", list: slot(1))
            field("orelse", list: slot(2))
        case .With, .AsyncWith:
            field("items", list: slot(0))
            field("body", list: slot(1))
            typeComment()
        case .Match:
            field("subject", slot(0))
            field("cases", list: slot(1))
        case .Raise:
            field("exc", slot(0))
            field("cause", slot(1))
        case .Try, .TryStar:
            field("body", list: slot(0))
            field("handlers", list: slot(1))
            field("orelse", list: slot(2))
            field("finalbody", list: slot(3))
        case .Assert:
            field("test", slot(0))
            field("msg", slot(1))
        case .Import: field("names", list: slot(0))
        case .ImportFrom:
            key("module")
            if slot(0) == 0 { raw("null") } else { string(dotted(slot(0))) }
            field("names", list: slot(1))
            field("level", integer: Int(slot(2)))
        case .Global, .Nonlocal: field("names", names: slot(0))
        case .Pass, .Break, .Continue, .none: break
        case .BoolOp:
            field("op", bare: operatorName(node.flag))
            field("values", list: slot(0))
        case .NamedExpr:
            field("target", slot(0))
            field("value", slot(1))
        case .BinOp:
            field("left", slot(0))
            field("op", bare: operatorName(node.flag))
            field("right", slot(1))
        case .UnaryOp:
            field("op", bare: operatorName(node.flag))
            field("operand", slot(0))
        case .Lambda:
            field("args", slot(0))
            field("body", slot(1))
        case .IfExp:
            field("test", slot(0))
            field("body", slot(1))
            field("orelse", slot(2))
        case .Dict:
            field("keys", list: slot(0))
            field("values", list: slot(1))
        case .Set: field("elts", list: slot(0))
        case .ListComp, .SetComp, .GeneratorExp:
            field("elt", slot(0))
            field("generators", list: slot(1))
        case .DictComp:
            field("key", slot(0))
            field("value", slot(1))
            field("generators", list: slot(2))
        case .Compare:
            field("left", slot(0))
            key("ops")
            list(slot(1)) { writer, operation in
                writer.type(writer.operatorName(UInt8(operation)))
                writer.raw("}")
            }
            field("comparators", list: slot(2))
        case .Call:
            field("func", slot(0))
            field("args", list: slot(1))
            field("keywords", list: slot(2))
        case .FormattedValue:
            field("value", slot(0))
            field("conversion", integer: slot(1) == 0 ? -1 : Int(slot(1)))
            field("format_spec", slot(2))
        case .Interpolation:
            field("value", slot(0))
            key("str")
            string(source.text(Int(slot(1))..<Int(slot(2))))
            field("conversion", integer: slot(3) == 0 ? -1 : Int(slot(3)))
            field("format_spec", slot(4))
        case .JoinedStr, .TemplateStr: field("values", list: slot(0))
        case .Constant: constant(node)
        case .Attribute:
            field("value", slot(0))
            field("attr", name: slot(1))
            context(node.flag)
        case .Subscript:
            field("value", slot(0))
            field("slice", slot(1))
            context(node.flag)
        case .Starred:
            field("value", slot(0))
            context(node.flag)
        case .Name:
            // The backquotes of Python 2 stand for a call of `repr`.
            if node.flag == 0xff {
                key("id")
                string("repr")
            } else {
                field("id", name: node.data)
            }
            context(node.flag)
        case .List, .Tuple:
            field("elts", list: slot(0))
            context(node.flag)
        case .Slice:
            field("lower", slot(0))
            field("upper", slot(1))
            field("step", slot(2))
        case .comprehension:
            field("target", slot(0))
            field("iter", slot(1))
            field("ifs", list: slot(2))
            field("is_async", integer: Int(node.flag))
        case .ExceptHandler:
            field("type", slot(0))
            field("name", name: slot(1))
            field("body", list: slot(2))
        case .arguments:
            field("posonlyargs", list: slot(0))
            field("args", list: slot(1))
            field("vararg", slot(2))
            field("kwonlyargs", list: slot(3))
            field("kw_defaults", list: slot(4))
            field("kwarg", slot(5))
            field("defaults", list: slot(6))
        case .arg:
            field("arg", name: slot(0))
            field("annotation", slot(1))
            typeComment()
        case .keyword:
            field("arg", name: slot(0))
            field("value", slot(1))
        case .alias:
            key("name")
            if node.flag == 1 { raw("\"*\"") } else { string(dotted(slot(0))) }
            field("asname", name: slot(1))
        case .withitem:
            field("context_expr", slot(0))
            field("optional_vars", slot(1))
        case .match_case:
            field("pattern", slot(0))
            field("guard", slot(1))
            field("body", list: slot(2))
        case .MatchValue: field("value", slot(0))
        case .MatchSingleton:
            key("value")
            raw("{\"_type\":\"Constant\"")
            bareConstant(node)
            raw("}")
        case .MatchSequence, .MatchOr: field("patterns", list: slot(0))
        case .MatchMapping:
            field("keys", list: slot(0))
            field("patterns", list: slot(1))
            field("rest", name: slot(2))
        case .MatchClass:
            field("cls", slot(0))
            field("patterns", list: slot(1))
            field("kwd_attrs", names: slot(2))
            field("kwd_patterns", list: slot(3))
        case .MatchStar: field("name", name: slot(0))
        case .MatchAs:
            field("pattern", slot(0))
            field("name", name: slot(1))
        case .TypeVar:
            field("name", name: slot(0))
            field("bound", slot(1))
            field("default_value", slot(2))
        case .ParamSpec, .TypeVarTuple:
            field("name", name: slot(0))
            field("default_value", slot(1))
        }
    }

    private func dotted(_ place: UInt32) -> String { tree.list(place).map { tree.identifier($0) }.joined(separator: ".") }

    private func operatorName(_ raw: UInt8) -> String { OperatorKind(rawValue: raw).map { "\($0)" } ?? "" }

    private mutating func context(_ flag: UInt8) {
        field("ctx", bare: "\(ExpressionContext(rawValue: flag) ?? .Load)")
    }

    // MARK: Constants

    private mutating func bareConstant(_ node: SyntaxTree.Node) {
        switch ConstantKind(rawValue: node.flag) {
        case .true?: raw(",\"kind\":\"bool\",\"value\":true")
        case .false?: raw(",\"kind\":\"bool\",\"value\":false")
        case ConstantKind.none?: raw(",\"kind\":\"none\",\"value\":null")
        default: raw(",\"kind\":\"ellipsis\",\"value\":null")
        }
    }

    private mutating func constant(_ node: SyntaxTree.Node) {
        switch ConstantKind(rawValue: node.flag) {
        case .str?: text(literal(node))
        case .bytes?:
            raw(",\"kind\":\"bytes\",\"value\":\"")
            for unit in literal(node).units {
                out.append(digit(UInt8(unit >> 4 & 15)))
                out.append(digit(UInt8(unit & 15)))
            }
            raw("\"")
        case .text?:
            var literal = StringLiteral(source)
            let pieces = Array(tree.list(node.data))
            for index in stride(from: 0, to: pieces.count, by: 3) {
                let range = Int(pieces[index + 1])..<Int(pieces[index + 2])
                switch TextPiece(rawValue: pieces[index]) {
                case .string?: literal.add(token: range)
                case .middle?: literal.add(middle: range, isRaw: false)
                case .rawMiddle?: literal.add(middle: range, isRaw: true)
                case .verbatim?, nil: literal.add(verbatim: range)
                }
            }
            text(literal)
        case .number?: number(node)
        default: bareConstant(node)
        }
    }

    private func literal(_ node: SyntaxTree.Node) -> StringLiteral {
        var literal = StringLiteral(source)
        let first = Int(tree.extra[Int(node.data)])
        for token in first..<(first + Int(tree.extra[Int(node.data) + 1])) {
            literal.add(token: Int(tree.tokens.starts[token])..<Int(tree.tokens.ends[token]))
        }
        return literal
    }

    private mutating func text(_ literal: StringLiteral) {
        raw(",\"kind\":\"str\",\"value\":\"")
        for unit in literal.units { character(unit) }
        raw("\"")
    }

    private mutating func number(_ node: SyntaxTree.Node) {
        switch NumberLiteral(source.text(Int(node.start)..<Int(node.end))) {
        case .integer(let digits):
            raw(",\"kind\":\"int\",\"value\":\"")
            out.append(contentsOf: digits.utf8)
        case .real(let value):
            raw(",\"kind\":\"float\",\"value\":\"")
            bits(value)
        case .imaginary(let value):
            raw(",\"kind\":\"complex\",\"value\":\"")
            bits(value)
        }
        raw("\"")
    }

    private mutating func bits(_ value: Double) {
        for shift in stride(from: 60, through: 0, by: -4) { out.append(digit(UInt8(value.bitPattern >> UInt64(shift) & 15))) }
    }
}
