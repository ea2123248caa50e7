import ModelFormats
public import ModelPackage

extension Inspection {
    /// The inspection as it is kept for many packages.
    public func record(of package: PackageID, _ commit: GitObjectID, at instant: Instant) -> InspectionRecord {
        InspectionRecord(
            package: package, commit: commit, inspectedAt: instant,
            files: files.filter { $0.contents != nil || $0.failure != nil }.map(\.record), parameters: Int64(totals.parameters),
            tensors: Int64(totals.tensors), family: architecture.family,
            measures: Dictionary(
                uniqueKeysWithValues: architecture.measures.compactMap { measure in
                    measure.value.map { (measure.name, Int64($0)) }
                }),
            evidence: architecture.evidence,
            contradictions: contradictions.map { contradiction in
                InspectionRecord.Contradiction(
                    about: contradiction.about,
                    claims: contradiction.claims.map { InspectionRecord.Claim(value: $0.value, source: $0.source) })
            },
            bytesRead: Int64(transfer.bytesRead), bytesTotal: Int64(transfer.bytesTotal), requests: Int64(transfer.requests))
    }
}

extension InspectedFile {
    fileprivate var record: InspectionRecord.File {
        var types: [String: InspectionRecord.TypeCount] = [:]
        for tensor in contents?.tensors ?? [] {
            let name = tensor.dtype.rawValue
            var count = types[name] ?? InspectionRecord.TypeCount(dtype: name, tensors: 0, elements: 0, bytes: 0)
            count.tensors += 1
            count.elements = count.elements.addingSaturated(Int64(tensor.storedElements ?? tensor.elements ?? 0))
            count.bytes += Int64(tensor.range?.count ?? 0)
            types[name] = count
        }
        var problems = (contents?.problems ?? []).prefix(100).map {
            InspectionRecord.Problem(message: $0.problem, offset: Int64($0.offset))
        }
        if let failure { problems.insert(InspectionRecord.Problem(message: failure, offset: nil), at: 0) }
        return InspectionRecord.File(
            path: path, format: contents?.format.rawValue, size: Int64(size), bytesRead: Int64(bytesRead),
            types: types.values.sorted { $0.dtype < $1.dtype }, problems: problems)
    }
}
