//! Lists and search over many published items, on both engines.

mod common;

use std::collections::BTreeSet;

use access::Scope;
use catalog::model::ItemSpec;
use catalog::service::{self, Publication};
use catalog::{ItemFilter, REVIEW, list_published, popular, publish_bulk, search, suggest};
use common::{CITY, Here, body, code, installations, spec, staff};

const COUNTY: &str = "450321000000";
const OTHER_COUNTY: &str = "450323000000";
const PROVINCE: &str = "450000000000";

/// Items of the province, the city and two counties, with themes dealt out unevenly.
async fn fill(here: &Here, per_body: usize) -> Vec<Publication> {
    let form = service::form_text("generic-firm").unwrap();
    let mut all = Vec::new();
    for (n, region) in [PROVINCE, CITY, COUNTY, OTHER_COUNTY].into_iter().enumerate() {
        let body = body(&format!("测试局{n}"), region, n as u32 + 1);
        for i in 0..per_body {
            let mut spec: ItemSpec = spec();
            spec.name = format!("测试经营许可第{n}之{i}号");
            spec.base_code = format!("0001{:02}{:03}{:03}", n + 10, i, 1);
            spec.popular = i % 7 == 0;
            spec.firm_themes = vec![if i % 3 == 0 { "准营准办" } else { "税收财务" }.into()];
            spec.person_themes = vec!["准营准办".into()];
            all.push(Publication { body: body.clone(), spec, form: form.clone() });
        }
    }
    let tx = here.platform.db.begin().await.unwrap();
    assert_eq!(publish_bulk(&tx, "测试", &all, here.platform.now()).await.unwrap(), all.len());
    assert_eq!(publish_bulk(&tx, "测试", &all, here.platform.now()).await.unwrap(), 0, "again: nothing new");
    tx.commit().await.unwrap();
    all
}

fn theme(name: &str) -> String {
    codes::lists::themes_for(codes::lists::Audience::Firm).find(|t| t.name == name).unwrap().code.into()
}

/// Every page until the end, and back.
async fn walk(here: &Here, filter: &ItemFilter, size: usize) -> Vec<String> {
    testing::there_and_back(async |at: Option<db::Cursor>| {
        let page = list_published(here.platform.db.read(), filter, at.as_ref(), size).await.unwrap();
        assert!(page.items.len() <= size);
        (page.items.into_iter().map(|card| card.name).collect(), page.previous, page.next)
    })
    .await
}

#[tokio::test]
async fn pages_lose_nothing_and_repeat_nothing() {
    for here in installations().await {
        let all = fill(&here, 40).await;
        let visible = |p: &&Publication, region: &str| [region, CITY, PROVINCE].contains(&p.body.region.as_str());
        let cases = [
            (ItemFilter::region(COUNTY), all.iter().filter(|p| visible(p, COUNTY)).collect::<Vec<_>>()),
            (ItemFilter::region(CITY), all.iter().filter(|p| visible(p, CITY)).collect()),
            (ItemFilter { theme: Some(theme("税收财务")), ..ItemFilter::region(COUNTY) }, all.iter().filter(|p| visible(p, COUNTY) && p.spec.firm_themes == ["税收财务"]).collect()),
            (ItemFilter { theme: Some(theme("准营准办")), popular: true, ..ItemFilter::region(CITY) }, all.iter().filter(|p| visible(p, CITY) && p.spec.popular && p.spec.firm_themes == ["准营准办"]).collect()),
            (ItemFilter { object: Some("1".into()), online: true, firms: true, ..ItemFilter::region(CITY) }, all.iter().filter(|p| visible(p, CITY)).collect()),
            (ItemFilter { body: Some(all[45].body.id), ..ItemFilter::default() }, all.iter().filter(|p| p.body.id == all[45].body.id).collect()),
            (ItemFilter { body: Some(all[45].body.id), theme: Some(theme("税收财务")), ..ItemFilter::default() }, all.iter().filter(|p| p.body.id == all[45].body.id && p.spec.firm_themes == ["税收财务"]).collect()),
            (ItemFilter { one_thing: Some("开办餐饮店".into()), ..ItemFilter::region(COUNTY) }, all.iter().filter(|p| visible(p, COUNTY)).collect()),
            (ItemFilter { kind: Some("02".into()), ..ItemFilter::region(COUNTY) }, vec![]),
        ];
        for (filter, expected) in cases {
            let expected: BTreeSet<String> = expected.iter().map(|p| p.spec.name.clone()).collect();
            for size in [1, 7, 50, 500] {
                let names = walk(&here, &filter, size).await;
                assert_eq!(names.len(), expected.len(), "{} {filter:?} by {size}", here.engine);
                assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), expected, "{} {filter:?} by {size}", here.engine);
            }
        }
        assert!(popular(here.platform.db.read(), COUNTY, 6).await.unwrap().iter().all(|card| card.popular));
        let forged = db::Cursor::from_param("7b7d");
        assert_eq!(code(list_published(here.platform.db.read(), &ItemFilter::region(CITY), Some(&forged), 5).await), "not_found");
    }
}

#[tokio::test]
async fn items_are_found_by_words_parts_keywords_and_codes() {
    for here in installations().await {
        let all = fill(&here, 10).await;
        let p = &here.platform;
        service::fill(p.clone()).await.unwrap();
        let names = |text: &str, region: &str, facets: &[String]| -> Vec<String> {
            search(p, text, region, facets, 0, 100).unwrap().into_iter().map(|card| card.name).collect()
        };
        assert_eq!(names("经营许可", COUNTY, &[]).len(), 30, "the county's own, then the city's, then the province's; not the other county's");
        assert!(names("经营许可", COUNTY, &[])[..10].iter().all(|name| name.contains("第2之")), "the nearest first");
        assert_eq!(names("营许", CITY, &[]).len(), 40, "a part that is no word; a city visitor also finds what its counties offer");
        assert_eq!(names("测试", OTHER_COUNTY, &[format!("theme:{}", theme("税收财务"))]).len(), 18);
        let one = &all[13];
        let only = std::slice::from_ref(&one.spec.name);
        assert_eq!(names(&one.spec.base_code, CITY, &[]), only, "base code");
        let implementation = format!("{}{}{}", one.body.uscc, one.spec.level.code(), one.spec.base_code);
        assert_eq!(names(&implementation, CITY, &[]), only, "implementation code, 31");
        assert_eq!(names(&format!("{implementation}01"), CITY, &[]), only, "handling code, 33");
        let pages: Vec<String> = (0..4).flat_map(|n| search(p, "许可", COUNTY, &[], n * 8, 8).unwrap()).map(|c| c.name).collect();
        assert_eq!(pages.iter().collect::<BTreeSet<_>>().len(), 30, "pages of results neither repeat nor lose");
        let (label, href, hint) = suggest(p, "测试经营").unwrap().remove(0);
        assert!(label.starts_with("测试经营许可") && href.starts_with("/items/") && hint.starts_with("测试局"));
        assert!(suggest(p, "  ").unwrap().is_empty());

        let id = search(p, &one.spec.base_code, CITY, &[], 0, 1).unwrap()[0].item_id;
        assert_eq!(service::search_work(p, &one.spec.base_code).unwrap(), [id]);
        here.clock.advance(chrono::Duration::minutes(5));
        let reviewer = staff("审核员", &[REVIEW], Scope::default());
        service::cancel(p, &reviewer, id, "取消").await.unwrap();
        let follower = catalog::system(p).subscriptions;
        jobs::Runner::new(p.db.clone(), here.clock.clone(), vec![], follower, p.wake.clone()).drain().await.unwrap();
        assert!(names(&one.spec.base_code, CITY, &[]).is_empty(), "a cancelled item is no longer found");
        assert!(!walk(&here, &ItemFilter::region(CITY), 50).await.contains(&one.spec.name), "nor listed");
    }
}
