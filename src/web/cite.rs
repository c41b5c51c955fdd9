//! A passage as a citation: in words, in Markdown, in BibTeX, as a W3C annotation.

use super::state::{Opened, name_of};
use crate::index::record::{DocumentRecord, PassageRecord};
use crate::search::locate::locator;
use crate::search::target::{self, Selector};
use serde_json::json;

/// A form of citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Markdown,
    Bibtex,
    Annotation,
}

impl Form {
    pub const ALL: [Form; 4] = [Form::Plain, Form::Markdown, Form::Bibtex, Form::Annotation];

    pub fn name(self) -> &'static str {
        match self {
            Form::Plain => "plain",
            Form::Markdown => "markdown",
            Form::Bibtex => "bibtex",
            Form::Annotation => "annotation",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Form::Plain => "Plain",
            Form::Markdown => "Markdown",
            Form::Bibtex => "BibTeX",
            Form::Annotation => "W3C annotation",
        }
    }
}

/// Where a reader finds it: `page 14, para. 106`.
fn place(passage: &PassageRecord) -> String {
    let page = passage.page_label.clone().unwrap_or_else(|| passage.page.to_string());
    let paragraph = match passage.paragraph.as_deref() {
        Some(p) if p.starts_with("fn ") => format!(", footnote {}", p.trim_start_matches("fn ")),
        Some(p) if p.starts_with("table ") => format!(", {p}"),
        Some(p) => format!(", para. {p}"),
        None => String::new(),
    };
    format!("p. {page}{paragraph}")
}

/// The link of a passage on this server, from its root.
fn permalink(record: &DocumentRecord, passage: &PassageRecord) -> String {
    let (text, lead) = passage.printed();
    let start = passage.span.start + lead;
    format!("/document/{}/page/{}?at={start}-{}", record.source.sha256, passage.page, start + text.len())
}

/// A passage in that form.
pub(super) fn cite(opened: &Opened, passage: &PassageRecord, form: Form) -> String {
    let record = &opened.record;
    let meta = &record.meta;
    let title = meta.title.as_deref().unwrap_or(name_of(record));
    let quote = passage.printed().0.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name_of(record);
    let from: Vec<&str> =
        [meta.publisher.as_deref(), Some(title), (name != title).then_some(name), meta.published.as_deref()]
            .into_iter()
            .flatten()
            .collect();
    let from = from.join(", ");
    match form {
        Form::Plain => format!("“{quote}” ({from}, {})", place(passage)),
        Form::Markdown => {
            let source = match &meta.address {
                Some(address) if !address.contains([' ', '(', ')', '<', '>']) => {
                    format!("[{}]({address})", markdown(&from))
                }
                _ => markdown(&from),
            };
            format!("> {}\n>\n> — {source}, {}", markdown(&quote), place(passage))
        }
        Form::Bibtex => bibtex(record, passage, title, &quote),
        Form::Annotation => annotation(opened, passage),
    }
}

fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn bibtex(record: &DocumentRecord, passage: &PassageRecord, title: &str, quote: &str) -> String {
    let clean = |text: &str| {
        let mut out = String::new();
        for c in text.chars() {
            match c {
                '{' | '}' | '\\' => out.push(' '),
                '%' | '&' | '#' | '_' | '$' => out.extend(['\\', c]),
                c => out.push(c),
            }
        }
        out
    };
    let meta = &record.meta;
    let key: String = name_of(record).chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let mut fields = vec![("title", format!("{{{}}}", clean(title)))];
    if let Some(publisher) = &meta.publisher {
        fields.push(("institution", clean(publisher)));
    }
    if let Some(published) = &meta.published {
        fields.push(("year", clean(published.get(..4).unwrap_or(published))));
    }
    if let Some(symbol) = &meta.symbol {
        fields.push(("number", clean(symbol)));
    }
    if let Some(address) = &meta.address {
        fields.push(("url", address.replace(['{', '}', '\\'], "")));
    }
    fields.push(("pages", clean(&passage.page_label.clone().unwrap_or_else(|| passage.page.to_string()))));
    fields.push(("note", clean(&format!("{}: “{quote}”", place(passage)))));
    let fields: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("  {name} = {{{value}}}")).collect();
    format!("@techreport{{{key},\n{}\n}}", fields.join(",\n"))
}

/// With the target that `paydirt show` finds again, and the place on the page.
fn annotation(opened: &Opened, passage: &PassageRecord) -> String {
    let record = &opened.record;
    let mut target = target::within(record, &opened.passages, passage.span);
    let places: Vec<_> = passage.lines.iter().filter(|(_, _, page, _)| *page == passage.page).collect();
    let edge = |i: usize, pick: fn(i32, i32) -> i32| {
        let edges = places.iter().filter_map(|(_, _, _, place)| place.get(i).copied());
        edges.reduce(pick).map(f64::from)
    };
    if let (Some(x0), Some(y0), Some(x1), Some(y1)) =
        (edge(0, i32::min), edge(1, i32::min), edge(2, i32::max), edge(3, i32::max))
    {
        // Tenths of a point.
        let [x, y, width, height] = [x0, y0, x1 - x0, y1 - y0].map(|tenths| tenths / 10.0);
        target.selector.push(Selector::FragmentSelector {
            conforms_to: "http://tools.ietf.org/rfc/rfc3778".to_string(),
            value: format!("page={}&viewrect={x},{y},{width},{height}", passage.page),
        });
    }
    let (text, lead) = passage.printed();
    let start = passage.span.start + lead;
    let annotation = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("urn:sha256:{}#{start}-{}", record.source.sha256, start + text.len()),
        "type": "Annotation",
        "motivation": "highlighting",
        "body": [{"type": "TextualBody", "purpose": "describing", "value": locator(record, passage)}],
        "target": target,
        "seeAlso": record.meta.address,
        "via": permalink(record, passage),
    });
    serde_json::to_string_pretty(&annotation).unwrap_or_default()
}
