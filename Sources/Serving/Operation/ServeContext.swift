import HubMirror
import Hummingbird
import NIOCore

/// A request to `weir serve`.
struct ServeContext: MirrorRequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let exchange = ExchangeRecord()
    var caller = Caller(isKnown: true)
    /// The token that was shown, where one was.
    var token: TokenBook.Entry?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The address of the client, without its port.
    var clientAddress: String { channel.remoteAddress?.ipAddress ?? "" }
}
