//! What the tests of this crate share.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;

use crate::{
    Incident, IncidentSink, Journal, JournalFault, NewRecord, Opened, Options, Record,
    files::{Access, Files},
    journal::open_with,
    second::{OpenStore, open_sled},
};

/// Long enough for any thread to get its turn; never waited for in full when all is well.
pub(crate) const LONG: Duration = Duration::from_secs(30);

pub(crate) fn new(text: &str) -> NewRecord {
    NewRecord {
        hall_ms: 1000,
        wall_ms: 2000,
        payload: Bytes::copy_from_slice(text.as_bytes()),
    }
}

/// A journal to be opened again and again, and what it raised.
pub(crate) struct Bench {
    pub(crate) files: Arc<dyn Files>,
    pub(crate) dir: PathBuf,
    pub(crate) options: Options,
    pub(crate) opener: Option<OpenStore>,
    raised: Arc<Mutex<Vec<Incident>>>,
}

impl Bench {
    pub(crate) fn new(files: Arc<dyn Files>, dir: &Path, opener: Option<OpenStore>) -> Self {
        let raised = Arc::new(Mutex::new(Vec::new()));
        let to = Arc::clone(&raised);
        let options = Options {
            segment_bytes: 8192,
            second_limit: LONG,
            second_pace: Duration::ZERO,
            incidents: IncidentSink::new(move |incident| to.lock().unwrap().push(incident)),
            ..Options::new("tests")
        };
        Self {
            files,
            dir: dir.to_owned(),
            options,
            opener,
            raised,
        }
    }

    /// On this machine's disk, with sled.
    pub(crate) fn real(dir: &Path) -> Self {
        Self::new(Arc::new(crate::RealFiles), dir, Some(open_sled()))
    }

    pub(crate) fn try_open(&self) -> Result<(Journal, Opened), JournalFault> {
        let (files, opener) = (Arc::clone(&self.files), self.opener.clone());
        open_with(files, self.dir.clone(), &self.options, opener)
    }

    pub(crate) fn open(&self) -> (Journal, Opened) {
        self.try_open().unwrap()
    }

    /// Opens without a second copy.
    pub(crate) fn open_log_only(&self) -> (Journal, Opened) {
        open_with(
            Arc::clone(&self.files),
            self.dir.clone(),
            &self.options,
            None,
        )
        .unwrap()
    }

    /// Opens, appends each text as a batch of its own, and closes in order.
    pub(crate) fn write(&self, texts: &[&str]) -> Vec<Record> {
        let (mut journal, _) = self.open();
        append(&mut journal, texts);
        let closed = journal.close(LONG);
        assert!(closed.is_complete(), "{closed:?}");
        self.records()
    }

    /// As [`Bench::write`], but the second copy does not hear of it.
    pub(crate) fn write_log_only(&self, texts: &[&str]) -> Vec<Record> {
        let (mut journal, _) = self.open_log_only();
        append(&mut journal, texts);
        self.records()
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        crate::read_records(&*self.files, &self.dir).unwrap()
    }

    /// What was raised since the last look.
    pub(crate) fn raised(&self) -> Vec<Incident> {
        std::mem::take(&mut *self.raised.lock().unwrap())
    }

    pub(crate) fn segment(&self, number: u32) -> PathBuf {
        self.dir.join("log").join(format!("{number:08}.seg"))
    }

    /// Flips a bit of a segment.
    pub(crate) fn flip(&self, number: u32, offset: u64) {
        let file = self
            .files
            .open(&self.segment(number), Access::Write)
            .unwrap();
        let mut byte = [0];
        file.read_at(offset, &mut byte).unwrap();
        file.write_at(offset, &[byte[0] ^ 4]).unwrap();
        file.sync_data().unwrap();
    }
}

pub(crate) fn append(journal: &mut Journal, texts: &[&str]) {
    for text in texts {
        journal.append(&[new(text)]).unwrap();
    }
}

pub(crate) fn texts(records: &[Record]) -> Vec<String> {
    records
        .iter()
        .map(|r| String::from_utf8(r.payload.to_vec()).unwrap())
        .collect()
}

/// Bytes of a frame that bears one record with this text.
pub(crate) fn frame_len(text: &str) -> u64 {
    (crate::frame::OVERHEAD + crate::frame::room_for(&new(text))) as u64
}
