import Foundation
import Hummingbird
import NIOCore

/// Serves the files of a folder as they are.
struct StaticFolder: Sendable {
    private let root: URL

    init(_ root: URL) {
        self.root = root.standardizedFileURL
    }

    func add(to router: Router<SampleContext>, at prefix: String) {
        router.get("/\(prefix)/**") { request, _ in
            try response(to: String(request.uri.path.dropFirst(prefix.count + 2)))
        }
    }

    func response(to path: String) throws -> Response {
        let segments = path.split(separator: "/").map { String($0).removingPercentEncoding ?? "" }
        guard !segments.isEmpty, segments.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("/") }) else {
            return Response(status: .notFound)
        }
        guard let data = FileManager.default.contents(atPath: root.appending(path: segments.joined(separator: "/")).path) else {
            return Response(status: .notFound)
        }
        let type = path.hasSuffix(".json") ? "application/json" : "text/plain; charset=utf-8"
        return Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}

/// ModelZoo.co's API over a folder with `models.json` and `models/SLUG.json`.
struct ModelZooSamples: Sendable {
    private let files: StaticFolder

    init(_ root: URL) {
        files = StaticFolder(root)
    }

    func add(to router: Router<SampleContext>) {
        router.get("/modelzoo/api/models/:key") { _, context in
            let key = context.parameters.get("key") ?? ""
            guard let offset = Int(key) else { return try files.response(to: "models/\(key).json") }
            // The samples fit on the first page; any later one brings nothing new.
            return offset == 0
                ? try files.response(to: "models.json")
                : Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: .init(byteBuffer: ByteBuffer(string: "{\"models\":[]}")))
        }
    }
}
