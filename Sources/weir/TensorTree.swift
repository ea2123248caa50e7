import Inspection
import ModelFormats
import ModelPackage

/// Tensors by the parts of their names, equal branches told once.
struct TensorTree {
    private final class Node {
        var children: [(name: String, node: Node)] = []
        var places: [String: Int] = [:]
        var elements = 0
        var label = ""

        func child(_ name: String) -> Node {
            if let place = places[name] { return children[place].node }
            let node = Node()
            places[name] = children.count
            children.append((name, node))
            return node
        }
    }

    private let root = Node()

    init(_ inspection: Inspection) {
        for file in inspection.files {
            for tensor in file.contents?.tensors ?? [] {
                var node = root
                let elements = tensor.elements ?? 0
                node.elements = node.elements.addingSaturated(elements)
                // A hostile name may have a million parts.
                for part in tensor.name.split(separator: tensor.name.contains("/") ? "/" : ".", maxSplits: 30) {
                    node = node.child(String(part))
                    node.elements = node.elements.addingSaturated(elements)
                }
                node.label = "\(tensor.dtype) [\(tensor.shape.map(String.init).joined(separator: ", "))]"
            }
        }
    }

    var text: String {
        var lines: [String] = []
        write(root, indent: "", into: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private func write(_ node: Node, indent: String, into lines: inout [String]) {
        var index = 0
        while index < node.children.count {
            let (name, child) = node.children[index]
            // Layers that are numbered and alike stand as one line: `0 … 11`.
            var last = index
            if Int(name) != nil {
                let shape = Self.outline(child)
                while last + 1 < node.children.count, Int(node.children[last + 1].name) != nil,
                    Self.outline(node.children[last + 1].node) == shape
                { last += 1 }
            }
            let title = last > index ? "\(name) … \(node.children[last].name)" : name
            let size =
                child.label.isEmpty ? InspectionPage.parameters(child.elements) + (last > index ? " each" : "") : child.label
            lines.append(TextTable.oneLine("\(indent)\(title)  \(size)"))
            write(child, indent: indent + "  ", into: &lines)
            index = last + 1
        }
    }

    private static func outline(_ node: Node) -> String {
        node.children.isEmpty ? node.label : "(" + node.children.map { $0.name + outline($0.node) }.joined(separator: ",") + ")"
    }
}
