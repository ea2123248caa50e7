import PythonSyntax

/// Functions of Python's standard library that the interpreter knows: what they give for what.
enum StandardLibrary {
    /// The result for some arguments, or nil where it is not known.
    typealias Function = @Sendable (Interpreter, Arguments, Site) -> Value?

    static let functions: [String: Function] = [conversions, reflection, iteration, decoding, paths, others, Texts.functions]
        .reduce(into: [:]) { all, some in all.merge(some) { $1 } }

    /// A function of constants alone.
    static func plain(_ body: @escaping @Sendable ([Atom], [String: Atom]) -> Atom?) -> Function {
        { interpreter, arguments, place in Methods.onConstants(arguments, at: place, in: interpreter, body) }
    }

    /// A function of the first argument, which is a text.
    static func ofText(_ body: @escaping @Sendable (String) -> Atom?) -> Function {
        plain { atoms, _ in
            switch atoms.first {
            case .text(let text)?: body(text.string)
            case .bytes(let bytes)?: String(validating: bytes, as: UTF8.self).flatMap(body)
            default: nil
            }
        }
    }

    /// A function of the first argument, which is bytes or a text of ASCII letters.
    static func ofBytes(_ body: @escaping @Sendable ([UInt8]) -> Atom?) -> Function {
        plain { atoms, _ in
            switch atoms.first {
            case .bytes(let bytes)?: body(bytes)
            case .text(let text)?: text.string.utf8.allSatisfy { $0 < 0x80 } ? body(Array(text.string.utf8)) : nil
            default: nil
            }
        }
    }

    static func text(_ string: String) -> Atom { .text(PythonText(string)) }
}

extension String {
    /// Without white space at both ends.
    var trimmingWhitespace: String {
        var rest = self[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
