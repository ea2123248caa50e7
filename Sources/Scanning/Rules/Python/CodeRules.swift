extension Rule {
    /// Everything that is looked for in Python, notebooks and scripts of a shell.
    public static let codeRules: [Rule] = [
        .pythonReverseShell, .pythonCredentialTheft, .pythonDownloader, .pythonReconnaissance, .pythonDecodedExecution,
        .pythonDynamicCode, .pythonRunsProcess, .pythonUsesNetwork, .pythonReadsSecrets, .pythonWritesFilesOutside,
        .pythonPersistence, .pythonNativeCode, .pythonLoadsPickle, .pythonObfuscation, .pythonProofOfConcept,
        .pythonSetupRunsCode, .pythonDestructive, .pythonCryptoMiner, .pythonPicklePayload, .pythonImportTampering,
        .pythonSuspiciousHost, .pythonNotParsed, .pythonNotAnalysed,
        .shellDownloadAndRun, .shellReverseShell, .shellPersistence, .shellDestructive, .shellCredentialTheft,
        .shellEncodedCommand, .shellCryptoMiner, .shellProofOfConcept, .shellReconnaissance, .shellDisablesProtection,
    ]
}
