/// The fields of one protobuf message, for readers that know which of them they want.
package enum ProtobufWalk {
    package struct Field: Sendable {
        package let number: Int
        /// Where its bytes are, if it is a text, bytes or a message.
        package let bytes: Range<Int>?
    }

    /// - Throws: ``FormatError`` where the range is no message.
    package static func fields(_ source: any ByteSource, _ range: Range<Int>) throws -> [Field] {
        var found: [Field] = []
        var fields = ProtobufFields(source, range)
        while let field = try fields.next() {
            guard found.count < 4_000_000 else { throw FormatError(range.lowerBound, "a message has more than 4,000,000 fields") }
            found.append(Field(number: field.number, bytes: field.value.range))
        }
        return found
    }
}
