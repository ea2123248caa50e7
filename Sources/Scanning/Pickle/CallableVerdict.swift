/// What is to be thought of something that a pickle imports.
struct CallableVerdict: Sendable {
    let rule: Rule
    let severity: Severity
    /// Why, in words that go behind the name.
    let reason: String

    /// What a pickle does with a name that it imports.
    enum Use: Int, Comparable, Sendable {
        /// Nothing but to have it: importing runs a module's top-level code all the same.
        case named
        /// Given to something else, or made part of it.
        case value
        /// A class of which an instance is made without its constructor.
        case instantiated
        case called

        static func < (left: Use, right: Use) -> Bool { left.rawValue < right.rawValue }
    }

    /// The verdict on a name as a loader would look it up; nil for what is known to be harmless.
    static func of(_ name: QualifiedName, use: Use) -> CallableVerdict? {
        let full = name.full
        if HarmlessCallables.names.contains(full) { return nil }
        // TorchScript's own classes: compiled code of the archive, which is looked at as such.
        if name.module.hasPrefix("__torch__"), name.isWellFormed { return nil }
        if use < .called, HarmlessCallables.valueFunctions.contains(full) { return nil }
        if let effect = DangerousCallables.effect(of: full) {
            return CallableVerdict(
                rule: use == .called ? .pickleDangerousCall : .pickleDangerousImport,
                severity: effect == .introspection && !criticalIntrospection.contains(full) ? .high : .critical,
                reason: effect.phrase)
        }
        if let hidden = hidden(name) { return hidden }
        if HarmlessCallables.isClass(name.module, name.name) || HarmlessCallables.isNumeric(name.module, name.name) { return nil }
        if use < .called, HarmlessCallables.isFunctionValue(name.module, name.name) { return nil }
        if let codeMaker = codeMaker(name) { return codeMaker }
        if StandardLibrary.modules.contains(name.topLevel) {
            return CallableVerdict(
                rule: .pickleStandardLibrary, severity: .high, reason: "is of the standard library, and no model needs it")
        }
        if QualifiedName.isClassLike(name.name) {
            return CallableVerdict(rule: .pickleUnknownClass, severity: .medium, reason: "is a class that is not known")
        }
        if use == .called {
            return CallableVerdict(rule: .pickleUnknownFunction, severity: .high, reason: "is a function that is not known")
        }
        return CallableVerdict(
            rule: .pickleUnknownReference, severity: use == .instantiated ? .medium : .low,
            reason: use == .instantiated ? "is a class that is not known" : "is not known, and not called")
    }

    private static let criticalIntrospection: Set<String> = [
        "builtins.getattr", "builtins.setattr", "builtins.globals", "builtins.__build_class__", "operator.setitem",
        "_operator.setitem", "sys",
    ]

    /// Names that lead elsewhere than they seem to: through another module's imports, or to what every object has.
    private static func hidden(_ name: QualifiedName) -> CallableVerdict? {
        func verdict(_ reason: String, _ severity: Severity = .high) -> CallableVerdict {
            CallableVerdict(rule: .pickleHiddenName, severity: severity, reason: reason)
        }
        guard name.isWellFormed else { return verdict("is no name that Python source could have") }
        let parts = name.parts
        if name.module != "__main__" && name.module != "__builtin__",
            let dunder = parts.first(where: { QualifiedName.isDunder($0) })
        {
            return verdict("goes through \(dunder), which every object has")
        }
        if QualifiedName.isDunder(name.name[...]) { return verdict("is \(name.name), which leads to any object") }
        let escaping = parts.dropFirst().firstIndex { DangerousCallables.escapingParts.contains(String($0)) }
        if let escaping {
            let rest = parts[escaping...].joined(separator: ".")
            // `torch.utils.data._utils.pin_memory.torch.os.system`: the tail is what is meant.
            if escaping > 0, let effect = DangerousCallables.effect(of: rest), escaping < parts.count - 1 {
                return verdict("is \(rest) by another way, which \(effect.phrase)", .critical)
            }
            if name.name.split(separator: ".").contains(where: { DangerousCallables.escapingParts.contains(String($0)) }) {
                return verdict("is a module of the standard library by another way")
            }
        }
        return nil
    }

    /// Functions of cloudpickle and dill that make functions and classes of code that the pickle brings along.
    private static func codeMaker(_ name: QualifiedName) -> CallableVerdict? {
        guard CodeMakers.names.contains(name.full) else { return nil }
        return CallableVerdict(
            rule: .pickleCarriesCode, severity: .medium, reason: "makes functions or classes of code that the file brings along")
    }
}

/// Functions of cloudpickle and dill that rebuild functions, classes and modules by value.
enum CodeMakers {
    static let names = NameTable(
        """
        cloudpickle.cloudpickle.{_make_function,_builtin_type,_make_empty_cell,_make_cell,_function_setstate,_class_setstate,_make_skeleton_class,_fill_function}
        cloudpickle.cloudpickle.{_make_skel_func,_make_skeleton_enum,_cell_set,_empty_cell_value,_rehydrate_skeleton_class,_make_dict_keys,_make_dict_values,_make_dict_items}
        cloudpickle.cloudpickle.{_make_typevar,_code_setstate} cloudpickle.cloudpickle_fast.{_function_setstate,_class_setstate}
        dill._dill.{_create_function,_create_code,_create_type,_load_type,_create_cell,_create_array,_create_ftype,_create_namedtuple,_create_weakref,_create_dtypemeta}
        dill.dill.{_create_function,_create_code,_create_type,_load_type,_create_cell}
        """)

    /// Gives a type for its name; what is called then is that type.
    static let typeNamers = NameTable(
        "cloudpickle.cloudpickle._builtin_type dill._dill._load_type dill.dill._load_type")
}
