internal import Mustache

/// HTML that was made here: every text in it went through ``HTMLText``.
///
/// Templates take it with three braces; a test holds them to doing so for nothing but properties whose names end in `HTML`.
struct Markup: Sendable, Equatable, MustacheCustomRenderable {
    private(set) var html = ""

    var renderText: String { html }
    /// So that a section of a template is left out for it.
    var isNull: Bool { html.isEmpty }
    var isEmpty: Bool { html.isEmpty }

    init() {}

    /// What a template made, which escapes all texts put into it.
    init(rendered html: String) {
        self.html = html
    }

    /// HTML that is spelled out in our sources.
    mutating func raw(_ html: StaticString) {
        self.html += html.description
    }

    mutating func text(_ text: String) {
        html += HTMLText.escaped(text)
    }

    mutating func append(_ markup: Markup) {
        html += markup.html
    }

    /// `<name a="…">`. An attribute without a value is left out where it is nil, and stands alone where it is empty.
    mutating func open(_ name: StaticString, _ attributes: Attributes = [:]) {
        html += "<"
        html += name.description
        for (attribute, value) in attributes {
            guard let value else { continue }
            html += " "
            html += attribute
            if value.isEmpty, attribute != "alt" { continue }
            html += "=\""
            html += HTMLText.escaped(value)
            html += "\""
        }
        html += ">"
    }

    mutating func close(_ name: StaticString) {
        html += "</"
        html += name.description
        html += ">"
    }

    /// An element around what `content` writes.
    mutating func element(_ name: StaticString, _ attributes: Attributes = [:], _ content: (inout Markup) -> Void) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    /// An element around a text.
    mutating func element(_ name: StaticString, _ attributes: Attributes = [:], text: String) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    typealias Attributes = KeyValuePairs<String, String?>

    static func build(_ content: (inout Markup) -> Void) -> Markup {
        var markup = Markup()
        content(&markup)
        return markup
    }
}
