import Crypto
import Foundation
import Testing
import WeirTestSupport

/// A repository that a test makes with the real `git` and `git-lfs`.
struct Repository {
    let folder: URL

    init(_ folder: URL) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await git("init", "--quiet", "-b", "main")
        try await git("lfs", "install", "--local")
        try await git("lfs", "track", "*.onnx", "*.bin")
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let identity = [
            "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "-C", folder.path,
        ]
        let result = try await runProgram(URL(filePath: "/usr/bin/git"), identity + arguments)
        guard result.status == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: ["git": "\(arguments) \(result.errors)"]) }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func write(_ text: String, to path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func commit(_ message: String) async throws -> String {
        try await git("add", "-A")
        try await git("commit", "--quiet", "-m", message)
        return try await git("rev-parse", "HEAD")
    }
}

@Suite(.serialized) struct GitSnapshotTests {
    private let weir: Weir

    init() throws {
        weir = try Weir()
    }

    private func repository(_ name: String) async throws -> Repository {
        try await Repository(weir.folder.url.appending(path: "hosts/\(name)", directoryHint: .isDirectory))
    }

    /// Makes git find `https://github.com/o/…` below this test's folder.
    private var environment: [String: String] {
        [
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "url.\(weir.folder.path)/hosts/o/.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/o/",
        ]
    }

    private func pullModelhub() async throws {
        let index = try weir.folder.write(
            #"[{"id":"1","name":"net","github":"https://github.com/o/net","github_branch":"main","backend":["pytorch"]}]"#,
            to: "models.json")
        #expect(try await weir("pull", "modelhub", "--from", index.path, "--quiet").status == 0)
    }

    private func tree(_ folder: URL) throws -> [String: String] {
        var found: [String: String] = [:]
        let walker = FileManager.default.enumerator(atPath: folder.path)
        while let path = walker?.nextObject() as? String {
            let file = folder.appending(path: path).path
            if path == ".git" || path.hasPrefix(".git/") { continue }
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: file) {
                found[path] = "-> \(target)"
            } else if let data = FileManager.default.contents(atPath: file) {
                found[path] =
                    String(decoding: data, as: UTF8.self) + (FileManager.default.isExecutableFile(atPath: file) ? " x" : "")
            }
        }
        return found
    }

    /// A repository with LFS, an executable, a link and a submodule is mirrored, and comes out file by file as git itself has it.
    @Test func aRepositoryComesOutAsGitHasIt() async throws {
        let inner = try await repository("o/inner")
        try inner.write("inner", to: "x")
        _ = try await inner.commit("inner")
        let net = try await repository("o/net")
        try net.write("# Net", to: "README.md")
        try net.write("#!/bin/sh", to: "run.sh")
        try net.write(String(repeating: "weights ", count: 10_000), to: "contrib_src/model/model.onnx")
        try await net.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.folder.path, "inner")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: net.folder.appending(path: "run.sh").path)
        try FileManager.default.createSymbolicLink(
            atPath: net.folder.appending(path: "contrib_src/readme").path, withDestinationPath: "../README.md")
        let commit = try await net.commit("first")
        // Git itself keeps a pointer.
        #expect(try await net.git("show", "HEAD:contrib_src/model/model.onnx").hasPrefix("version https://git-lfs"))
        try await pullModelhub()
        let result = try await weir("snapshot", "modelhub:net", "--from", net.folder.path, "--json")
        #expect(result.status == 1, "\(result.errors)")
        let failures = try #require(try result.json()["failures"] as? [[String: Any]])
        #expect(failures.map { $0["path"] as? String } == ["inner"])
        #expect((failures.first?["reason"] as? String)?.contains("submodule") == true)
        let out = weir.folder.url.appending(path: "out", directoryHint: .isDirectory)
        #expect(try await weir("checkout", "modelhub:net", out.path).status == 0)
        var expected = try tree(net.folder)
        for path in expected.keys where path.hasPrefix("inner/") || path == "inner" { expected[path] = nil }
        #expect(try tree(out) == expected)
        #expect(try await weir.sql("SELECT DISTINCT revision AS r FROM snapshots") == "r\n\(commit)\n")
        // The large file is stored once: in the blobs, not in the mirror.
        let mirror = weir.dataset + "/git/modelhub/net.git"
        #expect(FileManager.default.fileExists(atPath: mirror + "/HEAD"))
        #expect(!FileManager.default.fileExists(atPath: mirror + "/lfs"))
        #expect(try await weir("verify").status == 0)
        // A damaged content is fetched again through git.
        let hash =
            try await weir.sql("SELECT sha256 FROM snapshot_files WHERE path = 'README.md'").split(separator: "\n").last ?? ""
        let blob = "\(weir.dataset)/blobs/\(hash.prefix(2))/\(hash)"
        try FileManager.default.removeItem(atPath: blob)
        try "damaged".write(toFile: blob, atomically: false, encoding: .utf8)
        #expect(try await weir("verify").status == 1)
        #expect(try await weir("verify", "--repair", "--json").json()["repaired"] as? Int == 1)
        #expect(try await weir("verify").status == 0)
    }

    /// Mirrors are updated in place; what a server rewrites is kept; a repository that is gone is reported and nothing is lost.
    @Test func historyIsKeptWhateverTheServerDoes() async throws {
        let net = try await repository("o/net")
        try net.write("1", to: "a")
        let first = try await net.commit("first")
        try net.write("2", to: "a")
        let second = try await net.commit("second")
        try await pullModelhub()
        func snapshot() async throws -> ProgramResult {
            try await weir("snapshot", "modelhub:net", "--history", "--json", environment: environment)
        }
        let result = try await snapshot()
        #expect(result.status == 0, "\(result.errors)")
        let mirror = weir.folder.url.appending(path: "ds/git/modelhub/net.git").path
        func log(_ revision: String) async throws -> [String] {
            try await runProgram(URL(filePath: "/usr/bin/git"), ["-C", mirror, "log", "--format=%H", revision]).output
                .split(separator: "\n").map(String.init)
        }
        #expect(try await log("main") == [second, first])
        // The server takes the second commit back and writes another.
        try await net.git("reset", "--quiet", "--hard", first)
        try net.write("3", to: "a")
        let third = try await net.commit("third")
        let again = try await snapshot()
        #expect(again.status == 0 && again.errors.contains("history was rewritten"), "\(again.errors)")
        #expect(try await log("main") == [third, first])
        #expect(try await log("refs/weir/former/\(second)") == [second, first])
        #expect(try await weir.sql("SELECT count(*) AS n FROM snapshots") == "n\n2\n")
        // A tag that is moved: what it named stays, though no branch leads there.
        try await net.git("checkout", "--quiet", "--detach")
        try net.write("4", to: "a")
        let tagged = try await net.commit("tagged")
        try await net.git("tag", "v1")
        try await net.git("checkout", "--quiet", "main")
        #expect(try await snapshot().status == 0)
        try await net.git("tag", "--force", "v1", third)
        #expect(try await snapshot().status == 0)
        #expect(try await log("refs/weir/former/\(tagged)").first == tagged)
        try FileManager.default.removeItem(at: net.folder)
        let gone = try await snapshot()
        #expect(gone.status == 1)
        #expect((try gone.json()["failures"] as? [[String: Any]])?.first?["package"] as? String == "modelhub:net")
        #expect(try await log("main") == [third, first])
        #expect(try await weir("verify").status == 0)
        // A branch that is not there.
        let missing = try await weir("snapshot", "modelhub:net@nowhere", "--from", mirror, "--quiet")
        #expect(missing.status == 1 && missing.errors.contains("nowhere"), "\(missing.errors)")
    }

    /// A package whose name leads into another's mirror has a mirror of its own.
    @Test func noMirrorLiesInAnother() async throws {
        let net = try await repository("o/net")
        try net.write("1", to: "a")
        _ = try await net.commit("first")
        let index = try weir.folder.write(
            #"[{"name":"net.git/hooks","github":"https://github.com/o/net"},{"name":"net","github":"https://github.com/o/net"}]"#,
            to: "models.json")
        #expect(try await weir("pull", "modelhub", "--from", index.path, "--quiet").status == 0)
        for name in ["net.git/hooks", "net"] {
            let result = try await weir("snapshot", "modelhub:\(name)", "--from", net.folder.path)
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(FileManager.default.fileExists(atPath: weir.dataset + "/git/modelhub/net.git/HEAD"))
        #expect(!FileManager.default.fileExists(atPath: weir.dataset + "/git/modelhub/net.git/hooks.git"))
    }

    /// All models of the ONNX Model Zoo are files of one repository: it is mirrored once, and each snapshot has its own files.
    @Test func modelsOfTheZooShareOneMirror() async throws {
        let zoo = try await repository("onnx/models")
        for name in ["a", "b"] {
            try zoo.write("weights of \(name)", to: "validated/vision/\(name)/model/\(name)-1.onnx")
            try zoo.write("# \(name)", to: "validated/vision/\(name)/README.md")
        }
        try zoo.write("[]", to: "ONNX_HUB_MANIFEST.json")
        _ = try await zoo.commit("first")
        let pull = try await weir("pull", "onnx", "--from", zoo.folder.path, "--snapshot", "files", "--json")
        #expect(pull.status == 0, "\(pull.errors)")
        #expect((try pull.json()["snapshots"] as? [String: Any])?["packages"] as? Int == 2)
        let files = try await weir.sql(
            "SELECT path, size FROM snapshot_files WHERE package = 'onnx:validated/vision/a/model/a-1' ORDER BY path")
        #expect(files.contains("validated/vision/a/model/a-1.onnx,12\n") && !files.contains("/b/"), "\(files)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: weir.dataset + "/git/onnx") == ["models.git"])
    }

    /// Large files come from where the LFS batch API says, with the headers that it gives, and are checked.
    @Test func largeFilesComeThroughTheBatchAPI() async throws {
        let net = try await repository("o/net")
        let content = String(repeating: "large ", count: 5000)
        try net.write(content, to: "model.bin")
        try net.write("other", to: "gone.bin")
        _ = try await net.commit("first")
        let hash = SHA256.hash(data: Data(content.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let server = try ScriptedServer([
            .work { request in
                if request.hasPrefix("POST /o/net.git/info/lfs/objects/batch") {
                    let host = request.firstMatch(of: /[Hh]ost: ([^\r]+)/)?.1 ?? ""
                    return .reply(
                        200,
                        body:
                            #"{"objects":[{"oid":"\#(hash)","size":30000,"actions":{"download":{"href":"http://\#(host)/objects/1","header":{"X-Key":"secret"}}}}]}"#
                    )
                }
                return request.contains("X-Key: secret") || request.contains("x-key: secret")
                    ? .reply(200, body: content) : .reply(403, body: "")
            }
        ])
        defer { server.stop() }
        try await pullModelhub()
        let git = [
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "url.\(weir.folder.path)/hosts/.insteadOf",
            "GIT_CONFIG_VALUE_0": "\(server.address)/",
        ]
        let result = try await weir("snapshot", "modelhub:net", "--from", "\(server.address)/o/net", "--json", environment: git)
        let failures = try #require(try result.json()["failures"] as? [[String: Any]])
        #expect(failures.map { $0["path"] as? String } == ["gone.bin"], "\(result.output) \(result.errors)")
        #expect(try await weir.sql("SELECT sha256 AS s FROM snapshot_files WHERE path = 'model.bin'") == "s\n\(hash)\n")
    }
}
