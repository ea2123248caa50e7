import Testing

@testable import HubMirror

@Suite struct MirrorRequestTests {
    @Test(arguments: [
        ("/api/models", MirrorRequest.list), ("/api/models/gpt2", .model(name: "gpt2", revision: nil)),
        ("/api/models/a/b", .model(name: "a/b", revision: nil)),
        ("/api/models/a/b/revision/refs%2Fpr%2F7", .model(name: "a/b", revision: "refs/pr/7")),
        ("/api/models/a/b/refs", .references(name: "a/b")), ("/api/models/a/refs", .references(name: "a")),
        ("/api/models/a/b/commits/main", .commits(name: "a/b", revision: "main")),
        ("/api/models/a/b/tree/main/sub/dir", .tree(name: "a/b", revision: "main", folder: "sub/dir")),
        ("/api/models/a/b/tree/main/sub%2Fdir", .tree(name: "a/b", revision: "main", folder: "sub/dir")),
        ("/api/models/a/b/paths-info/main", .pathsInfo(name: "a/b", revision: "main")),
        ("/a/b/resolve/main/x/y.bin", .file(name: "a/b", revision: "main", path: "x/y.bin")),
        ("/onnx/a/b/c/resolve/main/x", .file(name: "onnx/a/b/c", revision: "main", path: "x")),
        ("/api/models/onnx/a/b/c/revision/main", .model(name: "onnx/a/b/c", revision: "main")),
        ("/api/models/onnx/a/b/c", .model(name: "onnx/a/b/c", revision: nil)),
        ("/gpt2/resolve/main/config.json", .file(name: "gpt2", revision: "main", path: "config.json")),
    ])
    func knownPathsAreRead(path: String, expected: MirrorRequest) {
        #expect(MirrorRequest(path: path) == expected)
    }

    @Test(arguments: [
        "/", "/api", "/api/models/a/b/c", "/api/models/a/b/nothing/x", "/a/b/resolve/main",
        "/a/b/resolve/main/../../../etc/passwd", "/a/b/resolve/main/%2e%2e/x",
        "/api/models/..%2f..", "/a/b/resolve/main/x%00y", "/a/b/resolve/main/%zz", "/resolve/main/x",
        "/a/b/resolve/main/x%2f..%2f..%2fetc", "/a/b/resolve/%2e%2e%2f/x",
        "/a/b/resolve/main/" + String(repeating: "a/", count: 5000),
    ])
    func otherPathsAreNot(path: String) {
        #expect(MirrorRequest(path: path) == nil)
    }

    @Test(
        arguments: [
            (nil, ByteRange.whole), ("bytes=0-4", .part(0...4)), ("bytes=5-", .part(5...9)), ("bytes=-3", .part(7...9)),
            ("bytes=0-99", .part(0...9)),
            ("bytes=10-", .unsatisfiable), ("bytes=5-2", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=0-1,3-4", .several),
            ("items=0-1", .whole), ("bytes=a-b", .whole),
        ] as [(String?, ByteRange)])
    func rangesAreRead(header: String?, expected: ByteRange) {
        #expect(ByteRange(header: header, size: 10) == expected)
    }
}
