use db::{Migration, SystemMigrations};

/// Tables of this system.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "seals",
        migrations: &[Migration {
            name: "0001_seals",
            sql: "CREATE TABLE trust_key (
                    name TEXT NOT NULL PRIMARY KEY,
                    handle {bytes} NOT NULL,
                    certificate {bytes} NOT NULL,
                    fingerprint TEXT NOT NULL UNIQUE,
                    made_at {time} NOT NULL,
                    ended_at {time}
                  );
                  CREATE TABLE trust_list (
                    name TEXT NOT NULL PRIMARY KEY,
                    number BIGINT NOT NULL,
                    list {bytes} NOT NULL,
                    next_at {time} NOT NULL
                  );
                  CREATE TABLE seal (
                    id {uuid} NOT NULL PRIMARY KEY,
                    number TEXT UNIQUE,
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    purposes TEXT NOT NULL,
                    automatic BOOLEAN NOT NULL,
                    physical_no TEXT NOT NULL,
                    grounds TEXT NOT NULL,
                    replaces {uuid},
                    state TEXT NOT NULL,
                    state_reason TEXT NOT NULL,
                    state_by TEXT NOT NULL,
                    state_at {time} NOT NULL,
                    applied_by {uuid},
                    applied_by_name TEXT NOT NULL,
                    applied_at {time} NOT NULL,
                    valid_from {time},
                    valid_until {time},
                    version BIGINT NOT NULL
                  );
                  CREATE INDEX seal_body ON seal (body_id, state);
                  CREATE UNIQUE INDEX seal_one_in_force ON seal (body_id, kind) WHERE state IN ('in_force', 'suspended');
                  CREATE TABLE seal_made (
                    seal_id {uuid} NOT NULL PRIMARY KEY,
                    esl {bytes} NOT NULL,
                    picture {bytes} NOT NULL
                  );
                  CREATE TABLE seal_serial (
                    region TEXT NOT NULL PRIMARY KEY,
                    last INTEGER NOT NULL
                  );
                  CREATE TABLE seal_holder (
                    id {uuid} NOT NULL PRIMARY KEY,
                    seal_id {uuid} NOT NULL,
                    staff_id {uuid},
                    holder TEXT NOT NULL,
                    granted_by TEXT NOT NULL,
                    granted_at {time} NOT NULL,
                    ended_by TEXT,
                    ended_at {time}
                  );
                  CREATE INDEX seal_holder_seal ON seal_holder (seal_id, granted_at);
                  CREATE UNIQUE INDEX seal_holder_once ON seal_holder (seal_id, holder) WHERE ended_at IS NULL;
                  CREATE TABLE seal_use (
                    id {uuid} NOT NULL PRIMARY KEY,
                    seal_id {uuid} NOT NULL,
                    at {time} NOT NULL,
                    purpose TEXT NOT NULL,
                    paper_id {uuid} NOT NULL,
                    case_id {uuid},
                    title TEXT NOT NULL,
                    number TEXT NOT NULL,
                    pdf_digest TEXT,
                    ofd_digest TEXT,
                    actor_kind TEXT NOT NULL,
                    actor_id {uuid},
                    actor_name TEXT NOT NULL,
                    refused TEXT
                  );
                  CREATE INDEX seal_use_seal ON seal_use (seal_id, id);
                  CREATE TABLE paper (
                    id {uuid} NOT NULL PRIMARY KEY,
                    purpose TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    case_id {uuid},
                    title TEXT NOT NULL,
                    number TEXT NOT NULL,
                    pdf_file {uuid},
                    ofd_file {uuid},
                    pdf_digest TEXT,
                    ofd_digest TEXT,
                    seal_id {uuid},
                    unsealed TEXT,
                    made_at {time} NOT NULL
                  );
                  CREATE INDEX paper_pdf ON paper (pdf_digest);
                  CREATE INDEX paper_ofd ON paper (ofd_digest);
                  CREATE INDEX paper_unsealed ON paper (body_id, id) WHERE unsealed IS NOT NULL;",
        }],
    }
}
