//! What a run of tokens says: points in time ([`Point`]) and ranges of them ([`Expression`]), the
//! parts that are shared between the ends of a range filled in.
//!
//! The grammar proposes. It knows the calendar's words but not the document: a year that is not
//! printed stays open, and whether the place is a date at all is decided elsewhere.

use super::tokens::{Spelling, Tok, Token, Word};
use crate::document::Span;

/// The year of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    Open,
    Known(i16),
    /// Named by its place before or after another one.
    Relative(Relative),
}

/// How a relative expression points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relative {
    /// `last year`: seen from the day of publication.
    Last,
    /// `this year`, `the current year`.
    This,
    Next,
    /// `the same year`, `that year`: seen from the date before it in the text.
    Same,
    Previous,
    Following,
}

/// What is named within the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Year,
    /// Two years in one token group: `2020/21`, `2014-16`.
    Years {
        last: i16,
    },
    Decade,
    Quarter(u8),
    Half(u8),
    Season(u8),
    Month(u8),
    Day {
        month: u8,
        day: u8,
    },
    /// Figures whose order is not told by the figures: `05/03/2014`.
    Figures {
        a: u8,
        b: u8,
    },
    /// `the first nine months`, `the last four months`.
    Months {
        count: u8,
        last: bool,
    },
    /// The `nth` week, counted from the end where `last`; of the year, or of a month.
    Weeks {
        nth: u8,
        count: u8,
        last: bool,
        month: Option<u8>,
    },
    /// `the last day of October`, `the first ten days of May`.
    Days {
        count: u8,
        last: bool,
        month: u8,
    },
    /// `the third Tuesday of September`.
    WeekdayOf {
        nth: u8,
        last: bool,
        weekday: u8,
        month: u8,
    },
    /// A relative month: `the same month`.
    RelativeMonth(Relative),
    /// `the past year`, `the past five years`, in months back from publication.
    Back {
        months: u16,
    },
    /// `the reporting period`.
    ReportingPeriod,
    /// The day of publication: the end of `from 2021 to date`.
    Present,
}

/// Which part of what the shape names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Early,
    Mid,
    Late,
    EarlyToMid,
    MidToLate,
    Beginning,
    End,
    /// `year-end 2023`: its last day.
    YearEnd,
    FirstHalf,
    SecondHalf,
}

/// How a point is written, where that decides its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Words,
    /// Year first, figures: `2021-03-05`.
    Iso,
    /// Figures with the year last.
    Figures,
    Fiscal,
    /// A day alone, its month stands at the end of the list.
    Listed,
    /// A year by its words alone.
    Spelt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub span: Span,
    pub year: Year,
    pub shape: Shape,
    pub part: Option<Part>,
    pub style: Style,
}

/// One or two points, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expression {
    /// With the range words.
    pub span: Span,
    pub first: Point,
    pub last: Option<Point>,
    /// The last point is printed with a year, the first takes it over: a range that begins later in
    /// the year than it ends began in the year before.
    pub year_shared: bool,
    /// The first point is printed with a year, the last takes it over.
    pub year_lent: bool,
}

/// The tokens of one segment.
#[derive(Debug, Clone, Copy)]
pub struct Grammar<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
}

type Parsed = Option<(Point, usize)>;

const END: Token = Token { start: 0, end: 0, tok: Tok::End, space: true };

impl<'a> Grammar<'a> {
    pub fn token(&self, i: usize) -> Token {
        self.tokens.get(i).copied().unwrap_or(END)
    }

    pub fn tok(&self, i: usize) -> Tok {
        self.token(i).tok
    }

    pub fn word_text(&self, i: usize) -> &'a str {
        let t = self.token(i);
        self.text.get(t.start..t.end).unwrap_or("")
    }

    fn is(&self, i: usize, word: Word) -> bool {
        self.tok(i) == Tok::W(word)
    }

    fn mark(&self, i: usize, c: char) -> bool {
        self.tok(i) == Tok::P(c)
    }

    /// No white space before token `i`.
    fn tight(&self, i: usize) -> bool {
        !self.token(i).space && self.tok(i) != Tok::End
    }

    /// The same mark at `i` as at `j`, without white space around.
    fn tight_mark(&self, i: usize) -> Option<char> {
        match self.tok(i) {
            Tok::P(c @ ('-' | '/' | '.')) if self.tight(i) && self.tight(i + 1) => Some(c),
            _ => None,
        }
    }

    fn number(&self, i: usize) -> Option<(u32, u8)> {
        match self.tok(i) {
            Tok::Num { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    /// Four figures that can be a year.
    fn year4(&self, i: usize) -> Option<i16> {
        match self.number(i) {
            Some((value @ 1000..=2199, 4)) => i16::try_from(value).ok(),
            _ => None,
        }
    }

    /// A year of four figures, or of two where the words before leave no other reading.
    fn year_any(&self, i: usize) -> Option<(i16, usize)> {
        if let Some(y) = self.year4(i) {
            return Some((y, i + 1));
        }
        let j = if self.mark(i, '\'') && self.tight(i + 1) { i + 1 } else { i };
        match self.number(j) {
            Some((value, 2)) => Some((century(value), j + 1)),
            _ => None,
        }
    }

    /// A number below a hundred in words: `nineteen`, `ninety-nine`, `ninety nine`.
    fn two_words(&self, i: usize) -> Option<(i16, usize)> {
        let Tok::Count(n) = self.tok(i) else { return None };
        let j = if self.mark(i + 1, '-') && self.tight(i + 1) { i + 2 } else { i + 1 };
        match self.tok(j) {
            Tok::Count(unit @ 1..=9) if n >= 20 => Some((i16::from(n + unit), j + 1)),
            _ => Some((i16::from(n), i + 1)),
        }
    }

    /// A year in words: `two thousand and five`, `nineteen ninety-nine`, `twenty twenty-one`, `one
    /// thousand nine hundred and eighty-four`.
    fn year_words(&self, i: usize) -> Option<(i16, usize)> {
        let Tok::Count(lead) = self.tok(i) else { return None };
        let rest = |k: usize| {
            let k = if self.is(k, Word::And) { k + 1 } else { k };
            self.two_words(k)
        };
        if self.is(i + 1, Word::Thousand) {
            return match (lead, self.tok(i + 2), self.is(i + 3, Word::Hundred)) {
                (1, Tok::Count(hundreds @ 5..=9), true) => {
                    let century = 1000 + i16::from(hundreds) * 100;
                    Some(rest(i + 4).map_or((century, i + 4), |(n, to)| (century + n, to)))
                }
                (2, ..) => Some(rest(i + 2).map_or((2000, i + 2), |(n, to)| (2000 + n, to))),
                _ => None,
            };
        }
        let century = match lead {
            18..=20 => i16::from(lead) * 100,
            _ => return None,
        };
        // "nineteen hundred", "twenty five" are no years.
        let (n @ 10.., to) = self.two_words(i + 1)? else { return None };
        Some((century + n, to))
    }

    /// A day of the month in figures, with or without `rd`.
    fn day(&self, i: usize) -> Option<u8> {
        match self.tok(i) {
            Tok::Num { value: n @ 1..=31, digits: 1 | 2 } => Some(n as u8),
            Tok::Nth { n: n @ 1..=31, figures: true } => Some(n),
            _ => None,
        }
    }

    fn month(&self, i: usize) -> Option<(u8, Spelling, bool)> {
        match self.tok(i) {
            Tok::Month { n, spelling, capital } => Some((n, spelling, capital)),
            _ => None,
        }
    }

    /// The place after an abbreviation's full stop.
    fn after_stop(&self, i: usize) -> usize {
        if self.mark(i, '.') && self.tight(i) { i + 1 } else { i }
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let (a, b) = (self.token(from), self.token(to.saturating_sub(1).max(from)));
        Span { start: a.start, end: b.end.max(a.start) }
    }

    fn point(&self, from: usize, to: usize, year: Year, shape: Shape) -> (Point, usize) {
        (Point { span: self.span(from, to), year, shape, part: None, style: Style::Words }, to)
    }

    /// `of 2021`, `, 2021`, ` 2021`: a year that completes what stands before `i`. `loose` takes a
    /// comma or `in` between.
    fn year_after(&self, i: usize, loose: bool) -> Option<(Year, usize)> {
        let known = |i: usize| {
            self.year4(i)
                .map(|y| (y, i + 1))
                .or_else(|| self.year_words(i))
                .map(|(y, to)| (Year::Known(y), to))
        };
        if let Some(found) = known(i) {
            return Some(found);
        }
        let mut j = i;
        if self.mark(j, ',') && loose {
            j += 1;
        } else if self.is(j, Word::Of) || (self.is(j, Word::In) && loose) {
            j += 1;
            if self.is(j, Word::The) {
                j += 1;
            }
        }
        if let Tok::Fy { .. } = self.tok(j)
            && let Some((y, next)) = self.year_any(j + 1)
        {
            return Some((Year::Known(y), next));
        }
        let mut k = j;
        if matches!(self.tok(k), Tok::W(Word::Fiscal | Word::Calendar)) {
            k += 1;
        }
        if self.is(k, Word::Year) {
            k += 1;
        }
        if let Some(found) = known(k) {
            return Some(found);
        }
        if j > i || matches!(self.tok(j), Tok::W(Word::Last | Word::This | Word::Next | Word::That)) {
            return self.relative_year(j);
        }
        None
    }

    /// `last year`, `the same year`, `year` after `the`.
    fn relative_year(&self, i: usize) -> Option<(Year, usize)> {
        let (relative, j) = self.relative(i)?;
        // "the last year of the sentence"
        let counted = matches!(relative, Relative::Last | Relative::Next)
            && (self.is(j + 1, Word::Of) || (i > 0 && self.is(i - 1, Word::The)));
        (self.is(j, Word::Year) && self.word_text(j).eq_ignore_ascii_case("year") && !counted)
            .then_some((Year::Relative(relative), j + 1))
    }

    /// The adjective of a relative expression, and the place after it.
    fn relative(&self, i: usize) -> Option<(Relative, usize)> {
        let relative = match self.tok(i) {
            Tok::W(Word::Last) => Relative::Last,
            Tok::W(Word::This | Word::Current) => Relative::This,
            Tok::W(Word::Next) => Relative::Next,
            Tok::W(Word::Same | Word::That) => Relative::Same,
            Tok::W(Word::Previous) => Relative::Previous,
            Tok::W(Word::Following) => Relative::Following,
            Tok::W(Word::Year) if i > 0 && self.is(i - 1, Word::The) => return Some((Relative::Same, i)),
            _ => return None,
        };
        Some((relative, i + 1))
    }

    /// A point in time that begins at token `i`.
    pub fn point_at(&self, i: usize) -> Parsed {
        match self.tok(i) {
            Tok::Weekday { .. } => self.weekday(i),
            Tok::Num { .. } => self
                .figures(i)
                .or_else(|| self.day_month(i))
                .or_else(|| self.year_month(i))
                .or_else(|| self.year_first(i)),
            Tok::Nth { figures, .. } => {
                self.counted(i).or_else(|| if figures { self.day_month(i) } else { self.nth_of_month(i) })
            }
            Tok::Month { .. } => self.month_first(i),
            Tok::Q(n) => self.year_within(i + 1).map(|(year, to)| self.point(i, to, year, Shape::Quarter(n))),
            Tok::H(n) => self.year_within(i + 1).map(|(year, to)| self.point(i, to, year, Shape::Half(n))),
            Tok::Season { n, capital, fall } => self.season(i, n, capital, fall),
            Tok::Decade(y) => Some(self.point(i, i + 1, Year::Known(y as i16), Shape::Decade)),
            Tok::Fy { fiscal } => self.fiscal_figures(i, i + 1, fiscal),
            Tok::W(Word::Fiscal) => {
                let j = if self.is(i + 1, Word::Year) { i + 2 } else { i + 1 };
                self.fiscal_figures(i, j, true)
            }
            Tok::W(
                Word::Early
                | Word::Mid
                | Word::Late
                | Word::End
                | Word::Beginning
                | Word::Latter
                | Word::Year,
            ) => self.part(i),
            Tok::W(Word::Last) => self.counted(i).or_else(|| self.relative_point(i)),
            Tok::W(
                Word::This
                | Word::Next
                | Word::That
                | Word::Same
                | Word::Previous
                | Word::Following
                | Word::Current,
            ) => self.relative_point(i),
            Tok::W(Word::Past) => self.back(i),
            Tok::Count(_) => {
                let (year, to) = self.year_words(i)?;
                let (mut point, to) = self.point(i, to, Year::Known(year), Shape::Year);
                point.style = Style::Spelt;
                Some((point, to))
            }
            Tok::W(Word::Reporting) if self.is(i + 1, Word::Period) => {
                Some(self.point(i, i + 2, Year::Open, Shape::ReportingPeriod))
            }
            Tok::W(Word::Period) if self.is(i + 1, Word::Under) && self.is(i + 2, Word::Review) => {
                Some(self.point(i, i + 3, Year::Open, Shape::ReportingPeriod))
            }
            _ => None,
        }
    }

    /// `Friday, 13 January 2023`: the weekday belongs to the day.
    fn weekday(&self, i: usize) -> Parsed {
        let mut j = self.after_stop(i + 1);
        if self.mark(j, ',') {
            j += 1;
        }
        if self.is(j, Word::The) {
            j += 1;
        }
        if !matches!(self.tok(j), Tok::Num { .. } | Tok::Nth { .. } | Tok::Month { .. }) {
            return None;
        }
        let (mut point, to) = self.point_at(j)?;
        let day = matches!(point.shape, Shape::Day { .. } | Shape::Figures { .. });
        if !day {
            return None;
        }
        point.span = self.span(i, to);
        Some((point, to))
    }

    /// Dates in figures: `2021-03-05`, `05/03/2021`, `5.3.2021`, `2021-03`, `03/2021`, and the
    /// forms with a month's name between the same marks (`05-Jan-2018`, `2019/sep/01`).
    fn figures(&self, i: usize) -> Parsed {
        let (value, digits) = self.number(i)?;
        if digits == 4
            && self.mark(i + 1, '年')
            && let Some((month @ 1..=12, _)) = self.number(i + 2)
            && self.mark(i + 3, '月')
        {
            let year = Year::Known(self.year4(i)?);
            if let (Some(day), true) = (self.day(i + 4), self.mark(i + 5, '日')) {
                return Some(iso(self.point(i, i + 6, year, Shape::Day { month: month as u8, day })));
            }
            return Some(iso(self.point(i, i + 4, year, Shape::Month(month as u8))));
        }
        if let Some(found) = self.spaced_figures(i) {
            return Some(found);
        }
        let mark = self.tight_mark(i + 1)?;
        let second = self.tight_mark(i + 3) == Some(mark);
        if digits == 4 {
            let year = self.year4(i)?;
            let y = Year::Known(year);
            if second {
                let (month, day) = match (self.number(i + 2), self.month(i + 2)) {
                    (Some((m @ 1..=12, 1 | 2)), _) => (m as u8, self.day(i + 4)),
                    (_, Some((m, ..))) => (m, self.day(i + 4)),
                    (Some((d @ 13..=31, 2)), _) => match (self.month(i + 4), self.number(i + 4)) {
                        (Some((m, ..)), _) => (m, Some(d as u8)),
                        (_, Some((m @ 1..=12, 1 | 2))) => (m as u8, Some(d as u8)),
                        _ => (0, None),
                    },
                    _ => (0, None),
                };
                if let (1.., Some(day)) = (month, day) {
                    return Some(iso(self.point(i, i + 5, y, Shape::Day { month, day })));
                }
                return None;
            }
            // 2014-10 is a month; 2009-10, which could be two years, is those.
            if let Some((m @ 1..=12, 2)) = self.number(i + 2)
                && mark != '.'
                && m as i16 != year % 100 + 1
            {
                return Some(iso(self.point(i, i + 3, y, Shape::Month(m as u8))));
            }
            if let (Some((m @ 1..=9, 1)), '/') = (self.number(i + 2), mark) {
                return Some(iso(self.point(i, i + 3, y, Shape::Month(m as u8))));
            }
            return None;
        }
        if digits > 2 {
            return None;
        }
        let a = u8::try_from(value).ok()?;
        if second {
            if let Some((m, ..)) = self.month(i + 2) {
                let (y, to) = self.year_any(i + 4)?;
                return Some(figures(self.point(i, to, Year::Known(y), Shape::Day { month: m, day: a })));
            }
            let b = match self.number(i + 2) {
                Some((b @ 1..=31, 1 | 2)) => b as u8,
                _ => return None,
            };
            let (year, to) = match self.number(i + 4) {
                Some((_, 4)) => (self.year4(i + 4)?, i + 5),
                // Two figures for the year only between slashes and with one reading.
                Some((y, 2)) if mark == '/' && self.tok(i + 5) != Tok::P('/') => (century(y), i + 5),
                _ => return None,
            };
            return self.two_figures(i, to, a, b, year, mark);
        }
        if mark == '/'
            && (1..=12).contains(&a)
            && let Some(y) = self.year4(i + 2)
        {
            return Some(figures(self.point(i, i + 3, Year::Known(y), Shape::Month(a))));
        }
        // 08/12,2015
        if mark == '/'
            && let Some((b @ 1..=31, 1 | 2)) = self.number(i + 2)
            && self.mark(i + 3, ',')
            && let Some(y) = self.year4(i + 4)
        {
            return self.two_figures(i, i + 5, a, b as u8, y, mark);
        }
        None
    }

    /// `2016 / 11`, `11 / 2016` as all that is left of the segment: with white space around the
    /// mark the figures could be anything elsewhere.
    fn spaced_figures(&self, i: usize) -> Parsed {
        let whole = matches!(self.tok(i + 3), Tok::End | Tok::P('.')) && matches!(self.tok(i + 4), Tok::End);
        let spaced = self.token(i + 1).space || self.token(i + 2).space;
        if !whole || !spaced || !matches!(self.tok(i + 1), Tok::P('-' | '/')) {
            return None;
        }
        let (year, month) = match (self.year4(i), self.year4(i + 2)) {
            (Some(y), None) => (y, self.number(i + 2)?),
            (None, Some(y)) => (y, self.number(i)?),
            _ => return None,
        };
        let (m @ 1..=12, 1 | 2) = month else { return None };
        Some(figures(self.point(i, i + 3, Year::Known(year), Shape::Month(m as u8))))
    }

    fn two_figures(&self, i: usize, to: usize, a: u8, b: u8, year: i16, mark: char) -> Parsed {
        let shape = match (a, b) {
            (1..=12, 1..=12) if a != b && mark != '.' => Shape::Figures { a, b },
            (1..=31, 1..=12) => Shape::Day { month: b, day: a },
            (1..=12, 13..=31) => Shape::Day { month: a, day: b },
            _ => return None,
        };
        Some(figures(self.point(i, to, Year::Known(year), shape)))
    }

    /// `5 March 2021`, `the 3rd of May, 2021`, `14april 2015`, `1er janvier 2020`.
    fn day_month(&self, i: usize) -> Parsed {
        let day = self.day(i)?;
        // The end of 6,107.31 is no day.
        if self.tight(i)
            && i > 1
            && matches!(self.tok(i - 1), Tok::P('.' | ','))
            && self.tight(i - 1)
            && self.number(i - 2).is_some()
        {
            return None;
        }
        let mut j = i + 1;
        let mark = self.tight_mark(j);
        if mark.is_some() || (self.mark(j, '.') && self.tight(j)) {
            j += 1;
        }
        if self.is(j, Word::Of) {
            j += 1;
        }
        let (month, spelling, capital) = self.month(j)?;
        let mut k = j + 1;
        if let Some(mark) = mark
            && self.tight_mark(k) == Some(mark)
        {
            let (y, to) = self.year_any(k + 1)?;
            return Some(self.point(i, to, Year::Known(y), Shape::Day { month, day }));
        }
        if spelling == Spelling::Short {
            k = self.after_stop(k);
        }
        let shape = Shape::Day { month, day };
        if let Some((year, to)) = self.year_after(k, true) {
            return Some(self.point(i, to, year, shape));
        }
        if k > j + 1
            && let Some((year, to)) = self.year_after(j + 1, true)
        {
            return Some(self.point(i, to, year, shape));
        }
        // A day and a month alone want a capital: "30 may be".
        (capital || (spelling == Spelling::Foreign && self.is(j - 1, Word::Of))).then(|| {
            let to = if k > j + 1 && self.tok(k) != Tok::End { k } else { j + 1 };
            self.point(i, to, Year::Open, shape)
        })
    }

    /// `first of May 2021`, `fourth of July`: a day in words.
    fn nth_of_month(&self, i: usize) -> Parsed {
        let Tok::Nth { n: day, .. } = self.tok(i) else { return None };
        let j = if self.is(i + 1, Word::Of) { i + 2 } else { return None };
        let (month, spelling, capital) = self.month(j)?;
        if spelling == Spelling::Foreign {
            return None;
        }
        let shape = Shape::Day { month, day };
        match self.year_after(j + 1, true) {
            Some((year, to)) => Some(self.point(i, to, year, shape)),
            None => capital.then(|| self.point(i, j + 1, Year::Open, shape)),
        }
    }

    /// `March 5, 2021`, `March 2021`, `Dec-2018`, `March`.
    fn month_first(&self, i: usize) -> Parsed {
        let (month, spelling, capital) = self.month(i)?;
        let written = spelling != Spelling::Foreign || !capital;
        let mut j = i + 1;
        if let Some(mark @ ('-' | '/')) = self.tight_mark(j) {
            // Sep-23-2020, Dec-2018, Jan/2019
            if let (Some(day), true) = (self.day(j + 1), self.tight_mark(j + 2) == Some(mark)) {
                if let Some(y) = self.year4(j + 3) {
                    return Some(self.point(i, j + 4, Year::Known(y), Shape::Day { month, day }));
                }
            } else if let Some(y) = self.year4(j + 1) {
                if let (Some(day), true) = (self.day(j + 3), self.tight_mark(j + 2) == Some(mark)) {
                    return Some(self.point(i, j + 4, Year::Known(y), Shape::Day { month, day }));
                }
                return Some(self.point(i, j + 2, Year::Known(y), Shape::Month(month)));
            }
        }
        let bare = j;
        if spelling == Spelling::Short {
            j = self.after_stop(j);
            // DEC.5 is the number of a paper.
            if j > bare && self.tight(j) && self.number(j).is_some() {
                return None;
            }
        }
        if !written {
            return None;
        }
        if let Some(found) = self.log_stamp(i, j, month) {
            return Some(found);
        }
        // "March, 18, 2008" as well.
        let k =
            if self.mark(j, ',') && self.day(j + 1).is_some() && self.mark(j + 2, ',') { j + 1 } else { j };
        let day = self.day(k).or(match self.tok(k) {
            Tok::Nth { n, figures: false } if self.year_after(k + 1, true).is_some() => Some(n),
            _ => None,
        });
        let in_words =
            if day.is_none() && self.is(k, Word::The) { self.day(k + 1).map(|d| (d, k + 2)) } else { None };
        let day = day.map(|d| (d, k + 1)).or(in_words);
        if let Some((day, after)) = day
            && spelling != Spelling::Foreign
        {
            let shape = Shape::Day { month, day };
            if let Some((year, to)) = self.year_after(after, true) {
                return Some(self.point(i, to, year, shape));
            }
            // "March 5 million", "May 10 per cent", "March 5.2"
            let figure = (self.tight(after)
                && !matches!(
                    self.tok(after),
                    Tok::P(',' | '.' | ')' | ']' | ';' | ':' | '-' | '—' | '\'' | '"' | '\u{201d}')
                ))
                || (matches!(self.tok(after), Tok::P('.' | ',' | ':'))
                    && self.tight(after)
                    && self.tight(after + 1)
                    && self.number(after + 1).is_some());
            if !figure && capital {
                return Some(self.point(i, after, Year::Open, shape));
            }
        }
        let year = self.year_after(j, true).or_else(|| self.year_after(bare, true));
        if let Some((year, to)) = year {
            return Some(self.point(i, to, year, Shape::Month(month)));
        }
        capital.then(|| {
            let whole = j > bare && (!self.tight(j) || self.mark(j, '-'));
            self.point(i, if whole { j } else { bare }, Year::Open, Shape::Month(month))
        })
    }

    /// `Jul 25 08:43:40 2011`: the time of day between a day and its year, as programs log it.
    fn log_stamp(&self, i: usize, j: usize, month: u8) -> Parsed {
        let day = self.day(j)?;
        self.number(j + 1)?;
        let mut k = j + 2;
        while k < j + 8 && self.mark(k, ':') && self.number(k + 1).is_some() {
            k += 2;
        }
        if k == j + 2 {
            return None;
        }
        if self.year4(k).is_none() && self.tok(k) == Tok::Other && self.word_text(k).len() <= 5 {
            k += 1;
        }
        let year = self.year4(k)?;
        Some(self.point(i, k + 1, Year::Known(year), Shape::Day { month, day }))
    }

    /// `2012 Mar. 30`, `2012, Oct. 23`, `2016 June`.
    fn year_month(&self, i: usize) -> Parsed {
        let y = Year::Known(self.year4(i)?);
        let comma = self.mark(i + 1, ',');
        let j = if comma { i + 2 } else { i + 1 };
        let (month, spelling, _) = self.month(j)?;
        if spelling == Spelling::Foreign || self.tight_mark(j + 1).is_some() {
            return None;
        }
        let k = if spelling == Spelling::Short { self.after_stop(j + 1) } else { j + 1 };
        if let Some(day) = self.day(k)
            && self.year_after(k + 1, true).is_none()
            && !(self.tight(k + 1) && matches!(self.tok(k + 1), Tok::P('-' | '/' | '%' | ':')))
        {
            return Some(self.point(i, k + 1, y, Shape::Day { month, day }));
        }
        if self.year_after(k, true).is_some()
            || self.day(k).is_some()
            || (comma && spelling == Spelling::Full)
        {
            return None;
        }
        // "In 2016 May said": the name of a person or a verb.
        if month == 5 && !matches!(self.tok(k), Tok::End | Tok::P(_) | Tok::W(_)) {
            return None;
        }
        Some(self.point(i, if self.tok(k) == Tok::End { j + 1 } else { k }, y, Shape::Month(month)))
    }

    /// A year by its figures alone, a pair of them, or a year before its quarter.
    fn year_first(&self, i: usize) -> Parsed {
        let year = self.year4(i)?;
        let y = Year::Known(year);
        if let Some(found) = self.decade_with_apostrophe(i, year) {
            return Some(found);
        }
        let mut j = i + 1;
        if self.mark(j, '-') {
            j += 1;
        }
        match self.tok(j) {
            Tok::Q(n) => return Some(self.point(i, j + 1, y, Shape::Quarter(n))),
            Tok::H(n) => return Some(self.point(i, j + 1, y, Shape::Half(n))),
            _ => {}
        }
        let the = if self.is(i + 1, Word::The) { i + 2 } else { i + 1 };
        if let (Tok::Nth { n, .. }, Tok::W(unit)) = (self.tok(the), self.tok(the + 1))
            && !matches!(self.tok(the + 2), Tok::W(Word::Of | Word::In) | Tok::Num { .. })
        {
            match (unit, n) {
                (Word::Quarter, 1..=4) => return Some(self.point(i, the + 2, y, Shape::Quarter(n))),
                (Word::Half, 1..=2) => return Some(self.point(i, the + 2, y, Shape::Half(n))),
                _ => {}
            }
        }
        if let Some((last, to)) = self.second_year(i + 1, year) {
            return Some(self.point(i, to, y, Shape::Years { last }));
        }
        Some(self.point(i, i + 1, y, Shape::Year))
    }

    /// `the 1980's`, `mid-1990's`; `2020's budget` is a year's.
    fn decade_with_apostrophe(&self, i: usize, year: i16) -> Parsed {
        let led = i.checked_sub(1).is_some_and(|b| {
            matches!(
                self.tok(b),
                Tok::W(Word::The | Word::Early | Word::Mid | Word::Late | Word::Of) | Tok::P('-')
            )
        });
        let s = self.token(i + 2);
        let alone = self
            .word_text(i + 2)
            .strip_prefix('s')
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        if year % 10 != 0 || !led || !self.mark(i + 1, '\'') || !self.tight(i + 1) || s.space || !alone {
            return None;
        }
        let (mut point, _) = self.point(i, i + 1, Year::Known(year), Shape::Decade);
        point.span.end = s.start + 1;
        Some((point, i + 3))
    }

    /// The `/21` or `-16` of `2020/21`, `2014-16`.
    fn second_year(&self, i: usize, first: i16) -> Option<(i16, usize)> {
        let mark = self.tight_mark(i)?;
        let (value, digits) = self.number(i + 1)?;
        let last = match digits {
            2 => first / 100 * 100 + i16::try_from(value).ok()? + if value == 0 { 100 } else { 0 },
            4 if mark == '/' => self.year4(i + 1)?,
            _ => return None,
        };
        let gap = last - first;
        let fits = match (mark, digits) {
            ('/', _) => gap == 1,
            ('-', 2) => (1..=40).contains(&gap),
            _ => false,
        };
        fits.then_some((last, i + 2))
    }

    /// The year of a quarter or half: `Q1 2021`, `Q1/2021`, `Q1'21`, `3Q21`, `Q1 of FY2021`.
    fn year_within(&self, i: usize) -> Option<(Year, usize)> {
        if let Some((year, to)) = self.year_after(i, true) {
            return Some((year, to));
        }
        match self.tok(i) {
            Tok::P('-' | '/') if self.year4(i + 1).is_some() => {
                self.year4(i + 1).map(|y| (Year::Known(y), i + 2))
            }
            Tok::P('\'') => self.year_any(i).map(|(y, to)| (Year::Known(y), to)),
            // 3Q21
            Tok::Num { digits: 2, .. } if self.tight(i) => {
                self.year_any(i).map(|(y, to)| (Year::Known(y), to))
            }
            _ => Some((Year::Open, i)),
        }
    }

    /// `summer 2022`, `the spring of 2021`, `winter 2020/21`.
    fn season(&self, i: usize, n: u8, capital: bool, fall: bool) -> Parsed {
        if let Some(y) = self.year4(i + 1)
            && n == 4
            && let Some((_, to)) = self.second_year(i + 2, y)
        {
            return Some(self.point(i, to, Year::Known(y), Shape::Season(4)));
        }
        let (year, to) = self.year_after(i + 1, true)?;
        // "the winter of 2021-2022"
        if let (4, Year::Known(y), Tok::P('-')) = (n, year, self.tok(to))
            && self.year4(to + 1) == Some(y + 1)
        {
            return Some(self.point(i, to + 2, year, Shape::Season(4)));
        }
        if self.mark(i + 1, ',') || (fall && !capital && !matches!(self.tok(i.wrapping_sub(1)), Tok::W(_))) {
            return None;
        }
        // "the fall in 2021" went down.
        if fall && self.is(i + 1, Word::In) {
            return None;
        }
        Some(self.point(i, to, year, Shape::Season(n)))
    }

    /// `FY 2023`, `fiscal year 2022-23`, `fiscal 2014`, `financial year 2022/2023`.
    fn fiscal_figures(&self, i: usize, j: usize, fiscal: bool) -> Parsed {
        let j = if self.mark(j, '-') || self.mark(j, '\'') { j + 1 } else { j };
        let (y, to) = match self.tok(i) {
            Tok::Fy { .. } => self.year_any(j)?,
            _ => (self.year4(j)?, j + 1),
        };
        let year = Year::Known(y);
        let (mut point, to) = match self.second_year(to, y) {
            Some((last, to)) if last == y + 1 => self.point(i, to, year, Shape::Years { last }),
            _ => self.point(i, to, year, Shape::Year),
        };
        if fiscal {
            point.style = Style::Fiscal;
        }
        Some((point, to))
    }

    /// What is counted within a year or month: `first quarter of 2021`, `the first nine months of
    /// 2021`, `third week of 2027`, `last day of October 2015`.
    fn counted(&self, i: usize) -> Parsed {
        let (nth, mut last) = match self.tok(i) {
            Tok::Nth { n, .. } => (n, false),
            Tok::W(Word::Last) => (1, true),
            _ => return None,
        };
        let mut j = i + 1;
        if self.is(j, Word::Last) {
            (last, j) = (true, j + 1);
        }
        let mut count = 1_u8;
        match self.tok(j) {
            Tok::Count(n) => (count, j) = (n, j + 1),
            Tok::Num { value: n @ 1..=31, digits: 1 | 2 } => (count, j) = (n as u8, j + 1),
            _ => {}
        }
        let many = j > i + 1 && count > 1;
        if let Tok::Weekday { n: weekday, full: true } = self.tok(j) {
            let k = self.of_month(j + 1)?;
            let (month, ..) = self.month(k)?;
            let (year, to) = self.year_after(k + 1, true)?;
            return Some(self.point(i, to, year, Shape::WeekdayOf { nth, last, weekday, month }));
        }
        let Tok::W(unit) = self.tok(j) else { return None };
        let shape = match unit {
            Word::Quarter if !many => Shape::Quarter(match (last, nth) {
                (true, 1) => 4,
                (false, 1..=4) => nth,
                _ => return None,
            }),
            Word::Half if !many => match (last, nth) {
                (true, 1) => Shape::Half(2),
                (false, 1..=2) => Shape::Half(nth),
                _ => return None,
            },
            Word::Month if nth == 1 && count <= 12 && (many || self.word_text(j).len() == 5) => {
                Shape::Months { count, last }
            }
            Word::Week if nth + count <= 54 => Shape::Weeks { nth, count, last, month: None },
            Word::Day if nth == 1 || count == 1 => {
                let k = self.of_month(j + 1)?;
                let (month, ..) = self.month(k)?;
                let (year, to) = self.year_after(k + 1, true)?;
                // "this twelfth day of January, two thousand and five"
                let shape =
                    if nth > 1 { Shape::Day { month, day: nth } } else { Shape::Days { count, last, month } };
                return Some(self.point(i, to, year, shape));
            }
            _ => return None,
        };
        // "first half of March 2021", "last week of September 2014"
        if let Some(k) = self.of_month(j + 1)
            && let Some((month, ..)) = self.month(k)
            && let Some((year, to)) = self.year_after(k + 1, true)
        {
            return match shape {
                Shape::Half(n) => {
                    let (mut point, to) = self.point(i, to, year, Shape::Month(month));
                    point.part = Some(if n == 1 { Part::FirstHalf } else { Part::SecondHalf });
                    Some((point, to))
                }
                Shape::Weeks { nth, count, last, .. } => {
                    Some(self.point(i, to, year, Shape::Weeks { nth, count, last, month: Some(month) }))
                }
                _ => None,
            };
        }
        match self.year_after(j + 1, true) {
            Some((year, to)) => Some(self.point(i, to, year, shape)),
            None if matches!(shape, Shape::Quarter(_) | Shape::Half(_)) => {
                // "last quarter" alone is seen from today, and the first half may be of anything.
                (!last && unit == Word::Quarter).then(|| self.point(i, j + 1, Year::Open, shape))
            }
            None => None,
        }
    }

    /// The place of a month after `of` or `in`.
    fn of_month(&self, i: usize) -> Option<usize> {
        matches!(self.tok(i), Tok::W(Word::Of | Word::In)).then_some(i + 1)
    }

    /// `early 2021`, `mid-March 2023`, `the end of 2024`, `late 1990s`, `early to mid-2021`,
    /// `year-end 2023`, `latter half of 2019`.
    fn part(&self, i: usize) -> Parsed {
        let Tok::W(word) = self.tok(i) else { return None };
        let mut j = i + 1;
        let part = match word {
            Word::Year => {
                // year-end 2023
                if self.mark(j, '-') {
                    j += 1;
                }
                if !self.is(j, Word::End) {
                    return None;
                }
                let (y, to) = self.year_after(j + 1, true)?;
                let (mut point, to) = self.point(i, to, y, Shape::Year);
                point.part = Some(Part::YearEnd);
                return Some((point, to));
            }
            Word::Latter => {
                return match self.tok(j) {
                    Tok::W(Word::Half) => {
                        let (year, to) = self.year_after(j + 1, true)?;
                        Some(self.point(i, to, year, Shape::Half(2)))
                    }
                    Tok::W(Word::Part) => {
                        let (year, to) = self.year_after(j + 1, true)?;
                        let (mut point, to) = self.point(i, to, year, Shape::Year);
                        point.part = Some(Part::SecondHalf);
                        Some((point, to))
                    }
                    _ => None,
                };
            }
            Word::Early => Part::Early,
            Word::Mid => Part::Mid,
            Word::Late => Part::Late,
            Word::End => Part::End,
            Word::Beginning => Part::Beginning,
            _ => return None,
        };
        // "early to mid-2021", "mid- to late 2021"
        if matches!(part, Part::Early | Part::Mid) {
            let k = if self.mark(j, '-') { j + 1 } else { j };
            if matches!(self.tok(k), Tok::W(Word::To)) || (k > j && matches!(self.tok(k), Tok::W(_))) {
                let k = if self.is(k, Word::To) { k + 1 } else { k };
                let k = if self.mark(k, '-') { k + 1 } else { k };
                let joined = match (part, self.tok(k)) {
                    (Part::Early, Tok::W(Word::Mid)) => Some(Part::EarlyToMid),
                    (Part::Mid, Tok::W(Word::Late)) => Some(Part::MidToLate),
                    _ => None,
                };
                if let Some(joined) = joined {
                    let (mut point, to) = self.point_at(k)?;
                    point.part = Some(joined);
                    point.span = self.span(i, to);
                    return Some((point, to));
                }
            }
        }
        let glued = self.mark(j, '-');
        if glued {
            j += 1;
        }
        // "early in 2021", but not "will end in 2021".
        let edge = matches!(part, Part::Beginning | Part::End);
        if self.is(j, Word::Of) || (self.is(j, Word::In) && !edge) {
            j += 1;
        } else if matches!(part, Part::Beginning) || (part == Part::End && !glued) {
            return None;
        }
        if self.is(j, Word::The) {
            j += 1;
        }
        if part == Part::Early && self.is(j, Word::Part) {
            return None;
        }
        // One part of one thing: nothing to look into further.
        if matches!(
            self.tok(j),
            Tok::W(Word::Early | Word::Mid | Word::Late | Word::End | Word::Beginning | Word::Latter)
        ) {
            return None;
        }
        // The year alone may be relative here: "the end of the year", "late last year".
        let (mut point, to) = match self.relative_year(j) {
            Some((year, to)) => self.point(i, to, year, Shape::Year),
            None => self.point_at(j)?,
        };
        let takes = match point.shape {
            Shape::Year | Shape::Month(_) => true,
            Shape::Decade | Shape::Quarter(_) | Shape::Half(_) => true,
            Shape::RelativeMonth(_) => true,
            Shape::Years { .. } | Shape::Season(_) | Shape::ReportingPeriod => {
                matches!(part, Part::End | Part::Beginning) && matches!(point.shape, Shape::Years { .. })
            }
            _ => false,
        };
        if !takes || point.part.is_some() || point.style == Style::Figures || point.style == Style::Iso {
            return None;
        }
        point.part = Some(part);
        point.span = self.span(i, to);
        Some((point, to))
    }

    /// `last year`, `the same month`, `the past five years` after `last`.
    fn relative_point(&self, i: usize) -> Parsed {
        if let Some((year, to)) = self.relative_year(i) {
            return Some(self.point(i, to, year, Shape::Year));
        }
        let (relative, j) = self.relative(i)?;
        if self.is(j, Word::Month) && self.word_text(j).eq_ignore_ascii_case("month") {
            return Some(self.point(i, j + 1, Year::Open, Shape::RelativeMonth(relative)));
        }
        if relative == Relative::Last {
            return self.back(i);
        }
        None
    }

    /// `past year`, `past five years`, `last six months`.
    fn back(&self, i: usize) -> Parsed {
        let (count, j) = match self.tok(i + 1) {
            Tok::Count(n) => (u16::from(n), i + 2),
            Tok::Num { value: n @ 1..=99, digits: 1 | 2 } => (n as u16, i + 2),
            _ if self.is(i, Word::Past) => (1, i + 1),
            _ => return None,
        };
        let months = match self.tok(j) {
            Tok::W(Word::Year) => count * 12,
            Tok::W(Word::Month) => count,
            _ => return None,
        };
        Some(self.point(i, j + 1, Year::Open, Shape::Back { months }))
    }

    /// Days that share a month and are no range: `6, 8, 9 and 13 October 1997`. One expression for
    /// each, the last with the month's name.
    pub fn day_list(&self, i: usize) -> Option<(Vec<Expression>, usize)> {
        if !matches!(self.tok(i + 1), Tok::P(',' | '&') | Tok::W(Word::And)) {
            return None;
        }
        let mut days = vec![(self.day(i)?, i)];
        let mut j = i + 1;
        let (last, to) = loop {
            let comma = self.mark(j, ',');
            if comma {
                j += 1;
            }
            let and = self.is(j, Word::And) || self.mark(j, '&');
            if and {
                j += 1;
            } else if !comma {
                return None;
            }
            let day = self.day(j)?;
            if days.last().is_some_and(|(before, _)| *before >= day) || days.len() > 12 {
                return None;
            }
            if and {
                break self.day_month(j)?;
            }
            days.push((day, j));
            j += 1;
        };
        let Shape::Day { month, day: end } = last.shape else { return None };
        // "9, 10 and 11 May" is a stretch of days like "9 and 10 May".
        let (first_day, first_at) = *days.first()?;
        if usize::from(end - first_day) == days.len() {
            let first = Point {
                span: self.span(first_at, first_at + 1),
                shape: Shape::Day { month, day: first_day },
                ..last
            };
            let span = Span { start: first.span.start, end: last.span.end };
            let stretch = Expression { span, first, last: Some(last), year_shared: false, year_lent: false };
            return Some((vec![stretch], to));
        }
        let one = |point: Point| Expression {
            span: point.span,
            first: point,
            last: None,
            year_shared: false,
            year_lent: false,
        };
        let mut found: Vec<Expression> = days
            .into_iter()
            .map(|(day, at)| {
                let shape = Shape::Day { month, day };
                one(Point { span: self.span(at, at + 1), shape, style: Style::Listed, ..last })
            })
            .collect();
        found.push(one(last));
        Some((found, to))
    }

    /// The longest expression that begins at token `i`, and the place after it.
    pub fn expression(&self, i: usize) -> Option<(Expression, usize)> {
        let opener = matches!(self.tok(i), Tok::W(Word::From | Word::Between));
        let between = self.is(i, Word::Between);
        let mut j = if opener { i + 1 } else { i };
        if opener && self.is(j, Word::The) {
            j += 1;
        }
        let single = self.point_at(j).filter(|(p, _)| !matches!(p.shape, Shape::ReportingPeriod) || !opener);
        if let Some((first, k)) = single
            && let Some((end, to)) = self.range_end(first, k, opener, between)
            && let Some((first, last, year_shared)) = combine(first, end)
        {
            let year_lent = end.year == Year::Open && last.year != Year::Open;
            let span = Span { start: self.token(i).start.min(first.span.start), end: last.span.end };
            return Some((Expression { span, first, last: Some(last), year_shared, year_lent }, to));
        }
        // A bare day, or a bare month and day pair in figures, that takes its month from the end.
        if let Some(day) = self.day(j)
            && let Some(to) = self.range_from_day(i, j, day, between)
        {
            return Some(to);
        }
        if opener {
            return None;
        }
        let (point, to) = single?;
        Some((
            Expression { span: point.span, first: point, last: None, year_shared: false, year_lent: false },
            to,
        ))
    }

    /// The place after a range's connector that stands at `k`.
    fn connector(&self, k: usize, opener: bool, between: bool) -> Option<(usize, bool)> {
        let j = match self.tok(k) {
            Tok::P('-' | '~') => k + 1,
            Tok::P('—') if self.tight(k) && self.tight(k + 1) => k + 1,
            Tok::W(Word::To | Word::Through) => k + 1,
            Tok::W(Word::Until) => k + 1,
            Tok::W(Word::Up) if self.is(k + 1, Word::To) => k + 2,
            Tok::W(Word::And) if between => k + 1,
            _ => return None,
        };
        let word = matches!(self.tok(k), Tok::W(_));
        let j = match self.tok(j) {
            Tok::W(Word::The | Word::In) if word => j + 1,
            _ => j,
        };
        let _ = opener;
        Some((j, word))
    }

    /// The second point of a range whose first ended before `k`.
    fn range_end(&self, first: Point, k: usize, opener: bool, between: bool) -> Parsed {
        if matches!(first.shape, Shape::ReportingPeriod | Shape::Back { .. } | Shape::RelativeMonth(_)) {
            return None;
        }
        // "January/February 2020"
        if let (Shape::Month(_), Year::Open, Some('/')) = (first.shape, first.year, self.tight_mark(k))
            && let Some((last, to)) = self.month_first(k + 1)
            && matches!((last.shape, last.year), (Shape::Month(_), Year::Known(_)))
        {
            return Some((last, to));
        }
        // "12 February and 13 February" are two; "February 12 and 13, 2021" is one.
        let and = self.is(k, Word::And) || self.mark(k, '&');
        let (j, word) = match self.connector(k, opener, between) {
            Some(found) => found,
            None if and => (k + 1, true),
            None => return None,
        };
        let only_day = and && !between;
        // "February 4-5, 2016": the end has no month of its own.
        if let (Shape::Day { month, day: from }, Year::Open) = (first.shape, first.year)
            && let Some(day) = self.day(j)
            && (!self.mark(j + 1, '/') || !self.tight(j + 1))
            && self.day_month(j).is_none()
            && month_before_day(self.text, first.span)
            && (!only_day || day == from + 1)
        {
            let after = j + 1;
            if let Some((year, to)) = self.year_after(after, true) {
                return Some(self.point(j, to, year, Shape::Day { month, day }));
            }
            let figure = self.tight(after)
                && !matches!(
                    self.tok(after),
                    Tok::P(',' | '.' | ')' | ';' | ':' | ']' | '\'' | '"' | '\u{201d}')
                );
            if day > from && !figure && self.month(after).is_none() {
                return Some(self.point(j, after, Year::Open, Shape::Day { month, day }));
            }
        }
        if only_day {
            return None;
        }
        if let Some(to) = self.present(k, j)
            && matches!(first.year, Year::Known(_))
        {
            return Some(self.point(j, to, Year::Open, Shape::Present));
        }
        let (last, to) = self.point_at(j)?;
        if !range_fits(&first, &last, word || opener) {
            return None;
        }
        Some((last, to))
    }

    /// The end of `to date`, `until now`, `to the present day` whose connector stands at `k` and
    /// whose word at `j`.
    fn present(&self, k: usize, j: usize) -> Option<usize> {
        let word = self.is(j, Word::Present).then(|| self.word_text(j))?;
        let fits = match word.to_ascii_lowercase().as_str() {
            "date" => self.is(k, Word::To) && j == k + 1,
            "present" => self.is(j - 1, Word::The) || self.mark(k, '-'),
            _ => !self.mark(k, '-'),
        };
        let day = self.is(j + 1, Word::Day) && self.word_text(j + 1).len() == 3;
        fits.then_some(if day { j + 2 } else { j + 1 })
    }

    /// `4–5 February 2016`, `from 28 to 30 January`, `12 and 13 February`, `10/1-11/2/2017`.
    fn range_from_day(&self, i: usize, j: usize, day: u8, between: bool) -> Option<(Expression, usize)> {
        // 10/1-11/2/2017
        if self.tight_mark(j + 1) == Some('/')
            && let Some(b) = self.day(j + 2)
            && self.tight_mark(j + 3) == Some('-')
            && let Some((last, to)) = self.figures(j + 4)
            && matches!(last.shape, Shape::Figures { .. } | Shape::Day { .. })
        {
            let (mut first, _) = self.two_figures(j, j + 3, day, b, 2000, '/')?;
            first.year = last.year;
            let span = Span { start: self.token(i).start, end: last.span.end };
            return Some((
                Expression { span, first, last: Some(last), year_shared: true, year_lent: false },
                to,
            ));
        }
        let and = (self.is(j + 1, Word::And) || self.mark(j + 1, '&')) && !between;
        let (k, word) = match self.connector(j + 1, i != j, between) {
            Some(found) => found,
            None if and => (j + 2, true),
            None => return None,
        };
        let (last, to) = match self.tok(k) {
            Tok::Month { .. } if !and && word => self.month_first(k)?,
            _ => self.day_month(k).or_else(|| self.weekday(k))?,
        };
        let Shape::Day { month, day: end } = last.shape else { return None };
        if (and && end != day + 1) || end <= day || (self.mark(j + 1, '-') && !dash_joins_days(self, j + 1)) {
            return None;
        }
        let mut first = last;
        first.shape = Shape::Day { month, day };
        first.span = self.span(j, j + 1);
        let span = Span { start: self.token(i).start, end: last.span.end };
        Some((Expression { span, first, last: Some(last), year_shared: false, year_lent: false }, to))
    }
}

/// `4-5 February`, `4 - 5 February`; not `par. 4 -5 February`.
fn dash_joins_days(grammar: &Grammar<'_>, dash: usize) -> bool {
    grammar.token(dash).space == grammar.token(dash + 1).space
}

/// The month's name stands before its day: `February 4`.
fn month_before_day(text: &str, span: Span) -> bool {
    span.of(text).ends_with(|c: char| c.is_ascii_digit())
        || span.of(text).len() > 2 && !span.of(text).starts_with(|c: char| c.is_ascii_digit())
}

/// Whether two points can be the ends of a range. Without a range word the ends must be of a kind.
fn range_fits(first: &Point, last: &Point, word: bool) -> bool {
    use Shape::{Day, Decade, Figures, Half, Month, Quarter, Season, Year as Whole, Years};
    if last.style == Style::Fiscal && first.style != Style::Fiscal {
        return false;
    }
    let rank = |p: &Point| match p.shape {
        Day { .. } | Figures { .. } => 1,
        Month(_) | Quarter(_) | Half(_) | Season(_) => 2,
        Whole | Years { .. } | Decade => 3,
        _ => 0,
    };
    let (a, b) = (rank(first), rank(last));
    if a == 0 || b == 0 || matches!(first.shape, Years { .. }) != matches!(last.shape, Years { .. }) {
        return false;
    }
    if first.year == Year::Open && last.year == Year::Open {
        return word && a == b && a < 3;
    }
    // "2020 - March 2021": a dash joins like with like.
    word || a == b || (a <= 2 && b <= 2)
}

/// Fills in what one end of a range takes from the other. `None` where the ends do not fit.
fn combine(mut first: Point, mut last: Point) -> Option<(Point, Point, bool)> {
    let mut shared = false;
    match (first.year, last.year) {
        (Year::Open, year @ (Year::Known(_) | Year::Relative(_))) => {
            (first.year, shared) = (year, true);
        }
        // "from March 2020 to May"
        (Year::Known(_), Year::Open) if last.shape != Shape::Present => last.year = first.year,
        (Year::Relative(_), Year::Open) => return None,
        _ => {}
    }
    Some((first, last, shared))
}

fn iso((mut point, to): (Point, usize)) -> (Point, usize) {
    point.style = Style::Iso;
    (point, to)
}

fn figures((mut point, to): (Point, usize)) -> (Point, usize) {
    point.style = Style::Figures;
    (point, to)
}

/// The year of two figures: up to 69 this century.
fn century(two: u32) -> i16 {
    let two = two as i16;
    if two < 70 { 2000 + two } else { 1900 + two }
}
