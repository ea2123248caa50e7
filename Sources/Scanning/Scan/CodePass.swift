import ModelFormats

/// Judges the code that the files of a scan hold: that of a folder as one package, that of an archive as another.
struct CodePass {
    let inputs: [LocalScan.Input]
    let rules: UserRules

    private struct Source {
        var number: Int
        var member: String?
        var path: String
        var bytes: [UInt8]
        var runsAtLoad: Bool
    }

    private static let usualEntryPoints: Set<String> = [
        "hubconf.py", "setup.py", "__init__.py", "handler.py", "sitecustomize.py", "usercustomize.py", "conftest.py",
        "pipeline.py",
    ]

    func judge(
        _ code: [[FileScanner.CodeSource]], _ entryPoints: [[String]], add: (Int, String?, Finding) -> Void,
        fail: (Int, String?, String) -> Void
    ) async {
        var groups: [String: [Source]] = [:]
        for (number, sources) in code.enumerated() {
            for source in sources {
                let isMember = source.member != nil
                let group = isMember ? "\(inputs[number].place)\0" : inputs[number].group
                groups[group, default: []].append(
                    Source(
                        number: number, member: source.member, path: isMember ? source.path : inputs[number].name,
                        bytes: source.bytes, runsAtLoad: source.runsAtLoad))
            }
        }
        let named = Dictionary(grouping: inputs.indices, by: { inputs[$0].group })
        for (group, sources) in groups.sorted(by: { $0.key < $1.key }) {
            let members = named[group] ?? []
            var entries = Set(members.flatMap { entryPoints[$0] })
            entries.formUnion(sources.filter(\.runsAtLoad).map(\.path))
            entries.formUnion(sources.map(\.path).filter { Self.usualEntryPoints.contains(Names.last(of: $0)) })
            // A dataset's loading script is called like the dataset.
            let folder = Names.last(of: group.hasSuffix("/") ? String(group.dropLast()) : group)
            entries.insert("\(folder).py")
            let scanner = CodeScanner(entryPoints: entries, fileNames: Set(members.map { Names.last(of: inputs[$0].name) }))
            await judge(sources, scanner, add: add, fail: fail)
        }
    }

    private func judge(
        _ sources: [Source], _ scanner: CodeScanner, add: (Int, String?, Finding) -> Void, fail: (Int, String?, String) -> Void
    ) async {
        // Two members may have one name; each is told by where it is.
        var byPath: [String: [Source]] = [:]
        var files: [CodeScanner.File] = []
        for source in sources {
            let isFirst = byPath[source.path] == nil
            byPath[source.path, default: []].append(source)
            if [".py", ".ipynb", ".pth"].allSatisfy({ !source.path.hasSuffix($0) }), source.bytes.count > 1 << 20 {
                fail(source.number, source.member, "is a script of \(source.bytes.count) bytes, more than is analysed")
                continue
            }
            if isFirst { files.append(CodeScanner.File(path: source.path, bytes: source.bytes)) }
        }
        let result = await scanner.scan(files)
        for (path, finding) in await rules.calls(in: files) {
            if let source = byPath[path]?.first { add(source.number, source.member, finding) }
        }
        for (path, finding) in result.findings {
            if let source = byPath[path]?.first { add(source.number, source.member, finding) }
        }
        for (path, message) in result.errors {
            if let source = byPath[path]?.first { fail(source.number, source.member, message) }
        }
        for twins in byPath.values where twins.count > 1 {
            for twin in twins.dropFirst() where twin.bytes != twins[0].bytes {
                let alone = await scanner.scan([CodeScanner.File(path: twin.path, bytes: twin.bytes)])
                for (_, finding) in alone.findings { add(twin.number, twin.member, finding) }
                for (_, message) in alone.errors { fail(twin.number, twin.member, message) }
            }
        }
    }
}
