//! An installation keeps to its key, and a half loaded demonstration is not taken for a whole one.

mod common;

use testing::TestDatabase;
use tongban::config::Config;
use tongban::{check, compose, demo, installation};

async fn on(database: &TestDatabase, folder: &std::path::Path) -> base::Result<compose::Program> {
    let config = Config { database: database.url.clone(), data_dir: folder.to_owned(), ..Config::default() };
    let (platform, clock) = compose::open(&config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    compose::compose(platform, clock).await
}

#[tokio::test]
async fn a_lost_or_foreign_key_is_refused() {
    for database in testing::databases().await {
        let (own, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = on(&database, own.path()).await.unwrap();
        assert!(check::installation(&first.platform).await.unwrap());

        // a second copy with a folder of its own: no key there yet
        let refused = on(&database, other.path()).await.err().expect("refused").to_string();
        assert!(refused.contains("key file") && refused.contains("missing"), "{refused}");
        let key = |folder: &std::path::Path| folder.join("keys/master.key");
        assert!(!key(other.path()).exists(), "and none was made");

        // a key of another installation
        std::fs::create_dir_all(other.path().join("keys")).unwrap();
        std::fs::write(key(other.path()), "0f".repeat(32)).unwrap();
        let refused = on(&database, other.path()).await.err().expect("refused").to_string();
        assert!(refused.contains("not the one"), "{refused}");
        let config = Config { database: database.url.clone(), data_dir: other.path().to_owned(), ..Config::default() };
        let (platform, _) = compose::open(&config).await.unwrap();
        assert!(!check::installation(&platform).await.unwrap(), "{}: check says so too", database.engine);
        drop(platform); // the search index of a folder has one writer

        // the right one
        std::fs::copy(key(own.path()), key(other.path())).unwrap();
        on(&database, other.path()).await.expect("a second copy with the shared key");
    }
}

#[tokio::test]
async fn the_demonstration_is_loaded_once_and_whole() {
    for database in testing::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let program = on(&database, folder.path()).await.unwrap();
        let p = &program.platform;
        assert!(demo::begin(p).await.unwrap(), "an empty database");
        assert!(demo::begin(p).await.unwrap_err().to_string().contains("interrupted"), "{}: begun and not finished", database.engine);
        demo::finish(p).await.unwrap();
        assert!(!demo::begin(p).await.unwrap(), "it is there");
    }
    // a database in use is left alone
    let world = common::World::on(testing::sqlite()).await;
    assert!(!demo::begin(world.platform()).await.unwrap());
    assert_eq!(installation::fact(world.platform(), "demonstration").await.unwrap(), None);
}
