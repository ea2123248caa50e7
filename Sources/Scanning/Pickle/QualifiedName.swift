/// A dotted name that a pickle imports: a module, and a name in it that may have dots itself.
struct QualifiedName: Hashable, Sendable {
    let module: String
    let name: String

    var full: String { "\(module).\(name)" }

    /// The parts of both, in order.
    var parts: [Substring] { full.split(separator: ".", omittingEmptySubsequences: false) }

    var topLevel: String { module.prefix { $0 != "." }.description }

    /// Whether the last part looks like a class: an upper-case letter first, and not all of it constants' capitals with a dot behind.
    static func isClassLike(_ name: String) -> Bool {
        name.split(separator: ".").allSatisfy { part in
            guard let first = part.drop(while: { $0 == "_" }).first else { return false }
            return first.isUppercase
        } && !name.isEmpty && !name.hasPrefix(".") && !name.hasSuffix(".")
    }

    static func isDunder(_ part: Substring) -> Bool { part.count > 4 && part.hasPrefix("__") && part.hasSuffix("__") }

    /// Whether every part could stand in Python source.
    var isWellFormed: Bool {
        parts.allSatisfy { part in
            guard let first = part.unicodeScalars.first else { return false }
            return (first == "_" || first.properties.isXIDStart) && part.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
        }
    }
}
