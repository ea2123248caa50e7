import ModelFormats

/// What a file, a folder or a package really holds.
public struct Inspection: Sendable {
    /// As the user named it.
    public var target: String
    /// In the order of their paths.
    public var files: [InspectedFile]
    public var totals: WeightTotals
    public var architecture: Architecture
    public var contradictions: [Contradiction]
    public var transfer: Transfer

    /// What the look cost.
    public struct Transfer: Sendable {
        public var bytesRead = 0
        /// Bytes of all files that there are.
        public var bytesTotal = 0
        public var requests = 0

        public init(bytesRead: Int = 0, bytesTotal: Int = 0, requests: Int = 0) {
            self.bytesRead = bytesRead
            self.bytesTotal = bytesTotal
            self.requests = requests
        }
    }

    /// What is wrong: with which file, what, and at which of its bytes.
    public struct Problem: Sendable {
        public var path: String
        public var message: String
        /// Nil where the file could not be read at all.
        public var offset: Int?
    }

    /// - Parameters:
    ///   - name: the package's name, which may state a size; nil for plain files.
    ///   - card: the text of the package's card, where it was read.
    public init(target: String, name: String?, card: String?, files: [InspectedFile], transfer: Transfer) {
        self.target = target
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.transfer = transfer
        let weights = WeightSets(self.files)
        let configuration = Configuration(
            self.files, folder: weights.folder, isAdapter: weights.chosen.first?.stem.hasPrefix("adapter") ?? false,
            weights: weights.chosen.first?.files ?? [])
        totals = WeightTotals(weights, configuration)
        architecture = Architecture(weights, configuration)
        let claims = Claims(
            name: name, card: card, files: self.files, weights: weights, totals: totals, architecture: architecture,
            configuration: configuration)
        contradictions = claims.contradictions()
    }

    public var problems: [Problem] {
        files.flatMap { file in
            (file.failure.map { [Problem(path: file.path, message: $0, offset: nil)] } ?? [])
                + (file.contents?.problems ?? []).map { Problem(path: file.path, message: $0.problem, offset: $0.offset) }
        }
    }
}
