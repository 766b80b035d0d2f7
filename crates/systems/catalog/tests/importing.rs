//! Importing lists, and the demonstration catalogue, on both engines.

mod common;

use std::collections::BTreeSet;

use access::{Actor, Scope};
use catalog::model::ItemFile;
use catalog::model::import::TEMPLATE;
use catalog::service::{ImportReport, import_csv};
use catalog::{EDIT, ItemFilter, list_published, load_demo_items, published};
use common::{CITY, Here, body, code, installations, staff};
use sea_orm::{ConnectionTrait, Statement};

async fn count(here: &Here, sql: &str) -> usize {
    let conn = here.platform.db.read();
    let row = conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap().unwrap();
    usize::try_from(row.try_get::<i64>("", "n").unwrap()).unwrap()
}

async fn tables(here: &Here) -> (usize, usize, usize) {
    (
        count(here, "SELECT COUNT(*) AS n FROM item WHERE working_state = 'draft'").await,
        count(here, "SELECT COUNT(*) AS n FROM item_version").await,
        count(here, "SELECT COUNT(*) AS n FROM import_quarantine").await,
    )
}

const IMPORTER: Actor = Actor::System("导入");

#[tokio::test]
async fn the_real_lists_lose_no_row() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    let lists = [("items_guangdong_2262.csv", 2262, 6), ("items_guangan_1135.csv", 1135, 155)];
    for here in installations().await {
        let (mut drafts, mut aside) = (0, 0);
        for (name, total, quarantined) in lists {
            let Ok(bytes) = std::fs::read(folder.join(name)) else {
                println!("skipped: not here ({name})");
                continue;
            };
            let report = import_csv(&here.platform, &IMPORTER, &[], name, &bytes).await.unwrap();
            let ImportReport { created, known, .. } = report;
            assert_eq!((report.total, report.quarantined, created + known), (total, quarantined, total - quarantined), "{} {name}", here.engine);
            drafts += created;
            aside += quarantined;
            assert_eq!(known, 0, "{name}: every usable row is a draft of its own");
            assert_eq!(tables(&here).await, (drafts, drafts, aside), "{} {name}", here.engine);
            let again = import_csv(&here.platform, &IMPORTER, &[], name, &bytes).await.unwrap();
            assert_eq!((again.batch, again.created, again.known), (report.batch, 0, created), "again: nothing twice");
            assert_eq!(tables(&here).await, (drafts, drafts, aside));
        }
    }
}

#[tokio::test]
async fn rows_outside_the_scope_and_broken_rows_are_kept_aside() {
    for here in installations().await {
        let own = body("测试市测试局", CITY, 1);
        let other = body("测试市外局", CITY, 2);
        let line = |body: &catalog::Implementer, code: &str| format!("导入测试事项,{code},行政许可,3,{},{},企业法人\n", body.name, body.uscc);
        let header = TEMPLATE.lines().next().unwrap().split(',').take(7).collect::<Vec<_>>().join(",");
        let text = format!("{header}\n{}{}{}", line(&own, "000131012001"), line(&other, "000131012001"), line(&own, "12"));
        let editor = staff("编制员", &[EDIT], Scope::body(own.id));
        let bodies = [own.clone(), other];
        let report = import_csv(&here.platform, &editor, &bodies, "list.csv", text.as_bytes()).await.unwrap();
        assert_eq!((report.total, report.created, report.quarantined), (3, 1, 2));
        let aside = catalog::store::quarantined(here.platform.db.read(), report.batch, 0, 10).await.unwrap();
        assert_eq!(aside.iter().map(|row| row.row_number).collect::<Vec<_>>(), [3, 4]);
        assert!(aside[0].reasons.contains("编制范围") && aside[1].raw.contains("导入测试事项"), "{aside:?}");
        assert_eq!(code(import_csv(&here.platform, &editor, &bodies, "x.csv", b"a,b\n1,2\n").await), "form.invalid");
        let nobody = staff("无权", &[], Scope::default());
        assert_eq!(code(import_csv(&here.platform, &nobody, &bodies, "x.csv", text.as_bytes()).await), "access.forbidden");
    }
}

#[tokio::test]
async fn the_demonstration_catalogue_is_published_whole() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data/demo/items");
    let names: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| ItemFile::parse(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap().body)
        .collect();
    let bodies: Vec<_> = names.iter().enumerate().map(|(n, name)| body(name, CITY, n as u32 + 1)).collect();
    for here in installations().await {
        let p = &here.platform;
        let tx = p.db.begin().await.unwrap();
        assert_eq!(code(load_demo_items(&tx, &bodies[1..], p.now()).await), "catalog.body_unknown");
        let count = load_demo_items(&tx, &bodies, p.now()).await.unwrap();
        assert_eq!(load_demo_items(&tx, &bodies, p.now()).await.unwrap(), 0, "again: nothing twice");
        tx.commit().await.unwrap();
        assert!(count >= 150, "{count}");
        let page = list_published(p.db.read(), &ItemFilter::region("450302001000"), None, 500).await.unwrap();
        assert_eq!(page.items.len(), count, "a visitor of a street sees what the city offers");
        assert!(page.items.iter().take_while(|card| card.popular).count() >= 10, "the frequent ones first");
        for card in &page.items {
            let item = published(p, card.item_id).await.unwrap();
            let guide = catalog::pages::guide::guide(&item, Some("/apply/x")).into_string();
            for answer in ["能不能办", "要什么", "多久", "多少钱", "去哪办", "出什么"] {
                assert!(guide.contains(answer), "{}: {answer}", card.name);
            }
            assert!(item.spec.materials.iter().all(|m| guide.contains(&m.name)), "{}", card.name);
        }
    }
}
