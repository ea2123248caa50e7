import ArgumentParser
import Foundation
import Hubs
import ModelPackage
import Transport

/// What commands that use the network take.
struct NetworkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Requests under way at once.", valueName: "n"))
    var jobs = 8

    @Option(help: ArgumentHelp("At most so many requests a second to one host.", valueName: "n"))
    var rate: Double?

    @Option(help: ArgumentHelp("Seconds without a byte after which an answer is given up.", valueName: "seconds"))
    var timeout = 60

    func validate() throws {
        if !(1...256).contains(jobs) { throw ValidationError("--jobs should be from 1 to 256, not \(jobs)") }
        if let rate, !(rate > 0) { throw ValidationError("--rate should be above 0, not \(rate)") }
        if !(1...86_400).contains(timeout) { throw ValidationError("--timeout should be from 1 to 86400, not \(timeout)") }
    }

    func client() -> ClientTransport {
        ClientTransport(environment: ProcessInfo.processInfo.environment, connectionsPerHost: jobs, silence: timeout)
    }

    /// The Hub's address: as given, or from `HF_ENDPOINT`, or the Hub itself.
    static func hubAddress(_ given: String?) -> String {
        given ?? ProcessInfo.processInfo.environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 }
            ?? HubID.huggingface.homepage
    }

    /// Reads a web address; nil for anything else.
    static func webAddress(_ text: String) -> URL? {
        guard let url = URL(string: text.hasSuffix("/") ? String(text.dropLast()) : text), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme), url.host() != nil
        else { return nil }
        return url
    }

    /// The Hub's address, as ``hubAddress(_:)`` has it.
    ///
    /// - Throws: ``CommandFailure`` where it is no web address.
    static func hubEndpoint(_ given: String?) throws -> URL {
        let address = hubAddress(given)
        guard let endpoint = webAddress(address) else { throw CommandFailure("HF_ENDPOINT is not a web address: \(address)") }
        return endpoint
    }

    /// Gives a transport to some work, and closes its connections when that has ended.
    func withTransport<Result>(
        tokenFor hub: URL?, _ global: GlobalOptions, isPatient: Bool = true, _ body: (PoliteTransport) async throws -> Result
    ) async throws -> Result {
        let client = client()
        do {
            let result = try await body(transport(client, tokenFor: hub, global, isPatient: isPatient))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// A transport with the manners that are asked for.
    ///
    /// - Parameter hub: the address that the Hub's token is for; nil where no token is to be sent.
    /// - Parameter isPatient: whether a failure is tried again for minutes; else only once, for somebody waits.
    func transport(
        _ client: ClientTransport, tokenFor hub: URL?, _ global: GlobalOptions, isPatient: Bool = true
    ) -> PoliteTransport {
        var policy = RetryPolicy()
        if !isPatient {
            policy.maximumAttempts = 2
            policy.longestObeyedDelay = 5
        }
        let credential = hub.flatMap { url in
            HuggingFaceToken.read(environment: ProcessInfo.processInfo.environment).map {
                PoliteTransport.Credential(for: url, token: $0)
            }
        }
        return PoliteTransport(
            client, credential: credential, rate: rate, requestsPerHost: jobs, policy: policy, logger: global.logger)
    }
}

extension RevisionID {
    /// The package that a command's target names, where it is no file.
    ///
    /// - Throws: ``CommandFailure`` where it is no package's name either.
    init(target: String) throws {
        do {
            self = try RevisionID(parsing: target)
        } catch {
            throw CommandFailure("there is no file or folder '\(target)', and it names no package (HUB:NAME): \(error)")
        }
    }
}
