import Documents
import FuzzDriver

/// Any bytes as a card: front matter and Markdown are split and read; lines stay within the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCard(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let page = FrontMatter(splitting: text)
    let lines = page.body.utf8.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 1
    let document = MarkdownDocument(page.body)
    precondition(document.headings.allSatisfy { (1...lines).contains($0.line) })
    precondition(document.tables.allSatisfy { (1...lines).contains($0.line) })
    _ = document.section { $0.isEmpty }
    return 0
}

@_cdecl("FuzzCard_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzCard)
}
