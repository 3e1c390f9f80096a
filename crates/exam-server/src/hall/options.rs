//! What a hall is started with.

use std::sync::Arc;

use exam_core::SittingId;
use exam_journal::{Files, ProbeCommand, RealFiles};

use super::NewSitting;
use crate::clock::ManualClock;
use crate::config::HallConfig;
use crate::data::DataFolder;
use crate::desk::MarksAtHandIn;
use crate::entropy::Entropy;

/// Which sitting a hall serves.
#[derive(Debug)]
pub enum SittingChoice {
    /// A new one.
    New(Box<NewSitting>),
    /// One that was opened before: after a crash, a reboot, or an orderly stop.
    TakeUp(SittingId),
}

/// Where the journals lie.
#[derive(Debug, Clone)]
pub enum Backing {
    /// On a disk behind this port; a real one for everything but tests.
    Files(Arc<dyn Files>),
    /// Nowhere: to measure everything else by. What it calls durable is not.
    Nowhere,
}

/// Which clock the hall runs on.
#[derive(Debug, Clone)]
pub enum ClockChoice {
    /// The machine's.
    Machine {
        /// How fast; above 1 in rehearsals alone (T12).
        speed: u32,
    },
    /// One moved by hand, for tests.
    Manual(ManualClock),
}

/// What a hall is started with.
#[derive(Debug)]
pub struct HallOptions {
    /// The data folder, held.
    pub data: DataFolder,
    /// Settings.
    pub config: HallConfig,
    /// Which sitting.
    pub sitting: SittingChoice,
    /// Which clock.
    pub clock: ClockChoice,
    /// Where the journals lie.
    pub backing: Backing,
    /// Whether sled follows behind the sitting's log.
    pub second_copy: bool,
    /// How a second copy that was not closed cleanly is looked at first, in a process of its own.
    pub probe: Option<ProbeCommand>,
    /// W7: revisions of every item of every seat for which log space is reserved at opening.
    pub reserved_revisions: u32,
    /// Chance.
    pub entropy: Entropy,
    /// The keys, for a sitting whose rules show marks at hand-in; dropped at once for any other.
    pub marks: Option<MarksAtHandIn>,
}

impl HallOptions {
    /// The usual: the machine's clock and disk, a second copy, W7's reserve, no keys.
    pub fn new(data: DataFolder, config: HallConfig, sitting: SittingChoice) -> Self {
        Self {
            data,
            config,
            sitting,
            clock: ClockChoice::Machine { speed: 1 },
            backing: Backing::Files(Arc::new(RealFiles)),
            second_copy: true,
            probe: None,
            reserved_revisions: 20,
            entropy: Entropy::system(),
            marks: None,
        }
    }
}
