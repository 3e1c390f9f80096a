//! The loop, driven by scripts on a surface of cells.

use super::*;
use crate::keys::Code;
use crate::picture::{self, Canvas};
use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use futures_util::FutureExt as _;

/// Shows what it was told, and quits on q.
#[derive(Default)]
struct Diary {
    entries: Vec<String>,
}

impl Program for Diary {
    type Message = &'static str;
    type Effect = Next;
    type Target = char;

    fn update(&mut self, now: Millis, input: Input<&'static str, char>) -> Vec<Next> {
        let effects = match &input {
            Input::Key(key) if key.letter() == Some('Q') => vec![Next::Bell, Next::Quit],
            Input::Key(key) if key.code == Code::F(5) => vec![Next::Repaint],
            _ => Vec::new(),
        };
        let entry = match input {
            Input::Key(key) => format!("key {:?}", key.code),
            Input::Click(target) => format!("click {target}"),
            Input::Mouse(mouse) => format!("mouse {:?}", mouse.kind),
            Input::Paste { dropped } => format!("paste {dropped}"),
            Input::Resize { width, height } => format!("{width}x{height}"),
            Input::FocusLost => "lost".to_owned(),
            Input::FocusGained => "gained".to_owned(),
            Input::Tick => "tick".to_owned(),
            Input::Stop => "stop".to_owned(),
            Input::App(message) => message.to_owned(),
        };
        self.entries.push(format!("{} {entry}", now.0));
        effects
    }

    fn view(&self, frame: &mut Frame<'_>, targets: &mut Targets<char>) {
        let last = self.entries.last().map_or("-", String::as_str);
        frame
            .buffer_mut()
            .set_string(0, 0, last, ratatui::style::Style::new());
        targets.add(Rect::new(0, 1, 4, 1), 'a');
        targets.add(Rect::new(2, 1, 4, 1), 'b');
    }
}

fn played(inputs: Vec<(u64, Raw<&'static str>)>) -> (Diary, Canvas, Ended) {
    let script = Script::new(inputs.into_iter().map(|(at, raw)| (Millis(at), raw)));
    let (mut diary, mut canvas) = (Diary::default(), Canvas::new(30, 2));
    let driven = drive(&mut diary, &mut canvas, script, |effect| effect);
    let ended = driven
        .now_or_never()
        .expect("a script never waits")
        .unwrap();
    (diary, canvas, ended)
}

fn key(code: KeyCode) -> Raw<&'static str> {
    Raw::Terminal(Event::Key(crossterm::event::KeyEvent::new(
        code,
        KeyModifiers::NONE,
    )))
}

fn press(column: u16, row: u16) -> Raw<&'static str> {
    Raw::Terminal(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }))
}

#[test]
fn every_input_reaches_the_program_once_in_order_with_its_time() {
    let (diary, canvas, ended) = played(vec![
        (5, key(KeyCode::Char('Ａ'))),
        (6, Raw::Message("acked")),
        (7, Raw::Terminal(Event::Paste("一二三\r".to_owned()))),
        (8, Raw::Terminal(Event::Resize(80, 24))),
        (9, Raw::Terminal(Event::FocusLost)),
        (1000, Raw::Tick),
    ]);
    let expected = [
        "5 key Char('A')",
        "6 acked",
        "7 paste 4",
        "8 80x24",
        "9 lost",
        "1000 tick",
    ];
    assert_eq!(diary.entries, expected);
    assert_eq!(ended, Ended::Stopped);
    assert_eq!(picture::text(canvas.buffer()), "1000 tick\n\n");
}

#[test]
fn a_press_on_a_target_is_a_click_on_the_topmost() {
    let (diary, ..) = played(vec![(1, press(1, 1)), (2, press(3, 1)), (3, press(9, 1))]);
    assert_eq!(diary.entries, ["1 click a", "2 click b", "3 mouse Press"]);
}

#[test]
fn the_program_ends_the_loop_and_effects_are_done_in_order() {
    let (diary, canvas, ended) = played(vec![
        (1, key(KeyCode::F(5))),
        (2, key(KeyCode::Char('q'))),
        (3, key(KeyCode::Char('x'))),
    ]);
    assert_eq!(ended, Ended::Quit);
    assert_eq!(diary.entries.len(), 2);
    assert_eq!((canvas.bells(), canvas.repaints()), (1, 1));
}

#[test]
fn a_signal_is_told_to_the_program_and_ends_the_loop() {
    let (diary, _, ended) = played(vec![(1, Raw::Stop), (2, Raw::Tick)]);
    assert_eq!(ended, Ended::Stopped);
    assert_eq!(diary.entries, ["1 stop"]);
}

#[test]
fn what_is_there_at_once_is_drawn_once() {
    let ticks = (0..10).map(|at| (at, Raw::Tick)).collect();
    let (_, canvas, _) = played(ticks);
    // One frame before the first input, one after all ten.
    assert_eq!(canvas.frames(), 2);
}

/// A source that, as crossterm's stream does, keeps the waker of the first poll that found nothing.
struct Stubborn {
    first: bool,
    kept: std::sync::Arc<std::sync::Mutex<Option<std::task::Waker>>>,
}

impl Source<&'static str> for Stubborn {
    async fn next(&mut self) -> Option<(Millis, Raw<&'static str>)> {
        if std::mem::take(&mut self.first) {
            return Some((Millis(0), Raw::Tick));
        }
        poll_fn(|context| {
            let mut kept = self.kept.lock().unwrap();
            kept.get_or_insert_with(|| context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// Counts how often it is woken.
#[derive(Default)]
struct Bell(std::sync::atomic::AtomicUsize);

impl std::task::Wake for Bell {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn a_key_after_the_last_one_taken_wakes_the_loop_at_once() {
    let kept = std::sync::Arc::default();
    let source = Stubborn {
        first: true,
        kept: std::sync::Arc::clone(&kept),
    };
    let (mut diary, mut canvas) = (Diary::default(), Canvas::new(30, 2));
    let mut driven = pin!(drive(&mut diary, &mut canvas, source, |effect| effect));
    let bell = std::sync::Arc::new(Bell::default());
    let waker = std::task::Waker::from(std::sync::Arc::clone(&bell));
    let polled = driven
        .as_mut()
        .poll(&mut std::task::Context::from_waker(&waker));
    assert!(polled.is_pending());
    kept.lock().unwrap().take().unwrap().wake();
    assert_eq!(bell.0.load(std::sync::atomic::Ordering::Relaxed), 1);
}
