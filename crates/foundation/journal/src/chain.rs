//! The chain as a pure rule.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use uuid::Uuid;

/// One entry of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The chain: usually the identifier of a case.
    pub chain: Uuid,
    /// Position in the chain, from 1.
    pub seq: i64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Kind of actor: `party`, `staff`, `system`, `anonymous`.
    pub actor_kind: String,
    /// Identifier of the actor.
    pub actor_id: Option<Uuid>,
    /// Name of the actor as it was then.
    pub actor_name: String,
    /// What was done, e.g. `cases.accept`.
    pub act: String,
    /// The same as a phrase for people, e.g. `受理`.
    pub label: String,
    /// Details: opinion, reasons, data seen.
    pub data: Value,
    /// Hash of the entry before; empty at the start.
    pub prev: String,
    /// Hash of this entry.
    pub hash: String,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An entry is missing before this position.
    Gap(i64),
    /// This entry does not follow from the one before.
    BrokenLink(i64),
    /// This entry's content does not match its hash.
    Altered(i64),
}

/// Hash of an entry: SM3 over its fields, each preceded by its length so that no two entries read the same.
pub fn digest(entry: &Entry) -> String {
    let mut hasher = gm::Sm3::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    field(entry.prev.as_bytes());
    field(entry.chain.as_bytes());
    field(&entry.seq.to_be_bytes());
    field(entry.at.to_rfc3339_opts(SecondsFormat::Micros, true).as_bytes());
    field(entry.actor_kind.as_bytes());
    field(entry.actor_id.map(|id| id.to_string()).unwrap_or_default().as_bytes());
    field(entry.actor_name.as_bytes());
    field(entry.act.as_bytes());
    field(entry.label.as_bytes());
    // serde_json keeps object keys sorted, so the text is the same after a round trip through either database
    field(entry.data.to_string().as_bytes());
    hex::encode(hasher.finish())
}

/// Checks a whole chain, given in order.
pub fn verify_entries(entries: &[Entry]) -> Result<(), Fault> {
    let mut prev = String::new();
    for (expected, entry) in (1..).zip(entries) {
        if entry.seq != expected {
            return Err(Fault::Gap(expected));
        }
        if entry.prev != prev {
            return Err(Fault::BrokenLink(entry.seq));
        }
        if digest(entry) != entry.hash {
            return Err(Fault::Altered(entry.seq));
        }
        prev.clone_from(&entry.hash);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn chain(length: i64) -> Vec<Entry> {
        let mut prev = String::new();
        (1..=length)
            .map(|seq| {
                let mut entry = Entry {
                    chain: Uuid::from_u128(7),
                    seq,
                    at: Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, seq as u32).unwrap(),
                    actor_kind: "staff".into(),
                    actor_id: None,
                    actor_name: "演示".into(),
                    act: "cases.note".into(),
                    label: "记录".into(),
                    data: serde_json::json!({"b": 1, "a": seq}),
                    prev: prev.clone(),
                    hash: String::new(),
                };
                entry.hash = digest(&entry);
                prev.clone_from(&entry.hash);
                entry
            })
            .collect()
    }

    #[test]
    fn an_untouched_chain_is_whole() {
        assert_eq!(verify_entries(&chain(5)), Ok(()));
        assert_eq!(verify_entries(&[]), Ok(()));
    }

    #[test]
    fn every_kind_of_tampering_shows() {
        let mut altered = chain(4);
        altered[2].label = "删除".into();
        assert_eq!(verify_entries(&altered), Err(Fault::Altered(3)));

        let mut removed = chain(4);
        removed.remove(1);
        assert_eq!(verify_entries(&removed), Err(Fault::Gap(2)));

        let mut forged = chain(4);
        forged[1].label = "改写".into();
        forged[1].hash = digest(&forged[1]);
        assert_eq!(verify_entries(&forged), Err(Fault::BrokenLink(3)));
    }
}
