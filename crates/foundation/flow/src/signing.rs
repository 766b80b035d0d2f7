//! Several people on one task: who signs when, and what comes of it. Pure rules; the host keeps the seats as rows of
//! `flow_task` that share a token.
//!
//! A task begins with one seat, the *main* one. Signers are added before it (it waits for them), beside it or after it
//! (加签), and may be taken away again (减签). Seats are ordered by stage; only those of the lowest unfinished stage are open.
//! The task is done when every seat is; what it comes to is what the last stage says, and there the main seat where it sits.

use uuid::Uuid;

/// Where an added signer stands to the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Signs first; the asking one waits (前加签).
    Before,
    /// Signs at the same time (并加签).
    Beside,
    /// Signs afterwards (后加签).
    After,
}

/// How far a seat is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Its stage has not come.
    Waiting,
    /// Somebody can sign.
    Open,
    /// Signed, with this outcome.
    Done(String),
    /// Taken away.
    Gone,
}

/// One signer's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Identifier.
    pub id: Uuid,
    /// Order of signing; equal stages sign at the same time.
    pub stage: i32,
    /// Whether it is the seat the process drew, not an added one.
    pub main: bool,
    /// How far it is.
    pub progress: Progress,
}

/// Why seats cannot change so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeatError {
    /// The asking seat is not open.
    #[error("这项待办不在您手上，不能加签或减签")]
    NotOpen,
    /// There is no such added seat, or it has signed already.
    #[error("只能减去尚未签署的加签人")]
    NotRemovable,
    /// More signers than a task may have.
    #[error("一项待办最多由 {MAX_SEATS} 人签署")]
    TooMany,
}

/// Most signers of one task.
pub const MAX_SEATS: usize = 50;

/// Adds a seat `new` at the wish of the open seat `asking`.
///
/// # Errors
/// When the asking seat is not open, or there are too many.
pub fn add(seats: &mut Vec<Seat>, asking: Uuid, new: Uuid, place: Place) -> Result<(), SeatError> {
    if seats.iter().filter(|s| s.progress != Progress::Gone).count() >= MAX_SEATS {
        return Err(SeatError::TooMany);
    }
    let stage = seats.iter().find(|s| s.id == asking && s.progress == Progress::Open).ok_or(SeatError::NotOpen)?.stage;
    let unsigned = |seat: &Seat| matches!(seat.progress, Progress::Waiting | Progress::Open);
    let (stage, progress) = match place {
        Place::Beside => (stage, Progress::Open),
        Place::Before => {
            // The asking seat and all later ones move back; who sits beside it stays, and signs at the same time as the new one.
            for seat in seats.iter_mut().filter(|s| unsigned(s) && (s.id == asking || s.stage > stage)) {
                seat.stage += 1;
                seat.progress = Progress::Waiting;
            }
            (stage, Progress::Open)
        }
        Place::After => {
            for seat in seats.iter_mut().filter(|s| unsigned(s) && s.stage > stage) {
                seat.stage += 1;
            }
            (stage + 1, Progress::Waiting)
        }
    };
    seats.push(Seat { id: new, stage, main: false, progress });
    Ok(())
}

/// Takes an added seat away that has not signed. Gives the outcome of the task when that was all it waited for.
///
/// # Errors
/// When there is no such seat.
pub fn remove(seats: &mut [Seat], id: Uuid) -> Result<Option<String>, SeatError> {
    let seat = seats
        .iter_mut()
        .find(|s| s.id == id && !s.main && matches!(s.progress, Progress::Waiting | Progress::Open))
        .ok_or(SeatError::NotRemovable)?;
    seat.progress = Progress::Gone;
    Ok(settle(seats))
}

/// A seat signs. Gives the outcome of the task when it was the last.
///
/// # Errors
/// When it is not its turn.
pub fn sign(seats: &mut [Seat], id: Uuid, outcome: &str) -> Result<Option<String>, SeatError> {
    let seat = seats.iter_mut().find(|s| s.id == id && s.progress == Progress::Open).ok_or(SeatError::NotOpen)?;
    seat.progress = Progress::Done(outcome.to_owned());
    Ok(settle(seats))
}

/// Opens the next stage when the present one is through; the outcome when there is none.
fn settle(seats: &mut [Seat]) -> Option<String> {
    if seats.iter().any(|s| s.progress == Progress::Open) {
        return None;
    }
    if let Some(next) = seats.iter().filter(|s| s.progress == Progress::Waiting).map(|s| s.stage).min() {
        for seat in seats.iter_mut().filter(|s| s.progress == Progress::Waiting && s.stage == next) {
            seat.progress = Progress::Open;
        }
        return None;
    }
    let signed = |s: &&Seat| matches!(s.progress, Progress::Done(_));
    let last = seats.iter().filter(signed).map(|s| s.stage).max()?;
    let mut decisive: Vec<&Seat> = seats.iter().filter(signed).filter(|s| s.stage == last).collect();
    decisive.sort_by_key(|s| !s.main);
    decisive.first().and_then(|s| match &s.progress {
        Progress::Done(outcome) => Some(outcome.clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn one() -> Vec<Seat> {
        vec![Seat { id: id(0), stage: 0, main: true, progress: Progress::Open }]
    }

    fn open(seats: &[Seat]) -> Vec<u128> {
        let mut open: Vec<u128> = seats.iter().filter(|s| s.progress == Progress::Open).map(|s| s.id.as_u128()).collect();
        open.sort_unstable();
        open
    }

    #[test]
    fn before_beside_and_after() {
        let mut seats = one();
        add(&mut seats, id(0), id(1), Place::Before).unwrap();
        assert_eq!(open(&seats), [1]);
        assert_eq!(sign(&mut seats, id(0), "agree"), Err(SeatError::NotOpen), "it waits for the opinion it asked for");
        assert_eq!(sign(&mut seats, id(1), "doubt"), Ok(None));
        assert_eq!(open(&seats), [0]);
        add(&mut seats, id(0), id(2), Place::After).unwrap();
        add(&mut seats, id(0), id(3), Place::Beside).unwrap();
        assert_eq!(open(&seats), [0, 3]);
        assert_eq!(sign(&mut seats, id(0), "agree"), Ok(None));
        assert_eq!(sign(&mut seats, id(3), "agree"), Ok(None));
        assert_eq!(open(&seats), [2]);
        assert_eq!(sign(&mut seats, id(2), "refuse"), Ok(Some("refuse".into())), "the last stage decides");
    }

    #[test]
    fn the_main_seat_decides_in_its_stage() {
        let mut seats = one();
        add(&mut seats, id(0), id(1), Place::Beside).unwrap();
        assert_eq!(sign(&mut seats, id(0), "agree"), Ok(None));
        assert_eq!(sign(&mut seats, id(1), "refuse"), Ok(Some("agree".into())));
    }

    #[test]
    fn who_has_not_signed_can_be_taken_away() {
        let mut seats = one();
        add(&mut seats, id(0), id(1), Place::After).unwrap();
        assert_eq!(sign(&mut seats, id(0), "agree"), Ok(None));
        assert_eq!(remove(&mut seats, id(0)), Err(SeatError::NotRemovable));
        assert_eq!(remove(&mut seats, id(1)), Ok(Some("agree".into())), "nothing is left to wait for");
        assert_eq!(remove(&mut seats, id(1)), Err(SeatError::NotRemovable));
    }

    #[derive(Debug, Clone)]
    enum Verb {
        Add(usize, Place),
        Remove(usize),
        Sign(usize),
    }

    fn verbs() -> impl Strategy<Value = Vec<Verb>> {
        let place = prop::sample::select(vec![Place::Before, Place::Beside, Place::After]);
        let verb = prop_oneof![
            3 => (0..8_usize, place).prop_map(|(n, p)| Verb::Add(n, p)),
            1 => (0..8_usize).prop_map(Verb::Remove),
            3 => (0..8_usize).prop_map(Verb::Sign),
        ];
        prop::collection::vec(verb, 1..40)
    }

    /// The simple model: a list of rounds of signers still to come; the first round signs now.
    #[derive(Default)]
    struct Model {
        rounds: Vec<Vec<usize>>,
        signed: usize,
    }

    proptest! {
        #[test]
        fn any_sequence_agrees_with_the_model(verbs in verbs()) {
            let mut seats = one();
            let mut model = Model { rounds: vec![vec![0]], signed: 0 };
            let mut ended = None;
            for verb in verbs {
                let here = |model: &Model, n: usize| model.rounds.first().is_some_and(|r| r.contains(&n));
                match verb {
                    Verb::Add(asking, place) => {
                        let new = seats.len();
                        let expected = here(&model, asking);
                        prop_assert_eq!(add(&mut seats, id(asking as u128), id(new as u128), place).is_ok(), expected);
                        if expected {
                            match place {
                                Place::Beside => model.rounds[0].push(new),
                                Place::After => model.rounds.insert(1, vec![new]),
                                Place::Before => {
                                    model.rounds[0].retain(|n| *n != asking);
                                    model.rounds[0].push(new);
                                    model.rounds.insert(1, vec![asking]);
                                }
                            }
                        }
                    }
                    Verb::Remove(n) => {
                        let expected = n != 0 && model.rounds.iter().any(|r| r.contains(&n));
                        let result = remove(&mut seats, id(n as u128));
                        prop_assert_eq!(result.is_ok(), expected);
                        for round in &mut model.rounds { if expected { round.retain(|m| *m != n); } }
                        ended = result.ok().flatten();
                    }
                    Verb::Sign(n) => {
                        let expected = here(&model, n);
                        let result = sign(&mut seats, id(n as u128), &n.to_string());
                        prop_assert_eq!(result.is_ok(), expected);
                        if expected { model.rounds[0].retain(|m| *m != n); model.signed += 1; }
                        ended = result.ok().flatten();
                    }
                }
                model.rounds.retain(|r| !r.is_empty());
                let mut now: Vec<u128> = model.rounds.first().into_iter().flatten().map(|n| *n as u128).collect();
                now.sort_unstable();
                prop_assert_eq!(open(&seats), now, "the same people can sign");
                prop_assert_eq!(ended.is_some(), model.rounds.is_empty(), "done when everybody has signed, and only then");
                if ended.is_some() { break; }
                ended = None;
            }
        }
    }
}
