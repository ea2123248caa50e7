import PythonAnalysis

/// Secrets that are gathered into files or archives, through which no value flows, while the same program sends files.
extension PythonJudge {
    private static let gatherers: Set<String> = [
        "glob.glob", "glob.iglob", "os.walk", "os.listdir", "os.scandir", "shutil.copy", "shutil.copy2", "shutil.copyfile",
        "shutil.copytree",
        "shutil.make_archive", "sqlite3.connect", "zipfile.ZipFile.write", "tarfile.TarFile.add", "tarfile.open.add", "open",
        "io.open",
    ]
    private static let uploads: Set<String> = [
        "requests.post", "requests.put", "requests.Session.post", "httpx.post", "urllib.request.urlopen",
        "aiohttp.ClientSession.post",
        "ftplib.FTP.storbinary", "socket.socket.sendall", "socket.socket.send", "smtplib.SMTP.sendmail",
        "smtplib.SMTP.send_message",
        "paramiko.SFTPClient.put",
    ]
    /// Files in which programs keep what is no secret of others.
    private static let ownFiles = [".env", "token", "kaggle.json", "/etc/passwd"]

    mutating func judgeCollectedSecrets() {
        guard !found.keys.contains(where: { $0.rule == .pythonCredentialTheft }) else { return }
        let calls = file.calls.filter { exposure($0.reach) > .onCall }
        guard let upload = calls.first(where: { Self.uploads.contains($0.function) && !isForKnownService($0) }) else { return }
        for call in calls where Self.gatherers.contains(call.function) {
            guard let node = source.parts(ofCall: call.place)?.arguments.first else { continue }
            let texts = source.mentions(source.range(node)).texts
            guard
                let path = texts.first(where: { SecretPlace.isSecret(path: $0) && !Self.ownFiles.contains(where: $0.hasSuffix) })
            else { continue }
            add(
                .pythonCredentialTheft, .high,
                "\(call.function) reads \(Snippet.clean(path).excerpt), and \(upload.function) sends something",
                at: call.place, steps: [call.place, upload.place])
        }
    }

    private func isForKnownService(_ call: PythonCall) -> Bool {
        let addresses = source.mentions(source.range(call.place)).texts.filter(WebTarget.isAddress)
        return !addresses.isEmpty && addresses.allSatisfy(WebTarget.isService)
    }
}
