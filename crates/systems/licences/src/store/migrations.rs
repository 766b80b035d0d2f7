use db::{Migration, SystemMigrations};

/// Tables of this system. Days are `YYYY-MM-DD`.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "licences",
        migrations: &[Migration {
            name: "0001_licences",
            sql: "CREATE TABLE licence_type (
                    code TEXT NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    valid_years INTEGER NOT NULL
                  );
                  CREATE TABLE licence_serial (
                    scope TEXT NOT NULL PRIMARY KEY,
                    value BIGINT NOT NULL
                  );
                  CREATE TABLE licence (
                    id {uuid} NOT NULL PRIMARY KEY,
                    identifier TEXT NOT NULL UNIQUE,
                    type_code TEXT NOT NULL,
                    type_name TEXT NOT NULL,
                    number TEXT NOT NULL,
                    case_id {uuid} UNIQUE,
                    case_no TEXT,
                    item_id {uuid} NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    holder_is_firm BOOLEAN NOT NULL,
                    holder_name {bytes} NOT NULL,
                    holder_shown TEXT NOT NULL,
                    holder_id_type TEXT NOT NULL,
                    holder_id {bytes} NOT NULL,
                    holder_id_index {bytes} NOT NULL,
                    holder_id_shown TEXT NOT NULL,
                    items {bytes} NOT NULL,
                    issued_on TEXT NOT NULL,
                    valid_from TEXT NOT NULL,
                    valid_until TEXT,
                    state TEXT NOT NULL,
                    state_reason TEXT,
                    state_at {time},
                    state_by TEXT,
                    version BIGINT NOT NULL,
                    verify_code TEXT NOT NULL UNIQUE,
                    file_id {uuid},
                    created_at {time} NOT NULL
                  );
                  CREATE INDEX licence_party ON licence (party_id, id);
                  CREATE INDEX licence_holder ON licence (holder_id_index, id);
                  CREATE INDEX licence_number ON licence (number);
                  CREATE INDEX licence_body ON licence (body_id, id);
                  CREATE INDEX licence_region ON licence (region, id);
                  CREATE TABLE licence_use (
                    id {uuid} NOT NULL PRIMARY KEY,
                    licence_id {uuid} NOT NULL,
                    at {time} NOT NULL,
                    purpose TEXT NOT NULL,
                    actor_kind TEXT NOT NULL,
                    actor_id {uuid},
                    actor_name TEXT NOT NULL
                  );
                  CREATE INDEX licence_use_licence ON licence_use (licence_id, id);",
        }, Migration {
            // A joint approval gives several licences, each of its own department; before, a case gave one at the most.
            name: "0002_licences_of_a_case",
            sql: "CREATE TABLE licence_next (
                    id {uuid} NOT NULL PRIMARY KEY,
                    identifier TEXT NOT NULL UNIQUE,
                    type_code TEXT NOT NULL,
                    type_name TEXT NOT NULL,
                    number TEXT NOT NULL,
                    case_id {uuid},
                    case_no TEXT,
                    item_id {uuid} NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    holder_is_firm BOOLEAN NOT NULL,
                    holder_name {bytes} NOT NULL,
                    holder_shown TEXT NOT NULL,
                    holder_id_type TEXT NOT NULL,
                    holder_id {bytes} NOT NULL,
                    holder_id_index {bytes} NOT NULL,
                    holder_id_shown TEXT NOT NULL,
                    items {bytes} NOT NULL,
                    issued_on TEXT NOT NULL,
                    valid_from TEXT NOT NULL,
                    valid_until TEXT,
                    state TEXT NOT NULL,
                    state_reason TEXT,
                    state_at {time},
                    state_by TEXT,
                    version BIGINT NOT NULL,
                    verify_code TEXT NOT NULL UNIQUE,
                    file_id {uuid},
                    created_at {time} NOT NULL
                  );
                  INSERT INTO licence_next (id, identifier, type_code, type_name, number, case_id, case_no, item_id, body_id, body_name, region, party_id, holder_is_firm, holder_name, holder_shown, holder_id_type, holder_id, holder_id_index, holder_id_shown, items, issued_on, valid_from, valid_until, state, state_reason, state_at, state_by, version, verify_code, file_id, created_at)
                    SELECT id, identifier, type_code, type_name, number, case_id, case_no, item_id, body_id, body_name, region, party_id, holder_is_firm, holder_name, holder_shown, holder_id_type, holder_id, holder_id_index, holder_id_shown, items, issued_on, valid_from, valid_until, state, state_reason, state_at, state_by, version, verify_code, file_id, created_at FROM licence;
                  DROP TABLE licence;
                  ALTER TABLE licence_next RENAME TO licence;
                  CREATE UNIQUE INDEX licence_case ON licence (case_id, type_code);
                  CREATE INDEX licence_party ON licence (party_id, id);
                  CREATE INDEX licence_holder ON licence (holder_id_index, id);
                  CREATE INDEX licence_number ON licence (number);
                  CREATE INDEX licence_body ON licence (body_id, id);
                  CREATE INDEX licence_region ON licence (region, id);",
        }, Migration {
            // Versions of types and of licences, acts by two people, codes that show a licence, stock, what became of a licence.
            name: "0003_versions",
            sql: "ALTER TABLE licence_type ADD COLUMN body_name TEXT NOT NULL DEFAULT '';
                  ALTER TABLE licence_type ADD COLUMN region TEXT NOT NULL DEFAULT '';
                  ALTER TABLE licence_type ADD COLUMN in_force INTEGER NOT NULL DEFAULT 0;
                  ALTER TABLE licence_type ADD COLUMN working INTEGER NOT NULL DEFAULT 0;
                  UPDATE licence_type SET
                    body_name = COALESCE((SELECT MAX(l.body_name) FROM licence l WHERE l.type_code = licence_type.code), ''),
                    region = COALESCE((SELECT MAX(l.region) FROM licence l WHERE l.type_code = licence_type.code), '');
                  CREATE INDEX licence_type_body ON licence_type (body_id, code);
                  CREATE TABLE licence_type_version (
                    code TEXT NOT NULL,
                    number INTEGER NOT NULL,
                    stage TEXT NOT NULL,
                    spec TEXT NOT NULL,
                    editors TEXT NOT NULL,
                    editor_name TEXT NOT NULL,
                    reviewer_name TEXT NOT NULL,
                    note TEXT NOT NULL,
                    lock INTEGER NOT NULL,
                    saved_at {time} NOT NULL,
                    in_force_at {time},
                    PRIMARY KEY (code, number)
                  );
                  ALTER TABLE licence ADD COLUMN series_id {uuid};
                  ALTER TABLE licence ADD COLUMN cause TEXT NOT NULL DEFAULT 'new';
                  ALTER TABLE licence ADD COLUMN predecessor_id {uuid};
                  ALTER TABLE licence ADD COLUMN successor_id {uuid};
                  ALTER TABLE licence ADD COLUMN trust TEXT NOT NULL DEFAULT 'A';
                  ALTER TABLE licence ADD COLUMN type_version INTEGER NOT NULL DEFAULT 0;
                  ALTER TABLE licence ADD COLUMN import_id {uuid};
                  ALTER TABLE licence ADD COLUMN reminded_at {time};
                  UPDATE licence SET series_id = id;
                  CREATE INDEX licence_series ON licence (series_id, id);
                  CREATE INDEX licence_ends ON licence (valid_until) WHERE state = 'valid' AND reminded_at IS NULL;
                  CREATE INDEX licence_of_type ON licence (type_code, number);
                  CREATE TABLE licence_change (
                    id {uuid} NOT NULL PRIMARY KEY,
                    licence_id {uuid} NOT NULL,
                    identifier TEXT NOT NULL,
                    state TEXT NOT NULL,
                    at {time} NOT NULL
                  );
                  CREATE INDEX licence_change_at ON licence_change (at, id);
                  CREATE TABLE licence_order (
                    id {uuid} NOT NULL PRIMARY KEY,
                    licence_id {uuid} NOT NULL,
                    body_id {uuid} NOT NULL,
                    region TEXT NOT NULL,
                    item_id {uuid} NOT NULL,
                    title TEXT NOT NULL,
                    act TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    content {bytes},
                    valid_until TEXT,
                    licence_version BIGINT NOT NULL,
                    state TEXT NOT NULL,
                    proposer_id {uuid} NOT NULL,
                    proposer_name TEXT NOT NULL,
                    proposed_at {time} NOT NULL,
                    decider_name TEXT NOT NULL,
                    decided_at {time},
                    note TEXT NOT NULL
                  );
                  CREATE UNIQUE INDEX licence_order_open ON licence_order (licence_id) WHERE state = 'open';
                  CREATE INDEX licence_order_body ON licence_order (state, body_id, id);
                  CREATE TABLE licence_key (
                    id TEXT NOT NULL PRIMARY KEY,
                    slot INTEGER NOT NULL UNIQUE,
                    sealed {bytes} NOT NULL,
                    pem TEXT NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE TABLE licence_showing (
                    id {uuid} NOT NULL PRIMARY KEY,
                    licence_id {uuid} NOT NULL,
                    party_id {uuid} NOT NULL,
                    code_index {bytes} NOT NULL UNIQUE,
                    code_sealed {bytes} NOT NULL,
                    body_id {uuid},
                    body_name TEXT NOT NULL,
                    purpose TEXT NOT NULL,
                    extent TEXT NOT NULL,
                    looks INTEGER NOT NULL,
                    looks_left INTEGER NOT NULL,
                    until {time} NOT NULL,
                    taken_back_at {time},
                    created_at {time} NOT NULL
                  );
                  CREATE INDEX licence_showing_licence ON licence_showing (licence_id, id);
                  ALTER TABLE licence_use ADD COLUMN showing_id {uuid};
                  ALTER TABLE licence_use ADD COLUMN body_id {uuid};
                  ALTER TABLE licence_use ADD COLUMN region TEXT NOT NULL DEFAULT '';
                  ALTER TABLE licence_use ADD COLUMN item_id {uuid};
                  ALTER TABLE licence_use ADD COLUMN day TEXT NOT NULL DEFAULT '';
                  ALTER TABLE licence_use ADD COLUMN off_hours INTEGER NOT NULL DEFAULT 0;
                  CREATE INDEX licence_use_day ON licence_use (day, actor_id);
                  CREATE TABLE licence_import (
                    id {uuid} NOT NULL PRIMARY KEY,
                    type_code TEXT NOT NULL,
                    type_name TEXT NOT NULL,
                    type_version INTEGER NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    body_uscc TEXT NOT NULL,
                    region TEXT NOT NULL,
                    file_name TEXT NOT NULL,
                    digest TEXT NOT NULL UNIQUE,
                    columns TEXT NOT NULL,
                    state TEXT NOT NULL,
                    rows_total INTEGER NOT NULL,
                    rows_checked INTEGER NOT NULL,
                    rows_bad INTEGER NOT NULL,
                    rows_done INTEGER NOT NULL,
                    rows_issued INTEGER NOT NULL,
                    uploader_id {uuid} NOT NULL,
                    uploader_name TEXT NOT NULL,
                    decider_name TEXT NOT NULL,
                    note TEXT NOT NULL,
                    created_at {time} NOT NULL,
                    decided_at {time}
                  );
                  CREATE INDEX licence_import_body ON licence_import (body_id, id);
                  CREATE TABLE licence_import_row (
                    import_id {uuid} NOT NULL,
                    number INTEGER NOT NULL,
                    raw {bytes} NOT NULL,
                    key TEXT NOT NULL,
                    reasons TEXT,
                    PRIMARY KEY (import_id, number)
                  );
                  CREATE INDEX licence_import_key ON licence_import_row (import_id, key);",
        }],
    }
}
