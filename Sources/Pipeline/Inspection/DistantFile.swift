import Foundation
import HTTPTypes
import Inspection
import ModelFormats
import Transport

/// A file behind an address, of which only the ranges come that a reader asks for.
///
/// The reader runs over what has come so far; where it needs more it stops, that range is fetched with some bytes more than it asked for, and the reader
/// runs again from the start. Ranges that follow each other double, so a long header takes few requests, and a jump begins small again.
struct DistantFile {
    /// Bounds on what one file may cost.
    struct Budget {
        var requests = 256
        var bytes = 128 << 20
    }

    let url: URL
    let path: String
    /// Nil where nobody said it: the first answer does.
    let statedSize: Int?
    let transport: PoliteTransport
    var budget = Budget()

    /// What came, and what it cost.
    struct Look {
        var file: InspectedFile
        var requests: Int
        /// The bytes themselves, where all of them came.
        var text: String?
    }

    private static let smallest = 16 << 10
    private static let largest = 8 << 20

    func look(limits: ReadLimits) async throws -> Look {
        let reading = try await read { source in try ModelFile.read(source, name: path, limits: limits) }
        switch reading.result {
        case .success(let contents): return look(reading.state, contents: contents, failure: nil)
        case .failure(let failure): return look(reading.state, contents: nil, failure: failure.reason)
        }
    }

    /// What a reader gave, and what came for it.
    struct Reading<Value> {
        var result: Result<Value, InspectionFailure>
        var state: State
    }

    /// Runs a reader over the file, and fetches what it asks for.
    func read<Value>(_ body: (any ByteSource) throws -> Value) async throws -> Reading<Value> {
        var state = State(url: url, source: SparseSource(size: statedSize ?? 0))
        func failed(_ reason: String) -> Reading<Value> {
            Reading(result: .failure(InspectionFailure(reason: reason)), state: state)
        }
        do {
            // The smallest file needs a request, and the first bytes tell what it is.
            if statedSize != 0 { try await fetch(0..<firstLength, &state) }
            while true {
                do {
                    return Reading(result: .success(try body(state.source)), state: state)
                } catch let missing as BytesMissing {
                    guard state.requests < budget.requests else {
                        return failed("more than \(budget.requests) requests would be needed to read it")
                    }
                    guard state.bytes + missing.range.count <= budget.bytes else {
                        return failed("more than \(budget.bytes) bytes would be needed to read it")
                    }
                    try await fetch(state.extended(missing.range, smallest: Self.smallest, largest: Self.largest), &state)
                }
            }
        } catch let error as TransportError {
            return failed(error.description)
        } catch let error as FormatError {
            return failed(error.description)
        }
    }

    /// How much of the beginning comes first: a header of a usual length, or the whole of a small text.
    private var firstLength: Int {
        let expected = Names.expected(path)
        let length =
            expected.contains(.gguf)
            ? 512 << 10
            : expected.contains(.json) || path.hasSuffix(".md")
                ? 256 << 10 : expected.contains(.safetensors) ? 32 << 10 : Self.smallest
        return min(length, statedSize ?? length)
    }

    struct State {
        var url: URL
        var source: SparseSource
        var requests = 0
        var bytes = 0
        var lastEnd = -1
        var lastLength = 0

        /// The range with bytes ahead of what is asked for.
        func extended(_ range: Range<Int>, smallest: Int, largest: Int) -> Range<Int> {
            let ahead = range.lowerBound == lastEnd ? min(lastLength * 2, largest) : smallest
            return range.lowerBound..<min(source.size, max(range.upperBound, range.lowerBound + ahead))
        }
    }

    private func look(_ state: State, contents: ModelContents?, failure: String?) -> Look {
        let file = InspectedFile(
            path: path, size: state.source.size, bytesRead: state.bytes, contents: contents, failure: failure)
        let isWhole = state.source.parts.first.map { $0.start == 0 && $0.end == state.source.size } ?? false
        return Look(
            file: file, requests: state.requests,
            text: isWhole ? state.source.parts.first.map { String(decoding: $0.bytes, as: UTF8.self) } : nil)
    }

    private func fetch(_ range: Range<Int>, _ state: inout State) async throws {
        var request = OutboundRequest(
            state.url, headers: [.range: "bytes=\(range.lowerBound)-\(range.upperBound - 1)", .acceptEncoding: "identity"],
            // A server that does not know ranges sends the file from its start: as much as a small file is taken.
            maximumBodySize: max(range.count, 16 << 20))
        request.headers[.accept] = "*/*"
        let response: InboundResponse
        do {
            response = try await transport.send(request)
        } catch let error as TransportError where error.kind == .bodyTooLarge {
            throw TransportError(
                .bodyTooLarge, state.url, "the server does not give ranges, and the file is too large to take whole")
        }
        state.requests += 1 + response.redirects.count
        switch response.status.code {
        case 206:
            let (start, total) = try contentRange(response, wanted: range)
            if let statedSize, total != statedSize {
                throw TransportError(.status(206), state.url, "the file has \(total) bytes, and the hub says \(statedSize)")
            }
            if state.source.size != total { state.source = SparseSource(size: total, parts: state.source.parts) }
            state.source = state.source.adding(ByteWindow(start: start, bytes: response.body[...]))
        case 200:
            state.source = SparseSource(size: response.body.count).adding(ByteWindow(start: 0, bytes: response.body[...]))
        case 416 where range.lowerBound == 0:
            // No range of an empty file can be had.
            state.source = SparseSource(size: 0)
        case let code where [401, 403, 404].contains(code) && state.url != url:
            // A signed address has run out: the file's own is asked again, and if that refuses too, it is refused.
            state.url = url
            return try await fetch(range, &state)
        default: throw PoliteTransport.refusal(response)
        }
        state.bytes += response.body.count
        state.lastEnd = range.upperBound
        state.lastLength = range.count
        // The ranges that follow go straight to where the first one came from.
        state.url = response.url
    }

    private func contentRange(_ response: InboundResponse, wanted: Range<Int>) throws -> (start: Int, total: Int) {
        let text = response.headers[.contentRange] ?? ""
        guard let match = text.wholeMatch(of: /bytes (\d+)-(\d+)\/(\d+)/), let start = Int(match.1), let end = Int(match.2),
            let total = Int(match.3),
            start == wanted.lowerBound, end >= start, end < total, response.body.count == end - start + 1
        else {
            throw TransportError(
                .status(206), response.url,
                "answers the range \(wanted) with '\(text.prefix(80))' and \(response.body.count) bytes")
        }
        guard end + 1 >= min(wanted.upperBound, total) else {
            throw TransportError(
                .status(206), response.url, "gives \(response.body.count) bytes of the \(wanted.count) asked for")
        }
        return (start, total)
    }
}
