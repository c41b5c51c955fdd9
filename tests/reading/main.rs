//! Reading PDFs: what the readers give of pages made here, and what becomes of files made to hurt.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

mod writer;

use paydirt::document::{Format, Reader};
use paydirt::read::worker::{Limits, Pool};
use paydirt::read::{Body, Glyph, Ocr, Options, PageRead, PdfReaders, Reading, Ruling, read};
use std::time::{Duration, Instant};
use writer::{AS_CODED, EIGHT_FOR_THREE, HELVETICA, WIN_ANSI, Writer, page_in_font};

fn with(pdf: PdfReaders) -> Options {
    Options { pdf, ocr: Ocr::Never }
}

fn both() -> Options {
    with(PdfReaders::Both)
}

fn glyphs(page: &PageRead) -> &[Glyph] {
    match &page.body {
        Body::Glyphs { glyphs, .. } => glyphs,
        Body::Blocks(_) => panic!("a PDF gives glyphs"),
    }
}

fn rulings(page: &PageRead) -> &[Ruling] {
    match &page.body {
        Body::Glyphs { rulings, .. } => rulings,
        Body::Blocks(_) => panic!("a PDF gives glyphs"),
    }
}

fn text(page: &PageRead) -> String {
    glyphs(page).iter().map(|glyph| glyph.c).collect()
}

fn drawn(content: &str) -> PageRead {
    drawn_with("", content)
}

/// The page that operators give; `entries` go into the page.
fn drawn_with(entries: &str, content: &str) -> PageRead {
    let mut writer = Writer::new();
    let contents = writer.stream("", content);
    writer.page(&format!("{HELVETICA} {entries}"), contents);
    let mut reading = read(&writer.finish(), Format::Pdf, &with(PdfReaders::Hayro)).unwrap();
    reading.pages.remove(0)
}

#[test]
fn both_readers_give_the_same_glyphs_at_the_same_place() {
    let mut writer = Writer::new();
    writer.text_page(&["Some $281 million (net) in 2022,", "paid to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2."]);
    let file = writer.finish();
    let first = read(&file, Format::Pdf, &with(PdfReaders::Hayro)).unwrap();
    let second = read(&file, Format::Pdf, &with(PdfReaders::PdfExtract)).unwrap();
    assert_eq!(first.pages[0].reader, Reader::Hayro);
    assert_eq!(second.pages[0].reader, Reader::PdfExtract);
    assert_eq!(
        text(&first.pages[0]),
        "Some $281 million (net) in 2022,paid to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2."
    );
    assert_eq!(text(&first.pages[0]), text(&second.pages[0]));
    for (a, b) in glyphs(&first.pages[0]).iter().zip(glyphs(&second.pages[0])) {
        assert!((a.x0 - b.x0).abs() < 0.1 && (a.x1 - b.x1).abs() < 0.1, "{a:?} {b:?}");
        assert!((a.baseline - b.baseline).abs() < 0.1 && (a.size - b.size).abs() < 0.1, "{a:?} {b:?}");
    }
    let s = glyphs(&first.pages[0])[0];
    assert_eq!((s.x0, s.baseline, s.size, s.angle), (72.0, 72.0, 12.0, 0));
    assert!((s.y0 - 62.4).abs() < 0.01 && (s.y1 - 74.4).abs() < 0.01, "letters stand on the baseline: {s:?}");
    let checked = read(&file, Format::Pdf, &both()).unwrap();
    assert!(matches!(&checked.pages[0].body, Body::Glyphs { disputes, .. } if disputes.is_empty()));
}

#[test]
fn rotation_and_crop_box_are_applied_by_both_readers() {
    let mut writer = Writer::new();
    let contents = writer.stream("", "BT /F1 10 Tf 150 300 Td (Turned) Tj ET");
    writer.page(&format!("{HELVETICA} /CropBox [100 200 500 700] /Rotate 90"), contents);
    let file = writer.finish();
    for pdf in [PdfReaders::Hayro, PdfReaders::PdfExtract] {
        let page = read(&file, Format::Pdf, &with(pdf)).unwrap().pages.remove(0);
        assert_eq!((page.width, page.height), (500.0, 400.0), "{pdf:?}");
        let t = glyphs(&page)[0];
        // From the left of the crop box 50 up to the text, which runs down the page as shown.
        assert_eq!(t.angle, 90, "{pdf:?}");
        assert!((t.baseline - 100.0).abs() < 0.01 && (t.y0 - 50.0).abs() < 0.01, "{pdf:?} {t:?}");
        assert!(t.x0 < t.baseline && t.x1 > t.baseline, "{pdf:?} {t:?}");
    }
}

#[test]
fn ligatures_are_taken_apart_and_share_their_width() {
    let mut writer = Writer::new();
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n\
               1 begincodespacerange <00> <ff> endcodespacerange\n\
               2 beginbfchar <41> <006600660069> <42> <FB01> endbfchar endcmap end end";
    let map = writer.stream("", map);
    let contents = writer.stream("", "BT /F1 10 Tf 100 700 Td (AB) Tj ET");
    writer.page(
        &format!(
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {map} 0 R >> >> >>"
        ),
        contents,
    );
    let page = read(&writer.finish(), Format::Pdf, &both()).unwrap().pages.remove(0);
    assert_eq!(text(&page), "ffifi");
    let ends: Vec<_> = glyphs(&page).iter().map(|glyph| (glyph.x0, glyph.x1)).collect();
    assert!(ends.windows(2).all(|pair| (pair[0].1 - pair[1].0).abs() < 0.01), "{ends:?}");
    // Helvetica's A is 667 thousandths wide.
    assert!((ends[2].1 - 106.67).abs() < 0.01, "{ends:?}");
}

#[test]
fn fonts_tell_bold_italic_and_fixed_width() {
    let fonts = ["Helvetica", "Helvetica-Bold", "Times-Italic", "Courier"];
    let listed: String = fonts
        .iter()
        .enumerate()
        .map(|(i, name)| format!("/F{i} << /Type /Font /Subtype /Type1 /BaseFont /{name} >> "))
        .collect();
    let mut writer = Writer::new();
    let contents = writer.stream(
        "",
        "BT /F0 9 Tf 72 700 Td (a) Tj /F1 9 Tf (b) Tj /F2 9 Tf (c) Tj /F3 9 Tf (d) Tj /F0 9 Tf (e) Tj ET",
    );
    writer.page(&format!("/Resources << /Font << {listed} >> >>"), contents);
    let page = read(&writer.finish(), Format::Pdf, &both()).unwrap().pages.remove(0);
    let looks: Vec<_> =
        glyphs(&page).iter().map(|g| (g.font, g.style.bold, g.style.italic, g.style.fixed_width)).collect();
    assert_eq!(
        looks,
        [
            (0, false, false, false),
            (1, true, false, false),
            (2, false, true, false),
            (3, false, false, true),
            (0, false, false, false)
        ]
    );
}

#[test]
fn text_that_cannot_be_seen_is_marked() {
    let seen = |content: &str| -> Vec<bool> {
        glyphs(&drawn(content)).iter().map(|glyph| !glyph.style.invisible).collect()
    };
    assert_eq!(seen("BT /F1 10 Tf 72 700 Td (a) Tj 3 Tr (b) Tj 7 Tr (c) Tj ET"), [true, false, false]);
    assert_eq!(seen("1 g BT /F1 10 Tf 72 700 Td (w) Tj ET"), [false], "white on the white page");
    let on_box = "0 0 0.4 rg 60 690 200 30 re f 1 g BT /F1 10 Tf 72 700 Td (w) Tj ET";
    assert_eq!(seen(on_box), [true], "white in a dark box");
    assert_eq!(seen("q 0 0 50 50 re W n BT /F1 10 Tf 72 700 Td (c) Tj ET Q"), [false], "clipped away");
    assert_eq!(seen("BT /F1 10 Tf 900 700 Td (o) Tj ET"), [false], "off the page");
}

#[test]
fn text_filled_and_stroked_is_one_bold_text() {
    let page = drawn("BT /F1 10 Tf 2 Tr 72 700 Td (one) Tj ET");
    assert_eq!(text(&page), "one");
    assert!(glyphs(&page).iter().all(|glyph| glyph.style.bold));
}

#[test]
fn small_capitals_are_read_in_the_case_the_file_tells() {
    let marked = |read: &str, shown: &str| {
        text(&drawn(&format!(
            "BT /F1 12 Tf 72 700 Td (A) Tj /Span <</ActualText ({read})>> BDC ({shown}) Tj EMC (.) Tj ET"
        )))
    };
    assert_eq!(marked("sia", "SIA"), "Asia.");
    assert_eq!(marked("38", "33"), "A33.");
    assert_eq!(marked("sians", "SIA"), "ASIA.");
}

#[test]
fn lines_and_boxes_are_rulings_and_letters_are_not() {
    let page = drawn("1 w 72 600 m 300 600 l S");
    assert_eq!(rulings(&page).len(), 1);
    let line = rulings(&page)[0];
    assert!(line.horizontal && (line.place.x0, line.place.x1) == (72.0, 300.0), "{line:?}");
    assert!((line.place.y0 - 191.5).abs() < 0.01 && (line.place.y1 - 192.5).abs() < 0.01, "{line:?}");
    assert_eq!(rulings(&drawn("72 600 0.7 90 re f")).len(), 1, "a thin box is a line");
    assert_eq!(rulings(&drawn("72 600 200 90 re S")).len(), 4, "a box has four edges");
    assert_eq!(rulings(&drawn("0.9 g 72 600 200 90 re f")).len(), 4, "and so has a shaded cell");
    assert_eq!(rulings(&drawn("72 600 m 300 400 l S")).len(), 0, "a slope is none");
    assert_eq!(rulings(&drawn("0.9 g 0 0 612 792 re f")).len(), 0, "nor is the ground of the page");
    assert_eq!(rulings(&drawn("BT /F1 10 Tf 72 700 Td (ll) Tj ET")).len(), 0);
}

#[test]
fn hidden_layers_are_left_out() {
    let mut writer = Writer::new();
    let layer = writer.add("<< /Type /OCG /Name (draft) >>");
    writer.catalog = format!("/OCProperties << /OCGs [{layer} 0 R] /D << /OFF [{layer} 0 R] >> >>");
    let contents = writer.stream(
        "",
        "BT /F1 10 Tf 72 700 Td (seen) Tj ET /OC /L BDC BT /F1 10 Tf 72 600 Td (hidden) Tj ET EMC",
    );
    let resources = HELVETICA.strip_suffix(">>").unwrap();
    writer.page(&format!("{resources} /Properties << /L {layer} 0 R >> >>"), contents);
    let page = read(&writer.finish(), Format::Pdf, &with(PdfReaders::Hayro)).unwrap().pages.remove(0);
    assert_eq!(text(&page), "seen");
}

#[test]
fn labels_and_hints_come_from_the_file() {
    let mut writer = Writer::new();
    writer.text_page(&["one"]);
    writer.text_page(&["two"]);
    writer.catalog =
        "/Lang (en-GB) /PageLabels << /Nums [0 << /S /r >> 1 << /S /D /P (A-) /St 5 >>] >>".into();
    let info = writer.add("<< /Title (The heist) /Author (A. Nobody) /CreationDate (D:20220301120000Z) >>");
    writer.trailer = format!("/Info {info} 0 R");
    let reading = read(&writer.finish(), Format::Pdf, &both()).unwrap();
    let labels: Vec<_> = reading.pages.iter().map(|page| page.label.as_deref()).collect();
    assert_eq!(labels, [Some("i"), Some("A-5")]);
    assert_eq!(reading.hints.title.as_deref(), Some("The heist"));
    assert_eq!(reading.hints.author.as_deref(), Some("A. Nobody"));
    assert_eq!(reading.hints.published.as_deref(), Some("2022-03-01"));
    assert_eq!(reading.hints.language.as_deref(), Some("en"));
}

const PICTURE: &str = "q 500 0 0 700 50 50 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \u{1} EI Q";

#[test]
fn a_picture_without_text_is_unread_and_an_empty_page_is_read() {
    assert_eq!(drawn("").unread, None);
    assert_eq!(drawn(PICTURE).unread.as_deref(), Some("a picture without text"));
    let layer = format!("{PICTURE} BT 3 Tr /F1 10 Tf 72 700 Td (the text layer of a scan) Tj ET");
    assert_eq!(drawn(&layer).unread, None);
}

#[test]
fn a_text_layer_without_unicode_is_told() {
    let mut writer = Writer::new();
    let contents =
        writer.stream("", "BT /F1 10 Tf 72 700 Td <00010002000300040005000600070008000900100011> Tj ET");
    writer.page(
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts \
         [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
         /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> >>] >> >> >>",
        contents,
    );
    let page = read(&writer.finish(), Format::Pdf, &both()).unwrap().pages.remove(0);
    assert_eq!(page.unread.as_deref(), Some("text layer without Unicode"), "{}", text(&page));
}

#[test]
fn content_that_cannot_be_unpacked_is_no_empty_page() {
    let mut writer = Writer::new();
    let contents = writer.stream("/Filter /RunLengthDecode", [0x85]);
    writer.page(HELVETICA, contents);
    let page = read(&writer.finish(), Format::Pdf, &both()).unwrap().pages.remove(0);
    assert_eq!(page.unread.as_deref(), Some("its content cannot be unpacked"));
}

#[test]
fn files_that_are_none_are_named_as_what_they_are() {
    let told = |bytes: &[u8]| read(bytes, Format::Pdf, &both()).unwrap_err().to_string();
    assert_eq!(told(b""), "the file is empty: it has 0 bytes");
    assert_eq!(told(b"<!DOCTYPE html><html></html>"), "the file is not a PDF");
    assert_eq!(told(&Writer::new().finish()), "the PDF has no pages");
    let mut writer = Writer::new();
    writer.text_page(&["whole"]);
    let whole = writer.finish();
    assert!(
        told(&whole[..60]).starts_with("the PDF is cut off: its end is missing"),
        "{}",
        told(&whole[..60])
    );
    // Cut after the page: it is still read, and said to be cut off.
    let end = whole.windows(4).position(|w| w == b"xref").unwrap();
    let reading = read(&whole[..end], Format::Pdf, &both()).unwrap();
    assert_eq!(text(&reading.pages[0]), "whole");
    assert_eq!(reading.warnings[0].what, "the file is cut off: its end is missing");
}

// In workers.

fn limits() -> Limits {
    Limits {
        memory: 512,
        step: Duration::from_secs(8),
        file: Duration::from_secs(30),
        page: Duration::from_secs(1),
        ..Limits::default()
    }
}

fn pool() -> Pool {
    Pool::of(env!("CARGO_BIN_EXE_paydirt"), limits())
}

#[test]
fn a_worker_reads_as_the_program_itself_does() {
    let mut writer = Writer::new();
    writer.text_page(&["Some $281 million in 2022"]);
    writer.text_page(&["and nothing more"]);
    let file = writer.finish();
    let pool = pool();
    for _ in 0..3 {
        assert_eq!(pool.read(&file, Format::Pdf, &both()), read(&file, Format::Pdf, &both()));
    }
    let refused = pool.read(b"<html>", Format::Pdf, &both()).unwrap_err();
    assert_eq!(refused.to_string(), "the file is not a PDF");
    assert_eq!(pool.read(&file, Format::Pdf, &both()), read(&file, Format::Pdf, &both()));
}

/// What became of a file: pages in number, and the reasons of the unread ones or of the file.
fn outcome(file: &[u8]) -> (usize, Vec<String>) {
    let pool = pool();
    let begun = Instant::now();
    let read = pool.read(file, Format::Pdf, &both());
    let outcome = match read {
        Ok(Reading { pages, .. }) => {
            (pages.len(), pages.into_iter().filter_map(|page| page.unread).collect())
        }
        Err(error) => (0, vec![error.to_string()]),
    };
    for reason in &outcome.1 {
        assert!(!reason.contains('\n'), "more than one line: {reason}");
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "it took {:?}: {outcome:?}", begun.elapsed());
    // Whatever happened, the next file is read.
    let mut writer = Writer::new();
    writer.text_page(&["unharmed"]);
    let next = pool.read(&writer.finish(), Format::Pdf, &both()).unwrap();
    assert_eq!(text(&next.pages[0]), "unharmed");
    outcome
}

/// 16 KiB that grow by 64 with each of three decodings, to 4 GiB.
fn bomb() -> (&'static str, Vec<u8>) {
    let mut bytes = vec![0x81; 16 << 10];
    // Ends that decode to the end mark of what is decoded next.
    bytes.extend_from_slice(&[0x02, 0x00, 0x80, 0x80, 0x80]);
    ("/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]", bytes)
}

#[test]
fn a_decompression_bomb_costs_its_page() {
    let mut writer = Writer::new();
    writer.text_page(&["before"]);
    let (entries, bytes) = bomb();
    let contents = writer.stream(entries, bytes);
    writer.page(HELVETICA, contents);
    writer.text_page(&["after"]);
    let (pages, reasons) = outcome(&writer.finish());
    assert_eq!((pages, reasons.len()), (3, 1), "{reasons:?}");
    assert_eq!(reasons[0], "the reader ran out of memory");
}

#[test]
fn a_bomb_in_a_form_costs_its_page() {
    let mut writer = Writer::new();
    let (entries, bytes) = bomb();
    let form = writer.stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] {entries}"), bytes);
    let contents = writer.stream("", "/X Do");
    writer.page(&format!("/Resources << /XObject << /X {form} 0 R >> >>"), contents);
    writer.text_page(&["after"]);
    let (pages, reasons) = outcome(&writer.finish());
    // A build without optimisation may use up the file's time on the first page.
    assert!(pages == 2 && !reasons.is_empty(), "{reasons:?}");
}

#[test]
fn a_form_that_draws_itself_ends() {
    let mut writer = Writer::new();
    let form = writer.next();
    writer.stream(
        &format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /X {form} 0 R >> /Font << /F1 \
             << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        ),
        "BT /F1 10 Tf 72 600 Td ($5 in 2022) Tj ET /X Do",
    );
    let contents = writer.stream("", "/X Do");
    writer.page(&format!("/Resources << /XObject << /X {form} 0 R >> >>"), contents);
    assert_eq!(outcome(&writer.finish()), (1, vec![]));
}

#[test]
fn forms_that_double_at_each_level_end_as_one_line() {
    let mut writer = Writer::new();
    let levels = 40;
    let first = writer.next();
    for level in 0..levels {
        let inner = first + level + 1;
        writer.stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /X {inner} 0 R >> >>"
            ),
            if level + 1 == levels { "0 0 9 9 re f" } else { "/X Do /X Do" },
        );
    }
    let contents = writer.stream("", "/X Do");
    writer.page(&format!("/Resources << /XObject << /X {first} 0 R >> >>"), contents);
    writer.text_page(&["after"]);
    let (pages, reasons) = outcome(&writer.finish());
    // A build without optimisation may use up the file's time on the first page.
    assert!(pages == 2 && !reasons.is_empty(), "{reasons:?}");
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [("[", "]"), ("<< /A ", ">>"), ("q ", "Q ")] {
        let deep = format!("{}{}", open.repeat(200_000), close.repeat(200_000));
        let mut writer = Writer::new();
        let object = writer.add(&deep);
        let contents = writer.stream("", format!("BT /F1 9 Tf 72 700 Td (in 2022) Tj ET {deep} 0 g"));
        writer.page(&format!("{HELVETICA} /PieceInfo {object} 0 R"), contents);
        let (pages, reasons) = outcome(&writer.finish());
        assert!(pages == 1 && reasons.len() <= 1, "{open} {pages} {reasons:?}");
    }
}

#[test]
fn loops_in_the_page_tree_and_the_cross_references_end() {
    let mut writer = Writer::new();
    writer.text_page(&["once"]);
    writer.kid(2);
    let (pages, reasons) = outcome(&writer.finish());
    assert_eq!((pages, reasons), (1, vec![]));
    let mut writer = Writer::new();
    writer.text_page(&["once"]);
    writer.trailer = "/Prev START".into();
    assert_eq!(outcome(&writer.finish()), (1, vec![]));
}

#[test]
fn a_lying_page_count_is_not_believed() {
    let mut writer = Writer::new();
    writer.text_page(&["the only one"]);
    writer.count = Some(2_000_000_000);
    assert_eq!(outcome(&writer.finish()), (1, vec![]));
}

#[test]
fn no_more_pages_of_a_file_are_read_than_the_limit_and_the_others_are_told() {
    let mut writer = Writer::new();
    let contents = writer.stream("", "BT /F1 9 Tf 72 700 Td (again) Tj ET");
    (0..500).for_each(|_| writer.page(HELVETICA, contents));
    let pool = Pool::of(env!("CARGO_BIN_EXE_paydirt"), Limits { pages: 20, ..limits() });
    let pages = pool.read(&writer.finish(), Format::Pdf, &both()).unwrap().pages;
    let unread: Vec<u32> = pages.iter().filter(|p| p.unread.is_some()).map(|p| p.number).collect();
    assert_eq!(unread, (21..=500).collect::<Vec<_>>());
    assert_eq!(pages[20].unread.as_deref(), Some("it stands beyond the pages that are read of one file"));
}

#[test]
fn no_more_is_kept_of_a_file_than_the_limit() {
    let mut writer = Writer::new();
    for _ in 0..20 {
        writer.text_page(&["A line of sixty letters and more, to be more than a few bytes."; 30]);
    }
    let file = writer.finish();
    let kept = |output| {
        let pool = Pool::of(env!("CARGO_BIN_EXE_paydirt"), Limits { output, ..limits() });
        pool.read(&file, Format::Pdf, &both())
    };
    assert!(kept(10 << 20).unwrap().pages.iter().all(|page| page.unread.is_none()));
    let pages = kept(100 << 10).unwrap().pages;
    let reasons: Vec<&str> = pages.iter().filter_map(|page| page.unread.as_deref()).collect();
    assert!(pages.len() == 20 && (1..20).contains(&reasons.len()), "{reasons:?}");
    assert!(reasons.iter().all(|why| *why == "the file gives more than is kept of one file"), "{reasons:?}");
    let small = Pool::of(env!("CARGO_BIN_EXE_paydirt"), Limits { output: 1 << 10, ..limits() });
    let text = small.read("text ".repeat(1000).as_bytes(), Format::Text, &both()).unwrap();
    assert_eq!(text.pages[0].unread.as_deref(), Some("the file gives more than is kept of one file"));
}

#[test]
fn millions_of_operators_end() {
    let mut writer = Writer::new();
    let contents = writer.stream("", "0 0 m 9 9 l S\n".repeat(2_500_000));
    writer.page(HELVETICA, contents);
    writer.text_page(&["after"]);
    let (pages, reasons) = outcome(&writer.finish());
    // A build without optimisation may use up the file's time on the first page.
    assert!(pages == 2 && !reasons.is_empty(), "{reasons:?}");
}

#[test]
fn a_huge_picture_is_not_unpacked_to_be_read() {
    let mut writer = Writer::new();
    let (entries, bytes) = bomb();
    let shape = "/Width 36000 /Height 36000 /ColorSpace /DeviceRGB /BitsPerComponent 8";
    let image = writer.stream(&format!("/Type /XObject /Subtype /Image {shape} {entries}"), bytes);
    let contents = writer.stream("", "q 600 0 0 700 0 0 cm /I Do Q");
    writer.page(&format!("/Resources << /XObject << /I {image} 0 R >> >>"), contents);
    assert_eq!(outcome(&writer.finish()), (1, vec!["a picture without text".to_string()]));
}

#[cfg(unix)]
#[test]
fn a_worker_that_crashes_or_talks_nonsense_is_told_and_ended() {
    let quick = Limits { step: Duration::from_millis(300), ..limits() };
    let mut writer = Writer::new();
    writer.text_page(&["never read"]);
    let file = writer.finish();
    let crashed = Pool::of("/bin/false", quick).read(&file, Format::Pdf, &both()).unwrap_err();
    assert_eq!(crashed.to_string(), "the file cannot be read: the reader crashed");
    let folder = tempfile::tempdir().unwrap();
    let babbler = folder.path().join("babbler");
    std::fs::write(&babbler, "#!/bin/sh\nexec yes nonsense\n").unwrap();
    std::fs::set_permissions(&babbler, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let nonsense = Pool::of(&babbler, quick).read(&file, Format::Pdf, &both()).unwrap_err();
    assert_eq!(nonsense.to_string(), "the file cannot be read: the reader ran out of time");
}

#[test]
fn a_worker_whose_parent_is_gone_ends() {
    let mut worker = std::process::Command::new(env!("CARGO_BIN_EXE_paydirt"))
        .args(["--read-worker", "512"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(worker.try_wait().unwrap(), None);
    drop(worker.stdin.take());
    assert!(worker.wait().unwrap().success());
}

#[test]
fn a_digit_the_two_readers_take_differently_is_disputed() {
    let disputes = |map: &str, encoding: &str| -> Vec<(String, String)> {
        let reading = read(&page_in_font(map, encoding), Format::Pdf, &both()).unwrap();
        match &reading.pages[0].body {
            Body::Glyphs { disputes, .. } => {
                disputes.iter().map(|d| (d.first.clone(), d.second.clone())).collect()
            }
            Body::Blocks(_) => panic!("a PDF gives glyphs"),
        }
    };
    let told = [("$881".to_string(), "$831".to_string())];
    let twice = format!("{EIGHT_FOR_THREE} {AS_CODED}");
    assert_eq!(disputes(&twice, ""), told, "the map says two things of a code");
    let wrong = format!("{AS_CODED} {EIGHT_FOR_THREE}");
    assert_eq!(disputes(&wrong, WIN_ANSI), told, "the map and the encoding say different things");
    let names = "/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [51 /three] >>";
    assert_eq!(disputes(&wrong, names), told, "and so does an encoding that names its glyphs");
    assert_eq!(disputes(AS_CODED, WIN_ANSI), []);
    // Coded anew: the map is right, and the encoding stands there for nothing.
    let anew = "1 beginbfrange <30> <38> <0031> endbfrange 1 beginbfrange <41> <79> <0042> endbfrange";
    assert_eq!(disputes(anew, WIN_ANSI), []);
}

/// What fonts that only name one of these tables are not read twice for.
#[test]
fn the_tables_of_encodings_have_the_digits_in_the_same_place_in_both_readers() {
    let codes: String = (b' '..=254).filter(|code| *code != 127).map(|code| format!("{code:02x}")).collect();
    let widths = ["500"; 223].join(" ");
    let true_type = "/Subtype /TrueType /BaseFont /Arial";
    let fonts = [
        true_type.to_string(),
        format!("{true_type} /Encoding /WinAnsiEncoding"),
        format!("{true_type} /Encoding /MacRomanEncoding"),
        format!("{true_type} /Encoding << /Differences [1 /three] >>"),
        "/Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding".to_string(),
        "/Subtype /Type1 /BaseFont /Times-Roman /Encoding /MacRomanEncoding".to_string(),
    ];
    for font in fonts {
        let mut writer = Writer::new();
        let contents = writer.stream("", format!("BT /F1 2 Tf 100 700 Td <{codes}> Tj ET"));
        let entries = format!("/FirstChar 32 /LastChar 254 /Widths [{widths}]");
        writer
            .page(&format!("/Resources << /Font << /F1 << /Type /Font {font} {entries} >> >> >>"), contents);
        let file = writer.finish();
        for reader in [PdfReaders::Hayro, PdfReaders::PdfExtract] {
            let reading = read(&file, Format::Pdf, &Options { pdf: reader, ocr: Ocr::Never }).unwrap();
            let Body::Glyphs { glyphs, .. } = &reading.pages[0].body else { panic!("a PDF gives glyphs") };
            let place = |c: char| glyphs.iter().position(|glyph| glyph.c == c);
            let start = place('0').unwrap();
            let digits: Vec<Option<usize>> = ('0'..='9').map(place).collect();
            assert_eq!(digits, (start..start + 10).map(Some).collect::<Vec<_>>(), "{font} {reader:?}");
            assert_eq!(
                glyphs.iter().filter(|glyph| glyph.c.is_ascii_digit()).count(),
                10,
                "{font} {reader:?}"
            );
            assert_eq!(start, 16, "{font} {reader:?}");
        }
    }
}

#[test]
fn a_disputed_digit_is_told_with_the_mention() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("disputed.pdf");
    std::fs::write(&file, page_in_font(&format!("{AS_CODED} {EIGHT_FOR_THREE}"), WIN_ANSI)).unwrap();
    let rows = |reader: &str| {
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_paydirt"))
            .args(["extract", "--kind", "amount", "--reader", reader])
            .arg(&file)
            .output()
            .unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    let row = rows("both");
    assert!(row.contains(r#""surface":"$881 million""#), "{row}");
    assert!(row.contains(r#""disputed_digits":"$831""#), "{row}");
    assert!(!rows("hayro").contains("disputed_digits"));
}
