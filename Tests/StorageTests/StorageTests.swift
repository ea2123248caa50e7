import Foundation
import ModelPackage
import Storage
import Testing
import WeirTestSupport

@Suite struct StorageTests {
    private let folder: TemporaryFolder
    private let dataset: DatasetDirectory

    init() throws {
        folder = try TemporaryFolder()
        dataset = DatasetDirectory(folder.path)
        try dataset.create()
    }

    private func lines(of file: URL) throws -> [String] {
        let reader = try RecordFileReader(file)
        var lines: [String] = []
        while let frame = try reader.next() {
            if case .records(let some, _) = frame { lines += some.map { String(decoding: $0, as: UTF8.self) } }
        }
        return lines
    }

    @Test func recordsComeBackAsTheyWere() throws {
        var writer = try RecordFileWriter(dataset, hub: .onnx, crawl: 3, length: 0, header: Array("{\"crawl\":3}".utf8))
        let records = ["{\"a\":1}", "{\"é\":\"\\n\"}", "not json"]
        let frame = try RecordFileWriter.frame(of: records.map { Array($0.utf8)[...] })
        let start = try writer.append(frame)
        _ = try writer.append(frame)
        try writer.finish(summary: Array("{}".utf8))
        let file = dataset.recordFile(hub: .onnx, crawl: 3)
        #expect(try lines(of: file) == records + records)
        #expect(try dataset.recordFiles().map(\.crawl) == [3])
        guard case .records(let some, let offset)? = try RecordFileReader(file, from: start).next() else {
            Issue.record("no records at the offset")
            return
        }
        #expect(offset == start && some.count == 3)
        #expect(!FileManager.default.fileExists(atPath: dataset.unfinishedRecordFile(hub: .onnx, crawl: 3).path))
    }

    @Test func whatTheCatalogDoesNotKnowOfIsCutOff() throws {
        let frame = try RecordFileWriter.frame(of: [Array("one".utf8)[...]])
        var writer = try RecordFileWriter(dataset, hub: .onnx, crawl: 1, length: 0, header: [])
        _ = try writer.append(frame)
        let known = writer.length
        _ = try writer.append(frame)
        _ = consume writer
        var again = try RecordFileWriter(dataset, hub: .onnx, crawl: 1, length: known, header: [])
        #expect(again.length == known)
        try again.finish(summary: [])
        #expect(try lines(of: dataset.recordFile(hub: .onnx, crawl: 1)) == ["one"])
        #expect(throws: StorageError.self) { _ = try RecordFileWriter(dataset, hub: .onnx, crawl: 2, length: 99, header: []) }
    }

    /// Every cut and every flipped byte is an error, never other records than were written.
    @Test func damageIsNoticed() throws {
        var writer = try RecordFileWriter(dataset, hub: .onnx, crawl: 1, length: 0, header: Array("{}".utf8))
        _ = try writer.append(try RecordFileWriter.frame(of: [Array("{\"id\":\"some record\"}".utf8)[...]]))
        try writer.finish(summary: Array("{}".utf8))
        let file = dataset.recordFile(hub: .onnx, crawl: 1)
        let good = try Data(contentsOf: file)
        let expected = try lines(of: file)
        for position in 10..<(good.count - 10) {
            var bad = good
            bad[position] ^= 0x41
            try bad.write(to: file)
            if let read = try? lines(of: file) { #expect(read == expected || read.isEmpty, "flipped at \(position)") }
        }
        try good.prefix(good.count - 14).write(to: file)
        #expect(throws: StorageError.self) { try lines(of: file) }
    }

    @Test func onlyOneWriterHoldsTheLock() throws {
        let first = try DatasetLock(dataset)
        #expect(
            performing: { _ = try DatasetLock(dataset) },
            throws: { error in
                guard case StorageError.locked(_, let processID)? = error as? StorageError else { return false }
                return processID == getpid() && "\(error)".contains("process \(getpid())")
            })
        _ = consume first
        _ = try DatasetLock(dataset)
    }
}
