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
    assert_eq!(installation::fact(&world.platform().db, "demonstration").await.unwrap(), None);
}

#[tokio::test]
async fn a_database_with_the_demonstration_says_so_on_every_page_however_it_is_started() {
    for database in testing::databases().await {
        let folder = tempfile::tempdir().unwrap();
        let plain = on(&database, folder.path()).await.unwrap();
        assert!(!plain.platform.site.demonstration && !front(&plain).await.contains("演示数据"), "{}", database.engine);
        assert!(demo::begin(&plain.platform).await.unwrap());
        demo::finish(&plain.platform).await.unwrap();
        drop(plain); // the search index of a folder has one writer

        let later = on(&database, folder.path()).await.unwrap();
        assert!(later.platform.site.demonstration, "{}: without --demo", database.engine);
        assert!(front(&later).await.contains("演示数据"), "{}", database.engine);
    }
}

async fn front(program: &compose::Program) -> String {
    let request = axum::http::Request::get("/").body(axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(program.router.clone(), request).await.unwrap();
    let bytes = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
    String::from_utf8_lossy(&bytes).into_owned()
}
