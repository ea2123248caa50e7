/// The tables of inspections and the public views over them (docs/catalog.md). The records on the disk are the truth: `weir rebuild` makes these rows
/// from them.
enum InspectionMigration {
    static let tables = """
        CREATE TABLE inspection (
            id INTEGER PRIMARY KEY, package TEXT NOT NULL, revision TEXT NOT NULL, at TEXT NOT NULL, family TEXT NOT NULL,
            -- Measures and what each was read from, as JSON.
            measures TEXT NOT NULL, evidence TEXT NOT NULL, parameters INTEGER NOT NULL, tensors INTEGER NOT NULL,
            bytes_read INTEGER NOT NULL, bytes_total INTEGER NOT NULL, requests INTEGER NOT NULL, is_complete INTEGER NOT NULL,
            UNIQUE (package, revision)
        ) STRICT;
        CREATE TABLE inspected_file (
            inspection INTEGER NOT NULL, path TEXT NOT NULL, format TEXT, size INTEGER NOT NULL, bytes_read INTEGER NOT NULL,
            -- What was not understood, as JSON; NULL where there is nothing.
            problems TEXT,
            PRIMARY KEY (inspection, path)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX inspected_file_by_format ON inspected_file (format);
        CREATE TABLE inspected_type (
            inspection INTEGER NOT NULL, path TEXT NOT NULL, dtype TEXT NOT NULL, tensors INTEGER NOT NULL, elements INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            PRIMARY KEY (inspection, path, dtype)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE inspected_claim (
            inspection INTEGER NOT NULL, contradiction INTEGER NOT NULL, claim INTEGER NOT NULL, about TEXT NOT NULL, value TEXT NOT NULL,
            source TEXT NOT NULL,
            PRIMARY KEY (inspection, contradiction, claim)
        ) STRICT, WITHOUT ROWID;
        """

    static let views = """
        CREATE VIEW formats AS SELECT i.package AS package, i.revision AS revision, f.path AS path, f.format AS format, f.size AS size,
            f.bytes_read AS bytes_read,
            (SELECT coalesce(sum(t.tensors), 0) FROM inspected_type t WHERE t.inspection = f.inspection AND t.path = f.path) AS tensors,
            coalesce(json_array_length(f.problems), 0) AS problems, f.problems ->> '$[0].message' AS problem
        FROM inspected_file f JOIN inspection i ON i.id = f.inspection;

        CREATE VIEW tensors_summary AS SELECT i.package AS package, i.revision AS revision, t.path AS path, f.format AS format,
            t.dtype AS dtype, t.tensors AS tensors, t.elements AS elements, t.bytes AS bytes
        FROM inspected_type t JOIN inspection i ON i.id = t.inspection
            JOIN inspected_file f ON f.inspection = t.inspection AND f.path = t.path;

        CREATE VIEW architectures AS SELECT package, revision, nullif(family, 'unknown') AS family, parameters, tensors,
            measures ->> 'layers' AS layers, measures ->> 'decoder_layers' AS decoder_layers, measures ->> 'hidden_size' AS hidden_size,
            measures ->> 'heads' AS heads, measures ->> 'kv_heads' AS kv_heads, measures ->> 'head_size' AS head_size,
            measures ->> 'intermediate_size' AS intermediate_size, measures ->> 'experts' AS experts,
            measures ->> 'vocab_size' AS vocab_size, measures ->> 'context_length' AS context_length, measures ->> 'rank' AS rank,
            evidence, at, bytes_read, bytes_total, requests
        FROM inspection WHERE tensors > 0;

        CREATE VIEW contradictions AS SELECT i.package AS package, i.revision AS revision, c.contradiction AS number, c.about AS about,
            c.value AS value, c.source AS source
        FROM inspected_claim c JOIN inspection i ON i.id = c.inspection;
        """
}
