import Documents
import FuzzDriver

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

@_cdecl("FuzzYAML_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzYAML)
}
