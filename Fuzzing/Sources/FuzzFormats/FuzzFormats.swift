import Foundation
import FuzzDriver
import ModelFormats

/// The name that a file has, so that each format's reader can be fuzzed alone: `READER=gguf make fuzz`. Without one, the content alone tells.
private let name = ProcessInfo.processInfo.environment["FUZZ_NAME"] ?? "model"

private let limits: ReadLimits = {
    var limits = ReadLimits()
    limits.unpacked = 1 << 20
    limits.objects = 200_000
    return limits
}()

/// Any bytes as a model file: reading comes to an end, what it says lies within the file, and a file that comes in pieces says the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFormats(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let contents: ModelContents?
    do {
        contents = try ModelFile.read(MemorySource(bytes), name: name, limits: limits)
    } catch {
        fatalError("a file in memory lacks nothing: \(error)")
    }
    guard let contents else { return 0 }
    for tensor in contents.tensors {
        precondition(
            tensor.range.map { $0.lowerBound >= 0 && $0.upperBound <= count } ?? true, "\(tensor) lies outside of the file")
        precondition(tensor.elements != nil, "\(tensor) has elements without number")
    }
    for problem in contents.problems { precondition(problem.offset >= 0, "\(problem)") }
    var source = SparseSource(size: count)
    for _ in 0..<10_000 {
        do {
            let distant = try ModelFile.read(source, name: name, limits: limits)
            precondition(distant?.format == contents.format || !contents.problems.isEmpty, "a distant file is another one")
            return 0
        } catch let missing as BytesMissing {
            precondition(!missing.range.isEmpty && missing.range.upperBound <= count, "\(missing) is asked for, of \(count)")
            let end = min(count, max(missing.range.upperBound, missing.range.lowerBound + 256))
            source = source.adding(ByteWindow(start: missing.range.lowerBound, bytes: bytes[missing.range.lowerBound..<end]))
        } catch {
            fatalError("\(error)")
        }
    }
    fatalError("reading in pieces does not come to an end")
}

@_cdecl("FuzzFormats_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzFormats)
}
