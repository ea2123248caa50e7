/// Reads `.npy` files, versions 1.0 to 3.0 (numpy.lib.format).
package enum NPYReader {
    /// What a header says.
    package struct Header {
        var major: UInt8
        var minor: UInt8
        package var description: PythonLiteral
        var isFortranOrder: Bool
        var shape: [Int]
        package var type: NumPyType
        package var dataStart: Int
    }

    package static func header(_ source: any ByteSource, limits: ReadLimits) throws -> Header {
        var reader = ByteReader(source)
        guard try reader.bytes(6).elementsEqual([0x93] + "NUMPY".utf8) else {
            throw FormatError(0, "the file does not begin as an .npy file does")
        }
        let major = try reader.byte()
        let minor = try reader.byte()
        guard (1...3).contains(major) else { throw FormatError(6, "version \(major).\(minor) of .npy is not known") }
        let length = major == 1 ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
        guard length <= min(limits.header, 1 << 20) else { throw FormatError(8, "the header is said to be \(length) bytes long") }
        let place = reader.position
        let literal = try PythonLiteral.parse(try reader.bytes(length), at: place)
        guard let description = literal["descr"], case .name(let order)? = literal["fortran_order"],
            case .sequence(let lengths)? = literal["shape"].map({
                if case .integer = $0 { PythonLiteral.sequence([$0]) } else { $0 }
            })
        else { throw FormatError(place, "the header has not descr, fortran_order and shape") }
        let shape = try lengths.map { length in
            guard case .integer(let number) = length, number >= 0 else {
                throw FormatError(place, "the shape has something else than lengths")
            }
            return number
        }
        guard elementCount(shape) != nil else { throw FormatError(place, "the array has more elements than can be counted") }
        return Header(
            major: major, minor: minor, description: description, isFortranOrder: order == "True", shape: shape,
            type: try type(description, at: place), dataStart: reader.position)
    }

    /// The type of a `descr`: a text, or a list of fields with names, types and perhaps shapes.
    static func type(_ description: PythonLiteral, at place: Int, depth: Int = 0) throws -> NumPyType {
        switch description {
        case .text(let text):
            guard let type = NumPyType(text) else { throw FormatError(place, "the type \(quoted(text)) is not known") }
            return type
        case .sequence(let fields) where depth < 16:
            var size = 0
            var holdsObjects = false
            for field in fields {
                guard case .sequence(let parts) = field, parts.count >= 2 else {
                    throw FormatError(place, "a field of the type is not a name and a type")
                }
                let fieldType = try type(parts[1], at: place, depth: depth + 1)
                if fieldType.element == .object { holdsObjects = true }
                var counts: [Int] = []
                if parts.count > 2, case .sequence(let lengths) = parts[2] {
                    counts = lengths.map { if case .integer(let count) = $0 { count } else { -1 } }
                } else if parts.count > 2, case .integer(let count) = parts[2] {
                    counts = [count]
                }
                guard let count = elementCount(counts),
                    case let (fieldSize, tooLarge) = count.multipliedReportingOverflow(by: fieldType.itemSize),
                    !tooLarge, fieldSize < 1 << 40
                else { throw FormatError(place, "a field has an impossible shape") }
                size += fieldSize
                guard size < 1 << 40 else { throw FormatError(place, "an element is past all measure") }
            }
            return NumPyType(element: holdsObjects ? .object : .structure, itemSize: size)
        default: throw FormatError(place, "the type is not understood")
        }
    }

    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.npy)
        let header = try header(source, limits: limits)
        contents.metadata = [
            MetadataMember("descr", metadata(header.description)), MetadataMember("fortran_order", header.isFortranOrder),
        ]
        contents.header = [MetadataMember("version", .list([.integer(Int64(header.major)), .integer(Int64(header.minor))]))]
        var entry = TensorEntry(name: "", dtype: header.type.element, shape: header.shape)
        if header.type.element == .object {
            var reader = ByteReader(source, header.dataStart..<source.size)
            let program = try PickleMachine.run(&reader, limits: limits)
            contents.problems += program.problems
            contents.pickles.append(EmbeddedPickle(member: "", program: program))
        } else if let size = byteCount(header) {
            if size <= source.size - header.dataStart {
                entry.range = header.dataStart..<header.dataStart + size
                if header.dataStart + size < source.size {
                    contents.problems.append(
                        FormatError(
                            header.dataStart + size,
                            "\(source.size - header.dataStart - size) bytes after the array belong to nothing"))
                }
            } else {
                contents.problems.append(
                    FormatError(header.dataStart, "the array has \(size) bytes, and the file ends at \(source.size)"))
            }
        }
        contents.tensors = [entry]
        return contents
    }

    package static func byteCount(_ header: Header) -> Int? {
        guard let count = elementCount(header.shape) else { return nil }
        let (size, tooLarge) = count.multipliedReportingOverflow(by: header.type.itemSize)
        return tooLarge ? Int.max : size
    }

    static func metadata(_ literal: PythonLiteral) -> MetadataValue {
        switch literal {
        case .text(let text), .name(let text): .text(text)
        case .integer(let value): .integer(Int64(value))
        case .sequence(let items): .list(items.map { metadata($0) })
        case .dictionary(let entries):
            .map(
                entries.map { entry in
                    if case .text(let key) = entry.key {
                        MetadataMember(key, metadata(entry.value))
                    } else {
                        MetadataMember("", metadata(entry.value))
                    }
                })
        }
    }
}
