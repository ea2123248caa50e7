/// What a node of the tree is: the nodes of CPython's abstract syntax (Parser/Python.asdl of 3.14), each under its own name.
public enum NodeKind: UInt8, Sendable, CaseIterable {
    /// The node that stands for none.
    case none
    case Module
    case FunctionDef, AsyncFunctionDef, ClassDef, Return, Delete, Assign, TypeAlias, AugAssign, AnnAssign, For, AsyncFor, While,
        If
    case With, AsyncWith, Match, Raise, Try, TryStar, Assert, Import, ImportFrom, Global, Nonlocal, Expr, Pass, Break, Continue
    case BoolOp, NamedExpr, BinOp, UnaryOp, Lambda, IfExp, Dict, Set, ListComp, SetComp, DictComp, GeneratorExp, Await, Yield
    case YieldFrom, Compare, Call, FormattedValue, Interpolation, JoinedStr, TemplateStr, Constant, Attribute, Subscript, Starred
    case Name, List, Tuple, Slice
    case comprehension, ExceptHandler, arguments, arg, keyword, alias, withitem, match_case
    case MatchValue, MatchSingleton, MatchSequence, MatchMapping, MatchClass, MatchStar, MatchAs, MatchOr
    case TypeVar, ParamSpec, TypeVarTuple
}

/// How a name, attribute, subscript, list or tuple is used.
public enum ExpressionContext: UInt8, Sendable {
    case Load, Store, Del
}

/// Operators, as CPython names them.
public enum OperatorKind: UInt8, Sendable {
    case And, Or
    case Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv
    case Invert, Not, UAdd, USub
    case Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn
}

/// What a constant is.
public enum ConstantKind: UInt8, Sendable {
    case str, bytes, number, `true`, `false`, none, ellipsis
    /// Text of an f-string between its expressions.
    case text
}
