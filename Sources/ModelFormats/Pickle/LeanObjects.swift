/// An entry of a pickle's memo: an object by its number, or by the opcode that made it where objects may be let go of.
struct MemoEntry {
    private let value: Int

    static func object(_ number: Int32) -> MemoEntry { MemoEntry(value: Int(number)) }
    static func made(at place: Int) -> MemoEntry { MemoEntry(value: -place - 1) }

    var object: Int32? { value >= 0 ? Int32(truncatingIfNeeded: value) : nil }
    var place: Int { -value - 1 }
}

/// Which objects of a large pickle are kept, when only what it does is wanted and not its data.
///
/// A pickle of 200 MB makes some ten million objects, nearly all of them plain data that goes into a container and is never looked at again. While a container
/// is on top of the stack, all that was made after it and is not in it is garbage; so numbers, texts and containers of such are dropped from the end of the
/// list of objects when they are put into a container that holds enough. What imports, calls and their arguments need is never dropped.
struct LeanObjects {
    private struct Fact {
        /// Where the opcode is that made the object.
        var place: Int
        /// How many contents there were before it.
        var contents: Int32
        /// The end of the objects that its kept items take; 0 if it keeps none.
        var keptUntil: Int32
        var isTelling: Bool
    }

    /// Items of a container that are kept for people to see.
    static let dataKept = 64

    /// The number of the first object that facts are known of.
    private let first: Int
    private var facts: [Fact] = []
    private var pinned: Int

    init(first: Int) {
        self.first = first
        pinned = first
    }

    /// - Parameters:
    ///   - items: what the object is made of.
    ///   - contents: how many contents there are, those of the object among them.
    mutating func note(_ object: PickleObject, holds items: [PickleReference], at place: Int, contents: Int) {
        var (isCode, isContainer) = (false, false)
        switch object {
        case .imported, .call, .persistent, .buffer: isCode = true
        case .tuple, .list, .set, .frozenSet, .dictionary: isContainer = true
        default: break
        }
        let isTelling = isCode || items.contains { self.isTelling($0) }
        facts.append(
            Fact(
                place: place, contents: Int32(truncatingIfNeeded: contents - (isContainer ? 1 : 0)), keptUntil: 0,
                isTelling: isTelling))
        if isCode { pinned = max(pinned, first + facts.count) }
    }

    /// How a memo remembers an object; nil for one of those that are never dropped.
    func entry(for reference: PickleReference) -> MemoEntry? {
        let index = reference.index - first
        return facts.indices ~= index ? .made(at: facts[index].place) : nil
    }

    /// The object that an opcode made last, if it is still there. Places rise with numbers.
    func number(of entry: MemoEntry) -> Int? {
        var low = 0
        var high = facts.count
        while low < high {
            let middle = (low + high) / 2
            if facts[middle].place <= entry.place { low = middle + 1 } else { high = middle }
        }
        return low > 0 && facts[low - 1].place == entry.place ? first + low - 1 : nil
    }

    /// Whether an object imports or calls, or holds what does.
    func isTelling(_ reference: PickleReference) -> Bool {
        let index = reference.index - first
        return facts.indices ~= index ? facts[index].isTelling : true
    }

    /// Nothing before that number is dropped from now on.
    mutating func pin(upTo number: Int) { pinned = max(pinned, number) }

    mutating func keepAll(in container: PickleReference, of items: [PickleReference], upTo end: Int) {
        let tells = items.contains { isTelling($0) && $0.index >= first }
        let index = container.index - first
        guard facts.indices ~= index else {
            // The container is one of the first objects, which stay: so does what it keeps.
            pin(upTo: end)
            return
        }
        facts[index].keptUntil = Int32(truncatingIfNeeded: end)
        if tells { facts[index].isTelling = true }
    }

    /// The number from which objects are garbage while that container is on top of the stack.
    func floor(of container: PickleReference) -> Int {
        let index = container.index - first
        guard facts.indices ~= index else { return pinned }
        return max(pinned, container.index + 1, Int(facts[index].keptUntil))
    }

    mutating func truncate(to floor: Int, objects: inout [PickleObject], contents: inout [[PickleReference]]) {
        let index = floor - first
        guard facts.indices ~= index, floor < objects.count else { return }
        contents.removeSubrange(min(contents.count, Int(facts[index].contents))...)
        facts.removeSubrange(index...)
        objects.removeSubrange(floor...)
    }
}
