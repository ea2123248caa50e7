import Foundation
import ModelFormats
import PythonAnalysis

/// Computes what a few pure functions would give, so that a name or a payload that a pickle puts together is seen. Nothing is run: each function is
/// written here anew, for literal arguments, with bounds.
struct PickleConstants {
    indirect enum Constant: Equatable {
        case text(String)
        case bytes([UInt8])
        case integer(Int)
        case list([Constant])

        var text: String? {
            switch self {
            case .text(let text): text
            case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
            default: nil
            }
        }

        /// Bytes as they are, a text as Latin-1 has it.
        var bytes: [UInt8]? {
            switch self {
            case .bytes(let bytes): bytes
            case .text(let text):
                text.unicodeScalars.allSatisfy { $0.value < 256 } ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8)
            default: nil
            }
        }
    }

    let program: PickleProgram
    let source: any ByteSource
    static let largest = 64 << 20

    /// The value of an object, where it follows from literals.
    /// - Throws: ``BytesMissing`` and the limits of the source; never because a value cannot be known.
    func constant(_ reference: PickleReference, depth: Int = 0) throws -> Constant? {
        guard depth < 32 else { return nil }
        switch program[reference] {
        case .text(let text): return .text(text)
        case .bytes(let range), .byteArray(let range):
            guard range.count <= Self.largest else { return nil }
            return .bytes(Array(try source.bytes(range)))
        case .integer(let value): return .integer(Int(value))
        case .tuple(let index), .list(let index):
            let members = program.contents[index]
            guard members.count <= 100_000 else { return nil }
            var list: [Constant] = []
            for member in members {
                guard let constant = try constant(member, depth: depth + 1) else { return nil }
                list.append(constant)
            }
            return .list(list)
        case .call(let index): return try result(of: program.calls[index], depth: depth)
        default: return nil
        }
    }

    private func result(of call: PickleCall, depth: Int) throws -> Constant? {
        guard let function = try callable(call.callable, depth: depth + 1) else { return nil }
        var arguments: [Constant] = []
        for reference in (program.members(call.arguments) ?? []).prefix(64) {
            guard let argument = try constant(reference, depth: depth + 1) else { return nil }
            arguments.append(argument)
        }
        if let bound = function.receiver { arguments.insert(bound, at: 0) }
        return PureFunctions.result(of: function.name, arguments)
    }

    /// The name of what is called: an import, or a method that `getattr` takes from a literal or a type.
    private func callable(_ reference: PickleReference, depth: Int) throws -> (name: String, receiver: Constant?)? {
        if let name = program.importedName(reference) { return (translated(name), nil) }
        guard depth < 32, let call = program.call(reference), let name = program.importedName(call.callable),
            translated(name) == "builtins.getattr", let members = program.members(call.arguments), members.count >= 2,
            let attribute = try constant(members[1], depth: depth + 1)?.text
        else { return nil }
        if let type = program.importedName(members[0]) { return ("\(translated(type)).\(attribute)", nil) }
        guard let receiver = try constant(members[0], depth: depth + 1) else { return nil }
        switch receiver {
        case .text: return ("builtins.str.\(attribute)", receiver)
        case .bytes: return ("builtins.bytes.\(attribute)", receiver)
        default: return nil
        }
    }

    private func translated(_ name: String) -> String {
        guard let dot = name.firstIndex(of: ".") else { return name }
        let found = Python2Names.translated(module: String(name[..<dot]), name: String(name[name.index(after: dot)...]))
        return found.map { "\($0.module).\($0.name)" } ?? name
    }
}

/// Functions of the standard library on literal values.
enum PureFunctions {
    typealias Constant = PickleConstants.Constant

    static func result(of name: String, _ arguments: [Constant]) -> Constant? {
        switch name {
        case "builtins.str.join", "builtins.bytes.join":
            guard arguments.count == 2, let glue = arguments[0].text, case .list(let parts) = arguments[1] else { return nil }
            let texts = parts.compactMap(\.text)
            return texts.count == parts.count ? .text(texts.joined(separator: glue)) : nil
        case "builtins.str.replace":
            guard arguments.count >= 3, let text = arguments[0].text, let old = arguments[1].text, !old.isEmpty,
                let new = arguments[2].text
            else { return nil }
            guard new.utf8.count < 1000 || text.utf8.count < 100_000 else { return nil }
            return .text(text.replacingOccurrences(of: old, with: new))
        case "builtins.str.lower": return arguments.first?.text.map { .text($0.lowercased()) }
        case "builtins.str.upper": return arguments.first?.text.map { .text($0.uppercased()) }
        case "builtins.str.strip": return arguments.first?.text.map { .text($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        case "builtins.str", "builtins.bytes.decode", "builtins.bytes", "builtins.bytearray", "builtins.str.encode",
            "builtins.str.format" where arguments.count == 1:
            guard let first = arguments.first else { return nil }
            if name == "builtins.bytes" || name == "builtins.bytearray", case .list(let parts) = first {
                return bytes(of: parts)
            }
            return name.hasSuffix("str") || name.hasSuffix("decode")
                ? first.text.map { .text($0) } : first.bytes.map { .bytes($0) }
        case "builtins.bytes.fromhex", "builtins.bytearray.fromhex", "binascii.unhexlify", "binascii.a2b_hex":
            return arguments.last?.text.flatMap { Encodings.hexadecimal($0.utf8, ignoresSpace: true) }.map { .bytes($0) }
        case "builtins.chr":
            guard case .integer(let value)? = arguments.first, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init)
            else { return nil }
            return .text(String(Character(scalar)))
        case "operator.add", "_operator.add", "operator.concat", "_operator.concat", "builtins.str.__add__", "operator.iadd":
            guard arguments.count == 2, let left = arguments[0].text, let right = arguments[1].text else { return nil }
            return .text(left + right)
        case "base64.b64decode", "base64.standard_b64decode", "base64.urlsafe_b64decode", "base64.decodebytes",
            "binascii.a2b_base64":
            return arguments.first?.bytes.flatMap { base64($0) }.map { .bytes($0) }
        case "codecs.decode", "_codecs.decode", "codecs.encode", "_codecs.encode": return coded(name, arguments)
        case "zlib.decompress", "gzip.decompress", "bz2.decompress", "lzma.decompress":
            return arguments.first?.bytes.flatMap { unpacked($0, name) }.map { .bytes($0) }
        default: return nil
        }
    }

    private static func bytes(of parts: [Constant]) -> Constant? {
        var bytes: [UInt8] = []
        for part in parts {
            guard case .integer(let value) = part, let byte = UInt8(exactly: value) else { return nil }
            bytes.append(byte)
        }
        return .bytes(bytes)
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8]? {
        var standard = bytes.filter { $0 > 0x20 }.map {
            $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
        }
        while standard.count % 4 != 0 { standard.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(standard)).map(Array.init)
    }

    private static func coded(_ name: String, _ arguments: [Constant]) -> Constant? {
        guard let first = arguments.first else { return nil }
        let isDecoding = name.hasSuffix("decode")
        let codec = (arguments.count > 1 ? arguments[1].text : nil)?.lowercased().filter { $0 != "-" && $0 != "_" } ?? "utf8"
        switch codec {
        case "latin1", "iso88591", "utf8", "ascii", "utf", "rawunicodeescape", "unicodeescape":
            if isDecoding {
                return first.bytes.map { bytes in
                    .text(
                        codec.hasPrefix("latin") || codec.hasPrefix("iso")
                            ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
                            : String(decoding: bytes, as: UTF8.self))
                }
            }
            return codec.hasPrefix("utf") ? first.text.map { .bytes(Array($0.utf8)) } : first.bytes.map { .bytes($0) }
        case "base64", "base64codec": return isDecoding ? first.bytes.flatMap { base64($0) }.map { .bytes($0) } : nil
        case "hex", "hexcodec":
            return isDecoding ? first.text.flatMap { Encodings.hexadecimal($0.utf8, ignoresSpace: true) }.map { .bytes($0) } : nil
        case "rot13", "rot_13": return first.text.map { .text(Encodings.rot13($0)) }
        case "zlib", "zip", "zlibcodec":
            return isDecoding ? first.bytes.flatMap { unpacked($0, "zlib.decompress") }.map { .bytes($0) } : nil
        case "bz2": return isDecoding ? first.bytes.flatMap { unpacked($0, "bz2.decompress") }.map { .bytes($0) } : nil
        default: return nil
        }
    }

    private static func unpacked(_ bytes: [UInt8], _ name: String) -> [UInt8]? {
        let compression: Compression =
            switch name {
            case "zlib.decompress": .zlib
            case "gzip.decompress": .gzip
            case "bz2.decompress": .bzip2
            default: .xz
            }
        do {
            return try compression.unpack(MemorySource(bytes), 0..<bytes.count, limit: PickleConstants.largest)
        } catch {
            // Data that do not unpack give no constant; the call itself is judged whatever it gives.
            return nil
        }
    }
}
