mod common;
use catalog::service::{self, Publication};
use catalog::*;
use common::*;
use std::time::Instant;
#[tokio::test]
async fn scale() {
    for here in installations().await {
        let p = &here.platform;
        let form = service::form_text("generic-firm").unwrap();
        let t = Instant::now();
        for n in 0..100u32 {
            let region = if n == 0 { CITY.to_owned() } else if n < 20 { "450302000000".into() } else { format!("45{:02}{:02}000000", n % 14 + 1, n % 20 + 1) };
            let b = body(&format!("局{n}"), &region, n + 1);
            let mut all = vec![];
            for i in 0..1000u32 {
                let mut s = spec();
                s.name = format!("测试许可{n}之{i}");
                s.base_code = format!("0001{:02}{:03}{:03}", n % 90 + 10, i, n / 90 + 1);
                s.popular = i % 97 == 0;
                all.push(Publication { body: b.clone(), spec: s, form: form.clone() });
            }
            let tx = p.db.begin().await.unwrap();
            publish_bulk(&tx, "测试", &all, p.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        println!("{} load {:?}", here.engine, t.elapsed());
        if here.engine != "sqlite" { use sea_orm::ConnectionTrait; p.db.begin().await.unwrap().execute_unprepared("ANALYZE").await.unwrap(); }
        let filters = [ItemFilter::region("450302000000"), ItemFilter { theme: Some("F01".into()), ..ItemFilter::region("450302000000") }, ItemFilter { firms: true, online: true, object: Some("1".into()), ..ItemFilter::region("450302000000") }, ItemFilter { kind: Some("02".into()), object: Some("1".into()), ..ItemFilter::region("450302000000") }];
        for f in &filters {
            let t = Instant::now();
            let page = list_published(p.db.read(), f, None, 30).await.unwrap();
            let first = t.elapsed();
            let mut after = page.next.clone();
            for _ in 0..30 { if after.is_some() { after = list_published(p.db.read(), f, after.as_ref(), 500).await.unwrap().next; } }
            let t = Instant::now();
            list_published(p.db.read(), f, after.as_ref(), 30).await.unwrap();
            println!("{} {f:?} first {first:?} deep {:?} {}", here.engine, t.elapsed(), page.items.len());
        }
        let editor = staff("e", &[EDIT], access::Scope::region("450302"));
        let t = Instant::now();
        let n = catalog::store::worklist(p.db.read(), &editor, &Default::default(), None, 30).await.unwrap().items.len();
        println!("{} work {:?} {n}", here.engine, t.elapsed());
        if here.engine == "sqlite" {
            let t = Instant::now();
            service::fill(p.clone()).await.unwrap();
            println!("index {:?}", t.elapsed());
            let t = Instant::now();
            let n = search(p, "许可", "450302000000", &[], 0, 20).unwrap().len();
            println!("search {:?} {n}", t.elapsed());
        }
    }
}
