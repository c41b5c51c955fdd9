//! Pictures of a lineage: Graphviz's language, and an SVG drawn here, documents as boxes down a line
//! of time with the edges beside them. Both stand on their own.

use super::{Carrier, Lineage};
use std::fmt::Write as _;

/// Of the SVG, in its own units.
const WIDTH: usize = 980;
const AXIS: usize = 104;
const LEFT: usize = 124;
const BOX: (usize, usize) = (430, 62);
/// Between two documents at least.
const GAP: usize = 34;
const TOP: usize = 20;
const UNDER_TITLE: usize = 56;
const BELOW: usize = 24;
const MARGIN: usize = 16;
/// How wide a letter of a label is at most, about.
const LETTER: usize = 7;
/// Between the ends of two arrows at one box, and how often they are set apart.
const APART: usize = 7;
const MOST_APART: usize = 3;
/// How far arrows swing out.
const MOST_OUT: usize = 200;

/// A lineage as a Graphviz graph.
pub fn dot(lineage: &Lineage) -> String {
    let mut graph = String::from("digraph lineage {\n  rankdir=TB;\n  node [shape=box];\n");
    let quoted =
        |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "));
    // Writing to a string cannot fail.
    let _ = writeln!(graph, "  label={};", quoted(&title(lineage)));
    for (i, carrier) in lineage.documents.iter().enumerate() {
        let day = carrier.document.published.as_deref().unwrap_or("no date");
        let label = format!("{}, {day}: {}", carrier.locator, carrier.printed);
        let _ = writeln!(graph, "  d{i} [label={}];", quoted(&label));
    }
    for (i, origin) in lineage.origins.iter().enumerate().filter(|(_, o)| o.unseen) {
        let _ = writeln!(graph, "  o{i} [label={}, style=dashed];", quoted(&origin.name));
        for to in origin.documents.iter().filter(|d| !lineage.edges.iter().any(|e| e.to == **d)) {
            let _ = writeln!(graph, "  o{i} -> d{to} [label=\"named\", style=dashed];");
        }
    }
    for edge in &lineage.edges {
        let label = quoted(&format!("{} {}", edge.reason, edge.by));
        let _ = writeln!(graph, "  d{} -> d{} [label={label}];", edge.from, edge.to);
    }
    graph + "}\n"
}

fn title(lineage: &Lineage) -> String {
    format!("{} ({}): {}", lineage.figure, lineage.scope, lineage.in_words())
}

/// A lineage as an SVG that stands on its own, with a title and a description in words.
pub fn svg(lineage: &Lineage) -> String {
    drawn(lineage, "lineage", true, |_| None)
}

/// The same for a page of HTML, which has the title in its own words: ids begin with `name`,
/// documents are links to the addresses that `to` gives. Colours can be set by the page: every part
/// has a class.
pub fn picture(lineage: &Lineage, name: &str, to: impl Fn(&Carrier) -> String) -> String {
    drawn(lineage, name, false, |carrier| Some(to(carrier)))
}

fn drawn(lineage: &Lineage, name: &str, is_titled: bool, to: impl Fn(&Carrier) -> Option<String>) -> String {
    let boxes = boxes(lineage, if is_titled { UNDER_TITLE } else { TOP }, to);
    let (arrows, right) = arrows(lineage, &boxes, name);
    let width = if is_titled { WIDTH.max(right) } else { right };
    let height = boxes.last().map_or(TOP, |last| last.y + BOX.1 + BELOW);
    let role = if boxes.iter().any(|b| b.to.is_some()) { "group" } else { "img" };
    let title = escaped(&title(lineage));
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"{role}\" \
         aria-labelledby=\"{name}-t\" aria-describedby=\"{name}-d\" font-family=\"system-ui, sans-serif\" \
         font-size=\"14\">\n<title id=\"{name}-t\">{title}</title>\n"
    );
    // Writing to a string cannot fail.
    let _ = writeln!(picture, "<desc id=\"{name}-d\">{}</desc>", escaped(&described(lineage)));
    let _ = writeln!(
        picture,
        "<defs><marker id=\"{name}-a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path class=\"head\" d=\"M0 0 8 4 0 8z\" fill=\"#444\"/></marker></defs>"
    );
    let _ = writeln!(picture, "<rect class=\"ground\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>");
    if is_titled {
        let _ = writeln!(
            picture,
            "<text class=\"title\" x=\"10\" y=\"30\" font-size=\"17\" font-weight=\"600\">{title}</text>"
        );
    }
    axis(&mut picture, &boxes);
    picture.push_str(&arrows);
    for one in &boxes {
        one.draw(&mut picture);
    }
    picture + "</svg>\n"
}

/// A document, or a body that has none here.
struct Place {
    /// ISO 8601; `None` where it is not known, or there is no document.
    day: Option<String>,
    head: String,
    line: String,
    class: &'static str,
    to: Option<String>,
    y: usize,
}

impl Place {
    fn middle(&self) -> usize {
        self.y + BOX.1 / 2
    }

    fn draw(&self, picture: &mut String) {
        let (fill, edge, dash) = match self.class {
            "origin" => ("#e7f1ea", "#1a6b2f", ""),
            "unseen" => ("#fff", "#1a6b2f", " stroke-dasharray=\"5 4\""),
            _ => ("#f3f3f3", "#666", ""),
        };
        let (x, y) = (LEFT + 12, self.y);
        let mut inside = format!(
            "<g class=\"{}\"><rect class=\"document\" x=\"{LEFT}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"5\" \
             fill=\"{fill}\" stroke=\"{edge}\"{dash}/>",
            self.class, BOX.0, BOX.1
        );
        let _ = write!(
            inside,
            "<text x=\"{x}\" y=\"{}\" font-weight=\"600\">{}</text><text x=\"{x}\" y=\"{}\">{}</text></g>",
            y + 25,
            escaped(&short(&self.head, 50)),
            y + 47,
            escaped(&short(&self.line, 54))
        );
        let _ = match &self.to {
            Some(to) => writeln!(picture, "<a href=\"{}\">{inside}</a>", escaped(to)),
            None => writeln!(picture, "{inside}"),
        };
    }
}

/// Bodies without a document first, then the documents down their days: the longer the time
/// between two, the further apart.
fn boxes(lineage: &Lineage, top: usize, to: impl Fn(&Carrier) -> Option<String>) -> Vec<Place> {
    let mut places: Vec<Place> = lineage
        .origins
        .iter()
        .filter(|origin| origin.unseen)
        .map(|origin| Place {
            day: None,
            head: origin.name.clone(),
            line: "named; no document of its own here carries it".to_string(),
            class: "unseen",
            to: None,
            y: 0,
        })
        .collect();
    places.extend(lineage.documents.iter().enumerate().map(|(i, carrier)| {
        let rests = lineage.edges.iter().any(|e| e.to == i)
            || lineage.origins.iter().any(|o| o.unseen && o.documents.contains(&i));
        Place {
            day: Some(carrier.document.published.clone().unwrap_or_else(|| "no date".to_string())),
            head: carrier.locator.clone(),
            line: carrier.printed.clone(),
            class: if rests { "echo" } else { "origin" },
            to: to(carrier),
            y: 0,
        }
    }));
    let mut y = top;
    let mut before: Option<i32> = None;
    for place in &mut places {
        let day = place.day.as_deref().and_then(days);
        let apart = before.zip(day).map_or(0, |(a, b)| stretch(b - a));
        y += apart;
        place.y = y;
        y += BOX.1 + GAP;
        before = day;
    }
    places
}

/// Room for so many days, beyond what stands between any two.
fn stretch(days: i32) -> usize {
    // A month is 10 units, a year 37, ten years 70.
    (10.0 * f64::from(days.max(0)).mul_add(1.0 / 30.0, 1.0).log2()).round() as usize
}

/// Days from the year 0 on; the first of a month or year known only so far.
fn days(day: &str) -> Option<i32> {
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i16>().ok());
    let year = parts.next()??;
    let month = parts.next().flatten().and_then(|m| i8::try_from(m).ok()).unwrap_or(1);
    let of_month = parts.next().flatten().and_then(|d| i8::try_from(d).ok()).unwrap_or(1);
    let date = jiff::civil::Date::new(year, month, of_month).ok()?;
    Some((date - jiff::civil::date(0, 1, 1)).get_days())
}

/// `47 days later`, `3 years later`.
fn later(days: i32) -> Option<String> {
    let many = |n: i32, what: &str| format!("{n} {what}{} later", if n == 1 { "" } else { "s" });
    match days {
        ..=0 => None,
        1..=60 => Some(many(days, "day")),
        61..=729 => Some(many((f64::from(days) / 30.44).round() as i32, "month")),
        _ => Some(many((f64::from(days) / 365.25).round() as i32, "year")),
    }
}

/// The line of time with the day of each document and what lies between.
fn axis(picture: &mut String, places: &[Place]) {
    let dated: Vec<&Place> = places.iter().filter(|p| p.day.is_some()).collect();
    let (Some(first), Some(last)) = (dated.first(), dated.last()) else { return };
    let _ = writeln!(
        picture,
        "<path class=\"time\" d=\"M{AXIS} {} V{}\" stroke=\"#999\" fill=\"none\"/>",
        first.middle(),
        last.middle()
    );
    for (i, place) in dated.iter().enumerate() {
        let day = place.day.as_deref().unwrap_or("");
        let y = place.middle();
        let _ = writeln!(
            picture,
            "<circle class=\"dot\" cx=\"{AXIS}\" cy=\"{y}\" r=\"4\" fill=\"#444\"/>\
             <text class=\"day\" x=\"10\" y=\"{}\">{}</text>",
            y + 5,
            escaped(day)
        );
        let since = dated.get(i + 1).and_then(|next| Some(days(next.day.as_deref()?)? - days(day)?));
        let between = dated.get(i + 1).map_or(y, |next| usize::midpoint(place.y + BOX.1, next.y));
        if let Some(words) = since.and_then(later) {
            let _ = writeln!(
                picture,
                "<text class=\"between\" x=\"{LEFT}\" y=\"{}\" font-size=\"12\" fill=\"#595959\">{words}</text>",
                between + 4
            );
        }
    }
}

/// From what is rested on to what rests on it, with the reason, no two of them on one height; and
/// how far all of it goes to the right.
fn arrows(lineage: &Lineage, places: &[Place], name: &str) -> (String, usize) {
    let (mut lines, mut labels) = (String::new(), String::new());
    let unseen = lineage.origins.iter().filter(|o| o.unseen).count();
    let mut all: Vec<(usize, usize, String, &str)> = Vec::new();
    for (n, origin) in lineage.origins.iter().filter(|o| o.unseen).enumerate() {
        let rests_else = |to: usize| lineage.edges.iter().any(|e| e.to == to);
        let direct = origin.documents.iter().filter(|to| !rests_else(**to));
        all.extend(direct.map(|to| (n, unseen + to, "named".to_string(), " stroke-dasharray=\"5 4\"")));
    }
    let shown = |e: &super::Edge| format!("{} {}", e.reason, e.by);
    all.extend(lineage.edges.iter().map(|e| (unseen + e.from, unseen + e.to, shown(e), "")));
    let right = LEFT + BOX.0;
    let mut furthest = right + MARGIN;
    let mut taken: Vec<usize> = Vec::new();
    // Arrows of one box begin and end beside each other, the longer ones outside.
    let ends: Vec<(usize, usize)> = all.iter().map(|(from, to, ..)| (*from, *to)).collect();
    let inner = |from: usize, to: usize, one: fn(&(usize, usize)) -> usize| {
        let shorter =
            ends.iter().filter(|e| one(e) == one(&(from, to)) && e.1 - e.0.min(e.1) < to - from.min(to));
        APART * shorter.count().min(MOST_APART)
    };
    for (from, to, label, dash) in all {
        let (Some(a), Some(b)) = (places.get(from), places.get(to)) else { continue };
        // Arrows over more documents swing out further, so that they do not hide each other.
        let out = right + 25 + (40 * (to - from)).min(MOST_OUT);
        let start = a.middle() + 8 - inner(from, to, |e| e.0);
        let end = b.middle() - 8 + inner(from, to, |e| e.1);
        let _ = writeln!(
            lines,
            "<path class=\"arrow\" d=\"M{right} {start} C{out} {start} {out} {end} {right} {end}\" fill=\"none\" \
             stroke=\"#444\"{dash} marker-end=\"url(#{name}-a)\"/>"
        );
        let mut y = usize::midpoint(start, end) + 4;
        while taken.iter().any(|other| other.abs_diff(y) < 15) {
            y += 15;
        }
        taken.push(y);
        let (label, x) = (short(&label, 38), (3 * out + right) / 4 + 6);
        furthest = furthest.max(x + label.chars().count() * LETTER + MARGIN);
        // The ground round the letters keeps other arrows out of them.
        let _ = writeln!(
            labels,
            "<text class=\"reason\" x=\"{x}\" y=\"{y}\" font-size=\"12\" stroke=\"#fff\" stroke-width=\"4\" \
             paint-order=\"stroke\">{}</text>",
            escaped(&label)
        );
    }
    (lines + &labels, furthest)
}

fn described(lineage: &Lineage) -> String {
    let name = |i: usize| lineage.documents.get(i).map_or("", |c| c.locator.as_str());
    let mut sentences: Vec<String> = lineage
        .documents
        .iter()
        .map(|c| {
            format!(
                "{} has {} on {}.",
                c.locator,
                c.printed,
                c.document.published.as_deref().unwrap_or("no known day")
            )
        })
        .collect();
    sentences.extend(
        lineage
            .edges
            .iter()
            .map(|e| format!("{} rests on {}: {} {}.", name(e.to), name(e.from), e.reason, e.by)),
    );
    sentences.join(" ")
}

fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("").trim_end()),
        None => text.to_string(),
    }
}

/// Text as it may stand in XML: escaped, without what XML cannot hold.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(c),
        }
    }
    safe
}
