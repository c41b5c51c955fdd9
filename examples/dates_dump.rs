//! throwaway
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]
use paydirt::extract::{EXTRACTORS, Findings, Kind};
use std::io::{BufRead, Write};
fn main() {
    let x = EXTRACTORS.iter().find(|x| x.kind == Kind::Date).unwrap();
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    for line in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = v["text"].as_str().unwrap();
        let mut d = paydirt::structure::plain(text);
        d.meta.published = v["published"].as_str().map(str::to_string);
        if v["paged"].as_bool() == Some(true) {
            let mut p = d.pages[0].clone();
            p.number = 2;
            d.pages.push(p);
        }
        d.meta.symbol = v["symbol"].as_str().map(str::to_string);
        let mut f = Findings::default();
        (x.find)(&d, &mut f);
        f.mentions.sort_by_key(|m| m.span);
        let m: Vec<_> = f.mentions.iter().map(|m| serde_json::json!({"start": m.span.start, "end": m.span.end, "surface": m.span.of(&d.text), "value": m.value, "rule": m.rule, "inherited": m.inherited})).collect();
        let r: Vec<_> = f.rejected.iter().map(|m| serde_json::json!({"start": m.span.start, "end": m.span.end, "surface": m.span.of(&d.text), "why": m.why, "rule": m.rule})).collect();
        writeln!(out, "{}", serde_json::json!({"id": v["id"], "mentions": m, "rejected": r})).unwrap();
    }
}
