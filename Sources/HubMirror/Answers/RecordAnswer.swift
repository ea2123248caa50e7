import Documents
import ModelPackage

/// Models, trees and histories in the words of the Hub's API.
enum RecordAnswer {
    static func list(_ page: ModelPage, _ fields: FieldChoice) -> JSONWriter {
        var writer = JSONWriter()
        writer.array { list in
            for record in page.records {
                list.object { object in
                    for key in record.keys.sorted() where fields.includes(key) {
                        object.key(key)
                        object.raw((record[key] ?? "null").utf8)
                    }
                }
            }
        }
        return writer
    }

    /// A model's record with the fields that are asked for.
    static func record(of revision: MirroredRevision, _ fields: FieldChoice) -> JSONWriter {
        var writer = JSONWriter()
        writer.object { object in
            for key in Set(revision.fields.keys).union(["sha", "siblings"]).sorted() where fields.includes(key) {
                object.key(key)
                switch key {
                case "siblings": siblings(revision.files, withBlobs: fields.wantsBlobs, to: &object)
                case "sha": object.string(revision.commit)
                default: object.raw((revision.fields[key] ?? "null").utf8)
                }
            }
        }
        return writer
    }

    private static func siblings(_ files: [MirroredRevision.File], withBlobs: Bool, to object: inout JSONWriter) {
        object.array { list in
            for file in files {
                list.object { entry in
                    entry.member("rfilename", file.path)
                    guard withBlobs else { return }
                    entry.member("blobId", file.gitObjectID)
                    entry.member("size", file.size)
                    if let sha256 = file.sha256 {
                        entry.key("lfs")
                        entry.object { lfs in
                            lfs.member("sha256", sha256)
                            lfs.member("size", file.size)
                            lfs.member("pointerSize", file.pointerSize)
                        }
                    }
                }
            }
        }
    }

    static func references(of model: MirroredModel) -> JSONWriter {
        var writer = JSONWriter()
        func list(_ key: String, _ entries: [String: String], _ prefix: String, _ object: inout JSONWriter) {
            object.key(key)
            object.array { array in
                for (name, target) in entries.sorted(by: { $0.key < $1.key }) {
                    array.object { entry in
                        entry.member("name", name)
                        entry.member("ref", prefix + name)
                        entry.member("targetCommit", target)
                    }
                }
            }
        }
        writer.object { object in
            list("tags", model.tags, "refs/tags/", &object)
            let main = model.branches["main"] == nil && !model.head.isEmpty ? ["main": model.head] : [:]
            list("branches", model.branches.merging(main) { $1 }, "refs/heads/", &object)
            list("converts", [:], "", &object)
        }
        return writer
    }

    static func commits(_ commits: ArraySlice<MirroredCommit>) -> JSONWriter {
        var writer = JSONWriter()
        writer.array { list in
            for commit in commits {
                list.object { entry in
                    entry.member("id", commit.id)
                    entry.member("title", commit.title)
                    entry.member("message", commit.message)
                    entry.key("authors")
                    entry.array { authors in for author in commit.authors { authors.object { $0.member("user", author) } } }
                    entry.member("date", commit.date.description)
                }
            }
        }
        return writer
    }

    static func tree(_ entries: ArraySlice<TreeEntries.Entry>) -> JSONWriter {
        var writer = JSONWriter()
        writer.array { list in for entry in entries { entry.write(to: &list) } }
        return writer
    }
}
