import ModelPackage
import Testing

@testable import WebPages

@Suite struct SiteLinksTests {
    @Test func partsFromOutsideAreEncoded() throws {
        let package = try PackageID(hub: .huggingface, name: "o wner/a?b#c%d&\"<é")
        #expect(SiteLinks.package(package) == "/packages/huggingface/o%20wner/a%3Fb%23c%25d%26%22%3C%C3%A9")
        let commit = try #require(GitObjectID("86b5e0934494bd15c9632b12f734a8a67f723594"))
        #expect(
            SiteLinks.file(try FilePath("a b/c@d.md"), of: try PackageID(hub: .onnx, name: "x/y"), at: commit)
                == "/files/onnx/x/y@86b5e0934494bd15c9632b12f734a8a67f723594/a%20b/c%40d.md")
    }

    @Test func searchesKeepTheirOrder() {
        let search = SearchParameters(
            text: "a&b =é", facets: [.license: "mit", .hub: "onnx"], order: .likes, page: 3)
        #expect(SiteLinks.search(search) == "/?q=a%26b%20%3D%C3%A9&hub=onnx&license=mit&sort=likes&page=3")
        #expect(SiteLinks.search(SearchParameters()) == "/")
        #expect(SiteLinks.search(search.toggling(.license, "mit")) == "/?q=a%26b%20%3D%C3%A9&hub=onnx&sort=likes")
        #expect(search.toggling(.license, "apache-2.0").facets[.license] == "apache-2.0")
    }

    @Test func encodedTextIsReadBack() {
        #expect(PercentEncoding.decoded("a%20b%2") == "a b%2")
        #expect(PercentEncoding.decoded("%zz%41") == "%zzA")
        #expect(PercentEncoding.path("a/../b/./c") == "a/b/c")
    }

    @Test(arguments: [
        "javascript:x", "http:x", "https:///x", "https://", "//x", "ftp://x", "mailto:", "", ":", "https:\\\\x", "data:,x",
    ])
    func otherSitesAreOnlyThoseOfTheWeb(address: String) {
        #expect(ExternalAddress(address) == nil)
    }

    @Test func assetsAreNamedByTheirContent() throws {
        for asset in SiteAsset.all {
            #expect(!asset.bytes.isEmpty)
            #expect(asset.hash.count == 16)
            #expect(SiteAsset.named(asset.fileName)?.bytes == asset.bytes)
            #expect(SiteLinks.asset(asset) == "/assets/" + asset.fileName)
        }
        #expect(SiteAsset.named("weir.css") == nil)
    }

    @Test func commandsAreQuoted() {
        #expect(ShellText.command(["hf", "download", "a/b-c_1.0"]) == "hf download a/b-c_1.0")
        #expect(ShellText.quoted("a'; rm -rf ~") == "'a'\\''; rm -rf ~'")
        #expect(ShellText.quoted("-x") == "'-x'")
        #expect(PythonText.literal("a\"\\\n") == "\"a\\\"\\\\\\U0000000a\"")
    }
}
