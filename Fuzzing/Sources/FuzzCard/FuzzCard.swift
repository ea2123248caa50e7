import Documents

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

// SwiftPM gives an executable's entry point this name; libFuzzer's own `main` has no part in it.
@_cdecl("FuzzCard_main")
public func runFuzzer(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, fuzzCard)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt
