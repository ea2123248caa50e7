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
                if var tensor = inner.tensors.first?.placed(in: member) {
                    tensor.name = name
                    contents.tensors.append(tensor)
                }
                contents.metadata.append(MetadataMember(name, .map(inner.metadata)))
                for index in inner.pickles.indices { inner.pickles[index].member = entry.name }
                contents.pickles += inner.pickles
                contents.problems += inner.problems.map { $0.placed(in: member, named: entry.name) }
            } catch let error as FormatError {
                contents.problems.append(FormatError(error.offset, "\(entry.name): \(error.problem)"))
            }
        }
        if !others.isEmpty { contents.header.append(MetadataMember("other_members", .list(others))) }
        return contents
    }
}
