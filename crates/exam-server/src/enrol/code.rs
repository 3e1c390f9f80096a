//! One-time codes: three groups of five, the fifth of each its check, so that a slip is named by
//! its group. 60 bits of chance.

use std::fmt;
use std::io;
use std::str::FromStr;

use exam_core::Digest;

use crate::entropy::Entropy;

/// Letters and digits that nobody mistakes for another: no 0, O, 1, I.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

const GROUPS: usize = 3;
const DRAWN: usize = 4;

/// A one-time code. It shows itself only by `Display`, on its label.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([[u8; DRAWN]; GROUPS]);

/// A code that was mistyped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Not fifteen letters and digits.
    #[error("a code has three groups of five letters and digits")]
    Length,
    /// A letter that codes do not use, or a check that does not fit.
    #[error("group {0} of the code is mistyped")]
    Group(u8),
}

impl Code {
    /// Draws a new code.
    ///
    /// # Errors
    /// Where there is no chance to be had.
    pub fn draw(entropy: &Entropy) -> io::Result<Self> {
        let mut groups: [[u8; DRAWN]; GROUPS] = [[0; DRAWN]; GROUPS];
        for group in &mut groups {
            *group = entropy.draw::<DRAWN>()?.map(|byte| byte & 31);
        }
        Ok(Self(groups))
    }

    /// The key it stands for.
    pub fn key(&self) -> [u8; 32] {
        exam_proto::proof::code_key(&self.to_string())
    }

    /// The digest under which the record names a code's key once it is spent.
    pub fn digest_of_key(key: &[u8; 32]) -> Digest {
        Digest(blake3::derive_key("examhall 2026 spent code v1", key))
    }
}

/// Multiplies in the field of 32 elements (x⁵ + x² + 1).
const fn times(mut one: u8, mut other: u8) -> u8 {
    let mut product = 0;
    while other != 0 {
        if other & 1 == 1 {
            product ^= one;
        }
        one <<= 1;
        if one & 32 != 0 {
            one ^= 0b10_0101;
        }
        other >>= 1;
    }
    product
}

/// The check of a group: each place has its own factor, so that one wrong letter and two swapped
/// ones are always seen.
fn check(group: [u8; DRAWN]) -> u8 {
    let places = 2_u8..;
    group
        .into_iter()
        .zip(places)
        .fold(0, |sum, (letter, place)| sum ^ times(letter, place))
}

fn letter(value: u8) -> char {
    ALPHABET
        .get(usize::from(value & 31))
        .map_or('?', |letter| char::from(*letter))
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("-")?;
            }
            group
                .iter()
                .try_for_each(|value| write!(f, "{}", letter(*value)))?;
            write!(f, "{}", letter(check(*group)))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

impl FromStr for Code {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let letters: Vec<char> = text
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if letters.len() != GROUPS * (DRAWN + 1) {
            return Err(BadCode::Length);
        }
        let mut groups = [[0; DRAWN]; GROUPS];
        for ((number, group), typed) in (1..).zip(&mut groups).zip(letters.chunks_exact(DRAWN + 1))
        {
            let values: Option<Vec<u8>> = typed
                .iter()
                .map(|typed| {
                    let at = ALPHABET
                        .iter()
                        .position(|known| char::from(*known) == *typed)?;
                    u8::try_from(at).ok()
                })
                .collect();
            match values.as_deref() {
                Some([a, b, c, d, typed_check]) if check([*a, *b, *c, *d]) == *typed_check => {
                    *group = [*a, *b, *c, *d];
                }
                Some(_) | None => return Err(BadCode::Group(number)),
            }
        }
        Ok(Self(groups))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_whatever_its_case_and_dashes() {
        let code = Code::draw(&Entropy::system()).unwrap();
        let text = code.to_string();
        assert_eq!(text.len(), 17);
        assert_eq!(text.parse::<Code>().unwrap(), code);
        let typed = text.to_lowercase().replace('-', " ");
        assert_eq!(typed.parse::<Code>().unwrap(), code);
        assert!(!text.contains(['0', 'O', '1', 'I']));
    }

    #[test]
    fn every_single_slip_and_every_swap_is_named_by_its_group() {
        let code = Code::draw(&Entropy::repeatable([3; 32])).unwrap();
        let letters: Vec<char> = code.to_string().chars().filter(|c| *c != '-').collect();
        for at in 0..letters.len() {
            let group = u8::try_from(at / 5 + 1).unwrap();
            for other in ALPHABET.iter().map(|letter| char::from(*letter)) {
                let mut typed = letters.clone();
                typed[at] = other;
                if typed != letters {
                    let typed: String = typed.iter().collect();
                    assert_eq!(typed.parse::<Code>(), Err(BadCode::Group(group)), "{typed}");
                }
            }
            if at % 5 < 3 && letters[at] != letters[at + 1] {
                let mut typed = letters.clone();
                typed.swap(at, at + 1);
                let typed: String = typed.iter().collect();
                assert_eq!(typed.parse::<Code>(), Err(BadCode::Group(group)), "{typed}");
            }
        }
        assert_eq!("ABC".parse::<Code>(), Err(BadCode::Length));
    }
}
