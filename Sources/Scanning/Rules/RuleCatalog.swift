extension Rule {
    /// Every rule, by id.
    public static let all: [Rule] = [
        .archiveLie, .archiveSlip, .configCustomCode, .configRemoteCode, .configTarget, .foreignSerialisation, .hdf5External,
        .hiddenTail, .jsonObject, .kerasLambda, .kerasLoadsFile, .kerasUnknownObject, .linkOutside, .disguise, .nativeCode,
        .onnxCustomOperator, .onnxExternalPath, .pickleCarriesCode, .pickleComputedCall, .pickleComputedName,
        .pickleDangerousArguments, .pickleDangerousCall, .pickleDangerousImport, .pickleExtensionCode, .pickleFrame,
        .pickleHiddenName, .pickleOdd, .pickleStandardLibrary, .pickleStateOnImport, .pickleTrailingData,
        .pickleUnknownClass, .pickleUnknownFunction, .pickleUnknownReference, .polyglot, .pythonBytecode,
        .pythonCredentialTheft, .pythonCryptoMiner, .pythonDecodedExecution, .pythonDestructive, .pythonDownloader,
        .pythonDynamicCode, .pythonImportTampering, .pythonLoadsPickle, .pythonNativeCode, .pythonNotAnalysed,
        .pythonNotParsed, .pythonObfuscation, .pythonPersistence, .pythonPicklePayload, .pythonProofOfConcept,
        .pythonReadsSecrets, .pythonReconnaissance, .pythonReverseShell, .pythonRunsProcess, .pythonSetupRunsCode,
        .pythonSuspiciousHost, .pythonUsesNetwork, .pythonWritesFilesOutside, .shellCredentialTheft, .shellCryptoMiner,
        .shellDestructive, .shellDisablesProtection, .shellDownloadAndRun, .shellEncodedCommand, .shellPersistence,
        .shellProofOfConcept, .shellReconnaissance, .shellReverseShell, .skopsObject, .templateEscape, .templateUnclear,
        .tensorflowOperator, .trailingData, .unknownContent, .weightsDiffer, .yamlObject,
    ]
}
