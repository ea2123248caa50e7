/// A node's number in its tree; 0 is no node.
public typealias NodeID = UInt32

/// The tree of one file: nodes in one array, sixteen bytes each, and what they hold in another.
///
/// `data` of a node is a place in `extra`, where its fields stand in the order of CPython's grammar: a node's number, a token's number plus
/// one (for names), the place of a list, or a small number. A list is its length, then its members.
public final class SyntaxTree: Sendable {
    struct Node {
        var kind: NodeKind
        /// Context, operator, constant kind or another small fact of the kind.
        var flag: UInt8
        var start: UInt32
        var end: UInt32
        var data: UInt32
    }

    let nodes: ContiguousArray<Node>
    let extra: ContiguousArray<UInt32>
    public let source: SourceText
    let tokens: TokenBuffer
    public let root: NodeID

    init(_ builder: TreeBuilder, root: NodeID, source: SourceText, tokens: TokenBuffer) {
        nodes = builder.nodes
        extra = builder.extra
        self.root = root
        self.source = source
        self.tokens = tokens
    }

    /// Nodes of the tree, and the one that stands for none.
    public var nodeCount: Int { nodes.count }

    public func kind(_ id: NodeID) -> NodeKind { nodes[Int(id)].kind }

    /// Bytes of the text that the node covers.
    public func range(_ id: NodeID) -> Range<Int> { Int(nodes[Int(id)].start)..<Int(nodes[Int(id)].end) }

    /// Comments in order, each from its `#` to the end of its line.
    public var comments: [Range<Int>] { tokens.comments.map { Int($0.lowerBound)..<Int($0.upperBound) } }

    /// IPython's magics and shell lines in order. A whole line of this kind is a `Pass` in the tree.
    public var magics: [Range<Int>] { tokens.magics.map { Int($0.lowerBound)..<Int($0.upperBound) } }
}

/// A tree that is being made.
struct TreeBuilder {
    var nodes: ContiguousArray<SyntaxTree.Node> = [SyntaxTree.Node(kind: .none, flag: 0, start: 0, end: 0, data: 0)]
    var extra: ContiguousArray<UInt32> = [0]

    func kind(_ id: NodeID) -> NodeKind { nodes[Int(id)].kind }

    func slot(_ id: NodeID, _ number: Int) -> UInt32 { extra[Int(nodes[Int(id)].data) + number] }
}
