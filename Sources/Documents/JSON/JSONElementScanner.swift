/// Finds the elements of a JSON array in a stream, without reading into them: only brackets, quotes and commas count.
///
/// So one element that is not JSON is lost alone, and an array of any length is read in bounded memory. The caller owns the
/// buffer: it appends bytes, asks for the next element, and may drop what lies before ``consumed``.
public struct JSONElementScanner: Sendable {
    /// What a call to ``next(in:isComplete:)`` found.
    public enum Event: Equatable, Sendable {
        /// The bytes of one element, white space around it left out; none where a comma has no element beside it.
        case element(Range<Int>)
        /// The buffer ends inside an element or between two.
        case needsMore
        /// The array has ended, and nothing comes after it.
        case end
    }

    private enum Place: Sendable {
        /// `beforeElement` follows the bracket or a comma, `afterElement` an element.
        case beforeArray, beforeFirst, beforeElement, inElement, afterElement, afterArray
    }

    private var place = Place.beforeArray
    private var position = 0
    private var elementStart = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private let maximumElementSize: Int

    public init(maximumElementSize: Int = 64 << 20) {
        self.maximumElementSize = maximumElementSize
    }

    /// Bytes at the start of the buffer that are not needed any more.
    public var consumed: Int { place == .inElement ? elementStart : position }

    /// Says that the caller dropped `count` bytes from the start of the buffer.
    public mutating func dropped(_ count: Int) {
        position -= count
        elementStart -= count
    }

    /// Goes on from where the last call stopped.
    ///
    /// - Throws: ``JSONError`` where the text is not an array, an element is too long, something follows the array, or (with
    ///   `isComplete`) the text ends before the array does. The offset counts from the start of the buffer.
    public mutating func next(in buffer: [UInt8], isComplete: Bool) throws(JSONError) -> Event {
        while position < buffer.count {
            let byte = buffer[position]
            switch place {
            case .beforeArray:
                guard isJSONSpace(byte) || byte == UInt8(ascii: "[") else {
                    throw JSONError(offset: position, problem: "expected a JSON array")
                }
                if byte == UInt8(ascii: "[") { place = .beforeFirst }
                position += 1
            case .beforeFirst, .beforeElement, .afterElement:
                if isJSONSpace(byte) {
                    position += 1
                } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
                    let isMissing = place == .beforeElement || (place == .beforeFirst && byte == UInt8(ascii: ","))
                    place = byte == UInt8(ascii: ",") ? .beforeElement : .afterArray
                    position += 1
                    if isMissing { return .element((position - 1)..<(position - 1)) }
                } else {
                    place = .inElement
                    elementStart = position
                }
            case .inElement:
                if let element = try scanElement(buffer) { return .element(element) }
            case .afterArray:
                guard isJSONSpace(byte) else { throw JSONError(offset: position, problem: "something follows the array") }
                position += 1
            }
        }
        guard isComplete else { return .needsMore }
        if place == .afterArray { return .end }
        throw JSONError(offset: position, problem: "the text ends before the array does")
    }

    private mutating func scanElement(_ buffer: [UInt8]) throws(JSONError) -> Range<Int>? {
        let end = buffer.withUnsafeBufferPointer { text -> Int? in
            while position < text.count {
                let byte = text[position]
                if isInString {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        isInString = false
                    }
                } else {
                    switch byte {
                    case UInt8(ascii: "\""): isInString = true
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "]") where depth == 0: return position
                    // A brace that closes nothing is part of an element that is not JSON.
                    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = max(0, depth - 1)
                    case UInt8(ascii: ","): if depth == 0 { return position }
                    default: break
                    }
                }
                position += 1
            }
            return nil
        }
        guard let end else {
            if position - elementStart > maximumElementSize {
                throw JSONError(offset: elementStart, problem: "an element is longer than \(maximumElementSize) bytes")
            }
            return nil
        }
        place = .afterElement
        depth = 0
        var last = end
        while last > elementStart, isJSONSpace(buffer[last - 1]) { last -= 1 }
        return elementStart..<last
    }
}

/// A JSON text on one line: white space outside strings is dropped, everything else is kept byte for byte.
public func singleLineJSON(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard bytes.contains(where: { $0 == 0x0a || $0 == 0x0d }) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isInString = false
    var isEscaped = false
    for byte in bytes {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            // A raw line break cannot stand in a JSON string; in a text that is not JSON it would break the line.
            if byte == 0x0a || byte == 0x0d { continue }
        } else {
            if isJSONSpace(byte) { continue }
            if byte == UInt8(ascii: "\"") { isInString = true }
        }
        result.append(byte)
    }
    return result[...]
}
