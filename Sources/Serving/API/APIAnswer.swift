import Catalog
import Documents
import HubMirror
import ModelPackage
import Storage

/// Answers of the JSON API; `openapi.json` describes each.
enum APIAnswer {
    static func packages(_ result: PackageSearchResult, _ search: PackageSearch) -> JSONWriter {
        object { object in
            object.member("total", result.total)
            object.member("total_is_exact", result.isTotalExact)
            object.key("packages")
            object.array { list in for hit in result.hits { list.object { write(hit, to: &$0) } } }
            guard search.wantsFacetCounts else { return }
            object.member("facet_sample", result.facetSample)
            object.key("facets")
            object.object { facets in
                for (name, counts) in result.facets {
                    facets.key(name)
                    facets.array { list in
                        for count in counts {
                            list.object { entry in
                                entry.member("value", count.value)
                                entry.member("count", count.count)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ hit: PackageSearchResult.Hit, to entry: inout JSONWriter) {
        entry.member("id", hit.id)
        entry.member("summary", hit.summary)
        entry.member("task", hit.task)
        entry.member("library", hit.library)
        entry.member("license", hit.license)
        entry.member("downloads", hit.downloads)
        entry.member("likes", hit.likes)
        entry.member("modified_at", hit.modifiedAt)
    }

    static func files(of package: ServedPackage, _ revision: ServedRevision, limit: Int, offset: Int) -> JSONWriter {
        object { object in
            head(package, revision, to: &object)
            object.member("total", Int64(revision.mirrored.files.count))
            object.key("files")
            object.array { list in
                for file in revision.mirrored.files.dropFirst(offset).prefix(limit) {
                    list.object { entry in
                        entry.member("path", file.path)
                        entry.member("size", file.size)
                        entry.member("sha256", sha256(of: file.path, file.sha256, revision))
                        entry.member("git_oid", file.gitObjectID)
                        entry.member("lfs", file.sha256 != nil)
                        entry.member("held", revision.held[file.path] != nil)
                    }
                }
            }
        }
    }

    private static func sha256(of path: String, _ stated: String?, _ revision: ServedRevision) -> String? {
        if case .blob(let hash, _)? = revision.held[path] { return hash.hex }
        return stated
    }

    private static func head(_ package: ServedPackage, _ revision: ServedRevision, to object: inout JSONWriter) {
        object.member("package", package.id.description)
        object.member("revision", revision.mirrored.commit.isEmpty ? nil : revision.mirrored.commit)
    }

    static func tensors(of package: ServedPackage, _ revision: ServedRevision, in dataset: ServedDataset) async throws
        -> JSONWriter
    {
        let record: InspectionRecord? = try await self.record(.inspections(dataset.directory), package, revision, dataset)
        return object { object in
            head(package, revision, to: &object)
            object.member("inspected_at", record?.inspectedAt)
            object.member("family", record.flatMap { $0.family == "unknown" ? nil : $0.family })
            object.member("parameters", record?.parameters)
            object.key("files")
            object.array { list in
                for file in record?.files ?? [] where !file.types.isEmpty {
                    list.object { entry in
                        entry.member("path", file.path)
                        entry.member("format", file.format)
                        entry.key("types")
                        entry.array { types in
                            for type in file.types {
                                types.object { item in
                                    item.member("dtype", type.dtype)
                                    item.member("tensors", type.tensors)
                                    item.member("elements", type.elements)
                                    item.member("bytes", type.bytes)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    static func findings(of package: ServedPackage, _ revision: ServedRevision, in dataset: ServedDataset) async throws
        -> JSONWriter
    {
        let record: ScanRecord? = try await self.record(.scans(dataset.directory), package, revision, dataset)
        return object { object in
            head(package, revision, to: &object)
            object.member("scanned_at", record?.scannedAt)
            object.key("findings")
            object.array { list in
                for finding in record?.findings ?? [] {
                    list.object { entry in
                        entry.member("path", finding.path)
                        entry.member("member", finding.member)
                        entry.member("rule", finding.rule)
                        entry.member("severity", finding.severity)
                        entry.member("message", finding.message)
                    }
                }
            }
            object.key("errors")
            object.array { list in
                for problem in record?.problems ?? [] {
                    list.object { entry in
                        entry.member("path", problem.path)
                        entry.member("message", problem.message)
                    }
                }
            }
        }
    }

    /// What was found out about a revision; nil where nobody looked.
    private static func record<Record>(
        _ store: PackageRecordStore<Record>, _ package: ServedPackage, _ revision: ServedRevision, _ dataset: ServedDataset
    ) async throws -> Record? {
        guard let commit = GitObjectID(revision.mirrored.commit) else { return nil }
        let id = package.id
        return try await dataset.work.run { try store.record(of: id, commit) }
    }

    static func crawls(_ crawls: [CrawlRow], limit: Int, offset: Int) -> JSONWriter {
        object { object in
            object.member("total", Int64(crawls.count))
            object.key("crawls")
            object.array { list in
                for crawl in crawls.dropFirst(offset).prefix(limit) { list.object { write(crawl, to: &$0) } }
            }
        }
    }

    static func crawl(_ crawl: CrawlRow, _ failures: [CrawlFailure]) -> JSONWriter {
        object { object in
            write(crawl, to: &object)
            object.key("failures")
            object.array { list in
                for failure in failures {
                    list.object { entry in
                        entry.member("package", failure.package)
                        entry.member("reason", failure.reason)
                    }
                }
            }
        }
    }

    private static func write(_ crawl: CrawlRow, to entry: inout JSONWriter) {
        entry.member("id", crawl.id)
        entry.member("hub", crawl.hub.rawValue)
        entry.member("source", crawl.source)
        entry.member("started_at", crawl.startedAt.description)
        entry.member("finished_at", crawl.finishedAt?.description)
        entry.member("state", crawl.state.rawValue)
        entry.member("listed", crawl.counts.listed)
        entry.member("added", crawl.counts.added)
        entry.member("updated", crawl.counts.updated)
        entry.member("unchanged", crawl.counts.unchanged)
        entry.member("removed", crawl.counts.removed)
        entry.member("failed", crawl.counts.failed)
        entry.member("bytes", crawl.counts.bytes)
    }

    static func stats(_ statistics: CatalogStatistics, _ stored: StoredBytes, _ scans: ScanCounts) -> JSONWriter {
        object { object in
            object.key("hubs")
            object.array { list in
                for hub in statistics.hubs {
                    list.object { entry in
                        entry.member("hub", hub.hub.rawValue)
                        entry.member("packages", hub.packages)
                        entry.member("removed", hub.removed)
                        entry.key("missing")
                        entry.object { fields in for field in hub.missing { fields.member(field.field, field.count) } }
                    }
                }
            }
            for (name, counts) in [
                ("tasks", statistics.tasks), ("libraries", statistics.libraries), ("licenses", statistics.licenses),
            ] {
                object.key(name)
                object.array { list in
                    for count in counts {
                        list.object { entry in
                            entry.member("value", count.value)
                            entry.member("count", count.count)
                        }
                    }
                }
            }
            object.member("crawls", statistics.crawls)
            object.member("snapshots", stored.snapshots)
            object.member("stored_bytes", stored.bytes)
            object.member("scanned", scans.scanned)
        }
    }

    private static func object(_ body: (inout JSONWriter) -> Void) -> JSONWriter {
        var writer = JSONWriter()
        writer.object { body(&$0) }
        return writer
    }
}
