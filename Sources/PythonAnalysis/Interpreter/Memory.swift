/// All variables, attributes and containers of the program as the interpreter has run it so far, and what to undo to run another branch.
///
/// Cells are numbered and never given back. Every change since the last mark is in a journal, so that trying a branch costs as much as the
/// branch changes, not as much as there is.
struct Memory {
    /// What cells hold after a branch that differs from what they held before it.
    typealias Changes = [CellID: Content]

    /// A moment to go back to.
    struct Mark {
        fileprivate let position: Int
        fileprivate let depth: Int
    }

    private struct Cell {
        var content: Content
        /// Where in the journal the cell was noted last.
        var noted: Int
    }

    private struct Undo {
        let cell: CellID
        let content: Content
        let noted: Int
    }

    private var cells: ContiguousArray<Cell> = []
    private var journal: ContiguousArray<Undo> = []
    /// The journal's first entry is the one of this number.
    private var journalStart = 0
    private var marks: [Int] = []

    var cellCount: Int { cells.count }

    mutating func newCell(_ content: Content = .value(.nothing)) -> CellID {
        cells.append(Cell(content: content, noted: -1))
        return CellID(cells.count - 1)
    }

    /// Cells side by side. Returns the first.
    mutating func newCells(_ count: Int) -> CellID {
        let first = CellID(cells.count)
        for _ in 0..<count { cells.append(Cell(content: .value(.nothing), noted: -1)) }
        return first
    }

    subscript(_ cell: CellID) -> Content {
        get { cells[Int(cell)].content }
        set {
            note(cell)
            cells[Int(cell)].content = newValue
        }
    }

    /// Whether nothing was ever put into a cell.
    func isEmpty(_ cell: CellID) -> Bool {
        if case .value(let value) = cells[Int(cell)].content { return value.isNothing }
        return false
    }

    func value(_ cell: CellID) -> Value {
        if case .value(let value) = cells[Int(cell)].content { return value }
        return .unknown
    }

    func sequence(_ cell: CellID) -> SequenceContent? {
        if case .sequence(let sequence) = cells[Int(cell)].content { return sequence }
        return nil
    }

    func dictionary(_ cell: CellID) -> DictionaryContent? {
        if case .dictionary(let dictionary) = cells[Int(cell)].content { return dictionary }
        return nil
    }

    /// Changes a sequence in its place.
    mutating func editSequence(_ cell: CellID, _ change: (inout SequenceContent) -> Void) {
        guard case .sequence(var sequence) = cells[Int(cell)].content else { return }
        note(cell)
        // Nobody else holds it now, so the change copies nothing.
        cells[Int(cell)].content = .value(.nothing)
        change(&sequence)
        cells[Int(cell)].content = .sequence(sequence)
    }

    mutating func editDictionary(_ cell: CellID, _ change: (inout DictionaryContent) -> Void) {
        guard case .dictionary(var dictionary) = cells[Int(cell)].content else { return }
        note(cell)
        cells[Int(cell)].content = .value(.nothing)
        change(&dictionary)
        cells[Int(cell)].content = .dictionary(dictionary)
    }

    private mutating func note(_ cell: CellID) {
        guard let mark = marks.last, cells[Int(cell)].noted < mark else { return }
        journal.append(Undo(cell: cell, content: cells[Int(cell)].content, noted: cells[Int(cell)].noted))
        cells[Int(cell)].noted = journalStart + journal.count - 1
    }

    // MARK: Branches

    mutating func mark() -> Mark {
        let position = journalStart + journal.count
        marks.append(position)
        return Mark(position: position, depth: marks.count)
    }

    /// Keeps what was changed since a mark.
    mutating func keep(_ mark: Mark) {
        marks.removeLast(marks.count - mark.depth + 1)
        if marks.isEmpty {
            journalStart += journal.count
            journal.removeAll(keepingCapacity: true)
        }
    }

    /// What has changed since a mark, but for cells that nobody asks for any more.
    func changes(since mark: Mark, without dead: Range<CellID>? = nil) -> Changes {
        var changes: Changes = [:]
        for entry in journal[(mark.position - journalStart)...] {
            if let dead, dead.contains(entry.cell) { continue }
            if changes[entry.cell] == nil { changes[entry.cell] = cells[Int(entry.cell)].content }
        }
        return changes
    }

    /// Takes cells that nobody asks for any more, such as the variables of a function that has returned, out of what is noted since a mark,
    /// so that the branches around it do not carry them along.
    mutating func forget(_ dead: Range<CellID>, since mark: Mark) {
        let first = mark.position - journalStart
        guard !dead.isEmpty, first < journal.count else { return }
        var kept = first
        for index in first..<journal.count where !dead.contains(journal[index].cell) {
            if kept != index {
                journal[kept] = journal[index]
                cells[Int(journal[kept].cell)].noted = journalStart + kept
            }
            kept += 1
        }
        journal.removeLast(journal.count - kept)
        for cell in dead { cells[Int(cell)].noted = -1 }
    }

    /// Undoes what was changed since a mark, and returns it.
    mutating func takeBack(_ mark: Mark) -> Changes {
        let changes = changes(since: mark)
        while journalStart + journal.count > mark.position, let entry = journal.popLast() {
            cells[Int(entry.cell)].content = entry.content
            cells[Int(entry.cell)].noted = entry.noted
        }
        marks.removeLast(marks.count - mark.depth + 1)
        return changes
    }

    /// Goes on from where several branches, each begun at this moment, may have come out.
    mutating func join(_ branches: [Changes]) {
        guard branches.count != 1 else {
            for (cell, content) in branches[0] { self[cell] = content }
            return
        }
        var done: Set<CellID> = []
        for branch in branches {
            for cell in branch.keys where done.insert(cell).inserted {
                let before = cells[Int(cell)].content
                var joined: Content?
                for other in branches {
                    let content = other[cell] ?? before
                    joined = joined.map { $0.joined(with: content) } ?? content
                }
                if let joined { self[cell] = joined }
            }
        }
    }

    /// Lets changes be possible beside what is. Returns the cells in which that made a difference.
    mutating func allow(_ changes: Changes) -> [CellID] {
        var changed: [CellID] = []
        for (cell, content) in changes {
            let before = cells[Int(cell)].content
            let joined = before.joined(with: content)
            if joined != before {
                self[cell] = joined
                changed.append(cell)
            }
        }
        return changed
    }

    mutating func widen(_ changed: [CellID]) {
        for cell in changed { self[cell] = cells[Int(cell)].content.widened }
    }
}
