import Catalog
import HTTPTypes
import HubMirror
import Hummingbird
import Logging
import NIOCore
import Storage

/// What a client is told when something went wrong here. Particulars of this machine go to the log, not to clients.
enum ErrorAnswer {
    static func response(to error: any Error, _ request: Request, _ context: ServeContext) -> Response {
        var response: Response
        switch error {
        case let refusal as Refusal: response = .hubError(refusal)
        case is ServerBusy:
            response = .hubError(Refusal(503, "The server is busy: try again in a moment."))
            response.headers[.retryAfter] = "2"
        case let error as HTTPError: response = .hubError(Refusal(error.status.code, error.body ?? error.status.reasonPhrase))
        case is NIOTooManyBytesError: response = .hubError(Refusal(413, "The request is too large."))
        // The client went away in the middle of its request; nobody reads this.
        case is IOError, is ChannelError: response = .hubError(Refusal(400, "The request did not come whole."))
        case is CancellationError: response = .hubError(Refusal(503, "The server is being stopped."))
        default:
            context.logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            response = .hubError(Refusal(500, "Something is wrong with the dataset behind this server; its log says what."))
        }
        return request.method == .head ? response.createHeadResponse() : response
    }
}
