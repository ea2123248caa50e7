public import Documents
import ModelFormats

extension Inspection {
    /// Writes the inspection as the object that docs/cli.md describes.
    public func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("target", target)
            object.key("files")
            object.array { list in for file in files { file.write(to: &list) } }
            object.key("totals")
            object.object { part in
                part.member("parameters", Int64(totals.parameters))
                part.member("tensors", Int64(totals.tensors))
                part.key("by_dtype")
                part.object { types in
                    for (name, count) in totals.byType.sorted(by: { $0.key < $1.key }) { types.member(name, Int64(count)) }
                }
                part.member("buffers", Int64(totals.buffers))
                part.member("tied_tensors", Int64(totals.tied))
            }
            object.key("architecture")
            architecture.write(to: &object)
            object.key("contradictions")
            object.array { list in
                for contradiction in contradictions { list.object { contradiction.writeMembers(to: &$0) } }
            }
            object.key("errors")
            object.array { list in
                for problem in problems {
                    list.object { error in
                        error.member("path", problem.path)
                        error.member("message", problem.message)
                        error.key("offset")
                        if let offset = problem.offset { error.integer(Int64(offset)) } else { error.null() }
                    }
                }
            }
            object.key("transfer")
            object.object { part in
                part.member("bytes_read", Int64(transfer.bytesRead))
                part.member("bytes_total", Int64(transfer.bytesTotal))
                part.member("requests", Int64(transfer.requests))
            }
        }
    }
}

extension Contradiction {
    public func writeMembers(to object: inout JSONWriter) {
        object.member("about", about)
        object.key("claims")
        object.array { list in
            for claim in claims {
                list.object { part in
                    part.member("value", claim.value)
                    part.member("source", claim.source)
                }
            }
        }
    }
}

extension Architecture {
    /// The measures by the names that the JSON form and the catalog have for them.
    public var measures: [(name: String, value: Int?)] {
        [
            ("layers", layers), ("decoder_layers", decoderLayers), ("hidden_size", hiddenSize), ("heads", heads),
            ("kv_heads", keyValueHeads),
            ("head_size", headSize), ("intermediate_size", intermediateSize), ("experts", experts),
            ("vocab_size", vocabularySize),
            ("context_length", contextLength), ("rank", rank), ("input_channels", inputChannels), ("labels", labels),
        ]
    }

    /// The measures that every network of language has are always there, null where they are not known; the others where they are known.
    func write(to writer: inout JSONWriter) {
        let always: Set<String> = [
            "layers", "hidden_size", "heads", "kv_heads", "intermediate_size", "vocab_size", "context_length",
        ]
        writer.object { object in
            object.member("family", family)
            for (name, value) in measures {
                if let value {
                    object.member(name, Int64(value))
                } else if always.contains(name) {
                    object.key(name)
                    object.null()
                }
            }
            if !adaptedModules.isEmpty { object.member("adapted_modules", adaptedModules) }
            object.key("evidence")
            object.object { part in for (name, source) in evidence.sorted(by: { $0.key < $1.key }) { part.member(name, source) } }
        }
    }
}

extension InspectedFile {
    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("path", path)
            object.key("format")
            if let contents { object.string(contents.format.rawValue) } else { object.null() }
            object.member("size", Int64(size))
            object.member("bytes_read", Int64(bytesRead))
            object.key("metadata")
            object.object { $0.write(contents?.metadata ?? []) }
            object.key("header")
            object.object { $0.write(contents?.header ?? []) }
            if let pickles = contents?.pickles, !pickles.isEmpty { write(pickles, to: &object) }
            object.key("tensors")
            object.array { list in
                for (index, tensor) in (contents?.tensors ?? []).enumerated() {
                    list.object { tensor.writeMembers(to: &$0, hash: hashes?[index], wantsHash: hashes != nil) }
                }
            }
        }
    }

    /// Every import and every call of each pickle, in order.
    private func write(_ pickles: [EmbeddedPickle], to object: inout JSONWriter) {
        object.key("pickles")
        object.array { list in
            for pickle in pickles {
                list.object { part in
                    part.member("member", pickle.member)
                    part.member("protocol", Int64(pickle.program.version))
                    part.member("opcodes", Int64(pickle.program.opcodes))
                    part.key("imports")
                    part.array { names in
                        var seen = Set<String>()
                        for item in pickle.program.imports {
                            let name = pickle.program.name(of: item)
                            guard seen.insert(name ?? "").inserted else { continue }
                            if let name { names.string(name) } else { names.null() }
                        }
                    }
                    part.key("calls")
                    part.object { calls in
                        var counts: [String: Int] = [:]
                        for call in pickle.program.calls {
                            counts[pickle.program.importedName(call.callable) ?? "?", default: 0] += 1
                        }
                        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { calls.member(name, Int64(count)) }
                    }
                }
            }
        }
    }
}

extension TensorEntry {
    fileprivate func writeMembers(to object: inout JSONWriter, hash: String?, wantsHash: Bool) {
        object.member("name", name)
        object.member("dtype", dtype.rawValue)
        object.key("shape")
        object.array { list in for length in shape { list.integer(Int64(length)) } }
        object.key("offset")
        if let range { object.integer(Int64(range.lowerBound)) } else { object.null() }
        object.key("length")
        if let range { object.integer(Int64(range.count)) } else { object.null() }
        if let external {
            object.key("external")
            object.object { part in
                part.member("file", external.file)
                part.member("offset", Int64(external.offset))
                part.key("length")
                if let length = external.length { part.integer(Int64(length)) } else { part.null() }
            }
        }
        if let strides {
            object.key("strides")
            object.array { list in for step in strides { list.integer(Int64(step)) } }
        }
        if let storage { object.member("storage", storage) }
        if let storedElements { object.member("stored_elements", Int64(storedElements)) }
        if wantsHash {
            object.key("sha256")
            if let hash { object.string(hash) } else { object.null() }
        }
    }
}

extension JSONWriter {
    /// Members of an object. A name that a file gives twice is told with its number, for most readers of JSON lose one of two.
    fileprivate mutating func write(_ members: [MetadataMember]) {
        var times: [String: Int] = [:]
        for member in members {
            let number = times[member.key, default: 0] + 1
            times[member.key] = number
            key(number == 1 ? member.key : "\(member.key) #\(number)")
            write(member.value)
        }
    }

    mutating func write(_ value: MetadataValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .unsigned(let value): raw("\(value)".utf8)
        case .real(let value):
            // JSON has no infinity and no NaN: these are told as Python names them, in quotes.
            if value.isFinite { raw("\(value)".utf8) } else { string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity") }
        case .text(let text): string(text)
        case .list(let values): array { list in for value in values { list.write(value) } }
        case .map(let members): object { $0.write(members) }
        }
    }
}
