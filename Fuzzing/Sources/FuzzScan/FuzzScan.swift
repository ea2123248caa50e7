import Foundation
import FuzzDriver
import ModelFormats
import Scanning

/// The name that a file has: `READER=scan` lets the content alone tell, `READER=scan-pickle` begins as a loader of pickles would.
private let name = ProcessInfo.processInfo.environment["FUZZ_NAME"] ?? "blob"

private let scan: LocalScan = {
    var limits = ScanLimits()
    limits.memberBytes = 1 << 20
    limits.bytes = 16 << 20
    limits.seconds = 5
    return LocalScan(limits: limits, wantsListings: true)
}()

/// Any bytes as a file to scan: it comes to an end, and every byte is accounted for at most as often as it is read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzScan(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let input = LocalScan.Input(place: name, path: name, name: name, group: name)
    do {
        let scanned = try scan.scanned(MemorySource(bytes), input)
        withExtendedLifetime(scanned) {}
    } catch {
        fatalError("a file in memory lacks nothing: \(error)")
    }
    return 0
}

@_cdecl("FuzzScan_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzScan)
}
