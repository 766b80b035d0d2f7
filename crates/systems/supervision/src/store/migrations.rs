use db::{Migration, SystemMigrations};

/// Tables of this system. Days are `YYYY-MM-DD`.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "supervision",
        migrations: &[
            Migration {
                name: "0001_supervision",
                sql: "CREATE TABLE watched_case (
                        case_id {uuid} NOT NULL PRIMARY KEY,
                        case_no TEXT NOT NULL,
                        item_id {uuid} NOT NULL,
                        item_name TEXT NOT NULL,
                        body_id {uuid} NOT NULL,
                        body_name TEXT NOT NULL,
                        region TEXT NOT NULL,
                        party_id {uuid} NOT NULL,
                        channel TEXT NOT NULL,
                        last TEXT NOT NULL,
                        last_at {time},
                        submitted_at {time},
                        accepted_at {time},
                        decided_at {time},
                        open BOOLEAN NOT NULL,
                        accept_due TEXT,
                        yellow_from TEXT,
                        promised_due TEXT,
                        statutory_due TEXT,
                        special_due TEXT,
                        rectify_due TEXT,
                        sort_due TEXT NOT NULL
                      );
                      CREATE INDEX watched_case_due ON watched_case (sort_due, case_id) WHERE open = TRUE;
                      CREATE INDEX watched_case_body ON watched_case (body_id, sort_due, case_id) WHERE open = TRUE;
                      CREATE INDEX watched_case_accept ON watched_case (accept_due) WHERE open = TRUE;
                      CREATE INDEX watched_case_yellow ON watched_case (yellow_from) WHERE open = TRUE;
                      CREATE INDEX watched_case_promised ON watched_case (promised_due) WHERE open = TRUE;
                      CREATE INDEX watched_case_statutory ON watched_case (statutory_due) WHERE open = TRUE;
                      CREATE INDEX watched_case_special ON watched_case (special_due) WHERE open = TRUE;
                      CREATE INDEX watched_case_rectify ON watched_case (rectify_due) WHERE rectify_due IS NOT NULL;
                      CREATE TABLE supervision_rule (
                        code TEXT NOT NULL PRIMARY KEY,
                        name TEXT NOT NULL,
                        level TEXT NOT NULL,
                        params TEXT NOT NULL,
                        enabled BOOLEAN NOT NULL
                      );
                      CREATE TABLE supervision_alert (
                        id {uuid} NOT NULL PRIMARY KEY,
                        case_id {uuid} NOT NULL,
                        rule TEXT NOT NULL,
                        mark TEXT NOT NULL,
                        level TEXT NOT NULL,
                        description TEXT NOT NULL,
                        found_by TEXT NOT NULL,
                        detected_at {time} NOT NULL,
                        cleared_at {time}
                      );
                      CREATE UNIQUE INDEX supervision_alert_once ON supervision_alert (case_id, rule, mark);
                      CREATE TABLE supervision_board (
                        body_id {uuid} NOT NULL,
                        region TEXT NOT NULL,
                        body_name TEXT NOT NULL,
                        waiting BIGINT NOT NULL,
                        paused BIGINT NOT NULL,
                        green BIGINT NOT NULL,
                        yellow BIGINT NOT NULL,
                        red BIGINT NOT NULL,
                        purple BIGINT NOT NULL,
                        refreshed_at {time} NOT NULL,
                        PRIMARY KEY (body_id, region)
                      );
                      CREATE TABLE supervision_day (
                        body_id {uuid} NOT NULL,
                        day TEXT NOT NULL,
                        region TEXT NOT NULL,
                        body_name TEXT NOT NULL,
                        submitted BIGINT NOT NULL,
                        accepted BIGINT NOT NULL,
                        decided BIGINT NOT NULL,
                        on_time BIGINT NOT NULL,
                        PRIMARY KEY (body_id, day, region)
                      );
                      CREATE INDEX supervision_day_day ON supervision_day (day, region);
                      CREATE TABLE supervision_serial (
                        year INTEGER NOT NULL PRIMARY KEY,
                        value BIGINT NOT NULL
                      );
                      CREATE TABLE supervision_notice (
                        id {uuid} NOT NULL PRIMARY KEY,
                        number TEXT NOT NULL UNIQUE,
                        case_id {uuid} NOT NULL,
                        case_no TEXT NOT NULL,
                        item_id {uuid} NOT NULL,
                        item_name TEXT NOT NULL,
                        body_id {uuid} NOT NULL,
                        body_name TEXT NOT NULL,
                        region TEXT NOT NULL,
                        party_id {uuid} NOT NULL,
                        text TEXT NOT NULL,
                        due TEXT NOT NULL,
                        state TEXT NOT NULL,
                        sent_by TEXT NOT NULL,
                        sent_at {time} NOT NULL,
                        answer TEXT,
                        answered_by {uuid},
                        answered_by_name TEXT,
                        answered_at {time},
                        opinion TEXT,
                        reviewed_by TEXT,
                        reviewed_at {time},
                        version BIGINT NOT NULL
                      );
                      CREATE INDEX supervision_notice_case ON supervision_notice (case_id, id);
                      CREATE INDEX supervision_notice_body ON supervision_notice (body_id, id);",
            },
            Migration {
                name: "0002_rules",
                sql: "INSERT INTO supervision_rule (code, name, level, params, enabled) VALUES
                        ('accept_overdue', '受理超时', 'red', '{\"days\":5}', TRUE),
                        ('late_correction', '一次告知超期', 'red', '{\"days\":5}', TRUE),
                        ('step_overdue', '环节超时', 'yellow', '{\"days\":10}', TRUE),
                        ('promise_near', '临近承诺期限', 'yellow', '{\"days\":1,\"percent\":20}', TRUE),
                        ('promise_over', '超承诺期限', 'red', '{}', TRUE),
                        ('statutory_over', '超法定期限', 'purple', '{}', TRUE),
                        ('extension', '未批先延', 'red', '{\"days\":10}', TRUE),
                        ('special_overlong', '特别程序超期', 'red', '{\"days\":30}', TRUE),
                        ('outside_material', '收取清单外材料', 'red', '{}', TRUE),
                        ('wrong_fee', '收费不符', 'red', '{}', TRUE),
                        ('review_unrectified', '差评未整改', 'red', '{}', TRUE),
                        ('late_entry', '明进暗不进', 'yellow', '{\"minutes\":5}', TRUE)",
            },
            Migration {
                name: "0003_steps",
                sql: "INSERT INTO supervision_rule (code, name, level, params, enabled) VALUES ('step_near', '环节临期', 'yellow', '{}', TRUE);
                      CREATE INDEX supervision_alert_steps ON supervision_alert (id) WHERE cleared_at IS NULL AND rule IN ('step_near', 'step_overdue')",
            },
        ],
    }
}
