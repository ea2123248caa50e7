import Documents

/// Any bytes: the reader answers with values or an error, in bounded depth and memory; what it accepts becomes JSON.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    if let value = try? YAMLValue.parse(text) {
        var writer = JSONWriter()
        value.write(to: &writer)
        guard (try? JSONDocument(writer.bytes)) != nil else { fatalError("what was written is not JSON") }
    }
    return 0
}

// SwiftPM gives an executable's entry point this name; libFuzzer's own `main` has no part in it.
@_cdecl("FuzzYAML_main")
public func runFuzzer(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, fuzzYAML)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt
