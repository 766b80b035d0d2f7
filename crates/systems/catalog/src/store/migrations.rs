use db::{Migration, SystemMigrations};

/// Tables of the catalogue.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "catalog",
        migrations: &[
            Migration { name: "0001_catalog", sql: TABLES },
            // the work list of somebody who keeps one small region
            Migration { name: "0002_region", sql: "CREATE INDEX item_by_region ON item (region, id);" },
        ],
    }
}

/// * `identity` (`credit code/base code/variant`) makes one code one record (M-ITEM-01.09); it is empty while an imported
///   draft has no base code yet. `source_key` (`credit code/published code`) makes importing the same list again idempotent.
/// * `card` is what lists show of the published version, so that a page of a list is one query.
/// * A form is stored once under its hash, however many items use it.
/// * `item_facet` holds one row per published item and thing it can be browsed by. `sort` is digits only, so that both
///   engines order it alike whatever their collation.
const TABLES: &str = "
CREATE TABLE item (
  id {uuid} NOT NULL PRIMARY KEY,
  identity TEXT UNIQUE,
  source_key TEXT UNIQUE,
  base_code TEXT NOT NULL,
  variant TEXT NOT NULL,
  body_id {uuid},
  body_name TEXT NOT NULL,
  body_uscc TEXT NOT NULL,
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  working_state TEXT NOT NULL,
  current_version_id {uuid},
  working_version_id {uuid},
  card TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed_at {time} NOT NULL
);
CREATE INDEX item_by_state ON item (state, id);
CREATE INDEX item_by_working_state ON item (working_state, id);
CREATE INDEX item_by_body ON item (body_id, state, id);
CREATE INDEX item_by_body_working ON item (body_id, working_state, id);
CREATE INDEX item_by_base_code ON item (base_code, variant, state);
CREATE INDEX item_by_change ON item (changed_at, id);
CREATE TABLE item_form (
  hash TEXT NOT NULL PRIMARY KEY,
  form TEXT NOT NULL
);
CREATE TABLE item_version (
  id {uuid} NOT NULL PRIMARY KEY,
  item_id {uuid} NOT NULL REFERENCES item (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  spec TEXT NOT NULL,
  form_hash TEXT NOT NULL REFERENCES item_form (hash),
  content_hash TEXT NOT NULL,
  standard_hash TEXT NOT NULL,
  implementation_code TEXT NOT NULL,
  editors TEXT NOT NULL,
  editor_name TEXT NOT NULL,
  reviewer_name TEXT NOT NULL,
  review_note TEXT NOT NULL,
  created_at {time} NOT NULL,
  submitted_at {time},
  reviewed_at {time},
  published_at {time},
  UNIQUE (item_id, number)
);
CREATE TABLE item_facet (
  facet TEXT NOT NULL,
  region TEXT NOT NULL,
  sort TEXT NOT NULL,
  item_id {uuid} NOT NULL REFERENCES item (id),
  PRIMARY KEY (facet, region, sort, item_id)
);
CREATE INDEX item_facet_item ON item_facet (item_id);
CREATE TABLE import_batch (
  id {uuid} NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  file_name TEXT NOT NULL,
  imported_by TEXT NOT NULL,
  rows_total INTEGER NOT NULL,
  imported_at {time} NOT NULL
);
CREATE TABLE import_quarantine (
  batch {uuid} NOT NULL REFERENCES import_batch (id),
  row_number INTEGER NOT NULL,
  raw TEXT NOT NULL,
  reasons TEXT NOT NULL,
  PRIMARY KEY (batch, row_number)
);";
