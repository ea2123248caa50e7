/// Reads the text of a script into commands (POSIX.1-2024, Shell Command Language, section 2; near enough for cmd.exe and
/// PowerShell).
///
/// It never fails: what it does not know is a word.
struct ShellReader {
    private let text: [Character]
    private let dialect: ShellScript.Dialect
    private var position = 0
    private var line = 1

    private var script = ShellScript()
    private var pipeline: [ShellScript.Command] = []
    private var command = ShellScript.Command()
    private var word = ""
    private var isInWord = false
    private var pendingRedirection: ShellScript.Redirection.Kind?
    private var takesHereString = false
    /// Here-documents whose text begins on the next line: their last lines, and whether tabs before them are dropped.
    private var hereDocuments: [(end: String, dropsTabs: Bool)] = []
    private var awaitsHereDocument: Bool?
    private var variables: [String: String] = [:]

    /// Commands beyond these are not read: a script of that length is data.
    private static let mostCommands = 200_000
    private static let keywords: Set<String> = [
        "if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done", "@",
    ]

    private init(_ text: String, _ dialect: ShellScript.Dialect) {
        self.text = Array(text)
        self.dialect = dialect
    }

    static func read(_ text: String, _ dialect: ShellScript.Dialect = .posix) -> ShellScript {
        var reader = ShellReader(text, dialect)
        reader.run()
        return reader.script
    }

    private func character(_ offset: Int = 0) -> Character? {
        let index = position + offset
        return index < text.count ? text[index] : nil
    }

    private var escape: Character {
        switch dialect {
        case .posix: "\\"
        case .batch: "^"
        case .powerShell: "`"
        }
    }

    private mutating func run() {
        while let next = character(), script.pipelines.count < Self.mostCommands { read(next) }
        endPipeline()
    }

    private mutating func read(_ next: Character) {
        switch next {
        case "\n", "\r\n", "\r": endLine()
        case " ", "\t":
            endWord()
            position += 1
        case escape: readEscape()
        case "'" where dialect != .batch: readQuoted(until: "'", expands: false)
        case "\"": readQuoted(until: "\"", expands: dialect != .batch)
        case "#" where dialect != .batch && !isInWord: skipLine()
        case "<" where dialect == .powerShell && character(1) == "#": skipBlockComment()
        case "$" where character(1) == "(": readSubstitution(opening: 2, isFile: false)
        case "`" where dialect == .posix: readBackquotes()
        case "<" where character(1) == "(" && dialect == .posix, ">" where character(1) == "(" && dialect == .posix:
            readSubstitution(opening: 2, isFile: true)
        case "$" where dialect == .posix: readVariable()
        case "|":
            let isOr = character(1) == "|"
            if isOr { endPipeline() } else { endCommand() }
            position += isOr || character(1) == "&" ? 2 : 1
        case "&":
            if character(1) == ">" { readRedirection() } else { endPipelineAtSign() }
        case ";":
            endPipeline()
            position += 1
        case "(" where dialect != .powerShell && !isInWord, ")" where dialect != .powerShell:
            endPipeline()
            position += 1
        case ">", "<": readRedirection()
        default:
            word.append(next)
            isInWord = true
            position += 1
        }
    }

    // MARK: Ends

    private mutating func endPipelineAtSign() {
        position += character(1) == "&" ? 2 : 1
        endPipeline()
    }

    private mutating func endLine() {
        endPipeline()
        position += 1
        line += 1
        for document in hereDocuments { readHereDocument(document) }
        hereDocuments = []
    }

    private mutating func endWord() {
        guard isInWord else { return }
        defer {
            word = ""
            isInWord = false
        }
        if let dropsTabs = awaitsHereDocument {
            hereDocuments.append((word, dropsTabs))
            awaitsHereDocument = nil
        } else if takesHereString {
            command.input = word
            takesHereString = false
        } else if let kind = pendingRedirection {
            command.redirections.append(ShellScript.Redirection(kind: kind, target: word))
            pendingRedirection = nil
        } else if command.words.isEmpty, dialect == .posix, let equals = word.firstIndex(of: "="), isName(word[..<equals]) {
            variables[String(word[..<equals])] = String(word[word.index(after: equals)...])
        } else if command.words.isEmpty, Self.keywords.contains(word) || dialect == .batch && word == "@echo" {
            return
        } else {
            if command.words.isEmpty {
                command.line = line
                if dialect == .batch {
                    if word.hasPrefix("@") { word.removeFirst() }
                    if word.lowercased() == "rem" || word.hasPrefix("::") { return skipLine() }
                }
            }
            command.words.append(word)
        }
    }

    private func isName(_ text: Substring) -> Bool {
        guard let first = text.first, first.isLetter || first == "_" else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    private mutating func endCommand() {
        endWord()
        if !command.words.isEmpty || !command.substitutions.isEmpty || !command.redirections.isEmpty { pipeline.append(command) }
        command = ShellScript.Command()
        command.line = line
        pendingRedirection = nil
    }

    private mutating func endPipeline() {
        endCommand()
        if !pipeline.isEmpty { script.pipelines.append(pipeline) }
        pipeline = []
    }

    // MARK: Parts of words

    private mutating func readEscape() {
        guard let next = character(1) else {
            position += 1
            return
        }
        position += 2
        if next.isNewline {
            line += 1
            return
        }
        // cmd.exe and PowerShell scripts keep `\` in paths: only their own sign escapes.
        word.append(next)
        isInWord = true
    }

    private mutating func readQuoted(until end: Character, expands: Bool) {
        position += 1
        isInWord = true
        while let next = character(), next != end {
            if expands, next == escape, let escaped = character(1) {
                if escaped.isNewline { line += 1 } else { word.append(escaped) }
                position += 2
            } else if expands, next == "$", character(1) == "(" {
                readSubstitution(opening: 2, isFile: false)
            } else if expands, next == "`", dialect == .posix {
                readBackquotes()
            } else if expands, next == "$", dialect == .posix {
                readVariable()
            } else {
                if next.isNewline { line += 1 }
                word.append(next)
                position += 1
            }
        }
        position += 1
    }

    /// `$NAME` or `${NAME…}`: its text where the script sets it, else as it stands.
    private mutating func readVariable() {
        isInWord = true
        let start = position
        position += 1
        let isBraced = character() == "{"
        if isBraced { position += 1 }
        var name = ""
        while let next = character(), next.isLetter || next.isNumber || next == "_" {
            name.append(next)
            position += 1
        }
        if isBraced {
            while let next = character(), next != "}", !next.isNewline { position += 1 }
            if character() == "}" { position += 1 }
        }
        let longest = 1 << 16
        if let known = variables[name], word.utf8.count + known.utf8.count < longest {
            word += known
        } else {
            word += String(text[start..<min(position, text.count)])
        }
    }

    /// `$(…)` or `<(…)`, in which parentheses and quotes are paired.
    private mutating func readSubstitution(opening: Int, isFile: Bool) {
        isInWord = true
        let start = position
        position += opening
        var depth = 1
        var quote: Character?
        while let next = character(), depth > 0 {
            if next.isNewline { line += 1 }
            if next == escape {
                position += 2
                continue
            }
            if let open = quote {
                if next == open { quote = nil }
            } else if next == "'" || next == "\"" {
                quote = next
            } else if next == "(" {
                depth += 1
            } else if next == ")" {
                depth -= 1
            }
            position += 1
        }
        position = min(position, text.count)
        let inner = start + opening
        let end = depth == 0 ? position - 1 : position
        if inner < end { command.substitutions.append((String(text[inner..<end]), isFile)) }
        word += String(text[start..<position])
    }

    private mutating func readBackquotes() {
        isInWord = true
        let start = position
        position += 1
        while let next = character(), next != "`" {
            if next.isNewline { line += 1 }
            position += next == "\\" ? 2 : 1
        }
        position = min(position + 1, text.count)
        if start + 1 < position - 1 { command.substitutions.append((String(text[(start + 1)..<(position - 1)]), false)) }
        word += String(text[start..<position])
    }

    // MARK: Redirections and comments

    private mutating func readRedirection() {
        // A number before it says which stream.
        if word.allSatisfy(\.isNumber) {
            word = ""
            isInWord = false
        } else {
            endWord()
        }
        if character() == "&" { position += 1 }
        let isInput = character() == "<"
        position += 1
        if isInput, character() == "<" {
            position += 1
            if character() == "<" {
                position += 1
                takesHereString = true
            } else {
                let dropsTabs = character() == "-"
                if dropsTabs { position += 1 }
                awaitsHereDocument = dropsTabs
            }
            return
        }
        var kind = isInput ? ShellScript.Redirection.Kind.input : .write
        if character() == ">" {
            position += 1
            kind = isInput ? .write : .append
        }
        if character() == "&" || character() == "|" { position += 1 }
        pendingRedirection = kind
    }

    private mutating func readHereDocument(_ document: (end: String, dropsTabs: Bool)) {
        var body = ""
        while position < text.count {
            var current = ""
            while let next = character(), !next.isNewline {
                current.append(next)
                position += 1
            }
            position = min(position + 1, text.count)
            line += 1
            if (document.dropsTabs ? String(current.drop { $0 == "\t" }) : current) == document.end { break }
            body += current + "\n"
        }
        guard var last = script.pipelines.popLast() else { return }
        if let index = last.lastIndex(where: { $0.input == nil }) { last[index].input = body }
        script.pipelines.append(last)
    }

    private mutating func skipLine() {
        while let next = character(), !next.isNewline { position += 1 }
    }

    private mutating func skipBlockComment() {
        while position < text.count, !(character() == "#" && character(1) == ">") {
            if character()?.isNewline == true { line += 1 }
            position += 1
        }
        position = min(position + 2, text.count)
    }
}
