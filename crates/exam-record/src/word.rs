//! The closed lists of words: one table each, read in both directions.

use exam_core::revision::Counted;
use exam_core::session::End;
use exam_core::{ItemKind, KeptWhy, OfflineVerdict, SittingKind};

use crate::fault::RecordFault;
use crate::hall::StaffRole;
use crate::wire;

/// A word that is stored as a number.
pub(crate) trait Word: Sized {
    /// Returns the stored number.
    fn stored(self) -> i32;
    /// Reads the stored number.
    fn restored(value: i32) -> Result<Self, RecordFault>;
}

macro_rules! words {
    ($what:literal, $core:ty, $wire:ty: $($word:ident),+) => {
        impl Word for $core {
            fn stored(self) -> i32 {
                match self {
                    $(Self::$word => <$wire>::$word.into(),)+
                }
            }

            fn restored(value: i32) -> Result<Self, RecordFault> {
                match <$wire>::try_from(value) {
                    $(Ok(<$wire>::$word) => Ok(Self::$word),)+
                    Ok(<$wire>::Unset) | Err(_) => Err(RecordFault::UnknownWord { what: $what, value }),
                }
            }
        }
    };
}

words!("kind of sitting", SittingKind, wire::SittingKind: Real, Rehearsal);
words!("kind of item", ItemKind, wire::ItemKind: TrueFalse, SingleChoice);
words!("verdict", OfflineVerdict, wire::OfflineVerdict: Count, Refuse);
words!("end", End, wire::End: HandedIn, TimeUp, Absent);
words!("way to count", Counted, wire::Counted: InTime, InGrace, Offline);
words!(
    "reason to keep", KeptWhy, wire::KeptWhy:
    StaleEpoch, OtherBytes, ItemNotInPaper, OptionNotInItem, PartNotOpen, AfterEnd, AwaitsDecision
);
words!("role", StaffRole, wire::StaffRole: Chief, Invigilator, Technician, Inspector);
