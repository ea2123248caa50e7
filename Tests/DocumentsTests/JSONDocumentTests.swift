import Documents
import Foundation
import Testing

@Suite struct JSONDocumentTests {
    @Test func valuesAreReadInPlace() throws {
        let text = #"{"a":[1,-2.5e3,true,null,"x\"\u00e9\ud83d\ude00"],"b":{"c":"é"},"a":"last"}"#
        let root = try JSONDocument(Array(text.utf8)).root
        #expect(root["a"]?.string == "last")
        #expect(root["b"]?["c"]?.string == "é")
        let first = root.members.first { _ in true }
        #expect(first?.value.elements.map(\.text) == ["1", "-2.5e3", "true", "null", #""x\"\u00e9\ud83d\ude00""#])
        #expect(first?.value.elements.compactMap { $0.string } == ["x\"é😀"])
        #expect(first?.value.elements.compactMap { $0.int64 } == [1])
        #expect(root["b"]?.offset == text.utf8.distance(from: text.startIndex, to: text.range(of: #"{"c""#)!.lowerBound))
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1), ("\"abc", 0), ("01", 0), ("1.", 0),
        ("-", 0), ("1e", 0), ("nul", 0),
        ("[1]x", 3), ("\"\\x\"", 1), ("\"\\u12g4\"", 1), ("\"a\u{1}\"", 2), ("[\"\u{0}\"]", 2), ("+1", 0), ("NaN", 0),
        ("[,1]", 1),
    ])
    func whatIsNotJSONIsRefusedWithItsOffset(text: String, offset: Int) {
        #expect(performing: { try JSONDocument(Array(text.utf8)) }, throws: { ($0 as? JSONError)?.offset == offset })
    }

    @Test(
        arguments: [
            [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0xe2, 0x82, 0x22],
        ] as [[UInt8]])
    func textThatIsNotUTF8IsRefused(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONDocument(bytes) }
    }

    @Test func depthAndSizeAreBounded() throws {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(performing: { try JSONDocument(Array(deep.utf8)) }, throws: { ($0 as? JSONError)?.offset == 128 })
        let many = "[" + String(repeating: "1,", count: 100) + "1]"
        #expect(throws: JSONError.self) { try JSONDocument(Array(many.utf8), limits: JSONLimits(values: 50)) }
        #expect(throws: JSONError.self) { try JSONDocument(Array(many.utf8), limits: JSONLimits(size: 20)) }
    }

    @Test func integersOutsideTheirRangeAreNone() throws {
        let root = try JSONDocument(Array("[9223372036854775807,-9223372036854775808,9223372036854775808,1.0,1e3]".utf8)).root
        #expect(root.elements.map { $0.int64 } == [.max, .min, nil, nil, nil])
    }

    @Test func loneSurrogatesBecomeReplacementCharacters() throws {
        #expect(try JSONDocument(Array(#""\ud83d x""#.utf8)).root.string == "\u{fffd} x")
    }

    /// Random texts and mutations of good ones: this reader and Foundation's accept the same.
    @Test func acceptsWhatFoundationAccepts() {
        var generator = SeededGenerator(seed: 20_261_121)
        let seeds = [#"{"id":"a/b","tags":["x",1.5e-3,null],"n":{"é":true}}"#, "[[[]],{}]", #""\u00e9\n""#, "-0.5"].map {
            Array($0.utf8)
        }
        for round in 0..<4000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 0x20...0x7e, using: &generator)
                case 1 where bytes.count > 1: bytes.remove(at: position)
                default: bytes.insert(Array("{}[],:\"0e".utf8).randomElement(using: &generator)!, at: position)
                }
            }
            let ours = (try? JSONDocument(bytes)) != nil
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            // Foundation takes some numbers that RFC 8259 does not, such as 01 and 1.; never the other way round.
            if ours { #expect(theirs, "\(String(decoding: bytes, as: UTF8.self))") }
        }
    }
}

@Suite struct JSONElementScannerTests {
    /// However the text is cut into pieces, the same elements come out.
    @Test(arguments: [1, 2, 3, 7, 64])
    func elementsDoNotDependOnTheChunks(size: Int) throws {
        let text = Array(#" [ {"a":"],[\"}"} , 1,"x,y" ,[1,[2]] ,not json ]  "#.utf8)
        var scanner = JSONElementScanner()
        var buffer: [UInt8] = []
        var fed = 0
        var elements: [String] = []
        loop: while true {
            switch try scanner.next(in: buffer, isComplete: fed == text.count) {
            case .element(let range): elements.append(String(decoding: buffer[range], as: UTF8.self))
            case .needsMore:
                let dropped = scanner.consumed
                buffer.removeFirst(dropped)
                scanner.dropped(dropped)
                buffer += text[fed..<min(fed + size, text.count)]
                fed = min(fed + size, text.count)
            case .end: break loop
            }
        }
        #expect(elements == [#"{"a":"],[\"}"}"#, "1", #""x,y""#, "[1,[2]]", "not json"])
    }

    /// Found by fuzzing: a brace that closes nothing gave empty elements without end.
    @Test func aBraceThatClosesNothingIsPartOfItsElement() throws {
        let text = Array("[},1,}}]".utf8)
        var scanner = JSONElementScanner()
        var elements: [String] = []
        while elements.count < 10, case .element(let range) = try scanner.next(in: text, isComplete: true) {
            elements.append(String(decoding: text[range], as: UTF8.self))
        }
        #expect(elements == ["}", "1", "}}"])
    }

    @Test func aCutArrayIsAnError() {
        var scanner = JSONElementScanner()
        #expect(throws: JSONError.self) {
            while case .element = try scanner.next(in: Array("[1,{\"a\":".utf8), isComplete: true) {}
        }
        var other = JSONElementScanner()
        #expect(throws: JSONError.self) { try other.next(in: Array("<html>".utf8), isComplete: true) }
    }

    /// An element that is missing is one that cannot be read: it is counted, not passed over.
    @Test(arguments: [("[1,,2]", ["1", "", "2"]), ("[,]", ["", ""]), ("[1,]", ["1", ""]), ("[ ]", [])])
    func aMissingElementIsAnEmptyOne(text: String, elements: [String]) throws {
        let bytes = Array(text.utf8)
        var scanner = JSONElementScanner()
        var found: [String] = []
        while case .element(let range) = try scanner.next(in: bytes, isComplete: true) {
            found.append(String(decoding: bytes[range], as: UTF8.self))
        }
        #expect(found == elements)
    }

    @Test func whatFollowsTheArrayIsAnError() throws {
        var scanner = JSONElementScanner()
        let text = Array("[1] [2]".utf8)
        #expect(try scanner.next(in: text, isComplete: true) == .element(1..<2))
        #expect(throws: JSONError.self) { try scanner.next(in: text, isComplete: true) }
    }

    @Test func onlySpaceOutsideStringsIsDropped() {
        let text = Array("{\n  \"a b\": \"c  d\",\r\n\t\"e\" : [ 1 ]\n}".utf8)
        #expect(String(decoding: singleLineJSON(text[...]), as: UTF8.self) == #"{"a b":"c  d","e":[1]}"#)
    }
}

@Suite struct StatedTextTests {
    @Test(arguments: [#""""#, #""  ""#, #""\n\t""#, "\"\u{a0}\u{2003}\"", "null", "7"])
    func aTextThatSaysNothingIsNone(json: String) throws {
        #expect(try JSONDocument(Array(json.utf8)).root.statedText == nil)
    }

    @Test(arguments: [(#""a""#, "a"), (#"" a ""#, " a "), (#""a\u0000b""#, "a\u{fffd}b"), (#""é""#, "é")])
    func anyOtherStaysAsItIsButForNUL(json: String, text: String) throws {
        #expect(try JSONDocument(Array(json.utf8)).root.statedText == text)
    }
}

@Suite struct JSONWriterTests {
    @Test func whatIsWrittenIsReadBack() throws {
        let texts = ["", "plain", "\"\\/\u{8}\u{c}\n\r\t\u{1}", "é😀\u{2028}"]
        var writer = JSONWriter()
        writer.object { object in
            object.member("texts", texts)
            object.member("number", Int64.min)
            object.member("none", nil as String?)
            object.key("raw")
            object.raw("[1]".utf8)
        }
        let root = try JSONDocument(writer.bytes).root
        #expect(root["texts"]?.elements.compactMap { $0.string } == texts)
        #expect(root["number"]?.int64 == .min)
        #expect(root["none"] == nil)
        #expect(root["raw"]?.elements.map { $0.int64 } == [1])
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
