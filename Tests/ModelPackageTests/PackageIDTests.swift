import ModelPackage
import Testing

@Suite struct PackageIDTests {
    @Test(arguments: [
        "", "/etc/passwd", "../../x", "a/../b", "a/./b", "a//b", "a/", "a\\b", "a\u{0}b", "a\nb", " a", "a ", "a@main",
        String(repeating: "x", count: 600), String(repeating: "y", count: 300),
    ])
    func namesThatCouldHarmAreRefused(name: String) {
        #expect(throws: InvalidPackageName.self) { try PackageID(hub: .onnx, name: name) }
    }

    @Test(arguments: ["gpt2", "google-bert/bert-base-uncased", "validated/vision/x/model/y-7", "été/モデル", "a.b_c-d", "..."])
    func ordinaryNamesAreTaken(name: String) throws {
        #expect(try PackageID(hub: .huggingface, name: name).description == "huggingface:\(name)")
    }

    @Test func theShortFormOfTheHubIsRead() throws {
        #expect(try PackageID(parsing: "hf:gpt2") == PackageID(hub: .huggingface, name: "gpt2"))
        #expect(throws: InvalidPackageName.self) { try PackageID(parsing: "nohub:gpt2") }
        #expect(throws: InvalidPackageName.self) { try PackageID(parsing: "gpt2") }
    }

    @Test func hostileTextIsPrintedHarmlessly() {
        #expect(printable("a\u{1b}[31m\u{202e}b\n") == "'a\\u{1b}[31m\\u{202e}b\\u{a}'")
    }
}

@Suite struct IdentifierTests {
    @Test func onlyWholeHashesAreTaken() {
        #expect(GitObjectID("CD447E35B8B6D8FE442E3D437204E52DB2221A58")?.hex == "cd447e35b8b6d8fe442e3d437204e52db2221a58")
        #expect(GitObjectID("cd447e3") == nil)
        #expect(GitObjectID(String(repeating: "g", count: 40)) == nil)
        #expect(SHA256Hash(String(repeating: "a", count: 64)) != nil)
        #expect(SHA256Hash(String(repeating: "a", count: 63)) == nil)
    }
}
