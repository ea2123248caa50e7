import PythonSyntax

/// Names that every Python program has without an import (The Python Standard Library, "Built-in Functions", "Constants", "Exceptions").
enum Builtins {
    static let names: Set<String> = Set(
        """
        abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr
        dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance
        issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed
        round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __builtins__ __build_class__ NotImplemented
        Ellipsis BaseException BaseExceptionGroup Exception ExceptionGroup ArithmeticError AssertionError AttributeError BlockingIOError
        BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
        ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError FileExistsError FileNotFoundError
        FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError
        IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
        NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError
        ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError
        SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
        UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError
        apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr unicode xrange
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}

extension Builtins {
    /// Built-in types that are callable under their names.
    static let types: Set<String> = [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "range", "set", "slice",
        "str",
        "tuple", "type",
    ]
}

/// Decorators whose work the interpreter does itself.
enum Decorators {
    static func kind(_ name: String) -> FunctionReference.Kind? {
        switch name {
        case "staticmethod", "builtins.staticmethod": .staticMethod
        case "classmethod", "builtins.classmethod": .classMethod
        case "property", "builtins.property", "functools.cached_property", "abc.abstractproperty": .property
        case "contextlib.contextmanager", "contextlib.asynccontextmanager": .contextManager
        default: nil
        }
    }

    static func makesDataclass(_ decorator: Value) -> Bool {
        guard let only = decorator.only else { return false }
        let makers: Set<String> = [
            "dataclasses.dataclass", "dataclass", "attr.s", "attr.attrs", "attr.dataclass", "attr.define", "attrs.define",
            "attrs.frozen",
            "attr.frozen", "pydantic.dataclasses.dataclass",
        ]
        switch only {
        case .external(let name): return makers.contains(name)
        case .partial(let call):
            if case .external(let name)? = call.function.only { return makers.contains(name) } else { return false }
        default: return false
        }
    }

    /// Bases whose subclasses have a constructor made of their annotated fields.
    static func isFieldBase(_ name: String) -> Bool {
        [
            "typing.NamedTuple", "NamedTuple", "pydantic.BaseModel", "pydantic.BaseSettings", "pydantic_settings.BaseSettings",
            "typing.TypedDict", "TypedDict", "msgspec.Struct", "sqlmodel.SQLModel",
        ].contains(name)
    }
}

/// Constants of modules that have the same value everywhere.
enum ExternalConstants {
    static func value(_ name: String) -> Atom? {
        switch name {
        case "string.ascii_lowercase": text("abcdefghijklmnopqrstuvwxyz")
        case "string.ascii_uppercase": text("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        case "string.ascii_letters": text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        case "string.digits": text("0123456789")
        case "string.hexdigits": text("0123456789abcdefABCDEF")
        case "string.octdigits": text("01234567")
        case "string.punctuation": text("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
        case "string.whitespace": text(" \t\n\r\u{0b}\u{0c}")
        case "string.printable":
            text(
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\u{0b}\u{0c}"
            )
        case "os.sep", "os.path.sep": text("/")
        case "os.linesep": text("\n")
        case "os.pathsep": text(":")
        case "os.curdir": text(".")
        case "os.pardir": text("..")
        case "math.pi": .float(.pi)
        case "math.e": .float(2.718281828459045)
        default: nil
        }
    }

    private static func text(_ string: String) -> Atom { .text(PythonText(string)) }
}

/// What `operator.attrgetter`, `itemgetter` and `methodcaller` make, when it is called.
enum OperatorCallables {
    static let names: Set<String> = ["operator.attrgetter", "operator.itemgetter", "operator.methodcaller"]

    static func call(
        _ name: String, _ made: PartialCall, _ arguments: Arguments, at place: Site, in interpreter: Interpreter
    ) -> Value? {
        guard let object = arguments[0] else { return nil }
        switch name {
        case "operator.attrgetter":
            let results = made.arguments.positional.map { path -> Value in
                guard case .text(let path)? = path.only else { return .unknown }
                return path.string.split(separator: ".").reduce(object) { interpreter.attribute(String($1), of: $0, at: place) }
            }
            return results.count == 1 ? results[0] : interpreter.tupleValue(results, at: place)
        case "operator.itemgetter":
            let results = made.arguments.positional.map { interpreter.item($0, of: object, at: place) }
            return results.count == 1 ? results[0] : interpreter.tupleValue(results, at: place)
        case "operator.methodcaller":
            guard case .text(let name)? = made.arguments[0]?.only else { return nil }
            let method = interpreter.attribute(name.string, of: object, at: place)
            return interpreter.call(method, made.arguments.droppingFirst(), at: place)
        default: return nil
        }
    }
}

/// What an annotation says of a value's class.
enum Annotations {
    /// An instance of the class that an annotation names; nil where it names none that helps.
    static func type(_ node: NodeID, in interpreter: Interpreter) -> Value? {
        let tree = interpreter.tree
        switch tree.syntax(node) {
        case .name, .attribute:
            return instance(of: interpreter.evaluateQuietly(node), at: interpreter.site(node), in: interpreter)
        case .subscript(let outer, let inner, _):
            guard case .external(let name)? = interpreter.evaluateQuietly(outer).only else { return nil }
            if let builtin = builtinInstance(name, at: interpreter.site(node), in: interpreter) { return builtin }
            if ["typing.Optional", "typing.Final", "typing.Annotated", "typing.Union"].contains(name) {
                if case .tuple(let members, _) = tree.syntax(inner) { return members.first.flatMap { type($0, in: interpreter) } }
                return type(inner, in: interpreter)
            }
            return nil
        case .binaryOperation(let left, .BitOr, let right): return type(left, in: interpreter) ?? type(right, in: interpreter)
        case .constant:
            guard case .string(let units) = tree.literal(node), let text = PythonText(codePoints: units)?.string else {
                return nil
            }
            let parts = text.split(separator: ".").map(String.init)
            guard let first = parts.first, parts.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }) else {
                return nil
            }
            let place = interpreter.site(node)
            var value = interpreter.value(of: interpreter.names.symbol(first), at: place)
            for part in parts.dropFirst() { value = interpreter.attribute(part, of: value, at: place) }
            return instance(of: value, at: place, in: interpreter)
        default: return nil
        }
    }

    /// Something unknown of a built-in type, so that its methods have their names.
    private static func builtinInstance(_ name: String, at place: Site, in interpreter: Interpreter) -> Value? {
        switch name {
        case "str": return .unknownText
        case "list": return interpreter.newSequence(SequenceContent(rest: .unknown), at: place).opened()
        case "set": return interpreter.newSequence(SequenceContent(rest: .unknown), at: place, kind: .set).opened()
        case "dict":
            var contents = DictionaryContent()
            contents.forgetKeys()
            return interpreter.newDictionary(contents, at: place).opened()
        default: return nil
        }
    }

    private static func instance(of value: Value, at place: Site, in interpreter: Interpreter) -> Value? {
        switch value.only {
        case .class(let id)?: return interpreter.isEnum(id) ? nil : interpreter.anyInstance(of: id)
        case .tuple(let types)?:
            let instances = types.compactMap { instance(of: $0, at: place, in: interpreter) }
            return instances.count == types.count ? instances.reduce(Value.nothing) { $0.joined(with: $1) } : nil
        case .external(let name)?:
            if let builtin = builtinInstance(name, at: place, in: interpreter) { return builtin }
            let isTyping = name.hasPrefix("typing.") || name.hasPrefix("collections.abc.") || name.hasPrefix("typing_extensions.")
            let isBuiltin = !name.contains(".")
            return isTyping || isBuiltin || !ExternalObjects.isClass(name) ? nil : interpreter.newExternal(name, at: place)
        default: return nil
        }
    }
}
