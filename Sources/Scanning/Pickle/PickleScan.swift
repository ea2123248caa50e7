import ModelFormats

/// Pickles, one behind the other, as a loader that is asked again and again would read them.
extension FileScanner {
    mutating func scanPickles(_ part: Part) throws {
        if TorchLegacy.isBegin(try part.source.prefix(64)) { try checkLegacyTorch(part) }
        let nested = PickleReader.Nested()
        let attach: PickleMachine.Attach = { [limits] program, call, reader in
            try PickleReader.attachedArray(program, call, &reader, limits.reading, nested)
        }
        var reader = ByteReader(part.source)
        var number = 0
        var understood = 0
        while !reader.isAtEnd {
            guard number < limits.streams else {
                fail("has more than \(limits.streams) pickles one behind the other", in: part)
                break
            }
            try budget.checkTime()
            let start = reader.position
            let program = try PickleMachine.run(&reader, limits: limits.reading, attach: attach)
            if let problem = program.problem, number > 0, program.imports.isEmpty, program.calls.isEmpty {
                try judgeTail(part, start, afterPickles: number, problem)
                break
            }
            try judge(program, part)
            let attached = program.calls.reduce(0) { $0 + ($1.attachedBytes?.count ?? 0) }
            understood += reader.position - start - attached
            cover(.skipped, attached, "numbers of arrays", in: part)
            if let problem = program.problem {
                fail("the pickle breaks off: \(problem)", in: part)
                cover(.notUnderstood, part.source.size - reader.position, "behind a broken pickle", in: part)
                break
            }
            if let dropped = program.droppedByFrame { try scanFramed(part, dropped) }
            number += 1
        }
        for program in nested.programs { try judge(program, part) }
        cover(.parsed, understood, "pickle", in: part)
    }

    mutating func judge(_ program: PickleProgram, _ part: Part) throws {
        let (findings, payloads) = try PickleJudge.judge(
            program, source: part.source, checkTime: { [budget] in try budget.checkTime() })
        for finding in findings { add(finding, in: part) }
        applyUserRules(program, part)
        if wantsListings, !program.imports.isEmpty || !program.calls.isEmpty {
            report.listings.append(FileReport.Listing(member: part.member, lines: PickleListing(program).lines()))
        }
        for payload in payloads { try scan(payload, part) }
    }

    /// What a call hands to another loader is a file of its own.
    private mutating func scan(_ payload: PickleJudge.Payload, _ part: Part) throws {
        let name = "\(payload.function)@\(payload.offset)"
        try budget.unpack(payload.bytes.count)
        let inner = part.inner(GuardedSource(MemorySource(payload.bytes), budget), name)
        switch payload.kind {
        case .python:
            note(CodeSource(path: "\(name).py", member: inner.member, bytes: payload.bytes, runsAtLoad: true))
        case .marshalled: try scanMarshalled(inner, payload.bytes)
        case .file: try scan(inner)
        case .pickle:
            try scan(Part(source: inner.source, name: name, member: inner.member, depth: inner.depth, expected: .pickle))
        case .torch:
            guard inner.depth <= limits.depth else {
                fail("pickles are in each other more than \(limits.depth) deep", in: inner)
                return
            }
            // torch.load takes a zip archive, else a tar, else pickles.
            let kinds = try ContentDetection.kinds(inner.source, name: "payload.pt")
            if kinds.contains(where: { [.pickle, .zip, .tar].contains($0) }) {
                try scan(Part(source: inner.source, name: "\(name).pt", member: inner.member, depth: inner.depth, expected: nil))
            } else {
                add(
                    .pickleDangerousArguments, .high, "hands to \(payload.function) bytes that are no file of PyTorch's",
                    at: payload.offset, in: part)
            }
        }
    }

    /// The reading of an unpickler that drops what an argument leaves of its frame.
    private mutating func scanFramed(_ part: Part, _ dropped: Range<Int>) throws {
        guard part.source.size <= limits.memberBytes, part.depth < limits.depth else {
            fail("the pickle has a frame that lies, and is too large to be read in both ways", in: part)
            return
        }
        try budget.unpack(part.source.size)
        var bytes = Array(try part.source.bytes(0..<dropped.lowerBound))
        bytes += try part.source.bytes(dropped.upperBound..<part.source.size)
        try scanPickles(
            Part(
                source: GuardedSource(MemorySource(bytes), budget), name: part.name,
                member: part.member.map { "\($0)!read by frames" } ?? "read by frames",
                depth: part.depth + 1, expected: .pickle))
    }

    /// Bytes behind the last pickle: storages of PyTorch, arrays, or what nobody reads.
    private mutating func judgeTail(_ part: Part, _ start: Int, afterPickles number: Int, _ problem: FormatError) throws {
        let tail = part.source.size - start
        if TorchLegacy.isBegin(try part.source.prefix(64)), number >= 5 {
            cover(.skipped, tail, "storages of PyTorch, numbers only", in: part)
            return
        }
        if part.name.hasSuffix("storages") || part.name.hasSuffix("tensors"), part.depth > 0 {
            cover(.skipped, tail, "storages of PyTorch, numbers only", in: part)
            return
        }
        let bytes = try part.source.bytes(start..<min(part.source.size, start + 4096))
        if bytes.allSatisfy({ $0 == 0 || $0 == 0x0a || $0 == 0x0d || $0 == 0x20 }), tail <= 4096 {
            cover(.skipped, tail, "padding", in: part)
            return
        }
        add(.pickleTrailingData, nil, "\(tail) bytes follow the last pickle and are none", at: start, in: part)
        cover(.notUnderstood, tail, "behind the last pickle", in: part)
        // A reader that looks for a file of its own in them finds it.
        guard tail >= 16, part.depth < limits.depth, tail <= limits.memberBytes || !part.source.isDistant else { return }
        let inner = part.inner(PartSource(part.source, start..<part.source.size), "tail")
        let kinds = try ContentDetection.kinds(inner.source, name: "tail")
        if kinds.contains(where: { $0 != .unknown && $0 != .text && $0 != .pickle && $0 != .zip }) { try scan(inner) }
    }

    private mutating func checkLegacyTorch(_ part: Part) throws {
        guard let contents = try ModelFile.read(part.source, name: "legacy.pt", limits: limits.reading) else { return }
        for problem in contents.problems where !problem.problem.contains("frame") { fail("PyTorch file: \(problem)", in: part) }
    }
}
