//! The kiosk as a terminal program: exam-term's loop, with the attachment at the other end of two
//! channels.
//!
//! It is responsible for carrying pictures in and acts out, and for saying how the program ended.
//! What a key does is [`update`](crate::update())'s, what is seen is [`view`](crate::view())'s;
//! no clock is read here but the attachment's own.

use std::io;
use std::sync::Arc;

use exam_client::{Act, Ending, Picture, ReceiptShown, SeatHandle};
use exam_core::Lang;
use exam_term::tty::AmbiguousRule;
use exam_term::{Depth, Input, Look, Millis, Next, Program, Targets, Theme, ThemeKind, Tty};
use exam_term::{TtyError, TtyOptions};
use ratatui::Frame;
use tokio::sync::{mpsc, watch};

use crate::keymap;
use crate::model::{DemoHint, Leave, Model};
use crate::update::{Effect, Msg, update};

/// Acts a person can be ahead of the attachment; nobody types so fast.
const ACTS: usize = 256;

/// How a kiosk runs.
#[derive(Debug, Clone)]
pub struct KioskOptions {
    /// Language at the beginning.
    pub lang: Lang,
    /// Whether the program may be left.
    pub leave: Leave,
    /// What a demonstration tells on the log-in screen.
    pub hint: Option<DemoHint>,
}

/// What is known of the terminal beyond what it answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Appearance {
    /// Theme at the beginning; F3 leafs through them.
    pub theme: ThemeKind,
    /// What to do with glyphs of doubtful width (KIOSK 1.3: `auto`, `pad`, `narrow`).
    pub ambiguous: AmbiguousRule,
}

/// Why a kiosk could not run, or not go on.
#[derive(Debug, thiserror::Error)]
pub enum KioskFault {
    /// Standard input or output is a file or a pipe.
    #[error("standard input or output is not a terminal")]
    NotATerminal,
    /// The terminal failed.
    #[error("could not use the terminal")]
    Terminal(#[source] io::Error),
    /// The attachment ended before the exam did.
    #[error("the seat's connection program has ended")]
    SeatGone,
}

impl From<TtyError> for KioskFault {
    fn from(error: TtyError) -> Self {
        match error {
            TtyError::NotATerminal(_which) => Self::NotATerminal,
            TtyError::Io(source) => Self::Terminal(source),
        }
    }
}

/// How the program ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The receipt, with the marks where the rule file shows them; none if the exam is not over.
    pub receipt: Option<ReceiptShown>,
    /// The last picture.
    pub picture: Arc<Picture>,
    /// Whether a person left it; otherwise a signal or a lost terminal ended it.
    pub left: bool,
    /// Combinations with Ctrl or Alt pressed in all.
    pub combinations: u32,
}

/// The kiosk as exam-term's loop runs it.
pub(crate) struct Kiosk {
    pub(crate) model: Model,
    now_ms: Box<dyn Fn() -> i64 + Send>,
}

impl Kiosk {
    pub(crate) fn new(model: Model, now_ms: Box<dyn Fn() -> i64 + Send>) -> Self {
        Self { model, now_ms }
    }
}

impl Program for Kiosk {
    type Message = Arc<Picture>;
    type Effect = Effect;
    type Target = Msg;

    fn update(&mut self, _loop: Millis, input: Input<Arc<Picture>, Msg>) -> Vec<Effect> {
        // The picture's times are on the attachment's clock, so the loop's own is not used.
        let now_ms = (self.now_ms)();
        let msg = match input {
            Input::Key(key) => match keymap::key(key) {
                Some(key) => Msg::Key(key),
                None => Msg::Tick,
            },
            Input::Click(msg) => msg,
            Input::Paste { dropped } => Msg::Pasted(dropped),
            Input::Resize { width, height } => Msg::Resized(width, height),
            Input::App(picture) => Msg::Picture(picture),
            Input::FocusLost => {
                tracing::info!("the window lost the focus");
                Msg::Tick
            }
            Input::Mouse(_) | Input::FocusGained | Input::Tick | Input::Stop => Msg::Tick,
        };
        update(&mut self.model, now_ms, msg)
    }

    fn view(&self, frame: &mut Frame<'_>, targets: &mut Targets<Msg>) {
        targets.extend(crate::view::view(&self.model, frame));
    }
}

/// Runs the kiosk on this terminal until it is left, a signal comes, or the terminal is gone.
///
/// Needs a tokio runtime with time and I/O; a current-thread one will do. The seat goes on after
/// it, for the caller to stop.
///
/// # Errors
/// [`KioskFault::NotATerminal`] before anything was written; [`KioskFault::Terminal`] and
/// [`KioskFault::SeatGone`] after the terminal was given back.
pub async fn run(seat: &SeatHandle, options: KioskOptions) -> Result<Outcome, KioskFault> {
    run_with(seat, options, Appearance::default()).await
}

/// Does what [`run`] does on a terminal that needs to be told something.
///
/// # Errors
/// As [`run`].
pub async fn run_with(
    seat: &SeatHandle,
    options: KioskOptions,
    appearance: Appearance,
) -> Result<Outcome, KioskFault> {
    let ambiguous = appearance.ambiguous;
    let mut tty = Tty::open(&TtyOptions {
        ambiguous,
        ..TtyOptions::default()
    })?;
    let size = tty.size().map_err(KioskFault::Terminal)?;
    let glyphs = tty.glyphs();
    let depth = Depth::detect(|name| std::env::var(name).ok());
    let look = Look {
        theme: Theme::new(appearance.theme, depth),
        glyphs,
    };
    let lang = if glyphs.cjk_ok {
        options.lang
    } else {
        Lang::En
    };
    let mut model = Model::new(lang, look, options.leave, (size.width, size.height));
    model.hint = options.hint;
    let clock = seat.clock;
    let mut kiosk = Kiosk::new(model, Box::new(move || clock.now_ms()));

    let (made, mut waiting) = mpsc::channel(ACTS);
    let (shown, messages) = mpsc::channel(1);
    let looped = exam_term::run(&mut tty, &mut kiosk, messages, |effect| {
        perform(&made, effect)
    });
    let ended = tokio::select! {
        ended = looped => ended.map_err(KioskFault::Terminal),
        () = carry_pictures(seat.pictures.clone(), shown) => Err(KioskFault::SeatGone),
        () = carry_acts(&mut waiting, &seat.acts) => Err(KioskFault::SeatGone),
    };
    // What was pressed last still goes out, if there is room.
    while let Ok(act) = waiting.try_recv() {
        if seat.acts.try_send(act).is_err() {
            break;
        }
    }
    drop(tty);
    Ok(outcome(&kiosk.model, ended?))
}

/// Sums up how the program ended.
fn outcome(model: &Model, ended: exam_term::Ended) -> Outcome {
    let receipt = match &model.picture.ending {
        Ending::Ended(receipt) => Some(receipt.clone()),
        Ending::None | Ending::HandingIn | Ending::Locked => None,
    };
    Outcome {
        receipt,
        picture: Arc::clone(&model.picture),
        left: ended == exam_term::Ended::Quit,
        combinations: model.combinations,
    }
}

/// Hands one effect on; never blocks.
pub(crate) fn perform(acts: &mpsc::Sender<Act>, effect: Effect) -> Next {
    match effect {
        Effect::Act(act) => {
            if acts.try_send(act).is_err() {
                // The screen shows only what the picture says, so nobody is misled; the bell
                // says that the key did nothing.
                tracing::warn!("an act found no room on its way to the attachment");
                return Next::Bell;
            }
            Next::Go
        }
        Effect::Repaint => Next::Repaint,
        Effect::Leave => Next::Quit,
    }
}

/// Carries the newest picture into the loop; ends when the attachment is gone and the exam is not
/// over. Pictures that came while one was drawn are skipped.
pub(crate) async fn carry_pictures(
    mut pictures: watch::Receiver<Arc<Picture>>,
    shown: mpsc::Sender<Arc<Picture>>,
) {
    loop {
        let newest = Arc::clone(&pictures.borrow_and_update());
        let over = matches!(newest.ending, Ending::Ended(_));
        if shown.send(newest).await.is_err() {
            // The loop has ended and says how.
            std::future::pending::<()>().await;
        }
        if pictures.changed().await.is_err() {
            // The receipt stays on the screen.
            if over {
                std::future::pending::<()>().await;
            }
            return;
        }
    }
}

/// Carries acts to the attachment in order, waiting where it is busy.
pub(crate) async fn carry_acts(waiting: &mut mpsc::Receiver<Act>, acts: &mpsc::Sender<Act>) {
    while let Some(act) = waiting.recv().await {
        if acts.send(act).await.is_err() {
            tracing::warn!("the attachment takes no more acts");
            break;
        }
    }
    std::future::pending::<()>().await;
}
