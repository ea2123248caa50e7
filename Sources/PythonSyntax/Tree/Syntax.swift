/// What a node is, with its parts: the form of the tree to write a `switch` over.
///
/// The parts stand in the order of CPython's grammar (Parser/Python.asdl of 3.14). A part that may be absent is optional; where a member
/// of a list may be absent (the key of `**x` in a dictionary, the default of a keyword-only parameter) it is the number 0.
public enum Syntax: Sendable {
    // Statements.
    case module(body: NodeList)
    case functionDefinition(FunctionDefinition)
    case classDefinition(ClassDefinition)
    case returning(value: NodeID?)
    case delete(targets: NodeList)
    case assign(targets: NodeList, value: NodeID)
    case typeAlias(name: NodeID, typeParameters: NodeList, value: NodeID)
    case augmentedAssign(target: NodeID, OperatorKind, value: NodeID)
    /// `isSimple` where the target is a name without parentheses.
    case annotatedAssign(target: NodeID, annotation: NodeID, value: NodeID?, isSimple: Bool)
    case forLoop(target: NodeID, iterable: NodeID, body: NodeList, orElse: NodeList, isAsync: Bool)
    case whileLoop(test: NodeID, body: NodeList, orElse: NodeList)
    case conditional(test: NodeID, body: NodeList, orElse: NodeList)
    case with(items: NodeList, body: NodeList, isAsync: Bool)
    case match(subject: NodeID, cases: NodeList)
    case raise(exception: NodeID?, cause: NodeID?)
    case trying(body: NodeList, handlers: NodeList, orElse: NodeList, finally: NodeList, isGroup: Bool)
    case assert(test: NodeID, message: NodeID?)
    case importing(names: NodeList)
    /// `module` is empty in `from . import x`; `level` is the number of dots.
    case importingFrom(module: IdentifierList, names: NodeList, level: Int)
    case global(IdentifierList)
    case nonlocal(IdentifierList)
    case expression(NodeID)
    case pass, breaking, continuing

    // Expressions.
    case booleanOperation(OperatorKind, values: NodeList)
    case namedExpression(target: NodeID, value: NodeID)
    case binaryOperation(left: NodeID, OperatorKind, right: NodeID)
    case unaryOperation(OperatorKind, operand: NodeID)
    case lambda(parameters: NodeID, body: NodeID)
    case conditionalExpression(test: NodeID, body: NodeID, orElse: NodeID)
    case dictionary(keys: NodeList, values: NodeList)
    case set(NodeList)
    case listComprehension(element: NodeID, generators: NodeList)
    case setComprehension(element: NodeID, generators: NodeList)
    case dictionaryComprehension(key: NodeID, value: NodeID, generators: NodeList)
    case generatorExpression(element: NodeID, generators: NodeList)
    case await(NodeID)
    case yield(NodeID?)
    case yieldFrom(NodeID)
    case compare(left: NodeID, operators: [OperatorKind], comparators: NodeList)
    case call(function: NodeID, arguments: NodeList, keywords: NodeList)
    /// `conversion` is the letter's code, or nil.
    case formattedValue(value: NodeID, conversion: UInt8?, format: NodeID?)
    case interpolation(value: NodeID, text: Range<Int>, conversion: UInt8?, format: NodeID?)
    case joinedString(NodeList)
    case templateString(NodeList)
    case constant
    case attribute(value: NodeID, name: Identifier, ExpressionContext)
    case `subscript`(value: NodeID, slice: NodeID, ExpressionContext)
    case starred(NodeID, ExpressionContext)
    case name(Identifier, ExpressionContext)
    case list(NodeList, ExpressionContext)
    case tuple(NodeList, ExpressionContext)
    case slice(lower: NodeID?, upper: NodeID?, step: NodeID?)

    // Parts of statements and expressions.
    case comprehension(target: NodeID, iterable: NodeID, conditions: NodeList, isAsync: Bool)
    case exceptHandler(type: NodeID?, name: Identifier?, body: NodeList)
    case parameters(ParameterList)
    case parameter(name: Identifier, annotation: NodeID?)
    /// `name` is nil for `**value`.
    case keyword(name: Identifier?, value: NodeID)
    /// `name` is empty for `*`.
    case alias(name: IdentifierList, asName: Identifier?)
    case withItem(context: NodeID, target: NodeID?)
    case matchCase(pattern: NodeID, condition: NodeID?, body: NodeList)
    case matchValue(NodeID)
    case matchSingleton
    case matchSequence(NodeList)
    case matchMapping(keys: NodeList, patterns: NodeList, rest: Identifier?)
    case matchClass(class: NodeID, patterns: NodeList, keywords: IdentifierList, keywordPatterns: NodeList)
    case matchStar(name: Identifier?)
    case matchAs(pattern: NodeID?, name: Identifier?)
    case matchOr(NodeList)
    case typeVariable(name: Identifier, bound: NodeID?, defaultValue: NodeID?)
    case parameterSpecification(name: Identifier, defaultValue: NodeID?)
    case typeVariableTuple(name: Identifier, defaultValue: NodeID?)
}

/// `def` or `async def`.
public struct FunctionDefinition: Sendable {
    public let name: Identifier
    /// A node of the kind `arguments`.
    public let parameters: NodeID
    public let body: NodeList
    public let decorators: NodeList
    public let returns: NodeID?
    public let typeParameters: NodeList
    public let isAsync: Bool
}

public struct ClassDefinition: Sendable {
    public let name: Identifier
    public let bases: NodeList
    public let keywords: NodeList
    public let body: NodeList
    public let decorators: NodeList
    public let typeParameters: NodeList
}

/// The parameters of a function or lambda.
public struct ParameterList: Sendable {
    public let positionalOnly: NodeList
    public let plain: NodeList
    /// The one with `*`.
    public let variable: NodeID?
    public let keywordOnly: NodeList
    /// As many as `keywordOnly`; 0 where there is none.
    public let keywordDefaults: NodeList
    /// The one with `**`.
    public let keywords: NodeID?
    /// Of the last parameters of `positionalOnly` and `plain` together.
    public let defaults: NodeList
}

/// A name as it stands in the source.
public struct Identifier: Sendable, Hashable {
    /// The token's number plus one; `backquotes` for the `repr` that stands nowhere.
    let token: UInt32

    static let backquotes = Identifier(token: .max)

    /// A number below the tree's `identifierLimit`, for tables of what is known of each; nil for a name that stands nowhere.
    public var index: Int? { self == .backquotes ? nil : Int(token) }
}

/// Some nodes, in order.
public struct NodeList: RandomAccessCollection, Sendable {
    private let extra: ContiguousArray<UInt32>
    private let first: Int
    public let count: Int

    init(_ extra: ContiguousArray<UInt32>, at place: UInt32) {
        self.extra = extra
        first = Int(place) + 1
        count = Int(extra[Int(place)])
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }
    public subscript(position: Int) -> NodeID { extra[first + position] }
}

/// Some names, in order: those of a `global` statement, or the parts of a dotted name.
public struct IdentifierList: RandomAccessCollection, Sendable {
    private let nodes: NodeList

    init(_ nodes: NodeList) {
        self.nodes = nodes
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { nodes.count }
    public subscript(position: Int) -> Identifier { Identifier(token: nodes[position]) }
}
