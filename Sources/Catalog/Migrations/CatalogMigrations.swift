import GRDB

/// Every change of the catalog's form, in order. A migration that has been released is never edited.
enum CatalogMigrations {
    /// `Weir` in ASCII: what tells a catalog from another program's database.
    static let applicationID = 0x5765_6972

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 packages, crawls and search") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: FirstMigration.tables)
            try db.execute(sql: FirstMigration.views)
        }
        migrator.registerMigration("2 snapshots") { db in
            try db.execute(sql: SnapshotMigration.tables)
            try db.execute(sql: SnapshotMigration.views)
        }
        migrator.registerMigration("3 inspections") { db in
            try db.execute(sql: InspectionMigration.tables)
            try db.execute(sql: InspectionMigration.views)
        }
        migrator.registerMigration("4 scans") { db in
            try db.execute(sql: ScanMigration.tables)
            try db.execute(sql: ScanMigration.views)
        }
        migrator.registerMigration("5 beginnings of names") { db in try SearchMigration.indexAgain(db) }
        return migrator
    }
}

/// The tables of the first version and the public views over them (docs/catalog.md).
///
/// Text that repeats much (tags, languages, tasks, paths, …) stands once in `term`; hashes are kept as bytes. Link tables are keyed
/// by package first, so that a package's rows lie together and a crawl appends.
private enum FirstMigration {
    static let tables = """
        CREATE TABLE crawl (
            id INTEGER PRIMARY KEY,
            hub TEXT NOT NULL,
            source TEXT NOT NULL,
            query TEXT NOT NULL,
            is_complete INTEGER NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted')),
            listed INTEGER NOT NULL DEFAULT 0,
            added INTEGER NOT NULL DEFAULT 0,
            updated INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0,
            removed INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0,
            resume_point TEXT,
            record_length INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE crawl_failure (
            crawl INTEGER NOT NULL REFERENCES crawl(id),
            number INTEGER NOT NULL,
            package TEXT,
            reason TEXT NOT NULL,
            PRIMARY KEY (crawl, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

        CREATE TABLE evidence_source (
            id INTEGER PRIMARY KEY,
            place TEXT NOT NULL,
            method TEXT NOT NULL,
            UNIQUE (place, method)
        ) STRICT;

        -- The evidence of a package's single values: {"task": ["pipeline_tag", "stated"], …}. Few differ, so they are shared.
        CREATE TABLE evidence_set (id INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE) STRICT;

        CREATE TABLE package (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            hub TEXT NOT NULL,
            number INTEGER NOT NULL,
            title TEXT,
            summary TEXT,
            owner TEXT,
            url TEXT,
            owner_url TEXT,
            task INTEGER REFERENCES term(id),
            library INTEGER REFERENCES term(id),
            architecture INTEGER REFERENCES term(id),
            license INTEGER REFERENCES term(id),
            revision BLOB,
            downloads INTEGER,
            likes INTEGER,
            gated TEXT,
            private INTEGER,
            disabled INTEGER,
            created_at TEXT,
            modified_at TEXT,
            first_crawl INTEGER NOT NULL REFERENCES crawl(id),
            last_crawl INTEGER NOT NULL REFERENCES crawl(id),
            removed_at TEXT,
            content_hash BLOB NOT NULL,
            search_row INTEGER,
            file_list INTEGER REFERENCES file_list(id),
            evidence INTEGER NOT NULL REFERENCES evidence_set(id),
            details TEXT,
            record_crawl INTEGER NOT NULL,
            record_frame INTEGER NOT NULL,
            record_line INTEGER NOT NULL
        ) STRICT;

        -- The number that a hub's next new package gets.
        CREATE TABLE hub_counter (hub TEXT PRIMARY KEY, next_number INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE package_tag (
            package INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (package, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE package_language (
            package INTEGER NOT NULL, language INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (package, language)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE package_dataset (
            package INTEGER NOT NULL, dataset INTEGER NOT NULL, url TEXT, source INTEGER NOT NULL,
            PRIMARY KEY (package, dataset)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE package_paper (
            package INTEGER NOT NULL, paper TEXT NOT NULL, kind TEXT NOT NULL, source INTEGER NOT NULL,
            PRIMARY KEY (package, paper)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE package_base (
            package INTEGER NOT NULL, number INTEGER NOT NULL, base TEXT NOT NULL, relation TEXT, source INTEGER NOT NULL,
            PRIMARY KEY (package, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX package_base_by_base ON package_base (base);
        -- Many packages have the very same files by name (adapters, conversions, copies); each list stands once.
        CREATE TABLE file_list (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE) STRICT;
        CREATE TABLE file_list_entry (
            list INTEGER NOT NULL, path INTEGER NOT NULL, size INTEGER, sha256 BLOB, git_oid BLOB, lfs INTEGER,
            PRIMARY KEY (list, path)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX file_list_entry_by_sha256 ON file_list_entry (sha256) WHERE sha256 IS NOT NULL;
        CREATE TABLE package_reference (
            package INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, ref TEXT NOT NULL, target TEXT NOT NULL,
            PRIMARY KEY (package, ref)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE package_commit (
            package INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, authors TEXT NOT NULL,
            date TEXT NOT NULL, PRIMARY KEY (package, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE observation (
            package INTEGER NOT NULL, crawl INTEGER NOT NULL, revision BLOB, downloads INTEGER, likes INTEGER,
            PRIMARY KEY (package, crawl)
        ) STRICT, WITHOUT ROWID;

        -- Words and facets of each package; its row numbers run from the most used package down (see SearchRow).
        CREATE VIRTUAL TABLE search USING fts5(
            document, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
        );
        """

    static let views = """
        CREATE VIEW packages AS SELECT
            p.id AS id, p.hub AS hub, substr(p.id, length(p.hub) + 2) AS name, p.owner AS owner,
            CASE WHEN p.hub = 'huggingface' THEN 'https://huggingface.co/' || substr(p.id, 13) ELSE p.url END AS url,
            CASE WHEN p.hub = 'huggingface' THEN 'https://huggingface.co/' || p.owner ELSE p.owner_url END AS owner_url,
            task.text AS task, library.text AS library, architecture.text AS architecture, license.text AS license,
            nullif(lower(hex(p.revision)), '') AS revision, p.downloads AS downloads, p.likes AS likes, p.gated AS gated,
            p.private AS private, p.disabled AS disabled, p.created_at AS created_at, p.modified_at AS modified_at,
            first.started_at AS first_seen, last.started_at AS last_seen, p.removed_at AS removed_at
        FROM package p
            LEFT JOIN term task ON task.id = p.task
            LEFT JOIN term library ON library.id = p.library
            LEFT JOIN term architecture ON architecture.id = p.architecture
            LEFT JOIN term license ON license.id = p.license
            LEFT JOIN crawl first ON first.id = p.first_crawl
            LEFT JOIN crawl last ON last.id = p.last_crawl;

        CREATE VIEW tags AS SELECT p.id AS package, t.text AS tag
        FROM package_tag x JOIN package p ON p.key = x.package JOIN term t ON t.id = x.tag;

        CREATE VIEW datasets AS SELECT p.id AS package, t.text AS dataset,
            CASE WHEN x.url = '' THEN 'https://huggingface.co/datasets/' || t.text ELSE x.url END AS url
        FROM package_dataset x JOIN package p ON p.key = x.package JOIN term t ON t.id = x.dataset;

        CREATE VIEW papers AS SELECT p.id AS package, x.paper AS paper, x.kind AS kind
        FROM package_paper x JOIN package p ON p.key = x.package;

        CREATE VIEW languages AS SELECT p.id AS package, t.text AS language
        FROM package_language x JOIN package p ON p.key = x.package JOIN term t ON t.id = x.language;

        CREATE VIEW base_models AS SELECT p.id AS package, x.base AS base, x.relation AS relation, s.place AS source
        FROM package_base x JOIN package p ON p.key = x.package JOIN evidence_source s ON s.id = x.source;

        CREATE VIEW files AS SELECT p.id AS package, nullif(lower(hex(p.revision)), '') AS revision, t.text AS path, x.size AS size,
            nullif(lower(hex(x.sha256)), '') AS sha256, nullif(lower(hex(x.git_oid)), '') AS git_oid, x.lfs AS lfs
        FROM file_list_entry x JOIN package p ON p.file_list = x.list JOIN term t ON t.id = x.path;

        CREATE VIEW crawls AS SELECT id, hub, source, started_at, finished_at, state, listed, added, updated, unchanged,
            removed, failed
        FROM crawl;

        CREATE VIEW observations AS SELECT p.id AS package, o.crawl AS crawl, c.started_at AS at,
            nullif(lower(hex(o.revision)), '') AS revision, o.downloads AS downloads, o.likes AS likes
        FROM observation o JOIN package p ON p.key = o.package JOIN crawl c ON c.id = o.crawl;

        CREATE VIEW descriptions AS SELECT id AS package, title, summary FROM package
        WHERE title IS NOT NULL OR summary IS NOT NULL;

        CREATE VIEW failures AS SELECT crawl, package, reason FROM crawl_failure;

        CREATE VIEW licenses AS
        SELECT p.id AS package, t.text AS license, NULL AS name, NULL AS link
        FROM package p JOIN term t ON t.id = p.license WHERE p.details ->> '$.licenses' IS NULL
        UNION ALL
        SELECT p.id, j.value ->> '$.id', j.value ->> '$.name', j.value ->> '$.link'
        FROM package p, json_each(p.details, '$.licenses') j;

        CREATE VIEW parameters AS SELECT p.id AS package, j.value ->> '$.type' AS dtype, j.value ->> '$.count' AS count
        FROM package p, json_each(p.details, '$.parameters') j;

        CREATE VIEW evaluations AS SELECT p.id AS package, j.value ->> '$.task' AS task, j.value ->> '$.dataset' AS dataset,
            j.value ->> '$.metric' AS metric, j.value ->> '$.value' AS value, j.value ->> '$.source' AS source
        FROM package p, json_each(p.details, '$.evaluations') j;

        CREATE VIEW entry_points AS SELECT p.id AS package, j.value ->> '$.repository' AS repository,
            j.value ->> '$.ref' AS ref, j.value ->> '$.name' AS name, j.value ->> '$.variants' AS variants,
            j.value ->> '$.source' AS source
        FROM package p, json_each(p.details, '$.entry_points') j;

        CREATE VIEW facts AS SELECT p.id AS package, j.value ->> '$[0]' AS fact,
            json_extract(j.value, '$[1]') AS value, j.value ->> '$[2]' AS source
        FROM package p, json_each(p.details, '$.facts') j;

        CREATE VIEW refs AS SELECT p.id AS package, r.kind AS kind, r.name AS name, r.ref AS ref, r.target AS target
        FROM package_reference r JOIN package p ON p.key = r.package;

        CREATE VIEW commits AS SELECT p.id AS package, c.id AS id, c.title AS title, c.authors AS authors, c.date AS date
        FROM package_commit c JOIN package p ON p.key = c.package;

        CREATE VIEW evidence AS
        SELECT p.id AS package, j.key AS field, j.value ->> 0 AS source, j.value ->> 1 AS method
        FROM package p JOIN evidence_set e ON e.id = p.evidence, json_each(e.fields) j
        UNION ALL SELECT p.id, 'tag ' || (j.value ->> '$.tag'), j.value ->> '$.source', coalesce(j.value ->> '$.method', 'stated')
            FROM package p, json_each(p.details, '$.tags') j
        UNION ALL SELECT p.id, 'language ' || t.text, s.place, s.method FROM package_language x
            JOIN package p ON p.key = x.package JOIN term t ON t.id = x.language JOIN evidence_source s ON s.id = x.source
        UNION ALL SELECT p.id, 'dataset ' || t.text, s.place, s.method FROM package_dataset x
            JOIN package p ON p.key = x.package JOIN term t ON t.id = x.dataset JOIN evidence_source s ON s.id = x.source
        UNION ALL SELECT p.id, 'paper ' || x.paper, s.place, s.method FROM package_paper x
            JOIN package p ON p.key = x.package JOIN evidence_source s ON s.id = x.source
        UNION ALL SELECT p.id, 'base ' || x.base, s.place, s.method FROM package_base x
            JOIN package p ON p.key = x.package JOIN evidence_source s ON s.id = x.source;
        """
}
