import Dispatch
public import Foundation

/// What a program that has ended left.
public struct ProgramResult: Sendable {
    public let status: Int32
    public let wasKilled: Bool
    public let output: String
    public let errors: String

    /// The output as the JSON that it should be.
    public func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] else {
            throw CocoaError(.coderReadCorrupt)
        }
        return object
    }
}

/// Runs a program to its end.
public func runProgram(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], killAfter: Duration? = nil
) async throws -> ProgramResult {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HF_") && $0.key != "WEIR_DATASET" }
        .merging(environment) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let identifier = process.processIdentifier
    async let outputData = readAll(output)
    async let errorData = readAll(errors)
    // On a thread of its own: the tasks' threads may all be busy with other tests when the moment comes. The program is not waited
    // for before this has ended, so that its number is still its own.
    let killer = killAfter.map { delay in
        onThread {
            Thread.sleep(forTimeInterval: delay / .seconds(1))
            kill(identifier, SIGKILL)
        }
    }
    let result = try await (outputData, errorData)
    await killer?.value
    await onThread { process.waitUntilExit() }.value
    return ProgramResult(
        status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
        output: String(decoding: result.0, as: UTF8.self), errors: String(decoding: result.1, as: UTF8.self))
}

/// Work that blocks, on no thread of the tasks.
private func onThread(_ work: @escaping @Sendable () -> Void) -> Task<Void, Never> {
    let (ended, end) = AsyncStream<Never>.makeStream()
    Thread.detachNewThread {
        work()
        end.finish()
    }
    return Task { for await _ in ended {} }
}

private func readAll(_ pipe: Pipe) async throws -> Data {
    let handle = pipe.fileHandleForReading
    return try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try handle.readToEnd() ?? Data() })
        }
    }
}

/// A server program that says its address on its first line; stopped when the value goes away.
public final class ServerProgram: Sendable {
    public let address: String
    private let identifier: Int32

    public init(_ program: URL, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        identifier = process.processIdentifier
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw CocoaError(.fileReadUnknown) }
            line += data
        }
        address = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        kill(identifier, SIGTERM)
    }
}
