import Documents

/// Reads Keras 3's `.keras` archive: `metadata.json`, `config.json`, and the weights in an HDF5 file (keras.src.saving.saving_lib).
enum KerasReader {
    static func read(_ archive: ZipArchive, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.keras)
        contents.problems = archive.problems
        for name in ["metadata.json", "config.json"] {
            do {
                guard let entry = archive[name] else { throw FormatError(0, "the archive has no \(name)") }
                let member = try archive.contents(of: entry, limit: limits.unpacked)
                let document = try JSONReader.document(member, limits: limits)
                let value = MetadataValue(document.root)
                if name == "metadata.json", let members = value.members {
                    contents.metadata += members
                } else {
                    contents.metadata.append(MetadataMember("config", value))
                }
            } catch let error as FormatError {
                contents.problems.append(FormatError(error.offset, "\(name): \(error.problem)"))
            }
        }
        for entry in archive.entries where entry.name.hasSuffix(".weights.h5") {
            do {
                let member = try archive.contents(of: entry, limit: limits.unpacked)
                let weights = try HDF5Reader.read(member, limits: limits)
                contents.tensors += weights.tensors.map { $0.placed(in: member) }
                contents.problems += weights.problems.map { $0.placed(in: member, named: entry.name) }
            } catch let error as FormatError {
                contents.problems.append(FormatError(error.offset, "\(entry.name): \(error.problem)"))
            }
        }
        if !archive.entries.contains(where: { $0.name.hasSuffix(".weights.h5") }) {
            contents.problems.append(FormatError(0, "the archive has no weights"))
        }
        return contents
    }
}
