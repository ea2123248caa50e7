public import Catalog
public import Documents
import ModelPackage

/// Writes a package as `docs/schema/package.schema.json` describes it: every value of the uniform schema, unknown ones left
/// out, each with its evidence beside it under the same key in `evidence`.
public enum PackageJSON {
    public static func write(_ entry: CatalogPackage, to writer: inout JSONWriter) {
        let package = entry.package
        writer.object { object in
            object.member("id", package.id.description)
            object.member("hub", package.id.hub.rawValue)
            object.member("name", package.id.name)
            object.member("title", package.title?.value)
            object.member("summary", package.summary?.value)
            object.member("owner", package.owner?.value)
            object.member("url", package.url?.value)
            object.member("owner_url", package.ownerURL?.value)
            object.member("task", package.task?.value)
            object.member("library", package.library?.value)
            object.member("architecture", package.architecture?.value)
            object.member("license", package.licenses.first?.value.id)
            object.member("revision", package.revision?.value.hex)
            object.member("downloads", package.downloads?.value)
            object.member("likes", package.likes?.value)
            if let gated = package.gated?.value {
                object.key("gated")
                if gated == .open { object.bool(false) } else { object.string(gated.rawValue) }
            }
            object.member("private", package.isPrivate?.value)
            object.member("disabled", package.isDisabled?.value)
            object.member("created_at", package.createdAt?.value.description)
            object.member("modified_at", package.modifiedAt?.value.description)
            object.member("first_seen", entry.firstSeen?.description)
            object.member("last_seen", entry.lastSeen?.description)
            object.member("removed_at", entry.removedAt?.description)
            if !package.tags.isEmpty { object.member("tags", package.tags.map(\.value)) }
            if !package.languages.isEmpty { object.member("languages", package.languages.map(\.value)) }
            writeLists(of: package, to: &object)
            writeFacts(of: package, to: &object)
            writeEvidence(of: package, to: &object)
        }
    }

    private static func writeLists(of package: Package, to object: inout JSONWriter) {
        list("licenses", package.licenses.map(\.value), to: &object) { license, entry in
            entry.member("id", license.id)
            entry.member("name", license.name)
            entry.member("link", license.link)
        }
        list("datasets", package.datasets, to: &object) { dataset, entry in
            entry.member("name", dataset.value.name)
            entry.member("url", dataset.value.url)
            write(dataset.evidence, to: &entry)
        }
        list("papers", package.papers, to: &object) { paper, entry in
            entry.member("kind", paper.value.kind.rawValue)
            entry.member("id", paper.value.id)
            entry.member("url", paper.value.url)
            write(paper.evidence, to: &entry)
        }
        list("base_models", package.baseModels, to: &object) { base, entry in
            entry.member("name", base.value.name)
            entry.member("relation", base.value.relation?.rawValue)
            write(base.evidence, to: &entry)
        }
        list("files", package.files, to: &object) { file, entry in
            entry.member("path", file.path)
            entry.member("size", file.size)
            entry.member("sha256", file.sha256?.hex)
            entry.member("git_oid", file.gitObjectID?.hex)
            entry.member("lfs", file.isLFS)
        }
        list("parameters", package.parameters, to: &object) { count, entry in
            entry.member("dtype", count.value.dataType)
            entry.member("count", count.value.count)
            write(count.evidence, to: &entry)
        }
        list("evaluations", package.evaluations, to: &object) { evaluation, entry in
            entry.member("task", evaluation.value.task)
            entry.member("dataset", evaluation.value.dataset)
            entry.member("metric", evaluation.value.metric)
            entry.member("value", evaluation.value.value)
            write(evaluation.evidence, to: &entry)
        }
        list("entry_points", package.entryPoints, to: &object) { point, entry in
            entry.member("repository", point.value.repository)
            entry.member("ref", point.value.ref)
            entry.member("name", point.value.name)
            entry.member("variants", point.value.variants)
            write(point.evidence, to: &entry)
        }
        list("refs", package.references, to: &object) { reference, entry in
            entry.member("kind", reference.kind.rawValue)
            entry.member("name", reference.name)
            entry.member("ref", reference.ref)
            entry.member("target", reference.target.hex)
        }
        list("commits", package.commits, to: &object) { commit, entry in
            entry.member("id", commit.id.hex)
            entry.member("title", commit.title)
            entry.member("authors", commit.authors)
            entry.member("date", commit.date.description)
        }
    }

    private static func writeFacts(of package: Package, to object: inout JSONWriter) {
        list("facts", package.facts, to: &object) { fact, entry in
            entry.member("name", fact.name)
            entry.key("value")
            entry.raw(fact.json.utf8)
            write(fact.evidence, to: &entry)
        }
    }

    private static func writeEvidence(of package: Package, to object: inout JSONWriter) {
        object.key("evidence")
        object.object { fields in
            for (field, evidence) in package.singleEvidence {
                fields.key(field)
                fields.object { entry in
                    entry.member("place", evidence.place)
                    entry.member("method", evidence.method.rawValue)
                }
            }
        }
    }

    private static func write(_ evidence: Evidence, to entry: inout JSONWriter) {
        entry.key("evidence")
        entry.object { object in
            object.member("place", evidence.place)
            object.member("method", evidence.method.rawValue)
        }
    }

    private static func list<Value>(
        _ key: String, _ values: [Value], to object: inout JSONWriter, _ write: (Value, inout JSONWriter) -> Void
    ) {
        guard !values.isEmpty else { return }
        object.key(key)
        object.array { list in
            for value in values { list.object { entry in write(value, &entry) } }
        }
    }
}
