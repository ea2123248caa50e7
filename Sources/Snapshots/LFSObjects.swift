import Documents
import Foundation
import HTTPTypes
import Hubs
import ModelPackage
import Storage
import Transport

/// Where the contents of a repository's large files are: the LFS batch API beside a web address (git-lfs, docs/api/batch.md), or the
/// object folder of a repository on this machine.
struct LFSObjects {
    /// How one content can be had.
    enum Place: Sendable {
        case web(URL, HTTPFields)
        case file(URL)
        case nowhere(String)
    }

    let address: String
    let hub: HubID
    let transport: PoliteTransport

    private static let objectsPerRequest = 100
    private static let mediaType = "application/vnd.git-lfs+json"

    /// - Throws: ``HubError`` where the server cannot be asked.
    func places(of pointers: [LFSPointer]) async throws -> [SHA256Hash: Place] {
        if let folder = localFolder {
            return Dictionary(
                pointers.map { ($0.sha256, place(of: $0, in: folder)) }, uniquingKeysWith: { first, _ in first })
        }
        guard let endpoint else {
            return Dictionary(
                pointers.map { ($0.sha256, .nowhere("large files of \(withoutCredentials(address)) cannot be asked for")) },
                uniquingKeysWith: { first, _ in first })
        }
        var places: [SHA256Hash: Place] = [:]
        for start in stride(from: 0, to: pointers.count, by: Self.objectsPerRequest) {
            let batch = pointers[start..<min(start + Self.objectsPerRequest, pointers.count)]
            places.merge(try await ask(endpoint, Array(batch))) { first, _ in first }
        }
        return places
    }

    private var localFolder: URL? {
        let path = address.hasPrefix("file://") ? URL(string: address)?.path ?? "" : (address as NSString).expandingTildeInPath
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return nil }
        let root = URL(filePath: path, directoryHint: .isDirectory)
        let inner = root.appending(path: ".git", directoryHint: .isDirectory)
        return (FileManager.default.fileExists(atPath: inner.path) ? inner : root).appending(path: "lfs/objects")
    }

    private func place(of pointer: LFSPointer, in folder: URL) -> Place {
        let hex = pointer.sha256.hex
        let file = folder.appending(path: "\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)")
        let kind = try? FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
        return kind == .typeRegular
            ? .file(file) : .nowhere("the repository keeps a pointer, and its object is not at \(file.path)")
    }

    private var endpoint: URL? {
        guard let url = URL(string: address), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
            return nil
        }
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        return URL(string: (base.hasSuffix(".git") ? base : base + ".git") + "/info/lfs/objects/batch")
    }

    private func ask(_ endpoint: URL, _ pointers: [LFSPointer]) async throws -> [SHA256Hash: Place] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("operation", "download")
            object.member("transfers", ["basic"])
            object.key("objects")
            object.array { list in
                for pointer in pointers {
                    list.object { entry in
                        entry.member("oid", pointer.sha256.hex)
                        entry.member("size", pointer.size)
                    }
                }
            }
        }
        let headers: HTTPFields = [.accept: Self.mediaType, .contentType: Self.mediaType]
        let answer: JSONValue
        do {
            let response = try await transport.get(OutboundRequest(endpoint, method: .post, headers: headers, body: writer.bytes))
            answer = try JSONDocument(response.body).root
        } catch let error as TransportError {
            throw HubError(describing: error, source: withoutCredentials(address), hub: hub)
        } catch let error as JSONError {
            throw HubError(
                hub, .unavailable, "\(withoutCredentials(address)) answers about large files with what is not JSON: \(error)",
                cause: error)
        }
        var places: [SHA256Hash: Place] = [:]
        for entry in answer["objects"]?.elements.map({ $0 }) ?? [] {
            guard let hash = entry["oid"]?.string.flatMap({ SHA256Hash($0) }) else { continue }
            places[hash] = place(entry)
        }
        for pointer in pointers where places[pointer.sha256] == nil {
            places[pointer.sha256] = .nowhere("the server says nothing of this large file")
        }
        return places
    }

    private func place(_ entry: JSONValue) -> Place {
        if let message = entry["error"]?["message"]?.string { return .nowhere("the server says: \(printable(message))") }
        guard let download = entry["actions"]?["download"], let url = download["href"]?.string.flatMap({ URL(string: $0) }),
            let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else { return .nowhere("the server gives no address for this large file") }
        var headers = HTTPFields()
        for (name, value) in download["header"]?.members.map({ $0 }) ?? [] {
            // What belongs to the connection is not the server's to say.
            guard let name = HTTPField.Name(name), let value = value.string,
                !["host", "content-length", "transfer-encoding", "connection", "range", "if-range"].contains(name.canonicalName)
            else { continue }
            headers[name] = value
        }
        return .web(url, headers)
    }
}
