import Foundation
public import ModelFormats
import Synchronization

/// Scans files and folders of this machine, side by side on all cores.
public struct LocalScan: Sendable {
    /// A file, and how it is told.
    public struct Input: Sendable {
        /// Where it is.
        public var place: String
        /// What it is called in the report.
        public var path: String
        /// Below the folder or package that it is part of.
        public var name: String
        /// The folder or package, whose files are one package of code.
        public var group: String

        public init(place: String, path: String, name: String, group: String) {
            self.place = place
            self.path = path
            self.name = name
            self.group = group
        }
    }

    public var limits: ScanLimits
    public var wantsListings: Bool
    public var rules: UserRules
    /// Files at once; the machine's cores if nil.
    public var jobs: Int?

    public init(limits: ScanLimits = ScanLimits(), wantsListings: Bool = false, rules: UserRules = UserRules(), jobs: Int? = nil)
    {
        self.limits = limits
        self.wantsListings = wantsListings
        self.rules = rules
        self.jobs = jobs
    }

    /// Scans what stands at paths: files, or folders with all that is below them.
    /// - Parameter progress: told after each file how many are done, of how many, and their bytes.
    public func scan(paths: [String], progress: @escaping @Sendable (Int, Int, Int) -> Void = { _, _, _ in }) async -> ScanReport
    {
        var inputs: [Input] = []
        var report = ScanReport()
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                report.fail(path, "there is no such file or folder")
                continue
            }
            guard isFolder.boolValue else {
                let name = URL(filePath: path).lastPathComponent
                inputs.append(Input(place: path, path: path, name: name, group: path))
                continue
            }
            let walk = FolderWalk(path)
            let shown = path.hasSuffix("/") ? path : path + "/"
            inputs += walk.files.map { Input(place: $0.place, path: shown + $0.path, name: $0.path, group: path) }
            for problem in walk.problems { report.fail(problem.path == path ? path : shown + problem.path, problem.message) }
            for skip in walk.skipped { report.skipped.append(ScanReport.Skipped(path: shown + skip.path, reason: skip.reason)) }
            for link in walk.outsideLinks {
                var file = FileReport(path: shown + link.path, size: 0, kind: "link")
                file.findings = [
                    Finding(.linkOutside, nil, "is a link out of the folder, to \(quoted(link.target)), and was not scanned")
                ]
                report.files.append(file)
            }
        }
        await scan(inputs, into: &report, progress: progress)
        return report
    }

    /// Scans files that are named one by one, such as those of a snapshot.
    public func scan(_ inputs: [Input], progress: @escaping @Sendable (Int, Int, Int) -> Void = { _, _, _ in }) async
        -> ScanReport
    {
        var report = ScanReport()
        await scan(inputs, into: &report, progress: progress)
        return report
    }

    /// A file that was scanned by itself; what its code does is judged with the others'.
    public struct Scanned: Sendable {
        var input: Input
        var report: FileReport
        var code: [FileScanner.CodeSource] = []
        var entryPoints: [String] = []

        /// A file that could not be had.
        public init(_ input: Input, failure: String) {
            self.input = input
            report = FileReport(path: input.path, size: 0, kind: "")
            report.errors.append(ScanProblem(message: failure))
        }

        init(_ input: Input, _ scanner: FileScanner) {
            self.input = input
            report = scanner.report
            report.path = input.path
            code = scanner.code
            entryPoints = scanner.entryPoints
        }
    }

    /// Scans the bytes of one file, wherever they are.
    /// - Throws: ``BytesMissing`` where the source has to fetch bytes first.
    public func scanned(_ source: any ByteSource, _ input: Input) throws -> Scanned {
        Scanned(
            input, try FileScanner.scanned(source, path: input.name, limits: limits, wantsListings: wantsListings, rules: rules))
    }

    /// Puts together what was found in files, and judges their code as that of packages.
    public func report(of scanned: [Scanned]) async -> ScanReport {
        var report = ScanReport()
        await finish(scanned, into: &report)
        return report
    }

    private func finish(_ scanned: [Scanned], into report: inout ScanReport) async {
        var files = scanned
        await CodePass(inputs: files.map(\.input), rules: rules).judge(files.map(\.code), files.map(\.entryPoints)) {
            number, member, finding in
            files[number].report.add(finding, in: member)
        } fail: { number, member, message in
            files[number].report.errors.append(ScanProblem(member: member, message: message))
        }
        report.files += files.map(\.report)
        report.files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// What the workers of a scan share.
    private final class Counts: Sendable {
        let next = Atomic(0)
        let done = Atomic(0)
        let bytes = Atomic(0)
    }

    private func scan(_ inputs: [Input], into report: inout ScanReport, progress: @escaping @Sendable (Int, Int, Int) -> Void)
        async
    {
        let counts = Counts()
        let workers = max(1, min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, inputs.count))
        let scanned = await withTaskGroup(of: [(number: Int, file: Scanned)].self) { group in
            for _ in 0..<workers {
                group.addTask {
                    var results: [(number: Int, file: Scanned)] = []
                    while !Task.isCancelled {
                        let number = counts.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard number < inputs.count else { break }
                        let result = one(inputs[number])
                        results.append((number, result))
                        let finished = counts.done.wrappingAdd(1, ordering: .relaxed).newValue
                        let total = counts.bytes.wrappingAdd(result.report.size, ordering: .relaxed).newValue
                        progress(finished, inputs.count, total)
                    }
                    return results
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        var files = scanned.sorted { $0.number < $1.number }.map(\.file)
        if files.count == inputs.count {
            for (number, finding) in WeightPairs.findings(inputs, limits.reading) {
                files[number].report.findings.append(finding)
            }
        }
        await finish(files, into: &report)
    }

    private func one(_ input: Input) -> Scanned {
        do {
            let source = try FileSource(path: input.place)
            let before = FileState(input.place)
            if source.size == 0, try FileHandle(forReadingFrom: URL(filePath: input.place)).read(upToCount: 1)?.isEmpty == false {
                return Scanned(input, failure: "has bytes, and says that it has none")
            }
            var scanned = try scanned(source, input)
            if FileState(input.place) != before {
                scanned.report.errors.append(ScanProblem(message: "changed while it was scanned"))
            }
            return scanned
        } catch let error as FileSourceError {
            return Scanned(input, failure: "cannot be read: \(error.reason)")
        } catch {
            return Scanned(input, failure: "cannot be scanned: \(error)")
        }
    }
}

/// What tells whether a file was written to.
private struct FileState: Equatable {
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int
    private let inode: UInt64

    init(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            size = Int(status.st_size)
            #if canImport(Darwin)
                seconds = status.st_mtimespec.tv_sec
                nanoseconds = status.st_mtimespec.tv_nsec
            #else
                seconds = status.st_mtim.tv_sec
                nanoseconds = status.st_mtim.tv_nsec
            #endif
            inode = UInt64(status.st_ino)
        } else {
            (size, seconds, nanoseconds, inode) = (-1, 0, 0, 0)
        }
    }
}
