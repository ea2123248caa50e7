import HubMirror
import Hummingbird
import NIOCore

/// A request to the sample hub.
struct SampleContext: MirrorRequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let exchange = ExchangeRecord()
    var caller = Caller(isKnown: false)

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Knows the one token that sees private and gated models.
struct TokenCheck: RouterMiddleware {
    let token: String?

    func handle(
        _ request: Request, context: SampleContext, next: (Request, SampleContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.caller = Caller(isKnown: token != nil && request.headers[.authorization] == token.map { "Bearer \($0)" })
        return try await next(request, context)
    }
}
