import Documents
import PythonAnalysis
import PythonSyntax

/// What is known of a Python file, as JSON or as text for people.
enum PythonForms {
    // MARK: Trees

    static func tree(_ source: PythonSource, isJSON: Bool) -> [UInt8] {
        guard let python = source.python else { return problems(source, isJSON: isJSON) }
        if isJSON {
            return object(source) { object in
                object.key("ast")
                // A tree may be as deep as a chain of operators is long.
                object.raw(DeepStack.run { ASTJSON.bytes(of: python) })
                errors(source, in: &object)
                magics(python, in: &object)
            }
        }
        let lines = DeepStack.run { python.tree.outline() }
        return text(["\(source.path): \(Format.count(Int64(python.source.count))) bytes"] + problemLines(source) + lines)
    }

    static func problems(_ source: PythonSource, isJSON: Bool) -> [UInt8] {
        isJSON ? object(source) { errors(source, in: &$0) } : text(problemLines(source))
    }

    // MARK: Analysis

    static func analysis(_ source: PythonSource, _ result: FileAnalysis?, _ part: AnalysisOptions.Part, isJSON: Bool) -> [UInt8] {
        guard isJSON else { return text(problemLines(source) + (result.map { lines($0, part) } ?? [])) }
        return object(source) { object in
            switch part {
            case .calls:
                object.key("calls")
                object.array { list in for call in result?.calls ?? [] { list.object { write(call, source, in: &$0) } } }
            case .imports:
                object.key("imports")
                object.array { list in for found in result?.imports ?? [] { list.object { write(found, source, in: &$0) } } }
            case .values:
                object.key("values")
                object.array { list in for binding in result?.bindings ?? [] { list.object { write(binding, source, in: &$0) } } }
            }
            if source.hasErrors { errors(source, in: &object) }
            if let python = source.python { magics(python, in: &object) }
            guard let parts = result?.notAnalysed, !parts.isEmpty else { return }
            object.key("not_analysed_further")
            object.array { list in
                for part in parts {
                    list.object { entry in
                        place(part.place, source, in: &entry)
                        entry.member("reason", part.reason.rawValue)
                    }
                }
            }
        }
    }

    private static func write(_ call: PythonCall, _ source: PythonSource, in object: inout JSONWriter) {
        object.member("function", call.function)
        if !call.isResolved { object.member("resolved", false) }
        if !call.alternatives.isEmpty {
            object.key("alternatives")
            object.array { list in for name in call.alternatives { list.string(name) } }
        }
        place(call.place, source, in: &object)
        object.key("arguments")
        object.array { list in for argument in call.arguments { write(argument, in: &list) } }
        object.key("keywords")
        object.object { names in
            for (name, value) in call.keywords {
                names.key(name)
                write(value, in: &names)
            }
        }
        if call.hasUnknownArguments { object.member("more_arguments", true) }
        if call.hasUnknownKeywords { object.member("more_keywords", true) }
    }

    private static func write(_ found: PythonImport, _ source: PythonSource, in object: inout JSONWriter) {
        object.member("module", found.module)
        object.member("name", found.name)
        object.member("alias", found.alias)
        object.member("level", Int64(found.level))
        object.member("dynamic", found.isDynamic)
        place(found.place, source, in: &object)
    }

    private static func write(_ binding: PythonBinding, _ source: PythonSource, in object: inout JSONWriter) {
        object.member("name", binding.name)
        object.member("scope", binding.scope)
        place(binding.place, source, in: &object)
        object.key("value")
        write(binding.value, in: &object)
        object.key("evidence")
        object.array { list in
            var seen: Set<SourcePlace> = []
            for candidate in binding.value.candidates {
                for place in candidate.evidence where seen.insert(place).inserted {
                    list.object { entry in
                        if place.path != source.path { entry.member("path", place.path) }
                        entry.member("line", Int64(place.line))
                        entry.member("column", Int64(place.column))
                        entry.member("end_line", Int64(place.endLine))
                        entry.member("end_column", Int64(place.endColumn))
                    }
                }
            }
        }
    }

    private static func place(_ place: SourcePlace, _ source: PythonSource, in object: inout JSONWriter) {
        object.member("line", Int64(place.line))
        object.member("column", Int64(place.column))
        cell(place.line, source, in: &object)
    }

    /// `{"exact":…}`, `{"oneOf":[…]}` or `{"unknown":true}`
    private static func write(_ value: PythonValue, in writer: inout JSONWriter) {
        let hasForm = !value.isUnknown && value.candidates.allSatisfy { isWritable($0.constant) }
        writer.object { object in
            if !hasForm {
                object.member("unknown", true)
            } else if let exact = value.exact {
                object.key("exact")
                write(exact, in: &object)
            } else {
                object.key("oneOf")
                object.array { list in for candidate in value.candidates { write(candidate.constant, in: &list) } }
            }
        }
    }

    /// Whether JSON has a form for a constant.
    private static func isWritable(_ constant: PythonConstant) -> Bool {
        switch constant {
        case .ellipsis: false
        case .float(let value): value.isFinite
        case .none, .bool, .int, .largeInt, .text, .path, .bytes: true
        case .list(let members), .tuple(let members), .set(let members): members.allSatisfy(isWritable)
        case .dictionary(let pairs): pairs.allSatisfy { key($0.key) != nil && isWritable($0.value) }
        }
    }

    private static func write(_ constant: PythonConstant, in writer: inout JSONWriter) {
        switch constant {
        case .none, .ellipsis: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value): writer.integer(Int64(value))
        case .largeInt(let digits): writer.raw(digits.utf8)
        case .float(let value): writer.raw("\(value)".utf8)
        case .text(let text), .path(let text): writer.string(text)
        case .bytes(let bytes):
            if let text = constant.text {
                writer.string(text)
            } else {
                writer.object {
                    $0.member("bytes", bytes.map { byte in "\(byte < 16 ? "0" : "")\(String(byte, radix: 16))" }.joined())
                }
            }
        case .list(let members), .tuple(let members): writer.array { list in for member in members { write(member, in: &list) } }
        case .set(let members): writer.array { list in for member in members.sorted(by: isBefore) { write(member, in: &list) } }
        case .dictionary(let pairs):
            writer.object { object in
                for pair in pairs {
                    object.key(key(pair.key) ?? "")
                    write(pair.value, in: &object)
                }
            }
        }
    }

    private static func isBefore(_ a: PythonConstant, _ b: PythonConstant) -> Bool {
        if case .int(let a) = a, case .int(let b) = b { return a < b }
        return (key(a) ?? "\(a)") < (key(b) ?? "\(b)")
    }

    /// A key as `json.dumps` writes it.
    private static func key(_ constant: PythonConstant) -> String? {
        switch constant {
        case .text(let text), .path(let text): text
        case .int(let value): String(value)
        case .largeInt(let digits): digits
        case .bool(let value): value ? "true" : "false"
        case .none: "null"
        default: nil
        }
    }

    // MARK: Parts of all forms

    private static func object(_ source: PythonSource, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("path", source.path)
            body(&object)
        }
        return writer.bytes
    }

    private static func errors(_ source: PythonSource, in object: inout JSONWriter) {
        object.key("errors")
        object.array { list in
            if let refusal = source.refusal {
                list.object { entry in
                    entry.member("line", Int64(1))
                    entry.member("column", Int64(0))
                    entry.member("message", refusal)
                }
            }
            guard let python = source.python else { return }
            for problem in python.problems {
                let position = python.source.position(problem.offset)
                list.object { entry in
                    entry.member("line", Int64(position.line))
                    entry.member("column", Int64(position.column))
                    cell(position.line, source, in: &entry)
                    entry.member("message", problem.message)
                    if problem.isPython2 { entry.member("python2", true) }
                }
            }
        }
    }

    /// What a notebook says to IPython and not to Python.
    private static func magics(_ python: PythonFile, in object: inout JSONWriter) {
        let wholeCells = python.cells.filter { $0.magic != nil }
        guard !python.tree.magics.isEmpty || !wholeCells.isEmpty else { return }
        object.key("magics")
        object.array { list in
            for range in python.tree.magics {
                let position = python.source.position(range.lowerBound)
                list.object { entry in
                    entry.member("line", Int64(position.line))
                    entry.member("column", Int64(position.column))
                    entry.member("text", python.source.text(range))
                }
            }
            for cell in wholeCells {
                list.object { entry in
                    entry.member("line", Int64(cell.firstLine))
                    entry.member("column", Int64(0))
                    entry.member("text", cell.magic ?? "")
                    entry.member("contents", cell.contents ?? "")
                }
            }
        }
    }

    /// Where a line of a notebook stands.
    private static func cell(_ line: Int, _ source: PythonSource, in object: inout JSONWriter) {
        guard let place = source.python?.cell(ofLine: line) else { return }
        object.member("cell", Int64(place.cell))
        object.member("cell_line", Int64(place.line))
    }

    // MARK: Text

    private static func text(_ lines: [String]) -> [UInt8] { Array(lines.map { TextTable.oneLine($0) + "\n" }.joined().utf8) }

    private static func problemLines(_ source: PythonSource) -> [String] {
        if let refusal = source.refusal { return ["\(source.path): \(refusal)"] }
        guard let python = source.python else { return [] }
        return python.problems.map { problem in
            let position = python.source.position(problem.offset)
            return
                "\(source.path):\(position.line):\(position.column + 1): \(problem.message)\(problem.isPython2 ? " (Python 2)" : "")"
        }
    }

    private static func lines(_ result: FileAnalysis, _ part: AnalysisOptions.Part) -> [String] {
        func at(_ place: SourcePlace) -> String { "\(result.path):\(place.line):\(place.column + 1): " }
        var lines: [String]
        switch part {
        case .calls:
            lines = result.calls.map { call in
                var parts = call.arguments.map(PythonNotation.value)
                if call.hasUnknownArguments { parts.append("*?") }
                parts += call.keywords.map { "\($0.name)=\(PythonNotation.value($0.value))" }
                if call.hasUnknownKeywords { parts.append("**?") }
                let others = call.alternatives.isEmpty ? "" : "  or \(call.alternatives.joined(separator: ", "))"
                let mark = call.isResolved ? "" : "  (not resolved)"
                return at(call.place) + "\(call.function)(\(parts.joined(separator: ", ")))" + others + mark
            }
        case .imports:
            lines = result.imports.map { found in
                let module = found.module.isEmpty ? "." : found.module
                let what = found.name.map { "from \(module) import \($0)" } ?? "import \(module)"
                return at(found.place) + what + (found.alias.map { " as \($0)" } ?? "") + (found.isDynamic ? "  (by a call)" : "")
            }
        case .values:
            lines = result.bindings.map { binding in
                let name = binding.scope.isEmpty ? binding.name : "\(binding.scope): \(binding.name)"
                return at(binding.place) + "\(name) = \(PythonNotation.value(binding.value))"
            }
        }
        for part in result.notAnalysed { lines.append(at(part.place) + "not analysed further (\(part.reason.rawValue))") }
        return lines
    }
}

/// Values as people read them.
enum PythonNotation {
    private static let longestText = 120

    static func value(_ value: PythonValue) -> String {
        if !value.isUnknown { return value.candidates.map { constant($0.constant) }.joined(separator: " | ") }
        // What is known of it all the same.
        if let template = value.templates.first, template.contains(where: { $0 != nil }) {
            return "\"" + template.map { $0 ?? "{?}" }.joined() + "\""
        }
        return value.names.first.map { "<\($0)>" } ?? "?"
    }

    private static func constant(_ constant: PythonConstant) -> String {
        switch constant {
        case .none: "None"
        case .ellipsis: "..."
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .largeInt(let digits): digits
        case .float(let value): "\(value)"
        case .text(let text), .path(let text): quoted(text)
        case .bytes(let bytes): constant.text.map { "b" + quoted($0) } ?? "<\(bytes.count) bytes>"
        case .list(let members): "[\(members.map(self.constant).joined(separator: ", "))]"
        case .tuple(let members):
            "(\(members.map(self.constant).joined(separator: ", "))\(members.count == 1 ? "," : ""))"
        case .set(let members): "{\(members.map(self.constant).joined(separator: ", "))}"
        case .dictionary(let pairs):
            "{\(pairs.map { "\(self.constant($0.key)): \(self.constant($0.value))" }.joined(separator: ", "))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let shown = text.count > longestText ? text.prefix(longestText) + "…" : text[...]
        return "\"" + shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
