import Crypto
import Foundation
import Hubs
import Logging
import ModelPackage
import Snapshots
import Storage
import Synchronization
import Transport
import WeirTestSupport

/// A Hub of one model `o/m`, whose answers a test can spoil.
final class ModelServer: Sendable {
    struct Answer {
        var status = 200
        var headers: [String: String] = [:]
        var body: String
        /// What is said of the body's length, where that is not true.
        var announcedLength: Int?
        /// Seconds that the answer hangs after its body.
        var stall: Double?
    }

    static let commit = String(repeating: "c", count: 40)
    private final class Log: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let server: ScriptedServer
    private let resolved = Log()

    /// - Parameters:
    ///   - files: contents by path; a path that ends in `.bin` is a large file of LFS.
    ///   - spoil: changes the answer for a file; told its path, the request, and how often the path was asked for before.
    ///   - record: what the Hub says of the model, where that is not the truth.
    init(
        _ files: [String: String], record stated: String? = nil,
        spoil: @escaping @Sendable (String, String, Int, Answer) -> Answer = { $3 }
    ) throws {
        let counts = Mutex<[String: Int]>([:])
        let log = resolved
        let tree = Self.tree(files)
        let record = stated ?? Self.record(files)
        server = try ScriptedServer([
            .work { request in
                let path = request.split(separator: " ")[1].prefix { $0 != "?" }
                if path.hasPrefix("/api/models/o/m/tree/") { return .reply(200, body: tree) }
                if path.hasPrefix("/api/models/o/m") { return .reply(200, body: record) }
                guard let range = path.range(of: "/resolve/\(Self.commit)/"),
                    let name = String(path[range.upperBound...]).removingPercentEncoding, let content = files[name]
                else { return .reply(404, body: "") }
                let count = counts.withLock { counts in
                    counts[name, default: 0] += 1
                    return counts[name, default: 1] - 1
                }
                let answer = spoil(name, request, count, Self.answer(content, request))
                log.lines.withLock {
                    $0.append("\(name) \(Self.range(request).map { "\($0.lowerBound)-\($0.upperBound)" } ?? "all")")
                }
                let headers = answer.headers.map { "\($0.key): \($0.value)\r\n" }.joined()
                let text =
                    "HTTP/1.1 \(answer.status) Scripted\r\n\(headers)Content-Length: \(answer.announcedLength ?? answer.body.utf8.count)\r\nConnection: close\r\n\r\n\(answer.body)"
                return answer.stall.map { .stall(text, seconds: $0) } ?? .raw(text)
            }
        ])
    }

    deinit {
        server.stop()
    }

    var address: String { server.address }
    /// The files that were asked for, in order, each with its range.
    var asked: [String] { resolved.lines.withLock { $0 } }
    var requests: [String] { server.requests }

    static func hash(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    static func gitID(_ text: String) -> String {
        Insecure.SHA1.hash(data: Data("blob \(text.utf8.count)\0\(text)".utf8))
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func tree(_ files: [String: String]) -> String {
        let entries = files.map { path, content in
            let lfs =
                path.hasSuffix(".bin")
                ? #","lfs":{"oid":"\#(hash(content))","size":\#(content.utf8.count),"pointerSize":130}"# : ""
            return #"{"type":"file","path":"\#(path)","size":\#(content.utf8.count),"oid":"\#(gitID(content))"\#(lfs)}"#
        }
        return "[\(entries.joined(separator: ","))]"
    }

    private static func record(_ files: [String: String]) -> String {
        let siblings = files.sorted { $0.key < $1.key }.map { path, content in
            let lfs =
                path.hasSuffix(".bin")
                ? #","lfs":{"sha256":"\#(hash(content))","size":\#(content.utf8.count),"pointerSize":130}"# : ""
            let name = String(decoding: (try? JSONEncoder().encode(path)) ?? Data(), as: UTF8.self)
            return
                #"{"rfilename":\#(name),"size":\#(content.utf8.count),"blobId":"\#(path.hasSuffix(".bin") ? String(repeating: "b", count: 40) : gitID(content))"\#(lfs)}"#
        }
        return #"{"id":"o/m","sha":"\#(commit)","siblings":[\#(siblings.joined(separator: ","))]}"#
    }

    private static func range(_ request: String) -> Range<Int>? {
        guard let match = request.firstMatch(of: /[Rr]ange: bytes=([0-9]+)-([0-9]+)/), let start = Int(match.1),
            let end = Int(match.2)
        else { return nil }
        return start..<(end + 1)
    }

    private static func answer(_ content: String, _ request: String) -> Answer {
        let etag = "\"\(hash(content))\""
        guard let range = range(request) else { return Answer(headers: ["ETag": etag], body: content) }
        let part = Array(content.utf8)[range.clamped(to: 0..<content.utf8.count)]
        return Answer(
            status: 206,
            headers: ["ETag": etag, "Content-Range": "bytes \(part.startIndex)-\(part.endIndex - 1)/\(content.utf8.count)"],
            body: String(decoding: part, as: UTF8.self))
    }
}

/// One client for all tests; it lives as long as they do.
let testClient = ClientTransport(environment: [:])
/// One that gives an answer up after two seconds of silence.
let impatientClient = ClientTransport(environment: [:], silence: 2)

/// A dataset of its own, and what fetches into it.
struct SnapshotBench {
    let folder: TemporaryFolder
    let dataset: DatasetDirectory
    let store: BlobStore

    init() throws {
        folder = try TemporaryFolder()
        dataset = DatasetDirectory(folder.url.appending(path: "ds").path)
        try dataset.create()
        store = BlobStore(dataset)
    }

    func transport(_ client: ClientTransport = testClient) -> PoliteTransport {
        PoliteTransport(
            client, credential: nil, logger: Logger(label: "test"), sleep: { _ in })
    }

    func fetch(
        _ server: ModelServer, _ selection: FileSelection = .all, segmentSize: Int64 = 1000,
        client: ClientTransport = testClient
    ) async throws -> SnapshotReport {
        let transport = transport(client)
        guard let url = URL(string: server.address) else { throw CocoaError(.fileNoSuchFile) }
        let contents = ContentFetcher(
            store, transport, segmentSize: segmentSize, logger: Logger(label: "test"), progress: TransferProgress())
        return try await SnapshotFetch(
            dataset, from: HuggingFaceRevisions(endpoint: url, transport: transport), contents, held: NothingHeld(),
            logger: Logger(label: "test"), progress: TransferProgress(), now: { Instant(millisecondsSince1970: 0) }
        ).run(try PackageID(parsing: "hf:o/m"), revision: nil, selection)
    }

    /// The contents of the stored files, by path.
    func contents(_ manifest: SnapshotManifest) throws -> [String: String] {
        var contents: [String: String] = [:]
        for file in manifest.files {
            contents[file.path.text] = try String(contentsOf: store.file(of: file.sha256), encoding: .utf8)
        }
        return contents
    }

    /// Files below `blobs/` and `tmp/fetch`.
    func stored() throws -> (blobs: Int, partial: Int) {
        var blobs = 0
        try store.forEachFile { _ in blobs += 1 }
        return (blobs, try store.unfinishedFiles().count)
    }
}

private struct NothingHeld: HeldContents {
    func content(of id: GitObjectID) -> SHA256Hash? { nil }
    func note(_ blob: StoredBlob, as id: GitObjectID) {}
}

/// Text of a length, different everywhere.
func text(_ length: Int, seed: Int = 7) -> String {
    var state = UInt64(seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    for _ in 0..<length {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(UInt8(97 + (state >> 33) % 26))
    }
    return String(decoding: bytes, as: UTF8.self)
}
