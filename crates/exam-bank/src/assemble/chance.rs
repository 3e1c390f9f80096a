//! Chance that can be drawn again: a BLAKE3 stream under a labelled child of the seed, and our own
//! sampling and shuffle on top of it, portable by specification.
//!
//! Child key = `blake3::derive_key(context, parts joined)`. Stream = the extendable output of BLAKE3
//! keyed with the child over nothing, read as 64-bit little-endian numbers.

/// A stream of chance.
pub(super) struct Chance(blake3::OutputReader);

impl Chance {
    /// Opens the stream of a child of the seed; `parts` are joined as they are.
    pub(super) fn new(context: &'static str, parts: &[&[u8]]) -> Self {
        let child = blake3::derive_key(context, &parts.concat());
        Self(blake3::Hasher::new_keyed(&child).finalize_xof())
    }

    fn next(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// Draws a number below `bound` (at least 1), each equally likely: numbers of the last,
    /// incomplete run are drawn again.
    fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        let incomplete = (u64::MAX % bound + 1) % bound;
        loop {
            let number = self.next();
            if number <= u64::MAX - incomplete {
                return number % bound;
            }
        }
    }

    /// Shuffles by Fisher and Yates, from the last place to the second.
    pub(super) fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            let bound = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
            let pick = usize::try_from(self.below(bound)).unwrap_or(last);
            values.swap(last, pick);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p1_the_stream_and_the_shuffle_are_golden() {
        // Computed once more outside this program, with b3sum and the rule above.
        let mut chance = Chance::new("examhall 2026 form v1", &[&[7; 32], b"x"]);
        let mut values: Vec<u8> = (0..10).collect();
        chance.shuffle(&mut values);
        assert_eq!(values, [2, 8, 4, 1, 3, 9, 6, 0, 7, 5]);
        assert_eq!(chance.next(), 5_528_549_559_647_996_678);
    }

    #[test]
    fn every_place_is_about_equally_likely() {
        let mut chance = Chance::new("examhall 2026 form v1", &[]);
        let mut first = [0_u32; 4];
        for _ in 0..4000 {
            let mut values = [0, 1, 2, 3];
            chance.shuffle(&mut values);
            first[values[0]] += 1;
        }
        assert!(
            first.iter().all(|count| (900..1100).contains(count)),
            "{first:?}"
        );
    }
}
