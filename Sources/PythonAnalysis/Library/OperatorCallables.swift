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
