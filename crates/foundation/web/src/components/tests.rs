//! What must hold for every page, whatever is put into it.

use std::collections::HashSet;

use chrono::{NaiveDate, TimeZone, Utc};
use maud::{Markup, Render, html};

use super::*;

/// A text that would break out of an element or an attribute that does not escape.
const HOSTILE: &str = r#"'"><script id=x>&"#;

/// A page with every component, all texts being `text`.
fn everything(text: &str) -> Page {
    let field = |name: &str| {
        Field::new(name, text)
            .hint(text)
            .value(text)
            .error(Some(text))
            .required(false)
    };
    let rules = FileRules {
        accept: vec![text.to_owned()],
        max_bytes: 1 << 20,
        multiple: true,
    };
    let choices = [
        Choice::new("a", text).hint(text),
        Choice::new(text, text).reveal(text_input(&Field::new("more", text))),
    ];
    let body = html! {
        (PageHeading::new(text).caption(text).lede(text).mark(tag(Tone::Info, text)).action(Button::secondary(text).href(text)))
        (error_summary([("t", text), ("d_year", text)]))
        (Form::post(text, text).upload().dirty_check().id("f").body(html! {
            (text_input(&field("t").suffix(text))) (textarea(&field("area").max_length(9))) (password(&field("secret")))
            (date_input(&field("d"), &DateParts { year: text.into(), month: text.into(), day: text.into() }))
            (select(&field("s"), &choices[..1])) (radios(&field("r"), &choices)) (checkboxes(&field("c"), &choices[..1])) (checkbox(&field("one"), true))
            (file_upload(&field("file"), &rules)) (hidden("h", text)) (inline_error("e", text))
            (button_row([Button::primary(text).name(text, text).render()]))
        }))
        (section(text, Some((text, text)), fieldset(text, html! { (text) }))) (card(text)) (part(text, text)) (subheading(text)) (prose(text)) (narrow(html! { (text) }))
        (two_columns(answers(&[(Icon::Clock, Fact::new(text, text))]), side_by_side(back_link(text, text), html! {})))
        (summary_list(&[Fact::new(text, text).change(text), Fact::new(text, "")])) (fact_strip(&[Fact::new(text, text)]))
        (Table::new(text, [Column::new(text), Column::new(text).numeric().sort(text, Some(Order::Ascending))]).keyboard().row(TableRow::new().cell(text).cell(text).cell(text).open(text)))
        (timeline(&[TimelineStep::new(text, StepState::Done).who(text).when(text).due(text).note(text)])) (task_list(&[Task::new(text, StepState::Waiting).href(text).hint(text)]))
        (progress_steps(text, &[text, text], 7)) (progress_bar(text, 3, 0)) (icon_grid(&[Card::new(text, text)])) (card_grid(&[Card::new(text, text).icon(Icon::Star).text(text)]))
        (link_list(&[(text, text, text)])) (file_list(&[FileEntry::new(text).href(text).note(text)])) (pagination_keyset(Some(text), Some(text), text))
        (panel(text, Some((text, text)), text)) (notification_banner(Tone::Alert, text, text)) (flash(Tone::Good, text)) (warning_text(text)) (inset(text)) (details(text, text))
        (tabs(text, &[("one-tab", text, html! { (text) }), ("two-tab", text, html! {})])) (empty_state(Icon::Inbox, text, text, Some(Button::link(text))))
        (filter_panel(text, html! {}, &[(text, text)], text)) (saved_filters(text, &[(text, text, 3, true)])) (menu(text, [html! { (text) }])) (document_viewer(text, text, "application/pdf")) (keyboard_help())
        (stat_tiles(&[Stat::new(text, text, text).note(Tone::Good, text).href(text)])) (bar_chart(text, text, &[Bar::new(text, 3)])) (donut("ring", text, text, &[Bar::new(text, 3).tone(Tone::Good)]))
        (sparkline(text, &[1, 2])) (meter_row(text, 3, 2, text)) (stars(4)) (light(Light::Red, Some(text))) (badge(100, text)) (telephone(text)) (time_of(text, text))
    };
    let site = Site {
        name: text.into(),
        tagline: text.into(),
        consult_phone: text.into(),
        host: text.into(),
        demo: true,
        ..Site::default()
    };
    let user = UserChip {
        name: text.into(),
        role_line: text.into(),
        home_href: text.into(),
        logout_action: text.into(),
        csrf_token: text.into(),
    };
    Page::public(text)
        .description(text)
        .site(site)
        .user(Some(user))
        .region(Some(RegionChip {
            name: text.into(),
            change_href: text.into(),
        }))
        .nav([NavItem::new(text, text).active(true).badge(2)])
        .crumb(text, text)
        .here(text)
        .notice(Some(html! { (text) }))
        .flash(Some((Tone::Good, text.to_owned())))
        .page_status(text)
        .query(text)
        .popular(text, text)
        .body(body)
}

/// The values of an attribute anywhere in a document.
fn attribute<'a>(document: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    document
        .split(&start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

fn of(markup: Markup) -> String {
    markup.into_string()
}

#[test]
fn every_text_is_escaped() {
    for page in [
        everything(HOSTILE),
        everything(HOSTILE).search(SearchPlace::Hero).elder(true),
    ] {
        let document = of(page.document());
        assert!(
            document.contains("&quot;&gt;&lt;script id=x&gt;&amp;"),
            "the texts are on the page"
        );
        assert!(!document.contains("<script id=x>"), "a text reached the page as markup");
    }
}

#[test]
fn nothing_needs_inline_styles_or_scripts() {
    let document = of(everything("文字").document());
    assert!(attribute(&document, "style").is_empty());
    assert_eq!(
        document.matches("<script").count(),
        document.matches("<script type=\"module\" src=").count()
    );
    assert!(!document.contains("javascript:") && attribute(&document, "onclick").is_empty());
}

#[test]
fn ids_are_unique_and_every_reference_has_its_element() {
    let document = of(everything("文字").document());
    let ids = attribute(&document, "id");
    let known: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "an id appears twice: {ids:?}");
    for name in [
        "for",
        "aria-describedby",
        "aria-labelledby",
        "aria-controls",
        "data-reveals",
        "data-copy",
    ] {
        for reference in attribute(&document, name).iter().flat_map(|value| value.split(' ')) {
            assert!(
                known.contains(reference),
                "{name} names {reference}, which is not on the page"
            );
        }
    }
    let anchors = attribute(&document, "href")
        .into_iter()
        .filter_map(|href| href.strip_prefix('#'));
    for anchor in anchors {
        assert!(
            known.contains(anchor),
            "a link leads to #{anchor}, which is not on the page"
        );
    }
}

#[test]
fn a_field_binds_label_hint_and_error_to_its_input() {
    let shown = of(text_input(
        &Field::new("phone", "手机号码")
            .hint("11 位")
            .error(Some("请填写手机号码")),
    ));
    assert!(
        shown.contains(r#"for="phone""#)
            && shown.contains(r#"aria-describedby="phone-hint phone-error""#)
            && shown.contains(r#"aria-invalid="true""#)
    );
    let fine = of(text_input(&Field::new("email", "邮箱").required(false)));
    assert!(fine.contains("（选填）") && !fine.contains("aria-invalid") && !fine.contains("aria-describedby"));
}

#[test]
fn the_value_chooses_one_answer_and_only_its_question_shows() {
    let choices = [
        Choice::new("window", "窗口"),
        Choice::new("post", "邮寄").reveal(text_input(&Field::new("address", "地址"))),
    ];
    let window = of(radios(&Field::new("way", "方式").value("window"), &choices));
    assert_eq!(window.matches(" checked").count(), 1);
    assert!(window.contains("conditional--hidden"));
    let post = of(radios(&Field::new("way", "方式").value("post"), &choices));
    assert_eq!(post.matches(" checked").count(), 1);
    assert!(!post.contains("conditional--hidden"));
    assert_eq!(
        of(radios(&Field::new("way", "方式"), &[Choice::new("", "都可以")]))
            .matches(" checked")
            .count(),
        0
    );
}

#[test]
fn a_form_that_changes_something_carries_the_token_and_one_that_asks_does_not() {
    assert!(of(form("/a", "secret", html! {})).contains(r#"name="_token" value="secret""#));
    let search = of(Form::get("/search").body(html! {}));
    assert!(search.contains(r#"method="get""#) && !search.contains("_token"));
}

#[test]
fn lights_differ_in_shape_and_word_not_only_in_colour() {
    let lights = [Light::Green, Light::Yellow, Light::Red, Light::Purple].map(|kind| of(light(kind, None)));
    let shapes: HashSet<_> = lights
        .iter()
        .map(|light| {
            light
                .split_once("focusable=\"false\">")
                .map(|(_, rest)| rest.split_once("</svg>").map(|(shape, _)| shape.to_owned()))
        })
        .collect();
    let words: HashSet<_> = lights
        .iter()
        .filter_map(|light| light.rsplit_once("<span>"))
        .map(|(_, word)| word)
        .collect();
    assert_eq!((shapes.len(), words.len()), (4, 4));
}

#[test]
fn charts_survive_nothing_and_very_much() {
    assert!(of(donut("d", "量", "件", &[])).contains("还没有数据"));
    assert!(of(bar_chart("量", "件", &[])).contains("还没有数据"));
    let most = [
        Bar::new("甲", i64::MAX),
        Bar::new("乙", i64::MAX),
        Bar::new("丙", i64::MIN),
    ];
    for chart in [
        of(donut("d", "量", "件", &most)),
        of(bar_chart("量", "件", &most)),
        of(sparkline("量", &[i64::MIN, i64::MAX])),
    ] {
        assert!(!chart.contains("NaN") && !chart.contains("inf"));
    }
    let bars = of(bar_chart("量", "件", &[Bar::new("甲", 200), Bar::new("乙", 50)]));
    assert!(
        bars.contains(r#"width="25.0%""#) && bars.contains("<table"),
        "a chart has its numbers beside it"
    );
}

#[test]
fn a_table_repeats_its_column_names_for_the_phone() {
    let table = of(Table::new("表", [Column::new("部门"), Column::new("件").numeric()])
        .row(TableRow::new().cell("民政").cell(3))
        .render());
    assert_eq!(attribute(&table, "data-label"), ["部门", "件"]);
    assert!(table.contains("<caption") && table.contains(r#"scope="col""#));
}

#[test]
fn the_workbench_leaves_out_the_public_footer_and_elder_mode_offers_the_telephone() {
    assert!(!of(Page::workbench("待办").document()).contains("<footer"));
    let elder = of(Page::public("首页").elder(true).document());
    assert!(
        elder.contains("tel:12345") && elder.contains("data-read-aloud") && elder.contains(r#"class="public elder""#)
    );
}

#[test]
fn error_pages_say_what_happened_and_lead_on() {
    for body in [
        error_pages::not_found(),
        error_pages::forbidden("这个办件"),
        error_pages::conflict("/a"),
        error_pages::expired("/login"),
        error_pages::too_large("20 MB", "/a"),
        error_pages::too_many_requests(),
        error_pages::server_error("r-1"),
        error_pages::offline(),
    ] {
        let body = of(body);
        assert_eq!(body.matches("<h1").count(), 1);
        assert!(body.contains("href="), "no way on");
    }
}

#[test]
fn icons_are_found_by_their_names() {
    assert!(Icon::ALL.iter().all(|icon| Icon::from_name(icon.name()) == Some(*icon)));
    assert_eq!(Icon::from_name("no-such-icon"), None);
}

#[test]
fn dates_are_written_in_chinese_and_in_the_time_of_china() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    assert_eq!(format::date(day), "2026年11月24日");
    assert_eq!(format::date_weekday(day), "2026年11月24日 星期二");
    assert_eq!(
        format::date_weekday(NaiveDate::from_ymd_opt(2026, 11, 29).unwrap()),
        "2026年11月29日 星期日"
    );
    let late = Utc.with_ymd_and_hms(2026, 12, 31, 16, 5, 0).unwrap();
    assert_eq!(format::date_time(&late), "2027年1月1日 00:05");
    assert_eq!(format::date_time_short(&late), "2027-01-01 00:05");
    assert_eq!(format::date_time_machine(&late), "2027-01-01T00:05:00+08:00");
}

#[test]
fn the_past_is_told_in_words_people_use() {
    let now = Utc.with_ymd_and_hms(2026, 11, 24, 2, 0, 0).unwrap(); // 10:00 in China
    let ago = |minutes: i64| format::ago(now - chrono::TimeDelta::minutes(minutes), now);
    assert_eq!(ago(0), "刚刚");
    assert_eq!(ago(59), "59 分钟前");
    assert_eq!(ago(9 * 60), "9 小时前");
    assert_eq!(ago(11 * 60), "昨天 23:00");
    assert_eq!(ago(3 * 24 * 60), "2026年11月21日");
    assert_eq!(ago(-5), "2026年11月24日 10:05");
}

#[test]
fn amounts_terms_and_sizes_read_well() {
    assert_eq!(format::working_days_left(3), "还剩 3 个工作日");
    assert_eq!(format::working_days_left(0), "今天到期");
    assert_eq!(format::working_days_left(-2), "已超期 2 个工作日");
    assert_eq!(format::number(1_234_567), "1,234,567");
    assert_eq!(format::number(-999), "-999");
    assert_eq!(format::number(i64::MIN), "-9,223,372,036,854,775,808");
    assert_eq!(format::money(123_450), "¥1,234.50");
    assert_eq!(format::money(-20_000), "-¥200");
    assert_eq!(format::money(5), "¥0.05");
    assert_eq!(format::percent(1, 3), "33.3%");
    assert_eq!(format::percent(0, 0), "—");
    assert_eq!(format::file_size(820), "820 B");
    assert_eq!(format::file_size(1536), "1.5 KB");
    assert_eq!(format::file_size(20 * 1024 * 1024), "20 MB");
    assert_eq!(format::file_size(1024 * 1024 - 1), "1 MB");
}
