import AdmissionPolicy
import ArgumentParser
import Catalog
import Foundation
import Serving
import Storage

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the dataset: a mirror for clients of the Hugging Face Hub, a JSON API, and web pages.",
        discussion: """
            Any client of the Hub reads packages of every hub with HF_ENDPOINT set to the address: those of Hugging Face under their own
            names, others as HUB/NAME, where '/' in NAME may be written '.'. Files are those of snapshots; a content that is damaged on
            the disk is never sent as if it were whole. Runs beside a 'weir pull' that writes.

            Listens at 127.0.0.1 alone. Any other address wants tokens ('weir token add'), or --open.

            EXAMPLES
              weir serve
              HF_ENDPOINT=http://127.0.0.1:8080 hf download google-bert/bert-base-uncased
              weir token add laptops && weir serve --host 0.0.0.0
              weir serve --upstream https://huggingface.co --policy admitted.yaml
              weir serve --port 0 --json                  any free port; prints {"address":"http://127.0.0.1:41235"}
            """)

    @Option(help: "The address to listen at.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 for any that is free.")
    var port = 8080

    @Flag(help: "Let everybody in who can reach the address, without a token.")
    var open = false

    @Option(
        help: ArgumentHelp(
            "Ask this hub for what is not held: it is fetched while it is sent, verified, and kept.", valueName: "url"))
    var upstream: String?

    @Flag(help: "Ask nobody, whatever else is said.")
    var offline = false

    @Option(help: ArgumentHelp("Give only what the rules of this file admit (docs/policy.md).", valueName: "file"))
    var policy: String?

    @Option(help: ArgumentHelp("Write a line for each request to this file; '-' for standard error.", valueName: "file"))
    var accessLog: String?

    @Option(help: ArgumentHelp("Requests a second that one client may make in the long run.", valueName: "n"))
    var clientRate: Double?

    @Option(help: ArgumentHelp("Connections that may be open at once.", valueName: "n"))
    var maxConnections = ServerLimits().connections

    @OptionGroup var network: NetworkOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port should be between 0 and 65535") }
        if host.isEmpty { throw ValidationError("--host should name an address") }
        if let clientRate, !(clientRate > 0 && clientRate.isFinite) { throw ValidationError("--client-rate should be above 0") }
        guard maxConnections > 0 else { throw ValidationError("--max-connections should be above 0") }
    }

    func run() async throws {
        if upstream != nil, !offline, !global.directory.exists {
            // A mirror may begin with nothing.
            try global.directory.create()
            try CatalogDatabase(writingTo: global.directory.catalog.path).close()
        }
        _ = try global.openCatalog()
        let tokens = try TokenBook(readingFrom: TokenFile.place(in: global.directory))
        let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        guard isLoopback || open || !tokens.isEmpty else {
            throw CommandFailure(
                "\(host) can be reached by others, and this dataset has no tokens: make one with 'weir token add NAME', or let everybody in with --open"
            )
        }
        var settings = ServerSettings()
        settings.host = host
        settings.port = port
        settings.tokens = tokens.isEmpty || open ? nil : tokens
        settings.limits.connections = maxConnections
        settings.limits.requestsPerSecond = clientRate
        settings.accessLog = try accessLog.map { try AccessLog($0).writer }
        let rules = try policy.map { try PackagePolicy(contentsOf: URL(filePath: $0.expandingTilde)) } ?? .allowingAll
        let dataset = try ServedDataset(global.directory)
        guard let upstream, !offline else {
            try await serve(WeirServer(dataset, settings, policy: rules, logger: global.logger))
            return
        }
        guard let endpoint = NetworkOptions.webAddress(upstream) else {
            throw CommandFailure("--upstream should be a web address, not '\(upstream)'")
        }
        try await network.withTransport(tokenFor: endpoint, global, isPatient: false) { transport in
            let upstream = Upstream(endpoint, transport, global.directory, logger: global.logger)
            try await serve(WeirServer(dataset, settings, policy: rules, upstream: upstream, logger: global.logger))
        }
    }

    private func serve(_ server: WeirServer) async throws {
        let (host, isJSON, isQuiet) = (host, global.json, global.quiet)
        try await server.run { port in
            let address = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
            do {
                try Console.data(isJSON ? "{\"address\":\"\(address)\"}\n" : "\(address)\n")
            } catch {
                // Whoever started the server does not listen any more; it serves all the same.
            }
            if !isQuiet { Console.talk("weir: serving; Ctrl-C ends it") }
        }
    }
}

/// Where requests are written down.
private struct AccessLog {
    let writer: @Sendable ([UInt8]) -> Void

    init(_ path: String) throws {
        let handle: FileHandle
        if path == "-" {
            handle = .standardError
        } else {
            let place = path.expandingTilde
            guard FileManager.default.fileExists(atPath: place) || FileManager.default.createFile(atPath: place, contents: nil),
                let opened = FileHandle(forWritingAtPath: place)
            else { throw CommandFailure("the access log \(place) cannot be written") }
            _ = try opened.seekToEnd()
            handle = opened
        }
        let queue = DispatchQueue(label: "weir.access-log")
        writer = { line in queue.async { handle.write(Data(line)) } }
    }
}

/// The tokens of a dataset.
enum TokenFile {
    static func place(in directory: DatasetDirectory) -> URL { directory.root.appending(path: "tokens.json") }
}
