import Foundation
import ModelPackage

/// Files of this machine that stand for a hub's answers.
enum LocalFile {
    /// Opens a file for reading, if it is one: a named pipe would be waited for without end, a device read without end.
    ///
    /// - Throws: ``HubError`` that says why not.
    static func open(_ file: URL, _ hub: HubID) throws(HubError) -> FileHandle {
        let descriptor = Foundation.open(file.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(file.path, code: errno, hub) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(file.path, code: errno, hub) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return handle
        case S_IFDIR: throw HubError(hub, .badSource, "cannot read \(file.path): it is a folder")
        default: throw HubError(hub, .badSource, "cannot read \(file.path): it is not a regular file")
        }
    }

    /// The content of a file below a folder, or nil where there is none or it is longer than `limit`.
    ///
    /// - Throws: ``HubError`` where it cannot be read, or is a link that leads out of the folder.
    static func contents(of path: String, in folder: URL, limit: Int, _ hub: HubID) throws(HubError) -> [UInt8]? {
        let file = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let root = folder.resolvingSymlinksInPath().path
        guard file.resolvingSymlinksInPath().path.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
            throw HubError(hub, .badSource, "\(file.path) is a link that leads out of \(folder.path): it is not followed")
        }
        let handle = try open(file, hub)
        do {
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            return data.count <= limit ? Array(data) : nil
        } catch {
            throw unreadable(file.path, error, hub)
        }
    }

    static func unreadable(_ path: String, _ error: any Error, _ hub: HubID) -> HubError {
        HubError(hub, .badSource, "cannot read \(path): \(systemReason(error))", cause: error)
    }

    private static func unreadable(_ path: String, code: Int32, _ hub: HubID) -> HubError {
        HubError(hub, .badSource, "cannot read \(path): \(String(cString: strerror(code)))")
    }
}

/// What the operating system says lies behind an error of Foundation, in its own words.
func systemReason(_ error: any Error) -> String {
    let cause = error as NSError
    let underlying = (cause.userInfo[NSUnderlyingErrorKey] as? NSError) ?? cause
    return underlying.domain == NSPOSIXErrorDomain
        ? String(cString: strerror(Int32(underlying.code))) : cause.localizedDescription
}
