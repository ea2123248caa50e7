import ModelPackage
import Testing

@Suite struct FilePathTests {
    @Test(arguments: [
        "", "/a", "a//b", "a/", "./a", "a/..", "..", "a/./b", "a\\b", "a\0b", "a\nb", ".git/config", "x/.GIT/hooks",
        "a/\u{301}b", "a\u{600}/b", "a/\u{200d}b", String(repeating: "a", count: 256), String(repeating: "a/", count: 2048) + "a",
    ])
    func aPathThatCouldDoHarmIsRefused(text: String) {
        #expect(throws: InvalidFilePath.self) { try FilePath(text) }
    }

    @Test(arguments: ["a", "a/b.c", ".gitattributes", "...", "a b/ü", "-x", "a/.github/x"])
    func anyOtherIsTaken(text: String) throws {
        #expect(try FilePath(text).text == text)
    }

    @Test func parentsAreTheFoldersOnTheWay() throws {
        #expect(try FilePath("a/b/c").parents.map(\.text) == ["a", "a/b"])
    }
}

@Suite struct FileSelectionTests {
    /// As Python's `fnmatch` has it, which the Hub's client uses.
    @Test(arguments: [
        ("*.json", "a/b.json", true), ("*.json", "a.jsonl", false), ("a?c", "abc", true), ("a?c", "ac", false),
        ("[ab]*", "beta", true), ("[!ab]*", "beta", false), ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[]]", "]", true),
        ("[", "[", true), ("onnx/", "onnx/model.onnx", true), ("onnx/", "onnx", false), ("*", "", true), ("", "", true),
        ("**/x", "a/b/x", true), ("a*b*c", "axxbxxc", true), ("a*b*c", "axxcxxb", false), ("README.md", "readme.md", false),
    ])
    func patternsMatchWholePaths(pattern: String, path: String, matches: Bool) {
        #expect(FileSelection(include: [pattern]).includes(path, size: nil) == matches, "\(pattern) \(path)")
    }

    /// A pattern of many stars is as fast as any other.
    @Test func manyStarsEnd() {
        let pattern = String(repeating: "a*", count: 200) + "b"
        #expect(!FileSelection(include: [pattern]).includes(String(repeating: "a", count: 4000), size: nil))
    }

    @Test func excludeAndSizeHoldBesideInclude() {
        let selection = FileSelection(include: ["*.bin"], exclude: ["x*"], maximumSize: 10)
        #expect(selection.includes("a.bin", size: 10) && selection.includes("a.bin", size: nil))
        #expect(
            !selection.includes("x.bin", size: 1) && !selection.includes("a.bin", size: 11) && !selection.includes("a", size: 1))
    }
}
