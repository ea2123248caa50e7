import Documents
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// An answer in JSON, with the rate headers that the Hub gives every answer.
    static func json(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .rateLimit: "\"api\";r=499;t=300"],
            body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// An error as the Hub's client reads it: the reason stands in the headers.
    static func hubError(_ status: HTTPResponse.Status, _ message: String, code: String? = nil) -> Response {
        var writer = JSONWriter()
        writer.object { $0.member("error", message) }
        var response = Response.json(writer, status: status)
        response.headers[.xErrorMessage] = message
        response.headers[.xErrorCode] = code
        return response
    }

    static func revisionNotFound(_ revision: String) -> Response {
        hubError(.notFound, "Invalid rev id: \(revision.filter { $0.isASCII && !$0.isNewline })", code: "RevisionNotFound")
    }
}

extension HTTPField.Name {
    static let xErrorCode = HTTPField.Name("X-Error-Code")!
    static let xErrorMessage = HTTPField.Name("X-Error-Message")!
    static let xRepoCommit = HTTPField.Name("X-Repo-Commit")!
    static let xLinkedETag = HTTPField.Name("X-Linked-Etag")!
    static let xLinkedSize = HTTPField.Name("X-Linked-Size")!
    static let rateLimit = HTTPField.Name("RateLimit")!
    static let link = HTTPField.Name("Link")!
}
