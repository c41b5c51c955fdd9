//! Files made to hurt: each ends as one line of the account, in bounded time, and costs no other file
//! anything. They are made here, so no file has to be kept.
//!
//! `PAYDIRT_HOSTILE=all cargo test --release --test cli hostile` makes them ten times as large, and adds those
//! that use up the time of a page.

use super::Sandbox;
use super::pdf::{HELVETICA, Writer};
use std::io::Write as _;
use std::time::{Duration, Instant};

/// What may become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum May {
    /// It only looks dangerous.
    BeRead,
    /// At least a part of it must be told of as unread.
    NotBeWhole,
    /// Either; what counts is that it ends.
    End,
}

/// A file by its name.
struct Hostile(&'static str, May, Vec<u8>);

fn page(entries: &str, content: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    let contents = writer.stream("", content);
    writer.page(entries, contents);
    writer.text_page(&["It cost $5 million in 2021."]);
    writer.finish()
}

/// 16 KiB that grow by 64 with each of three decodings, to 4 GiB.
fn growing() -> Vec<u8> {
    let mut bytes = vec![0x81; 16 << 10];
    bytes.extend_from_slice(&[0x02, 0x00, 0x80, 0x80, 0x80]);
    bytes
}

const GROWS: &str = "/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]";

fn pdfs() -> Vec<Hostile> {
    use May::{BeRead, End, NotBeWhole};
    let mut all = Vec::new();

    let mut writer = Writer::new();
    let contents = writer.stream(GROWS, growing());
    writer.page(HELVETICA, contents);
    all.push(Hostile("bomb-page.pdf", NotBeWhole, writer.finish()));

    let mut writer = Writer::new();
    let map = writer.stream(GROWS, growing());
    let font = format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {map} 0 R >>");
    let contents = writer.stream("", "BT /F1 9 Tf 72 700 Td (in 2022) Tj ET");
    writer.page(&format!("/Resources << /Font << /F1 {font} >> >>"), contents);
    all.push(Hostile("bomb-character-map.pdf", End, writer.finish()));

    let mut writer = Writer::new();
    let map = "begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange \
               2 beginbfrange <00000000> <ffffffff> <0020> <0000> <ffff> <0041> endbfrange \
               1 begincidrange <00000000> <ffffffff> 0 endcidrange endcmap";
    let map = writer.stream("", map);
    let font = format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {map} 0 R >>");
    let contents = writer.stream("", "BT /F1 9 Tf 72 700 Td (in 2022) Tj ET");
    writer.page(&format!("/Resources << /Font << /F1 {font} >> >>"), contents);
    all.push(Hostile("four-billion-characters.pdf", End, writer.finish()));

    let mut writer = Writer::new();
    let form = writer.next();
    let resources = format!("/Resources << /XObject << /X {form} 0 R >> >>");
    writer.stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 600 700] {resources}"), "/X Do /X Do");
    let contents = writer.stream("", "/X Do");
    writer.page(&resources, contents);
    all.push(Hostile("form-in-itself.pdf", End, writer.finish()));

    let mut writer = Writer::new();
    let font = writer.next() + 1;
    let fonts = format!("/Resources << /Font << /F1 {font} 0 R >> >>");
    let glyph = writer.stream("", "1000 0 d0 BT /F1 1 Tf (aa) Tj ET");
    writer.add(format!(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 97 \
         /LastChar 97 /Widths [1000] /Encoding << /Differences [97 /a] >> /CharProcs << /a {glyph} 0 R >> {fonts} >>"
    ));
    let contents = writer.stream("", "BT /F1 9 Tf 72 700 Td (aaaa) Tj ET");
    writer.page(&fonts, contents);
    all.push(Hostile("letter-drawn-with-itself.pdf", End, writer.finish()));

    for (name, open, close) in [
        ("deep-arrays.pdf", "[", "]"),
        ("deep-dictionaries.pdf", "<< /A ", ">>"),
        ("deep-states.pdf", "q ", "Q "),
        ("deep-brackets.pdf", "(", ")"),
        ("deep-marks.pdf", "/P BMC ", "EMC "),
    ] {
        let deep = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        all.push(Hostile(
            name,
            End,
            page(HELVETICA, &format!("BT /F1 9 Tf 72 700 Td (in 2022) Tj ET {deep} 0 g")),
        ));
    }

    let mut writer = Writer::new();
    writer.text_page(&["once"]);
    writer.kid(2);
    all.push(Hostile("page-tree-in-itself.pdf", BeRead, writer.finish()));

    let mut writer = Writer::new();
    writer.text_page(&["once"]);
    writer.trailer = "/Prev START".into();
    all.push(Hostile("cross-references-in-a-circle.pdf", BeRead, writer.finish()));

    let mut writer = Writer::new();
    writer.text_page(&["the only one"]);
    writer.count = Some(100_000);
    all.push(Hostile("claims-100000-pages.pdf", BeRead, writer.finish()));

    let mut writer = Writer::new();
    let length = writer.next();
    let contents = writer.add(format!("<< /Length {length} 0 R >>\nstream\nBT ET\nendstream"));
    writer.page(HELVETICA, contents);
    all.push(Hostile("length-is-itself.pdf", End, writer.finish()));

    let filters = "/FlateDecode ".repeat(5_000);
    let mut writer = Writer::new();
    let contents = writer.stream(&format!("/Filter [{filters}]"), "x");
    writer.page(HELVETICA, contents);
    all.push(Hostile("five-thousand-filters.pdf", End, writer.finish()));

    let mut writer = Writer::new();
    let wide = "/Filter /LZWDecode /DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>";
    let contents = writer.stream(wide, [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01]);
    writer.page(HELVETICA, contents);
    all.push(Hostile("two-billion-columns.pdf", End, writer.finish()));

    let mut writer = Writer::new();
    let shape = "/Width 65000 /Height 65000 /ColorSpace /DeviceRGB /BitsPerComponent 8";
    let image = writer.stream(&format!("/Type /XObject /Subtype /Image {shape} {GROWS}"), growing());
    let contents = writer.stream("", "q 600 0 0 700 0 0 cm /I Do Q");
    writer.page(&format!("/Resources << /XObject << /I {image} 0 R >> >>"), contents);
    all.push(Hostile("bomb-picture.pdf", NotBeWhole, writer.finish()));

    let numbers = "BT /F1 1e38 Tf 1e300 -1e300 Td 999999999999999999999999 Tc (in 2022) Tj 0 0 0 0 0 0 Tm (a) Tj \
                   -9223372036854775808 0 0 340282350000000000000000000000000000000 1e-45 nan cm (b) Tj ET";
    let box_ = format!("{HELVETICA} /MediaBox [-1e38 -1e38 1e38 1e38] /Rotate 2147483647 /UserUnit 1e38");
    all.push(Hostile("numbers-without-measure.pdf", End, page(&box_, numbers)));
    all.push(Hostile("page-of-no-size.pdf", End, page(&format!("{HELVETICA} /MediaBox [0 0 0 0]"), numbers)));

    let strokes = format!("BT /F1 4 Tf 72 700 Td {} ET", "(12,345.67 ) Tj ".repeat(30_000));
    all.push(Hostile("a-third-of-a-million-letters.pdf", End, page(HELVETICA, &strokes)));
    all
}

/// Those that use up the time of a page.
fn slow_pdfs() -> Vec<Hostile> {
    let mut writer = Writer::new();
    let levels = 40;
    let first = writer.next();
    for level in 0..levels {
        let resources = format!("/Resources << /XObject << /X {} 0 R >> >>", first + level + 1);
        let content = if level + 1 == levels { "0 0 9 9 re f" } else { "/X Do /X Do" };
        writer.stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 600 700] {resources}"), content);
    }
    let contents = writer.stream("", "/X Do");
    writer.page(&format!("/Resources << /XObject << /X {first} 0 R >> >>"), contents);
    writer.text_page(&["It cost $5 million in 2021."]);
    let doubling = Hostile("forms-that-double.pdf", May::NotBeWhole, writer.finish());

    let mut writer = Writer::new();
    writer.text_page(&["It cost $5 million in 2021."]);
    let page = writer.next() - 1;
    (1..100_000).for_each(|_| writer.kid(page));
    let pages = Hostile("has-100000-pages.pdf", May::End, writer.finish());
    vec![doubling, pages]
}

fn docx(document: &[u8], more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut file);
    let types = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let all = [("[Content_Types].xml", types.as_slice()), ("word/document.xml", document)];
    for (name, bytes) in all.iter().chain(more) {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    file.into_inner()
}

fn body(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{inner}</w:body></w:document>"
    )
}

fn docxs() -> Vec<Hostile> {
    use May::{End, NotBeWhole};
    let text = "<w:p><w:r><w:t>It cost $5 million in 2021.</w:t></w:r></w:p>";
    let bomb = vec![b' '; 80 << 20];
    let deep = |tag: &str, n: usize| {
        format!("{}{text}{}", format!("<{tag}>").repeat(n), format!("</{tag}>").repeat(n))
    };
    let laughs = (1..10).fold("<!ENTITY l0 \"ha\">".to_string(), |all, n| {
        all + &format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))
    });
    let laughs = body(&format!("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>{text}")).replacen(
        "?>",
        &format!("?><!DOCTYPE w:document [{laughs}]>"),
        1,
    );
    let styles = "<w:styles><w:style w:styleId=\"A\"><w:basedOn w:val=\"B\"/></w:style><w:style w:styleId=\"B\">\
                  <w:basedOn w:val=\"A\"/></w:style></w:styles>";
    let in_a_circle = body(&format!("<w:p><w:pPr><w:pStyle w:val=\"A\"/></w:pPr></w:p>{text}"));
    let wide =
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"4000000000\"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>";
    let many: Vec<(String, Vec<u8>)> = (0..20_000).map(|n| (format!("word/media/{n}"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> =
        many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut cut = docx(body(text).as_bytes(), &[]);
    cut.truncate(cut.len() / 2);
    vec![
        Hostile("bomb.docx", NotBeWhole, docx(&bomb, &[])),
        Hostile("bomb-notes.docx", End, docx(body(text).as_bytes(), &[("word/footnotes.xml", &bomb)])),
        Hostile("deep-tables.docx", End, docx(body(&deep("w:tbl", 100_000)).as_bytes(), &[])),
        Hostile("deep-controls.docx", End, docx(body(&deep("w:sdtContent", 100_000)).as_bytes(), &[])),
        Hostile("billion-laughs.docx", End, docx(laughs.as_bytes(), &[])),
        Hostile(
            "styles-in-a-circle.docx",
            End,
            docx(in_a_circle.as_bytes(), &[("word/styles.xml", styles.as_bytes())]),
        ),
        Hostile(
            "four-billion-cells.docx",
            End,
            docx(body(&format!("{}{text}", wide.repeat(50))).as_bytes(), &[]),
        ),
        Hostile("twenty-thousand-members.docx", End, docx(body(text).as_bytes(), &many)),
        Hostile("cut.docx", End, cut),
    ]
}

/// Pages and texts, so many times as large as they need be.
fn flowing(times: usize) -> Vec<Hostile> {
    use May::{BeRead, End};
    let html = |inner: String| {
        format!("<!doctype html><html><body>{inner}<p>It cost $5 million in 2021.</body>").into_bytes()
    };
    let mut all = vec![
        Hostile("deep.html", End, html("<div>".repeat(4_000 * times))),
        Hostile("deep-tables.html", End, html("<table><tr><td>".repeat(500 * times))),
        Hostile("wrongly-nested.html", End, html("<b><i><a><p>".repeat(300 * times))),
        Hostile(
            "four-billion-columns.html",
            BeRead,
            html("<table><tr><td colspan=4000000000 rowspan=4000000000>1</table>".into()),
        ),
        Hostile("raised-in-raised.html", End, html("<sup>1".repeat(2_000 * times))),
        Hostile(
            "many-attributes.html",
            End,
            html(format!(
                "<p {}>x",
                (0..2_000 * times).fold(String::new(), |all, n| all + &format!(" a{n}=1"))
            )),
        ),
        Hostile("entities.html", End, html("&amp;&#36;&#x31;".repeat(10_000 * times))),
        Hostile("comment-without-end.html", End, html(format!("<!--{}", "-".repeat(50_000 * times)))),
    ];
    for (name, mark, many) in [
        ("quotes.md", ">", 400),
        ("brackets.md", "[", 5_000),
        ("pictures.md", "![](", 2_000),
        ("stars.md", "*a **a ", 2_000),
        ("ticks.md", "`a``", 2_000),
        ("lists.md", "- ", 400),
        ("columns.md", "|a", 5_000),
    ] {
        let below =
            if name == "columns.md" { format!("\n{}\n", "|-".repeat(many * times)) } else { String::new() };
        let text =
            format!("# Title\n\n{}{below}\n\nIt cost $5 million in 2021.\n", mark.repeat(many * times));
        all.push(Hostile(name, End, text.into_bytes()));
    }
    for (name, part) in [
        ("digits.txt", "1"),
        ("grouped.txt", "1,234,"),
        ("points.txt", "1.2."),
        ("sums.txt", "$1 million "),
        ("ranges.txt", "from $1 to $2 to "),
        ("signs.txt", "$€£"),
        ("slashes.txt", "01/02/"),
        ("days.txt", "2021-01-01-"),
        ("months.txt", "May and June "),
        ("years.txt", "2020, 2021 and "),
        ("addresses.txt", "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"),
        ("base58.txt", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ("hex.txt", "0x0x"),
        ("defanged.txt", "bc1[.]q"),
        ("brackets.txt", "(("),
        ("quotes.txt", "\"“"),
        ("hedges.txt", "more than nearly about "),
        ("names.txt", "Binance KuCoin "),
        ("words.txt", "one hundred and twenty million "),
        ("marks.txt", "e\u{301}\u{301}"),
        ("turned.txt", "\u{202e}\u{2066}"),
        ("lines.txt", "\n\n"),
        ("tabs.txt", "1\t2\t"),
        ("footnotes.txt", "[1] "),
        ("numbers.txt", "\n1. a"),
        ("pages.txt", "\u{c}"),
    ] {
        let text = format!(
            "A text.\n\n{}\n\nIt cost $5 million in 2021.\n",
            part.repeat((40 << 10) * times / part.len())
        );
        all.push(Hostile(name, End, text.into_bytes()));
    }
    all
}

#[test]
fn each_file_made_to_hurt_is_one_line_of_the_account_and_the_rest_is_read() {
    let sandbox = Sandbox::in_a_new_folder();
    let is_all = std::env::var_os("PAYDIRT_HOSTILE").is_some();
    let mut all: Vec<Hostile> = pdfs().into_iter().chain(docxs()).collect();
    all.extend(flowing(if is_all { 10 } else { 1 }));
    if is_all {
        all.extend(slow_pdfs());
    }
    for Hostile(name, _, bytes) in &all {
        sandbox.write(&format!("corpus/{name}"), bytes);
    }
    for n in 0..5 {
        let mut writer = Writer::new();
        writer.text_page(&["It cost $7 million in 2021."]);
        sandbox.write(&format!("corpus/{n}-unharmed.pdf"), writer.finish());
        sandbox.write(&format!("corpus/z-unharmed-{n}.txt"), "It cost $7 million in 2021.\n");
    }
    let begun = Instant::now();
    let built = sandbox.run(&["build", "--ocr", "never"]);
    let took = begun.elapsed();
    println!("{} files in {took:?}\n{}{}", all.len() + 10, built.stdout, built.stderr);
    assert_eq!(built.status, 0, "{}", built.stderr);
    let talk = built.stdout + &built.stderr;
    assert!(!talk.contains("a fault in paydirt") && !talk.contains("panicked"), "{talk}");
    assert!(took < Duration::from_secs(600), "it took {took:?}");
    let rows = sandbox.run(&["export", "documents"]).stdout;
    let rows: Vec<serde_json::Value> = rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), all.len() + 10, "a row for each");
    let status = |name: &str| {
        let mut of = rows.iter().filter(|row| row["source"] == name);
        let row = of.next().unwrap_or_else(|| panic!("{name} is in no row"));
        assert!(of.next().is_none(), "{name} is in two rows");
        row["status"].as_str().unwrap().to_string()
    };
    for Hostile(name, may, _) in &all {
        let status = status(name);
        match may {
            May::BeRead => assert_eq!(status, "read", "{name}"),
            May::NotBeWhole => assert_ne!(status, "read", "{name}"),
            May::End => {}
        }
    }
    for n in 0..5 {
        assert_eq!(status(&format!("{n}-unharmed.pdf")), "read");
        assert_eq!(status(&format!("z-unharmed-{n}.txt")), "read");
    }
    let found = sandbox.run(&["search", "\"$7 million\"", "--limit", "0", "--format", "jsonl"]).stdout;
    assert_eq!(found.lines().count(), 10, "{found}");
}
