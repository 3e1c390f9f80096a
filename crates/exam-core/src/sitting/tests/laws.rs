//! Laws that hold for every run of commands, however senseless: found by random runs.
//!
//! A run mixes what honest kiosks send with stale leases, wrong numbers, unknown names and wild
//! clocks; time never steps back, as the desk guarantees.

mod dice;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::hall;
use crate::command::{Command, Decision, Reply};
use crate::event::{Event, KeptWhy};
use crate::ids::SessionId;
use crate::revision::Counted;
use crate::rules::Rules;
use crate::session::{End, State};
use crate::sitting::Sitting;
use crate::time::{HallTime, Span};

/// A step that lets time pass until the next deadline is just over.
const TO_THE_DEADLINE: i64 = -1;

/// Small numbers that a run turns into a command once it knows the state.
type Dice = (u8, u8, i8, u8, u8, bool);

/// One step: milliseconds that pass, whether what is due is fired first, which command, for whom.
#[derive(Debug, Clone)]
struct Step {
    pass: i64,
    fire: bool,
    kind: u8,
    who: usize,
    dice: Dice,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pass = prop_oneof![
        6 => Just(0_i64),
        3 => Just(1_i64),
        3 => Just(1_000_i64),
        2 => Just(60_000_i64),
        1 => Just(600_000_i64),
        1 => Just(1_500_000_i64),
        1 => Just(TO_THE_DEADLINE),
    ];
    let dice = (
        any::<u8>(),
        0..6_u8,
        -2..3_i8,
        0..7_u8,
        0..6_u8,
        any::<bool>(),
    );
    let step = (pass, prop::bool::weighted(0.8), 0..40_u8, 0..4_usize, dice);
    let step = step.prop_map(|(pass, fire, kind, who, dice)| Step {
        pass,
        fire,
        kind,
        who,
        dice,
    });
    prop::collection::vec(step, 1..160)
}

/// A sitting under a run, with what the laws must remember.
struct Run {
    sitting: Sitting,
    now: HallTime,
    log: Vec<(HallTime, Event)>,
    own_ends: BTreeMap<SessionId, HallTime>,
    finished: BTreeMap<SessionId, (End, HallTime)>,
    drawn: u32,
}

impl Run {
    fn new(rules: &Arc<Rules>) -> Self {
        let mut run = Self {
            sitting: Sitting::new(Arc::clone(rules)),
            now: HallTime(hall::PLANNED.0 - 25 * 60_000),
            log: Vec::new(),
            own_ends: BTreeMap::new(),
            finished: BTreeMap::new(),
            drawn: 0,
        };
        run.put(&Command::Open(Box::new(hall::opening())));
        run
    }

    /// Takes the first two through the honest steps until the room runs; the third never came.
    fn start(&mut self) {
        for who in 0..2 {
            for _ in 0..6 {
                self.step(&Step {
                    pass: 0,
                    fire: true,
                    kind: 0,
                    who,
                    dice: (255, 0, 0, 0, 0, true),
                });
            }
        }
        let pass = hall::PLANNED.0 - self.now.0;
        self.step(&Step {
            pass,
            fire: true,
            kind: 0,
            who: 0,
            dice: (255, 0, 0, 0, 0, true),
        });
        assert!(self.sitting.started().is_some());
    }

    fn step(&mut self, step: &Step) {
        let before = self.remaining();
        let pass = match (step.pass, self.sitting.next_deadline()) {
            (TO_THE_DEADLINE, Some(due)) => Span((due - self.now).0.max(0) + 1),
            (pass, _) => Span(pass.max(0)),
        };
        self.now = self.now + pass;
        for (id, left) in self.remaining() {
            let was = before.get(&id).copied();
            assert_eq!(was, Some(left + pass), "time left only runs down");
        }
        while step.fire
            && self
                .sitting
                .next_deadline()
                .is_some_and(|due| due < self.now)
        {
            let fired = self.put(&Command::Clock);
            assert!(
                !fired.events.is_empty(),
                "a deadline is due and nothing happens"
            );
        }
        let command = self.command(step);
        let decision = self.put(&command);
        self.again(&command, &decision);
    }

    /// Decides, applies every event, and holds the laws that bind one step.
    fn put(&mut self, command: &Command) -> Decision {
        let decision = self.sitting.decide(self.now, command);
        if let Err(refusal) = &decision.reply {
            assert!(refusal.id().starts_with("refusal-"));
            assert!(refusal.args().iter().all(|(name, _)| !name.is_empty()));
        }
        for event in &decision.events {
            self.made_inside(event);
            let applied = self.sitting.apply(self.now, event);
            assert_eq!(applied, Ok(()), "decide gave what apply refuses: {event:?}");
            self.log.push((self.now, event.clone()));
        }
        self.ends_stand();
        decision
    }

    /// T13: what counts was made at or before the own end.
    fn made_inside(&self, event: &Event) {
        if let Event::Answered {
            session,
            made_at,
            revision,
            ..
        } = event
        {
            let end = self
                .own_ends
                .get(session)
                .expect("only a started session answers");
            assert!(
                made_at <= end,
                "made after the end, and counted: {revision:?}"
            );
        }
    }

    /// An own end, once known, moves by no command there is yet; an outcome never changes.
    fn ends_stand(&mut self) {
        for session in self.sitting.sessions().values() {
            if let Some(end) = session.own_end() {
                assert_eq!(*self.own_ends.entry(session.id).or_insert(end), end);
            }
            if let State::Finished { end, at } = session.state {
                let first = self.finished.entry(session.id).or_insert((end, at));
                assert_eq!(*first, (end, at), "an outcome changed");
                match (end, self.own_ends.get(&session.id)) {
                    (End::TimeUp, deadline) => assert_eq!(Some(&at), deadline),
                    (End::HandedIn, deadline) => assert!(deadline.is_some_and(|end| at <= *end)),
                    (End::Absent, deadline) => assert_eq!(deadline, None),
                }
            } else {
                assert!(
                    !self.finished.contains_key(&session.id),
                    "an ended session went on"
                );
            }
        }
    }

    /// A resent revision, note or act adds nothing and hears the same (W1, acts by id).
    fn again(&self, command: &Command, first: &Decision) {
        let writes = matches!(command, Command::Revise { .. } | Command::Annotate { .. });
        let named = matches!(
            command,
            Command::Act { .. } | Command::HandIn { .. } | Command::Locked { .. }
        );
        let stands = named || (writes && first.reply.is_ok());
        if !stands {
            return;
        }
        let second = self.sitting.decide(self.now, command);
        assert_eq!(second.events, Vec::new(), "{command:?}");
        match (&first.reply, &second.reply) {
            // The newest number may stand above the resent one.
            (Ok(Reply::Acked { .. }), Ok(Reply::Acked { .. })) => {}
            (first, second) => assert_eq!(first, second, "{command:?}"),
        }
    }

    fn remaining(&self) -> BTreeMap<SessionId, Span> {
        let views = self.sitting.views(self.now).into_iter();
        views
            .filter_map(|view| Some((view.session, view.ends_at? - self.now)))
            .collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_run_keeps_the_laws_and_replays_to_the_same_state(
        seated in prop::bool::weighted(0.7),
        steps in steps(),
    ) {
        let rules = Arc::new(hall::rules());
        let mut run = Run::new(&rules);
        if seated {
            run.start();
        }
        for step in &steps {
            run.step(step);
        }
        let mut replayed = Sitting::new(rules);
        for (at, event) in &run.log {
            replayed.apply(*at, event).unwrap();
        }
        prop_assert_eq!(&replayed, &run.sitting);
        prop_assert_eq!(replayed.next_deadline(), run.sitting.next_deadline());
        prop_assert_eq!(replayed.views(run.now), run.sitting.views(run.now));
    }

    #[test]
    fn apply_never_steps_back_in_time_and_leaves_the_state_as_it_was(back in 1..100_000_i64) {
        let mut run = Run::new(&Arc::new(hall::rules()));
        let before = run.sitting.clone();
        prop_assert!(run.sitting.apply(run.now - Span(back), &Event::Tick).is_err());
        prop_assert_eq!(before, run.sitting);
    }
}

#[test]
fn random_runs_reach_what_matters() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&'static str, u32> = BTreeMap::new();
    for _ in 0..300 {
        let tree = steps().new_tree(&mut runner).unwrap();
        let mut run = Run::new(&Arc::new(hall::rules()));
        run.start();
        for step in &tree.current() {
            run.step(step);
        }
        for (_, event) in &run.log {
            *seen.entry(name(event)).or_default() += 1;
        }
    }
    for wanted in [
        "offline", "in-grace", "waits", "stale", "other", "overdue", "handed", "timed", "absent",
    ] {
        assert!(
            seen.contains_key(wanted),
            "no run ever reaches {wanted}: {seen:?}"
        );
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "it names only what runs must reach"
)]
fn name(event: &Event) -> &'static str {
    match event {
        Event::Answered {
            counted: Counted::Offline,
            ..
        } => "offline",
        Event::Answered {
            counted: Counted::InGrace,
            ..
        } => "in-grace",
        Event::RevisionKept {
            why: KeptWhy::AwaitsDecision,
            ..
        } => "waits",
        Event::RevisionKept {
            why: KeptWhy::StaleEpoch,
            ..
        } => "stale",
        Event::RevisionKept {
            why: KeptWhy::OtherBytes,
            ..
        } => "other",
        Event::BecameOverdue { .. } => "overdue",
        Event::HandedIn { .. } => "handed",
        Event::TimedUp { .. } => "timed",
        Event::MarkedAbsent { .. } => "absent",
        _ => "else",
    }
}
