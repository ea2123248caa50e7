import ModelFormats
import Testing

@testable import Scanning

/// Ways around an allow-list: what is harmless by its name, and runs what it is given.
@Suite struct DetourTests {
    private typealias A = Assembly

    private static let unknown = A.global("acme.tools", "run")

    @Test func constructorsThatEvaluateAreDangerous() throws {
        #expect(try scan(A.proto(2) + A.call("sympy.core.containers", "Tuple", "__import__('os')") + A.stop).worst == .critical)
        #expect(
            try scan(A.proto(2) + A.call("torch.cuda.memory", "CUDAPluggableAllocator", "/tmp/x.so") + A.stop).worst == .critical)
    }

    @Test func aWrapperThatLoadsAFileIsHarmlessForItsOwnOnes() throws {
        func wrapper(_ file: String) -> [UInt8] {
            A.proto(2) + A.global("joblib.numpy_pickle", "NDArrayWrapper") + [0x29, 0x81, 0x7d] + A.text("filename")
                + A.text(file) + [0x73, 0x62, 0x2e]
        }
        #expect(try scan(wrapper("model.pkl_01.npy")).told.isEmpty)
        #expect(try scan(wrapper("/tmp/x.npy")).told == ["high pickle-dangerous-arguments"])
        #expect(try scan(wrapper("vocab.json")).told == ["high pickle-dangerous-arguments"])
    }

    @Test func bytesGivenToAClassThatNobodyKnowsAreLookedAt() throws {
        let inner: [UInt8] = [0x80, 2] + A.call("os", "system", "echo hidden") + A.stop
        let outer =
            A.proto(3) + A.global("acme.serial", "Wrapper") + [0x29, 0x81, 0x42] + A.little(inner.count, 4) + inner + [
                0x89, 0x86, 0x62, 0x2e,
            ]
        #expect(
            try scan(outer).findings.contains { $0.severity == .critical && $0.evidence.snippet?.contains("echo hidden") == true }
        )
    }

    @Test func whatOthersCallIsCalled() throws {
        let generator =
            A.proto(2) + A.global("numpy.random._pickle", "__generator_ctor") + A.text("x") + Self.unknown + [0x86, 0x52, 0x2e]
        #expect(try scan(generator).told == ["high pickle-unknown-function"])
        let appending =
            A.proto(2) + A.global("argparse", "Namespace") + [0x29, 0x81, 0x7d] + A.text("append") + Self.unknown + [
                0x73, 0x62, 0x4e, 0x61, 0x2e,
            ]
        #expect(try scan(appending).told == ["high pickle-unknown-function"])
        #expect(
            try scan(A.proto(2) + A.global("builtins", "iter") + A.global("acme", "f") + [0x4b, 1, 0x86, 0x52, 0x2e]).worst
                == .high)
    }

    /// PyTorch's old form names a module's class by a persistent name, with the source that it was in.
    @Test func classesOfTheOldFormAreHarmless() throws {
        let persistent =
            [0x28] + A.text("module") + A.global("torch.nn.modules.linear", "Linear") + A.text("linear.py")
            + A.text("class Linear") + [0x74, 0x51]
        #expect(try scan(A.proto(2) + persistent + [0x29, 0x81, 0x7d, 0x62, 0x2e]).told.isEmpty)
        let other =
            [0x28] + A.text("module") + A.global("acme.nn", "Net") + A.text("net.py") + A.text("class Net") + [0x74, 0x51]
        #expect(try scan(A.proto(2) + other + [0x29, 0x81, 0x7d, 0x62, 0x2e]).told == ["medium pickle-unknown-class"])
    }

    @Test func typesThatHoldObjectsInOtherWordsAreObjects() throws {
        for description in ["'i4,O'", "'f4,(2,2)O'", "'\\u004f'"] {
            let header = Array("{'descr': \(description), 'fortran_order': False, 'shape': (1,), }\n".utf8)
            let bytes =
                [0x93] + Array("NUMPY".utf8) + [1, 0] + A.little(header.count, 2) + header + Array("cos\nsystem\n(S'x'\ntR.".utf8)
            #expect(try scan(bytes, name: "a.npy").worst == .critical, "\(description)")
        }
    }

    @Test func otherEncodingsAndFormsAreRead() throws {
        let yaml = "a: !!python/object/apply:os.system ['x']\n"
        #expect(
            try scan([0xff, 0xfe] + yaml.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }, name: "config.yaml").worst
                == .critical)
        #expect(
            try scan([0xfe, 0xff] + yaml.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }, name: "config.yaml").worst
                == .critical)
        for start in ["I1\n0", "Vtext\n0", "N0"] {
            #expect(try scan(start + "cos\nsystem\n(S'x'\ntR.", name: "vocab.json").worst == .critical, "\(start)")
        }
        // zlib of a pickle, behind the mark of joblib's first forms.
        let packed: [UInt8] = [
            0x78, 0x9c, 0x4b, 0xce, 0x2f, 0xe6, 0x2a, 0xae, 0x2c, 0x2e, 0x49, 0xcd, 0xe5, 0xd2, 0x08, 0x56, 0xaf, 0x50, 0xe7,
            0x2a, 0x09, 0xd2, 0x03, 0x00,
        ]
        #expect(try scan(Array("ZF0x14               ".utf8) + packed, name: "m.dat").isNotClean)
    }

    @Test func manyCallsTakeNoMoreThanTheirNumber() throws {
        var bytes = A.proto(2)
        for _ in 0..<100_000 { bytes += A.call("os", "system", "a") + [0x30] }
        let report = try scan(bytes + [0x4e, 0x2e])
        #expect(report.worst == .critical && report.findings.count < 10 && report.errors.isEmpty)
    }
}
