import ArgumentParser
import Foundation
import HubMirror
import Hummingbird
import Logging

/// Serves the sample hub for the demo and for tests: Hugging Face's API at the root, ModelZoo.co's below `/modelzoo`,
/// Modelhub.ai's files below `/modelhub`.
@main
struct SampleHubServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-hub",
        abstract: "Serve a folder of samples as the hubs serve theirs.",
        discussion: """
            EXAMPLE
              sample-hub Samples --port 8099
            Prints the address on one line when it listens.
            """)

    @Argument(help: "The folder: huggingface/, modelhub/ and modelzoo/ stand below it.")
    var folder: String

    @Option(help: "The port; 0 for any that is free.")
    var port = 0

    @Option(help: "A token that sees private and gated models.")
    var token: String?

    func run() async throws {
        let root = URL(filePath: folder, directoryHint: .isDirectory)
        let router = Router(context: SampleContext.self)
        StaticFolder(root.appending(path: "modelhub", directoryHint: .isDirectory)).add(to: router, at: "modelhub")
        ModelZooSamples(root.appending(path: "modelzoo", directoryHint: .isDirectory)).add(to: router)
        router.add(middleware: TokenCheck(token: token))
        HubMirrorRoutes<SampleContext>(try FolderHub(root.appending(path: "huggingface", directoryHint: .isDirectory)))
            .add(to: router)
        var logger = Logger(label: "sample-hub")
        logger.logLevel = .warning
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                let line = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            }, logger: logger)
        try await application.runService()
    }
}
