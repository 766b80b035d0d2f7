use db::{Migration, SystemMigrations};

/// Tables of this system.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "cases",
        migrations: &[Migration {
            name: "0001_cases",
            sql: "CREATE TABLE gov_case (
                    id {uuid} NOT NULL PRIMARY KEY,
                    case_no TEXT NOT NULL UNIQUE,
                    query_code {bytes} NOT NULL,
                    item_id {uuid} NOT NULL,
                    item_version_id {uuid} NOT NULL,
                    item_name TEXT NOT NULL,
                    item_code TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    applicant {bytes} NOT NULL,
                    applicant_masked TEXT NOT NULL,
                    answers {bytes} NOT NULL,
                    materials TEXT NOT NULL,
                    channel TEXT NOT NULL,
                    registered_by {uuid},
                    state TEXT NOT NULL,
                    correction TEXT,
                    clock TEXT,
                    submitted_at {time} NOT NULL,
                    accepted_at {time},
                    promised_due TEXT,
                    statutory_due TEXT,
                    yellow_from TEXT,
                    extension TEXT,
                    special TEXT,
                    decided_at {time},
                    decision TEXT,
                    reasons TEXT,
                    result TEXT,
                    closed_at {time},
                    handled_by TEXT NOT NULL,
                    version BIGINT NOT NULL
                  );
                  CREATE INDEX gov_case_party ON gov_case (party_id, submitted_at, id);
                  CREATE INDEX gov_case_region ON gov_case (region, submitted_at, id);
                  CREATE INDEX gov_case_body ON gov_case (body_id, submitted_at, id);
                  CREATE INDEX gov_case_open_due ON gov_case (promised_due, id) WHERE closed_at IS NULL;
                  CREATE INDEX gov_case_open_body ON gov_case (body_id, promised_due, id) WHERE closed_at IS NULL;
                  CREATE INDEX gov_case_decided ON gov_case (decided_at) WHERE decided_at IS NOT NULL;
                  CREATE TABLE case_draft (
                    id {uuid} NOT NULL PRIMARY KEY,
                    item_id {uuid} NOT NULL,
                    item_version_id {uuid} NOT NULL,
                    item_name TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    staff_id {uuid},
                    applicant {bytes} NOT NULL,
                    answers {bytes} NOT NULL,
                    pages_done TEXT NOT NULL,
                    materials TEXT NOT NULL,
                    created_at {time} NOT NULL,
                    updated_at {time} NOT NULL,
                    version BIGINT NOT NULL
                  );
                  CREATE INDEX case_draft_party ON case_draft (party_id, updated_at);
                  CREATE INDEX case_draft_staff ON case_draft (staff_id, updated_at);
                  CREATE TABLE case_document (
                    id {uuid} NOT NULL PRIMARY KEY,
                    case_id {uuid} NOT NULL,
                    kind TEXT NOT NULL,
                    title TEXT NOT NULL,
                    number TEXT NOT NULL,
                    data {bytes} NOT NULL,
                    made_at {time} NOT NULL,
                    file_id {uuid}
                  );
                  CREATE INDEX case_document_case ON case_document (case_id, made_at);
                  CREATE TABLE case_serial (
                    region TEXT NOT NULL,
                    day TEXT NOT NULL,
                    stripe INTEGER NOT NULL,
                    last INTEGER NOT NULL,
                    PRIMARY KEY (region, day, stripe)
                  );",
        }, Migration {
            name: "0002_messages_and_situations",
            // What a process writes to the applicant; the situation an application is made in, sealed.
            sql: "CREATE TABLE case_message (
                    id {uuid} NOT NULL PRIMARY KEY,
                    case_id {uuid} NOT NULL,
                    party_id {uuid} NOT NULL,
                    item_name TEXT NOT NULL,
                    text TEXT NOT NULL,
                    sent_at {time} NOT NULL
                  );
                  CREATE INDEX case_message_case ON case_message (case_id, sent_at, id);
                  CREATE INDEX case_message_party ON case_message (party_id, sent_at, id);
                  ALTER TABLE case_draft ADD COLUMN situation {bytes};
                  ALTER TABLE gov_case ADD COLUMN situation {bytes};",
        }, Migration {
            name: "0003_papers",
            // The files are papers of `seals` now, under the document's identifier.
            sql: "ALTER TABLE case_document DROP COLUMN file_id;",
        }],
    }
}
