import Documents
import FuzzDriver

/// Any bytes: the reader answers with values or an error; what it accepts it can walk, and writing it again reads the same. The
/// element scanner finds the same elements whole and in pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let document = try? JSONDocument(bytes, limits: JSONLimits(size: 1 << 20, depth: 64, values: 100_000)) {
        walk(document.root)
        let line = singleLineJSON(bytes[...])
        guard let again = try? JSONDocument(line, limits: JSONLimits(size: 1 << 20, depth: 64, values: 100_000)),
            again.root.kind == document.root.kind
        else { fatalError("a text on one line is not the same text") }
    }
    precondition(elements(of: bytes, piece: max(1, count)) == elements(of: bytes, piece: 3))
    return 0
}

private func walk(_ value: JSONValue) {
    _ = (value.string, value.int64, value.double, value.bool, value.text, value["id"])
    for element in value.elements { walk(element) }
    for (_, member) in value.members { walk(member) }
}

/// The elements of an array read piece by piece; nil where it is not one.
private func elements(of bytes: [UInt8], piece: Int) -> [[UInt8]]? {
    var scanner = JSONElementScanner(maximumElementSize: 1 << 20)
    var buffer: [UInt8] = []
    var fed = 0
    var found: [[UInt8]] = []
    while true {
        guard let event = try? scanner.next(in: buffer, isComplete: fed == bytes.count) else { return nil }
        switch event {
        case .element(let range): found.append(Array(buffer[range]))
        case .needsMore:
            let dropped = scanner.consumed
            buffer.removeFirst(dropped)
            scanner.dropped(dropped)
            buffer += bytes[fed..<min(fed + piece, bytes.count)]
            fed = min(fed + piece, bytes.count)
        case .end: return found
        }
    }
}

@_cdecl("FuzzJSON_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzJSON)
}
