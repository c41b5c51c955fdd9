//! Searches over small indexes, one behaviour each.

use super::*;
use crate::corpus::Outcome;
use crate::document::{Document, Span};
use crate::extract::{self, Kind};
use crate::index::Writer;
use crate::structure;
use std::path::Path;
use tempfile::TempDir;

fn document(path: &str, text: &str) -> Document {
    let mut document = structure::plain(text);
    document.source.path = path.to_string();
    document.source.sha256 = format!("{:064x}", path.len());
    document.meta.id = path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_string();
    document
}

fn build(documents: &[Document]) -> (TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    for document in documents {
        let findings = extract::extract(document, &Kind::ALL);
        writer.add(document, &findings, &crate::claims::claims(document, &findings), &Outcome::Read).unwrap();
    }
    writer.finish().unwrap();
    let index = Index::open(folder.path()).unwrap();
    (folder, index)
}

fn found(index: &Index, query: &str) -> Vec<Hit> {
    let found = search(index, query, &Filters::default(), &Options::default())
        .unwrap_or_else(|e| panic!("{query}: {e}"));
    found.hits(None).collect::<Result<_>>().unwrap()
}

/// The marked stretches of the first hit.
fn marked(index: &Index, query: &str) -> Vec<String> {
    let hits = found(index, query);
    let Some(hit) = hits.first() else { return Vec::new() };
    hit.highlights.iter().map(|h| Span::new(h.start, h.end).of(&hit.text).to_string()).collect()
}

/// Asserts that a query finds only the paragraph that holds it, in a text of several.
fn finds_only(text: &str, query: &str, wanted: &str) {
    let (_folder, index) = build(&[document("report.txt", text)]);
    let hits = found(&index, query);
    assert_eq!(hits.len(), 1, "{query}: {hits:#?}");
    assert!(hits[0].text.contains(wanted), "{query}: {}", hits[0].text);
}

const OTHERS: &str = "\n\nA second paragraph speaks of coal, vessels and the ports of 2021.\n\nA third of banks and $90 million.";

#[test]
fn an_ethereum_address_is_found_by_searching_for_it() {
    let address = "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe";
    let text = format!("The funds went to {address}, the Panel found.{OTHERS}");
    finds_only(&text, address, address);
    finds_only(&text, &address.to_lowercase(), address);
    finds_only(&text, "0xde0B2956*", address);
}

#[test]
fn a_bech32_address_is_found_by_searching_for_it() {
    let address = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq";
    finds_only(&format!("Paid to {address}.{OTHERS}"), address, address);
}

#[test]
fn a_base58_address_is_found_by_searching_for_it() {
    let address = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    finds_only(&format!("Paid to ({address}).{OTHERS}"), address, address);
}

#[test]
fn a_transaction_hash_is_found_by_searching_for_it() {
    let hash = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b";
    finds_only(&format!("In transaction {hash}; see below.{OTHERS}"), hash, hash);
}

#[test]
fn a_document_symbol_is_found_by_searching_for_it() {
    let text = format!("As in document S/2025/482, para. 3.\n\nNot S/2025/4821 nor S/2024/482.{OTHERS}");
    finds_only(&text, "S/2025/482", "S/2025/482,");
}

#[test]
fn an_amount_with_its_sign_is_found_by_searching_for_it() {
    let text = format!("They took US$81 million.\n\nNot 81 million barrels, nor $810 million.{OTHERS}");
    finds_only(&text, "\"$81 million\"", "US$81 million");
    finds_only(&text, "$81 million", "US$81 million");
}

#[test]
fn a_date_with_slashes_is_found_by_searching_for_it() {
    let text = format!("On 2021/10/25 it moved.\n\nNot on 2021/10/2 or 10/25.{OTHERS}");
    finds_only(&text, "2021/10/25", "2021/10/25");
}

#[test]
fn a_phrase_in_curly_quotes_is_found_by_searching_for_it() {
    let text = format!(
        "So-called \u{201c}virtual assets\u{201d} were stolen.\n\nThe assets were not virtual.{OTHERS}"
    );
    finds_only(&text, "\u{201c}virtual assets\u{201d}", "stolen");
    finds_only(&text, "\"virtual assets\"", "stolen");
    finds_only(&text, "\"called virtual assets were\"", "stolen");
}

#[test]
fn a_number_before_a_full_stop_is_found() {
    finds_only(&format!("The total was 4321.{OTHERS}"), "4321", "4321");
    finds_only(&format!("The total was 4,321.{OTHERS}"), "4321", "4,321");
    finds_only(&format!("See CVE-2021-1234.{OTHERS}"), "CVE-2021-1234", "CVE-2021-1234");
    finds_only(&format!("The U.S. Treasury said so.{OTHERS}"), "U.S.", "Treasury");
}

#[test]
fn marks_show_why_a_passage_was_found() {
    let text = "Hackers were laundering stolen assets through mixers in Asia.";
    let (_folder, index) = build(&[document("a.txt", text)]);
    assert_eq!(marked(&index, "launder"), ["laundering"]);
    assert_eq!(marked(&index, "\"stolen assets\""), ["stolen assets"]);
    assert_eq!(marked(&index, "mix*"), ["mixers"]);
    assert_eq!(marked(&index, "hakcers~"), ["Hackers"]);
    assert_eq!(marked(&index, "\"stolen mixers\"~3"), ["stolen", "mixers"]);
    assert_eq!(marked(&index, "+asia -europe"), ["Asia"]);
}

#[test]
fn operators_hold() {
    let texts = [
        ("a.txt", "The exchange lost coins."),
        ("b.txt", "The exchange lost banknotes."),
        ("c.txt", "A bank lost coins."),
    ];
    let documents: Vec<Document> = texts.iter().map(|(p, t)| document(p, t)).collect();
    let (_folder, index) = build(&documents);
    let sources = |query: &str| -> String {
        let mut names: Vec<String> = found(&index, query).into_iter().map(|h| h.document.id).collect();
        names.sort();
        names.concat()
    };
    assert_eq!(sources("exchange AND coins"), "a");
    assert_eq!(sources("banknotes OR bank"), "bc");
    assert_eq!(sources("coins NOT exchange"), "c");
    assert_eq!(sources("NOT exchange"), "c");
    assert_eq!(sources("lost (banknotes OR bank)"), "bc");
    assert_eq!(sources("lost -coins"), "b");
    assert_eq!(sources("exchange coins"), "abc");
    assert_eq!(found(&index, "exchange coins")[0].document.id, "a", "more of the words come first");
    assert_eq!(sources("document:a OR symbol:c*"), "ac");
}

#[test]
fn arabic_russian_and_chinese_texts_are_found() {
    let documents = [
        document("ar.txt", "سرق القراصنة الأصول الافتراضية من عدة منصات."),
        document("ru.txt", "Хакеры похитили виртуальные активы с нескольких бирж."),
        document("zh.txt", "黑客从多家交易所盗取了虚拟资产，价值8100万美元。"),
        document("fr.txt", "Les pirates ont dérobé des actifs virtuels."),
    ];
    let (_folder, index) = build(&documents);
    for (query, wanted) in [
        ("الافتراضية", "ar"),
        ("\"الأصول الافتراضية\"", "ar"),
        ("виртуальные", "ru"),
        ("хакеры", "ru"),
        ("虚拟资产", "zh"),
        ("交易", "zh"),
        ("\"8100万\"", "zh"),
        ("derobe", "fr"),
        ("dérobé", "fr"),
    ] {
        let hits = found(&index, query);
        assert_eq!(hits.iter().map(|h| h.document.id.as_str()).collect::<Vec<_>>(), [wanted], "{query}");
        assert!(!hits[0].highlights.is_empty(), "{query} marks nothing");
    }
}

#[test]
fn equal_passages_stand_in_the_order_of_the_corpus() {
    let documents: Vec<Document> =
        (0..30).map(|i| document(&format!("{i:02}.txt"), "The same words.")).collect();
    let (_folder, index) = build(&documents);
    let ids: Vec<String> = found(&index, "same words").into_iter().map(|h| h.document.id).collect();
    let mut sorted = ids.clone();
    sorted.sort();
    assert_eq!(ids, sorted);
    assert_eq!(ids.len(), 30, "no cap");
}

#[test]
fn a_table_row_is_found_with_its_heads() {
    let text = "Table 4. Thefts from platforms\n| Platform | Sum taken |\n| Alpha | 12 |\n| Beta | 34 |\n";
    let (_folder, index) = build(&[document("t.txt", text)]);
    let hits = found(&index, "thefts Beta");
    assert_eq!(hits[0].paragraph.as_deref(), Some("table 1 row 3"));
    assert!(hits[0].text.contains("Beta"));
}

/// Texts of the shared corpus with what their manifest says of them.
fn shared_corpus(folder: &Path) -> Vec<Document> {
    let manifest = std::fs::read_to_string(folder.with_file_name("manifest.tsv")).unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut documents = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let mut document = document(&name, &text);
        let fields = manifest.lines().map(|l| l.split('\t').collect::<Vec<_>>()).find(|f| f[0] == name);
        let field = |n: usize| {
            fields.as_ref().and_then(|f| f.get(n)).filter(|v| !v.is_empty()).map(|v| v.to_string())
        };
        document.meta.publisher = field(1);
        document.meta.title = field(2);
        document.meta.published = field(3);
        documents.push(document);
    }
    documents
}

/// Mean nDCG@10 and recall@20 over documents, as `search/score.py` counts them.
fn score(index: &Index, queries: &str) -> (f64, f64) {
    let (mut ndcg, mut recall, mut n) = (0.0, 0.0, 0.0);
    for line in queries.lines().filter(|l| !l.trim().is_empty()) {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = case["query"].as_str().unwrap();
        let wanted: std::collections::BTreeSet<&str> =
            case["relevant"].as_array().unwrap().iter().map(|r| r["file"].as_str().unwrap()).collect();
        let mut files: Vec<String> = Vec::new();
        for hit in found(index, query) {
            if !files.contains(&hit.source) {
                files.push(hit.source);
            }
        }
        let gain = |i: usize| 1.0 / ((i + 2) as f64).log2();
        let got: f64 = files
            .iter()
            .take(10)
            .enumerate()
            .filter(|(_, f)| wanted.contains(f.as_str()))
            .map(|(i, _)| gain(i))
            .sum();
        let best: f64 = (0..wanted.len().min(10)).map(gain).sum();
        let ranks: Vec<String> = wanted
            .iter()
            .map(|w| files.iter().position(|f| f == w).map_or("-".into(), |i| (i + 1).to_string()))
            .collect();
        println!("  {:.2}  {query}  [{}]", got / best, ranks.join(" "));
        ndcg += got / best;
        recall += files.iter().take(20).filter(|f| wanted.contains(f.as_str())).count() as f64
            / wanted.len() as f64;
        n += 1.0;
    }
    (ndcg / n, recall / n)
}

#[test]
fn near_copies_fold_and_hits_group_by_document_and_sort_by_amount() {
    let copied = "The Panel continued its investigation into the theft of virtual assets worth $40 million \
        from an exchange in Asia, moved through several services to many wallets before a part was frozen.";
    let documents = [
        document("first.txt", &format!("{copied}\n\nA theft of $90 million at another exchange.")),
        document("a-copy.txt", &copied.to_uppercase().replace("$40 MILLION", "$40 million")),
        document("other-one.txt", "A theft of EUR 900 million, in euros."),
    ];
    let (_folder, index) = build(&documents);
    let run = |options: Options| search(&index, "theft", &Filters::default(), &options).unwrap();
    let folded = run(Options { fold: true, wanted: Some(10), ..Options::default() });
    assert_eq!((folded.total(), folded.shown()), (4, 3));
    let hits: Vec<Hit> = folded.hits(None).map(Result::unwrap).collect();
    assert_eq!(hits.iter().map(|h| h.copies.len()).sum::<usize>(), 1);
    let found = run(Options { sort: Sort::Amount, ..Options::default() });
    let sources: Vec<String> = found.hits(None).map(|h| h.unwrap().source).collect();
    assert_eq!(sources.last().unwrap(), "other-one.txt", "sorted by dollars: {sources:?}");
    assert_eq!(sources[0], "first.txt");
    let groups: Vec<Group> = found.groups(0, None, 1).map(Result::unwrap).collect();
    assert_eq!(
        groups.iter().map(|g| (g.hits.len(), g.passages)).collect::<Vec<_>>(),
        [(1, 2), (1, 1), (1, 1)]
    );
    let second: Vec<Hit> = found.page(1, Some(1)).map(Result::unwrap).collect();
    assert_eq!(second[0].source, sources[1]);
}

#[test]
fn the_first_of_many_amounts_are_those_that_stand_first_of_all() {
    // Amounts of all sizes in two currencies, ranges that reach over steps of size, and no amount at all.
    let paragraphs = (0..400_u64).map(|n| match n % 4 {
        0 => format!(
            "A theft of ${} from exchange {n}.",
            (n * 7919 % 1000 + 1) * 10_u64.pow((n / 4 % 7) as u32)
        ),
        1 => format!("A theft of between ${} million and ${} million, case {n}.", n % 9 + 1, n % 9 * 11 + 20),
        2 => format!("A theft of EUR {} billion, case {n}.", n),
        _ => format!("A theft of which no figure is known, case {n}."),
    });
    let (_folder, index) = build(&[document("many.txt", &paragraphs.collect::<Vec<_>>().join("\n\n"))]);
    let orders = |text: &str, wanted: Option<usize>| {
        let options = Options { sort: Sort::Amount, wanted, ..Options::default() };
        let found = search(&index, text, &Filters::default(), &options).unwrap();
        found
            .shown
            .iter()
            .map(|shown| shown.ranked.order)
            .take(wanted.unwrap_or(usize::MAX))
            .collect::<Vec<_>>()
    };
    for text in ["theft", "amount:>1000", "", "theft currency:EUR"] {
        let all = orders(text, None);
        for wanted in [1, 30, 150, 250, all.len()] {
            assert_eq!(orders(text, Some(wanted)), all[..wanted.min(all.len())], "{text}: {wanted}");
        }
    }
}

#[test]
fn a_report_that_holds_all_of_a_question_comes_before_one_full_of_a_part_of_it() {
    let of_bridges = "The bridge was built, and the bridge was closed.\n\n".repeat(12);
    let documents = [
        document("bridges.txt", &of_bridges),
        document("theft.txt", &format!("A theft from the bridge was seen in spring.\n\n{OTHERS}")),
        document("spring.txt", "Spring and summer.\n\nThe mixer was known to few."),
    ];
    let (_folder, index) = build(&documents);
    let hits = found(&index, "bridge theft spring");
    assert_eq!(hits[0].source, "theft.txt", "{hits:#?}");
}

#[test]
fn a_hedged_figure_that_may_be_the_one_asked_for_is_found_after_those_that_are() {
    let text = "They took over $40 million.\n\nThey took fifty million dollars.\n\nThey took $400 million.";
    let (_folder, index) = build(&[document("report.txt", text)]);
    let hits = found(&index, "$50 million");
    assert_eq!(hits.len(), 2, "{hits:#?}");
    assert!(hits[0].text.contains("fifty million") && hits[1].text.contains("over $40"), "{hits:#?}");
}

#[test]
fn ranking_over_the_judged_queries() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let Ok(queries) = std::fs::read_to_string(shared.join("search/dev.jsonl")) else {
        println!("skipped: ../shared is not here");
        return;
    };
    let (_folder, index) = build(&shared_corpus(&shared.join("verify/corpus")));
    let (ndcg, recall) = score(&index, &queries);
    println!("nDCG@10 {ndcg:.3}  recall@20 {recall:.3}");
    assert!(ndcg >= 0.91 && recall >= 0.97, "nDCG@10 {ndcg:.3}, recall@20 {recall:.3}");
}
