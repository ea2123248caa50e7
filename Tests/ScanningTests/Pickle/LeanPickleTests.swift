import ModelFormats
import Testing

/// Letting go of data loses nothing of what a pickle does.
@Suite struct LeanPickleTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// A random pickle that is well formed: data, memo, imports and calls in each other.
    private static func program(_ seed: UInt64) -> [UInt8] {
        var random = Generator(state: seed)
        var bytes: [UInt8] = [0x80, 4]
        var memo = 0
        func value(_ depth: Int) {
            switch Int.random(in: 0..<(depth > 4 ? 4 : 11), using: &random) {
            case 0: bytes += [0x4b, UInt8.random(in: 0...255, using: &random)]
            case 1: bytes += [0x4e]
            case 2:
                bytes += [0x8c, 3] + Array("abc".utf8)
                if Bool.random(using: &random) {
                    bytes += [0x94]
                    memo += 1
                }
            case 3 where memo > 0: bytes += [0x68, UInt8.random(in: 0..<UInt8(min(memo, 255)), using: &random)]
            case 4, 5:
                bytes += [0x5d, 0x94, 0x28]
                memo += 1
                for _ in 0..<Int.random(in: 0...80, using: &random) { value(depth + 2) }
                bytes += [0x65]
            case 6:
                bytes += [0x7d, 0x94, 0x28]
                memo += 1
                for _ in 0..<Int.random(in: 0...40, using: &random) {
                    bytes += [0x4b, UInt8.random(in: 0...255, using: &random)]
                    value(depth + 2)
                }
                bytes += [0x75]
            case 7:
                value(depth + 1)
                value(depth + 1)
                bytes += [0x86]
            case 8:
                bytes += Array("cmod\(Int.random(in: 0...9, using: &random))\nname\n".utf8)
                value(depth + 1)
                bytes += [0x85, 0x52]
            case 9:
                bytes += Array("cmod\nname\n".utf8) + [0x29, 0x52, 0x7d, 0x8c, 1, 0x61]
                value(depth + 1)
                bytes += [0x73, 0x62]
            case 10: bytes += [0x8c, 1, 0x6d, 0x8c, 1, 0x6e, 0x93]
            default: bytes += [0x89]
            }
        }
        bytes += [0x5d, 0x28]
        for _ in 0..<40 { value(0) }
        return bytes + [0x65, 0x2e]
    }

    private static func actions(_ program: PickleProgram) -> [String] {
        program.imports.map { "import \(program.name(of: $0) ?? "?") at \($0.offset)" }
            + program.calls.map { call in
                "\(call.kind.rawValue) \(program.importedName(call.callable) ?? "?") at \(call.offset) with \(program.members(call.arguments)?.count ?? -1), \(call.states.count)"
            }
    }

    @Test(arguments: 1...60) func theSameIsDone(_ seed: UInt64) throws {
        let bytes = Self.program(seed)
        var reader = ByteReader(MemorySource(bytes))
        let whole = try PickleMachine.run(&reader, limits: ReadLimits())
        var limits = ReadLimits()
        limits.dataObjects = 20
        reader = ByteReader(MemorySource(bytes))
        let lean = try PickleMachine.run(&reader, limits: limits)
        #expect(
            whole.problem == nil && lean.problem == nil,
            "\(String(describing: whole.problem)) \(String(describing: lean.problem))")
        #expect(Self.actions(lean) == Self.actions(whole))
        #expect(lean.range == whole.range && lean.objects.count <= whole.objects.count)
    }

    @Test func manyRowsTakeLittleRoom() throws {
        var bytes: [UInt8] = [0x80, 4, 0x5d, 0x94]
        for batch in 0..<100 {
            bytes += [0x28]
            for row in 0..<1000 {
                bytes += [0x7d, 0x94, 0x28, 0x8c, 2, 0x69, 0x64, 0x94, 0x4d] + [UInt8(batch), UInt8(row % 256)] + [0x75]
            }
            bytes += [0x65]
        }
        bytes += Array("cos\nsystem\n".utf8) + [0x8c, 1, 0x78, 0x85, 0x52, 0x30, 0x2e]
        var limits = ReadLimits()
        limits.dataObjects = 1000
        var reader = ByteReader(MemorySource(bytes))
        let program = try PickleMachine.run(&reader, limits: limits)
        #expect(program.problem == nil && program.objects.count < 10_000, "\(program.objects.count) objects")
        #expect(program.imports.compactMap { program.name(of: $0) } == ["os.system"])
    }
}
