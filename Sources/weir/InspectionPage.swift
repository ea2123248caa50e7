import Foundation
import Inspection
import ModelFormats

/// An inspection as a page for people.
struct InspectionPage {
    private let inspection: Inspection
    private let showsTensors: Bool
    private let showsTree: Bool

    init(_ inspection: Inspection, showsTensors: Bool, showsTree: Bool) {
        self.inspection = inspection
        self.showsTensors = showsTensors
        self.showsTree = showsTree
    }

    func text(width: Int) -> String {
        var parts = [title, files(width), architecture(width), contradictions(width), problems(width), metadata(width)]
        if showsTensors { parts.append(tensors(width)) }
        if showsTree { parts.append(TensorTree(inspection).text) }
        parts += [imports(width), cost]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var title: String {
        let totals = inspection.totals
        guard totals.tensors > 0 else { return TextTable.oneLine(inspection.target) + "\n" }
        var line =
            "\(TextTable.oneLine(inspection.target)): \(Self.parameters(totals.parameters)) parameters in \(Format.count(Int64(totals.tensors), "tensor"))"
        let types = totals.byType.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(6)
        line += " (" + types.map { "\($0.key) \(Self.parameters($0.value))" }.joined(separator: ", ") + ")"
        if totals.tied > 0 { line += ", \(Format.count(Int64(totals.tied))) tied" }
        if totals.buffers > 0 { line += ", \(Self.parameters(totals.buffers)) values in buffers" }
        return line + "\n"
    }

    /// `110.1 M`
    static func parameters(_ count: Int) -> String {
        switch count {
        case ..<1_000_000: Format.count(Int64(count))
        case ..<1_000_000_000: String(format: "%.1f M", Double(count) / 1e6)
        default: String(format: "%.2f B", Double(count) / 1e9)
        }
    }

    private func files(_ width: Int) -> String {
        let models = inspection.files.filter { $0.contents != nil || $0.failure != nil }
        var table = TextTable(["file", "format", "size", "tensors", "read"], rightAligned: [2, 3, 4])
        for file in models.prefix(200) {
            table.add([
                file.path, file.contents?.format.rawValue ?? "?", Format.bytes(Int64(file.size)),
                file.contents.map { $0.tensors.isEmpty ? "" : Format.count(Int64($0.tensors.count)) } ?? "",
                Format.bytes(Int64(file.bytesRead)),
            ])
        }
        var text = models.isEmpty ? "" : table.text(width: width)
        if models.count > 200 { text += "… and \(Format.count(Int64(models.count - 200), "file")) more\n" }
        let others = inspection.files.count - models.count
        if others > 0 { text += "\(Format.count(Int64(others), "other file")), not looked into\n" }
        return text
    }

    private func architecture(_ width: Int) -> String {
        let found = inspection.architecture
        guard found.family != "unknown" || found.layers != nil else { return "" }
        var table = TextTable(["architecture", found.family, "read from"], rightAligned: [1])
        for (name, value) in found.measures {
            guard let value else { continue }
            table.add([name.replacing("_", with: " "), Format.count(Int64(value)), found.evidence[name] ?? ""])
        }
        if !found.adaptedModules.isEmpty {
            table.add(["adapted modules", "\(found.adaptedModules.count)", found.adaptedModules.joined(separator: " ")])
        }
        return table.text(width: width)
    }

    /// What files say of themselves, as far as it fits a line each; configurations are told by their own files.
    private func metadata(_ width: Int) -> String {
        var table = TextTable(["metadata", "value"])
        var count = 0
        // Shards say the same, each.
        var told = Set<String>()
        for file in inspection.files {
            guard let contents = file.contents, contents.format != .json else { continue }
            for member in contents.metadata where told.insert("\(member.key)=\(Self.short(member.value))").inserted {
                guard count < 40 else { return table.text(width: width) + "… and more: see --json\n" }
                table.add([member.key, Self.short(member.value)])
                count += 1
            }
        }
        return count == 0 ? "" : table.text(width: width)
    }

    private static func short(_ value: MetadataValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let text): String(text.prefix(200))
        case .list(let values):
            values.count > 8
                ? "\(Format.count(Int64(values.count))) values" : "[" + values.map { short($0) }.joined(separator: ", ") + "]"
        case .map(let members):
            members.count > 8
                ? "\(Format.count(Int64(members.count))) members"
                : "{" + members.map { "\($0.key): \(short($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private func tensors(_ width: Int) -> String {
        let several = inspection.files.filter { !($0.contents?.tensors.isEmpty ?? true) }.count > 1
        let hashed = inspection.files.contains { $0.hashes != nil }
        var table = TextTable(
            ["tensor", "type", "shape", "bytes"] + (hashed ? ["sha256"] : []) + (several ? ["file"] : []), rightAligned: [3])
        for file in inspection.files {
            for (index, tensor) in (file.contents?.tensors ?? []).enumerated() {
                let bytes = tensor.range.map { Format.bytes(Int64($0.count)) } ?? tensor.external.map { "in \($0.file)" } ?? ""
                table.add(
                    [
                        tensor.name.isEmpty ? "(the array)" : tensor.name, tensor.dtype.rawValue,
                        "[" + tensor.shape.map(String.init).joined(separator: ", ") + "]", bytes,
                    ]
                        + (hashed ? [file.hashes.flatMap { $0[index] } ?? ""] : []) + (several ? [file.path] : []))
            }
        }
        return table.text(width: hashed ? max(width, 200) : width)
    }

    /// What pickles bring in: a loader runs it.
    private func imports(_ width: Int) -> String {
        var counts: [String: Int] = [:]
        for pickle in inspection.files.flatMap({ $0.contents?.pickles ?? [] }) {
            for item in pickle.program.imports { counts[pickle.program.name(of: item) ?? "(a computed name)", default: 0] += 1 }
        }
        guard !counts.isEmpty else { return "" }
        var table = TextTable(["imported by pickles", "times"], rightAligned: [1])
        for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(30) {
            table.add([name, Format.count(Int64(count))])
        }
        return table.text(width: width) + (counts.count > 30 ? "… and \(counts.count - 30) more: see --json\n" : "")
    }

    private func contradictions(_ width: Int) -> String {
        guard !inspection.contradictions.isEmpty else { return "" }
        var table = TextTable(["contradiction", "value", "says"])
        for contradiction in inspection.contradictions {
            for (index, claim) in contradiction.claims.enumerated() {
                table.add([index == 0 ? contradiction.about : "", claim.value, claim.source])
            }
        }
        return table.text(width: width)
    }

    private func problems(_ width: Int) -> String {
        let problems = inspection.problems
        guard !problems.isEmpty else { return "" }
        var lines = problems.prefix(50).map { problem in
            let place = problem.offset.map { " (byte \($0))" } ?? ""
            return "problem: " + TextTable.oneLine("\(problem.path): \(problem.message)\(place)")
        }
        if problems.count > 50 { lines.append("… and \(problems.count - 50) more: see --json") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var cost: String {
        let transfer = inspection.transfer
        let requests = transfer.requests > 0 ? " in \(Format.count(Int64(transfer.requests), "request"))" : ""
        return "read \(Format.bytes(Int64(transfer.bytesRead))) of \(Format.bytes(Int64(transfer.bytesTotal)))\(requests)\n"
    }
}
