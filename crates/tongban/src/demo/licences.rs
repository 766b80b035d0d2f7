//! Types of licences of the demonstration: described by one person, put in force by another.

use access::Actor;
use base::{Error, Result};
use cases::model::Trust;
use licences::model::{Domain, HolderKind, Layout, TypeField, TypeSpec, ValidityRule};
use licences::service::{TypeStep, create_type, step_type};
use organization::{staff_actor, staff_by_work_no};
use platform::Platform;

/// A type as its body describes it.
struct Described {
    serial: &'static str,
    name: &'static str,
    /// Years; 0 means no end.
    years: u8,
    proves: &'static str,
    basis: &'static str,
    /// Its lines, required ones with `*`.
    lines: &'static [&'static str],
}

const TYPES: [Described; 3] = [
    Described {
        serial: "102",
        name: "食品经营许可证",
        years: 5,
        proves: "证明持证主体可以在登载的经营场所从事登载的食品经营项目。",
        basis: "《中华人民共和国食品安全法》第三十五条",
        lines: &["经营场所*", "主体业态", "经营项目"],
    },
    Described {
        serial: "101",
        name: "营业执照",
        years: 0,
        proves: "证明持证主体已经依法登记，可以从事登载的经营活动。",
        basis: "《中华人民共和国市场主体登记管理条例》第二十一条",
        lines: &["经营场所", "经营者", "经营范围"],
    },
    Described {
        serial: "103",
        name: "食品小作坊登记证",
        years: 3,
        proves: "证明食品小作坊已经登记，可以生产登载的食品品种。",
        basis: "《广西壮族自治区食品小作坊小餐饮和食品摊贩管理条例》",
        lines: &["生产场所", "食品品种"],
    },
];

/// Describes them and puts them in force; returns how many.
///
/// # Errors
/// When a service refuses.
pub(super) async fn load(platform: &Platform) -> Result<usize> {
    let (writer, reviewer) = (person(platform, "head01").await?, person(platform, "approver02").await?);
    for Described { serial, name, years, proves, basis, lines } in TYPES {
        let field = |line: &&str| match line.strip_suffix('*') {
            Some(name) => TypeField { name: name.to_owned(), required: true },
            None => TypeField { name: (*line).to_owned(), required: false },
        };
        let spec = TypeSpec {
            name: name.to_owned(),
            definition: proves.to_owned(),
            basis: basis.to_owned(),
            domain: Domain::Commerce,
            holder: HolderKind::Any,
            validity: if years == 0 { ValidityRule::LongTerm } else { ValidityRule::Years { years } },
            trust: Trust::A,
            fields: lines.iter().map(field).collect(),
            layout: Layout { front: vec![format!("根据{}，经审查，准予登记。", basis.split('第').next().unwrap_or(basis))], ..Layout::default() },
        };
        let code = create_type(platform, &writer, serial, &spec, &format!("demonstration-{serial}")).await?;
        step_type(platform, &writer, &code, TypeStep::Submit, 1).await?;
        step_type(platform, &reviewer, &code, TypeStep::Approve, 2).await?;
    }
    Ok(TYPES.len())
}

async fn person(platform: &Platform, work_no: &str) -> Result<Actor> {
    let missing = || Error::internal(format!("no demonstration staff {work_no}"));
    let conn = platform.db.read();
    let id = staff_by_work_no(conn, work_no).await?.ok_or_else(missing)?;
    Ok(Actor::Staff(staff_actor(conn, id).await?.ok_or_else(missing)?))
}
