import Documents
import ModelPackage

/// The values of a package that have no table of their own, as one JSON object; views and readers unfold it.
enum PackageDetails {
    static func json(of package: Package) -> String? {
        let named = package.licenses.count > 1 || package.licenses.contains { $0.value.name != nil || $0.value.link != nil }
        let tags = package.tags.filter { $0.evidence != package.tags.first?.evidence }
        if !named, tags.isEmpty, package.parameters.isEmpty, package.evaluations.isEmpty, package.entryPoints.isEmpty,
            package.facts.isEmpty
        {
            return nil
        }
        var writer = JSONWriter()
        writer.object { object in
            if named { list("licenses", package.licenses, in: &object, write) }
            // The evidence of the first tag stands for all that share it.
            list("tags", tags, in: &object) { tag, entry in entry.member("tag", tag) }
            list("parameters", package.parameters, in: &object, write)
            list("evaluations", package.evaluations, in: &object, write)
            list("entry_points", package.entryPoints, in: &object, write)
            if !package.facts.isEmpty {
                object.key("facts")
                object.array { facts in
                    for fact in package.facts {
                        // Positional, for there are many: name, value, place, and the method where it is not `stated`.
                        facts.array { entry in
                            entry.string(fact.name)
                            entry.raw(fact.json.utf8)
                            entry.string(fact.evidence.place)
                            if fact.evidence.method != .stated { entry.string(fact.evidence.method.rawValue) }
                        }
                    }
                }
            }
        }
        return writer.text
    }

    /// Puts back into a package what ``json(of:)`` took from it.
    static func read(_ json: String, into package: inout Package) throws {
        let root = try JSONDocument(Array(json.utf8)).root
        let licenses = root["licenses"].map { Array($0.elements) } ?? []
        if !licenses.isEmpty {
            package.licenses = licenses.map { entry in
                Sourced(
                    License(id: entry["id"]?.string ?? "", name: entry["name"]?.string, link: entry["link"]?.string),
                    evidence(entry))
            }
        }
        for entry in root["tags"].map({ Array($0.elements) }) ?? [] {
            for index in package.tags.indices where package.tags[index].value == entry["tag"]?.string {
                package.tags[index].evidence = evidence(entry)
            }
        }
        for entry in root["parameters"].map({ Array($0.elements) }) ?? [] {
            let count = ParameterCount(dataType: entry["type"]?.string ?? "", count: entry["count"]?.int64 ?? 0)
            package.parameters.append(Sourced(count, evidence(entry)))
        }
        for entry in root["evaluations"].map({ Array($0.elements) }) ?? [] {
            let evaluation = Evaluation(
                task: entry["task"]?.string, dataset: entry["dataset"]?.string, metric: entry["metric"]?.string ?? "",
                value: entry["value"]?.string ?? "")
            package.evaluations.append(Sourced(evaluation, evidence(entry)))
        }
        for entry in root["entry_points"].map({ Array($0.elements) }) ?? [] {
            let point = EntryPoint(
                repository: entry["repository"]?.string ?? "", ref: entry["ref"]?.string, name: entry["name"]?.string,
                variants: entry["variants"]?.elements.compactMap { $0.string } ?? [])
            package.entryPoints.append(Sourced(point, evidence(entry)))
        }
        for entry in root["facts"].map({ Array($0.elements) }) ?? [] {
            let parts = Array(entry.elements)
            guard parts.count >= 3 else { continue }
            let method = parts.count > 3 ? parts[3].string.flatMap { Evidence.Method(rawValue: $0) } : nil
            package.facts.append(
                Fact(parts[0].string ?? "", json: parts[1].text, Evidence(parts[2].string ?? "", method ?? .stated)))
        }
    }

    private static func list<Value>(
        _ key: String, _ values: [Sourced<Value>], in object: inout JSONWriter, _ write: (Value, inout JSONWriter) -> Void
    ) {
        guard !values.isEmpty else { return }
        object.key(key)
        object.array { array in
            for value in values {
                array.object { entry in
                    write(value.value, &entry)
                    source(value.evidence, in: &entry)
                }
            }
        }
    }

    private static func write(_ license: License, in entry: inout JSONWriter) {
        entry.member("id", license.id)
        entry.member("name", license.name)
        entry.member("link", license.link)
    }

    private static func write(_ count: ParameterCount, in entry: inout JSONWriter) {
        entry.member("type", count.dataType)
        entry.member("count", count.count)
    }

    private static func write(_ evaluation: Evaluation, in entry: inout JSONWriter) {
        entry.member("task", evaluation.task)
        entry.member("dataset", evaluation.dataset)
        entry.member("metric", evaluation.metric)
        entry.member("value", evaluation.value)
    }

    private static func write(_ point: EntryPoint, in entry: inout JSONWriter) {
        entry.member("repository", point.repository)
        entry.member("ref", point.ref)
        entry.member("name", point.name)
        entry.member("variants", point.variants)
    }

    /// Most values are stated as they are, so only another method is written.
    private static func source(_ evidence: Evidence, in entry: inout JSONWriter) {
        entry.member("source", evidence.place)
        if evidence.method != .stated { entry.member("method", evidence.method.rawValue) }
    }

    private static func evidence(_ entry: JSONValue) -> Evidence {
        Evidence(
            entry["source"]?.string ?? "", entry["method"]?.string.flatMap { Evidence.Method(rawValue: $0) } ?? .stated)
    }
}
