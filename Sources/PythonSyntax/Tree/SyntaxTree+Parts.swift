extension SyntaxTree {
    /// What a node is, with its parts. This is the one place that knows where they lie.
    public func syntax(_ id: NodeID) -> Syntax {
        let node = nodes[Int(id)]
        let place = Int(node.data)
        func one(_ number: Int) -> NodeID { extra[place + number] }
        func maybe(_ number: Int) -> NodeID? { extra[place + number] == 0 ? nil : extra[place + number] }
        func many(_ number: Int) -> NodeList { NodeList(extra, at: extra[place + number]) }
        func name(_ number: Int) -> Identifier { Identifier(token: extra[place + number]) }
        func maybeName(_ number: Int) -> Identifier? { extra[place + number] == 0 ? nil : name(number) }
        func names(_ number: Int) -> IdentifierList { IdentifierList(many(number)) }
        func letter(_ number: Int) -> UInt8? {
            extra[place + number] == 0 ? nil : UInt8(truncatingIfNeeded: extra[place + number])
        }
        var operation: OperatorKind { OperatorKind(rawValue: node.flag) ?? .Add }
        var context: ExpressionContext { ExpressionContext(rawValue: node.flag) ?? .Load }
        switch node.kind {
        case .none, .Pass: return .pass
        case .Break: return .breaking
        case .Continue: return .continuing
        case .Module: return .module(body: NodeList(extra, at: node.data))
        case .FunctionDef, .AsyncFunctionDef:
            return .functionDefinition(
                FunctionDefinition(
                    name: name(0), parameters: one(1), body: many(2), decorators: many(3), returns: maybe(4),
                    typeParameters: many(5),
                    isAsync: node.kind == .AsyncFunctionDef))
        case .ClassDef:
            return .classDefinition(
                ClassDefinition(
                    name: name(0), bases: many(1), keywords: many(2), body: many(3), decorators: many(4), typeParameters: many(5))
            )
        case .Return: return .returning(value: maybe(0))
        case .Delete: return .delete(targets: many(0))
        case .Assign: return .assign(targets: many(0), value: one(1))
        case .TypeAlias: return .typeAlias(name: one(0), typeParameters: many(1), value: one(2))
        case .AugAssign: return .augmentedAssign(target: one(0), operation, value: one(1))
        case .AnnAssign: return .annotatedAssign(target: one(0), annotation: one(1), value: maybe(2), isSimple: node.flag == 1)
        case .For, .AsyncFor:
            return .forLoop(target: one(0), iterable: one(1), body: many(2), orElse: many(3), isAsync: node.kind == .AsyncFor)
        case .While: return .whileLoop(test: one(0), body: many(1), orElse: many(2))
        case .If: return .conditional(test: one(0), body: many(1), orElse: many(2))
        case .With, .AsyncWith: return .with(items: many(0), body: many(1), isAsync: node.kind == .AsyncWith)
        case .Match: return .match(subject: one(0), cases: many(1))
        case .Raise: return .raise(exception: maybe(0), cause: maybe(1))
        case .Try, .TryStar:
            return .trying(body: many(0), handlers: many(1), orElse: many(2), finally: many(3), isGroup: node.kind == .TryStar)
        case .Assert: return .assert(test: one(0), message: maybe(1))
        case .Import: return .importing(names: many(0))
        case .ImportFrom:
            // No name at all is the place 0, where the empty list lies.
            return .importingFrom(module: names(0), names: many(1), level: Int(one(2)))
        case .Global: return .global(names(0))
        case .Nonlocal: return .nonlocal(names(0))
        case .Expr: return .expression(one(0))
        case .BoolOp: return .booleanOperation(operation, values: many(0))
        case .NamedExpr: return .namedExpression(target: one(0), value: one(1))
        case .BinOp: return .binaryOperation(left: one(0), operation, right: one(1))
        case .UnaryOp: return .unaryOperation(operation, operand: one(0))
        case .Lambda: return .lambda(parameters: one(0), body: one(1))
        case .IfExp: return .conditionalExpression(test: one(0), body: one(1), orElse: one(2))
        case .Dict: return .dictionary(keys: many(0), values: many(1))
        case .Set: return .set(many(0))
        case .ListComp: return .listComprehension(element: one(0), generators: many(1))
        case .SetComp: return .setComprehension(element: one(0), generators: many(1))
        case .DictComp: return .dictionaryComprehension(key: one(0), value: one(1), generators: many(2))
        case .GeneratorExp: return .generatorExpression(element: one(0), generators: many(1))
        case .Await: return .await(one(0))
        case .Yield: return .yield(maybe(0))
        case .YieldFrom: return .yieldFrom(one(0))
        case .Compare:
            let operators = many(1).map { OperatorKind(rawValue: UInt8(truncatingIfNeeded: $0)) ?? .Eq }
            return .compare(left: one(0), operators: operators, comparators: many(2))
        case .Call: return .call(function: one(0), arguments: many(1), keywords: many(2))
        case .FormattedValue: return .formattedValue(value: one(0), conversion: letter(1), format: maybe(2))
        case .Interpolation:
            return .interpolation(value: one(0), text: Int(one(1))..<Int(one(2)), conversion: letter(3), format: maybe(4))
        case .JoinedStr: return .joinedString(many(0))
        case .TemplateStr: return .templateString(many(0))
        case .Constant: return .constant
        case .Attribute: return .attribute(value: one(0), name: name(1), context)
        case .Subscript: return .subscript(value: one(0), slice: one(1), context)
        case .Starred: return .starred(one(0), context)
        case .Name:
            return node.flag == 0xff ? .name(.backquotes, .Load) : .name(Identifier(token: node.data), context)
        case .List: return .list(many(0), context)
        case .Tuple: return .tuple(many(0), context)
        case .Slice: return .slice(lower: maybe(0), upper: maybe(1), step: maybe(2))
        case .comprehension: return .comprehension(target: one(0), iterable: one(1), conditions: many(2), isAsync: node.flag == 1)
        case .ExceptHandler: return .exceptHandler(type: maybe(0), name: maybeName(1), body: many(2))
        case .arguments:
            return .parameters(
                ParameterList(
                    positionalOnly: many(0), plain: many(1), variable: maybe(2), keywordOnly: many(3), keywordDefaults: many(4),
                    keywords: maybe(5), defaults: many(6)))
        case .arg: return .parameter(name: name(0), annotation: maybe(1))
        case .keyword: return .keyword(name: maybeName(0), value: one(1))
        case .alias:
            return .alias(name: node.flag == 1 ? IdentifierList(NodeList(extra, at: 0)) : names(0), asName: maybeName(1))
        case .withitem: return .withItem(context: one(0), target: maybe(1))
        case .match_case: return .matchCase(pattern: one(0), condition: maybe(1), body: many(2))
        case .MatchValue: return .matchValue(one(0))
        case .MatchSingleton: return .matchSingleton
        case .MatchSequence: return .matchSequence(many(0))
        case .MatchMapping: return .matchMapping(keys: many(0), patterns: many(1), rest: maybeName(2))
        case .MatchClass:
            return .matchClass(class: one(0), patterns: many(1), keywords: names(2), keywordPatterns: many(3))
        case .MatchStar: return .matchStar(name: maybeName(0))
        case .MatchAs: return .matchAs(pattern: maybe(0), name: maybeName(1))
        case .MatchOr: return .matchOr(many(0))
        case .TypeVar: return .typeVariable(name: name(0), bound: maybe(1), defaultValue: maybe(2))
        case .ParamSpec: return .parameterSpecification(name: name(0), defaultValue: maybe(1))
        case .TypeVarTuple: return .typeVariableTuple(name: name(0), defaultValue: maybe(1))
        }
    }

    /// The nodes directly below a node, in the order in which they stand in the source.
    public func children(_ id: NodeID) -> [NodeID] {
        var found: [NodeID] = []
        func add(_ members: NodeID?...) { for case let member? in members { found.append(member) } }
        func add(_ lists: NodeList...) { for list in lists { found += list.lazy.filter { $0 != 0 } } }
        switch syntax(id) {
        case .pass, .breaking, .continuing, .global, .nonlocal, .constant, .name, .alias, .matchSingleton, .matchStar: break
        case .module(let list), .delete(let list), .importing(let list), .importingFrom(_, let list, _),
            .booleanOperation(_, let list),
            .set(let list), .joinedString(let list), .templateString(let list), .list(let list, _), .tuple(let list, _),
            .matchSequence(let list), .matchOr(let list):
            add(list)
        case .expression(let only), .await(let only), .yieldFrom(let only), .attribute(let only, _, _), .starred(let only, _),
            .unaryOperation(_, let only), .keyword(_, let only), .matchValue(let only):
            add(only)
        case .returning(let only), .yield(let only), .parameter(_, let only), .matchAs(let only, _),
            .parameterSpecification(_, let only), .typeVariableTuple(_, let only):
            add(only)
        case .functionDefinition(let function):
            add(function.decorators, function.typeParameters, function.body)
            add(function.parameters, function.returns)
        case .classDefinition(let type): add(type.decorators, type.typeParameters, type.bases, type.keywords, type.body)
        case .assign(let targets, let value):
            add(targets)
            add(value)
        case .typeAlias(let name, let parameters, let value):
            add(parameters)
            add(name, value)
        case .augmentedAssign(let first, _, let second), .namedExpression(let first, let second),
            .binaryOperation(let first, _, let second),
            .lambda(let first, let second), .subscript(let first, let second, _):
            add(first, second)
        case .raise(let first, let second): add(first, second)
        case .assert(let first, let second), .withItem(let first, let second), .formattedValue(let first, _, let second),
            .interpolation(let first, _, _, let second):
            add(first, second)
        case .annotatedAssign(let target, let annotation, let value, _): add(target, annotation, value)
        case .conditionalExpression(let test, let body, let orElse): add(test, body, orElse)
        case .slice(let lower, let upper, let step): add(lower, upper, step)
        case .typeVariable(_, let bound, let value): add(bound, value)
        case .forLoop(let target, let iterable, let body, let orElse, _):
            add(target, iterable)
            add(body, orElse)
        case .whileLoop(let test, let body, let orElse), .conditional(let test, let body, let orElse):
            add(test)
            add(body, orElse)
        case .with(let first, let second, _), .dictionary(let first, let second): add(first, second)
        case .match(let only, let list), .listComprehension(let only, let list), .setComprehension(let only, let list),
            .generatorExpression(let only, let list), .compare(let only, _, let list):
            add(only)
            add(list)
        case .dictionaryComprehension(let key, let value, let generators):
            add(key, value)
            add(generators)
        case .trying(let body, let handlers, let orElse, let finally, _): add(body, handlers, orElse, finally)
        case .call(let function, let arguments, let keywords):
            add(function)
            add(arguments, keywords)
        case .comprehension(let target, let iterable, let conditions, _):
            add(target, iterable)
            add(conditions)
        case .exceptHandler(let type, _, let body):
            add(type)
            add(body)
        case .parameters(let list):
            add(list.positionalOnly, list.plain, list.keywordOnly, list.keywordDefaults, list.defaults)
            add(list.variable, list.keywords)
        case .matchCase(let pattern, let condition, let body):
            add(pattern, condition)
            add(body)
        case .matchMapping(let keys, let patterns, _): add(keys, patterns)
        case .matchClass(let type, let patterns, _, let keywordPatterns):
            add(type)
            add(patterns, keywordPatterns)
        }
        return found.sorted { nodes[Int($0)].start < nodes[Int($1)].start }
    }

    // MARK: Names

    /// A name in its normal form (NFKC), as Python compares names.
    public func text(_ identifier: Identifier) -> String {
        identifier == .backquotes ? "repr" : source.identifier(range(identifier))
    }

    /// Indices of identifiers are less than this.
    public var identifierLimit: Int { tokens.count + 1 }

    /// A dotted name.
    public func text(_ identifiers: IdentifierList) -> String { identifiers.map(text).joined(separator: ".") }

    /// Bytes of the text that a name covers; empty for the `repr` that backquotes stand for.
    public func range(_ identifier: Identifier) -> Range<Int> {
        guard identifier != .backquotes else { return 0..<0 }
        let index = Int(identifier.token) - 1
        return Int(tokens.starts[index])..<Int(tokens.ends[index])
    }
}
