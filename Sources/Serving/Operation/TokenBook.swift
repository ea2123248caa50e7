import Crypto
import Documents
public import Foundation

/// The tokens that a server knows, by their hashes: what the file holds lets nobody in.
///
/// Tokens are made of 256 random bits, so a plain SHA-256 is as good as a slow hash.
public struct TokenBook: Sendable {
    /// What a token is good for.
    public enum Scope: String, Sendable, CaseIterable {
        /// Everything that is served to read.
        case read
        /// That, and how the server is doing.
        case admin
    }

    /// A token, without itself.
    public struct Entry: Sendable, Equatable {
        public let name: String
        public let scope: Scope
        /// The SHA-256 of the token, in hexadecimal.
        let hash: String
    }

    public private(set) var entries: [Entry]

    public init() {
        entries = []
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Whose token this is; nil where nobody's. Hashes are compared, so the time this takes tells nothing of the tokens.
    public func entry(of token: String) -> Entry? {
        let hash = Self.hash(token)
        return entries.first { $0.hash == hash }
    }

    /// Adds a new token.
    ///
    /// - Returns: the token, which is kept nowhere.
    /// - Throws: ``TokenError`` where the name is taken or is none.
    public mutating func add(_ name: String, _ scope: Scope) throws(TokenError) -> String {
        guard !name.isEmpty, name.utf8.count <= 64, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") })
        else { throw TokenError("a token's name should be up to 64 letters, digits and signs, not '\(name)'") }
        guard !entries.contains(where: { $0.name == name }) else {
            throw TokenError("there is a token '\(name)' already: remove it first, or take another name")
        }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let token = "weir_" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        entries.append(Entry(name: name, scope: scope, hash: Self.hash(token)))
        return token
    }

    /// - Throws: ``TokenError`` where there is none of this name.
    public mutating func remove(_ name: String) throws(TokenError) {
        guard let index = entries.firstIndex(where: { $0.name == name }) else {
            throw TokenError("there is no token '\(name)'")
        }
        entries.remove(at: index)
    }

    private static func hash(_ token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension TokenBook {
    /// Reads a file of tokens; an empty book where there is no file.
    ///
    /// - Throws: ``TokenError`` where it cannot be read or is no such file.
    public init(readingFrom file: URL) throws(TokenError) {
        self.init()
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        let root: JSONValue
        do {
            root = try JSONDocument(Array(Data(contentsOf: file))).root
        } catch {
            throw TokenError("the tokens in \(file.path) cannot be read: \(error)")
        }
        guard root["weir_tokens"]?.int64 == 1, let list = root["tokens"] else {
            throw TokenError("\(file.path) is no file of tokens that this version writes")
        }
        for value in list.elements {
            guard let name = value["name"]?.string, let scope = value["scope"]?.string.flatMap({ Scope(rawValue: $0) }),
                let hash = value["sha256"]?.string, hash.utf8.count == 64
            else { throw TokenError("\(file.path): the entry at byte \(value.offset) is no token") }
            entries.append(Entry(name: name, scope: scope, hash: hash))
        }
    }

    /// Writes the book so that only its owner can read it.
    ///
    /// - Throws: ``TokenError``.
    public func write(to file: URL) throws(TokenError) {
        var writer = JSONWriter()
        writer.object { object in
            object.member("weir_tokens", 1)
            object.key("tokens")
            object.array { list in
                for entry in entries {
                    list.object { item in
                        item.member("name", entry.name)
                        item.member("scope", entry.scope.rawValue)
                        item.member("sha256", entry.hash)
                    }
                }
            }
        }
        do {
            try Data(writer.bytes + [UInt8(ascii: "\n")]).write(to: file, options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        } catch {
            throw TokenError("the tokens cannot be written to \(file.path): \(error.localizedDescription)")
        }
    }
}

/// What is wrong with tokens, in one line.
public struct TokenError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
