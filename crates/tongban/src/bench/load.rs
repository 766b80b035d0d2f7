//! Fills a database to a size: synthetic copies of the demonstration's items and of one synthetic case, made by the engine
//! itself from rows that the services wrote, so that every row is one the program could have written. Nobody in them is real.

use base::{Error, Result};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::{Db, Engine};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

/// Rows written per transaction.
const CHUNK: u64 = 20_000;
/// Of so many cases one is open.
const OPEN: u64 = 33;
/// Days the cases are spread over.
const DAYS: u64 = 365;
/// Parties the cases are spread over.
const PARTIES: u64 = 300_000;

/// Kinds of made-up identifiers: the first eight digits of each.
#[derive(Clone, Copy)]
enum Kind {
    Item = 1,
    Version,
    Case,
    Party,
    Instance,
    Done,
    Open,
}

/// The identifier of the `n`-th copied item.
pub fn item_id(n: u64) -> Uuid {
    Uuid::from_u128((u128::from(Kind::Item as u32) << 96) | 0x7000_8000_0000_0000_0000 | u128::from(n))
}

/// Loads into one database.
pub struct Loader<'a> {
    db: &'a Db,
    now: DateTime<Utc>,
    /// The case that is copied.
    case: Uuid,
    /// Items that are copied.
    templates: u64,
}

/// One table to copy: what differs from the row that is copied (`t`), for each number `s.n`.
struct Copy {
    table: &'static str,
    from: String,
    set: Vec<(&'static str, String)>,
}

impl<'a> Loader<'a> {
    /// A loader that copies this case and all items that are published now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new(db: &'a Db, now: DateTime<Utc>, case: Uuid) -> Result<Self> {
        let tx = db.begin().await?;
        tx.execute_unprepared("CREATE TABLE bench_item (k BIGINT NOT NULL PRIMARY KEY, id TEXT NOT NULL)").await?;
        let backend = tx.get_database_backend();
        let rows = tx.query_all_raw(Statement::from_string(backend, "SELECT id FROM item WHERE state = 'published' ORDER BY id")).await?;
        let mut values = Vec::new();
        for (k, row) in rows.iter().enumerate() {
            let id: Uuid = row.try_get("", "id")?;
            values.push(vec![i64::try_from(k)?.into(), id.to_string().into()]);
        }
        db::bulk::insert(&*tx, "bench_item", &["k", "id"], values, false).await?;
        tx.commit().await?;
        Ok(Self { db, now, case, templates: rows.len() as u64 })
    }

    /// A loader that copies the process of this business.
    pub fn of_instance(db: &'a Db, now: DateTime<Utc>, business: Uuid) -> Self {
        Self { db, now, case: business, templates: 0 }
    }

    /// Rows of a table that belong to the case, by this column.
    fn at(&self, column: &str, table: &str) -> String {
        format!("JOIN {table} t ON t.{column} = {}", self.read_id(&format!("'{}'", self.case)))
    }

    /// Waiting processes with their tasks, from number `from` to before number `to`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self, from: u64, to: u64) -> Result<()> {
        let (instance, business) = (self.id(Kind::Instance, "s.n"), self.id(Kind::Case, "s.n"));
        let of = |table: &'static str, id: String, instance: Option<String>| {
            let mut set = vec![("id", id), ("business", business.clone())];
            set.extend(instance.map(|instance| ("instance_id", instance)));
            Copy { table, from: self.at("business", table), set }
        };
        let copies = [of("flow_instance", instance.clone(), None), of("flow_task", self.id(Kind::Open, "s.n"), Some(instance))];
        self.run(&copies, from, to).await
    }

    /// SQL of the identifier of a kind with the number `n` (an expression).
    fn id(&self, kind: Kind, n: &str) -> String {
        let tag = kind as u32;
        match self.db.engine() {
            Engine::Sqlite => format!("unhex(printf('%08x000070008000%012x', {tag}, {n}))"),
            Engine::Postgres => format!("(lpad(to_hex({tag}), 8, '0') || '000070008000' || lpad(to_hex({n}), 12, '0'))::uuid"),
        }
    }

    /// The same as text.
    fn id_text(&self, kind: Kind, n: &str) -> String {
        match self.db.engine() {
            Engine::Sqlite => format!("printf('%08x-0000-7000-8000-%012x', {}, {n})", kind as u32),
            Engine::Postgres => format!("CAST({} AS TEXT)", self.id(kind, n)),
        }
    }

    /// SQL that reads the identifier in a text column.
    fn read_id(&self, column: &str) -> String {
        match self.db.engine() {
            Engine::Sqlite => format!("unhex(replace({column}, '-', ''))"),
            Engine::Postgres => format!("CAST({column} AS uuid)"),
        }
    }

    /// Items from number `from` to before number `to`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn items(&self, from: u64, to: u64) -> Result<()> {
        let template = |table: &str, column: &str| {
            let id = self.read_id("b.id");
            format!("JOIN bench_item b ON b.k = s.n % {} JOIN {table} t ON t.{column} = {id}", self.templates)
        };
        let (item, version) = (self.id(Kind::Item, "s.n"), self.id(Kind::Version, "s.n"));
        let named = |column: &str, name: &str| format!("replace({column}, '\"name\":\"' || {name} || '\"', '\"name\":\"' || {name} || '·演示' || s.n || '\"')");
        let card = named("t.card", "t.name");
        let copies = [
            Copy {
                table: "item",
                from: template("item", "id"),
                set: vec![
                    ("id", item.clone()),
                    ("identity", "'bench/' || s.n".into()),
                    ("source_key", "NULL".into()),
                    ("name", "t.name || '·演示' || s.n".into()),
                    ("current_version_id", version.clone()),
                    ("card", format!("replace({card}, b.id, {})", self.id_text(Kind::Item, "s.n"))),
                ],
            },
            Copy {
                table: "item_version",
                from: format!("{} JOIN item i ON i.id = t.item_id", template("item_version", "item_id")),
                set: vec![("id", version), ("item_id", item.clone()), ("spec", named("t.spec", "i.name"))],
            },
            Copy { table: "item_facet", from: template("item_facet", "item_id"), set: vec![("sort", "t.sort || CAST(s.n AS TEXT)".into()), ("item_id", item.clone())] },
            // what people said of every item on some day of the year
            Copy {
                table: "review_tally",
                from: "JOIN review_tally t ON t.grain = 'day' AND t.period = 'bench'".into(),
                set: vec![("item_id", item), ("period", "$4".into())],
            },
        ];
        self.run(&copies, from, to).await
    }

    /// Cases from number `from` to before number `to`, of `items` items: the case, its process, and two tasks of it. Journal,
    /// documents and what other systems keep of a case are left out: no page measured here reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases(&self, from: u64, to: u64, items: u64) -> Result<()> {
        let case = self.id(Kind::Case, "s.n");
        let of_item = |kind| self.id(kind, &format!("(s.n % {items})"));
        let at = |column: &str, table: &str| self.at(column, table);
        let closed = |value: &str| format!("CASE WHEN s.n % {OPEN} = 0 THEN NULL ELSE {value} END");
        let number = || "'BENCH' || s.n".to_owned();
        let task = |kind: Kind, state: &str| {
            vec![
                ("id", self.id(kind, "s.n")),
                ("instance_id", self.id(Kind::Instance, "s.n")),
                ("business", case.clone()),
                ("item_id", of_item(Kind::Item)),
                ("title", "t.title || s.n".into()),
                ("state", format!("'{state}'")),
                ("created_at", "$3".into()),
            ]
        };
        let (mut done, mut open) = (task(Kind::Done, "done"), task(Kind::Open, "open"));
        done.extend([("done_at", "$3".to_owned()), ("outcome", "'accept'".to_owned())]);
        let step = |handling: &str, examination: &str, approval: &str, acceptance: &str| {
            format!("CASE (s.n / {OPEN}) % 4 WHEN 0 THEN '{handling}' WHEN 1 THEN '{examination}' WHEN 2 THEN '{approval}' ELSE '{acceptance}' END")
        };
        open.extend([
            ("permission", step("cases.handle", "cases.examine", "cases.approve", "cases.accept")),
            ("step", step("handling", "examination", "approval", "acceptance")),
            ("due_at", "$5".to_owned()),
        ]);
        let only_open = format!("{} WHERE s.n % {OPEN} = 0", at("business", "flow_task"));
        let copies = [
            Copy {
                table: "gov_case",
                from: at("id", "gov_case"),
                set: vec![
                    ("id", case.clone()),
                    ("case_no", number()),
                    ("item_id", of_item(Kind::Item)),
                    ("item_version_id", of_item(Kind::Version)),
                    ("party_id", self.id(Kind::Party, &format!("(s.n % {PARTIES})"))),
                    ("submitted_at", "$3".into()),
                    ("state", format!("CASE WHEN s.n % {OPEN} = 0 THEN 'accepted' ELSE 'delivered' END")),
                    ("accepted_at", "$3".into()),
                    ("promised_due", "$4".into()),
                    ("decided_at", closed("$3")),
                    ("closed_at", closed("$3")),
                ],
            },
            Copy {
                table: "flow_instance",
                from: at("business", "flow_instance"),
                set: vec![("id", self.id(Kind::Instance, "s.n")), ("business", case.clone()), ("ended", format!("s.n % {OPEN} <> 0")), ("started_at", "$3".into())],
            },
            Copy { table: "flow_task", from: at("business", "flow_task"), set: done },
            Copy { table: "flow_task", from: only_open, set: open },
        ];
        self.run(&copies, from, to).await
    }

    async fn run(&self, copies: &[Copy], from: u64, to: u64) -> Result<()> {
        let backend = self.db.read().get_database_backend();
        let mut statements = Vec::new();
        for copy in copies {
            let sample = self.db.read().query_one_raw(Statement::from_string(backend, format!("SELECT * FROM {} LIMIT 1", copy.table))).await?;
            let columns = sample.ok_or_else(|| Error::internal(format!("{} has no row to copy", copy.table)))?.column_names();
            let values: Vec<String> = columns
                .iter()
                .map(|column| copy.set.iter().find(|(name, _)| name == column).map_or_else(|| format!("t.{column}"), |(_, sql)| sql.clone()))
                .collect();
            statements.push(format!(
                "WITH RECURSIVE s(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM s WHERE n + 1 < CAST($2 AS BIGINT))
                 INSERT INTO {} ({}) SELECT {} FROM s {}",
                copy.table,
                columns.join(", "),
                values.join(", "),
                copy.from
            ));
        }
        let mut first = from;
        while first < to {
            let next = (first + CHUNK).min(to);
            let at = self.now - Duration::days(i64::try_from(DAYS - first / CHUNK % DAYS)?);
            let due = self.now + Duration::days(i64::try_from(first / CHUNK % 30)?);
            let tx = self.db.begin().await?;
            for sql in &statements {
                // Only as many values as the statement names: PostgreSQL refuses others.
                let all: [Value; 5] = [i64::try_from(first)?.into(), i64::try_from(next)?.into(), at.into(), base::local_date(at).to_string().into(), due.into()];
                let (sql, values) = named(sql, all);
                tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            }
            tx.commit().await?;
            first = next;
        }
        Ok(())
    }

    /// The row of ratings that is copied to all items.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rated(&self, body: (Uuid, &str), region: &str, day: NaiveDate) -> Result<()> {
        let tx = self.db.begin().await?;
        let tally = reviews::model::Tally { asked: 2, stars: [0, 0, 0, 0, 1], ..reviews::model::Tally::default() };
        reviews::store::add(&tx, body, Uuid::nil(), region, day, &tally).await?;
        let sql = "UPDATE review_tally SET period = 'bench' WHERE grain = 'day'";
        tx.execute_unprepared(sql).await?;
        tx.commit().await
    }

    /// What the engine does by itself after a while: statistics for its planner.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self) -> Result<()> {
        if self.db.engine() == Engine::Postgres {
            self.db.read().execute_unprepared("VACUUM ANALYZE").await?;
        }
        Ok(())
    }
}

/// Numbers the values of a statement without gaps and leaves out those it does not use.
fn named(sql: &str, all: [Value; 5]) -> (String, Vec<Value>) {
    let (mut sql, mut used) = (sql.to_owned(), Vec::new());
    for (n, value) in all.into_iter().enumerate() {
        let name = format!("${}", n + 1);
        if sql.contains(&name) {
            used.push(value);
            sql = sql.replace(&name, &format!("${}", used.len()));
        }
    }
    (sql, used)
}
