//! The words of the stories: steps parted by `;`, each with an hour if time passes, then who, then
//! what. `a?` says how somebody stands. What went well in silence is not written down.

use super::hall;
use super::story::{Kiosk, Story};
use crate::act::{HallAct, OfflineVerdict};
use crate::command::{Command, Decision, Reply};
use crate::event::Event;
use crate::ids::{SeatId, Seq, SessionId};
use crate::refusal::{Arg, Refusal};
use crate::revision::{Counted, Revision};
use crate::session::State;
use crate::time::{HallTime, Span};

/// Plays every step of `script`.
pub(super) fn play(story: &mut Story, script: &str) {
    for step in script
        .split(';')
        .map(str::trim)
        .filter(|step| !step.is_empty())
    {
        let (first, rest) = step.split_once(' ').unwrap_or((step, ""));
        let words = if let Some(hour) = parse_hour(first) {
            assert!(hour >= story.now, "the story goes back: {step}");
            story.now = hour;
            rest
        } else {
            step
        };
        let words: Vec<&str> = words.split_whitespace().collect();
        if let Some(said) = do_step(story, &words) {
            story.heard.push(said);
        }
    }
}

fn do_step(story: &mut Story, words: &[&str]) -> Option<String> {
    match words {
        ["start"] => quiet(story.act(HallAct::Start)),
        ["close"] => quiet(story.act(HallAct::Close)),
        ["clock"] => quiet(story.ask(&Command::Clock).reply),
        ["tick"] => Some(format!("{} events", story.ask(&Command::Tick).events.len())),
        ["again"] => {
            let (reply, events) = story.act_again();
            let said = quiet(reply).unwrap_or_else(|| "done".to_owned());
            Some(format!("{said}, {events} events"))
        }
        ["restart"] => {
            story.restart();
            None
        }
        [who] if who.ends_with('?') => Some(stands(story, who.trim_end_matches('?'))),
        [who, "ready"] => ready(story, who),
        [who, word] => match hall_act(hall::session(who), word) {
            Some(act) => quiet(story.act(act)),
            None => kiosk_step(story, who, &[word]),
        },
        [who, "move", seat] => quiet(story.act(HallAct::MoveSeat {
            session: hall::session(who),
            to: SeatId::new(seat).unwrap(),
        })),
        [who, rest @ ..] => kiosk_step(story, who, rest),
        [] => None,
    }
}

/// From the door to the sealed paper, all in one.
fn ready(story: &mut Story, who: &str) -> Option<String> {
    let steps = [
        "arrive",
        "identify",
        "login",
        "confirm",
        "undertake",
        "prepare",
    ];
    let said: Vec<String> = steps
        .iter()
        .filter_map(|step| do_step(story, &[who, step]))
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn hall_act(session: SessionId, word: &str) -> Option<HallAct> {
    let decide = |verdict| HallAct::DecideOffline { session, verdict };
    match word {
        "arrive" => Some(HallAct::Arrive { session }),
        "identify" => Some(HallAct::Identify { session }),
        "absent" => Some(HallAct::MarkAbsent { session }),
        "settle" => Some(HallAct::Settle { session }),
        "count" => Some(decide(OfflineVerdict::Count)),
        "refuse" => Some(decide(OfflineVerdict::Refuse)),
        _ => None,
    }
}

fn kiosk_step(story: &mut Story, who: &str, words: &[&str]) -> Option<String> {
    if let Some(said) = door_step(story, who, words) {
        return said;
    }
    let now = story.now;
    match words {
        ["off", "unseen"] => story.kiosk(who).connected = false,
        ["off"] => lost(story, who, now),
        ["lost", hour] => lost(story, who, parse_hour(hour).unwrap()),
        ["back"] => return back(story, who),
        ["reboot"] => story.reboot(who),
        ["tamper"] => story.kiosk(who).tamper(),
        ["flag", name] => return quiet(story.note(who, name, true)),
        ["hand-in"] => return Some(hand_in(story, who, 0)),
        ["hand-in", "ahead"] => return Some(hand_in(story, who, 1)),
        ["press"] => {
            // The key is pressed while the cable is out; the kiosk hands in when it is back.
            let made = story.kiosk(who).made(now);
            story.kiosk(who).pressed = Some(made);
        }
        ["locked"] => {
            let decision = story.by_kiosk(who, |kiosk| Command::Locked {
                holder: kiosk.holder,
                last: kiosk.last(),
            });
            return Some(outcome(&decision.reply));
        }
        ["resend", seq] => return Some(resend(story, who, seq)),
        ["forge", seq, answer] => return Some(forge(story, who, seq, answer)),
        ["skip"] => {
            story.kiosk(who).revise(now, "q1", "a");
            story.kiosk(who).sent += 1;
        }
        ["old", answer] => return Some(from_fenced(story, who, answer)),
        [answer] if answer.contains('=') => return answer_step(story, who, answer),
        _ => panic!("the story has no such step: {who} {words:?}"),
    }
    None
}

/// The steps before the first question. The outer `None` says that it is another step.
#[expect(
    clippy::option_option,
    reason = "no such step, or a step with nothing to say"
)]
fn door_step(story: &mut Story, who: &str, words: &[&str]) -> Option<Option<String>> {
    let reply = match words {
        ["login"] => {
            let planned = story.sitting.session(hall::session(who));
            let seat = planned.map_or_else(|| hall::seat(0), |session| session.seat.clone());
            story.log_in(who, seat)
        }
        ["login", seat] => story.log_in(who, SeatId::new(seat).unwrap()),
        ["confirm"] => {
            story
                .by_kiosk(who, |kiosk| Command::CheckDetails {
                    holder: kiosk.holder,
                    correct: true,
                })
                .reply
        }
        ["undertake"] => {
            story
                .by_kiosk(who, |kiosk| Command::Undertake {
                    holder: kiosk.holder,
                    text: hall::UNDERTAKING,
                    accepted: true,
                })
                .reply
        }
        ["prepare"] => {
            story
                .by_kiosk(who, |kiosk| Command::Prepare {
                    holder: kiosk.holder,
                })
                .reply
        }
        _ => return None,
    };
    Some(quiet(reply))
}

fn lost(story: &mut Story, who: &str, last_life: HallTime) {
    story.kiosk(who).connected = false;
    let holder = story.kiosk(who).holder;
    story
        .ask(&Command::Detach { holder, last_life })
        .reply
        .unwrap();
}

/// Attaches, then sends what the spool still holds.
fn back(story: &mut Story, who: &str) -> Option<String> {
    if let Some(refused) = quiet(story.attach(who)) {
        return Some(refused);
    }
    let said = send_spool(story, who);
    (!said.is_empty()).then(|| said.join("; "))
}

fn send_spool(story: &mut Story, who: &str) -> Vec<String> {
    let mut said = Vec::new();
    loop {
        let kiosk = story.kiosk(who);
        let Some(revision) = kiosk.spool.get(kiosk.sent).cloned() else {
            return said;
        };
        kiosk.sent += 1;
        said.push(send(story, who, &revision));
    }
}

fn send(story: &mut Story, who: &str, revision: &Revision) -> String {
    let decision = story.by_kiosk(who, |kiosk| Command::Revise {
        holder: kiosk.holder,
        revision: revision.clone(),
    });
    answer_said(revision, &decision)
}

fn answer_step(story: &mut Story, who: &str, answer: &str) -> Option<String> {
    let (item, choice) = answer.split_once('=').unwrap();
    let now = story.now;
    story.kiosk(who).revise(now, item, choice);
    let said = if story.kiosk(who).connected {
        send_spool(story, who)
    } else {
        Vec::new()
    };
    (!said.is_empty()).then(|| said.join("; "))
}

fn resend(story: &mut Story, who: &str, seq: &str) -> String {
    let index = seq.parse::<usize>().unwrap() - 1;
    let revision = story.kiosk(who).spool.get(index).cloned().unwrap();
    send(story, who, &revision)
}

fn forge(story: &mut Story, who: &str, seq: &str, answer: &str) -> String {
    let (item, choice) = answer.split_once('=').unwrap();
    let index = seq.parse::<usize>().unwrap() - 1;
    let mut revision = story.kiosk(who).spool.get(index).cloned().unwrap();
    revision.item = hall::item(item);
    revision.choice = Some(hall::option(choice));
    send(story, who, &revision)
}

/// The seat that was fenced goes on sending.
fn from_fenced(story: &mut Story, who: &str, answer: &str) -> String {
    let (item, choice) = answer.split_once('=').unwrap();
    let now = story.now;
    let old: &mut Kiosk = story
        .fenced
        .get_mut(who)
        .expect("the story moves the seat first");
    let holder = old.holder;
    let revision = old.revise(now, item, choice);
    let decision = story.ask(&Command::Revise {
        holder,
        revision: revision.clone(),
    });
    answer_said(&revision, &decision)
}

fn hand_in(story: &mut Story, who: &str, ahead: u32) -> String {
    let now = story.now;
    let made = story.kiosk(who).made(now);
    let pressed = story.kiosk(who).pressed.unwrap_or(made);
    let decision = story.by_kiosk(who, |kiosk| Command::HandIn {
        holder: kiosk.holder,
        last: Seq(kiosk.last().0 + ahead),
        pressed,
    });
    outcome(&decision.reply)
}

fn answer_said(revision: &Revision, decision: &Decision) -> String {
    let choice = revision
        .choice
        .as_ref()
        .map_or("", |choice| choice.as_str());
    let how = match (&decision.reply, decision.events.first()) {
        (Ok(_), None) => "saved already".to_owned(),
        (Ok(_), Some(Event::Answered { counted, .. })) => match counted {
            Counted::InTime => "saved".to_owned(),
            Counted::InGrace => "saved in grace".to_owned(),
            Counted::Offline => "saved offline".to_owned(),
        },
        (Ok(_), Some(_)) => "waits".to_owned(),
        (Err(refusal), None) => refused(refusal),
        (Err(refusal), Some(_)) => format!("{}, kept", refused(refusal)),
    };
    format!("{}={choice} {how}", revision.item)
}

fn quiet(reply: Result<Reply, Refusal>) -> Option<String> {
    reply.err().map(|refusal| refused(&refusal))
}

fn outcome(reply: &Result<Reply, Refusal>) -> String {
    match reply {
        Ok(Reply::Ended(receipt)) => format!(
            "{} {} with {} of {}",
            receipt.end.id(),
            hour(receipt.at),
            receipt.answered,
            receipt.total
        ),
        Ok(_) => "done".to_owned(),
        Err(refusal) => refused(refusal),
    }
}

fn refused(refusal: &Refusal) -> String {
    let id = refusal.id().trim_start_matches("refusal-");
    let args = refusal.args().into_iter().map(|(name, arg)| match arg {
        Arg::At(at) => hour(at),
        Arg::For(span) => span.to_string(),
        Arg::Count(count) => format!("{name} {count}"),
        Arg::Name(text) => text,
    });
    let mut words = vec!["refused".to_owned(), id.to_owned()];
    words.extend(args);
    words.join(" ")
}

/// Says how somebody stands: label, end, time left, responses, what waits.
fn stands(story: &mut Story, who: &str) -> String {
    story.ask(&Command::Clock).reply.unwrap();
    let id = hall::session(who);
    let view = story
        .sitting
        .views(story.now)
        .into_iter()
        .find(|view| view.session == id)
        .unwrap();
    let session = story.sitting.session(id).unwrap();
    let mut words = vec![
        who.to_owned(),
        view.label.id().trim_start_matches("state-").to_owned(),
    ];
    if let Some((_, at)) = view.ended {
        words.push(hour(at));
    } else if let Some(end) = view.ends_at {
        words.push(format!("till {} left {}", hour(end), end - story.now));
    }
    if let Some(late) = view
        .late_by
        .filter(|_| matches!(session.state, State::Undertaken))
    {
        words.push(format!("late {late}"));
    }
    for (item, response) in &session.responses {
        let choice = response
            .choice
            .as_ref()
            .map_or("-", |choice| choice.as_str());
        words.push(format!("{item}={choice}"));
    }
    if view.waiting > 0 {
        words.push(format!("{} waiting", view.waiting));
    }
    if session.counted_offline > 0 {
        words.push(format!("{} offline", session.counted_offline));
    }
    words.join(" ")
}

/// Reads `HH:MM`, `HH:MM:SS` or `HH:MM:SS.mmm`.
fn parse_hour(text: &str) -> Option<HallTime> {
    let (clock, millis) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = clock.split(':').map(str::parse::<i64>);
    let hours = parts.next()?.ok()?;
    let minutes = parts.next()?.ok()?;
    let seconds = parts.next().unwrap_or(Ok(0)).ok()?;
    Some(HallTime(
        ((hours * 60 + minutes) * 60 + seconds) * 1_000 + millis.parse::<i64>().ok()?,
    ))
}

fn hour(at: HallTime) -> String {
    let millis = at.0.rem_euclid(1_000);
    let clock = Span(at.0 - millis).to_string();
    let clock = clock
        .strip_suffix(":00")
        .filter(|_| millis == 0)
        .unwrap_or(&clock);
    if millis == 0 {
        clock.to_owned()
    } else {
        format!("{clock}.{millis:03}")
    }
}
