import AdmissionPolicy
import ArgumentParser
import Catalog
import Dispatch
import Export
import Foundation
import Hubs
import ModelPackage
import Scanning
import Serving
import Storage
import Synchronization
import Transport

/// Runs a command: signals end it cleanly, errors become one line and an exit code.
enum CommandRunner {
    static func run(_ arguments: [String]) async -> Int32 {
        let task = Task { () async throws -> Void in
            var command: any ParsableCommand
            do {
                command = try Weir.parseAsRoot(GlobalOptions.movingBehindCommand(arguments))
            } catch {
                Weir.exit(withError: error)
            }
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        }
        signal(SIGPIPE, SIG_IGN)
        let first = Mutex<ContinuousClock.Instant?>(nil)
        let signals = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // A second signal does not wait for what is under way. One that comes at once is the same: programs such as timeout
                // send theirs to the process and to its group.
                let now = ContinuousClock.now
                let earlier = first.withLock { first in
                    defer { first = first ?? now }
                    return first
                }
                if let earlier {
                    if earlier.duration(to: now) > .milliseconds(300) { _exit(2) }
                    return
                }
                task.cancel()
                Interruption.interruptQueries()
            }
            source.resume()
            return source
        }
        defer { for source in signals { source.cancel() } }
        do {
            try await task.value
            return 0
        } catch {
            return report(
                error, wasInterrupted: task.isCancelled,
                isVerbose: CommandLine.arguments.contains { $0 == "--verbose" || $0 == "-v" })
        }
    }

    private static func report(_ error: any Error, wasInterrupted: Bool, isVerbose: Bool) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if error is NobodyReads || (error as? ExportError)?.isReaderGone == true { return 0 }
        // Help, the version, and wrong usage are the argument parser's to print.
        if [.success, .validationFailure].contains(Weir.exitCode(for: error)) { Weir.exit(withError: error) }
        if wasInterrupted {
            Console.talk("weir: interrupted; what was done is kept: run the same command again to go on")
            return 2
        }
        Console.talk("weir: error: \(oneLine(describe(error)))")
        if isVerbose, let cause = (error as? HubError)?.cause { Console.talk("weir: cause: \(oneLine("\(cause)"))") }
        return 2
    }

    /// Errors of our own describe themselves; what else comes through is named by what it is.
    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as any CustomStringConvertible & Error
        where error is StorageError || error is CatalogError || error is HubError || error is TransportError
            || error is ExportError || error is SQLRefusal || error is InvalidPackageName || error is CommandFailure
            || error is ScanFileError || error is ServeError || error is TokenError || error is PolicyError:
            "\(error)"
        default: (error as NSError).localizedDescription.isEmpty ? "\(error)" : (error as NSError).localizedDescription
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

/// The catalogs whose queries a signal ends: a query does not look whether its task was cancelled.
enum Interruption {
    private static let catalogs = Mutex<[CatalogDatabase]>([])

    static func register(_ catalog: CatalogDatabase) {
        catalogs.withLock { $0.append(catalog) }
    }

    static func interruptQueries() {
        for catalog in catalogs.withLock({ $0 }) { catalog.interrupt() }
    }
}

/// Why a command could not do its work, in one line.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension GlobalOptions {
    /// The dataset's catalog, for reading.
    ///
    /// - Throws: ``CommandFailure`` where there is no dataset.
    func openCatalog() throws -> CatalogDatabase {
        let directory = self.directory
        guard directory.exists else {
            throw CommandFailure(
                "there is no dataset at \(directory.root.path): make one with 'weir pull HUB', or name one with --dataset")
        }
        guard FileManager.default.fileExists(atPath: directory.catalog.path) else {
            throw CommandFailure("the dataset \(directory.root.path) has records but no catalog: make it with 'weir rebuild'")
        }
        let catalog = try CatalogDatabase(readingFrom: directory.catalog.path)
        Interruption.register(catalog)
        return catalog
    }
}
