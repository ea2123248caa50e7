public import Foundation

/// A folder of its own for a test; removed when the value goes away.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "weir-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    public var path: String { url.path }

    /// Writes a file below the folder, making the folders it needs.
    @discardableResult
    public func write(_ text: String, to path: String) throws -> URL {
        try write(Data(text.utf8), to: path)
    }

    @discardableResult
    public func write(_ data: Data, to path: String) throws -> URL {
        let file = url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file
    }
}

/// Places that tests read from.
public enum TestPlaces {
    /// The project's own folder.
    public static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The embedded sample hub.
    public static let samples = project.appending(path: "Samples")

    /// Recorded data of the real hubs, which stands beside the project where it is at hand; nil elsewhere.
    public static let hubData: URL? = {
        let folder = project.deletingLastPathComponent().appending(path: "shared/data/hubs")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// The Python that `make test` makes, with the reference packages; nil where tests are run without it.
    public static let python: URL? = {
        let file = project.appending(path: ".venv/bin/python")
        return FileManager.default.isExecutableFile(atPath: file.path) ? file : nil
    }()

    /// The Python with the heavy reference packages that `make test-peers` makes; nil elsewhere.
    public static let heavyPython: URL? = {
        let file = project.appending(path: ".venv-peers/bin/python")
        return FileManager.default.isExecutableFile(atPath: file.path) ? file : nil
    }()

    /// A built program of this package.
    public static func program(_ name: String) -> URL {
        let configuration = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
        let candidates = [
            configuration, URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent(),
            project.appending(path: ".build/debug"),
        ]
        return candidates.compactMap { $0?.appending(path: name) }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? project.appending(path: ".build/debug/\(name)")
    }
}
