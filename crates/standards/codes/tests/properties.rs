//! Rules that hold for every input.

use codes::{
    CaseNo, CitizenId, ItemCode, LicenceId, ProjectCode, RegionCode, Uscc, Ymd,
    lists::HandlingChannel, mask,
};
use proptest::prelude::*;

const LETTERS_31: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

fn citizen_id() -> impl Strategy<Value = String> {
    (
        110_000u32..820_000,
        1900u16..2026,
        1u8..=12,
        1u8..=28,
        0u16..1000,
    )
        .prop_map(|(region, y, m, d, seq)| {
            let first_17 = format!("{region:06}{y:04}{m:02}{d:02}{seq:03}");
            format!("{first_17}{}", CitizenId::check_digit(&first_17).unwrap())
        })
}

fn uscc() -> impl Strategy<Value = String> {
    (
        "(11|12|13|51|52|53|91|92|93|Y1)[0-9]{6}",
        prop::collection::vec(prop::sample::select(LETTERS_31), 9),
    )
        .prop_map(|(head, body)| {
            let first_17 = format!("{head}{}", String::from_utf8(body).unwrap());
            format!("{first_17}{}", Uscc::check_character(&first_17).unwrap())
        })
}

fn licence_id() -> impl Strategy<Value = String> {
    (uscc(), "[0-9]{3}", uscc(), "[0-9A-Z]{1,32}", 1u16..1000).prop_map(
        |(definer, serial, issuer, number, version)| {
            let issuer = Uscc::parse(&issuer).unwrap();
            LicenceId::new(&format!("{definer}{serial}"), &issuer, &number, version)
                .unwrap()
                .to_string()
        },
    )
}

/// The text with the character at `index` replaced by another one.
fn changed(text: &str, index: usize, by: char) -> Option<String> {
    let index = index % text.len();
    let mut chars: Vec<char> = text.chars().collect();
    (chars[index] != by).then(|| {
        chars[index] = by;
        chars.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn a_changed_digit_of_a_citizen_number_is_refused(
        id in citizen_id(), index in 0usize..18, by in prop::char::range('0', '9'),
    ) {
        prop_assert_eq!(CitizenId::parse(&id).unwrap().to_string(), &id[..]);
        if let Some(wrong) = changed(&id, index, by) {
            prop_assert!(CitizenId::parse(&wrong).is_err(), "{}", wrong);
        }
    }

    #[test]
    fn swapped_neighbours_of_a_citizen_number_are_refused(id in citizen_id(), index in 0usize..16) {
        let mut chars: Vec<char> = id.chars().collect();
        chars.swap(index, index + 1);
        let swapped: String = chars.into_iter().collect();
        prop_assert!(swapped == id || CitizenId::parse(&swapped).is_err());
    }

    #[test]
    fn a_changed_character_of_a_credit_code_is_refused(
        code in uscc(), index in 0usize..18, by in prop::sample::select(LETTERS_31),
    ) {
        prop_assert_eq!(Uscc::parse(&code).unwrap().to_string(), &code[..]);
        if let Some(wrong) = changed(&code, index, char::from(by)) {
            prop_assert!(Uscc::parse(&wrong).is_err(), "{}", wrong);
        }
    }

    #[test]
    fn a_changed_character_of_a_licence_identifier_is_refused(
        id in licence_id(), index in 0usize..100, by in "[0-9A-Z.]",
    ) {
        prop_assert_eq!(LicenceId::parse(&id).unwrap().to_string(), &id[..]);
        if let Some(wrong) = changed(&id, index, by.chars().next().unwrap()) {
            prop_assert!(LicenceId::parse(&wrong).is_err(), "{}", wrong);
        }
    }

    #[test]
    fn a_case_number_is_read_as_it_was_made_and_a_changed_one_refused(
        region in "[1-9][0-9]{5}", day in 1u8..=28, serial in 1u32..1_000_000, index in 0usize..23, by in "[0-9A-Z]",
        channel in prop::sample::select(HandlingChannel::ALL),
    ) {
        let date = Ymd::new(2026, 2, day).unwrap();
        let no = CaseNo::new(&region, date, channel, serial).unwrap();
        let read = CaseNo::parse(no.as_str()).unwrap();
        prop_assert_eq!((read.region6(), read.date(), read.channel(), read.serial()), (&region[..], date, channel, serial));
        if let Some(wrong) = changed(no.as_str(), index, by.chars().next().unwrap()) {
            prop_assert!(CaseNo::parse(&wrong).is_err(), "{}", wrong);
        }
    }

    #[test]
    fn ancestors_contain_their_regions(code in "[1-9][0-9]{11}") {
        let region = RegionCode::parse(&code).unwrap();
        let mut child = region.clone();
        while let Some(parent) = child.parent() {
            prop_assert!(parent.level() < child.level());
            prop_assert!(parent.contains(&child) && parent.contains(&region) && !child.contains(&parent));
            prop_assert_eq!(region.at(parent.level()), Some(parent.clone()));
            prop_assert_eq!(RegionCode::from_prefix(parent.prefix()), Ok(parent.clone()));
            child = parent;
        }
        prop_assert_eq!(child.level(), codes::Level::Region);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,40}", digits in "[0-9A-ZＸ０-９字.]{12,33}") {
        for text in [&text, &digits] {
            let _ = CitizenId::parse(text);
            let _ = Uscc::parse(text);
            let _ = RegionCode::parse(text);
            let _ = RegionCode::from_prefix(text);
            let _ = ProjectCode::parse(text);
            let _ = CaseNo::parse(text);
            let _ = LicenceId::parse(&format!("{}{text}", LicenceId::ROOT));
            if let Ok(code) = ItemCode::parse(text) {
                prop_assert_eq!(ItemCode::parse(code.as_str()), Ok(code.clone()));
                let _ = code.base().map(|base| (base.kind(), base.parent()));
            }
            let _ = (mask::phone(text), mask::bank_card(text), mask::address(text));
        }
    }

    #[test]
    fn masking_hides_something_and_keeps_the_length(text in "\\PC{1,30}") {
        for masked in [mask::keep(&text, 4, 4), mask::keep(&text, 1, 0)] {
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            prop_assert!(masked.contains('*'));
        }
    }

    #[test]
    fn serde_is_a_plain_string(code in uscc()) {
        let uscc = Uscc::parse(&code).unwrap();
        let json = serde_json::to_string(&uscc).unwrap();
        prop_assert_eq!(&json, &format!("\"{code}\""));
        prop_assert_eq!(serde_json::from_str::<Uscc>(&json).unwrap(), uscc);
        prop_assert!(serde_json::from_str::<Uscc>("\"1\"").is_err());
    }
}
