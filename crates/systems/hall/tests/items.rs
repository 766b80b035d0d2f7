//! What a place offers: its own items and those of every wider place, on both engines, through `catalog`.

use base::Kind;
use catalog::model::{ItemFile, ItemSpec};
use catalog::service::Publication;
use catalog::{Implementer, publish_bulk};
use codes::lists::{Audience, theme};
use hall::service::items::{self, Filter, Online, Search, Whom};
use platform::Platform;
use uuid::Uuid;

const FOOD: &str = include_str!("../../../../data/demo/items/market-regulation.toml");
const CIVIL: &str = include_str!("../../../../data/demo/items/civil-affairs.toml");

/// The first item of a demonstration file and its form.
fn sample(file: &str, wanted: impl Fn(&ItemSpec) -> bool) -> (ItemSpec, String) {
    let spec = ItemFile::parse(file).unwrap().items.into_iter().find(|i| wanted(i)).expect("a demonstration item");
    let form = std::fs::read_to_string(format!("{}/../../../data/demo/forms/{}.json", env!("CARGO_MANIFEST_DIR"), spec.form)).unwrap();
    (spec, form)
}

fn implementer(uscc: &str, name: &str, region: &str) -> Implementer {
    Implementer { id: Uuid::now_v7(), uscc: uscc.into(), name: name.into(), region: region.into() }
}

const CITY: &str = "450300000000";
const DISTRICT: &str = "450302000000";
const STREET: &str = "450302001000";
const OTHER_DISTRICT: &str = "450303000000";

/// A marriage registration of the city and a food licence of a district.
async fn publish(platform: &Platform) -> (ItemSpec, ItemSpec) {
    let (marriage, marriage_form) = sample(CIVIL, |i| i.name == "结婚登记");
    let (food, food_form) = sample(FOOD, |i| i.for_firms() && i.popular);
    let publications = [
        Publication { body: implementer("11450300TT0000031X", "桂林市民政局", CITY), spec: marriage.clone(), form: marriage_form },
        Publication { body: implementer("11450300TT000004XM", "秀峰区市场监督管理局", DISTRICT), spec: food.clone(), form: food_form },
    ];
    let tx = platform.db.begin().await.unwrap();
    assert_eq!(publish_bulk(&tx, "演示", &publications, platform.now()).await.unwrap(), 2);
    tx.commit().await.unwrap();
    catalog::service::sync(platform, platform.now() - chrono::Duration::days(1)).await.unwrap();
    (marriage, food)
}

fn names(items: &[items::ItemLine]) -> Vec<&str> {
    let mut names: Vec<&str> = items.iter().map(|i| i.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn everything(place: &str) -> Search<'_> {
    Search { text: String::new(), place, whom: None, body: None, online: None, from: 0, size: 20 }
}

#[tokio::test]
async fn a_place_shares_the_items_of_the_wider_places() {
    for here in testhouse::installations(&[organization::migrations(), catalog::store::migrations()]).await {
        let platform = &here.platform;
        let (marriage, food) = publish(platform).await;
        let mut both = vec![marriage.name.as_str(), food.name.as_str()];
        both.sort_unstable();
        let popular = async |place| items::popular(platform, place, 10).await.unwrap();
        assert_eq!(names(&popular(CITY).await), [marriage.name.as_str()], "the city does not show what only a district handles");
        assert_eq!(names(&popular(STREET).await), both);
        assert_eq!(names(&popular(OTHER_DISTRICT).await), [marriage.name.as_str()]);
        assert_eq!(names(&items::search(platform, &everything(STREET)).await.unwrap().items), both);
        assert_eq!(names(&items::popular_for(platform, STREET, Whom::Firm, 10).await.unwrap()), [food.name.as_str()]);
    }
}

#[tokio::test]
async fn lists_and_searches_narrow() {
    for here in testhouse::installations(&[organization::migrations(), catalog::store::migrations()]).await {
        let platform = &here.platform;
        let (marriage, food) = publish(platform).await;
        let weddings = codes::lists::themes_for(Audience::Person).find(|t| t.name == "婚姻登记").unwrap();
        let list = items::list(platform, &Filter::theme(STREET, weddings), None, 10).await.unwrap();
        assert_eq!(names(&list.items), [marriage.name.as_str()]);
        assert!(items::list(platform, &Filter::theme(STREET, theme("P29").unwrap()), None, 10).await.unwrap().items.is_empty());
        let found = items::search(platform, &Search { text: "领证".into(), ..everything(STREET) }).await.unwrap();
        assert_eq!(found.items.first().map(|i| i.name.as_str()), Some(marriage.name.as_str()), "people's own words find it");
        let firms = items::search(platform, &Search { whom: Some(Whom::Firm), ..everything(STREET) }).await.unwrap();
        assert_eq!(names(&firms.items), [food.name.as_str()]);
        let whole = items::search(platform, &Search { online: Some(Online::Whole), ..everything(STREET) }).await.unwrap();
        assert!(whole.items.iter().all(|i| i.online == Online::Whole));
        let first = items::search(platform, &Search { size: 1, ..everything(STREET) }).await.unwrap();
        let second = items::search(platform, &Search { size: 1, from: 1, ..everything(STREET) }).await.unwrap();
        assert!(first.more && !second.more && first.items != second.items);
        let suggested = items::suggest(platform, STREET, "结婚").await.unwrap();
        assert_eq!(suggested.first().map(|s| s.label.as_str()), Some(marriage.name.as_str()));
    }
}

#[tokio::test]
async fn a_guide_leads_into_the_application_and_says_when_it_is_not_for_here() {
    for here in testhouse::installations(&[organization::migrations(), catalog::store::migrations()]).await {
        let platform = &here.platform;
        let (_, food) = publish(platform).await;
        let id = items::search(platform, &Search { whom: Some(Whom::Firm), ..everything(STREET) }).await.unwrap().items[0].id;
        let item = items::published(platform, id).await.unwrap();
        let shown = hall::pages::guide::body(&item, STREET, None).into_string();
        assert!(shown.contains(&food.name) && shown.contains(&format!("/apply/{id}")));
        assert!(!shown.contains("切换地区"));
        assert!(hall::pages::guide::body(&item, OTHER_DISTRICT, None).into_string().contains("切换地区"));
        assert_eq!(items::published(platform, Uuid::nil()).await.unwrap_err().kind(), Kind::NotFound);
    }
}
