//! Random files and acts in a simulation: everything comes to rest, in time, and says what happened in order.

mod common;
mod random;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bpmn::{
    Command, Conditions, Definitions, Instance, Process, TokenState, Variables,
    TimerDue, simulation::Simulation,
    step,
};
use proptest::prelude::*;
use serde_json::json;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_files_come_to_rest(
        one in random::any_process(),
        two in random::any_process(),
        acts in prop::collection::vec((0_u8..7, any::<prop::sample::Index>()), 0..6),
    ) {
        // Two processes of one file, whose messages and signals meet.
        let body = |xml: &str| {
            let start = xml.find("<process").unwrap();
            let end = xml.rfind("</definitions>").unwrap();
            xml[start..end].to_owned()
        };
        let other = body(&two).replace("id=\"", "id=\"q").replace("Ref=\"n", "Ref=\"qn").replace("Ref=\"start", "Ref=\"qstart");
        let xml = one.replace("</definitions>", &format!("{other}</definitions>")).replace("id=\"qp\"", "id=\"q\"");
        let definitions = Definitions::parse(&xml).unwrap();
        let _ = bpmn::check_all(&definitions, &Conditions);
        let begun = Instant::now();
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let mut simulation = Simulation::new(&definitions, &Conditions, &TimerDue::moment, now);
        let processes: Vec<&Process> = definitions.processes.iter().collect();
        let variables: Variables = [("x".to_owned(), json!(true))].into_iter().collect();
        simulation.start(&processes, &variables);
        for (act, pick) in acts {
            let waiting: Vec<String> = simulation.waiting().into_iter().map(str::to_owned).collect();
            let at = waiting.get(pick.index(waiting.len().max(1))).cloned().unwrap_or_default();
            match act {
                0..=2 => simulation.fire(&at, Variables::new()),
                3 => simulation.fail(&at, "E1"),
                4 => simulation.message("M", None),
                5 => simulation.signal("S"),
                _ => simulation.advance("PT2H".parse().unwrap()),
            }
        }
        simulation.run_out();
        prop_assert!(begun.elapsed() < Duration::from_secs(120));
        // Every element that was left had been entered, in every instance.
        let mut open: BTreeMap<(Option<usize>, Option<String>), i64> = BTreeMap::new();
        for record in simulation.records() {
            let change = match record.event {
                "entered" => 1,
                "completed" | "terminated" => -1,
                _ => continue,
            };
            let count = open.entry((record.instance, record.element.clone())).or_default();
            *count += change;
            prop_assert!(*count >= 0, "{record:?}");
        }
    }
}

/// A process with `n` waiting tokens: every step costs the same few allocations for each, not for each pair.
#[test]
fn a_step_among_a_thousand_tokens_is_quick() {
    let looping = "<multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics>";
    let xml = common::document(&format!(
        r#"<startEvent id="s"/><subProcess id="a">{looping}<startEvent id="i"/><userTask id="u"/>
           <boundaryEvent id="b" attachedToRef="u" cancelActivity="false" t:workdays="1"><timerEventDefinition/></boundaryEvent>
           <inclusiveGateway id="g"/>{}{}{}</subProcess>{}"#,
        common::flow("f1", "i", "u", ""),
        common::flow("f2", "u", "g", ""),
        common::flow("f3", "b", "g", ""),
        common::flow("f", "s", "a", "")
    ));
    let process = common::read(&xml);
    let mut instance = Instance::new(&process);
    let variables = common::variables(json!({"n": 1000}));
    let begun = Instant::now();
    step(
        &process,
        &mut instance,
        Command::Start {
            at: None,
            variables,
        },
    )
    .unwrap();
    let started = begun.elapsed();
    let tasks: Vec<u64> = instance
        .tokens
        .iter()
        .filter(|t| t.state == TokenState::Task)
        .map(|t| t.id)
        .collect();
    assert_eq!(tasks.len(), 1000);
    let begun = Instant::now();
    for token in tasks.iter().take(100) {
        let variables = Variables::new();
        step(
            &process,
            &mut instance,
            Command::CompleteTask {
                token: *token,
                variables,
            },
        )
        .unwrap();
    }
    let each = begun.elapsed() / 100;
    println!("start of 1,000: {started:?}; each of 100 steps among them: {each:?}");
    assert!(started < Duration::from_secs(10) && each < Duration::from_millis(200));
}
