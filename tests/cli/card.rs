//! `paydirt card`: evidence in one file, with the page drawn, only while the source is the same.

use super::Sandbox;
use std::path::Path;

fn sample() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for name in ["harbour-post-2022.html", "panel-2022.pdf", "manifest.tsv"] {
        sandbox.write(&format!("corpus/{name}"), std::fs::read(corpus.join(name)).unwrap());
    }
    assert_eq!(sandbox.run(&["build", "corpus", "--ocr", "never"]).status, 0);
    sandbox
}

/// Width, height and pixels.
fn decoded(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, pixels)
}

#[test]
fn a_card_is_one_page_with_the_words_the_place_and_the_picture() {
    let sandbox = sample();
    let run = sandbox.run(&["card", "S/2099/101", "para", "4", "-o", "card.html"]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.status), ("", "", 0));
    let page = std::fs::read_to_string(sandbox.path().join("card.html")).unwrap();
    let sha256 = "703d8fb2d8340b928b6f379148341170fb5d5d512c9688bd68afec52f201bc1c";
    for wanted in [
        "<h1>S/2099/101 para 4</h1>",
        "<mark>more than $50 million</mark>",
        "page 2 (printed 2/7) of 7, paragraph 4",
        sha256,
        "<td>S/2099/101</td>",
        "USD 50,000,000 over",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 2);
    for foreign in ["<script", "<link", "http://", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let again = sandbox.run(&["card", "S/2099/101 para 4"]);
    assert_eq!(again.stdout, page, "the same every time");
}

#[test]
fn a_picture_has_the_figure_boxed_and_the_place_written_under_it() {
    let sandbox = sample();
    let card = |more: &[&str]| {
        let run =
            sandbox.run(&[&["card", "S/2099/101 para 4", "-o", "card.png", "--width", "612"], more].concat());
        assert_eq!((run.stderr.as_str(), run.status), ("", 0));
        decoded(&std::fs::read(sandbox.path().join("card.png")).unwrap())
    };
    let (width, height, pixels) = card(&[]);
    assert!(width.abs_diff(612) <= 1 && height > 850, "{width} x {height}: the page is 612 by 792");
    let red = |pixels: &[u8]| pixels.chunks_exact(3).filter(|p| *p == [200, 30, 30]).count();
    assert!(red(&pixels) > 50);
    let row = sandbox.run(&["card", "S/2099/101 para 4", "--format", "jsonl"]).stdout;
    let row: serde_json::Value = serde_json::from_str(&row).unwrap();
    assert_eq!(row["schema"], "paydirt.card/1");
    let boxes: Vec<f64> =
        row["figures"][0]["boxes"][0].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    // The upper edge of the box, a point and a half above the glyphs.
    let (x, y) = ((boxes[0] + boxes[2]) / 2.0, boxes[1] - 1.5);
    let at = (y.round() as usize * width as usize + x as usize) * 3;
    assert_eq!(pixels[at..at + 3], [200, 30, 30]);
    let one = card(&["--figure", "50,000,000 dollars"]);
    assert_eq!(one.2, pixels, "chosen by its value");
    let year = card(&["--figure", "2020"]);
    assert_ne!(year.2, pixels);
}

#[test]
fn there_is_no_card_of_a_source_that_has_changed_or_is_gone() {
    let sandbox = sample();
    let mut bytes = std::fs::read(sandbox.path().join("corpus/panel-2022.pdf")).unwrap();
    bytes.extend_from_slice(b"\n");
    sandbox.write("corpus/panel-2022.pdf", bytes);
    let run = sandbox.run(&["card", "S/2099/101 para 4", "-o", "card.html"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.starts_with("paydirt: the source has changed since it was indexed"), "{}", run.stderr);
    assert!(!sandbox.path().join("card.html").exists());
    let run = sandbox.run(&["card", "S/2099/101 para 4", "--corpus", "elsewhere"]);
    assert!(run.status == 2 && run.stderr.contains("--corpus"), "{}", run.stderr);
}

#[test]
fn a_source_without_pages_has_a_card_without_a_picture() {
    let sandbox = sample();
    let run = sandbox.run(&["card", "harbour-post-2022 p 1", "--figure", "$81 million"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", 0));
    assert!(
        run.stdout.contains("<mark>$81 million</mark>") && !run.stdout.contains("<img"),
        "{}",
        run.stdout
    );
    let run = sandbox.run(&["card", "harbour-post-2022 p 1", "--format", "png"]);
    assert!(run.status == 2 && run.stderr.contains("only a PDF has pages"), "{}", run.stderr);
}

#[test]
fn what_names_no_place_or_another_figure_is_refused() {
    let sandbox = sample();
    let run = sandbox.run(&["card", "S/2099/101"]);
    assert!(run.status == 2 && run.stderr.contains("names a document and no place in it"), "{}", run.stderr);
    let run = sandbox.run(&["card", "S/2099/101 para 4", "--figure", "$7 billion"]);
    assert!(run.status == 2 && run.stderr.contains("it has more than $50 million"), "{}", run.stderr);
}

#[test]
fn the_folder_of_the_build_is_used_and_told_where_it_is_gone() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("reports/a.txt", "1. The thieves took $20 million in 2021.\n");
    assert_eq!(sandbox.run(&["build", "reports"]).status, 0);
    let card = ["card", "a", "para", "1", "--format", "jsonl"];
    let made = sandbox.run(&card);
    assert_eq!(made.status, 0, "{}", made.stderr);
    assert_eq!(sandbox.run(&["audit"]).status, 0);
    std::fs::rename(sandbox.path().join("reports"), sandbox.path().join("moved")).unwrap();
    let gone = sandbox.run(&card);
    assert!(gone.status == 2 && gone.stderr.contains("no such folder"), "{}", gone.stderr);
    let gone = sandbox.run(&["audit"]);
    assert!(gone.status == 2 && gone.stderr.contains("paydirt audit FOLDER"), "{}", gone.stderr);
    assert_eq!(sandbox.run(&["audit", "moved"]).status, 0);
}
