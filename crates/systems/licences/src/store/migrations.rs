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
        }],
    }
}
