/// Reads `.npz` files: zip archives of `.npy` files.
enum NPZReader {
    static func read(_ archive: ZipArchive, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.npz)
        contents.problems = archive.problems
        var others: [MetadataValue] = []
        for entry in archive.entries where !entry.isFolder {
            let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
            do {
                let member = try archive.contents(of: entry, limit: limits.unpacked)
                // As in numpy.load, the content tells what is an array, and the rest is given as bytes.
                guard try entry.name.hasSuffix(".npy") || member.prefix(6).elementsEqual([0x93] + "NUMPY".utf8) else {
                    others.append(.text(entry.name))
                    continue
                }
                var inner = try NPYReader.read(member, limits: limits)
                let base = (member as? PartSource)?.range.lowerBound
                if var tensor = inner.tensors.first {
                    tensor.name = name
                    tensor.range = base.flatMap { base in tensor.range.map { base + $0.lowerBound..<base + $0.upperBound } }
                    contents.tensors.append(tensor)
                }
                contents.metadata.append(MetadataMember(name, .map(inner.metadata)))
                for index in inner.pickles.indices { inner.pickles[index].member = entry.name }
                contents.pickles += inner.pickles
                contents.problems += inner.problems.map { FormatError((base ?? 0) + $0.offset, "\(entry.name): \($0.problem)") }
            } catch let error as FormatError {
                contents.problems.append(FormatError(error.offset, "\(entry.name): \(error.problem)"))
            }
        }
        if !others.isEmpty { contents.header.append(MetadataMember("other_members", .list(others))) }
        return contents
    }
}
