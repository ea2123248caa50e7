import ModelPackage
import Testing

@Suite struct PaperTests {
    @Test(arguments: [
        ("https://arxiv.org/abs/1810.04805", "1810.04805"), ("http://arxiv.org/pdf/1810.04805v2.pdf", "1810.04805"),
        ("https://arxiv.org/pdf/2205.00841", "2205.00841"), ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
        ("https://doi.org/10.48550/arXiv.2208.05868", "2208.05868"), ("https://www.arxiv.org/abs/2004.10934#x", "2004.10934"),
    ])
    func addressesOfArXivGiveTheID(url: String, id: String) {
        #expect(Paper(url: url).map { [$0.kind.rawValue, $0.id] } == ["arxiv", id])
    }

    @Test func otherAddressesAreKept() {
        #expect(
            Paper(url: "https://doi.org/10.1148/ryai.210285").map { [$0.kind.rawValue, $0.id] } == ["doi", "10.1148/ryai.210285"])
        #expect(Paper(url: "http://papers.nips.cc/paper/4824.pdf")?.kind == .url)
        #expect(Paper(url: "javascript:alert(1)") == nil)
        #expect(Paper(url: "https://") == nil)
    }

    @Test(arguments: ["1810.048", "1810.0480567", "18100.4805", "abcd.12345", "", "v2", "1810.04805v"])
    func whatIsNoArXivIDIsRefused(text: String) {
        #expect(Paper(arxiv: text) == nil)
    }

    @Test func papersAreFoundInText() {
        let text = "See [SSD](https://arxiv.org/abs/1512.02325), arXiv:1611.10012v3. and (doi.org/10.1000/XYZ-1)."
        #expect(Paper.find(in: text).map(\.id) == ["1512.02325", "1611.10012", "10.1000/xyz-1"])
        #expect(Paper.find(in: "version 1.2 of arxiv: nothing").isEmpty)
    }
}
