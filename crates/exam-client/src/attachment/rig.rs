//! A hall made of the real sitting machine, and a seat on a lossy link to it: for tests.

mod hall;

use std::collections::VecDeque;

use exam_proto::delivery as wire;

use super::*;
use crate::message::{HallMessage, KioskMessage};
use crate::picture::{Answer, Saved};

pub(crate) use hall::{FakeHall, ITEMS, LENGTH_MS, PLANNED_MS};

/// Local time runs at the hall's pace, from another zero.
const LOCAL_ZERO: i64 = 500_000;

/// One seat, its spool, its link and its hall.
pub(crate) struct Rig {
    pub(crate) hall: FakeHall,
    pub(crate) seat: Attachment,
    pub(crate) up: bool,
    pub(crate) to_hall: VecDeque<KioskMessage>,
    pub(crate) to_seat: VecDeque<HallMessage>,
    /// Every entry handed to the spool by this process and those before it.
    pub(crate) spool: Vec<Entry>,
    /// How many of them are durable.
    pub(crate) durable: usize,
    /// Entries before those of this process.
    before: usize,
    /// Whether entries become durable at once.
    pub(crate) fast_disk: bool,
    pub(crate) observed: Vec<Observed>,
    pub(crate) sent: Vec<KioskSays>,
    pub(crate) boot: BootId,
    /// How far the seat's clock has run ahead of the hall's.
    local_ahead: i64,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let hall = FakeHall::new();
        let boot = BootId([1; 16]);
        let seat = attachment(boot, None, hall.now.0 - LOCAL_ZERO);
        Self {
            hall,
            seat,
            up: false,
            to_hall: VecDeque::new(),
            to_seat: VecDeque::new(),
            spool: Vec::new(),
            durable: 0,
            before: 0,
            fast_disk: true,
            observed: Vec::new(),
            sent: Vec::new(),
            boot,
            local_ahead: 0,
        }
    }

    /// A seat that is answering.
    pub(crate) fn running() -> Self {
        let mut rig = Self::new();
        rig.check_in();
        rig.start();
        rig
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.hall.now.0 - LOCAL_ZERO + self.local_ahead
    }

    pub(crate) fn feed(&mut self, input: Input) {
        let now_ms = self.now_ms();
        let mut reports = None;
        for output in self.seat.handle(now_ms, input) {
            match output {
                Output::ToHall(says) => {
                    self.sent.push(says.clone());
                    if self.up {
                        self.to_hall.push_back(KioskMessage::from(&says));
                    }
                }
                Output::Spool { no, entry } => {
                    self.spool.push(entry);
                    assert_eq!(usize::try_from(no).unwrap() + self.before, self.spool.len());
                    reports = Some(no);
                }
                Output::Observed(observed) => self.observed.push(observed),
            }
        }
        if self.fast_disk && reports.is_some() {
            self.sync();
        }
    }

    /// Everything handed to the spool becomes durable.
    pub(crate) fn sync(&mut self) {
        let up_to = self.spool.len();
        if self.durable < up_to {
            self.durable = up_to;
            let up_to = u64::try_from(up_to - self.before).unwrap();
            self.feed(Input::Spooled { up_to });
        }
    }

    pub(crate) fn act(&mut self, act: Act) {
        self.feed(Input::Act(act));
    }

    pub(crate) fn choose(&mut self, item: usize, option: usize) {
        let (item, option) = (item_id(item), option_id(option));
        self.act(Act::Choose {
            item,
            choice: Some(option),
        });
    }

    pub(crate) fn link(&mut self) {
        if !self.up {
            self.up = true;
            self.hall.connect();
            self.feed(Input::Linked);
        }
    }

    pub(crate) fn cut(&mut self) {
        if self.up {
            self.up = false;
            self.to_hall.clear();
            self.to_seat.clear();
            self.hall.disconnect();
            self.feed(Input::LinkLost);
        }
    }

    /// The hall refuses what is on its way to it.
    pub(crate) fn hall_refuses(&mut self, asked: Asked, refusal: &Refusal) {
        self.feed(Input::FromHall(Box::new(HallSays {
            clock: None,
            body: crate::message::HallBody::Refused {
                asked,
                refusal: refusal.clone(),
            },
        })));
    }

    /// Reconnects while the seat's own clock stands at `local_ms`.
    pub(crate) fn seat_link_at(&mut self, local_ms: i64) {
        self.local_ahead = local_ms - self.now_ms();
        self.link();
        self.settle();
    }

    pub(crate) fn deliver_to_hall(&mut self) -> bool {
        let Some(message) = self.to_hall.pop_front() else {
            return false;
        };
        let replies = self.hall.hear(&message);
        self.to_seat.extend(replies);
        true
    }

    pub(crate) fn deliver_to_seat(&mut self) -> bool {
        let Some(message) = self.to_seat.pop_front() else {
            return false;
        };
        self.feed(Input::FromHall(Box::new(HallSays::read(&message).unwrap())));
        true
    }

    /// Delivers until nobody has anything to say.
    pub(crate) fn settle(&mut self) {
        for _ in 0..10_000 {
            let pushed = self.hall.pushes();
            if self.up {
                self.to_seat.extend(pushed);
            }
            if !self.deliver_to_hall() && !self.deliver_to_seat() {
                return;
            }
        }
        panic!("hall and seat never come to rest");
    }

    /// Lets time pass in steps of at most `step` milliseconds, with ticks.
    pub(crate) fn pass(&mut self, ms: i64, step: i64) {
        let until = self.hall.now.0 + ms;
        while self.hall.now.0 < until {
            self.hall.advance(step.min(until - self.hall.now.0));
            self.settle();
            self.feed(Input::Tick);
            self.settle();
        }
    }

    /// From the door to the waiting screen.
    pub(crate) fn check_in(&mut self) {
        self.link();
        self.settle();
        self.act(FakeHall::log_in());
        self.settle();
        self.act(Act::CheckDetails { correct: true });
        self.settle();
        self.act(Act::Undertake { accepted: true });
        self.settle();
    }

    pub(crate) fn start(&mut self) {
        let wait = PLANNED_MS - self.hall.now.0;
        self.pass(wait, 1_000);
        self.hall.start();
        self.settle();
    }

    /// Kills the seat's process and starts another one on what is durable.
    pub(crate) fn restart(&mut self, boot: BootId) {
        self.cut();
        self.spool.truncate(self.durable);
        self.before = self.spool.len();
        self.boot = boot;
        let file = self
            .spool
            .iter()
            .rposition(|entry| matches!(entry, Entry::Lease { .. }))
            .map_or(&[][..], |_| self.last_file());
        let recovered = Recovered::from_entries(file);
        self.seat = attachment(boot, recovered, self.now_ms());
    }

    /// The entries of the newest holder: what the spool file would hold.
    fn last_file(&self) -> &[Entry] {
        let mut begin = 0;
        let mut current = None;
        for (index, entry) in self.spool.iter().enumerate() {
            if let Entry::Lease { holder, .. } = entry
                && current != Some(*holder)
            {
                current = Some(*holder);
                begin = index;
            }
        }
        &self.spool[begin..]
    }

    pub(crate) fn answer(&self, item: usize) -> Option<Answer> {
        self.seat.picture().answers.get(&item_id(item)).cloned()
    }

    pub(crate) fn saved(&self, item: usize) -> Option<Saved> {
        self.answer(item).map(|answer| answer.saved)
    }

    pub(crate) fn ending(&self) -> &Ending {
        &self.seat.picture().ending
    }

    /// What the hall's record says of an item.
    pub(crate) fn recorded(&self, item: usize) -> Option<OptionId> {
        let session = self.hall.sitting.session(SESSION).unwrap();
        session.responses.get(&item_id(item))?.choice.clone()
    }

    /// The numbers of all revisions sent so far, in the order of sending.
    pub(crate) fn sent_seqs(&self) -> Vec<u32> {
        let revisions = self.sent.iter().filter_map(|says| match says {
            KioskSays::Revise { revisions, .. } => Some(revisions),
            _ => None,
        });
        revisions.flatten().map(|revision| revision.seq.0).collect()
    }
}

fn attachment(boot: BootId, recovered: Option<Recovered>, now_ms: i64) -> Attachment {
    let config = AttachmentConfig {
        boot,
        recovered,
        speed: 1,
    };
    Attachment::new(config, now_ms)
}

pub(crate) const SESSION: SessionId = SessionId([9; 16]);

pub(crate) fn item_id(item: usize) -> ItemId {
    ItemId::new(&format!("q{item}")).unwrap()
}

pub(crate) fn option_id(option: usize) -> OptionId {
    OptionId::new(&format!("o{option}")).unwrap()
}

pub(crate) fn body_of(message: &KioskMessage) -> &wire::kiosk_message::Body {
    message.body.as_ref().unwrap()
}
