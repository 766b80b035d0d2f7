use db::{Migration, SystemMigrations};

/// Tables of this system. Days are `YYYY-MM-DD`.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "reviews",
        migrations: &[
            Migration {
            name: "0001_reviews",
            sql: "CREATE TABLE reviewable (
                    case_id {uuid} NOT NULL PRIMARY KEY,
                    case_no TEXT NOT NULL,
                    item_id {uuid} NOT NULL,
                    item_name TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    ended_at {time}
                  );
                  CREATE TABLE review (
                    id {uuid} NOT NULL PRIMARY KEY,
                    case_id {uuid} NOT NULL,
                    seq INTEGER NOT NULL CHECK (seq IN (1, 2)),
                    event TEXT NOT NULL,
                    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
                    options TEXT NOT NULL,
                    text TEXT NOT NULL,
                    channel TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    item_id {uuid} NOT NULL,
                    item_name TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    wrong BOOLEAN NOT NULL,
                    made_at {time} NOT NULL
                  );
                  CREATE UNIQUE INDEX review_case ON review (case_id, seq);
                  CREATE INDEX review_shown ON review (id) WHERE text <> '' AND wrong = FALSE;
                  CREATE TABLE rectification (
                    id {uuid} NOT NULL PRIMARY KEY,
                    review_id {uuid} NOT NULL UNIQUE,
                    case_id {uuid} NOT NULL,
                    case_no TEXT NOT NULL,
                    party_id {uuid} NOT NULL,
                    item_id {uuid} NOT NULL,
                    item_name TEXT NOT NULL,
                    body_id {uuid} NOT NULL,
                    body_name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    stage TEXT NOT NULL,
                    open BOOLEAN NOT NULL,
                    complex BOOLEAN NOT NULL,
                    contact_due TEXT NOT NULL,
                    rectify_due TEXT NOT NULL,
                    opened_at {time} NOT NULL,
                    finding TEXT,
                    contacted_at {time},
                    appeal TEXT,
                    appealed_at {time},
                    ruling TEXT,
                    ruled_at {time},
                    reply TEXT,
                    replied_at {time},
                    revisit TEXT,
                    satisfied BOOLEAN,
                    revisited_at {time},
                    closing TEXT,
                    closed_at {time},
                    version BIGINT NOT NULL
                  );
                  CREATE INDEX rectification_case ON rectification (case_id);
                  CREATE INDEX rectification_body ON rectification (body_id, open, rectify_due, id);
                  CREATE INDEX rectification_region ON rectification (open, rectify_due, id);
                  CREATE TABLE review_tally (
                    body_id {uuid} NOT NULL,
                    item_id {uuid} NOT NULL,
                    grain TEXT NOT NULL,
                    period TEXT NOT NULL,
                    region TEXT NOT NULL,
                    body_name TEXT NOT NULL,
                    asked BIGINT NOT NULL,
                    s1 BIGINT NOT NULL,
                    s2 BIGINT NOT NULL,
                    s3 BIGINT NOT NULL,
                    s4 BIGINT NOT NULL,
                    s5 BIGINT NOT NULL,
                    followups BIGINT NOT NULL,
                    wrong BIGINT NOT NULL,
                    opened BIGINT NOT NULL,
                    answered BIGINT NOT NULL,
                    in_time BIGINT NOT NULL,
                    PRIMARY KEY (body_id, item_id, grain, period)
                  );
                  CREATE INDEX review_tally_region ON review_tally (grain, region, period);",
            },
            // Counters of a whole body (`item_id` is the body's own), and an index that reads only the periods asked for.
            Migration {
                name: "0002_bodies",
                sql: "INSERT INTO review_tally (body_id, item_id, grain, period, region, body_name, asked, s1, s2, s3, s4, s5, followups, wrong,
                        opened, answered, in_time)
                      SELECT body_id, body_id, 'body-' || grain, period, MIN(region), MAX(body_name), SUM(asked), SUM(s1), SUM(s2), SUM(s3),
                        SUM(s4), SUM(s5), SUM(followups), SUM(wrong), SUM(opened), SUM(answered), SUM(in_time)
                      FROM review_tally GROUP BY body_id, grain, period;
                      DROP INDEX review_tally_region;
                      CREATE INDEX review_tally_period ON review_tally (grain, period, region);",
            },
        ],
    }
}
