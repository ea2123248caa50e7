/// Something that looks at the nodes of a tree, each before and after those below it.
public protocol SyntaxVisitor {
    /// Called for a node before those below it. Returns whether to go on to these.
    mutating func enter(_ id: NodeID, in tree: SyntaxTree) -> Bool
    /// Called for a node after those below it, also where these were left out.
    mutating func leave(_ id: NodeID, in tree: SyntaxTree)
}

extension SyntaxVisitor {
    public mutating func leave(_ id: NodeID, in tree: SyntaxTree) {}
}

extension SyntaxTree {
    /// Takes a visitor through a node and all below it, in the order of the source. Needs no stack, however deep the tree.
    public func walk(_ visitor: inout some SyntaxVisitor, from start: NodeID? = nil) {
        var waiting: [(id: NodeID, isDone: Bool)] = [(start ?? root, false)]
        while let (id, isDone) = waiting.popLast() {
            if isDone {
                visitor.leave(id, in: self)
                continue
            }
            waiting.append((id, true))
            if visitor.enter(id, in: self) {
                for child in children(id).reversed() { waiting.append((child, false)) }
            }
        }
    }
}
