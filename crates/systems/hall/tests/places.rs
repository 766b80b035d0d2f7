//! Choosing a place and seeing what serves it, on both engines, through `organization`.

use access::Actor;
use base::Kind;
use hall::service::{bodies, places};
use organization::service::{NewBody, NewWindow};
use platform::Platform;

const REGIONS: &str = "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n450302000000,秀峰区\n450302001000,秀峰街道\n450400000000,梧州市\n450403000000,万秀区\n";

async fn settle(platform: &Platform) {
    let tx = platform.db.begin().await.unwrap();
    organization::load_regions(&tx, REGIONS).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_tree_stays_inside_our_own_region() {
    for here in testhouse::installations(&[organization::migrations()]).await {
        let platform = &here.platform;
        settle(platform).await;
        let district = places::here(platform, "450302000000").await.unwrap();
        assert_eq!(district.above.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["桂林市"], "not the province above us");
        assert_eq!(district.children.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["秀峰街道"]);
        assert_eq!(places::choose(platform, "450302001000").await.unwrap().name, "秀峰街道");
        for foreign in ["450403000000", "450000000000", "450399000000", "x", ""] {
            assert_eq!(places::choose(platform, foreign).await.unwrap_err().kind(), Kind::NotFound, "{foreign}");
        }
    }
}

#[tokio::test]
async fn a_place_is_found_by_a_part_of_its_name() {
    for here in testhouse::installations(&[organization::migrations()]).await {
        let platform = &here.platform;
        settle(platform).await;
        let found = places::search(platform, "450300000000", "秀").await.unwrap();
        let shown: Vec<(&str, &str)> = found.iter().map(|p| (p.name.as_str(), p.within.as_str())).collect();
        assert_eq!(shown, [("秀峰区", ""), ("秀峰街道", "秀峰区")], "万秀区 is another city's");
        assert!(places::search(platform, "450300000000", "%").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_township_is_served_by_the_offices_above_it() {
    for here in testhouse::installations(&[organization::migrations()]).await {
        let platform = &here.platform;
        settle(platform).await;
        let actor = Actor::System("演示");
        let tx = platform.db.begin().await.unwrap();
        let new = NewBody {
            uscc: "11450300TT00000158".into(),
            name: "桂林市人民政府办公室".into(),
            region: "450300000000".into(),
            phone: "0773-5700001".into(),
            ..NewBody::default()
        };
        let body = organization::service::create_body(platform, &tx, &actor, &new).await.unwrap();
        let window = NewWindow { body, name: "综合窗口".into(), place: "一楼".into(), kind: organization::WindowKind::General };
        organization::service::create_window(platform, &tx, &actor, &window).await.unwrap();
        tx.commit().await.unwrap();
        let serving = bodies::of_place(platform, "450302001000").await.unwrap();
        assert_eq!(serving.iter().map(|b| b.id).collect::<Vec<_>>(), [body]);
        let halls = bodies::halls(platform, "450302001000").await.unwrap();
        assert_eq!(halls.len(), 1);
        assert_eq!(halls[0].windows[0].name, "综合窗口");
        assert_eq!(bodies::body(platform, base::new_id()).await.unwrap_err().kind(), Kind::NotFound);
    }
}
