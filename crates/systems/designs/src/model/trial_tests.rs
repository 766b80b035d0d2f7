use proptest::prelude::*;

use super::*;
use crate::model::{Kind, starter};

fn approval() -> String {
    starter(Kind::Process, "approval", "test-approval", "测试审批").unwrap()
}

fn sample() -> Map<String, Value> {
    Map::from_iter([("correction_days".to_owned(), 15.into())])
}

fn complete(trial: &Trial, outcome: &str) -> Move {
    Move::Complete { token: trial.waiting[0].token, outcome: outcome.into(), variables: Map::new() }
}

#[test]
fn an_approval_is_played_to_its_end_and_a_move_is_taken_back() {
    let xml = approval();
    let mut moves = Vec::new();
    for outcome in ["accept", "forward", "forward", "grant"] {
        let trial = Trial::play(&xml, &sample(), &moves).unwrap();
        moves.push(complete(&trial, outcome));
    }
    let trial = Trial::play(&xml, &sample(), &moves).unwrap();
    assert_eq!(trial.waiting[0].topic.as_deref(), Some("licences.issue"));
    moves.push(Move::Served { token: trial.waiting[0].token, result: None });
    let over = Trial::play(&xml, &sample(), &moves).unwrap();
    assert!(over.ended && over.waiting.is_empty());
    assert_eq!(over.story.last().unwrap().last().unwrap(), "流程结束");
    moves.truncate(2);
    let back = Trial::play(&xml, &sample(), &moves).unwrap();
    assert_eq!(back.waiting[0].element, "examination");
    let waiting: Vec<_> = back.marks.iter().filter(|m| m.state == MarkState::Waiting).map(|m| m.element.as_str()).collect();
    assert_eq!(waiting, ["examination"]);
}

#[test]
fn time_can_be_let_pass() {
    let xml = approval();
    let first = Trial::play(&xml, &sample(), &[]).unwrap();
    assert_eq!(first.waiting[0].events[0], ("silence".to_owned(), "时间到：五个工作日未告知".to_owned()));
    let next = Trial::play(&xml, &sample(), &[Move::Happened { token: first.waiting[0].token, event: "silence".into() }]).unwrap();
    assert_eq!(next.waiting[0].topic.as_deref(), Some("cases.deem_accepted"));
    assert!(next.marks.contains(&Mark::of("acceptance", MarkState::Cancelled)));
}

#[test]
fn what_cannot_run_is_refused_with_its_reason() {
    let broken = approval().replace(r#" tongban:permission="cases.accept""#, "");
    assert!(Trial::play(&broken, &sample(), &[]).unwrap_err().message().contains("受理"));
    let twice = Trial::play(&approval(), &sample(), &[]).map(|t| vec![complete(&t, "accept"), complete(&t, "accept")]).unwrap();
    assert_eq!(Trial::play(&approval(), &sample(), &twice).unwrap_err().code(), "designs.trial");
    let many = vec![Move::Served { token: 1, result: None }; MAX_MOVES + 1];
    assert!(Trial::play(&approval(), &sample(), &many).is_err());
}

fn any_move() -> impl Strategy<Value = Move> {
    let outcome = prop_oneof![Just("accept"), Just("correct"), Just("grant"), Just("return"), Just("x")];
    prop_oneof![
        (0..12_u64, outcome).prop_map(|(token, outcome)| Move::Complete { token, outcome: outcome.into(), variables: Map::new() }),
        (0..12_u64).prop_map(|token| Move::Served { token, result: None }),
        (0..12_u64, "silence|lapse|x").prop_map(|(token, event)| Move::Happened { token, event }),
    ]
}

proptest! {
    /// A forged list of moves can only be refused; a possible one always gives the same trial.
    #[test]
    fn any_list_of_moves_is_played_or_refused(moves in prop::collection::vec(any_move(), 0..8)) {
        let (one, two) = (Trial::play(&approval(), &sample(), &moves), Trial::play(&approval(), &sample(), &moves));
        match (one, two) {
            (Ok(a), Ok(b)) => {
                prop_assert_eq!(&a.marks, &b.marks);
                prop_assert_eq!(a.ended, a.waiting.is_empty());
                prop_assert_eq!(a.story.len(), moves.len() + 1);
            }
            (Err(a), Err(b)) => prop_assert_eq!(a.message(), b.message()),
            _ => prop_assert!(false, "not deterministic"),
        }
    }
}
