use db::{Migration, SystemMigrations};

/// Tables of this system.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "identity",
        migrations: &[Migration {
            name: "0001_identity",
            sql: "CREATE TABLE party (
                    id {uuid} NOT NULL PRIMARY KEY,
                    kind TEXT NOT NULL,
                    id_type TEXT NOT NULL,
                    id_index {bytes} NOT NULL UNIQUE,
                    id_sealed {bytes} NOT NULL,
                    id_masked TEXT NOT NULL,
                    name_sealed {bytes} NOT NULL,
                    name_masked TEXT NOT NULL,
                    phone_sealed {bytes} NOT NULL,
                    address_sealed {bytes} NOT NULL,
                    representative_sealed {bytes},
                    assurance INTEGER NOT NULL,
                    version INTEGER NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE TABLE account (
                    id {uuid} NOT NULL PRIMARY KEY,
                    kind TEXT NOT NULL,
                    party_id {uuid} UNIQUE REFERENCES party (id),
                    staff_id {uuid} UNIQUE,
                    login_masked TEXT NOT NULL,
                    password_hash TEXT NOT NULL,
                    failures INTEGER NOT NULL,
                    locked_until {time},
                    totp_sealed {bytes},
                    totp_pending {bytes},
                    totp_step BIGINT NOT NULL,
                    must_change BOOLEAN NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE TABLE account_login (
                    login_index {bytes} NOT NULL PRIMARY KEY,
                    account_id {uuid} NOT NULL REFERENCES account (id)
                  );
                  CREATE INDEX account_login_account ON account_login (account_id);
                  CREATE TABLE agent_grant (
                    id {uuid} NOT NULL PRIMARY KEY,
                    firm_party {uuid} NOT NULL REFERENCES party (id),
                    person_party {uuid} NOT NULL REFERENCES party (id),
                    scope TEXT NOT NULL,
                    from_day TEXT NOT NULL,
                    until_day TEXT NOT NULL,
                    revoked_at {time},
                    created_at {time} NOT NULL
                  );
                  CREATE INDEX agent_grant_firm ON agent_grant (firm_party, id);
                  CREATE INDEX agent_grant_person ON agent_grant (person_party, id);
                  CREATE TABLE session (
                    id {uuid} NOT NULL PRIMARY KEY,
                    token_hash TEXT NOT NULL UNIQUE,
                    account_id {uuid} NOT NULL REFERENCES account (id),
                    stage TEXT NOT NULL,
                    acting_grant {uuid} REFERENCES agent_grant (id),
                    created_at {time} NOT NULL,
                    last_seen {time} NOT NULL,
                    expires_at {time} NOT NULL,
                    address TEXT NOT NULL,
                    device TEXT NOT NULL,
                    revoked_at {time}
                  );
                  CREATE INDEX session_account ON session (account_id, id);
                  CREATE INDEX session_expires ON session (expires_at);
                  CREATE TABLE demonstration_account (
                    login TEXT NOT NULL PRIMARY KEY,
                    password TEXT NOT NULL,
                    label TEXT NOT NULL,
                    position INTEGER NOT NULL
                  );",
        },
        Migration {
            name: "0002_recovery_codes",
            sql: "CREATE TABLE recovery_code (
                    account_id {uuid} NOT NULL REFERENCES account (id),
                    code_index {bytes} NOT NULL,
                    used_at {time},
                    PRIMARY KEY (account_id, code_index)
                  );",
        }],
    }
}
