/// Reads pickles of every protocol (Lib/pickletools.py, PEP 3154, PEP 574) and runs nothing: stack, marks and memo are those of CPython's own
/// unpickler, and what stands on the stack are descriptions of objects.
///
/// A pickle that breaks off, or does what the unpickler would refuse, is kept up to there: a loader has run that much by then.
package struct PickleMachine {
    private var reader: ByteReader
    private let limits: ReadLimits
    private var program: PickleProgram
    private var stack: [PickleReference] = []
    private var marks: [Int] = []
    private var memo: [MemoEntry] = []
    private var distantMemo: [Int: MemoEntry] = [:]
    /// Where the opcode is that runs.
    private var place = 0
    /// What is known of the objects beyond the first ones, once data are let go of; nil until then.
    private var lean: LeanObjects?
    private let attach: Attach?
    /// Where the frame ends that the reader is in.
    private var frameEnd: Int?

    /// Asked after each `BUILD` of a call's result; gives the bytes that follow in the file and belong to that object, and moves past them.
    package typealias Attach = (PickleProgram, PickleCall, inout ByteReader) throws -> Range<Int>?

    /// Reads one pickle from where `reader` is, and leaves it after the pickle's `STOP`, or where it could not be read on.
    package static func run(_ reader: inout ByteReader, limits: ReadLimits, attach: Attach? = nil) throws -> PickleProgram {
        var machine = PickleMachine(reader: reader, limits: limits, attach: attach)
        let start = reader.position
        do {
            try machine.run()
        } catch let error as FormatError {
            machine.program.problem = error
        }
        reader = machine.reader
        machine.program.range = start..<reader.position
        return machine.program
    }

    private init(reader: ByteReader, limits: ReadLimits, attach: Attach?) {
        self.reader = reader
        self.limits = limits
        self.attach = attach
        program = PickleProgram(range: reader.position..<reader.position)
    }

    private mutating func run() throws {
        while true {
            place = reader.position
            let opcode = try reader.byte()
            program.opcodes += 1
            if opcode == 0x2e {
                program.result = try pop(place)
                return
            }
            try step(opcode, at: place)
            if let frameEnd, reader.position >= frameEnd { try leaveFrame(frameEnd, opcode, at: place) }
        }
    }

    /// A frame ends between opcodes. Where one reaches across its end, unpicklers differ: one that reads the bytes in a row goes on in them, and CPython's, which
    /// has the frame in memory, drops what is left of it and reads the argument from behind it (python/cpython issue 154848).
    private mutating func leaveFrame(_ end: Int, _ opcode: UInt8, at place: Int) throws {
        if opcode != 0x95 { frameEnd = nil }
        guard reader.position > end, place < end, opcode != 0x95 else { return }
        try noteViolation("an argument reaches across the end of its frame", of: opcode, at: place, end)
    }

    private mutating func noteViolation(_ what: String, of opcode: UInt8, at place: Int, _ end: Int) throws {
        program.oddities.append(FormatError(place, what))
        guard program.droppedByFrame == nil else { return }
        let start = try argumentStart(of: opcode, at: place, across: end)
        if start < end { program.droppedByFrame = start..<end }
    }

    /// Where the part of an opcode's argument begins that lies on both sides of a place; a length, and what has that length, are two parts.
    private func argumentStart(of opcode: UInt8, at place: Int, across end: Int) throws -> Int {
        let lengthSize =
            switch opcode {
            case 0x8c, 0x55, 0x43, 0x8a: 1
            case 0x58, 0x54, 0x42, 0x8b: 4
            case 0x8d, 0x8e, 0x96, 0x95: 8
            default: 0
            }
        let first = place + 1
        if lengthSize > 0 { return first + lengthSize <= end ? first + lengthSize : first }
        guard opcode == 0x63 || opcode == 0x69 else { return first }
        var lines = reader
        try lines.move(to: first)
        _ = try lines.bytes(upTo: 0x0a, atMost: 1 << 16)
        return lines.position <= end ? lines.position : first
    }

    // MARK: Stack and memo

    private mutating func push(_ object: PickleObject) throws {
        guard program.objects.count < limits.objects else {
            throw reader.failure("the pickle makes more than \(limits.objects) objects")
        }
        stack.append(PickleReference(program.objects.count))
        program.objects.append(object)
        if lean != nil {
            let items = members(of: object)
            lean?.note(object, holds: items, at: place, contents: program.contents.count)
        } else if let kept = limits.dataObjects, program.objects.count >= kept {
            lean = LeanObjects(first: program.objects.count)
        }
    }

    /// What a container that was just made is made of.
    private func members(of object: PickleObject) -> [PickleReference] {
        switch object {
        case .tuple(let index), .list(let index), .set(let index), .frozenSet(let index), .dictionary(let index):
            program.contents[index]
        default: []
        }
    }

    private mutating func pop(_ place: Int) throws -> PickleReference {
        guard stack.count > (marks.last ?? 0) else { throw FormatError(place, "the stack is empty here") }
        return stack.removeLast()
    }

    private func top(_ place: Int) throws -> PickleReference {
        guard stack.count > (marks.last ?? 0), let top = stack.last else { throw FormatError(place, "the stack is empty here") }
        return top
    }

    private mutating func popToMark(_ place: Int) throws -> [PickleReference] {
        guard let mark = marks.popLast() else { throw FormatError(place, "there is no mark on the stack here") }
        let items = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return items
    }

    private mutating func add(_ items: [PickleReference]) -> Int {
        program.contents.append(items)
        return program.contents.count - 1
    }

    private mutating func remember(_ index: Int, _ reference: PickleReference) {
        let entry = lean?.entry(for: reference) ?? .object(reference.number)
        if index < memo.count {
            memo[index] = entry
        } else if index == memo.count {
            memo.append(entry)
            // What was put further away before may now be next.
            while let next = distantMemo.removeValue(forKey: memo.count) { memo.append(next) }
        } else {
            distantMemo[index] = entry
        }
    }

    private mutating func recall(_ index: Int, _ place: Int) throws {
        guard let entry = memo.indices ~= index ? memo[index] : distantMemo[index] else {
            throw FormatError(place, "memo entry \(index) is asked for and was never put")
        }
        if let number = entry.object {
            stack.append(PickleReference(Int(number)))
        } else if let number = lean?.number(of: entry) {
            stack.append(PickleReference(number))
        } else {
            // It was let go of: a text is read again, and a container of plain data is plain data.
            try push(try text(writtenAt: entry.place) ?? .data)
        }
    }

    /// The text that an opcode makes; nil for an opcode that makes something else.
    private func text(writtenAt place: Int) throws -> PickleObject? {
        guard [0x8c, 0x58, 0x8d, 0x55, 0x54, 0x53, 0x56].contains(try reader.source.bytes(place..<place + 1).first ?? 0) else {
            return nil
        }
        var once = PickleMachine(reader: ByteReader(reader.source, place..<reader.end), limits: ReadLimits(), attach: nil)
        let opcode = try once.reader.byte()
        try once.step(opcode, at: place)
        return once.program.objects.last
    }

    /// Lets go of plain data that was just put into a container on top of the stack: nothing but the container holds it.
    /// - Returns: what the container keeps of it.
    private mutating func keep(_ items: [PickleReference], in container: PickleReference, holding count: Int, pairs: Bool)
        -> [PickleReference]
    {
        guard lean != nil else { return items }
        let room = LeanObjects.dataKept - count
        if room >= items.count {
            lean?.keepAll(in: container, of: items, upTo: program.objects.count)
            return items
        }
        let telling = stride(from: 0, to: items.count, by: pairs ? 2 : 1).flatMap { start -> ArraySlice<PickleReference> in
            let entry = items[start..<min(items.count, start + (pairs ? 2 : 1))]
            return entry.contains { lean?.isTelling($0) ?? true } ? entry : []
        }
        if telling.isEmpty, let floor = lean?.floor(of: container) {
            lean?.truncate(to: floor, objects: &program.objects, contents: &program.contents)
        } else {
            lean?.keepAll(in: container, of: telling, upTo: program.objects.count)
        }
        return telling
    }

    // MARK: Opcodes

    private mutating func step(_ opcode: UInt8, at place: Int) throws {
        switch opcode {
        // The most frequent first: texts and the memo.
        case 0x8c: try push(text(try reader.bytes(Int(try reader.byte()))))
        case 0x94: remember(memo.count + distantMemo.count, try top(place))
        case 0x68: try recall(Int(try reader.byte()), place)
        case 0x71: remember(Int(try reader.byte()), try top(place))
        case 0x4b: try push(.integer(Int64(try reader.byte())))
        case 0x4d: try push(.integer(Int64(try reader.integer(UInt16.self))))
        case 0x4a: try push(.integer(Int64(try reader.integer(Int32.self))))
        case 0x28: marks.append(stack.count)
        case 0x72: remember(Int(try reader.integer(UInt32.self)), try top(place))
        case 0x6a: try recall(Int(try reader.integer(UInt32.self)), place)
        case 0x58: try push(longText(try reader.length(UInt32.self, of: "a text's length")))
        case 0x8d: try push(longText(try reader.length(UInt64.self, of: "a text's length")))
        case 0x74, 0x29, 0x85, 0x86, 0x87, 0x5d, 0x6c, 0x7d, 0x64, 0x8f, 0x91: try makeContainer(opcode, place)
        case 0x61, 0x65, 0x73, 0x75, 0x90: try fillContainer(opcode, place)
        case 0x52, 0x81, 0x92, 0x69, 0x6f: try makeCall(opcode, place)
        case 0x62: try build(place)
        case 0x63, 0x93, 0x82, 0x83, 0x84: try makeImport(opcode, place)
        case 0x4e: try push(.none)
        case 0x88: try push(.bool(true))
        case 0x89: try push(.bool(false))
        case 0x47: try push(.real(Double(bitPattern: try reader.integer(bigEndian: true))))
        case 0x8a: try pushLong(Int(try reader.byte()))
        case 0x8b: try pushLong(try reader.length(UInt32.self, of: "an integer's length"))
        case 0x49, 0x4c, 0x46, 0x53, 0x56, 0x67, 0x70, 0x50: try textOpcode(opcode, place)
        case 0x55: try push(oldText(Int(try reader.byte())))
        case 0x54:
            let length: Int32 = try reader.integer()
            guard length >= 0 else { throw FormatError(place, "a text has the length \(length)") }
            try push(oldText(Int(length)))
        case 0x43: try push(.bytes(try passed(Int(try reader.byte()))))
        case 0x42: try push(.bytes(try passed(try reader.length(UInt32.self, of: "the length of bytes"))))
        case 0x8e: try push(.bytes(try passed(try reader.length(UInt64.self, of: "the length of bytes"))))
        case 0x96: try push(.byteArray(try passed(try reader.length(UInt64.self, of: "the length of bytes"))))
        case 0x30:
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop(place) }
        case 0x31: _ = try popToMark(place)
        case 0x32: stack.append(try top(place))
        case 0x51: try push(.persistent(try pop(place)))
        case 0x97: try push(.buffer)
        case 0x98: _ = try top(place)
        case 0x80:
            let version = try reader.byte()
            guard version <= 5 else { throw FormatError(place, "protocol \(version) is not known (0 to 5 are)") }
            program.version = Int(version)
        case 0x95:
            let length = try reader.length(UInt64.self, of: "a frame's length")
            if length > reader.remaining {
                program.oddities.append(
                    FormatError(place, "a frame is said to have \(length) bytes, and \(reader.remaining) are left"))
            }
            if let outer = frameEnd, length > outer - min(outer, reader.position) {
                try noteViolation("a frame begins in another and reaches out of it", of: opcode, at: place, outer)
            }
            frameEnd = reader.position + min(length, reader.remaining)
        default: throw FormatError(place, "there is no opcode 0x\(String(opcode, radix: 16))")
        }
    }

    private mutating func passed(_ count: Int) throws -> Range<Int> {
        let start = reader.position
        try reader.skip(count)
        return start..<start + count
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> PickleObject {
        .text(String(decoding: bytes, as: UTF8.self))
    }

    /// A text of any length; of one that no name can have, only where it is.
    private mutating func longText(_ count: Int) throws -> PickleObject {
        count <= limits.unpacked / 4 ? text(try reader.bytes(count)) : .bytes(try passed(count))
    }

    /// What Python 2 wrote as `str`: text where it is one, else bytes.
    private mutating func oldText(_ count: Int) throws -> PickleObject {
        if count > 4096 { return .bytes(try passed(count)) }
        let start = reader.position
        let bytes = try reader.bytes(count)
        return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(start..<start + count)
    }

    private mutating func pushLong(_ count: Int) throws {
        guard count <= 8 else {
            try push(.largeInteger(try passed(count)))
            return
        }
        let bytes = try reader.bytes(count)
        var value: Int64 = 0
        for (index, byte) in bytes.enumerated() { value |= Int64(byte) << Int64(8 * index) }
        if count > 0, count < 8, let last = bytes.last, last >= 0x80 { value |= -1 << Int64(8 * count) }
        try push(.integer(value))
    }

    /// Opcodes of protocol 0, whose argument is a line.
    private mutating func textOpcode(_ opcode: UInt8, _ place: Int) throws {
        let start = reader.position
        let line = try reader.bytes(upTo: 0x0a, atMost: limits.unpacked)
        let string = String(decoding: line, as: UTF8.self)
        switch opcode {
        case 0x49:
            if string == "00" || string == "01" {
                try push(.bool(string == "01"))
            } else {
                try pushDecimal(string, start, place)
            }
        case 0x4c: try pushDecimal(string.hasSuffix("L") ? String(string.dropLast()) : string, start, place)
        case 0x46:
            let digits = string.filter { $0 != "_" && !$0.isWhitespace }
            if let value = Double(digits) { try push(.real(value)) } else { try pushUnknownNumber(string, place) }
        case 0x53: try push(try PickleText.string(line, place))
        case 0x56: try push(.text(PickleText.rawUnicodeEscaped(line)))
        case 0x67, 0x70:
            guard let index = Self.integer(string, base: 10).flatMap({ Int(exactly: $0) }), index >= 0 else {
                throw FormatError(place, "\(quoted(string)) is no memo entry")
            }
            if opcode == 0x67 { try recall(index, place) } else { remember(index, try top(place)) }
        default:
            try push(.text(string))
            let name = stack.removeLast()
            try push(.persistent(name))
        }
    }

    private mutating func pushDecimal(_ digits: String, _ start: Int, _ place: Int) throws {
        if let value = Self.integer(digits, base: 0) {
            try push(.integer(value))
        } else if digits.drop(while: { $0 == "-" }).allSatisfy({ $0.isASCII && $0.isNumber }), !digits.isEmpty {
            try push(.largeInteger(start..<start + digits.utf8.count))
        } else {
            try pushUnknownNumber(digits, place)
        }
    }

    /// A loader fails here, or reads a number that Weir does not: what comes next is told in either case.
    private mutating func pushUnknownNumber(_ text: String, _ place: Int) throws {
        program.oddities.append(FormatError(place, "\(quoted(text)) is no number"))
        try push(.text(text))
    }

    /// A number as Python's `int(text, base)` reads it: space around it, a sign, underscores between digits and, for base 0, a prefix.
    private static func integer(_ text: String, base: Int) -> Int64? {
        var digits = text.filter { $0 != "_" && !$0.isWhitespace }.lowercased()
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        var radix = 10
        if base == 0, digits.count > 2, let found = ["0x": 16, "0o": 8, "0b": 2][String(digits.prefix(2))] {
            radix = found
            digits.removeFirst(2)
        }
        guard let first = digits.first, first != "-", first != "+" else { return nil }
        return Int64((isNegative ? "-" : "") + digits, radix: radix)
    }

    private mutating func makeContainer(_ opcode: UInt8, _ place: Int) throws {
        switch opcode {
        case 0x74: try push(.tuple(add(try popToMark(place))))
        case 0x29: try push(.tuple(add([])))
        case 0x85, 0x86, 0x87:
            var items: [PickleReference] = []
            for _ in 0..<Int(opcode) - 0x84 { items.append(try pop(place)) }
            try push(.tuple(add(items.reversed())))
        case 0x5d: try push(.list(add([])))
        case 0x6c: try push(.list(add(try popToMark(place))))
        case 0x7d: try push(.dictionary(add([])))
        case 0x64: try push(.dictionary(add(try even(popToMark(place), place))))
        case 0x8f: try push(.set(add([])))
        default: try push(.frozenSet(add(try popToMark(place))))
        }
    }

    private func even(_ items: [PickleReference], _ place: Int) throws -> [PickleReference] {
        guard items.count % 2 == 0 else { throw FormatError(place, "a dictionary is given \(items.count) keys and values") }
        return items
    }

    private mutating func fillContainer(_ opcode: UInt8, _ place: Int) throws {
        let items: [PickleReference]
        switch opcode {
        case 0x61: items = [try pop(place)]
        case 0x73:
            let value = try pop(place)
            items = [try pop(place), value]
        default: items = try popToMark(place)
        }
        let isMapping = opcode == 0x73 || opcode == 0x75
        if isMapping { _ = try even(items, place) }
        let container = try top(place)
        switch program[container] {
        case .list(let index) where !isMapping, .set(let index) where !isMapping, .dictionary(let index) where isMapping:
            program.contents[index] += keep(items, in: container, holding: program.contents[index].count, pairs: isMapping)
        case .call(let index):
            let held = program.calls[index].entries.count + program.calls[index].items.count
            let kept = keep(items, in: container, holding: held, pairs: isMapping)
            if isMapping { program.calls[index].entries += kept } else { program.calls[index].items += kept }
            lean?.pin(upTo: program.objects.count)
        case .list(let index), .set(let index), .dictionary(let index):
            program.contents[index] += keep(items, in: container, holding: program.contents[index].count, pairs: isMapping)
            program.oddities.append(FormatError(place, "a container is filled in the way of another kind"))
        default:
            // What is imported may well take items (`os.environ` does), and no library writes that. A loader goes on here or fails; what comes next is
            // told in either case.
            lean?.pin(upTo: program.objects.count)
            program.fills.append(PickleFill(target: try top(place), items: items, isMapping: isMapping, offset: place))
            program.oddities.append(FormatError(place, "something that is no container is filled like one"))
        }
    }

    private mutating func makeCall(_ opcode: UInt8, _ place: Int) throws {
        let kind: PickleCall.Kind
        let callable: PickleReference
        let arguments: PickleReference
        var keywords: PickleReference?
        switch opcode {
        case 0x52, 0x81:
            kind = opcode == 0x52 ? .reduce : .new
            arguments = try pop(place)
            callable = try pop(place)
        case 0x92:
            kind = .newWithKeywords
            keywords = try pop(place)
            arguments = try pop(place)
            callable = try pop(place)
        case 0x69:
            kind = .instance
            try pushImport("INST", place)
            callable = stack.removeLast()
            try push(.tuple(add(try popToMark(place))))
            arguments = stack.removeLast()
        default:
            kind = .object
            var items = try popToMark(place)
            guard !items.isEmpty else { throw FormatError(place, "OBJ has no class") }
            callable = items.removeFirst()
            try push(.tuple(add(items)))
            arguments = stack.removeLast()
        }
        program.calls.append(PickleCall(kind: kind, callable: callable, arguments: arguments, keywords: keywords, offset: place))
        try push(.call(program.calls.count - 1))
    }

    private mutating func build(_ place: Int) throws {
        let state = try pop(place)
        let target = try top(place)
        guard case .call(let index) = program[target] else {
            // An imported object or a plain one may be built on too; no library writes that, and CPython would set its attributes.
            try push(.tuple(add([state])))
            let arguments = stack.removeLast()
            program.calls.append(
                PickleCall(kind: .build, callable: target, arguments: arguments, keywords: nil, offset: place, states: [state]))
            lean?.pin(upTo: program.objects.count)
            return
        }
        program.calls[index].states.append(state)
        lean?.pin(upTo: program.objects.count)
        guard let attach else { return }
        program.calls[index].attachedBytes = try attach(program, program.calls[index], &reader)
        // Bytes between the opcodes are written outside of frames, and the reader has left the frame with them.
        if program.calls[index].attachedBytes != nil { frameEnd = nil }
    }

    private mutating func makeImport(_ opcode: UInt8, _ place: Int) throws {
        switch opcode {
        case 0x63: try pushImport("GLOBAL", place)
        case 0x93:
            let name = try pop(place)
            let module = try pop(place)
            program.imports.append(PickleImport(module: module, name: name, offset: place, opcode: "STACK_GLOBAL"))
            try push(.imported(program.imports.count - 1))
        default:
            let code =
                switch opcode {
                case 0x82: Int(try reader.byte())
                case 0x83: Int(try reader.integer(UInt16.self))
                default: Int(try reader.integer(Int32.self))
                }
            try push(.text("copyreg extension"))
            let module = stack.removeLast()
            try push(.text("\(code)"))
            let name = stack.removeLast()
            program.imports.append(PickleImport(module: module, name: name, offset: place, opcode: "EXT"))
            try push(.imported(program.imports.count - 1))
        }
    }

    /// Two lines that name a module and something in it.
    private mutating func pushImport(_ opcode: String, _ place: Int) throws {
        let module = try reader.bytes(upTo: 0x0a, atMost: 1 << 16)
        try push(text(module))
        let moduleReference = stack.removeLast()
        let name = try reader.bytes(upTo: 0x0a, atMost: 1 << 16)
        try push(text(name))
        let nameReference = stack.removeLast()
        program.imports.append(PickleImport(module: moduleReference, name: nameReference, offset: place, opcode: opcode))
        try push(.imported(program.imports.count - 1))
    }
}
