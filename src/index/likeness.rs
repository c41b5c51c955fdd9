//! How alike two passages are: a number of 64 bits that differs in few bits between near copies.
//!
//! It is Charikar's simhash over runs of three words, so a changed date or figure, or a sentence
//! more, changes some bits and another text about half of them. A short text is one hash of its
//! words: only its very copies are like it.

use super::tokens::Token;

/// Passages that differ in at most this many bits are copies of each other.
pub const NEAR: u32 = 4;

/// A text of fewer words is like its very copies only.
const ENOUGH_WORDS: usize = 24;

/// Bands of bits; copies agree in one at least, so only those that do are compared.
const BANDS: u32 = 5;
const WIDTH: u32 = 64_u32.div_ceil(BANDS);
/// Values that bands can have, one band after the other.
pub const SLOTS: usize = (BANDS as usize) << WIDTH;

/// FNV-1a with a last mixing, the same on every machine.
fn hash(words: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in words.iter().flat_map(|w| w.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// The likeness of a text by its literal tokens.
pub fn of_tokens(tokens: &[Token]) -> u64 {
    let words: Vec<&str> =
        tokens.iter().map(|t| t.text.as_str()).filter(|t| t.chars().any(char::is_alphanumeric)).collect();
    if words.len() < ENOUGH_WORDS {
        return hash(&words);
    }
    let mut weights = [0_i32; 64];
    for run in words.windows(3) {
        let hash = hash(run);
        for (bit, weight) in weights.iter_mut().enumerate() {
            *weight += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    weights.iter().enumerate().fold(0, |all, (bit, weight)| all | (u64::from(*weight > 0) << bit))
}

/// Whether two passages are near copies.
pub fn alike(a: u64, b: u64) -> bool {
    (a ^ b).count_ones() <= NEAR
}

/// The value of each band of a likeness, from 0 to [`SLOTS`].
pub fn slots(likeness: u64) -> impl Iterator<Item = usize> {
    let mask = (1 << WIDTH) - 1;
    (0..BANDS).map(move |band| ((band as usize) << WIDTH) | (likeness >> (band * WIDTH) & mask) as usize)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::literals;
    use super::*;

    fn of(text: &str) -> u64 {
        of_tokens(&literals(text))
    }

    const TEXT: &str = "The Panel continued its investigation into the theft of virtual assets from an \
        exchange in Asia, of which some $281 million were taken in September 2020 and moved through \
        several services to many wallets before a part of them was frozen by other exchanges and given back.";

    #[test]
    fn a_copy_with_another_ending_is_alike_and_another_text_is_not() {
        let copy = TEXT.replace("given back.", "given back to it.").to_uppercase();
        assert!(alike(of(TEXT), of(TEXT)));
        assert!((of(TEXT) ^ of(&copy)).count_ones() < 12, "{}", (of(TEXT) ^ of(&copy)).count_ones());
        let other = "Coal was shipped from the port by night, in vessels that had changed their names and \
            flags more than once, and was paid for in cash by traders whose companies were registered abroad.";
        assert!(!alike(of(TEXT), of(other)));
        assert!(!alike(of("No. 1 of 3"), of("No. 2 of 3")), "short texts are compared word by word");
    }

    #[test]
    fn alike_passages_share_a_band() {
        let a = of(TEXT);
        for bits in [0b1111_u64, 1 | 1 << 13 | 1 << 26 | 1 << 39, 1 << 63] {
            assert!(slots(a).zip(slots(a ^ bits)).any(|(one, other)| one == other));
            assert!(slots(a ^ bits).all(|slot| slot < SLOTS));
        }
    }
}
