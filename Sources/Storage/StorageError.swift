import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What went wrong on disk: what was tried, where, what happened and what to do, in one line.
public enum StorageError: Error, Equatable, CustomStringConvertible {
    /// Another process writes to the dataset.
    case locked(dataset: String, processID: Int32?)
    case diskFull(path: String)
    case failed(operation: String, path: String, reason: String)
    /// A file of the dataset does not hold what it should.
    case damaged(path: String, offset: Int64, reason: String)
    /// What came is not what was announced; it was not kept.
    case mismatch(what: String, announced: String, received: String)

    public var description: String {
        switch self {
        case .locked(let dataset, let processID):
            "the dataset \(dataset) is being written by \(processID.map { "process \($0)" } ?? "another process"): "
                + "wait for it to end, or stop it, then run the same command again"
        case .diskFull(let path):
            "the disk is full (writing \(path)): free some space, then run the same command again to go on"
        case .failed(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .mismatch(let what, let announced, let received):
            "the \(what) is \(received) where \(announced) was announced: nothing was kept"
        case .damaged(let path, let offset, let reason): "\(path) is damaged at byte \(offset): \(reason)"
        }
    }

    static func system(_ operation: String, _ path: String, code: Int32 = errno) -> StorageError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull(path: path) : .failed(operation: operation, path: path, reason: String(cString: strerror(code)))
    }

    static func describing(_ operation: String, _ path: String, _ error: any Error) -> StorageError {
        let cause = error as NSError
        let underlying = (cause.userInfo[NSUnderlyingErrorKey] as? NSError) ?? cause
        if underlying.domain == NSPOSIXErrorDomain { return system(operation, path, code: Int32(underlying.code)) }
        return .failed(operation: operation, path: path, reason: cause.localizedDescription)
    }
}
