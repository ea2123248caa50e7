import Foundation
import Testing
import WeirTestSupport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The samples of all hubs in a dataset, and `weir serve` in front of it.
struct ServedSamples {
    let weir: Weir
    let server: ServerProgram

    /// - Parameter arguments: further options of `weir serve`.
    init(_ arguments: String..., files: Bool = true) async throws {
        weir = try Weir()
        try await Self.pull(into: weir, files: files)
        server = try Self.serve(weir, arguments)
    }

    static func serve(_ weir: Weir, _ arguments: [String]) throws -> ServerProgram {
        try ServerProgram(
            weir.program, ["serve", "--port", "0", "--quiet", "--dataset", weir.dataset] + arguments)
    }

    static func pull(into weir: Weir, files: Bool) async throws {
        let hub = try ServerProgram(TestPlaces.program("sample-hub"), [TestPlaces.samples.path, "--token", "hf_sample"])
        let samples = TestPlaces.samples.path
        for (name, location) in [
            ("huggingface", hub.address), ("onnx", samples + "/onnx"), ("modelzoo", hub.address + "/modelzoo"),
        ] {
            let arguments = name == "huggingface" && files ? ["--snapshot", "files"] : []
            let result = try await runProgram(
                weir.program, ["pull", name, "--from", location, "--details", "--quiet", "--dataset", weir.dataset] + arguments,
                environment: ["HOME": weir.folder.path, "HF_TOKEN": "hf_sample"])
            // One model of the samples is disabled: its files cannot be had.
            guard result.status == 0 || files && result.status == 1 else {
                throw CocoaError(.fileReadUnknown, userInfo: ["why": result.errors])
            }
        }
    }

    /// A model with files that anyone may have.
    var model: String { "riverbank-ai/brook-bert-tiny" }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> (
        status: Int, body: Data, headers: [String: String]
    ) {
        try await Self.get(server.address + path, headers)
    }

    static func get(_ address: String, _ headers: [String: String] = [:], method: String = "GET", body: Data? = nil) async throws
        -> (
            status: Int, body: Data, headers: [String: String]
        )
    {
        let url = try #require(URL(string: address), "\(address)")
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.cachePolicy = .reloadIgnoringLocalAndRemoteCacheData
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        var fields: [String: String] = [:]
        for (name, value) in answer.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
        return (answer.statusCode, data, fields)
    }

    /// What a raw connection is answered, to its end: for requests that no client sends.
    func raw(_ request: String) async throws -> String {
        let port = try #require(server.address.split(separator: ":").last)
        let script = """
            import socket, sys
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
            out = b""
            try: s.sendall(open(sys.argv[2], "rb").read())
            except ConnectionError: pass
            try:
                while True:
                    part = s.recv(65536)
                    if not part: break
                    out += part
            except TimeoutError: out += b"TIMEOUT"
            except ConnectionError: pass
            sys.stdout.write(out.decode("latin-1"))
            """
        let file = try weir.folder.write(request, to: "request.txt")
        return try await runProgram(URL(filePath: "/usr/bin/env"), ["python3", "-c", script, String(port), file.path]).output
    }
}
