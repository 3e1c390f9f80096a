//! What the kiosk knows: the picture of the attachment, and where the candidate is on the screen.
//!
//! It decides nothing about the exam: what may be done is in the picture, and whether an answer is
//! saved is the attachment's word alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use exam_client::{Ending, Link, Picture};
use exam_core::view::Label;
use exam_core::{ItemKind, Lang, PaperItem, PaperSection, Refusal};
use exam_term::Look;
use exam_term::widgets::field::{Accept, Field as Input};

/// The whole state of the screen.
#[derive(Debug, Clone)]
pub struct Model {
    /// The seat as the attachment shows it.
    pub picture: Arc<Picture>,
    /// Local monotonic milliseconds.
    pub now_ms: i64,
    /// Width and height of the terminal.
    pub size: (u16, u16),
    /// The language of the screen.
    pub lang: Lang,
    /// Theme, and what this terminal does with glyphs of doubtful width.
    pub look: Look,
    /// Whether this is a demonstration, which the candidate may leave.
    pub leave: Leave,
    /// What a demonstration tells on the log-in screen.
    pub hint: Option<DemoHint>,
    /// Whether any key has come: the keyboard's part of the self-test.
    pub key_seen: bool,
    /// The log-in form.
    pub form: Form,
    /// Page of a long text (undertaking, stem).
    pub page: usize,
    /// The furthest page of the undertaking that was shown.
    pub furthest: usize,
    /// Index of the item on the screen, from 0 over the whole paper.
    pub current: usize,
    /// Index of the option under the cursor.
    pub cursor: usize,
    /// Items that were on the screen.
    pub seen: BTreeSet<usize>,
    /// What lies over the question.
    pub overlay: Overlay,
    /// Whether the clock is hidden; it comes back by itself (C18).
    pub clock_hidden: bool,
    /// The message row.
    pub notice: Option<Notice>,
    /// Rests already warned of, in milliseconds (C19).
    pub warned: BTreeSet<i64>,
    /// The number of the newest refusal already said.
    pub refusal_said: u64,
    /// The last accepted choose or flag key and when, against key repeat.
    pub last_key: Option<(crate::keymap::Key, i64)>,
    /// Combinations with Ctrl or Alt pressed so far.
    pub combinations: u32,
    /// When the end was first shown, for the quiet screen after a minute.
    pub ended_at_ms: Option<i64>,
    /// Whether the position was restored from the picture.
    pub placed: bool,
}

/// What a demonstration tells the person on the log-in screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoHint {
    /// The admission number to type.
    pub number: String,
    /// The last six of the ID to type.
    pub tail: String,
}

/// Whether the program may be left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// A kiosk: never.
    Never,
    /// A demonstration: Enter on the last screen, Ctrl-C anywhere.
    Demonstration,
}

/// Longest admission number a form takes.
pub const NUMBER_MAX: usize = 20;
/// Length of the ID's tail.
pub const TAIL: usize = 6;

/// The log-in form. Its Debug shows how much was typed, never what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Admission number, digits.
    pub number: Input,
    /// Last six of the ID; digits, the last may be X.
    pub tail: Input,
    /// Which field has the focus.
    pub field: Field,
    /// Whether an attempt is under way.
    pub sent: bool,
    /// What is wrong, beside the field (C43).
    pub error: Option<FormError>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            number: Input::new(NUMBER_MAX, Accept::Digits).grouped(4),
            tail: Input::new(TAIL, Accept::DigitsAndX).masked(),
            field: Field::default(),
            sent: false,
            error: None,
        }
    }
}

/// A field of the log-in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field {
    /// 准考证号.
    #[default]
    Number,
    /// 证件号码后6位.
    Tail,
}

/// What is wrong with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormError {
    /// The admission number is empty.
    Number,
    /// The tail lacks this many characters.
    Tail {
        /// How many are missing.
        missing: usize,
    },
    /// The hall said no.
    Refused(Refusal),
}

/// What lies over the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The answer card (C25-C30).
    Card {
        /// The item under the card's cursor.
        at: usize,
        /// Which items it shows.
        filter: Filter,
    },
    /// Jump by number (G).
    Goto {
        /// The number typed so far; 0 = none.
        number: usize,
    },
    /// X was pressed: the next letter strikes out.
    Strike,
    /// Review before hand-in (C32).
    Review {
        /// How much of J, J, Enter was typed; none = the page alone.
        confirm: Option<u8>,
    },
    /// The keys of this screen, and "raise your hand".
    Help,
    /// The undertaking once more: before the start, or after declining it.
    Rules,
}

/// Which items the answer card shows (C27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Unanswered.
    Unanswered,
    /// Flagged.
    Flagged,
}

/// A line in the message row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub what: NoticeKind,
    /// Local monotonic millisecond at which it goes.
    pub until_ms: i64,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    /// So many minutes are left (C19).
    Warning {
        /// The rest in milliseconds.
        rest_ms: i64,
    },
    /// A rule said no.
    Refusal(Refusal),
    /// The answers came back after a return (R4).
    Restored {
        /// How many.
        count: u16,
    },
    /// A paste was dropped.
    PasteDropped {
        /// How many characters it had.
        count: usize,
    },
    /// A combination with Ctrl or Alt was pressed.
    ExitIgnored,
    /// There is nothing before the first item.
    FirstItem,
    /// There is nothing behind the last item.
    LastItem,
    /// The response was cleared.
    Cleared,
    /// There is no unanswered item.
    NoneUnanswered,
    /// There is no flagged item.
    NoneFlagged,
    /// The stem has more text than was shown (C16).
    MoreText,
    /// Hand-in is not possible yet; until when is in the picture.
    TooEarly,
    /// No item of that number.
    NoSuchItem {
        /// The number.
        number: usize,
        /// How many there are.
        total: usize,
    },
    /// Language cannot change now.
    LanguageFixed,
}

/// Which screen is shown; a function of picture and size alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The terminal is too small.
    TooSmall,
    /// The hall speaks another protocol.
    OtherVersion,
    /// No hall yet.
    Connecting,
    /// Log-in.
    CheckIn,
    /// The own data.
    Confirm,
    /// The candidate found them wrong.
    DetailsWrong,
    /// The invigilator must see the documents.
    AwaitIdentity,
    /// The undertaking.
    Undertaking,
    /// It was declined.
    Declined,
    /// The paper is on its way.
    Preparing,
    /// Waiting for the start.
    Waiting,
    /// Late: what is left, before starting (T2).
    Late,
    /// The paper did not open.
    Broken,
    /// Answering.
    Question,
    /// Handed in, not yet confirmed by the hall.
    HandingIn,
    /// Time is up, not yet confirmed by the hall.
    Locked,
    /// The receipt.
    Receipt,
    /// A minute later: no name, no number.
    Quiet,
}

/// The smallest terminal a question is shown on.
pub const MIN_SIZE: (u16, u16) = (80, 24);

impl Model {
    /// Returns the first state of the screen.
    pub fn new(lang: Lang, look: Look, leave: Leave, size: (u16, u16)) -> Self {
        Self {
            picture: Arc::new(Picture::default()),
            now_ms: 0,
            size,
            lang,
            look,
            leave,
            hint: None,
            key_seen: false,
            form: Form::default(),
            page: 0,
            furthest: 0,
            current: 0,
            cursor: 0,
            seen: BTreeSet::new(),
            overlay: Overlay::None,
            clock_hidden: false,
            notice: None,
            warned: BTreeSet::new(),
            refusal_said: 0,
            last_key: None,
            combinations: 0,
            ended_at_ms: None,
            placed: false,
        }
    }

    /// Returns which screen is shown.
    pub fn screen(&self) -> Screen {
        if self.size.0 < MIN_SIZE.0 || self.size.1 < MIN_SIZE.1 {
            return Screen::TooSmall;
        }
        if self.picture.other_version.is_some() {
            return Screen::OtherVersion;
        }
        match &self.picture.ending {
            Ending::Ended(_) if self.is_quiet() => return Screen::Quiet,
            Ending::Ended(_) => return Screen::Receipt,
            Ending::HandingIn => return Screen::HandingIn,
            Ending::Locked => return Screen::Locked,
            Ending::None => {}
        }
        let Some(view) = &self.picture.view else {
            let known = self.picture.hall.is_some();
            return if known {
                Screen::CheckIn
            } else {
                Screen::Connecting
            };
        };
        match view.label {
            Label::Expected | Label::Arrived => Screen::CheckIn,
            Label::ConfirmDetails => Screen::Confirm,
            Label::DetailsWrong => Screen::DetailsWrong,
            Label::AwaitIdentity => Screen::AwaitIdentity,
            Label::Undertaking => Screen::Undertaking,
            Label::Declined => Screen::Declined,
            Label::Preparing => Screen::Preparing,
            Label::AwaitStart => Screen::Waiting,
            Label::Late => Screen::Late,
            Label::Running => match self.picture.paper {
                exam_client::PaperState::Open(_) => Screen::Question,
                exam_client::PaperState::Broken => Screen::Broken,
                exam_client::PaperState::Absent | exam_client::PaperState::Sealed => {
                    Screen::Preparing
                }
            },
            Label::Closing | Label::Overdue => Screen::Locked,
            Label::HandedIn | Label::TimeUp | Label::Absent => Screen::Quiet,
        }
    }

    /// A minute after the end the screen shows no name and no number; a demonstration stays.
    fn is_quiet(&self) -> bool {
        self.leave == Leave::Never
            && self
                .ended_at_ms
                .is_some_and(|ended| self.now_ms - ended >= 60_000)
    }

    /// Says whether log-in has opened, as far as this seat knows.
    pub fn log_in_is_open(&self) -> bool {
        let hall = self.picture.hall.as_ref();
        hall.is_none_or(|hall| self.picture.clock.hall_at(self.now_ms) >= hall.log_in_opens)
    }

    /// Says whether all pages of the undertaking were on the screen (C1).
    pub fn undertaking_is_read(&self) -> bool {
        self.furthest + 1 >= crate::view::undertaking_pages(self)
    }

    /// Says whether the language may be changed now (C24).
    pub fn may_switch_language(&self) -> bool {
        let open = matches!(self.picture.paper, exam_client::PaperState::Open(_))
            && self.picture.ending == Ending::None;
        let allowed = self.picture.candidate.as_ref();
        // Without hanzi on this terminal only English can be read.
        self.look.glyphs.cjk_ok && (!open || allowed.is_some_and(|own| own.may_switch))
    }

    /// Returns the item on the screen with its section.
    pub fn item(&self) -> Option<(&PaperSection, &PaperItem)> {
        self.picture
            .open_paper()
            .and_then(|paper| paper.items().nth(self.current))
    }

    /// Returns the number of items.
    pub fn total(&self) -> usize {
        self.picture
            .open_paper()
            .map_or(0, |paper| paper.items().count())
    }

    /// Says whether the hall is away.
    pub fn is_offline(&self) -> bool {
        matches!(self.picture.link, Link::Offline { .. })
    }

    /// Says whether the item on the screen is a true/false item.
    pub fn is_true_false(&self) -> bool {
        self.item()
            .is_some_and(|(section, _)| section.kind == ItemKind::TrueFalse)
    }

    /// Says whether the clock is shown: hidden by F4, back by itself in the last five minutes
    /// (C18).
    pub fn shows_clock(&self) -> bool {
        let rest = self.picture.rest(self.now_ms).map_or(0, |rest| rest.0);
        !self.clock_hidden || rest <= 5 * 60_000
    }
}
