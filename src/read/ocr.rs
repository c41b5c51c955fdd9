//! Optical character recognition of a page's picture, by `tesseract` where it is installed.
//!
//! Gives glyphs like the other readers, each with the engine's confidence. It draws no pages and
//! decides nothing about when it is wanted.

use super::{Glyph, Style};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Dots per inch: what the engine's models were trained for.
pub(super) const RESOLUTION: f32 = 300.0;
/// A letter page at 300 dpi has 8.4 million.
pub(super) const MOST_PIXELS: f32 = 20e6;
/// For one page; one takes 2 to 10 seconds.
const LIMIT: Duration = Duration::from_secs(90);
/// What the engine may write of one page.
const MOST_OUTPUT: u64 = 16 << 20;
pub(super) const PROGRAM: &str = "tesseract";

/// A page drawn in grey.
pub(super) struct Picture {
    pub width: usize,
    pub height: usize,
    /// Pixels for each point.
    pub scale: f32,
    /// Row by row, 0 for black.
    pub grey: Vec<u8>,
}

/// Whether the engine can be run.
pub(super) fn is_installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        Command::new(PROGRAM)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

/// Recognises the words of a page, in the engine's reading order.
///
/// # Errors
/// What went wrong, in a few words.
pub(super) fn recognise(picture: &Picture) -> Result<Vec<Glyph>, String> {
    let dots = format!("{}", (picture.scale * 72.0).round());
    let mut engine = Command::new(PROGRAM)
        .args(["stdin", "stdout", "--dpi", &dots, "tsv"])
        // One page is one job; more threads than that only wait for each other.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("tesseract cannot be started ({error})"))?;
    let written = run(&mut engine, picture);
    if written.is_err() {
        drop(engine.kill());
    }
    let status = engine.wait().map_err(|error| error.to_string())?;
    let table = written?;
    if !status.success() {
        return Err(format!("tesseract ended with {status}"));
    }
    Ok(glyphs_of(&table, picture.scale))
}

/// Gives the engine the picture and takes what it writes, within the time limit.
fn run(engine: &mut Child, picture: &Picture) -> Result<String, String> {
    let (mut input, output) = match (engine.stdin.take(), engine.stdout.take()) {
        (Some(input), Some(output)) => (input, output),
        _ => return Err("tesseract has no pipes".to_string()),
    };
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Portable grey map; an engine that stops reading is seen by how it ends.
            drop(write!(input, "P5\n{} {}\n255\n", picture.width, picture.height));
            drop(input.write_all(&picture.grey));
        });
        let reading = scope.spawn(move || {
            let mut table = Vec::new();
            let read = output.take(MOST_OUTPUT).read_to_end(&mut table);
            read.map(|_| table)
        });
        let started = Instant::now();
        while !reading.is_finished() {
            if started.elapsed() > LIMIT {
                // Closes the pipes, so that both threads end.
                drop(engine.kill());
                return Err(format!("tesseract needed more than {} seconds", LIMIT.as_secs()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        match reading.join() {
            Ok(Ok(table)) => Ok(String::from_utf8_lossy(&table).into_owned()),
            _ => Err("tesseract's answer cannot be read".to_string()),
        }
    })
}

/// A row of the engine's table: level, page, block, paragraph, line, word, left, top, width,
/// height, confidence, text.
struct Row<'a> {
    level: u8,
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    confidence: f32,
    text: &'a str,
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.splitn(12, '\t');
    let level = cells.next()?.parse().ok()?;
    let mut numbers = cells.by_ref().skip(5).take(5).map(|cell| cell.parse::<f32>().ok());
    let (left, top, width, height) = (numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??);
    let confidence = numbers.next()??;
    drop(numbers);
    Some(Row { level, left, top, width, height, confidence, text: cells.next().unwrap_or("").trim() })
}

/// Words of a line stand on one baseline with one size, guessed from the line's box.
fn glyphs_of(table: &str, scale: f32) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let mut line: Vec<Row<'_>> = Vec::new();
    for row in table.lines().filter_map(row) {
        match row.level {
            5 if !row.text.is_empty() => line.push(row),
            5 => {}
            _ => push_line(&std::mem::take(&mut line), scale, &mut glyphs),
        }
    }
    push_line(&line, scale, &mut glyphs);
    glyphs
}

fn push_line(words: &[Row<'_>], scale: f32, glyphs: &mut Vec<Glyph>) {
    let median = |value: &dyn Fn(&Row<'_>) -> f32| {
        let mut values: Vec<f32> = words.iter().map(value).collect();
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied()
    };
    // Without descenders a word's box ends at the baseline.
    let hangs =
        |text: &str| text.contains(['g', 'j', 'p', 'q', 'y', 'Q', ',', ';', '(', ')', '[', ']', '/', '$']);
    let rises = |text: &str| {
        text.contains(|c: char| c.is_uppercase() || c.is_numeric() || "bdfhklt()[]/".contains(c))
    };
    let em = |word: &Row<'_>| {
        let share = if rises(word.text) { 0.7 } else { 0.47 } + if hangs(word.text) { 0.21 } else { 0.0 };
        word.height / share
    };
    let Some(size) = median(&em) else { return };
    let bottom = |word: &Row<'_>| word.top + word.height - if hangs(word.text) { 0.21 * size } else { 0.0 };
    let Some(baseline) = median(&bottom) else { return };
    let mut end: Option<f32> = None;
    for word in words {
        let mut push = |c: char, x0: f32, x1: f32| {
            glyphs.push(Glyph {
                c,
                x0: x0 / scale,
                x1: x1 / scale,
                y0: (baseline - 0.8 * size) / scale,
                y1: (baseline + 0.2 * size) / scale,
                baseline: baseline / scale,
                size: size / scale,
                angle: 0,
                font: 0,
                style: Style::default(),
                confidence: word.confidence.clamp(0.0, 100.0) as u8,
            });
        };
        if let Some(end) = end {
            push(' ', end.min(word.left), word.left);
        }
        let count = word.text.chars().count().max(1);
        let share = word.width / count as f32;
        for (i, c) in word.text.chars().enumerate() {
            push(c, word.left + share * i as f32, word.left + share * (i + 1) as f32);
        }
        end = Some(word.left + word.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_table_becomes_lines_of_glyphs() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                     4\t1\t1\t1\t1\t0\t100\t200\t300\t38\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t100\t200\t120\t28\t96.5\tPaid\n\
                     5\t1\t1\t1\t1\t2\t240\t200\t160\t38\t41\t$320,\n";
        let glyphs = glyphs_of(table, 4.0);
        assert_eq!(glyphs.iter().map(|glyph| glyph.c).collect::<String>(), "Paid $320,");
        assert_eq!(glyphs.iter().map(|glyph| glyph.confidence).max(), Some(96));
        assert_eq!(glyphs.iter().map(|glyph| glyph.confidence).min(), Some(41));
        let first = glyphs.first().unwrap();
        assert!((first.x0 - 25.0).abs() < 0.01 && (9.0..11.0).contains(&first.size), "{first:?}");
        assert!(glyphs.iter().all(|glyph| glyph.baseline == first.baseline));
    }

    #[test]
    fn a_broken_table_is_no_glyphs() {
        assert_eq!(glyphs_of("5\t1\t1\n5\t1\t1\t1\t1\t1\tx\t2\t3\t4\t5\tword\n\n", 4.0), []);
    }
}
