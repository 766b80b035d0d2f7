//! Every verb in any order, against a model simple enough to be believed: 领取 放回 转办 委派 加签 减签 会签加减 退回 取回 挂起 恢复 终止,
//! through single steps and through a countersign of each kind (全部, 一票否决, 或签, 过半, 依次), on both engines.

mod common;

use access::Actor;
use base::Clock;
use common::{Here, staff};
use flow::signing::Place;
use flow::{Back, Outcome, Subject, Task, Topic};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;

/// People: the first three may do the work, the fourth only what they are asked by name.
const PEOPLE: usize = 4;
const OUTSIDER: usize = 3;
/// Steps in order; the third is the countersign.
const STEPS: [&str; 4] = ["first", "second", "sign", "last"];
const SIGN: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    All,
    Veto,
    Any,
    Half,
    OneByOne,
}

impl Mode {
    fn drawing(self) -> String {
        let condition = match self {
            Self::All | Self::OneByOne => "",
            Self::Veto => "<completionCondition>list contains(opinions, \"refuse\")</completionCondition>",
            Self::Any => "<completionCondition>numberOfCompletedInstances >= 1</completionCondition>",
            Self::Half => "<completionCondition>numberOfCompletedInstances * 2 >= numberOfInstances</completionCondition>",
        };
        let task = |id: &str, inside: &str| format!(r#"<userTask id="{id}" name="{id}" tongban:permission="test.work" tongban:step="{id}">{inside}</userTask>"#);
        let sequential = self == Self::OneByOne;
        let multiple = format!(
            r#"<multiInstanceLoopCharacteristics isSequential="{sequential}" tongban:collection="parts" tongban:item="part" tongban:outputCollection="opinions" tongban:outputItem="outcome">{condition}</multiInstanceLoopCharacteristics>"#
        );
        format!(
            r#"<process id="model" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="first"/>{}<sequenceFlow id="f2" sourceRef="first" targetRef="second"/>{}
               <sequenceFlow id="f3" sourceRef="second" targetRef="sign"/>{}<sequenceFlow id="f4" sourceRef="sign" targetRef="last"/>{}<sequenceFlow id="f5" sourceRef="last" targetRef="e"/><endEvent id="e"/></process>"#,
            task("first", ""),
            task("second", ""),
            task("sign", &multiple),
            task("last", "")
        )
    }
}

/// What somebody tries. `Open` picks one of the open tasks, `Who` a person.
#[derive(Debug, Clone)]
enum Verb {
    Claim(usize, usize),
    Release(usize, usize),
    Transfer(usize, usize, usize),
    Delegate(usize, usize, usize),
    Complete(usize, usize, bool),
    AddSigner(usize, usize, usize, Place),
    RemoveSigner(usize, usize, usize),
    AddRound(usize, usize),
    RemoveRound(usize, usize, usize),
    SendBack(usize, usize, usize),
    TakeBack(usize),
    Suspend,
    Resume,
    Terminate,
}

fn verb() -> impl Strategy<Value = Verb> {
    let (who, open, to) = (0..PEOPLE, 0..6_usize, 0..PEOPLE);
    let place = prop::sample::select(vec![Place::Before, Place::Beside, Place::After]);
    prop_oneof![
        20 => (who.clone(), open.clone(), prop::bool::weighted(0.8)).prop_map(|(w, o, agree)| Verb::Complete(w, o, agree)),
        6 => (who.clone(), open.clone()).prop_map(|(w, o)| Verb::Claim(w, o)),
        4 => (who.clone(), open.clone()).prop_map(|(w, o)| Verb::Release(w, o)),
        3 => (who.clone(), open.clone(), to.clone()).prop_map(|(w, o, t)| Verb::Transfer(w, o, t)),
        5 => (who.clone(), open.clone(), to.clone()).prop_map(|(w, o, t)| Verb::Delegate(w, o, t)),
        8 => (who.clone(), open.clone(), to, place).prop_map(|(w, o, t, p)| Verb::AddSigner(w, o, t, p)),
        4 => (who.clone(), open.clone(), 0..4_usize).prop_map(|(w, o, n)| Verb::RemoveSigner(w, o, n)),
        2 => (who.clone(), open.clone()).prop_map(|(w, o)| Verb::AddRound(w, o)),
        3 => (who.clone(), open.clone(), 0..4_usize).prop_map(|(w, o, n)| Verb::RemoveRound(w, o, n)),
        3 => (who.clone(), open, 0..4_usize).prop_map(|(w, o, step)| Verb::SendBack(w, o, step)),
        3 => who.prop_map(Verb::TakeBack),
        1 => Just(Verb::Suspend),
        2 => Just(Verb::Resume),
    ]
}

fn verbs() -> impl Strategy<Value = (Mode, Vec<Verb>)> {
    let mode = prop::sample::select(vec![Mode::All, Mode::Veto, Mode::Any, Mode::Half, Mode::OneByOne]);
    let end = prop::option::weighted(0.1, Just(Verb::Terminate));
    (mode, prop::collection::vec(verb(), 5..45), end).prop_map(|(mode, mut verbs, end)| {
        verbs.extend(end);
        (mode, verbs)
    })
}

/// One signer of a piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seat {
    /// Number among all seats ever made: the order of their rows.
    id: usize,
    main: bool,
    holder: Option<usize>,
    owner: Option<usize>,
}

/// One piece of work: signers who have signed by rounds, those who sign now, those who come later.
#[derive(Debug, Clone, Default)]
struct Work {
    signed: Vec<Vec<(Seat, bool)>>,
    rounds: Vec<Vec<Seat>>,
    shared: bool,
}

/// What the work comes to once nobody is left to sign.
fn outcome(work: &Work) -> bool {
    let last = work.signed.iter().rev().find(|round| !round.is_empty()).expect("somebody signed");
    last.iter().min_by_key(|(seat, _)| (!seat.main, seat.id)).expect("a round with signers").1
}

#[derive(Debug, Clone)]
struct Model {
    mode: Mode,
    at: usize,
    works: Vec<Work>,
    /// Of the countersign: rounds planned but not begun, planned in all less removed, and what finished ones came to.
    later: usize,
    planned: usize,
    finished: Vec<bool>,
    suspended: bool,
    ended: bool,
    made: usize,
    /// Who could take back what: whoever signed the drawn seat of the step that was finished last, if nothing moved since.
    last_done: Option<(usize, usize)>,
}

impl Model {
    fn new(mode: Mode) -> Self {
        let mut model = Self { mode, at: 0, works: vec![], later: 0, planned: 0, finished: vec![], suspended: false, ended: false, made: 0, last_done: None };
        model.enter(0);
        model
    }

    fn seat(&mut self, main: bool, holder: Option<usize>) -> Seat {
        self.made += 1;
        Seat { id: self.made, main, holder, owner: None }
    }

    fn begin(&mut self) {
        let seat = self.seat(true, None);
        self.works.push(Work { signed: vec![vec![]], rounds: vec![vec![seat]], shared: false });
    }

    fn enter(&mut self, at: usize) {
        (self.at, self.works, self.finished) = (at, vec![], vec![]);
        if at == STEPS.len() {
            self.ended = true;
        } else if at == SIGN {
            self.planned = 3;
            let now = if self.mode == Mode::OneByOne { 1 } else { 3 };
            self.later = 3 - now;
            (0..now).for_each(|_| self.begin());
        } else {
            self.begin();
        }
    }

    /// The open seats in the order of their rows: work and place in its first round.
    fn open(&self) -> Vec<(usize, usize)> {
        let mut open: Vec<(usize, usize, usize)> = Vec::new();
        for (w, work) in self.works.iter().enumerate() {
            for (s, seat) in work.rounds.first().into_iter().flatten().enumerate() {
                open.push((seat.id, w, s));
            }
        }
        open.sort_unstable();
        open.into_iter().map(|(_, w, s)| (w, s)).collect()
    }

    fn at(&self, (w, s): (usize, usize)) -> &Seat {
        &self.works[w].rounds[0][s]
    }

    fn at_mut(&mut self, (w, s): (usize, usize)) -> &mut Seat {
        &mut self.works[w].rounds[0][s]
    }

    /// By post, or asked by name.
    fn may(&self, who: usize, seat: &Seat) -> bool {
        who != OUTSIDER || ((!seat.main || seat.owner.is_some()) && seat.holder == Some(who))
    }

    /// May, and nobody else has it.
    fn free(&self, who: usize, seat: &Seat) -> bool {
        self.may(who, seat) && seat.holder.is_none_or(|holder| holder == who)
    }

    /// Empty rounds go; a work without signers is done.
    fn settle(&mut self, w: usize) {
        let work = &mut self.works[w];
        while work.rounds.first().is_some_and(Vec::is_empty) {
            work.rounds.remove(0);
            work.signed.push(vec![]);
        }
        work.rounds.retain(|round| !round.is_empty());
        if !work.rounds.is_empty() {
            return;
        }
        let work = self.works.remove(w);
        let agreed = outcome(&work);
        let main = work.signed.iter().flatten().find(|(seat, _)| seat.main).and_then(|(seat, _)| seat.holder);
        self.last_done = main.map(|main| (main, self.at));
        if self.at == SIGN {
            self.finished.push(agreed);
            self.end_of_round();
        } else {
            self.enter(self.at + 1);
        }
    }

    fn end_of_round(&mut self) {
        let enough = match self.mode {
            Mode::All | Mode::OneByOne => false,
            Mode::Veto => self.finished.contains(&false),
            Mode::Any => !self.finished.is_empty(),
            Mode::Half => self.finished.len() * 2 >= self.planned,
        };
        if self.works.is_empty() && self.later > 0 && !enough {
            self.later -= 1;
            self.begin();
        }
        if enough || self.works.is_empty() {
            self.enter(SIGN + 1);
        }
    }

    /// Does the verb, or says that it is refused and changes nothing.
    fn act(&mut self, verb: &Verb) -> bool {
        let open = self.open();
        let pick = |n: usize| open.get(n % open.len().max(1)).copied();
        match *verb {
            Verb::Suspend => {
                let possible = !self.suspended && !self.ended;
                self.suspended |= possible;
                possible
            }
            Verb::Resume => std::mem::take(&mut self.suspended),
            Verb::Terminate => {
                (self.ended, self.works) = (true, vec![]);
                true
            }
            Verb::TakeBack(who) => self.take_back(who),
            _ if self.suspended => false,
            Verb::Claim(who, n) => pick(n).is_some_and(|at| {
                let possible = self.free(who, self.at(at));
                if possible {
                    self.at_mut(at).holder = Some(who);
                }
                possible
            }),
            Verb::Release(who, n) => pick(n).is_some_and(|at| {
                let seat = self.at(at);
                let possible = self.may(who, seat) && seat.main && seat.owner.is_none() && seat.holder == Some(who);
                if possible {
                    self.at_mut(at).holder = None;
                }
                possible
            }),
            Verb::Transfer(who, n, to) => pick(n).is_some_and(|at| {
                let possible = self.free(who, self.at(at));
                if possible {
                    self.at_mut(at).holder = Some(to);
                }
                possible
            }),
            Verb::Delegate(who, n, to) => pick(n).is_some_and(|at| {
                let possible = self.free(who, self.at(at)) && self.at(at).owner.is_none() && to != who;
                if possible {
                    let seat = self.at_mut(at);
                    (seat.owner, seat.holder) = (Some(who), Some(to));
                }
                possible
            }),
            Verb::Complete(who, n, agree) => pick(n).is_some_and(|at| self.complete(who, at, agree)),
            Verb::AddSigner(who, n, to, place) => pick(n).is_some_and(|at| self.add_signer(who, at, to, place)),
            Verb::RemoveSigner(who, n, m) => pick(n).is_some_and(|at| self.remove_signer(who, at, m)),
            Verb::AddRound(who, n) => pick(n).is_some_and(|at| {
                let possible = self.may(who, self.at(at)) && self.at == SIGN;
                if possible {
                    self.planned += 1;
                    self.last_done = None;
                    if self.mode == Mode::OneByOne { self.later += 1 } else { self.begin() }
                }
                possible
            }),
            Verb::RemoveRound(who, n, m) => pick(n).zip(pick(m)).is_some_and(|(at, gone)| {
                let possible = self.may(who, self.at(at)) && self.at == SIGN && self.planned > 1;
                if possible {
                    self.planned -= 1;
                    self.last_done = None;
                    self.works.remove(gone.0);
                    self.end_of_round();
                }
                possible
            }),
            Verb::SendBack(who, n, step) => pick(n).is_some_and(|at| {
                let seat = self.at(at);
                let possible = self.free(who, seat) && seat.main && seat.owner.is_none() && step < self.at;
                if possible {
                    self.last_done = None;
                    self.enter(step);
                }
                possible
            }),
        }
    }

    fn complete(&mut self, who: usize, at: (usize, usize), agree: bool) -> bool {
        let seat = self.at(at).clone();
        if !self.may(who, &seat) {
            return false;
        }
        if let Some(owner) = seat.owner {
            let possible = seat.holder == Some(who);
            if possible {
                let seat = self.at_mut(at);
                (seat.holder, seat.owner) = (Some(owner), None);
            }
            return possible;
        }
        if !self.free(who, &seat) {
            return false;
        }
        let work = &mut self.works[at.0];
        let mut seat = work.rounds[0].remove(at.1);
        seat.holder = Some(who);
        work.signed.last_mut().expect("a round").push((seat, agree));
        self.settle(at.0);
        true
    }

    fn add_signer(&mut self, who: usize, at: (usize, usize), to: usize, place: Place) -> bool {
        let seat = self.at(at).clone();
        if !self.free(who, &seat) || seat.owner.is_some() || to == who {
            return false;
        }
        self.at_mut(at).holder = Some(who);
        let new = self.seat(false, Some(to));
        let work = &mut self.works[at.0];
        work.shared = true;
        match place {
            Place::Beside => work.rounds[0].push(new),
            Place::After => work.rounds.insert(1, vec![new]),
            Place::Before => {
                let asking = work.rounds[0].remove(at.1);
                work.rounds[0].push(new);
                work.rounds.insert(1, vec![asking]);
            }
        }
        true
    }

    fn remove_signer(&mut self, who: usize, at: (usize, usize), m: usize) -> bool {
        let seat = self.at(at).clone();
        let mut added: Vec<usize> = self.works[at.0].rounds.iter().flatten().filter(|s| !s.main).map(|s| s.id).collect();
        added.sort_unstable();
        if !self.may(who, &seat) || !seat.main || seat.owner.is_some() || seat.holder != Some(who) || added.is_empty() {
            return false;
        }
        let gone = added[m % added.len()];
        self.works[at.0].rounds.iter_mut().for_each(|round| round.retain(|s| s.id != gone));
        self.settle(at.0);
        true
    }

    fn take_back(&mut self, who: usize) -> bool {
        let Some((done_by, step)) = self.last_done else { return false };
        let untouched = self.works.iter().all(|w| !w.shared && w.rounds.iter().flatten().all(|s| s.holder.is_none()));
        // Only a plain step before a plain step; a countersign is not begun anew by one of many.
        if self.suspended || self.ended || who != done_by || who == OUTSIDER || !untouched || step >= SIGN || self.at != step + 1 || self.at == SIGN {
            return false;
        }
        self.last_done = None;
        self.enter(step);
        self.works[0].rounds[0][0].holder = Some(who);
        true
    }
}

/// A process about a new record, with three parts to sign.
async fn start(here: &Here, mode: Mode) -> Uuid {
    let definition = here.deploy("model", &mode.drawing()).await.unwrap();
    let business = Uuid::now_v7();
    let due_at = here.clock.now() + chrono::Duration::days(5);
    let subject = Subject { business, title: "测试".into(), region: "450300000000".into(), body: None, item: None, party: None, due_at };
    let Value::Object(variables) = json!({ "parts": [{ "name": "1" }, { "name": "2" }, { "name": "3" }] }) else { unreachable!() };
    let tx = here.db.begin().await.unwrap();
    here.flow.start(&tx, definition, subject, variables, &Actor::System("测试"), here.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    business
}

/// One act in a transaction of its own; whether it was possible.
async fn act(here: &Here, business: Uuid, people: &[Actor], verb: &Verb, number: usize) -> bool {
    let now = here.clock.now();
    let open = here.open(business).await;
    let pick = |n: usize| open.get(n % open.len().max(1));
    let to = |n: usize| (people[n].id().unwrap(), people[n].name());
    let tx = here.db.begin().await.unwrap();
    let flow = &here.flow;
    let done = match *verb {
        Verb::Suspend => flow.suspend(&tx, business, now).await,
        Verb::Resume => flow.resume(&tx, business, now).await,
        Verb::Terminate => flow.terminate(&tx, business, "终止", &people[0], now).await,
        Verb::TakeBack(who) => match last_done_by(here, business, &people[who]).await {
            Some(task) => flow.take_back(&tx, &people[who], &task, now).await,
            None => return false,
        },
        Verb::Claim(who, n) => match pick(n) {
            Some(task) => flow.claim(&tx, &people[who], task, now).await,
            None => return false,
        },
        Verb::Release(who, n) => match pick(n) {
            Some(task) => flow.release(&tx, &people[who], task).await,
            None => return false,
        },
        Verb::Transfer(who, n, other) => match pick(n) {
            Some(task) => flow.transfer(&tx, &people[who], task, to(other), now).await,
            None => return false,
        },
        Verb::Delegate(who, n, other) => match pick(n) {
            Some(task) => flow.delegate(&tx, &people[who], task, to(other), now).await,
            None => return false,
        },
        Verb::Complete(who, n, agree) => match pick(n) {
            Some(task) => {
                flow.complete(&tx, &people[who], task, Outcome::of(if agree { "agree" } else { "refuse" }), now).await
            }
            None => return false,
        },
        Verb::AddSigner(who, n, other, place) => match pick(n) {
            Some(task) => flow.add_signer(&tx, &people[who], task, to(other), place, now).await.map(|_| ()),
            None => return false,
        },
        Verb::RemoveSigner(who, n, m) => {
            let Some(task) = pick(n) else { return false };
            let all = flow::tasks(here.db.read(), business).await.unwrap();
            let added: Vec<&Task> = all.iter().filter(|t| t.added && t.token == task.token && matches!(t.state.as_str(), "open" | "waiting")).collect();
            match added.get(m % added.len().max(1)) {
                Some(signer) => flow.remove_signer(&tx, &people[who], task, signer.id, now).await,
                None => return false,
            }
        }
        Verb::AddRound(who, n) => match pick(n) {
            Some(task) => flow.add_round(&tx, &people[who], task, json!({ "name": format!("加 {number}") }), now).await,
            None => return false,
        },
        Verb::RemoveRound(who, n, m) => match pick(n).zip(pick(m)) {
            Some((task, gone)) => flow.remove_round(&tx, &people[who], task, gone, now).await,
            None => return false,
        },
        Verb::SendBack(who, n, step) => match pick(n) {
            Some(task) => flow.send_back(&tx, &people[who], task, Back::Step(STEPS[step].into()), "退回", now).await,
            None => return false,
        },
    };
    done.is_ok() && tx.commit().await.is_ok()
}

/// What this person finished last.
async fn last_done_by(here: &Here, business: Uuid, who: &Actor) -> Option<Task> {
    let tasks = flow::tasks(here.db.read(), business).await.unwrap();
    tasks.into_iter().rev().find(|t| t.state == "done" && t.done_by == who.id() && !t.added)
}

/// Step, holder, owner and whether it was added, of every open task.
type Shown = Vec<(String, Option<Uuid>, Option<Uuid>, bool)>;

async fn shown(here: &Here, business: Uuid) -> Shown {
    here.open(business).await.into_iter().map(|t| (t.step, t.assignee, t.owner, t.added)).collect()
}

fn expected(model: &Model, people: &[Actor]) -> Shown {
    let id = |person: Option<usize>| person.and_then(|p| people[p].id());
    let line = |at| {
        let seat = model.at(at);
        (STEPS[model.at].to_owned(), id(seat.holder), id(seat.owner), !seat.main)
    };
    model.open().into_iter().map(line).collect()
}

#[test]
fn any_sequence_of_verbs_agrees_with_the_model() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build().unwrap();
    let all = runtime.block_on(Here::both(|call| Topic::Local(call)));
    for here in all {
        let people: Vec<Actor> = ["甲", "乙", "丙", "丁"].iter().enumerate().map(|(n, name)| staff(name, if n == OUTSIDER { "test.other" } else { "test.work" })).collect();
        let config = Config { cases: 24, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
        let run = TestRunner::new(config).run(&verbs(), |(mode, verbs)| {
            runtime.block_on(async {
                let business = start(&here, mode).await;
                let mut model = Model::new(mode);
                for (number, verb) in verbs.iter().enumerate() {
                    let before = model.clone();
                    let possible = model.act(verb);
                    let done = act(&here, business, &people, verb, number).await;
                    prop_assert_eq!(done, possible, "{}: {:?} at {:?}", here.engine, verb, before);
                    prop_assert_eq!(shown(&here, business).await, expected(&model, &people), "{}: after {:?} at {:?}", here.engine, verb, before);
                    let ended = flow::running(here.db.read(), business).await.unwrap().unwrap().instance.ended();
                    prop_assert_eq!(ended, model.ended, "{}: ended", here.engine);
                }
                Ok(())
            })
        });
        run.unwrap();
    }
}
