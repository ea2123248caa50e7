/// A dataspace message (section IV.A.2.b).
struct HDF5Dataspace {
    /// Empty for a scalar; nil for a space without any element.
    let shape: [Int]?

    init(_ reader: inout ByteReader, _ file: HDF5File) throws {
        let place = reader.position
        let version = try reader.byte()
        guard 1...2 ~= version else { throw FormatError(place, "a dataspace is of the unknown version \(version)") }
        let rank = Int(try reader.byte())
        let flags = try reader.byte()
        guard rank <= 32 else { throw FormatError(place, "a dataspace has \(rank) dimensions") }
        let kind = version == 2 ? try reader.byte() : (rank == 0 ? 0 : 1)
        if version == 1 { try reader.skip(5) }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try file.length(&reader)) }
        if flags & 1 != 0 { try reader.skip(rank * file.lengthSize) }
        guard elementCount(shape) != nil else { throw FormatError(place, "a dataspace has more elements than can be counted") }
        self.shape = kind == 2 ? nil : shape
    }
}
