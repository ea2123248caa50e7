import ModelFormats

/// Chat templates: Jinja that a loader renders, and that leads to code where the sandbox lacks or leaks (CVE-2024-34359).
extension FileScanner {
    mutating func judgeTemplate(_ template: String, _ name: String, _ part: Part) {
        let (blocks, unclosed) = JinjaTokens.blocks(template)
        if let unclosed {
            add(
                .templateUnclear, nil, "has a template with a block that does not end (\(quoted(name)), line \(unclosed))",
                in: part)
        }
        for block in blocks {
            guard let judgment = TemplateJudge.judge(block) else { continue }
            var finding = Finding(.templateEscape, judgment.severity, "has a template that \(judgment.what) (\(quoted(name)))")
            finding.evidence.line = block.line
            finding.evidence.snippet = Printing.plain(TemplateJudge.source(block))
            add(finding, in: part)
            if judgment.severity == .critical { return }
        }
    }
}

enum TemplateJudge {
    struct Judgment {
        var severity: Severity
        var what: String
    }

    private static let frameNames: Set<String> = [
        "gi_frame", "cr_frame", "ag_frame", "f_globals", "f_builtins", "f_locals", "func_globals", "gi_code", "tb_frame", "mro",
        "im_class", "im_func", "func_code",
    ]
    /// Objects of Jinja and Flask from which attributes lead to modules.
    private static let gateways: Set<String> = [
        "cycler", "joiner", "lipsum", "self", "config", "request", "session", "g", "url_for", "get_flashed_messages", "namespace",
        "caller", "varargs", "kwargs", "environment",
    ]

    static func judge(_ block: JinjaBlock) -> Judgment? {
        let tokens = block.tokens
        if block.isStatement, let first = tokens.first(where: { $0.symbol != "-" && $0.symbol != "+" })?.name,
            ["import", "include", "extends", "from"].contains(first)
        {
            return Judgment(severity: .critical, what: "takes in other templates (\(first))")
        }
        for (index, token) in tokens.enumerated() {
            let previous = index > 0 ? tokens[index - 1] : nil
            if let name = token.name {
                if isHidden(name), previous?.symbol == "." || !block.isStatement {
                    return Judgment(severity: .critical, what: "reaches \(name)")
                }
                if previous?.symbol == ".", frameNames.contains(name) {
                    return Judgment(severity: .critical, what: "reaches \(name)")
                }
                if previous?.symbol == ".", name == "format", case .text(let text)? = index > 1 ? tokens[index - 2] : nil,
                    text.contains("{") && text.contains("._")
                {
                    return Judgment(severity: .critical, what: "reaches attributes by formatting")
                }
                if previous?.symbol == "|",
                    name == "attr" || name == "map" || name == "groupby" || name == "selectattr" || name == "sort",
                    let judgment = judgeFilter(name, tokens[(index + 1)...])
                {
                    return judgment
                }
                if gateways.contains(name), previous?.symbol != ".", index + 2 < tokens.count, tokens[index + 1].symbol == ".",
                    let member = tokens[index + 2].name, member.hasPrefix("_") || ["globals", "func_globals"].contains(member)
                {
                    return Judgment(severity: .critical, what: "reaches \(name).\(member)")
                }
            }
            if let text = token.text {
                if isHidden(text) { return Judgment(severity: .critical, what: "names \(Printing.plain(text, limit: 60))") }
                if text.contains(".__") && text.contains("{") {
                    return Judgment(severity: .critical, what: "reaches attributes by formatting")
                }
            }
        }
        return judgeJoined(tokens)
    }

    private static func isHidden(_ text: String) -> Bool {
        guard text.hasPrefix("__"), text.hasSuffix("__"), text.count > 4 else { return text.hasPrefix("_TemplateReference") }
        return text.dropFirst(2).dropLast(2).allSatisfy { $0.isLetter || $0 == "_" }
    }

    /// `|attr(x)`: any name but a plain literal hides what it takes.
    private static func judgeFilter(_ name: String, _ rest: ArraySlice<JinjaToken>) -> Judgment? {
        guard name == "attr" else { return nil }
        guard rest.first?.symbol == "(", let argument = rest.dropFirst().first else { return nil }
        guard let text = argument.text, rest.dropFirst(2).first?.symbol == ")" else {
            return Judgment(severity: .high, what: "takes an attribute whose name it computes")
        }
        return text.hasPrefix("_") || frameNames.contains(text)
            ? Judgment(severity: .critical, what: "reaches \(Printing.plain(text, limit: 60))") : nil
    }

    /// Names that are put together of pieces: `'__cla' ~ 'ss__'`, `['__', 'class', '__']|join`, `'__ssalc__'[::-1]`.
    private static func judgeJoined(_ tokens: [JinjaToken]) -> Judgment? {
        let texts = tokens.compactMap(\.text)
        guard texts.contains(where: { $0.contains("_") }), texts.count < 200 else { return nil }
        let joined = texts.joined()
        let words = [
            "class", "globals", "builtins", "subclasses", "import", "init", "mro", "base", "bases", "getattribute", "dict",
        ]
        for candidate in [joined, String(joined.reversed())] where words.contains(where: { candidate.contains("__\($0)__") }) {
            return Judgment(severity: .critical, what: "puts together a name with two underscores")
        }
        for text in texts where words.contains(where: { String(text.reversed()) == "__\($0)__" }) {
            return Judgment(severity: .critical, what: "puts together a name with two underscores")
        }
        return nil
    }

    static func source(_ block: JinjaBlock) -> String {
        let inner = block.tokens.map { token in
            switch token {
            case .name(let text), .number(let text), .symbol(let text): text
            case .text(let text): Printing.literal(text)
            }
        }.joined(separator: " ")
        return block.isStatement ? "{% \(inner) %}" : "{{ \(inner) }}"
    }
}
