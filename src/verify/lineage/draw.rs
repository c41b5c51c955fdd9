//! Pictures of a lineage: Graphviz's language, and an SVG drawn here, documents as boxes down the
//! days with the edges beside them. Both stand on their own.

use super::Lineage;
use std::fmt::Write as _;

/// Of the SVG, in its own units.
const WIDTH: usize = 980;
const LEFT: usize = 120;
const BOX: (usize, usize) = (430, 62);
const STEP: usize = 110;
const TOP: usize = 70;

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

/// A lineage as an SVG with a title and a description in words.
pub fn svg(lineage: &Lineage) -> String {
    let height = TOP + lineage.documents.len() * STEP;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"t d\" font-family=\"system-ui, sans-serif\" font-size=\"14\">\n"
    );
    let text = escaped;
    let _ = writeln!(picture, "<title id=\"t\">{}</title>", text(&title(lineage)));
    let _ = writeln!(picture, "<desc id=\"d\">{}</desc>", text(&described(lineage)));
    picture.push_str(
        "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#444\"/></marker></defs>\n",
    );
    let _ = writeln!(picture, "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>");
    let _ = writeln!(
        picture,
        "<text x=\"10\" y=\"30\" font-size=\"17\" font-weight=\"600\">{}</text>",
        text(&title(lineage))
    );
    let middle = |i: usize| TOP + i * STEP + BOX.1 / 2;
    for (i, carrier) in lineage.documents.iter().enumerate() {
        let (y, day) = (TOP + i * STEP, carrier.document.published.as_deref().unwrap_or("no date"));
        let _ = writeln!(picture, "<text x=\"10\" y=\"{}\">{}</text>", middle(i) + 5, text(day));
        let is_root = !lineage.edges.iter().any(|e| e.to == i);
        let (fill, edge) = if is_root { ("#e7f1ea", "#1a6b2f") } else { ("#f3f3f3", "#666") };
        let _ = writeln!(
            picture,
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"5\" fill=\"{fill}\" stroke=\"{edge}\"/>",
            BOX.0, BOX.1
        );
        let x = LEFT + 12;
        let _ = writeln!(
            picture,
            "<text x=\"{x}\" y=\"{}\" font-weight=\"600\">{}</text>",
            y + 25,
            text(&short(&carrier.locator, 50))
        );
        let _ = writeln!(
            picture,
            "<text x=\"{x}\" y=\"{}\">{}</text>",
            y + 47,
            text(&short(&carrier.printed, 50))
        );
    }
    let right = LEFT + BOX.0;
    for (n, edge) in lineage.edges.iter().enumerate() {
        let (from, to) = (middle(edge.from), middle(edge.to));
        // Edges over more documents swing out further, so that they do not hide each other.
        let out = right + 25 + 40 * (edge.to - edge.from);
        let _ = writeln!(
            picture,
            "<path d=\"M{right} {} C{out} {} {out} {} {right} {}\" fill=\"none\" stroke=\"#444\" marker-end=\"url(#a)\"/>",
            from + 8,
            from + 8,
            to - 8,
            to - 8
        );
        let label = short(&format!("{} {}", edge.reason, edge.by), 44);
        let spread = if n % 2 == 0 { 0 } else { 16 };
        let y = usize::midpoint(from, to) + spread;
        let _ = writeln!(
            picture,
            "<text x=\"{}\" y=\"{y}\" font-size=\"12\">{}</text>",
            (3 * out + right) / 4 + 6,
            text(&label)
        );
    }
    picture + "</svg>\n"
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
