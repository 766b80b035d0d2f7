use std::path::Path;
use std::sync::Arc;

use base::{Error, Result, new_id};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use db::{Migration, SystemMigrations, Tx};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::kind::FileKind;
use crate::s3::S3;

/// Table of files.
pub fn migrations() -> SystemMigrations {
    SystemMigrations {
        system: "files",
        migrations: &[Migration {
            name: "0001_files",
            sql: "CREATE TABLE file (
                    id {uuid} NOT NULL PRIMARY KEY,
                    digest TEXT NOT NULL,
                    name TEXT NOT NULL,
                    mime TEXT NOT NULL,
                    size BIGINT NOT NULL,
                    created_at {time} NOT NULL
                  );
                  CREATE INDEX file_digest ON file (digest);",
        }],
    }
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct FileRecord {
    /// Identifier.
    pub id: Uuid,
    /// SM3 digest of the content, hexadecimal.
    pub digest: String,
    /// Name as given.
    pub name: String,
    /// MIME type found from the content.
    pub mime: String,
    /// Size in bytes.
    pub size: i64,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

/// The store of contents.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

impl Files {
    /// Contents in a folder, made if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Contents in a store that speaks S3.
    ///
    /// # Errors
    /// When its settings are incomplete or contradict each other. Whether it answers shows at the first use, or by `tongban check`.
    pub fn in_s3(settings: &S3) -> Result<Self> {
        Ok(Self { store: Arc::new(settings.open()?) })
    }

    /// Contents in memory, for tests.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()) }
    }

    fn path(digest: &str) -> ObjectPath {
        ObjectPath::from(format!("{}/{}", digest.get(..2).unwrap_or("00"), digest))
    }

    /// Stores content (once, however often it comes) and returns its digest. Call before the record is committed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, bytes: Bytes) -> Result<String> {
        let digest = gm::sm3_hex(&bytes);
        let path = Self::path(&digest);
        if self.store.head(&path).await.is_err() {
            self.store.put(&path, bytes.into()).await?;
        }
        Ok(digest)
    }

    /// Reads content and checks it against its digest.
    ///
    /// # Errors
    /// When it is not there or was altered.
    pub async fn get(&self, digest: &str) -> Result<Bytes> {
        let bytes = self.store.get(&Self::path(digest)).await?.bytes().await?;
        if gm::sm3_hex(&bytes) != digest {
            return Err(Error::internal(format!("file {digest} was altered in the store")));
        }
        Ok(bytes)
    }

    /// Stores content and writes its record in the caller's transaction.
    ///
    /// # Errors
    /// When the store or the database fails.
    pub async fn save(&self, tx: &Tx, name: &str, kind: FileKind, bytes: Bytes, now: DateTime<Utc>) -> Result<FileRecord> {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let digest = self.put(bytes).await?;
        insert(tx, name, kind, digest, size, now).await
    }

    /// Writes a record for content that is stored already (see [`Files::put`]): keeps slow storage out of the transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_stored(&self, tx: &Tx, name: &str, kind: FileKind, digest: String, size: usize, now: DateTime<Utc>) -> Result<FileRecord> {
        insert(tx, name, kind, digest, i64::try_from(size).unwrap_or(i64::MAX), now).await
    }
}

async fn insert(tx: &Tx, name: &str, kind: FileKind, digest: String, size: i64, now: DateTime<Utc>) -> Result<FileRecord> {
    let file = FileRecord { id: new_id(), digest, name: name.to_owned(), mime: kind.mime().to_owned(), size, created_at: now };
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO file (id, digest, name, mime, size, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [
            file.id.into(),
            file.digest.clone().into(),
            file.name.clone().into(),
            file.mime.clone().into(),
            file.size.into(),
            now.into(),
        ],
    ))
    .await?;
    Ok(file)
}

/// The record of a file.
///
/// # Errors
/// When the database fails.
pub async fn record(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<FileRecord>> {
    Ok(FileRecord::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT id, digest, name, mime, size, created_at FROM file WHERE id = $1",
        [id.into()],
    ))
    .one(conn)
    .await?)
}

/// The records of several files, in no particular order.
///
/// # Errors
/// When the database fails.
pub async fn records(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<FileRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT id, digest, name, mime, size, created_at FROM file WHERE id IN ({})", places.join(", "));
    let values: Vec<sea_orm::Value> = ids.iter().map(|id| (*id).into()).collect();
    Ok(FileRecord::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).all(conn).await?)
}
