import Foundation
import ModelFormats
import Testing
import WeirTestSupport

/// Files that lie. Each is answered with an error that names a byte, in bounded time and memory, and whatever stands before the error is told.
@Suite struct BadInputTests {
    private func read(_ bytes: [UInt8], _ name: String) throws -> ModelContents {
        try #require(try ModelFile.read(MemorySource(bytes), name: name))
    }

    private func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private func safetensors(_ header: String, data: Int = 0) -> [UInt8] {
        littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    // MARK: Safetensors

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "has 4 bytes"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "no data_offsets"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, "no data_offsets"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#, "more elements than can be counted"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "a shape has -1"),
        (#"{"a":{"dtype":"Q9","shape":[1],"data_offsets":[0,4]}}"#, "unknown type"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "there twice"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
            "overlaps"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "belong to none"),
        (#"{"a":{"dtype":"F32","shape":[99],"data_offsets":[0,396]}}"#, "reaches byte"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, "no data_offsets"), (#"{"a":1}"#, "no dtype"), (#"[1]"#, "no object"),
        (#"{"__metadata__":{"k":1}}"#, "not a text"), (#"{"a":"#, "not JSON"),
    ])
    func aSafetensorsHeaderThatLies(header: String, message: String) throws {
        let contents = try read(safetensors(header, data: 8), "model.safetensors")
        #expect(contents.problems.contains { $0.problem.contains(message) && $0.offset >= 0 }, "\(contents.problems)")
    }

    @Test func aHeaderAboveTheLimitIsNotRead() throws {
        for length in [UInt64(100_000_001), 1 << 40, UInt64.max] {
            let contents = try read(littleEndian(length) + Array("{}".utf8), "model.safetensors")
            #expect(contents.problems.first?.offset == 0)
        }
    }

    // MARK: GGUF

    private func gguf(version: UInt32 = 3, tensors: UInt64, values: UInt64, _ rest: [UInt8] = []) -> [UInt8] {
        Array("GGUF".utf8) + littleEndian(version) + littleEndian(tensors) + littleEndian(values) + rest
    }

    @Test func countsOfGGUFAreHeldAgainstTheFile() throws {
        for (tensors, values) in [(UInt64(1) << 63, UInt64(0)), (0, 1 << 63), (UInt64.max, UInt64.max), (0, 1_000_000)] {
            let contents = try read(gguf(tensors: tensors, values: values), "model.gguf")
            #expect(contents.problems.count == 1, "\(contents.problems)")
        }
    }

    @Test func arraysOfGGUFInEachOtherAreBounded() throws {
        // A key, then a million arrays, each the one element of the one before.
        var rest = littleEndian(UInt64(1)) + [UInt8(ascii: "k")] + littleEndian(UInt32(9))
        for _ in 0..<1_000_000 { rest += littleEndian(UInt32(9)) + littleEndian(UInt64(1)) }
        let contents = try read(gguf(tensors: 0, values: 1, rest), "model.gguf")
        #expect(contents.problems.contains { $0.problem.contains("deep") }, "\(contents.problems)")
    }

    @Test func anArrayLongerThanTheFileIsRefused() throws {
        let rest =
            littleEndian(UInt64(1)) + [UInt8(ascii: "k")] + littleEndian(UInt32(9)) + littleEndian(UInt32(8))
            + littleEndian(UInt64(1) << 62)
        let contents = try read(gguf(tensors: 0, values: 1, rest), "model.gguf")
        #expect(contents.problems.contains { $0.problem.contains("elements") })
    }

    @Test func aVersionOfGGUFThatIsNotKnownIsSaid() throws {
        #expect(try read(gguf(version: 4, tensors: 0, values: 0), "model.gguf").problems.first?.offset == 4)
    }

    // MARK: Pickle

    @Test func aPayloadBeforeABrokenOpcodeIsTold() throws {
        let contents = try read(Array("cos\nsystem\n(S'id'\ntR\u{01}".utf8), "model.pkl")
        let program = try #require(contents.pickles.first?.program)
        #expect(program.imports.compactMap { program.name(of: $0) } == ["os.system"])
        #expect(program.calls.count == 1)
        #expect(contents.problems.first?.offset == 20)
    }

    @Test func tenMillionMemoEntriesAreBounded() throws {
        var bytes: [UInt8] = [0x80, 4, 0x4e]
        bytes += [UInt8](repeating: 0x94, count: 10_000_000)
        bytes.append(0x2e)
        let contents = try read(bytes, "model.pkl")
        #expect(contents.problems.isEmpty)
        // An entry far away takes no more than itself.
        #expect(try read([0x80, 4, 0x4e, 0x72, 0xff, 0xff, 0xff, 0xff, 0x2e], "model.pkl").problems.isEmpty)
    }

    @Test func listsInEachOtherAMillionDeepAreWalked() throws {
        let depth = 1_000_000
        let bytes: [UInt8] =
            [0x80, 4] + [UInt8](repeating: 0x5d, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2e]
        let contents = try read(bytes, "model.pkl")
        #expect(contents.problems.contains { $0.problem.contains("deep") }, "\(contents.problems)")
    }

    @Test func aListTwiceInAListAndThatTwiceInAnotherIsBounded() throws {
        // 64 doublings: 2^64 ways to the innermost list.
        var bytes: [UInt8] = [0x80, 4, 0x5d, 0x94]
        for level in 0..<64 { bytes += [0x5d, 0x94, 0x68, UInt8(level), 0x61, 0x68, UInt8(level), 0x61] }
        bytes.append(0x2e)
        let contents = try read(bytes, "model.pkl")
        #expect(contents.problems.contains { $0.problem.contains("ways") }, "\(contents.problems)")
    }

    @Test(arguments: [
        "t", "R", "a", "u", "b", "0", "1", "2", "e", "s", "o", "i", "Q", "h\u{05}", "g9\n", "jxxxx", "X\u{7f}\u{7f}\u{7f}\u{7f}",
        "I1x\n", "Fx\n", "Sx\n", "(NNNd", "N(Na",
        "\u{00}", "cos\n", "N(u", "P", "Nb", "]Ns",
    ])
    func whatTheUnpicklerRefusesIsAnError(text: String) throws {
        let contents = try read(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + [0x2e], "model.pkl")
        #expect(!contents.problems.isEmpty, "\(text)")
    }

    // MARK: Protobuf

    @Test func aLengthPastTheEndOfAMessageIsRefused() throws {
        let bytes: [UInt8] = [0x08, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
        #expect(!(try read(bytes, "model.onnx").problems.isEmpty))
        #expect(!(try read([0x08, 8, 0x3a, 0x80], "model.onnx").problems.isEmpty))
    }

    @Test func graphsInEachOtherAreBounded() throws {
        // A node with an attribute with a graph with a node, and so on.
        var graph: [UInt8] = []
        func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
            var length = body.count
            var head: [UInt8] = [number << 3 | 2]
            repeat {
                head.append(UInt8(length & 0x7f) | (length > 127 ? 0x80 : 0))
                length >>= 7
            } while length > 0
            return head + body
        }
        for _ in 0..<500 { graph = field(1, field(5, field(6, graph))) }
        let contents = try read([0x08, 8] + field(7, graph), "model.onnx")
        #expect(contents.problems.contains { $0.problem.contains("deep") }, "\(contents.problems)")
    }

    @Test func externalDataOutsideOfTheFolderIsToldAndNotFollowed() throws {
        func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(body.count)] + body }
        let entry = field(1, Array("location".utf8)) + field(2, Array("../../etc/passwd".utf8))
        let tensor = [0x08, 2, 0x10, 1] + field(8, Array("w".utf8)) + field(13, entry) + [0x70, 1]
        let contents = try read([0x08, 8] + field(7, field(5, tensor)), "model.onnx")
        #expect(contents.tensors.first?.external?.file == "../../etc/passwd")
        #expect(contents.tensors.first?.range == nil)
    }

    // MARK: Archives

    @Test func anArchiveThatIsTwoArchivesIsTold() throws {
        func member(_ name: String, _ data: [UInt8], localName: String? = nil) -> (local: [UInt8], central: (Int) -> [UInt8]) {
            let stored = Array((localName ?? name).utf8)
            let sizes = littleEndian(UInt32(0)) + littleEndian(UInt32(data.count)) + littleEndian(UInt32(data.count))
            let local: [UInt8] =
                [0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + littleEndian(UInt16(stored.count)) + [0, 0] + stored
                + data
            return (
                local,
                { offset in
                    [0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + self.littleEndian(UInt16(name.utf8.count))
                        + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + self.littleEndian(UInt32(offset)) + Array(name.utf8)
                }
            )
        }
        func archive(_ members: [(local: [UInt8], central: (Int) -> [UInt8])], before: [UInt8] = [], after: [UInt8] = [])
            -> [UInt8]
        {
            var bytes = before
            var directory: [UInt8] = []
            for member in members {
                directory += member.central(bytes.count - before.count)
                bytes += member.local
            }
            let start = bytes.count - before.count
            bytes += directory
            bytes += [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + littleEndian(UInt16(members.count)) + littleEndian(UInt16(members.count))
            return bytes + littleEndian(UInt32(directory.count)) + littleEndian(UInt32(start)) + [0, 0] + after
        }
        let pickle: [UInt8] = [0x80, 2, 0x4e, 0x2e]
        func problems(_ bytes: [UInt8]) throws -> String {
            try ZipArchive(MemorySource(bytes)).problems.map(\.problem).joined(separator: "; ")
        }
        #expect(try problems(archive([member("a/data.pkl", pickle)])) == "")
        #expect(try problems(archive([member("a/data.pkl", pickle), member("a/data.pkl", pickle)])).contains("there twice"))
        #expect(try problems(archive([member("a/data.pkl", pickle, localName: "a/evil.pkl")])).contains("two names"))
        #expect(try problems(archive([member("a/data.pkl", pickle)], before: [1, 2, 3])).contains("before the archive"))
        #expect(try problems(archive([member("a/data.pkl", pickle)], after: [1, 2, 3])).contains("after the archive"))
        // A member that the directory leaves out lies between two that it has.
        let hidden = member("h", pickle)
        let first = member("a/data.pkl", pickle)
        let joined = (local: first.local + hidden.local, central: first.central)
        #expect(try problems(archive([joined, member("a/b", [])])).contains("belong to none"))
        let whole = archive([member("a/data.pkl", pickle), member("a/data/0", [1, 2, 3, 4])])
        #expect(try read(whole, "model.pt").format == .pytorchZip)
    }

    @Test func aBombUnpacksNoFurtherThanItsSizeSays() async throws {
        guard let python = TestPlaces.python else { return }
        let folder = try TemporaryFolder()
        let script = """
            import sys, zipfile, zlib, io, struct
            data = io.BytesIO()
            with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("arr.npy", b"\\x93NUMPY" + b"\\0" * 300_000_000)
            open(sys.argv[1] + "/bomb.npz", "wb").write(data.getvalue())
            # The same, with a directory that states a small size.
            lie = bytearray(data.getvalue())
            at = lie.rindex(b"PK\\x01\\x02")
            lie[at + 24:at + 28] = struct.pack("<I", 100)
            open(sys.argv[1] + "/lie.npz", "wb").write(bytes(lie))
            open(sys.argv[1] + "/bomb.joblib", "wb").write(zlib.compress(b"\\x80\\x04N0" + b"N0" * 200_000_000 + b"N."))
            """
        #expect(try await runProgram(python, ["-c", script, folder.path]).status == 0)
        for name in ["bomb.npz", "lie.npz", "bomb.joblib"] {
            let contents = try #require(try ModelFile.read(FileSource(path: folder.path + "/" + name), name: name))
            #expect(contents.problems.contains { $0.problem.contains("unpack") }, "\(name) \(contents.problems)")
        }
    }

    // MARK: Every format

    /// Small files of all formats, cut at every byte: an answer comes, it says that something is wrong, and nothing in it lies outside of the file.
    @Test(.enabled(if: TestPlaces.python != nil, "there is no .venv: run 'make test'"))
    func filesCutAnywhereAreAnswered() async throws {
        let folder = try TemporaryFolder()
        let script = TestPlaces.project.appending(path: "scripts/model-formats/make_truth.py").path
        let python = try #require(TestPlaces.python)
        #expect(try await runProgram(python, [script, folder.path], environment: ["PYTHONDONTWRITEBYTECODE": "1"]).status == 0)
        var formats: [ModelFormat: Int] = [:]
        let walker = try #require(FileManager.default.enumerator(atPath: folder.path))
        for case let path as String in walker where !path.hasSuffix(".jsonl") {
            guard let data = FileManager.default.contents(atPath: folder.path + "/" + path), 8..<3000 ~= data.count else {
                continue
            }
            guard let format = try ModelFile.read(MemorySource(data), name: path)?.format, formats[format, default: 0] < 3 else {
                continue
            }
            formats[format, default: 0] += 1
            for length in 0..<data.count {
                let contents = try ModelFile.read(MemorySource(data.prefix(length)), name: path)
                for tensor in contents?.tensors ?? [] {
                    #expect(tensor.range.map { $0.upperBound <= length } ?? true, "\(path) cut at \(length): \(tensor)")
                }
                for problem in contents?.problems ?? [] {
                    #expect(0...max(length, data.count) ~= problem.offset, "\(path) cut at \(length): \(problem)")
                }
            }
        }
        #expect(formats.count >= 14, "\(formats)")
    }

    @Test func aNameThatLiesIsTold() throws {
        let pickle: [UInt8] = [0x80, 4, 0x4e, 0x2e]
        #expect(try read(pickle, "model.safetensors").problems.contains { $0.problem.contains("the name says safetensors") })
        #expect(try read(pickle, "model.pkl").problems.isEmpty)
        #expect(try ModelFile.read(MemorySource(Array("hello".utf8)), name: "notes.txt") == nil)
        #expect(!(try read([], "model.safetensors").problems.isEmpty))
    }

    @Test func aFileThatBecomesShorterIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/model.safetensors"
        let bytes = safetensors(#"{"a":{"dtype":"F32","shape":[100000],"data_offsets":[0,400000]}}"#, data: 400_000)
        try Data(bytes).write(to: URL(filePath: path))
        let source = try FileSource(path: path)
        try Data(bytes.prefix(100)).write(to: URL(filePath: path), options: [])
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: 10)
        #expect(throws: FormatError.self) { _ = try source.bytes(0..<1000) }
    }

    @Test func aFolderOrPipeIsNoModelFile() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [folder.path, pipe, folder.path + "/nothing"] {
            #expect(throws: FileSourceError.self) { _ = try FileSource(path: path) }
        }
    }
}

/// What CPython's unpickler does and a reader of pickles might not: a difference would hide what a loader runs.
@Suite struct PickleLikenessTests {
    private func program(_ bytes: [UInt8]) throws -> PickleProgram {
        try #require(try ModelFile.read(MemorySource(bytes), name: "model.pkl")?.pickles.first?.program)
    }

    private func imports(_ bytes: [UInt8]) throws -> [String] {
        let program = try program(bytes)
        return program.imports.map { program.name(of: $0) ?? "?" }
    }

    @Test func memoizeCountsEntriesOnce() throws {
        // PUT 1, PUT 0, PUT 1 leave two entries; PUT 3 a third; MEMOIZE is entry 3 and replaces it.
        let text = { (text: String) -> [UInt8] in [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
        var bytes: [UInt8] = [0x80, 4, 0x4e, 0x71, 1, 0x71, 0, 0x71, 1]
        bytes += text("benign") + [0x71, 3] + text("system") + [0x94]
        bytes += text("os") + [0x68, 3, 0x93, 0x2e]
        #expect(try imports(bytes) == ["os.system"])
    }

    @Test(arguments: [
        "]cos\nenviron\nI1\nN s0cos\nsystem\n.", "cos\nenviron\nI1\nNs0cos\nsystem\n.", "I0x10\n0cos\nsystem\n.",
        "I1_0\n0cos\nsystem\n.", "Np 1\n0g1\n0cos\nsystem\n.",
        "Iabc\n0cos\nsystem\n.", "Fabc\n0cos\nsystem\n.",
    ])
    func whatComesAfterAnOddityIsTold(text: String) throws {
        #expect(try imports(Array(text.replacing(" s", with: "s").utf8)).last == "os.system", "\(text)")
    }

    @Test func aBackslashBeforeABackslashIsNoEscape() throws {
        let program = try program(Array("V\\\\u0041\\u0042\n.".utf8))
        #expect(program.text(try #require(program.result)) == "\\\\u0041B")
    }
}
