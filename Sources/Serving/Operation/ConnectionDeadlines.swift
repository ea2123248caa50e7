import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections that take their time: a request whose head or body does not come whole in time, a connection that asks nothing, an
/// answer that nobody takes.
///
/// Time is counted from the moment a request could begin, so a client that sends a byte now and then gains nothing by it.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let request: TimeAmount
    private let stalled: TimeAmount
    private var deadline: Scheduled<Void>?
    private var isAnswering = false
    private var isRequestWhole = true
    private var sentAtLastLook: Int64 = -1

    init(_ limits: ServerLimits) {
        request = .milliseconds(Int64(limits.requestSeconds * 1000))
        stalled = .milliseconds(Int64(limits.stalledSeconds * 1000))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { awaitRequest(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        awaitRequest(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isRequestWhole = false
        case .body: break
        case .end:
            isRequestWhole = true
            deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head:
            isAnswering = true
            awaitProgress(context)
        case .body: break
        case .end:
            isAnswering = false
            if isRequestWhole { awaitRequest(context) }
        }
        context.write(data, promise: promise)
    }

    private func awaitRequest(_ context: ChannelHandlerContext) {
        schedule(context, in: request) { handler, context in
            if !handler.isAnswering { context.close(promise: nil) }
        }
    }

    /// What the socket has taken shows in what is still waiting for it.
    private func awaitProgress(_ context: ChannelHandlerContext) {
        schedule(context, in: stalled) { handler, context in
            guard handler.isAnswering else { return }
            let waiting = handler.waitingBytes(context)
            if waiting > 0, waiting == handler.sentAtLastLook {
                context.close(promise: nil)
            } else {
                handler.sentAtLastLook = waiting
                handler.awaitProgress(context)
            }
        }
    }

    private func waitingBytes(_ context: ChannelHandlerContext) -> Int64 {
        do {
            guard let options = context.channel.syncOptions else { return 0 }
            return Int64(try options.getOption(.bufferedWritableBytes))
        } catch {
            return 0
        }
    }

    private func schedule(
        _ context: ChannelHandlerContext, in time: TimeAmount,
        _ act: @escaping @Sendable (ConnectionDeadlines, ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) {
            let (handler, context) = bound.value
            act(handler, context)
        }
    }
}

// A channel's handlers are called on its event loop alone.
@available(*, unavailable)
extension ConnectionDeadlines: Sendable {}
