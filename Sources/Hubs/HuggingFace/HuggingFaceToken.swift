import Foundation

/// The token of the Hub's own Python client: `HF_TOKEN`, else the file that `hf auth login` writes.
public enum HuggingFaceToken {
    public static func read(environment: [String: String]) -> String? {
        for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"] {
            if let token = cleaned(environment[name]) { return token }
        }
        let home =
            environment["HF_HOME"]
            ?? (environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "~")/.cache") + "/huggingface"
        let path = environment["HF_TOKEN_PATH"] ?? "\(home)/token"
        guard let data = FileManager.default.contents(atPath: path), data.count < 4096 else { return nil }
        return cleaned(String(decoding: data, as: UTF8.self))
    }

    private static func cleaned(_ text: String?) -> String? {
        let token = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return token.isEmpty || token.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f }) ? nil : token
    }
}
