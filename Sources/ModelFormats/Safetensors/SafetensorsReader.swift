import Documents

/// Reads the header of a safetensors file (https://huggingface.co/docs/safetensors, "Format"): eight bytes of length, a JSON object, the tensors.
///
/// The rules are those of the reference implementation's `SafeTensors::read_metadata`: offsets in order, without holes and overlaps, as long as shape
/// and type make them, and the last one ends with the file. What breaks a rule is still listed, beside the problem.
enum SafetensorsReader {
    static func read(_ source: any ByteSource, limits: ReadLimits) throws -> ModelContents {
        var contents = ModelContents(.safetensors)
        var reader = ByteReader(source)
        let length = try reader.length(UInt64.self, of: "the header's length")
        guard length <= limits.header else {
            throw FormatError(0, "the header is said to be \(length) bytes long; the format allows \(limits.header)")
        }
        guard length <= reader.remaining else {
            throw FormatError(0, "the header is said to be \(length) bytes long, and the file ends at \(source.size)")
        }
        let text = try reader.bytes(length)
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(text, limits: JSONLimits(size: limits.header, depth: 8, values: limits.tensors * 10))
        } catch {
            throw FormatError(8 + error.offset, "the header is not JSON: \(error.problem)")
        }
        contents.header = [MetadataMember("header_length", length), MetadataMember("data_start", 8 + length)]
        guard document.root.kind == .object else { throw FormatError(8, "the header is no object") }
        let dataStart = 8 + length
        var names = Set<ExactText>()
        for (key, value) in document.root.members {
            let place = 8 + value.offset
            guard names.insert(ExactText(key)).inserted else {
                contents.problems.append(FormatError(place, "the name \(quoted(key)) is there twice"))
                continue
            }
            if key == "__metadata__" {
                readMetadata(value, place, into: &contents)
            } else {
                do {
                    contents.tensors.append(try tensor(key, value, place, dataStart))
                } catch let error as FormatError {
                    contents.problems.append(error)
                }
            }
        }
        checkLayout(&contents, dataStart: dataStart, fileSize: source.size)
        return contents
    }

    private static func readMetadata(_ value: JSONValue, _ place: Int, into contents: inout ModelContents) {
        if value.isNull { return }
        guard value.kind == .object else {
            contents.problems.append(FormatError(place, "__metadata__ is not an object"))
            return
        }
        for (key, value) in value.members {
            if let text = value.string {
                contents.metadata.append(MetadataMember(key, .text(text)))
            } else {
                contents.problems.append(FormatError(8 + value.offset, "the metadata \(quoted(key)) is not a text"))
                contents.metadata.append(MetadataMember(key, MetadataValue(value)))
            }
        }
    }

    /// The types of the reference implementation (`Dtype` of safetensors 0.7), and C128, which was proposed for it.
    private static let types: Set<String> = [
        "BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16",
        "U16", "F16", "BF16",
        "I32", "U32", "F32", "C64", "F64", "I64", "U64", "C128",
    ]

    private static func tensor(_ name: String, _ value: JSONValue, _ place: Int, _ dataStart: Int) throws -> TensorEntry {
        guard let dtype = value["dtype"]?.string else { throw FormatError(place, "the tensor \(quoted(name)) has no dtype") }
        guard let shapeValue = value["shape"], shapeValue.kind == .array else {
            throw FormatError(place, "the tensor \(quoted(name)) has no shape")
        }
        let shape = try shapeValue.elements.map { length in
            guard let number = length.int64, number >= 0 else {
                throw FormatError(8 + length.offset, "a shape has \(length.text) in it")
            }
            return Int(number)
        }
        let offsets = value["data_offsets"]?.elements.map { $0.int64 } ?? []
        guard offsets.count == 2, let start = offsets[0], let end = offsets[1], 0 <= start, start <= end,
            end < Int64.max - Int64(dataStart)
        else {
            throw FormatError(place, "the tensor \(quoted(name)) has no data_offsets that make a range")
        }
        guard let elements = elementCount(shape) else {
            throw FormatError(place, "the tensor \(quoted(name)) has more elements than can be counted")
        }
        let type = ElementType(rawValue: dtype)
        guard types.contains(dtype), type.bits != nil else {
            throw FormatError(place, "the tensor \(quoted(name)) has the unknown type \(quoted(dtype))")
        }
        let range = dataStart + Int(start)..<dataStart + Int(end)
        guard type.byteCount(elements: elements) == range.count else {
            throw FormatError(
                place,
                "the tensor \(quoted(name)) has \(range.count) bytes, and \(dtype) of shape \(shape) has "
                    + "\(type.byteCount(elements: elements).map(String.init) ?? "more than can be counted")")
        }
        return TensorEntry(name: name, dtype: type, shape: shape, range: range)
    }

    private static func checkLayout(_ contents: inout ModelContents, dataStart: Int, fileSize: Int) {
        var reached = dataStart
        let inOrder = contents.tensors.enumerated().compactMap { at in at.element.range.map { (at.offset, $0) } }
            .sorted { ($0.1.lowerBound, $0.1.upperBound) < ($1.1.lowerBound, $1.1.upperBound) }
        for (index, range) in inOrder {
            let name = contents.tensors[index].name
            if range.upperBound > fileSize {
                contents.problems.append(
                    FormatError(
                        range.lowerBound,
                        "the tensor \(quoted(name)) reaches byte \(range.upperBound), and the file ends at \(fileSize)"))
                contents.tensors[index].range = nil
            }
            if range.lowerBound < reached {
                contents.problems.append(
                    FormatError(
                        range.lowerBound,
                        "the tensor \(quoted(name)) overlaps the one before it by \(reached - range.lowerBound) bytes"))
            } else if range.lowerBound > reached {
                contents.problems.append(
                    FormatError(reached, "\(range.lowerBound - reached) bytes before the tensor \(quoted(name)) belong to none"))
            }
            reached = max(reached, range.upperBound)
        }
        if reached < fileSize {
            contents.problems.append(FormatError(reached, "\(fileSize - reached) bytes after the last tensor belong to none"))
        }
    }
}
