import Documents
import Foundation
import ModelFormats

/// Keras configurations, which name classes and functions that loading imports, and bring byte code in `Lambda` layers.
extension FileScanner {
    mutating func judgeKerasText(_ text: String, _ place: String, _ part: Part) {
        do {
            judgeKeras(try JSONDocument(Array(text.utf8)).root, place, part)
        } catch {
            fail("the Keras configuration \(quoted(place)) is no JSON: \(error)", in: part)
        }
    }

    /// `SavedMetadata` of Keras 2's SavedModels: nodes whose fifth field is JSON (keras/protobuf/saved_metadata.proto).
    mutating func scanKerasMetadata(_ part: Part) throws {
        for node in try ProtobufWalk.fields(part.source, 0..<part.source.size) where node.number == 1 {
            guard let range = node.bytes else { continue }
            for field in try ProtobufWalk.fields(part.source, range) {
                guard let text = field.bytes, text.count > 1, text.count <= 64 << 20,
                    try part.source.bytes(text.lowerBound..<text.lowerBound + 1).first == UInt8(ascii: "{")
                else { continue }
                judgeKerasText(String(decoding: try part.source.bytes(text), as: UTF8.self), "layer", part)
            }
        }
        cover(.parsed, part.source.size, "Keras metadata", in: part)
    }

    /// Every object in a configuration that names a class, however deep.
    mutating func judgeKeras(_ root: JSONValue, _ place: String, _ part: Part) {
        var waiting = [root]
        while let value = waiting.popLast() {
            switch value.kind {
            case .array: for element in value.elements { waiting.append(element) }
            case .object:
                if let name = value["class_name"]?.string { judgeKerasObject(name, value, part) }
                for member in value.members {
                    waiting.append(member.value)
                    judgeKerasMember(member.key, member.value, in: value, part)
                }
            case .string:
                // Configurations are JSON texts in JSON texts at times.
                if let text = value.string, text.utf8.count > 20, text.hasPrefix("{"), text.contains("class_name"),
                    text.utf8.count < value.source.count
                {
                    do { waiting.append(try JSONDocument(Array(text.utf8)).root) } catch {}
                }
            default: break
            }
        }
    }

    private mutating func judgeKerasObject(_ name: String, _ object: JSONValue, _ part: Part) {
        let module = object["module"]?.string ?? ""
        let registered = object["registered_name"]?.string ?? ""
        let config = object["config"]
        if name == "__lambda__" || name == "Lambda" {
            judgeLambda(name, object, part)
        } else if name == "function" || name == "__numpy__function" {
            let function = config?.string ?? config?["name"]?.string ?? ""
            judgeKerasFunction(module, function.isEmpty ? registered : function, part)
        } else if name == "TorchModuleWrapper" || name.hasSuffix(">TorchModuleWrapper") {
            judgeTorchWrapper(object, part)
        } else if ["TFSMLayer", "JaxLayer", "FlaxLayer"].contains(name) {
            add(
                .kerasLoadsFile, name == "TFSMLayer" ? .high : .medium,
                "has the layer \(name), which loads and runs another model\(config?["filepath"]?.string.map { ": \(quoted($0))" } ?? "")",
                in: part)
        } else if module == "builtins", !KerasNames.isBuiltin(name) {
            add(.kerasUnknownObject, .medium, "needs the class \(quoted(name)), which is not Keras's own", in: part)
        } else if !module.isEmpty, let effect = DangerousCallables.effect(of: "\(module).\(name)"), !KerasNames.isOwn(module) {
            add(
                .kerasUnknownObject, .critical, "makes an object of \(quoted("\(module).\(name)")), which \(effect.phrase)",
                in: part)
        } else if !module.isEmpty, !KerasNames.isOwn(module) {
            let isStandard = StandardLibrary.modules.contains(module.prefix { $0 != "." }.description)
            add(
                .kerasUnknownObject, isStandard ? .high : .medium,
                "needs the class \(quoted("\(module).\(name)")), which is not Keras's own", in: part)
        } else if module.isEmpty, registered.contains(">"), !registered.hasPrefix("keras") {
            add(.kerasUnknownObject, .medium, "needs the custom object \(quoted(registered))", in: part)
        } else if !module.isEmpty, KerasNames.isUnsafe(module, name) {
            add(
                .kerasUnknownObject, .critical,
                "makes an object of \(quoted("\(module).\(name)")), which reaches files or the network", in: part)
        }
    }

    private mutating func judgeKerasFunction(_ module: String, _ function: String, _ part: Part) {
        let full = module.isEmpty ? function : "\(module).\(function)"
        // Keras writes `builtins` for functions of the program that made the model.
        if module == "builtins", !KerasNames.isBuiltin(function) {
            add(.kerasUnknownObject, .medium, "needs the function \(quoted(function)), which is not Keras's own", in: part)
        } else if KerasNames.isUnsafe(module, function) || !KerasNames.isOwn(module) && DangerousCallables.effect(of: full) != nil
        {
            add(
                .kerasUnknownObject, .critical, "names the function \(quoted(full)), which reaches files, code or the network",
                in: part)
        } else if !module.isEmpty, !KerasNames.isOwn(module) {
            let isStandard = StandardLibrary.modules.contains(module.prefix { $0 != "." }.description)
            add(
                .kerasUnknownObject, isStandard ? .high : .medium, "names the function \(quoted(full)), which is not Keras's own",
                in: part)
        }
    }

    /// A Lambda layer: marshalled code, or the name of a function.
    private mutating func judgeLambda(_ name: String, _ object: JSONValue, _ part: Part) {
        guard let config = object["config"] else { return }
        // Every version of Keras keeps the code elsewhere: a list, a tuple in JSON, an object. Whatever text in it is marshalled code is code.
        var waiting =
            name == "__lambda__"
            ? [config] : [config["function"], config["output_shape"], config["mask"], config["arguments"]].compactMap { $0 }
        var isLambda = name == "__lambda__" || config["function_type"]?.string == "lambda"
        var hasCode = false
        while let value = waiting.popLast() {
            for element in value.elements { waiting.append(element) }
            for member in value.members { waiting.append(member.value) }
            guard let text = value.string, text.utf8.count >= 16 else { continue }
            let bytes =
                PureFunctions.base64(Array(text.utf8)) ?? Array(text.unicodeScalars.compactMap { UInt8(exactly: $0.value) })
            guard let first = bytes.first, first & 0x7f == UInt8(ascii: "c") || value["code"] != nil else { continue }
            hasCode = true
            isLambda = true
            judgeMarshalled(bytes, rule: .kerasLambda, "a Lambda layer", part)
        }
        if isLambda, !hasCode { add(.kerasLambda, .high, "has a Lambda layer whose code cannot be read", in: part) }
    }

    /// Keras keeps a PyTorch module as the bytes of `torch.save`, in base64.
    private mutating func judgeTorchWrapper(_ object: JSONValue, _ part: Part) {
        add(.kerasLoadsFile, .medium, "wraps a PyTorch module, which is a pickle", in: part)
        var waiting = [object]
        while let value = waiting.popLast() {
            for element in value.elements { waiting.append(element) }
            for member in value.members { waiting.append(member.value) }
            guard let text = value.string, text.utf8.count > 10, let bytes = PureFunctions.base64(Array(text.utf8)) else {
                continue
            }
            do {
                let inner = part.inner(GuardedSource(MemorySource(bytes), budget), "module.pt")
                let kinds = try ContentDetection.kinds(inner.source, name: "module.pt")
                if kinds.contains(where: { [.pickle, .zip, .tar].contains($0) }) { try scan(inner) }
            } catch {
                fail("the wrapped module cannot be scanned: \(error)", in: part)
            }
        }
    }

    /// Paths and addresses where values belong: a vocabulary that is read from the loader's disk.
    private mutating func judgeKerasMember(_ key: String, _ value: JSONValue, in object: JSONValue, _ part: Part) {
        if key == "handle", let text = value.string, Self.leadsOut(text) {
            add(.kerasLoadsFile, .high, "loads the model \(quoted(text)) when it is loaded (\(key))", in: part)
        }
        guard
            [
                "vocabulary", "filepath", "file_path", "filename", "path", "fname", "origin", "url", "vocabulary_path",
                "model_path", "idf_weights",
            ].contains(key),
            let text = value.string, !text.isEmpty
        else { return }
        if key == "vocabulary" || Self.leadsOut(text) {
            let isAway = Self.leadsOut(text) || text.contains("..")
            add(.kerasLoadsFile, isAway ? .high : .medium, "reads the file \(quoted(text)) when it is loaded (\(key))", in: part)
        }
    }
}

/// What belongs to Keras.
enum KerasNames {
    private static let modules = NameTable(
        """
        keras tf_keras keras_nlp keras_hub keras_cv keras_core builtins.dict tensorflow.keras tensorflow.python.keras tensorflow_addons tensorflow_hub
        """)

    /// Modules of Keras whose functions read files, open connections or load objects; CVE-2025-1550 and its heirs went through them.
    private static let unsafeModules = NameTable(
        """
        keras.{utils,saving,backend,config,datasets,models,callbacks,distribution,export} keras.src.{utils,saving,backend,callbacks,datasets,export,distribution,testing,tree}
        tensorflow.keras.{utils,saving,models,datasets,callbacks} tf_keras.{utils,saving,models} keras.preprocessing tf_keras.src.{utils,saving} keras.api keras.src.api_export
        """)

    private static let harmless = NameTable(
        """
        keras.models.{Model,Sequential,Functional} keras.src.models.{Model,Sequential,Functional} keras.src.models.functional.Functional keras.src.models.sequential.Sequential
        tensorflow.keras.models.{Model,Sequential,Functional} tf_keras.models.{Model,Sequential,Functional} keras.saving.{serialize_keras_object}
        keras.models.model.Model keras.src.models.model.Model keras.utils.{OrderedEnqueuer} keras.src.utils.tracking.{TrackedList,TrackedDict,TrackedSet}
        keras.distribution.{DataParallel,LayoutMap}
        """)

    static func isOwn(_ module: String) -> Bool { modules.covers(module) || module == "builtins" || module.isEmpty }

    /// Functions that every Python program has and that reach code, files or objects.
    static func isBuiltin(_ name: String) -> Bool {
        [
            "eval", "exec", "compile", "open", "getattr", "setattr", "delattr", "globals", "locals", "vars", "input",
            "breakpoint", "map", "filter", "print", "type", "dict", "list",
            "tuple", "set", "str", "int", "float", "bool", "slice", "bytes", "complex", "object", "iter", "next", "callable",
            "help", "exit", "quit", "dir", "hasattr", "super",
        ].contains(name) || QualifiedName.isDunder(name[...])
    }

    static func isUnsafe(_ module: String, _ name: String) -> Bool {
        let full = "\(module).\(name)"
        if harmless.contains(full) { return false }
        if module == "builtins" {
            return !["dict", "list", "tuple", "set", "str", "int", "float", "bool", "slice", "bytes", "complex", "type"].contains(
                name)
        }
        if unsafeModules.covers(full) { return true }
        return name.split(separator: ".").contains {
            QualifiedName.isDunder($0) || DangerousCallables.escapingParts.contains(String($0))
        }
    }
}
