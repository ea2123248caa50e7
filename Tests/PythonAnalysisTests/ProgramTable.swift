import Foundation
import PythonAnalysis
import PythonSyntax

/// A program of the table with what its analysis must say. `Programs/README.md` describes the notation.
struct TableProgram: Sendable, CustomStringConvertible {
    let title: String
    /// Files with their places, in order.
    var files: [(place: String, text: String)] = []

    var description: String { title }

    /// The programs of a file of the table.
    static func programs(of text: String) -> [TableProgram] {
        var programs: [TableProgram] = []
        var lines: [Substring] = []
        func endFile() {
            guard !programs.isEmpty else { return }
            if programs[programs.count - 1].files.isEmpty {
                programs[programs.count - 1].files.append(("main.py", ""))
            }
            let last = programs[programs.count - 1].files.count - 1
            programs[programs.count - 1].files[last].text = lines.joined(separator: "\n") + "\n"
            lines = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#### ") {
                endFile()
                programs.append(TableProgram(title: String(line.dropFirst(5))))
            } else if line.hasPrefix("#file ") {
                if programs.last?.files.isEmpty == false { endFile() }
                lines = []
                programs[programs.count - 1].files.append((String(line.dropFirst(6)), ""))
            } else {
                lines.append(line)
            }
        }
        endFile()
        return programs
    }

    /// What differs between the expectations and the analysis; empty where nothing does.
    func differences() -> [String] {
        let package = PythonPackage(
            files: files.map { place, text in
                PythonPackage.File(path: place, place: place, python: PythonFile(Array(text.utf8)))
            })
        let analysis = PackageAnalysis(package)
        var differences: [String] = []
        for ((place, text), file) in zip(files, analysis.files) {
            let calls = Dictionary(grouping: file.calls, by: \.place.line)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let (expectedCalls, expectedValue) = Self.expectations(of: String(line))
                if let expected = expectedCalls {
                    let actual = calls[number + 1, default: []].map(Notation.call)
                    let wanted = expected.components(separatedBy: " ;; ").map(Notation.normal)
                    if wanted != actual.map(Notation.normal) {
                        differences.append(
                            "\(place):\(number + 1): expected \(expected)\n      found \(actual.joined(separator: " ;; "))")
                    }
                }
                if let expected = expectedValue {
                    guard let colon = expected.range(of: ": ") else { continue }
                    let name = String(expected[..<colon.lowerBound])
                    let binding = file.bindings.last { $0.place.line == number + 1 && $0.name == name }
                    let actual = binding.map { Notation.value($0.value) } ?? "nothing"
                    if Notation.normalValue(String(expected[colon.upperBound...])) != Notation.normalValue(actual) {
                        differences.append("\(place):\(number + 1): expected \(expected)\n      found \(actual)")
                    }
                }
            }
        }
        return differences
    }

    private static func expectations(of line: String) -> (calls: String?, value: String?) {
        var calls: String?
        var value: String?
        var rest = line
        if let mark = rest.range(of: "  #= ", options: .backwards) {
            value = rest[mark.upperBound...].trimmingCharacters(in: .whitespaces)
            rest = String(rest[..<mark.lowerBound])
        }
        if let mark = rest.range(of: "  #> ", options: .backwards) {
            calls = rest[mark.upperBound...].trimmingCharacters(in: .whitespaces)
        }
        return (calls, value)
    }
}

/// Calls and values as the table writes them.
enum Notation {
    static func call(_ call: PythonCall) -> String {
        var parts = call.arguments.map(value)
        if call.hasUnknownArguments { parts.append("*?") }
        parts += call.keywords.map { "\($0.name)=\(value($0.value))" }
        if call.hasUnknownKeywords { parts.append("**?") }
        return "\(call.isResolved ? "" : "~")\(call.function)(\(parts.joined(separator: ", ")))"
    }

    static func value(_ value: PythonValue) -> String {
        if value.isUnknown { return "?" }
        let texts = value.candidates.map { json($0.constant) }
        return texts.contains(nil) ? "?" : texts.compactMap { $0 }.joined(separator: " | ")
    }

    private static func json(_ constant: PythonConstant) -> String? {
        switch constant {
        case .none: return "null"
        case .ellipsis: return nil
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .largeInt(let digits): return digits
        case .float(let value): return "\(value)"
        case .text(let text), .path(let text): return quoted(text)
        case .bytes(let bytes): return String(validating: bytes, as: UTF8.self).map(quoted)
        case .list(let members), .tuple(let members): return list(members)
        case .set(let members): return list(members.sorted { (json($0) ?? "") < (json($1) ?? "") })
        case .dictionary(let pairs):
            let parts = pairs.map { pair in json(pair.key).flatMap { key in json(pair.value).map { "\(key): \($0)" } } }
            return parts.contains(nil) ? nil : "{\(parts.compactMap { $0 }.joined(separator: ", "))}"
        }
    }

    private static func list(_ members: [PythonConstant]) -> String? {
        let parts = members.map(json)
        return parts.contains(nil) ? nil : "[\(parts.compactMap { $0 }.joined(separator: ", "))]"
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    // MARK: Comparison

    /// A call with the alternatives of each argument in one order, for it does not matter which was found first.
    static func normal(_ call: String) -> String {
        guard call.hasSuffix(")"), let open = argumentsStart(call) else { return call }
        let arguments = pieces(call[call.index(after: open)..<call.index(before: call.endIndex)], at: ",").map {
            argument -> String in
            if let equals = argument.firstIndex(of: "="),
                argument[..<equals].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
            {
                return "\(argument[..<equals])=\(normalValue(String(argument[argument.index(after: equals)...])))"
            }
            return normalValue(argument)
        }
        return "\(call[..<open])(\(arguments.joined(separator: ", ")))"
    }

    static func normalValue(_ value: String) -> String {
        pieces(value[...], at: "|").map { $0.filter { _ in true }.trimmingCharacters(in: .whitespaces) }.map(compact).sorted()
            .joined(separator: " | ")
    }

    /// JSON without the white space between its parts.
    private static func compact(_ json: String) -> String {
        var out = ""
        var isInText = false
        var isEscaped = false
        for character in json {
            if isInText || character != " " { out.append(character) }
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isInText.toggle()
            }
        }
        return out
    }

    /// Where the last list of arguments opens.
    private static func argumentsStart(_ call: String) -> String.Index? {
        var start: String.Index?
        var depth = 0
        var quote: Character?
        var isEscaped = false
        for index in call.indices {
            let character = call[index]
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == open {
                    quote = nil
                }
                continue
            }
            switch character {
            case "\"", "'": quote = character
            case "(", "[", "{":
                if depth == 0, character == "(" { start = index }
                depth += 1
            case ")", "]", "}": depth -= 1
            default: break
            }
        }
        return start
    }

    /// The pieces between separators that stand in no brackets and no text.
    private static func pieces(_ text: Substring, at separator: Character) -> [String] {
        var pieces = [""]
        var depth = 0
        var isInText = false
        var isEscaped = false
        for character in text {
            if character == separator, depth == 0, !isInText {
                pieces.append("")
                continue
            }
            pieces[pieces.count - 1].append(character)
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInText = false
                }
                continue
            }
            switch character {
            case "\"": isInText = true
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            default: break
            }
        }
        return pieces.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
