//! The kiosk in exam-term's loop: terminal events and pictures in, acts out.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use exam_client::{Act, Picture};
use exam_core::Lang;
use exam_term::picture::{Canvas, text};
use exam_term::run::{Raw, Script, drive};
use exam_term::{Ended, Look, Millis, Next, TtyError};
use tokio::sync::{mpsc, watch};

use super::fixture::{START_MS, busy, item_id, option_id};
use crate::model::{Leave, Model};
use crate::run::{Kiosk, carry_acts, carry_pictures, perform};
use crate::{Effect, KioskFault};

type Scene = Vec<Raw<Arc<Picture>>>;

fn press(code: KeyCode, modifiers: KeyModifiers) -> Raw<Arc<Picture>> {
    Raw::Terminal(Event::Key(KeyEvent::new(code, modifiers)))
}

/// Plays a scene, a second between inputs, and returns acts, last screen and how it ended.
async fn played(leave: Leave, scene: Scene) -> (Vec<Act>, String, Ended) {
    let clock = Arc::new(AtomicI64::new(START_MS));
    let ticking = Arc::clone(&clock);
    let now_ms = Box::new(move || ticking.fetch_add(1_000, Ordering::Relaxed));
    let model = Model::new(Lang::Zh, Look::plain(), leave, (80, 24));
    let mut kiosk = Kiosk::new(model, now_ms);
    let mut canvas = Canvas::new(80, 24);
    let mut acts = Vec::new();
    let script = Script::new(scene.into_iter().map(|raw| (Millis(0), raw)));
    let ended = drive(&mut kiosk, &mut canvas, script, |effect| match effect {
        Effect::Act(act) => {
            acts.push(act);
            Next::Go
        }
        Effect::Repaint => Next::Repaint,
        Effect::Leave => Next::Quit,
    })
    .await
    .unwrap();
    (acts, text(canvas.buffer()), ended)
}

#[tokio::test]
async fn an_answer_goes_from_the_keyboard_to_the_attachment() {
    let scene = vec![
        Raw::Message(Arc::new(busy(0))),
        press(KeyCode::Char('ｃ'), KeyModifiers::NONE),
        Raw::Terminal(Event::Paste("dddd".to_owned())),
        press(KeyCode::Char('d'), KeyModifiers::CONTROL),
        Raw::Tick,
    ];
    let (acts, screen, ended) = played(Leave::Never, scene).await;
    let chosen = Act::Choose {
        item: item_id(58),
        choice: Some(option_id(2)),
    };
    assert_eq!(
        acts,
        [chosen],
        "the full-width c, and neither the paste nor Ctrl-D"
    );
    assert!(screen.contains("考试期间不能退出。"));
    assert_eq!(ended, Ended::Stopped);
}

#[tokio::test]
async fn ctrl_c_leaves_a_demonstration_and_nothing_else() {
    let scene = || {
        let ctrl_c = press(KeyCode::Char('c'), KeyModifiers::CONTROL);
        vec![Raw::Message(Arc::new(busy(0))), ctrl_c, Raw::Tick]
    };
    assert_eq!(played(Leave::Never, scene()).await.2, Ended::Stopped);
    assert_eq!(played(Leave::Demonstration, scene()).await.2, Ended::Quit);
}

#[tokio::test]
async fn a_resize_is_drawn_at_once() {
    let scene = vec![
        Raw::Message(Arc::new(busy(0))),
        Raw::Terminal(Event::Resize(70, 20)),
        Raw::Tick,
    ];
    let (_, screen, _) = played(Leave::Never, scene).await;
    assert!(screen.contains("当前 70 列 20 行") || screen.contains("第58题/共100题"));
}

#[test]
fn a_pipe_is_refused_by_name() {
    let fault = KioskFault::from(TtyError::NotATerminal("input"));
    assert!(matches!(fault, KioskFault::NotATerminal));
    assert_eq!(
        fault.to_string(),
        "standard input or output is not a terminal"
    );
}

#[tokio::test]
async fn the_newest_picture_is_carried_and_a_lost_seat_is_told() {
    let picture = |version| Arc::new(Picture { version, ..busy(0) });
    let (show, pictures) = watch::channel(picture(1));
    let (shown, mut messages) = mpsc::channel(1);
    let carrier = tokio::spawn(carry_pictures(pictures, shown));
    assert_eq!(messages.recv().await.unwrap().version, 1);
    show.send(picture(2)).unwrap();
    assert_eq!(messages.recv().await.unwrap().version, 2);
    drop(show);
    carrier.await.unwrap();
}

#[tokio::test]
async fn acts_reach_a_busy_attachment_in_order() {
    let (made, mut waiting) = mpsc::channel(8);
    let (acts, mut attachment) = mpsc::channel(1);
    for number in 1..=5 {
        assert_eq!(
            perform(
                &made,
                Effect::Act(Act::Visit {
                    item: item_id(number)
                })
            ),
            Next::Go
        );
    }
    let carrier = tokio::spawn(async move { carry_acts(&mut waiting, &acts).await });
    for number in 1..=5 {
        let act = attachment.recv().await.unwrap();
        assert_eq!(
            act,
            Act::Visit {
                item: item_id(number)
            }
        );
    }
    carrier.abort();
}

#[test]
fn an_act_without_room_sounds_the_bell() {
    let (made, _waiting) = mpsc::channel(1);
    assert_eq!(perform(&made, Effect::Act(Act::HandIn)), Next::Go);
    assert_eq!(perform(&made, Effect::Act(Act::HandIn)), Next::Bell);
    assert_eq!(perform(&made, Effect::Leave), Next::Quit);
}
