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
