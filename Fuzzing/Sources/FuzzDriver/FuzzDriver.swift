/// The arguments of a C program.
public typealias ProgramArguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// Hands a program over to libFuzzer, whose own `main` has no part in it: SwiftPM names an executable's entry point `TARGET_main`,
/// which each fuzz target defines and which calls this.
public func runLibFuzzer(
    _ count: CInt, _ arguments: ProgramArguments, _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, target)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<ProgramArguments>,
    _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt
