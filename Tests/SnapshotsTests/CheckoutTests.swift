import Foundation
import ModelPackage
import Storage
import Testing
import WeirTestSupport

@Suite struct CheckoutTests {
    private let bench: SnapshotBench

    init() throws {
        bench = try SnapshotBench()
    }

    private func manifest(_ entries: [(path: String, content: String, mode: FileMode)]) throws -> SnapshotManifest {
        let files = try entries.map { path, content, mode in
            let incoming = try IncomingBlob(bench.store, name: "t", claim: ContentClaim(size: nil, sha256: nil, gitObjectID: nil))
            try Array(content.utf8).withUnsafeBytes { try incoming.append($0) }
            let blob = try incoming.finish()
            return SnapshotManifest.File(
                path: try FilePath(path), size: blob.size, sha256: blob.hash, gitObjectID: nil, mode: mode, isLFS: false)
        }
        return SnapshotManifest(
            package: try PackageID(parsing: "hf:o/m"), commit: try #require(GitObjectID(ModelServer.commit)), revision: "main",
            source: "http://localhost", fetchedAt: Instant(millisecondsSince1970: 0), files: files, absences: [])
    }

    private var target: URL { bench.folder.url.appending(path: "out", directoryHint: .isDirectory) }

    @Test func modesAndSafeLinksComeOut() throws {
        let manifest = try manifest([
            ("run.sh", "#!/bin/sh", .executable), ("a/b/data", "1", .regular), ("a/link", "b/data", .symbolicLink),
            ("a/b/up", "../../run.sh", .symbolicLink), ("outside", "../../../etc/passwd", .symbolicLink),
            ("absolute", "/etc/passwd", .symbolicLink), ("winding", "a/../..", .symbolicLink),
        ])
        let report = try Checkout(bench.store).writeFiles(of: manifest, to: target)
        #expect(report.files == 4 && report.links == 2)
        #expect(report.problems.map(\.path).sorted() == ["absolute", "outside", "winding"])
        #expect(FileManager.default.isExecutableFile(atPath: target.appending(path: "run.sh").path))
        #expect(try String(contentsOf: target.appending(path: "a/link"), encoding: .utf8) == "1")
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).contains { $0.hasPrefix(".out") } == false)
    }

    @Test(arguments: Checkout.LinkKind.allCases)
    func everyKindOfLinkGivesTheSameBytes(kind: Checkout.LinkKind) throws {
        let manifest = try manifest([("a", "content", .regular)])
        do {
            let report = try Checkout(bench.store, link: kind).writeFiles(of: manifest, to: target)
            #expect(report.reflinked + report.hardlinked + report.copied == 1)
            #expect(try String(contentsOf: target.appending(path: "a"), encoding: .utf8) == "content")
            if kind != .hardlink {
                // Writing to the copy leaves the store as it is.
                try Data("changed".utf8).write(to: target.appending(path: "a"))
                #expect(try String(contentsOf: bench.store.file(of: manifest.files[0].sha256), encoding: .utf8) == "content")
            }
        } catch let error as StorageError where kind == .reflink {
            // Not every file system can share bytes; then it says so and leaves nothing.
            #expect("\(error)".contains("share"))
            #expect(!FileManager.default.fileExists(atPath: target.path))
        }
    }

    @Test func aFolderWithSomethingInItIsLeftAlone() throws {
        let manifest = try manifest([("a", "content", .regular)])
        try bench.folder.write("mine", to: "out/a")
        #expect(throws: StorageError.self) { try Checkout(bench.store).writeFiles(of: manifest, to: target) }
        #expect(try String(contentsOf: target.appending(path: "a"), encoding: .utf8) == "mine")
    }

    @Test func aMissingContentLeavesNoHalfCheckout() throws {
        let manifest = try manifest([("a", "1", .regular), ("b", "2", .regular)])
        try FileManager.default.removeItem(at: bench.store.file(of: manifest.files[1].sha256))
        #expect(throws: StorageError.self) { try Checkout(bench.store).writeFiles(of: manifest, to: target) }
        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    @Test func theClientsCacheHasItsLayout() throws {
        let manifest = try manifest([("a/config.json", "{}", .regular), ("README.md", "#", .regular)])
        for _ in 0..<2 {
            #expect(try Checkout(bench.store).writeClientCache(of: manifest, to: target).files == 2)
        }
        let root = target.appending(path: "models--o--m")
        // What a run that was killed left half-written is written anew.
        let blob = root.appending(path: "blobs/\(manifest.files[0].sha256.hex)")
        try Data("{".utf8).write(to: blob)
        #expect(try Checkout(bench.store).writeClientCache(of: manifest, to: target).copied <= 1)
        #expect(try String(contentsOf: blob, encoding: .utf8) == "{}")
        #expect(try String(contentsOf: root.appending(path: "refs/main"), encoding: .utf8) == ModelServer.commit)
        let file = root.appending(path: "snapshots/\(ModelServer.commit)/a/config.json")
        #expect(try String(contentsOf: file, encoding: .utf8) == "{}")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file.path).hasPrefix("../../../blobs/"))
    }
}
