use db::{Migration, SystemMigrations};

/// Tables of this system. Days are `YYYY-MM-DD`.
///
/// * `design.version` counts changes of the record; `design_version.lock` those of one draft, so that two editors of a
///   drawing notice each other whatever else happens to the design.
/// * A published `design_version` is never updated: every statement that writes one names the stage it is in.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "designs",
        migrations: &[Migration {
            name: "0001_designs",
            sql: "CREATE TABLE design (
                    id {uuid} NOT NULL PRIMARY KEY,
                    kind TEXT NOT NULL,
                    key TEXT NOT NULL,
                    name TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    stage TEXT NOT NULL,
                    working_id {uuid},
                    version INTEGER NOT NULL,
                    changed_at {time} NOT NULL
                  );
                  CREATE UNIQUE INDEX design_key ON design (kind, key);
                  CREATE INDEX design_body ON design (body_id, id);
                  CREATE INDEX design_region ON design (region, id);
                  CREATE TABLE design_version (
                    id {uuid} NOT NULL PRIMARY KEY,
                    design_id {uuid} NOT NULL REFERENCES design (id),
                    number INTEGER NOT NULL,
                    stage TEXT NOT NULL,
                    content TEXT NOT NULL,
                    examples TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    lock INTEGER NOT NULL,
                    editors TEXT NOT NULL,
                    editor_name TEXT NOT NULL,
                    reviewer_name TEXT NOT NULL,
                    note TEXT NOT NULL,
                    created_at {time} NOT NULL,
                    saved_at {time} NOT NULL,
                    submitted_at {time},
                    published_at {time},
                    effective_on TEXT,
                    definition_id {uuid},
                    UNIQUE (design_id, number)
                  );
                  CREATE INDEX design_version_effective ON design_version (design_id, effective_on, number);",
        }],
    }
}
