//! One file of the simulated disk: live bytes, synced bytes, and the writes that lie between.
//!
//! It knows no names; what a crash keeps of the writes is drawn from a seed.

use super::disk::Crash;

const SECTOR: usize = 512;

#[derive(Clone, Default)]
pub(super) struct Inode {
    pub(super) live: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<(usize, Vec<u8>)>,
}

impl Inode {
    pub(super) fn write(&mut self, offset: u64, data: &[u8]) {
        let at = usize::try_from(offset).expect("bounded by the test's memory");
        put(&mut self.live, at, data);
        self.unsynced.push((at, data.to_vec()));
    }

    pub(super) fn sync(&mut self) {
        for (at, data) in self.unsynced.drain(..) {
            put(&mut self.synced, at, &data);
        }
    }

    pub(super) fn flip(&mut self, offset: u64, bit: u8) -> bool {
        let Ok(at) = usize::try_from(offset) else {
            return false;
        };
        for bytes in [&mut self.live, &mut self.synced] {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (bit % 8);
            }
        }
        at < self.live.len()
    }

    pub(super) fn truncate(&mut self, len: u64) {
        self.sync();
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        self.live.truncate(len);
        self.synced.truncate(len);
    }

    pub(super) fn crash(&mut self, how: Crash, seed: u64) {
        let mut chance = Chance(seed);
        match how {
            Crash::LoseUnsynced => self.unsynced.clear(),
            Crash::KeepAll => self.sync(),
            Crash::KeepSectors(_) => {
                for (at, data) in std::mem::take(&mut self.unsynced) {
                    keep_sectors(&mut self.synced, at, &data, &mut chance);
                }
            }
            Crash::KeepPrefix(_) => {
                let all: usize = self.unsynced.iter().map(|(_, data)| data.len()).sum();
                let mut left = chance.below(all as u64 + 1);
                for (at, data) in std::mem::take(&mut self.unsynced) {
                    let part = left.min(data.len());
                    put(&mut self.synced, at, &data[..part]);
                    left -= part;
                }
            }
        }
        self.live.clone_from(&self.synced);
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, data: &[u8]) {
    if data.is_empty() {
        return;
    }
    if bytes.len() < at + data.len() {
        bytes.resize(at + data.len(), 0);
    }
    bytes[at..at + data.len()].copy_from_slice(data);
}

fn keep_sectors(bytes: &mut Vec<u8>, at: usize, data: &[u8], chance: &mut Chance) {
    let mut from = 0;
    while from < data.len() {
        let to = ((at + from) / SECTOR + 1) * SECTOR - at;
        let to = to.min(data.len());
        if chance.below(2) == 0 {
            put(bytes, at + from, &data[from..to]);
        }
        from = to;
    }
}

/// A small generator (splitmix64); enough to choose what a crash leaves.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: u64) -> usize {
        usize::try_from(self.next() % n.max(1)).unwrap_or(usize::MAX)
    }
}
