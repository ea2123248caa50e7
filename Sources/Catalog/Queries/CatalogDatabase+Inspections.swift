import Foundation
import GRDB
public import ModelPackage

extension CatalogDatabase {
    /// Brings in what a look at a package's headers found, in place of what an earlier look at the same revision did.
    public func record(_ inspection: InspectionRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func json(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
        let measures = try json(inspection.measures)
        let evidence = try json(inspection.evidence)
        let problems = try inspection.files.map { try $0.problems.isEmpty ? nil : json($0.problems) }
        try write { db in
            for table in ["inspected_file", "inspected_type", "inspected_claim"] {
                try db.execute(
                    sql:
                        "DELETE FROM \(table) WHERE inspection IN (SELECT id FROM inspection WHERE package = ? AND revision = ?)",
                    arguments: [inspection.package, inspection.commit])
            }
            let id = try Int64.fetchOne(
                db,
                sql: """
                    INSERT INTO inspection (package, revision, at, family, measures, evidence, parameters, tensors, bytes_read, bytes_total, requests,
                        is_complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                    ON CONFLICT (package, revision) DO UPDATE SET at = ?3, family = ?4, measures = ?5, evidence = ?6, parameters = ?7,
                        tensors = ?8, bytes_read = ?9, bytes_total = ?10, requests = ?11, is_complete = ?12
                    RETURNING id
                    """,
                arguments: [
                    inspection.package, inspection.commit, inspection.inspectedAt, inspection.family, measures, evidence,
                    inspection.parameters,
                    inspection.tensors, inspection.bytesRead, inspection.bytesTotal, inspection.requests, inspection.isComplete,
                ])
            for (file, problems) in zip(inspection.files, problems) {
                try db.execute(
                    sql:
                        "INSERT OR REPLACE INTO inspected_file (inspection, path, format, size, bytes_read, problems) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [id, file.path, file.format, file.size, file.bytesRead, problems])
                for type in file.types {
                    try db.execute(
                        sql:
                            "INSERT OR REPLACE INTO inspected_type (inspection, path, dtype, tensors, elements, bytes) VALUES (?, ?, ?, ?, ?, ?)",
                        arguments: [id, file.path, type.dtype, type.tensors, type.elements, type.bytes])
                }
            }
            for (number, contradiction) in inspection.contradictions.enumerated() {
                for (place, claim) in contradiction.claims.enumerated() {
                    try db.execute(
                        sql:
                            "INSERT INTO inspected_claim (inspection, contradiction, claim, about, value, source) VALUES (?, ?, ?, ?, ?, ?)",
                        arguments: [id, number + 1, place + 1, contradiction.about, claim.value, claim.source])
                }
            }
        }
    }

    /// Whether all files of a revision have been looked at.
    public func hasInspection(of package: PackageID, _ commit: GitObjectID) throws -> Bool {
        try reader.read { db in
            try Int.fetchOne(
                db, sql: "SELECT 1 FROM inspection WHERE package = ? AND revision = ? AND is_complete",
                arguments: [package.description, commit.hex]) != nil
        }
    }
}
