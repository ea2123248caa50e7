import FuzzDriver
import Hubs
import ModelPackage

/// Any bytes as a record of each hub: the reader answers with a package or a reason. A package has a name that is safe as a path,
/// no empty texts, and is the same when read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecord(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let record = RawRecord(Array(UnsafeBufferPointer(start: start, count: count))[...])
    for hub in HubID.allCases {
        let reader = recordReader(for: hub)
        guard let package = try? reader.package(from: record) else { continue }
        precondition(package.id.hub == hub && (try? PackageID(hub: hub, name: package.id.name)) == package.id)
        let texts = [package.title, package.summary, package.owner, package.task, package.library, package.architecture]
        precondition(texts.allSatisfy { $0.map { !$0.value.isEmpty && !$0.value.utf8.contains(0) } ?? true })
        precondition((try? reader.package(from: record)) == package)
    }
    return 0
}

@_cdecl("FuzzRecord_main")
public func runFuzzer(_ count: CInt, _ arguments: ProgramArguments) -> CInt {
    runLibFuzzer(count, arguments, fuzzRecord)
}
