//! Segments made ahead of need: zero-filled, synced, their names durable.
//!
//! A preparation owns all it needs, so it can run on any thread while the log goes on. It never
//! touches a file that may hold a record.

use std::{path::PathBuf, sync::Arc};

use crate::{
    fault::JournalFault,
    files::Files,
    segment::{Kind, name},
};

/// A prepared segment, not yet used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spare {
    pub(crate) number: u32,
    pub(crate) len: u64,
}

/// The making of some segments.
#[derive(Debug)]
pub(crate) struct Preparation {
    files: Arc<dyn Files>,
    dir: PathBuf,
    first: u32,
    count: u32,
    bytes: u64,
}

/// What a preparation made, and why it stopped early if it did.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) spares: Vec<Spare>,
    pub(crate) fault: Option<JournalFault>,
}

impl Preparation {
    pub(crate) fn new(
        files: Arc<dyn Files>,
        dir: PathBuf,
        first: u32,
        count: u32,
        bytes: u64,
    ) -> Self {
        Self {
            files,
            dir,
            first,
            count,
            bytes,
        }
    }

    pub(crate) fn run(self) -> Prepared {
        let mut spares = Vec::new();
        let fault = self.run_into(&mut spares).err();
        Prepared { spares, fault }
    }

    fn run_into(&self, spares: &mut Vec<Spare>) -> Result<(), JournalFault> {
        let needed = u64::from(self.count) * self.bytes;
        let free = self.files.free_space(&self.dir);
        let free = free.map_err(JournalFault::io("ask the free space of", &self.dir))?;
        if free < needed {
            return Err(JournalFault::NoSpace { needed, free });
        }
        for number in (self.first..).take(self.count as usize) {
            self.make(number).map_err(|fault| {
                if fault.is_no_space() {
                    JournalFault::NoSpace { needed, free }
                } else {
                    fault
                }
            })?;
            spares.push(Spare {
                number,
                len: self.bytes,
            });
        }
        Ok(())
    }

    fn make(&self, number: u32) -> Result<(), JournalFault> {
        let unfinished = self.dir.join(name(Kind::Unfinished, number));
        let path = self.dir.join(name(Kind::Segment, number));
        let fill = || {
            let file = self.files.create_new(&unfinished)?;
            file.preallocate(self.bytes)?;
            file.sync_data()
        };
        if let Err(e) = fill() {
            // Give the space back; the file never held a record. A second failure tells no more.
            drop(self.files.remove(&unfinished));
            return Err(JournalFault::io("prepare", &path)(e));
        }
        let publish = || {
            self.files.rename(&unfinished, &path)?;
            self.files.sync_dir(&self.dir)
        };
        publish().map_err(JournalFault::io("prepare", &path))
    }
}
