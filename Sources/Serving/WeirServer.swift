public import AdmissionPolicy
import Foundation
import HTTPTypes
import HubMirror
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import ServiceLifecycle
import Storage

/// `weir serve`: a dataset to the clients of the Hugging Face Hub, to programs and to people.
public struct WeirServer: Sendable {
    private let dataset: ServedDataset
    private let settings: ServerSettings
    private let policy: PackagePolicy
    private let upstream: Upstream?
    private let logger: Logger

    /// - Parameters:
    ///   - policy: says what is given.
    ///   - upstream: the hub that is asked for what is not held; nil where nobody is asked.
    public init(
        _ dataset: ServedDataset, _ settings: ServerSettings, policy: PackagePolicy = .allowingAll, upstream: Upstream? = nil,
        logger: Logger
    ) {
        self.dataset = dataset
        self.policy = policy
        self.upstream = upstream
        self.settings = settings
        self.logger = logger
    }

    /// Serves until the task is cancelled; answers under way are finished then.
    ///
    /// - Parameter listening: is told the port when the server listens.
    /// - Throws: ``ServeError`` where it cannot listen.
    public func run(listening: @escaping @Sendable (Int) -> Void) async throws {
        let metrics = ServerMetrics()
        let router = Router(context: ServeContext.self)
        router.add(middleware: RequestJournal(metrics: metrics, log: settings.accessLog))
        router.add(middleware: Admission(settings, metrics))
        OperationRoutes(dataset, metrics).add(to: router)
        let hub = DatasetHub(dataset, policy: policy, upstream: upstream)
        router.add(middleware: GitMiddleware(git: GitRoutes(hub)))
        router.add(middleware: APIMiddleware(routes: APIRoutes(hub)))
        SiteRoutes(hub).add(to: router)
        HubMirrorRoutes<ServeContext>(hub).add(to: router)
        let limits = settings.limits
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = limits.headerBytes
        decoder.maxHeaderListSize = limits.headerBytes
        decoder.maxHeaderFieldCount = limits.headerFields
        let application = Application(
            router: router,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionDeadlines(limits)], httpDecoderConfiguration: decoder)),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: 4096,
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in listening(channel.localAddress?.port ?? settings.port) }, logger: logger)
        do {
            try await run(application)
        } catch let error as IOError {
            throw ServeError(
                "cannot listen at \(settings.host) port \(settings.port): \(String(cString: strerror(error.errnoCode))); name another with --port"
            )
        }
    }

    private func run(_ application: some ApplicationProtocol) async throws {
        var configuration = ServiceGroupConfiguration(
            services: [application] + (upstream.map { [$0.keeper] } ?? []), logger: logger)
        configuration.maximumGracefulShutdownDuration = .milliseconds(Int64(settings.gracePeriod * 1000))
        let group = ServiceGroup(configuration: configuration)
        // Not a child of this task: what is under way is to be finished when that is cancelled, not cut off.
        let running = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }
}

/// Why nothing can be served, in one line.
public struct ServeError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
