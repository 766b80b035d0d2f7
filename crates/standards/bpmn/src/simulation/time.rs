//! Time that passes, and what falls due.

use chrono::{DateTime, Utc};

use super::{Alarm, MAX_DELIVERIES, Record, Simulation};
use crate::command::Command;
use crate::condition::Variables;
use crate::duration::Duration;
use crate::model::{EventDefinition, Process};
use crate::timer::TimerDue;

impl<'d> Simulation<'d> {
    pub(super) fn arm_timers(&mut self, process: &'d Process) {
        for element in process.starts() {
            for trigger in element.triggers() {
                let EventDefinition::Timer(timer) = trigger else {
                    continue;
                };
                let due = match timer.due(self.expressions, &Variables::new()) {
                    Ok(due) => due,
                    Err(error) => {
                        self.records.push(Record {
                            process: Some(process.id.clone()),
                            element: Some(element.id.clone()),
                            tag: Some(element.tag),
                            reason: Some(error.to_string()),
                            ..Record::of("incident")
                        });
                        continue;
                    }
                };
                let (left, interval) = match &due {
                    TimerDue::Every {
                        times, interval, ..
                    } => (times.map(|n| n.saturating_sub(1)), Some(*interval)),
                    _ => (Some(0), None),
                };
                let alarm = Alarm::Start {
                    process: process.id.clone(),
                    element: element.id.clone(),
                    left,
                    interval,
                };
                self.set_alarm(&due, alarm);
            }
        }
    }

    pub(super) fn set_alarm(&mut self, due: &TimerDue, alarm: Alarm) {
        if let Some(at) = (self.moments)(due, self.now) {
            self.next_alarm += 1;
            self.timers.insert((at, self.next_alarm), alarm);
        }
    }

    /// Lets the first timer due by `until` go off.
    pub(super) fn ring(&mut self, until: DateTime<Utc>) -> bool {
        let Some((&key, _)) = self.timers.first_key_value().filter(|(k, _)| k.0 <= until) else {
            return false;
        };
        let Some(alarm) = self.timers.remove(&key) else {
            return false;
        };
        self.now = self.now.max(key.0);
        match alarm {
            Alarm::Subscription(ix, subscription) => {
                // One that was set again or is no longer wanted is simply not there.
                if self.instances[ix]
                    .subscription(subscription)
                    .is_some_and(|s| !s.happened)
                {
                    let variables = Variables::new();
                    self.tell(
                        ix,
                        Command::Trigger {
                            subscription,
                            variables,
                        },
                    );
                }
            }
            Alarm::Start {
                process,
                element,
                left,
                interval,
            } => {
                if let (Some(interval), true) = (interval, left != Some(0)) {
                    let again = Alarm::Start {
                        process: process.clone(),
                        element: element.clone(),
                        left: left.map(|n| n - 1),
                        interval: Some(interval),
                    };
                    self.set_alarm(&TimerDue::After(interval), again);
                }
                if let Some(process) = self.definitions.process(&process) {
                    self.begin(process, Some(element), Variables::new());
                }
            }
        }
        true
    }

    /// Lets this much time pass.
    pub fn advance(&mut self, duration: Duration) {
        if let Some(until) = duration.after(self.now)
            && self.pass(until, |_| false)
        {
            self.now = until;
        }
    }

    /// Lets time pass until everything has ended or waits for something else than time.
    pub fn run_out(&mut self) {
        self.pass(DateTime::<Utc>::MAX_UTC, Self::ended);
    }

    /// Lets timers go off one after another; `false` when that has no end.
    pub(super) fn pass(&mut self, until: DateTime<Utc>, enough: impl Fn(&Self) -> bool) -> bool {
        self.deliveries = 0;
        while !enough(self) && self.ring(until) {
            self.deliveries += 1;
            self.deliver_on();
            if self.deliveries > MAX_DELIVERIES {
                self.limit();
                return false;
            }
        }
        true
    }
}
