/// Search in arrays of characters or bytes.
enum Searching {
    static func firstIndex<Unit: Equatable>(of part: [Unit], in whole: ArraySlice<Unit>) -> Int? {
        guard let first = part.first else { return whole.startIndex }
        guard whole.count >= part.count else { return nil }
        var index = whole.startIndex
        let last = whole.endIndex - part.count
        while index <= last {
            if whole[index] == first, whole[index..<(index + part.count)].elementsEqual(part) { return index }
            index += 1
        }
        return nil
    }

    static func lastIndex<Unit: Equatable>(of part: [Unit], in whole: [Unit]) -> Int? {
        if part.isEmpty { return whole.count }
        return firstIndex(of: part.reversed(), in: Array(whole.reversed())[...]).map { whole.count - $0 - part.count }
    }

    /// The pieces between separators, at most so many separators from the left (all of them if negative).
    static func pieces<Unit: Equatable>(of whole: [Unit], at separator: [Unit], limit: Int) -> [ArraySlice<Unit>] {
        if separator.isEmpty { return Array(repeating: [], count: whole.count + 2) }
        var pieces: [ArraySlice<Unit>] = []
        var rest = whole[...]
        while limit < 0 || pieces.count < limit, let place = firstIndex(of: separator, in: rest) {
            pieces.append(rest[..<place])
            rest = rest[(place + separator.count)...]
        }
        return pieces + [rest]
    }

    static func replaced<Unit: Equatable>(_ whole: [Unit], _ old: [Unit], with new: [Unit], count: Int?) -> [Unit]? {
        guard let count, whole.count <= Arithmetic.longestText else { return nil }
        guard !old.isEmpty else {
            guard count < 0 else { return nil }
            return Array(whole.map { new + [$0] }.joined()) + new
        }
        let pieces = pieces(of: whole, at: old, limit: count)
        guard pieces.count * new.count + whole.count <= Arithmetic.longestText else { return nil }
        return Array(pieces.joined(separator: new))
    }
}
