use db::{Migration, SystemMigrations};

/// Tables of this system.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "hall",
        migrations: &[Migration {
            name: "0001_hall",
            sql: "CREATE TABLE hall_daily (
                    day TEXT NOT NULL,
                    region TEXT NOT NULL,
                    applied BIGINT NOT NULL,
                    decided BIGINT NOT NULL,
                    on_time BIGINT NOT NULL,
                    PRIMARY KEY (day, region)
                  );
                  CREATE TABLE hall_notice (
                    id {uuid} NOT NULL PRIMARY KEY,
                    title TEXT NOT NULL,
                    source TEXT NOT NULL,
                    body TEXT NOT NULL,
                    published_at {time} NOT NULL,
                    withdrawn_at {time}
                  );
                  CREATE INDEX hall_notice_newest ON hall_notice (published_at, id);
                  CREATE TABLE hall_rating (
                    case_id {uuid} NOT NULL PRIMARY KEY,
                    party_id {uuid},
                    ended_at {time},
                    rated_at {time}
                  );
                  CREATE INDEX hall_rating_open ON hall_rating (party_id, ended_at) WHERE rated_at IS NULL;",
        }],
    }
}
