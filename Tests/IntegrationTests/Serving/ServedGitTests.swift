import Foundation
import Testing
import WeirTestSupport

/// Repositories with history as the real `git` and `git-lfs` get them from `weir serve`.
@Suite(.serialized) struct ServedGitTests {
    private let weir: Weir
    private let origin: Repository

    init() async throws {
        weir = try Weir()
        origin = try await Repository(weir.folder.url.appending(path: "origin", directoryHint: .isDirectory))
    }

    private func git(_ arguments: String..., token: String? = nil) async throws -> ProgramResult {
        try await runProgram(
            URL(filePath: "/usr/bin/git"), arguments,
            environment: [
                "HOME": weir.folder.path, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_GLOBAL": "/dev/null",
            ])
    }

    /// A package with two commits, a tag, a second branch, a large file that changed, and a branch that its server rewrote.
    private func serve(_ arguments: String...) async throws -> (ServerProgram, first: String, second: String) {
        try origin.write("# Net", to: "README.md")
        try origin.write(String(repeating: "one ", count: 40_000), to: "model.onnx")
        let first = try await origin.commit("first")
        try await origin.git("tag", "-a", "v1", "-m", "the first")
        try await origin.git("branch", "secret-draft")
        let index = try weir.folder.write(
            #"[{"id":"1","name":"net","github":"https://github.com/o/net","github_branch":"main","backend":["pytorch"]}]"#,
            to: "models.json")
        #expect(try await weir("pull", "modelhub", "--from", index.path, "--quiet").status == 0)
        #expect(try await weir("snapshot", "modelhub:net", "--from", origin.folder.path, "--history").status == 0)
        try await origin.git("branch", "-D", "secret-draft")
        try origin.write(String(repeating: "two ", count: 40_000), to: "model.onnx")
        try origin.write("more", to: "folder/notes.txt")
        let second = try await origin.commit("second\n\nWith a reason.")
        #expect(try await weir("snapshot", "modelhub:net", "--from", origin.folder.path, "--history").status == 0)
        return (try ServedSamples.serve(weir, arguments), first, second)
    }

    @Test func gitAndItsLargeFilesAreClonedAndFetched() async throws {
        let (server, _, second) = try await serve()
        let clone = weir.folder.url.appending(path: "clone")
        let result = try await git("clone", "\(server.address)/modelhub/net", clone.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try String(contentsOf: clone.appending(path: "folder/notes.txt"), encoding: .utf8) == "more")
        // git-lfs asks the batch interface when it is told to, as a user's set-up does.
        let lfs = try await runProgram(
            URL(filePath: "/usr/bin/git"), ["-C", clone.path, "lfs", "pull"],
            environment: ["HOME": weir.folder.path, "GIT_TERMINAL_PROMPT": "0"])
        #expect(lfs.status == 0, "\(lfs.errors)")
        #expect(try Data(contentsOf: clone.appending(path: "model.onnx")) == Data(String(repeating: "two ", count: 40_000).utf8))
        #expect(try await git("-C", clone.path, "rev-parse", "HEAD").output.hasPrefix(second))
        #expect(try await git("-C", clone.path, "rev-list", "--all").output.split(separator: "\n").count == 2)
        #expect(try await git("-C", clone.path, "tag").output == "v1\n")
        // What a server took back is kept in the dataset, and not shown to those who clone.
        #expect(try await !git("ls-remote", "\(server.address)/modelhub/net.git").output.contains("refs/weir"))
        #expect(try await git("ls-remote", "\(server.address)/modelhub/net.git").output.contains("refs/tags/v1^{}"))
        // A second fetch says what it has, which git sends compressed.
        try await origin.git("commit", "--quiet", "--allow-empty", "-m", "third")
        #expect(try await weir("snapshot", "modelhub:net", "--from", origin.folder.path, "--history").status == 0)
        let fetch = try await git("-C", clone.path, "fetch", "origin")
        #expect(fetch.status == 0, "\(fetch.errors)")
        #expect(try await git("-C", clone.path, "rev-list", "--count", "origin/main").output == "3\n")
        #expect(try await git("-C", clone.path, "fsck").status == 0)
        let push = try await git("-C", clone.path, "push", "origin", "HEAD:refs/heads/mine")
        #expect(push.status != 0)
        #expect(push.errors.contains("403"))
        #expect(try await git("clone", "\(server.address)/modelhub/nobody", clone.path + "2").status != 0)
    }

    @Test func anyCommitOfTheHistoryIsServed() async throws {
        let (server, first, second) = try await serve()
        let base = server.address + "/api/models/modelhub/net"
        for (name, commit) in [
            ("main", second), ("v1", first), (first, first), (String(first.prefix(8)), first), ("refs/tags/v1", first),
        ] {
            let encoded = name.replacing("/", with: "%2F")
            let answer = try await ServedSamples.get("\(base)/revision/\(encoded)")
            let record = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
            #expect(record?["sha"] as? String == commit, "\(name)")
        }
        let commits =
            try JSONSerialization.jsonObject(with: try await ServedSamples.get("\(base)/commits/main").body) as? [[String: Any]]
        #expect(commits?.compactMap { $0["title"] as? String } == ["second", "first"])
        #expect(commits?.first?["message"] as? String == "With a reason.")
        let file = try await ServedSamples.get("\(server.address)/modelhub/net/resolve/v1/README.md")
        #expect(String(decoding: file.body, as: UTF8.self) == "# Net")
        #expect(file.headers["x-repo-commit"] == first)
        let large = try await ServedSamples.get("\(server.address)/modelhub/net/resolve/v1/model.onnx")
        #expect(large.body == Data(String(repeating: "one ", count: 40_000).utf8))
    }

    @Test func largeFilesOfOtherPackagesAreNotGivenUnderAName() async throws {
        let (server, _, _) = try await serve()
        let body = Data(
            #"{"operation":"download","objects":[{"oid":"\#(String(repeating: "0", count: 64))","size":3},{"oid":"../x","size":1}]}"#
                .utf8)
        let answer = try await ServedSamples.get(
            "\(server.address)/modelhub/net.git/info/lfs/objects/batch", method: "POST", body: body)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/vnd.git-lfs+json")
        let objects = (try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])?["objects"] as? [[String: Any]]
        #expect(objects?.count == 2)
        #expect(objects?.allSatisfy { $0["actions"] == nil && $0["error"] != nil } == true)
        #expect(
            try await ServedSamples.get(
                "\(server.address)/modelhub/net.git/info/lfs/objects/\(String(repeating: "0", count: 64))"
            ).status == 404)
        let upload = Data(#"{"operation":"upload","objects":[]}"#.utf8)
        #expect(
            try await ServedSamples.get("\(server.address)/modelhub/net.git/info/lfs/objects/batch", method: "POST", body: upload)
                .status == 403)
    }
}
