//! How many connections there may be: from one address and in all. A ticket counts one.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections. Clones are one counter.
#[derive(Debug, Clone)]
pub struct Caps {
    per_address: u32,
    in_all: u32,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    addresses: BTreeMap<IpAddr, u32>,
    total: u32,
}

/// One connection's place; given back when dropped.
#[derive(Debug)]
pub(crate) struct Ticket {
    address: IpAddr,
    inside: Arc<Mutex<Inside>>,
}

impl Caps {
    /// Caps per address and in all.
    pub fn new(per_address: u32, in_all: u32) -> Self {
        Self {
            per_address,
            in_all,
            inside: Arc::default(),
        }
    }

    /// Takes a place, if there is one.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Ticket> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let here = inside.addresses.get(&address).copied().unwrap_or(0);
        if here >= self.per_address || inside.total >= self.in_all {
            return None;
        }
        inside.addresses.insert(address, here + 1);
        inside.total += 1;
        drop(inside);
        Some(Ticket {
            address,
            inside: Arc::clone(&self.inside),
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.total = inside.total.saturating_sub(1);
        match inside.addresses.get(&self.address).copied() {
            Some(here) if here > 1 => inside.addresses.insert(self.address, here - 1),
            Some(_) | None => inside.addresses.remove(&self.address),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_address_and_in_all_and_given_back() {
        let caps = Caps::new(2, 3);
        let (a, b) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let first = caps.enter(a).unwrap();
        let _second = caps.enter(a).unwrap();
        assert!(caps.enter(a).is_none(), "two per address");
        let _third = caps.enter(b).unwrap();
        assert!(caps.enter(b).is_none(), "three in all");
        drop(first);
        assert!(caps.enter(b).is_some());
    }
}
