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

    private mutating func field(_ name: StaticString, _ id: NodeID?) {
        key(name)
        if let id, id != 0 { write(id) } else { raw("null") }
    }

    private mutating func field(_ name: StaticString, _ nodes: NodeList) {
        key(name)
        list(nodes) { writer, id in if id == 0 { writer.raw("null") } else { writer.write(id) } }
    }

    private mutating func list<Members: Collection>(_ members: Members, _ body: (inout ASTJSON, Members.Element) -> Void) {
        raw("[")
        var isFirst = true
        for member in members {
            if !isFirst { raw(",") }
            isFirst = false
            body(&self, member)
        }
        raw("]")
    }

    private mutating func field(_ name: StaticString, _ identifier: Identifier?) {
        key(name)
        if let identifier { string(tree.text(identifier)) } else { raw("null") }
    }

    private mutating func field(_ name: StaticString, _ identifiers: IdentifierList) {
        key(name)
        list(identifiers) { writer, identifier in writer.string(writer.tree.text(identifier)) }
    }

    private mutating func field(_ name: StaticString, text: String?) {
        key(name)
        if let text { string(text) } else { raw("null") }
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
        let kind = tree.kind(id)
        type("\(kind)")
        fields(id)
        switch kind {
        case .Module, .arguments, .comprehension, .withitem, .match_case: break
        default: place(id)
        }
        raw("}")
    }

    private mutating func fields(_ id: NodeID) {
        switch tree.syntax(id) {
        case .module(let body):
            field("body", body)
            key("type_ignores")
            raw("[]")
        case .functionDefinition(let function):
            field("name", function.name)
            field("args", function.parameters)
            field("body", function.body)
            field("decorator_list", function.decorators)
            field("returns", function.returns)
            typeComment()
            field("type_params", function.typeParameters)
        case .classDefinition(let type):
            field("name", type.name)
            field("bases", type.bases)
            field("keywords", type.keywords)
            field("body", type.body)
            field("decorator_list", type.decorators)
            field("type_params", type.typeParameters)
        case .returning(let value), .yield(let value): field("value", value)
        case .expression(let value), .await(let value), .yieldFrom(let value), .matchValue(let value): field("value", value)
        case .delete(let targets): field("targets", targets)
        case .assign(let targets, let value):
            field("targets", targets)
            field("value", value)
            typeComment()
        case .typeAlias(let name, let parameters, let value):
            field("name", name)
            field("type_params", parameters)
            field("value", value)
        case .augmentedAssign(let target, let operation, let value):
            field("target", target)
            field("op", bare: "\(operation)")
            field("value", value)
        case .annotatedAssign(let target, let annotation, let value, let isSimple):
            field("target", target)
            field("annotation", annotation)
            field("value", value)
            field("simple", integer: isSimple ? 1 : 0)
        case .forLoop(let target, let iterable, let body, let orElse, _):
            field("target", target)
            field("iter", iterable)
            field("body", body)
            field("orelse", orElse)
            typeComment()
        case .whileLoop(let test, let body, let orElse), .conditional(let test, let body, let orElse):
            field("test", test)
            field("body", body)
            field("orelse", orElse)
        case .with(let items, let body, _):
            field("items", items)
            field("body", body)
            typeComment()
        case .match(let subject, let cases):
            field("subject", subject)
            field("cases", cases)
        case .raise(let exception, let cause):
            field("exc", exception)
            field("cause", cause)
        case .trying(let body, let handlers, let orElse, let finally, _):
            field("body", body)
            field("handlers", handlers)
            field("orelse", orElse)
            field("finalbody", finally)
        case .assert(let test, let message):
            field("test", test)
            field("msg", message)
        case .importing(let names): field("names", names)
        case .importingFrom(let module, let names, let level):
            field("module", text: module.isEmpty ? nil : tree.text(module))
            field("names", names)
            field("level", integer: level)
        case .global(let names), .nonlocal(let names): field("names", names)
        case .pass, .breaking, .continuing: break
        case .booleanOperation(let operation, let values):
            field("op", bare: "\(operation)")
            field("values", values)
        case .namedExpression(let target, let value):
            field("target", target)
            field("value", value)
        case .binaryOperation(let left, let operation, let right):
            field("left", left)
            field("op", bare: "\(operation)")
            field("right", right)
        case .unaryOperation(let operation, let operand):
            field("op", bare: "\(operation)")
            field("operand", operand)
        case .lambda(let parameters, let body):
            field("args", parameters)
            field("body", body)
        case .conditionalExpression(let test, let body, let orElse):
            field("test", test)
            field("body", body)
            field("orelse", orElse)
        case .dictionary(let keys, let values):
            field("keys", keys)
            field("values", values)
        case .set(let elements): field("elts", elements)
        case .listComprehension(let element, let generators), .setComprehension(let element, let generators),
            .generatorExpression(let element, let generators):
            field("elt", element)
            field("generators", generators)
        case .dictionaryComprehension(let key, let value, let generators):
            field("key", key)
            field("value", value)
            field("generators", generators)
        case .compare(let left, let operators, let comparators):
            field("left", left)
            key("ops")
            list(operators) { writer, operation in
                writer.type("\(operation)")
                writer.raw("}")
            }
            field("comparators", comparators)
        case .call(let function, let arguments, let keywords):
            field("func", function)
            field("args", arguments)
            field("keywords", keywords)
        case .formattedValue(let value, let conversion, let format):
            field("value", value)
            field("conversion", integer: conversion.map(Int.init) ?? -1)
            field("format_spec", format)
        case .interpolation(let value, let text, let conversion, let format):
            field("value", value)
            field("str", text: source.text(text))
            field("conversion", integer: conversion.map(Int.init) ?? -1)
            field("format_spec", format)
        case .joinedString(let values), .templateString(let values): field("values", values)
        case .constant: constant(id)
        case .attribute(let value, let name, let context):
            field("value", value)
            field("attr", name)
            field("ctx", bare: "\(context)")
        case .subscript(let value, let slice, let context):
            field("value", value)
            field("slice", slice)
            field("ctx", bare: "\(context)")
        case .starred(let value, let context):
            field("value", value)
            field("ctx", bare: "\(context)")
        case .name(let name, let context):
            field("id", name)
            field("ctx", bare: "\(context)")
        case .list(let elements, let context), .tuple(let elements, let context):
            field("elts", elements)
            field("ctx", bare: "\(context)")
        case .slice(let lower, let upper, let step):
            field("lower", lower)
            field("upper", upper)
            field("step", step)
        case .comprehension(let target, let iterable, let conditions, let isAsync):
            field("target", target)
            field("iter", iterable)
            field("ifs", conditions)
            field("is_async", integer: isAsync ? 1 : 0)
        case .exceptHandler(let type, let name, let body):
            field("type", type)
            field("name", name)
            field("body", body)
        case .parameters(let list):
            field("posonlyargs", list.positionalOnly)
            field("args", list.plain)
            field("vararg", list.variable)
            field("kwonlyargs", list.keywordOnly)
            field("kw_defaults", list.keywordDefaults)
            field("kwarg", list.keywords)
            field("defaults", list.defaults)
        case .parameter(let name, let annotation):
            field("arg", name)
            field("annotation", annotation)
            typeComment()
        case .keyword(let name, let value):
            field("arg", name)
            field("value", value)
        case .alias(let name, let asName):
            field("name", text: name.isEmpty ? "*" : tree.text(name))
            field("asname", asName)
        case .withItem(let context, let target):
            field("context_expr", context)
            field("optional_vars", target)
        case .matchCase(let pattern, let condition, let body):
            field("pattern", pattern)
            field("guard", condition)
            field("body", body)
        case .matchSingleton:
            key("value")
            raw("{\"_type\":\"Constant\"")
            constant(id)
            raw("}")
        case .matchSequence(let patterns), .matchOr(let patterns): field("patterns", patterns)
        case .matchMapping(let keys, let patterns, let rest):
            field("keys", keys)
            field("patterns", patterns)
            field("rest", rest)
        case .matchClass(let type, let patterns, let keywords, let keywordPatterns):
            field("cls", type)
            field("patterns", patterns)
            field("kwd_attrs", keywords)
            field("kwd_patterns", keywordPatterns)
        case .matchStar(let name): field("name", name)
        case .matchAs(let pattern, let name):
            field("pattern", pattern)
            field("name", name)
        case .typeVariable(let name, let bound, let value):
            field("name", name)
            field("bound", bound)
            field("default_value", value)
        case .parameterSpecification(let name, let value), .typeVariableTuple(let name, let value):
            field("name", name)
            field("default_value", value)
        }
    }

    // MARK: Constants

    private mutating func constant(_ id: NodeID) {
        switch tree.literal(id) {
        case .string(let units):
            raw(",\"kind\":\"str\",\"value\":\"")
            for unit in units { character(unit) }
            raw("\"")
        case .bytes(let bytes):
            raw(",\"kind\":\"bytes\",\"value\":\"")
            for byte in bytes {
                out.append(digit(byte >> 4))
                out.append(digit(byte & 15))
            }
            raw("\"")
        case .integer(let digits):
            raw(",\"kind\":\"int\",\"value\":\"")
            out.append(contentsOf: digits.utf8)
            raw("\"")
        case .real(let value):
            raw(",\"kind\":\"float\",\"value\":\"")
            bits(value)
        case .imaginary(let value):
            raw(",\"kind\":\"complex\",\"value\":\"")
            bits(value)
        case .boolean(let value): raw(value ? ",\"kind\":\"bool\",\"value\":true" : ",\"kind\":\"bool\",\"value\":false")
        case .none: raw(",\"kind\":\"none\",\"value\":null")
        case .ellipsis: raw(",\"kind\":\"ellipsis\",\"value\":null")
        }
    }

    private mutating func bits(_ value: Double) {
        for shift in stride(from: 60, through: 0, by: -4) { out.append(digit(UInt8(value.bitPattern >> UInt64(shift) & 15))) }
        raw("\"")
    }
}
