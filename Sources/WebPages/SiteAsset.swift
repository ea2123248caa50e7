/// A file of the site itself, embedded in the program: it may be kept by browsers for ever, for its address names its content.
public struct SiteAsset: Sendable {
    /// `weir-0123456789abcdef.css`.
    public let fileName: String
    /// The value of `Content-Type`.
    public let contentType: String
    public let bytes: [UInt8]
    /// Of the content: 16 hexadecimal digits, also good for an `ETag`.
    public let hash: String

    init(_ name: String, _ fileExtension: String, contentType: String, bytes: [UInt8]) {
        hash = Self.fingerprint(bytes)
        fileName = "\(name)-\(hash).\(fileExtension)"
        self.contentType = contentType
        self.bytes = bytes
    }

    static let styles = SiteAsset("weir", "css", contentType: "text/css; charset=utf-8", bytes: PackageResources.weir_css)
    static let script = SiteAsset("weir", "js", contentType: "text/javascript; charset=utf-8", bytes: PackageResources.weir_js)
    public static let icon = SiteAsset("icon", "svg", contentType: "image/svg+xml", bytes: PackageResources.icon_svg)

    /// Every file of the site.
    public static let all = [styles, script, icon]

    /// The file of a name such as `weir-0123456789abcdef.css`.
    public static func named(_ fileName: String) -> SiteAsset? {
        all.first { $0.fileName == fileName }
    }

    /// FNV-1a, 64 bits: tells versions of our own files apart, protects from nobody.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
