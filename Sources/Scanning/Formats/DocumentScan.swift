import Documents
import Foundation
import ModelFormats

/// Texts that configure a loader: JSON, YAML, templates.
extension FileScanner {
    mutating func scanJSON(_ part: Part) throws {
        guard part.source.size <= 64 << 20 else {
            cover(.skipped, part.source.size, "JSON of more than 64 MiB, a table of values", in: part)
            return
        }
        let bytes = Array(TextContent.text(try part.source.bytes(0..<part.source.size)).utf8)
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes)
        } catch {
            let last = Names.last(of: part.name).lowercased()
            let isBeyondLimits = ["deep", "more than", "limit"].contains { error.problem.contains($0) }
            if last.hasSuffix("config.json") || last.hasSuffix(".index.json") || isBeyondLimits {
                fail("is no JSON: \(error)", in: part)
                cover(.notUnderstood, part.source.size, "broken JSON", in: part)
            } else {
                cover(.skipped, part.source.size, "text", in: part)
            }
            return
        }
        cover(.parsed, part.source.size, "JSON", in: part)
        judgeConfiguration(document.root, part)
    }

    /// What a configuration makes its loader do.
    private mutating func judgeConfiguration(_ root: JSONValue, _ part: Part) {
        if root["class_name"] != nil || root["config"]?["layers"] != nil || root["model_config"] != nil
            || root["modelTopology"] != nil
        {
            judgeKeras(root, "config", part)
        }
        var waiting: [(value: JSONValue, key: String, depth: Int)] = [(root, "", 0)]
        var seen = 0
        while let (value, key, depth) = waiting.popLast() {
            seen += 1
            // Vocabularies have a hundred thousand members, and none of them is read by a loader's other rules.
            guard seen < 500_000 else { break }
            switch value.kind {
            case .object:
                for member in value.members {
                    judgeMember(member.key, member.value, value, part)
                    if depth < 64 { waiting.append((member.value, member.key, depth + 1)) }
                }
            case .array: if depth < 64 { for element in value.elements { waiting.append((element, key, depth + 1)) } }
            case .string where key.hasPrefix("chat_template") || key == "template" && value.source.count > 40:
                if let text = value.string { judgeTemplate(text, key, part) }
            default: break
            }
        }
    }

    private mutating func judgeMember(_ key: String, _ value: JSONValue, _ object: JSONValue, _ part: Part) {
        switch key {
        case "auto_map":
            for member in value.members {
                for target in [member.value.string].compactMap({ $0 }) + member.value.elements.compactMap(\.string) {
                    noteEntryPoint(target, part)
                    if target.contains("--") {
                        add(
                            .configRemoteCode, .medium,
                            "has its code taken from another repository, \(quoted(target)), which may change at any time",
                            in: part)
                    }
                }
            }
            add(
                .configCustomCode, nil,
                "has code of its own that runs where remote code is trusted: \(value.members.map(\.key).sorted().joined(separator: ", "))",
                in: part)
        case "trust_remote_code" where value.bool == true:
            add(.configCustomCode, .low, "asks for remote code to be trusted", in: part)
        case "weight_map":
            for member in value.members {
                if let file = member.value.string, Self.leadsOut(file) {
                    add(.configTarget, .high, "has weights read from \(quoted(file)), outside of its folder", in: part)
                    break
                }
            }
        case "class_path" where object["init_args"] != nil: if let target = value.string { judgeTarget(target, part) }
        case "_target_": if let target = value.string { judgeTarget(target, part) }
        case "py/reduce", "py/repr", "py/function":
            add(
                .jsonObject, .critical, "is decoded by jsonpickle, and calls what it names (\(key))",
                snippet: Printing.plain(value.text), in: part)
        case "py/object", "py/type":
            if let name = value.string { judgeNamed(name, "is decoded by jsonpickle to an object of", part) }
        case ":serialized:":
            // Stable-Baselines3 keeps what is no JSON as cloudpickle in base64.
            if let text = value.string { scanSerialized(text, part) }
        case "__module__":
            // skops: every node names the class that it is made of.
            if let module = value.string, let name = object["__class__"]?.string, object["__loader__"] != nil {
                judgeSkops(module, name, object, part)
            }
        default: break
        }
    }

    /// `auto_map` names `MODULE.CLASS`; the module is a file beside the configuration.
    private mutating func noteEntryPoint(_ target: String, _ part: Part) {
        let local = target.range(of: "--").map { String(target[$0.upperBound...]) } ?? target
        guard let dot = local.lastIndex(of: ".") else { return }
        let folder = part.name.lastIndex(of: "/").map { String(part.name[...$0]) } ?? ""
        entryPoints.append(folder + local[..<dot].split(separator: ".").joined(separator: "/") + ".py")
    }

    private mutating func scanSerialized(_ text: String, _ part: Part) {
        guard let bytes = PureFunctions.base64(Array(text.utf8)) else {
            fail("has a serialised value that is no base64", in: part)
            return
        }
        do {
            try budget.unpack(bytes.count)
            var inner = part.inner(GuardedSource(MemorySource(bytes), budget), "serialized")
            inner.expected = .pickle
            try scan(inner)
        } catch {
            fail("has a serialised value that cannot be scanned: \(error)", in: part)
        }
    }

    /// Hydra and its like call whatever `_target_` names.
    mutating func judgeTarget(_ target: String, _ part: Part) {
        let libraries: Set<String> = [
            "torch", "torchvision", "torchaudio", "transformers", "diffusers", "pytorch_lightning", "lightning", "torchmetrics",
            "timm", "nemo", "hydra_plugins", "monai", "datasets",
            "sklearn", "numpy", "omegaconf", "mmdet", "mmcv", "peft", "accelerate", "tokenizers", "fairseq", "audiocraft", "sam2",
            "training", "src", "models", "data", "ldm", "sgm",
        ]
        let top = target.prefix { $0 != "." && $0 != ":" }.description
        guard let dot = target.lastIndex(where: { $0 == "." || $0 == ":" }) else { return }
        let name = QualifiedName(module: String(target[..<dot]), name: String(target[target.index(after: dot)...]))
        if let effect = DangerousCallables.effect(of: name.full) {
            add(.configTarget, .critical, "has \(quoted(target)) called, which \(effect.phrase)", in: part)
        } else if StandardLibrary.modules.contains(top), HarmlessCallables.names.contains(name.full) == false,
            !["functools", "pathlib", "datetime", "collections"].contains(top)
        {
            add(.configTarget, .high, "has \(quoted(target)) called, which is of the standard library", in: part)
        } else if name.parts.dropFirst().contains(where: {
            DangerousCallables.escapingParts.contains(String($0)) || QualifiedName.isDunder($0)
        }) {
            add(.configTarget, .high, "has \(quoted(target)) called, which leads elsewhere than it seems to", in: part)
        } else if !libraries.contains(top) {
            add(.configTarget, .low, "has \(quoted(target)) called, which is code of the project", in: part)
        }
    }

    private mutating func judgeNamed(_ full: String, _ what: String, _ part: Part) {
        guard let dot = full.lastIndex(of: ".") else { return }
        let name = QualifiedName(module: String(full[..<dot]), name: String(full[full.index(after: dot)...]))
        guard let verdict = CallableVerdict.of(name, use: .instantiated) else { return }
        add(.jsonObject, verdict.severity, "\(what) \(quoted(full)), which \(verdict.reason)", in: part)
    }

    private mutating func judgeSkops(_ module: String, _ name: String, _ node: JSONValue, _ part: Part) {
        let loader = node["__loader__"]?.string ?? ""
        let qualified = QualifiedName(module: module, name: name)
        if loader == "OperatorFuncNode" || loader == "MethodNode" {
            add(
                .skopsObject, .high, "is loaded by \(loader), which reaches methods and operators: \(quoted(qualified.full))",
                in: part)
            return
        }
        let use: CallableVerdict.Use = ["FunctionNode", "TypeNode", "PartialNode"].contains(loader) ? .value : .instantiated
        guard let verdict = CallableVerdict.of(qualified, use: use) else { return }
        add(.skopsObject, verdict.severity, "names \(quoted(qualified.full)), which \(verdict.reason)", in: part)
    }

    mutating func scanYAML(_ part: Part) throws {
        guard part.source.size <= 256 << 10 else {
            cover(.skipped, part.source.size, "YAML of more than 256 KiB, a table of values", in: part)
            try scanLargeYAML(part)
            return
        }
        let text = TextContent.text(try part.source.bytes(0..<part.source.size))
        do {
            for tag in try YAMLTag.all(in: text) { judgeTag(tag, part) }
        } catch {
            // Templates of Helm and Jinja have the ending too: only what makes objects matters in them.
            try scanLargeYAML(part)
            if error.reason.contains("deep") || error.reason.contains("unfolds") { fail("the YAML \(error.reason)", in: part) }
            cover(.skipped, part.source.size, "text that is no YAML", in: part)
            return
        }
        for document in YAMLDocuments.split(text) {
            do {
                if let root = try YAMLValue.parse(document) { judgeYAML(root, part) }
            } catch {
                // Keys that are no texts are no loader's targets.
                continue
            }
        }
        cover(.parsed, part.source.size, "YAML", in: part)
    }

    /// Tags by their text, where the whole is not parsed.
    private mutating func scanLargeYAML(_ part: Part) throws {
        var line = 0
        let text = TextContent.text(try part.source.bytes(0..<min(part.source.size, 64 << 20)))
        for row in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            let content = row.prefix { $0 != "#" }
            if content.contains("!!python/") || content.contains("tag:yaml.org,2002:python") {
                add(.yamlObject, nil, "makes Python objects", snippet: Printing.plain(String(row)), in: part)
                return
            }
        }
    }

    private mutating func judgeTag(_ tag: YAMLTag, _ part: Part) {
        let own = "tag:yaml.org,2002:python/"
        let marker =
            tag.name.hasPrefix(own)
            ? String(tag.name.dropFirst(own.count)) : tag.name.hasPrefix("!python/") ? String(tag.name.dropFirst(8)) : nil
        guard let marker else { return }
        let parts = marker.split(separator: ":", maxSplits: 1)
        let kind = parts.first.map(String.init) ?? marker
        var target = parts.count > 1 ? String(parts[1]) : ""
        if !target.contains("."), kind != "module", !target.isEmpty { target = "builtins.\(target)" }
        if ["tuple", "str", "unicode", "int", "long", "float", "complex", "bool", "none", "list", "dict", "bytes"].contains(kind)
        {
            return
        }
        let isCall = kind.hasPrefix("object/apply") || kind.hasPrefix("object/new")
        guard let dot = target.lastIndex(of: ".") else {
            add(.yamlObject, kind == "module" ? .high : .medium, "makes a Python object (\(kind)) of \(quoted(target))", in: part)
            return
        }
        let name = QualifiedName(module: String(target[..<dot]), name: String(target[target.index(after: dot)...]))
        guard let verdict = CallableVerdict.of(name, use: isCall ? .called : .instantiated) else { return }
        var finding = Finding(
            .yamlObject, verdict.severity,
            "\(isCall ? "calls" : "makes a Python object of") \(quoted(target)), which \(verdict.reason)")
        finding.evidence.line = tag.line
        add(finding, in: part)
    }

    private mutating func judgeYAML(_ root: YAMLValue, _ part: Part) {
        var waiting = [root]
        while let value = waiting.popLast() {
            switch value {
            case .mapping(let members, _):
                for member in members {
                    if member.key == "_target_" || member.key == "class_path", let target = member.value.text {
                        judgeTarget(target, part)
                    }
                    if member.key.hasPrefix("chat_template"), let text = member.value.text {
                        judgeTemplate(text, member.key, part)
                    }
                    waiting.append(member.value)
                }
            case .sequence(let items, _): waiting += items
            case .scalar: break
            }
        }
    }

    mutating func scanTemplate(_ part: Part) throws {
        let text = TextContent.text(try part.source.bytes(0..<min(part.source.size, 16 << 20)))
        judgeTemplate(text, Names.last(of: part.name), part)
        cover(.parsed, part.source.size, "Jinja template", in: part)
    }

    mutating func scanText(_ part: Part) throws {
        let last = Names.last(of: part.name).lowercased()
        if last.hasSuffix(".pth"), !last.hasSuffix("model.pth") {
            // Python's site module runs lines of such files that begin with `import`.
            let text = TextContent.text(try part.source.bytes(0..<min(part.source.size, 1 << 20)))
            let lines = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("import ") || $0.hasPrefix("import\t") }
            if !lines.isEmpty {
                note(
                    CodeSource(
                        path: part.name, member: part.member, bytes: Array(lines.joined(separator: "\n").utf8),
                        runsAtLoad: true))
            }
        }
        cover(.skipped, part.source.size, "text", in: part)
    }
}
