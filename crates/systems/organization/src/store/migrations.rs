use db::{Migration, SystemMigrations};

/// Tables of this system.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "organization",
        migrations: &[Migration {
            name: "0001_organization",
            sql: "CREATE TABLE region (
                    code TEXT NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    parent TEXT NOT NULL,
                    level INTEGER NOT NULL
                  );
                  CREATE INDEX region_parent ON region (parent, code);
                  CREATE TABLE body (
                    id {uuid} NOT NULL PRIMARY KEY,
                    uscc TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    region TEXT NOT NULL,
                    address TEXT NOT NULL,
                    phone TEXT NOT NULL,
                    complaint_phone TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE UNIQUE INDEX body_region_name ON body (region, name);
                  CREATE INDEX body_name ON body (name, id);
                  CREATE TABLE service_window (
                    id {uuid} NOT NULL PRIMARY KEY,
                    body_id {uuid} NOT NULL REFERENCES body (id),
                    name TEXT NOT NULL,
                    place TEXT NOT NULL,
                    region TEXT NOT NULL,
                    kind TEXT NOT NULL
                  );
                  CREATE INDEX service_window_region ON service_window (region, name);
                  CREATE INDEX service_window_body ON service_window (body_id, name);
                  CREATE TABLE post (
                    id {uuid} NOT NULL PRIMARY KEY,
                    body_id {uuid} NOT NULL REFERENCES body (id),
                    name TEXT NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE UNIQUE INDEX post_body_name ON post (body_id, name);
                  CREATE TABLE post_grant (
                    id {uuid} NOT NULL PRIMARY KEY,
                    post_id {uuid} NOT NULL REFERENCES post (id),
                    permission TEXT NOT NULL,
                    region TEXT,
                    body_id {uuid},
                    item_id {uuid}
                  );
                  CREATE INDEX post_grant_post ON post_grant (post_id);
                  CREATE INDEX post_grant_permission ON post_grant (permission);
                  CREATE TABLE staff (
                    id {uuid} NOT NULL PRIMARY KEY,
                    body_id {uuid} NOT NULL REFERENCES body (id),
                    name TEXT NOT NULL,
                    work_no TEXT NOT NULL UNIQUE,
                    own_party {uuid},
                    left_on TEXT,
                    version INTEGER NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE INDEX staff_body ON staff (body_id, work_no);
                  CREATE TABLE staff_post (
                    id {uuid} NOT NULL PRIMARY KEY,
                    staff_id {uuid} NOT NULL REFERENCES staff (id),
                    post_id {uuid} NOT NULL REFERENCES post (id),
                    from_day TEXT NOT NULL,
                    to_day TEXT,
                    on_the_spot BOOLEAN NOT NULL
                  );
                  CREATE UNIQUE INDEX staff_post_current ON staff_post (staff_id, post_id) WHERE to_day IS NULL;
                  CREATE INDEX staff_post_post ON staff_post (post_id);",
        }, Migration {
            name: "0002_deputies",
            sql: "CREATE TABLE deputy (
                    id {uuid} NOT NULL PRIMARY KEY,
                    body_id {uuid} NOT NULL REFERENCES body (id),
                    principal_id {uuid} NOT NULL REFERENCES staff (id),
                    deputy_id {uuid} NOT NULL REFERENCES staff (id),
                    from_day TEXT NOT NULL,
                    to_day TEXT NOT NULL,
                    permissions TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    named_by TEXT NOT NULL,
                    named_at {time} NOT NULL,
                    ended_on TEXT,
                    ended_by TEXT
                  );
                  CREATE INDEX deputy_deputy ON deputy (deputy_id, to_day);
                  CREATE INDEX deputy_principal ON deputy (principal_id, to_day);
                  CREATE INDEX deputy_body ON deputy (body_id, to_day, id);",
        }],
    }
}
