import Documents
import HTTPTypes
public import Hummingbird
import NIOCore

extension Response {
    /// An answer in JSON, with the rate headers that the Hub gives every answer.
    static func json(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .rateLimit: "\"api\";r=499;t=300"],
            body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// An error as the Hub's client reads it: the reason stands in the headers.
    public static func hubError(_ refusal: Refusal) -> Response {
        hubError(HTTPResponse.Status(code: refusal.status), refusal.message, code: refusal.code)
    }

    static func hubError(_ status: HTTPResponse.Status, _ message: String, code: String? = nil) -> Response {
        var writer = JSONWriter()
        writer.object { $0.member("error", message) }
        var response = Response.json(writer, status: status)
        // Headers are of ASCII here; the body has the message as it is.
        response.headers[.xErrorMessage] = String(message.map { $0.isASCII && !$0.isNewline && $0 != "\0" ? $0 : "?" })
        response.headers[.xErrorCode] = code
        return response
    }
}

extension Refusal {
    static func revisionNotFound(_ revision: String) -> Refusal {
        Refusal(404, "Invalid rev id: \(revision.prefix(100))", code: "RevisionNotFound")
    }
}

extension HTTPField.Name {
    static let xErrorCode = known("X-Error-Code")
    static let xErrorMessage = known("X-Error-Message")
    static let xRepoCommit = known("X-Repo-Commit")
    static let xLinkedETag = known("X-Linked-Etag")
    static let xLinkedSize = known("X-Linked-Size")
    static let xTotalCount = known("X-Total-Count")
    static let xForwardedProto = known("X-Forwarded-Proto")
    static let xForwardedHost = known("X-Forwarded-Host")
    static let rateLimit = known("RateLimit")
    static let link = known("Link")

    /// A name that is written here, not one that came from outside.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field's name") }
        return field
    }
}
