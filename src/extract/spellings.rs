//! One pass over a text that proposes a place for every spelling of a list, from the left, longest first.
//!
//! Few bytes of a report can begin a spelling: those where a word begins, signs, and for units of money
//! letters glued to digits (`25mUSD`). They are told 64 bytes at a time; of those places only the ones
//! whose first three letters some spelling has are given to an automaton. What a place means is the
//! caller's to decide.
//!
//! A query is a line and waits for the automaton to be built; a report is a megabyte and waits for
//! the automaton to run. So there are two, which find the same: one that is built quickly for the
//! first texts, and, once there was enough text to repay it, one that runs faster.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, BuildError, Input, Match, MatchKind, StartKind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Text after which the swift automaton has repaid the tens of milliseconds it is built in.
const REPAID: usize = 1 << 20;

/// Where in a text spellings may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// Where a word does.
    AtWords,
    /// There, at signs, and up to three letters after a digit.
    AtWordsSignsAndDigits,
}

/// A list of spellings to be found in texts.
#[derive(Debug)]
pub struct Finder {
    list: Vec<String>,
    any_case: bool,
    begin: Begin,
    openings: Box<Openings>,
    soon: AhoCorasick,
    swift: OnceLock<Option<AhoCorasick>>,
    /// Bytes searched so far.
    seen: AtomicUsize,
}

/// A bit for the first three letters of each spelling, by [`opening`].
type Openings = [u64; 1 << 9];

impl Finder {
    /// Finds the spellings as they are, or in any ASCII case. A match's pattern is the place in the list.
    ///
    /// # Errors
    ///
    /// Where the spellings are more than an automaton holds.
    pub fn new(list: Vec<String>, any_case: bool, begin: Begin) -> Result<Finder, BuildError> {
        let mut openings = Box::new([0_u64; 1 << 9]);
        for spelling in &list {
            let bytes = spelling.as_bytes();
            // A spelling of one or two bytes goes on with anything.
            let any = |at: usize| bytes.get(at).map_or(0..=u8::MAX, |b| *b..=*b);
            for (second, third) in any(1).flat_map(|b| any(2).map(move |c| (b, c))) {
                let (word, bit) = opening([any(0).start().to_owned(), second, third]);
                openings[word] |= bit;
            }
        }
        let soon = built(&list, any_case, AhoCorasickKind::NoncontiguousNFA)?;
        let (swift, seen) = (OnceLock::new(), AtomicUsize::new(0));
        Ok(Finder { list, any_case, begin, openings, soon, swift, seen })
    }

    /// The places in a text, from the left, longest first, none within another.
    pub fn find_iter<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Match> + 'a {
        let automaton = self.automaton(text.len());
        let mut places = Places::new(text.as_bytes(), self.begin);
        let mut free = 0;
        std::iter::from_fn(move || {
            loop {
                let at = places.next()?;
                if at < free || !self.may_open(text.as_bytes(), at) {
                    continue;
                }
                let here = Input::new(text).range(at..).anchored(Anchored::Yes);
                if let Ok(Some(found)) = automaton.try_find(here) {
                    free = found.end();
                    return Some(found);
                }
            }
        })
    }

    fn automaton(&self, bytes: usize) -> &AhoCorasick {
        let seen = self.seen.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        let swift = || built(&self.list, self.any_case, AhoCorasickKind::DFA).ok();
        let swift = (seen >= REPAID).then(|| self.swift.get_or_init(swift).as_ref());
        swift.flatten().unwrap_or(&self.soon)
    }

    #[inline]
    fn may_open(&self, bytes: &[u8], at: usize) -> bool {
        let three = match bytes.get(at..at + 3) {
            Some(&[a, b, c]) => [a, b, c],
            _ => [0, 1, 2].map(|i| bytes.get(at + i).copied().unwrap_or(b' ')),
        };
        let (word, bit) = opening(three);
        self.openings[word] & bit != 0
    }
}

fn built(list: &[String], any_case: bool, kind: AhoCorasickKind) -> Result<AhoCorasick, BuildError> {
    AhoCorasick::builder()
        .ascii_case_insensitive(any_case)
        .match_kind(MatchKind::LeftmostLongest)
        .start_kind(StartKind::Anchored)
        .kind(Some(kind))
        .build(list)
}

/// Place of three bytes in [`Openings`]: a word of it and its bit.
#[inline]
fn opening(bytes: [u8; 3]) -> (usize, u64) {
    let [a, b, c] = bytes.map(|b| usize::from(LETTER[usize::from(b)]));
    (a << 4 | b >> 1, 1 << ((b & 1) << 5 | c))
}

/// Five bits of a byte: its letter in either case, and a few classes of all others.
const LETTER: [u8; 256] = {
    let mut table = [27; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        table[i] = match b {
            b'a'..=b'z' => b - b'a',
            b'A'..=b'Z' => b - b'A',
            b'0'..=b'9' => 26,
            b'$' => 28,
            b' ' => 29,
            0x80.. => 30,
            _ => 27,
        };
        i += 1;
    }
    table
};

/// The bytes of a text where spellings may begin, in order.
struct Places<'t> {
    bytes: &'t [u8],
    begin: Begin,
    /// Where the next block begins.
    next: usize,
    /// A bit for each place of the block before `next` that was not given yet.
    left: u64,
    /// What the block before ended with.
    carried: Carried,
}

/// The masks of a block, of which the last bit counts for the next one.
#[derive(Default)]
struct Carried {
    word: u64,
    digit: u64,
    glued: [u64; 3],
}

const BLOCK: usize = 64;

impl<'t> Places<'t> {
    fn new(bytes: &'t [u8], begin: Begin) -> Places<'t> {
        Places { bytes, begin, next: 0, left: 0, carried: Carried::default() }
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            let rest = self.bytes.get(self.next..).filter(|rest| !rest.is_empty())?;
            self.left = match rest.first_chunk::<BLOCK>() {
                Some(block) => self.places_of(block),
                None => {
                    let mut block = [b' '; BLOCK];
                    block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                    self.places_of(&block)
                }
            };
            self.next += BLOCK;
        }
        let at = self.next - BLOCK + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(at)
    }

    fn places_of(&mut self, block: &[u8; BLOCK]) -> u64 {
        let letter = mask(block, |b| (b | 0x20).wrapping_sub(b'a') < 26);
        let digit = mask(block, |b| b.wrapping_sub(b'0') < 10);
        let word = letter | digit | mask(block, |b| b == b'_');
        let after = |mask: u64, before: u64| mask << 1 | before >> (BLOCK - 1);
        let mut places = word & !after(word, self.carried.word);
        if self.begin == Begin::AtWordsSignsAndDigits {
            // Signs of ASCII, and the first bytes of all characters beyond it.
            places |= mask(block, |b| b > b' ' && b < 0x7f || b >= 0xc0) & !word;
            let mut glued = letter & after(digit, self.carried.digit);
            places |= glued;
            for carried in &mut self.carried.glued {
                let next = letter & after(glued, *carried);
                *carried = glued;
                glued = next;
                places |= glued;
            }
        }
        (self.carried.word, self.carried.digit) = (word, digit);
        places
    }
}

/// A bit for each byte of which something is true.
#[inline]
fn mask(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    // Brings the lowest bits of eight bytes together in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let flags = block.map(|b| u8::from(is(b)));
    let (eights, _) = flags.as_chunks::<8>();
    let gathered = eights.iter().map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    gathered.enumerate().fold(0, |all, (i, bits)| all | bits << (8 * i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finder(list: &[&str], begin: Begin) -> Finder {
        Finder::new(list.iter().map(|s| s.to_string()).collect(), true, begin).expect("a few spellings")
    }

    fn found(finder: &Finder, text: &str) -> String {
        let found = finder.find_iter(text).map(|m| text.get(m.start()..m.end()).unwrap_or(""));
        found.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_swift_automaton_finds_what_the_first_one_does() {
        let money = finder(&["US$", "$", "USD", "dollars", "US dollars"], Begin::AtWordsSignsAndDigits);
        let line = "US$5, $6 and 7 us dollars; 8 DOLLARS or usd 9. ";
        assert_eq!(found(&money, line), "US$|$|us dollars|DOLLARS|usd");
        assert!(money.swift.get().is_none());
        let times = REPAID / line.len() + 1;
        assert_eq!(found(&money, &line.repeat(times)).matches('|').count() + 1, 5 * times);
        assert!(money.swift.get().is_some());
        assert_eq!(found(&money, line), "US$|$|us dollars|DOLLARS|usd");
    }

    #[test]
    fn words_are_found_from_their_beginning() {
        let names = finder(&["rain", "gate", "gate.io", "1inch", "ox"], Begin::AtWords);
        assert_eq!(found(&names, "Rain, training and rains"), "Rain|rain");
        assert_eq!(found(&names, "irrigate \u{201c}Gate\u{201d} Gate.io,GATE"), "Gate|Gate.io|GATE");
        assert_eq!(found(&names, "1inch/ox ox"), "1inch|ox|ox");
        assert_eq!(found(&names, "_rain \u{e9} rain ga"), "rain");
        assert_eq!(found(&names, ""), "");
    }

    #[test]
    fn units_glued_to_a_figure_are_found_and_parts_of_words_are_not() {
        let money = finder(&["USD", "eur", "$", "\u{20ac}", "R"], Begin::AtWordsSignsAndDigits);
        assert_eq!(
            found(&money, "25mUSD 5USD 5mlnEUR 5abcdUSD xUSD USA$5 3\u{20ac}"),
            "USD|USD|EUR|$|\u{20ac}"
        );
        assert_eq!(found(&money, "R5 for"), "R");
    }

    proptest! {
        /// Blocks make no difference: a text is searched like itself behind spaces.
        #[test]
        fn a_place_is_found_wherever_it_stands(text in "[a-c0-9$ _\u{e9}\u{20ac}USD]{0,90}", by in 0_usize..130) {
            for begin in [Begin::AtWords, Begin::AtWordsSignsAndDigits] {
                let list = finder(&["USD", "$", "\u{20ac}", "ab", "abc", "c", "1a"], begin);
                prop_assert_eq!(found(&list, &text), found(&list, &(" ".repeat(by) + &text)));
            }
        }
    }
}
