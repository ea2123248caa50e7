public import Foundation
public import ModelPackage
import Subprocess

/// The `git` program, run so that a repository from outside runs nothing here: hooks, prompts, LFS smudging and the `ext` protocol are
/// off.
public struct GitProgram: Sendable {
    /// The hub that is read, for errors.
    public let hub: HubID

    public init(hub: HubID) {
        self.hub = hub
    }

    /// The longest output that is taken whole.
    private static let longestOutput = 1 << 30

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - folder: the repository; nil for commands that are about none.
    ///   - subject: what to name in an error, in the place of the folder.
    /// - Returns: what it printed.
    /// - Throws: ``HubError`` where it fails, with git's own first line.
    @discardableResult
    public func run(
        _ arguments: [String], in folder: URL?, input: String = "", of subject: String? = nil
    ) async throws -> [UInt8] {
        let result: (status: TerminationStatus, output: [UInt8], errors: String?)
        do {
            let record = try await Subprocess.run(
                .name("git"), arguments: Self.arguments(arguments, folder), environment: Self.environment, input: .string(input),
                output: .bytes(limit: Self.longestOutput), error: .string(limit: 1 << 20))
            result = (record.terminationStatus, record.standardOutput, record.standardError)
        } catch {
            throw cannotRun(error)
        }
        try check(result.status, result.errors, arguments, folder, subject)
        return result.output
    }

    /// Runs a command and hands over what it prints as it comes.
    ///
    /// - Throws: ``HubError`` where it fails; what `use` throws.
    public func stream(
        _ arguments: [String], in folder: URL, input: String, _ use: (UnsafeRawBufferPointer) throws -> Void
    ) async throws {
        let record = try await Subprocess.run(
            .name("git"), arguments: Self.arguments(arguments, folder), environment: Self.environment, input: .string(input),
            output: .sequence, error: .string(limit: 1 << 20)
        ) { execution in
            for try await part in execution.standardOutput { try part.withUnsafeBytes { try use($0) } }
        }
        try check(record.terminationStatus, record.standardError, arguments, folder, nil)
    }

    private static func arguments(_ arguments: [String], _ folder: URL?) -> Arguments {
        let safety = [
            "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "safe.directory=*", "-c",
            "core.fsmonitor=false", "-c", "gc.auto=0",
        ]
        return Arguments(safety + (folder.map { ["-C", $0.path] } ?? []) + arguments)
    }

    private static var environment: Subprocess.Environment {
        .inherit.updating([
            "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_ASKPASS": "",
        ])
    }

    private func cannotRun(_ error: any Error) -> any Error {
        error is CancellationError
            ? error : HubError(hub, .unavailable, "cannot run git, which this hub is read with: \(error)", cause: error)
    }

    private func check(
        _ status: TerminationStatus, _ errors: String?, _ arguments: [String], _ folder: URL?, _ subject: String?
    ) throws {
        guard case .exited(0) = status else {
            let lines = (errors ?? "").split(separator: "\n").map(String.init)
            let reason = lines.first { $0.hasPrefix("fatal:") } ?? lines.first { !$0.isEmpty } ?? "\(status)"
            let shown = arguments.reduce(reason) { $0.replacing($1, with: withoutCredentials($1)) }
            let place = subject.map { withoutCredentials($0) } ?? folder?.path ?? ""
            throw HubError(hub, .unavailable, "git \(arguments.first ?? "") failed for \(place): \(shown)")
        }
    }
}
