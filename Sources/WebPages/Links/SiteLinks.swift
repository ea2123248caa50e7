public import ModelPackage

/// The only place that makes addresses of our own site. All begin with `/`; every part from outside is percent-encoded.
public enum SiteLinks {
    public static let home = "/"
    public static let hubs = "/hubs"
    public static let crawls = "/crawls"
    public static let apiPage = "/api"
    public static let openAPI = "/api/weir/v1/openapi.json"
    public static let crawlsAPI = "/api/weir/v1/crawls"

    /// The search page with a question: `/?q=…&hub=…&task=…&library=…&license=…&sort=…&page=…`.
    public static func search(_ parameters: SearchParameters) -> String {
        let query = parameters.queryItems.map { "\($0.name)=\(PercentEncoding.component($0.value))" }
        return query.isEmpty ? home : home + "?" + query.joined(separator: "&")
    }

    /// `/packages/HUB/NAME`; the slashes of the name stay.
    public static func package(_ id: PackageID) -> String {
        "/packages/\(id.hub.rawValue)/\(PercentEncoding.path(id.name))"
    }

    /// `/api/weir/v1/packages/HUB/NAME`.
    public static func packageAPI(_ id: PackageID) -> String {
        "/api/weir/v1/packages/\(id.hub.rawValue)/\(PercentEncoding.path(id.name))"
    }

    /// `/files/HUB/NAME@COMMIT/PATH`. No name has an `@`, so the first one ends it.
    public static func file(_ path: FilePath, of id: PackageID, at commit: GitObjectID) -> String {
        "/files/\(id.hub.rawValue)/\(PercentEncoding.path(id.name))@\(commit.hex)/\(PercentEncoding.path(path.text))"
    }

    /// `/hubs/HUB`.
    public static func hub(_ hub: HubID) -> String { "\(hubs)/\(hub.rawValue)" }

    /// `/crawls/ID`.
    public static func crawl(_ id: Int64) -> String { "\(crawls)/\(id)" }

    /// `/assets/NAME-HASH.EXTENSION`, whose content never changes.
    public static func asset(_ asset: SiteAsset) -> String { "/assets/\(asset.fileName)" }
}
